//! What every dialect must write, for all of them alike: a new one fails here until it is complete.

#[path = "support/calling.rs"]
mod calling;

use calling::endpoint;
use playground::{
    Chat, Control, Message, Parameters, Role,
    chat::{CacheLifetime, Effort, ResponseFormat},
    dialect::Dialect,
    dialects::DIALECTS,
    http::MASK,
};
use serde_json::Value;

const SYSTEM: &str = "Be brief.";
/// What breaks requests that are glued together by hand.
const HOSTILE: &str = "\"quoted\" \\ back\0slash\n\u{2028}\u{85} 👩‍🚀 </script> ${x}";

fn chat(parameters: Parameters) -> Chat {
    let message = |role, text: &str| Message { role, text: text.into() };
    let messages = vec![
        message(Role::System, SYSTEM),
        message(Role::User, HOSTILE),
        message(Role::Assistant, "Air scatters light."),
        message(Role::User, "Why is the sky blue?"),
    ];
    Chat { messages, parameters }
}

/// Address and body together: a dialect may ask for a stream in either.
fn sent(dialect: &dyn Dialect, parameters: Parameters) -> String {
    let endpoint = endpoint("https://api.example", true);
    let request = dialect.request(&chat(parameters), "m", &endpoint);
    serde_json::from_str::<Value>(&request.body).expect("the body is JSON");
    format!("{}\n{}", request.url, request.body)
}

/// A value for each control that no server takes for unset.
fn sample(control: Control) -> Parameters {
    let mut it = Parameters::default();
    match control {
        Control::MaxTokens => it.max_tokens = Some(77),
        Control::Temperature => it.temperature = Some(0.25),
        Control::TopP => it.top_p = Some(0.5),
        Control::TopK => it.top_k = Some(7),
        Control::Stop => it.stop = Some(vec!["END".into()]),
        Control::FrequencyPenalty => it.frequency_penalty = Some(0.5),
        Control::PresencePenalty => it.presence_penalty = Some(0.5),
        Control::N => it.n = Some(2),
        Control::Seed => it.seed = Some(-7),
        Control::ResponseFormat => it.response_format = Some(ResponseFormat::JsonObject),
        Control::Logprobs => it.logprobs = Some(3),
        Control::Effort => it.effort = Some(Effort::Low),
        Control::ThinkingBudget => it.thinking_budget = Some(2048),
        Control::ShowReasoning => it.show_reasoning = Some(true),
        Control::Cache => it.cache = Some(CacheLifetime::Short),
        Control::Prefill => it.prefill = Some("It is".into()),
        Control::Stream => it.stream = Some(false),
    }
    assert!(it.is_set(control), "{control:?} has a sample");
    it
}

#[test]
fn a_control_changes_the_request_where_the_dialect_has_it_and_only_there() {
    for dialect in DIALECTS {
        let unset = sent(dialect, Parameters::default());
        for control in Control::ALL {
            let changes = sent(dialect, sample(control)) != unset;
            let has = dialect.controls().contains(&control);
            assert_eq!(changes, has, "{}: {control:?}", dialect.id());
        }
        for (control, empty) in [
            (Control::Stop, Parameters { stop: Some(Vec::new()), ..Parameters::default() }),
            (
                Control::Prefill,
                Parameters { prefill: Some(String::new()), ..Parameters::default() },
            ),
        ] {
            assert_eq!(sent(dialect, empty), unset, "{}: an empty {control:?}", dialect.id());
        }
    }
}

#[test]
fn every_message_is_sent_as_it_is_and_in_its_place() {
    for dialect in DIALECTS {
        let sent = sent(dialect, Parameters::default());
        let body: Value =
            serde_json::from_str(sent.split_once('\n').expect("two").1).expect("JSON");
        let mut texts = Vec::new();
        collect(&body, &mut texts);
        for message in chat(Parameters::default()).messages {
            let count = texts.iter().filter(|text| **text == message.text).count();
            assert_eq!(count, 1, "{}: {:?} in {body}", dialect.id(), message.text);
        }
        let place = |text: &str| texts.iter().position(|it| it == text);
        let turns = [HOSTILE, "Air scatters light.", "Why is the sky blue?"].map(place);
        assert!(turns.is_sorted(), "{}: {body}", dialect.id());
        if dialect.controls().contains(&Control::Prefill) {
            let with_prefill = self::sent(dialect, sample(Control::Prefill));
            let at = |text| with_prefill.find(text).expect("it is sent");
            assert!(at("It is") > at("Why is the sky blue?"), "{}: it comes last", dialect.id());
        }
    }
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|it| collect(it, texts)),
        Value::Object(fields) => fields.values().for_each(|it| collect(it, texts)),
        _ => {}
    }
}

#[test]
fn a_key_has_one_header_and_only_where_there_is_a_key() {
    for dialect in DIALECTS {
        for has_key in [true, false] {
            let endpoint = endpoint("https://api.example", has_key);
            let chat = chat(Parameters::default());
            let requests = [
                Some(dialect.request(&chat, "m", &endpoint)),
                Some(dialect.models_request(&endpoint, Some("a b&c"))),
                dialect.count_request(&chat, "m", &endpoint),
            ];
            for request in requests.into_iter().flatten() {
                let keys = request.headers.iter().filter(|it| it.takes_key()).count();
                assert_eq!(keys, usize::from(has_key), "{}: {request:?}", dialect.id());
                assert!(!request.url.contains(MASK) && !request.url.contains(' '), "{request:?}");
            }
        }
    }
}
