//! A request body, checked as OpenAI checks it.

use serde_json::Value;

use crate::{
    dialects::{
        Ask,
        fields::{
            Expected, FieldError, Fields, Flaw, Path,
            Treatment::{self, Ignored, Read, Unsupported},
        },
        openai::{Error, MOST_CANDIDATES},
    },
    model::{CONTEXT_WINDOW, Role, Turn},
};

/// Every field of OpenAI's request; any other is unknown.
const FIELDS: &[(&str, Treatment)] = &[
    ("model", Read),
    ("input", Read),
    ("instructions", Read),
    ("max_output_tokens", Read),
    ("temperature", Read),
    ("top_p", Read),
    ("stream", Read),
    ("include", Read),
    ("top_logprobs", Read),
    ("text", Read),
    ("truncation", Read),
    ("background", Read),
    ("previous_response_id", Read),
    ("max_tool_calls", Ignored),
    ("metadata", Ignored),
    ("parallel_tool_calls", Ignored),
    ("prompt_cache_key", Ignored),
    ("prompt_cache_options", Ignored),
    ("prompt_cache_retention", Ignored),
    ("safety_identifier", Ignored),
    ("service_tier", Ignored),
    ("store", Ignored),
    ("stream_options", Ignored),
    ("user", Ignored),
    ("conversation", Unsupported),
    ("context_management", Unsupported),
    ("moderation", Unsupported),
    ("prompt", Unsupported),
    ("reasoning", Unsupported),
    ("tool_choice", Unsupported),
    ("tools", Unsupported),
];

/// What `include` must name for logprobs to be told.
const LOGPROBS: &str = "message.output_text.logprobs";

pub fn ask(body: &Value) -> Result<Ask, Error> {
    let fields = Fields::of(body, Path::default())?;
    let turns = prompt(&fields)?;
    fields.decimal("temperature", 0.0, 2.0)?;
    fields.decimal("top_p", 0.0, 1.0)?;
    if fields.boolean("background")? == Some(true) {
        return Err(fields.error("background", Flaw::Unsupported).into());
    }
    let truncation = fields.string("truncation")?;
    Ok(Ask {
        turns,
        stream: fields.boolean("stream")?.unwrap_or(false),
        max_tokens: fields.count("max_output_tokens", 1)?,
        clamp: true,
        choices: 1,
        candidates: candidates(&fields)?,
        window: (truncation == Some("auto")).then_some(CONTEXT_WINDOW),
        ..Ask::default()
    })
}

pub fn countable(body: &Value) -> Result<Vec<Turn>, Error> {
    prompt(&Fields::of(body, Path::default())?)
}

/// What both kinds of request have: a model, instructions, input.
fn prompt(fields: &Fields) -> Result<Vec<Turn>, Error> {
    fields.check(FIELDS)?;
    fields.required("model", fields.string("model"))?;
    if let Some(id) = fields.string("previous_response_id")? {
        let message = format!("Previous response with id '{id}' not found.");
        return Err(Error::field("previous_response_id", "previous_response_not_found", message));
    }
    check_text(fields)?;
    let mut turns = Vec::new();
    if let Some(text) = fields.string("instructions")?.filter(|text| !text.is_empty()) {
        turns.push(Turn { role: Role::System, name: None, text: text.to_owned() });
    }
    turns.extend(input(fields)?);
    Ok(turns)
}

fn check_text(fields: &Fields) -> Result<(), Error> {
    let Some(text) = fields.object("text")? else { return Ok(()) };
    let Some(format) = text.object("format")? else { return Ok(()) };
    let kind = format.required("type", format.string("type"))?;
    if kind == "text" {
        return Ok(());
    }
    let hint = "practice-1 answers in plain text.";
    let flaw = Flaw::UnsupportedValue { got: format!("'{kind}'"), hint };
    Err(format.error("type", flaw).into())
}

fn candidates(fields: &Fields) -> Result<Option<usize>, Error> {
    let most = fields.integer("top_logprobs", 0, MOST_CANDIDATES)?;
    let included = fields.items("include")?.unwrap_or_default();
    let asked = included.iter().any(|(_, name)| *name == LOGPROBS);
    Ok(asked.then(|| most.unwrap_or(0).unsigned_abs() as usize))
}

/// A text, or items; only messages are read, and what a model thought earlier is skipped.
fn input(fields: &Fields) -> Result<Vec<Turn>, Error> {
    match fields.get("input") {
        None => Err(fields.error("input", Flaw::Missing).into()),
        Some(Value::String(text)) => {
            Ok(vec![Turn { role: Role::User, name: None, text: text.clone() }])
        }
        Some(Value::Array(items)) if items.is_empty() => {
            Err(fields.error("input", Flaw::Empty { array: true }).into())
        }
        Some(Value::Array(_)) => {
            let items = fields.required("input", fields.items("input"))?;
            let turns = items.into_iter().map(|(path, item)| turn(path, item));
            turns.filter_map(Result::transpose).collect()
        }
        Some(other) => {
            let path = fields.path_of("input");
            Err(FieldError::wrong_type(path, Expected::StringOrObjects, other).into())
        }
    }
}

fn turn(path: Path, item: &Value) -> Result<Option<Turn>, Error> {
    const ROLES: &[&str] = &["user", "assistant", "system", "developer"];
    let fields = Fields::of(item, path)?;
    match fields.string("type")?.unwrap_or("message") {
        "message" => {}
        "reasoning" => return Ok(None),
        other => {
            let hint = "practice-1 reads messages only.";
            let flaw = Flaw::UnsupportedValue { got: format!("'{other}'"), hint };
            return Err(fields.error("type", flaw).into());
        }
    }
    let name = fields.required("role", fields.string("role"))?;
    let role = Role::ALL.iter().find(|(known, _)| *known == name && ROLES.contains(known));
    let role = role.map(|(_, role)| *role).ok_or_else(|| {
        fields.error("role", Flaw::NoneOf { allowed: ROLES.to_vec(), got: name.to_owned() })
    })?;
    Ok(Some(Turn { role, name: None, text: content(&fields)? }))
}

fn content(fields: &Fields) -> Result<String, Error> {
    match fields.get("content") {
        None => Err(fields.error("content", Flaw::Missing).into()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Array(_)) => {
            let parts = fields.required("content", fields.items("content"))?;
            parts.into_iter().map(|(path, part)| text_part(path, part)).collect()
        }
        Some(other) => {
            let path = fields.path_of("content");
            Err(FieldError::wrong_type(path, Expected::StringOrObjects, other).into())
        }
    }
}

fn text_part(path: Path, part: &Value) -> Result<String, Error> {
    let fields = Fields::of(part, path)?;
    match fields.required("type", fields.string("type"))? {
        "input_text" | "output_text" => {
            Ok(fields.required("text", fields.string("text"))?.to_owned())
        }
        other @ ("input_image" | "input_file" | "input_audio" | "refusal") => {
            let hint = "practice-1 reads text only.";
            let flaw = Flaw::UnsupportedValue { got: format!("'{other}'"), hint };
            Err(fields.error("type", flaw).into())
        }
        other => {
            let allowed = vec!["input_text", "input_image", "output_text", "refusal", "input_file"];
            Err(fields.error("type", Flaw::NoneOf { allowed, got: other.to_owned() }).into())
        }
    }
}
