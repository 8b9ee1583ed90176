//! The lint against practice: what it says will be refused is refused, in the words that it
//! quotes, and nothing else is.

use playground::{
    BaseUrl, Chat, Control, Message, Parameters, Provider, Role, WireRequest,
    client::{Call, Client, Limits},
    dialect::Dialect,
    dialects::DIALECTS,
    lint::{Finding, Level, PromptSize, Recipient, Repair, lint, lint_body},
    models::{self, Misnomer, encoding_for},
    provider::Endpoint,
    tokens,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

const MODEL: &str = "practice-1";
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

fn recipient(dialect: &'static dyn Dialect) -> Recipient<'static> {
    let provider = Provider::find("practice").expect("a row");
    Recipient { provider, dialect, model: MODEL }
}

fn refusals(chat: &Chat, dialect: &'static dyn Dialect) -> Vec<Finding> {
    let choice = encoding_for(MODEL);
    let prompt = tokens::prompt(choice.encoding, &chat.messages, choice.overhead, 0);
    let tokens = prompt.expect("it is short").total;
    let prompt = Some(PromptSize { tokens, exact: choice.exact });
    let findings = lint(chat, recipient(dialect), TODAY, prompt);
    findings.into_iter().filter(|it| it.level == Level::Refused).collect()
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

    fn request(&self, dialect: &'static dyn Dialect, chat: &Chat) -> WireRequest {
        let provider = Provider::find("practice").expect("a row");
        let endpoint = Endpoint { provider, base_url: self.base_url.clone(), has_key: true };
        dialect.request(chat, MODEL, &endpoint)
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
fn about(dialect: &dyn Dialect, chat: &Chat, findings: &[Finding], answer: &str) -> String {
    let mut set = serde_json::to_value(&chat.parameters).expect("plain data");
    set.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    let says = |it: &Finding| format!("{:?}: {}", it.rule, it.says.as_deref().unwrap_or("-"));
    let said = findings.iter().map(says).collect::<Vec<_>>().join("; ");
    let texts: Vec<_> = chat.messages.iter().map(|it| &it.text).collect();
    format!("{}: {texts:?} {set}\n  lint: {said}\n  practice: {answer}", dialect.id())
}

/// What the lint says of this chat, and what practice does with it.
async fn compare(
    practice: &Practice,
    dialect: &'static dyn Dialect,
    conversation: [&str; 2],
    parameters: &Parameters,
) -> Result<(), String> {
    let chat = chat(conversation, parameters);
    let findings = refusals(&chat, dialect);
    let (status, said) = practice.ask(dialect, practice.request(dialect, &chat)).await;
    let is_refused = (400..500).contains(&status);
    let about = about(dialect, &chat, &findings, &format!("{status} {said}"));
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
        Control::MaxTokens => "[0, 1, 9, 30000, 40000]",
        Control::Temperature => "[-0.1, 0, 1, 1.1, 2, 2.1]",
        Control::TopP => "[-0.1, 0, 1, 1.1]",
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
        Control::ThinkingBudget => "[0, 1, 2048]",
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
    for dialect in DIALECTS {
        for control in Control::ALL {
            let all = samples(control);
            assert!(all.len() >= 2, "{control:?} has samples");
            for parameters in all {
                for conversation in CONVERSATIONS {
                    let compared = compare(&practice, dialect, conversation, &parameters).await;
                    wrong.extend(compared.err());
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
        for dialect in DIALECTS {
            let compared = compare(&practice, dialect, conversation, &parameters);
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
    for dialect in DIALECTS {
        let format = models::format(dialect.id()).expect("a row");
        for misnomer in &format.misnomers {
            let chat = chat(CONVERSATIONS[0], &Parameters::default());
            let request = practice.request(dialect, &chat);
            let body = misnamed(&request.body, misnomer);
            let findings = lint_body(&body, recipient(dialect), TODAY);
            let (status, said) =
                practice.ask(dialect, WireRequest { body, ..request.clone() }).await;
            let about = about(dialect, &chat, &findings, &format!("{status} {said}"));
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
            assert_eq!(practice.ask(dialect, mended).await.0, 200, "{body}");
        }
    }
}
