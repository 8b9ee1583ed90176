//! The files of the glossary, and how shapes are put where they are named.

use super::{Gloss, Glossary};
use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock};

const SHARED: &str = include_str!("../../data/glossary/shared.toml");
const FILES: [&str; 5] = [
    include_str!("../../data/glossary/openai-chat.toml"),
    include_str!("../../data/glossary/openai-responses.toml"),
    include_str!("../../data/glossary/anthropic.toml"),
    include_str!("../../data/glossary/gemini.toml"),
    include_str!("../../data/glossary/ollama.toml"),
];

/// The sentences for the wire format of that id.
pub fn of(dialect: &str) -> Option<&'static Glossary> {
    static ALL: LazyLock<BTreeMap<String, Glossary>> = LazyLock::new(read);
    ALL.get(dialect)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    dialect: String,
    #[serde(default)]
    request: Section,
    #[serde(default)]
    response: Section,
    #[serde(default)]
    request_headers: Section,
    #[serde(default)]
    response_headers: Section,
    #[serde(default)]
    shape: BTreeMap<String, Section>,
}

type Section = BTreeMap<String, Meaning>;

#[derive(Deserialize)]
#[serde(untagged)]
enum Meaning {
    Says(String),
    Shape {
        #[serde(default)]
        says: String,
        of: String,
    },
}

fn read() -> BTreeMap<String, Glossary> {
    let parse = |text| toml::from_str::<File>(text).expect("a test reads every file");
    let shared = parse(SHARED);
    let read = |text| {
        let own = parse(text);
        let list = |section| entries(section, &own, &shared);
        let glossary = Glossary {
            request: list(&own.request),
            response: list(&own.response),
            request_headers: list(&shared.request_headers),
            response_headers: list(&shared.response_headers),
        };
        (own.dialect, glossary)
    };
    FILES.into_iter().map(read).collect()
}

fn entries(section: &Section, own: &File, shared: &File) -> Vec<Gloss> {
    let mut found = BTreeMap::new();
    write(section, "", own, shared, &mut found);
    found.into_iter().map(|(place, says)| Gloss { place, says }).collect()
}

/// Puts what `section` says of the places in `at`, and of those in shapes that it names. What is
/// there already stays.
fn write(
    section: &Section,
    at: &str,
    own: &File,
    shared: &File,
    found: &mut BTreeMap<String, String>,
) {
    for (key, meaning) in section {
        let says = match meaning {
            Meaning::Says(says) | Meaning::Shape { says, .. } => says,
        };
        if !says.is_empty() {
            found.entry(joined(at, key)).or_insert_with(|| says.clone());
        }
    }
    for (key, meaning) in section {
        if let Meaning::Shape { of, .. } = meaning {
            let shape = own.shape.get(of).or_else(|| shared.shape.get(of));
            let shape = shape.expect("a test reads every file");
            write(shape, &joined(at, key), own, shared, found);
        }
    }
}

fn joined(at: &str, key: &str) -> String {
    let dot = if at.is_empty() || key.is_empty() || key.starts_with("[]") { "" } else { "." };
    format!("{at}{dot}{key}")
}
