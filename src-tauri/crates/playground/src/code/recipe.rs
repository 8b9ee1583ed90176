//! The code itself, as data: which languages there are, and how each wire format's calls and
//! replies look in them.

use serde::Deserialize;
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

/// A language, with the part of its programs that is the same in every wire format.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// Its id, such as `python-httpx`.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The command that installs what its programs use; absent where that is an SDK.
    pub needs: Option<String>,
    /// The command that runs a program.
    pub run: String,
    /// The program; absent where an SDK makes it another one in each wire format.
    pub template: Option<String>,
}

/// A wire format, as programs speak it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    /// The dialect's id.
    pub id: String,
    /// What an SDK adds to the address that it is given.
    pub call: String,
    /// What stands in an address that asks for a stream, if the address does that.
    pub stream_call: Option<String>,
    /// Whether a request that does not say so asks for a stream.
    #[serde(default)]
    pub streams: bool,
    /// Where in the body, as a path, the number of replies stands.
    pub several: Option<String>,
    /// Where in the body, as a path, the limit on the reply stands, if an SDK minds a high one.
    pub long: Option<String>,
    /// What is its own in each language.
    pub languages: HashMap<String, Recipe>,
}

/// What one wire format has of its own in one language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The command that installs the SDK.
    pub needs: Option<String>,
    /// The whole program, with an SDK.
    pub template: Option<String>,
    /// Prints a piece of a reply, without one.
    pub stream: Option<String>,
    /// Prints a whole reply, without one.
    pub whole: Option<String>,
    /// The fields without which the SDK cannot be called.
    #[serde(default)]
    pub required: Vec<String>,
    /// The fields that it takes as arguments.
    #[serde(default)]
    pub typed: Vec<String>,
    /// How far in its object stands.
    #[serde(default)]
    pub indent: usize,
    /// The fields of the configuration that it sends as they are, if their value is such a one.
    #[serde(default)]
    pub config: BTreeMap<String, Kind>,
}

/// What a value is.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "each says what it is")]
pub enum Kind {
    Bool,
    Number,
    Object,
    Text,
    Texts,
    Whole,
}

impl Kind {
    /// Whether `value` is of this kind.
    pub fn fits(self, value: &Value) -> bool {
        match self {
            Kind::Bool => value.is_boolean(),
            Kind::Number => value.is_number(),
            Kind::Object => value.is_object(),
            Kind::Text => value.is_string(),
            Kind::Texts => value.as_array().is_some_and(|it| it.iter().all(Value::is_string)),
            Kind::Whole => value.is_i64(),
        }
    }
}

#[derive(Deserialize)]
struct Languages {
    language: Vec<Language>,
}

/// Every language, in the order in which they are offered.
pub static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let text = include_str!("../../data/code/languages.toml");
    toml::from_str::<Languages>(text).expect("languages.toml is valid").language
});

/// Every wire format.
static FORMATS: LazyLock<Vec<Format>> = LazyLock::new(|| {
    let texts = [
        include_str!("../../data/code/anthropic.toml"),
        include_str!("../../data/code/gemini.toml"),
        include_str!("../../data/code/ollama.toml"),
        include_str!("../../data/code/openai-chat.toml"),
        include_str!("../../data/code/openai-responses.toml"),
    ];
    texts.map(|text| toml::from_str(text).expect("a format of data/code is valid")).into()
});

/// The wire format of that dialect.
pub fn format(dialect: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.id == dialect)
}
