//! Writes `.tokenscope.json`: run by run and event by event, so that memory does not grow.

use super::{FileError, LARGEST, VERSION, Watch, share::shared};
use crate::{
    Store,
    compare::{Cell, ComparisonKind, KeptComparison, Place, Plan},
    search::{Fitting, Kept},
    summary::Outcome,
};
use playground::{
    Chat, Target, Usage,
    prices::{Dollars, Price},
};
use serde::Serialize;
use std::io::{self, Write};

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exported {
    /// How many runs.
    pub runs: u64,
}

/// A run besides its events.
#[derive(Serialize)]
struct Head<'a> {
    id: &'a str,
    started_ms: i64,
    title: &'a str,
    starred: bool,
    target: &'a Target,
    by_hand: bool,
    chat: &'a Chat,
    price: Option<&'a Price>,
    came_to: CameTo,
}

/// What the events come to, for those who read the file with other tools. It is worked out anew
/// when the file is read.
#[derive(Serialize)]
struct CameTo {
    outcome: Outcome,
    usage: Option<Usage>,
    cost: Option<Dollars>,
    duration_us: i64,
}

/// Writes these runs, and these comparisons with all of theirs. What was deleted meanwhile is
/// passed over.
///
/// # Errors
/// Where a run cannot be read, or `out` cannot be written.
pub fn export(
    store: &Store,
    what: &Fitting,
    out: &mut dyn Write,
    watch: Watch<'_>,
) -> Result<Exported, FileError> {
    let out = &mut Counted { out, bytes: 0 };
    let app = env!("CARGO_PKG_VERSION");
    writeln!(out, "{{\"tokenscope\":{{\"version\":{VERSION},\"app\":\"{app}\"}},")?;
    let theirs = comparisons(store, &what.comparisons, out)?;
    out.write_all(b"\"runs\":[")?;
    let mut exported = Exported::default();
    for id in what.runs.iter().chain(&theirs) {
        let kept = match store.run(id) {
            Err(crate::StoreError::NoSuchRun) => continue,
            kept => kept?,
        };
        out.write_all(if exported.runs == 0 { b"\n" } else { b",\n" })?;
        run(store, &kept, out)?;
        exported.runs += 1;
        if out.bytes > LARGEST {
            return Err(FileError::TooMuch);
        }
        if !watch(exported.runs) {
            return Err(FileError::Stopped);
        }
    }
    out.write_all(b"\n]}\n")?;
    out.flush()?;
    Ok(exported)
}

/// Writes the comparisons, if there are any, and returns the ids of their runs.
fn comparisons(
    store: &Store,
    ids: &[String],
    out: &mut dyn Write,
) -> Result<Vec<String>, FileError> {
    let (mut runs, mut comma) = (Vec::new(), "\"comparisons\":[\n");
    for id in ids {
        let kept = match store.comparison(id) {
            Err(crate::StoreError::NoSuchComparison) => continue,
            kept => kept?,
        };
        write!(out, "{comma}{}", json(&Together::of(&kept))?)?;
        comma = ",\n";
        let there = kept.cells.into_iter().filter(|cell| cell.summary.is_some());
        runs.extend(there.map(|cell| cell.run));
    }
    if comma.starts_with(',') {
        out.write_all(b"\n],\n")?;
    }
    Ok(runs)
}

/// A comparison. What its runs say stands among the runs.
#[derive(Serialize)]
struct Together<'a> {
    id: &'a str,
    kind: ComparisonKind,
    created_ms: i64,
    title: &'a str,
    starred: bool,
    plan: &'a Plan,
    cells: Vec<FileCell<'a>>,
}

/// A place of it, and the run that stands there.
#[derive(Serialize)]
struct FileCell<'a> {
    row: u32,
    column: u32,
    repeat: u32,
    run: &'a str,
    start_us: Option<i64>,
}

impl Together<'_> {
    fn of(kept: &KeptComparison) -> Together<'_> {
        let KeptComparison { summary, plan, cells } = kept;
        let cells = cells.iter().map(|Cell { place, run, start_us, .. }| {
            let Place { row, column, repeat } = *place;
            FileCell { row, column, repeat, run, start_us: *start_us }
        });
        Together {
            id: &summary.id,
            kind: summary.kind,
            created_ms: summary.created_ms,
            title: &summary.title,
            starred: summary.starred,
            plan,
            cells: cells.collect(),
        }
    }
}

/// An event a line, so that people can read along, and compare two files.
fn run(store: &Store, kept: &Kept, out: &mut dyn Write) -> Result<(), FileError> {
    let head = json(&head(kept))?;
    let open = head.strip_suffix('}').unwrap_or(&head);
    write!(out, "{open},\"events\":[")?;
    let mut comma = "\n";
    store.events(&kept.summary.id, |event| {
        write!(out, "{comma}{}", serde_json::to_string(&shared(event))?)?;
        comma = ",\n";
        Ok(())
    })?;
    out.write_all(b"]}")?;
    Ok(())
}

fn head(kept: &Kept) -> Head<'_> {
    let Kept { summary, chat, price } = kept;
    Head {
        id: &summary.id,
        started_ms: summary.started_ms,
        title: &summary.title,
        starred: summary.starred,
        target: &summary.target,
        by_hand: summary.by_hand,
        chat,
        price: price.as_ref(),
        came_to: CameTo {
            outcome: summary.outcome,
            usage: summary.usage,
            cost: summary.cost,
            duration_us: summary.duration_us,
        },
    }
}

fn json(value: &impl Serialize) -> io::Result<String> {
    Ok(serde_json::to_string(value)?)
}

/// Knows how much was written.
struct Counted<'a> {
    out: &'a mut dyn Write,
    bytes: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
