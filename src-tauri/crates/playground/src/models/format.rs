//! What a wire format allows, whatever the model, and how it words its refusals.

use crate::{Control, chat::Effort};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

/// The limits that belong to a wire format. What is not here is not known to be limited.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    /// The dialect's id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The least and the most that a parameter may be.
    pub ranges: HashMap<Control, [f64; 2]>,
    /// How many stop texts it takes.
    pub stop_texts: Option<usize>,
    /// Whether a stop text of white space alone is refused.
    #[serde(default)]
    pub no_blank_stop: bool,
    /// The words it has for an effort.
    pub efforts: Option<Vec<Effort>>,
    /// Whether an effort and a thinking budget exclude each other.
    #[serde(default)]
    pub effort_or_budget: bool,
    /// Whether a thinking budget has to be below the limit on the reply.
    #[serde(default)]
    pub budget_below_max_tokens: bool,
    /// Whether to show reasoning without a budget asks for adaptive thinking.
    #[serde(default)]
    pub shows_by_adaptive: bool,
    /// The limit on the reply that is written where the person sets none.
    pub max_tokens_unset: Option<u32>,
    /// Whether a limit above what the model can write is refused.
    #[serde(default)]
    pub max_output_refused: bool,
    /// Whether prompt and limit together have to fit into the window.
    #[serde(default)]
    pub reply_counts: bool,
    /// Whether a message has to name JSON where any JSON object is asked for.
    #[serde(default)]
    pub json_needs_word: bool,
    /// Whether the name of a schema is sent, and limited.
    #[serde(default)]
    pub names_schema: bool,
    /// Whether a long cache is asked for in the older way.
    #[serde(default)]
    pub long_cache_is_retention: bool,
    /// Sampling parameters that pass at 1, their default, where they are refused otherwise.
    #[serde(default)]
    pub default_passes: Vec<Control>,
    /// Its refusals, by rule, or by rule and control, in its own words.
    #[serde(default)]
    pub says: BTreeMap<String, String>,
    /// Where this comes from.
    pub source: String,
    /// The day (YYYY-MM-DD) of the source.
    pub date: String,
}

/// Every wire format.
pub fn formats() -> &'static [Format] {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        format: Vec<Format>,
    }
    static FORMATS: LazyLock<Vec<Format>> = LazyLock::new(|| {
        let file: File = toml::from_str(include_str!("../../data/formats.toml"))
            .expect("a test reads data/formats.toml");
        file.format
    });
    &FORMATS
}

/// The limits of the dialect of that id.
pub fn format(dialect: &str) -> Option<&'static Format> {
    formats().iter().find(|format| format.id == dialect)
}
