//! What a command says when it refuses.

use crate::{keys::KeyError, runs::RunError, settings::SettingsError, target::TargetError};
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
    fn because(self, why: impl ToString) -> CommandError {
        CommandError { code: self, message: sentence(&why.to_string()) }
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
        let code = match error {
            SettingsError::Invalid(_) => Code::BadSettings,
            SettingsError::NotSaved(_) => Code::Failed,
        };
        code.because(error)
    }
}

impl From<RunError> for CommandError {
    fn from(error: RunError) -> CommandError {
        let code = match error {
            RunError::SeenBefore => Code::SeenBefore,
            RunError::BadId => Code::Failed,
        };
        code.because(error)
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
