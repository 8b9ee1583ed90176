//! The form of a file, as `docs/recording-format.md` describes it.

use crate::files::{
    FileError,
    check::{self, Check, LONGEST_EVENT, MOST_DELTAS},
};
use playground::{Chat, Parameters, RunEvent, Target, prices::Price};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Value, value::RawValue};
use std::fmt;

/// What is done with each run, or with each comparison, of a file.
pub type Take<'a> = &'a mut dyn FnMut(Box<RawValue>) -> Result<(), FileError>;

/// A file while it is read.
#[derive(Default)]
pub struct Document<'a> {
    /// The version that it says it has.
    pub version: Option<u64>,
    /// Whether it has a list of runs.
    pub has_runs: bool,
    /// Whether it has a token sheet.
    pub has_sheet: bool,
    /// Whether it has a list of comparisons.
    pub has_comparisons: bool,
    /// What is done with each run; nothing in the first reading.
    pub take: Option<Take<'a>>,
    /// What is done with each comparison; nothing in the second reading.
    pub take_comparison: Option<Take<'a>>,
    /// What went wrong in that.
    pub failed: Option<FileError>,
}

#[derive(Deserialize)]
struct Header {
    version: u64,
}

impl<'de> DeserializeSeed<'de> for &mut Document<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Document<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a file of Tokenscope")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "tokenscope" => self.version = Some(map.next_value::<Header>()?.version),
                "runs" => {
                    self.has_runs = true;
                    map.next_value_seed(List { take: &mut self.take, failed: &mut self.failed })?;
                }
                "comparisons" => {
                    self.has_comparisons = true;
                    let (take, failed) = (&mut self.take_comparison, &mut self.failed);
                    map.next_value_seed(List { take, failed })?;
                }
                name => {
                    self.has_sheet |= name == "tokens";
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// A list, each part of which is taken as it comes.
struct List<'d, 'a> {
    take: &'d mut Option<Take<'a>>,
    failed: &'d mut Option<FileError>,
}

impl<'de> DeserializeSeed<'de> for List<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Some(take) = self.take else {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(());
        };
        while let Some(part) = list.next_element::<Box<RawValue>>()? {
            if let Err(error) = take(part) {
                *self.failed = Some(error);
                return Err(A::Error::custom("it could not be taken"));
            }
        }
        Ok(())
    }
}

/// A run out of a file.
#[derive(Deserialize)]
pub struct Run {
    pub id: String,
    pub started_ms: i64,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub starred: bool,
    pub target: Target,
    #[serde(default)]
    pub by_hand: bool,
    #[serde(deserialize_with = "chat")]
    pub chat: Chat,
    #[serde(default, deserialize_with = "price")]
    pub price: Option<Price>,
    #[serde(deserialize_with = "events")]
    pub events: Vec<RunEvent>,
}

/// The last millisecond of the year 9999, behind which no calendar goes.
pub const LAST_MS: i64 = 253_402_300_799_999;

impl Run {
    /// Reads a run, or says in a few words what is wrong with it.
    pub fn read(text: &str) -> Result<Run, String> {
        let mut run: Run = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if run.id.is_empty() {
            return Err("it has no id".into());
        }
        check::at_most(&run.id, 64)?;
        check::target(&run.target)?;
        run.started_ms = run.started_ms.clamp(0, LAST_MS);
        Ok(run)
    }
}

fn chat<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Chat, D::Error> {
    let mut chat = Value::deserialize(deserializer)?;
    keep_known_parameters(&mut chat);
    serde_json::from_value(chat).map_err(D::Error::custom)
}

/// Parameters that a later version has are passed over.
pub fn keep_known_parameters(of: &mut Value) {
    let known = serde_json::to_value(Parameters::default()).unwrap_or_default();
    if let Some(parameters) = of.get_mut("parameters").and_then(Value::as_object_mut) {
        parameters.retain(|name, _| known.get(name).is_some());
    }
}

/// A price in a form that we do not know is one that we do not know.
fn price<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Price>, D::Error> {
    let text = Box::<RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(text.get()).unwrap_or_default())
}

/// Each is looked at before the next is read, so that a bad list ends where it begins.
fn events<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RunEvent>, D::Error> {
    deserializer.deserialize_seq(Events)
}

struct Events;

impl<'de> Visitor<'de> for Events {
    type Value = Vec<RunEvent>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<RunEvent>, A::Error> {
        let (mut events, mut check) = (Vec::new(), Check::default());
        while let Some(text) = list.next_element::<&RawValue>()? {
            let place = events.len() + 1;
            let wrong = |why: &str| A::Error::custom(format!("event {place}: {why}"));
            let event = event(text.get()).map_err(|why| wrong(&why))?;
            check.take(&event).map_err(wrong)?;
            events.push(event);
        }
        Ok(events)
    }
}

/// A text of a few bytes can become a delta of a few hundred, so they are counted before.
fn event(text: &str) -> Result<RunEvent, String> {
    #[derive(Deserialize)]
    struct Size<'a> {
        #[serde(borrow, default)]
        deltas: Vec<&'a RawValue>,
    }
    if text.len() > LONGEST_EVENT {
        return Err("it is too large".into());
    }
    let size: Size<'_> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if size.deltas.len() > MOST_DELTAS {
        return Err("it means more than a frame can".into());
    }
    serde_json::from_str(text).map_err(|error| error.to_string())
}
