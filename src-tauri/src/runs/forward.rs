//! From the client's events to the page's batches.
//!
//! Each message costs both sides, so events travel together: at most [`PATIENCE`] late, or
//! [`REST`] where they come faster than anybody reads, and about [`BATCH_BYTES`] large. The last
//! event waits for nobody.

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
/// How long it may wait in a fast stream: the page draws no more often then.
const REST: Duration = Duration::from_millis(50);
/// More events than these in [`PATIENCE`] are a fast stream.
const MANY: u32 = 4;
/// When a batch is full. The web view compiles a message of up to 8 KiB as a script, and fetches
/// a larger one and parses it as JSON: that starts later, and is many times cheaper by the byte.
/// A stream at a human pace stays below, one that is as fast as it can be comes in such batches.
const BATCH_BYTES: usize = 32 * 1024;

/// Takes batches: each is a JSON array of events.
pub trait Sink: Send + Sync + 'static {
    /// Delivers one batch. Whether somebody reads it is not known here.
    fn send(&self, batch: String);

    /// Sees an event before it joins a batch, whether or not a page reads those.
    fn sees(&self, _event: &RunEvent) {}
}

impl Sink for Channel<InvokeResponseBody> {
    fn send(&self, batch: String) {
        // An error would say that the window is gone, and then the run is cancelled anyway.
        let _ = Channel::send(self, InvokeResponseBody::Json(batch));
    }
}

/// What else is done with events on their way to the page.
pub struct Watch<Keep> {
    /// Sees each event before the page does.
    pub keep: Keep,
    /// What is told where the events end without a last one.
    pub otherwise: Option<RunEvent>,
}

/// Hands `events` to `sink` in batches until the last one, and returns that.
pub async fn forward(
    mut events: mpsc::Receiver<RunEvent>,
    sink: &impl Sink,
    ticket: &Ticket,
    watch: Watch<impl Fn(&RunEvent)>,
) -> Option<RunEvent> {
    let Watch { keep, mut otherwise } = watch;
    let mut batch = Batch::default();
    loop {
        let next = match batch.due {
            None => Ok(events.recv().await),
            Some(due) => timeout_at(due, events.recv()).await,
        };
        let Ok(event) = next else {
            deliver(&mut batch, sink, ticket).await;
            continue;
        };
        let Some(event) = event.or_else(|| otherwise.take()) else {
            deliver(&mut batch, sink, ticket).await;
            return None;
        };
        keep(&event);
        sink.sees(&event);
        let json = serde_json::to_string(&event).expect("an event is plain data");
        if !batch.has_room_for(&json) {
            deliver(&mut batch, sink, ticket).await;
        }
        batch.push(&json);
        if event.is_last() || batch.is_full() {
            deliver(&mut batch, sink, ticket).await;
        }
        if event.is_last() {
            return Some(event);
        }
    }
}

/// A page must never wait for an end that does not come, whatever happened to the client.
pub fn broken_off() -> RunEvent {
    let error = ErrorKind::Connection.said("the client ended without a last word; this is a bug");
    RunEvent::Interrupted { at_us: 0, error }
}

async fn deliver(batch: &mut Batch, sink: &impl Sink, ticket: &Ticket) {
    let Some(json) = batch.take() else { return };
    // After Stop, what came is delivered to a slow page too: it is at most a queue full.
    ticket.hand.cancel.run_until_cancelled(ticket.backlog.room()).await;
    if !ticket.backlog.is_abandoned() {
        sink.send(json);
    }
}

/// Events that wait to be sent, as the inside of a JSON array.
#[derive(Default)]
struct Batch {
    json: String,
    events: u32,
    due: Option<Instant>,
    /// Whether the last one was of a fast stream.
    is_fast: bool,
}

impl Batch {
    fn patience(&self) -> Duration {
        if self.is_fast { REST } else { PATIENCE }
    }

    fn push(&mut self, event: &str) {
        self.events += 1;
        self.json.push(if self.json.is_empty() { '[' } else { ',' });
        self.json.push_str(event);
        self.due = self.due.or_else(|| Some(Instant::now() + self.patience()));
    }

    fn has_room_for(&self, event: &str) -> bool {
        self.json.is_empty() || self.json.len() + event.len() < BATCH_BYTES
    }

    fn is_full(&self) -> bool {
        self.json.len() >= BATCH_BYTES
    }

    fn take(&mut self) -> Option<String> {
        self.due.take()?;
        self.is_fast = PATIENCE * self.events > self.patience() * MANY;
        self.events = 0;
        Some(std::mem::take(&mut self.json) + "]")
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Runs, backlog::MOST_BATCHES};
    use super::*;
    use playground::{Delta, Frame};
    use serde_json::Value;
    use std::sync::{Arc, Mutex};

    /// A page that reads when it is told to.
    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<Vec<Value>>>>);

    impl Sink for Page {
        fn send(&self, batch: String) {
            let batch = serde_json::from_str(&batch).expect("a batch is a JSON array");
            self.0.lock().expect("the page's lock").push(batch);
        }
    }

    impl Page {
        fn batches(&self) -> Vec<Vec<Value>> {
            self.0.lock().expect("the page's lock").clone()
        }

        fn events(&self) -> Vec<Value> {
            self.batches().concat()
        }
    }

    fn frame(index: u32, text: &str) -> RunEvent {
        let deltas = vec![Delta::text(text)];
        RunEvent::Frame(Frame { index, at_us: 0, offset: 0, raw: text.into(), deltas })
    }

    struct Run {
        tell: mpsc::Sender<RunEvent>,
        page: Page,
        runs: Arc<Runs>,
        forwarded: tokio::task::JoinHandle<RunEvent>,
    }

    fn run(queue: usize) -> Run {
        let (tell, events) = mpsc::channel(queue);
        let (page, runs) = (Page::default(), Arc::new(Runs::default()));
        let (sink, ticket) = (page.clone(), runs.begin("r", "main").expect("new"));
        let forwarded = tokio::spawn(async move {
            let watch = Watch { keep: |_: &RunEvent| {}, otherwise: Some(broken_off()) };
            forward(events, &sink, &ticket, watch).await.expect("a run has an end")
        });
        Run { tell, page, runs, forwarded }
    }

    /// Lets every task go as far as it can without the clock.
    async fn settle() {
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn events_travel_together_and_the_last_one_at_once() {
        let run = run(256);
        let begun = Instant::now();
        for index in 0..3 {
            run.tell.send(frame(index, "word")).await.expect("the forwarder listens");
        }
        settle().await;
        assert!(run.page.batches().is_empty(), "they wait for company");
        tokio::time::sleep(PATIENCE).await;
        settle().await;
        assert_eq!(run.page.batches().iter().map(Vec::len).collect::<Vec<_>>(), [3]);

        run.tell.send(frame(3, "word")).await.expect("the forwarder listens");
        run.tell.send(RunEvent::Finished { at_us: 9 }).await.expect("the forwarder listens");
        run.forwarded.await.expect("it ends");
        assert_eq!(run.page.events().len(), 5);
        assert!(begun.elapsed() < 2 * PATIENCE, "the end does not wait");
        assert_eq!(run.runs.in_progress(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn batches_stay_small_and_a_large_event_goes_alone() {
        let run = run(256);
        run.tell.send(frame(0, "small")).await.expect("the forwarder listens");
        run.tell.send(frame(1, &"x".repeat(BATCH_BYTES))).await.expect("the forwarder listens");
        for index in 2..100 {
            run.tell.send(frame(index, "small")).await.expect("the forwarder listens");
        }
        run.tell.send(RunEvent::Finished { at_us: 9 }).await.expect("the forwarder listens");
        run.forwarded.await.expect("it ends");
        let batches = run.page.batches();
        assert_eq!(batches[0].len(), 1);
        assert_eq!(batches[1].len(), 1, "the large one");
        for batch in &batches[2..] {
            let size = serde_json::to_string(batch).expect("JSON").len();
            assert!(size <= BATCH_BYTES + 1, "{size} bytes");
        }
        let order: Vec<_> =
            run.page.events().iter().filter_map(|it| it["index"].as_u64()).collect();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_page_stops_the_flow_until_it_reads() {
        let run = run(8);
        let tell = run.tell.clone();
        let told = Arc::new(Mutex::new(0));
        let count = told.clone();
        tokio::spawn(async move {
            for index in 0..1000 {
                tell.send(frame(index, &"x".repeat(BATCH_BYTES))).await.expect("it listens");
                *count.lock().expect("the count's lock") = index + 1;
            }
            tell.send(RunEvent::Finished { at_us: 9 }).await.expect("it listens");
        });
        settle().await;
        assert_eq!(run.page.batches().len(), MOST_BATCHES);
        let held = *told.lock().expect("the count's lock") as usize;
        assert!(held <= MOST_BATCHES + 8 + 2, "{held} events were taken from the client");

        while !run.forwarded.is_finished() {
            run.runs.acknowledge("r", 1);
            settle().await;
        }
        assert_eq!(run.page.events().len(), 1001);
    }

    #[tokio::test(start_paused = true)]
    async fn stop_does_not_wait_for_a_page_that_does_not_read() {
        let run = run(8);
        for index in 0..MOST_BATCHES as u32 + 4 {
            let large = frame(index, &"x".repeat(BATCH_BYTES));
            run.tell.send(large).await.expect("the forwarder listens");
        }
        settle().await;
        run.runs.cancel("r");
        run.tell.send(RunEvent::Cancelled { at_us: 9 }).await.expect("the forwarder listens");
        run.forwarded.await.expect("it ends");
        let events = run.page.events();
        assert_eq!(events.len(), MOST_BATCHES + 5, "what came is kept");
        assert_eq!(events.last().expect("events")["type"], "cancelled");
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_that_went_away_is_told_nothing() {
        let run = run(8);
        run.tell.send(frame(0, "word")).await.expect("the forwarder listens");
        settle().await;
        run.runs.abandon("main");
        run.tell.send(RunEvent::Cancelled { at_us: 9 }).await.expect("the forwarder listens");
        run.forwarded.await.expect("it ends");
        assert!(run.page.batches().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_dies_still_leaves_an_end() {
        let run = run(8);
        drop(run.tell);
        run.forwarded.await.expect("it ends");
        let events = run.page.events();
        assert_eq!(events.len(), 1);
        assert_eq!(events[0]["type"], "interrupted");
    }

    #[test]
    fn a_fast_stream_has_more_patience_for_as_long_as_it_is_fast() {
        let mut batch = Batch::default();
        for (events, patience) in [(4, PATIENCE), (5, REST), (13, REST), (12, PATIENCE)] {
            (0..events).for_each(|_| batch.push("1"));
            assert!(batch.take().is_some());
            assert_eq!(batch.patience(), patience, "after {events}");
        }
    }
}
