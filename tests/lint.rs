//! The lint against practice: what it says will be refused is refused, in the words that it
//! quotes, and nothing else is.

use playground::{
    BaseUrl, Chat, Control, Message, Parameters, Provider, Role, WireRequest,
    client::{Call, Client, Limits},
    dialect::Dialect,
    dialects::DIALECTS,
    lint::{Finding, Level, PromptSize, Recipient, Repair, Rule, lint, lint_body},
    models::{self, Misnomer, encoding_for},
    provider::Endpoint,
    tokens,
};
use practice::cards::CARDS;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

const TODAY: &str = "2026-11-20";

/// Conversations in which nobody speaks of JSON, or one of them does.
const CONVERSATIONS: [[&str; 2]; 3] = [
    ["Be brief.", "Count to 3."],
    ["Be brief. Answer in JSON.", "Count to 3."],
    ["Be brief.", "Count to 3 in JSON."],
];

fn chat([system, question]: [&str; 2], parameters: &Parameters) -> Chat {
    let says = |role, text: &str| Message { role, text: text.into() };
    let messages = vec![says(Role::System, system), says(Role::User, question)];
    Chat { messages, parameters: parameters.clone() }
}

/// A model in a wire format.
type Asked = Recipient<'static>;

/// Every model that practice has, in every wire format.
fn all_asked() -> impl Iterator<Item = Asked> {
    CARDS.iter().flat_map(|card| DIALECTS.iter().map(|dialect| asked(card.id, *dialect)))
}

fn asked(model: &'static str, dialect: &'static dyn Dialect) -> Asked {
    let provider = Provider::find("practice").expect("a row");
    Recipient { provider, dialect, model }
}

fn refusals(chat: &Chat, asked: Asked) -> Vec<Finding> {
    findings(chat, asked).into_iter().filter(|it| it.level == Level::Refused).collect()
}

fn findings(chat: &Chat, asked: Asked) -> Vec<Finding> {
    let choice = encoding_for(asked.model);
    let messages = asked.dialect.prompt(chat);
    let prompt = tokens::prompt(choice.encoding, &messages, choice.overhead, 0);
    let tokens = prompt.expect("it is short").total;
    let prompt = Some(PromptSize { tokens, exact: choice.exact });
    lint(chat, asked, TODAY, prompt)
}

/// A practice server, and who asks it.
struct Practice {
    base_url: BaseUrl,
    client: Client,
}

impl Practice {
    async fn start() -> Practice {
        let manner = practice::Manner { pace: practice::pace::Pace::UNLIMITED };
        let address = practice::start(manner).await.expect("a free port");
        let base_url = BaseUrl::parse(&format!("http://{address}")).expect("an address");
        Practice { base_url, client: Client::new(Limits::default()).expect("a client") }
    }

    fn request(&self, asked: Asked, chat: &Chat) -> WireRequest {
        let (provider, base_url) = (asked.provider, self.base_url.clone());
        asked.dialect.request(chat, asked.model, &Endpoint { provider, base_url, has_key: true })
    }

    /// The status of the answer, and what it says if it is an error.
    async fn ask(&self, dialect: &'static dyn Dialect, request: WireRequest) -> (u16, String) {
        let key = Some("practice".into());
        let call = Call { request, key, dialect, is_loopback: true, is_by_hand: false };
        match self.client.ask(call).await {
            Ok(_) => (200, String::new()),
            Err(error) => (error.status.expect("an answer"), error.said.unwrap_or_default()),
        }
    }
}

/// What was compared, in few words.
fn about(asked: Asked, chat: &Chat, findings: &[Finding], answer: &str) -> String {
    let mut set = serde_json::to_value(&chat.parameters).expect("plain data");
    set.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    let says = |it: &Finding| format!("{:?}: {}", it.rule, it.says.as_deref().unwrap_or("-"));
    let said = findings.iter().map(says).collect::<Vec<_>>().join("; ");
    let texts: Vec<String> =
        chat.messages.iter().map(|it| it.text.chars().take(40).collect()).collect();
    let (model, format) = (asked.model, asked.dialect.id());
    format!("{model} in {format}: {texts:?} {set}\n  lint: {said}\n  practice: {answer}")
}

/// What the lint says of this chat, and what practice does with it.
async fn compare(practice: &Practice, asked: Asked, chat: &Chat) -> Result<(), String> {
    let findings = refusals(chat, asked);
    let (status, said) = practice.ask(asked.dialect, practice.request(asked, chat)).await;
    let is_refused = (400..500).contains(&status);
    let about = about(asked, chat, &findings, &format!("{status} {said}"));
    if !is_refused && status != 200 {
        return Err(format!("a failure of its own: {about}"));
    }
    if is_refused == findings.is_empty() {
        return Err(format!("the lint is wrong: {about}"));
    }
    // An API tells one thing at a time, so where several are wrong any of the quotations may come.
    let quoted: Vec<_> = findings.iter().filter_map(|it| it.says.as_deref()).collect();
    let fits = |says: &&str| match says.strip_suffix('…') {
        Some(beginning) => said.starts_with(beginning),
        None => said == *says,
    };
    let all_are_quoted = quoted.len() == findings.len();
    if is_refused && all_are_quoted && !quoted.iter().any(fits) {
        return Err(format!("a quotation that is none: {about}"));
    }
    Ok(())
}

/// Values at the limits of each control, and just beyond, as JSON.
fn samples(control: Control) -> Vec<Parameters> {
    let schema = r#"{ "type": "object", "additionalProperties": false, "properties": { "a": {} },
        "required": ["a"] }"#;
    let formats = format!(
        r#"[{{ "type": "json_object" }}, {{ "type": "json_schema", "name": "a", "schema": {schema} }},
            {{ "type": "json_schema", "name": "b", "schema": {{ "type": "object" }} }},
            {{ "type": "json_schema", "name": "c", "schema": {{ "type": "array", "items": {schema} }} }},
            {{ "type": "json_schema", "name": "d", "schema": {{ "type": "object",
                "additionalProperties": false, "properties": {{ "a": {{}} }} }} }},
            {{ "type": "json_schema", "name": "e", "schema": {{ "type": "object", "required": ["a"],
                "additionalProperties": false, "properties": {{ "a": {{ "type": "array",
                "items": {{ "type": "object", "properties": {{ "b": {{}} }} }} }} }} }} }},
            {{ "type": "json_schema", "name": "no name", "schema": {schema} }}]"#
    );
    let values = match control {
        Control::MaxTokens => "[0, 1, 9, 500, 512, 513, 4000, 4096, 4097, 30000, 40000]",
        Control::Temperature => "[-0.1, 0, 1, 1.1, 2, 2.1]",
        Control::TopP => "[-0.1, 0, 0.94, 0.95, 1, 1.1]",
        Control::TopK => "[0, 1, 400]",
        Control::Stop => {
            r#"[[], ["END"], [" "], [""], ["END", ""], ["a", "b", "c", "d"], ["a", "b", "c", "d", "e"],
                ["a", "b", "c", "d", "e", "f"]]"#
        }
        Control::FrequencyPenalty | Control::PresencePenalty => "[-2.1, -2, 2, 2.1]",
        Control::N => "[0, 1, 2, 8, 9]",
        Control::Seed => {
            "[-9223372036854775808, -7, 0, 2147483647, 2147483648, 9223372036854775807]"
        }
        Control::ResponseFormat => &formats,
        Control::Logprobs => "[0, 1, 20, 21]",
        Control::Effort => r#"["none", "minimal", "low", "medium", "high", "xhigh", "max"]"#,
        Control::ThinkingBudget => "[0, 1, 1023, 1024, 2048, 24576, 24577]",
        Control::ShowReasoning | Control::Stream => "[true, false]",
        Control::Cache => r#"["short", "long"]"#,
        Control::Prefill => r#"["", "Well", "Well, ", " "]"#,
    };
    let values: Vec<Value> = serde_json::from_str(values).expect("JSON");
    let with = |value| {
        let one = json!({ name(control): value });
        serde_json::from_value(one).expect("parameters")
    };
    values.into_iter().map(with).collect()
}

/// The field of `Parameters` that a control is.
fn name(control: Control) -> String {
    let name = serde_json::to_value(control).expect("plain data");
    name.as_str().expect("a word").to_owned()
}

#[tokio::test]
async fn practice_refuses_what_the_lint_says_and_only_that() {
    let practice = Practice::start().await;
    let mut wrong = Vec::new();
    for asked in all_asked() {
        for control in Control::ALL {
            let all = samples(control);
            assert!(all.len() >= 2, "{control:?} has samples");
            for parameters in all {
                for conversation in CONVERSATIONS {
                    let chat = chat(conversation, &parameters);
                    wrong.extend(compare(&practice, asked, &chat).await.err());
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Several controls at once, which may hide each other.
fn any_parameters() -> impl Strategy<Value = Parameters> {
    let one = Control::ALL.map(|control| {
        let values: Vec<_> = samples(control).into_iter().map(|it| (control, it)).collect();
        prop::option::weighted(0.25, prop::sample::select(values))
    });
    one.to_vec().prop_map(|chosen| {
        let chosen: Vec<_> = chosen.into_iter().flatten().collect();
        merged(&chosen)
    })
}

fn merged(chosen: &[(Control, Parameters)]) -> Parameters {
    let mut whole = serde_json::to_value(Parameters::default()).expect("plain data");
    for (control, parameters) in chosen {
        let mut one = serde_json::to_value(parameters).expect("plain data");
        whole[name(*control)] = one[name(*control)].take();
    }
    serde_json::from_value(whole).expect("parameters")
}

#[test]
fn practice_and_the_lint_agree_on_many_controls_at_once() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let practice = runtime.block_on(Practice::start());
    let mut runner =
        TestRunner::new(Config { cases: 150, failure_persistence: None, ..Config::default() });
    let any_chat = (prop::sample::select(CONVERSATIONS.to_vec()), any_parameters());
    let agreed = runner.run(&any_chat, |(conversation, parameters)| {
        let chat = chat(conversation, &parameters);
        for asked in all_asked() {
            let compared = compare(&practice, asked, &chat);
            runtime.block_on(compared).map_err(TestCaseError::fail)?;
        }
        Ok(())
    });
    assert!(agreed.is_ok(), "{}", agreed.expect_err("a failure"));
}

/// The body with a field under a name that it does not have here.
fn misnamed(body: &str, misnomer: &Misnomer) -> String {
    let mut body: Value = serde_json::from_str(body).expect("JSON");
    let place = match &misnomer.place {
        Some(name) => {
            body[name] = json!({});
            &mut body[name]
        }
        None => &mut body,
    };
    let fields = place.as_object_mut().expect("an object");
    let usual = match &*misnomer.right {
        it if it.starts_with("stop") => json!(["END"]),
        "instructions" => json!("Be brief."),
        it if it.ends_with("Count") => json!(1),
        _ => json!(20),
    };
    let value = fields.remove(&misnomer.right).unwrap_or(usual);
    fields.insert(misnomer.wrong.clone(), value);
    body.to_string()
}

#[tokio::test]
async fn practice_takes_a_misnamed_field_as_the_lint_says_and_a_renamed_one() {
    let practice = Practice::start().await;
    for asked in all_asked() {
        let format = models::format(asked.dialect.id()).expect("a row");
        for misnomer in &format.misnomers {
            let chat = chat(CONVERSATIONS[0], &Parameters::default());
            let request = practice.request(asked, &chat);
            let body = misnamed(&request.body, misnomer);
            let findings = lint_body(&body, asked, TODAY);
            let wrong = WireRequest { body, ..request.clone() };
            let (status, said) = practice.ask(asked.dialect, wrong).await;
            let about = about(asked, &chat, &findings, &format!("{status} {said}"));
            let is_refused = findings.iter().any(|it| it.level == Level::Refused);
            assert_eq!(is_refused, status == 400, "{} {about}", misnomer.wrong);
            let says = findings.iter().find_map(|it| it.says.as_deref()).unwrap_or(&said);
            assert!(said.starts_with(says.trim_end_matches('…')), "{} {about}", misnomer.wrong);
            let Some(Repair::Rename { body, .. }) =
                findings.iter().find_map(|it| it.repairs.first())
            else {
                assert!(misnomer.reasoning_only, "{} {about}", misnomer.wrong);
                continue;
            };
            let mended = WireRequest { body: body.clone(), ..request };
            assert_eq!(practice.ask(asked.dialect, mended).await.0, 200, "{body}");
        }
    }
}

/// Conversations that just fill a window, and just do not: one long message, or many short ones.
#[tokio::test]
async fn a_conversation_past_the_window_is_refused_or_cut_as_the_lint_says() {
    let practice = Practice::start().await;
    let mut wrong = Vec::new();
    for asked in all_asked() {
        let window = models::find(asked.model).and_then(|it| it.context_window).expect("a row");
        for (turns, tokens) in [1, 9].into_iter().flat_map(|it| [(it, 0), (it, 1), (it, 40)]) {
            let chat = sized(turns, window + tokens);
            wrong.extend(compare(&practice, asked, &chat).await.err());
            let found = findings(&chat, asked);
            let is_told = found.iter().any(|it| it.rule == Rule::MayForget);
            let is_cut = asked.dialect.id() == "ollama" && turns > 1 && tokens > 0;
            assert_eq!(is_told, is_cut, "{}: {turns} turns, {tokens} too many", asked.model);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// So many messages of so many tokens together.
fn sized(turns: u32, tokens: u32) -> Chat {
    // 3 for the reply, and for each message its mark, its speaker and its first word.
    let each = 3 + 1 + 1;
    let rest = tokens - 3 - turns * each;
    let text = |more: u32| format!("a{}", " a".repeat(more as usize));
    let role = |turn| if turn % 2 == 0 { Role::User } else { Role::Assistant };
    let more = |turn| rest / turns + if turn == 0 { rest % turns } else { 0 };
    let message = |turn| Message { role: role(turn), text: text(more(turn)) };
    let chat =
        Chat { messages: (0..turns).map(message).collect(), parameters: Parameters::default() };
    let choice = encoding_for(CARDS[0].id);
    let counted = tokens::prompt(choice.encoding, &chat.messages, choice.overhead, 0);
    assert_eq!(counted.expect("few enough").total, tokens);
    chat
}

/// Wire format, model, parameters, and what is found of the first of them, if anything is. No
/// refusal is among it: those are held to practice above.
#[rustfmt::skip]
const NOT_REFUSED: &[(&str, &str, &str, Option<Rule>)] = &[
    ("openai-chat", "practice-1", r#"{ "temperature": 2, "top_p": 0.5, "seed": 7 }"#, None),
    ("openai-chat", "practice-mini", r#"{ "frequency_penalty": 2, "logprobs": 20 }"#, None),
    ("openai-chat", "practice-reasoner", r#"{ "temperature": 1 }"#, Some(Rule::SamplingDefault)),
    ("openai-chat", "practice-reasoner", r#"{ "temperature": 0.5, "effort": "none" }"#, None),
    ("anthropic", "practice-long", r#"{ "top_k": 5, "temperature": 0.5 }"#, None),
    ("anthropic", "practice-reasoner", r#"{ "temperature": 0.5, "effort": "none" }"#, None),
    // While it thinks, it takes them as Google's newest models do: without effect.
    ("gemini", "practice-reasoner", r#"{ "temperature": 0.5 }"#, Some(Rule::SamplingIgnored)),
    ("gemini", "practice-reasoner", r#"{ "top_k": 5, "effort": "high" }"#, Some(Rule::SamplingIgnored)),
    ("gemini", "practice-reasoner", r#"{ "temperature": 0.5, "effort": "none" }"#, None),
    ("gemini", "practice-reasoner", r#"{ "temperature": 0.5, "thinking_budget": 0 }"#, None),
    ("gemini", "practice-reasoner", r#"{ "logprobs": 2 }"#, None),
    ("gemini", "practice-1", r#"{ "logprobs": 2 }"#, None),
    ("ollama", "practice-reasoner", r#"{ "temperature": 0.5 }"#, None),
    ("ollama", "practice-1", r#"{ "temperature": 0.5, "top_k": 5, "presence_penalty": 1 }"#, None),
];

#[test]
fn nothing_that_acts_is_said_to_change_nothing() {
    for (format, model, parameters, expected) in NOT_REFUSED {
        let dialect = playground::dialects::find(format).expect("a dialect");
        let set: Parameters = serde_json::from_str(parameters).expect("parameters");
        let found = findings(&chat(CONVERSATIONS[0], &set), asked(model, dialect));
        let found: Vec<_> = found.iter().map(|it| it.rule).collect();
        assert_eq!(found, Vec::from_iter(*expected), "{model} in {format}: {parameters}");
    }
}
