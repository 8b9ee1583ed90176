//! Text into tokens, on this computer and with no network.
//!
//! The cutting is done by the crate `encodings`; this module lays the tokens over a text that a
//! person typed, and counts what a chat adds to them. Special tokens are never read out of text:
//! `<|endoftext|>` is cut like any other word, which is what a provider does with a message's
//! content. And no text makes it panic: it is cut, or refused with a [`TokenError`] that says
//! what to change.

pub mod conversation;
mod cut;
pub mod elsewhere;
pub mod examples;
pub mod file;
pub mod guess;
pub mod how;
mod lane;
pub mod languages;
mod prompt;
pub mod sheet;

pub use cut::{Cut, Span, Token, cut};
pub use encodings::Encoding;
pub use lane::Lane;
pub(crate) use prompt::around;
pub use prompt::{MessageTokens, Overhead, PromptTokens, prompt};

/// The longest text that is cut at once, in bytes. It may take a second or two, so call off the
/// main thread.
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
}

/// The ids of the tokens of `text`, in order.
pub fn encode(encoding: Encoding, text: &str) -> Result<Vec<u32>, TokenError> {
    check_length(text.len())?;
    Ok(encoding.encode(text))
}

/// How many tokens `text` has.
pub fn count(encoding: Encoding, text: &str) -> Result<u32, TokenError> {
    encode(encoding, text).map(|ids| ids.len() as u32)
}

fn check_length(bytes: usize) -> Result<(), TokenError> {
    if bytes > MAX_BYTES { Err(TokenError::TooLong { bytes }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
