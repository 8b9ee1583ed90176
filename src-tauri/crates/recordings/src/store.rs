//! The file that runs lie in: opened, brought up to date, or set aside.
//!
//! Nothing that was written is thrown away. A file of a newer version is left as it is; a damaged
//! one is kept under another name, and what can still be read is copied out of it.

mod rescue;
pub(crate) mod write;

use crate::compare::{Place, PlanError};
use crate::session;
use crate::summary::{Outcome, Tally};
use playground::{RunEvent, prices::Price};
use rusqlite::{Connection, ErrorCode, OptionalExtension};
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};
use thiserror::Error;
use write::write_tally;

/// What brings a file from one version to the next; its version is how many it has behind it.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/1.sql"),
    include_str!("../migrations/2.sql"),
    include_str!("../migrations/3.sql"),
    include_str!("../migrations/4.sql"),
    include_str!("../migrations/5.sql"),
];
/// The version that this program writes.
pub const VERSION: i64 = MIGRATIONS.len() as i64;
/// How long another window may hold the file.
const BUSY: Duration = Duration::from_secs(5);
/// Up to this size a file is checked whole when it is opened: half a second here.
const CHECKED_BYTES: u64 = 256 * 1024 * 1024;

/// Why a file cannot be used as it is.
#[derive(Debug, Error)]
pub enum StoreError {
    /// SQLite says no.
    #[error("{}", explain(.0))]
    Sqlite(#[from] rusqlite::Error),
    /// The disk says no.
    #[error("{0}")]
    Disk(#[from] io::Error),
    /// An event or a chat in it is not what we write.
    #[error("a recording holds something that is none: {0}")]
    Json(#[from] serde_json::Error),
    /// Nobody wants the rest of what is being read.
    #[error("stopped")]
    Stopped,
    /// No such run.
    #[error("there is no such run any more")]
    NoSuchRun,
    /// No such comparison.
    #[error("there is no such comparison any more")]
    NoSuchComparison,
    /// No such version of a system message.
    #[error("there is no such version any more")]
    NoSuchVersion,
    /// What is to be written has an id that something else has.
    #[error("this was sent before; nothing was sent again")]
    ThereAlready,
    /// The place has a run.
    #[error("this place was sent before (row {}, column {}); nothing was sent again", .0.row + 1, .0.column + 1)]
    Claimed(Place),
    /// The plan has no such place.
    #[error("the comparison has no such place (row {}, column {})", .0.row + 1, .0.column + 1)]
    NoSuchPlace(Place),
    /// A comparison cannot be sent so.
    #[error(transparent)]
    BadPlan(#[from] PlanError),
}

/// In words that say what to do, where we know.
fn explain(error: &rusqlite::Error) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the disk is full".into(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another window is using the recordings".into()
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            "the file of the recordings is damaged".into()
        }
        Some(ErrorCode::SystemIoFailure) => {
            format!("the disk does not work as it should ({error})")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            "the file of the recordings cannot be written".into()
        }
        _ => error.to_string(),
    }
}

/// An open file of recordings.
pub struct Store {
    pub(crate) connection: Connection,
    path: PathBuf,
}

/// What was opened, and what a person should be told about it.
pub struct Opened {
    /// The file.
    pub store: Store,
    /// In a sentence or two; none if all is well.
    pub notice: Option<String>,
}

impl Store {
    /// Opens the recordings in `folder`, whatever state they are in.
    ///
    /// # Errors
    /// Where nothing can be written in `folder`.
    pub fn open(folder: &Path) -> Result<Opened, StoreError> {
        let path = folder.join("recordings.sqlite");
        match Store::at(&path) {
            Ok(store) => Ok(Opened { store, notice: None }),
            Err(Unusable::Newer) => {
                let own = folder.join(format!("recordings-{VERSION}.sqlite"));
                let store = Store::at(&own).map_err(Unusable::into_error)?;
                let notice = "A newer Tokenscope has written the recordings here. They are left \
                    as they are; this version keeps its own beside them."
                    .to_owned();
                Ok(Opened { store, notice: Some(notice) })
            }
            Err(Unusable::Damaged(_)) => rescue::rescue(&path),
            Err(Unusable::Other(error)) => Err(error),
        }
    }

    /// A second connection to the same file, to read while another one writes.
    pub fn again(path: &Path) -> Result<Store, StoreError> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        Ok(Store { connection, path: path.to_owned() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn at(path: &Path) -> Result<Store, Unusable> {
        let size = fs::metadata(path).map_or(0, |it| it.len());
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if !(0..=VERSION).contains(&version) {
            return Err(Unusable::Newer);
        }
        if size > 0 && size < CHECKED_BYTES {
            check(&connection)?;
        }
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "secure_delete", true)?;
        if version > 0 && version < VERSION {
            let kept = path.with_extension(format!("version-{version}.sqlite"));
            connection.execute("VACUUM INTO ?", [kept.to_string_lossy()])?;
        }
        for step in version..VERSION {
            migrate(&mut connection, step)?;
        }
        Ok(Store { connection, path: path.to_owned() })
    }

    /// Marks the runs of processes that are gone, and adds up what they came to.
    ///
    /// # Errors
    /// Where the file cannot be read or written.
    pub fn close_lost(&mut self, folder: &Path) -> Result<usize, StoreError> {
        let mut running = self.connection.prepare(
            "SELECT number, session, price FROM runs WHERE outcome = 'running' ORDER BY number",
        )?;
        let rows = running.query_map([], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?))
        })?;
        let rows = rows.collect::<Result<Vec<(i64, String, Option<String>)>, _>>()?;
        drop(running);
        let mut lost = 0;
        for (number, session, price) in rows {
            if !session::has_ended(folder, &session) {
                continue;
            }
            let mut tally = Tally::default();
            let read = self.each_event(number, |event, bytes| {
                tally.add(&event, bytes);
                Ok(())
            });
            // One that cannot be read is lost all the same.
            if read.is_err() || tally.outcome == Outcome::Running {
                tally.outcome = Outcome::Lost;
            }
            let price = price.and_then(|json| serde_json::from_str::<Price>(&json).ok());
            let transaction = self.connection.transaction()?;
            write_tally(&transaction, number, &tally, price.as_ref())?;
            transaction.commit()?;
            lost += 1;
        }
        Ok(lost)
    }

    /// The number of the run with this id.
    pub(crate) fn number(&self, id: &str) -> Result<i64, StoreError> {
        let mut query = self.connection.prepare_cached("SELECT number FROM runs WHERE id = ?")?;
        let number = query.query_row([id], |row| row.get(0)).optional()?;
        number.ok_or(StoreError::NoSuchRun)
    }

    /// Reads the events of a run in their order, and hands each to `take`.
    ///
    /// # Errors
    /// Where there is no such run, or the file cannot be read.
    pub fn events(
        &self,
        id: &str,
        mut take: impl FnMut(RunEvent) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.each_event(self.number(id)?, |event, _| take(event))
    }

    fn each_event(
        &self,
        number: i64,
        mut take: impl FnMut(RunEvent, usize) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut query = self
            .connection
            .prepare_cached("SELECT event, raw FROM events WHERE run = ? ORDER BY place")?;
        let mut rows = query.query([number])?;
        while let Some(row) = rows.next()? {
            let json = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            let raw: Option<Vec<u8>> = row.get(1)?;
            let bytes = json.len() + raw.as_ref().map_or(0, Vec::len);
            let mut event: RunEvent = serde_json::from_str(json)?;
            if let (RunEvent::Frame(frame), Some(raw)) = (&mut event, raw) {
                frame.raw = raw;
            }
            take(event, bytes)?;
        }
        Ok(())
    }
}

/// Why a file is not used.
enum Unusable {
    Newer,
    Damaged(rusqlite::Error),
    Other(StoreError),
}

impl Unusable {
    fn into_error(self) -> StoreError {
        match self {
            Unusable::Newer => io::Error::other("a newer version has written this file").into(),
            Unusable::Damaged(error) => error.into(),
            Unusable::Other(error) => error,
        }
    }
}

impl From<rusqlite::Error> for Unusable {
    fn from(error: rusqlite::Error) -> Unusable {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Unusable::Damaged(error),
            _ => Unusable::Other(error.into()),
        }
    }
}

/// Reads every page; what is wrong with them is an error like any other.
fn check(connection: &Connection) -> Result<(), rusqlite::Error> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        return Ok(());
    }
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    Err(rusqlite::Error::SqliteFailure(code, Some(verdict)))
}

fn migrate(connection: &mut Connection, step: i64) -> Result<(), rusqlite::Error> {
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Another window may have been here first.
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version == step {
        transaction.execute_batch(MIGRATIONS[step as usize])?;
        transaction.pragma_update(None, "user_version", step + 1)?;
    }
    transaction.commit()
}
