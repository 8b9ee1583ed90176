//! Reads `.tokenscope.json`: first as a whole, to see what it is, then run by run.

mod form;
mod place;
mod together;

use super::{FileError, GIVEN_UP, LARGEST, VERSION, Watch, Watched};
use crate::Recorder;
use form::Document;
pub(super) use form::Run;
use place::Verdict;
use serde::Serialize;
use serde_json::value::RawValue;
use std::{
    collections::{HashMap, HashSet},
    io::{self, BufReader, Read, Seek},
    sync::Arc,
};
use together::{Before, FileComparison, Where};
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
    /// Comparisons that are here now and were not before; their runs are among those above.
    pub comparisons: u32,
    /// Runs and comparisons that could not be read.
    pub left_out: u32,
    /// Why, of the first of them.
    pub why: Vec<LeftOut>,
}

/// A run or a comparison that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct LeftOut {
    /// Whether it is a comparison.
    pub is_comparison: bool,
    /// The how manieth of its kind in its file it is; 1 is the first.
    pub place: u32,
    /// What is wrong with it.
    pub why: String,
}

impl Imported {
    /// This, and what became of another file.
    pub fn add(&mut self, more: Imported) {
        self.added += more.added;
        self.there_already += more.there_already;
        self.comparisons += more.comparisons;
        self.left_out += more.left_out;
        self.why.extend(more.why);
        self.why.truncate(MOST_TOLD);
    }

    fn leave_out(&mut self, is_comparison: bool, place: u32, why: String) {
        let why = vec![LeftOut { is_comparison, place, why }];
        self.add(Imported { left_out: 1, why, ..Imported::default() });
    }

    fn count(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Added(_) => self.added += 1,
            Verdict::ThereAlready => self.there_already += 1,
        }
    }
}

/// Adds the runs and the comparisons of `file` to those that are kept. What is there already is not
/// doubled; what has the id of another gets a new one. A file that is no file of runs, breaks off
/// or is given up changes nothing.
///
/// # Errors
/// Where it is none that can be read, or the runs cannot be written.
pub fn import(
    recorder: &Recorder,
    file: &mut (impl Read + Seek),
    watch: Watch<'_>,
) -> Result<Imported, FileError> {
    let mut imported = Imported::default();
    let comparisons = look(file, watch, &mut imported)?;
    file.rewind()?;
    let comparisons =
        recorder.with(move |store| comparisons.into_iter().map(|it| store.room_for(it)).collect());
    let comparisons: Vec<(FileComparison, Where)> = comparisons?;
    let new = comparisons.iter().filter(|(_, to)| *to != Where::ThereAlready);
    let copies = new.flat_map(|(it, _)| it.runs().map(str::to_owned)).collect::<HashSet<_>>();
    let mut adding = Adding {
        recorder,
        copies: Arc::new(copies),
        portion: Vec::new(),
        size: 0,
        place: 0,
        ids: HashMap::new(),
        added: Vec::new(),
    };
    let added = adding
        .all(file, watch, &mut imported)
        .and_then(|()| adding.comparisons(comparisons, &mut imported));
    if let Err(error) = added {
        let ids = adding.added;
        recorder.with(move |store| store.delete(&ids))?;
        return Err(error);
    }
    Ok(imported)
}

/// Adds a run that was made out of something else.
pub(super) fn add_one(recorder: &Recorder, run: Run) -> Result<Imported, FileError> {
    let verdicts = recorder.with(move |store| store.add_runs(&[run], &HashSet::new()))?;
    let mut imported = Imported::default();
    verdicts.into_iter().for_each(|verdict| imported.count(&verdict));
    Ok(imported)
}

/// Whether the file is whole, and what it says that it is. Of its runs nothing is kept; its
/// comparisons are returned, which are small beside them.
fn look(
    file: &mut impl Read,
    watch: Watch<'_>,
    imported: &mut Imported,
) -> Result<Vec<FileComparison>, FileError> {
    let (mut comparisons, mut place) = (Vec::new(), 0);
    let mut before = Before::default();
    let mut take = |text: Box<RawValue>| {
        place += 1;
        match FileComparison::read(text.get(), &mut before) {
            Ok(it) => comparisons.push(it),
            Err(why) => imported.leave_out(true, place, why),
        }
        Ok(())
    };
    let mut document = Document { take_comparison: Some(&mut take), ..Document::default() };
    read(file, watch, &mut document)?;
    let has_any = document.has_runs || document.has_comparisons;
    match document.version {
        Some(_) if document.has_sheet && !has_any => Err(FileError::Sheet),
        _ if !has_any => Err(FileError::NoRuns),
        None | Some(0) => Err(FileError::NoRuns),
        Some(version) if version > VERSION => Err(FileError::Newer(version)),
        Some(_) => Ok(comparisons),
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
    /// The runs of comparisons that are new here: they are added even where the same are there,
    /// since those belong elsewhere.
    copies: Arc<HashSet<String>>,
    portion: Vec<Run>,
    size: usize,
    place: u32,
    /// Those that are in the store by now: their ids in the file, and here.
    ids: HashMap<String, String>,
    /// The ids of all of them here; two in a file may have the same.
    added: Vec<String>,
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
            Err(why) => imported.leave_out(false, self.place, why),
        }
        if self.size >= PORTION { self.write(imported) } else { Ok(()) }
    }

    fn write(&mut self, imported: &mut Imported) -> Result<(), FileError> {
        let (portion, copies) = (std::mem::take(&mut self.portion), Arc::clone(&self.copies));
        self.size = 0;
        let names: Vec<_> = portion.iter().map(|run| run.id.clone()).collect();
        let verdicts = self.recorder.with(move |store| store.add_runs(&portion, &copies))?;
        for (name, verdict) in names.into_iter().zip(verdicts) {
            imported.count(&verdict);
            if let Verdict::Added(id) = verdict {
                self.added.push(id.clone());
                self.ids.entry(name).or_insert(id);
            }
        }
        Ok(())
    }

    /// Adds the comparisons that are new here, all at once, with those of their runs that are.
    fn comparisons(
        &mut self,
        comparisons: Vec<(FileComparison, Where)>,
        imported: &mut Imported,
    ) -> Result<(), FileError> {
        let ids = self.ids.clone();
        let add = move |store: &mut crate::Store| store.add_comparisons(&comparisons, &ids);
        imported.comparisons += self.recorder.with(add)?;
        Ok(())
    }
}
