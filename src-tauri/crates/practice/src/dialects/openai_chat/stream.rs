//! A reply as frames on a timetable.
//!
//! Frames that are due at the same moment leave together: one at a time at a human pace, in
//! large batches when there is no limit. Dropping the stream, as the server does when its
//! client hangs up, ends the reply: nothing is made ahead of its time.

use std::{convert::Infallible, mem};

use axum::body::Bytes;
use futures_util::{Stream, stream};
use tokio::time::{Instant, sleep_until};

use super::wire::Wire;
use crate::{
    generation::{Generation, Piece},
    pace::Pace,
};

/// Frames leave when they fill this, even if more are due.
const BATCH: usize = 32 * 1024;

/// The frames of a reply, as chunks of a response body. `start` is when the request came.
pub fn events(
    generation: Generation,
    wire: Wire,
    pace: Pace,
    start: std::time::Instant,
) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let mut frames = Vec::new();
    wire.role(&mut frames);
    let said =
        Said { generation, wire, pace, start: start.into(), frames, next: None, ended: false };
    stream::unfold(said, |mut said| async move {
        let frames = said.frames_due().await?;
        Some((Ok(frames), said))
    })
}

struct Said {
    generation: Generation,
    wire: Wire,
    pace: Pace,
    start: Instant,
    frames: Vec<u8>,
    next: Option<Piece>,
    ended: bool,
}

impl Said {
    /// Waits for the next frames; `None` after the last.
    async fn frames_due(&mut self) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        let mut waited = false;
        while !self.ended && self.frames.len() < BATCH {
            self.next = self.next.take().or_else(|| self.generation.next());
            let due = self.start + self.pace.due(self.index());
            if due > Instant::now() {
                if waited {
                    break;
                }
                sleep_until(due).await;
            }
            waited = true;
            match self.next.take() {
                Some(piece) => self.wire.text(&mut self.frames, &piece.text),
                None => self.finish(),
            }
        }
        Some(mem::take(&mut self.frames).into())
    }

    /// The place on the timetable of what comes next: of a piece, that of its last token.
    fn index(&self) -> usize {
        self.next.as_ref().map_or(self.generation.made(), |piece| piece.made.saturating_sub(1))
    }

    fn finish(&mut self) {
        self.wire.end(&mut self.frames, &self.generation);
        self.ended = true;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::StreamExt;

    use super::*;
    use crate::{
        generation::Limits,
        model::{Model, Role, Turn},
    };

    /// The frames of a reply and when each batch came, in milliseconds.
    async fn spoken(question: &str, pace: &str) -> Vec<(u128, String)> {
        let turn = Turn { role: Role::User, name: None, text: question.to_owned() };
        let prompted = Model::default().read(&[turn]);
        let limits = Limits { max_tokens: 10_000, stop: Vec::new() };
        let pace = Pace::default().changed_by(pace).unwrap();
        let start = Instant::now();
        let wire = Wire::new(1, true, 7);
        events(Generation::new(prompted, limits), wire, pace, start.into_std())
            .map(|frames| {
                let text = String::from_utf8(frames.unwrap().to_vec()).unwrap();
                (start.elapsed().as_millis(), text)
            })
            .collect()
            .await
    }

    #[tokio::test(start_paused = true)]
    async fn each_token_comes_at_its_moment() {
        let batches = spoken("count to 2", "first=100ms, rate=10").await;
        let times: Vec<u128> = batches.iter().map(|(at, _)| at / 10 * 10).collect();
        assert_eq!(times, [100, 200, 300, 400, 500]);
        let frames: Vec<usize> =
            batches.iter().map(|(_, text)| text.matches("data: ").count()).collect();
        assert_eq!(
            frames,
            [2, 1, 1, 1, 3],
            "role and text, text, text, text, end and usage and [DONE]"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_client_gets_what_is_due_at_once() {
        let turn = Turn { role: Role::User, name: None, text: "count to 9".to_owned() };
        let prompted = Model::default().read(&[turn]);
        let limits = Limits { max_tokens: 100, stop: Vec::new() };
        let pace = Pace::default().changed_by("first=0s, rate=10").unwrap();
        let generation = Generation::new(prompted, limits);
        let wire = Wire::new(1, false, 7);
        let mut frames = Box::pin(events(generation, wire, pace, Instant::now().into_std()));
        frames.next().await;
        tokio::time::advance(Duration::from_secs(1)).await;
        let late = frames.next().await.unwrap().unwrap();
        assert_eq!(String::from_utf8_lossy(&late).matches("data: ").count(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_limit_frames_leave_in_batches() {
        let batches = spoken("count to 1000", "first=0s, rate=0").await;
        assert!(batches.len() < 40, "{} batches", batches.len());
        assert!(batches.iter().all(|(at, text)| *at == 0 && text.ends_with("\n\n")));
    }
}
