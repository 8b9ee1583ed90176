//! The thread that writes events, so that neither a stream nor the window waits for a disk.
//!
//! Events are written many at a time, [`PATIENCE`] after the first of them. What cannot be written
//! because the disk is full is kept in memory and tried again, and the person is told.

use crate::{
    Store, StoreError,
    session::Session,
    store::{Opened, write_tally},
    summary::Tally,
    upkeep::Amount,
};
use playground::{
    Chat, Role, RunEvent, Target,
    prices::{self, Price},
};
use rusqlite::{Transaction, params};
use std::{
    collections::HashMap,
    fs, io, mem,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

/// How long an event may wait for company. Each commit costs a millisecond or so.
pub const PATIENCE: Duration = Duration::from_millis(80);
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
    /// The day (YYYY-MM-DD) whose prices hold.
    pub day: String,
    /// Who is asked, with the dialect that is spoken.
    pub target: Target,
    /// What was composed.
    pub chat: Chat,
    /// Whether the request was edited by hand.
    pub by_hand: bool,
}

enum Job {
    Begin(Box<Beginning>),
    Event(Arc<str>, Box<RunEvent>),
    Do(Box<dyn FnOnce(&mut Store) + Send>),
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

    /// Does something with the file, after all that was noted so far has been written.
    ///
    /// # Errors
    /// What `work` returns, or that the thread has ended.
    pub fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = mpsc::channel();
        self.send(Job::Do(Box::new(move |store| {
            let _ = answer.send(work(store));
        })));
        answered.recv().map_err(|_| io::Error::other("the recordings are closed"))?
    }

    /// Removes the oldest runs without a star beyond `limit` bytes, when there is time.
    pub fn limit(&self, limit: i64) {
        let shared = self.shared.clone();
        self.send(Job::Do(Box::new(move |store| match store.shrink(limit) {
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

/// What waits to be written.
enum Write {
    Begin(Box<Beginning>),
    Event(Arc<str>, Box<RunEvent>),
}

struct Writer {
    store: Store,
    session: Session,
    shared: Arc<Shared>,
    pending: Vec<Write>,
    runs: HashMap<Arc<str>, Open>,
}

/// A run that is being written.
#[derive(Clone)]
struct Open {
    number: i64,
    place: i64,
    tally: Tally,
    price: Option<Price>,
}

impl Writer {
    fn open(folder: &Path, shared: Arc<Shared>) -> Result<Writer, StoreError> {
        fs::create_dir_all(folder)?;
        let session = Session::begin(folder)?;
        let Opened { mut store, notice } = Store::open(folder)?;
        store.close_lost(folder)?;
        shared.health().notice = notice;
        Ok(Writer { store, session, shared, pending: Vec::new(), runs: HashMap::new() })
    }

    fn work(mut self, inbox: &Receiver<Job>) {
        let mut due: Option<Instant> = None;
        loop {
            let job = match due {
                None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(due) => inbox.recv_timeout(due.saturating_duration_since(Instant::now())),
            };
            match job {
                Ok(Job::Begin(beginning)) => self.pending.push(Write::Begin(beginning)),
                Ok(Job::Event(id, event)) => self.pending.push(Write::Event(id, event)),
                Ok(Job::Do(work)) => {
                    self.commit();
                    work(&mut self.store);
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
            Write::Begin(_) => 0,
            Write::Event(_, event) => size(event),
        }
    }
}

fn begin(
    transaction: &Transaction<'_>,
    beginning: &Beginning,
    session: &str,
) -> Result<Open, StoreError> {
    let Beginning { id, started_ms, day, target, chat, by_hand } = beginning;
    let price = prices::price_of(&target.model, day);
    let said = chat.messages.iter().rev().find(|it| it.role == Role::User);
    transaction
        .prepare_cached(
            "INSERT INTO runs (id, session, started_ms, provider, base_url, dialect, model, chat,
             by_hand, price, question) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            session,
            started_ms,
            target.provider,
            target.base_url,
            target.dialect.as_deref().unwrap_or_default(),
            target.model,
            serde_json::to_string(chat)?,
            by_hand,
            price.map(serde_json::to_string).transpose()?,
            said.map_or("", |it| &it.text),
        ])?;
    let number = transaction.last_insert_rowid();
    Ok(Open { number, place: 0, tally: Tally::default(), price: price.cloned() })
}

/// Writes an event, unless its run has been deleted: then it returns false.
fn add(
    transaction: &Transaction<'_>,
    open: &mut Open,
    event: &RunEvent,
) -> Result<bool, StoreError> {
    // The bytes of a frame stand beside the rest, as they are.
    let mut event = event.clone();
    let raw = match &mut event {
        RunEvent::Frame(frame) => Some(mem::take(&mut frame.raw)),
        _ => None,
    };
    let json = serde_json::to_string(&event)?;
    let rows = transaction
        .prepare_cached(
            "INSERT INTO events (run, place, event, raw)
             SELECT number, ?2, ?3, ?4 FROM runs WHERE number = ?1",
        )?
        .execute(params![open.number, open.place, json, raw])?;
    if rows == 0 {
        return Ok(false);
    }
    open.place += 1;
    open.tally.add(&event, json.len() + raw.map_or(0, |it| it.len()));
    if event.is_last() {
        write_tally(transaction, open.number, &open.tally, open.price.as_ref())?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Filter;
    use playground::{Delta, Frame};
    use tempfile::TempDir;

    fn record(recorder: &Recorder, id: &str, text: &str) {
        let chat = Chat::default();
        let target = Target { model: "m".into(), ..Target::default() };
        recorder.begin(Beginning {
            id: id.into(),
            started_ms: 0,
            day: "2026-11-21".into(),
            target,
            chat,
            by_hand: false,
        });
        let deltas = vec![Delta::text(text)];
        let frame = Frame { index: 0, at_us: 1, offset: 0, raw: text.into(), deltas };
        recorder.append(&id.into(), &RunEvent::Frame(frame));
        recorder.append(&id.into(), &RunEvent::Finished { at_us: 2 });
    }

    fn replies(recorder: &Recorder) -> Vec<usize> {
        let list = recorder.with(|store| store.list(&Filter { limit: 9, ..Filter::default() }));
        list.expect("a list").runs.iter().map(|run| run.reply.len()).collect()
    }

    #[test]
    fn a_full_disk_keeps_what_is_there_and_says_so() {
        let folder = TempDir::new().expect("a temporary folder");
        let recorder = Recorder::start(folder.path().to_owned());
        let most_pages = |pages: u32| {
            let set = move |store: &mut Store| {
                Ok(store.connection.pragma_update(None, "max_page_count", pages)?)
            };
            recorder.with(set).expect("set");
        };
        record(&recorder, "a", "short");
        assert_eq!(replies(&recorder), [5]);
        most_pages(40);
        let long = "word ".repeat(100_000);
        record(&recorder, "b", &long);
        assert_eq!(replies(&recorder), [5], "it does not fit");
        assert_eq!(recorder.health().problem.as_deref(), Some("the disk is full"));
        most_pages(1_000_000);
        assert_eq!(replies(&recorder), [240, 5], "nothing was lost");
        assert_eq!(recorder.health(), Health::default());
    }

    #[test]
    fn what_waits_for_too_long_is_lost_and_counted() {
        let folder = TempDir::new().expect("a temporary folder");
        let recorder = Recorder::start(folder.path().to_owned());
        let set =
            |store: &mut Store| Ok(store.connection.pragma_update(None, "max_page_count", 1)?);
        recorder.with(set).expect("set");
        let text = "x".repeat(MOST_WAITING / 5);
        for id in ["a", "b", "c", "d"] {
            record(&recorder, id, &text);
        }
        assert_eq!(recorder.health().lost, 2);
    }
}
