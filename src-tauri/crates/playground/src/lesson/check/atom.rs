//! One thing that a run has to be.

use super::{Condition, aspect::value};
use crate::{
    ErrorKind, FinishReason,
    chat::Control,
    lesson::facts::{RunEnd, RunFacts},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// One thing that a run has to be, by itself.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Atom {
    /// The model stopped for this reason.
    Finish(FinishReason),
    /// It ended so.
    Outcome(RunEnd),
    /// Its last answer had this HTTP status.
    Status(u16),
    /// It failed in this way.
    Error(ErrorKind),
    /// It was sent in this wire format.
    Format(String),
    /// This model was asked; faults behind its id do not matter.
    Model(String),
    /// This provider was asked.
    Provider(String),
    /// The reply was asked for in pieces, or whole.
    Streamed(bool),
    /// The body was written by hand, or not.
    ByHand(bool),
    /// Each of these parameters is so.
    Has(BTreeMap<Control, Condition>),
    /// None of these parameters is set.
    Lacks(Vec<Control>),
    /// The system message.
    System(SystemWish),
    /// How many messages were sent along before the last one.
    Turns(Condition),
    /// The last message of the person contains this.
    Message(String),
    /// The reply contains one of these.
    Says(Vec<String>),
    /// The reply contains none of these.
    SilentOn(Vec<String>),
    /// The reply is JSON, or is not.
    Json(bool),
    /// How many requests were sent.
    Attempts(Condition),
    /// This status came and another try was made.
    Retried(u16),
    /// The tokens of the prompt, as the provider counts them.
    InputTokens(Condition),
    /// The tokens of the reply.
    OutputTokens(Condition),
}

/// What the system message has to be.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum SystemWish {
    /// There is one.
    Present,
    /// There is none.
    Absent,
    /// It contains this.
    Contains(String),
}

impl From<String> for SystemWish {
    fn from(text: String) -> SystemWish {
        match text.as_str() {
            "present" => SystemWish::Present,
            "absent" => SystemWish::Absent,
            _ => SystemWish::Contains(text),
        }
    }
}

impl Atom {
    /// Whether a run is so.
    pub fn holds(&self, run: &RunFacts) -> bool {
        match self {
            Atom::Finish(reason) => run.finish == Some(*reason),
            Atom::Outcome(end) => run.end == *end,
            Atom::Status(status) => run.status() == Some(*status),
            Atom::Error(kind) => run.error == Some(*kind),
            Atom::Format(format) => run.target.dialect.as_ref() == Some(format),
            Atom::Model(model) => run.target.model.split(':').next() == Some(model),
            Atom::Provider(provider) => run.target.provider == *provider,
            Atom::Streamed(streamed) => run.is_streamed() == *streamed,
            Atom::ByHand(by_hand) => run.by_hand == *by_hand,
            Atom::Has(wishes) => {
                wishes.iter().all(|(control, wish)| wish.holds(&value(run, *control)))
            }
            Atom::Lacks(controls) => {
                !controls.iter().any(|control| run.chat.parameters.is_set(*control))
            }
            Atom::System(wish) => wish.holds(&run.system()),
            Atom::Turns(wish) => wish.holds_for(run.history().len() as u64),
            Atom::Message(words) => contains(run.message(), words),
            Atom::Says(words) => words.iter().any(|it| contains(&run.reply, it)),
            Atom::SilentOn(words) => !words.iter().any(|it| contains(&run.reply, it)),
            Atom::Json(wanted) => run.json().is_some() == *wanted,
            Atom::Attempts(wish) => wish.holds_for(run.attempts.into()),
            Atom::Retried(status) => run.retried.contains(status),
            Atom::InputTokens(wish) => {
                run.usage.and_then(|it| it.input_tokens).is_some_and(|it| wish.holds_for(it))
            }
            Atom::OutputTokens(wish) => {
                run.usage.and_then(|it| it.output_tokens).is_some_and(|it| wish.holds_for(it))
            }
        }
    }
}

impl SystemWish {
    fn holds(&self, system: &str) -> bool {
        match self {
            SystemWish::Present => !system.is_empty(),
            SystemWish::Absent => system.is_empty(),
            SystemWish::Contains(words) => contains(system, words),
        }
    }
}

/// Whether a text has these words in it, in capitals or not.
fn contains(text: &str, words: &str) -> bool {
    text.to_lowercase().contains(&words.to_lowercase())
}
