//! A text and its tokens, kept up with the text as it changes.

use crate::{
    Encoding,
    merge::{self, seams},
    pieces::Rules,
    specials,
    tiling::{Change, Recut, Sums, Tiling},
};
use std::ops::Range;

/// So many characters beyond its end a piece may look at, beside a run: an apostrophe and the
/// English ending that it may begin.
const MARGIN: usize = 4;

/// The tokens of a text, piece by piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cutting {
    encoding: Encoding,
    /// Whether special tokens are read out of the text.
    specials: bool,
    pieces: Tiling,
    /// How many tokens the pieces have.
    tokens: Sums,
    ids: Vec<u32>,
}

/// A token in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// Its number in the text, from 0.
    pub index: usize,
    /// Its id.
    pub id: u32,
    /// Whether it is a special token.
    pub is_special: bool,
}

impl Cutting {
    /// Cuts a text. With `specials`, what looks like a special token of the encoding is that one.
    pub fn of(encoding: Encoding, specials: bool, text: &str) -> Cutting {
        let (pieces, tokens) = (Tiling::default(), Sums::default());
        let mut cutting = Cutting { encoding, specials, pieces, tokens, ids: Vec::new() };
        cutting.change(text, Change { start: 0, removed: 0, inserted: text.len() });
        cutting
    }

    /// Cuts the text, which has changed, but only where it has to be.
    pub fn change(&mut self, text: &str, change: Change) {
        let specials = if self.specials { self.specials_in(text) } else { Vec::new() };
        let margin = MARGIN + if self.specials { specials::LONGEST } else { 0 };
        let settled = Rules::settled(&text[..change.start], margin);
        let rules = self.encoding.rules();
        let recut = self.pieces.change(text, change, settled, |rest| {
            let at = text.len() - rest.len();
            match specials.get(specials.partition_point(|special| special.end <= at)) {
                Some(special) if special.start == at => special.len(),
                Some(special) => end_of_first(rules, &rest[..special.start - at]),
                None => end_of_first(rules, rest),
            }
        });
        self.encode(text, change, &recut, &specials);
    }

    /// How many tokens there are.
    pub fn count(&self) -> usize {
        self.ids.len()
    }

    /// The ids of the tokens, in order.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// Where the pieces are.
    pub fn pieces(&self) -> &Tiling {
        &self.pieces
    }

    /// The tokens from that piece on.
    pub fn tokens_from(&self, piece: usize) -> impl Iterator<Item = Placed> {
        (piece..self.pieces.len()).flat_map(|piece| self.tokens_of(piece))
    }

    /// The tokens of one piece.
    pub fn tokens_of(&self, piece: usize) -> impl Iterator<Item = Placed> {
        let Range { mut start, end } = self.pieces.range(piece);
        let first = self.tokens.before(piece) as usize;
        let ids = &self.ids[first..self.tokens.before(piece + 1) as usize];
        ids.iter().zip(first..).map(move |(id, index)| {
            let bytes = self.encoding.bytes(*id);
            let range = start..bytes.map_or(end, |bytes| start + bytes.len());
            start = range.end;
            Placed { range, index, id: *id, is_special: bytes.is_none() }
        })
    }

    fn specials_in(&self, text: &str) -> Vec<Range<usize>> {
        let all = specials::look_alikes(text);
        let known = all.filter(|(_, name)| self.encoding.special(name).is_some());
        known.map(|(at, name)| at..at + name.len()).collect()
    }

    /// Writes the tokens of the pieces that came in the place of those that went.
    fn encode(&mut self, text: &str, change: Change, recut: &Recut, specials: &[Range<usize>]) {
        let vocabulary = self.encoding.vocabulary();
        let (mut ids, mut counts) = (Vec::new(), Vec::new());
        for piece in recut.new.clone() {
            let (range, before) = (self.pieces.range(piece), ids.len());
            let bytes = &text.as_bytes()[range.clone()];
            let special = specials.binary_search_by_key(&range.start, |it| it.start);
            let special = special.ok().and_then(|_| self.encoding.special(&text[range.clone()]));
            if special.is_some() {
                ids.extend(special);
            } else if bytes.len() >= seams::LONG && vocabulary.id(bytes).is_none() {
                // What the piece has in common with those that went, before and behind the change.
                let before = change.start.min(range.end).saturating_sub(range.start);
                let behind = range.end.saturating_sub(change.end().max(range.start));
                let is_first = piece == recut.new.start;
                let is_last = piece + 1 == recut.new.end;
                let head = if is_first { self.known_head(recut, before) } else { Vec::new() };
                let tail = if is_last { self.known_tail(recut, behind) } else { Vec::new() };
                ids.extend(seams::encode(vocabulary, bytes, head, &tail));
            } else {
                merge::encode(vocabulary, bytes, &mut ids);
            }
            counts.push((ids.len() - before) as u32);
        }
        let tokens = |piece| self.tokens.before(piece) as usize;
        let gone = tokens(recut.old.start)..tokens(recut.old.end);
        self.ids.splice(gone, ids);
        self.tokens.change(recut, counts.into_iter());
    }

    /// The first tokens that went, of one piece and of `most` bytes together.
    fn known_head(&self, recut: &Recut, most: usize) -> Vec<u32> {
        let first = recut.old.start;
        if recut.old.is_empty() {
            return Vec::new();
        }
        let ids = self.tokens.before(first) as usize..self.tokens.before(first + 1) as usize;
        self.within(self.ids[ids].iter(), most)
    }

    /// The last tokens that went, of one piece and of `most` bytes together.
    fn known_tail(&self, recut: &Recut, most: usize) -> Vec<u32> {
        let Some(last) = recut.old.clone().next_back() else { return Vec::new() };
        let ids = self.tokens.before(last) as usize..self.tokens.before(last + 1) as usize;
        let mut tail = self.within(self.ids[ids].iter().rev(), most);
        tail.reverse();
        tail
    }

    fn within<'a>(&self, ids: impl Iterator<Item = &'a u32>, most: usize) -> Vec<u32> {
        let mut length = 0;
        let fits = |id: &&u32| {
            // A special token is no part of a longer piece.
            length += self.encoding.bytes(**id).map_or(usize::MAX / 2, <[u8]>::len);
            length <= most
        };
        ids.take_while(fits).copied().collect()
    }
}

fn end_of_first(rules: &Rules, rest: &str) -> usize {
    rules.end_of_first(rest).expect("what is cut is not empty")
}
