//! Who is asked: calls to one provider share its pace, and what stands in their way.

use super::{Batch, Pace, State};
use crate::{
    batch::{CellPhase, CellState, PaceState},
    target::Destination,
};
use playground::ErrorKind;
use recordings::compare::Place;
use std::sync::Arc;
use tauri::async_runtime::{spawn, spawn_blocking};
use tokio::time::Instant;

impl Batch {
    /// The pace of the provider of a column.
    pub(super) fn pace<'a>(&self, state: &'a mut State, column: u32) -> &'a mut Pace {
        &mut state.paces[self.lane_of[column as usize]]
    }

    /// How fast each provider may be asked.
    pub(super) fn paces(&self, state: &State) -> Vec<PaceState> {
        let now = Instant::now();
        let told = |(provider, pace): (&String, &Pace)| PaceState {
            provider: provider.clone(),
            concurrency: pace.concurrency(now),
            wait_ms: pace.wait(now).map(|it| it.as_millis() as u64),
            sentence: pace.is_slow(now).then(|| {
                "It said that it was asked too often, so it is asked for one reply at a time \
                 for a while."
                    .to_owned()
            }),
        };
        self.lanes.iter().zip(&state.paces).map(told).collect()
    }

    /// Waits for the end of a call.
    pub(super) async fn lands(
        self: Arc<Batch>,
        place: Place,
        call: impl Future<Output = ()> + Send + 'static,
        error: impl FnOnce() -> Option<ErrorKind> + Send + 'static,
    ) {
        // A task of its own: should it panic, its end is noted all the same.
        let is_whole = spawn(call).await.is_ok();
        let error = if is_whole { error() } else { None };
        match error == Some(ErrorKind::RateLimited) && self.frees(place).await {
            true => self.refused(place),
            false => self.ended(place, error),
        }
    }

    /// Frees the place of a call that was refused; of one that said something it stays.
    async fn frees(&self, place: Place) -> bool {
        let Some(CellState { state: CellPhase::Failed, run: Some(run), .. }) = self.cell(place)
        else {
            return false;
        };
        let (id, recorder) = (self.id.clone(), self.shell.recorder().clone());
        let free = move || recorder.with(move |store| store.free(&id, place, &run));
        matches!(spawn_blocking(free).await, Ok(Ok(true)))
    }

    /// A call was asked for too early: it is the next one again. A provider that says so again and
    /// again is left to the person.
    fn refused(&self, place: Place) {
        let mut state = self.state();
        state.is_short = false;
        state.again.insert(place);
        if self.pace(&mut state, place.column).refuses() {
            self.hold_back(&mut state, place.column, ErrorKind::RateLimited);
        }
        drop(state);
        self.returns(place);
    }

    /// A call has ended.
    fn ended(&self, place: Place, error: Option<ErrorKind>) {
        let mut state = self.state();
        state.flying.remove(&place);
        state.is_short = false;
        let pace = self.pace(&mut state, place.column);
        pace.ends();
        if error.is_none() {
            pace.answers();
        }
        state.board.lose(place);
        if let Some(kind) = error.filter(|it| needs_person(*it)) {
            self.hold_back(&mut state, place.column, kind);
        }
        drop(state);
        self.changed();
    }

    /// Nothing more is asked where the next call would fail just so.
    fn hold_back(&self, state: &mut State, column: u32, kind: ErrorKind) {
        let lane = self.lane_of[column as usize];
        let why = format!("{}: {}", self.lanes[lane], kind.explanation().title);
        // A model that is not there says nothing of the others.
        let is_of_model = kind == ErrorKind::ModelNotFound;
        let is_alike = |it: u32| it == column || !is_of_model && self.lane_of[it as usize] == lane;
        let columns = (0..self.columns.len() as u32).filter(|it| is_alike(*it));
        state.held.extend(columns.map(|it| (it, why.clone())));
    }
}

/// The providers that are asked, each once, and which of them each column asks.
pub(super) fn lanes(columns: &[Destination]) -> (Vec<String>, Vec<usize>) {
    let mut lanes: Vec<String> = Vec::new();
    let lane_of = columns.iter().map(|destination| {
        let is_known = destination.provider.base_url.is_some() || destination.is_practice();
        let name = match is_known {
            true => destination.provider.id.to_owned(),
            false => destination.base_url.origin(),
        };
        lanes.iter().position(|it| *it == name).unwrap_or_else(|| {
            lanes.push(name);
            lanes.len() - 1
        })
    });
    let lane_of = lane_of.collect();
    (lanes, lane_of)
}

/// Whether every further call would fail in the same way until a person has done something.
fn needs_person(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::WrongKey
            | ErrorKind::KeyMissing
            | ErrorKind::NoKey
            | ErrorKind::UnusableKey
            | ErrorKind::Forbidden
            | ErrorKind::Region
            | ErrorKind::ModelNotFound
            | ErrorKind::NoCredit
            | ErrorKind::SpendLimit
            | ErrorKind::DailyLimit
            | ErrorKind::Refused
            | ErrorKind::NoSuchHost
            | ErrorKind::Tls
            | ErrorKind::Proxy
    )
}
