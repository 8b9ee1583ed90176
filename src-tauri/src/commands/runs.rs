//! Sending, and stopping.

use super::{Answer, Shared, aside};
use crate::{budget, clock::today, lists::KeptList, shell::Draft};
use playground::{
    ApiError, Chat, Target, WireRequest, client,
    code::{self, Snippet},
    dialect::ListedModel,
    origins::{self, Origin},
};
use serde::Serialize;
use std::sync::Arc;
use tauri::{
    Runtime, Webview,
    ipc::{Channel, InvokeResponseBody},
};
use ts_rs::TS;

/// A request before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Preview {
    /// What would be sent, its key masked.
    pub request: WireRequest,
    /// What made which part of it.
    pub origins: Vec<Origin>,
}

/// What an endpoint says it can run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ModelList {
    /// The models that answer chats, in the server's order; empty if none are known.
    pub models: Vec<ListedModel>,
    /// The day (UTC) on which they were listed; null if they never were.
    pub listed: Option<String>,
    /// Why there is no newer list.
    pub error: Option<ApiError>,
}

/// The tokens of a prompt as the provider counts them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ServerCount {
    /// Its count; null where it has no call for that, or it failed.
    pub input_tokens: Option<u64>,
    /// Why there is none.
    pub error: Option<ApiError>,
}

/// The request exactly as it would be sent, its key masked, and where its parts come from. It
/// waits for nothing.
#[tauri::command(async, rename_all = "snake_case")]
pub fn preview(chat: Chat, target: Target, shell: Shared<'_>) -> Answer<Preview> {
    let destination = shell.destination(&target)?;
    let (dialect, model) = (destination.dialect, &target.model);
    let endpoint = destination.endpoint(shell.has_key(&destination));
    Ok(Preview {
        request: dialect.request(&chat, model, &endpoint),
        origins: origins::origins(dialect, &chat, model, &endpoint),
    })
}

/// The same request as a program in every language. A `body` that was written by hand stands in
/// the place of the chat's own.
#[tauri::command(async, rename_all = "snake_case")]
pub fn snippets(
    chat: Chat,
    target: Target,
    body: Option<String>,
    shell: Shared<'_>,
) -> Answer<Vec<Snippet>> {
    let destination = shell.destination(&target)?;
    let endpoint = destination.endpoint(shell.has_key(&destination));
    let composed = destination.dialect.request(&chat, &target.model, &endpoint);
    let request = WireRequest { body: body.unwrap_or(composed.body), ..composed };
    Ok(code::snippets(&request, destination.dialect.id(), destination.provider))
}

/// Begins a run and returns at once. Its events go to `on_events`, as JSON arrays. A `body`
/// that was written by hand is sent as it stands, in the place of the chat's own.
///
/// A run that might pass a budget is refused with [`Code::OverBudget`](crate::error::Code), before
/// anything is sent, unless the person gave `consent` to this one; its id is then still good. Days
/// and months are those of a clock `offset_minutes` east of UTC.
#[tauri::command(rename_all = "snake_case")]
#[allow(clippy::too_many_arguments, reason = "each is an argument of the page")]
pub async fn start_run<R: Runtime>(
    id: String,
    chat: Chat,
    target: Target,
    body: Option<String>,
    consent: Option<bool>,
    offset_minutes: Option<i32>,
    on_events: Channel<InvokeResponseBody>,
    webview: Webview<R>,
    shell: Shared<'_>,
) -> Answer<()> {
    let destination = shell.destination(&target)?;
    let draft = Draft { chat, model: target.model, body };
    shell.runs.check(&id)?;
    let (consent, offset) = (consent.unwrap_or(false), offset_minutes.unwrap_or(0));
    let hold = budget::hold(&shell, &draft, &destination, consent, offset).await?;
    let ticket = shell.runs.begin(&id, webview.label())?;
    let run = shell.inner().clone().run(draft, destination, on_events, ticket, hold);
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

/// The endpoint's models as they were last listed; with `fresh` it is asked again, which costs
/// nothing.
#[tauri::command(rename_all = "snake_case")]
pub async fn list_models(target: Target, fresh: bool, shell: Shared<'_>) -> Answer<ModelList> {
    let destination = shell.destination(&target)?;
    let place = destination.place();
    let error = match fresh {
        true => match shell.list_models(&destination).await {
            Ok(models) => {
                let list = KeptList { listed: today(), models };
                let (shell, place) = (Arc::clone(&shell), place.clone());
                // A list that cannot be written is still good until the app closes.
                let _ = aside(move || shell.lists.keep(&place, list)).await?;
                None
            }
            Err(error) => Some(error),
        },
        false => None,
    };
    Ok(match shell.lists.get(&place) {
        Some(KeptList { listed, models }) => ModelList { models, listed: Some(listed), error },
        None => ModelList { models: Vec::new(), listed: None, error },
    })
}

/// Asks the provider how many tokens the prompt has, which costs nothing.
#[tauri::command(rename_all = "snake_case")]
pub async fn count_tokens(chat: Chat, target: Target, shell: Shared<'_>) -> Answer<ServerCount> {
    let destination = shell.destination(&target)?;
    Ok(match shell.count_tokens(&chat, &target.model, &destination).await {
        Ok(input_tokens) => ServerCount { input_tokens, error: None },
        Err(error) => ServerCount { input_tokens: None, error: Some(error) },
    })
}

/// Host and port of the proxy through which `target` is reached; null if there is none.
#[tauri::command(async, rename_all = "snake_case")]
pub fn proxy_of(target: Target, shell: Shared<'_>) -> Answer<Option<String>> {
    Ok(client::proxy_of(shell.destination(&target)?.base_url.as_str()))
}
