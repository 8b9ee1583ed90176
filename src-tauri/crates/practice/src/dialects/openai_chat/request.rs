//! A request body, checked as OpenAI checks it.

use serde_json::Value;

use crate::{
    cards::{Card, Effort},
    dialects::{
        Ask, Call,
        fields::{
            Expected, FieldError, Fields, Flaw, Path,
            Treatment::{self, Ignored, Read, Unsupported},
        },
        openai::{self, Error, MOST_CANDIDATES, MOST_CHOICES, check_tools},
    },
    form::Form,
    model::{Role, Turn},
};

const MOST_STOPS: usize = 4;

/// What every model that thinks refuses.
const REFUSED_BY_THINKERS: &[&str] = &["frequency_penalty", "presence_penalty", "logit_bias"];
/// What such a model refuses while it thinks, besides a temperature and a top_p.
const REFUSED_WHILE_THINKING: &[&str] = &["top_logprobs", "min_p", "top_k"];

/// Every field of OpenAI's request, and two of others'; any other is unknown.
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
    ("logit_bias", Read),
    ("n", Read),
    ("seed", Read),
    ("logprobs", Read),
    ("top_logprobs", Read),
    ("reasoning_effort", Read),
    ("response_format", Read),
    ("modalities", Read),
    ("parallel_tool_calls", Read),
    ("tool_choice", Read),
    ("tools", Read),
    ("stream", Read),
    ("stream_options", Read),
    ("metadata", Ignored),
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
    ("moderation", Unsupported),
    ("web_search_options", Unsupported),
    // Of servers that copied the format: vLLM, llama.cpp, LM Studio.
    ("min_p", Read),
    ("top_k", Read),
];

pub fn ask(call: &Call) -> Result<Ask, Error> {
    let fields = Fields::of(call.body, Path::default())?;
    fields.check(FIELDS)?;
    let effort = effort(&fields, call.card)?;
    let sampling = openai::sampling(&fields, call.card)?;
    check_tools(&fields, true)?;
    check_modalities(&fields)?;
    fields.string("model")?.ok_or_else(|| Error::plain("you must provide a model parameter"))?;
    let stream = fields.boolean("stream")?.unwrap_or(false);
    Ok(Ask {
        turns: turns(&fields)?,
        stream,
        max_tokens: max_tokens(&fields)?,
        stop: fields.texts("stop", MOST_STOPS, true)?,
        sampling,
        effort,
        choices: fields.integer("n", 1, MOST_CHOICES)?.map_or(1, |n| n.unsigned_abs() as usize),
        candidates: candidates(&fields)?,
        include_usage: include_usage(&fields, stream)?,
        form: form(&fields)?,
        ..Ask::default()
    })
}

/// How much the model is to think; refuses what does not go with that.
fn effort(fields: &Fields, card: &Card) -> Result<Effort, Error> {
    const NAME: &str = "reasoning_effort";
    if !card.thinks {
        openai::refuse(fields, &[NAME])?;
        return Ok(Effort::None);
    }
    if fields.get("max_tokens").is_some() {
        let message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use \
                       'max_completion_tokens' instead.";
        return Err(Error::field("max_tokens", "unsupported_parameter", message.to_owned()));
    }
    openai::refuse(fields, REFUSED_BY_THINKERS)?;
    let unsupported = |got: &str| {
        let flaw = Flaw::UnsupportedValue { got: format!("'{got}'"), hint: openai::SUPPORTED };
        fields.error(NAME, flaw).into()
    };
    let effort = openai::effort(fields, NAME, unsupported)?;
    if openai::thinks(card, effort) {
        refuse_while_thinking(fields)?;
    }
    Ok(effort)
}

/// A default may be said, whatever else is refused.
fn refuse_while_thinking(fields: &Fields) -> Result<(), Error> {
    let other = |name: &str| fields.get(name).filter(|it| it.as_f64().is_some_and(|it| it != 1.0));
    if let Some(temperature) = other("temperature") {
        let hint = "Only the default (1) value is supported.";
        let flaw = Flaw::UnsupportedValue { got: temperature.to_string(), hint };
        return Err(fields.error("temperature", flaw).into());
    }
    if other("top_p").is_some() {
        return Err(fields.error("top_p", Flaw::Unsupported).into());
    }
    if fields.boolean("logprobs")? == Some(true) {
        return Err(fields.error("logprobs", Flaw::Unsupported).into());
    }
    openai::refuse(fields, REFUSED_WHILE_THINKING)
}

fn check_modalities(fields: &Fields) -> Result<(), Error> {
    let asked = fields.items("modalities")?.unwrap_or_default();
    match asked.into_iter().find(|(_, kind)| **kind != "text") {
        Some((path, kind)) => {
            let hint = "It answers in text.";
            let flaw = Flaw::UnsupportedValue { got: kind.to_string().replace('"', "'"), hint };
            Err(FieldError { path, flaw }.into())
        }
        None => Ok(()),
    }
}

fn form(fields: &Fields) -> Result<Form, Error> {
    let Some(format) = fields.object("response_format")? else { return Ok(Form::Text) };
    let named = match format.get("type") {
        Some(kind) if kind == "json_schema" => {
            format.required("json_schema", format.object("json_schema"))?
        }
        _ => format.clone(),
    };
    match openai::form(&format, &named, ("response_format", None))? {
        Form::Json if !mentions_json(fields) => Err(Error {
            param: Some("messages".to_owned()),
            ..Error::plain(
                "'messages' must contain the word 'json' in some form, to use 'response_format' \
                 of type 'json_object'.",
            )
        }),
        form => Ok(form),
    }
}

fn mentions_json(fields: &Fields) -> bool {
    fields.get("messages").is_some_and(|it| it.to_string().to_lowercase().contains("json"))
}

fn candidates(fields: &Fields) -> Result<Option<usize>, Error> {
    let logprobs = fields.boolean("logprobs")?.unwrap_or(false);
    let candidates = fields.integer("top_logprobs", 0, MOST_CANDIDATES)?;
    if candidates.is_some() && !logprobs {
        let message = "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.";
        return Err(only_with("top_logprobs", message));
    }
    Ok(logprobs.then(|| candidates.unwrap_or(0).unsigned_abs() as usize))
}

fn include_usage(fields: &Fields, stream: bool) -> Result<bool, Error> {
    let Some(options) = fields.object("stream_options")? else { return Ok(false) };
    if !stream {
        let message = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
        return Err(only_with("stream_options", message));
    }
    options.boolean("include_obfuscation")?;
    Ok(options.boolean("include_usage")?.unwrap_or(false))
}

fn only_with(param: &str, message: &str) -> Error {
    Error { param: Some(param.to_owned()), ..Error::plain(message) }
}

fn max_tokens(fields: &Fields) -> Result<Option<usize>, Error> {
    let old = fields.count("max_tokens", 1)?;
    let new = fields.count("max_completion_tokens", 1)?;
    if old.is_some() && new.is_some() {
        let message =
            "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.";
        let code = "invalid_parameter_combination";
        return Err(Error::field("max_tokens", code, message.to_owned()));
    }
    Ok(old.or(new))
}

fn turns(fields: &Fields) -> Result<Vec<Turn>, Error> {
    let messages = fields.required("messages", fields.items("messages"))?;
    if messages.is_empty() {
        return Err(fields.error("messages", Flaw::Empty { array: true }).into());
    }
    messages.into_iter().map(|(path, message)| turn(path, message)).collect()
}

fn turn(path: Path, message: &Value) -> Result<Turn, Error> {
    let fields = Fields::of(message, path)?;
    let name = fields.required("role", fields.string("role"))?;
    let role = Role::ALL.iter().find(|(known, _)| *known == name).map(|(_, role)| *role);
    let role = role.ok_or_else(|| {
        let allowed = Role::ALL.iter().map(|(name, _)| *name).collect();
        fields.error("role", Flaw::NoneOf { allowed, got: name.to_owned() })
    })?;
    let name = fields.string("name")?.map(str::to_owned);
    Ok(Turn { role, name, text: content(&fields, role)? })
}

fn content(fields: &Fields, role: Role) -> Result<String, Error> {
    match fields.get("content") {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Array(_)) => {
            let parts = fields.required("content", fields.items("content"))?;
            parts.into_iter().map(|(path, part)| text_part(path, part)).collect()
        }
        Some(other) => {
            let path = fields.path_of("content");
            Err(FieldError::wrong_type(path, Expected::StringOrObjects, other).into())
        }
        None if role == Role::Assistant => Ok(String::new()),
        None => Err(fields.error("content", Flaw::Missing).into()),
    }
}

fn text_part(path: Path, part: &Value) -> Result<String, Error> {
    let fields = Fields::of(part, path)?;
    match fields.required("type", fields.string("type"))? {
        "text" => Ok(fields.required("text", fields.string("text"))?.to_owned()),
        other @ ("image_url" | "input_audio" | "file" | "refusal") => Err(Error {
            param: Some(fields.path_of("type").bracketed()),
            ..Error::plain(format!(
                "Invalid content type. {other} is only supported by certain models."
            ))
        }),
        other => {
            let allowed = vec!["text", "image_url", "input_audio", "refusal", "file"];
            Err(fields.error("type", Flaw::NoneOf { allowed, got: other.to_owned() }).into())
        }
    }
}
