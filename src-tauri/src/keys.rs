//! API keys: where they are kept, and to whom they may go.
//!
//! A key belongs to an origin (scheme, host and port) and is looked up by nothing else. It
//! lives in the OS keyring and, for the session, in memory; where no keyring answers, in
//! memory only, and the person is told. The page learns that a key exists and how it ends.

mod check;
pub mod env_file;
mod keyring;
mod pasted;

pub use check::{KeyCheck, Verdict, why_not};
pub use keyring::{KeyringError, OsVault, Vault};
pub use pasted::{PastedKey, UnusableKey};

use keyring::Keyring;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use std::{
    collections::HashMap,
    env,
    sync::{Mutex, MutexGuard},
};
use thiserror::Error;
use ts_rs::TS;

/// Keys shorter than this show no character of themselves.
const SHORTEST_HINTED: usize = 12;

/// Every key that is known, by origin.
pub struct Keys {
    keyring: Keyring,
    known: Mutex<HashMap<String, Known>>,
    checks: Mutex<HashMap<String, KeyCheck>>,
    trouble: Mutex<Option<KeyringError>>,
}

/// What the session knows about one origin.
#[derive(Clone)]
enum Known {
    NoKey,
    Key { secret: SecretString, place: KeyPlace },
}

/// Where a key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum KeyPlace {
    /// In the keyring of the operating system.
    Keyring,
    /// In memory, until the app closes.
    Session,
}

/// Why a key could not be kept or removed.
#[derive(Debug, Error)]
pub enum KeyError {
    /// It cannot be a key.
    #[error(transparent)]
    Unusable(#[from] UnusableKey),
    /// The provider takes none.
    #[error("{0} takes no key")]
    TakesNone(&'static str),
    /// There is nothing to import.
    #[error("{0} is not set in the environment of this app, or does not belong to this provider")]
    NotInEnvironment(String),
    /// There is no such page.
    #[error("there is no page where keys for {0:?} are made")]
    NoPage(String),
    /// No browser came.
    #[error("no browser could be opened ({0}); copy the address instead")]
    NoBrowser(std::io::Error),
    /// The file is of no use.
    #[error(transparent)]
    File(#[from] env_file::EnvFileError),
    /// It is forgotten here, but not there.
    #[error("the key is forgotten for this session, but it is still in the keyring: {0}")]
    NotForgotten(#[from] KeyringError),
}

impl Keys {
    /// Keys kept in `vault`, which is not touched before the first question.
    pub fn new(vault: Box<dyn Vault>) -> Keys {
        Keys {
            keyring: Keyring::new(vault),
            known: Mutex::default(),
            checks: Mutex::default(),
            trouble: Mutex::default(),
        }
    }

    /// The key of `origin`. It may wait for the keyring; an error says why that is of no use now.
    pub async fn find(&self, origin: &str) -> Result<Option<SecretString>, KeyringError> {
        if let Some(known) = self.known().get(origin) {
            return Ok(known.secret());
        }
        let found = match self.keyring.read(origin).await {
            Ok(found) => {
                self.note(None);
                found
            }
            Err(error) => {
                self.note(Some(error.clone()));
                // What never answers need not be asked again.
                if error != KeyringError::Missing {
                    return Err(error);
                }
                None
            }
        };
        let found = match found {
            Some(secret) => Known::Key { secret, place: KeyPlace::Keyring },
            None => Known::NoKey,
        };
        // A key that was typed meanwhile is newer than what was read.
        Ok(self.known().entry(origin.to_owned()).or_insert(found).secret())
    }

    /// Whether a key of `origin` is known already; it asks nobody.
    pub fn has(&self, origin: &str) -> bool {
        matches!(self.known().get(origin), Some(Known::Key { .. }))
    }

    /// Keeps `key` for `origin`, in the keyring if it can.
    pub async fn keep(&self, origin: &str, key: PastedKey) -> Result<(), KeyError> {
        let secret = key.checked()?;
        let place = match self.keyring.write(origin, secret.clone()).await {
            Ok(()) => {
                self.note(None);
                KeyPlace::Keyring
            }
            Err(error) => {
                self.note(Some(error));
                KeyPlace::Session
            }
        };
        self.known().insert(origin.to_owned(), Known::Key { secret, place });
        self.checks().remove(origin);
        Ok(())
    }

    /// Removes the key of `origin` from wherever it is.
    pub async fn forget(&self, origin: &str) -> Result<(), KeyError> {
        self.known().insert(origin.to_owned(), Known::NoKey);
        self.checks().remove(origin);
        match self.keyring.remove(origin).await {
            Ok(()) | Err(KeyringError::Missing) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Where the key of `origin` is kept and how it ends, if there is one.
    pub async fn state(&self, origin: &str) -> Option<(KeyPlace, Option<String>)> {
        // The trouble is noted, and the notice tells it once for all keys.
        let _ = self.find(origin).await;
        match self.known().get(origin) {
            Some(Known::Key { secret, place }) => Some((*place, hint(secret))),
            _ => None,
        }
    }

    /// Remembers what the server at `origin` said of its key.
    pub fn note_check(&self, origin: &str, check: KeyCheck) {
        self.checks().insert(origin.to_owned(), check);
    }

    /// What the server at `origin` last said of its key.
    pub fn check_of(&self, origin: &str) -> Option<KeyCheck> {
        self.checks().get(origin).cloned()
    }

    /// What a person should know about the keyring.
    pub fn notice(&self) -> Option<String> {
        let trouble = self.trouble.lock().expect("nothing panics while it holds this lock");
        let why = trouble.as_ref()?.to_string();
        Some(format!("Keys that you enter now are kept until Tokenscope closes: {why}."))
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.known.lock().expect("nothing panics while it holds this lock")
    }

    fn checks(&self) -> MutexGuard<'_, HashMap<String, KeyCheck>> {
        self.checks.lock().expect("nothing panics while it holds this lock")
    }

    fn note(&self, trouble: Option<KeyringError>) {
        *self.trouble.lock().expect("nothing panics while it holds this lock") = trouble;
    }
}

impl Known {
    fn secret(&self) -> Option<SecretString> {
        match self {
            Known::NoKey => None,
            Known::Key { secret, .. } => Some(secret.clone()),
        }
    }
}

fn hint(secret: &SecretString) -> Option<String> {
    let key = secret.expose_secret();
    let tail = key.len().checked_sub(4).filter(|_| key.len() >= SHORTEST_HINTED)?;
    Some(format!("…{}", &key[tail..]))
}

/// The key in the environment variable `name`, if it is set to something.
pub fn in_environment(name: &str) -> Option<PastedKey> {
    let value = env::var(name).ok()?;
    (!value.trim().is_empty()).then(|| PastedKey::from(value))
}

#[cfg(test)]
mod tests;
