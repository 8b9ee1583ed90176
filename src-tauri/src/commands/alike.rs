//! What stands beside what: one chat in every wire format, and several replies to one prompt.

use super::{Answer, Shared, aside};
use crate::error::CommandError;
use playground::{
    Chat, Reply, RunEvent, Target, models,
    rosetta::{self, Asked, ReplyAnatomy, Rosetta},
    variety::{self, MOST_REPLIES, Variety},
};
use recordings::{Recorder, Store, StoreError};

/// The most formats that are shown beside each other.
const MOST_COLUMNS: usize = 8;

/// The chat as each target would be sent it, meaning by meaning. It waits for nothing.
#[tauri::command(async, rename_all = "snake_case")]
pub fn rosetta(chat: Chat, targets: Vec<Target>, shell: Shared<'_>) -> Answer<Rosetta> {
    if targets.len() > MOST_COLUMNS {
        let why = format!("at most {MOST_COLUMNS} formats are shown beside each other");
        return Err(CommandError::failed(why));
    }
    let asked = |target: Target| {
        let destination = shell.destination(&target)?;
        let endpoint = destination.endpoint(shell.has_key(&destination));
        Ok(Asked { target, dialect: destination.dialect, endpoint })
    };
    let asked: Vec<Asked<'_>> = targets.into_iter().map(asked).collect::<Answer<_>>()?;
    Ok(rosetta::rosetta(&chat, &asked))
}

/// What the parts of a recorded reply mean, also of one that is still coming.
#[tauri::command(rename_all = "snake_case")]
pub async fn rosetta_reply(id: String, shell: Shared<'_>) -> Answer<ReplyAnatomy> {
    let recorder = shell.recorder().clone();
    let anatomy = aside(move || anatomy(&recorder.reader()?, &id)).await??;
    anatomy.ok_or_else(|| CommandError::failed("the wire format of this reply is not known"))
}

fn anatomy(store: &Store, id: &str) -> Result<Option<ReplyAnatomy>, StoreError> {
    let dialect = store.run(id)?.summary.target.dialect.unwrap_or_default();
    let mut frames = Vec::new();
    store.events(id, |event| {
        match event {
            // What an attempt that failed had said is not part of the reply.
            RunEvent::AttemptStarted { .. } => frames.clear(),
            RunEvent::Frame(frame) => frames.push(frame.raw),
            _ => {}
        }
        Ok(())
    })?;
    Ok(rosetta::anatomy(&dialect, frames.iter().map(Vec::as_slice)))
}

/// How much the replies of some runs differ, cut into tokens as `model` does; of each stretch of
/// their braid at most `limit` spans are shown.
#[tauri::command(rename_all = "snake_case")]
pub async fn variety(
    ids: Vec<String>,
    model: String,
    limit: u32,
    shell: Shared<'_>,
) -> Answer<Variety> {
    if ids.len() > MOST_REPLIES {
        let why = format!("at most {MOST_REPLIES} replies are compared at once");
        return Err(CommandError::failed(why));
    }
    let recorder = shell.recorder().clone();
    aside(move || compared(&recorder, ids, &model, limit as usize)).await?
}

fn compared(recorder: &Recorder, ids: Vec<String>, model: &str, limit: usize) -> Answer<Variety> {
    let store = recorder.reader()?;
    let (mut replies, mut left_out) = (Vec::new(), Vec::new());
    for id in ids {
        match whole_reply(&store, &id)? {
            Some(text) => replies.push((id, text)),
            None => left_out.push(id),
        }
    }
    let choice = models::encoding_for(model);
    let named: Vec<(&str, &str)> =
        replies.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    let variety = variety::variety(&choice, &named, limit).map_err(CommandError::failed)?;
    Ok(Variety { left_out, ..variety })
}

/// The text of a reply that is complete; none of one that is not, or of no run.
fn whole_reply(store: &Store, id: &str) -> Result<Option<String>, StoreError> {
    let (mut reply, mut is_whole) = (Reply::default(), false);
    let read = store.events(id, |event| {
        match event {
            RunEvent::AttemptStarted { .. } => reply = Reply::default(),
            RunEvent::Frame(frame) => frame.deltas.iter().for_each(|it| reply.apply(it)),
            RunEvent::Finished { .. } => is_whole = true,
            _ => {}
        }
        Ok(())
    });
    match read {
        Err(StoreError::NoSuchRun) => Ok(None),
        read => read.map(|()| is_whole.then(|| reply.text().to_owned())),
    }
}
