//! In what two runs are compared.

use crate::{chat::Control, lesson::facts::RunFacts};
use serde::Deserialize;
use serde_json::Value;

/// Something that two runs have in common, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "runs are not compared by that")]
pub enum Aspect {
    /// What is told of a run as a whole.
    Whole(Whole),
    /// The value of a parameter.
    Parameter(Control),
}

/// What is told of a run as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whole {
    /// The last message of the person.
    Message,
    /// The system message.
    System,
    /// What was said before.
    History,
    /// The model.
    Model,
    /// The wire format.
    Format,
    /// Who was asked.
    Provider,
    /// The words of the reply.
    Reply,
    /// All messages and all parameters.
    Chat,
}

impl Aspect {
    /// Whether two runs are equal in this.
    pub fn is_same(self, one: &RunFacts, other: &RunFacts) -> bool {
        match self {
            Aspect::Whole(Whole::Message) => one.message() == other.message(),
            Aspect::Whole(Whole::System) => one.system() == other.system(),
            Aspect::Whole(Whole::History) => one.history() == other.history(),
            Aspect::Whole(Whole::Model) => one.target.model == other.target.model,
            Aspect::Whole(Whole::Format) => one.target.dialect == other.target.dialect,
            Aspect::Whole(Whole::Provider) => one.target.provider == other.target.provider,
            Aspect::Whole(Whole::Reply) => one.reply == other.reply,
            Aspect::Whole(Whole::Chat) => one.chat == other.chat,
            Aspect::Parameter(control) => value(one, control) == value(other, control),
        }
    }
}

/// The value of a parameter in a run; null if it was not set.
pub(super) fn value(run: &RunFacts, control: Control) -> Value {
    let parameters = serde_json::to_value(&run.chat.parameters).unwrap_or_default();
    let name = super::words::parameter(control);
    parameters.get(&name).cloned().unwrap_or_default()
}
