//! The second cut: the bytes of a piece into tokens.
//!
//! Byte pair encoding begins with single bytes. Of all neighbours that together are a token, the
//! two whose token has the lowest rank merge, the leftmost among equals; again and again, until
//! no two neighbours are a token. The rank of a token is its id.

pub mod seams;
pub mod steps;

use crate::{index::ID_BITS, vocabulary::Vocabulary};
use std::{cmp::Reverse, collections::BinaryHeap, iter};

/// Appends the tokens of a piece to `ids`.
pub fn encode(vocabulary: &Vocabulary, piece: &[u8], ids: &mut Vec<u32>) {
    // tiktoken begins so too: most pieces are one token.
    if let Some(id) = vocabulary.id(piece) {
        return ids.push(id);
    }
    if piece.len() < seams::LONG {
        return merge(vocabulary, piece, ids);
    }
    ids.extend(seams::encode(vocabulary, piece, Vec::new(), &[]));
}

/// Merges the bytes of a piece, whether or not it is a token as a whole.
fn merge(vocabulary: &Vocabulary, piece: &[u8], ids: &mut Vec<u32>) {
    let mut merging = Merging::of(vocabulary, piece);
    while let Some(merge) = merging.take_best() {
        merging.join(merge.left());
    }
    ids.extend(merging.ids());
}

/// A piece on its way from bytes to tokens. A part of it is named by where it begins.
struct Merging<'a> {
    vocabulary: &'a Vocabulary,
    piece: &'a [u8],
    /// One for each byte, but only those at which a part begins mean something.
    parts: Vec<Part>,
    /// The merges to come, best first. One that has become impossible stays, since it would have
    /// to be searched for, and is passed over when its turn comes.
    queue: BinaryHeap<Reverse<Merge>>,
}

struct Part {
    /// The part before; the first has none, and names itself.
    previous: usize,
    /// Where it ends, and the next one begins.
    end: usize,
    /// The token that it would make with the next one.
    merge: Option<u32>,
}

/// A token and the part that would begin it, in one number: the heap of a long piece does little
/// but compare, and so takes half the time. Lower is better.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Merge(u64);

impl Merge {
    const PART_BITS: u32 = u64::BITS - ID_BITS;

    fn new(id: u32, left: usize) -> Merge {
        Merge(u64::from(id) << Merge::PART_BITS | left as u64)
    }

    fn id(&self) -> u32 {
        (self.0 >> Merge::PART_BITS) as u32
    }

    fn left(&self) -> usize {
        (self.0 & ((1 << Merge::PART_BITS) - 1)) as usize
    }
}

impl<'a> Merging<'a> {
    fn of(vocabulary: &'a Vocabulary, piece: &'a [u8]) -> Merging<'a> {
        let part = |at: usize| Part { previous: at.saturating_sub(1), end: at + 1, merge: None };
        let parts = (0..piece.len()).map(part).collect();
        let mut merging = Merging { vocabulary, piece, parts, queue: BinaryHeap::new() };
        (0..piece.len()).for_each(|at| merging.look_up(at));
        merging
    }

    /// The best merge that is still possible. A part only grows, and of another size it would make
    /// another token: so a merge is possible if its part still makes the same token.
    fn take_best(&mut self) -> Option<Merge> {
        let mut merges = iter::from_fn(|| self.queue.pop()).map(|Reverse(merge)| merge);
        merges.find(|merge| self.parts[merge.left()].merge == Some(merge.id()))
    }

    /// Makes one part of two, the one that begins at `left` and the next.
    fn join(&mut self, left: usize) {
        let right = self.parts[left].end;
        let end = self.parts[right].end;
        self.parts[left].end = end;
        self.parts[right].merge = None;
        if let Some(next) = self.parts.get_mut(end) {
            next.previous = left;
        }
        self.look_up(left);
        if left > 0 {
            self.look_up(self.parts[left].previous);
        }
    }

    /// Notes which token a part would make with the next one.
    fn look_up(&mut self, left: usize) {
        let next = self.parts.get(self.parts[left].end);
        let merge = next.and_then(|next| self.vocabulary.id(&self.piece[left..next.end]));
        self.parts[left].merge = merge;
        self.queue.extend(merge.map(|id| Reverse(Merge::new(id, left))));
    }

    /// The tokens of the parts as they are now.
    fn ids(&self) -> impl Iterator<Item = u32> {
        let mut start = 0;
        iter::from_fn(move || {
            let end = self.parts.get(start)?.end;
            let bytes = &self.piece[start..end];
            start = end;
            Some(self.vocabulary.id(bytes).expect("every byte is a token, and so is a merge"))
        })
    }
}
