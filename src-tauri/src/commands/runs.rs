//! Sending, and stopping.

use super::{Answer, Shared};
use crate::{shell::Draft, target::Target};
use playground::{ApiError, Chat, WireRequest, dialect::ListedModel};
use serde::Serialize;
use tauri::{
    Runtime, Webview,
    ipc::{Channel, InvokeResponseBody},
};
use ts_rs::TS;

/// What an endpoint says it can run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ModelList {
    /// The models that answer chats, in the server's order; empty if it could not be asked.
    pub models: Vec<ListedModel>,
    /// Why there is no list.
    pub error: Option<ApiError>,
}

/// The request exactly as it would be sent, its key masked. It waits for nothing.
#[tauri::command(async, rename_all = "snake_case")]
pub fn preview(chat: Chat, target: Target, shell: Shared<'_>) -> Answer<WireRequest> {
    let destination = shell.destination(&target)?;
    let endpoint = destination.endpoint(shell.has_key(&destination));
    Ok(destination.dialect.request(&chat, &target.model, &endpoint))
}

/// Begins a run and returns at once. Its events go to `on_events`, as JSON arrays. A `body`
/// that was written by hand is sent as it stands, in the place of the chat's own.
#[tauri::command(rename_all = "snake_case")]
pub async fn start_run<R: Runtime>(
    id: String,
    chat: Chat,
    target: Target,
    body: Option<String>,
    on_events: Channel<InvokeResponseBody>,
    webview: Webview<R>,
    shell: Shared<'_>,
) -> Answer<()> {
    let destination = shell.destination(&target)?;
    let ticket = shell.runs.begin(&id, webview.label())?;
    let draft = Draft { chat, model: target.model, body };
    let run = shell.inner().clone().run(draft, destination, on_events, ticket);
    tauri::async_runtime::spawn(run);
    Ok(())
}

/// Notes that the page has read so many more batches of a run.
#[tauri::command(async, rename_all = "snake_case")]
pub fn acknowledge_run(id: String, batches: u32, shell: Shared<'_>) {
    shell.runs.acknowledge(&id, batches);
}

/// Stops a run; its last event still comes.
#[tauri::command(async, rename_all = "snake_case")]
pub fn cancel_run(id: String, shell: Shared<'_>) {
    shell.runs.cancel(&id);
}

/// Ends the wait before a run's next attempt.
#[tauri::command(async, rename_all = "snake_case")]
pub fn skip_wait(id: String, shell: Shared<'_>) {
    shell.runs.skip_wait(&id);
}

/// Asks the endpoint for its models, which costs nothing and so also tests a key.
#[tauri::command(rename_all = "snake_case")]
pub async fn list_models(target: Target, shell: Shared<'_>) -> Answer<ModelList> {
    let destination = shell.destination(&target)?;
    Ok(match shell.list_models(&destination).await {
        Ok(models) => ModelList { models, error: None },
        Err(error) => ModelList { models: Vec::new(), error: Some(error) },
    })
}
