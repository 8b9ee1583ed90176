//! What a command says when it refuses.

use crate::{keys::KeyError, runs::RunError, settings::SettingsError, target::TargetError};
use playground::prices::{OwnPriceError, budget::OverBudget, feed::FeedError, month::PlanError};
use serde::Serialize;
use ts_rs::TS;

/// Why a command refused: a code to branch on, and words for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CommandError {
    /// What the page may branch on.
    pub code: Code,
    /// A sentence to show.
    pub message: String,
    /// The field of a form that it belongs beside, such as `above.input`; absent for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub field: Option<String>,
    /// The budgets that a run might pass; only with [`Code::OverBudget`].
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub over: Option<Box<OverBudget>>,
}

/// What the page branches on. Add one only when it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Code {
    /// This run was started before, so nothing was sent.
    SeenBefore,
    /// The address of the server is not usable; belongs beside its field.
    BadAddress,
    /// The key is not usable; belongs beside its field.
    BadKey,
    /// A setting is out of range; nothing was saved.
    BadSettings,
    /// The page's text is not the one that is kept here any more: open it again.
    Stale,
    /// An own price cannot be; nothing was changed.
    BadPrice,
    /// A public list of prices cannot be used; nothing was changed.
    BadFeed,
    /// A plan of calls cannot be.
    BadPlan,
    /// A place of a comparison was sent before, so nothing was sent.
    Claimed,
    /// A text is no set of prompts; the message names the line.
    BadSet,
    /// The run might pass a budget; nothing was sent, and it may be started with consent.
    OverBudget,
    /// Anything else; the message says it.
    Failed,
}

impl CommandError {
    /// A failure that the page only shows.
    pub fn failed(why: impl ToString) -> CommandError {
        Code::Failed.because(why)
    }
}

impl Code {
    /// A refusal with this code.
    pub fn because(self, why: impl ToString) -> CommandError {
        let message = sentence(&why.to_string());
        CommandError { code: self, message, field: None, over: None }
    }

    /// The same about a field of a form.
    pub fn beside(self, field: impl Into<String>, why: impl ToString) -> CommandError {
        CommandError { field: Some(field.into()), ..self.because(why) }
    }
}

/// Errors are written in lower case without a full stop; people read sentences.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if words.ends_with(['.', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

impl From<TargetError> for CommandError {
    fn from(error: TargetError) -> CommandError {
        let code = match error {
            TargetError::Address(_) | TargetError::NoAddress => Code::BadAddress,
            TargetError::UnknownProvider(_) | TargetError::UnknownDialect(..) => Code::Failed,
        };
        code.because(error)
    }
}

impl From<KeyError> for CommandError {
    fn from(error: KeyError) -> CommandError {
        let code = match error {
            KeyError::Unusable(_) => Code::BadKey,
            _ => Code::Failed,
        };
        code.because(error)
    }
}

impl From<SettingsError> for CommandError {
    fn from(error: SettingsError) -> CommandError {
        match error {
            SettingsError::Field(field, why) => Code::BadSettings.beside(field, why),
            SettingsError::Invalid(_) => Code::BadSettings.because(error),
            SettingsError::NotSaved(_) => Code::Failed.because(error),
        }
    }
}

impl From<RunError> for CommandError {
    fn from(error: RunError) -> CommandError {
        let code = match error {
            RunError::SeenBefore => Code::SeenBefore,
            RunError::BadId | RunError::Closing => Code::Failed,
        };
        code.because(error)
    }
}

impl From<OwnPriceError> for CommandError {
    fn from(error: OwnPriceError) -> CommandError {
        Code::BadPrice.beside(error.field, error.why)
    }
}

impl From<FeedError> for CommandError {
    fn from(error: FeedError) -> CommandError {
        Code::BadFeed.because(error)
    }
}

impl From<PlanError> for CommandError {
    fn from(error: PlanError) -> CommandError {
        Code::BadPlan.beside(error.field, error.why)
    }
}

impl From<OverBudget> for CommandError {
    fn from(over: OverBudget) -> CommandError {
        let error = Code::OverBudget.because(over.sentence());
        CommandError { over: Some(Box::new(over)), ..error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_sentences() {
        assert_eq!(CommandError::failed("it is so").message, "It is so.");
        assert_eq!(CommandError::failed("Änderung?").message, "Änderung?");
        assert_eq!(CommandError::failed("").message, ".");
    }
}
