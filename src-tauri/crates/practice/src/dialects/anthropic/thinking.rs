//! Whether a model thinks before it answers, and whether its thoughts are shown.

use serde_json::Value;

use super::error::Error;
use crate::{
    cards::{Card, Effort},
    dialects::{
        effort,
        fields::{Fields, Flaw, Path, Treatment::Read},
    },
};

const KINDS: &[&str] = &["adaptive", "enabled", "disabled", "between_tools"];
/// The levels of effort.
pub const LEVELS: &[&str] = &["low", "medium", "high", "xhigh", "max"];
const DISPLAYS: &[&str] = &["summarized", "omitted"];
/// The smallest budget that may be set.
const LEAST_BUDGET: i64 = 1024;
/// With thoughts, `top_p` is at least this.
const LEAST_TOP_P: f64 = 0.95;
/// Where the service explains what thinking does not go together with.
const PAGE: &str = "Please consult our documentation at \
    https://docs.claude.com/en/docs/build-with-claude/extended-thinking";

/// How much the model is to think, and the budget of tokens where one is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thinking {
    pub effort: Effort,
    budget: Option<i64>,
}

/// How much a request wants: nothing, by a level (`output_config.effort`), or by a budget. Like
/// the service's newest models, one that thinks does so unless it is told not to; like those
/// before, it takes budgets as well.
pub fn read(fields: &Fields, card: &Card) -> Result<Thinking, Error> {
    let level = level(fields, card)?;
    let of_effort = |effort| Ok(Thinking { effort, budget: None });
    let Some(thinking) = fields.object("thinking")? else {
        return of_effort(if card.thinks { level.unwrap_or_default() } else { Effort::None });
    };
    let kind = thinking.required("type", thinking.string("type"))?;
    if !KINDS.contains(&kind) {
        let flaw = Flaw::NoneOf { allowed: KINDS.to_vec(), got: kind.to_owned() };
        return Err(thinking.error("type", flaw).into());
    }
    match kind {
        "disabled" => of_effort(Effort::None),
        "adaptive" if !card.thinks => {
            Err(Error::invalid("adaptive thinking is not supported on this model"))
        }
        _ if !card.thinks => {
            Err(Error::invalid(format!("'{}' does not support thinking.", card.id)))
        }
        "between_tools" => {
            Err(Error::invalid("\"thinking.type.between_tools\" is not supported for this model."))
        }
        kind => {
            // The service names the kind in the path of what is wrong.
            let path = Path::default().name("thinking").name(kind);
            let thinking = Fields::of(fields.get("thinking").unwrap_or(&Value::Null), path)?;
            let budget = budget(&thinking, kind)?;
            let effort = level.or_else(|| budget.map(effort::of_budget)).unwrap_or_default();
            Ok(Thinking { effort, budget })
        }
    }
}

/// The level of effort, where one is named.
fn level(fields: &Fields, card: &Card) -> Result<Option<Effort>, Error> {
    let Some(config) = fields.object("output_config")? else { return Ok(None) };
    let Some(level) = config.string("effort")? else { return Ok(None) };
    if !card.thinks {
        return Err(Error::invalid("This model does not support the effort parameter."));
    }
    let known = effort::of_level(level).filter(|_| LEVELS.contains(&level));
    let flaw = || Flaw::NoneOf { allowed: LEVELS.to_vec(), got: level.to_owned() };
    known.map(Some).ok_or_else(|| config.error("effort", flaw()).into())
}

fn budget(thinking: &Fields, kind: &str) -> Result<Option<i64>, Error> {
    if let Some(got) = thinking.string("display")?.filter(|display| !DISPLAYS.contains(display)) {
        let flaw = Flaw::NoneOf { allowed: DISPLAYS.to_vec(), got: got.to_owned() };
        return Err(thinking.error("display", flaw).into());
    }
    if kind == "adaptive" {
        thinking.check(&[("type", Read), ("display", Read)])?;
        return Ok(None);
    }
    thinking.check(&[("type", Read), ("display", Read), ("budget_tokens", Read)])?;
    let budget = thinking.integer("budget_tokens", LEAST_BUDGET, i64::MAX);
    Ok(Some(thinking.required("budget_tokens", budget)?))
}

/// Refuses what does not go together with thinking: a budget that leaves no room for an answer,
/// and most of what the parameters of sampling can be.
pub fn check(thinking: Thinking, fields: &Fields, max_tokens: usize) -> Result<(), Error> {
    if thinking.effort == Effort::None {
        return Ok(());
    }
    let room = i64::try_from(max_tokens).unwrap_or(i64::MAX);
    if thinking.budget.is_some_and(|budget| budget >= room) {
        return Err(Error::invalid(format!(
            "`max_tokens` must be greater than `thinking.budget_tokens`. \
             {PAGE}#max-tokens-and-context-window-size"
        )));
    }
    let refused = |words: &str| {
        let anchor = "#important-considerations-when-using-extended-thinking";
        Err(Error::invalid(format!("{words}. {PAGE}{anchor}")))
    };
    if fields.get("temperature").is_some_and(|it| it.as_f64() != Some(1.0)) {
        return refused(
            "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode",
        );
    }
    if fields.get("top_p").is_some_and(|it| it.as_f64().is_some_and(|it| it < LEAST_TOP_P)) {
        return refused(
            "`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled or \
             in adaptive mode",
        );
    }
    if fields.get("top_k").is_some() {
        return refused("`top_k` must be unset when thinking is enabled or in adaptive mode");
    }
    Ok(())
}

/// Whether the thoughts of a reply to this request are shown. Who asks for thinking sees them
/// unless they are to be left out; who does not ask is not shown what the model does anyway.
pub fn is_shown(body: &Value) -> bool {
    let thinking = &body["thinking"];
    match thinking["display"].as_str() {
        Some(display) => display != "omitted",
        None => thinking["type"].is_string(),
    }
}
