//! Comparisons out of a file: what they may be, and where they go.

use super::form::{LAST_MS, keep_known_parameters};
use crate::{
    Store, StoreError,
    compare::{
        ComparisonKind, Place, Plan, insert, number,
        plan::{MOST_PLACES, MOST_REPEATS},
    },
    files::check::{self, LARGEST_NUMBER},
};
use rusqlite::{OptionalExtension, Transaction, params};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// The most comparisons of one file.
const MOST_COMPARISONS: usize = 1000;
/// The most places of all of them that have runs: more than the runs of any file.
const MOST_CELLS: usize = 200_000;
/// The longest text of one, in bytes.
const LONGEST: usize = 32 << 20;
/// So many comparisons may have had the same id before.
const MOST_NAMESAKES: u32 = 1000;

/// What was read of a file so far.
#[derive(Debug, Default)]
pub struct Before {
    comparisons: usize,
    cells: usize,
}

/// A comparison out of a file.
#[derive(Debug, Clone, Deserialize)]
pub struct FileComparison {
    id: String,
    kind: ComparisonKind,
    created_ms: i64,
    #[serde(default)]
    title: String,
    #[serde(default)]
    starred: bool,
    #[serde(deserialize_with = "plan")]
    plan: Plan,
    #[serde(default)]
    cells: Vec<FileCell>,
}

/// A place of it, and the run that stands there.
#[derive(Debug, Clone, Deserialize)]
struct FileCell {
    row: u32,
    column: u32,
    repeat: u32,
    run: String,
    #[serde(default)]
    start_us: Option<u64>,
}

/// Where a comparison out of a file goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// It is here, and stays as it is.
    ThereAlready,
    /// It is added with this id.
    New(String),
}

fn plan<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Plan, D::Error> {
    let mut plan = Value::deserialize(deserializer)?;
    let columns = plan.get_mut("columns").and_then(Value::as_array_mut);
    columns.into_iter().flatten().for_each(keep_known_parameters);
    serde_json::from_value(plan).map_err(serde::de::Error::custom)
}

impl FileComparison {
    /// Reads a comparison, and counts it to what was `before` it in its file; or says in a few
    /// words what is wrong with it.
    pub fn read(text: &str, before: &mut Before) -> Result<FileComparison, String> {
        if before.comparisons >= MOST_COMPARISONS {
            return Err(format!("a file has at most {MOST_COMPARISONS} comparisons"));
        }
        if text.len() > LONGEST {
            return Err("it is too large".into());
        }
        let mut it: FileComparison = serde_json::from_str(text).map_err(|it| it.to_string())?;
        it.check()?;
        if before.cells + it.cells.len() > MOST_CELLS {
            return Err(format!("the comparisons of a file have at most {MOST_CELLS} runs"));
        }
        before.comparisons += 1;
        before.cells += it.cells.len();
        it.created_ms = it.created_ms.clamp(0, LAST_MS);
        Ok(it)
    }

    fn check(&self) -> Result<(), String> {
        if self.id.is_empty() {
            return Err("it has no id".into());
        }
        check::at_most(&self.id, 64)?;
        self.plan.check(self.kind).map_err(|error| error.to_string())?;
        for column in &self.plan.columns {
            check::target(&column.target)?;
        }
        if self.cells.len() > MOST_PLACES {
            return Err("it has more places than a comparison can".into());
        }
        let (mut places, mut runs) = (HashSet::new(), HashSet::new());
        for cell in &self.cells {
            check::at_most(&cell.run, 64)?;
            let place = cell.place();
            if !self.has(place) || cell.run.is_empty() {
                return Err("a run of it stands nowhere".into());
            }
            if !places.insert(place) || !runs.insert(&cell.run) {
                return Err("a place or a run of it is there twice".into());
            }
            if cell.start_us.is_some_and(|it| it > LARGEST_NUMBER) {
                return Err("a run of it begins at no time".into());
            }
        }
        Ok(())
    }

    fn has(&self, place: Place) -> bool {
        let repeats = match self.kind {
            ComparisonKind::Columns => MOST_REPEATS,
            ComparisonKind::Sweep | ComparisonKind::Set => self.plan.repeats,
        };
        let (rows, columns) = (self.plan.rows.len(), self.plan.columns.len());
        (place.row as usize) < rows && (place.column as usize) < columns && place.repeat < repeats
    }

    /// The ids of its runs, as the file has them.
    pub fn runs(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|cell| cell.run.as_str())
    }
}

impl FileCell {
    fn place(&self) -> Place {
        Place { row: self.row, column: self.column, repeat: self.repeat }
    }
}

impl Store {
    /// Looks for a place for a comparison out of a file.
    pub(super) fn room_for(
        &self,
        it: FileComparison,
    ) -> Result<(FileComparison, Where), StoreError> {
        let sql = "SELECT kind = ?2 AND created_ms = ?3 FROM comparisons WHERE id = ?1";
        for namesake in 1..MOST_NAMESAKES {
            let id = match namesake {
                1 => it.id.clone(),
                _ => format!("{}-{namesake}", it.id),
            };
            let mut query = self.connection.prepare_cached(sql)?;
            let values = params![id, it.kind.as_str(), it.created_ms];
            match query.query_row(values, |row| row.get(0)).optional()? {
                None => return Ok((it, Where::New(id))),
                Some(true) => break,
                Some(false) => {}
            }
        }
        Ok((it, Where::ThereAlready))
    }

    /// Adds those that are new, with the runs that were added for them: `ids` are their ids in the
    /// file, and here. Returns how many were added.
    pub(super) fn add_comparisons(
        &mut self,
        comparisons: &[(FileComparison, Where)],
        ids: &HashMap<String, String>,
    ) -> Result<u32, StoreError> {
        let transaction = self.now()?;
        let mut added = 0;
        for (it, to) in comparisons {
            let Where::New(id) = to else { continue };
            // Two in one file may have the same id: the second is left to the first.
            if number(&transaction, id)?.is_none() {
                add(&transaction, it, id, ids)?;
                added += 1;
            }
        }
        transaction.commit()?;
        Ok(added)
    }
}

fn add(
    transaction: &Transaction<'_>,
    it: &FileComparison,
    id: &str,
    ids: &HashMap<String, String>,
) -> Result<(), StoreError> {
    let FileComparison { kind, title, plan, created_ms, starred, cells, .. } = it;
    let number = insert(transaction, id, *kind, title, plan, *created_ms)?;
    transaction.execute(
        "UPDATE comparisons SET imported = 1, starred = ? WHERE number = ?",
        params![starred, number],
    )?;
    for cell in cells {
        // A run that is not in the file leaves its place sent, unless its id is taken here.
        let run = ids.get(&cell.run).unwrap_or(&cell.run);
        let is_taken = "SELECT 1 FROM cells WHERE run = ?1 UNION ALL
            SELECT 1 FROM runs WHERE id = ?1 AND NOT ?2";
        let is_ours = ids.contains_key(&cell.run);
        if transaction.prepare_cached(is_taken)?.exists(params![run, is_ours])? {
            continue;
        }
        transaction
            .prepare_cached(
                "INSERT INTO cells (comparison, row, \"column\", repeat, run, start_us)
                 VALUES (?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                number,
                cell.row,
                cell.column,
                cell.repeat,
                run,
                cell.start_us.map(|it| it as i64)
            ])?;
        transaction
            .prepare_cached("UPDATE runs SET comparison = ? WHERE id = ? AND imported")?
            .execute(params![number, run])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_file_has_so_many_comparisons_and_runs_of_them() {
        let target = json!({ "provider": "practice", "base_url": null, "model": "m" });
        let cells = [json!({ "row": 0, "column": 0, "repeat": 0, "run": "r" })];
        let text = json!({ "id": "c", "kind": "sweep", "created_ms": 1, "cells": cells,
            "plan": { "base": Value::Null, "rows": [{ "label": "", "prompt": "Why?" }],
            "columns": [{ "label": "", "target": target, "parameters": {} }], "repeats": 1 } });
        let text = text.to_string();
        for (comparisons, cells, is_read) in [
            (0, 0, Ok(())),
            (MOST_COMPARISONS - 1, MOST_CELLS - 1, Ok(())),
            (MOST_COMPARISONS, 0, Err("at most 1000 comparisons")),
            (1, MOST_CELLS, Err("at most 200000 runs")),
        ] {
            let mut before = Before { comparisons, cells };
            let read = FileComparison::read(&text, &mut before).map(drop);
            match is_read {
                Ok(()) => {
                    assert_eq!(read, Ok(()));
                    assert_eq!((before.comparisons, before.cells), (comparisons + 1, cells + 1));
                }
                Err(says) => assert!(read.expect_err(says).contains(says)),
            }
        }
    }
}
