//! The models that we know: how much they hold, how their text is cut, what they accept.
//!
//! The rows are data: `data/models.toml`, each with its source and date. A model that is not
//! there can be called all the same; we then say that its limits and price are not known.

use crate::tokens::{Encoding, Overhead};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use tiktoken_rs::tokenizer::{self, Tokenizer};
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
    /// What people call it.
    pub name: String,
    /// Tokens that prompt and reply may have together.
    pub context_window: Option<u32>,
    /// The largest prompt in tokens, where it is smaller than the window.
    pub max_input: Option<u32>,
    /// The longest reply in tokens, hidden reasoning included.
    pub max_output: Option<u32>,
    /// The encoding that cuts its text; none where no public vocabulary is known.
    pub encoding: Option<Encoding>,
    /// Whether `encoding` is established. If not, it is an assumption.
    #[serde(default)]
    pub encoding_exact: bool,
    /// What it adds to the messages of a prompt.
    pub overhead: Overhead,
    /// What it does with temperature and top_p.
    pub sampling: Sampling,
    /// The first day (YYYY-MM-DD, UTC) on which it no longer answers, where one is announced.
    pub shutdown: Option<String>,
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

/// What a model does with temperature and top_p.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Sampling {
    /// They work.
    Accepted,
    /// They work only with reasoning effort `none`.
    EffortNone,
    /// A request with them fails.
    Refused,
    /// They are accepted and change nothing.
    Ignored,
    /// Not known.
    Unknown,
}

/// Which encoding to cut a model's text with, and whether the count will be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct EncodingChoice {
    /// The encoding.
    pub encoding: Encoding,
    /// Whether the model is known to use it. If not, pieces and counts are an estimate.
    pub exact: bool,
    /// Why it is an estimate, in a sentence for people; none when `exact`.
    pub reason: Option<String>,
    /// What the model adds to the messages of a prompt.
    pub overhead: Overhead,
}

/// Every row, in the order of the file: by provider, the newest first.
pub fn all() -> &'static [Model] {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Catalogue {
        model: Vec<Model>,
    }
    static MODELS: LazyLock<Vec<Model>> = LazyLock::new(|| {
        let catalogue: Catalogue = toml::from_str(include_str!("../data/models.toml"))
            .expect("a test reads data/models.toml");
        catalogue.model
    });
    &MODELS
}

/// The model of exactly that id or alias.
pub fn find(id: &str) -> Option<&'static Model> {
    all().iter().find(|model| model.id == id || model.aliases.iter().any(|alias| alias == id))
}

/// How to cut the text of the model `id`: by its row, else as tiktoken maps the name, else with
/// `o200k_base` as an estimate.
pub fn encoding_for(id: &str) -> EncodingChoice {
    match find(id) {
        Some(model) => encoding_of(model),
        None => encoding_by_name(id),
    }
}

fn encoding_of(model: &Model) -> EncodingChoice {
    let reason = match model.encoding {
        Some(_) if model.encoding_exact => None,
        Some(assumed) => Some(format!(
            "the tokenizer of {} is not published; {} is assumed",
            model.name,
            assumed.id()
        )),
        None => Some(format!("no public tokenizer is known for {}", model.name)),
    };
    EncodingChoice {
        encoding: model.encoding.unwrap_or(Encoding::O200kBase),
        exact: reason.is_none(),
        reason,
        overhead: model.overhead,
    }
}

fn encoding_by_name(id: &str) -> EncodingChoice {
    match tokenizer::get_tokenizer(id) {
        Some(tokenizer) => EncodingChoice {
            encoding: encoding_of_tokenizer(tokenizer),
            exact: true,
            reason: None,
            overhead: overhead_by_name(id),
        },
        None => EncodingChoice {
            encoding: Encoding::O200kBase,
            exact: false,
            reason: Some(format!("the tokenizer of {id} is not known")),
            overhead: Overhead::Unknown,
        },
    }
}

/// `gpt2` and `p50k_edit` differ from their namesakes in special tokens only.
fn encoding_of_tokenizer(tokenizer: Tokenizer) -> Encoding {
    match tokenizer {
        Tokenizer::O200kBase => Encoding::O200kBase,
        Tokenizer::O200kHarmony => Encoding::O200kHarmony,
        Tokenizer::Cl100kBase => Encoding::Cl100kBase,
        Tokenizer::P50kBase | Tokenizer::P50kEdit => Encoding::P50kBase,
        Tokenizer::R50kBase | Tokenizer::Gpt2 => Encoding::R50kBase,
    }
}

/// The families that the overhead was measured on; `ft:` names a model tuned from another.
fn overhead_by_name(id: &str) -> Overhead {
    let name = id.strip_prefix("ft:").unwrap_or(id);
    let begins = |families: &[&str]| families.iter().any(|family| name.starts_with(family));
    if begins(&["gpt-5", "o1", "o3", "o4"]) {
        Overhead::Reasoning
    } else if begins(&["gpt-4", "gpt-3.5", "chatgpt-4o"]) {
        Overhead::Classic
    } else {
        Overhead::Unknown
    }
}

#[cfg(test)]
mod tests {
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
            let days = [Some(&model.date), model.shutdown.as_ref()];
            assert!(days.into_iter().flatten().all(|day| crate::prices::is_day(day)), "{model:?}");
            assert!(!model.source.is_empty() && !model.name.is_empty(), "{}", model.id);
            assert!(!model.encoding_exact || model.encoding.is_some(), "{}", model.id);
            let window = model.context_window.unwrap_or(u32::MAX);
            let largest = model.max_input.max(model.max_output).unwrap_or(0);
            assert!(largest <= window, "{} has a limit above its window", model.id);
        }
        assert!(all().len() >= 40, "only {} rows", all().len());
    }

    #[test]
    fn rows_say_what_the_facts_say() {
        use Sampling::{Accepted, EffortNone, Ignored, Refused};
        for (id, window, max_output, sampling, shutdown) in [
            ("practice-1", 32_768, None, Ignored, None),
            ("gpt-4o-mini", 128_000, Some(16_384), Accepted, Some("2027-01-14")),
            ("gpt-4.1", 1_047_576, Some(32_768), Accepted, Some("2027-01-14")),
            ("gpt-6-luna", 1_050_000, Some(128_000), EffortNone, None),
            ("gpt-6-astra", 1_050_000, Some(128_000), Refused, None),
            ("gpt-5-mini", 400_000, Some(128_000), Refused, Some("2026-12-11")),
            ("claude-sonnet-5", 1_000_000, Some(128_000), Refused, None),
            ("claude-haiku-4-5", 200_000, Some(64_000), Accepted, None),
            ("gemini-4-argon", 1_048_576, Some(65_536), Ignored, None),
        ] {
            let model = find(id).unwrap_or_else(|| panic!("{id} is missing"));
            assert_eq!(model.context_window, Some(window), "{id}");
            assert_eq!(model.max_output, max_output, "{id}");
            assert_eq!((model.sampling, model.shutdown.as_deref()), (sampling, shutdown), "{id}");
        }
    }

    #[test]
    fn a_name_is_found_whole_or_not_at_all() {
        assert_eq!(find("gpt-4o-mini-2024-07-18").unwrap().id, "gpt-4o-mini");
        for id in ["gpt-4o-2024-05-13", "gpt-4o-mini-", "GPT-4o", "", "gpt-7"] {
            assert_eq!(find(id), None, "{id} was guessed");
        }
    }

    #[test]
    fn an_encoding_says_whether_it_is_exact() {
        use Encoding::{Cl100kBase, O200kBase, O200kHarmony, R50kBase};
        use Overhead::{Classic, Reasoning, Unknown};
        for (id, encoding, exact, overhead) in [
            ("practice-1", O200kBase, true, Classic),
            ("gpt-4o-mini", O200kBase, true, Classic),
            ("gpt-5.6-sol", O200kBase, true, Reasoning),
            ("gpt-6-luna", O200kBase, false, Reasoning),
            ("claude-opus-5-5", O200kBase, false, Unknown),
            ("gemini-2.5-flash", O200kBase, false, Unknown),
            ("gpt-4-0613", Cl100kBase, true, Classic),
            ("ft:gpt-4o:org:name:id", O200kBase, true, Classic),
            ("o1-mini", O200kBase, true, Reasoning),
            ("gpt-oss-20b", O200kHarmony, true, Unknown),
            ("gpt2", R50kBase, true, Unknown),
            ("gpt-6-moon", O200kBase, false, Unknown),
            ("llama3.2:1b", O200kBase, false, Unknown),
        ] {
            let choice = encoding_for(id);
            let found = (choice.encoding, choice.exact, choice.overhead);
            assert_eq!(found, (encoding, exact, overhead), "{id}");
            assert_eq!(choice.reason.is_none(), exact, "{id} gives no reason");
        }
    }
}
