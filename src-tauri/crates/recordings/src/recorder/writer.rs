//! What the thread does: it collects what came, and writes it in one go.

use super::{Beginning, Job, NEXT_TRY, PATIENCE, Shared, size};
use crate::{
    Store, StoreError,
    session::Session,
    store::{
        Opened,
        write::{Open, add, begin, started},
    },
};
use playground::RunEvent;
use std::{
    collections::HashMap,
    fs, mem,
    path::Path,
    sync::{
        Arc,
        atomic::Ordering,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::Instant,
};

/// What waits to be written.
enum Write {
    Begin(Box<Beginning>),
    Event(Arc<str>, Box<RunEvent>),
    Started(Arc<str>, u64),
}

/// The thread's own side: the file, and what waits to be written into it.
pub(super) struct Writer {
    store: Store,
    session: Session,
    shared: Arc<Shared>,
    pending: Vec<Write>,
    runs: HashMap<Arc<str>, Open>,
}

impl Writer {
    /// Opens the recordings in `folder`, and closes the runs of processes that are gone.
    pub(super) fn open(folder: &Path, shared: Arc<Shared>) -> Result<Writer, StoreError> {
        fs::create_dir_all(folder)?;
        let session = Session::begin(folder)?;
        let Opened { mut store, notice } = Store::open(folder)?;
        store.close_lost(folder)?;
        shared.health().notice = notice;
        Ok(Writer { store, session, shared, pending: Vec::new(), runs: HashMap::new() })
    }

    /// Writes until the last sender is gone.
    pub(super) fn work(mut self, inbox: &Receiver<Job>) {
        let mut due: Option<Instant> = None;
        loop {
            let job = match due {
                None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(due) => inbox.recv_timeout(due.saturating_duration_since(Instant::now())),
            };
            match job {
                Ok(Job::Begin(beginning)) => self.pending.push(Write::Begin(beginning)),
                Ok(Job::Event(id, event)) => self.pending.push(Write::Event(id, event)),
                Ok(Job::Started(id, start_us)) => {
                    self.pending.push(Write::Started(id, start_us));
                }
                Ok(Job::Do(work)) => {
                    let is_written = self.commit();
                    work(&mut self.store, is_written);
                }
                Err(RecvTimeoutError::Timeout) => {
                    due = (!self.commit()).then(|| Instant::now() + NEXT_TRY);
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => {
                    self.commit();
                    return;
                }
            }
            if self.pending.is_empty() {
                due = None;
            } else {
                due.get_or_insert_with(|| Instant::now() + PATIENCE);
            }
        }
    }

    /// Writes all that waits, or nothing. Returns whether nothing waits any more.
    fn commit(&mut self) -> bool {
        if self.pending.is_empty() {
            return true;
        }
        let problem = match self.write() {
            Ok(runs) => {
                self.runs = runs;
                let written = mem::take(&mut self.pending);
                let bytes = written.iter().map(Write::size).sum();
                self.shared.waiting.fetch_sub(bytes, Ordering::Relaxed);
                None
            }
            Err(error) => Some(error.to_string()),
        };
        let is_written = problem.is_none();
        self.shared.health().problem = problem;
        is_written
    }

    fn write(&mut self) -> Result<HashMap<Arc<str>, Open>, StoreError> {
        let mut runs = self.runs.clone();
        let transaction = self.store.connection.transaction()?;
        for write in &self.pending {
            match write {
                Write::Begin(beginning) => {
                    let open = begin(&transaction, beginning, self.session.name())?;
                    runs.insert(beginning.id.as_str().into(), open);
                }
                Write::Started(id, start_us) => started(&transaction, id, *start_us)?,
                Write::Event(id, event) => {
                    let Some(open) = runs.get_mut(id) else { continue };
                    let is_there = add(&transaction, open, event)?;
                    if event.is_last() || !is_there {
                        runs.remove(id);
                    }
                }
            }
        }
        transaction.commit()?;
        Ok(runs)
    }
}

impl Write {
    fn size(&self) -> usize {
        match self {
            Write::Begin(_) | Write::Started(..) => 0,
            Write::Event(_, event) => size(event),
        }
    }
}
