//! The same call on other models.

use super::{Bill, Book, Dollars, Price, bill};
use crate::{
    Usage,
    models::{self, Tokenizer, encoding_for, tokenizer_of},
};
use serde::Serialize;
use ts_rs::TS;

/// What a call would have cost on other models.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Elsewhere {
    /// One for each model, the cheapest first, those of unknown cost last.
    pub rows: Vec<ElsewhereRow>,
    /// What holds for all of them, in a sentence or two.
    pub caveat: String,
}

/// The call on one other model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ElsewhereRow {
    /// The model's id.
    pub model: String,
    /// What people call it.
    pub name: String,
    /// The id of its provider; empty if not known.
    pub provider: String,
    /// The same counts at its price.
    pub bill: Bill,
    /// Why there is no total, in lower case; null where there is one.
    pub unknown: Option<String>,
    /// What it would cost with the fewest tokens that its tokenizer likely makes of the same text;
    /// null if not known.
    pub low: Option<Dollars>,
    /// With the most.
    pub high: Option<Dollars>,
    /// How it counts in comparison, in a sentence.
    pub sentence: String,
}

const CAVEAT: &str = "This prices the same counts. Another model would cut the same text into more \
    or fewer tokens, and would write another reply, with more or less reasoning: the range is what \
    its way of cutting alone may change.";

/// What `usage`, counted by the model `from`, costs on each of `others` on `day`.
pub fn elsewhere(
    book: &Book,
    from: &str,
    usage: &Usage,
    others: &[String],
    day: &str,
) -> Elsewhere {
    let mut rows: Vec<_> = others.iter().map(|other| row(book, from, usage, other, day)).collect();
    rows.sort_by_key(|row| (row.bill.total.is_none(), row.bill.total));
    Elsewhere { rows, caveat: CAVEAT.into() }
}

fn row(book: &Book, from: &str, usage: &Usage, other: &str, day: &str) -> ElsewhereRow {
    let price = book.price_of(other, day);
    // What the other provider says of its own bill is not this one's.
    let usage = Usage { reported_cost: None, ..*usage };
    let same = bill(price, &usage, false);
    let (one, two) = (tokenizer_of(from), tokenizer_of(other));
    let is_same = one.id == two.id && one.id != "unknown";
    let ratio = |of: u32, to: u32| if is_same { (1, 1) } else { (of, to) };
    let low = total(price, &usage, ratio(two.low_percent, one.high_percent));
    let high = total(price, &usage, ratio(two.high_percent, one.low_percent));
    let (model, listing) = (models::find(other), book.listing(other));
    let name = model.map(|it| &it.name).or(listing.map(|it| &it.name));
    let provider = model.map(|it| &it.provider).or(listing.map(|it| &it.provider));
    ElsewhereRow {
        model: other.into(),
        name: name.cloned().unwrap_or_else(|| other.into()),
        provider: provider.cloned().unwrap_or_default(),
        unknown: same.missing.map(|it| it.to_string()),
        bill: same,
        low,
        high,
        sentence: sentence(from, other, &one, &two, is_same),
    }
}

/// What the call costs with `of / to` times as many tokens.
fn total(price: Option<&Price>, usage: &Usage, (of, to): (u32, u32)) -> Option<Dollars> {
    let scale = |tokens: u64| {
        let scaled = u128::from(tokens) * u128::from(of) / u128::from(to.max(1));
        u64::try_from(scaled).unwrap_or(u64::MAX)
    };
    let scaled = Usage {
        input_tokens: usage.input_tokens.map(scale),
        cache_read_tokens: usage.cache_read_tokens.map(scale),
        cache_write_tokens: usage.cache_write_tokens.map(scale),
        cache_write_long_tokens: usage.cache_write_long_tokens.map(scale),
        output_tokens: usage.output_tokens.map(scale),
        reasoning_tokens: usage.reasoning_tokens.map(scale),
        ..*usage
    };
    bill(price, &scaled, false).total
}

fn sentence(from: &str, other: &str, one: &Tokenizer, two: &Tokenizer, is_same: bool) -> String {
    let around = |id: &str| encoding_for(id).overhead;
    match (is_same, two.says, one.says) {
        (true, ..) if around(from) != around(other) => {
            "It cuts the same text alike; what it adds around messages may be a token or so more or \
             fewer."
                .into()
        }
        (true, ..) => "It counts the same text alike.".into(),
        (false, "", "") => format!("It cuts text with {}.", two.id),
        (false, "", why) => format!("It cuts text with {}. The call itself: {why}", two.id),
        (false, says, _) => says.into(),
    }
}
