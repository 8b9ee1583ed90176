//! What each piece of a reply cost: its share of the bill.
//!
//! A provider bills tokens in all and not by piece. Our own cut says how many tokens each piece
//! has, and the line of the bill is shared out in that proportion, so that the shares are the line
//! to the last pico-dollar, whatever the two counts are.

use super::Dollars;
use crate::{
    Delta,
    tokens::{Encoding, TokenError, encode},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

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

/// What the words came to that each of `frames` told, one after another.
///
/// Those that are billed as output cost the line of output together, and reasoning costs its own.
/// A line of which no word was seen has no piece to cost.
///
/// # Errors
/// Where one voice has more text than is cut at once.
pub fn piece_costs(
    encoding: Encoding,
    frames: &[Vec<Delta>],
    lines: OutputLines,
) -> Result<Vec<PieceCost>, TokenError> {
    let counts = count(encoding, frames)?;
    let apart = lines.reasoning.is_some();
    let mut costs = vec![PieceCost::default(); frames.len()];
    for (is_reasoning, line) in [(false, lines.output), (true, lines.reasoning)] {
        let billed_here =
            |(kind, _): &&(Kind, u32)| (*kind == Kind::Reasoning && apart) == is_reasoning;
        let tokens: Vec<u32> = counts
            .iter()
            .map(|it| it.iter().filter(billed_here).map(|(_, count)| count).sum())
            .collect();
        let shares = line.map(|line| share(line, &tokens));
        for (place, tokens) in tokens.into_iter().enumerate().filter(|(_, tokens)| *tokens > 0) {
            let share = shares.as_ref().map(|shares| shares[place]);
            costs[place] = costs[place].and(tokens, share);
        }
    }
    Ok(costs)
}

impl PieceCost {
    /// Both together; one cost that is not known leaves the sum unknown.
    fn and(self, tokens: u32, cost: Option<Dollars>) -> PieceCost {
        let cost = match self.tokens {
            0 => cost,
            _ => self.cost.zip(cost).map(|(one, other)| [one, other].into_iter().sum()),
        };
        PieceCost { tokens: self.tokens + tokens, cost }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Text,
    Reasoning,
    Refusal,
    Call,
}

/// Whose words they are: their kind, their choice, and which call.
type VoiceName = (Kind, u32, u32);

/// The words in a delta, and what they go on with.
fn words(delta: &Delta) -> Option<(VoiceName, [&str; 2])> {
    Some(match delta {
        Delta::Text { choice, text, .. } => ((Kind::Text, *choice, 0), [text, ""]),
        Delta::Reasoning { choice, text } => ((Kind::Reasoning, *choice, 0), [text, ""]),
        Delta::Refusal { choice, text } => ((Kind::Refusal, *choice, 0), [text, ""]),
        Delta::ToolCall { choice, index, name, arguments } => {
            let name = name.as_deref().unwrap_or_default();
            ((Kind::Call, *choice, *index), [name, arguments])
        }
        _ => return None,
    })
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

/// The text of one voice: where its tokens begin, how many of them have been seen, and its bytes.
#[derive(Default)]
struct Voice {
    text: String,
    begins: Vec<usize>,
    next: usize,
    end: usize,
}

impl Voice {
    fn cut(&mut self, encoding: Encoding) -> Result<(), TokenError> {
        let mut at = 0;
        for id in encode(encoding, &self.text)? {
            self.begins.push(at);
            at += encoding.bytes(id).map_or(0, <[u8]>::len);
        }
        Ok(())
    }

    /// How many tokens begin in the next so many bytes.
    fn take(&mut self, bytes: usize) -> u32 {
        self.end += bytes;
        let first = self.next;
        while self.begins.get(self.next).is_some_and(|begin| *begin < self.end) {
            self.next += 1;
        }
        (self.next - first) as u32
    }
}

/// How many tokens begin in the words of each delta, of which kind.
fn count(encoding: Encoding, frames: &[Vec<Delta>]) -> Result<Vec<Vec<(Kind, u32)>>, TokenError> {
    let mut voices: BTreeMap<_, Voice> = BTreeMap::new();
    for (whose, parts) in frames.iter().flatten().filter_map(words) {
        let voice = voices.entry(whose).or_default();
        parts.into_iter().for_each(|part| voice.text.push_str(part));
    }
    voices.values_mut().try_for_each(|voice| voice.cut(encoding))?;
    let counts = frames.iter().map(|deltas| {
        let spoken = deltas.iter().filter_map(words).map(|(whose, parts)| {
            let voice = voices.get_mut(&whose).expect("every voice was heard just above");
            (whose.0, voice.take(parts.iter().map(|part| part.len()).sum()))
        });
        spoken.collect()
    });
    Ok(counts.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn delta() -> impl Strategy<Value = Delta> {
        let text = prop_oneof!["[a-z ]{0,9}", ".{0,4}", Just("👩‍🚀".to_owned())];
        (0..4_u8, 0..2_u32, 0..2_u32, text).prop_map(|(kind, choice, index, text)| match kind {
            0 => Delta::Text { choice, text, logprobs: Vec::new() },
            1 => Delta::Reasoning { choice, text },
            2 => Delta::Refusal { choice, text },
            _ => Delta::ToolCall { choice, index, name: None, arguments: text },
        })
    }

    proptest! {
        #[test]
        fn shares_are_the_lines_to_the_last_pico_dollar(
            frames in prop::collection::vec(prop::collection::vec(delta(), 0..4), 0..40),
            output in prop::option::of(0..i128::from(u64::MAX)),
            reasoning in prop::option::of(0..i128::MAX / 2),
        ) {
            let lines = OutputLines { output: output.map(Dollars), reasoning: reasoning.map(Dollars) };
            let costs = piece_costs(Encoding::O200kBase, &frames, lines).expect("short");
            let said = |thought: bool| {
                let mut all = frames.iter().flatten().filter_map(words);
                all.any(|((kind, ..), parts)| {
                    (kind == Kind::Reasoning) == thought && parts.iter().any(|it| !it.is_empty())
                })
            };
            let (seen, thought) = (said(false), said(true));
            let lines = [
                (seen || (thought && reasoning.is_none()), output),
                (thought && reasoning.is_some(), reasoning),
            ];
            let paid: Vec<_> = lines.iter().filter(|(is_paid, _)| *is_paid).map(|it| it.1).collect();
            if let Some(paid) = paid.into_iter().collect::<Option<Vec<_>>>() {
                let sum: Dollars = costs.iter().filter_map(|it| it.cost).sum();
                prop_assert_eq!(sum, Dollars(paid.iter().sum()));
            }
            prop_assert!(costs.iter().all(|it| it.cost.is_none_or(|cost| cost.0 >= 0)));
        }

        #[test]
        fn every_token_begins_in_one_piece(text in ".{0,60}", at in prop::collection::vec(0..60_usize, 0..8)) {
            let mut cuts: Vec<_> = at.into_iter().map(|it| text.floor_char_boundary(it)).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let frames: Vec<_> =
                cuts.windows(2).map(|it| vec![Delta::text(&text[it[0]..it[1]])]).collect();
            let costs = piece_costs(Encoding::O200kBase, &frames, OutputLines::default());
            let tokens: u32 = costs.expect("short").iter().map(|it| it.tokens).sum();
            prop_assert_eq!(tokens as usize, Encoding::O200kBase.encode(&text).len());
        }
    }

    #[test]
    fn a_longer_piece_costs_more() {
        let frames = ["The", " sky is", "", " blue"].map(|text| vec![Delta::text(text)]);
        let lines = OutputLines { output: Some(Dollars(7)), reasoning: None };
        let costs = piece_costs(Encoding::O200kBase, &frames, lines).expect("short");
        let costs: Vec<_> = costs.iter().map(|it| (it.tokens, it.cost.map(|it| it.0))).collect();
        assert_eq!(costs, [(1, Some(1)), (2, Some(4)), (0, None), (1, Some(2))]);
    }

    #[test]
    fn words_of_one_choice_kind_or_call_are_cut_together() {
        let frames = [
            vec![
                Delta::text("str"),
                Delta::Text { choice: 1, text: "aw".into(), logprobs: Vec::new() },
            ],
            vec![Delta::text("awberry")],
        ];
        let tokens = |frames: &[Vec<Delta>]| {
            let costs = piece_costs(Encoding::O200kBase, frames, OutputLines::default());
            costs.expect("short").iter().map(|it| it.tokens).sum::<u32>()
        };
        let (one, other) =
            (Encoding::O200kBase.encode("strawberry"), Encoding::O200kBase.encode("aw"));
        assert_eq!(tokens(&frames) as usize, one.len() + other.len());
    }
}
