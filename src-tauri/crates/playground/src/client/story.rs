//! The telling of a run, and of what came over the wire in it.

use crate::{Delta, RunEvent, http::Header, reader::ReadFrame, secret::Mask};
use reqwest::Response;
use std::time::Instant;
use tokio::sync::mpsc;

/// The telling of one run: its clock, its listener, and how far the reply has come.
pub struct Story {
    events: mpsc::Sender<RunEvent>,
    started: Instant,
    /// Whether the server has accepted the request.
    pub has_begun: bool,
    /// Whether words of the reply have come.
    pub has_words: bool,
}

impl Story {
    /// A story that begins now.
    pub fn new(events: mpsc::Sender<RunEvent>) -> Story {
        Story { events, started: Instant::now(), has_begun: false, has_words: false }
    }

    /// Microseconds since it began.
    pub fn at_us(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// A listener that has gone away is about to cancel the run, so its absence is no error.
    pub async fn tell(&self, event: RunEvent) {
        let _ = self.events.send(event).await;
    }

    /// Tells the head of a response, and when the connection for it stood, if it is a new one.
    pub async fn tell_response(
        &self,
        response: &Response,
        connected: Option<Instant>,
        mask: &Mask,
    ) {
        let since = |at: Instant| at.saturating_duration_since(self.started).as_micros();
        self.tell(RunEvent::ResponseStarted {
            at_us: self.at_us(),
            connected_us: connected.and_then(|at| u64::try_from(since(at)).ok()),
            status: response.status().as_u16(),
            version: format!("{:?}", response.version()),
            headers: headers_of(response, mask),
        })
        .await;
    }

    /// Tells frames that have just come.
    pub async fn tell_frames(&mut self, frames: Vec<ReadFrame>) {
        let at_us = self.at_us();
        for frame in frames {
            self.has_words |= frame.deltas.iter().any(Delta::is_words);
            self.tell(RunEvent::Frame(frame.at(at_us))).await;
        }
    }
}

/// The headers of a response, what they echo of a key masked.
pub fn headers_of(response: &Response, mask: &Mask) -> Vec<Header> {
    let headers = response.headers().iter();
    headers
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            Header::new(name.as_str(), mask.scrubbed(value))
        })
        .collect()
}
