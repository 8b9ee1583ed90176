//! The borders of the pieces of a text, kept up with the text as it changes.
//!
//! What makes this possible holds for every cut here: where a piece ends depends only on the text
//! from its beginning on. So behind a change it is enough to cut on until an old border is met:
//! from there all is as it was.

use std::ops::Range;

/// A change of a text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Where it begins, before and after.
    pub start: usize,
    /// How much went.
    pub removed: usize,
    /// How much came.
    pub inserted: usize,
}

impl Change {
    /// Where it ends in the new text.
    pub fn end(&self) -> usize {
        self.start + self.inserted
    }

    /// Where in the new text is what was at `old`, which is not before the change's end.
    pub fn moved(&self, old: u32) -> u32 {
        old - self.removed as u32 + self.inserted as u32
    }
}

/// Where the pieces of a text end. Together they are the text, and none is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tiling {
    ends: Vec<u32>,
}

/// The pieces that went, by their old numbers, and those that came, by their new ones. Both begin
/// with the same number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recut {
    /// The pieces that went.
    pub old: Range<usize>,
    /// The pieces that came.
    pub new: Range<usize>,
}

impl Tiling {
    /// Cuts a whole text, each time where `end_of_first` says that the first piece of the rest
    /// ends.
    pub fn of(text: &str, end_of_first: impl Fn(&str) -> usize) -> Tiling {
        let mut ends = Vec::new();
        let mut at = 0;
        while at < text.len() {
            at += end_of_first(&text[at..]);
            ends.push(at as u32);
        }
        Tiling { ends }
    }

    /// How many pieces there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none, as in an empty text.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The bytes of a piece.
    pub fn range(&self, piece: usize) -> Range<usize> {
        let start = piece.checked_sub(1).map_or(0, |before| self.ends[before]);
        start as usize..self.ends[piece] as usize
    }

    /// The piece that has the byte at `at`; the number of pieces if that is beyond the text.
    pub fn piece_at(&self, at: usize) -> usize {
        self.ends.partition_point(|end| *end as usize <= at)
    }

    /// Cuts `text` anew, which has changed, but only where it has to be. Pieces that end at
    /// `settled` or before it must not depend on anything from the change on.
    pub fn change(
        &mut self,
        text: &str,
        change: Change,
        settled: usize,
        end_of_first: impl Fn(&str) -> usize,
    ) -> Recut {
        let first = self.ends.partition_point(|end| *end as usize <= settled.min(change.start));
        let mut at = first.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        let (mut came, mut after) = (Vec::new(), first);
        // Both cuts agree from an old border behind the change on; the end of the text is one.
        loop {
            if at >= change.end() {
                let old = (at - change.inserted + change.removed) as u32;
                after += self.ends[after..].iter().take_while(|end| **end <= old).count();
                if old == 0 || after.checked_sub(1).is_some_and(|last| self.ends[last] == old) {
                    break;
                }
            }
            at += end_of_first(&text[at..]);
            came.push(at as u32);
        }
        let recut = Recut { old: first..after, new: first..first + came.len() };
        self.ends[after..].iter_mut().for_each(|end| *end = change.moved(*end));
        self.ends.splice(first..after, came);
        recut
    }
}

/// How much of something there is up to the end of each piece.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    ends: Vec<u32>,
}

impl Sums {
    /// How much there is in all.
    pub fn total(&self) -> u32 {
        self.before(self.ends.len())
    }

    /// How much there is before a piece.
    pub fn before(&self, piece: usize) -> u32 {
        piece.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    /// The piece in which so much is exceeded; the number of pieces if that is in none.
    pub fn piece_at(&self, much: u32) -> usize {
        self.ends.partition_point(|end| *end <= much)
    }

    /// Follows the pieces; `much` says how much there is in each that came.
    pub fn change(&mut self, recut: &Recut, much: impl Iterator<Item = u32>) {
        let before = self.before(recut.old.start);
        let (gone, mut came) = (self.before(recut.old.end), before);
        let ends = much.map(|much| {
            came += much;
            came
        });
        let ends: Vec<u32> = ends.collect();
        self.ends[recut.old.end..].iter_mut().for_each(|end| *end = *end - gone + came);
        self.ends.splice(recut.old.clone(), ends);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pieces end with their first blank, or with the text.
    fn end_of_word(text: &str) -> usize {
        text.find(' ').map_or(text.len(), |at| at + 1)
    }

    #[test]
    fn only_what_has_to_be_is_cut_again() {
        for (before, start, removed, inserted, old, new) in [
            ("aa bb cc dd", 4, 0, "x", 1..2, 1..2),
            ("aa bb cc dd", 4, 0, " ", 1..2, 1..3),
            ("aa bb cc dd", 5, 1, "", 1..3, 1..2),
            ("aa bb cc dd", 3, 3, "", 1..2, 1..1),
            ("aa bb cc dd", 0, 11, "", 0..4, 0..0),
            ("", 0, 0, "a b", 0..0, 0..2),
            ("aa bb", 5, 0, "", 1..2, 1..2),
        ] {
            let mut tiling = Tiling::of(before, end_of_word);
            let after = format!("{}{inserted}{}", &before[..start], &before[start + removed..]);
            let change = Change { start, removed, inserted: inserted.len() };
            // A word may grow at its end, so one that ends at the change is not settled.
            let settled = before[..start].rfind(' ').map_or(0, |at| at + 1);
            let recut = tiling.change(&after, change, settled, end_of_word);
            assert_eq!(tiling, Tiling::of(&after, end_of_word), "{before:?} to {after:?}");
            assert_eq!(recut, Recut { old, new }, "{before:?} to {after:?}");
            let lengths = |of: &Tiling| (0..of.len()).map(|it| of.range(it).len() as u32).collect();
            let of = |lengths: Vec<u32>, recut: Recut| {
                let mut sums = Sums::default();
                sums.change(&recut, lengths.into_iter());
                sums
            };
            let old: Vec<u32> = lengths(&Tiling::of(before, end_of_word));
            let mut sums = of(old.clone(), Recut { old: 0..0, new: 0..old.len() });
            sums.change(&recut, recut.new.clone().map(|it| tiling.range(it).len() as u32));
            assert_eq!(sums, of(lengths(&tiling), Recut { old: 0..0, new: 0..tiling.len() }));
            assert_eq!(sums.total() as usize, after.len());
        }
    }
}
