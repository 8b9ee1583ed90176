//! Comparisons: runs that were made to be seen side by side.
//!
//! A comparison is a plan and the ids of recordings, and nothing of what they say. Its places are
//! rows (rounds, or prompts) by columns (targets, or values of a parameter) by repeats. A place is
//! *claimed* by a run before the request of that run leaves, in one transaction, and is never
//! claimed again: so nothing is sent twice, whatever happens to the app.
//!
//! - [`plan`]: what is to be sent; `cells`: which places have runs.
//! - `list`: what lists show; `names`: star, rename, delete, and votes.

mod cells;
mod list;
mod names;
pub mod plan;

pub use list::{Cell, ComparisonSummary, KeptComparison, OutcomeCount};
pub use names::TallyRow;
pub use plan::{ComparisonKind, Place, Plan, PlanColumn, PlanError, PlanRow, Vote};

use crate::{Store, StoreError};
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use std::collections::BTreeSet;

/// How much of the first prompt a list shows, in characters.
const SHOWN: usize = 240;

impl Store {
    /// Begins a comparison of which nothing is sent yet.
    ///
    /// # Errors
    /// [`StoreError::ThereAlready`] where there is one with this id, [`StoreError::BadPlan`] where
    /// the plan cannot be; or the file cannot be written.
    pub fn create_comparison(
        &mut self,
        id: &str,
        kind: ComparisonKind,
        title: &str,
        plan: &Plan,
        created_ms: i64,
    ) -> Result<(), StoreError> {
        let transaction = self.now()?;
        if number(&transaction, id)?.is_some() {
            return Err(StoreError::ThereAlready);
        }
        insert(&transaction, id, kind, title, plan, created_ms)?;
        Ok(transaction.commit()?)
    }

    /// What the comparison `id` is to send.
    ///
    /// # Errors
    /// Where there is no such comparison, or it cannot be read.
    pub fn plan(&self, id: &str) -> Result<(ComparisonKind, Plan), StoreError> {
        let sql = "SELECT kind, plan FROM comparisons WHERE id = ?";
        let row = self.connection.query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)));
        let (kind, plan): (String, String) = row.optional()?.ok_or(StoreError::NoSuchComparison)?;
        Ok((ComparisonKind::read(&kind), serde_json::from_str(&plan)?))
    }

    /// Writes another plan in the place of that of the comparison `id`. Its runs stay as they are.
    ///
    /// # Errors
    /// Where there is no such comparison, the plan cannot be or leaves out a place that has a run,
    /// or the file cannot be written.
    pub fn save_plan(&mut self, id: &str, plan: &Plan) -> Result<(), StoreError> {
        let transaction = self.now()?;
        let number = number(&transaction, id)?.ok_or(StoreError::NoSuchComparison)?;
        update_plan(&transaction, number, plan)?;
        Ok(transaction.commit()?)
    }

    /// Begins a round of columns: makes the comparison `id` if there is none yet, writes its
    /// `plan`, and claims the places of the round, all in one transaction.
    ///
    /// # Errors
    /// As of [`Store::create_comparison`], [`Store::save_plan`] and [`Store::claim`]; then nothing
    /// is changed.
    pub fn begin_round(
        &mut self,
        id: &str,
        plan: &Plan,
        claims: &[(Place, String)],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let transaction = self.now()?;
        let number = match number(&transaction, id)? {
            Some(number) => {
                update_plan(&transaction, number, plan)?;
                number
            }
            None => insert(&transaction, id, ComparisonKind::Columns, "", plan, now_ms)?,
        };
        cells::claim(&transaction, number, claims)?;
        Ok(transaction.commit()?)
    }

    /// A transaction that sees what other windows wrote, and lets none of them write meanwhile.
    pub(crate) fn now(&mut self) -> Result<Transaction<'_>, StoreError> {
        Ok(self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }
}

/// The number of the comparison with this id, if there is one.
pub(crate) fn number(
    transaction: &Transaction<'_>,
    id: &str,
) -> Result<Option<i64>, rusqlite::Error> {
    let mut query = transaction.prepare_cached("SELECT number FROM comparisons WHERE id = ?")?;
    query.query_row([id], |row| row.get(0)).optional()
}

/// Writes a comparison that is not there yet, and returns its number.
pub(crate) fn insert(
    transaction: &Transaction<'_>,
    id: &str,
    kind: ComparisonKind,
    title: &str,
    plan: &Plan,
    created_ms: i64,
) -> Result<i64, StoreError> {
    plan.check(kind)?;
    let Shown { question, labels, models } = Shown::of(plan)?;
    transaction.execute(
        "INSERT INTO comparisons (id, kind, created_ms, title, plan, rows, columns, repeats,
         question, labels, models) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            id,
            kind.as_str(),
            created_ms,
            crate::upkeep::named(title),
            serde_json::to_string(plan)?,
            plan.rows.len() as i64,
            plan.columns.len() as i64,
            plan.repeats,
            question,
            labels,
            models,
        ],
    )?;
    Ok(transaction.last_insert_rowid())
}

fn update_plan(transaction: &Transaction<'_>, number: i64, plan: &Plan) -> Result<(), StoreError> {
    let sql = "SELECT kind, rows, columns, repeats FROM comparisons WHERE number = ?";
    let (kind, rows, columns, repeats) = transaction.query_row(sql, [number], |row| {
        Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    plan.check(ComparisonKind::read(&kind))?;
    plan.check_grows(rows, columns, repeats)?;
    let Shown { question, labels, models } = Shown::of(plan)?;
    transaction.execute(
        "UPDATE comparisons SET plan = ?, rows = ?, columns = ?, repeats = ?, question = ?,
         labels = ?, models = ? WHERE number = ?",
        params![
            serde_json::to_string(plan)?,
            plan.rows.len() as i64,
            plan.columns.len() as i64,
            plan.repeats,
            question,
            labels,
            models,
            number,
        ],
    )?;
    Ok(())
}

/// What a list shows of a plan.
struct Shown {
    question: String,
    labels: String,
    models: String,
}

impl Shown {
    fn of(plan: &Plan) -> Result<Shown, StoreError> {
        let first = plan.rows.first().map(|row| row.prompt.as_str()).unwrap_or_default();
        let labels: Vec<_> = plan.columns.iter().map(|it| &it.label).collect();
        let mut seen = BTreeSet::new();
        let models = plan.columns.iter().map(|it| &it.target.model);
        let models: Vec<_> = models.filter(|it| seen.insert(*it)).collect();
        Ok(Shown {
            question: first.chars().take(SHOWN).collect(),
            labels: serde_json::to_string(&labels)?,
            models: serde_json::to_string(&models)?,
        })
    }
}
