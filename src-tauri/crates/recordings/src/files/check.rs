//! What a file may claim of a run that no run ever does.

use playground::{RunEvent, Target};

/// The largest number that every reader of JSON takes exactly.
pub const LARGEST_NUMBER: u64 = (1 << 53) - 1;
/// The most events of one run.
pub const MOST_EVENTS: usize = 500_000;
/// The longest text of one event, in bytes: a body that came whole, twice over.
pub const LONGEST_EVENT: usize = 32 << 20;
/// The most deltas of one frame.
pub const MOST_DELTAS: usize = 100_000;

/// Follows the events of a run.
#[derive(Default)]
pub struct Check {
    count: usize,
    at_us: u64,
    index: Option<u32>,
    is_over: bool,
}

impl Check {
    /// Takes the next event in, or says what is wrong with it.
    pub fn take(&mut self, event: &RunEvent) -> Result<(), &'static str> {
        if self.is_over {
            return Err("it goes on after its end");
        }
        self.count += 1;
        if self.count > MOST_EVENTS {
            return Err("it has more events than a run can have");
        }
        let at_us = event.at_us();
        self.is_over = event.is_last();
        // An end that is told by the app itself, and not by the clock of the call, is at 0.
        if at_us > LARGEST_NUMBER || (at_us < self.at_us && !self.is_over) {
            return Err("its times do not go forward");
        }
        self.at_us = at_us;
        self.place(event)
    }

    /// Frames are counted in each attempt anew. One may be missing where the disk was full.
    fn place(&mut self, event: &RunEvent) -> Result<(), &'static str> {
        match event {
            RunEvent::AttemptStarted { .. } => self.index = None,
            RunEvent::Frame(frame) => {
                if self.index.is_some_and(|before| frame.index <= before) {
                    return Err("its frames are not in their order");
                }
                if frame.offset > LARGEST_NUMBER {
                    return Err("a frame of it stands nowhere");
                }
                self.index = Some(frame.index);
            }
            _ => {}
        }
        Ok(())
    }
}

/// Who was asked: its names are not longer than names are.
pub fn target(target: &Target) -> Result<(), &'static str> {
    at_most(&target.provider, 64)?;
    at_most(&target.model, 512)?;
    at_most(target.dialect.as_deref().unwrap_or_default(), 64)?;
    at_most(target.base_url.as_deref().unwrap_or_default(), 2048)
}

/// A text of a run's head, at most so long.
pub fn at_most(text: &str, bytes: usize) -> Result<(), &'static str> {
    if text.len() > bytes { Err("a name in it is too long") } else { Ok(()) }
}
