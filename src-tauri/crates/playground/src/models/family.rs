//! What the models of one family do with parameters.

use super::{Says, models_toml};
use crate::{Control, chat::Effort};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// What models that were made together do with parameters. What is not here works, or is not
/// known: nothing is said against it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// What the rows of its models name it.
    pub id: String,
    /// What they do with temperature, top_p and top_k.
    pub sampling: Sampling,
    /// The same in one wire format, where that differs.
    #[serde(default)]
    pub sampling_in: BTreeMap<String, Sampling>,
    /// Whether the same holds for logprobs.
    #[serde(default)]
    pub logprobs_as_sampling: bool,
    /// Whether temperature and top_p are refused together.
    #[serde(default)]
    pub temperature_or_top_p: bool,
    /// Whether they reason before they answer, where that is known.
    pub reasons: Option<bool>,
    /// Whether they take adaptive thinking.
    #[serde(default = "yes")]
    pub adaptive: bool,
    /// The efforts that they may take; all others are refused.
    pub efforts: Option<Vec<Effort>>,
    /// The same in one wire format only.
    #[serde(default)]
    pub efforts_in: BTreeMap<String, Vec<Effort>>,
    /// Refused whatever the value.
    #[serde(default)]
    pub refused: Vec<Control>,
    /// Refused whatever the value, but in one wire format only.
    #[serde(default)]
    pub refused_in: BTreeMap<String, Vec<Control>>,
    /// Taken, though it is not known of all models of a wire format.
    #[serde(default)]
    pub takes: Vec<Control>,
    /// The wire formats in which no limit on a reply may be larger than the window.
    #[serde(default)]
    pub window_limits_in: Vec<String>,
    /// Whether a long conversation is cut short only at the window.
    #[serde(default)]
    pub forgets_at_window: bool,
    /// Accepted without effect, besides the sampling.
    #[serde(default)]
    pub ignored: Vec<Control>,
    /// The least and the most that they take, where that is narrower than the wire format's.
    #[serde(default)]
    pub ranges: HashMap<Control, [f64; 2]>,
    /// The same in one wire format only.
    #[serde(default)]
    pub ranges_in: BTreeMap<String, HashMap<Control, [f64; 2]>>,
    /// Whether they always reason, and take no notice of being told not to.
    #[serde(default)]
    pub always_reasons: bool,
    /// Whether a stop text must not be empty.
    #[serde(default)]
    pub no_empty_stop: bool,
    /// The wire formats in which any schema is taken, however open.
    #[serde(default)]
    pub any_schema_in: Vec<String>,
    /// Whether a schema may have any name.
    #[serde(default)]
    pub any_schema_name: bool,
    /// Whether the older way to ask for a long cache is refused.
    #[serde(default)]
    pub retention_refused: bool,
    /// Whether they are older than the settings for a cache, and cache by themselves.
    #[serde(default)]
    pub caches_by_itself: bool,
    /// Whether a system message may be refused.
    #[serde(default)]
    pub system_doubtful: bool,
    /// Refusals in the API's own words, by wire format, that go before those of the format.
    #[serde(default)]
    pub says: BTreeMap<String, Says>,
    /// Where this comes from.
    pub source: String,
    /// The day (YYYY-MM-DD) of the source.
    pub date: String,
    /// What the rows of its models have in common.
    pub(super) models: toml::Table,
}

impl Family {
    /// What its models do with temperature, top_p and top_k in this wire format.
    pub fn sampling(&self, format: &str) -> Sampling {
        self.sampling_in.get(format).copied().unwrap_or(self.sampling)
    }

    /// The efforts that its models may take in this wire format.
    pub fn efforts(&self, format: &str) -> Option<&[Effort]> {
        self.efforts_in.get(format).or(self.efforts.as_ref()).map(Vec::as_slice)
    }
}

/// What models do with temperature, top_p and top_k.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sampling {
    /// They work.
    Accepted,
    /// They work only with reasoning effort `none`.
    EffortNone,
    /// They work while thinking is off; with it, only close to their defaults.
    ThinkingOff,
    /// They work while thinking is off; with it, they are accepted and change nothing.
    IgnoredThinking,
    /// A request with them fails, but for defaults that some formats let pass.
    Refused,
    /// They are accepted and change nothing.
    Ignored,
    /// Not known.
    Unknown,
}

fn yes() -> bool {
    true
}

/// Every family, in the order of the file.
pub fn families() -> &'static [Family] {
    &models_toml().0
}
