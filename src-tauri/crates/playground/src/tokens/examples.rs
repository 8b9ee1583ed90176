//! Texts that are cut in a way that surprises, each with what it teaches.

use super::lane::Lane;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::LazyLock};
use ts_rs::TS;

/// A text that surprises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct TokenExample {
    /// Its name in links and tests.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// The text.
    pub text: String,
    /// What it teaches, in a sentence.
    pub says: String,
    /// How many tokens it has, by the id of the encoding.
    pub tokens: BTreeMap<String, u32>,
    /// The texts of its spans, by the id of the encoding, where the sentence is about them.
    #[serde(default)]
    pub pieces: BTreeMap<String, Vec<String>>,
    /// The lanes to show it in; empty for the usual ones.
    #[serde(default)]
    pub lanes: Vec<Lane>,
    /// Whether it is about special tokens.
    #[serde(default)]
    pub specials: bool,
}

/// Every example, in the order in which they are best shown.
pub fn examples() -> &'static [TokenExample] {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        example: Vec<TokenExample>,
    }
    static EXAMPLES: LazyLock<Vec<TokenExample>> = LazyLock::new(|| {
        let file: File = toml::from_str(include_str!("../../data/examples.toml"))
            .expect("a test reads data/examples.toml");
        file.example
    });
    &EXAMPLES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::{
        Encoding,
        sheet::{MOST_LANES, RowRange, Sheet, SheetLayout},
    };
    use encodings::Cutting;
    use std::collections::HashSet;
    use unicode_width::UnicodeWidthChar;

    fn encoding(id: &str) -> Encoding {
        Encoding::from_id(id).unwrap_or_else(|| panic!("{id} is no encoding"))
    }

    #[test]
    fn there_are_20_and_each_is_complete() {
        assert_eq!(examples().len(), 20);
        let ids: HashSet<_> = examples().iter().map(|it| &it.id).collect();
        assert_eq!(ids.len(), 20, "an id stands there twice");
        for TokenExample { id, title, text, says, tokens, lanes, .. } in examples() {
            assert!(!title.is_empty() && !text.is_empty() && !tokens.is_empty(), "{id}");
            let ends = says.matches(". ").count();
            assert!(says.ends_with('.') && ends == 0 && says.len() < 260, "{id}: one sentence");
            assert!(lanes.len() <= MOST_LANES, "{id}");
        }
    }

    #[test]
    fn each_is_cut_as_it_says() {
        for example in examples() {
            for (id, tokens) in &example.tokens {
                let cutting = Cutting::of(encoding(id), example.specials, &example.text);
                assert_eq!(cutting.count(), *tokens as usize, "{} in {id}", example.id);
            }
            for (id, pieces) in &example.pieces {
                let lane: Lane = serde_json::from_value(id.as_str().into()).unwrap();
                let specials = example.specials;
                let layout =
                    SheetLayout { lanes: vec![lane], columns: 500, specials, price_as: None };
                let sheet = Sheet::new(example.text.clone(), layout).unwrap();
                let rows = sheet.rows(RowRange { first: 0, count: 99 });
                let spans: Vec<String> = rows
                    .iter()
                    .flat_map(|row| {
                        let units: Vec<u16> = row.text.encode_utf16().collect();
                        row.lanes[0].iter().map(move |span| {
                            String::from_utf16(&units[span.from as usize..span.to as usize])
                                .unwrap()
                        })
                    })
                    .collect();
                assert_eq!(&spans, pieces, "{} in {id}", example.id);
            }
        }
    }

    /// Whoever reads the file should see what is in it.
    #[test]
    fn what_cannot_be_seen_is_escaped() {
        let file = include_str!("../../data/examples.toml");
        let hidden = |it: &char| *it != '\n' && (it.is_control() || it.width() == Some(0));
        for line in file.lines() {
            assert_eq!(line.chars().find(hidden), None, "{line}");
        }
    }
}
