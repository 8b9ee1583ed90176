//! What a batch can cost at most, before anything of it is sent.

use super::{BatchOrder, BatchPlan, PlanCertainty};
use crate::{budget, clock::today, error::CommandError, shell::Shell, target::Destination};
use playground::{
    Chat,
    lint::{self, Level, Recipient},
    prices::{Book, Dollars},
};
use recordings::{
    StoreError,
    compare::{Plan, PlanColumn},
};
use std::{collections::HashSet, sync::Arc};
use tauri::async_runtime::spawn_blocking;

/// The most warnings that are told.
const MOST_WARNINGS: usize = 12;

/// What an order makes, and what it can cost.
///
/// # Errors
/// Where the order cannot be.
pub async fn outlook(
    shell: &Arc<Shell>,
    order: BatchOrder,
    offset_minutes: i32,
) -> Result<BatchPlan, CommandError> {
    let (_, plan) = order.plan().map_err(StoreError::from)?;
    let columns = super::destinations(shell, &plan)?;
    let day = today();
    let (book, work) = (shell.prices.book(), (plan, columns));
    let work = spawn_blocking(move || {
        let (plan, columns) = work;
        let sum = Sum::of(&book, &plan, &columns, &day);
        let warnings = warnings(&plan, &columns, &day);
        (plan, sum, warnings)
    });
    let (plan, sum, warnings) = work.await.map_err(|_| super::stopped())?;
    let over = budget::over(shell, &sum.bounds, offset_minutes).await;
    let cells = plan.places().count() as u32;
    let (bound, certainty) = (sum.bound, sum.certainty());
    Ok(BatchPlan {
        columns: plan.columns.into_iter().map(|it| it.label).collect(),
        rows: plan.rows.into_iter().map(|it| it.label).collect(),
        repeats: plan.repeats,
        cells,
        bound,
        unknown: sum.unknown,
        certainty,
        sentence: sum.sentence(cells),
        over,
        warnings,
    })
}

/// What calls can cost, added up.
#[derive(Debug, Default, PartialEq)]
struct Sum {
    /// Of those that are known; none if none is.
    bound: Option<Dollars>,
    unknown: u32,
    is_exact: bool,
    /// Call by call.
    bounds: Vec<Option<Dollars>>,
}

impl Sum {
    fn of(book: &Book, plan: &Plan, columns: &[Destination], day: &str) -> Sum {
        let mut sum = Sum { is_exact: true, ..Sum::default() };
        for row in 0..plan.rows.len() as u32 {
            for (column, destination) in (0..).zip(columns) {
                let Some(chat) = plan.chat(row, column) else { continue };
                let model = &plan.columns[column as usize].target.model;
                sum.add(plan.repeats, call(book, &chat, destination, model, day));
            }
        }
        sum
    }

    /// Adds calls of which each costs at most that, and whether that is sure.
    fn add(&mut self, calls: u32, call: Option<(Dollars, bool)>) {
        let bound = call.map(|(bound, _)| bound);
        self.bounds.extend(std::iter::repeat_n(bound, calls as usize));
        let Some((bound, is_exact)) = call else {
            self.unknown += calls;
            return;
        };
        let all = Dollars(bound.0.saturating_mul(i128::from(calls)));
        self.bound = Some(self.bound.unwrap_or_default().and(all));
        self.is_exact &= is_exact;
    }

    fn certainty(&self) -> PlanCertainty {
        match self {
            Sum { unknown: 1.., .. } => PlanCertainty::Unknown,
            Sum { bound: Some(Dollars(0)), .. } => PlanCertainty::Free,
            Sum { is_exact: true, .. } => PlanCertainty::Exact,
            Sum { .. } => PlanCertainty::Estimate,
        }
    }

    fn sentence(&self, cells: u32) -> String {
        let calls = if cells == 1 { "1 call".to_owned() } else { format!("{cells} calls") };
        match (self.certainty(), self.bound) {
            (PlanCertainty::Free, _) => format!("{calls}, which cost nothing."),
            (PlanCertainty::Unknown, None) => {
                format!("{calls}; nobody can say what they cost at most.")
            }
            (PlanCertainty::Unknown, Some(bound)) => {
                let have = if self.unknown == 1 { "has" } else { "have" };
                format!(
                    "{calls}: {} of them {have} no known price, the others cost at most ${bound} \
                     together.",
                    self.unknown
                )
            }
            (_, bound) => {
                format!("{calls}, which cost at most ${} together.", bound.unwrap_or_default())
            }
        }
    }
}

/// The most that a call can cost, and whether its prompt was counted as its model does.
fn call(
    book: &Book,
    chat: &Chat,
    destination: &Destination,
    model: &str,
    day: &str,
) -> Option<(Dollars, bool)> {
    if destination.is_practice() {
        return Some((Dollars::default(), true));
    }
    budget::bound(book, chat, destination.dialect, &destination.target(model), day)
}

/// What will be refused or ignored, column by column, in sentences.
fn warnings(plan: &Plan, columns: &[Destination], day: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut warnings = Vec::new();
    for (column, destination) in (0..).zip(columns) {
        let Some(chat) = plan.chat(0, column) else { continue };
        let PlanColumn { label, target, .. } = &plan.columns[column as usize];
        let model = &target.model;
        let recipient =
            Recipient { provider: destination.provider, dialect: destination.dialect, model };
        for finding in lint::lint(&chat, recipient, day, None) {
            let is_worth = matches!(finding.level, Level::Refused | Level::Ignored);
            if is_worth && seen.insert((finding.rule, model.clone(), finding.why.clone())) {
                warnings.push(format!("{label}: {}", finding.why));
            }
        }
    }
    warnings.truncate(MOST_WARNINGS);
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(calls: &[(u32, Option<(i128, bool)>)]) -> Sum {
        let mut sum = Sum { is_exact: true, ..Sum::default() };
        for (count, call) in calls {
            sum.add(*count, call.map(|(bound, is_exact)| (Dollars(bound), is_exact)));
        }
        sum
    }

    #[test]
    fn a_bound_says_how_sure_it_is() {
        let dollar = 1_000_000_000_000;
        for (calls, certainty, says) in [
            (vec![(5, Some((0, true)))], PlanCertainty::Free, "5 calls, which cost nothing."),
            (
                vec![(2, Some((dollar, true))), (3, Some((0, true)))],
                PlanCertainty::Exact,
                "5 calls, which cost at most $2 together.",
            ),
            (
                vec![(5, Some((dollar, false)))],
                PlanCertainty::Estimate,
                "5 calls, which cost at most $5 together.",
            ),
            (
                vec![(5, None)],
                PlanCertainty::Unknown,
                "5 calls; nobody can say what they cost at most.",
            ),
            (
                vec![(4, Some((dollar, true))), (1, None)],
                PlanCertainty::Unknown,
                "5 calls: 1 of them has no known price, the others cost at most $4 together.",
            ),
        ] {
            let sum = sum(&calls);
            assert_eq!((sum.certainty(), sum.sentence(5).as_str()), (certainty, says));
            assert_eq!(sum.bounds.len(), 5);
        }
    }
}
