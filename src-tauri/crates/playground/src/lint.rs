//! A chat against a model, before it is sent: what would be ignored, what would be refused, and
//! how to mend it with one click.
//!
//! All that it knows is data: the rows of [`models`](crate::models). A refusal is claimed only of a
//! model that has a row, and only where that row comes from: of any other model, and on somebody
//! else's server, what would be refused is worth a notice, even a limit of the whole wire format,
//! since servers that copied it are free to allow more.
//!
//! - [`Recipient`]: who is asked, and what would really be written.
//! - `rules`: one parameter at a time; `sampling` and `reasoning`: those that depend on each other.
//! - `body`: what was written by hand; `format`: JSON and schemas; `size`: limits in tokens; `lifecycle`: models that end.
//! - `words`: what the API would answer; [`Repair`]: what to do about it.

mod body;
mod format;
mod lifecycle;
mod reasoning;
mod recipient;
mod repair;
mod rules;
mod sampling;
mod schema;
mod size;
mod words;

pub use recipient::Recipient;
pub use repair::Repair;
pub use size::{Room, room};

use crate::{
    Chat, Control, Parameters, Provider,
    chat::Effort,
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
    /// What the API would answer, word for word; null where its words are not known, and for all
    /// that is not refused.
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
    Misnamed,
    BelowRange,
    AboveRange,
    TooManyStops,
    BlankStop,
    EmptyStop,
    PrefillEnd,
    Refused,
    Ignored,
    NotEverywhere,
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
    CacheByItself,
    CacheTooShort,
    SystemDoubtful,
    NoJsonMode,
    NoJsonWord,
    SchemaName,
    SchemaRoot,
    SchemaOpen,
    SchemaIncomplete,
    MaxTokensOver,
    NoReply,
    MayBeEmpty,
    PromptTooLong,
    ReplyTooLong,
    MayForget,
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

/// What would become of `chat` if it were sent to `recipient` on `day` (YYYY-MM-DD). The worst
/// comes first.
pub fn lint(
    chat: &Chat,
    recipient: Recipient<'_>,
    day: &str,
    prompt: Option<PromptSize>,
) -> Vec<Finding> {
    let mut findings = judge(chat, recipient, day, prompt);
    let refused = controls_refused(&findings);
    for finding in findings.iter_mut().filter(|finding| finding.repairs.len() > 1) {
        let brings_none = |repair: &Repair| {
            let (mut mended, mut model) = (chat.clone(), recipient.model.to_owned());
            repair.apply(&mut mended, &mut model);
            let left = judge(&mended, recipient, day, prompt);
            controls_refused(&left).iter().all(|control| refused.contains(control))
        };
        // What would only lead from one refusal to another is no help where there is a better way.
        let (good, other): (Vec<_>, Vec<_>) = finding.repairs.drain(..).partition(brings_none);
        finding.repairs = if good.is_empty() { other } else { good };
    }
    findings
}

/// What can be said of a body that was edited by hand, and is sent as it stands.
pub fn lint_body(body: &str, recipient: Recipient<'_>, day: &str) -> Vec<Finding> {
    let chat = Chat::default();
    let Some(mut lint) = Lint::new(&chat, recipient, day, None) else { return Vec::new() };
    lint.lifecycle();
    lint.names(body);
    let mut findings = lint.findings;
    findings.sort_by_key(|finding| finding.level);
    findings
}

fn controls_refused(findings: &[Finding]) -> Vec<Option<Control>> {
    let refusals = findings.iter().filter(|finding| finding.level == Level::Refused);
    refusals.map(|finding| finding.control).collect()
}

fn judge(
    chat: &Chat,
    recipient: Recipient<'_>,
    day: &str,
    prompt: Option<PromptSize>,
) -> Vec<Finding> {
    let Some(mut lint) = Lint::new(chat, recipient, day, prompt) else { return Vec::new() };
    lint.lifecycle();
    lint.parameters();
    lint.sampling();
    lint.reasoning();
    lint.response_format();
    lint.size();
    let mut findings = lint.findings;
    findings.sort_by_key(|finding| finding.level);
    findings
}

/// What is judged, and what has been found so far.
struct Lint<'a> {
    chat: &'a Chat,
    parameters: &'a Parameters,
    recipient: Recipient<'a>,
    written: Vec<Control>,
    day: &'a str,
    prompt: Option<PromptSize>,
    format: &'static Format,
    /// The row of the model that is asked.
    named: Option<&'static Model>,
    /// The row of the model that will answer.
    model: Option<&'static Model>,
    /// Whether that row holds here for certain.
    is_home: bool,
    family: Option<&'static Family>,
    /// What is refused, or would be at home.
    refused: Vec<Control>,
    findings: Vec<Finding>,
}

impl<'a> Lint<'a> {
    fn new(
        chat: &'a Chat,
        recipient: Recipient<'a>,
        day: &'a str,
        prompt: Option<PromptSize>,
    ) -> Option<Lint<'a>> {
        let (named, is_home) = recipient.row().unzip();
        let model = named.map(|named: &'static Model| named.answered_by(day));
        Some(Lint {
            chat,
            parameters: &chat.parameters,
            written: recipient.written(&chat.parameters),
            recipient,
            day,
            prompt,
            format: models::format(recipient.dialect.id())?,
            named,
            model,
            is_home: is_home.unwrap_or(false),
            family: model.map(Model::family),
            refused: Vec::new(),
            findings: Vec::new(),
        })
    }

    /// Whether a parameter is set and will be written.
    fn sends(&self, control: Control) -> bool {
        self.written.contains(&control)
    }

    /// Whether a parameter is refused already: one reason is enough.
    fn refuses(&self, control: Control) -> bool {
        self.refused.contains(&control)
    }

    /// The efforts that the model may take; `None` where that is not known.
    fn own_efforts(&self) -> Option<&'static [Effort]> {
        self.family.and_then(|family| family.efforts(&self.format.id))
    }

    /// The longest reply that the model may be asked for, where that is known.
    fn max_output(&self) -> Option<u32> {
        let model = self.model?;
        let has_window = model.family().window_limits_in.contains(&self.format.id);
        model.max_output.or(model.context_window.filter(|_| has_window))
    }

    /// What people call the model.
    fn name(&self) -> &'a str {
        self.model.map_or(self.recipient.model, |model| &model.name)
    }

    /// Adds a finding. Where nothing is certain, what is refused elsewhere is only worth a notice.
    fn add(&mut self, mut finding: Finding) {
        let is_refused = finding.level == Level::Refused;
        self.refused.extend(finding.control.filter(|_| is_refused));
        if is_refused && !self.is_home {
            finding.level = Level::Notice;
            finding.says = None;
            let home = self.model.and_then(|model| Provider::find(&model.provider));
            let is_other = |it: &&Provider| !it.is_custom() && it.id != self.recipient.provider.id;
            if let Some(home) = home.filter(is_other) {
                finding.why = format!("At {}: {}", home.name, finding.why);
            }
        }
        self.findings.push(finding);
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
