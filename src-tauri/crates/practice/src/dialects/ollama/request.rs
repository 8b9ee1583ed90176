//! A request body, read as Ollama reads it: what it does not know it does not see.

use serde_json::Value;

use super::error::Error;
use crate::{
    dialects::{
        Ask,
        fields::{Fields, Flaw, Path},
    },
    form::Form,
    model::{self, CONTEXT_WINDOW, Role, Turn},
};

/// More stop texts than anybody needs.
const MOST_STOPS: usize = 1000;
const MOST_CANDIDATES: i64 = 20;

/// A request to `/api/chat`.
pub fn chat(body: &Value) -> Result<Ask, Error> {
    let fields = Fields::of(body, Path::default())?;
    let messages = fields.items("messages")?.unwrap_or_default();
    let turns = messages.into_iter().map(|(path, message)| turn(path, message));
    asked(&fields, turns.collect::<Result<_, _>>()?)
}

/// A request to `/api/generate`.
pub fn generate(body: &Value) -> Result<Ask, Error> {
    let fields = Fields::of(body, Path::default())?;
    refuse_images(&fields)?;
    if fields.string("suffix")?.is_some_and(|suffix| !suffix.is_empty()) {
        return Err(lacks("insert"));
    }
    let system = fields.string("system")?.filter(|text| !text.is_empty());
    let prompt = fields.string("prompt")?.filter(|text| !text.is_empty());
    let turn = |role, text: &str| Turn { role, name: None, text: text.to_owned() };
    let user = prompt.map(|text| turn(Role::User, text));
    let system = system.filter(|_| user.is_some()).map(|text| turn(Role::System, text));
    asked(&fields, system.into_iter().chain(user).collect())
}

/// What both kinds of request have.
fn asked(fields: &Fields, turns: Vec<Turn>) -> Result<Ask, Error> {
    fields.required("model", fields.string("model"))?;
    check_abilities(fields)?;
    let options = fields.object("options")?;
    let (limit, window, stop) = options.map_or_else(|| Ok(Default::default()), limits)?;
    Ok(Ask {
        stream: fields.boolean("stream")?.unwrap_or(true),
        max_tokens: limit,
        clamp: true,
        stop,
        // Without a prompt the model is loaded, and says nothing.
        choices: usize::from(!turns.is_empty()),
        prefill: true,
        form: form(fields)?,
        candidates: candidates(fields)?,
        window: Some(window.unwrap_or(CONTEXT_WINDOW).min(CONTEXT_WINDOW)),
        turns,
        ..Ask::default()
    })
}

/// Refuses what practice-1 cannot do, as a model without that ability is refused.
fn check_abilities(fields: &Fields) -> Result<(), Error> {
    if fields.get("think").is_some_and(|think| *think != false) {
        return Err(lacks("thinking"));
    }
    if fields.items("tools")?.is_some_and(|tools| !tools.is_empty()) {
        return Err(lacks("tools"));
    }
    Ok(())
}

fn form(fields: &Fields) -> Result<Form, Error> {
    match fields.get("format") {
        None => Ok(Form::Text),
        Some(Value::String(name)) if name.is_empty() => Ok(Form::Text),
        Some(Value::String(name)) if name == "json" => Ok(Form::Json),
        Some(schema @ Value::Object(_)) => Ok(Form::Schema(schema.clone())),
        Some(other) => Err(Error::invalid(format!(
            "invalid format: {other}; expected \"json\" or a valid JSON Schema object"
        ))),
    }
}

/// A model without an ability, as Ollama tells it.
fn lacks(ability: &str) -> Error {
    Error::invalid(format!("\"{}\" does not support {ability}", model::ID))
}

fn refuse_images(fields: &Fields) -> Result<(), Error> {
    let has_images = fields.items("images")?.is_some_and(|images| !images.is_empty());
    let refusal = || Error::invalid("this model is missing data required for image input");
    if has_images { Err(refusal()) } else { Ok(()) }
}

type Limits = (Option<usize>, Option<usize>, Vec<String>);

/// `num_predict`, `num_ctx` and `stop`; what would shape the choice of tokens is only checked.
fn limits(options: Fields) -> Result<Limits, Error> {
    for name in [
        "temperature",
        "top_p",
        "min_p",
        "typical_p",
        "repeat_penalty",
        "presence_penalty",
        "frequency_penalty",
    ] {
        options.decimal(name, f64::MIN, f64::MAX)?;
    }
    for name in ["top_k", "seed", "repeat_last_n"] {
        options.integer(name, i64::MIN, i64::MAX)?;
    }
    let positive = |name| -> Result<Option<usize>, Error> {
        let number = options.integer(name, i64::MIN, i64::MAX)?;
        Ok(number.filter(|number| *number > 0).map(|number| number.unsigned_abs() as usize))
    };
    let stop = options.texts("stop", MOST_STOPS, false)?;
    Ok((positive("num_predict")?, positive("num_ctx")?, stop))
}

fn candidates(fields: &Fields) -> Result<Option<usize>, Error> {
    let logprobs = fields.boolean("logprobs")?.unwrap_or(false);
    let most = fields.integer("top_logprobs", i64::MIN, i64::MAX)?.unwrap_or(0);
    if !(0..=MOST_CANDIDATES).contains(&most) {
        let text = format!("top_logprobs must be between 0 and {MOST_CANDIDATES}");
        return Err(Error::invalid(text));
    }
    Ok(logprobs.then_some(most.unsigned_abs() as usize))
}

fn turn(path: Path, message: &Value) -> Result<Turn, Error> {
    const ROLES: &[&str] = &["user", "assistant", "system", "tool"];
    let fields = Fields::of(message, path)?;
    let name = fields.required("role", fields.string("role"))?;
    let role = Role::ALL.iter().find(|(known, _)| *known == name && ROLES.contains(known));
    let role = role.map(|(_, role)| *role).ok_or_else(|| {
        fields.error("role", Flaw::NoneOf { allowed: ROLES.to_vec(), got: name.to_owned() })
    })?;
    refuse_images(&fields)?;
    let text = fields.string("content")?.unwrap_or_default().to_owned();
    Ok(Turn { role, name: None, text })
}
