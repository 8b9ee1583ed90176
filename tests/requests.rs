//! Every control under the name that each wire format has for it, and every message in its place:
//! `requests/` has for each dialect what is asked, and the body that says so. And the reverse: what
//! every part of each of these bodies comes from.

use playground::{
    BaseUrl, Chat, Control, Message, Parameters, Provider, Role, WireRequest,
    dialect::Dialect,
    dialects::{DIALECTS, find},
    origins::{Maker, Origin, origins},
    provider::Endpoint,
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs};

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

/// What an entry asks, and of whom.
struct Asked {
    chat: Chat,
    model: String,
    endpoint: Endpoint,
}

impl Asked {
    fn by(entry: &Value) -> Asked {
        let provider =
            Provider::find(entry["provider"].as_str().unwrap_or("openai")).expect("a row");
        let base_url = BaseUrl::parse("https://api.example").expect("an address");
        let parameters = serde_json::from_value(entry["parameters"].clone()).expect("parameters");
        Asked {
            chat: chat(parameters),
            model: entry["model"].as_str().unwrap_or("m").to_owned(),
            endpoint: Endpoint { provider, base_url, has_key: false },
        }
    }

    fn sent(&self, dialect: &dyn Dialect, chat: &Chat) -> WireRequest {
        dialect.request(chat, &self.model, &self.endpoint)
    }
}

fn body_of(request: &WireRequest) -> Value {
    serde_json::from_str(&request.body).expect("JSON")
}

fn entries(dialect: &dyn Dialect) -> Vec<Value> {
    let list = fs::read_to_string(format!("{FOLDER}/{}.json", dialect.id())).expect("a list");
    serde_json::from_str(&list).expect("JSON")
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
        let list = entries(dialect);
        for entry in &list {
            let name = format!("{}: {}", dialect.id(), entry["why"]);
            let asked = Asked::by(entry);
            let sent = asked.sent(dialect, &asked.chat);
            assert_eq!(body_of(&sent), whole(&entry["body"], &list[0]["body"]), "{name}");
        }
    }
}

/// Every value that holds no other.
fn leaves(value: &Value, at: String) -> Vec<String> {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, it)| (name.clone(), it)).collect(),
        Value::Array(items) => {
            (0..).zip(items).map(|(n, it): (u32, _)| (n.to_string(), it)).collect()
        }
        _ => Vec::new(),
    };
    if below.is_empty() {
        return vec![at];
    }
    below.into_iter().flat_map(|(name, it)| leaves(it, format!("{at}/{name}"))).collect()
}

#[test]
fn every_part_of_a_body_comes_from_somewhere() {
    let mut controls = BTreeSet::new();
    for dialect in DIALECTS {
        for entry in entries(dialect) {
            let asked = Asked::by(&entry);
            let sent = asked.sent(dialect, &asked.chat);
            let body = body_of(&sent);
            let origins = origins(dialect, &asked.chat, &asked.model, &asked.endpoint);
            let name = format!("{}: {}", dialect.id(), entry["why"]);
            for leaf in leaves(&body, String::new()) {
                let lies_in = |whole: &str, part: &str| {
                    part.strip_prefix(whole).is_some_and(|it| it.is_empty() || it.starts_with('/'))
                };
                // The role of a turn that several messages make is that of them all.
                let turn = leaf.strip_suffix("/role").unwrap_or("-");
                let mut origins = origins.iter().filter_map(|it| it.pointer.as_deref());
                let is_known = origins.any(|it| lies_in(it, &leaf) || lies_in(turn, it));
                assert!(is_known, "{name}: {leaf} comes from nowhere");
            }
            for origin in &origins {
                let part = part(&sent, origin);
                assert!(part.is_some(), "{name}: {origin:?} is not in {sent:#?}");
                let other = otherwise(&asked, origin, dialect);
                let other = other.and_then(|other| self::part(&other, origin));
                assert_ne!(other, part, "{name}: {origin:?} stays the same");
                if let Maker::Control { control } = origin.from {
                    controls.insert((dialect.id(), format!("{control:?}")));
                }
            }
        }
        for control in dialect.controls() {
            let has = controls.contains(&(dialect.id(), format!("{control:?}")));
            assert!(has, "{}: {control:?} makes nothing", dialect.id());
        }
    }
}

/// What an origin points at.
fn part(request: &WireRequest, origin: &Origin) -> Option<Value> {
    match &origin.pointer {
        Some(pointer) => body_of(request).pointer(pointer).cloned(),
        None => Some(json!(request.url)),
    }
}

/// The request without what an origin names, or with another one; none if nobody can change it.
fn otherwise(asked: &Asked, origin: &Origin, dialect: &dyn Dialect) -> Option<WireRequest> {
    let mut chat = asked.chat.clone();
    let mut model = asked.model.clone();
    match origin.from {
        Maker::Model => model.push('x'),
        Maker::Message { index } => chat.messages[index as usize].text.push('x'),
        // On, a stream is what is asked for anyway.
        Maker::Control { control: Control::Stream } if chat.parameters.stream == Some(true) => {
            chat.parameters.stream = Some(false);
        }
        Maker::Control { control } => {
            let asked_for = part(&asked.sent(dialect, &chat), origin);
            chat.parameters.unset(control);
            // Two may ask for the same; without all of them it is not there.
            if part(&asked.sent(dialect, &chat), origin) == asked_for {
                chat.parameters = Parameters::default();
            }
        }
        Maker::Unasked { control: None } => return None,
        Maker::Unasked { control: Some(control) } => {
            assert!(!chat.parameters.is_set(control), "{origin:?} is asked for");
            match control {
                Control::Stream => chat.parameters.stream = Some(false),
                Control::MaxTokens => chat.parameters.max_tokens = Some(7),
                _ => panic!("{origin:?}: nobody asked for it, and yet it can be changed"),
            }
        }
    }
    Some(dialect.request(&chat, &model, &asked.endpoint))
}

/// Place and maker of each part, in words.
fn told(dialect: &str, provider: &str, model: &str, parameters: Value) -> Vec<String> {
    let dialect = find(dialect).expect("a dialect");
    let asked =
        Asked::by(&json!({ "parameters": parameters, "model": model, "provider": provider }));
    let name = |control: Control| json!(control).as_str().expect("a name").to_owned();
    let says = |maker| match maker {
        Maker::Model => "model".to_owned(),
        Maker::Message { index } => index.to_string(),
        Maker::Control { control } => name(control),
        Maker::Unasked { control: None } => "unasked".to_owned(),
        Maker::Unasked { control: Some(control) } => format!("unasked {}", name(control)),
    };
    let origins = origins(dialect, &asked.chat, model, &asked.endpoint).into_iter();
    let place = |pointer: Option<String>| pointer.unwrap_or("address".to_owned());
    origins.map(|it| format!("{} {}", place(it.pointer), says(it.from))).collect()
}

#[test]
fn who_made_what_is_told_place_by_place() {
    assert_eq!(
        told("openai-chat", "openai", "m", json!({ "logprobs": 3, "max_tokens": 7 })),
        [
            "/model model",
            "/messages/0 0",
            "/messages/1 1",
            "/messages/2 2",
            "/messages/3 3",
            "/messages/4 4",
            "/max_completion_tokens max_tokens",
            "/logprobs logprobs",
            "/top_logprobs logprobs",
            "/stream unasked stream",
            "/stream_options/include_usage unasked stream",
        ]
    );
    assert_eq!(
        told("anthropic", "anthropic", "m", json!({ "thinking_budget": 9, "stream": true })),
        [
            "/model model",
            "/system 0",
            "/system 2",
            "/messages/0 1",
            "/messages/1 3",
            "/messages/2 4",
            "/max_tokens thinking_budget",
            "/thinking thinking_budget",
            "/max_tokens unasked max_tokens",
            "/stream stream",
        ]
    );
    assert_eq!(
        told("gemini", "gemini", "gemma-4-31b-it", json!({ "prefill": "It" })),
        [
            "address model",
            "/contents/0/parts/0 0",
            "/contents/0/parts/1 2",
            "/contents/0/parts/2 1",
            "/contents/1 3",
            "/contents/2 4",
            "/contents/3 prefill",
            "address unasked stream",
        ]
    );
    let responses = told("openai-responses", "openai", "m", json!({}));
    assert!(responses.contains(&"/store unasked".to_owned()), "{responses:?}");
}
