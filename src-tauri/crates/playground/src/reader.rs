//! A body into frames with their meaning, whatever the server chose to send. No I/O.

use crate::{
    ApiError, Delta, ErrorKind, Frame,
    dialect::{Decoder, Dialect, Framing},
    errors::{BODY_SHOWN, ErrorBody},
    frames::{ArrayReader, FrameTooLarge, LineReader, RawFrame, SseReader},
    json,
    secret::Mask,
};

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

/// What the body turned out to be. Its first character decides, since content types lie: no
/// line of an event stream begins with a brace, a bracket or a tag.
enum Body {
    Unknown(Vec<u8>),
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
            body: Body::Unknown(Vec::new()),
            frames: 0,
            seen: Seen::default(),
        }
    }

    /// Takes the next bytes and hands on the frames that they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<ReadFrame>, ApiError> {
        let frames = match &mut self.body {
            Body::Unknown(start) => {
                start.extend_from_slice(bytes);
                let Some(body) = kind_of(start, self.framing, self.sizes.frame) else {
                    let limit = self.sizes.frame;
                    return match start.len() > limit {
                        true => Err(too_large(FrameTooLarge { limit })),
                        false => Ok(Vec::new()),
                    };
                };
                let start = std::mem::take(start);
                self.body = body;
                return self.push(&start);
            }
            Body::Whole(body) => {
                body.extend_from_slice(bytes);
                let limit = self.sizes.body;
                if body.len() > limit { Err(FrameTooLarge { limit }) } else { Ok(Vec::new()) }
            }
            Body::Events(reader) => reader.push(bytes),
            Body::Lines(reader) => reader.push(bytes),
            Body::Array(reader) => reader.push(bytes),
        };
        let frames = frames.map_err(too_large)?;
        Ok(frames.into_iter().map(|frame| self.read(frame)).collect())
    }

    /// Whether the stream said that nothing follows.
    pub fn is_done(&self) -> bool {
        self.seen.done
    }

    /// Reads what the end of the body left over.
    pub fn finish(&mut self) -> Vec<ReadFrame> {
        let rest = match std::mem::replace(&mut self.body, Body::Unknown(Vec::new())) {
            Body::Unknown(blank) if blank.trim_ascii().is_empty() => None,
            Body::Unknown(body) | Body::Whole(body) => return vec![self.read_whole(body)],
            Body::Events(reader) => reader.finish(),
            Body::Lines(reader) => reader.finish(),
            Body::Array(reader) => reader.finish(),
        };
        rest.into_iter().map(|frame| self.read(frame)).collect()
    }

    /// Whether the reply came to its end.
    pub fn is_complete(&self) -> bool {
        self.seen.end
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
            let reason = "it holds bytes that are not UTF-8; � stands in their place".into();
            deltas.push(Delta::Unreadable { reason });
        }
        if !is_closed && matches!(deltas[..], [Delta::Unreadable { .. }]) {
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
                vec![Delta::Error(ErrorKind::InStream.error().with_body(body, &text))]
            }
            _ => Vec::new(),
        }
    }

    fn read_whole(&mut self, mut body: Vec<u8>) -> ReadFrame {
        self.mask.scrub(&mut body);
        let deltas = match str::from_utf8(&body) {
            Ok(text) if text.trim_start().starts_with('<') => Vec::new(),
            Ok(text) => self.decoder.whole(text),
            Err(_) => vec![Delta::Unreadable { reason: "it is not UTF-8 text".into() }],
        };
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
    fn note(&mut self, delta: &Delta, raw: &[u8]) {
        match delta {
            _ if delta.is_words() => self.words = true,
            Delta::Finish { .. } => self.end = true,
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

fn too_large(FrameTooLarge { limit }: FrameTooLarge) -> ApiError {
    ErrorKind::FrameTooLarge.said(format!("it passed {limit} bytes"))
}

/// `None` while too little has come to tell.
fn kind_of(start: &[u8], framing: Framing, limit: usize) -> Option<Body> {
    let whole = || Some(Body::Whole(Vec::new()));
    let start = start.trim_ascii_start();
    match start.first()? {
        b'{' if framing == Framing::Lines => {
            // JSON that is laid out over several lines is no stream of lines.
            let end = start.iter().position(|byte| *byte == b'\n')?;
            let is_line = start[..end].trim_ascii_end().ends_with(b"}");
            if is_line { Some(Body::Lines(LineReader::new(limit))) } else { whole() }
        }
        b'[' => Some(Body::Array(ArrayReader::new(limit))),
        b'{' | b'<' => whole(),
        _ => Some(Body::Events(SseReader::new(limit))),
    }
}
