//! One JSON value per line (`application/x-ndjson`).

use super::{FrameTooLarge, RawFrame, within};

/// Cuts a body into lines. Blank ones belong to the frame after them.
#[derive(Debug)]
pub struct LineReader {
    limit: usize,
    offset: u64,
    pending: Vec<u8>,
    /// Where the line begins in `pending` that has not ended yet.
    line: usize,
    searched: usize,
}

impl LineReader {
    /// A reader that refuses lines of more than `limit` bytes.
    pub fn new(limit: usize) -> LineReader {
        LineReader { limit, offset: 0, pending: Vec::new(), line: 0, searched: 0 }
    }

    /// Takes the next bytes and hands on each line that they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<RawFrame>, FrameTooLarge> {
        self.pending.extend_from_slice(bytes);
        let mut frames = Vec::new();
        let mut taken = 0;
        while let Some(end) = self.pending[self.searched..].iter().position(|it| *it == b'\n') {
            self.searched += end + 1;
            // Blank lines are looked at once, however many there are.
            if !self.pending[self.line..self.searched].trim_ascii().is_empty() {
                frames.push(self.frame(taken, self.searched, true));
                taken = self.searched;
            }
            self.line = self.searched;
        }
        self.pending.drain(..taken);
        self.line -= taken;
        self.offset += taken as u64;
        self.searched = self.pending.len();
        within(self.limit, frames, self.pending.len())
    }

    /// The line that the end of the body left open. It is whole if it is whole JSON.
    pub fn finish(self) -> Option<RawFrame> {
        let is_blank = self.pending.trim_ascii().is_empty();
        (!is_blank).then(|| self.frame(0, self.pending.len(), false))
    }

    fn frame(&self, from: usize, to: usize, is_closed: bool) -> RawFrame {
        RawFrame::json(self.offset + from as u64, &self.pending[from..to], 0, is_closed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(pieces: &[&[u8]]) -> Vec<RawFrame> {
        let mut reader = LineReader::new(1 << 20);
        let mut frames: Vec<_> =
            pieces.iter().flat_map(|piece| reader.push(piece).expect("short lines")).collect();
        frames.extend(reader.finish());
        frames
    }

    #[test]
    fn each_line_with_something_on_it_is_a_frame() {
        let body = "{\"a\":1}\r\n\n {\"b\":2}\n{\"c\"";
        let frames = read(&[body.as_bytes()]);
        let datas: Vec<_> = frames.iter().filter_map(|it| it.data.as_deref()).collect();
        assert_eq!(datas, ["{\"a\":1}", "{\"b\":2}", "{\"c\""]);
        assert_eq!(frames.iter().map(|it| it.is_closed).collect::<Vec<_>>(), [true, true, false]);
        assert!(LineReader::new(4).push(b"12345").is_err());
    }

    proptest! {
        #[test]
        fn lines_do_not_depend_on_how_bytes_are_cut(body in "([a-zé🦀 ]|\n|\r\n){0,40}", size in 1usize..9) {
            let pieces: Vec<_> = body.as_bytes().chunks(size).collect();
            prop_assert_eq!(read(&pieces), read(&[body.as_bytes()]));
        }
    }
}
