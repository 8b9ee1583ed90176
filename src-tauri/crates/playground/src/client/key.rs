//! A key on its way into one header, and nowhere else.

use crate::{
    ApiError, ErrorKind,
    http::{Header, MASK},
};
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

/// Keys shorter than this are words that servers on this computer accept from anyone
/// ("practice", "ollama"); masking those would hide parts of ordinary replies.
const SHORTEST_SECRET: usize = 12;

/// The key of one call, if it has one.
pub struct Key(Option<SecretString>);

impl Key {
    pub fn new(key: Option<SecretString>) -> Key {
        Key(key)
    }

    /// The value of `header` as it goes out, the key in the place of the mask.
    pub fn header_value(&self, header: &Header) -> Result<HeaderValue, ApiError> {
        if !header.takes_key() {
            return HeaderValue::from_str(&header.value).map_err(|_| {
                ErrorKind::BadRequest.said(format!("the header {} is not valid", header.name))
            });
        }
        let key = self.0.as_ref().ok_or_else(|| ErrorKind::NoKey.error())?;
        let value = header.value.replace(MASK, key.expose_secret());
        let mut value =
            HeaderValue::from_str(&value).map_err(|_| ErrorKind::UnusableKey.error())?;
        value.set_sensitive(true);
        Ok(value)
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
        let key = Key::new(Some("sk-0123456789ab".into()));
        let mut bytes = b"a sk-sk-0123456789ab b sk-0123456789ab".to_vec();
        let length = bytes.len();
        key.scrub(&mut bytes);
        assert_eq!(bytes, b"a sk-*************** b ***************");
        assert_eq!(bytes.len(), length);
    }

    #[test]
    fn a_word_that_anyone_may_use_as_key_is_not_masked() {
        let mut bytes = b"this is practice".to_vec();
        Key::new(Some("practice".into())).scrub(&mut bytes);
        assert_eq!(bytes, b"this is practice");
    }

    #[test]
    fn a_key_that_no_header_can_carry_is_refused() {
        let header = Header::new("authorization", format!("Bearer {MASK}"));
        let error = Key::new(Some("sk-a\nb".into())).header_value(&header).unwrap_err();
        assert_eq!(error.kind, ErrorKind::UnusableKey);
        let value = Key::new(Some("sk-secret-secret".into())).header_value(&header).unwrap();
        assert!(!format!("{value:?}").contains("sk-"), "a sensitive header hides its value");
    }
}
