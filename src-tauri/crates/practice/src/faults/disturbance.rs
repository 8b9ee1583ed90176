//! Faults that strike in the middle of a stream.

use std::{mem, time::Duration};

use super::{Cut, Faults};
use crate::{dialects::Writer, frames::Frames};

/// Silence, garbage and errors come when so many frames have been written: there has been
/// text by then, in every format. A shorter reply meets them before its end.
const MIDDLE: usize = 8;

/// What becomes of the stream.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// It goes on.
    GoOn,
    /// What is waiting leaves, then there is silence for so long.
    Pause(Duration),
    /// What is waiting leaves, then comes an error. It leaves alone: some readers see it only if
    /// it is all that they get at once.
    Fail,
    /// What is waiting leaves, and the stream ends as if that were all.
    End,
    /// What is waiting leaves, and the connection breaks.
    Break,
}

/// The faults of one stream that have not struck yet.
#[derive(Debug)]
pub struct Disturbance {
    faults: Faults,
    /// How many frames there were before the end.
    before_end: usize,
}

impl Disturbance {
    pub fn new(faults: Faults) -> Self {
        Self { faults, before_end: 0 }
    }

    /// Called after each piece of text, and once more before the end is written.
    pub fn strike(&mut self, frames: &mut Frames, writer: &mut dyn Writer, last: bool) -> Next {
        if !last && frames.count() < MIDDLE {
            return self.cut(frames);
        }
        if mem::take(&mut self.faults.garbage) {
            writer.garbage(frames);
        }
        self.before_end = frames.count();
        let stall = self.faults.stall.take();
        match self.cut(frames) {
            Next::GoOn if mem::take(&mut self.faults.in_stream_error) => Next::Fail,
            Next::GoOn => stall.map_or(Next::GoOn, Next::Pause),
            broken => broken,
        }
    }

    /// Called after the end was written, while all of it is waiting. A reply that is too short
    /// for its cut is cut before its end.
    pub fn strike_end(&self, frames: &mut Frames) -> Next {
        if self.faults.no_done {
            frames.drop_last();
        }
        let next = self.strike_last(frames);
        if next == Next::End && self.faults.cut.is_some() {
            frames.cut_at_frame(self.before_end);
            return Next::Break;
        }
        next
    }

    /// Called after an error was written.
    pub fn strike_last(&self, frames: &mut Frames) -> Next {
        match self.cut(frames) {
            Next::GoOn => Next::End,
            broken => broken,
        }
    }

    fn cut(&self, frames: &mut Frames) -> Next {
        let cut = match self.faults.cut {
            Some(Cut::Frames(most)) => frames.cut_at_frame(most),
            Some(Cut::Bytes(most)) => frames.cut_at_byte(most),
            None => false,
        };
        if cut { Next::Break } else { Next::GoOn }
    }
}
