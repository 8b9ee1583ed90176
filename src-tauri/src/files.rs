//! Runs to files and back: what is written where, and under which name.

use playground::Target;
use recordings::{
    Store,
    files::{
        self, FileError, Watch, body,
        transcript::{self, Format},
    },
    search::{Fitting, Kept},
};
use serde::Deserialize;
use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::Path,
};
use ts_rs::TS;

/// What runs are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ExportForm {
    /// All that is known of them, to be read by Tokenscope again.
    Recording,
    /// The conversation to be read, in Markdown.
    Markdown,
    /// The same as a page.
    Html,
    /// The body of the reply, byte for byte: of one run only.
    Body,
}

/// A name for the file that these are written to. Of one run or one comparison, its own.
///
/// # Errors
/// Where they cannot be read.
pub fn name(
    store: &Store,
    what: &Fitting,
    form: ExportForm,
    day: &str,
) -> Result<String, FileError> {
    let name = match (&what.runs[..], &what.comparisons[..]) {
        ([id], []) => plain(&store.run(id)?),
        ([], [id]) => {
            let it = store.comparison(id)?.summary;
            plain_name([&it.title, &it.question, "comparison"])
        }
        _ => format!("runs-{day}"),
    };
    let ending = match form {
        ExportForm::Recording => files::ENDING,
        ExportForm::Markdown => ".md",
        ExportForm::Html => ".html",
        ExportForm::Body => match what.runs.first() {
            Some(id) => body::of_run(store, id)?.1.ending(),
            None => "",
        },
    };
    Ok(name + ending)
}

/// A name that tells which run it is.
fn plain(kept: &Kept) -> String {
    let Target { model, .. } = &kept.summary.target;
    let named = [&kept.summary.title, &kept.summary.question, model];
    plain_name(named.into_iter().map(String::as_str).chain(["run"]))
}

/// The letters and digits, which every file system takes, of the first that has any.
pub fn plain_name<'a>(named: impl IntoIterator<Item = &'a str>) -> String {
    let words = named.into_iter().map(|it| {
        let words = it.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join("-")
    });
    let name = words.into_iter().find(|it| !it.is_empty()).unwrap_or_default();
    name.chars().take(48).collect()
}

/// Writes a file that takes its place when it is whole: one that was there before stays as it was
/// until then.
///
/// # Errors
/// What `write` returns, or that the file cannot be written.
pub fn whole<T, E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<T, E> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let begin = || -> Result<T, E> {
        let mut out = BufWriter::new(File::create(&part)?);
        let written = write(&mut out)?;
        out.flush()?;
        out.get_ref().sync_all()?;
        fs::rename(&part, path)?;
        Ok(written)
    };
    let written = begin();
    if written.is_err() {
        // What was begun is of no use; that it may not be there is no matter.
        let _ = fs::remove_file(&part);
    }
    written
}

/// The same where all of it is there already.
///
/// # Errors
/// That the file cannot be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    whole(path, |out| out.write_all(bytes))
}

/// Writes runs and comparisons to `path` when all of them are whole, and returns how many runs.
///
/// # Errors
/// Where the runs cannot be read, or the file cannot be written.
pub fn save(
    store: &Store,
    what: &Fitting,
    form: ExportForm,
    path: &Path,
    watch: Watch<'_>,
) -> Result<u64, FileError> {
    whole(path, |out| match form {
        ExportForm::Recording => Ok(files::export(store, what, out, watch)?.runs),
        ExportForm::Markdown => transcript::export(store, what, Format::Markdown, out, watch),
        ExportForm::Html => transcript::export(store, what, Format::Html, out, watch),
        ExportForm::Body => {
            let [id] = &what.runs[..] else { return Err(FileError::NothingCame) };
            out.write_all(&body::of_run(store, id)?.0)?;
            Ok(1)
        }
    })
}
