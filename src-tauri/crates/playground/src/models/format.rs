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
    /// What its refusals call a control, where that is not the control's own name.
    #[serde(default)]
    pub names: HashMap<Control, String>,
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
    /// The limit on the reply that is written where the person sets none; a thinking budget comes
    /// on top.
    pub max_tokens_unset: Option<u32>,
    /// Whether a limit above what the model can write is refused.
    #[serde(default)]
    pub max_output_refused: bool,
    /// Whether prompt and limit together have to fit into the window.
    #[serde(default)]
    pub reply_counts: bool,
    /// Who has to name JSON in a message where any JSON object is asked for.
    pub json_word: Option<JsonWord>,
    /// Whether it has no mode for any JSON object, only schemas.
    #[serde(default)]
    pub schemas_only: bool,
    /// What a schema has to say.
    pub schema: Option<Strictness>,
    /// Whether the name of a schema is sent, and limited.
    #[serde(default)]
    pub names_schema: bool,
    /// Whether a long cache is asked for in the older way.
    #[serde(default)]
    pub long_cache_is_retention: bool,
    /// Sampling parameters that pass at 1, their default, where they are refused otherwise.
    #[serde(default)]
    pub default_passes: Vec<Control>,
    /// Parameters that some of its models refuse, and nobody lists which.
    #[serde(default)]
    pub not_everywhere: Vec<Control>,
    /// Whether a limit of 0 is taken, and brings no reply.
    #[serde(default)]
    pub zero_tokens: bool,
    /// Whether a reply's beginning must not end in white space.
    #[serde(default)]
    pub trims_prefill: bool,
    /// Whether to hide reasoning is to turn it off, which every model takes.
    #[serde(default)]
    pub hiding_is_off: bool,
    /// How many tokens its servers read where nothing else is set: they leave out the oldest
    /// messages above that, and do not say so.
    pub forgets_above: Option<u32>,
    /// The providers whose own format it is. Those that copied it need not have its limits.
    pub of: Vec<String>,
    /// Parameters that a provider which copied it passes over in silence.
    #[serde(default)]
    pub passed_over: BTreeMap<String, Vec<Control>>,
    /// Names that people bring along from other formats.
    #[serde(default)]
    pub misnomers: Vec<Misnomer>,
    /// Its refusals in its own words.
    #[serde(default)]
    pub says: Says,
    /// Where this comes from.
    pub source: String,
    /// The day (YYYY-MM-DD) of the source.
    pub date: String,
}

/// Refusals in an API's own words, by what they are about: a rule of the lint, or a rule and the
/// control or value that it is about, as in `below_range.temperature`.
pub type Says = BTreeMap<String, Quote>;

/// A sentence that an API was seen to answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// The sentence, with names in braces for what differs; empty where another quotation does
    /// not hold and no true one is known. An ellipsis at its end says that it goes on.
    pub text: String,
    /// Where it was seen.
    pub from: String,
}

/// A field that this format calls otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Misnomer {
    /// What it is called elsewhere.
    pub wrong: String,
    /// What it is called here.
    pub right: String,
    /// The object of the body that it stands in; none for the body itself.
    #[serde(rename = "in")]
    pub place: Option<String>,
    /// Whether only models that reason refuse it.
    #[serde(default)]
    pub reasoning_only: bool,
    /// Whether it is not refused but passed over.
    #[serde(default)]
    pub ignored: bool,
    /// The refusal in the API's own words.
    pub says: Option<Quote>,
}

/// Whose messages have to name JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JsonWord {
    /// Anybody's, the system message included.
    Anywhere,
    /// The conversation's: instructions do not count.
    Conversation,
}

/// What a schema has to say before a format takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strictness {
    /// Each object in it rules out other properties.
    Closed,
    /// It is an object, and each object in it rules out other properties and requires all of its
    /// own.
    Complete,
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
