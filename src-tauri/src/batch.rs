//! Many calls, one after the other: a sweep of one prompt, or a set of prompts.
//!
//! A batch is a comparison that is sent by itself. What was sent is known from its places alone:
//! each is claimed before its request leaves, so that neither a restart nor a second window sends
//! one twice. Beside the comparison little is kept: whether it was running, and how.
//!
//! - `order`, `plan`: what a person wants sent, as the plan of a comparison; `bound`: what it can
//!   cost at most.
//! - `sending`: which call is next; `pace`: how fast a provider may be asked; `watch`: a call as it
//!   happens; `board`: what became of each.
//! - `table`: all of it as a file for a spreadsheet or a program.

mod board;
mod bound;
mod manner;
mod order;
mod pace;
mod plan;
mod sending;
mod table;
mod told;
mod watch;

pub use bound::outlook;
pub use manner::{Consent, Manner, Wish};
pub use order::{BatchColumn, BatchOrder, BatchPlan, PlanCertainty, SweepAxis};
pub use sending::Batch;
pub use table::{TableForm, write_table};
pub use told::{BatchPhase, BatchState, CellPhase, CellState, PaceState};

use crate::{
    clock::now_ms,
    error::{Code, CommandError},
    shell::Shell,
    target::Destination,
};
use board::Board;
use recordings::{
    Store, StoreError,
    compare::{Cell, Place, Plan},
};
use sending::Rest;
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use tauri::async_runtime::{spawn, spawn_blocking};
use tokio::time::timeout;

/// How many calls may be on their way to a provider at once, where nobody says.
pub const CONCURRENCY: u32 = 4;
/// The most that a person may ask for.
const MOST_CONCURRENCY: u32 = 16;
/// The longest id: those of its runs begin with it.
const LONGEST_ID: usize = 36;

/// How long a batch may take to stop before it is deleted.
const STOPPED_WITHIN: Duration = Duration::from_secs(5);
/// Why a call is not sent once more that has no run.
const LEAVING: &str = "this call is to be sent already";

/// Hears how far a batch is.
pub type Listener = Box<dyn Fn(BatchState) + Send + Sync>;

/// The batches that are being sent, and who hears of which.
#[derive(Default)]
pub struct Batches {
    sending: Mutex<HashMap<String, Arc<Batch>>>,
    listeners: Mutex<HashMap<String, Listener>>,
}

impl Batches {
    /// The batch of that id, if it is being sent.
    pub fn get(&self, id: &str) -> Option<Arc<Batch>> {
        self.book().get(id).filter(|it| !it.has_ended()).cloned()
    }

    /// Lets no further call of any batch leave.
    pub fn pause_all(&self) {
        self.book().values().for_each(|it| it.wish(Wish::Pause));
    }

    /// The ids of those that have not ended.
    pub fn sending(&self) -> Vec<String> {
        let book = self.book();
        let sending = book.iter().filter(|(_, batch)| !batch.has_ended());
        sending.map(|(id, _)| id.clone()).collect()
    }

    /// Stops the batches with an id that `is_gone`, and forgets them when nothing of them is on its
    /// way any more.
    pub async fn forget(&self, is_gone: impl Fn(&str) -> bool) {
        let all: Vec<_> =
            self.book().iter().filter(|it| is_gone(it.0)).map(|it| it.1.clone()).collect();
        all.iter().for_each(|it| it.wish(Wish::Stop));
        for batch in all {
            // One that does not end in time finds no place any more, and sends nothing.
            let _ = timeout(STOPPED_WITHIN, batch.over()).await;
        }
        self.book().retain(|id, _| !is_gone(id));
        self.listeners().retain(|id, _| !is_gone(id));
    }

    /// Tells `listener` of the batch `id` from here on.
    pub fn listen(&self, id: &str, listener: Listener) {
        self.listeners().insert(id.to_owned(), listener);
    }

    /// Tells whoever listens how far the batch `id` is.
    fn tell(&self, id: &str, state: BatchState) {
        if let Some(listener) = self.listeners().get(id) {
            listener(state);
        }
    }

    /// The same, also after its end: while that is being written down, or it asks something.
    fn latest(&self, id: &str) -> Option<Arc<Batch>> {
        self.book().get(id).cloned()
    }

    fn book(&self) -> MutexGuard<'_, HashMap<String, Arc<Batch>>> {
        self.sending.lock().expect("nothing panics while it holds this lock")
    }

    fn listeners(&self) -> MutexGuard<'_, HashMap<String, Listener>> {
        self.listeners.lock().expect("nothing panics while it holds this lock")
    }

    /// Sends `batch` in a task of its own, unless one of the same id is being sent.
    fn send(&self, shell: &Arc<Shell>, id: &str, batch: Arc<Batch>) -> bool {
        let mut book = self.book();
        if book.get(id).is_some_and(|it| !it.has_ended()) {
            return false;
        }
        book.insert(id.to_owned(), Arc::clone(&batch));
        let (shell, id) = (Arc::clone(shell), id.to_owned());
        spawn(async move {
            Arc::clone(&batch).run().await;
            let mut book = shell.batches.book();
            // Another may have taken its place since it ended; and a question stays until it is
            // answered.
            let is_latest = book.get(&id).is_some_and(|it| Arc::ptr_eq(it, &batch));
            if is_latest && !batch.asks() {
                book.remove(&id);
            }
        });
        true
    }
}

/// What is kept of a batch beside its comparison.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    phase: BatchPhase,
    why: Option<String>,
    concurrency: u32,
}

impl Default for Kept {
    fn default() -> Kept {
        Kept { phase: BatchPhase::Paused, why: None, concurrency: CONCURRENCY }
    }
}

impl Kept {
    fn read(store: &Store, id: &str) -> Result<Kept, StoreError> {
        let kept = store.batch(id)?;
        // What cannot be read says nothing, and nothing depends on it.
        Ok(kept.and_then(|it| serde_json::from_str(&it).ok()).unwrap_or_default())
    }

    /// Nothing depends on it: what was sent is known from the places.
    async fn write(self, shell: &Shell, id: &str) {
        let (recorder, id) = (shell.recorder().clone(), id.to_owned());
        let json = serde_json::to_string(&self).ok();
        let write = move || recorder.with(move |store| store.set_batch(&id, json.as_deref()));
        let _ = spawn_blocking(write).await;
    }
}

/// Begins a batch, of which nothing was sent yet, and tells `listener` how far it is.
///
/// # Errors
/// Where its plan or its id cannot be, or where it is begun already.
pub async fn start(
    shell: &Arc<Shell>,
    id: &str,
    title: String,
    order: BatchOrder,
    manner: Manner,
    listener: Listener,
) -> Result<(), CommandError> {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || it == b'-';
    if id.is_empty() || id.len() > LONGEST_ID || !id.bytes().all(is_plain) {
        let why = format!("a batch's id has 1 to {LONGEST_ID} letters, digits and dashes");
        return Err(CommandError::failed(why));
    }
    let (kind, plan) = order.plan().map_err(StoreError::from)?;
    let columns = destinations(shell, &plan)?;
    let (recorder, key, created, kept) =
        (shell.recorder().clone(), id.to_owned(), plan.clone(), now_ms());
    let create = move || {
        recorder.with(move |store| store.create_comparison(&key, kind, &title, &created, kept))
    };
    spawn_blocking(create).await.map_err(|_| stopped())??;
    shell.batches.listen(id, listener);
    let queue = plan.places().collect();
    let rest = Rest { plan, columns, cells: Vec::new(), queue, is_again: false };
    send(shell, id, rest, manner).await
}

/// Goes on with a batch: with the calls that were not sent.
///
/// # Errors
/// Where there is no such batch, or it cannot be read.
pub async fn resume(shell: &Arc<Shell>, id: &str, manner: Manner) -> Result<(), CommandError> {
    if shell.batches.get(id).is_some_and(|it| it.goes_on(manner.consent)) {
        return Ok(());
    }
    let Opened { plan, cells, open, kept } = open(shell, id).await?;
    let columns = destinations(shell, &plan)?;
    let manner = Manner { concurrency: kept.concurrency, ..manner };
    send(shell, id, Rest { plan, columns, cells, queue: open, is_again: false }, manner).await
}

/// Sends one call once more whose run came to nothing. That run stays, and stands alone.
///
/// # Errors
/// Where that call has a whole reply, or is on its way.
pub async fn send_again(
    shell: &Arc<Shell>,
    id: &str,
    place: Place,
    manner: Manner,
) -> Result<(), CommandError> {
    let cell = match shell.batches.get(id) {
        Some(running) => running.cell(place),
        None => {
            let Opened { plan, cells, .. } = open(shell, id).await?;
            Board::new(id, &plan, &cells).cell(place).cloned()
        }
    };
    let broken = broken(cell).map_err(CommandError::failed)?;
    let (recorder, key) = (shell.recorder().clone(), id.to_owned());
    let free = move || recorder.with(move |store| store.free(&key, place, &broken));
    // Of several who want this at once it is free for one.
    if !spawn_blocking(free).await.map_err(|_| stopped())?? {
        return Err(CommandError::failed(LEAVING));
    }
    if shell.batches.get(id).is_some_and(|it| it.again(place, manner.consent)) {
        return Ok(());
    }
    let Opened { plan, cells, kept, .. } = open(shell, id).await?;
    let columns = destinations(shell, &plan)?;
    let manner = Manner { concurrency: kept.concurrency, ..manner };
    send(shell, id, Rest { plan, columns, cells, queue: vec![place], is_again: true }, manner).await
}

/// The run of a call that came to nothing.
fn broken(cell: Option<CellState>) -> Result<String, &'static str> {
    let Some(CellState { state, run, .. }) = cell else {
        return Err("there is no such call in it");
    };
    match state {
        CellPhase::Running => Err("this call is on its way"),
        CellPhase::Finished => Err("this call has its reply"),
        CellPhase::Failed | CellPhase::Interrupted | CellPhase::Cancelled | CellPhase::Lost => {
            run.ok_or(LEAVING)
        }
        CellPhase::Waiting => Err(LEAVING),
    }
}

/// How far a batch is. One that is not being sent is told from what is kept.
///
/// # Errors
/// Where there is no such batch, or it cannot be read.
pub async fn state(shell: &Arc<Shell>, id: &str) -> Result<BatchState, CommandError> {
    if let Some(batch) = shell.batches.latest(id) {
        return Ok(batch.whole());
    }
    let Opened { plan, cells, open, kept } = open(shell, id).await?;
    let mut board = Board::new(id, &plan, &cells);
    let was_running = matches!(kept.phase, BatchPhase::Running | BatchPhase::Pausing);
    board.phase = match kept.phase {
        _ if open.is_empty() => BatchPhase::Done,
        // One of them was freed after its end.
        BatchPhase::Done => BatchPhase::Paused,
        _ if was_running => BatchPhase::Paused,
        phase => phase,
    };
    board.why = match was_running && !open.is_empty() {
        true => Some(
            "The app was closed while this was being sent. What was on its way then is marked, \
             and is not sent again by itself."
                .into(),
        ),
        false => kept.why.filter(|_| !open.is_empty()),
    };
    Ok(board.whole(Vec::new()))
}

async fn send(
    shell: &Arc<Shell>,
    id: &str,
    rest: Rest,
    manner: Manner,
) -> Result<(), CommandError> {
    let concurrency = manner.concurrency.clamp(1, MOST_CONCURRENCY);
    let manner = Manner { concurrency, ..manner };
    Kept { phase: BatchPhase::Running, why: None, concurrency }.write(shell, id).await;
    let batch = Batch::new(Arc::clone(shell), id.to_owned(), rest, manner);
    match shell.batches.send(shell, id, batch) {
        true => Ok(()),
        false => Err(Code::SeenBefore.because("this is being sent already")),
    }
}

/// A batch as it is kept.
struct Opened {
    plan: Plan,
    cells: Vec<Cell>,
    open: Vec<Place>,
    kept: Kept,
}

async fn open(shell: &Shell, id: &str) -> Result<Opened, CommandError> {
    let (recorder, id) = (shell.recorder().clone(), id.to_owned());
    let read = move || {
        let store = recorder.reader()?;
        let (_, plan) = store.plan(&id)?;
        let (cells, open) = (store.cells(&id)?, store.open_places(&id)?);
        Ok::<_, StoreError>(Opened { plan, cells, open, kept: Kept::read(&store, &id)? })
    };
    Ok(spawn_blocking(read).await.map_err(|_| stopped())??)
}

fn destinations(shell: &Shell, plan: &Plan) -> Result<Vec<Destination>, CommandError> {
    let columns = plan.columns.iter().map(|it| shell.destination(&it.target));
    Ok(columns.collect::<Result<_, _>>()?)
}

fn stopped() -> CommandError {
    CommandError::failed("the recordings have stopped")
}
