//! The words of a text, as Unicode Standard Annex #29 finds them, and what stands between them.

use encodings::{Change, Sums, Tiling};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// Where words and what is between them end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    tiling: Tiling,
    words: Sums,
}

impl Words {
    /// The words of a text.
    pub fn of(text: &str) -> Words {
        let mut words = Words::default();
        words.change(text, Change { start: 0, removed: 0, inserted: text.len() });
        words
    }

    /// Follows the text, which has changed.
    pub fn change(&mut self, text: &str, change: Change) {
        let first = |rest: &str| rest.split_word_bounds().next().map_or(0, str::len);
        let recut = self.tiling.change(text, change, settled(&text[..change.start]), first);
        let is_word = |it| u32::from(is_word(&text[self.tiling.range(it)]));
        self.words.change(&recut, recut.new.clone().map(is_word));
    }

    /// How many words there are.
    pub fn count(&self) -> u32 {
        self.words.total()
    }

    /// Words and what is between them, from the one that has the byte at `at`: the bytes, and how
    /// many words come before.
    pub fn from(&self, at: usize) -> impl Iterator<Item = (Range<usize>, u32)> {
        let all = self.tiling.piece_at(at)..self.tiling.len();
        all.map(|it| (self.tiling.range(it), self.words.before(it)))
    }

    /// Where they begin, from the one that has the byte at `at` backwards.
    pub fn starts_before(&self, at: usize) -> impl Iterator<Item = usize> {
        let last = self.tiling.piece_at(at);
        (0..(last + 1).min(self.tiling.len())).rev().map(|it| self.tiling.range(it).start)
    }
}

/// Whether it has anything that is written in words.
pub fn is_word(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// The part of `before` whose words are the same whatever follows it: behind a line's end, and
/// between a letter and a space, there is a border whatever else there is.
fn settled(before: &str) -> usize {
    let pairs = before.as_bytes().windows(2).enumerate().rev();
    let mut borders = pairs.filter_map(|(at, pair)| match pair {
        [_, b'\n'] => Some(at + 2),
        [letter, b' '] if letter.is_ascii_alphanumeric() => Some(at + 1),
        _ => None,
    });
    borders.next().unwrap_or(0)
}
