//! What a finished call cost.

mod odd;

use super::{Dollars, PerMillion, Price, Rates};
use crate::Usage;
use odd::odd;
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
    /// What a batch costs in percent of the price, if this is billed as one: the costs of the
    /// lines are that much of what their prices say.
    pub batch_percent: Option<u8>,
    /// What the provider itself says that the call cost, where it does.
    pub reported: Option<Dollars>,
    /// What cannot be true of the counts, a sentence for each, and what was made of it.
    pub odd: Vec<String>,
}

/// One kind of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct BillLine {
    /// Which.
    pub kind: LineKind,
    /// How many.
    pub tokens: u64,
    /// What a million of them cost outside a batch; none if not known.
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
    /// Input written to a cache, for the shorter of the provider's times.
    CacheWrite,
    /// Input written to a cache, for the longer of them.
    CacheWriteLong,
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
    /// It is a batch, and what that costs is not known.
    #[error("the price of a batch is not known")]
    BatchPrice,
}

/// What `usage` costs at `price`, sent in a batch or not; none is a price that is not known.
///
/// Input and output are wholes that include their cached and reasoning parts. A part that is
/// larger than its whole, as some servers report, leaves nothing of it. A part that is missing
/// counts as 0; a whole that is missing leaves the total unknown.
pub fn bill(price: Option<&Price>, usage: &Usage, batch: bool) -> Bill {
    let rates = price.and_then(|price| match (usage.input_tokens, &price.above) {
        (None, Some(_)) => None,
        (prompt_tokens, _) => Some(price.rates(prompt_tokens.unwrap_or(0))),
    });
    let batch_percent = price.and_then(|price| price.batch_percent).filter(|_| batch);
    let mut lines = lines(rates, usage);
    let read_in_batch = rates.and_then(|rates| rates.batch_cache_read);
    for line in lines.iter_mut().filter(|_| batch) {
        let read = read_in_batch.filter(|_| line.kind == LineKind::CacheRead);
        let part = || Some(line.cost?.percent(batch_percent?));
        line.cost = read.map(|price| price.cost(line.tokens)).or_else(part);
    }
    let missing = missing(price, usage, &lines);
    let total = match missing {
        None => lines.iter().map(|line| line.cost).sum(),
        Some(_) => None,
    };
    Bill {
        lines,
        total,
        missing,
        above: rates.and_then(|rates| rates.above),
        batch_percent,
        reported: usage.reported_cost,
        odd: odd(usage),
    }
}

fn lines(rates: Option<Rates>, usage: &Usage) -> Vec<BillLine> {
    let part = |tokens: Option<u64>| tokens.filter(|&tokens| tokens > 0);
    let (read, all_written) = (part(usage.cache_read_tokens), part(usage.cache_write_tokens));
    let long = part(usage.cache_write_long_tokens.min(all_written));
    let written = all_written.map(|all| all - long.unwrap_or(0)).filter(|&short| short > 0);
    let cached = read.unwrap_or(0).saturating_add(all_written.unwrap_or(0));
    let input = usage.input_tokens.map(|input| input.saturating_sub(cached));
    let output = usage.output_tokens;
    let reasoning = part(usage.reasoning_tokens.min(output));
    let seen = output.map(|output| output - reasoning.unwrap_or(0));
    let output_price = rates.map(|rates| rates.output);
    let kinds = [
        (LineKind::Input, input, rates.map(|rates| rates.input)),
        (LineKind::CacheRead, read, rates.and_then(|rates| rates.cache_read)),
        (LineKind::CacheWrite, written, rates.and_then(|rates| rates.cache_write)),
        (LineKind::CacheWriteLong, long, rates.and_then(|rates| rates.cache_write_long)),
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
    let unknown = lines.iter().find(|line| line.per_million.is_none());
    let unknown = unknown.or_else(|| lines.iter().find(|line| line.cost.is_none()));
    unknown.map(|line| match line.kind {
        _ if line.per_million.is_some() => Missing::BatchPrice,
        LineKind::CacheRead => Missing::CacheReadPrice,
        LineKind::CacheWrite | LineKind::CacheWriteLong => Missing::CacheWritePrice,
        LineKind::Input | LineKind::Output | LineKind::Reasoning => Missing::Price,
    })
}
