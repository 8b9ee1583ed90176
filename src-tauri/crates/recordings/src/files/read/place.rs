//! Where a run out of a file goes: nowhere, if it is there already.

use super::form::Run;
use crate::{
    Beginning, Outcome, Store, StoreError,
    files::share::shared,
    store::write::{add, begin, close},
    upkeep::named,
};
use playground::RunEvent;
use rusqlite::params;
use std::collections::HashSet;

/// What became of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is here now, with this id.
    Added(String),
    /// It was here before, with the same events.
    ThereAlready,
}

/// So many runs may have had the same id before.
const MOST_NAMESAKES: u32 = 1000;

impl Store {
    /// Adds all of these runs that are not there already; those of `copies` even then.
    pub(super) fn add_runs(
        &mut self,
        runs: &[Run],
        copies: &HashSet<String>,
    ) -> Result<Vec<Verdict>, StoreError> {
        runs.iter().map(|run| self.add_run(run, copies.contains(&run.id))).collect()
    }

    fn add_run(&mut self, run: &Run, is_copy: bool) -> Result<Verdict, StoreError> {
        for namesake in 1..MOST_NAMESAKES {
            let id = match namesake {
                1 => run.id.clone(),
                _ => format!("{}-{namesake}", run.id),
            };
            match self.run(&id) {
                Err(StoreError::NoSuchRun) => {
                    self.write_run(&id, run)?;
                    return Ok(Verdict::Added(id));
                }
                _ if is_copy => {}
                // One that cannot be read is none that this could be.
                Ok(kept) if kept.chat == run.chat && self.has_events(&id, &run.events) => {
                    return Ok(Verdict::ThereAlready);
                }
                _ => {}
            }
        }
        Ok(Verdict::ThereAlready)
    }

    /// Whether the run `id` has these events, as others may see them.
    fn has_events(&self, id: &str, events: &[RunEvent]) -> bool {
        let mut expected = events.iter();
        let read = self.events(id, |event| match expected.next() {
            Some(it) if *it == event || *it == shared(event) => Ok(()),
            _ => Err(StoreError::Stopped),
        });
        read.is_ok() && expected.next().is_none()
    }

    fn write_run(&mut self, id: &str, run: &Run) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        let beginning = Beginning {
            id: id.to_owned(),
            started_ms: run.started_ms,
            price: run.price.clone(),
            target: run.target.clone(),
            chat: run.chat.clone(),
            by_hand: run.by_hand,
        };
        // No process writes it any more.
        let mut open = begin(&transaction, &beginning, "")?;
        transaction.execute(
            // A file cannot put a run into a comparison that is here.
            "UPDATE runs SET imported = 1, starred = ?, comparison = NULL WHERE number = ?",
            params![run.starred, open.number],
        )?;
        // A change of name goes through the index, which takes its time.
        if !run.title.is_empty() {
            transaction.execute(
                "UPDATE runs SET title = ? WHERE number = ?",
                params![named(&run.title), open.number],
            )?;
        }
        for event in &run.events {
            add(&transaction, &mut open, event)?;
        }
        if open.tally.outcome == Outcome::Running {
            open.tally.outcome = Outcome::Lost;
            close(&transaction, &open)?;
        }
        transaction.commit()?;
        Ok(())
    }
}
