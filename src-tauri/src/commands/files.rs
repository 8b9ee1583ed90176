//! Runs to files and back, through dialogs of the system.

use super::{Answer, Shared, aside};
use crate::{
    clock::{now_ms, today},
    dialogs::{self, Kind},
    error::{CommandError, sentence},
    files::{self, ExportForm},
};
use recordings::{
    Filter,
    files::{FileError, Imported},
    search::Fitting,
};
use serde::{Deserialize, Serialize};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use tauri::{
    Runtime, WebviewWindow,
    ipc::{Channel, InvokeResponseBody},
};
use ts_rs::TS;

/// How often the page is told how far it is.
const TOLD_EVERY: Duration = Duration::from_millis(100);
/// What runs and bodies are called.
const READABLE: Kind = ("Runs and replies", &["json", "sse", "ndjson", "jsonl", "txt"]);

/// Which runs are meant.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum Which {
    /// These.
    Ids {
        /// Their ids.
        ids: Vec<String>,
        /// Ids of comparisons, which are written with all their runs.
        #[serde(default)]
        #[ts(optional, as = "Option<Vec<String>>")]
        comparisons: Vec<String>,
    },
    /// A comparison with all its runs.
    Comparison {
        /// Its id.
        id: String,
    },
    /// All that fit.
    Fitting {
        /// What is wanted.
        filter: Box<Filter>,
    },
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ExportedRuns {
    /// How many runs.
    pub runs: u64,
}

/// What became of the files that were chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ImportedFiles {
    /// Of all that could be read, together.
    pub runs: Imported,
    /// Those that could not be read.
    pub refused: Vec<Refused>,
    /// Whether it was stopped before the end.
    pub stopped: bool,
}

/// A file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Refused {
    /// Its name, without where it lies.
    pub file: String,
    /// Why, in a sentence.
    pub why: String,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Progress {
    /// What is done.
    pub done: u64,
    /// Of how much.
    pub total: u64,
}

/// Asks where, and writes runs to a file there; null if the person chose no place. `job` is an id
/// for this one writing: it can be stopped as a run can.
#[tauri::command(rename_all = "snake_case")]
pub async fn export_runs<R: Runtime>(
    job: String,
    which: Which,
    form: ExportForm,
    on_progress: Channel<InvokeResponseBody>,
    window: WebviewWindow<R>,
    shell: Shared<'_>,
) -> Answer<Option<ExportedRuns>> {
    let ticket = shell.runs.begin(&job, window.label())?;
    let recorder = shell.recorder().clone();
    let prepare = move || {
        let store = recorder.reader()?;
        let what = match which {
            Which::Ids { ids, comparisons } => Fitting { runs: ids, comparisons },
            Which::Comparison { id } => Fitting { comparisons: vec![id], ..Fitting::default() },
            Which::Fitting { filter } => store.ids(&Filter { before: None, ..*filter })?,
        };
        let name = files::name(&store, &what, form, &today())?;
        let mut total = what.runs.len() as u64;
        for id in &what.comparisons {
            total += store.cells(id)?.len() as u64;
        }
        Ok::<_, FileError>((store, what, name, total))
    };
    let (store, what, name, total) = aside(prepare).await??;
    let Some(path) = dialogs::place(&window, "Export", name).await else { return Ok(None) };
    let stop = ticket.hand.cancel.clone();
    let write = move || {
        let mut tell = telling(on_progress, total);
        files::save(&store, &what, form, &path, &mut |done| {
            tell(done);
            !stop.is_cancelled()
        })
    };
    match aside(write).await? {
        Ok(runs) => Ok(Some(ExportedRuns { runs })),
        Err(FileError::Stopped) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Asks which files, and adds the runs in them; null if the person chose none. `job` is an id for
/// this one reading: it can be stopped as a run can.
#[tauri::command(rename_all = "snake_case")]
pub async fn import_runs<R: Runtime>(
    job: String,
    on_progress: Channel<InvokeResponseBody>,
    window: WebviewWindow<R>,
    shell: Shared<'_>,
) -> Answer<Option<ImportedFiles>> {
    let ticket = shell.runs.begin(&job, window.label())?;
    let picked = dialogs::pick_several(&window, "Import runs", READABLE).await;
    let Some(paths) = picked else { return Ok(None) };
    let (recorder, stop) = (shell.recorder().clone(), ticket.hand.cancel.clone());
    let read = move || {
        let mut tell = telling(on_progress, 2 * paths.iter().map(|it| size(it)).sum::<u64>());
        let mut imported = ImportedFiles::default();
        let mut before = 0;
        for path in paths {
            // A file is read twice.
            let (mut last, mut passed) = (0, 0);
            let watch = &mut |done: u64| {
                if done < last {
                    passed = size(&path);
                }
                last = done;
                tell(before + passed + done);
                !stop.is_cancelled()
            };
            let read = recordings::files::import_file(&recorder, &path, now_ms(), watch);
            before += 2 * size(&path);
            imported.take(&path, read);
        }
        imported
    };
    Ok(Some(aside(read).await?))
}

impl ImportedFiles {
    fn take(&mut self, path: &Path, read: Result<Imported, FileError>) {
        match read {
            Ok(runs) => self.runs.add(runs),
            Err(FileError::Stopped) => self.stopped = true,
            Err(why) => {
                let name: PathBuf = path.file_name().unwrap_or_default().into();
                let file = name.to_string_lossy().into_owned();
                self.refused.push(Refused { file, why: sentence(&why.to_string()) });
            }
        }
    }
}

fn size(path: &Path) -> u64 {
    path.metadata().map_or(0, |it| it.len())
}

/// Tells the page, now and then, how much of `total` is done.
fn telling(page: Channel<InvokeResponseBody>, total: u64) -> impl FnMut(u64) {
    let mut told = Instant::now();
    move |done| {
        if told.elapsed() >= TOLD_EVERY {
            told = Instant::now();
            let progress = Progress { done, total };
            let json = serde_json::to_string(&progress).expect("two numbers");
            // A page that is gone needs to know nothing.
            let _ = page.send(InvokeResponseBody::Json(json));
        }
    }
}

impl From<FileError> for CommandError {
    fn from(error: FileError) -> CommandError {
        CommandError::failed(error)
    }
}
