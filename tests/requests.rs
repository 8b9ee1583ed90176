//! Every control under the name that each wire format has for it, and every message in its place:
//! `requests/` has for each dialect what is asked, and the body that says so.

use playground::{
    BaseUrl, Chat, Message, Parameters, Provider, Role, dialect::Dialect, dialects::DIALECTS,
    provider::Endpoint,
};
use serde_json::Value;
use std::fs;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/requests");

fn chat(parameters: Parameters) -> Chat {
    let message = |(role, text): &(Role, &str)| Message { role: *role, text: (*text).into() };
    let messages = [
        (Role::System, "Be brief."),
        (Role::User, "Why?"),
        (Role::System, "Answer in JSON."),
        (Role::Assistant, "Air."),
        (Role::User, "How?"),
    ];
    Chat { messages: messages.iter().map(message).collect(), parameters }
}

fn sent(dialect: &dyn Dialect, entry: &Value) -> Value {
    let provider = Provider::find(entry["provider"].as_str().unwrap_or("openai")).expect("a row");
    let base_url = BaseUrl::parse("https://api.example").expect("an address");
    let endpoint = Endpoint { provider, base_url, has_key: false };
    let parameters = serde_json::from_value(entry["parameters"].clone()).expect("parameters");
    let model = entry["model"].as_str().unwrap_or("m");
    let body = dialect.request(&chat(parameters), model, &endpoint).body;
    serde_json::from_str(&body).expect("JSON")
}

/// What an entry leaves out of a body is as in the first.
fn whole(body: &Value, first: &Value) -> Value {
    let mut whole = body.clone();
    for (name, value) in first.as_object().into_iter().flatten() {
        let is_prompt = ["model", "messages", "system", "instructions", "input", "contents"];
        if is_prompt.contains(&name.as_str()) && whole.get(name).is_none() {
            whole[name] = value.clone();
        }
    }
    whole
}

#[test]
fn every_dialect_writes_what_is_asked_and_no_more() {
    for dialect in DIALECTS {
        let list = fs::read_to_string(format!("{FOLDER}/{}.json", dialect.id())).expect("a list");
        let list: Vec<Value> = serde_json::from_str(&list).expect("JSON");
        for entry in &list {
            let name = format!("{}: {}", dialect.id(), entry["why"]);
            assert_eq!(sent(dialect, entry), whole(&entry["body"], &list[0]["body"]), "{name}");
        }
    }
}
