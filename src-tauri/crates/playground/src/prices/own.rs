//! Prices that a person writes: checked, and made into rows.

use super::{Listing, LongContext, PerMillion, Price, RowOrigin, is_day, is_unseen};
use crate::models;
use serde::Deserialize;
use thiserror::Error;
use ts_rs::TS;

/// The longest id, name and note, in bytes.
const LONGEST: [usize; 3] = [200, 200, 2_000];
/// The largest window that is believed, in tokens.
const LARGEST_WINDOW: u32 = 1_000_000_000;

/// A model and its price as a person typed them. Prices are dollars for a million tokens.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[ts(export)]
pub struct OwnPrice {
    /// What a request names the model.
    pub model: String,
    /// The id of the provider that serves it.
    pub provider: Option<String>,
    /// What to call it; its id where there is none.
    pub name: Option<String>,
    /// Tokens that prompt and reply may have together.
    pub context_window: Option<u32>,
    /// The longest reply in tokens.
    pub max_output: Option<u32>,
    /// For input tokens.
    pub input: String,
    /// For input tokens read from a cache; nothing if not known.
    pub cache_read: Option<String>,
    /// For input tokens written to one.
    pub cache_write: Option<String>,
    /// The same, kept for the longer time.
    pub cache_write_long: Option<String>,
    /// For output tokens.
    pub output: String,
    /// What long prompts cost instead.
    pub above: Option<OwnAbove>,
    /// What a batch costs, in percent of all of these.
    pub batch_percent: Option<u8>,
    /// The first day (YYYY-MM-DD) it holds.
    pub valid_from: Option<String>,
    /// The first day it no longer holds.
    pub valid_until: Option<String>,
    /// What else there is to say.
    pub note: Option<String>,
}

/// What long prompts cost, as a person typed it.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[ts(export)]
pub struct OwnAbove {
    /// It holds for prompts of more tokens than this.
    pub prompt_tokens: u64,
    /// See [`OwnPrice::input`].
    pub input: String,
    /// See [`OwnPrice::cache_read`].
    pub cache_read: Option<String>,
    /// See [`OwnPrice::cache_write`].
    pub cache_write: Option<String>,
    /// See [`OwnPrice::cache_write_long`].
    pub cache_write_long: Option<String>,
    /// See [`OwnPrice::output`].
    pub output: String,
}

/// What is wrong with a price, and with which field of it.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{why}")]
pub struct OwnPriceError {
    /// The field, such as `cache_read` or `above.input`.
    pub field: String,
    /// Why.
    pub why: String,
}

fn wrong(field: impl Into<String>, why: impl Into<String>) -> OwnPriceError {
    OwnPriceError { field: field.into(), why: why.into() }
}

impl OwnPrice {
    /// The rows that it makes on `day`, the day on which it was written.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn listing(self, day: &str) -> Result<Listing, OwnPriceError> {
        let model = self.model.trim().to_owned();
        self.check_texts(&model)?;
        let known = models::find(&model);
        let name = said(self.name).or_else(|| known.map(|it| it.name.clone()));
        let provider = said(self.provider).or_else(|| known.map(|it| it.provider.clone()));
        let price = Price {
            model: model.clone(),
            valid_from: said(self.valid_from),
            valid_until: said(self.valid_until),
            input: price("input", &self.input)?,
            cache_read: maybe("cache_read", self.cache_read.as_deref())?,
            cache_write: maybe("cache_write", self.cache_write.as_deref())?,
            cache_write_long: maybe("cache_write_long", self.cache_write_long.as_deref())?,
            output: price("output", &self.output)?,
            above: self.above.map(OwnAbove::read).transpose()?,
            batch_percent: self.batch_percent,
            batch_cache_read: None,
            origin: RowOrigin::Own,
            note: said(self.note),
            source: "your own price".into(),
            date: day.into(),
        };
        Ok(Listing {
            name: name.unwrap_or_else(|| model.clone()),
            provider: provider.unwrap_or_default(),
            context_window: self.context_window,
            max_output: self.max_output,
            model,
            prices: vec![price],
        })
    }

    fn check_texts(&self, model: &str) -> Result<(), OwnPriceError> {
        if model.is_empty() {
            return Err(wrong("model", "which model? Write the id that requests name it by"));
        }
        let texts = [("name", &self.name), ("provider", &self.provider), ("note", &self.note)];
        let texts = texts.map(|(field, text)| (field, text.as_deref().unwrap_or_default()));
        for ((field, text), most) in std::iter::once(("model", model))
            .chain(texts)
            .zip([LONGEST[0], LONGEST[1], LONGEST[0], LONGEST[2]])
        {
            if text.len() > most || text.chars().any(is_unseen) {
                return Err(wrong(
                    field,
                    format!(
                        "this is longer than {most} bytes, or has a character that cannot be seen"
                    ),
                ));
            }
        }
        for (field, limit) in
            [("context_window", self.context_window), ("max_output", self.max_output)]
        {
            if limit.is_some_and(|limit| limit == 0 || limit > LARGEST_WINDOW) {
                return Err(wrong(field, "a limit is a number of tokens from 1 to 1,000,000,000"));
            }
        }
        if self.batch_percent.is_some_and(|it| it > 100) {
            return Err(wrong("batch_percent", "a batch costs 0 to 100 percent of the price"));
        }
        self.check_days()
    }

    fn check_days(&self) -> Result<(), OwnPriceError> {
        let days = [("valid_from", &self.valid_from), ("valid_until", &self.valid_until)];
        for (field, day) in days {
            if day.as_deref().is_some_and(|day| !day.is_empty() && !is_real_day(day)) {
                return Err(wrong(field, "a day is written as YYYY-MM-DD"));
            }
        }
        match (&self.valid_from, &self.valid_until) {
            (Some(from), Some(until)) if !until.is_empty() && until <= from => {
                Err(wrong("valid_until", "the last day has to come after the first"))
            }
            _ => Ok(()),
        }
    }
}

impl OwnAbove {
    fn read(self) -> Result<LongContext, OwnPriceError> {
        if self.prompt_tokens == 0 || self.prompt_tokens > LARGEST_WINDOW.into() {
            let why = "long prompts begin above 1 to 1,000,000,000 tokens";
            return Err(wrong("above.prompt_tokens", why));
        }
        Ok(LongContext {
            prompt_tokens: self.prompt_tokens,
            input: price("above.input", &self.input)?,
            cache_read: maybe("above.cache_read", self.cache_read.as_deref())?,
            cache_write: maybe("above.cache_write", self.cache_write.as_deref())?,
            cache_write_long: maybe("above.cache_write_long", self.cache_write_long.as_deref())?,
            output: price("above.output", &self.output)?,
            batch_cache_read: None,
        })
    }
}

fn price(field: &str, text: &str) -> Result<PerMillion, OwnPriceError> {
    let text = text.trim();
    let why = match text {
        "" => "what does a million tokens cost? 0 if nothing",
        _ if text.contains(',') => "write a decimal point: 1.5 and not 1,5",
        _ => {
            "a price is dollars for a million tokens, such as 0.15: below 4,294, at most 6 decimals"
        }
    };
    text.parse().map_err(|_| wrong(field, why))
}

fn maybe(field: &str, text: Option<&str>) -> Result<Option<PerMillion>, OwnPriceError> {
    text.filter(|text| !text.trim().is_empty()).map(|text| price(field, text)).transpose()
}

/// A text that says something.
fn said(text: Option<String>) -> Option<String> {
    text.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty())
}

/// Whether there is such a day.
fn is_real_day(text: &str) -> bool {
    let form = time::macros::format_description!("[year]-[month]-[day]");
    is_day(text) && time::Date::parse(text, form).is_ok()
}
