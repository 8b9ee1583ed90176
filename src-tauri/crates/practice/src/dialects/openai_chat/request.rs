//! A request body, checked as OpenAI checks it, as turns and limits.

use serde_json::{Map, Value};

use super::{
    fields::{Fields, wrong_type},
    refusal::Refusal,
};
use crate::model::{Role, Turn};

const MOST_STOPS: usize = 4;

/// What becomes of a field of the body.
#[derive(Clone, Copy, PartialEq)]
enum Treatment {
    /// It is read.
    Read,
    /// It is accepted, as the real service does, and changes nothing here.
    Ignored,
    /// The real service has models that take it; practice-1 does not.
    Unsupported,
}
use Treatment::{Ignored, Read, Unsupported};

/// Every field of OpenAI's request; any other is unknown.
const FIELDS: &[(&str, Treatment)] = &[
    ("model", Read),
    ("messages", Read),
    ("temperature", Read),
    ("top_p", Read),
    ("max_tokens", Read),
    ("max_completion_tokens", Read),
    ("stop", Read),
    ("frequency_penalty", Read),
    ("presence_penalty", Read),
    ("n", Read),
    ("seed", Read),
    ("logprobs", Read),
    ("response_format", Read),
    ("stream", Read),
    ("stream_options", Read),
    ("logit_bias", Ignored),
    ("metadata", Ignored),
    ("parallel_tool_calls", Ignored),
    ("prediction", Ignored),
    ("prompt_cache_key", Ignored),
    ("prompt_cache_options", Ignored),
    ("prompt_cache_retention", Ignored),
    ("safety_identifier", Ignored),
    ("service_tier", Ignored),
    ("store", Ignored),
    ("user", Ignored),
    ("verbosity", Ignored),
    ("audio", Unsupported),
    ("functions", Unsupported),
    ("function_call", Unsupported),
    ("modalities", Unsupported),
    ("moderation", Unsupported),
    ("reasoning_effort", Unsupported),
    ("tool_choice", Unsupported),
    ("tools", Unsupported),
    ("top_logprobs", Unsupported),
    ("web_search_options", Unsupported),
];

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatRequest {
    pub model: String,
    pub turns: Vec<Turn>,
    pub stream: bool,
    pub include_usage: bool,
    pub max_tokens: Option<usize>,
    pub stop: Vec<String>,
}

impl ChatRequest {
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let body: Value = serde_json::from_slice(body).map_err(|_| Refusal::not_json())?;
        let object = body.as_object().ok_or_else(|| wrong_type("body", "an object", &body))?;
        let fields = Fields::new(object, "");
        check_names(fields)?;
        check_sampling(fields)?;
        let model = fields.string("model")?.ok_or_else(no_model)?.to_owned();
        let stream = fields.boolean("stream")?.unwrap_or(false);
        Ok(Self {
            model,
            turns: turns(fields)?,
            stream,
            include_usage: include_usage(fields, stream)?,
            max_tokens: max_tokens(fields)?,
            stop: stop(fields)?,
        })
    }
}

fn no_model() -> Refusal {
    Refusal::plain("you must provide a model parameter".to_owned())
}

fn check_names(fields: Fields) -> Result<(), Refusal> {
    for name in fields.names() {
        match FIELDS.iter().find(|(known, _)| *known == name) {
            None => {
                let message = format!("Unknown parameter: '{name}'.");
                return Err(Refusal::field(name, "unknown_parameter", message));
            }
            Some((_, Unsupported)) => return Err(unsupported(name)),
            Some(_) => {}
        }
    }
    Ok(())
}

fn unsupported(name: &str) -> Refusal {
    let message = format!("Unsupported parameter: '{name}' is not supported with this model.");
    Refusal::field(name, "unsupported_parameter", message)
}

fn unsupported_value(name: &str, value: &str, hint: &str) -> Refusal {
    let message =
        format!("Unsupported value: '{name}' does not support {value} with this model. {hint}");
    Refusal::field(name, "unsupported_value", message)
}

/// Checks what would shape the choice of tokens if there were a choice.
fn check_sampling(fields: Fields) -> Result<(), Refusal> {
    fields.decimal("temperature", 0.0, 2.0)?;
    fields.decimal("top_p", 0.0, 1.0)?;
    fields.decimal("frequency_penalty", -2.0, 2.0)?;
    fields.decimal("presence_penalty", -2.0, 2.0)?;
    fields.integer("seed", i64::MIN)?;
    if let Some(n) = fields.integer("n", 1)?.filter(|n| *n != 1) {
        let hint = "practice-1 answers with one choice.";
        return Err(unsupported_value("n", &n.to_string(), hint));
    }
    if fields.boolean("logprobs")? == Some(true) {
        return Err(unsupported("logprobs"));
    }
    if let Some(format) = fields.object("response_format")? {
        let fields = Fields::new(format, "response_format.");
        let kind = fields.string("type")?.ok_or_else(|| fields.missing("type"))?;
        if kind != "text" {
            let hint = "practice-1 answers in plain text.";
            return Err(unsupported_value("response_format.type", &format!("'{kind}'"), hint));
        }
    }
    Ok(())
}

fn include_usage(fields: Fields, stream: bool) -> Result<bool, Refusal> {
    let Some(options) = fields.object("stream_options")? else { return Ok(false) };
    if !stream {
        return Err(Refusal {
            param: Some("stream_options".to_owned()),
            ..Refusal::plain(
                "The 'stream_options' parameter is only allowed when 'stream' is enabled."
                    .to_owned(),
            )
        });
    }
    let options = Fields::new(options, "stream_options.");
    options.boolean("include_obfuscation")?;
    Ok(options.boolean("include_usage")?.unwrap_or(false))
}

fn max_tokens(fields: Fields) -> Result<Option<usize>, Refusal> {
    let old = fields.integer("max_tokens", 1)?;
    let new = fields.integer("max_completion_tokens", 1)?;
    if old.is_some() && new.is_some() {
        let message =
            "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.";
        let code = "invalid_parameter_combination";
        return Err(Refusal::field("max_tokens", code, message.to_owned()));
    }
    Ok(old.or(new).map(|number| usize::try_from(number).unwrap_or(usize::MAX)))
}

fn stop(fields: Fields) -> Result<Vec<String>, Refusal> {
    let stops = match fields.get("stop") {
        None => return Ok(Vec::new()),
        Some(one @ Value::String(_)) => std::slice::from_ref(one),
        Some(Value::Array(many)) => many.as_slice(),
        Some(other) => {
            return Err(wrong_type("stop", "one of a string or array of strings", other));
        }
    };
    if stops.len() > MOST_STOPS {
        let message = format!(
            "Invalid 'stop': array too long. Expected an array with maximum length {MOST_STOPS}, \
             but got an array with length {} instead.",
            stops.len()
        );
        return Err(Refusal::field("stop", "array_above_max_length", message));
    }
    let read = |(index, stop): (usize, &Value)| match stop.as_str() {
        Some("") => Err(empty(&format!("stop[{index}]"), "string")),
        Some(text) => Ok(text.to_owned()),
        None => Err(wrong_type(&format!("stop[{index}]"), "a string", stop)),
    };
    stops.iter().enumerate().map(read).collect()
}

fn empty(path: &str, kind: &str) -> Refusal {
    let (code, article) =
        if kind == "array" { ("empty_array", "an") } else { ("empty_string", "a") };
    let message = format!(
        "Invalid '{path}': empty {kind}. Expected {article} {kind} with minimum length 1, but got \
         an empty {kind} instead."
    );
    Refusal::field(path, code, message)
}

fn turns(fields: Fields) -> Result<Vec<Turn>, Refusal> {
    let value = fields.get("messages").ok_or_else(|| fields.missing("messages"))?;
    let messages =
        value.as_array().ok_or_else(|| wrong_type("messages", "an array of objects", value))?;
    if messages.is_empty() {
        return Err(empty("messages", "array"));
    }
    messages.iter().enumerate().map(|(index, message)| turn(index, message)).collect()
}

fn turn(index: usize, message: &Value) -> Result<Turn, Refusal> {
    let path = format!("messages[{index}]");
    let object = message.as_object().ok_or_else(|| wrong_type(&path, "an object", message))?;
    let prefix = format!("{path}.");
    let fields = Fields::new(object, &prefix);
    let role = fields.string("role")?.ok_or_else(|| fields.missing("role"))?;
    let role = Role::ALL.iter().find(|(name, _)| *name == role).map(|(_, role)| *role);
    let role = role.ok_or_else(|| unknown_role(fields, &object["role"]))?;
    let name = fields.string("name")?.map(str::to_owned);
    Ok(Turn { role, name, text: content(fields, role)? })
}

fn unknown_role(fields: Fields, role: &Value) -> Refusal {
    let role = role.as_str().unwrap_or_default();
    let names: Vec<String> = Role::ALL.iter().map(|(name, _)| format!("'{name}'")).collect();
    let message = format!("Invalid value: '{role}'. Supported values are: {}.", names.join(", "));
    Refusal::field(&fields.path_of("role"), "invalid_value", message)
}

fn content(fields: Fields, role: Role) -> Result<String, Refusal> {
    let path = fields.path_of("content");
    match fields.get("content") {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Array(parts)) => parts
            .iter()
            .enumerate()
            .map(|(index, part)| text_part(&format!("{path}[{index}]"), part))
            .collect(),
        Some(other) => Err(wrong_type(&path, "one of a string or array of objects", other)),
        None if role == Role::Assistant => Ok(String::new()),
        None => Err(fields.missing("content")),
    }
}

fn text_part(path: &str, part: &Value) -> Result<String, Refusal> {
    let object: &Map<String, Value> =
        part.as_object().ok_or_else(|| wrong_type(path, "an object", part))?;
    let prefix = format!("{path}.");
    let fields = Fields::new(object, &prefix);
    match fields.string("type")?.ok_or_else(|| fields.missing("type"))? {
        "text" => Ok(fields.string("text")?.ok_or_else(|| fields.missing("text"))?.to_owned()),
        other => {
            let hint = "practice-1 reads text only.";
            Err(unsupported_value(&fields.path_of("type"), &format!("'{other}'"), hint))
        }
    }
}
