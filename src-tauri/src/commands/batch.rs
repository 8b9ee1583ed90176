//! Sweeps and sets: planned, sent, paused, and written to a file.

use super::{Answer, Shared, aside};
use crate::{
    batch::{
        self, BatchOrder, BatchPlan, BatchState, CONCURRENCY, Consent, Listener, Manner, TableForm,
        Wish,
    },
    clock::today,
    dialogs,
    error::{Code, CommandError},
    files,
};
use playground::prompts::{self, MOST_BYTES, PromptSet, SetError, SetForm};
use recordings::{StoreError, compare::Place};
use serde::Serialize;
use std::{fs::File, io::Read, path::Path};
use tauri::{Runtime, WebviewWindow, ipc::Channel};
use ts_rs::TS;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ExportedTable {
    /// How many lines, the head not counted.
    pub rows: u64,
}

/// The prompts in a text that was pasted, or is called `name`.
#[tauri::command(rename_all = "snake_case")]
pub async fn read_prompt_set(
    name: String,
    text: String,
    form: Option<SetForm>,
    field: Option<String>,
) -> Answer<PromptSet> {
    Ok(aside(move || prompts::read(&name, &text, form, field.as_deref())).await??)
}

/// The prompts in a file that the person chooses; null if they did not.
#[tauri::command(rename_all = "snake_case")]
pub async fn open_prompt_set<R: Runtime>(
    field: Option<String>,
    window: WebviewWindow<R>,
) -> Answer<Option<PromptSet>> {
    let Some(path) = dialogs::pick(&window, "Choose a set of prompts").await else {
        return Ok(None);
    };
    aside(move || read_file(&path, field.as_deref())).await?.map(Some)
}

fn read_file(path: &Path, field: Option<&str>) -> Answer<PromptSet> {
    let unread =
        |error: std::io::Error| Code::BadSet.because(format!("the file cannot be read: {error}"));
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unread)?;
    file.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unread)?;
    let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    if bytes.len() > MOST_BYTES {
        let why = format!("a set of prompts has at most {} MB", MOST_BYTES >> 20);
        return Err(Code::BadSet.because(why));
    }
    Ok(prompts::read_bytes(&name, &bytes, field)?)
}

impl From<SetError> for CommandError {
    fn from(error: SetError) -> CommandError {
        match error.line {
            Some(line) => Code::BadSet.beside(format!("line {line}"), error),
            None => Code::BadSet.because(error),
        }
    }
}

/// What an order makes and what it can cost; nothing is kept, and nothing is sent.
#[tauri::command(rename_all = "snake_case")]
pub async fn plan_batch(
    order: BatchOrder,
    offset_minutes: Option<i32>,
    shell: Shared<'_>,
) -> Answer<BatchPlan> {
    batch::outlook(shell.inner(), order, offset_minutes.unwrap_or(0)).await
}

/// Begins a sweep or a set, and returns at once. Without `consent` it is refused with
/// [`Code::OverBudget`] where all of it might pass a budget; its id is then still good.
#[tauri::command(rename_all = "snake_case")]
#[allow(clippy::too_many_arguments, reason = "each is an argument of the page")]
pub async fn start_batch(
    id: String,
    title: String,
    order: BatchOrder,
    concurrency: Option<u32>,
    consent: Option<bool>,
    offset_minutes: Option<i32>,
    on_progress: Channel<BatchState>,
    shell: Shared<'_>,
) -> Answer<()> {
    let (consent, offset_minutes) = (consent.unwrap_or(false), offset_minutes.unwrap_or(0));
    if !consent {
        let plan = batch::outlook(shell.inner(), order.clone(), offset_minutes).await?;
        if let Some(over) = plan.over {
            return Err(over.into());
        }
    }
    let consent = if consent { Consent::EachCall } else { Consent::Budget };
    let concurrency = concurrency.unwrap_or(CONCURRENCY);
    let manner = Manner { concurrency, consent, offset_minutes };
    batch::start(shell.inner(), &id, title, order, manner, listener(on_progress)).await
}

/// Sends nothing new of a batch; what is on its way comes to its end.
#[tauri::command(async, rename_all = "snake_case")]
pub fn pause_batch(id: String, shell: Shared<'_>) {
    wish(&shell, &id, Wish::Pause);
}

/// Sends nothing new of a batch, and stops what is on its way.
#[tauri::command(async, rename_all = "snake_case")]
pub fn stop_batch(id: String, shell: Shared<'_>) {
    wish(&shell, &id, Wish::Stop);
}

/// Goes on with a batch: with what was not sent. With `consent` the rest of it may pass budgets.
#[tauri::command(rename_all = "snake_case")]
pub async fn resume_batch(
    id: String,
    consent: Option<bool>,
    offset_minutes: Option<i32>,
    on_progress: Channel<BatchState>,
    shell: Shared<'_>,
) -> Answer<()> {
    shell.batches.listen(&id, listener(on_progress));
    batch::resume(shell.inner(), &id, manner(consent, offset_minutes)).await
}

/// How far a batch is; from here on `on_progress` is told.
#[tauri::command(rename_all = "snake_case")]
pub async fn watch_batch(
    id: String,
    on_progress: Channel<BatchState>,
    shell: Shared<'_>,
) -> Answer<BatchState> {
    shell.batches.listen(&id, listener(on_progress));
    batch::state(shell.inner(), &id).await
}

/// Sends one call once more that came to nothing; who watches the batch is told. Its old run stays.
#[tauri::command(rename_all = "snake_case")]
pub async fn resend_cell(
    id: String,
    row: u32,
    column: u32,
    repeat: u32,
    consent: Option<bool>,
    offset_minutes: Option<i32>,
    shell: Shared<'_>,
) -> Answer<()> {
    let place = Place { row, column, repeat };
    let manner = manner(consent, offset_minutes);
    batch::send_again(shell.inner(), &id, place, manner).await
}

/// Ends the waits of the providers that a batch asks.
#[tauri::command(async, rename_all = "snake_case")]
pub fn skip_batch_wait(id: String, shell: Shared<'_>) {
    if let Some(batch) = shell.batches.get(&id) {
        batch.skip_waits();
    }
}

/// Asks where, and writes a batch there as a table; null if the person chose no place.
#[tauri::command(rename_all = "snake_case")]
pub async fn export_batch<R: Runtime>(
    id: String,
    form: TableForm,
    window: WebviewWindow<R>,
    shell: Shared<'_>,
) -> Answer<Option<ExportedTable>> {
    let ending = match form {
        TableForm::Csv => "csv",
        TableForm::Jsonl => "jsonl",
    };
    let (recorder, key) = (shell.recorder().clone(), id.clone());
    let summary = aside(move || Ok::<_, StoreError>(recorder.reader()?.comparison(&key)?.summary));
    let summary = summary.await??;
    let day = format!("table {}", today());
    let named = [summary.title.as_str(), summary.question.as_str(), day.as_str()];
    let name = format!("{}.{ending}", files::plain_name(named));
    let Some(path) = dialogs::place(&window, "Save the table", name).await else {
        return Ok(None);
    };
    let recorder = shell.recorder().clone();
    let write = move || {
        let store = recorder.reader()?;
        let rows = files::whole(&path, |out| batch::write_table(&store, &id, form, out))?;
        Ok::<_, StoreError>(Some(ExportedTable { rows }))
    };
    Ok(aside(write).await??)
}

fn manner(consent: Option<bool>, offset_minutes: Option<i32>) -> Manner {
    let consent = if consent.unwrap_or(false) { Consent::All } else { Consent::Budget };
    Manner { concurrency: CONCURRENCY, consent, offset_minutes: offset_minutes.unwrap_or(0) }
}

fn wish(shell: &Shared<'_>, id: &str, wish: Wish) {
    if let Some(batch) = shell.batches.get(id) {
        batch.wish(wish);
    }
}

/// A page that has gone away hears nothing, and that ends nothing.
fn listener(channel: Channel<BatchState>) -> Listener {
    Box::new(move |state| drop(channel.send(state)))
}
