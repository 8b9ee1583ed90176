//! What a person wants of a batch while it is being sent.

use super::{Batch, Pace};
use crate::batch::{BatchPhase, Consent, Wish, board};
use recordings::compare::Place;

impl Batch {
    /// Notes what the person wants; one that has ended takes no more wishes.
    pub fn wish(&self, wish: Wish) {
        let mut state = self.state();
        if state.has_ended {
            return;
        }
        state.wish = wish;
        if wish == Wish::Go {
            state.board.phase = BatchPhase::Running;
            (state.board.why, state.board.over) = (None, None);
            state.held.clear();
        } else if state.board.phase == BatchPhase::Running {
            state.board.phase = BatchPhase::Pausing;
        }
        if wish == Wish::Stop {
            // A call that has not begun its run yet asks before it leaves.
            state.flying.values().for_each(|run| self.shell.runs.cancel(run));
        }
        drop(state);
        self.changed();
    }

    /// Goes on, and may spend so much from here on. Returns false if it has ended.
    pub fn goes_on(&self, consent: Consent) -> bool {
        self.state().manner.consent = consent;
        self.wish(Wish::Go);
        !self.has_ended()
    }

    /// Whether calls may leave.
    pub(super) fn goes(&self) -> bool {
        self.state().wish == Wish::Go
    }

    /// Ends the waits of all providers.
    pub fn skip_waits(&self) {
        let mut state = self.state();
        state.paces.iter_mut().for_each(Pace::skip);
        state.flying.values().for_each(|run| self.shell.runs.skip_wait(run));
        drop(state);
        self.changed();
    }

    /// Sends a call once more whose place was freed. Returns false if it has ended.
    pub fn again(&self, place: Place, consent: Consent) -> bool {
        let mut state = self.state();
        if state.has_ended {
            return false;
        }
        if consent == Consent::All {
            state.manner.consent = consent;
        }
        // Whoever sends it once more has mended what held its column back.
        state.held.remove(&place.column);
        // One that was begun after the place was freed has it among its own.
        if !state.queue.contains(&place) && !state.flying.contains_key(&place) {
            state.queue.push_front(place);
            state.again.insert(place);
            state.board.set(board::at(place));
        }
        drop(state);
        self.changed();
        true
    }

    /// Returns when its end is written down and told.
    pub async fn over(&self) {
        // The sender is here as long as this is.
        let _ = self.over.subscribe().wait_for(|it| *it).await;
    }

    /// Whether it rests because the next call might pass a budget.
    pub fn asks(&self) -> bool {
        self.state().board.over.is_some()
    }

    /// Whether it has ended, and takes nothing more.
    pub fn has_ended(&self) -> bool {
        self.state().has_ended
    }
}
