//! The thread that writes events, so that neither a stream nor the window waits for a disk.
//!
//! Events are written many at a time, [`PATIENCE`] after the first of them. What cannot be written
//! because the disk is full is kept in memory and tried again, and the person is told.

mod writer;

use crate::{Store, StoreError, upkeep::Amount};
use playground::{Chat, RunEvent, Target, prices::Price};
use std::{
    io,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
        mpsc::{self, Sender},
    },
    thread,
    time::Duration,
};
use writer::Writer;

/// How long an event may wait for company. Each commit costs a millisecond or so.
pub const PATIENCE: Duration = Duration::from_millis(40);
/// How long until what could not be written is tried again.
const NEXT_TRY: Duration = Duration::from_secs(1);
/// The most that may wait for a disk, in bytes; beyond it events are lost, and that is said.
const MOST_WAITING: usize = 64 * 1024 * 1024;

/// What is known of a run before its first event.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The id, which the page made.
    pub id: String,
    /// Milliseconds since 1970, UTC.
    pub started_ms: i64,
    /// The price that holds for it; none if it is not known.
    pub price: Option<Price>,
    /// Who is asked, with the dialect that is spoken.
    pub target: Target,
    /// What was composed.
    pub chat: Chat,
    /// Whether the request was edited by hand.
    pub by_hand: bool,
}

/// Something to be done with the file, and told whether all that came before it is written.
type Work = Box<dyn FnOnce(&mut Store, bool) + Send>;

enum Job {
    Begin(Box<Beginning>),
    Event(Arc<str>, Box<RunEvent>),
    Started(Arc<str>, u64),
    Do(Work),
}

/// Hands events to the thread that writes them. Clones share it; it ends with the last of them,
/// after everything is written.
#[derive(Clone)]
pub struct Recorder {
    jobs: Sender<Job>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    waiting: AtomicUsize,
    health: Mutex<Health>,
}

/// How the writing goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// What a person should know since the file was opened; none if all is well.
    pub notice: Option<String>,
    /// Why nothing is being written now; none if it is.
    pub problem: Option<String>,
    /// How many events were lost because nothing could be written for too long.
    pub lost: usize,
    /// What the limit of size has removed.
    pub removed: Amount,
}

impl Recorder {
    /// Starts the thread, which opens the recordings in `folder`. Nothing waits for that; where
    /// they cannot be opened, [`Recorder::health`] says why, and nothing is kept.
    pub fn start(folder: PathBuf) -> Recorder {
        let shared = Arc::new(Shared::default());
        let (jobs, inbox) = mpsc::channel();
        let recorder = Recorder { jobs, shared: shared.clone() };
        let thread = thread::Builder::new().name("recordings".into());
        let work = move || match Writer::open(&folder, shared.clone()) {
            Ok(writer) => writer.work(&inbox),
            Err(error) => shared.health().problem = Some(error.to_string()),
        };
        if let Err(error) = thread.spawn(work) {
            recorder.shared.health().problem = Some(error.to_string());
        }
        recorder
    }

    /// Notes that a run begins.
    pub fn begin(&self, beginning: Beginning) {
        self.send(Job::Begin(Box::new(beginning)));
    }

    /// Notes what happened in the run `id`, which has begun.
    pub fn append(&self, id: &Arc<str>, event: &RunEvent) {
        let size = size(event);
        if self.shared.waiting.load(Ordering::Relaxed) + size > MOST_WAITING {
            self.shared.health().lost += 1;
            return;
        }
        self.shared.waiting.fetch_add(size, Ordering::Relaxed);
        self.send(Job::Event(id.clone(), Box::new(event.clone())));
    }

    /// Notes when the run `id`, which has a place in a comparison, began: in microseconds on the
    /// clock of its round.
    pub fn started(&self, id: &Arc<str>, start_us: u64) {
        self.send(Job::Started(id.clone(), start_us));
    }

    /// Does something with the file, after all that was noted so far has been written; or, where
    /// that cannot be, has been tried: what makes room for it on a full disk comes this way too.
    ///
    /// # Errors
    /// What `work` returns, or that the thread has ended.
    pub fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.ask(|store, _| work(store))
    }

    /// Waits until all that was noted so far is written.
    ///
    /// # Errors
    /// That something is not, and why.
    pub fn all_written(&self) -> Result<(), StoreError> {
        match self.ask(|_, is_written| Ok(is_written))? {
            true => Ok(()),
            false => Err(io::Error::other(self.health().problem.unwrap_or_default()).into()),
        }
    }

    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store, bool) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = mpsc::channel();
        self.send(Job::Do(Box::new(move |store, is_written| {
            let _ = answer.send(work(store, is_written));
        })));
        answered.recv().map_err(|_| io::Error::other("the recordings are closed"))?
    }

    /// Removes the oldest runs without a star beyond `limit` bytes, when there is time; but none of
    /// the comparisons `going_on`.
    pub fn limit(&self, limit: i64, going_on: Vec<String>) {
        let shared = self.shared.clone();
        self.send(Job::Do(Box::new(move |store, _| match store.shrink(limit, &going_on) {
            Ok(gone) => shared.health().removed.add(gone),
            Err(error) => shared.health().problem = Some(error.to_string()),
        })));
    }

    /// A connection of its own, to read what is written without waiting for what is being written.
    ///
    /// # Errors
    /// Where the file cannot be opened.
    pub fn reader(&self) -> Result<Store, StoreError> {
        Store::again(&self.with(|store| Ok(store.path().to_owned()))?)
    }

    /// How the writing goes.
    pub fn health(&self) -> Health {
        self.shared.health().clone()
    }

    fn send(&self, job: Job) {
        // The thread ends before its last sender only where it could not open the file, or
        // panicked: then nothing is kept, and that is said.
        if self.jobs.send(job).is_err() {
            let stopped = || "the recordings have stopped".into();
            self.shared.health().problem.get_or_insert_with(stopped);
        }
    }
}

impl Shared {
    /// Locked for a moment.
    fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().expect("nothing panics while it holds this lock")
    }
}

/// About what an event takes in memory.
fn size(event: &RunEvent) -> usize {
    match event {
        RunEvent::Frame(frame) => 2 * frame.raw.len() + 200,
        RunEvent::AttemptStarted { request, .. } => request.body.len() + 500,
        _ => 500,
    }
}

#[cfg(test)]
mod tests;
