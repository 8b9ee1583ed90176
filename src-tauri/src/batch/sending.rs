//! A batch that is being sent: which call is next, who may be asked, and when it ends.
//!
//! One task decides and starts calls; each call is a run like any other, with a task of its own.
//! Before a request leaves, three things have happened in this order: the budget has room for it,
//! its place is claimed in the file, and its run is begun (`leaving`). Calls to one provider share
//! its pace (`lanes`). What the person wants meanwhile is in `wishes`.

mod lanes;
mod leaving;
mod wishes;

use super::{
    BatchPhase, BatchState, CellPhase, CellState, Kept, Manner, Wish,
    board::{self, Board},
    pace::Pace,
};
use crate::{error::sentence, shell::Shell, target::Destination};
use recordings::compare::{Cell, Place, Plan};
use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use tauri::async_runtime::spawn;
use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep, timeout_at},
};

/// How often the page is told something, at most.
const TOLD_EVERY: Duration = Duration::from_millis(100);

/// What there is to send of a batch.
pub struct Rest {
    /// All of it.
    pub plan: Plan,
    /// Where its columns lead.
    pub columns: Vec<Destination>,
    /// What was sent.
    pub cells: Vec<Cell>,
    /// What is to be sent.
    pub queue: Vec<Place>,
    /// Whether those in the queue were sent before.
    pub is_again: bool,
}

/// A batch that is being sent.
pub struct Batch {
    id: String,
    shell: Arc<Shell>,
    plan: Plan,
    columns: Vec<Destination>,
    /// The providers that are asked.
    lanes: Vec<String>,
    /// Which of them each column asks.
    lane_of: Vec<usize>,
    state: Mutex<State>,
    /// Something has changed that may let another call leave.
    wake: Notify,
    /// Something has changed that the page wants to know.
    news: Notify,
    /// Whether its end is written down and told.
    over: watch::Sender<bool>,
    clock: Instant,
}

struct State {
    board: Board,
    manner: Manner,
    wish: Wish,
    queue: VecDeque<Place>,
    /// The calls that are on their way, or about to leave, and their runs.
    flying: HashMap<Place, String>,
    /// Of each lane.
    paces: Vec<Pace>,
    /// The columns that only a person can mend, and what is wrong with them.
    held: BTreeMap<u32, String>,
    /// What is on its way may cost so much that the next call might pass a budget: one has to end.
    is_short: bool,
    /// The places that had a run before, whose id is used up.
    again: HashSet<Place>,
    has_ended: bool,
}

/// What is to be done next.
enum Step {
    Send(Place, String),
    Wait(Option<Instant>),
    End,
}

impl Batch {
    /// What is left of a batch.
    pub fn new(shell: Arc<Shell>, id: String, rest: Rest, manner: Manner) -> Arc<Batch> {
        let Rest { plan, columns, cells, queue, is_again } = rest;
        let mut board = Board::new(&id, &plan, &cells);
        board.phase = BatchPhase::Running;
        let (lanes, lane_of) = lanes::lanes(&columns);
        let again = if is_again { queue.iter().copied().collect() } else { HashSet::new() };
        let state = State {
            board,
            manner,
            wish: Wish::Go,
            queue: queue.into(),
            flying: HashMap::new(),
            paces: vec![Pace::new(manner.concurrency); lanes.len()],
            held: BTreeMap::new(),
            again,
            is_short: false,
            has_ended: false,
        };
        let state = Mutex::new(state);
        let (wake, news, clock) = (Notify::new(), Notify::new(), Instant::now());
        let over = watch::Sender::new(false);
        Arc::new(Batch { id, shell, plan, columns, lanes, lane_of, state, wake, news, over, clock })
    }

    /// Sends what is to be sent, and returns when nothing more is.
    pub async fn run(self: Arc<Batch>) {
        let teller = spawn(Arc::clone(&self).tell());
        loop {
            match self.step() {
                Step::End => break,
                Step::Send(place, run) => Arc::clone(&self).send(place, run).await,
                Step::Wait(None) => self.wake.notified().await,
                Step::Wait(Some(until)) => {
                    // Whichever comes first: both are looked at again.
                    let _ = timeout_at(until, self.wake.notified()).await;
                }
            }
        }
        self.end().await;
        let _ = teller.await;
        self.over.send_replace(true);
    }

    /// All of it.
    pub fn whole(&self) -> BatchState {
        let state = self.state();
        state.board.whole(self.paces(&state))
    }

    /// What became of a call so far.
    pub fn cell(&self, place: Place) -> Option<CellState> {
        self.state().board.cell(place).cloned()
    }

    /// Changes what is told of a call.
    pub fn note(&self, place: Place, change: impl FnOnce(CellState) -> CellState) {
        let mut state = self.state();
        let cell = state.board.cell(place).cloned().unwrap_or_else(|| board::at(place));
        state.board.set(change(cell));
        drop(state);
        self.news.notify_one();
    }

    /// The provider of `column` says that it was asked too often.
    pub fn limited(&self, column: u32, wait: Option<Duration>) {
        let mut state = self.state();
        self.pace(&mut state, column).limited(Instant::now(), wait);
        drop(state);
        self.changed();
    }

    fn changed(&self) {
        self.wake.notify_one();
        self.news.notify_one();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }

    fn step(&self) -> Step {
        let mut state = self.state();
        let now = Instant::now();
        let has_room = !state.is_short || state.flying.is_empty();
        if state.wish == Wish::Go && has_room {
            let may = |place: &Place| {
                let lane = self.lane_of[place.column as usize];
                state.paces[lane].may_send(now) && !state.held.contains_key(&place.column)
            };
            let next = state.queue.iter().position(may);
            if let Some(at) = next {
                let place = state.queue.remove(at).expect("it was just seen");
                self.pace(&mut state, place.column).leaves();
                let run = self.name(&state, place);
                state.flying.insert(place, run.clone());
                state.board.set(CellState { state: CellPhase::Running, ..board::at(place) });
                return Step::Send(place, run);
            }
        }
        let waits = state.queue.iter().any(|it| !state.held.contains_key(&it.column));
        if state.flying.is_empty() && (state.wish != Wish::Go || !waits) {
            state.has_ended = true;
            return Step::End;
        }
        Step::Wait(state.paces.iter().filter_map(|it| it.changes(now)).min())
    }

    /// Nothing more is sent: what of it there is to know is written down.
    async fn end(&self) {
        self.looks_elsewhere().await;
        let kept = {
            let mut state = self.state();
            let is_left = state.board.has_waiting();
            state.board.phase = match state.wish {
                _ if !is_left => BatchPhase::Done,
                Wish::Stop => BatchPhase::Stopped,
                _ => BatchPhase::Paused,
            };
            let held = state.held.values().next().filter(|_| is_left).cloned();
            if let Some(why) = held {
                state.board.why.get_or_insert(sentence(&why));
            }
            Kept {
                phase: state.board.phase,
                why: state.board.why.clone(),
                concurrency: state.manner.concurrency,
            }
        };
        kept.write(&self.shell, &self.id).await;
        self.news.notify_one();
    }

    /// Tells the listener what is new, not too often, and the end at once.
    async fn tell(self: Arc<Batch>) {
        loop {
            self.news.notified().await;
            let is_last = {
                let mut state = self.state();
                let pace = self.paces(&state);
                let news = state.board.news(pace);
                drop(state);
                let is_last = !matches!(news.state, BatchPhase::Running | BatchPhase::Pausing);
                self.shell.batches.tell(&self.id, news);
                is_last
            };
            if is_last {
                return;
            }
            sleep(TOLD_EVERY).await;
        }
    }
}

#[cfg(test)]
mod tests;
