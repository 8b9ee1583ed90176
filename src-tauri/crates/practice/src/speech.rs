//! A reply as frames on a timetable.
//!
//! Frames that are due at the same moment leave together: one at a time at a human pace, in
//! large batches when there is no limit. Dropping the stream, as the server does when its
//! client hangs up, ends the reply: nothing is made ahead of its time.

use std::{collections::VecDeque, io, time::Duration};

use axum::body::Bytes;
use futures_util::{Stream, stream};
use tokio::time::Instant;

use crate::{
    delivery,
    dialects::Writer,
    faults::{Disturbance, Next},
    frames::Frames,
    generation::{Generation, Piece},
    pace::Pace,
};

/// Frames leave when they fill this, even if more are due.
const BATCH: usize = 32 * 1024;

/// A reply speaks no longer than this before others have their turn.
pub const TURN: Duration = Duration::from_millis(10);

/// Waits until so long after a request came.
pub async fn sleep_until(start: std::time::Instant, due: Duration) {
    tokio::time::sleep(due.saturating_sub(start.elapsed())).await;
}

/// The frames of a reply, as chunks of a response body. `start` is when the request came.
pub fn frames(
    generations: Vec<Generation>,
    mut writer: Box<dyn Writer>,
    pace: Pace,
    start: std::time::Instant,
    disturbance: Disturbance,
) -> impl Stream<Item = io::Result<Bytes>> {
    let mut frames = Frames::default();
    writer.open(&mut frames);
    let speech = Speech {
        generations,
        writer,
        pace,
        start: start.into(),
        disturbance,
        frames,
        next: VecDeque::new(),
        stage: Stage::Talking,
        pause: None,
    };
    stream::unfold(speech, |mut speech| async move {
        let frames = speech.frames_due().await?;
        Some((frames, speech))
    })
}

/// How far a reply has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Talking,
    /// All text is written, the end is not.
    Ending,
    /// An error is to be written once what is waiting has left.
    Failing,
    /// All is written.
    Over,
    /// The connection breaks once what is waiting has left.
    Broken,
}

struct Speech {
    generations: Vec<Generation>,
    writer: Box<dyn Writer>,
    pace: Pace,
    start: Instant,
    disturbance: Disturbance,
    frames: Frames,
    /// The next piece of each choice that still talks.
    next: VecDeque<(usize, Piece)>,
    stage: Stage,
    /// A silence that begins when what is waiting has left.
    pause: Option<Duration>,
}

impl Speech {
    /// Waits for the next frames; `None` after the last.
    async fn frames_due(&mut self) -> Option<io::Result<Bytes>> {
        if let Some(pause) = self.pause.take() {
            tokio::time::sleep(pause).await;
        }
        match self.stage {
            Stage::Talking | Stage::Ending => Some(Ok(self.talk().await)),
            Stage::Failing => {
                tokio::time::sleep(delivery::FLUSH).await;
                self.writer.fail(&mut self.frames);
                let next = self.disturbance.strike_last(&mut self.frames);
                self.go_on(next);
                Some(Ok(self.frames.take()))
            }
            Stage::Broken => {
                self.stage = Stage::Over;
                Some(delivery::broken().await)
            }
            Stage::Over => None,
        }
    }

    async fn talk(&mut self) -> Bytes {
        // Without a pace a reply is never out of breath: it lets the others speak in between.
        tokio::task::yield_now().await;
        let turn = std::time::Instant::now();
        let mut waited = false;
        while self.goes_on() && self.frames.waiting() < BATCH && turn.elapsed() < TURN {
            self.think();
            let due = self.start + self.pace.due(self.index());
            if due > Instant::now() {
                if waited {
                    break;
                }
                tokio::time::sleep_until(due).await;
            }
            waited = true;
            self.say();
        }
        self.frames.take()
    }

    fn goes_on(&self) -> bool {
        matches!(self.stage, Stage::Talking | Stage::Ending) && self.pause.is_none()
    }

    /// Makes the next piece of each choice, once those before have been said.
    fn think(&mut self) {
        if self.next.is_empty() && self.stage == Stage::Talking {
            let choices = self.generations.iter_mut().enumerate();
            self.next.extend(choices.filter_map(|(choice, talk)| Some((choice, talk.next()?))));
        }
    }

    /// The place on the timetable of what comes next: of a piece, that of its last token.
    fn index(&self) -> usize {
        let made = || self.generations.iter().map(Generation::made).max().unwrap_or(0);
        self.next.front().map_or_else(made, |(_, piece)| piece.made.saturating_sub(1))
    }

    fn say(&mut self) {
        let (frames, writer) = (&mut self.frames, self.writer.as_mut());
        let next = if self.stage == Stage::Ending {
            let endings: Vec<_> = self.generations.iter().map(Generation::ending).collect();
            writer.close(frames, &endings);
            self.disturbance.strike_end(frames)
        } else if let Some((choice, piece)) = self.next.pop_front() {
            writer.text(frames, choice, &piece);
            self.disturbance.strike(frames, writer, false)
        } else {
            self.stage = Stage::Ending;
            self.disturbance.strike(frames, writer, true)
        };
        self.go_on(next);
    }

    fn go_on(&mut self, next: Next) {
        match next {
            Next::GoOn => {}
            Next::Pause(pause) => self.pause = Some(pause),
            Next::Fail => self.stage = Stage::Failing,
            Next::End => self.stage = Stage::Over,
            Next::Break => self.stage = Stage::Broken,
        }
    }
}

#[cfg(test)]
mod tests;
