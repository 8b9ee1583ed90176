//! How a call leaves, or why it does not.

use super::{Batch, State};
use crate::{
    batch::{
        BatchPhase, CellPhase, CellState, Consent, Manner, Wish,
        board::{self, Board},
        watch::CellWatch,
    },
    budget::{self, Hold},
    clock::now_ms,
    error::sentence,
    runs::RunError,
    shell::Draft,
    target::Destination,
};
use playground::prices::budget::{BudgetOf, OverBudget};
use recordings::{StoreError, compare::Place};
use std::sync::Arc;
use tauri::async_runtime::{spawn, spawn_blocking};

/// Stands in for the page among the runs: a page that is loaded again does not end a batch.
const NO_PAGE: &str = "batch";

impl Batch {
    /// The id of the run of a place: the same for the same place, so that it cannot begin twice; a
    /// place that is sent once more has another.
    pub(super) fn name(&self, state: &State, place: Place) -> String {
        let Place { row, column, repeat } = place;
        let plain = format!("{}.{row}.{column}.{repeat}", self.id);
        match state.again.contains(&place) {
            true => format!("{plain}.{}", now_ms()),
            false => plain,
        }
    }

    /// Lets a call leave: after its budget, its place and its id are its own.
    pub(super) async fn send(self: Arc<Batch>, place: Place, run: String) {
        let draft = self.draft(place);
        let destination = self.columns[place.column as usize].clone();
        // What is on its way may end while the budget is looked at, which counted it.
        let was_alone = self.state().flying.len() == 1;
        let hold = match self.hold(&draft, &destination).await {
            Ok(hold) => hold,
            Err(over) => return self.is_over(place, over, was_alone),
        };
        if !self.claim(place, &run).await {
            return;
        }
        let ticket = match self.shell.runs.begin(&run, NO_PAGE) {
            // From here on the person's Stop finds it among the runs.
            Ok(ticket) if self.goes() => ticket,
            // Stopped on its way out; or the run that had this id is deleted by now.
            Ok(_) | Err(RunError::SeenBefore) => return self.gives_back(place, run).await,
            Err(error) => {
                self.gives_back(place, run).await;
                return self.waits(error.to_string(), None);
            }
        };
        ticket.backlog.abandon();
        let price = self.shell.price_at(&destination, &draft.model);
        let watch = CellWatch::new(Arc::clone(&self), place, price);
        let start_us = self.clock.elapsed().as_micros() as u64;
        self.shell.recorder().started(&Arc::from(run.as_str()), start_us);
        let (run, start_us) = (Some(run), Some(start_us));
        let state = CellPhase::Running;
        self.note(place, |cell| CellState { run, start_us, state, ..cell });
        let call = Arc::clone(&self.shell).run(draft, destination, watch.clone(), ticket, hold);
        spawn(self.lands(place, call, move || watch.error()));
    }

    /// Claims a place for a run that is about to leave; where that is not possible, it is told what
    /// becomes of the place instead.
    async fn claim(&self, place: Place, run: &str) -> bool {
        let (id, claim) = (self.id.clone(), (place, run.to_owned()));
        let recorder = self.shell.recorder().clone();
        let claimed = spawn_blocking(move || recorder.with(move |it| it.claim(&id, &[claim])));
        match claimed.await {
            Ok(Ok(())) => return true,
            // Another window was faster, and shows it.
            Ok(Err(StoreError::Claimed(_))) => self.is_elsewhere(place).await,
            // It was sent once, and then given free: it needs another id.
            Ok(Err(StoreError::ThereAlready)) => {
                self.state().again.insert(place);
                self.returns(place);
            }
            Ok(Err(error)) => self.stays(place, error.to_string(), None),
            Err(_) => self.stays(place, "the recordings have stopped".into(), None),
        }
        false
    }

    /// A call that did not leave although it has its place gives that back. The id of its run is
    /// used up.
    async fn gives_back(&self, place: Place, run: String) {
        let (id, recorder) = (self.id.clone(), self.shell.recorder().clone());
        let release = move || recorder.with(move |store| store.release(&id, &run));
        let _ = spawn_blocking(release).await;
        self.state().again.insert(place);
        self.returns(place);
    }

    /// A call that did not leave is the next one again.
    pub(super) fn returns(&self, place: Place) {
        let mut state = self.state();
        state.queue.push_front(place);
        state.board.set(board::at(place));
        state.flying.remove(&place);
        self.pace(&mut state, place.column).ends();
        drop(state);
        self.changed();
    }

    fn draft(&self, place: Place) -> Draft {
        let chat = self.plan.chat(place.row, place.column).unwrap_or_default();
        let model = self.plan.columns[place.column as usize].target.model.clone();
        Draft { chat, model, body: None }
    }

    async fn hold(
        &self,
        draft: &Draft,
        destination: &Destination,
    ) -> Result<Option<Hold>, OverBudget> {
        let Manner { consent, offset_minutes, .. } = self.state().manner;
        let all = consent == Consent::All;
        let hold = budget::hold(&self.shell, draft, destination, all, offset_minutes).await;
        match hold {
            Err(over) if consent == Consent::EachCall => {
                let is_of_one = over.passed.iter().all(|it| it.which == BudgetOf::Run);
                // That nobody knows what it costs was asked about before it began.
                match is_of_one || over.bound.is_none() {
                    true => {
                        budget::hold(&self.shell, draft, destination, true, offset_minutes).await
                    }
                    false => Err(over),
                }
            }
            hold => hold,
        }
    }

    /// A call might pass a budget. What is on its way mostly costs less than it could, so that is
    /// waited for; the person is asked about a call that was alone when the budget was looked at.
    pub(super) fn is_over(&self, place: Place, over: OverBudget, was_alone: bool) {
        if was_alone {
            return self.stays(place, over.sentence(), Some(over));
        }
        self.state().is_short = true;
        self.returns(place);
    }

    /// A call that could not leave waits, and so does all the rest.
    fn stays(&self, place: Place, why: String, over: Option<OverBudget>) {
        self.returns(place);
        self.waits(why, over);
    }

    /// Nothing more leaves until the person says so.
    fn waits(&self, why: String, over: Option<OverBudget>) {
        let mut state = self.state();
        if state.wish == Wish::Go {
            state.wish = Wish::Pause;
            state.board.phase = BatchPhase::Pausing;
            state.board.why = Some(sentence(&why));
            state.board.over = over;
        }
        drop(state);
        self.changed();
    }

    /// A call that another window sends is on its way, until the end shows what became of it.
    async fn is_elsewhere(&self, place: Place) {
        let kept = self.kept().await;
        let mut state = self.state();
        state.flying.remove(&place);
        self.pace(&mut state, place.column).ends();
        let cell = kept.cell(place).cloned().unwrap_or_else(|| board::at(place));
        // A claim without a run is of this moment: its window has just begun with it.
        let phase = if cell.run.is_some() && cell.state == CellPhase::Lost {
            CellPhase::Running
        } else {
            cell.state
        };
        state.board.set(CellState { state: phase, ..cell });
        drop(state);
        self.changed();
    }

    /// At the end nothing is on its way here: what still looks so is looked up.
    pub(super) async fn looks_elsewhere(&self) {
        let places = self.state().board.running();
        if places.is_empty() {
            return;
        }
        let kept = self.kept().await;
        let mut state = self.state();
        places.iter().filter_map(|it| kept.cell(*it)).for_each(|it| state.board.set(it.clone()));
    }

    /// Every call as it is kept.
    async fn kept(&self) -> Board {
        let (id, recorder) = (self.id.clone(), self.shell.recorder().clone());
        let cells = spawn_blocking(move || recorder.reader()?.cells(&id)).await;
        let cells = cells.ok().and_then(Result::ok).unwrap_or_default();
        Board::new(&self.id, &self.plan, &cells)
    }
}
