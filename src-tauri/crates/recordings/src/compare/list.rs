//! What lists show of a comparison, and all that there is of one.

use super::{ComparisonKind, Place, Plan};
use crate::{
    Store, StoreError,
    search::{COLUMNS, is_readable, summary},
    spent::Spent,
    summary::{Outcome, Summary},
};
use rusqlite::{OptionalExtension, Row, types::Value};
use serde::Serialize;
use ts_rs::TS;

/// A comparison in a list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ComparisonSummary {
    /// Its id.
    pub id: String,
    /// What is compared.
    pub kind: ComparisonKind,
    /// The name that a person gave it; empty if none did.
    pub title: String,
    /// Whether it is kept whatever the limit is.
    pub starred: bool,
    /// Whether it came out of a file.
    pub imported: bool,
    /// When it began: milliseconds since 1970, UTC.
    #[ts(type = "number")]
    pub created_ms: i64,
    /// The beginning of the first prompt.
    pub question: String,
    /// The labels of its columns.
    pub columns: Vec<String>,
    /// The ids of their models, each once.
    pub models: Vec<String>,
    /// Rounds, or prompts.
    pub rows: u32,
    /// How many calls it has when it is complete; of columns, those that were sent.
    pub planned: u32,
    /// How many were sent.
    pub claimed: u32,
    /// How many recordings are there.
    pub runs: u32,
    /// How those ended; only what happened.
    pub outcomes: Vec<OutcomeCount>,
    /// What they cost.
    pub spent: Spent,
    /// What they take, in bytes.
    #[ts(type = "number")]
    pub bytes: i64,
}

/// How many runs ended so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct OutcomeCount {
    /// How.
    pub outcome: Outcome,
    /// How many.
    pub runs: u32,
}

/// A place of a comparison that was given to a run.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Cell {
    /// Where it stands.
    pub place: Place,
    /// The id of its run.
    pub run: String,
    /// When that began on the clock of its round, in microseconds; null if it never did, or the
    /// app ended before it was written.
    #[ts(type = "number | null")]
    pub start_us: Option<i64>,
    /// What the run came to; null if the app ended before anything of it was written, or the run
    /// was deleted.
    pub summary: Option<Summary>,
}

/// All that there is of a comparison, but for the events of its runs.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct KeptComparison {
    /// As in a list.
    pub summary: ComparisonSummary,
    /// What it is to send.
    pub plan: Plan,
    /// What it has sent, by row, column and repeat.
    pub cells: Vec<Cell>,
}

/// The columns that [`ComparisonSummary`] is read from.
const SHOWN: &str = "number, id, kind, title, starred, imported, created_ms, question, labels, \
    models, rows, columns * rows * repeats, \
    (SELECT count(*) FROM cells WHERE cells.comparison = comparisons.number)";

impl Store {
    /// All that there is of the comparison `id`.
    ///
    /// # Errors
    /// Where there is no such comparison, or it cannot be read.
    pub fn comparison(&self, id: &str) -> Result<KeptComparison, StoreError> {
        let mut found = self.comparisons("WHERE id = ?", vec![Value::from(id.to_owned())])?;
        let summary = found.pop().ok_or(StoreError::NoSuchComparison)?.1;
        let (_, plan) = self.plan(id)?;
        Ok(KeptComparison { summary, plan, cells: self.cells(id)? })
    }

    /// The places of the comparison `id` that were given to runs, by row, column and repeat.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn cells(&self, id: &str) -> Result<Vec<Cell>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, row, \"column\", repeat, run, start_us FROM cells
             LEFT JOIN runs ON runs.id = run AND runs.comparison = cells.comparison
             WHERE cells.comparison = (SELECT number FROM comparisons WHERE id = ?)
             ORDER BY row, \"column\", repeat"
        );
        let mut query = self.connection.prepare_cached(&sql)?;
        let cells = query.query_map([id], |row| {
            let is_there = row.get::<_, Option<i64>>("number")?.is_some();
            Ok(Cell {
                place: Place {
                    row: row.get("row")?,
                    column: row.get("column")?,
                    repeat: row.get("repeat")?,
                },
                run: row.get("run")?,
                start_us: row.get("start_us")?,
                // One that cannot be read is as good as none.
                summary: is_there.then(|| summary(row).ok()).flatten(),
            })
        })?;
        Ok(cells.collect::<Result<_, _>>()?)
    }

    /// The comparisons that `conditions` choose, with their numbers, in that order.
    pub(crate) fn comparisons(
        &self,
        conditions: &str,
        values: Vec<Value>,
    ) -> Result<Vec<(i64, ComparisonSummary)>, StoreError> {
        let sql = format!("SELECT {SHOWN} FROM comparisons {conditions}");
        let mut query = self.connection.prepare_cached(&sql)?;
        let heads = query.query_map(rusqlite::params_from_iter(values), head)?;
        let mut heads = heads.filter(is_readable).collect::<Result<Vec<_>, _>>()?;
        for (number, head) in &mut heads {
            self.add_runs_of(*number, head)?;
        }
        Ok(heads)
    }

    /// Adds up the runs of a comparison.
    fn add_runs_of(&self, number: i64, head: &mut ComparisonSummary) -> Result<(), StoreError> {
        let sql = "SELECT outcome, provider, cost, bytes FROM runs WHERE comparison = ?";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query([number])?;
        let mut counts = [0; Outcome::ALL.len()];
        while let Some(row) = rows.next()? {
            let outcome = Outcome::read(row.get_ref(0)?.as_str().unwrap_or_default());
            counts[outcome as usize] += 1;
            head.runs += 1;
            head.bytes += row.get::<_, i64>(3)?;
            let provider = row.get_ref(1)?.as_str().unwrap_or_default();
            head.spent.add(provider, outcome, row.get(2)?);
        }
        let counts = Outcome::ALL.into_iter().zip(counts).filter(|(_, runs)| *runs > 0);
        head.outcomes = counts.map(|(outcome, runs)| OutcomeCount { outcome, runs }).collect();
        Ok(())
    }
}

fn head(row: &Row<'_>) -> Result<(i64, ComparisonSummary), rusqlite::Error> {
    let kind = ComparisonKind::read(row.get_ref(2)?.as_str().unwrap_or_default());
    let claimed = row.get(12)?;
    let words = |column: usize| -> Result<Vec<String>, rusqlite::Error> {
        let json: String = row.get(column)?;
        Ok(serde_json::from_str(&json).unwrap_or_default())
    };
    let summary = ComparisonSummary {
        id: row.get(1)?,
        kind,
        title: row.get(3)?,
        starred: row.get(4)?,
        imported: row.get(5)?,
        created_ms: row.get(6)?,
        question: row.get(7)?,
        columns: words(8)?,
        models: words(9)?,
        rows: row.get(10)?,
        planned: if kind == ComparisonKind::Columns { claimed } else { row.get(11)? },
        claimed,
        runs: 0,
        outcomes: Vec::new(),
        spent: Spent::default(),
        bytes: 0,
    };
    Ok((row.get(0)?, summary))
}

impl Store {
    /// The number and the time of the comparison `id`, if there is one.
    pub(crate) fn comparison_time(&self, id: &str) -> Result<Option<(i64, i64)>, StoreError> {
        let sql = "SELECT created_ms, number FROM comparisons WHERE id = ?";
        let mut query = self.connection.prepare_cached(sql)?;
        Ok(query.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }
}
