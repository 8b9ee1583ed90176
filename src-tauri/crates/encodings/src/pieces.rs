//! The first cut: a text into pieces. No token reaches over the border of two.
//!
//! The patterns are those of tiktoken, made linear: this engine never goes back, so possessive
//! repeats mean nothing to it, and it cannot look ahead. One alternative does, `\s+(?!\S)`:
//! blanks before a word leave their last character to the word. [`Rules::end_of_first`] does that.

use regex::Regex;
use std::sync::LazyLock;

/// How an encoding cuts a text into pieces.
pub struct Rules {
    /// Matches one piece at the beginning of any text that is not empty.
    piece: LazyLock<Regex>,
    /// Whether a piece of blanks that ends in a newline keeps it, even before a word.
    keeps_newlines: bool,
}

/// `o200k_base` and `o200k_harmony`.
pub static O200K: Rules = Rules {
    piece: LazyLock::new(|| {
        any_of(&[
            concat!(
                r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+",
                r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
            ),
            concat!(
                r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*",
                r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
            ),
            r"\p{N}{1,3}",
            r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
            r"\s*[\r\n]+",
            r"\s+",
        ])
    }),
    keeps_newlines: true,
};

/// `cl100k_base`.
pub static CL100K: Rules = Rules {
    piece: LazyLock::new(|| {
        any_of(&[
            r"'(?i:[sdmt]|ll|ve|re)",
            r"[^\r\n\p{L}\p{N}]?\p{L}+",
            r"\p{N}{1,3}",
            r" ?[^\s\p{L}\p{N}]+[\r\n]*",
            r"\s+$",
            r"\s*[\r\n]",
            r"\s+",
        ])
    }),
    keeps_newlines: true,
};

/// `p50k_base` and `r50k_base`.
pub static GPT2: Rules = Rules {
    piece: LazyLock::new(|| {
        any_of(&[r"'(?:[sdmt]|ll|ve|re)", r" ?\p{L}+", r" ?\p{N}+", r" ?[^\s\p{L}\p{N}]+", r"\s+"])
    }),
    keeps_newlines: false,
};

fn any_of(alternatives: &[&str]) -> Regex {
    let pattern = format!("^(?:{})", alternatives.join("|"));
    Regex::new(&pattern).expect("tests compile every pattern")
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

    /// Where the first piece of `text` ends.
    fn end_of_first(&self, text: &str) -> Option<usize> {
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
