//! Which places have runs.

use super::{Place, number};
use crate::{Store, StoreError, compare::plan::MOST_REPEATS};
use rusqlite::{OptionalExtension, Transaction, params};
use std::collections::HashSet;

impl Store {
    /// Gives these places of the comparison `id` to runs that are about to be sent: all of them,
    /// or none. A place is given once, whichever window asks.
    ///
    /// # Errors
    /// [`StoreError::Claimed`] with the first place that has a run, [`StoreError::NoSuchPlace`]
    /// with the first that the plan has not, [`StoreError::ThereAlready`] for a run that has a
    /// place; or the file cannot be written.
    pub fn claim(&mut self, id: &str, claims: &[(Place, String)]) -> Result<(), StoreError> {
        let transaction = self.now()?;
        let number = number(&transaction, id)?.ok_or(StoreError::NoSuchComparison)?;
        claim(&transaction, number, claims)?;
        Ok(transaction.commit()?)
    }

    /// Gives the place of a `run` back that was never sent after all.
    /// Where anything of it was written it stays, and this returns false.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn release(&mut self, id: &str, run: &str) -> Result<bool, StoreError> {
        let sql = "DELETE FROM cells WHERE run = ?2
            AND comparison = (SELECT number FROM comparisons WHERE id = ?1)
            AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.id = ?2)";
        Ok(self.connection.execute(sql, [id, run])? > 0)
    }

    /// Frees a place of the comparison `id` that has this `run`, so that it can be sent once more.
    /// The run stays and stands alone from then on. Returns false where the place has another run,
    /// or none, or this one goes on or has its reply: of several who ask at once, one hears that it
    /// is free.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn free(&mut self, id: &str, place: Place, run: &str) -> Result<bool, StoreError> {
        let transaction = self.now()?;
        let number = number(&transaction, id)?.ok_or(StoreError::NoSuchComparison)?;
        let Place { row, column, repeat } = place;
        let sql = "DELETE FROM cells
            WHERE comparison = ?1 AND row = ?2 AND \"column\" = ?3 AND repeat = ?4 AND run = ?5
            AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.id = ?5
                AND outcome IN ('running', 'finished'))";
        let is_free = transaction.execute(sql, params![number, row, column, repeat, run])? > 0;
        if is_free {
            transaction.execute("UPDATE runs SET comparison = NULL WHERE id = ?", [run])?;
        }
        transaction.commit()?;
        Ok(is_free)
    }

    /// The places that no run was given, in the order of [`Plan::places`](super::Plan::places).
    ///
    /// # Errors
    /// Where there is no such comparison, or it cannot be read.
    pub fn open_places(&self, id: &str) -> Result<Vec<Place>, StoreError> {
        let (_, plan) = self.plan(id)?;
        let sql = "SELECT row, \"column\", repeat FROM cells
            WHERE comparison = (SELECT number FROM comparisons WHERE id = ?)";
        let mut query = self.connection.prepare_cached(sql)?;
        let claimed = query.query_map([id], |row| {
            Ok(Place { row: row.get(0)?, column: row.get(1)?, repeat: row.get(2)? })
        })?;
        let claimed = claimed.collect::<Result<HashSet<_>, _>>()?;
        Ok(plan.places().filter(|place| !claimed.contains(place)).collect())
    }
}

pub(crate) fn claim(
    transaction: &Transaction<'_>,
    number: i64,
    claims: &[(Place, String)],
) -> Result<(), StoreError> {
    let sql = "SELECT kind = 'columns', rows, columns, repeats FROM comparisons WHERE number = ?";
    let (is_open, rows, columns, repeats): (bool, u32, u32, u32) =
        transaction.query_row(sql, [number], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
    let repeats = if is_open { MOST_REPEATS } else { repeats };
    for (place, run) in claims {
        let Place { row, column, repeat } = *place;
        if row >= rows || column >= columns || repeat >= repeats {
            return Err(StoreError::NoSuchPlace(*place));
        }
        let taken = "SELECT run FROM cells
            WHERE comparison = ? AND row = ? AND \"column\" = ? AND repeat = ?";
        let taken = transaction
            .prepare_cached(taken)?
            .query_row(params![number, row, column, repeat], |row| row.get::<_, String>(0));
        if taken.optional()?.is_some() {
            return Err(StoreError::Claimed(*place));
        }
        let is_known = "SELECT 1 FROM cells WHERE run = ?1 UNION ALL
            SELECT 1 FROM runs WHERE id = ?1";
        if transaction.prepare_cached(is_known)?.exists([run])? {
            return Err(StoreError::ThereAlready);
        }
        transaction
            .prepare_cached(
                "INSERT INTO cells (comparison, row, \"column\", repeat, run)
                 VALUES (?, ?, ?, ?, ?)",
            )?
            .execute(params![number, row, column, repeat, run])?;
    }
    Ok(())
}
