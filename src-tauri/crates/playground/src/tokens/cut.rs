//! Tokens laid over the text that they came from.

use super::{Encoding, TokenError};
use serde::Serialize;
use ts_rs::TS;

/// A text cut into tokens: all of them counted, the first of them shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Cut {
    /// How many tokens the whole text has.
    pub count: u32,
    /// How many of them are in `spans`.
    pub shown_tokens: u32,
    /// The text from its beginning. Joined, the spans' texts are the text, or the head of it
    /// when there were more spans than asked for.
    pub spans: Vec<Span>,
}

/// The fewest tokens that make whole characters.
///
/// Most spans hold one token. A rare character is cut into several tokens, none of which is text
/// on its own; those share a span, so that no position falls inside a character.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Span {
    /// The text covered; never empty.
    pub text: String,
    /// The tokens that cover it, in order; never empty.
    pub tokens: Vec<Token>,
}

/// One entry of the vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Token {
    /// Its number.
    pub id: u32,
    /// Its bytes, which need not be whole characters.
    pub bytes: Vec<u8>,
}

/// Cuts `text` and shows at most `limit` spans of it. The count is of all the text.
pub fn cut(encoding: Encoding, text: &str, limit: usize) -> Result<Cut, TokenError> {
    let ids = super::encode(encoding, text)?;
    Ok(lay(encoding, text, &ids, limit))
}

/// Lays `ids`, which must be the tokens of `text`, over it.
pub(super) fn lay(encoding: Encoding, text: &str, ids: &[u32], limit: usize) -> Cut {
    let (mut spans, mut tokens) = (Vec::new(), Vec::new());
    let (mut start, mut end, mut shown_tokens) = (0, 0, 0);
    for &id in ids {
        if spans.len() == limit {
            break;
        }
        let bytes = encoding.bytes(id).expect("the id came out of this vocabulary");
        end += bytes.len();
        tokens.push(Token { id, bytes: bytes.to_vec() });
        if text.is_char_boundary(end) {
            shown_tokens += tokens.len() as u32;
            let text = text[start..end].to_owned();
            spans.push(Span { text, tokens: std::mem::take(&mut tokens) });
            start = end;
        }
    }
    Cut { count: ids.len() as u32, shown_tokens, spans }
}
