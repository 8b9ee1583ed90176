//! A body into frames with their meaning, whatever the server chose to send. No I/O.

mod seen;
mod start;

use crate::{
    ApiError, Delta, ErrorKind, Frame,
    dialect::{Decoder, Dialect, Framing, parts::is_done},
    errors::ErrorBody,
    frames::{ArrayReader, FrameTooLarge, LineReader, RawFrame, SseReader},
    json,
    secret::Mask,
};
use seen::Seen;
use start::Start;

/// How much of a reply is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// The largest frame, in bytes.
    pub frame: usize,
    /// The largest body that is not streamed, in bytes.
    pub body: usize,
}

impl Default for Sizes {
    fn default() -> Sizes {
        Sizes { frame: 4 << 20, body: 8 << 20 }
    }
}

/// A frame that was read; only its time is missing.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadFrame {
    index: u32,
    offset: u64,
    raw: Vec<u8>,
    /// Whether it carried anything, were it only the end; a comment does not.
    pub has_data: bool,
    /// What it meant.
    pub deltas: Vec<Delta>,
}

impl ReadFrame {
    /// The frame, which arrived at that time.
    pub fn at(self, at_us: u64) -> Frame {
        let ReadFrame { index, offset, raw, deltas, .. } = self;
        Frame { index, at_us, offset, raw, deltas }
    }
}

/// Reads the body of one answer.
pub struct ReplyReader {
    decoder: Box<dyn Decoder>,
    framing: Framing,
    mask: Mask,
    sizes: Sizes,
    body: Body,
    frames: u32,
    seen: Seen,
}

/// What the body turned out to be.
enum Body {
    Unknown(Start),
    Events(SseReader),
    Lines(LineReader),
    Array(ArrayReader),
    Whole(Vec<u8>),
}

impl ReplyReader {
    /// A reader for what an endpoint of `dialect` answers.
    pub fn new(dialect: &dyn Dialect, mask: Mask, sizes: Sizes) -> ReplyReader {
        ReplyReader {
            decoder: dialect.decoder(),
            framing: dialect.framing(),
            mask,
            sizes,
            body: Body::Unknown(Start::default()),
            frames: 0,
            seen: Seen::default(),
        }
    }

    /// Takes the next bytes and hands on the frames that they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<ReadFrame> {
        if self.seen.too_large.is_some() {
            return Vec::new();
        }
        let frames = self.take(bytes).unwrap_or_else(|FrameTooLarge { limit, before }| {
            let error = ErrorKind::FrameTooLarge.said(format!("it passed {limit} bytes"));
            self.seen.too_large = Some(error);
            // Nothing more is read, so nothing more is kept.
            self.body = Body::Unknown(Start::default());
            before
        });
        frames.into_iter().map(|frame| self.read(frame)).collect()
    }

    fn take(&mut self, bytes: &[u8]) -> Result<Vec<RawFrame>, FrameTooLarge> {
        match &mut self.body {
            Body::Unknown(start) => {
                start.bytes.extend_from_slice(bytes);
                let Some(body) = start.kind(self.framing, self.sizes.frame) else {
                    return at_most(self.sizes.frame, start.bytes.len());
                };
                let start = std::mem::replace(&mut self.body, body);
                let Body::Unknown(Start { bytes, .. }) = start else { return Ok(Vec::new()) };
                self.take(&bytes)
            }
            Body::Whole(body) => {
                body.extend_from_slice(bytes);
                at_most(self.sizes.body, body.len())
            }
            Body::Events(reader) => reader.push(bytes),
            Body::Lines(reader) => reader.push(bytes),
            Body::Array(reader) => reader.push(bytes),
        }
    }

    /// Whether nothing that follows would be read.
    pub fn is_done(&self) -> bool {
        self.seen.done || self.seen.too_large.is_some()
    }

    /// Reads what the end of the body left over.
    pub fn finish(&mut self) -> Vec<ReadFrame> {
        let rest = match std::mem::replace(&mut self.body, Body::Unknown(Start::default())) {
            Body::Unknown(Start { bytes, .. }) if bytes.trim_ascii().is_empty() => None,
            // A line that nothing follows.
            Body::Unknown(Start { bytes, .. }) if self.framing == Framing::Lines => {
                let mut lines = LineReader::new(usize::MAX);
                lines.push(&bytes).ok().and(lines.finish())
            }
            Body::Unknown(Start { bytes: body, .. }) | Body::Whole(body) => {
                return vec![self.read_whole(body)];
            }
            Body::Events(reader) => reader.finish(),
            Body::Lines(reader) => reader.finish(),
            Body::Array(reader) => reader.finish(),
        };
        rest.into_iter().map(|frame| self.read(frame)).collect()
    }

    /// Whether the reply came to its end; a body that is one whole answer did.
    pub fn is_complete(&self) -> bool {
        self.seen.is_over() || self.seen.whole
    }

    /// How the reply ended, once everything has been read.
    pub fn verdict(self) -> Result<(), ApiError> {
        self.seen.verdict()
    }

    fn read(&mut self, frame: RawFrame) -> ReadFrame {
        let RawFrame { offset, mut raw, data, is_error, is_utf8, is_closed } = frame;
        self.mask.scrub(&mut raw);
        let data = data.map(|data| self.mask.scrubbed(data)).filter(|data| !data.is_empty());
        let mut deltas = match &data {
            Some(data) if is_error => self.read_error(data),
            Some(data) => self.read_data(data),
            None => self.read_stray(&raw).into_iter().collect(),
        };
        // What follows the end is no part of the reply, but may still be its counts.
        if self.seen.last_word {
            deltas.retain(|delta| matches!(delta, Delta::Usage(_)));
        }
        self.seen.last_word |= data.as_deref().is_some_and(is_done);
        if !is_utf8 {
            deltas.push(not_utf8());
        }
        if !is_closed && !deltas.is_empty() && deltas.iter().all(is_unreadable) {
            deltas = vec![Delta::Unreadable { reason: "it was cut off".into() }];
            self.seen.cut_off = true;
        }
        self.told(offset, raw, data.is_some(), deltas)
    }

    fn read_data(&mut self, data: &str) -> Vec<Delta> {
        if is_done(data) { self.decoder.last_word() } else { self.decoder.frame(data) }
    }

    /// An event that is called an error is one, in whichever shape.
    fn read_error(&mut self, data: &str) -> Vec<Delta> {
        let mut deltas = self.decoder.frame(data);
        if !deltas.iter().any(|delta| matches!(delta, Delta::Error(_))) {
            deltas.retain(|delta| !is_unreadable(delta));
            deltas.push(failure(ErrorBody::read(data), data));
        }
        deltas
    }

    /// Something that is no event at all: a plain sentence, or an error as bare JSON.
    fn read_stray(&mut self, raw: &[u8]) -> Option<Delta> {
        if raw.starts_with(b":") {
            return None;
        }
        self.seen.keep(raw);
        failure_in(&String::from_utf8_lossy(raw))
    }

    fn read_whole(&mut self, mut body: Vec<u8>) -> ReadFrame {
        self.mask.scrub(&mut body);
        let text = String::from_utf8_lossy(&body);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let mut deltas = if is_page(text) { Vec::new() } else { self.decoder.whole(text) };
        if deltas.iter().any(is_unreadable) {
            deltas = self.read_lines(text).unwrap_or(deltas);
        } else {
            self.seen.whole = !is_page(text);
            // Nothing of a reply: then perhaps a failure that does not say that it is one.
            let says = |it: &Delta| !matches!(it, Delta::Model { .. });
            deltas.extend(failure_in(text).filter(|_| !deltas.iter().any(says)));
            // A whole body has no later part that could be missing.
            self.seen.end = deltas.iter().any(|it| it.is_words() || matches!(it, Delta::Usage(_)));
        }
        if str::from_utf8(&body).is_err() {
            deltas.push(not_utf8());
        }
        self.seen.keep(&body);
        self.told(0, body, true, deltas)
    }

    /// A body that is no JSON as a whole, if each of its lines is: a stream without its `data:`.
    fn read_lines(&mut self, text: &str) -> Option<Vec<Delta>> {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty()).peekable();
        json::read(lines.peek()?).ok()?;
        Some(lines.flat_map(|line| self.read_data(line)).collect())
    }

    fn told(&mut self, offset: u64, raw: Vec<u8>, has_data: bool, deltas: Vec<Delta>) -> ReadFrame {
        deltas.iter().for_each(|delta| self.seen.note(delta, &raw));
        let index = self.frames;
        self.frames += 1;
        ReadFrame { index, offset, raw, has_data, deltas }
    }
}

fn at_most(limit: usize, length: usize) -> Result<Vec<RawFrame>, FrameTooLarge> {
    let before = Vec::new();
    if length > limit { Err(FrameTooLarge { limit, before }) } else { Ok(before) }
}

fn failure(said: ErrorBody, text: &str) -> Delta {
    Delta::Error(ApiError::in_stream(said, text))
}

/// A failure that is told as bare JSON in a known shape.
fn failure_in(text: &str) -> Option<Delta> {
    let said = ErrorBody::from_json(&json::read(text.trim()).ok()?);
    said.is_known().then(|| failure(said, text))
}

fn is_unreadable(delta: &Delta) -> bool {
    matches!(delta, Delta::Unreadable { .. })
}

fn not_utf8() -> Delta {
    let reason = "it holds bytes that are not UTF-8; � stands in their place".into();
    Delta::Unreadable { reason }
}

fn is_page(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('<')
}
