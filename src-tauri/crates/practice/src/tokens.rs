//! Text to tokens and back, in `o200k_base`.
//!
//! The one place that touches the tokenizer: its shortcut `encode_ordinary` panics on about
//! a million spaces in a row, so everything goes through the checked `encode`.

use std::collections::HashSet;

use tiktoken_rs::{CoreBPE, o200k_base_singleton};

/// The name of the encoding that every practice model uses.
pub const ENCODING: &str = "o200k_base";

/// The tokenizer gave up on a text, for example on a million spaces in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text cannot be cut into tokens")]
pub struct Untokenizable;

/// Cuts a text into tokens. Text that looks like a special token is plain text here.
pub fn encode(text: &str) -> Result<Vec<u32>, Untokenizable> {
    let (tokens, _) = vocabulary().encode(text, &HashSet::new()).map_err(|_| Untokenizable)?;
    Ok(tokens)
}

/// The bytes of one token, which need not be whole characters. Empty for an unknown id.
#[must_use]
pub fn bytes(token: u32) -> Vec<u8> {
    vocabulary().decode_bytes(&[token]).unwrap_or_default()
}

/// Loads the vocabulary, which takes a moment, so that the first request need not.
pub fn warm_up() {
    vocabulary();
}

fn vocabulary() -> &'static CoreBPE {
    o200k_base_singleton()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_as_openai_cuts_it() {
        let expected = vec![13225, 11, 2375, 0, 1328, 382, 261, 1746, 13];
        assert_eq!(encode("Hello, world! This is a test."), Ok(expected));
    }

    #[test]
    fn bytes_of_all_tokens_are_the_bytes_of_the_text() {
        let text = "Père 👩‍🚀 こんにちは <|endoftext|>";
        let tokens = encode(text).unwrap();
        let joined: Vec<u8> = tokens.into_iter().flat_map(bytes).collect();
        assert_eq!(joined, text.as_bytes());
    }

    #[test]
    fn a_million_spaces_are_refused_and_do_not_panic() {
        assert_eq!(encode(&" ".repeat(1_100_000)), Err(Untokenizable));
    }

    #[test]
    fn an_unknown_id_has_no_bytes() {
        assert_eq!(bytes(u32::MAX), Vec::<u8>::new());
    }
}
