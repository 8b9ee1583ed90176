//! A body into frames with their meaning, whatever the server chose to send. No I/O.

mod start;

use crate::{
    ApiError, Delta, ErrorKind, Frame,
    dialect::{Decoder, Dialect, Framing},
    errors::{BODY_SHOWN, ErrorBody},
    frames::{ArrayReader, FrameTooLarge, LineReader, RawFrame, SseReader},
    json,
    reply::MOST_CHOICES,
    secret::Mask,
};
use start::Start;
use std::collections::BTreeSet;

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

/// What the frames said so far, as far as the ending depends on it.
#[derive(Default)]
struct Seen {
    words: bool,
    end: bool,
    done: bool,
    /// The replies to the same prompt that have begun, and those that have ended.
    begun: BTreeSet<u32>,
    ended: BTreeSet<u32>,
    too_large: Option<ApiError>,
    error: Option<ApiError>,
    unreadable: Option<String>,
    /// Whether the body ended in the middle of a frame.
    cut_off: bool,
    rest: Vec<u8>,
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
            Body::Unknown(Start { bytes: body, .. }) | Body::Whole(body) => {
                return vec![self.read_whole(body)];
            }
            Body::Events(reader) => reader.finish(),
            Body::Lines(reader) => reader.finish(),
            Body::Array(reader) => reader.finish(),
        };
        rest.into_iter().map(|frame| self.read(frame)).collect()
    }

    /// Whether the reply came to its end.
    pub fn is_complete(&self) -> bool {
        self.seen.is_over()
    }

    /// How the reply ended, once everything has been read.
    pub fn verdict(self) -> Result<(), ApiError> {
        let seen = self.seen;
        let is_over = seen.is_over();
        let rest = String::from_utf8_lossy(&seen.rest).into_owned();
        let with_body = |error: ApiError| error.with_body(ErrorBody::default(), &rest);
        if let Some(error) = seen.error {
            return Err(error);
        }
        if let Some(error) = seen.too_large.filter(|_| !seen.done) {
            return Err(error);
        }
        match (is_over, seen.unreadable) {
            (true, _) => Ok(()),
            (false, _) if is_page(&rest) => Err(with_body(ErrorKind::NotAnApi.error())),
            (false, Some(_)) if seen.cut_off => {
                Err(ErrorKind::Cut.said("the connection was closed"))
            }
            (false, Some(reason)) => Err(with_body(ErrorKind::Unreadable.said(reason))),
            (false, None) if seen.words => Err(ErrorKind::Cut.said("the connection was closed")),
            (false, None) => Err(with_body(ErrorKind::Empty.error())),
        }
    }

    fn read(&mut self, frame: RawFrame) -> ReadFrame {
        let RawFrame { offset, mut raw, data, is_utf8, is_closed } = frame;
        self.mask.scrub(&mut raw);
        let data = data.map(|data| self.mask.scrubbed(data));
        let mut deltas = match &data {
            // What follows the end is no part of the reply, but may still be its counts.
            Some(data) if !data.is_empty() => self.decoder.frame(data),
            Some(_) => Vec::new(),
            None => self.read_stray(&raw),
        };
        if self.seen.done {
            deltas.retain(|delta| matches!(delta, Delta::Usage(_)));
        }
        if !is_utf8 {
            deltas.push(not_utf8());
        }
        let is_unreadable = |delta: &Delta| matches!(delta, Delta::Unreadable { .. });
        if !is_closed && !deltas.is_empty() && deltas.iter().all(is_unreadable) {
            deltas = vec![Delta::Unreadable { reason: "it was cut off".into() }];
            self.seen.cut_off = true;
        }
        let has_data = data.is_some_and(|data| !data.is_empty());
        self.told(offset, raw, has_data, deltas)
    }

    /// Something that is no event at all: a plain sentence, or an error as bare JSON.
    fn read_stray(&mut self, raw: &[u8]) -> Vec<Delta> {
        if raw.starts_with(b":") {
            return Vec::new();
        }
        self.seen.keep(raw);
        let text = String::from_utf8_lossy(raw);
        let said = json::read(text.trim()).map(|value| ErrorBody::from_json(&value));
        match said {
            Ok(body) if body.is_known() => {
                vec![Delta::Error(ApiError::in_stream(body, &text))]
            }
            _ => Vec::new(),
        }
    }

    fn read_whole(&mut self, mut body: Vec<u8>) -> ReadFrame {
        self.mask.scrub(&mut body);
        let text = String::from_utf8_lossy(&body);
        let mut deltas = match text.strip_prefix('\u{feff}').unwrap_or(&text) {
            text if is_page(text) => Vec::new(),
            text => self.decoder.whole(text),
        };
        if str::from_utf8(&body).is_err() {
            deltas.push(not_utf8());
        }
        self.seen.keep(&body);
        // A whole body has no later part that could be missing.
        self.seen.end = deltas.iter().any(|it| it.is_words() || matches!(it, Delta::Usage(_)));
        self.told(0, body, true, deltas)
    }

    fn told(&mut self, offset: u64, raw: Vec<u8>, has_data: bool, deltas: Vec<Delta>) -> ReadFrame {
        deltas.iter().for_each(|delta| self.seen.note(delta, &raw));
        let index = self.frames;
        self.frames += 1;
        ReadFrame { index, offset, raw, has_data, deltas }
    }
}

impl Seen {
    /// Of several replies to one prompt, each has to end.
    fn is_over(&self) -> bool {
        self.end || (!self.ended.is_empty() && self.begun.is_subset(&self.ended))
    }

    fn note(&mut self, delta: &Delta, raw: &[u8]) {
        self.words |= delta.is_words();
        match delta {
            Delta::Text { choice, .. } => {
                self.begun.insert((*choice).min(MOST_CHOICES));
            }
            Delta::Finish { choice, .. } => {
                self.ended.insert((*choice).min(MOST_CHOICES));
            }
            Delta::Done => (self.end, self.done) = (true, true),
            Delta::Error(error) => self.error = Some(error.clone()),
            Delta::Unreadable { reason } => {
                self.keep(raw);
                self.unreadable = Some(reason.clone());
            }
            _ => {}
        }
    }

    fn keep(&mut self, raw: &[u8]) {
        let room = BODY_SHOWN.saturating_sub(self.rest.len());
        self.rest.extend_from_slice(&raw[..raw.len().min(room)]);
    }
}

fn at_most(limit: usize, length: usize) -> Result<Vec<RawFrame>, FrameTooLarge> {
    let before = Vec::new();
    if length > limit { Err(FrameTooLarge { limit, before }) } else { Ok(before) }
}

fn not_utf8() -> Delta {
    let reason = "it holds bytes that are not UTF-8; � stands in their place".into();
    Delta::Unreadable { reason }
}

fn is_page(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('<')
}
