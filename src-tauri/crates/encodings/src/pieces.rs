//! The first cut: a text into pieces. No token reaches over the border of two.
//!
//! The patterns are those of tiktoken, made linear: this engine never goes back, so possessive
//! repeats mean nothing to it, and it cannot look ahead. One alternative does, `\s+(?!\S)`:
//! blanks before a word leave their last character to the word. [`Rules::end_of_first`] does that.

mod published;

pub use published::{Alternative, CL100K, GPT2, O200K};

use published::{AT_END, BEFORE_BLANK};
use regex::Regex;
use std::sync::LazyLock;

/// How an encoding cuts a text into pieces.
pub struct Rules {
    /// Matches one piece at the beginning of any text that is not empty.
    piece: LazyLock<Regex>,
    /// The same, alternative by alternative, as it is published.
    alternatives: &'static [Alternative],
    /// What matches each alternative by itself.
    each: LazyLock<Vec<Option<Regex>>>,
    /// Whether a piece of blanks that ends in a newline keeps it, even before a word.
    keeps_newlines: bool,
}

fn any_of(alternatives: &[Alternative]) -> Regex {
    let linear: Vec<_> = alternatives.iter().filter_map(|it| it.linear).collect();
    compile(&linear.join("|"))
}

fn each_of(alternatives: &[Alternative]) -> Vec<Option<Regex>> {
    alternatives.iter().map(|it| it.linear.map(compile)).collect()
}

fn compile(pattern: &str) -> Regex {
    Regex::new(&format!("^(?:{pattern})")).expect("tests compile every pattern")
}

/// What a pattern can take in one run that it looks through to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Blank,
    LetterOrMark,
    Other,
}

impl Kind {
    fn of(it: char) -> Kind {
        static MARK: LazyLock<Regex> = LazyLock::new(|| compile(r"\p{M}"));
        let is_mark = || !it.is_ascii() && MARK.is_match(it.encode_utf8(&mut [0; 4]));
        if it.is_whitespace() {
            Kind::Blank
        } else if it.is_alphabetic() || is_mark() {
            Kind::LetterOrMark
        } else {
            Kind::Other
        }
    }
}

impl Rules {
    /// The pieces of a text, in order. Joined they are the text.
    pub fn pieces<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        let mut rest = text;
        std::iter::from_fn(move || {
            let (piece, after) = rest.split_at(self.end_of_first(rest)?);
            rest = after;
            Some(piece)
        })
    }

    /// The alternatives of the pattern, in the order in which they are tried.
    pub fn alternatives(&self) -> &'static [Alternative] {
        self.alternatives
    }

    /// Which alternative takes the first piece of `text`.
    pub fn alternative_of_first(&self, text: &str) -> Option<usize> {
        let end = self.end_of_first(text)?;
        let is_blank = text[..end].trim().is_empty();
        let next = text[end..].chars().next();
        self.alternatives.iter().zip(&*self.each).position(|(it, regex)| match it.pattern {
            AT_END => is_blank && next.is_none(),
            BEFORE_BLANK => is_blank && next.is_none_or(char::is_whitespace),
            _ => regex.as_ref().is_some_and(|regex| regex.is_match(text)),
        })
    }

    /// The part of `before` whose pieces would be the same whatever follows it.
    ///
    /// Beyond its end, a piece may have looked through one run of letters and marks or of blanks,
    /// and at `margin` characters more.
    pub fn settled(before: &str, margin: usize) -> usize {
        let Some((margin, last)) = before.char_indices().rev().nth(margin) else { return 0 };
        let kind = Kind::of(last);
        if kind == Kind::Other {
            return margin;
        }
        let run = before[..margin].char_indices().rev().take_while(|(_, it)| Kind::of(*it) == kind);
        // Whoever ends where the run begins looks through all of it.
        run.last().map_or(margin, |(start, _)| start).saturating_sub(1)
    }

    /// Where the first piece of `text` ends; nowhere in an empty one.
    pub fn end_of_first(&self, text: &str) -> Option<usize> {
        let found = self.piece.find(text)?;
        let last = found.as_str().chars().next_back()?;
        let without_last = found.end() - last.len_utf8();
        // What ends in a blank was matched by the look ahead's alternative, or by one for newlines.
        let is_blank =
            last.is_whitespace() && !(self.keeps_newlines && matches!(last, '\r' | '\n'));
        let gives_back = is_blank && without_last > 0 && found.end() < text.len();
        Some(if gives_back { without_last } else { found.end() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text, and its pieces under the rules of o200k, cl100k and gpt2.
    type Row = (&'static str, [&'static [&'static str]; 3]);

    fn check(table: &[Row]) {
        for (text, expected) in table {
            for (rules, expected) in [&O200K, &CL100K, &GPT2].into_iter().zip(expected) {
                assert_eq!(rules.pieces(text).collect::<Vec<_>>(), *expected, "{text:?}");
            }
        }
    }

    #[test]
    fn blanks_leave_their_last_character_to_the_word() {
        check(&[
            ("a   b", [&["a", "  ", " b"]; 3]),
            ("a b", [&["a", " b"]; 3]),
            ("a   ", [&["a", "   "]; 3]),
            ("a\u{3000}\u{3000}!", [&["a", "\u{3000}", "\u{3000}", "!"]; 3]),
        ]);
    }

    #[test]
    fn newlines_stay_with_the_blanks_before_them() {
        check(&[
            ("a\n\n1", [&["a", "\n\n", "1"], &["a", "\n\n", "1"], &["a", "\n", "\n", "1"]]),
            ("a \n  b", [&["a", " \n", " ", " b"], &["a", " \n", " ", " b"], &["a", " \n ", " b"]]),
            ("a \n  ", [&["a", " \n", "  "], &["a", " \n  "], &["a", " \n  "]]),
        ]);
    }

    #[test]
    fn contractions_are_told_apart() {
        check(&[
            ("it's", [&["it's"], &["it", "'s"], &["it", "'s"]]),
            ("it'Sad", [&["it'S", "ad"], &["it", "'S", "ad"], &["it", "'", "Sad"]]),
        ]);
    }
}
