//! The models that we know: how much they hold, how their text is cut, what they accept, when
//! they end.
//!
//! The rows are data: `data/models.toml` and `data/formats.toml`, each with its source and date. A
//! model that is not there can be called all the same; we then say that its limits and price are
//! not known.

mod encoding;
mod end;
mod family;
mod format;
mod tokenizer;

pub use encoding::{EncodingChoice, encoding_for};
pub use end::{End, Ending};
pub use family::{Family, Sampling, families};
pub use format::{Format, JsonWord, Misnomer, Quote, Says, Strictness, format, formats};
pub use tokenizer::{Tokenizer, tokenizer_of};

use crate::tokens::{Encoding, Overhead};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use ts_rs::TS;

/// One row of the catalogue. `None` means not known, never without limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Model {
    /// What a request names it.
    pub id: String,
    /// The id of the provider that serves it.
    pub provider: String,
    /// The [`Family`] that says what it does with parameters.
    pub family: String,
    /// What people call it.
    pub name: String,
    /// Tokens that prompt and reply may have together.
    pub context_window: Option<u32>,
    /// The largest prompt in tokens, where it is smaller than the window.
    pub max_input: Option<u32>,
    /// The longest reply in tokens, hidden reasoning included.
    pub max_output: Option<u32>,
    /// The shortest prompt in tokens that can be cached.
    pub cache_minimum: Option<u32>,
    /// The encoding that cuts its text; none where no public vocabulary is known.
    pub encoding: Option<Encoding>,
    /// Whether `encoding` is established. If not, it is an assumption.
    #[serde(default)]
    pub encoding_exact: bool,
    /// What it adds to the messages of a prompt.
    pub overhead: Overhead,
    /// The first day (YYYY-MM-DD, UTC) on which it no longer answers, where one is announced.
    pub shutdown: Option<String>,
    /// Whether it has ended on a day that is not known.
    #[serde(default)]
    pub gone: bool,
    /// The day before which it will not be shut down, where that is promised.
    pub not_before: Option<String>,
    /// The model that its provider names in its place.
    pub replacement: Option<String>,
    /// Whether `replacement` answers in its place from `shutdown` on; without a day, it does now.
    #[serde(default)]
    pub rerouted: bool,
    /// Other ids of the same model at the same price.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What else a person should know.
    pub note: Option<String>,
    /// Where the row comes from.
    pub source: String,
    /// The day (YYYY-MM-DD) of the source.
    pub date: String,
}

impl Model {
    /// What it does with parameters.
    pub fn family(&self) -> &'static Family {
        let named = |family: &&Family| family.id == self.family;
        families().iter().find(named).expect("a test looks every family up")
    }

    /// Whether it no longer answers on `day`, itself at least.
    pub fn is_gone(&self, day: &str) -> bool {
        match &self.shutdown {
            Some(shutdown) => shutdown.as_str() <= day,
            None => self.gone || self.rerouted,
        }
    }

    /// The row of the model that answers on `day` when this one is asked.
    pub fn answered_by(&self, day: &str) -> &Model {
        let other = self.replacement.as_deref().filter(|_| self.rerouted && self.is_gone(day));
        other.and_then(find).unwrap_or(self)
    }
}

/// Every row, in the order of the file: by provider, then by family.
pub fn all() -> &'static [Model] {
    &models_toml().1
}

fn models_toml() -> &'static (Vec<Family>, Vec<Model>) {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        family: Vec<Family>,
        model: Vec<toml::Table>,
    }
    static FILE: LazyLock<(Vec<Family>, Vec<Model>)> = LazyLock::new(|| {
        let text = include_str!("../data/models.toml");
        let file: File = toml::from_str(text).expect("a test reads data/models.toml");
        let models = file.model.into_iter().map(|row| whole(row, &file.family)).collect();
        (file.family, models)
    });
    &FILE
}

/// A row with what it has in common with its family.
fn whole(row: toml::Table, families: &[Family]) -> Model {
    let family = families.iter().find(|family| row["family"].as_str() == Some(&family.id));
    let mut whole = family.map(|family| family.models.clone()).unwrap_or_default();
    whole.extend(row);
    whole.try_into().expect("a test reads every row of data/models.toml")
}

/// The model of exactly that id or alias.
pub fn find(id: &str) -> Option<&'static Model> {
    all().iter().find(|model| model.id == id || model.aliases.iter().any(|alias| alias == id))
}

/// The row of that id, or of the model that it is a variant of: what stands behind a `:` (`:free`,
/// `:1b`, the faults of practice) names one.
pub fn row_of(id: &str) -> Option<&'static Model> {
    find(id).or_else(|| find(id.split(':').next()?))
}

/// The limit on a reply that is written where none is set and the format wants one: its usual
/// one, or half the window of a model that has no room for that.
pub fn usual_limit(usual: u32, model: Option<&Model>) -> u32 {
    let window = model.and_then(|model| model.context_window);
    window.map_or(usual, |window| usual.min(window / 2))
}

#[cfg(test)]
mod tests {
    mod facts;

    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_catalogue_reads_and_every_row_is_complete() {
        let mut ids = HashSet::new();
        for model in all() {
            for id in std::iter::once(&model.id).chain(&model.aliases) {
                assert!(ids.insert(id), "{id} stands there twice");
                assert_eq!(find(id), Some(model), "{id} is not found");
            }
            assert_eq!(model.family().id, model.family, "{} has another family", model.id);
            assert!(!model.gone || model.shutdown.is_none(), "{} has a day", model.id);
            let days = [Some(&model.date), model.shutdown.as_ref(), model.not_before.as_ref()];
            assert!(days.into_iter().flatten().all(|day| crate::prices::is_day(day)), "{model:?}");
            assert!(!model.source.is_empty() && !model.name.is_empty(), "{}", model.id);
            assert!(!model.encoding_exact || model.encoding.is_some(), "{}", model.id);
            let window = model.context_window.unwrap_or(u32::MAX);
            let largest = model.max_input.max(model.max_output).unwrap_or(0);
            assert!(largest <= window, "{} has a limit above its window", model.id);
            if let Some(other) = &model.replacement {
                let other = find(other).unwrap_or_else(|| panic!("{other} is missing"));
                assert!(other.shutdown.is_none(), "{} is replaced by one that ends", model.id);
                assert!(other.answered_by("9999-12-31") == other, "{} leads on and on", model.id);
            }
            assert!(!model.rerouted || model.replacement.is_some(), "{}", model.id);
        }
        for family in families() {
            let is_used = all().iter().any(|model| model.family == family.id);
            assert!(is_used, "{} has no model", family.id);
            assert!(crate::prices::is_day(&family.date) && !family.source.is_empty());
            let known = |id: &String| crate::dialects::find(id).is_some();
            let places = family.refused_in.keys().chain(family.ranges_in.keys());
            let places = places.chain(&family.any_schema_in).chain(family.sampling_in.keys());
            let places = places.chain(family.efforts_in.keys()).chain(&family.window_limits_in);
            assert!(places.chain(family.says.keys()).all(known), "{}", family.id);
        }
        assert!(all().len() >= 90, "only {} rows", all().len());
    }

    #[test]
    fn a_name_is_found_whole_or_not_at_all() {
        assert_eq!(find("gpt-4o-mini-2024-07-18").unwrap().id, "gpt-4o-mini");
        for id in ["gpt-4o-2023-05-13", "gpt-4o-mini-", "GPT-4o", "", "gpt-7"] {
            assert_eq!(find(id), None, "{id} was guessed");
        }
    }
}
