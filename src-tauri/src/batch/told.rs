//! How far a batch is, as the page is told.

use playground::{
    FinishReason, Usage,
    prices::{Dollars, budget::OverBudget},
};
use recordings::Outcome;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How far a batch is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct BatchState {
    /// The id of its comparison.
    pub id: String,
    /// Whether it goes on.
    pub state: BatchPhase,
    /// Why it does not, in a sentence; null where there is nothing to say.
    pub why: Option<String>,
    /// The budgets that the next call might pass: it goes on if the person consents.
    pub over: Option<OverBudget>,
    /// How many calls it has.
    pub total: u32,
    /// How many of them have a whole reply.
    pub done: u32,
    /// How many have none: refused, or cut off by the server.
    pub failed: u32,
    /// How many the person stopped.
    pub stopped: u32,
    /// How many were broken off with the app; nobody knows whether they were answered.
    pub broken: u32,
    /// How many are being sent.
    pub running: u32,
    /// How many have not been sent.
    pub waiting: u32,
    /// What those of known cost came to.
    pub spent: Dollars,
    /// How many more cost something that nobody knows.
    pub unknown: u32,
    /// How fast it may send, provider by provider.
    pub pace: Vec<PaceState>,
    /// The calls; in a message on the way only those that changed.
    pub cells: Vec<CellState>,
}

/// Whether a batch goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum BatchPhase {
    /// It sends.
    Running,
    /// It sends nothing new, and waits for what is on its way.
    Pausing,
    /// It can go on.
    #[default]
    Paused,
    /// The person stopped it; it can go on all the same.
    Stopped,
    /// Every call was sent.
    Done,
}

/// How fast a provider may be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PaceState {
    /// Its id; for servers of a person's own the address.
    pub provider: String,
    /// How many calls may be on their way to it at once.
    pub concurrency: u32,
    /// How many milliseconds until the next may leave; null if it may now.
    #[ts(type = "number | null")]
    pub wait_ms: Option<u64>,
    /// Why it is slower than it was asked to be; null if it is not.
    pub sentence: Option<String>,
}

/// A call of a batch.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct CellState {
    /// Its row.
    pub row: u32,
    /// Its column.
    pub column: u32,
    /// The how manieth of its place it is.
    pub repeat: u32,
    /// Its run; null if it was never sent.
    pub run: Option<String>,
    /// How far it is.
    pub state: CellPhase,
    /// The beginning of its reply.
    pub reply: String,
    /// Why the reply ended.
    pub finish: Option<FinishReason>,
    /// The provider's counts.
    pub usage: Option<Usage>,
    /// What it cost; null if unknown.
    pub cost: Option<Dollars>,
    /// When its first word came, in microseconds since it was sent; null if none did, or that was
    /// not kept at hand.
    #[ts(type = "number | null")]
    pub first_word_us: Option<u64>,
    /// How long it took, in microseconds; null before its end.
    #[ts(type = "number | null")]
    pub duration_us: Option<u64>,
    /// What went wrong, in a line.
    pub error: Option<String>,
    /// When it began on the clock of the batch, in microseconds; null if it did not.
    #[ts(type = "number | null")]
    pub start_us: Option<u64>,
}

/// How far a call is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CellPhase {
    /// It was not sent.
    #[default]
    Waiting,
    /// It is on its way.
    Running,
    /// Its reply is whole.
    Finished,
    /// No reply came.
    Failed,
    /// The reply broke off.
    Interrupted,
    /// The person stopped it.
    Cancelled,
    /// It was sent, and the app ended before it did.
    Lost,
}

impl CellPhase {
    /// That of a run that ended so; one that goes on elsewhere is on its way.
    pub fn of(outcome: Outcome) -> CellPhase {
        match outcome {
            Outcome::Running => CellPhase::Running,
            Outcome::Finished => CellPhase::Finished,
            Outcome::Interrupted => CellPhase::Interrupted,
            Outcome::Failed => CellPhase::Failed,
            Outcome::Cancelled => CellPhase::Cancelled,
            Outcome::Lost => CellPhase::Lost,
        }
    }

    /// How a call ended; none if it has not.
    pub fn outcome(self) -> Option<Outcome> {
        let is_this = |it: &Outcome| CellPhase::of(*it) == self;
        Outcome::ALL.into_iter().filter(|it| *it != Outcome::Running).find(is_this)
    }
}
