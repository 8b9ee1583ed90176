//! Star, rename and delete, and what was chosen while names were hidden.

use super::Plan;
use crate::{Store, StoreError, upkeep::named};
use rusqlite::{OptionalExtension, ToSql, params};
use serde::Serialize;
use std::{cmp::Reverse, collections::BTreeMap};
use ts_rs::TS;

/// How a model fared while its name was hidden.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TallyRow {
    /// The provider's id.
    pub provider: String,
    /// The model's id.
    pub model: String,
    /// How often its reply was the better one.
    pub won: u32,
    /// How often none was.
    pub tied: u32,
    /// How often another was.
    pub lost: u32,
}

impl Store {
    /// Gives a comparison a star, which keeps it whatever the limit is, or takes it.
    ///
    /// # Errors
    /// Where there is no such comparison, or the file cannot be written.
    pub fn star_comparison(&mut self, id: &str, starred: bool) -> Result<(), StoreError> {
        self.change("UPDATE comparisons SET starred = ? WHERE id = ?", &starred, id)
    }

    /// Gives a comparison a name; an empty one takes it away.
    ///
    /// # Errors
    /// Where there is no such comparison, or the file cannot be written.
    pub fn rename_comparison(&mut self, id: &str, title: &str) -> Result<(), StoreError> {
        self.change("UPDATE comparisons SET title = ? WHERE id = ?", &named(title), id)
    }

    fn change(&mut self, sql: &str, value: &dyn ToSql, id: &str) -> Result<(), StoreError> {
        match self.connection.execute(sql, params![value, id])? {
            0 => Err(StoreError::NoSuchComparison),
            _ => Ok(()),
        }
    }

    /// Deletes these comparisons with their runs; what is not there any more is no error. Returns
    /// how many there were.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn delete_comparisons(&mut self, ids: &[String]) -> Result<usize, StoreError> {
        let transaction = self.now()?;
        let mut deleted = 0;
        for id in ids {
            // Their runs, with events and words, go with them.
            let sql = "DELETE FROM comparisons WHERE id = ?";
            deleted += transaction.prepare_cached(sql)?.execute([id])?;
        }
        transaction.commit()?;
        self.forget_log()?;
        Ok(deleted)
    }

    /// The votes of all comparisons by model, the most won first. A model that stands in two
    /// columns of a vote is counted once for each.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn blind_tally(&self) -> Result<Vec<TallyRow>, StoreError> {
        let mut rows = BTreeMap::new();
        let sql = "SELECT plan FROM comparisons WHERE json_array_length(plan, '$.votes') > 0";
        let mut query = self.connection.prepare_cached(sql)?;
        for plan in query.query_map([], |row| row.get::<_, String>(0))? {
            // A plan that cannot be read does not take the others with it.
            let Ok(plan) = serde_json::from_str::<Plan>(&plan?) else { continue };
            count(&plan, &mut rows);
        }
        let mut rows: Vec<_> = rows.into_values().collect();
        rows.sort_by_key(|row: &TallyRow| (Reverse(row.won), row.lost, Reverse(row.tied)));
        Ok(rows)
    }

    /// Takes the votes out of all comparisons.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn forget_votes(&mut self) -> Result<(), StoreError> {
        let sql = "UPDATE comparisons SET plan = json_set(plan, '$.votes', json('[]'))
            WHERE json_array_length(plan, '$.votes') > 0";
        self.connection.execute(sql, [])?;
        Ok(())
    }

    /// How far the sending of the comparison `id` is, as [`Store::set_batch`] wrote it; none if
    /// nothing was written.
    ///
    /// # Errors
    /// Where there is no such comparison, or the file cannot be read.
    pub fn batch(&self, id: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT batch FROM comparisons WHERE id = ?";
        let batch = self.connection.query_row(sql, [id], |row| row.get(0)).optional()?;
        batch.ok_or(StoreError::NoSuchComparison)
    }

    /// Writes how far the sending of the comparison `id` is. It leaves this computer in no file.
    ///
    /// # Errors
    /// Where there is no such comparison, or the file cannot be written.
    pub fn set_batch(&mut self, id: &str, batch: Option<&str>) -> Result<(), StoreError> {
        self.change("UPDATE comparisons SET batch = ? WHERE id = ?", &batch, id)
    }
}

fn count(plan: &Plan, rows: &mut BTreeMap<(String, String), TallyRow>) {
    for vote in &plan.votes {
        for column in &vote.among {
            let Some(it) = plan.columns.get(*column as usize) else { continue };
            let (provider, model) = (it.target.provider.clone(), it.target.model.clone());
            let row = rows.entry((provider, model)).or_insert_with_key(|(provider, model)| {
                let (provider, model) = (provider.clone(), model.clone());
                TallyRow { provider, model, ..TallyRow::default() }
            });
            match vote.best {
                None => row.tied += 1,
                Some(best) if best == *column => row.won += 1,
                Some(_) => row.lost += 1,
            }
        }
    }
}
