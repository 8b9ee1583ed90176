//! From the client's events to the page's batches.
//!
//! Each message costs both sides a script evaluation, so events travel together: at most
//! [`PATIENCE`] late and about [`BATCH_BYTES`] large. The last event waits for nobody.

use super::Ticket;
use playground::{ErrorKind, RunEvent};
use std::time::Duration;
use tauri::ipc::{Channel, InvokeResponseBody};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout_at},
};

/// How long an event may wait for company: one frame of a 60 Hz screen.
const PATIENCE: Duration = Duration::from_millis(16);
/// When a batch is full. Larger messages take a slower road through the web view.
const BATCH_BYTES: usize = 4 * 1024;

/// Takes batches: each is a JSON array of events.
pub trait Sink: Send + 'static {
    /// Delivers one batch. Whether somebody reads it is not known here.
    fn send(&self, batch: String);
}

impl Sink for Channel<InvokeResponseBody> {
    fn send(&self, batch: String) {
        // An error would say that the window is gone, and then the run is cancelled anyway.
        let _ = Channel::send(self, InvokeResponseBody::Json(batch));
    }
}

/// Hands `events` to `sink` in batches until the last one.
pub async fn forward(mut events: mpsc::Receiver<RunEvent>, sink: &impl Sink, ticket: &Ticket) {
    let mut batch = Batch::default();
    let mut is_over = false;
    while !is_over {
        let next = match batch.due {
            None => Ok(events.recv().await),
            Some(due) => timeout_at(due, events.recv()).await,
        };
        let Ok(event) = next else {
            deliver(&mut batch, sink, ticket).await;
            continue;
        };
        let event = event.unwrap_or_else(broken_off);
        is_over = event.is_last();
        let json = serde_json::to_string(&event).expect("an event is plain data");
        if !batch.has_room_for(&json) {
            deliver(&mut batch, sink, ticket).await;
        }
        batch.push(&json);
        if is_over || batch.is_full() {
            deliver(&mut batch, sink, ticket).await;
        }
    }
}

/// A page must never wait for an end that does not come, whatever happened to the client.
fn broken_off() -> RunEvent {
    let error = ErrorKind::Connection.said("the client ended without a last word; this is a bug");
    RunEvent::Interrupted { at_us: 0, error }
}

async fn deliver(batch: &mut Batch, sink: &impl Sink, ticket: &Ticket) {
    let Some(json) = batch.take() else { return };
    // After Stop, what came is delivered to a slow page too: it is at most a queue full.
    ticket.stop.run_until_cancelled(ticket.backlog.room_for(json.len())).await;
    if !ticket.backlog.is_abandoned() {
        sink.send(json);
    }
}

/// Events that wait to be sent, as the inside of a JSON array.
#[derive(Default)]
struct Batch {
    json: String,
    due: Option<Instant>,
}

impl Batch {
    fn push(&mut self, event: &str) {
        self.json.push(if self.json.is_empty() { '[' } else { ',' });
        self.json.push_str(event);
        self.due.get_or_insert_with(|| Instant::now() + PATIENCE);
    }

    fn has_room_for(&self, event: &str) -> bool {
        self.json.is_empty() || self.json.len() + event.len() < BATCH_BYTES
    }

    fn is_full(&self) -> bool {
        self.json.len() >= BATCH_BYTES
    }

    fn take(&mut self) -> Option<String> {
        self.due.take()?;
        Some(std::mem::take(&mut self.json) + "]")
    }
}

#[cfg(test)]
mod tests;
