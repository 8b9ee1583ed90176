//! What a call costs, in exact integers.
//!
//! The rows are data: `data/prices.toml`. Prices change every month or two, so a row holds for
//! some days only, and a run is costed with the price of its day. A price that we do not know is
//! `None` all the way to the screen, and never 0.

mod ahead;
mod bill;
mod book;
pub mod budget;
mod catalogue;
mod certainty;
pub(crate) mod decimal;
mod elsewhere;
mod estimate;
pub mod feed;
mod money;
pub mod month;
mod own;
mod pieces;

pub use ahead::{Outlook, outlook};
pub use bill::{Bill, BillLine, LineKind, Missing, bill};
pub use book::{Book, Listing};
pub use catalogue::{CatalogueRow, Status, catalogue};
pub use certainty::{Certainty, certainty};
pub use elsewhere::{Elsewhere, ElsewhereRow, elsewhere};
pub use estimate::{Ahead, Estimate, LimitFrom, estimate};
pub use money::{Dollars, NotAPrice, PerMillion};
pub use own::{OwnAbove, OwnPrice, OwnPriceError};
pub use pieces::{OutputLines, PieceCost, piece_costs};

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use time::{Date, macros::format_description};
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
    /// What a batch costs, in percent of all of these; none if not known.
    #[serde(default)]
    pub batch_percent: Option<u8>,
    /// What input tokens read from a cache cost in a batch, where that is not so many percent.
    #[serde(default)]
    pub batch_cache_read: Option<PerMillion>,
    /// Whose row it is.
    #[serde(default)]
    pub origin: RowOrigin,
    /// What else a person should know.
    pub note: Option<String>,
    /// Where the row comes from.
    pub source: String,
    /// The day (YYYY-MM-DD) of the source.
    pub date: String,
}

/// Who says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RowOrigin {
    /// The app came with it.
    #[default]
    BuiltIn,
    /// It was taken from a public list of prices.
    Feed,
    /// A person wrote it.
    Own,
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
    /// See [`Price::batch_cache_read`].
    #[serde(default)]
    pub batch_cache_read: Option<PerMillion>,
}

/// The prices that one request is billed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rates {
    input: PerMillion,
    cache_read: Option<PerMillion>,
    cache_write: Option<PerMillion>,
    cache_write_long: Option<PerMillion>,
    output: PerMillion,
    batch_cache_read: Option<PerMillion>,
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
                batch_cache_read: long.batch_cache_read,
                above: Some(long.prompt_tokens),
            },
            _ => Rates {
                input: self.input,
                cache_read: self.cache_read,
                cache_write: self.cache_write,
                cache_write_long: self.cache_write_long,
                output: self.output,
                batch_cache_read: self.batch_cache_read,
                above: None,
            },
        }
    }

    /// What a prompt of so many tokens costs, none of them cached.
    pub fn prompt_cost(&self, tokens: u64) -> Dollars {
        self.rates(tokens).input.cost(tokens)
    }

    /// Whether nothing costs anything, however much of it there is.
    pub fn is_free(&self) -> bool {
        [self.rates(0), self.rates(u64::MAX)].iter().all(|rates| {
            let parts = [rates.cache_read, rates.cache_write, rates.cache_write_long];
            let prices = parts.into_iter().flatten().chain([rates.input, rates.output]);
            prices.into_iter().all(|price| price == PerMillion::default())
        })
    }

    /// Days in this form are ordered as text is.
    fn holds_on(&self, day: &str) -> bool {
        self.valid_from.as_deref().is_none_or(|from| from <= day)
            && self.valid_until.as_deref().is_none_or(|until| day < until)
    }
}

/// What holds for all models of a provider.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfProvider {
    /// Its id.
    id: String,
    /// What a batch costs, in percent of the price.
    batch_percent: u8,
    /// What public lists of prices call it.
    called: Vec<String>,
    /// Where that comes from.
    #[allow(dead_code, reason = "for whoever reads the file; a test wants it there")]
    source: String,
    /// The day (YYYY-MM-DD) of the source.
    #[allow(dead_code, reason = "for whoever reads the file; a test wants it there")]
    date: String,
}

/// Every row that the app came with, old and announced ones too, in the order of the file.
pub fn built_in() -> &'static [Price] {
    &prices_toml().1
}

fn prices_toml() -> &'static (Vec<OfProvider>, Vec<Price>) {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        provider: Vec<OfProvider>,
        price: Vec<Price>,
    }
    static FILE: LazyLock<(Vec<OfProvider>, Vec<Price>)> = LazyLock::new(|| {
        let file: File = toml::from_str(include_str!("../data/prices.toml"))
            .expect("a test reads data/prices.toml");
        let batch_percent = |price: &Price| {
            let provider = &crate::models::find(&price.model)?.provider;
            file.provider.iter().find(|it| it.id == *provider).map(|it| it.batch_percent)
        };
        let whole = |price: Price| Price { batch_percent: batch_percent(&price), ..price };
        let prices = file.price.iter().cloned().map(whole).collect();
        (file.provider, prices)
    });
    &FILE
}

/// Whether a character has no place in a name: it breaks the line, turns its direction, or cannot
/// be seen.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether `text` is a day of the calendar, written YYYY-MM-DD.
pub fn is_day(text: &str) -> bool {
    text.len() == 10 && Date::parse(text, format_description!("[year]-[month]-[day]")).is_ok()
}

#[cfg(test)]
mod tests;
