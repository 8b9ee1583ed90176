//! Runs to files and back: what is written where, and under which name.

use playground::Target;
use recordings::{
    Store,
    files::{
        self, FileError, Watch, body,
        transcript::{self, Format},
    },
    search::Kept,
};
use serde::Deserialize;
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
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

/// A name for the file that these runs are written to. Of one run, its own.
///
/// # Errors
/// Where they cannot be read.
pub fn name(
    store: &Store,
    ids: &[String],
    form: ExportForm,
    day: &str,
) -> Result<String, FileError> {
    let name = match ids {
        [id] => plain(&store.run(id)?),
        _ => format!("runs-{day}"),
    };
    let ending = match form {
        ExportForm::Recording => files::ENDING,
        ExportForm::Markdown => ".md",
        ExportForm::Html => ".html",
        ExportForm::Body => match ids.first() {
            Some(id) => body::of_run(store, id)?.1.ending(),
            None => "",
        },
    };
    Ok(name + ending)
}

/// Letters and digits, which every file system takes.
fn plain(kept: &Kept) -> String {
    let Target { model, .. } = &kept.summary.target;
    let named = [&kept.summary.title, &kept.summary.question, model];
    let words = named.into_iter().map(|it| {
        let words = it.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join("-")
    });
    let name = words.into_iter().find(|it| !it.is_empty()).unwrap_or_else(|| "run".into());
    name.chars().take(48).collect()
}

/// Writes runs to `path`, and returns how many. The file takes its place when it is whole: one
/// that was there before stays as it was until then.
///
/// # Errors
/// Where the runs cannot be read, or the file cannot be written.
pub fn save(
    store: &Store,
    ids: &[String],
    form: ExportForm,
    path: &Path,
    watch: Watch<'_>,
) -> Result<u64, FileError> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = Path::new(&part);
    let written = write(store, ids, form, part, watch).and_then(|runs| {
        fs::rename(part, path)?;
        Ok(runs)
    });
    if written.is_err() {
        // What was begun is of no use; that it may not be there is no matter.
        let _ = fs::remove_file(part);
    }
    written
}

fn write(
    store: &Store,
    ids: &[String],
    form: ExportForm,
    path: &Path,
    watch: Watch<'_>,
) -> Result<u64, FileError> {
    let mut out = BufWriter::new(File::create(path)?);
    let runs = match (form, ids) {
        (ExportForm::Recording, _) => files::export(store, ids, &mut out, watch)?.runs,
        (ExportForm::Markdown, _) => {
            transcript::export(store, ids, Format::Markdown, &mut out, watch)?
        }
        (ExportForm::Html, _) => transcript::export(store, ids, Format::Html, &mut out, watch)?,
        (ExportForm::Body, [id]) => {
            out.write_all(&body::of_run(store, id)?.0)?;
            1
        }
        (ExportForm::Body, _) => return Err(FileError::NothingCame),
    };
    out.flush()?;
    out.get_ref().sync_all()?;
    Ok(runs)
}
