//! Whether a model thinks before it answers, and whether its thoughts are told.

use serde_json::Value;

use super::error::Error;
use crate::{
    cards::{Card, Effort},
    dialects::{
        effort,
        fields::{Fields, Treatment::Read},
    },
};

const LEVELS: &[&str] = &["minimal", "low", "medium", "high", "xhigh"];
/// The largest budget that may be set.
const MOST_BUDGET: i64 = 24_576;
const LEVEL_TYPE: &str = "type.googleapis.com/google.ai.generativelanguage.v1beta.ThinkingConfig\
    .ThinkingLevel";

/// How much the model is to think, by a level or by a budget of tokens, in which 0 is not at all
/// and -1 is as much as the model likes. One that thinks does so unless it is told not to.
pub fn effort(config: Option<&Fields>, card: &Card) -> Result<Effort, Error> {
    let usual = if card.thinks { Effort::default() } else { Effort::None };
    let thinking = config.map(|config| config.object("thinkingConfig")).transpose()?.flatten();
    let Some(thinking) = thinking else { return Ok(usual) };
    if !card.thinks && thinking.names().next().is_some() {
        let message = format!("Thinking is not enabled for models/{}", card.id);
        return Err(Error::invalid(message));
    }
    thinking.check(&[
        ("includeThoughts", Read),
        ("thinkingBudget", Read),
        ("thinkingLevel", Read),
    ])?;
    thinking.boolean("includeThoughts")?;
    let level = level(&thinking)?;
    let budget = thinking.integer("thinkingBudget", i64::MIN, i64::MAX)?;
    match (level, budget) {
        (Some(_), Some(_)) => {
            Err(Error::invalid("You can only set only one of thinking budget and thinking level."))
        }
        (Some(level), None) => Ok(level),
        (None, Some(budget)) if (-1..=MOST_BUDGET).contains(&budget) => {
            Ok(effort::of_budget(budget))
        }
        (None, Some(budget)) => Err(Error::invalid(format!(
            "The thinking budget {budget} is invalid. Please choose a value between 0 and \
             {MOST_BUDGET}."
        ))),
        (None, None) => Ok(usual),
    }
}

/// A level, in small or in large letters.
fn level(thinking: &Fields) -> Result<Option<Effort>, Error> {
    let Some(name) = thinking.string("thinkingLevel")? else { return Ok(None) };
    let small = name.to_ascii_lowercase();
    let known = effort::of_level(&small).filter(|_| LEVELS.contains(&small.as_str()));
    let place = "generation_config.thinking_config.thinking_level";
    let words = || format!("Invalid value at '{place}' ({LEVEL_TYPE}), {}", Value::from(name));
    known.map(Some).ok_or_else(|| Error::violation(place, words()))
}

/// Whether the thoughts of a reply to this request are told, and not only counted.
pub fn is_told(config: Option<&Fields>) -> Result<bool, Error> {
    let thinking = config.map(|config| config.object("thinkingConfig")).transpose()?.flatten();
    let told = thinking.map(|thinking| thinking.boolean("includeThoughts")).transpose()?.flatten();
    Ok(told.unwrap_or(false))
}
