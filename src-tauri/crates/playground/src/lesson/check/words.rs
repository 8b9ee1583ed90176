//! What a pattern wants, and what a run was instead, in words.

use super::{
    Aspect, Atom, Condition, Pattern, Replies,
    aspect::{Whole, value},
    atom::SystemWish,
};
use crate::{
    FinishReason,
    chat::Control,
    lesson::facts::{RunEnd, RunFacts},
};

impl Pattern {
    /// What is wanted, to stand behind "a run that".
    pub(super) fn wanted(&self) -> String {
        let mut wishes: Vec<String> = self.atoms.iter().map(Atom::wanted).collect();
        wishes.extend(relation(&self.same, "has the same", "as the one before"));
        wishes.extend(relation(&self.differ, "has another", "than the one before"));
        match joined(&wishes) {
            wishes if wishes.is_empty() => "is yours".into(),
            wishes => wishes,
        }
    }

    /// What a run is instead, to stand behind "Your last run"; none if it fits by itself.
    pub(super) fn instead(&self, run: &RunFacts) -> Option<String> {
        self.atoms.iter().find(|atom| !atom.holds(run)).map(|atom| atom.instead(run))
    }

    /// In what a run fails to stand to an earlier one as it has to.
    pub(super) fn instead_of(&self, earlier: &RunFacts, run: &RunFacts) -> Option<String> {
        let same = self.same.iter().find(|it| !it.is_same(earlier, run));
        let other = self.differ.iter().find(|it| it.is_same(earlier, run));
        match (same, other) {
            (Some(aspect), _) => Some(format!("had another {} than the one before", aspect.name())),
            (None, Some(aspect)) => {
                Some(format!("had the same {} as the one before", aspect.name()))
            }
            (None, None) => None,
        }
    }

    /// How often, and with which replies.
    pub(super) fn repetition(&self, so_far: usize) -> Option<String> {
        if self.times <= 1 {
            return None;
        }
        let replies = match self.replies {
            Some(Replies::Alike) => ", each time with the same reply",
            Some(Replies::Varied) => ", and not always with the same reply",
            None => "",
        };
        Some(format!("the very same call {} times{replies}; so far {so_far}", self.times))
    }
}

impl Aspect {
    fn name(self) -> String {
        match self {
            Aspect::Whole(Whole::Message) => "message".into(),
            Aspect::Whole(Whole::System) => "system message".into(),
            Aspect::Whole(Whole::History) => "past".into(),
            Aspect::Whole(Whole::Model) => "model".into(),
            Aspect::Whole(Whole::Format) => "wire format".into(),
            Aspect::Whole(Whole::Provider) => "provider".into(),
            Aspect::Whole(Whole::Reply) => "reply".into(),
            Aspect::Whole(Whole::Chat) => "messages and parameters".into(),
            Aspect::Parameter(control) => spoken(control),
        }
    }
}

impl Atom {
    fn wanted(&self) -> String {
        match self {
            Atom::Finish(reason) => format!("ends {}", because(*reason)),
            Atom::Outcome(end) => ends(*end).into(),
            Atom::Status(status) => format!("is answered with the status {status}"),
            Atom::Error(kind) => format!("fails with “{}”", kind.explanation().title),
            Atom::Format(format) => format!("is sent in the format {format}"),
            Atom::Model(model) => format!("asks {model}"),
            Atom::Provider(provider) => format!("asks the provider {provider}"),
            Atom::Streamed(true) => "is streamed".into(),
            Atom::Streamed(false) => "is not streamed".into(),
            Atom::ByHand(true) => "has a body written by hand".into(),
            Atom::ByHand(false) => "has a body that was not edited".into(),
            Atom::Has(wishes) => {
                let wishes: Vec<String> = wishes
                    .iter()
                    .map(|(control, wish)| format!("{} {wish}", spoken(*control)))
                    .collect();
                format!("has {}", joined(&wishes))
            }
            Atom::Lacks(controls) => {
                let names: Vec<String> = controls.iter().map(|it| spoken(*it)).collect();
                format!("leaves {} unset", joined(&names))
            }
            Atom::System(SystemWish::Present) => "has a system message".into(),
            Atom::System(SystemWish::Absent) => "has no system message".into(),
            Atom::System(SystemWish::Contains(words)) => {
                format!("has “{words}” in its system message")
            }
            Atom::Turns(wish) if *wish == Condition::Is(0.into()) => {
                "sends along no earlier messages".into()
            }
            Atom::Turns(wish) => format!("sends along {wish} earlier messages"),
            Atom::Message(words) => format!("has “{words}” in its message"),
            Atom::Says(words) => format!("gets a reply with {}", any_of(words)),
            Atom::SilentOn(words) => format!("gets a reply without {}", any_of(words)),
            Atom::Json(true) => "gets a reply that is JSON".into(),
            Atom::Json(false) => "gets a reply that is no JSON".into(),
            Atom::Attempts(wish) => format!("takes {wish} attempts"),
            Atom::Retried(status) => format!("is sent again after a {status}"),
            Atom::InputTokens(wish) => format!("has {wish} tokens of input"),
            Atom::OutputTokens(wish) => format!("has {wish} tokens of output"),
        }
    }

    fn instead(&self, run: &RunFacts) -> String {
        match self {
            Atom::Finish(_) => match run.finish {
                Some(reason) => format!("ended {}", because(reason)),
                None => ended(run.end).into(),
            },
            Atom::Outcome(_) => ended(run.end).into(),
            Atom::Status(_) => match run.status() {
                Some(status) => format!("was answered with {status}"),
                None => "got no answer".into(),
            },
            Atom::Error(_) => match run.error {
                Some(kind) => format!("failed with “{}”", kind.explanation().title),
                None => ended(run.end).into(),
            },
            Atom::Format(_) => {
                format!("was sent in {}", run.target.dialect.as_deref().unwrap_or("another format"))
            }
            Atom::Model(_) => format!("asked {}", run.target.model),
            Atom::Provider(_) => format!("asked {}", run.target.provider),
            Atom::Streamed(true) => "was not streamed".into(),
            Atom::Streamed(false) => "was streamed".into(),
            Atom::ByHand(true) => "was sent as it was composed".into(),
            Atom::ByHand(false) => "was edited by hand".into(),
            Atom::Has(wishes) => wishes
                .iter()
                .find(|(control, wish)| !wish.holds(&value(run, **control)))
                .map(|(control, _)| format!("had {} {}", spoken(*control), shown(run, *control)))
                .unwrap_or_default(),
            Atom::Lacks(controls) => controls
                .iter()
                .find(|it| run.chat.parameters.is_set(**it))
                .map(|it| format!("had {} {}", spoken(*it), shown(run, *it)))
                .unwrap_or_default(),
            Atom::System(SystemWish::Absent) => "had a system message".into(),
            Atom::System(_) if run.system().is_empty() => "had no system message".into(),
            Atom::System(_) => "had another system message".into(),
            Atom::Turns(_) => match run.history().len() {
                0 => "sent no earlier messages along".into(),
                count => format!("sent {count} earlier messages along"),
            },
            Atom::Message(_) => "had another message".into(),
            Atom::Says(_) | Atom::SilentOn(_) if run.reply.is_empty() => "got no reply".into(),
            Atom::Says(_) => "got another reply".into(),
            Atom::SilentOn(words) => {
                let reply = run.reply.to_lowercase();
                let said = words.iter().find(|it| reply.contains(&it.to_lowercase()));
                format!("got a reply with {}", any_of(said.map_or(words, std::slice::from_ref)))
            }
            Atom::Json(true) => "got a reply that is no JSON".into(),
            Atom::Json(false) => "got a reply that is JSON".into(),
            Atom::Attempts(_) => format!("took {} attempts", run.attempts),
            Atom::Retried(_) => "was not".into(),
            Atom::InputTokens(_) => tokens(run.usage.and_then(|it| it.input_tokens), "input"),
            Atom::OutputTokens(_) => tokens(run.usage.and_then(|it| it.output_tokens), "output"),
        }
    }
}

fn relation(aspects: &[Aspect], verb: &str, to: &str) -> Option<String> {
    let names: Vec<String> = aspects.iter().map(|it| it.name()).collect();
    (!names.is_empty()).then(|| format!("{verb} {} {to}", joined(&names)))
}

/// Why a model stopped, in words and then in the word of the wire.
pub(in crate::lesson) fn because(reason: FinishReason) -> &'static str {
    match reason {
        FinishReason::Stop => "by itself (stop)",
        FinishReason::Length => "by its limit (length)",
        FinishReason::ToolCalls => "to call a tool (tool calls)",
        FinishReason::ContentFilter => "by a filter (content filter)",
        FinishReason::Refusal => "with a refusal",
        FinishReason::Other => "for another reason",
    }
}

fn ends(end: RunEnd) -> &'static str {
    match end {
        RunEnd::Finished => "gets a complete reply",
        RunEnd::Interrupted => "gets a reply that breaks off",
        RunEnd::Failed => "fails",
        RunEnd::Cancelled => "is stopped by you",
    }
}

fn ended(end: RunEnd) -> &'static str {
    match end {
        RunEnd::Finished => "got a complete reply",
        RunEnd::Interrupted => "got a reply that broke off",
        RunEnd::Failed => "failed",
        RunEnd::Cancelled => "was stopped",
    }
}

fn tokens(count: Option<u64>, side: &str) -> String {
    match count {
        Some(count) => format!("had {count} tokens of {side}"),
        None => format!("has no count of its {side}"),
    }
}

/// The name of a parameter as it is written.
pub(super) fn parameter(control: Control) -> String {
    let name = serde_json::to_value(control).unwrap_or_default();
    name.as_str().unwrap_or_default().to_owned()
}

/// The name of a parameter as people say it.
fn spoken(control: Control) -> String {
    match control {
        Control::TopP | Control::TopK => parameter(control),
        _ => parameter(control).replace('_', " "),
    }
}

fn shown(run: &RunFacts, control: Control) -> String {
    match value(run, control) {
        serde_json::Value::Null => "unset".into(),
        serde_json::Value::Bool(is_on) => if is_on { "on" } else { "off" }.into(),
        value => value.to_string(),
    }
}

fn any_of(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|it| format!("“{it}”")).collect();
    quoted.join(" or ")
}

/// Several in a row, the last behind an "and".
fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}
