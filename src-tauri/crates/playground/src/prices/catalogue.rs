//! The catalogue as it is shown: every model that somebody lists, with its prices.

use super::{Book, Listing, Price, RowOrigin};
use crate::models::{self, End, Ending, Model};
use serde::Serialize;
use std::collections::HashSet;
use ts_rs::TS;

/// A model, what it holds and what it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CatalogueRow {
    /// What a request names it.
    pub id: String,
    /// The id of the provider that serves it; empty if not known.
    pub provider: String,
    /// What people call it.
    pub name: String,
    /// Other ids of the same model.
    pub aliases: Vec<String>,
    /// Tokens that prompt and reply may have together; null if not known.
    pub context_window: Option<u32>,
    /// The largest prompt in tokens, where it is smaller than the window.
    pub max_input: Option<u32>,
    /// The longest reply in tokens; null if not known.
    pub max_output: Option<u32>,
    /// The price on the day; null if it is not known, or no longer holds.
    pub price: Option<Price>,
    /// Every price that it has, had or will have: a person's own first, then the newest.
    pub prices: Vec<Price>,
    /// What would hold on the day without the person's own price; null without one.
    pub hidden: Option<Price>,
    /// Whether it answers.
    pub status: Status,
    /// Its end as it stands on the day; null if none is announced.
    pub end: Option<End>,
    /// Who lists the model: the catalogue, where it does.
    pub origin: RowOrigin,
    /// What else a person should know.
    pub note: Option<String>,
    /// Where the row comes from.
    pub source: String,
    /// The day (YYYY-MM-DD) of the source.
    pub date: String,
}

/// Whether a model answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Status {
    /// As far as we know.
    Active,
    /// Until a day that is announced.
    Retires,
    /// No longer.
    Retired,
    /// Another does in its place.
    Rerouted,
}

/// Every model with its price on `day`: those of the catalogue in its order, then those that only
/// the book lists.
pub fn catalogue(book: &Book, day: &str) -> Vec<CatalogueRow> {
    let known = models::all().iter().map(|model| row_of(book, model, day));
    let mut seen = HashSet::new();
    let others = book.own.iter().chain(&book.feed);
    let others = others.filter(|it| models::find(&it.model).is_none() && seen.insert(&it.model));
    known.chain(others.map(|listing| listed(book, listing, day))).collect()
}

fn row_of(book: &Book, model: &Model, day: &str) -> CatalogueRow {
    let end = model.end(day);
    let status = match end.as_ref().map(|end| end.kind) {
        None => Status::Active,
        Some(Ending::Soon | Ending::Announced) => Status::Retires,
        Some(Ending::Retired) => Status::Retired,
        Some(Ending::Rerouted) => Status::Rerouted,
    };
    priced(
        book,
        day,
        CatalogueRow {
            id: model.id.clone(),
            provider: model.provider.clone(),
            name: model.name.clone(),
            aliases: model.aliases.clone(),
            context_window: model.context_window,
            max_input: model.max_input,
            max_output: model.max_output,
            status,
            end,
            origin: RowOrigin::BuiltIn,
            note: model.note.clone(),
            source: model.source.clone(),
            date: model.date.clone(),
            price: None,
            prices: Vec::new(),
            hidden: None,
        },
    )
}

fn listed(book: &Book, listing: &Listing, day: &str) -> CatalogueRow {
    let first = listing.prices.first();
    priced(
        book,
        day,
        CatalogueRow {
            id: listing.model.clone(),
            provider: listing.provider.clone(),
            name: listing.name.clone(),
            aliases: Vec::new(),
            context_window: listing.context_window,
            max_input: None,
            max_output: listing.max_output,
            status: Status::Active,
            end: None,
            origin: first.map(|it| it.origin).unwrap_or_default(),
            note: first.and_then(|it| it.note.clone()),
            source: first.map(|it| it.source.clone()).unwrap_or_default(),
            date: first.map(|it| it.date.clone()).unwrap_or_default(),
            price: None,
            prices: Vec::new(),
            hidden: None,
        },
    )
}

/// The row with its prices.
fn priced(book: &Book, day: &str, row: CatalogueRow) -> CatalogueRow {
    let mut prices: Vec<_> = book.rows(&row.id).cloned().collect();
    let is_own = |price: &Price| price.origin == RowOrigin::Own;
    prices.sort_by(|one, other| {
        is_own(other).cmp(&is_own(one)).then(other.valid_from.cmp(&one.valid_from))
    });
    let hidden = prices.first().filter(|it| is_own(it));
    let hidden = hidden.and_then(|_| book.without_own().price_of(&row.id, day).cloned());
    CatalogueRow { price: book.price_of(&row.id, day).cloned(), hidden, prices, ..row }
}
