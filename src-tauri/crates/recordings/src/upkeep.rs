//! Star, rename, delete, and a limit of size. What is deleted is gone from the disk.

use crate::{Store, StoreError};
use rusqlite::params;
use serde::Serialize;
use ts_rs::TS;

/// The longest name that a run is given, in characters.
const LONGEST_TITLE: usize = 200;

/// How much there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Amount {
    /// Runs.
    #[ts(type = "number")]
    pub runs: i64,
    /// What they take, in bytes.
    #[ts(type = "number")]
    pub bytes: i64,
    /// When the newest of them began: milliseconds since 1970, UTC; none where there are none.
    #[ts(type = "number | null")]
    pub newest_ms: Option<i64>,
}

impl Amount {
    /// This and that.
    pub(crate) fn add(&mut self, more: Amount) {
        self.runs += more.runs;
        self.bytes += more.bytes;
        self.newest_ms = self.newest_ms.max(more.newest_ms);
    }
}

impl Store {
    /// Gives a run a star, or takes it.
    ///
    /// # Errors
    /// Where there is no such run, or the file cannot be written.
    pub fn star(&mut self, id: &str, starred: bool) -> Result<(), StoreError> {
        let number = self.number(id)?;
        self.connection
            .execute("UPDATE runs SET starred = ? WHERE number = ?", params![starred, number])?;
        Ok(())
    }

    /// Gives a run a name; an empty one takes it away.
    ///
    /// # Errors
    /// Where there is no such run, or the file cannot be written.
    pub fn rename(&mut self, id: &str, title: &str) -> Result<(), StoreError> {
        let number = self.number(id)?;
        let title = named(title);
        self.connection
            .execute("UPDATE runs SET title = ? WHERE number = ?", params![title, number])?;
        Ok(())
    }

    /// Deletes these runs; what is not there any more is no error.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn delete(&mut self, ids: &[String]) -> Result<usize, StoreError> {
        let transaction = self.connection.transaction()?;
        let mut deleted = 0;
        for id in ids {
            deleted +=
                transaction.prepare_cached("DELETE FROM runs WHERE id = ?")?.execute([id])?;
        }
        transaction.commit()?;
        self.forget_log()?;
        Ok(deleted)
    }

    /// Deletes every run and comparison, the starred ones too, and gives the disk back.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn delete_all(&mut self) -> Result<usize, StoreError> {
        let deleted = self.connection.execute("DELETE FROM runs", [])?;
        self.connection.execute("DELETE FROM comparisons", [])?;
        self.connection.execute_batch("INSERT INTO words (words) VALUES ('optimize'); VACUUM")?;
        self.forget_log()?;
        Ok(deleted)
    }

    /// All there is.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn amount(&self) -> Result<Amount, StoreError> {
        let sql = "SELECT count(*), coalesce(sum(bytes), 0), max(started_ms) FROM runs";
        let mut query = self.connection.prepare_cached(sql)?;
        Ok(query.query_row([], |row| {
            Ok(Amount { runs: row.get(0)?, bytes: row.get(1)?, newest_ms: row.get(2)? })
        })?)
    }

    /// What [`Store::shrink`] would delete, so that a person can be told before.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn beyond(&self, limit: i64, going_on: &[String]) -> Result<Amount, StoreError> {
        let mut gone = Amount::default();
        self.oldest(limit, going_on)?.iter().for_each(|it| gone.add(it.amount));
        Ok(gone)
    }

    /// Deletes the oldest runs without a star until what is left takes at most `limit` bytes. A
    /// comparison is kept or goes as a whole, and is as old as its newest run. The newest of all
    /// stays however large it is, since somebody is looking at it, and so do the comparisons
    /// `going_on`, between two calls of which no run may be under way.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn shrink(&mut self, limit: i64, going_on: &[String]) -> Result<Amount, StoreError> {
        let oldest = self.oldest(limit, going_on)?;
        let mut gone = Amount::default();
        if oldest.is_empty() {
            return Ok(gone);
        }
        let transaction = self.connection.transaction()?;
        for Unit { run, comparison, amount } in oldest {
            match comparison {
                Some(number) => transaction
                    .prepare_cached("DELETE FROM comparisons WHERE number = ?")?
                    .execute([number])?,
                None => transaction
                    .prepare_cached("DELETE FROM runs WHERE number = ?")?
                    .execute([run])?,
            };
            gone.add(amount);
        }
        transaction.commit()?;
        self.forget_log()?;
        Ok(gone)
    }

    /// What goes first.
    fn oldest(&self, limit: i64, going_on: &[String]) -> Result<Vec<Unit>, StoreError> {
        // Most of the time there is room.
        if self.amount()?.bytes <= limit {
            return Ok(Vec::new());
        }
        let mut query = self.connection.prepare_cached(OLDEST)?;
        let units = query.query_map(params![limit, serde_json::to_string(going_on)?], |row| {
            let amount = Amount { runs: row.get(2)?, bytes: row.get(3)?, newest_ms: row.get(4)? };
            Ok(Unit { run: row.get(0)?, comparison: row.get(1)?, amount })
        })?;
        Ok(units.collect::<Result<_, _>>()?)
    }

    /// Deleted pages are overwritten in the file, and the log beside it begins anew.
    pub(crate) fn forget_log(&mut self) -> Result<(), StoreError> {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

/// A name as it is kept.
pub(crate) fn named(title: &str) -> String {
    title.trim().chars().take(LONGEST_TITLE).collect()
}

/// What goes at once: a run, or a comparison with its runs.
struct Unit {
    run: i64,
    comparison: Option<i64>,
    amount: Amount,
}

/// What goes first: each run or comparison whose newer neighbours, with the starred ones, fill the
/// limit. A star on one run keeps its whole comparison, and so does one that has not ended, or that
/// is among the ids in the JSON array ?2.
const OLDEST: &str = "
    SELECT number, comparison, runs, bytes, newest_ms FROM (
        SELECT *, sum(bytes) OVER (ORDER BY starred DESC, number DESC) AS filled FROM (
            SELECT max(runs.number) AS number, comparison, count(*) AS runs,
                sum(runs.bytes) AS bytes, max(started_ms) AS newest_ms,
                max(runs.starred OR coalesce(comparisons.starred, 0)) AS starred,
                max(outcome = 'running'
                    OR coalesce(comparisons.id IN (SELECT value FROM json_each(?2)), 0)) AS running
            FROM runs LEFT JOIN comparisons ON comparisons.number = comparison
            GROUP BY coalesce(-comparison, runs.number)
        )
    ) WHERE filled > ?1 AND NOT starred AND NOT running
        AND number < (SELECT max(number) FROM runs)";
