//! A key as something to be hidden: in what a server echoes, it is masked.

use crate::{ApiError, http::MASK};
use secrecy::{ExposeSecret, SecretString};

/// Keys shorter than this are words that servers on this computer accept from anyone
/// ("practice", "ollama"); masking those would hide parts of ordinary replies.
const SHORTEST_SECRET: usize = 12;

/// What must not be shown of one call.
#[derive(Clone, Default)]
pub struct Mask(Option<SecretString>);

impl Mask {
    /// Hides `key`, if there is one.
    pub fn new(key: Option<SecretString>) -> Mask {
        Mask(key)
    }

    /// Masks the key in bytes that a server sent, without moving any other byte.
    pub fn scrub(&self, bytes: &mut [u8]) {
        let Some(secret) = self.secret() else { return };
        let mut from = 0;
        while let Some(at) = find(&bytes[from..], secret.as_bytes()) {
            bytes[from + at..from + at + secret.len()].fill(b'*');
            from += at + secret.len();
        }
    }

    /// Masks the key in text that a server sent.
    pub fn scrubbed(&self, text: String) -> String {
        match self.secret() {
            Some(secret) if text.contains(secret) => text.replace(secret, MASK),
            _ => text,
        }
    }

    /// Masks the key in everything that `error` quotes.
    pub fn scrub_error(&self, error: &mut ApiError) {
        if let Some(secret) = self.secret() {
            error.scrub(secret);
        }
    }

    fn secret(&self) -> Option<&str> {
        let secret = self.0.as_ref()?.expose_secret();
        (secret.len() >= SHORTEST_SECRET).then_some(secret)
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|&byte| byte == first) {
        if bytes[from + at..].starts_with(wanted) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echoed_key_is_masked_in_place() {
        let mask = Mask::new(Some("sk-0123456789ab".into()));
        let mut bytes = b"a sk-sk-0123456789ab b sk-0123456789ab".to_vec();
        let length = bytes.len();
        mask.scrub(&mut bytes);
        assert_eq!(bytes, b"a sk-*************** b ***************");
        assert_eq!(bytes.len(), length);
    }

    #[test]
    fn a_word_that_anyone_may_use_as_key_is_not_masked() {
        let mut bytes = b"this is practice".to_vec();
        Mask::new(Some("practice".into())).scrub(&mut bytes);
        assert_eq!(bytes, b"this is practice");
    }
}
