//! A request body, read as Ollama reads it: what it does not know it does not see.

use serde_json::Value;

use super::error::Error;
use crate::{
    cards::{Card, Effort},
    dialects::{
        Ask, effort,
        fields::{Fields, Flaw, Path},
    },
    form::Form,
    model::{Role, Turn},
    sampling::Sampling,
};

/// More stop texts than anybody needs.
const MOST_STOPS: usize = 1000;
const MOST_CANDIDATES: i64 = 20;

/// A request to `/api/chat`.
pub fn chat(body: &Value, card: &Card) -> Result<Ask, Error> {
    let fields = Fields::of(body, Path::default())?;
    let messages = fields.items("messages")?.unwrap_or_default();
    let turns = messages.into_iter().map(|(path, message)| turn(path, message));
    asked(&fields, card, turns.collect::<Result<_, _>>()?)
}

/// A request to `/api/generate`.
pub fn generate(body: &Value, card: &Card) -> Result<Ask, Error> {
    let fields = Fields::of(body, Path::default())?;
    refuse_images(&fields)?;
    if fields.string("suffix")?.is_some_and(|suffix| !suffix.is_empty()) {
        return Err(lacks(card, "insert"));
    }
    let system = fields.string("system")?.filter(|text| !text.is_empty());
    let prompt = fields.string("prompt")?.filter(|text| !text.is_empty());
    let turn = |role, text: &str| Turn { role, name: None, text: text.to_owned() };
    let user = prompt.map(|text| turn(Role::User, text));
    let system = system.filter(|_| user.is_some()).map(|text| turn(Role::System, text));
    asked(&fields, card, system.into_iter().chain(user).collect())
}

/// What both kinds of request have.
fn asked(fields: &Fields, card: &Card, turns: Vec<Turn>) -> Result<Ask, Error> {
    fields.required("model", fields.string("model"))?;
    let effort = effort(fields, card)?;
    if fields.items("tools")?.is_some_and(|tools| !tools.is_empty()) {
        return Err(lacks(card, "tools"));
    }
    let window = card.window;
    let sampling = Sampling { temperature: card.temperature, ..Sampling::default() };
    let ask = Ask { window: Some(window), clamp: true, prefill: true, sampling, ..Ask::default() };
    let ask = match fields.object("options")? {
        Some(options) => shaped(&options, ask)?,
        None => ask,
    };
    Ok(Ask {
        stream: fields.boolean("stream")?.unwrap_or(true),
        effort,
        // Without a prompt the model is loaded, and says nothing.
        choices: usize::from(!turns.is_empty()),
        form: form(fields)?,
        candidates: candidates(fields)?,
        turns,
        ..ask
    })
}

/// How much the model is to think; one that can does so unless it is told not to. Of the
/// levels, `medium` is the same as `low`, and `max` the same as `high`.
fn effort(fields: &Fields, card: &Card) -> Result<Effort, Error> {
    const LEVELS: &[&str] = &["low", "medium", "high", "max"];
    let level = match fields.get("think") {
        None if card.thinks => return Ok(Effort::default()),
        None | Some(Value::Bool(false)) => return Ok(Effort::None),
        Some(Value::Bool(true)) => Effort::default(),
        Some(Value::String(level)) => {
            let known = effort::of_level(level).filter(|_| LEVELS.contains(&level.as_str()));
            known.ok_or_else(|| {
                Error::invalid(format!(
                    "invalid think value: \"{level}\" (must be \"high\", \"medium\", \"low\", \
                     \"max\", true, or false)"
                ))
            })?
        }
        Some(_) => {
            return Err(Error::invalid(
                "think must be a boolean or string (\"high\", \"medium\", \"low\", \"max\", true, \
                 or false)",
            ));
        }
    };
    if card.thinks { Ok(level) } else { Err(lacks(card, "thinking")) }
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
fn lacks(card: &Card, ability: &str) -> Error {
    Error::invalid(format!("\"{}\" does not support {ability}", card.id))
}

fn refuse_images(fields: &Fields) -> Result<(), Error> {
    let has_images = fields.items("images")?.is_some_and(|images| !images.is_empty());
    let refusal = || Error::invalid("this model is missing data required for image input");
    if has_images { Err(refusal()) } else { Ok(()) }
}

/// Sets what the options ask for.
fn shaped(options: &Fields, ask: Ask) -> Result<Ask, Error> {
    let positive = |name| -> Result<Option<usize>, Error> {
        let number = options.integer(name, i64::MIN, i64::MAX)?;
        Ok(number.filter(|number| *number > 0).map(|number| number.unsigned_abs() as usize))
    };
    let most = ask.window.unwrap_or(usize::MAX);
    Ok(Ask {
        max_tokens: positive("num_predict")?,
        window: Some(positive("num_ctx")?.unwrap_or(most).min(most)),
        stop: options.texts("stop", MOST_STOPS, false)?,
        sampling: Sampling { top_k: positive("top_k")?, ..sampling(options, ask.sampling)? },
        ..ask
    })
}

/// The parameters that shape the choice of tokens. As in Ollama, one that is out of its range
/// counts as the nearest that is not, and a seed of -1 is none.
///
/// `repeat_penalty` becomes a presence penalty of its logarithm: every token that has been said
/// is that many times less likely. Ollama divides or multiplies its logits, which only makes
/// sense for a model whose logits have a zero of their own. `typical_p` and `repeat_last_n` are
/// only checked: nothing here works so, and penalties look at the whole reply.
fn sampling(options: &Fields, usual: Sampling) -> Result<Sampling, Error> {
    let decimal = |name| options.decimal(name, f64::MIN, f64::MAX);
    decimal("typical_p")?;
    options.integer("repeat_last_n", i64::MIN, i64::MAX)?;
    let repetition = decimal("repeat_penalty")?.filter(|penalty| *penalty > 0.0);
    let seed = options.integer("seed", i64::MIN, i64::MAX)?.filter(|seed| *seed != -1);
    let presence_penalty = decimal("presence_penalty")?.unwrap_or(usual.presence_penalty);
    Ok(Sampling {
        temperature: decimal("temperature")?.unwrap_or(usual.temperature).max(0.0),
        top_p: decimal("top_p")?.unwrap_or(usual.top_p).clamp(0.0, 1.0),
        min_p: decimal("min_p")?.unwrap_or(usual.min_p).clamp(0.0, 1.0),
        frequency_penalty: decimal("frequency_penalty")?.unwrap_or(usual.frequency_penalty),
        presence_penalty: presence_penalty + repetition.map_or(0.0, f64::ln),
        seed: seed.map(i64::cast_unsigned),
        ..usual
    })
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

#[cfg(test)]
mod tests;
