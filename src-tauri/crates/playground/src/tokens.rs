//! Text into tokens, on this computer and with no network.
//!
//! The vocabularies and the merging are tiktoken-rs's; this module is what stands between them
//! and a text that a person typed. Special tokens are never read out of text: `<|endoftext|>`
//! is cut like any other word, which is what a provider does with a message's content. And no
//! text makes it panic: it is cut, or refused with a [`TokenError`] that says what to change.

mod blanks;
mod cut;
mod encoding;
mod prompt;

pub use cut::{Cut, Span, Token, cut};
pub use encoding::Encoding;
pub use prompt::{MessageTokens, Overhead, PromptTokens, prompt};

use std::collections::HashSet;

/// The longest text that is cut at once, in bytes. It takes seconds, so call off the main thread.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Why a text was not cut. The message is a sentence for the person who wrote the text.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The text is longer than [`MAX_BYTES`].
    #[error(
        "the text is {bytes} bytes long, and at most {MAX_BYTES} are cut into tokens at once: \
         shorten it or count it in parts"
    )]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// The library gave up, as it does on a run of about a million blank characters.
    #[error(
        "the text could not be cut into {} tokens, most likely because of a run of about a \
         million blank characters: shorten the longest run of spaces or tabs",
        encoding.id()
    )]
    Refused {
        /// The vocabulary that was asked for.
        encoding: Encoding,
        /// What the library said.
        source: tiktoken_rs::EncodeError,
    },
}

/// The ids of the tokens of `text`, in order.
pub fn encode(encoding: Encoding, text: &str) -> Result<Vec<u32>, TokenError> {
    check_length(text.len())?;
    encode_any_length(encoding, text)
}

/// How many tokens `text` has.
pub fn count(encoding: Encoding, text: &str) -> Result<u32, TokenError> {
    encode(encoding, text).map(|ids| ids.len() as u32)
}

fn check_length(bytes: usize) -> Result<(), TokenError> {
    if bytes > MAX_BYTES { Err(TokenError::TooLong { bytes }) } else { Ok(()) }
}

fn encode_any_length(encoding: Encoding, text: &str) -> Result<Vec<u32>, TokenError> {
    plain(encoding, text).or_else(|source| {
        blanks::encode(encoding, text, blanks::WINDOW)
            .ok_or(TokenError::Refused { encoding, source })
    })
}

/// The library's own cut. `encode` with no special token allowed gives an error where
/// `encode_ordinary` panics: zurawiki/tiktoken-rs#117.
fn plain(encoding: Encoding, text: &str) -> Result<Vec<u32>, tiktoken_rs::EncodeError> {
    encoding.vocabulary().encode(text, &HashSet::new()).map(|(ids, _)| ids)
}

#[cfg(test)]
mod tests;
