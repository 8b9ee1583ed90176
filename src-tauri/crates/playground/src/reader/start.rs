//! The beginning of a body, until it tells what the body is.

use super::Body;
use crate::{
    dialect::Framing,
    frames::{ArrayReader, BOM, LineReader, SseReader},
};

/// The bytes that have come so far. Each is looked at once, however many pieces they come in.
#[derive(Default)]
pub struct Start {
    pub bytes: Vec<u8>,
    /// Where the first character stands, behind a mark of byte order and blanks.
    first: usize,
    /// How far the first line has been searched for its end.
    searched: usize,
}

impl Start {
    /// What the body is. Its first character decides, since content types lie: no line of an
    /// event stream begins with a brace, a bracket or a tag. `None` while too little has come, or
    /// if what decides stands behind the `limit`.
    pub fn kind(&mut self, framing: Framing, limit: usize) -> Option<Body> {
        let bytes = &self.bytes[..];
        if self.first == 0 && bytes.len() < BOM.len() && BOM.starts_with(bytes) {
            return None;
        }
        if self.first == 0 && bytes.starts_with(BOM) {
            self.first = BOM.len();
        }
        self.first += bytes[self.first..].iter().take_while(|it| it.is_ascii_whitespace()).count();
        match bytes.get(self.first).filter(|_| self.first <= limit)? {
            b'{' if framing == Framing::Lines => self.lines_or_whole(limit),
            b'[' => Some(Body::Array(ArrayReader::new(limit))),
            b'{' | b'<' => Some(Body::Whole(Vec::new())),
            _ => Some(Body::Events(SseReader::new(limit))),
        }
    }

    /// JSON that is laid out over several lines is no stream of lines.
    fn lines_or_whole(&mut self, limit: usize) -> Option<Body> {
        self.searched = self.searched.max(self.first);
        let end = self.bytes[self.searched..].iter().position(|byte| *byte == b'\n');
        let end = end.map(|end| self.searched + end).filter(|end| *end <= limit);
        self.searched = self.bytes.len();
        let is_line = self.bytes[self.first..end?].trim_ascii_end().ends_with(b"}");
        Some(if is_line { Body::Lines(LineReader::new(limit)) } else { Body::Whole(Vec::new()) })
    }
}
