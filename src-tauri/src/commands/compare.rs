//! Runs that belong together: sent on one clock, kept, named, deleted.

use super::{
    Answer, Shared, aside,
    recordings::{read, write},
};
use crate::{
    budget,
    clock::now_ms,
    dialogs,
    error::{Code, CommandError},
    files,
    runs::Ticket,
    shell::{Draft, Shell},
    target::Destination,
};
use playground::{Chat, Target};
use recordings::compare::{ComparisonKind, KeptComparison, Place, Plan, TallyRow};
use serde::Deserialize;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tauri::{
    Runtime, Webview, WebviewWindow,
    ipc::{Channel, InvokeResponseBody, JavaScriptChannelId},
};
use tokio::sync::oneshot;
use ts_rs::TS;

/// The most runs that leave at once.
const MOST_RUNS: usize = 24;
/// The largest picture that is written, in bytes.
const LARGEST_PICTURE: usize = 32 << 20;
/// What a PNG begins with.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Runs that are sent on one clock.
#[derive(Debug, Clone, Deserialize, TS)]
#[ts(export)]
pub struct Round {
    /// The comparison that they belong to; where there is none with this id, it is made.
    pub comparison: String,
    /// What it is to send from now on.
    pub plan: Plan,
    /// The index of the row that they stand in.
    pub row: u32,
    /// Each of them.
    pub runs: Vec<RoundRun>,
}

/// One of them.
#[derive(Debug, Clone, Deserialize, TS)]
#[ts(export)]
pub struct RoundRun {
    /// Its id, which the page made.
    pub id: String,
    /// The index of its column.
    pub column: u32,
    /// The how manieth of its place it is; 0 is the first.
    pub repeat: u32,
    /// What was composed.
    pub chat: Chat,
    /// Who is asked.
    pub target: Target,
    /// A body that was written by hand, to be sent in the place of the chat's own.
    pub body: Option<String>,
}

/// A run of a round, with where it goes.
struct Bound {
    id: String,
    place: Place,
    draft: Draft,
    destination: Destination,
}

/// Begins several runs on one clock: all of them, or none. Everything that can be done before is
/// done before, and then all requests leave at once. Each tells its events to its own of
/// `on_events`, and is stopped by its own id. Returns when each began, in microseconds on that
/// clock, once all have.
///
/// A budget is asked about once for all, as in [`start_run`](super::runs::start_run); a place that
/// was sent before is refused.
#[tauri::command(rename_all = "snake_case")]
pub async fn start_round<R: Runtime>(
    round: Round,
    consent: Option<bool>,
    offset_minutes: Option<i32>,
    on_events: Vec<JavaScriptChannelId>,
    webview: Webview<R>,
    shell: Shared<'_>,
) -> Answer<Vec<u64>> {
    let Round { comparison, plan, row, runs } = round;
    if runs.len() != on_events.len() || !(1..=MOST_RUNS).contains(&runs.len()) {
        return Err(Code::BadPlan.beside("runs", format!("a round has 1 to {MOST_RUNS} runs")));
    }
    plan.check(ComparisonKind::Columns).map_err(|it| Code::BadPlan.beside(it.field, it.why))?;
    let bound = runs.into_iter().map(|run| bound(run, row, &shell)).collect::<Answer<Vec<_>>>()?;
    let ids = || bound.iter().map(|it| it.id.as_str());
    shell.runs.check_all(ids())?;
    let to_pay: Vec<_> = bound.iter().map(|it| (&it.draft, &it.destination)).collect();
    let (consent, offset) = (consent.unwrap_or(false), offset_minutes.unwrap_or(0));
    let holds = budget::hold_all(&shell, &to_pay, consent, offset).await?;
    let tickets = shell.runs.begin_all(ids(), webview.label())?;
    claim(&shell, comparison, plan, &bound).await?;
    let sinks = on_events.iter().map(|it| it.channel_on(webview.clone()));
    let starts = bound.into_iter().zip(tickets).zip(holds).zip(sinks);
    let starts = starts.map(|(((bound, ticket), hold), sink)| (bound, ticket, hold, sink));
    Ok(leave(shell.inner(), starts.collect()).await)
}

fn bound(run: RoundRun, row: u32, shell: &Shell) -> Answer<Bound> {
    let RoundRun { id, column, repeat, chat, target, body } = run;
    let destination = shell.destination(&target)?;
    let draft = Draft { chat, model: target.model, body };
    Ok(Bound { id, place: Place { row, column, repeat }, draft, destination })
}

/// Gives the runs their places, before anything of them leaves.
async fn claim(shell: &Arc<Shell>, id: String, plan: Plan, runs: &[Bound]) -> Answer<()> {
    let claims: Vec<_> = runs.iter().map(|it| (it.place, it.id.clone())).collect();
    let (recorder, now) = (shell.recorder().clone(), now_ms());
    let write = move |store: &mut recordings::Store| store.begin_round(&id, &plan, &claims, now);
    Ok(aside(move || recorder.with(write)).await??)
}

/// A run with all that it needs to begin.
type Beginner = (Bound, Ticket, Option<budget::Hold>, Channel<InvokeResponseBody>);

/// Prepares all, and then lets them leave. Keyrings and certificates take their time, and none of
/// that is part of the race.
async fn leave(shell: &Arc<Shell>, runs: Vec<Beginner>) -> Vec<u64> {
    let prepared: Vec<_> = runs
        .into_iter()
        .map(|(bound, ticket, hold, sink)| {
            let prepare = shell.clone().prepare(bound.draft, bound.destination, ticket, hold);
            (tauri::async_runtime::spawn(prepare), sink)
        })
        .collect();
    let mut ready = Vec::new();
    for (departure, sink) in prepared {
        // Preparing does not panic: what can is in a task of its own.
        if let Ok(departure) = departure.await {
            ready.push((departure, sink));
        }
    }
    let clock = Instant::now();
    let left: Vec<(_, _)> = ready
        .into_iter()
        .map(|(departure, sink)| {
            let (tell, told) = oneshot::channel();
            let (recorder, id) = (shell.recorder().clone(), Arc::from(departure.id()));
            let leaves = move || {
                let start_us = micros(clock.elapsed());
                recorder.started(&id, start_us);
                // Whoever asked may be gone.
                let _ = tell.send(start_us);
            };
            (shell.clone().depart(departure, sink, leaves), told)
        })
        .collect();
    // None of their events waits for somebody else's start.
    let (tells, told): (Vec<_>, Vec<_>) = left.into_iter().unzip();
    for tells in tells {
        tauri::async_runtime::spawn(tells);
    }
    let mut starts = Vec::new();
    for told in told {
        starts.push(told.await.unwrap_or_else(|_| micros(clock.elapsed())));
    }
    starts
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// Stops several runs; the last event of each still comes.
#[tauri::command(async, rename_all = "snake_case")]
pub fn cancel_runs(ids: Vec<String>, shell: Shared<'_>) {
    ids.iter().for_each(|id| shell.runs.cancel(id));
}

/// All that is kept of a comparison, but for the events of its runs.
#[tauri::command(rename_all = "snake_case")]
pub async fn open_comparison(id: String, shell: Shared<'_>) -> Answer<KeptComparison> {
    read(shell, move |store| store.comparison(&id)).await
}

/// Keeps what a comparison is to send from now on; nothing is sent.
#[tauri::command(rename_all = "snake_case")]
pub async fn save_comparison(id: String, plan: Plan, shell: Shared<'_>) -> Answer<()> {
    write(shell, move |store| store.save_plan(&id, &plan)).await
}

/// Gives a comparison a star, which keeps it whatever the limit is, or takes it.
#[tauri::command(rename_all = "snake_case")]
pub async fn star_comparison(id: String, starred: bool, shell: Shared<'_>) -> Answer<()> {
    write(shell, move |store| store.star_comparison(&id, starred)).await
}

/// Gives a comparison a name; an empty one takes it away.
#[tauri::command(rename_all = "snake_case")]
pub async fn rename_comparison(id: String, title: String, shell: Shared<'_>) -> Answer<()> {
    write(shell, move |store| store.rename_comparison(&id, &title)).await
}

/// Deletes these comparisons with their runs from the disk, and returns how many there were. What of
/// them is on its way is stopped before: nobody could tell what it costs.
#[tauri::command(rename_all = "snake_case")]
pub async fn delete_comparisons(ids: Vec<String>, shell: Shared<'_>) -> Answer<usize> {
    shell.batches.forget(|id| ids.iter().any(|it| it == id)).await;
    let runs = Arc::clone(&shell.runs);
    write(shell, move |store| {
        for id in &ids {
            store.cells(id)?.iter().for_each(|it| runs.cancel(&it.run));
        }
        store.delete_comparisons(&ids)
    })
    .await
}

/// How the models fared while their names were hidden.
#[tauri::command(rename_all = "snake_case")]
pub async fn blind_tally(shell: Shared<'_>) -> Answer<Vec<TallyRow>> {
    read(shell, |store| store.blind_tally()).await
}

/// Takes those votes out of all comparisons.
#[tauri::command(rename_all = "snake_case")]
pub async fn forget_votes(shell: Shared<'_>) -> Answer<()> {
    write(shell, |store| store.forget_votes()).await
}

/// Asks where, and writes a picture that the page has drawn; false if the person chose no place.
#[tauri::command(rename_all = "snake_case")]
pub async fn save_picture<R: Runtime>(
    name: String,
    png: Vec<u8>,
    window: WebviewWindow<R>,
) -> Answer<bool> {
    check_picture(&png)?;
    let name = files::plain_name([name.as_str(), "comparison"]) + ".png";
    let Some(path) = dialogs::place(&window, "Save picture", name).await else {
        return Ok(false);
    };
    aside(move || files::write_whole(&path, &png)).await?.map_err(|error| {
        CommandError::failed(format!("the picture could not be written: {}", error.kind()))
    })?;
    Ok(true)
}

fn check_picture(png: &[u8]) -> Answer<()> {
    if !png.starts_with(PNG) {
        return Err(CommandError::failed("this is no picture"));
    }
    if png.len() > LARGEST_PICTURE {
        let most = LARGEST_PICTURE >> 20;
        return Err(CommandError::failed(format!("the picture has more than {most} MB")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_picture_of_some_size_is_written() {
        assert_eq!(check_picture(&[PNG, &[0; 9]].concat()), Ok(()));
        for other in [&b""[..], b"\x89PNG", b"<svg>", &vec![0; LARGEST_PICTURE + 1]] {
            assert!(check_picture(other).is_err());
        }
        assert!(check_picture(&[PNG, &vec![0; LARGEST_PICTURE]].concat()).is_err());
    }
}
