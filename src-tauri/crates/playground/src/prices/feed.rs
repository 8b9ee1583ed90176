//! Public lists of prices: read whatever they hold, compared with what is known, and taken.
//!
//! A list is written by others and may be wrong, cut off or hostile. Of what it says, only prices
//! that can be are used, only of providers that the catalogue knows, and nothing is taken before
//! a person has seen what would change.

mod diff;
mod genai_prices;
mod litellm;
mod models_dev;
mod reading;

pub use diff::{FeedChange, FeedDiff, take};

use super::{Listing, is_day};
use reading::Reading;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;
use ts_rs::TS;

/// The largest list that is read; the real ones have up to 4 MB.
pub const MOST_BYTES: usize = 24 << 20;

/// Whose form a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FeedFormat {
    /// genai-prices: a list of providers with dated prices.
    GenaiPrices,
    /// models.dev: providers by id, with their models by id.
    ModelsDev,
    /// litellm: models by id, with prices for one token.
    Litellm,
}

impl FeedFormat {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            FeedFormat::GenaiPrices => "genai-prices",
            FeedFormat::ModelsDev => "models.dev",
            FeedFormat::Litellm => "litellm",
        }
    }
}

/// What a list says of the models that we can use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its form.
    pub format: FeedFormat,
    /// A model each, under the catalogue's id where it has one.
    pub listings: Vec<Listing>,
    /// What could not be used, a sentence for each reason.
    pub left_out: Vec<String>,
}

/// Why a list is not read. Nothing is changed then.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum FeedError {
    /// There is nothing in it.
    #[error("the list of prices is empty")]
    Empty,
    /// It is larger than any list of prices.
    #[error("the list of prices is larger than {} MB, which none is", MOST_BYTES >> 20)]
    TooLarge,
    /// It is no JSON.
    #[error("the list of prices is not JSON: {0}")]
    NotJson(String),
    /// It has the form of none that we know.
    #[error("this is no list of prices of genai-prices, models.dev or litellm")]
    UnknownForm,
    /// Nothing in it is a price that can be used.
    #[error("no price in this list can be used. {0}")]
    NothingUsable(String),
}

/// Reads a list in any of the forms; `source` is where it comes from, `day` is today.
///
/// # Errors
/// Where nothing in it can be used.
pub fn read(bytes: &[u8], source: &str, day: &str) -> Result<Feed, FeedError> {
    debug_assert!(is_day(day), "{day}");
    if bytes.len() > MOST_BYTES {
        return Err(FeedError::TooLarge);
    } else if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(FeedError::Empty);
    }
    let list: Value =
        serde_json::from_slice(bytes).map_err(|error| FeedError::NotJson(error.to_string()))?;
    let format = form_of(&list).ok_or(FeedError::UnknownForm)?;
    let mut reading = Reading::new(format!("{}, {source}", format.name()), day);
    match format {
        FeedFormat::GenaiPrices => genai_prices::read(&list, &mut reading),
        FeedFormat::ModelsDev => models_dev::read(&list, &mut reading),
        FeedFormat::Litellm => litellm::read(&list, &mut reading),
    }
    let (listings, left_out) = reading.end();
    match listings.is_empty() {
        true => Err(FeedError::NothingUsable(left_out.join(" "))),
        false => Ok(Feed { format, listings, left_out }),
    }
}

fn form_of(list: &Value) -> Option<FeedFormat> {
    let some =
        |entries: &dyn Fn(&str) -> bool, names: &[&str]| names.iter().any(|name| entries(name));
    match list {
        Value::Array(providers) => {
            let has_models = |it: &Value| it["models"].is_array();
            providers.iter().any(has_models).then_some(FeedFormat::GenaiPrices)
        }
        Value::Object(entries) => {
            let any = |name: &str| entries.values().any(|it| it.get(name).is_some());
            if entries.values().any(|it| it["models"].is_object()) {
                Some(FeedFormat::ModelsDev)
            } else if some(&any, &["input_cost_per_token", "litellm_provider"]) {
                Some(FeedFormat::Litellm)
            } else {
                None
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
