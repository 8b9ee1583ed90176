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

    /// Deletes every run, the starred ones too, and gives the disk back.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn delete_all(&mut self) -> Result<usize, StoreError> {
        let deleted = self.connection.execute("DELETE FROM runs", [])?;
        self.connection.execute_batch("INSERT INTO words (words) VALUES ('optimize'); VACUUM")?;
        self.forget_log()?;
        Ok(deleted)
    }

    /// All there is.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn amount(&self) -> Result<Amount, StoreError> {
        self.sum("SELECT count(*), coalesce(sum(bytes), 0), max(started_ms) FROM runs", &[])
    }

    /// What [`Store::shrink`] would delete, so that a person can be told before.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn beyond(&self, limit: i64) -> Result<Amount, StoreError> {
        self.sum(
            &format!("SELECT count(*), coalesce(sum(bytes), 0), max(started_ms) FROM ({OLDEST})"),
            &[limit],
        )
    }

    /// Deletes the oldest runs without a star until what is left takes at most `limit` bytes.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn shrink(&mut self, limit: i64) -> Result<Amount, StoreError> {
        let gone = self.beyond(limit)?;
        if gone.runs > 0 {
            let sql = format!("DELETE FROM runs WHERE number IN (SELECT number FROM ({OLDEST}))");
            self.connection.execute(&sql, [limit])?;
            self.forget_log()?;
        }
        Ok(gone)
    }

    fn sum(&self, sql: &str, values: &[i64]) -> Result<Amount, StoreError> {
        let mut query = self.connection.prepare_cached(sql)?;
        Ok(query.query_row(rusqlite::params_from_iter(values), |row| {
            Ok(Amount { runs: row.get(0)?, bytes: row.get(1)?, newest_ms: row.get(2)? })
        })?)
    }

    /// Deleted pages are overwritten in the file, and the log beside it begins anew.
    fn forget_log(&mut self) -> Result<(), StoreError> {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

/// A name as it is kept.
pub(crate) fn named(title: &str) -> String {
    title.trim().chars().take(LONGEST_TITLE).collect()
}

/// The runs that go first: each whose newer neighbours, with the starred ones, fill the limit.
const OLDEST: &str = "
    SELECT number, bytes, started_ms FROM (
        SELECT number, bytes, started_ms, starred, outcome,
            sum(bytes) OVER (ORDER BY starred DESC, number DESC) AS filled
        FROM runs
    ) WHERE filled > ?1 AND NOT starred AND outcome <> 'running'";
