//! What a list shows of a run, worked out from its events.

use crate::versions::RunVersion;
use playground::{
    Delta, FinishReason, Reply, RunEvent, Target, Usage,
    prices::{self, Dollars, Price},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A run in a list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Summary {
    /// Its id, which the page made.
    pub id: String,
    /// When it began: milliseconds since 1970, UTC.
    #[ts(type = "number")]
    pub started_ms: i64,
    /// The name that a person gave it; empty if none did.
    pub title: String,
    /// Whether it is kept whatever the limit is.
    pub starred: bool,
    /// Who was asked.
    pub target: Target,
    /// Whether its request was edited by hand.
    pub by_hand: bool,
    /// The beginning of the last message that a person wrote.
    pub question: String,
    /// The beginning of the reply.
    pub reply: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What went wrong, in a line; none if nothing did.
    pub error: Option<String>,
    /// Why the model stopped, if it said so.
    pub finish: Option<FinishReason>,
    /// The provider's counts.
    pub usage: Option<Usage>,
    /// What it cost at the price of its day; none if unknown.
    pub cost: Option<Dollars>,
    /// From its beginning to its last event, in microseconds.
    #[ts(type = "number")]
    pub duration_us: i64,
    /// How many requests were sent.
    pub attempts: u32,
    /// How many frames came.
    pub frames: u32,
    /// How much of the disk it takes, about.
    #[ts(type = "number")]
    pub bytes: i64,
    /// Whether it came out of a file.
    pub imported: bool,
    /// The id of the comparison that it belongs to; none if it stands alone.
    pub comparison: Option<String>,
    /// The version of the system message that it was sent with; none if that is not known.
    pub version: Option<RunVersion>,
}

/// How a run ended, or that it has not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Outcome {
    /// It goes on, here or in another window.
    #[default]
    Running,
    /// The reply is complete.
    Finished,
    /// The reply broke off.
    Interrupted,
    /// No reply came.
    Failed,
    /// The person stopped it.
    Cancelled,
    /// The app ended before the run did. What came until then is there.
    Lost,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Outcome; 6] = [
        Outcome::Running,
        Outcome::Finished,
        Outcome::Interrupted,
        Outcome::Failed,
        Outcome::Cancelled,
        Outcome::Lost,
    ];

    /// Reads what [`Outcome::as_str`] writes.
    pub(crate) fn read(word: &str) -> Outcome {
        Outcome::ALL.into_iter().find(|it| it.as_str() == word).unwrap_or_default()
    }

    /// As it is written in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Running => "running",
            Outcome::Finished => "finished",
            Outcome::Interrupted => "interrupted",
            Outcome::Failed => "failed",
            Outcome::Cancelled => "cancelled",
            Outcome::Lost => "lost",
        }
    }
}

/// A run's events so far, added up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    /// What the reply came to.
    pub reply: Reply,
    /// How it ended.
    pub outcome: Outcome,
    /// What went wrong, in a line.
    pub error: Option<String>,
    /// When the first frame came that says something, a thought or a word; none if none did.
    pub first_word_us: Option<u64>,
    /// When the last event came, in microseconds since the beginning.
    pub duration_us: u64,
    /// Requests sent.
    pub attempts: u32,
    /// Frames that came.
    pub frames: u32,
    /// Bytes of events and frames.
    pub bytes: u64,
}

impl Tally {
    /// Takes in one more event, which takes `bytes` in the file.
    pub fn add(&mut self, event: &RunEvent, bytes: usize) {
        self.bytes += bytes as u64;
        self.duration_us = self.duration_us.max(event.at_us());
        match event {
            RunEvent::AttemptStarted { .. } => {
                self.attempts += 1;
                // What an attempt that failed had said is not part of the reply.
                (self.reply, self.first_word_us) = (Reply::default(), None);
            }
            RunEvent::Frame(frame) => {
                self.frames += 1;
                frame.deltas.iter().for_each(|delta| self.reply.apply(delta));
                if frame.deltas.iter().any(Delta::is_words) {
                    self.first_word_us.get_or_insert(frame.at_us);
                }
            }
            RunEvent::Finished { .. } => self.outcome = Outcome::Finished,
            RunEvent::Cancelled { .. } => self.outcome = Outcome::Cancelled,
            RunEvent::Interrupted { error, .. } => {
                (self.outcome, self.error) = (Outcome::Interrupted, Some(error.title.to_string()));
            }
            RunEvent::Failed { error, .. } => {
                (self.outcome, self.error) = (Outcome::Failed, Some(error.title.to_string()));
            }
            RunEvent::ResponseStarted { .. }
            | RunEvent::AttemptFailed { .. }
            | RunEvent::Waiting { .. } => {}
        }
    }

    /// Why the first reply ended.
    pub fn finish(&self) -> Option<FinishReason> {
        self.reply.finish.iter().find(|it| it.choice == 0).map(|it| it.reason)
    }

    /// What it cost: what the provider itself says that it charges, else what `price` comes to.
    pub fn cost(&self, price: Option<&Price>) -> Option<Dollars> {
        let bill = prices::bill(price, &self.reply.usage?, false);
        bill.reported.or(bill.total)
    }
}
