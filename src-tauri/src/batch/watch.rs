//! One call of a batch as it happens: what the page is told of it, and what its provider says of
//! the pace.

use super::{
    CellPhase, CellState,
    board::{SHOWN, beginning},
    sending::Batch,
};
use crate::runs::Sink;
use playground::{ApiError, ErrorKind, RunEvent, prices::Price};
use recordings::{compare::Place, summary::Tally};
use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

/// Hears the events of a call.
#[derive(Clone)]
pub struct CellWatch {
    batch: Arc<Batch>,
    place: Place,
    price: Option<Price>,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    tally: Tally,
    is_limited: bool,
    /// What it ended with, if not well.
    error: Option<ErrorKind>,
}

impl CellWatch {
    /// Hears for `batch` what becomes of `place`.
    pub fn new(batch: Arc<Batch>, place: Place, price: Option<Price>) -> CellWatch {
        CellWatch { batch, place, price, seen: Arc::default() }
    }

    /// What it ended with, if not well.
    pub fn error(&self) -> Option<ErrorKind> {
        self.seen().error
    }

    /// What there is to tell of the call.
    fn told(&self, seen: &Seen, cell: CellState) -> CellState {
        let tally = &seen.tally;
        let state = CellPhase::of(tally.outcome);
        CellState {
            state,
            reply: beginning(tally.reply.text(), SHOWN),
            finish: tally.finish(),
            usage: tally.reply.usage,
            cost: tally.cost(self.price.as_ref()).filter(|_| state != CellPhase::Running),
            first_word_us: tally.first_word_us,
            duration_us: (state != CellPhase::Running).then_some(tally.duration_us),
            error: tally.error.clone(),
            ..cell
        }
    }

    fn limited(&self, wait: Option<Duration>) {
        self.batch.limited(self.place.column, wait);
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("nothing panics while it holds this lock")
    }
}

impl Sink for CellWatch {
    /// No page reads the events of a batch; what they mean is heard one by one.
    fn send(&self, _batch: String) {}

    fn sees(&self, event: &RunEvent) {
        let mut seen = self.seen();
        let before = seen.tally.reply.text().len();
        seen.tally.add(event, 0);
        match event {
            RunEvent::Frame(_) => {
                // What is not shown need not be told.
                let shown = before < SHOWN && seen.tally.reply.text().len() > before;
                if !shown {
                    return;
                }
            }
            RunEvent::AttemptFailed { error, .. } => {
                seen.is_limited = is_limit(error);
                if seen.is_limited {
                    self.limited(None);
                }
            }
            RunEvent::Waiting { for_us, .. } if seen.is_limited => {
                self.limited(Some(Duration::from_micros(*for_us)));
            }
            RunEvent::Failed { error, .. } | RunEvent::Interrupted { error, .. } => {
                seen.error = Some(error.kind);
                if is_limit(error) {
                    self.limited(error.retry_after_ms.map(Duration::from_millis));
                }
            }
            _ => {}
        }
        self.batch.note(self.place, |cell| self.told(&seen, cell));
    }
}

/// Whether a provider says that it is asked too often.
fn is_limit(error: &ApiError) -> bool {
    error.status == Some(429) || error.kind == ErrorKind::RateLimited
}
