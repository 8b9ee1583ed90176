//! What became of each call of a batch, and what of it the page has not heard yet.

use super::{BatchPhase, BatchState, CellPhase, CellState, PaceState};
use playground::prices::budget::OverBudget;
use recordings::{
    Summary,
    compare::{Cell, Place, Plan},
    spent::Spent,
};
use std::collections::{BTreeMap, BTreeSet};

/// How much of a reply the page is told, in characters.
pub const SHOWN: usize = 300;

/// Every call of a batch.
#[derive(Debug, Clone)]
pub struct Board {
    id: String,
    /// Of each column.
    providers: Vec<String>,
    cells: BTreeMap<Place, CellState>,
    changed: BTreeSet<Place>,
    /// Whether it goes on.
    pub phase: BatchPhase,
    /// Why it does not.
    pub why: Option<String>,
    /// The budgets that the next call might pass.
    pub over: Option<OverBudget>,
}

impl Board {
    /// The calls of a plan, of which `cells` were sent.
    pub fn new(id: &str, plan: &Plan, cells: &[Cell]) -> Board {
        let waiting = plan.places().map(|place| (place, at(place)));
        let sent = cells.iter().map(|cell| (cell.place, sent(cell)));
        let cells = waiting.chain(sent).collect();
        let providers = plan.columns.iter().map(|it| it.target.provider.clone()).collect();
        let (id, phase, changed) = (id.to_owned(), BatchPhase::default(), BTreeSet::new());
        Board { id, providers, cells, changed, phase, why: None, over: None }
    }

    /// What became of a call.
    pub fn cell(&self, place: Place) -> Option<&CellState> {
        self.cells.get(&place)
    }

    /// Notes what became of a call.
    pub fn set(&mut self, cell: CellState) {
        let place = Place { row: cell.row, column: cell.column, repeat: cell.repeat };
        self.cells.insert(place, cell);
        self.changed.insert(place);
    }

    /// A call has ended: if it did not say how, nobody knows.
    pub fn lose(&mut self, place: Place) {
        if let Some(cell) = self.cells.get_mut(&place).filter(|it| it.state == CellPhase::Running) {
            cell.state = CellPhase::Lost;
            self.changed.insert(place);
        }
    }

    /// The calls that are on their way.
    pub fn running(&self) -> Vec<Place> {
        let running = self.cells.iter().filter(|(_, it)| it.state == CellPhase::Running);
        running.map(|(place, _)| *place).collect()
    }

    /// Whether a call was not sent.
    pub fn has_waiting(&self) -> bool {
        self.cells.values().any(|it| it.state == CellPhase::Waiting)
    }

    /// All of it.
    pub fn whole(&self, pace: Vec<PaceState>) -> BatchState {
        self.state(pace, self.cells.values().cloned().collect())
    }

    /// All of it, but only those calls that changed since this was last asked for.
    pub fn news(&mut self, pace: Vec<PaceState>) -> BatchState {
        let changed = std::mem::take(&mut self.changed);
        let cells = changed.iter().filter_map(|it| self.cells.get(it).cloned()).collect();
        self.state(pace, cells)
    }

    fn state(&self, pace: Vec<PaceState>, cells: Vec<CellState>) -> BatchState {
        let count = |phases: &[CellPhase]| {
            self.cells.values().filter(|it| phases.contains(&it.state)).count() as u32
        };
        let spent = self.spent();
        BatchState {
            id: self.id.clone(),
            state: self.phase,
            why: self.why.clone(),
            over: self.over.clone(),
            total: self.cells.len() as u32,
            done: count(&[CellPhase::Finished]),
            failed: count(&[CellPhase::Failed, CellPhase::Interrupted]),
            stopped: count(&[CellPhase::Cancelled]),
            broken: count(&[CellPhase::Lost]),
            running: count(&[CellPhase::Running]),
            waiting: count(&[CellPhase::Waiting]),
            spent: spent.cost,
            unknown: spent.unknown,
            pace,
            cells,
        }
    }

    /// What the calls that have ended came to, as it is counted everywhere.
    fn spent(&self) -> Spent {
        let mut spent = Spent::default();
        for cell in self.cells.values() {
            let Some(outcome) = cell.state.outcome() else { continue };
            let cost = cell.cost.and_then(|it| i64::try_from(it.0).ok());
            let provider = self.providers.get(cell.column as usize).map_or("", String::as_str);
            spent.add(provider, outcome, cost);
        }
        spent
    }
}

/// A call that was not sent.
pub fn at(place: Place) -> CellState {
    let Place { row, column, repeat } = place;
    CellState { row, column, repeat, ..CellState::default() }
}

/// A call that was sent, by what is kept of it. Where nothing is, the app ended in between.
fn sent(cell: &Cell) -> CellState {
    let start_us = cell.start_us.and_then(|it| it.try_into().ok());
    let sent = CellState { run: Some(cell.run.clone()), start_us, ..at(cell.place) };
    match &cell.summary {
        None => CellState { state: CellPhase::Lost, ..sent },
        Some(summary) => kept(sent, summary),
    }
}

/// At most so many characters of a text, with a mark where that is not all of it.
pub fn beginning(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn kept(cell: CellState, summary: &Summary) -> CellState {
    CellState {
        state: CellPhase::of(summary.outcome),
        reply: beginning(&summary.reply, SHOWN),
        finish: summary.finish,
        usage: summary.usage,
        cost: summary.cost,
        duration_us: u64::try_from(summary.duration_us).ok(),
        error: summary.error.clone(),
        ..cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use playground::{Target, prices::Dollars};
    use recordings::compare::{PlanColumn, PlanRow};

    /// As the budgets count: no reply, no bill; a part of one has a price that nobody knows.
    #[test]
    fn what_calls_came_to_is_counted_as_everywhere() {
        let column = |provider: &str| {
            let target = Target { provider: provider.into(), ..Target::default() };
            PlanColumn { target, ..PlanColumn::default() }
        };
        let columns = vec![column("openai"), column("practice")];
        let plan = Plan { columns, rows: vec![PlanRow::default()], repeats: 7, ..Plan::default() };
        let mut board = Board::new("a", &plan, &[]);
        let cent = Some(Dollars(10_000_000_000));
        let phases = [
            (CellPhase::Finished, cent),
            (CellPhase::Finished, None),
            (CellPhase::Failed, None),
            (CellPhase::Interrupted, cent),
            (CellPhase::Interrupted, None),
            (CellPhase::Cancelled, None),
            (CellPhase::Running, None),
        ];
        for (column, (repeat, (state, cost))) in
            (0..2).flat_map(|it| (0..).zip(phases).map(move |of| (it, of)))
        {
            board.set(CellState { state, cost, ..at(Place { row: 0, column, repeat }) });
        }
        let told = board.whole(Vec::new());
        assert_eq!((told.spent, told.unknown), (Dollars(20_000_000_000), 3));
        assert_eq!((told.done, told.failed, told.stopped, told.running), (4, 6, 2, 2));
    }
}
