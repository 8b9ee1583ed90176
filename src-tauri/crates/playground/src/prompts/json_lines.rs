//! A JSON object on each line, with a `prompt` or with `messages`.

use super::{Found, SetError, SetPrompt, choice, label_of, left_out, prompt, wrong_at};
use crate::{Message, Role};
use serde_json::{Map, Value};

/// The fields that name a row.
const LABELS: [&str; 4] = ["label", "id", "name", "custom_id"];

/// The prompts of every line; `field` names another field than `prompt`.
pub fn read(text: &str, field: Option<&str>) -> Result<Found, SetError> {
    let mut found = Found::default();
    let mut empty = 0;
    for (line, words) in (1..).zip(text.lines()) {
        if words.trim().is_empty() {
            empty += 1;
            continue;
        }
        let fields = match serde_json::from_str(words) {
            Ok(Value::Object(fields)) => fields,
            Ok(_) => return wrong_at(line, "is no JSON object"),
            Err(error) => return wrong_at(line, format!("is not JSON: {error}")),
        };
        if found.fields.is_empty() {
            found.fields = choice(fields.keys().cloned().collect())?;
            found.field = field.map(str::to_owned).or_else(|| usual(&fields));
            if found.field.is_none() {
                return Ok(found);
            }
        }
        let number = found.prompts.len() + 1;
        found.push(read_line(&fields, field, number, line)?)?;
    }
    found.left_out = left_out(empty, ["empty line", "empty lines"]);
    Ok(found)
}

/// The field that such files mostly have.
fn usual(fields: &Map<String, Value>) -> Option<String> {
    let usual = ["prompt", "messages"].into_iter().find(|it| fields.contains_key(*it));
    usual.map(str::to_owned)
}

fn read_line(
    fields: &Map<String, Value>,
    field: Option<&str>,
    number: usize,
    line: u32,
) -> Result<SetPrompt, SetError> {
    let label = LABELS.iter().find_map(|name| match fields.get(*name)? {
        Value::String(label) => Some(label.clone()),
        Value::Number(label) => Some(label.to_string()),
        _ => None,
    });
    let name = field.map(str::to_owned).or_else(|| usual(fields));
    let said = name.as_ref().and_then(|name| fields.get(name));
    match said {
        Some(Value::String(words)) if words.trim().is_empty() => {
            wrong_at(line, "has an empty prompt")
        }
        Some(Value::String(words)) => Ok(prompt(label.as_deref(), number, line, words)),
        Some(Value::Array(list)) => {
            let messages: Vec<Message> =
                list.iter().map(|it| message(it, line)).collect::<Result<_, _>>()?;
            if messages.last().is_none_or(|it| it.role != Role::User) {
                return wrong_at(line, "has to end with a message of the user's");
            }
            Ok(SetPrompt { label: label_of(label.as_deref(), number), line, messages })
        }
        Some(_) => wrong_at(line, "has a prompt that is neither a text nor a list of messages"),
        None => match field {
            Some(field) => wrong_at(line, format!("has no field {field:?}")),
            None => wrong_at(line, "has neither a prompt nor messages"),
        },
    }
}

/// A message as most formats write it.
fn message(value: &Value, line: u32) -> Result<Message, SetError> {
    let role = match value["role"].as_str() {
        Some("system" | "developer") => Role::System,
        Some("user") => Role::User,
        Some("assistant" | "model") => Role::Assistant,
        Some(other) => {
            let other: String = other.chars().take(40).collect();
            return wrong_at(line, format!("has a message of the role {other:?}"));
        }
        None => return wrong_at(line, "has a message without a role"),
    };
    match text(&value["content"]) {
        Some(text) => Ok(Message { role, text }),
        None => wrong_at(line, "has a message whose content is no text"),
    }
}

/// A text, or a list of parts that are texts.
fn text(content: &Value) -> Option<String> {
    match content {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => parts.iter().map(|part| part["text"].as_str()).collect(),
        _ => None,
    }
}
