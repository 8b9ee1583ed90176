//! The same paragraph in many languages: who pays more for it.

use super::{Encoding, TokenError, count, sheet::million_calls};
use crate::prices::{Dollars, Price};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use ts_rs::TS;
use unicode_segmentation::UnicodeSegmentation;

/// What each text comes to in each encoding.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct LanguageCounts {
    /// The encodings, in the order of [`LanguageRow::counts`].
    pub encodings: Vec<Encoding>,
    /// One for each text; one's own comes last.
    pub rows: Vec<LanguageRow>,
}

/// One text.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct LanguageRow {
    /// A tag of the language, such as `en`.
    pub id: String,
    /// What it is called in English.
    pub name: String,
    /// What sort of text it is.
    pub kind: TextKind,
    /// What a language is written in.
    pub script: Option<String>,
    /// Whether it is written from right to left.
    pub rtl: bool,
    /// The text.
    pub text: String,
    /// Its length in what a person takes for characters.
    pub characters: u32,
    /// The same in bytes of UTF-8.
    pub bytes: u32,
    /// One for each encoding.
    pub counts: Vec<LanguageCount>,
}

/// One text in one encoding.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct LanguageCount {
    /// How many tokens.
    pub tokens: u32,
    /// How many times as many as the English text has; none for a text that says something else.
    pub against_english: Option<f64>,
    /// How many characters a token has; none where there is no token.
    pub chars_per_token: Option<f64>,
    /// What a million calls cost with it as prompt; none if the price is not known.
    pub per_million_calls: Option<Dollars>,
}

/// What sort of text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum TextKind {
    /// The paragraph in a language.
    Language,
    /// A program that says something like it.
    Code,
    /// The paragraph in JSON.
    Json,
    /// The paragraph in base64.
    Base64,
    /// One's own.
    Own,
}

/// A text of `data/languages.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    id: String,
    name: String,
    kind: TextKind,
    script: Option<String>,
    #[serde(default)]
    rtl: bool,
    text: String,
}

fn texts() -> &'static [Text] {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        text: Vec<Text>,
    }
    static TEXTS: LazyLock<Vec<Text>> = LazyLock::new(|| {
        let file: File = toml::from_str(include_str!("../../data/languages.toml"))
            .expect("a test reads data/languages.toml");
        file.text
    });
    &TEXTS
}

/// What each text comes to, and one's own too if there is one.
pub fn languages(own: Option<&str>, price: Option<&Price>) -> Result<LanguageCounts, TokenError> {
    let own = own.map(|text| Text {
        id: "own".into(),
        name: "Your text".into(),
        kind: TextKind::Own,
        script: None,
        rtl: false,
        text: text.into(),
    });
    let english = texts().iter().find(|text| text.id == "en").expect("a test looks for English");
    let encodings = Encoding::ALL.to_vec();
    let basis = encodings.iter().map(|it| count(*it, &english.text));
    let basis = basis.collect::<Result<Vec<_>, _>>()?;
    let rows = texts().iter().chain(&own).map(|text| row(text, &basis, price));
    Ok(LanguageCounts { rows: rows.collect::<Result<_, _>>()?, encodings })
}

/// `basis` is what the English text has in each encoding.
fn row(text: &Text, basis: &[u32], price: Option<&Price>) -> Result<LanguageRow, TokenError> {
    let characters = text.text.graphemes(true).count() as u32;
    let says_the_same = text.kind != TextKind::Own;
    let counts = Encoding::ALL.iter().zip(basis).map(|(encoding, basis)| {
        let tokens = count(*encoding, &text.text)?;
        let against = |than: u32| f64::from(tokens) / f64::from(than);
        Ok(LanguageCount {
            tokens,
            against_english: says_the_same.then(|| against(*basis)),
            chars_per_token: (tokens > 0).then(|| f64::from(characters) / f64::from(tokens)),
            per_million_calls: price.map(|price| million_calls(price, tokens)),
        })
    });
    Ok(LanguageRow {
        counts: counts.collect::<Result<_, TokenError>>()?,
        id: text.id.clone(),
        name: text.name.clone(),
        kind: text.kind,
        script: text.script.clone(),
        rtl: text.rtl,
        bytes: text.text.len() as u32,
        characters,
        text: text.text.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use std::collections::HashSet;

    #[test]
    fn the_file_has_16_languages_and_three_other_texts() {
        let ids: HashSet<_> = texts().iter().map(|text| &text.id).collect();
        assert_eq!(ids.len(), texts().len(), "an id stands there twice");
        let of = |kind| texts().iter().filter(|it| it.kind == kind).collect::<Vec<_>>();
        assert_eq!(of(TextKind::Language).len(), 16);
        for kind in [TextKind::Code, TextKind::Json, TextKind::Base64] {
            assert_eq!(of(kind).len(), 1, "{kind:?}");
        }
        for text in texts() {
            let is_language = text.kind == TextKind::Language;
            assert_eq!(text.script.is_some(), is_language, "{}", text.id);
            assert!(!text.name.is_empty() && !text.text.is_empty(), "{}", text.id);
            let is_line = text.text.trim() == text.text && !text.text.contains('\n');
            assert!(!is_language || is_line, "{}", text.id);
        }
        assert_eq!(texts()[0].id, "en", "the others are held against it");
        let decoded = STANDARD.decode(&of(TextKind::Base64)[0].text).unwrap();
        assert_eq!(String::from_utf8(decoded).unwrap(), texts()[0].text);
        serde_json::from_str::<serde_json::Value>(&of(TextKind::Json)[0].text).unwrap();
    }

    #[test]
    fn who_writes_from_right_to_left_is_marked() {
        let is_rtl = |text: &str| text.chars().any(|it| ('\u{590}'..'\u{8ff}').contains(&it));
        assert!(texts().iter().all(|text| text.rtl == is_rtl(&text.text)));
        assert!(texts().iter().any(|text| text.rtl));
    }

    #[test]
    fn english_costs_once_and_others_more() {
        let book = crate::prices::Book::default();
        let price = book.price_of("gpt-4o-mini", "2026-11-20");
        let table = languages(Some("hello world"), price).unwrap();
        assert_eq!(table.encodings, Encoding::ALL);
        assert!(table.rows[0].counts.iter().all(|it| it.against_english == Some(1.0)));
        let gpt2 = Encoding::ALL.iter().position(|it| *it == Encoding::Gpt2).unwrap();
        for row in table.rows.iter().filter(|row| row.kind == TextKind::Language).skip(1) {
            assert!(row.counts[gpt2].against_english > Some(1.2), "{}", row.name);
        }
        let own = table.rows.last().unwrap();
        assert_eq!((own.kind, own.counts[0].tokens, own.characters), (TextKind::Own, 2, 11));
        assert_eq!(own.counts[0].against_english, None, "it says something else");
        assert_eq!(
            own.counts[0].per_million_calls.map(|it| it.to_string()).as_deref(),
            Some("0.3")
        );
        assert_eq!(languages(None, None).unwrap().rows.len(), texts().len());
        assert!(languages(Some(&"x".repeat(crate::tokens::MAX_BYTES + 1)), None).is_err());
    }
}
