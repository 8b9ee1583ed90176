//! What the app remembers between two starts, except keys.
//!
//! The file is written by tauri-plugin-store, and only from here: the page has no
//! permission for the plugin. [`file`] makes the file safe around the plugin's edges.

pub mod file;
mod kept;

pub use kept::Preferences;

use playground::{BaseUrl, Parameters, Target, prices::budget::Budget, retry::Policy};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::HashSet;
use thiserror::Error;
use ts_rs::TS;

/// The form of the file that this version writes.
pub const SCHEMA_VERSION: u32 = 1;

/// The list of genai-prices, which has days for its prices.
const PRICE_FEED: &str = "https://raw.githubusercontent.com/pydantic/genai-prices/refs/heads/main/prices/new_data/v2/data.json";

/// Everything that can be set. Fields that this version does not know stay in the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Settings {
    /// The form of the file.
    pub schema_version: u32,
    /// Light, dark, or as the system has it.
    pub theme: Theme,
    /// 1 is the natural size; from 0.5 to 3.
    pub zoom: f64,
    /// Whether the sentences under the figures are shown.
    pub explanations: bool,
    /// Who is asked.
    pub target: Target,
    /// The custom servers.
    pub servers: Vec<Server>,
    /// The model whose price Practice shows, since it has none of its own.
    pub price_as: String,
    /// The system message of a new chat.
    pub system: String,
    /// The parameters of a new chat.
    pub parameters: Parameters,
    /// Seconds to wait for the first word of a reply; from 1 to 3600.
    pub first_word_s: u32,
    /// Seconds that a reply may pause; from 1 to 3600.
    pub idle_s: u32,
    /// When a failed call is sent again.
    pub retries: Policy,
    /// How many megabytes of recordings are kept; from 1 to 1,000,000.
    pub keep_mb: u32,
    /// What may be spent before a run is asked about.
    pub budget: Budget,
    /// Where the public list of prices is.
    pub price_feed: String,
    /// The lenses that are open, in the order in which they were opened.
    pub lenses: Vec<String>,
    /// Whether a new conversation offers the course: until that was declined, or a lesson begun.
    pub offers_course: bool,
}

/// The colours of the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Theme {
    /// As the operating system has it.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// A server that somebody added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Server {
    /// What to call it.
    pub name: String,
    /// Where it is.
    pub base_url: String,
    /// The wire format it speaks; null for OpenAI's Chat Completions.
    #[serde(default)]
    pub dialect: Option<String>,
}

impl Default for Settings {
    fn default() -> Settings {
        let target = Target {
            provider: "practice".into(),
            base_url: None,
            dialect: None,
            model: "practice-1".into(),
        };
        Settings {
            schema_version: SCHEMA_VERSION,
            theme: Theme::System,
            zoom: 1.0,
            explanations: true,
            target,
            servers: Vec::new(),
            price_as: "gpt-6-luna".into(),
            system: "You are a concise teacher.".into(),
            parameters: Parameters::default(),
            first_word_s: 120,
            idle_s: 30,
            retries: Policy::default(),
            keep_mb: 1000,
            budget: Budget::default(),
            price_feed: PRICE_FEED.into(),
            lenses: ["request", "frames", "tokens", "cost"].map(str::to_owned).into(),
            offers_course: true,
        }
    }
}

/// Why settings were not saved.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// A value that cannot be.
    #[error("{0}")]
    Invalid(String),
    /// The same in a field that shows it: its name, and why.
    #[error("{1}")]
    Field(String, String),
    /// The disk, or whatever stands for it.
    #[error("the settings could not be saved: {0}")]
    NotSaved(String),
}

impl Settings {
    /// Says what is wrong, if anything is.
    pub fn check(&self) -> Result<(), SettingsError> {
        let wrong = |why: String| Err(SettingsError::Invalid(why));
        if !(0.5..=3.0).contains(&self.zoom) {
            return wrong("the zoom must be between 50 % and 300 %".into());
        }
        for (what, seconds) in [("the first word", self.first_word_s), ("a pause", self.idle_s)] {
            if !(1..=3600).contains(&seconds) {
                return wrong(format!("the limit for {what} must be 1 to 3600 seconds"));
            }
        }
        if !(1..=1_000_000).contains(&self.keep_mb) {
            return wrong("the recordings may take 1 to 1,000,000 megabytes".into());
        }
        if let Some(problem) = self.retries.problem() {
            return wrong(problem.into());
        }
        if let Some((field, why)) = self.budget.problem() {
            return Err(SettingsError::Field(format!("budget.{field}"), why.into()));
        }
        BaseUrl::parse(&self.price_feed)
            .map_err(|why| SettingsError::Field("price_feed".into(), why.to_string()))?;
        let mut addresses = HashSet::new();
        for server in &self.servers {
            let address = BaseUrl::parse(&server.base_url)
                .map_err(|why| SettingsError::Invalid(format!("{}: {why}", server.base_url)))?;
            if !addresses.insert(address.as_str().to_owned()) {
                return wrong(format!("{} is there twice", address.as_str()));
            }
        }
        Ok(())
    }

    /// The settings in `entries`, and the names of those that could not be used. A bad
    /// value takes nothing with it but itself.
    pub fn read(entries: Map<String, Value>) -> (Settings, Vec<String>) {
        let mut settings = Settings::default();
        let mut unusable = Vec::new();
        for (name, value) in entries {
            let mut with = settings.entries();
            if !with.contains_key(&name) || name == "schema_version" {
                continue;
            }
            with.insert(name.clone(), value);
            match serde_json::from_value::<Settings>(Value::Object(with)) {
                Ok(read) if read.check().is_ok() => settings = read,
                _ => unusable.push(name),
            }
        }
        (settings, unusable)
    }

    /// The settings as the file's entries.
    pub fn entries(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(entries)) => entries,
            _ => unreachable!("settings are a JSON object"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use playground::prices::Dollars;

    #[test]
    fn what_is_out_of_range_is_refused_in_words() {
        let server =
            |base_url: &str| Server { name: "s".into(), base_url: base_url.into(), dialect: None };
        let twice = vec![server("https://a.example"), server("https://A.example/")];
        let base = Settings::default;
        let of_day = |day: Dollars| Budget { day: Some(day), ..Budget::default() };
        for (settings, says) in [
            (Settings { zoom: 0.4, ..base() }, "zoom"),
            (Settings { zoom: f64::NAN, ..base() }, "zoom"),
            (Settings { first_word_s: 0, ..base() }, "first word"),
            (Settings { idle_s: 3601, ..base() }, "pause"),
            (Settings { servers: vec![server("http://a.example")], ..base() }, "https://"),
            (Settings { servers: twice, ..base() }, "twice"),
            (Settings { budget: of_day(Dollars(-1)), ..base() }, "budget"),
            (Settings { budget: of_day(Dollars(i128::MAX)), ..base() }, "budget"),
            (Settings { price_feed: "http://prices.example".into(), ..base() }, "https://"),
            (Settings { price_feed: "file:///etc/passwd".into(), ..base() }, "https://"),
            (Settings { retries: Policy { retries: 11, ..Policy::default() }, ..base() }, "10"),
        ] {
            let error = settings.check().expect_err(says).to_string();
            assert!(error.contains(says), "{error}");
        }
        base().check().expect("the defaults are fine");
    }

    #[test]
    fn a_bad_value_costs_only_itself() {
        let kept = serde_json::json!({
            "theme": "dark", "zoom": 99, "idle_s": "soon", "first_word_s": 7, "from_the_future": 1,
        });
        let Value::Object(entries) = kept else { unreachable!("it is an object") };
        let (settings, mut unusable) = Settings::read(entries);
        unusable.sort();
        assert_eq!(unusable, ["idle_s", "zoom"]);
        assert_eq!(
            settings,
            Settings { theme: Theme::Dark, first_word_s: 7, ..Settings::default() }
        );
    }

    #[test]
    fn settings_read_back_as_they_were_written() {
        let settings = Settings { zoom: 1.5, system: "é\u{0}".into(), ..Settings::default() };
        assert_eq!(Settings::read(settings.entries()), (settings, Vec::new()));
    }
}
