//! A request body, checked as OpenAI checks it.

use serde_json::Value;

use super::wire;
use crate::{
    cards::{Card, Effort},
    dialects::{
        Ask, Call,
        fields::{
            Expected, FieldError, Fields, Flaw, Path,
            Treatment::{self, Ignored, Read, Unsupported},
        },
        openai::{self, Error, MOST_CANDIDATES, check_tools},
    },
    form::Form,
    model::{Role, Turn},
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
    ("reasoning", Read),
    ("store", Read),
    ("parallel_tool_calls", Read),
    ("tool_choice", Read),
    ("tools", Read),
    ("max_tool_calls", Ignored),
    ("metadata", Ignored),
    ("prompt_cache_key", Ignored),
    ("prompt_cache_options", Ignored),
    ("prompt_cache_retention", Ignored),
    ("safety_identifier", Ignored),
    ("service_tier", Ignored),
    ("stream_options", Ignored),
    ("user", Ignored),
    ("conversation", Unsupported),
    ("context_management", Unsupported),
    ("moderation", Unsupported),
    ("prompt", Unsupported),
];

/// Every field of `reasoning`.
const REASONING: &[(&str, Treatment)] = &[
    ("effort", Read),
    ("summary", Read),
    ("context", Ignored),
    ("generate_summary", Unsupported),
    ("mode", Unsupported),
];

/// What `include` must name for logprobs to be told.
const LOGPROBS: &str = "message.output_text.logprobs";

pub fn ask(call: &Call) -> Result<Ask, Error> {
    let fields = Fields::of(call.body, Path::default())?;
    let (instructions, turns) = prompt(&fields, call)?;
    let effort = effort(&fields, call.card)?;
    if openai::thinks(call.card, effort) {
        refuse_while_thinking(&fields)?;
    }
    let stored = fields.boolean("store")?.unwrap_or(true);
    let keep = stored.then(|| (wire::id(call.head.number), turns.clone()));
    let sampling = openai::sampling(&fields, call.card)?;
    if fields.boolean("background")? == Some(true) {
        return Err(fields.error("background", Flaw::Unsupported).into());
    }
    let truncation = fields.string("truncation")?;
    Ok(Ask {
        turns: instructions.into_iter().chain(turns).collect(),
        keep,
        form: form(&fields)?,
        stream: fields.boolean("stream")?.unwrap_or(false),
        max_tokens: fields.count("max_output_tokens", 1)?,
        clamp: true,
        sampling,
        effort,
        choices: 1,
        candidates: candidates(&fields)?,
        window: (truncation == Some("auto")).then_some(call.card.window),
        ..Ask::default()
    })
}

pub fn countable(call: &Call) -> Result<Vec<Turn>, Error> {
    let fields = Fields::of(call.body, Path::default())?;
    let (instructions, turns) = prompt(&fields, call)?;
    form(&fields)?;
    Ok(instructions.into_iter().chain(turns).collect())
}

/// What both kinds of request have: a model, instructions, and the conversation. Instructions
/// hold for one reply, and are no part of what is gone on from.
fn prompt(fields: &Fields, call: &Call) -> Result<(Option<Turn>, Vec<Turn>), Error> {
    fields.check(FIELDS)?;
    fields.required("model", fields.string("model"))?;
    effort(fields, call.card)?;
    check_tools(fields, false)?;
    let turn = |text: &str| Turn { role: Role::System, name: None, text: text.to_owned() };
    let instructions = fields.string("instructions")?.filter(|text| !text.is_empty()).map(turn);
    let mut turns = match fields.string("previous_response_id")? {
        Some(id) => call.memory.recall(id).ok_or_else(|| not_found(id))?,
        None => Vec::new(),
    };
    turns.extend(input(fields)?);
    Ok((instructions, turns))
}

fn not_found(id: &str) -> Error {
    let message = format!("Previous response with id '{id}' not found.");
    Error::field("previous_response_id", "previous_response_not_found", message)
}

/// How much the model is to think. One that does not refuses whatever is said of that.
fn effort(fields: &Fields, card: &Card) -> Result<Effort, Error> {
    let Some(reasoning) = fields.object("reasoning")? else {
        return Ok(if card.thinks { Effort::default() } else { Effort::None });
    };
    if !card.thinks {
        let names: Vec<_> = reasoning.names().collect();
        openai::refuse(&reasoning, &names)?;
        return Ok(Effort::None);
    }
    reasoning.check(REASONING)?;
    summary(&reasoning)?;
    openai::effort(&reasoning, "effort", |got| {
        let message = format!(
            "Unsupported value: '{got}' is not supported with the '{}' model. {}",
            card.id,
            openai::SUPPORTED
        );
        Error::field("reasoning.effort", "unsupported_value", message)
    })
}

/// Checks how what was thought is to be summed up.
fn summary(reasoning: &Fields) -> Result<(), Error> {
    let allowed = vec!["auto", "concise", "detailed"];
    match reasoning.string("summary")? {
        Some(other) if !allowed.contains(&other) => {
            let got = other.to_owned();
            Err(reasoning.error("summary", Flaw::NoneOf { allowed, got }).into())
        }
        _ => Ok(()),
    }
}

/// Unlike in Chat Completions, not even a default may be said.
fn refuse_while_thinking(fields: &Fields) -> Result<(), Error> {
    openai::refuse(fields, &["temperature", "top_p"])?;
    let place = match includes_logprobs(fields)? {
        true => "include",
        false if fields.get("top_logprobs").is_some() => "top_logprobs",
        false => return Ok(()),
    };
    let message = "logprobs are not supported with reasoning models.";
    Err(Error::field(place, "unsupported_parameter", message.to_owned()))
}

fn form(fields: &Fields) -> Result<Form, Error> {
    let Some(text) = fields.object("text")? else { return Ok(Form::Text) };
    let Some(format) = text.object("format")? else { return Ok(Form::Text) };
    let blamed = ("text.format.schema", Some("invalid_json_schema"));
    match openai::form(&format, &format, blamed)? {
        Form::Json if !mentions_json(fields) => Err(Error {
            param: Some("input".to_owned()),
            ..Error::plain(
                "Response input messages must contain the word 'json' in some form to use \
                 'text.format' of type 'json_object'.",
            )
        }),
        form => Ok(form),
    }
}

fn mentions_json(fields: &Fields) -> bool {
    fields.get("input").is_some_and(|input| input.to_string().to_lowercase().contains("json"))
}

fn includes_logprobs(fields: &Fields) -> Result<bool, Error> {
    let included = fields.items("include")?.unwrap_or_default();
    Ok(included.iter().any(|(_, name)| *name == LOGPROBS))
}

fn candidates(fields: &Fields) -> Result<Option<usize>, Error> {
    let most = fields.integer("top_logprobs", 0, MOST_CANDIDATES)?;
    let asked = includes_logprobs(fields)?;
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
        "reasoning" | "function_call" | "custom_tool_call" => return Ok(None),
        "function_call_output" | "custom_tool_call_output" => {
            let text = content(&fields, "output")?;
            return Ok(Some(Turn { role: Role::Tool, name: None, text }));
        }
        other => {
            let hint = "It reads messages only.";
            let flaw = Flaw::UnsupportedValue { got: format!("'{other}'"), hint };
            return Err(fields.error("type", flaw).into());
        }
    }
    let name = fields.required("role", fields.string("role"))?;
    let role = Role::ALL.iter().find(|(known, _)| *known == name && ROLES.contains(known));
    let role = role.map(|(_, role)| *role).ok_or_else(|| {
        fields.error("role", Flaw::NoneOf { allowed: ROLES.to_vec(), got: name.to_owned() })
    })?;
    Ok(Some(Turn { role, name: None, text: content(&fields, "content")? }))
}

fn content(fields: &Fields, name: &str) -> Result<String, Error> {
    match fields.get(name) {
        None => Err(fields.error(name, Flaw::Missing).into()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Array(_)) => {
            let parts = fields.required(name, fields.items(name))?;
            parts.into_iter().map(|(path, part)| text_part(path, part)).collect()
        }
        Some(other) => {
            let path = fields.path_of(name);
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
            let hint = "It reads text only.";
            let flaw = Flaw::UnsupportedValue { got: format!("'{other}'"), hint };
            Err(fields.error("type", flaw).into())
        }
        other => {
            let allowed = vec!["input_text", "input_image", "output_text", "refusal", "input_file"];
            Err(fields.error("type", Flaw::NoneOf { allowed, got: other.to_owned() }).into())
        }
    }
}
