//! The files that say what each format has where.

use crate::json::pointer::lies_in;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, sync::LazyLock};
use ts_rs::TS;

const FILES: [&str; 5] = [
    include_str!("../../data/rosetta/openai-chat.toml"),
    include_str!("../../data/rosetta/openai-responses.toml"),
    include_str!("../../data/rosetta/anthropic.toml"),
    include_str!("../../data/rosetta/gemini.toml"),
    include_str!("../../data/rosetta/ollama.toml"),
];

/// Every meaning, in the order of the data.
pub static MEANINGS: LazyLock<Meanings> = LazyLock::new(|| {
    let text = include_str!("../../data/rosetta/meanings.toml");
    toml::from_str(text).expect("a test reads every file")
});

static TABLES: LazyLock<BTreeMap<String, Table>> = LazyLock::new(|| {
    let parse = |text| toml::from_str::<Table>(text).expect("a test reads every file");
    FILES.into_iter().map(parse).map(|table| (table.dialect.clone(), table)).collect()
});

/// What the format of that id has where.
pub fn table(dialect: &str) -> &'static Table {
    TABLES.get(dialect).expect("a test finds every dialect here")
}

/// What there is to mean.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meanings {
    /// In requests.
    pub request: Vec<Said>,
    /// In replies.
    pub reply: Vec<Said>,
}

/// A meaning, for people.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Its name in the data.
    pub word: String,
    /// What it is a case of.
    pub kind: MeaningKind,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub says: String,
}

/// What a meaning is a case of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
#[allow(missing_docs, reason = "the words say it")]
pub enum MeaningKind {
    Address,
    Key,
    Version,
    Model,
    Role,
    System,
    Message,
    Control,
    Stream,
    Reply,
    Finish,
    Usage,
    Error,
    Other,
}

/// What a format has where.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    dialect: String,
    /// In its requests, by the word of a meaning.
    pub request: BTreeMap<String, Ways>,
    /// In its replies.
    pub reply: BTreeMap<String, Ways>,
}

impl Table {
    /// The words of the meanings that a request has at a place, or around it.
    pub fn words_at(&self, place: &str) -> impl Iterator<Item = &str> {
        let has = move |(_, ways): &(&String, &Ways)| ways.all().any(|way| way.has(place));
        self.request.iter().filter(has).map(|(word, _)| word.as_str())
    }

    /// The word of what stands exactly there, where that is neither a message nor a control.
    pub fn structure_at(&self, place: &str) -> Option<&str> {
        let said = |word: &str| MEANINGS.request.iter().find(|it| it.word == word);
        let is_structure = |word: &str| {
            let kind = said(word).map(|it| it.kind);
            let kinds = [MeaningKind::Role, MeaningKind::Other, MeaningKind::Stream];
            kind.is_some_and(|it| kinds.contains(&it)) && !word.starts_with("control.")
        };
        let stands_there =
            |ways: &Ways| ways.all().flat_map(|way| &way.place).any(|it| it.at() == place);
        let mut words = self.request.iter();
        words
            .find(|(word, ways)| is_structure(word) && stands_there(ways))
            .map(|(word, _)| word.as_str())
    }
}

/// How a format has a meaning.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Ways {
    /// In one of these ways.
    Here(Vec<Way>),
    /// Not at all.
    None {
        /// Why.
        none: String,
    },
}

impl Ways {
    /// Every way; none where the format has not.
    pub fn all(&self) -> impl Iterator<Item = &Way> {
        let ways: &[Way] = match self {
            Ways::Here(ways) => ways,
            Ways::None { .. } => &[],
        };
        ways.iter()
    }
}

/// One way to have it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// Where.
    pub place: Vec<Place>,
    /// What there is to say of it.
    pub says: String,
    /// What there is to say where nobody asked for it.
    pub unasked: Option<String>,
}

/// A place in a body, the address, or a header.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Place {
    /// There, whatever stands beside it.
    Any(String),
    /// There, if these fields of the same object have these values.
    Beside {
        /// Where.
        at: String,
        /// The fields.
        beside: BTreeMap<String, Value>,
    },
}

impl Place {
    /// The place as it is written.
    pub fn at(&self) -> &str {
        match self {
            Place::Any(at) | Place::Beside { at, .. } => at,
        }
    }

    /// Whether the object in which a value stands is as it has to be.
    pub fn allows(&self, around: Option<&Value>) -> bool {
        match self {
            Place::Any(_) => true,
            Place::Beside { beside, .. } => {
                beside.iter().all(|(name, value)| around.and_then(|it| it.get(name)) == Some(value))
            }
        }
    }
}

impl Way {
    /// Whether it has what stands at `pattern`.
    pub fn has(&self, pattern: &str) -> bool {
        self.place.iter().any(|it| lies_in(pattern, it.at()))
    }
}
