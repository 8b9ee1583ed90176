//! A key as something to be hidden: in what a server echoes, it is masked.

use crate::http::MASK;
use secrecy::{ExposeSecret, SecretString};
use std::ops::Range;

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
        while let Some(found) = find(bytes, from, secret.as_bytes()) {
            bytes[found.clone()].fill(b'*');
            from = found.end;
        }
    }

    /// Masks the key in text that a server sent.
    pub fn scrubbed(&self, text: String) -> String {
        let Some(secret) = self.secret() else { return text };
        let (mut masked, mut from) = (String::new(), 0);
        while let Some(found) = find(text.as_bytes(), from, secret.as_bytes()) {
            masked.push_str(&text[from..found.start]);
            masked.push_str(MASK);
            from = found.end;
        }
        if from == 0 { text } else { masked + &text[from..] }
    }

    fn secret(&self) -> Option<&str> {
        let secret = self.0.as_ref()?.expose_secret();
        (secret.len() >= SHORTEST_SECRET).then_some(secret)
    }
}

/// Where a server has written `key`, from a place on: as it is, or as JSON or addresses escape it.
fn find(bytes: &[u8], mut from: usize, key: &[u8]) -> Option<Range<usize>> {
    let first = *key.first()?;
    loop {
        let begins = |it: &u8| *it == first || matches!(it, b'\\' | b'%');
        let at = from + bytes[from..].iter().position(begins)?;
        if let Some(length) = spelled(&bytes[at..], key) {
            return Some(at..at + length);
        }
        from = at + 1;
    }
}

/// How many bytes `key` takes at the start of these, if they are that.
fn spelled(bytes: &[u8], key: &[u8]) -> Option<usize> {
    let letter = |at: usize, wanted: &u8| Some(at + self::letter(bytes.get(at..)?, *wanted)?);
    key.iter().try_fold(0, letter)
}

/// JSON in JSON doubles its backslashes, and nobody nests it deeper than this many.
const MOST_SLASHES: usize = 8;

/// How many bytes one letter takes: itself, `%2f`, `\/` or `\u002f`.
fn letter(bytes: &[u8], wanted: u8) -> Option<usize> {
    let slashes = bytes.iter().take(MOST_SLASHES).take_while(|it| **it == b'\\').count();
    let rest = &bytes[slashes..];
    let is_hex = |digits: Option<&[u8]>| {
        let digits = digits.and_then(|it| str::from_utf8(it).ok());
        digits.and_then(|it| u32::from_str_radix(it, 16).ok()) == Some(wanted.into())
    };
    match rest.first()? {
        b'u' if slashes > 0 && is_hex(rest.get(1..5)) => Some(slashes + 5),
        b'%' if is_hex(rest.get(1..3)) => Some(slashes + 3),
        it if *it == wanted => Some(slashes + 1),
        _ => None,
    }
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

    #[test]
    fn an_escaped_key_is_masked_and_nothing_beside_it() {
        let mask = Mask::new(Some("sk/0123456789+=".into()));
        for (echoed, shown) in [
            (r#""sk\/0123456789+=", "sk\/012""#, r#""••••••••", "sk\/012""#),
            (r"=sk%2F0123456789%2b%3D&a=%2F", "=••••••••&a=%2F"),
            (r"sk\\u002f0123456789\\u002B\\u003d\\n", r"••••••••\\n"),
            (r"\u0073k/0123456789+=é%", "••••••••é%"),
            (r"\\\\\\\\\\\\", r"\\\\\\\\\\\\"),
            ("sk/0123456789+", "sk/0123456789+"),
            (r"sk%2", r"sk%2"),
        ] {
            assert_eq!(mask.scrubbed(echoed.into()), shown, "{echoed}");
            let mut bytes = echoed.as_bytes().to_vec();
            mask.scrub(&mut bytes);
            assert_eq!(bytes.len(), echoed.len());
            assert_eq!(bytes != echoed.as_bytes(), shown != echoed, "{echoed}");
        }
    }
}
