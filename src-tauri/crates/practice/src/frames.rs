//! Bytes on their way out that remember where each frame ends.

use std::mem;

use axum::body::Bytes;
use serde_json::Value;

/// Frames that have not left yet. A frame is what a reader of the format takes as one: an
/// event of a stream, a line, an element of an array.
#[derive(Debug, Default)]
pub struct Frames {
    bytes: Vec<u8>,
    /// Where each frame in `bytes` ends.
    ends: Vec<usize>,
    frames_left: usize,
    bytes_left: usize,
}

impl Frames {
    /// Adds a frame that is given in parts.
    pub fn push(&mut self, parts: &[&str]) {
        self.write(|bytes| parts.iter().for_each(|part| bytes.extend_from_slice(part.as_bytes())));
    }

    /// Adds a frame of an event stream without a name: `data: {…}`.
    pub fn data(&mut self, data: &Value) {
        self.push(&["data: ", &data.to_string(), "\n\n"]);
    }

    /// Adds a frame of an event stream whose name is its `type`: `event: …`, `data: {…}`.
    pub fn event(&mut self, data: &Value) {
        let name = data["type"].as_str().unwrap_or_default();
        self.push(&["event: ", name, "\ndata: ", &data.to_string(), "\n\n"]);
    }

    /// Adds a frame that somebody writes.
    pub fn write(&mut self, writer: impl FnOnce(&mut Vec<u8>)) {
        writer(&mut self.bytes);
        self.ends.push(self.bytes.len());
    }

    /// Takes what is waiting away, to be sent.
    pub fn take(&mut self) -> Bytes {
        self.frames_left += self.ends.len();
        self.bytes_left += self.bytes.len();
        self.ends.clear();
        mem::take(&mut self.bytes).into()
    }

    /// How many bytes are waiting.
    pub fn waiting(&self) -> usize {
        self.bytes.len()
    }

    /// How many frames there have been, with those that are waiting.
    pub fn count(&self) -> usize {
        self.frames_left + self.ends.len()
    }

    /// Takes back the last frame that is waiting.
    pub fn drop_last(&mut self) {
        self.ends.pop();
        self.bytes.truncate(self.ends.last().copied().unwrap_or(0));
    }

    /// Cuts after this many frames, counted from the first of all. Says whether it came so far.
    pub fn cut_at_frame(&mut self, frames: usize) -> bool {
        let reached = self.count() >= frames;
        if reached {
            let kept = frames.saturating_sub(self.frames_left);
            let end = kept.checked_sub(1).and_then(|last| self.ends.get(last));
            self.bytes.truncate(end.copied().unwrap_or(0));
            self.ends.truncate(kept);
        }
        reached
    }

    /// Cuts after this many bytes, counted from the first of all. Says whether it came so far.
    pub fn cut_at_byte(&mut self, bytes: usize) -> bool {
        let reached = self.bytes_left + self.bytes.len() >= bytes;
        if reached {
            self.bytes.truncate(bytes.saturating_sub(self.bytes_left));
        }
        reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three_after_two() -> Frames {
        let mut frames = Frames::default();
        ["aa", "bb"].iter().for_each(|text| frames.push(&[text]));
        assert_eq!(frames.take(), "aabb");
        ["cc", "dd", "ee"].iter().for_each(|text| frames.push(&[text]));
        frames
    }

    #[test]
    fn frames_are_cut_where_one_ends_counted_from_the_first() {
        let table = [
            (1, true, ""),
            (2, true, ""),
            (3, true, "cc"),
            (5, true, "ccddee"),
            (6, false, "ccddee"),
        ];
        for (at, reached, left) in table {
            let mut frames = three_after_two();
            assert_eq!(
                (frames.cut_at_frame(at), frames.take().as_ref()),
                (reached, left.as_bytes())
            );
        }
    }

    #[test]
    fn bytes_are_cut_anywhere() {
        for (at, reached, left) in
            [(3, true, ""), (5, true, "c"), (10, true, "ccddee"), (11, false, "ccddee")]
        {
            let mut frames = three_after_two();
            assert_eq!(
                (frames.cut_at_byte(at), frames.take().as_ref()),
                (reached, left.as_bytes())
            );
        }
    }

    #[test]
    fn the_last_frame_can_be_taken_back() {
        let mut frames = three_after_two();
        frames.drop_last();
        assert_eq!((frames.count(), frames.take().as_ref()), (4, &b"ccdd"[..]));
    }
}
