//! How fast a reply is said.
//!
//! A reply that appeared at once would teach nothing about streaming, so the server speaks
//! at a human pace unless asked otherwise. Every token has its moment on a timetable that
//! counts from the start of the request, so a late timer delays one token and not the rest.

use std::time::Duration;

const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// When each token of a reply is due.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// From the arrival of the request to the first token.
    pub first: Duration,
    /// Tokens per second after the first; 0 is as fast as possible.
    pub rate: f64,
}

impl Default for Pace {
    /// A human pace: a third of a second to think, then 40 tokens a second.
    fn default() -> Self {
        Self { first: Duration::from_millis(350), rate: 40.0 }
    }
}

/// A pace that cannot be understood, said so that its writer can mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaceError {
    /// A part that is not `name=value` with a known name.
    #[error("'{0}' is neither first=... nor rate=...")]
    UnknownPart(String),
    /// A waiting time that is not a number with a unit, or is too long.
    #[error("first must be a time up to 600s such as 300ms or 1.5s, not '{0}'")]
    BadFirst(String),
    /// A rate that is not a number of tokens per second.
    #[error("rate must be tokens per second, 0.01 or more, or 0 for no limit, not '{0}'")]
    BadRate(String),
}

impl Pace {
    /// No waiting at all.
    pub const UNLIMITED: Self = Self { first: Duration::ZERO, rate: 0.0 };

    /// Reads `first=300ms, rate=40`. A part that is left out keeps its value in `self`.
    ///
    /// ```
    /// use practice::pace::Pace;
    /// let pace = Pace::default().changed_by("first=2s, rate=10")?;
    /// assert_eq!(pace.first.as_millis(), 2000);
    /// assert_eq!(Pace::default().changed_by("rate=0")?.first, Pace::default().first);
    /// # Ok::<(), practice::pace::PaceError>(())
    /// ```
    pub fn changed_by(mut self, text: &str) -> Result<Self, PaceError> {
        for part in text.split(',').map(str::trim) {
            match part.split_once('=').map(|(name, value)| (name.trim(), value.trim())) {
                Some(("first", value)) => {
                    let bad = || PaceError::BadFirst(value.to_owned());
                    self.first = waiting_time(value).ok_or_else(bad)?;
                }
                Some(("rate", value)) => self.rate = rate(value)?,
                _ => return Err(PaceError::UnknownPart(part.to_owned())),
            }
        }
        Ok(self)
    }

    /// When the token with this index (from 0) is due, counted from the request's arrival.
    /// The end of a reply is due at the index after its last token.
    #[must_use]
    pub fn due(&self, index: usize) -> Duration {
        if self.rate == 0.0 {
            return self.first;
        }
        // A context window of tokens at the slowest rate fits easily.
        self.first + Duration::from_secs_f64(index as f64 / self.rate)
    }
}

/// A time with its unit, such as `300ms` or `1.5s`, of at most ten minutes; 0 needs no unit.
pub(crate) fn waiting_time(text: &str) -> Option<Duration> {
    let (number, unit) = match text {
        "0" => ("0", 1.0),
        _ => text
            .strip_suffix("ms")
            .map(|number| (number, 0.001))
            .or_else(|| text.strip_suffix('s').map(|number| (number, 1.0)))?,
    };
    let seconds: f64 = number.trim().parse().ok()?;
    let wait = Duration::try_from_secs_f64(seconds * unit).ok()?;
    (wait <= LONGEST_WAIT).then_some(wait)
}

fn rate(text: &str) -> Result<f64, PaceError> {
    let bad = || PaceError::BadRate(text.to_owned());
    let rate: f64 = text.parse().map_err(|_| bad())?;
    let known = rate == 0.0 || (rate.is_finite() && rate >= 0.01);
    if known { Ok(rate) } else { Err(bad()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_read_with_either_unit_and_any_spacing() {
        let table = [
            ("first=300ms, rate=40", 300, 40.0),
            ("rate=2.5,first=1.5s", 1500, 2.5),
            (" first = 0 , rate = 0 ", 0, 0.0),
            ("rate=7", 350, 7.0),
            ("first=600s", 600_000, 40.0),
        ];
        for (text, first, rate) in table {
            let expected = Pace { first: Duration::from_millis(first), rate };
            assert_eq!(Pace::default().changed_by(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_bad_pace_is_refused_with_a_hint() {
        let table = [
            ("", "neither first"),
            ("fast", "neither first"),
            ("speed=4", "'speed=4' is neither"),
            ("first=300", "such as 300ms"),
            ("first=-1s", "such as 300ms"),
            ("first=NaNs", "such as 300ms"),
            ("first=601s", "up to 600s"),
            ("first=1e300s", "up to 600s"),
            ("rate=-1", "tokens per second"),
            ("rate=inf", "tokens per second"),
            ("rate=NaN", "tokens per second"),
            ("rate=1e-300", "tokens per second"),
            ("rate=4,", "neither first"),
        ];
        for (text, hint) in table {
            let error = Pace::default().changed_by(text).expect_err(text).to_string();
            assert!(error.contains(hint), "{text}: {error}");
        }
    }

    #[test]
    fn tokens_are_due_on_a_timetable_from_the_start() {
        let pace = Pace { first: Duration::from_millis(300), rate: 40.0 };
        assert_eq!(pace.due(0), Duration::from_millis(300));
        assert_eq!(pace.due(1), Duration::from_millis(325));
        assert_eq!(pace.due(400), Duration::from_millis(10_300));
        assert_eq!(Pace::UNLIMITED.due(1_000_000), Duration::ZERO);
    }
}
