//! The system messages that were sent, each a version with a number, a name and a note.
//!
//! A version comes to be when a run is sent with words that none has yet: so nothing is kept of what
//! was only typed, and to send an older one again makes no new one. Sweeps and sets, and runs out of
//! a file, make none: they would bring many at once that nobody wrote one after the other.

use crate::{Beginning, Store, StoreError};
use playground::Role;
use rusqlite::{OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The longest name of a version, in characters.
const LONGEST_NAME: usize = 80;
/// The longest note, in characters.
const LONGEST_NOTE: usize = 2000;

/// A system message that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SystemVersion {
    /// Its number, from 1: the later it came to be, the greater.
    #[ts(type = "number")]
    pub number: i64,
    /// What it says.
    pub text: String,
    /// The name that a person gave it; empty if none did.
    pub name: String,
    /// What a person noted of it.
    pub note: String,
    /// When it was sent first: milliseconds since 1970, UTC.
    #[ts(type = "number")]
    pub created_ms: i64,
    /// How many runs there are that were sent with it.
    #[ts(type = "number")]
    pub runs: i64,
    /// When the last of them began; null if there are none.
    #[ts(type = "number | null")]
    pub last_ms: Option<i64>,
}

/// The version that a run was sent with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RunVersion {
    /// Its number.
    #[ts(type = "number")]
    pub number: i64,
    /// Its name; empty if it has none.
    pub name: String,
}

impl Store {
    /// Every version, the newest first.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn versions(&self) -> Result<Vec<SystemVersion>, StoreError> {
        let sql = "SELECT number, text, name, note, created_ms,
            (SELECT count(*) FROM runs WHERE version = versions.number),
            (SELECT max(started_ms) FROM runs WHERE version = versions.number)
            FROM versions ORDER BY number DESC";
        let mut query = self.connection.prepare_cached(sql)?;
        let versions = query.query_map([], |row| {
            Ok(SystemVersion {
                number: row.get(0)?,
                text: row.get(1)?,
                name: row.get(2)?,
                note: row.get(3)?,
                created_ms: row.get(4)?,
                runs: row.get(5)?,
                last_ms: row.get(6)?,
            })
        })?;
        Ok(versions.collect::<Result<_, _>>()?)
    }

    /// Gives a version a name and a note; empty ones take them away.
    ///
    /// # Errors
    /// Where there is no such version, or the file cannot be written.
    pub fn name_version(&mut self, number: i64, name: &str, note: &str) -> Result<(), StoreError> {
        let sql = "UPDATE versions SET name = ?, note = ? WHERE number = ?";
        let (name, note) = (cut(name, LONGEST_NAME), cut(note, LONGEST_NOTE));
        match self.connection.execute(sql, params![name, note, number])? {
            0 => Err(StoreError::NoSuchVersion),
            _ => Ok(()),
        }
    }

    /// Deletes a version from the disk; one that is not there any more is no error. Its runs stay,
    /// and what they sent.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn delete_version(&mut self, number: i64) -> Result<(), StoreError> {
        self.connection.execute("DELETE FROM versions WHERE number = ?", [number])?;
        self.forget_log()
    }

    /// Puts a version back that was deleted, unless its words have been sent again since then.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn restore_version(&mut self, version: &SystemVersion) -> Result<(), StoreError> {
        let SystemVersion { number, text, name, note, created_ms, .. } = version;
        let (name, note) = (cut(name, LONGEST_NAME), cut(note, LONGEST_NOTE));
        let sql = "INSERT OR IGNORE INTO versions (number, text, name, note, created_ms)
            VALUES (?, ?, ?, ?, ?)";
        self.connection.execute(sql, params![number, text, name, note, created_ms])?;
        Ok(())
    }

    /// Deletes every version, and returns how many there were.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn delete_all_versions(&mut self) -> Result<usize, StoreError> {
        let deleted = self.connection.execute("DELETE FROM versions", [])?;
        self.forget_log()?;
        Ok(deleted)
    }
}

fn cut(text: &str, longest: usize) -> String {
    text.trim().chars().take(longest).collect()
}

/// The version that a run is sent with, which is made if there is none with these words.
pub(crate) fn of(
    transaction: &Transaction<'_>,
    beginning: &Beginning,
    is_from_file: bool,
) -> Result<Option<i64>, rusqlite::Error> {
    let mut messages = beginning.chat.messages.iter();
    let system = messages.find(|it| it.role == Role::System && !it.text.trim().is_empty());
    // Nobody knows what a body says that was written by hand.
    let Some(system) = system.filter(|_| !beginning.by_hand) else { return Ok(None) };
    let sql = "SELECT number FROM versions WHERE text = ?";
    let known = transaction.prepare_cached(sql)?.query_row([&system.text], |row| row.get(0));
    let known = known.optional()?;
    if known.is_some() || is_from_file || is_of_batch(transaction, &beginning.id)? {
        return Ok(known);
    }
    let sql = "INSERT INTO versions (text, created_ms) VALUES (?, ?)";
    transaction.prepare_cached(sql)?.execute(params![system.text, beginning.started_ms])?;
    Ok(Some(transaction.last_insert_rowid()))
}

/// Whether a run has a place in a sweep or a set.
fn is_of_batch(transaction: &Transaction<'_>, id: &str) -> Result<bool, rusqlite::Error> {
    let sql = "SELECT 1 FROM cells JOIN comparisons ON comparisons.number = cells.comparison
        WHERE run = ? AND kind <> 'columns'";
    transaction.prepare_cached(sql)?.exists([id])
}
