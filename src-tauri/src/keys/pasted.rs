//! A key as it comes in: typed, pasted, or read from the environment.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};
use thiserror::Error;

/// The longest key that any keyring takes: Windows keeps 2,560 bytes of UTF-16.
const LONGEST: usize = 1280;

/// A key that has not been checked yet. It can come in through a command, but there is no
/// way to write it out again: it has no `Serialize`, and its `Debug` shows nothing.
#[derive(Debug)]
pub struct PastedKey(SecretString);

/// Why a text cannot be a key. It never quotes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UnusableKey {
    /// Nothing but space.
    #[error("the key is empty")]
    Empty,
    /// More than keyrings take.
    #[error("this is too long to be a key; it has more than {LONGEST} characters")]
    TooLong,
    /// A space or line break inside.
    #[error("the key has a space or a line break in its middle; copy it again, and nothing else")]
    Space,
    /// Something that no HTTP header can carry.
    #[error("the key has a character that no key has, such as “ or ä; copy it again")]
    Character,
}

impl PastedKey {
    /// The key without the space that copying drags along.
    pub fn checked(&self) -> Result<SecretString, UnusableKey> {
        let key = self.0.expose_secret().trim();
        match key {
            "" => Err(UnusableKey::Empty),
            _ if key.len() > LONGEST => Err(UnusableKey::TooLong),
            _ if key.contains(char::is_whitespace) => Err(UnusableKey::Space),
            _ if !key.bytes().all(|byte| byte.is_ascii_graphic()) => Err(UnusableKey::Character),
            _ => Ok(key.into()),
        }
    }
}

impl From<String> for PastedKey {
    fn from(text: String) -> PastedKey {
        PastedKey(text.into())
    }
}

impl<'de> Deserialize<'de> for PastedKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PastedKey, D::Error> {
        String::deserialize(deserializer).map(PastedKey::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_header_can_carry_is_a_key() {
        for (text, key) in [
            (" sk-abc\r\n", Ok("sk-abc")),
            ("practice", Ok("practice")),
            ("", Err(UnusableKey::Empty)),
            ("\u{a0}\n", Err(UnusableKey::Empty)),
            ("sk abc", Err(UnusableKey::Space)),
            ("sk\nabc", Err(UnusableKey::Space)),
            ("“sk-abc”", Err(UnusableKey::Character)),
            ("sk\0abc", Err(UnusableKey::Character)),
            ("sk-\u{200b}abc", Err(UnusableKey::Character)),
        ] {
            let read = PastedKey::from(text.to_owned()).checked();
            let read = read.as_ref().map(|key| key.expose_secret());
            assert_eq!(read.map_err(|error| *error), key, "{text:?}");
        }
        let long = PastedKey::from("k".repeat(LONGEST + 1)).checked();
        assert_eq!(long.expect_err("too long"), UnusableKey::TooLong);
    }

    #[test]
    fn a_key_does_not_show_itself() {
        let key = PastedKey::from("sk-canary".to_owned());
        assert!(!format!("{key:?}").contains("canary"));
    }
}
