//! A list while it is read: what can be used of it, and what cannot and why.

use crate::{
    models,
    prices::{Listing, LongContext, PerMillion, Price, RowOrigin, decimal, is_unseen, prices_toml},
};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// The dearest price that is believed, in dollars for a million tokens.
const DEAREST: i128 = 2_000;
/// The longest id and name, in bytes.
const LONGEST_NAME: usize = 200;
/// The most entries that are read.
const MOST_ENTRIES: usize = 20_000;
/// How many of those that are left out for one reason are named.
const NAMED: usize = 3;

/// Why an entry is not used. Each is a whole sentence after a number and "entries".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A price that cannot be.
    BadPrice,
    /// An id that cannot be.
    BadName,
    /// No price for both input and output tokens.
    NoPrice,
    /// Prices that depend on what a row here cannot say.
    TooComplex,
    /// Another provider's model, as this one resells it.
    Resold,
    /// The model no longer answers.
    Retired,
    /// There are more entries than that.
    TooMany,
}

impl Why {
    fn says(self) -> &'static str {
        match self {
            Why::BadPrice => "with a price that cannot be: negative, no number, or beyond $2,000",
            Why::BadName => "with a name that no model has",
            Why::NoPrice => "without a price for both input and output tokens",
            Why::TooComplex => "with prices of several steps, or by the hour",
            Why::Resold => "of models of another provider",
            Why::Retired => "of models that no longer answer",
            Why::TooMany => "beyond the 20,000 that are read",
        }
    }
}

/// What was read so far.
pub struct Reading<'a> {
    source: String,
    pub day: &'a str,
    listings: Vec<Listing>,
    places: HashMap<String, usize>,
    left_out: BTreeMap<Why, Vec<String>>,
    seen: usize,
}

/// An entry under the names of the list.
pub struct Entry<'a> {
    pub provider: &'static str,
    pub id: &'a str,
    pub name: Option<&'a str>,
    pub context_window: Option<u32>,
    pub max_output: Option<u32>,
}

impl<'a> Reading<'a> {
    pub fn new(source: String, day: &'a str) -> Reading<'a> {
        let (listings, places, left_out) = (Vec::new(), HashMap::new(), BTreeMap::new());
        Reading { source, day, listings, places, left_out, seen: 0 }
    }

    /// Takes an entry in with its dated prices, or notes why not.
    pub fn take(&mut self, entry: &Entry<'_>, prices: Result<Vec<Price>, Why>) {
        self.seen += 1;
        let id = entry.id;
        let is_name = |text: &str| {
            !text.is_empty() && text.len() <= LONGEST_NAME && !text.chars().any(is_unseen)
        };
        let known = models::find(id);
        let prices = match prices {
            _ if self.seen > MOST_ENTRIES => Err(Why::TooMany),
            _ if !is_name(id) || id.contains(char::is_whitespace) => Err(Why::BadName),
            _ if known.is_some_and(|it| it.provider != entry.provider) => Err(Why::Resold),
            _ if known.is_some_and(|it| it.is_gone(self.day)) => Err(Why::Retired),
            prices => prices,
        };
        let prices = match prices {
            Ok(prices) => prices,
            Err(why) => {
                let shown: String = id.chars().filter(|it| !is_unseen(*it)).take(60).collect();
                self.left_out.entry(why).or_default().push(shown);
                return;
            }
        };
        let model = known.map_or(id, |it| &it.id).to_owned();
        let name = entry.name.filter(|it| is_name(it)).unwrap_or(id);
        let whole =
            |price: Price| Price { model: model.clone(), source: self.source.clone(), ..price };
        let listing = Listing {
            provider: entry.provider.into(),
            name: known.map_or(name, |it| &it.name).into(),
            context_window: entry.context_window,
            max_output: entry.max_output,
            prices: prices.into_iter().map(whole).collect(),
            model: model.clone(),
        };
        match self.places.get(&model) {
            // Of several names of one model, its own counts, else the first.
            Some(place) if id == model => self.listings[*place] = listing,
            Some(_) => {}
            None => {
                self.places.insert(model, self.listings.len());
                self.listings.push(listing);
            }
        }
    }

    /// What can be used, and a sentence for each reason why something cannot.
    pub fn end(self) -> (Vec<Listing>, Vec<String>) {
        let sentence = |(why, ids): (Why, Vec<String>)| {
            let named: Vec<_> = ids.iter().take(NAMED).map(String::as_str).collect();
            let more = if ids.len() > NAMED { " …" } else { "" };
            let entries = if ids.len() == 1 { "entry is" } else { "entries are" };
            let (count, says) = (ids.len(), why.says());
            format!("{count} {entries} left out {says} ({}{more}).", named.join(", "))
        };
        (self.listings, self.left_out.into_iter().map(sentence).collect())
    }

    /// A row without its model.
    pub fn row(&self, rates: Told, above: Option<(u64, Told)>) -> Result<Price, Why> {
        let Told { input, output, .. } = rates;
        let (input, output) = (input.ok_or(Why::NoPrice)?, output.ok_or(Why::NoPrice)?);
        let long = |(prompt_tokens, long): (u64, Told)| LongContext {
            prompt_tokens,
            input: long.input.unwrap_or(input),
            cache_read: long.cache_read.or(rates.cache_read),
            cache_write: long.cache_write.or(rates.cache_write),
            cache_write_long: long.cache_write_long.or(rates.cache_write_long),
            output: long.output.unwrap_or(output),
            batch_cache_read: None,
        };
        Ok(Price {
            model: String::new(),
            valid_from: None,
            valid_until: None,
            input,
            cache_read: rates.cache_read,
            cache_write: rates.cache_write,
            cache_write_long: rates.cache_write_long,
            output,
            above: above.map(long),
            batch_percent: None,
            batch_cache_read: None,
            origin: RowOrigin::Feed,
            note: None,
            source: String::new(),
            date: self.day.into(),
        })
    }
}

/// Prices as a list tells them; what it does not tell is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    pub input: Option<PerMillion>,
    pub cache_read: Option<PerMillion>,
    pub cache_write: Option<PerMillion>,
    pub cache_write_long: Option<PerMillion>,
    pub output: Option<PerMillion>,
}

/// The id of the provider that lists call `name`, if the catalogue knows it.
pub fn provider(name: &str) -> Option<&'static str> {
    let called = prices_toml().0.iter().find(|it| it.called.iter().any(|called| called == name));
    called.map(|it| it.id.as_str())
}

/// A price in dollars for ten to the power of `places - 6` tokens less than a million: 6 for a
/// million, 12 for one. None where the list says nothing.
pub fn price(value: &Value, places: i32) -> Result<Option<PerMillion>, Why> {
    if value.is_null() {
        return Ok(None);
    }
    let pico = decimal::scaled(value, places).ok_or(Why::BadPrice)?;
    let pico = (0..=DEAREST * 1_000_000).contains(&pico).then_some(pico).ok_or(Why::BadPrice)?;
    Ok(u32::try_from(pico).ok().map(PerMillion::from_pico))
}

/// A limit in tokens; none if it is no number of them.
pub fn limit(value: &Value) -> Option<u32> {
    crate::json::whole(value).and_then(|it| u32::try_from(it).ok()).filter(|it| *it > 0)
}

/// What a batch costs in percent of the price, if its input and output say the same.
pub fn percent(price: &Told, batch: &Told) -> Option<u8> {
    let of = |whole: Option<PerMillion>, part: Option<PerMillion>| {
        let (whole, part) = (whole?.pico(), part?.pico());
        (whole > 0 && part * 100 % whole == 0).then(|| part * 100 / whole)
    };
    let input = of(price.input, batch.input)?;
    let is_same = of(price.output, batch.output) == Some(input);
    u8::try_from(input).ok().filter(|it| is_same && *it <= 100)
}
