//! Long pieces, merged in stretches that are then joined.
//!
//! Merging takes longer than in proportion, and a change in a long piece would have all of it
//! merged again. But whether two tokens can be neighbours depends on the two alone: tokens are what
//! merging makes of a text if and only if merging makes the same two of each two neighbours. For
//! think of the first merge over a border between two tokens: until then all went in them as it
//! would without the rest, and so would this merge. So stretches may be merged apart, and only
//! where they meet has anything to be looked at again.

use super::merge;
use crate::vocabulary::Vocabulary;

/// Pieces of so many bytes are merged in stretches.
pub const LONG: usize = 2 * STRETCH;
/// How many bytes are merged at once: few enough to stay close to the processor.
const STRETCH: usize = 512;
/// How many tokens before a border are merged again at first.
const FEW: usize = 4;

/// The tokens of a long piece, of which some are known: those of its beginning, and those of its
/// end.
pub fn encode(vocabulary: &Vocabulary, piece: &[u8], head: Vec<u32>, tail: &[u32]) -> Vec<u32> {
    let mut joining = Joining {
        at: length(vocabulary, &head),
        rest_at: piece.len() - length(vocabulary, tail),
        vocabulary,
        piece,
        ids: head,
        rest: tail,
        last: (&[], Vec::new()),
    };
    while joining.at < piece.len() && !joining.meets_rest() {
        joining.go_on();
    }
    joining.ids.extend(joining.rest);
    joining.ids
}

/// The tokens of a piece up to some place, on the way to its end.
struct Joining<'a> {
    vocabulary: &'a Vocabulary,
    piece: &'a [u8],
    ids: Vec<u32>,
    /// Where they end.
    at: usize,
    /// What is known of the end. Those that no longer fit are left out one by one.
    rest: &'a [u32],
    /// Where that begins.
    rest_at: usize,
    /// The stretch that was merged last: where one letter follows itself, so does its stretch.
    last: (&'a [u8], Vec<u32>),
}

impl<'a> Joining<'a> {
    /// Whether all of the piece is known.
    fn meets_rest(&self) -> bool {
        let first = self.rest.first();
        self.at == self.rest_at && first.is_some_and(|first| self.fits(self.ids.last(), *first))
    }

    /// Merges a stretch more. It begins some tokens back, since their end was cut off somewhere,
    /// and ends where what is known may begin.
    fn go_on(&mut self) {
        let end = self.end_of_stretch();
        let mut back = FEW;
        loop {
            let kept = self.ids.len().saturating_sub(back);
            let start = self.at - length(self.vocabulary, &self.ids[kept..]);
            let piece = self.piece;
            self.merge(&piece[start..end]);
            let first = self.last.1[0];
            if self.fits(self.ids[..kept].last(), first) {
                self.ids.truncate(kept);
                self.ids.extend(&self.last.1);
                self.at = end;
                return;
            }
            back *= 2;
        }
    }

    fn end_of_stretch(&mut self) -> usize {
        let end = (self.at + STRETCH).min(self.piece.len());
        if self.rest_at > end {
            // What is known begins later: it is not looked at before.
            return end;
        }
        if (self.at + 1..=end).contains(&self.rest_at) {
            return self.rest_at;
        }
        while let [first, rest @ ..] = self.rest
            && self.rest_at < end
        {
            self.rest_at += length(self.vocabulary, &[*first]);
            self.rest = rest;
        }
        if self.rest.is_empty() { end } else { self.rest_at }
    }

    /// Merges the bytes of a stretch into `last`.
    fn merge(&mut self, bytes: &'a [u8]) {
        if self.last.0 != bytes {
            self.last.0 = bytes;
            self.last.1.clear();
            merge(self.vocabulary, bytes, &mut self.last.1);
        }
    }

    fn fits(&self, left: Option<&u32>, right: u32) -> bool {
        left.is_none_or(|left| are_neighbours(self.vocabulary, *left, right))
    }
}

/// Whether merging makes these two of their text.
fn are_neighbours(vocabulary: &Vocabulary, left: u32, right: u32) -> bool {
    let text = [bytes(vocabulary, left), bytes(vocabulary, right)].concat();
    let mut ids = Vec::with_capacity(2);
    merge(vocabulary, &text, &mut ids);
    ids == [left, right]
}

fn length(vocabulary: &Vocabulary, ids: &[u32]) -> usize {
    ids.iter().map(|id| bytes(vocabulary, *id).len()).sum()
}

fn bytes(vocabulary: &Vocabulary, id: u32) -> &'static [u8] {
    vocabulary.bytes(id).expect("the id came out of this vocabulary")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Encoding;

    /// What is put into the middle of a long piece is merged bit by bit, as all of it is at first.
    #[test]
    fn no_stretch_is_longer_than_the_others() {
        let vocabulary = Encoding::O200kBase.vocabulary();
        let piece = [b'a'; 100 * STRETCH];
        let mut whole = Vec::new();
        merge(vocabulary, &piece[..8 * STRETCH], &mut whole);
        let longest = whole.iter().map(|id| length(vocabulary, &[*id])).max().expect("tokens");
        let rest_at = piece.len() - length(vocabulary, &whole);
        let (ids, last) = (Vec::new(), (&[][..], Vec::new()));
        let rest = &whole[..];
        let mut joining = Joining { vocabulary, piece: &piece, ids, at: 0, rest, rest_at, last };
        while joining.at < piece.len() && !joining.meets_rest() {
            let before = joining.at;
            joining.go_on();
            assert!(joining.at - before <= STRETCH + longest, "{before} to {}", joining.at);
        }
        assert!(joining.at >= rest_at, "and what is known is reached");
    }
}
