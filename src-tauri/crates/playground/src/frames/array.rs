//! One long JSON array that is written bit by bit: each element is a frame.

use super::{FrameTooLarge, RawFrame, within};

/// Cuts a JSON array into its elements. Brackets and commas belong to the frame after them.
#[derive(Debug)]
pub struct ArrayReader {
    limit: usize,
    offset: u64,
    pending: Vec<u8>,
    searched: usize,
    /// How many brackets and braces are open; elements stand at depth 1.
    depth: usize,
    in_text: bool,
    after_backslash: bool,
    /// Where the element that is open begins in `pending`.
    element: Option<usize>,
}

impl ArrayReader {
    /// A reader that refuses elements of more than `limit` bytes.
    pub fn new(limit: usize) -> ArrayReader {
        ArrayReader {
            limit,
            offset: 0,
            pending: Vec::new(),
            searched: 0,
            depth: 0,
            in_text: false,
            after_backslash: false,
            element: None,
        }
    }

    /// Takes the next bytes and hands on each element that they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<RawFrame>, FrameTooLarge> {
        self.pending.extend_from_slice(bytes);
        let mut frames = Vec::new();
        let mut taken = 0;
        while let Some(&byte) = self.pending.get(self.searched) {
            let at = self.searched;
            self.searched += 1;
            if self.step(byte, at) {
                let element = self.element.take().unwrap_or(at);
                let raw = &self.pending[taken..self.searched];
                let offset = self.offset + taken as u64;
                frames.push(RawFrame::json(offset, raw, element - taken, true));
                taken = self.searched;
            }
        }
        self.pending.drain(..taken);
        self.offset += taken as u64;
        self.searched = self.pending.len();
        self.element = self.element.map(|at| at - taken);
        within(self.limit, frames, self.pending.len())
    }

    /// The element that the end of the body left open, or the bracket that closed the array.
    pub fn finish(self) -> Option<RawFrame> {
        match self.element {
            Some(at) => Some(RawFrame::json(self.offset, &self.pending, at, false)),
            None if self.pending.trim_ascii().is_empty() => None,
            None => {
                let raw = self.pending;
                Some(RawFrame {
                    offset: self.offset,
                    raw,
                    data: None,
                    is_error: false,
                    is_utf8: true,
                    is_closed: true,
                })
            }
        }
    }

    /// Takes one byte of JSON in; whether it closed an element.
    fn step(&mut self, byte: u8, at: usize) -> bool {
        if self.in_text {
            match byte {
                _ if self.after_backslash => self.after_backslash = false,
                b'\\' => self.after_backslash = true,
                b'"' => self.in_text = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.in_text = true,
            b'{' | b'[' => {
                if self.depth == 1 {
                    self.element = Some(at);
                }
                self.depth += 1;
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 1 && self.element.is_some();
            }
            _ => {}
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BODY: &str = "[{\n  \"a\": \"]},{\\\"\"\n}\n,\r\n{\"b\":[{}]}\n]\n";

    fn read(pieces: &[&[u8]]) -> Vec<RawFrame> {
        let mut reader = ArrayReader::new(1 << 20);
        let mut frames: Vec<_> =
            pieces.iter().flat_map(|piece| reader.push(piece).expect("small")).collect();
        frames.extend(reader.finish());
        frames
    }

    #[test]
    fn each_element_is_a_frame_and_frames_tile_the_body() {
        let frames = read(&[BODY.as_bytes()]);
        let datas: Vec<_> = frames.iter().map(|it| it.data.as_deref()).collect();
        let first = "{\n  \"a\": \"]},{\\\"\"\n}";
        assert_eq!(datas, [Some(first), Some("{\"b\":[{}]}"), None]);
        assert_eq!(
            frames.iter().flat_map(|it| it.raw.clone()).collect::<Vec<_>>(),
            BODY.as_bytes()
        );
    }

    #[test]
    fn an_element_that_the_end_cut_off_is_marked() {
        let frames = read(&[b"[{\"a\":1},{\"b"]);
        assert_eq!(frames.iter().map(|it| it.is_closed).collect::<Vec<_>>(), [true, false]);
        assert_eq!(frames[1].data.as_deref(), Some("{\"b"));
    }

    proptest! {
        #[test]
        fn elements_do_not_depend_on_how_bytes_are_cut(
            rest in r#"([\[\]{}",:\\ aé]){0,30}"#,
            size in 1usize..9,
        ) {
            let body = format!("[{rest}");
            let pieces: Vec<_> = body.as_bytes().chunks(size).collect();
            prop_assert_eq!(read(&pieces), read(&[body.as_bytes()]));
        }
    }
}
