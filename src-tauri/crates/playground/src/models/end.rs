//! Models that have ended, and those that will: the one place that says which is which.

use super::Model;
use serde::Serialize;
use ts_rs::TS;

/// An end so many days from now is soon.
const SOON: i64 = 90;

/// What is announced of a model's end, or has come of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct End {
    /// What kind of end.
    pub kind: Ending,
    /// Its day (YYYY-MM-DD, UTC); null if that is not known.
    pub day: Option<String>,
    /// How many days it is away; null if it is over.
    pub days_left: Option<u32>,
    /// The model that is named in its place.
    pub replacement: Option<String>,
    /// Whether that one answers of itself when this one is asked.
    pub reroutes: bool,
}

/// The kinds of ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Ending {
    /// It no longer answers.
    Retired,
    /// Another answers in its place.
    Rerouted,
    /// Its end is less than about three months away.
    Soon,
    /// Its end is announced, and further away.
    Announced,
}

impl Model {
    /// Its end as it stands on `day` (YYYY-MM-DD); none if none is announced.
    pub fn end(&self, day: &str) -> Option<End> {
        let left = self.shutdown.as_deref().and_then(day_number).zip(day_number(day));
        let left = left.map(|(end, today)| end - today);
        let kind = match (self.is_gone(day), left) {
            (true, _) if self.rerouted => Ending::Rerouted,
            (true, _) => Ending::Retired,
            (false, Some(left)) if left <= SOON => Ending::Soon,
            (false, Some(_)) => Ending::Announced,
            (false, None) => return None,
        };
        Some(End {
            kind,
            day: self.shutdown.clone(),
            days_left: left.and_then(|left| u32::try_from(left).ok()).filter(|left| *left > 0),
            replacement: self.replacement.clone(),
            reroutes: self.rerouted,
        })
    }
}

/// Days since the year 0, for a day written YYYY-MM-DD; years begin in March, so that the leap day
/// comes last.
fn day_number(day: &str) -> Option<i64> {
    let mut parts = day.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    Some(365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day)
}
