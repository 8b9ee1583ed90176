//! How a text was cut: first into pieces by a pattern, then each piece by merging bytes.

use super::{
    Encoding, Lane,
    sheet::{LaneToken, Sheet},
};
use encodings::{Alternative, Cutting, Placed};
use serde::Serialize;
use std::ops::Range;
use ts_rs::TS;

/// How the piece at some place was cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct HowCut {
    /// Which encoding cut it.
    pub encoding: Encoding,
    /// Where the first of `pieces` begins in the text, in UTF-16 code units.
    pub at: u32,
    /// The pieces around it, in order.
    pub pieces: Vec<CutPiece>,
    /// Which of them it is.
    pub selected: u32,
    /// The alternatives of the encoding's pattern, in the order in which they are tried.
    pub rules: Vec<PieceRule>,
    /// Whether the whole piece is in the vocabulary: then it is taken as it is, without merging.
    pub is_token: bool,
    /// The merging, step by step: first the bytes, last the tokens. Empty when `too_long`.
    pub steps: Vec<MergeStep>,
    /// Why there are no steps, in a sentence.
    pub too_long: Option<String>,
    /// What it became; at most [`MOST_TOKENS`].
    pub tokens: Vec<LaneToken>,
}

/// What the pattern cut out of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CutPiece {
    /// Its text; of a long one the beginning, and an ellipsis.
    pub text: String,
    /// How long it is in the text, in UTF-16 code units.
    pub utf16: u32,
    /// Which of the rules matched; none for a special token.
    pub rule: Option<u32>,
}

/// An alternative of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PieceRule {
    /// As it is published.
    pub pattern: &'static str,
    /// What it takes, in a sentence.
    pub says: &'static str,
}

/// A state on the way from bytes to tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct MergeStep {
    /// What there is.
    pub parts: Vec<LaneToken>,
    /// For each two neighbours the rank of the token that they would make; none if there is none.
    pub ranks: Vec<Option<u32>>,
    /// Which two merge next: those of the lowest rank, the leftmost among equals. None at the end.
    pub merges: Option<u32>,
}

/// How many tokens of a piece are listed.
pub const MOST_TOKENS: usize = 200;
/// How many pieces are shown on each side.
const AROUND: usize = 8;
/// How many characters of a piece are shown.
const MOST_LETTERS: usize = 200;
/// The longest piece that is merged step by step, in bytes. There are as many steps, each of them
/// as long: more than anybody would read.
const MOST_STEPS: usize = 96;

impl Sheet {
    /// How the piece was cut that has the UTF-16 position `at`, or the last one. None for an empty
    /// text, and for a lane that the sheet does not have or that is no encoding.
    pub fn how_cut(&self, lane: Lane, at: u32) -> Option<HowCut> {
        let encoding = lane.encoding()?;
        let cutting = self.cutting(encoding)?;
        let pieces = cutting.pieces();
        let at = self.byte_near(at);
        let selected = pieces.piece_at(at).min(pieces.len().checked_sub(1)?);
        let first = selected.saturating_sub(AROUND);
        let around = first..(selected + AROUND + 1).min(pieces.len());
        let piece = &self.text()[pieces.range(selected)];
        let is_special = cutting.tokens_of(selected).any(|token| token.is_special);
        let too_long = (piece.len() > MOST_STEPS).then(|| {
            format!(
                "This piece has {} bytes. Merging is shown step by step for at most {MOST_STEPS}: \
                 it takes about as many steps.",
                piece.len()
            )
        });
        let steps = if too_long.is_some() || is_special { vec![] } else { steps(encoding, piece) };
        let tokens = cutting.tokens_of(selected).take(MOST_TOKENS);
        let bytes = |token: &Placed| &self.text().as_bytes()[token.range.clone()];
        Some(HowCut {
            encoding,
            at: self.utf16_at(pieces.range(first).start),
            pieces: around.map(|it| self.cut_piece(encoding, cutting, it)).collect(),
            selected: (selected - first) as u32,
            rules: encoding.alternatives().iter().map(rule).collect(),
            is_token: encoding.id_of(piece.as_bytes()).is_some(),
            steps,
            too_long,
            tokens: tokens.map(|it| LaneToken::new(Some(it.id), bytes(&it))).collect(),
        })
    }

    fn cut_piece(&self, encoding: Encoding, cutting: &Cutting, piece: usize) -> CutPiece {
        let range = cutting.pieces().range(piece);
        let all = &self.text()[range.clone()];
        let mut text: String = all.chars().take(MOST_LETTERS).collect();
        if text.len() < all.len() {
            text.push('…');
        }
        let is_special = cutting.tokens_of(piece).any(|token| token.is_special);
        // A special token ends the text for what is before it.
        let next_special = cutting.tokens_from(piece + 1).next().filter(|it| it.is_special);
        let seen = next_special.map_or(self.text().len(), |it| it.range.start);
        let rule = encoding.alternative_of_first(&self.text()[range.start..seen]);
        let rule = rule.filter(|_| !is_special).map(|rule| rule as u32);
        CutPiece { text, utf16: all.encode_utf16().count() as u32, rule }
    }
}

fn rule(alternative: &Alternative) -> PieceRule {
    PieceRule { pattern: alternative.pattern, says: alternative.says }
}

fn steps(encoding: Encoding, piece: &str) -> Vec<MergeStep> {
    let token = |range: &Range<usize>| {
        let bytes = &piece.as_bytes()[range.clone()];
        LaneToken::new(encoding.id_of(bytes), bytes)
    };
    let steps = encoding.merge_steps(piece).into_iter();
    let told = steps.map(|step| MergeStep {
        parts: step.parts.iter().map(token).collect(),
        ranks: step.ranks,
        merges: step.merges.map(|at| at as u32),
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::sheet::SheetLayout;
    use proptest::prelude::*;

    fn sheet(text: &str, specials: bool) -> Sheet {
        let lanes = vec![Lane::O200kBase, Lane::Cl100kBase, Lane::Gpt2, Lane::Bytes];
        let layout = SheetLayout { lanes, columns: 80, specials, price_as: None };
        Sheet::new(text.into(), layout).unwrap()
    }

    proptest! {
        #[test]
        fn each_step_merges_what_the_one_before_says(text in "[a-zA-Z0-9 '\n語é👩]{1,60}", at in 0..60u32) {
            let sheet = sheet(&text, false);
            for lane in [Lane::O200kBase, Lane::Cl100kBase, Lane::Gpt2] {
                let how = sheet.how_cut(lane, at).unwrap();
                let texts: String = how.pieces.iter().map(|it| it.text.as_str()).collect();
                prop_assert!(text.contains(&texts));
                prop_assert!(how.pieces.iter().all(|it| it.rule.is_some()));
                for pair in how.steps.windows(2) {
                    let at = pair[0].merges.expect("there is a next step") as usize;
                    let mut parts: Vec<_> = pair[0].parts.iter().map(|it| it.bytes.clone()).collect();
                    let right = parts.remove(at + 1);
                    parts[at].push_str(&right);
                    prop_assert_eq!(parts, pair[1].parts.iter().map(|it| it.bytes.clone()).collect::<Vec<_>>());
                    prop_assert_eq!(pair[0].ranks[at], pair[1].parts[at].id, "the rank is the id");
                    prop_assert_eq!(pair[0].ranks[at], pair[0].ranks.iter().flatten().min().copied());
                }
                let last = how.steps.last().unwrap();
                prop_assert!(how.is_token || last.parts == how.tokens, "{:?}", how);
                prop_assert_eq!(how.is_token, how.tokens.len() == 1);
            }
        }
    }

    #[test]
    fn a_word_is_told_with_its_neighbours() {
        let how = sheet("I like strawberry jam", false).how_cut(Lane::O200kBase, 10).unwrap();
        let pieces: Vec<_> = how.pieces.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(pieces, ["I", " like", " strawberry", " jam"]);
        assert_eq!((how.at, how.selected, how.is_token), (0, 2, true));
        assert_eq!(how.steps[0].parts.len(), " strawberry".len());
        let rules: Vec<_> = how.pieces.iter().map(|it| it.rule).collect();
        assert_eq!(rules, [Some(1), Some(0), Some(0), Some(0)], "I is all capitals");
        assert_eq!(how.rules.len(), 7);
    }

    #[test]
    fn what_is_too_long_says_so() {
        let how = sheet(&"ab".repeat(5_000), false).how_cut(Lane::O200kBase, 0).unwrap();
        assert!(how.steps.is_empty() && how.tokens.len() == MOST_TOKENS);
        let says = how.too_long.unwrap();
        assert!(says.starts_with("This piece has 10000 bytes."), "{says}");
        assert!(how.pieces[0].text.ends_with('…') && how.pieces[0].utf16 == 10_000);
    }

    #[test]
    fn a_special_token_was_not_merged() {
        let sheet = sheet("a  <|endoftext|>", true);
        let how = sheet.how_cut(Lane::O200kBase, 5).unwrap();
        let pieces: Vec<_> = how.pieces.iter().map(|it| (it.text.as_str(), it.rule)).collect();
        assert_eq!(pieces, [("a", Some(0)), ("  ", Some(5)), ("<|endoftext|>", None)]);
        assert_eq!((how.selected, how.steps.len(), how.tokens[0].id), (2, 0, Some(199_999)));
    }

    #[test]
    fn where_nothing_was_merged_there_is_no_answer() {
        assert_eq!(sheet("", false).how_cut(Lane::O200kBase, 0), None);
        assert_eq!(sheet("a", false).how_cut(Lane::Bytes, 0), None);
        assert_eq!(sheet("a", false).how_cut(Lane::P50kBase, 0), None);
        let end = sheet("a 👩", false).how_cut(Lane::O200kBase, u32::MAX).unwrap();
        assert_eq!(end.selected, 1, "beyond the end is the last piece");
    }
}
