//! A chat against a model, before it is sent: what would be ignored, what would be refused, and
//! how to mend it with one click.
//!
//! All that it knows is data: the rows of [`models`](crate::models). Of a model that has no row
//! it never claims a refusal; it then says only what the wire format lacks, or limits for all.
//!
//! - `rules`: one parameter at a time; `sampling` and `reasoning`: those that depend on each other.
//! - `size`: limits in tokens; `lifecycle`: models that end.
//! - `words`: what the API would answer; [`Repair`]: what to do about it.

mod lifecycle;
mod reasoning;
mod repair;
mod rules;
mod sampling;
mod size;
mod words;

pub use repair::Repair;

use crate::{
    Chat, Control, Parameters, Provider,
    dialects::find as find_dialect,
    models::{self, Family, Format, Model},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something that a person should know before sending.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Finding {
    /// What was broken.
    pub rule: Rule,
    /// The parameter that it is about; null if it is about the model or the messages.
    pub control: Option<Control>,
    /// What will happen.
    pub level: Level,
    /// The sentence in which the API refuses, where its words are known.
    pub says: Option<String>,
    /// Why, in a sentence of ours.
    pub why: String,
    /// What would mend it; each is enough alone.
    pub repairs: Vec<Repair>,
}

/// What will happen, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Level {
    /// The call will fail.
    Refused,
    /// The call may not do what was meant.
    Notice,
    /// A parameter will change nothing.
    Ignored,
}

/// What can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
#[allow(missing_docs, reason = "each finding says in words what it is")]
pub enum Rule {
    NotSent,
    BelowRange,
    AboveRange,
    TooManyStops,
    BlankStop,
    Refused,
    Ignored,
    SamplingIgnored,
    SamplingDefault,
    SamplingRefused,
    SamplingNeedsNoEffort,
    SamplingWithThinking,
    BothSampling,
    EffortUnknown,
    EffortAndBudget,
    AdaptiveRefused,
    BudgetOverLimit,
    DoesNotReason,
    CacheRetention,
    CacheTooShort,
    NoJsonWord,
    SchemaName,
    MaxTokensOver,
    PromptTooLong,
    ReplyTooLong,
    Retired,
    Rerouted,
    RetiresSoon,
}

/// How long the prompt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct PromptSize {
    /// In tokens.
    pub tokens: u32,
    /// Whether that is the model's own count. If not, nothing is refused because of it.
    pub exact: bool,
}

/// What would become of `chat` if it were sent to `model` in the wire format `dialect` on `day`
/// (YYYY-MM-DD). The worst comes first.
pub fn lint(
    chat: &Chat,
    model: &str,
    dialect: &str,
    day: &str,
    prompt: Option<PromptSize>,
) -> Vec<Finding> {
    let Some(mut lint) = Lint::new(chat, model, dialect, day, prompt) else { return Vec::new() };
    lint.lifecycle();
    lint.parameters();
    lint.sampling();
    lint.reasoning();
    lint.size();
    let mut findings = lint.findings;
    findings.sort_by_key(|finding| finding.level);
    findings
}

/// What is judged, and what has been found so far.
struct Lint<'a> {
    chat: &'a Chat,
    parameters: &'a Parameters,
    id: &'a str,
    day: &'a str,
    prompt: Option<PromptSize>,
    format: &'static Format,
    controls: &'static [Control],
    /// The row of `id`.
    named: Option<&'static Model>,
    /// The row of the model that will answer.
    model: Option<&'static Model>,
    family: Option<&'static Family>,
    findings: Vec<Finding>,
}

impl<'a> Lint<'a> {
    fn new(
        chat: &'a Chat,
        id: &'a str,
        dialect: &str,
        day: &'a str,
        prompt: Option<PromptSize>,
    ) -> Option<Lint<'a>> {
        let format = models::format(dialect)?;
        let controls = find_dialect(dialect)?.controls();
        let speaks = |model: &&Model| {
            let provider = Provider::find(&model.provider);
            provider.is_some_and(|it| it.dialect(Some(dialect)).is_some())
        };
        let named = models::find(id).filter(speaks);
        let model = named.map(|model| match &model.replacement {
            Some(other) if model.rerouted && model.is_gone(day) => {
                models::find(other).unwrap_or(model)
            }
            _ => model,
        });
        let family = model.map(Model::family);
        let (parameters, findings) = (&chat.parameters, Vec::new());
        Some(Lint {
            chat,
            parameters,
            id,
            day,
            prompt,
            format,
            controls,
            named,
            model,
            family,
            findings,
        })
    }

    /// Whether a parameter is set and will be written.
    fn sends(&self, control: Control) -> bool {
        self.parameters.is_set(control) && self.controls.contains(&control)
    }

    fn refuses(&self, control: Control) -> bool {
        let is_that = |it: &Finding| it.control == Some(control) && it.level == Level::Refused;
        self.findings.iter().any(is_that)
    }

    /// What people call the model.
    fn name(&self) -> &'a str {
        self.model.map_or(self.id, |model| &model.name)
    }

    /// Adds a finding. Without a row, what would be refused elsewhere is only worth a notice.
    fn add(&mut self, finding: Finding) {
        let claims = finding.level == Level::Refused;
        self.findings.push(match claims && self.model.is_none() {
            true => Finding { level: Level::Notice, says: None, ..finding },
            false => finding,
        });
    }

    fn ignored(&mut self, rule: Rule, control: Control, why: String) {
        let repairs = vec![Repair::Drop { control }];
        let (control, level) = (Some(control), Level::Ignored);
        self.add(Finding { rule, control, level, says: None, why, repairs });
    }

    fn refused(
        &mut self,
        rule: Rule,
        control: Control,
        values: &[(&str, String)],
        why: String,
        repairs: Vec<Repair>,
    ) {
        let says = self.says(rule, Some(control), values);
        let (control, level) = (Some(control), Level::Refused);
        self.add(Finding { rule, control, level, says, why, repairs });
    }

    fn notice(&mut self, rule: Rule, control: Option<Control>, why: String, repairs: Vec<Repair>) {
        self.add(Finding { rule, control, level: Level::Notice, says: None, why, repairs });
    }
}

#[cfg(test)]
mod tests;
