//! The same merging step by step, to be looked at. It is the plain way, and slow.

use crate::vocabulary::Vocabulary;
use std::ops::Range;

/// A state on the way from bytes to tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The parts of the piece.
    pub parts: Vec<Range<usize>>,
    /// For each two neighbours the rank of the token that they would make, if there is one.
    pub ranks: Vec<Option<u32>>,
    /// Which two merge next; none at the end.
    pub merges: Option<usize>,
}

/// All states, from single bytes to tokens.
pub fn of(vocabulary: &Vocabulary, piece: &[u8]) -> Vec<Step> {
    let mut parts: Vec<Range<usize>> = (0..piece.len()).map(|at| at..at + 1).collect();
    let mut steps = Vec::new();
    loop {
        let rank = |pair: &[Range<usize>]| vocabulary.id(&piece[pair[0].start..pair[1].end]);
        let ranks: Vec<_> = parts.windows(2).map(rank).collect();
        let best = ranks.iter().flatten().min();
        let merges =
            best.and_then(|best| ranks.iter().position(|rank| rank.as_ref() == Some(best)));
        steps.push(Step { parts: parts.clone(), ranks, merges });
        let Some(left) = merges else { return steps };
        parts[left].end = parts.remove(left + 1).end;
    }
}
