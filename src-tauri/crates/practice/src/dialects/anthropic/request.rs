//! A request body, checked as Anthropic checks it.

use serde_json::Value;

use super::{error::Error, thinking};
use crate::{
    cards::Card,
    dialects::{
        Ask,
        fields::{
            Expected, FieldError, Fields, Flaw, Path,
            Treatment::{self, Ignored, Read, Unsupported},
        },
    },
    form::Form,
    model::{Role, Turn},
    sampling::Sampling,
};

/// Every field of the request that is also one of a request to count.
const FIELDS: &[(&str, Treatment)] = &[
    ("model", Read),
    ("messages", Read),
    ("system", Read),
    ("thinking", Read),
    ("cache_control", Ignored),
    ("output_config", Read),
    ("tools", Read),
    ("tool_choice", Read),
    ("mcp_servers", Unsupported),
    ("context_management", Unsupported),
];

/// The fields that only make sense where a reply is made.
const REPLY_FIELDS: &[(&str, Treatment)] = &[
    ("max_tokens", Read),
    ("stop_sequences", Read),
    ("stream", Read),
    ("container", Ignored),
    ("inference_geo", Ignored),
    ("metadata", Ignored),
    ("service_tier", Ignored),
    ("speed", Ignored),
];

/// The fields that the newest version of the API no longer has.
const SAMPLING_FIELDS: &[(&str, Treatment)] =
    &[("temperature", Read), ("top_p", Read), ("top_k", Read)];

/// More stop sequences than anybody needs.
const MOST_STOPS: usize = 8191;

pub fn ask(body: &Value, has_sampling: bool, card: &Card) -> Result<Ask, Error> {
    let fields = Fields::of(body, Path::default())?;
    let knobs = if has_sampling { SAMPLING_FIELDS } else { &[] };
    fields.check(&[FIELDS, REPLY_FIELDS, knobs].concat())?;
    let sampling = sampling(&fields, card)?;
    let thinking = thinking::read(&fields, card)?;
    let turns = prompt(&fields, card)?;
    let max_tokens = max_tokens(&fields, card)?;
    thinking::check(thinking, &fields, max_tokens)?;
    Ok(Ask {
        turns,
        stream: fields.boolean("stream")?.unwrap_or(false),
        max_tokens: Some(max_tokens),
        stop: stop(&fields)?,
        sampling,
        effort: thinking.effort,
        form: form(&fields)?,
        choices: 1,
        prefill: true,
        ..Ask::default()
    })
}

pub fn countable(body: &Value, card: &Card) -> Result<Vec<Turn>, Error> {
    let fields = Fields::of(body, Path::default())?;
    fields.check(FIELDS)?;
    form(&fields)?;
    thinking::read(&fields, card)?;
    prompt(&fields, card)
}

/// The parameters that shape the choice of tokens. A `top_k` of 0 keeps all.
fn sampling(fields: &Fields, card: &Card) -> Result<Sampling, Error> {
    let temperature = fields.decimal("temperature", f64::MIN, f64::MAX)?;
    if temperature.is_some_and(|temperature| !(0.0..=1.0).contains(&temperature)) {
        return Err(Error::invalid("temperature: range: 0..1"));
    }
    Ok(Sampling {
        temperature: temperature.unwrap_or(card.temperature),
        top_p: fields.decimal("top_p", 0.0, 1.0)?.unwrap_or(1.0),
        top_k: fields.count("top_k", 0)?.filter(|most| *most > 0),
        ..Sampling::default()
    })
}

/// A model that thinks begins its replies itself.
fn refuse_prefill(turns: &[Turn], card: &Card) -> Result<(), Error> {
    if card.thinks && turns.last().is_some_and(|turn| turn.role == Role::Assistant) {
        return Err(Error::invalid(
            "This model does not support assistant message prefill. The conversation must end \
             with a user message.",
        ));
    }
    Ok(())
}

/// What both kinds of request have: a model, a system prompt, messages.
fn prompt(fields: &Fields, card: &Card) -> Result<Vec<Turn>, Error> {
    fields.required("model", fields.string("model"))?;
    check_tools(fields)?;
    let mut turns = Vec::new();
    if let Some(text) = text(fields, "system")?.filter(|text| !text.is_empty()) {
        turns.push(Turn { role: Role::System, name: None, text });
    }
    turns.extend(messages(fields, card)?);
    Ok(turns)
}

/// Tools may be offered, and no model here calls them; that it must cannot be asked for.
fn check_tools(fields: &Fields) -> Result<(), Error> {
    for (path, tool) in fields.items("tools")?.unwrap_or_default() {
        let tool = Fields::of(tool, path)?;
        tool.required("name", tool.string("name"))?;
    }
    let Some(choice) = fields.object("tool_choice")? else { return Ok(()) };
    match choice.required("type", choice.string("type"))? {
        "auto" | "none" => Ok(()),
        kind => {
            let hint = "It answers in text and calls no tools.";
            let flaw = Flaw::UnsupportedValue { got: format!("'{kind}'"), hint };
            Err(choice.error("type", flaw).into())
        }
    }
}

fn form(fields: &Fields) -> Result<Form, Error> {
    let Some(config) = fields.object("output_config")? else { return Ok(Form::Text) };
    config.check(&[("effort", Read), ("format", Read)])?;
    let Some(format) = config.object("format")? else { return Ok(Form::Text) };
    match format.required("type", format.string("type"))? {
        "json_schema" => {
            format.required("schema", format.object("schema"))?;
            Ok(Form::Schema(format.get("schema").cloned().unwrap_or_default()))
        }
        other => {
            let allowed = vec!["json_schema"];
            Err(format.error("type", Flaw::NoneOf { allowed, got: other.to_owned() }).into())
        }
    }
}

fn max_tokens(fields: &Fields, card: &Card) -> Result<usize, Error> {
    let most = fields.required("max_tokens", fields.count("max_tokens", 0))?;
    if most > card.window {
        return Err(Error::invalid(format!(
            "max_tokens: {most} > {}, which is the maximum allowed number of output tokens for {}",
            card.window, card.id
        )));
    }
    Ok(most)
}

fn stop(fields: &Fields) -> Result<Vec<String>, Error> {
    let stop = fields.texts("stop_sequences", MOST_STOPS, false)?;
    if stop.iter().any(|text| text.trim().is_empty()) {
        let message = "stop_sequences: each stop sequence must contain non-whitespace";
        return Err(Error::invalid(message));
    }
    Ok(stop)
}

/// The messages; neighbours of the same role become one.
fn messages(fields: &Fields, card: &Card) -> Result<Vec<Turn>, Error> {
    let messages = fields.required("messages", fields.items("messages"))?;
    let last = messages.len().checked_sub(1);
    let last = last.ok_or_else(|| Error::invalid("messages: at least one message is required"))?;
    let mut turns: Vec<Turn> = Vec::new();
    for (index, (path, message)) in messages.into_iter().enumerate() {
        let turn = message_turn(path, message)?;
        let is_empty = message["content"] == "" || message["content"] == Value::Array(Vec::new());
        let may_be_empty = index == last && turn.role == Role::Assistant;
        if is_empty && !may_be_empty {
            return Err(Error::invalid(format!(
                "messages.{index}: all messages must have non-empty content except for the \
                 optional final assistant message"
            )));
        }
        match turns.last_mut().filter(|before| before.role == turn.role) {
            Some(before) => before.text.extend(["\n", &turn.text]),
            None => turns.push(turn),
        }
    }
    refuse_prefill(&turns, card)?;
    let end = turns.last().filter(|turn| turn.role == Role::Assistant);
    if end.is_some_and(|turn| turn.text.ends_with(char::is_whitespace)) {
        let message = "messages: final assistant content cannot end with trailing whitespace";
        return Err(Error::invalid(message));
    }
    Ok(turns)
}

fn message_turn(path: Path, message: &Value) -> Result<Turn, Error> {
    let fields = Fields::of(message, path)?;
    fields.check(&[("role", Read), ("content", Read)])?;
    let role = match fields.required("role", fields.string("role"))? {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        "system" => {
            return Err(Error::invalid(
                "messages: Unexpected role \"system\". The Messages API accepts a top-level \
                 `system` parameter, not \"system\" as an input message role.",
            ));
        }
        other => {
            let allowed = vec!["user", "assistant"];
            return Err(fields.error("role", Flaw::NoneOf { allowed, got: other.into() }).into());
        }
    };
    let text = text(&fields, "content")?.ok_or_else(|| fields.error("content", Flaw::Missing))?;
    Ok(Turn { role, name: None, text })
}

/// A text, or an array of blocks of text.
fn text(fields: &Fields, name: &str) -> Result<Option<String>, Error> {
    match fields.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Array(_)) => {
            let blocks = fields.required(name, fields.items(name))?;
            let texts =
                blocks.into_iter().filter_map(|(path, block)| block_text(path, block).transpose());
            texts.collect::<Result<String, _>>().map(Some)
        }
        Some(other) => {
            let path = fields.path_of(name);
            Err(FieldError::wrong_type(path, Expected::StringOrObjects, other).into())
        }
    }
}

fn block_text(path: Path, block: &Value) -> Result<Option<String>, Error> {
    let fields = Fields::of(block, path)?;
    match fields.required("type", fields.string("type"))? {
        "text" => {}
        "thinking" | "redacted_thinking" | "tool_use" => return Ok(None),
        "tool_result" => return text(&fields, "content"),
        other => {
            let hint = "It reads text only.";
            let flaw = Flaw::UnsupportedValue { got: format!("'{other}'"), hint };
            return Err(fields.error("type", flaw).into());
        }
    }
    match fields.required("text", fields.string("text"))? {
        "" => Err(Error::invalid("messages: text content blocks must be non-empty")),
        text => Ok(Some(text.to_owned())),
    }
}

#[cfg(test)]
mod tests;
