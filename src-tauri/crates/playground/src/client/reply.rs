//! A body into frames with their meaning, whatever the server chose to send.

use super::{Key, Limits};
use crate::{
    ApiError, Delta, ErrorKind, Frame,
    dialect::{Decoder, Dialect},
    errors::{BODY_SHOWN, ErrorBody},
    frames::{RawFrame, SseReader},
};

/// A frame that was read; only its time is missing.
pub struct ReadFrame {
    index: u32,
    offset: u64,
    raw: Vec<u8>,
    pub deltas: Vec<Delta>,
}

impl ReadFrame {
    pub fn at(self, at_us: u64) -> Frame {
        let ReadFrame { index, offset, raw, deltas } = self;
        Frame { index, at_us, offset, raw, deltas }
    }
}

/// Reads the body of one answer.
pub struct ReplyReader {
    decoder: Box<dyn Decoder>,
    key: Key,
    limits: Limits,
    body: Body,
    frames: u32,
    seen: Seen,
}

/// What the body turned out to be. Its first character decides, since content types lie:
/// no line of an event stream begins with a brace, a bracket or a tag.
enum Body {
    Unknown(Vec<u8>),
    Stream(SseReader),
    Whole(Vec<u8>),
}

/// What the frames said so far, as far as the ending depends on it.
#[derive(Default)]
struct Seen {
    words: bool,
    end: bool,
    done: bool,
    error: Option<ApiError>,
    unreadable: Option<String>,
    /// Whether the body ended in the middle of a frame.
    cut_off: bool,
    rest: Vec<u8>,
}

impl ReplyReader {
    pub fn new(dialect: &dyn Dialect, key: Key, limits: Limits) -> ReplyReader {
        ReplyReader {
            decoder: dialect.decoder(),
            key,
            limits,
            body: Body::Unknown(Vec::new()),
            frames: 0,
            seen: Seen::default(),
        }
    }

    /// Takes the next bytes and hands on the frames that they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<ReadFrame>, ApiError> {
        let too_large = |limit| ErrorKind::FrameTooLarge.said(format!("it passed {limit} bytes"));
        match &mut self.body {
            Body::Unknown(start) => {
                start.extend_from_slice(bytes);
                let start = std::mem::take(start);
                self.body = kind_of(start.clone(), self.limits);
                match self.body {
                    Body::Stream(_) => self.push(&start),
                    _ => Ok(Vec::new()),
                }
            }
            Body::Whole(body) => {
                body.extend_from_slice(bytes);
                let limit = self.limits.body_bytes;
                if body.len() > limit { Err(too_large(limit)) } else { Ok(Vec::new()) }
            }
            Body::Stream(reader) => {
                let frames = reader.push(bytes).map_err(|error| too_large(error.limit))?;
                Ok(frames.into_iter().map(|frame| self.read(frame)).collect())
            }
        }
    }

    /// Whether the stream said that nothing follows.
    pub fn is_done(&self) -> bool {
        self.seen.done
    }

    /// Reads what the end of the body left over.
    pub fn finish(&mut self) -> Vec<ReadFrame> {
        match std::mem::replace(&mut self.body, Body::Unknown(Vec::new())) {
            Body::Stream(reader) if !self.seen.done => {
                reader.finish().map(|frame| self.read(frame)).into_iter().collect()
            }
            Body::Whole(body) => vec![self.read_whole(body)],
            _ => Vec::new(),
        }
    }

    /// How the reply ended, once everything has been read.
    pub fn verdict(self) -> Result<(), ApiError> {
        let seen = self.seen;
        let rest = String::from_utf8_lossy(&seen.rest).into_owned();
        let with_body = |error: ApiError| error.with_body(ErrorBody::default(), &rest);
        if let Some(error) = seen.error {
            return Err(error);
        }
        match (seen.end, seen.unreadable) {
            (true, _) => Ok(()),
            (false, _) if rest.trim_start().starts_with('<') => {
                Err(with_body(ErrorKind::NotAnApi.error()))
            }
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
        self.key.scrub(&mut raw);
        let data = data.map(|data| self.key.scrubbed(data));
        let mut deltas = match &data {
            // What follows the end is no part of the reply.
            Some(data) if !data.is_empty() && !self.seen.done => self.decoder.frame(data),
            _ => Vec::new(),
        };
        if !is_utf8 {
            let reason = "it holds bytes that are not UTF-8; � stands in their place".into();
            deltas.push(Delta::Unreadable { reason });
        }
        if !is_closed && matches!(deltas[..], [Delta::Unreadable { .. }]) {
            deltas = vec![Delta::Unreadable { reason: "it was cut off".into() }];
            self.seen.cut_off = true;
        }
        // Something that is no event at all, such as a plain sentence.
        if data.is_none() && !raw.starts_with(b":") {
            self.seen.keep(&raw);
        }
        self.told(offset, raw, deltas)
    }

    fn read_whole(&mut self, mut body: Vec<u8>) -> ReadFrame {
        self.key.scrub(&mut body);
        let deltas = match str::from_utf8(&body) {
            Ok(text) if text.trim_start().starts_with('<') => Vec::new(),
            Ok(text) => self.decoder.whole(text),
            Err(_) => vec![Delta::Unreadable { reason: "it is not UTF-8 text".into() }],
        };
        self.seen.keep(&body);
        // A whole body has no later part that could be missing.
        self.seen.end =
            deltas.iter().any(|it| matches!(it, Delta::Text { .. } | Delta::Refusal { .. }));
        self.told(0, body, deltas)
    }

    fn told(&mut self, offset: u64, raw: Vec<u8>, deltas: Vec<Delta>) -> ReadFrame {
        deltas.iter().for_each(|delta| self.seen.note(delta, &raw));
        let index = self.frames;
        self.frames += 1;
        ReadFrame { index, offset, raw, deltas }
    }
}

impl Seen {
    fn note(&mut self, delta: &Delta, raw: &[u8]) {
        match delta {
            Delta::Text { .. } | Delta::Reasoning { .. } | Delta::Refusal { .. } => {
                self.words = true
            }
            Delta::Finish { .. } => self.end = true,
            Delta::Done => (self.end, self.done) = (true, true),
            Delta::Error(error) => self.error = Some(error.clone()),
            Delta::Unreadable { reason } => {
                self.keep(raw);
                self.unreadable = Some(reason.clone());
            }
            Delta::Usage(_) | Delta::Model { .. } => {}
        }
    }

    fn keep(&mut self, raw: &[u8]) {
        let room = BODY_SHOWN.saturating_sub(self.rest.len());
        self.rest.extend_from_slice(&raw[..raw.len().min(room)]);
    }
}

fn kind_of(start: Vec<u8>, limits: Limits) -> Body {
    match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => Body::Unknown(start),
        Some(b'{' | b'[' | b'<') => Body::Whole(start),
        Some(_) => Body::Stream(SseReader::new(limits.frame_bytes)),
    }
}
