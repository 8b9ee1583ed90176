//! Runs in progress: who listens, how far behind they are, and how to stop.
//!
//! A web view may repeat a command when its page is reloaded, and a repeated Send costs
//! money; so each run has an id that the page made, and an id is good for one run.

mod backlog;
mod forward;

pub use backlog::Backlog;
pub use forward::{Sink, Watch, broken_off, forward};

use playground::client::Hand;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard},
};
use thiserror::Error;

/// The longest id; a UUID has 36 characters.
const LONGEST_ID: usize = 64;

/// Why a run is not started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RunError {
    /// The id is not one.
    #[error("a run's id has 1 to {LONGEST_ID} bytes")]
    BadId,
    /// It ran already, or is running.
    #[error("this run was started before; nothing was sent again")]
    SeenBefore,
    /// The app is being closed.
    #[error("the app is closing, so nothing was sent")]
    Closing,
}

/// Every run of this session.
#[derive(Default)]
pub struct Runs(Mutex<Book>);

#[derive(Default)]
struct Book {
    seen: HashSet<String>,
    running: HashMap<String, Running>,
    is_closed: bool,
}

struct Running {
    webview: String,
    hand: Hand,
    backlog: Arc<Backlog>,
}

/// The right to run once. Dropping it ends the entry among the runs in progress.
pub struct Ticket {
    runs: Arc<Runs>,
    id: String,
    /// How the person stops it, or skips a wait.
    pub hand: Hand,
    /// What the page has yet to read.
    pub backlog: Arc<Backlog>,
}

impl Runs {
    /// Whether the run `id` could begin.
    pub fn check(&self, id: &str) -> Result<(), RunError> {
        if id.is_empty() || id.len() > LONGEST_ID {
            return Err(RunError::BadId);
        }
        self.book().has_room_for(id)
    }

    /// Begins the run `id` for a page in `webview`.
    pub fn begin(self: &Arc<Runs>, id: &str, webview: &str) -> Result<Ticket, RunError> {
        self.check(id)?;
        self.enter(&mut self.book(), id, webview)
    }

    /// Begins all of these runs, or none.
    pub fn begin_all<'a>(
        self: &Arc<Runs>,
        ids: impl Iterator<Item = &'a str> + Clone,
        webview: &str,
    ) -> Result<Vec<Ticket>, RunError> {
        self.check_all(ids.clone())?;
        let mut book = self.book();
        // Between the two locks somebody else may have begun one of them.
        ids.clone().try_for_each(|id| book.has_room_for(id))?;
        ids.map(|id| self.enter(&mut book, id, webview)).collect()
    }

    /// Whether all of these runs could begin.
    pub fn check_all<'a>(&self, ids: impl Iterator<Item = &'a str>) -> Result<(), RunError> {
        let mut these = HashSet::new();
        for id in ids {
            self.check(id)?;
            if !these.insert(id) {
                return Err(RunError::SeenBefore);
            }
        }
        Ok(())
    }

    fn enter(
        self: &Arc<Runs>,
        book: &mut Book,
        id: &str,
        webview: &str,
    ) -> Result<Ticket, RunError> {
        book.has_room_for(id)?;
        book.seen.insert(id.to_owned());
        let hand = Hand::default();
        let backlog = Arc::new(Backlog::default());
        let running =
            Running { webview: webview.into(), hand: hand.clone(), backlog: backlog.clone() };
        book.running.insert(id.to_owned(), running);
        Ok(Ticket { runs: self.clone(), id: id.to_owned(), hand, backlog })
    }

    /// Notes that the page has read so many batches of the run `id`.
    pub fn acknowledge(&self, id: &str, batches: u32) {
        if let Some(running) = self.book().running.get(id) {
            running.backlog.read(batches);
        }
    }

    /// Stops the run `id`; stopping what has ended is no error.
    pub fn cancel(&self, id: &str) {
        if let Some(running) = self.book().running.get(id) {
            running.hand.cancel.cancel();
        }
    }

    /// Stops every run.
    pub fn cancel_all(&self) {
        self.book().running.values().for_each(|it| it.hand.cancel.cancel());
    }

    /// Has the run `id` make its next attempt now; without a wait there is nothing to skip.
    pub fn skip_wait(&self, id: &str) {
        if let Some(running) = self.book().running.get(id) {
            running.hand.skip.notify_waiters();
        }
    }

    /// Stops every run of a page that has gone away; nothing more is told to it.
    pub fn abandon(&self, webview: &str) {
        self.book().running.values().filter(|it| it.webview == webview).for_each(Running::abandon);
    }

    /// Stops every run, and begins none from here on.
    pub fn close(&self) {
        let mut book = self.book();
        book.is_closed = true;
        book.running.values().for_each(Running::abandon);
    }

    /// How many runs have not ended.
    pub fn in_progress(&self) -> usize {
        self.book().running.len()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().expect("nothing panics while it holds this lock")
    }
}

impl Book {
    /// Whether the run `id` is new, and may begin.
    fn has_room_for(&self, id: &str) -> Result<(), RunError> {
        match self.is_closed {
            true => Err(RunError::Closing),
            false if self.seen.contains(id) => Err(RunError::SeenBefore),
            false => Ok(()),
        }
    }
}

impl Running {
    fn abandon(&self) {
        self.backlog.abandon();
        self.hand.cancel.cancel();
    }
}

impl Ticket {
    /// The run's id.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.runs.book().running.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_good_for_one_run() {
        let runs = Arc::new(Runs::default());
        let ticket = runs.begin("a", "main").expect("new");
        assert_eq!(runs.begin("a", "main").err(), Some(RunError::SeenBefore));
        drop(ticket);
        assert_eq!(runs.in_progress(), 0);
        assert_eq!(runs.begin("a", "main").err(), Some(RunError::SeenBefore));
        for id in [String::new(), "x".repeat(LONGEST_ID + 1)] {
            assert_eq!(runs.begin(&id, "main").err(), Some(RunError::BadId));
        }
    }

    #[test]
    fn runs_begin_together_or_not_at_all() {
        let runs = Arc::new(Runs::default());
        let begin = |ids: &[&str]| runs.begin_all(ids.iter().copied(), "main").map(|it| it.len());
        assert_eq!(begin(&["a", "b", "a"]), Err(RunError::SeenBefore));
        assert_eq!(begin(&["a", "", "b"]), Err(RunError::BadId));
        assert_eq!(begin(&["a", "b"]), Ok(2));
        assert_eq!(begin(&["c", "b"]), Err(RunError::SeenBefore));
        assert_eq!(begin(&["c"]), Ok(1), "it was not used up");
    }

    #[test]
    fn a_page_that_goes_away_stops_its_own_runs_only() {
        let runs = Arc::new(Runs::default());
        let here = runs.begin("a", "main").expect("new");
        let there = runs.begin("b", "other").expect("new");
        runs.abandon("main");
        assert!(here.hand.cancel.is_cancelled() && here.backlog.is_abandoned());
        assert!(!there.hand.cancel.is_cancelled());
        runs.cancel("b");
        assert!(there.hand.cancel.is_cancelled() && !there.backlog.is_abandoned());
    }

    #[test]
    fn nothing_begins_in_an_app_that_closes() {
        let runs = Arc::new(Runs::default());
        let tickets =
            [runs.begin("a", "main"), runs.begin("b", "batch")].map(|it| it.expect("new"));
        runs.close();
        assert!(tickets.iter().all(|it| it.hand.cancel.is_cancelled()));
        assert_eq!(runs.begin("c", "main").err(), Some(RunError::Closing));
        assert_eq!(runs.begin_all(["d"].into_iter(), "main").err(), Some(RunError::Closing));
    }
}
