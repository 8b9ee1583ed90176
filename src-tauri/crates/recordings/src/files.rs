//! Runs in files: given away, kept elsewhere, and read again.
//!
//! - `write`, `read`: `.tokenscope.json`, which holds all that is known of one run or many. Its
//!   form is described in `docs/recording-format.md`.
//! - `share`: what is left out of every file, since it is nobody else's business.
//! - `check`: what a file may claim that a run never does.
//! - [`body`]: the body of a reply alone, byte for byte, in both directions.
//! - [`transcript`]: a conversation to be read, as Markdown or HTML.
//!
//! A file is anybody's: it may be huge, broken, of a later version or made to do harm. It is read
//! bit by bit, in memory that does not grow with it. What is no run is left out with a reason, and
//! what was stored before is never changed.
pub mod body;
mod check;
mod read;
mod share;
pub mod transcript;

mod write;

pub use read::{Imported, LeftOut, import};
pub use write::{Exported, export};

use crate::{Recorder, StoreError};
use std::{
    fs::File,
    io::{self, Read, Seek},
    path::Path,
};
use thiserror::Error;

/// What the name of a file of recordings ends with.
pub const ENDING: &str = ".tokenscope.json";
/// The version of the format that is written, and the newest that is read.
pub const VERSION: u64 = 1;
/// The largest file that is read or written, in bytes: ten thousand runs, or one of many hours.
pub const LARGEST: u64 = 512 << 20;
/// The largest body that is made a recording of, in bytes: it is read at once.
pub const LARGEST_BODY: u64 = 64 << 20;

/// Asked now and then while a file is read or written, with how much is done: bytes of a file
/// that is read, runs of one that is written. Whether to go on.
pub type Watch<'a> = &'a mut dyn FnMut(u64) -> bool;

/// Why a file cannot be read or written.
#[derive(Debug, Error)]
pub enum FileError {
    /// The disk says no.
    #[error("{}", explain(.0))]
    Disk(#[from] io::Error),
    /// The runs cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is no JSON, or breaks off.
    #[error("it is damaged, or no file of this kind: {0}")]
    Damaged(serde_json::Error),
    /// It is JSON, and something else.
    #[error("it holds no runs of Tokenscope")]
    NoRuns,
    /// It is one of ours with something else.
    #[error("it holds a token sheet, which is opened in the room Tokens")]
    Sheet,
    /// A later version of the app wrote it.
    #[error("a newer Tokenscope has written it (format {0}; this one reads {VERSION})")]
    Newer(u64),
    /// What is written would be larger than [`LARGEST`].
    #[error("these runs make a file of more than {} MB, which could not be read again", LARGEST >> 20)]
    TooMuch,
    /// It is larger than [`LARGEST`].
    #[error("it is {} MB large; files of up to {} MB are read", .0 >> 20, LARGEST >> 20)]
    TooLarge(u64),
    /// A body is larger than [`LARGEST_BODY`].
    #[error("it is {} MB large; bodies of up to {} MB are read", .0 >> 20, LARGEST_BODY >> 20)]
    LargeBody(u64),
    /// There is nothing in it that any provider would send.
    #[error("no wire format has such a body")]
    NoBody,
    /// The run has no frames.
    #[error("nothing of a body came in this run")]
    NothingCame,
    /// The person stopped it.
    #[error("stopped")]
    Stopped,
}

/// The system's words name the file by its path, which belongs to nobody but its owner.
fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it is not there any more".into(),
        io::ErrorKind::PermissionDenied => "this is not allowed".into(),
        io::ErrorKind::StorageFull => "the disk is full".into(),
        kind => kind.to_string(),
    }
}

impl From<rusqlite::Error> for FileError {
    fn from(error: rusqlite::Error) -> FileError {
        StoreError::from(error).into()
    }
}

/// Opens a file to be read: a real one, and none that never ends.
///
/// # Errors
/// Where it cannot be opened, or is larger than [`LARGEST`].
pub fn open(path: &Path) -> Result<File, FileError> {
    let about = path.metadata()?;
    if !about.is_file() {
        return Err(io::Error::from(io::ErrorKind::InvalidInput).into());
    }
    match about.len() {
        size if size > LARGEST => Err(FileError::TooLarge(size)),
        _ => Ok(File::open(path)?),
    }
}

/// Adds what is in the file at `path`: runs, or a body of which a recording is made `now_ms`.
///
/// # Errors
/// Where it is neither, or cannot be read, or the runs cannot be written.
pub fn import_file(
    recorder: &Recorder,
    path: &Path,
    now_ms: i64,
    watch: Watch<'_>,
) -> Result<Imported, FileError> {
    let mut file = open(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let why = match import(recorder, &mut file, watch) {
        Err(why @ (FileError::NoRuns | FileError::Damaged(_))) if !name.ends_with(ENDING) => why,
        done => return done,
    };
    let size = file.metadata()?.len();
    if size > LARGEST_BODY {
        return Err(FileError::LargeBody(size));
    }
    let mut bytes = Vec::new();
    file.rewind()?;
    file.take(LARGEST_BODY).read_to_end(&mut bytes)?;
    let title = name.rsplit_once('.').map_or(&*name, |(title, _)| title);
    match body::import(recorder, &bytes, title, now_ms) {
        // It is JSON, and so it may have been meant to be a file of runs.
        Err(FileError::NoBody) if matches!(why, FileError::NoRuns) => Err(why),
        done => done,
    }
}

/// How a reading is given up. Of the kinds that no file has, one that nobody tries again after.
const GIVEN_UP: io::ErrorKind = io::ErrorKind::ConnectionAborted;

/// A reader that tells how far it is, and stops when nobody wants to go on, or at [`LARGEST`].
struct Watched<'a, 'w> {
    source: &'a mut dyn Read,
    watch: Watch<'w>,
    done: u64,
}

impl Read for Watched<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.done += count as u64;
        // A file may grow while it is read.
        match self.done <= LARGEST && (self.watch)(self.done) {
            true => Ok(count),
            false => Err(GIVEN_UP.into()),
        }
    }
}
