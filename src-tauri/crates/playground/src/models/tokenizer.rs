//! How far a count may be off for a model whose vocabulary is not public.

use super::{encoding_for, row_of};
use serde::Deserialize;
use std::sync::LazyLock;

/// How a model's count compares with that of `o200k_base`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokenizer {
    /// Models with the same id count alike.
    pub id: &'static str,
    /// The fewest tokens that it likely makes, in percent of what `o200k_base` makes.
    pub low_percent: u32,
    /// The most.
    pub high_percent: u32,
    /// Why, in a sentence; empty where it is exact.
    pub says: &'static str,
}

impl Tokenizer {
    /// The fewest and the most tokens that it likely makes of a text that is counted as `tokens`.
    pub fn range(&self, tokens: u32) -> (u32, u32) {
        let part = |percent: u32| u64::from(tokens) * u64::from(percent);
        let most = part(self.high_percent).div_ceil(100);
        ((part(self.low_percent) / 100) as u32, u32::try_from(most).unwrap_or(u32::MAX))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    families: Vec<String>,
    low_percent: u32,
    high_percent: u32,
    says: String,
    #[allow(dead_code, reason = "for whoever reads the file; a test wants it there")]
    source: String,
    #[allow(dead_code, reason = "for whoever reads the file; a test wants it there")]
    date: String,
}

/// How the model `id` counts. Where its encoding is known, that is what counts are made with, and
/// they are not off.
pub fn tokenizer_of(id: &str) -> Tokenizer {
    let choice = encoding_for(id);
    if choice.exact {
        return Tokenizer {
            id: choice.encoding.id(),
            low_percent: 100,
            high_percent: 100,
            says: "",
        };
    }
    let family = row_of(id).map(|model| model.family.as_str());
    let of_family = |row: &&Row| row.families.iter().any(|it| Some(it.as_str()) == family);
    let row = rows().iter().find(of_family).or(rows().last()).expect("a test reads the rows");
    Tokenizer {
        id: &row.id,
        low_percent: row.low_percent,
        high_percent: row.high_percent,
        says: &row.says,
    }
}

/// The last stands for all that the others do not name.
fn rows() -> &'static [Row] {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        tokenizer: Vec<Row>,
    }
    static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
        let text = include_str!("../../data/tokenizers.toml");
        toml::from_str::<File>(text).expect("a test reads data/tokenizers.toml").tokenizer
    });
    &ROWS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{all, families};

    #[test]
    fn every_model_without_an_encoding_has_a_range_with_a_reason() {
        for row in rows() {
            assert!(row.low_percent <= 100 && row.high_percent > 100, "{row:?}");
            assert!(row.says.ends_with('.') && !row.source.is_empty(), "{row:?}");
            assert!(crate::prices::is_day(&row.date), "{row:?}");
            for family in &row.families {
                assert!(families().iter().any(|it| it.id == *family), "{family} is a family");
            }
        }
        for model in all() {
            let tokenizer = tokenizer_of(&model.id);
            assert_eq!(tokenizer.says.is_empty(), encoding_for(&model.id).exact, "{}", model.id);
            let is_plain = model.provider == "openai"
                || model.provider == "gemini"
                || model.provider == "anthropic";
            assert!(!is_plain || tokenizer.id != "unknown", "{} is in no range", model.id);
        }
        let ids = ["claude-sonnet-5", "claude-sonnet-4-6", "gemini-2.5-pro", "gpt-6-luna", "x"];
        let found = ids.map(|id| tokenizer_of(id).id);
        let told = ["claude from 4.7 on", "claude up to 4.6", "gemini", "gpt-6", "unknown"];
        assert_eq!(found, told);
    }
}
