//! What the parts of an address mean: some formats have the model there, and whether to stream.
//!
//! No format says so itself. It is asked for other addresses, and what changes is what was changed.

use super::{AddressPiece, Asked, Meaning};
use crate::{Chat, Parameters};
use std::ops::Range;

/// A model that no server has, of letters that no address escapes.
const PROBE: &str = "rosetta-probe";

/// The address in pieces that tile it.
pub fn pieces(url: &str, chat: &Chat, asked: &Asked<'_>) -> Vec<AddressPiece> {
    let mut marks = Vec::new();
    let address = |parameters: &Parameters, model: &str| {
        let chat = Chat { parameters: parameters.clone(), ..Chat::default() };
        asked.dialect.request(&chat, model, &asked.endpoint).url
    };
    let own = &chat.parameters;
    let probed = address(own, PROBE);
    marks.extend(probed.split_once(PROBE).and_then(|(before, after)| {
        let end = url.len().checked_sub(after.len())?;
        Some((before.len()..end, "model"))
    }));
    let stream = Some(!own.stream.unwrap_or(true));
    let other = address(&Parameters { stream, ..own.clone() }, &asked.target.model);
    marks.extend(changed(url, &other).map(|range| (range, "control.stream")));
    tile(url, marks)
}

/// What differs between two addresses: from their common beginning to their common end.
fn changed(url: &str, other: &str) -> Option<Range<usize>> {
    let same = |(a, b): &(u8, u8)| a == b;
    let start = url.bytes().zip(other.bytes()).take_while(same).count();
    let rest = url.len().min(other.len()) - start;
    let end = url.bytes().rev().zip(other.bytes().rev()).take(rest).take_while(same).count();
    (url != other).then(|| start..url.len() - end)
}

fn tile(url: &str, mut marks: Vec<(Range<usize>, &str)>) -> Vec<AddressPiece> {
    marks.sort_by_key(|(range, _)| range.start);
    let mut pieces = Vec::new();
    let mut push = |range: Range<usize>, word: &str| {
        let text = url.get(range).unwrap_or_default();
        if !text.is_empty() {
            let meaning = Meaning::word(word).id();
            pieces.push(AddressPiece { text: text.to_owned(), meaning });
        }
    };
    let mut end = 0;
    for (range, word) in marks {
        let start = range.start.max(end);
        push(end..start, "address");
        push(start..range.end.max(start), word);
        end = range.end.max(start);
    }
    push(end..url.len(), "address");
    pieces
}
