//! Every price that holds, whoever says so.

use super::{Price, RowOrigin, built_in, is_day};
use crate::{
    BaseUrl, Provider, Target,
    models::{self, Model},
};
use serde::{Deserialize, Serialize};

/// A model with its prices, as somebody besides the catalogue lists it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// What a request names it; the same as in its prices.
    pub model: String,
    /// The id of the provider that serves it; empty if not known.
    #[serde(default)]
    pub provider: String,
    /// What people call it.
    #[serde(default)]
    pub name: String,
    /// Tokens that prompt and reply may have together.
    #[serde(default)]
    pub context_window: Option<u32>,
    /// The longest reply in tokens.
    #[serde(default)]
    pub max_output: Option<u32>,
    /// What it costs, on which days.
    pub prices: Vec<Price>,
}

/// The rows that the app came with, under those that were taken from a public list, under a
/// person's own. An upper row hides the ones below on the days on which it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    /// What a person wrote.
    pub own: Vec<Listing>,
    /// What was taken from a public list.
    pub feed: Vec<Listing>,
}

impl Book {
    /// The price of a model, by its id or an alias, on a day written YYYY-MM-DD. One that has
    /// given its place to another costs what that one costs, unless it has a price of its own.
    /// None if it is not known, or if `day` is not written so.
    pub fn price_of(&self, id: &str, day: &str) -> Option<&Price> {
        if !is_day(day) {
            return None;
        }
        let row = |id: &str| self.rows(id).find(|price| price.holds_on(day));
        row(id).or_else(|| row(&models::find(id)?.answered_by(day).id))
    }

    /// What a call to `target` costs on `day`, as [`Book::price_of`] has it. That a model is free
    /// holds only with the provider who gives it away, and on this computer: another server that
    /// runs the same model asks what it likes. A person's own price holds everywhere.
    pub fn price_at(&self, target: &Target, day: &str) -> Option<&Price> {
        let id = &target.model;
        let gives_it = models::find(id).is_some_and(|it| it.provider == target.provider);
        let is_custom = Provider::find(&target.provider).is_some_and(Provider::is_custom);
        let address = target.base_url.as_deref().filter(|_| is_custom);
        let address = address.and_then(|it| BaseUrl::parse(it).ok());
        let is_here = address.is_some_and(|it| it.is_loopback());
        let holds = |price: &&Price| {
            !price.is_free() || price.origin == RowOrigin::Own || gives_it || is_here
        };
        self.price_of(id, day).filter(holds)
    }

    /// Every row of a model, old and announced ones too: a person's own first.
    pub fn rows(&self, id: &str) -> impl Iterator<Item = &Price> {
        let model = models::find(id);
        let listed =
            self.own.iter().chain(&self.feed).filter(move |it| is_called(&it.model, id, model));
        let built_in = built_in().iter().filter(move |it| is_called(&it.model, id, model));
        listed.flat_map(|it| &it.prices).chain(built_in)
    }

    /// This without what a person wrote.
    pub fn without_own(&self) -> Book {
        Book { own: Vec::new(), feed: self.feed.clone() }
    }

    /// What is listed of a model that the catalogue may not have.
    pub fn listing(&self, id: &str) -> Option<&Listing> {
        let model = models::find(id);
        self.own.iter().chain(&self.feed).find(|it| is_called(&it.model, id, model))
    }

    /// The longest reply of a model, by the catalogue or who lists it.
    pub fn max_output(&self, id: &str) -> Option<u32> {
        let listed = self.own.iter().chain(&self.feed).filter(|it| it.model == id);
        models::find(id)
            .and_then(|it| it.max_output)
            .or_else(|| listed.filter_map(|it| it.max_output).next())
    }
}

/// Whether a row under `name` is of the model `id`, whose entry in the catalogue is `model`.
fn is_called(name: &str, id: &str, model: Option<&Model>) -> bool {
    name == id || model.is_some_and(|it| it.id == name || it.aliases.iter().any(|it| it == name))
}
