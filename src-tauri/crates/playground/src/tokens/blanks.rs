//! Very long runs of blank characters, which the library's regular expression cannot match.
//!
//! Every encoding cuts a text in two steps: a regular expression cuts it into pieces, then the
//! bytes of each piece are merged into tokens, the pair of lowest rank first and the leftmost of
//! equals. On a run of about a million blanks before a word the first step fails: it remembers
//! one way back per character. Where it would have cut is known without it, so this module makes
//! that one piece itself, and merges it in windows.
//!
//! *Why the piece is right.* No alternative of the expressions looks back, so a text may be cut
//! where a match is known to end. In `o200k` and `cl100k` a newline always ends a match unless
//! the run ends in a later one, or (not in `o200k`) the run ends the text; in the older ones
//! newlines are blanks like others. After that, the alternative `\s+(?!\S)` takes the whole run
//! but for its last character, which goes to the word that follows; at the end of the text all.
//!
//! *Why windows are right.* Let x end in token a, y begin with token b, and let a and b together
//! be cut into just a, b. Then xy is cut as x and then y. For up to the first merge across the
//! border, the merges of xy are those of x and y, and those among them inside ab are the merges
//! of ab in the same order. So that first merge would also be the next one in ab: but ab has none.

use super::{Encoding, cut::bytes_of, plain};
use std::ops::Range;

/// How many bytes are merged at once. Many times the longest token, so that a window is never
/// found whole in the vocabulary; far less than the library can match.
pub(super) const WINDOW: usize = 16 * 1024;

/// Cuts a text whose blank runs of more than `window` bytes the library should not see.
/// None where that is not possible.
pub(super) fn encode(encoding: Encoding, text: &str, window: usize) -> Option<Vec<u32>> {
    let (mut ids, mut rest) = (Vec::new(), text);
    while let Some(piece) = long_piece(encoding, rest, window) {
        ids.extend(plain(encoding, &rest[..piece.start]).ok()?);
        ids.extend(encode_piece(encoding, &rest[piece.clone()], window)?);
        rest = &rest[piece.end..];
    }
    ids.extend(plain(encoding, rest).ok()?);
    Some(ids)
}

/// The first piece of nothing but blanks that is longer than `window` bytes, or one character
/// less where a word follows.
fn long_piece(encoding: Encoding, text: &str, window: usize) -> Option<Range<usize>> {
    let newline_ends_match = !matches!(encoding, Encoding::P50kBase | Encoding::R50kBase);
    let long_at_end = matches!(encoding, Encoding::O200kBase | Encoding::O200kHarmony);
    let mut start = 0;
    for (at, character) in text.char_indices() {
        if newline_ends_match && matches!(character, '\r' | '\n') {
            start = at + 1;
        } else if !character.is_whitespace() {
            if at - start > window {
                let last = text[start..at].char_indices().next_back()?.0;
                return Some(start..start + last);
            }
            start = at + character.len_utf8();
        }
    }
    (long_at_end && text.len() - start > window).then_some(start..text.len())
}

/// Merges a piece window by window, each beginning where a token of the one before it ends.
fn encode_piece(encoding: Encoding, piece: &str, window: usize) -> Option<Vec<u32>> {
    let (mut ids, mut rest) = (Vec::new(), piece);
    let mut head = plain(encoding, head_of(rest, window)).ok()?;
    while rest.len() > window {
        let seam = seam(encoding, rest, &head, window)?;
        ids.extend(&head[..seam.tokens]);
        rest = &rest[seam.bytes..];
        head = seam.next;
    }
    ids.extend(head);
    Some(ids)
}

/// Where one window hands over to the next.
struct Seam {
    /// The tokens of the first window that stay.
    tokens: usize,
    /// Their bytes.
    bytes: usize,
    /// The tokens of the window that begins there.
    next: Vec<u32>,
}

/// A seam in the first half of the window, so that what is left is longer than any token.
fn seam(encoding: Encoding, rest: &str, head: &[u32], window: usize) -> Option<Seam> {
    let ends = head.iter().scan(0, |end, &id| {
        *end += bytes_of(encoding, id).len();
        (*end <= window / 2).then_some(*end)
    });
    let ends: Vec<usize> = ends.collect();
    (1..ends.len()).rev().take(16).find_map(|last| {
        let bytes = ends[last];
        let next = plain(encoding, head_of(rest.get(bytes..)?, window)).ok()?;
        let (a, b) = (head[last], *next.first()?);
        let pair = rest.get(ends[last - 1]..bytes + bytes_of(encoding, b).len())?;
        (plain(encoding, pair).ok()? == [a, b]).then_some(Seam { tokens: last + 1, bytes, next })
    })
}

/// The longest head of `text` of at most `limit` bytes.
fn head_of(text: &str, limit: usize) -> &str {
    let end = (0..=limit.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    &text[..end.unwrap_or(0)]
}
