//! What a call costs, in exact integers.
//!
//! The rows are data: `data/prices.toml`. Prices change every month or two, so a row holds for
//! some days only, and a run is costed with the price of its day. A price that we do not know is
//! `None` all the way to the screen, and never 0.

mod bill;
mod estimate;
mod money;
mod pieces;

pub use bill::{Bill, BillLine, LineKind, Missing, bill};
pub use estimate::{Estimate, LimitFrom, estimate};
pub use money::{Dollars, PerMillion};
pub use pieces::{OutputLines, PieceCost, piece_costs};

use crate::models::Model;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use ts_rs::TS;

/// What tokens of one model cost on some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Price {
    /// The model's id in the catalogue.
    pub model: String,
    /// The first day (YYYY-MM-DD) it holds; none if it held from the start.
    pub valid_from: Option<String>,
    /// The first day it no longer holds; none if no end is announced.
    pub valid_until: Option<String>,
    /// For input tokens that no cache is involved in.
    pub input: PerMillion,
    /// For input tokens read from a cache; none if not known.
    pub cache_read: Option<PerMillion>,
    /// For input tokens written to a cache, kept for the provider's shortest time; none if not
    /// known, or if the provider does not charge for it apart.
    pub cache_write: Option<PerMillion>,
    /// The same, kept for the provider's longer time.
    pub cache_write_long: Option<PerMillion>,
    /// For output tokens, hidden reasoning included.
    pub output: PerMillion,
    /// What long prompts cost instead.
    pub above: Option<LongContext>,
    /// What else a person should know.
    pub note: Option<String>,
    /// Where the row comes from.
    pub source: String,
    /// The day (YYYY-MM-DD) of the source.
    pub date: String,
}

/// Prices of a whole request, not of a part of it, whose prompt is long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct LongContext {
    /// They hold for prompts of more tokens than this, cached ones included.
    pub prompt_tokens: u64,
    /// See [`Price::input`].
    pub input: PerMillion,
    /// See [`Price::cache_read`].
    pub cache_read: Option<PerMillion>,
    /// See [`Price::cache_write`].
    pub cache_write: Option<PerMillion>,
    /// See [`Price::cache_write_long`].
    pub cache_write_long: Option<PerMillion>,
    /// See [`Price::output`].
    pub output: PerMillion,
}

/// The prices that one request is billed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rates {
    input: PerMillion,
    cache_read: Option<PerMillion>,
    cache_write: Option<PerMillion>,
    cache_write_long: Option<PerMillion>,
    output: PerMillion,
    /// The limit that the prompt exceeded, if it did.
    above: Option<u64>,
}

impl Price {
    fn rates(&self, prompt_tokens: u64) -> Rates {
        match &self.above {
            Some(long) if prompt_tokens > long.prompt_tokens => Rates {
                input: long.input,
                cache_read: long.cache_read,
                cache_write: long.cache_write,
                cache_write_long: long.cache_write_long,
                output: long.output,
                above: Some(long.prompt_tokens),
            },
            _ => Rates {
                input: self.input,
                cache_read: self.cache_read,
                cache_write: self.cache_write,
                cache_write_long: self.cache_write_long,
                output: self.output,
                above: None,
            },
        }
    }

    /// Days in this form are ordered as text is.
    fn holds_on(&self, day: &str) -> bool {
        self.valid_from.as_deref().is_none_or(|from| from <= day)
            && self.valid_until.as_deref().is_none_or(|until| day < until)
    }
}

/// Every row, old and announced ones too, in the order of the file.
pub fn all() -> &'static [Price] {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct PriceList {
        price: Vec<Price>,
    }
    static PRICES: LazyLock<Vec<Price>> = LazyLock::new(|| {
        let list: PriceList = toml::from_str(include_str!("../data/prices.toml"))
            .expect("a test reads data/prices.toml");
        list.price
    });
    &PRICES
}

/// The price of a model, by its id or an alias, on a day written YYYY-MM-DD. One that has given
/// its place to another costs what that one costs, unless it has a price of its own.
/// None if it is not known, or if `day` is not written so.
pub fn price_of(model_id: &str, day: &str) -> Option<&'static Price> {
    let model = crate::models::find(model_id).filter(|_| is_day(day))?;
    let of =
        |model: &Model| all().iter().find(|price| price.model == model.id && price.holds_on(day));
    of(model).or_else(|| of(model.answered_by(day)))
}

/// Whether `text` has the form YYYY-MM-DD.
pub fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests;
