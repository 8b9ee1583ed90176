//! Runs of the past: found, read back, named, deleted.

use super::{Answer, Shared, aside};
use crate::{
    error::{Code, CommandError},
    runs::{Watch, forward},
};
use playground::RunEvent;
use recordings::{
    Filter, Store, StoreError,
    search::{Kept, Names, Page},
    spent::Spent,
    upkeep::Amount,
    versions::SystemVersion,
};
use serde::Serialize;
use tauri::{
    Runtime, Webview,
    ipc::{Channel, InvokeResponseBody},
};
use tokio::sync::mpsc;
use ts_rs::TS;

/// How many events may wait between the file and the batches.
const QUEUE: usize = 256;

/// What there is, and how the keeping of it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RecordingsState {
    /// All that is kept.
    pub amount: Amount,
    /// What happened to the file when it was opened, in a sentence; null if nothing did.
    pub notice: Option<String>,
    /// Why runs are not kept at the moment, in a sentence; null if they are.
    pub problem: Option<String>,
    /// What the limit of size has removed since the app was opened.
    pub removed: Amount,
}

/// A page of the runs that fit.
#[tauri::command(rename_all = "snake_case")]
pub async fn list_runs(filter: Filter, shell: Shared<'_>) -> Answer<Page> {
    read(shell, move |store| store.list(&filter)).await
}

/// The providers and models that were asked.
#[tauri::command(rename_all = "snake_case")]
pub async fn run_names(shell: Shared<'_>) -> Answer<Names> {
    read(shell, |store| store.names()).await
}

/// What a run was, besides its events.
#[tauri::command(rename_all = "snake_case")]
pub async fn kept_run(id: String, shell: Shared<'_>) -> Answer<Kept> {
    read(shell, move |store| store.run(&id)).await
}

/// Tells the events of the run `id` to `on_events`, as they were told when it ran, and returns
/// how many there were when all are sent. `reading` is an id for this one reading: it can be stopped as a run can.
#[tauri::command(rename_all = "snake_case")]
pub async fn replay_run<R: Runtime>(
    id: String,
    reading: String,
    on_events: Channel<InvokeResponseBody>,
    webview: Webview<R>,
    shell: Shared<'_>,
) -> Answer<usize> {
    let ticket = shell.runs.begin(&reading, webview.label())?;
    let (tell, events) = mpsc::channel(QUEUE);
    let (stop, recorder) = (ticket.hand.cancel.clone(), shell.recorder().clone());
    let read = aside(move || {
        let mut told = 0;
        recorder.reader()?.events(&id, |event| {
            told += 1;
            match stop.is_cancelled() {
                true => Err(StoreError::Stopped),
                false => tell.blocking_send(event).map_err(|_| StoreError::Stopped),
            }
        })?;
        Ok::<usize, StoreError>(told)
    });
    let watch = Watch { keep: |_: &RunEvent| {}, otherwise: None };
    let (read, _) = tokio::join!(read, forward(events, &on_events, &ticket, watch));
    Ok(read??)
}

/// Gives a run a star, which keeps it whatever the limit is, or takes it.
#[tauri::command(rename_all = "snake_case")]
pub async fn star_run(id: String, starred: bool, shell: Shared<'_>) -> Answer<()> {
    write(shell, move |store| store.star(&id, starred)).await
}

/// Gives a run a name; an empty one takes it away.
#[tauri::command(rename_all = "snake_case")]
pub async fn rename_run(id: String, title: String, shell: Shared<'_>) -> Answer<()> {
    write(shell, move |store| store.rename(&id, &title)).await
}

/// Deletes these runs from the disk; one that goes on is stopped.
#[tauri::command(rename_all = "snake_case")]
pub async fn delete_runs(ids: Vec<String>, shell: Shared<'_>) -> Answer<usize> {
    ids.iter().for_each(|it| shell.runs.cancel(it));
    write(shell, move |store| store.delete(&ids)).await
}

/// Deletes every run from the disk; what goes on is stopped.
#[tauri::command(rename_all = "snake_case")]
pub async fn delete_all_runs(shell: Shared<'_>) -> Answer<usize> {
    shell.batches.forget(|_| true).await;
    shell.runs.cancel_all();
    write(shell, Store::delete_all).await
}

/// The system messages that were sent, the newest version first.
#[tauri::command(rename_all = "snake_case")]
pub async fn system_versions(shell: Shared<'_>) -> Answer<Vec<SystemVersion>> {
    read(shell, |store| store.versions()).await
}

/// Gives a version a name and a note; empty ones take them away.
#[tauri::command(rename_all = "snake_case")]
pub async fn name_version(
    number: i64,
    name: String,
    note: String,
    shell: Shared<'_>,
) -> Answer<()> {
    write(shell, move |store| store.name_version(number, &name, &note)).await
}

/// Deletes a version from the disk. Its runs stay.
#[tauri::command(rename_all = "snake_case")]
pub async fn delete_version(number: i64, shell: Shared<'_>) -> Answer<()> {
    write(shell, move |store| store.delete_version(number)).await
}

/// Puts a version back that was deleted.
#[tauri::command(rename_all = "snake_case")]
pub async fn restore_version(version: SystemVersion, shell: Shared<'_>) -> Answer<()> {
    write(shell, move |store| store.restore_version(&version)).await
}

/// Deletes every version from the disk.
#[tauri::command(rename_all = "snake_case")]
pub async fn delete_all_versions(shell: Shared<'_>) -> Answer<usize> {
    write(shell, Store::delete_all_versions).await
}

/// What there is, and how the keeping of it goes.
#[tauri::command(rename_all = "snake_case")]
pub async fn recordings_state(shell: Shared<'_>) -> Answer<RecordingsState> {
    let recorder = shell.recorder().clone();
    aside(move || {
        let amount = recorder.with(|store| store.amount()).unwrap_or_default();
        let health = recorder.health();
        RecordingsState {
            amount,
            notice: health.notice,
            problem: health.problem.map(|why| format!("Runs are not kept: {why}.")),
            removed: health.removed,
        }
    })
    .await
}

/// What a limit of so many megabytes would remove.
#[tauri::command(rename_all = "snake_case")]
pub async fn beyond_limit(megabytes: u32, shell: Shared<'_>) -> Answer<Amount> {
    let (limit, going_on) = (i64::from(megabytes) * 1_000_000, shell.batches.sending());
    read(shell, move |store| store.beyond(limit, &going_on)).await
}

/// What the runs cost that began at `since_ms` or later.
#[tauri::command(rename_all = "snake_case")]
pub async fn spent_since(since_ms: i64, shell: Shared<'_>) -> Answer<Spent> {
    read(shell, move |store| store.spent(since_ms)).await
}

/// Reads on a connection of its own, after all that has happened so far is written.
pub(super) async fn read<T: Send + 'static>(
    shell: Shared<'_>,
    work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
) -> Answer<T> {
    let recorder = shell.recorder().clone();
    Ok(aside(move || work(&recorder.reader()?)).await??)
}

pub(super) async fn write<T: Send + 'static>(
    shell: Shared<'_>,
    work: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static,
) -> Answer<T> {
    let recorder = shell.recorder().clone();
    Ok(aside(move || recorder.with(work)).await??)
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> CommandError {
        match error {
            StoreError::BadPlan(plan) => Code::BadPlan.beside(plan.field, plan.why),
            StoreError::Claimed(_) => Code::Claimed.because(error),
            StoreError::ThereAlready => Code::SeenBefore.because(error),
            _ => CommandError::failed(error),
        }
    }
}
