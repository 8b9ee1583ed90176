//! The settings file before the store reads it and after the store wrote it.
//!
//! The store writes in place, so a crash leaves half a file, and it reads half a file as
//! none, so its next save would wipe what was left. Here a damaged file is kept aside and
//! the last good one put back before the store looks.

use super::SCHEMA_VERSION;
use serde_json::{Map, Value};
use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};
use time::OffsetDateTime;

/// Makes the file at `path` one that the store can read, and returns what to tell the person.
pub fn mend(path: &Path, now: OffsetDateTime) -> Vec<String> {
    let (why, name) = match examine(path) {
        Ok(State::Good | State::None) => return Vec::new(),
        Ok(State::Newer(version)) => (
            "were written by a newer version of Tokenscope".to_owned(),
            format!("version-{version}"),
        ),
        Ok(State::Damaged) => ("were damaged".to_owned(), "corrupt".to_owned()),
        Err(error) => return vec![format!("The settings could not be read: {error}.")],
    };
    let aside = path.with_file_name(format!("settings.{name}-{}.json", stamp(now)));
    if let Err(error) = fs::rename(path, &aside) {
        return vec![format!("The settings {why} and could not be kept aside: {error}.")];
    }
    let restored = match restore(path) {
        true => "The last good ones are back",
        false => "They are back to their defaults",
    };
    vec![format!("The settings {why}. {restored}; the old file is kept as {}.", aside.display())]
}

/// Keeps a copy of the file at `path`, which was written in full.
pub fn back_up(path: &Path) -> io::Result<()> {
    replace(&back_up_path(path), &fs::read(path)?)
}

/// Where the last good file is kept.
pub fn back_up_path(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".bak");
    name.into()
}

enum State {
    None,
    Good,
    Damaged,
    Newer(u64),
}

fn examine(path: &Path) -> io::Result<State> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::None),
        Err(error) => return Err(error),
    };
    let Ok(entries) = serde_json::from_slice::<Map<String, Value>>(&bytes) else {
        return Ok(State::Damaged);
    };
    let version = entries.get("schema_version").and_then(Value::as_u64).unwrap_or(0);
    Ok(if version > u64::from(SCHEMA_VERSION) { State::Newer(version) } else { State::Good })
}

fn restore(path: &Path) -> bool {
    let copy = back_up_path(path);
    matches!(examine(&copy), Ok(State::Good))
        && fs::read(&copy).and_then(|bytes| replace(path, &bytes)).is_ok()
}

/// Writes a file so that it is there in full or not at all.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = OsString::from(path);
    name.push(".new");
    let new = PathBuf::from(name);
    let mut file = File::create(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&new, path)
}

/// Moves a file that cannot be read out of the way, and says where to.
pub fn put_aside(path: &Path) -> String {
    let aside = path.with_extension("damaged.json");
    match fs::rename(path, &aside) {
        Ok(()) => format!("the file is kept as {}", aside.display()),
        Err(error) => format!("the file could not be kept: {error}"),
    }
}

/// Such as `20261120-213712-042`: sorts by time and is a file name everywhere.
fn stamp(now: OffsetDateTime) -> String {
    let (date, hour, minute, second) = (now.date(), now.hour(), now.minute(), now.second());
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    let millisecond = now.millisecond();
    format!("{year:04}{month:02}{day:02}-{hour:02}{minute:02}{second:02}-{millisecond:03}")
}
