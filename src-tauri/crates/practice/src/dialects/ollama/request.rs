//! A request body, read as Ollama reads it: what it does not know it does not see.

use serde_json::Value;

use super::error::Error;
use crate::{
    dialects::{
        Ask,
        fields::{Fields, Flaw, Path},
    },
    model::{self, CONTEXT_WINDOW, Role, Turn},
};

/// More stop texts than anybody needs.
const MOST_STOPS: usize = 1000;
const MOST_CANDIDATES: i64 = 20;

pub fn ask(body: &Value) -> Result<Ask, Error> {
    let fields = Fields::of(body, Path::default())?;
    fields.required("model", fields.string("model"))?;
    check_abilities(&fields)?;
    let turns = match fields.items("messages")? {
        Some(messages) => messages.into_iter().map(|(path, message)| turn(path, message)).collect(),
        None => Ok(Vec::new()),
    }?;
    let options = fields.object("options")?;
    let (limit, window, stop) = options.map_or_else(|| Ok(Default::default()), limits)?;
    Ok(Ask {
        stream: fields.boolean("stream")?.unwrap_or(true),
        max_tokens: limit,
        clamp: true,
        stop,
        // Without a message the model is loaded, and says nothing.
        choices: usize::from(!turns.is_empty()),
        prefill: true,
        candidates: candidates(&fields)?,
        window: Some(window.unwrap_or(CONTEXT_WINDOW).min(CONTEXT_WINDOW)),
        turns,
        ..Ask::default()
    })
}

/// Refuses what practice-1 cannot do, as a model without that ability is refused.
fn check_abilities(fields: &Fields) -> Result<(), Error> {
    let lacks = |ability: &str| {
        Err(Error::invalid(format!("\"{}\" does not support {ability}", model::ID)))
    };
    if fields.get("think").is_some_and(|think| *think != false) {
        return lacks("thinking");
    }
    if fields.items("tools")?.is_some_and(|tools| !tools.is_empty()) {
        return lacks("tools");
    }
    if fields.get("format").is_some_and(|format| *format != "") {
        return lacks("format: it answers in plain text");
    }
    Ok(())
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
    if fields.items("images")?.is_some_and(|images| !images.is_empty()) {
        return Err(Error::invalid(format!("\"{}\" does not support vision", model::ID)));
    }
    let text = fields.string("content")?.unwrap_or_default().to_owned();
    Ok(Turn { role, name: None, text })
}
