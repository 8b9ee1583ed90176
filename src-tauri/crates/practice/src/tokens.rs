//! Text to tokens and back, in the encoding that every practice model uses.

use encodings::Encoding;

use crate::reading::END;

const ENCODING: Encoding = Encoding::O200kBase;

/// Cuts a text into tokens. Text that looks like a special token is plain text here.
#[must_use]
pub fn encode(text: &str) -> Vec<u32> {
    ENCODING.encode(text)
}

/// The bytes of one token, which need not be whole characters. Empty for an unknown id.
#[must_use]
pub fn bytes(token: u32) -> &'static [u8] {
    ENCODING.bytes(token).unwrap_or_default()
}

/// The bytes of one token as it is told: those of the end too, which is no part of any text.
#[must_use]
pub fn said(token: u32) -> &'static [u8] {
    if token == END { b"<|endoftext|>" } else { bytes(token) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_as_openai_cuts_it() {
        let expected = [13225, 11, 2375, 0, 1328, 382, 261, 1746, 13];
        assert_eq!(encode("Hello, world! This is a test."), expected);
    }

    #[test]
    fn bytes_of_all_tokens_are_the_bytes_of_the_text() {
        let text = "Père 👩‍🚀 こんにちは <|endoftext|>";
        let joined: Vec<u8> = encode(text).into_iter().flat_map(bytes).copied().collect();
        assert_eq!(joined, text.as_bytes());
    }

    #[test]
    fn an_unknown_id_has_no_bytes() {
        assert!(bytes(u32::MAX).is_empty());
    }
}
