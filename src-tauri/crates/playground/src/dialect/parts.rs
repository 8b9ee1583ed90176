//! What several wire formats write and read in the same way.

use crate::{
    ApiError, Chat, Delta, Message, Parameters, Role, Usage,
    errors::ErrorBody,
    json,
    run::{Alternative, TokenChance},
};
use serde_json::{Map, Value};

/// A JSON object that is written field by field; what is unset leaves no trace.
#[derive(Default)]
pub struct Fields(Map<String, Value>);

impl Fields {
    /// Writes a field, if there is a value for it.
    pub fn set(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.0.insert(name.into(), value.into());
        }
    }

    /// Writes a number, whole ones without `.0`.
    pub fn set_number(&mut self, name: &str, value: Option<f64>) {
        self.set(name, value.map(json::number));
    }

    /// Writes an object, unless nothing was written into it.
    pub fn set_fields(&mut self, name: &str, fields: Fields) {
        self.set(name, (!fields.0.is_empty()).then_some(fields.0));
    }

    /// The object.
    pub fn into_map(self) -> Map<String, Value> {
        self.0
    }
}

/// The standing instructions, for formats that have a place of their own for them, and the turns.
pub fn system_and_turns(chat: &Chat) -> (Vec<&str>, Vec<&Message>) {
    let (system, turns): (Vec<&Message>, Vec<&Message>) =
        chat.messages.iter().partition(|it| it.role == Role::System);
    (system.into_iter().map(|it| it.text.as_str()).collect(), turns)
}

/// Several instructions as one text, if there are any.
pub fn as_one_text(system: &[&str]) -> Option<String> {
    (!system.is_empty()).then(|| system.join("\n\n"))
}

/// The stop texts, if there are any.
pub fn stop(parameters: &Parameters) -> Option<Value> {
    parameters.stop.clone().filter(|texts| !texts.is_empty()).map(Value::from)
}

/// The words that the reply has to begin with, if there are any.
pub fn prefill(parameters: &Parameters) -> Option<&str> {
    parameters.prefill.as_deref().filter(|text| !text.is_empty())
}

/// A frame's or a body's JSON object, or what is to be told in its place.
pub fn object(text: &str) -> Result<Value, Vec<Delta>> {
    match json::read(text) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(unreadable("a JSON object was expected")),
        Err(problem) => Err(unreadable(problem)),
    }
}

fn unreadable(reason: impl Into<String>) -> Vec<Delta> {
    vec![Delta::Unreadable { reason: reason.into() }]
}

/// Whether a frame is the word that some gateways end every stream with, in whichever format.
pub fn is_done(data: &str) -> bool {
    data.trim_start().starts_with("[DONE]")
}

/// The failure that a frame or a body reports, if it does. Some servers leave the field empty
/// where nothing failed, and some old ones write a failure without it.
pub fn reported(value: &Value, text: &str) -> Option<Delta> {
    let is_nested = match &value["error"] {
        Value::Null | Value::Bool(false) => false,
        Value::String(words) => !words.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    };
    let is_flat = || value["object"] == "error" || value["type"] == "error";
    (is_nested || is_flat()).then(|| failure(value, text))
}

/// The failure that a frame tells, in the provider's own words.
pub fn failure(value: &Value, text: &str) -> Delta {
    Delta::Error(ApiError::in_stream(ErrorBody::from_json(value), text))
}

/// Which model answers, told when that changes.
#[derive(Default)]
pub struct Answering(Option<String>);

impl Answering {
    /// Takes the id that a frame names.
    pub fn told(&mut self, id: &Value) -> Option<Delta> {
        let id = json::words(id).filter(|id| self.0.as_ref() != Some(id))?;
        self.0 = Some(id.clone());
        Some(Delta::Model { id })
    }
}

/// More than any provider numbers. Readers make room for each number below one that they meet.
const MOST: u64 = 1_000;

/// A number that a server gives to one of several things.
pub fn index(value: &Value) -> u32 {
    known_index(value).unwrap_or(0)
}

/// The same, where it need not be given.
pub fn known_index(value: &Value) -> Option<u32> {
    json::whole(value)?.min(MOST).try_into().ok()
}

/// The arguments of a call that came whole: an object, or its text.
pub fn arguments(value: &Value) -> String {
    match value {
        Value::Null => "{}".to_owned(),
        value => more_arguments(value),
    }
}

/// More of the arguments of a call, which may be none.
pub fn more_arguments(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        object => object.to_string(),
    }
}

/// The counts of a frame, unless it holds none.
pub fn counts(usage: Usage) -> Option<Delta> {
    (usage != Usage::default()).then_some(Delta::Usage(usage))
}

/// What servers send for "next to none". Python writes minus infinity, which is read as null.
const NEXT_TO_NONE: f64 = -9999.0;

/// A list of chances in OpenAI's shape, which others copied.
pub fn chances(tokens: &Value) -> Vec<TokenChance> {
    let tokens = tokens.as_array().into_iter().flatten();
    tokens
        .filter_map(|token| {
            let top = token["top_logprobs"].as_array().into_iter().flatten();
            Some(chance(token)?.among(top.filter_map(chance)))
        })
        .collect()
}

fn chance(token: &Value) -> Option<Alternative> {
    let byte = |it: &Value| it.as_u64().and_then(|byte| byte.try_into().ok());
    Some(Alternative {
        token: token["token"].as_str()?.to_owned(),
        bytes: token["bytes"].as_array().and_then(|bytes| bytes.iter().map(byte).collect()),
        logprob: token.get("logprob").map(|it| it.as_f64().unwrap_or(NEXT_TO_NONE))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_keeps_its_place_whatever_is_known_of_it() {
        let list = r#"[
            { "token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": [
                { "token": "a", "logprob": -0.5, "bytes": [97] }, { "token": "b", "logprob": -Infinity }, {}
            ] },
            { "token": "\\xf0", "logprob": null, "bytes": null, "top_logprobs": null },
            { "token": "", "logprob": 0, "bytes": [300] },
            { "logprob": 0 }, null
        ]"#;
        let chances = chances(&json::read(list).expect("JSON"));
        let told: Vec<_> = chances.iter().map(|it| (&*it.token, it.logprob, &it.bytes)).collect();
        let bytes = Some(vec![97]);
        assert_eq!(told, [("a", -0.5, &bytes), ("\\xf0", NEXT_TO_NONE, &None), ("", 0.0, &None)]);
        let top: Vec<_> = chances[0].top.iter().map(|it| (&*it.token, it.logprob)).collect();
        assert_eq!(top, [("a", -0.5), ("b", NEXT_TO_NONE)]);
    }
}
