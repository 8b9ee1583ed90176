//! The patterns as they are published with tiktoken, alternative by alternative.

use super::{Rules, any_of, each_of};
use std::sync::LazyLock;

/// An alternative of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alternative {
    /// As it is published.
    pub pattern: &'static str,
    /// What it takes, in a sentence.
    pub says: &'static str,
    /// The same without looking ahead or going back; none where another's does for it.
    pub(super) linear: Option<&'static str>,
}

/// Blanks at the end of the text.
pub(super) const AT_END: &str = r"\s++$";
/// Blanks that leave one to what follows, if that is none.
pub(super) const BEFORE_BLANK: &str = r"\s+(?!\S)";

const fn same(pattern: &'static str, says: &'static str) -> Alternative {
    Alternative { pattern, says, linear: Some(pattern) }
}

const fn like(
    pattern: &'static str,
    linear: Option<&'static str>,
    says: &'static str,
) -> Alternative {
    Alternative { pattern, says, linear }
}

const DIGITS: &str = "At most three digits.";
const BLANKS_LEFT: &str =
    "Blanks; before a word or a sign, all but the last, which is left to that.";

/// `o200k_base` and `o200k_harmony`.
pub static O200K: Rules = Rules {
    piece: LazyLock::new(|| any_of(O200K_ALTERNATIVES)),
    alternatives: O200K_ALTERNATIVES,
    each: LazyLock::new(|| each_of(O200K_ALTERNATIVES)),
    keeps_newlines: true,
};

const O200K_ALTERNATIVES: &[Alternative] = &[
    same(
        concat!(
            r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+",
            r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        ),
        "A word that ends in small letters, capitals only at its beginning, with one blank or sign \
         before it and an English ending such as 's behind it.",
    ),
    same(
        concat!(
            r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*",
            r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        ),
        "A word in capitals, with one blank or sign before it and an English ending behind it.",
    ),
    same(r"\p{N}{1,3}", DIGITS),
    same(
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        "Signs, with one space before them and line ends or slashes behind them.",
    ),
    same(r"\s*[\r\n]+", "Line ends, with the blanks before them."),
    like(BEFORE_BLANK, None, BLANKS_LEFT),
    same(r"\s+", "What is left of blanks."),
];

/// `cl100k_base`.
pub static CL100K: Rules = Rules {
    piece: LazyLock::new(|| any_of(CL100K_ALTERNATIVES)),
    alternatives: CL100K_ALTERNATIVES,
    each: LazyLock::new(|| each_of(CL100K_ALTERNATIVES)),
    keeps_newlines: true,
};

const CL100K_ALTERNATIVES: &[Alternative] = &[
    same(r"'(?i:[sdmt]|ll|ve|re)", "An English ending, such as 's or 'll."),
    like(
        r"[^\r\n\p{L}\p{N}]?+\p{L}++",
        Some(r"[^\r\n\p{L}\p{N}]?\p{L}+"),
        "A word, with one blank or sign before it.",
    ),
    like(r"\p{N}{1,3}+", Some(r"\p{N}{1,3}"), DIGITS),
    like(
        r" ?[^\s\p{L}\p{N}]++[\r\n]*+",
        Some(r" ?[^\s\p{L}\p{N}]+[\r\n]*"),
        "Signs, with one space before them and line ends behind them.",
    ),
    like(AT_END, Some(r"\s+$"), "Blanks at the end of the text."),
    same(r"\s*[\r\n]", "Blanks up to their last line end."),
    like(BEFORE_BLANK, None, BLANKS_LEFT),
    like(r"\s", Some(r"\s+"), "One blank that is left."),
];

/// `p50k_base`, `r50k_base` and `gpt2`.
pub static GPT2: Rules = Rules {
    piece: LazyLock::new(|| any_of(GPT2_ALTERNATIVES)),
    alternatives: GPT2_ALTERNATIVES,
    each: LazyLock::new(|| each_of(GPT2_ALTERNATIVES)),
    keeps_newlines: false,
};

const GPT2_ALTERNATIVES: &[Alternative] = &[
    same(r"'(?:[sdmt]|ll|ve|re)", "An English ending in small letters, such as 's or 'll."),
    like(r" ?\p{L}++", Some(r" ?\p{L}+"), "A word, with one space before it."),
    like(r" ?\p{N}++", Some(r" ?\p{N}+"), "Digits, however many, with one space before them."),
    like(r" ?[^\s\p{L}\p{N}]++", Some(r" ?[^\s\p{L}\p{N}]+"), "Signs, with one space before them."),
    like(AT_END, None, "Blanks at the end of the text."),
    like(BEFORE_BLANK, None, BLANKS_LEFT),
    like(r"\s", Some(r"\s+"), "One blank that is left."),
];
