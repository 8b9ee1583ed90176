//! Reads `.tokenscope.json`: first as a whole, to see what it is, then run by run.

mod form;
mod place;

use super::{FileError, GIVEN_UP, LARGEST, VERSION, Watch, Watched};
use crate::Recorder;
use form::Document;
pub(super) use form::Run;
use place::Verdict;
use serde::Serialize;
use serde_json::value::RawValue;
use std::io::{self, BufReader, Read, Seek};
use ts_rs::TS;

/// So much is written at a time, in bytes of the file: others who write wait for no more.
const PORTION: usize = 32 << 10;
/// How many of the runs that were left out are told about.
const MOST_TOLD: usize = 20;

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Imported {
    /// Runs that are here now and were not before.
    pub added: u32,
    /// Runs that were here already, with the same events.
    pub there_already: u32,
    /// Runs that could not be read.
    pub left_out: u32,
    /// Why, of the first of them.
    pub why: Vec<LeftOut>,
}

/// A run that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct LeftOut {
    /// The how manieth of its file it is; 1 is the first.
    pub place: u32,
    /// What is wrong with it.
    pub why: String,
}

impl Imported {
    /// This, and what became of another file.
    pub fn add(&mut self, more: Imported) {
        self.added += more.added;
        self.there_already += more.there_already;
        self.left_out += more.left_out;
        self.why.extend(more.why);
        self.why.truncate(MOST_TOLD);
    }

    fn count(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Added(_) => self.added += 1,
            Verdict::ThereAlready => self.there_already += 1,
        }
    }
}

/// Adds the runs of `file` to those that are kept. A run that is there already is not doubled;
/// one that has the id of another gets a new one. A file that is no file of runs, breaks off or
/// is given up changes nothing.
///
/// # Errors
/// Where it is none that can be read, or the runs cannot be written.
pub fn import(
    recorder: &Recorder,
    file: &mut (impl Read + Seek),
    watch: Watch<'_>,
) -> Result<Imported, FileError> {
    look(file, watch)?;
    file.rewind()?;
    let mut adding = Adding { recorder, portion: Vec::new(), size: 0, place: 0, ids: Vec::new() };
    let mut imported = Imported::default();
    let added = adding.all(file, watch, &mut imported);
    if let Err(error) = added {
        let ids = adding.ids;
        recorder.with(move |store| store.delete(&ids))?;
        return Err(error);
    }
    Ok(imported)
}

/// Adds a run that was made out of something else.
pub(super) fn add_one(recorder: &Recorder, run: Run) -> Result<Imported, FileError> {
    let verdicts = recorder.with(move |store| store.add_runs(&[run]))?;
    let mut imported = Imported::default();
    verdicts.into_iter().for_each(|verdict| imported.count(&verdict));
    Ok(imported)
}

/// Whether the file is whole, and what it says that it is. Nothing is kept of it.
fn look(file: &mut impl Read, watch: Watch<'_>) -> Result<(), FileError> {
    let mut document = Document::default();
    read(file, watch, &mut document)?;
    match document.version {
        _ if !document.has_runs => Err(FileError::NoRuns),
        None | Some(0) => Err(FileError::NoRuns),
        Some(version) if version > VERSION => Err(FileError::Newer(version)),
        Some(_) => Ok(()),
    }
}

/// Reads the file to its end, and hands each run to the `document`.
fn read(
    file: &mut impl Read,
    watch: Watch<'_>,
    document: &mut Document<'_>,
) -> Result<(), FileError> {
    let mut watched = Watched { source: file, watch, done: 0 };
    let mut json =
        serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, &mut watched));
    let result = serde::de::DeserializeSeed::deserialize(&mut *document, &mut json)
        .and_then(|()| json.end());
    drop(json);
    let done = watched.done;
    match result {
        _ if done > LARGEST => Err(FileError::TooLarge(done)),
        Ok(()) => Ok(()),
        Err(error) => Err(match document.failed.take() {
            Some(failed) => failed,
            None if error.io_error_kind() == Some(GIVEN_UP) => FileError::Stopped,
            None if error.is_io() => io::Error::from(error).into(),
            None if error.is_data() => FileError::NoRuns,
            None => FileError::Damaged(error),
        }),
    }
}

/// Runs on their way from the file into the store.
struct Adding<'a> {
    recorder: &'a Recorder,
    portion: Vec<Run>,
    size: usize,
    place: u32,
    /// Those that are in the store by now.
    ids: Vec<String>,
}

impl Adding<'_> {
    fn all(
        &mut self,
        file: &mut impl Read,
        watch: Watch<'_>,
        imported: &mut Imported,
    ) -> Result<(), FileError> {
        let mut take = |run: Box<RawValue>| self.take(&run, imported);
        let mut document = Document { take: Some(&mut take), ..Document::default() };
        read(file, watch, &mut document)?;
        self.write(imported)
    }

    fn take(&mut self, text: &RawValue, imported: &mut Imported) -> Result<(), FileError> {
        self.place += 1;
        match Run::read(text.get()) {
            Ok(run) => {
                self.portion.push(run);
                self.size += text.get().len();
            }
            Err(why) => {
                imported.add(Imported {
                    left_out: 1,
                    why: vec![LeftOut { place: self.place, why }],
                    ..Imported::default()
                });
            }
        }
        if self.size >= PORTION { self.write(imported) } else { Ok(()) }
    }

    fn write(&mut self, imported: &mut Imported) -> Result<(), FileError> {
        let portion = std::mem::take(&mut self.portion);
        self.size = 0;
        for verdict in self.recorder.with(move |store| store.add_runs(&portion))? {
            imported.count(&verdict);
            if let Verdict::Added(id) = verdict {
                self.ids.push(id);
            }
        }
        Ok(())
    }
}
