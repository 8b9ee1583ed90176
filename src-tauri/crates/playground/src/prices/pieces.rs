//! What each piece of a reply cost: its share of the bill.
//!
//! A provider bills tokens in all and not by piece. Our own cut says how many tokens each piece
//! has, and the line of the bill is shared out in that proportion, so that the shares are the line
//! to the last pico-dollar, whatever the two counts are.

use super::Dollars;
use crate::tokens::{Encoding, TokenError, encode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Words of the model that came in one frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Words {
    /// What they go on with: words of one voice join into one text, such as that of one choice.
    pub voice: u32,
    /// Whether they are billed as reasoning.
    pub is_reasoning: bool,
    /// The words.
    pub text: String,
}

/// What the words of one frame came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PieceCost {
    /// Their tokens by our own cut; a token belongs to the piece in which it begins.
    pub tokens: u32,
    /// Their share of the bill; none if that is not known.
    pub cost: Option<Dollars>,
}

/// The lines of the bill that pieces have a share in; none is an amount that is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct OutputLines {
    /// Output that can be seen.
    pub output: Option<Dollars>,
    /// Reasoning that is billed apart; where there is no such line, output holds it.
    pub reasoning: Option<Dollars>,
}

/// What each of `pieces`, the words of one frame after another, came to.
///
/// Those that are billed as output cost the line of output together, and reasoning costs its own.
/// A line of which no word was seen has no piece to cost.
///
/// # Errors
/// Where one voice has more text than is cut at once.
pub fn piece_costs(
    encoding: Encoding,
    pieces: &[Vec<Words>],
    lines: OutputLines,
) -> Result<Vec<PieceCost>, TokenError> {
    let counts = count(encoding, pieces)?;
    let apart = lines.reasoning.is_some();
    let mut costs = vec![PieceCost::default(); pieces.len()];
    for (is_reasoning, line) in [(false, lines.output), (true, lines.reasoning)] {
        let tokens: Vec<u32> = pieces
            .iter()
            .zip(&counts)
            .map(|(piece, counts)| {
                let billed_here = piece
                    .iter()
                    .zip(counts)
                    .filter(|(it, _)| (it.is_reasoning && apart) == is_reasoning);
                billed_here.map(|(_, tokens)| tokens).sum()
            })
            .collect();
        let shares = line.map(|line| share(line, &tokens));
        for (place, tokens) in tokens.into_iter().enumerate().filter(|(_, tokens)| *tokens > 0) {
            let cost = &mut costs[place];
            let known = cost.tokens == 0 || cost.cost.is_some();
            let more = shares.as_ref().map(|shares| shares[place]);
            let sum = more.map(|more| [cost.cost, Some(more)].into_iter().flatten().sum());
            *cost = PieceCost { tokens: cost.tokens + tokens, cost: sum.filter(|_| known) };
        }
    }
    Ok(costs)
}

/// Shares `amount` out by `weights`, so that the shares of each beginning of them are as near as
/// can be to what it weighs, and all of them are the amount. Without weights nothing is shared.
fn share(amount: Dollars, weights: &[u32]) -> Vec<Dollars> {
    let all: i128 = weights.iter().map(|&it| i128::from(it)).sum();
    let mut before = 0;
    let mut given = 0;
    let shares = weights.iter().map(|&weight| {
        before += i128::from(weight);
        // `amount * before / all`, which would overflow for a huge amount.
        let until = match all {
            0 => 0,
            _ => amount.0 / all * before + amount.0 % all * before / all,
        };
        let share = until - given;
        given = until;
        Dollars(share)
    });
    shares.collect()
}

/// How many tokens begin in each of the words.
fn count(encoding: Encoding, pieces: &[Vec<Words>]) -> Result<Vec<Vec<u32>>, TokenError> {
    let mut texts: BTreeMap<u32, String> = BTreeMap::new();
    for words in pieces.iter().flatten() {
        texts.entry(words.voice).or_default().push_str(&words.text);
    }
    let mut starts = BTreeMap::new();
    for (voice, text) in texts {
        let mut at = 0;
        let begins = encode(encoding, &text)?.into_iter().map(|id| {
            let begin = at;
            at += encoding.bytes(id).map_or(0, <[u8]>::len);
            begin
        });
        starts.insert(voice, (begins.collect::<Vec<usize>>(), 0, 0));
    }
    let counts = pieces.iter().map(|piece| {
        let count = piece.iter().map(|words| {
            let (begins, next, end) = starts.get_mut(&words.voice).expect("seen just above");
            *end += words.text.len();
            let first = *next;
            while begins.get(*next).is_some_and(|begin| begin < end) {
                *next += 1;
            }
            (*next - first) as u32
        });
        count.collect()
    });
    Ok(counts.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words() -> impl Strategy<Value = Words> {
        let text = prop_oneof!["[a-z ]{0,9}", ".{0,4}", Just("👩‍🚀".to_owned())];
        (0..3_u32, any::<bool>(), text).prop_map(|(voice, is_reasoning, text)| Words {
            voice: voice * 2 + u32::from(is_reasoning),
            is_reasoning,
            text,
        })
    }

    proptest! {
        #[test]
        fn shares_are_the_lines_to_the_last_pico_dollar(
            pieces in prop::collection::vec(prop::collection::vec(words(), 0..4), 0..40),
            output in prop::option::of(0..i128::from(u64::MAX)),
            reasoning in prop::option::of(0..i128::MAX / 2),
        ) {
            let lines = OutputLines { output: output.map(Dollars), reasoning: reasoning.map(Dollars) };
            let costs = piece_costs(Encoding::O200kBase, &pieces, lines).expect("short");
            let said = |hidden: bool| {
                let all = pieces.iter().flatten();
                all.filter(|it| it.is_reasoning == hidden).any(|it| !it.text.is_empty())
            };
            let (seen, thought) = (said(false), said(true));
            let mut expected = 0;
            let mut is_known = true;
            for (is_paid, line) in [
                (seen || (thought && reasoning.is_none()), output),
                (thought && reasoning.is_some(), reasoning),
            ] {
                if is_paid {
                    is_known &= line.is_some();
                    expected += line.unwrap_or(0);
                }
            }
            if is_known {
                let sum: Dollars = costs.iter().filter_map(|it| it.cost).sum();
                prop_assert_eq!(sum, Dollars(expected));
            }
            for (piece, cost) in pieces.iter().zip(&costs) {
                prop_assert!(cost.cost.is_none_or(|it| it.0 >= 0));
                prop_assert!(!piece.iter().all(|it| it.text.is_empty()) || cost.tokens == 0);
            }
        }

        #[test]
        fn every_token_begins_in_one_piece(text in ".{0,60}", at in prop::collection::vec(0..60_usize, 0..8)) {
            let mut cuts: Vec<_> = at.into_iter().map(|it| text.floor_char_boundary(it)).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let piece = |text: &str| vec![Words { voice: 0, is_reasoning: false, text: text.into() }];
            let pieces: Vec<_> = cuts.windows(2).map(|it| piece(&text[it[0]..it[1]])).collect();
            let costs = piece_costs(Encoding::O200kBase, &pieces, OutputLines::default());
            let tokens: u32 = costs.expect("short").iter().map(|it| it.tokens).sum();
            prop_assert_eq!(tokens as usize, Encoding::O200kBase.encode(&text).len());
        }
    }

    #[test]
    fn a_longer_piece_costs_more() {
        let piece = |text: &str| vec![Words { voice: 0, is_reasoning: false, text: text.into() }];
        let pieces = [piece("The"), piece(" sky is"), piece(""), piece(" blue")];
        let lines = OutputLines { output: Some(Dollars(7)), reasoning: None };
        let costs = piece_costs(Encoding::O200kBase, &pieces, lines).expect("short");
        let costs: Vec<_> = costs.iter().map(|it| (it.tokens, it.cost.map(|it| it.0))).collect();
        assert_eq!(costs, [(1, Some(1)), (2, Some(4)), (0, None), (1, Some(2))]);
    }
}
