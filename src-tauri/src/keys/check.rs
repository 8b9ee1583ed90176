//! What a server said of a key when it was last asked. It is kept while the app is open.

use playground::{ApiError, ErrorKind};
use serde::Serialize;
use time::OffsetDateTime;
use ts_rs::TS;

/// What is known of a key, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct KeyCheck {
    /// What came of it.
    pub verdict: Verdict,
    /// When, in seconds since 1970.
    pub at_s: i64,
    /// More about it, in a sentence.
    pub said: Option<String>,
}

/// What a server thinks of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Verdict {
    /// It is accepted.
    Works,
    /// The free call is answered without one too, so it says nothing of the key.
    Open,
    /// It is not accepted.
    Wrong,
    /// It is accepted, and its account has nothing to spend.
    NoCredit,
    /// The server could not be asked.
    Unknown,
}

impl KeyCheck {
    /// Just now.
    pub fn now(verdict: Verdict, said: Option<String>) -> KeyCheck {
        KeyCheck { verdict, at_s: OffsetDateTime::now_utc().unix_timestamp(), said }
    }
}

impl Verdict {
    /// What a failed call says of the key that it was made with.
    pub fn of(kind: ErrorKind) -> Verdict {
        match kind {
            ErrorKind::WrongKey
            | ErrorKind::KeyMissing
            | ErrorKind::UnusableKey
            | ErrorKind::NoKey => Verdict::Wrong,
            ErrorKind::NoCredit | ErrorKind::SpendLimit => Verdict::NoCredit,
            _ => Verdict::Unknown,
        }
    }
}

/// A failure to list models, as a sentence about the key.
pub fn why_not(error: &ApiError) -> String {
    if error.status == Some(404) {
        return "This server has no list of models, so a key cannot be checked for free.".into();
    }
    let words = error.said.as_deref().unwrap_or(&error.advice);
    format!("{}. {words}", error.title).chars().take(300).collect()
}
