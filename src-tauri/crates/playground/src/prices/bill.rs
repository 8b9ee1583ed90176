//! What a finished call cost.

use super::{Dollars, PerMillion, Price, Rates};
use crate::Usage;
use serde::Serialize;
use ts_rs::TS;

/// What a call cost, line by line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Bill {
    /// One for each kind of tokens that was counted. Cached and reasoning tokens have a line only
    /// if there were any, and are then not in the lines of input and output.
    pub lines: Vec<BillLine>,
    /// The sum of the lines, exactly; none if it is not known.
    pub total: Option<Dollars>,
    /// Why the total is not known; none if it is.
    pub missing: Option<Missing>,
    /// The number of prompt tokens above which all of this costs more, if the prompt had more.
    pub above: Option<u64>,
}

/// One kind of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct BillLine {
    /// Which.
    pub kind: LineKind,
    /// How many.
    pub tokens: u64,
    /// What a million of them cost; none if not known.
    pub per_million: Option<PerMillion>,
    /// What these cost; none if not known.
    pub cost: Option<Dollars>,
}

/// The kinds of tokens that are billed apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LineKind {
    /// Input that no cache is involved in.
    Input,
    /// Input read from a cache.
    CacheRead,
    /// Input written to a cache.
    CacheWrite,
    /// Output that can be seen.
    Output,
    /// Output spent on reasoning, at the price of output.
    Reasoning,
}

/// What is missing for a total. The message is a sentence for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Missing {
    /// The model has no price, or none on that day.
    #[error("the price of this model is not known")]
    Price,
    /// The usage has no input tokens.
    #[error("the provider did not say how many input tokens there were")]
    InputTokens,
    /// The usage has no output tokens.
    #[error("the provider did not say how many output tokens there were")]
    OutputTokens,
    /// Tokens were read from a cache, and the row has no price for that.
    #[error("the price of tokens read from a cache is not known")]
    CacheReadPrice,
    /// Tokens were written to a cache, and the row has no price for that.
    #[error("the price of tokens written to a cache is not known")]
    CacheWritePrice,
}

/// What `usage` costs at `price`; none is a price that is not known.
///
/// Input and output are wholes that include their cached and reasoning parts. A part that is
/// larger than its whole, as some servers report, leaves nothing of it. A part that is missing
/// counts as 0; a whole that is missing leaves the total unknown.
pub fn bill(price: Option<&Price>, usage: &Usage) -> Bill {
    let rates = price.and_then(|price| match (usage.input_tokens, &price.above) {
        (None, Some(_)) => None,
        (prompt_tokens, _) => Some(price.rates(prompt_tokens.unwrap_or(0))),
    });
    let lines = lines(rates, usage);
    let missing = missing(price, usage, &lines);
    let total = match missing {
        None => lines.iter().map(|line| line.cost).sum(),
        Some(_) => None,
    };
    Bill { lines, total, missing, above: rates.and_then(|rates| rates.above) }
}

fn lines(rates: Option<Rates>, usage: &Usage) -> Vec<BillLine> {
    let part = |tokens: Option<u64>| tokens.filter(|&tokens| tokens > 0);
    let (read, written) = (part(usage.cache_read_tokens), part(usage.cache_write_tokens));
    let input = usage
        .input_tokens
        .map(|input| input.saturating_sub(read.unwrap_or(0)).saturating_sub(written.unwrap_or(0)));
    let output = usage.output_tokens;
    let reasoning = part(usage.reasoning_tokens.min(output));
    let seen = output.map(|output| output - reasoning.unwrap_or(0));
    let input_price = rates.map(|rates| rates.input);
    let read_price = rates.and_then(|rates| rates.cache_read);
    let write_price = rates.and_then(|rates| rates.cache_write);
    let output_price = rates.map(|rates| rates.output);
    let kinds = [
        (LineKind::Input, input, input_price),
        (LineKind::CacheRead, read, read_price),
        (LineKind::CacheWrite, written, write_price),
        (LineKind::Output, seen, output_price),
        (LineKind::Reasoning, reasoning, output_price),
    ];
    let counted =
        kinds.into_iter().filter_map(|(kind, tokens, price)| Some((kind, tokens?, price)));
    counted
        .map(|(kind, tokens, per_million)| {
            let cost = per_million.map(|price| price.cost(tokens));
            BillLine { kind, tokens, per_million, cost }
        })
        .collect()
}

fn missing(price: Option<&Price>, usage: &Usage, lines: &[BillLine]) -> Option<Missing> {
    if price.is_none() {
        return Some(Missing::Price);
    } else if usage.input_tokens.is_none() {
        return Some(Missing::InputTokens);
    } else if usage.output_tokens.is_none() {
        return Some(Missing::OutputTokens);
    }
    lines.iter().find(|line| line.cost.is_none()).map(|line| match line.kind {
        LineKind::CacheRead => Missing::CacheReadPrice,
        LineKind::CacheWrite => Missing::CacheWritePrice,
        LineKind::Input | LineKind::Output | LineKind::Reasoning => Missing::Price,
    })
}
