//! Bytes into frames, with no I/O: server-sent events as the HTML standard reads them, JSON
//! lines, and the elements of one long JSON array.
//!
//! However the network cut the bytes, the frames are the same. A line ends with LF, CR
//! or CRLF; a CR at the end of what has arrived waits for the next byte, since that may
//! be its LF.

mod array;
mod lines;

pub use array::ArrayReader;
pub use lines::LineReader;

/// One event of the stream, with the bytes it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawFrame {
    /// Where its first byte stands in the body.
    pub offset: u64,
    /// Its bytes, with the line ends and the blank line that closed it.
    pub raw: Vec<u8>,
    /// What it carried: the `data:` lines joined by LF, or the JSON text; `None` for a comment or
    /// an event without data.
    pub data: Option<String>,
    /// Whether the stream itself calls it an error.
    pub is_error: bool,
    /// Whether its data was UTF-8; what was not is U+FFFD in `data`.
    pub is_utf8: bool,
    /// Whether it was closed: an event by a blank line, JSON by its end. Only the last frame of a
    /// broken stream is open.
    pub is_closed: bool,
}

impl RawFrame {
    /// A frame whose bytes from `start` on are JSON.
    fn json(offset: u64, raw: &[u8], start: usize, is_closed: bool) -> RawFrame {
        let text = raw[start..].trim_ascii();
        let text = text.strip_prefix(BOM).unwrap_or(text).trim_ascii_start();
        let is_utf8 = str::from_utf8(text).is_ok();
        let data = Some(String::from_utf8_lossy(text).into_owned());
        RawFrame { offset, raw: raw.to_vec(), data, is_error: false, is_utf8, is_closed }
    }
}

/// A frame grew past the limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a frame is larger than {limit} bytes")]
pub struct FrameTooLarge {
    /// The most bytes that a frame may have.
    pub limit: usize,
    /// The frames that the same bytes completed before it.
    pub before: Vec<RawFrame>,
}

/// The frames that some bytes completed, unless one of them is too large, or what they left open.
fn within(
    limit: usize,
    mut frames: Vec<RawFrame>,
    open: usize,
) -> Result<Vec<RawFrame>, FrameTooLarge> {
    let too_large = frames.iter().position(|frame| frame.raw.len() > limit);
    if too_large.is_none() && open <= limit {
        return Ok(frames);
    }
    frames.truncate(too_large.unwrap_or(frames.len()));
    Err(FrameTooLarge { limit, before: frames })
}

/// The mark of byte order that some servers begin a body with.
pub(crate) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Cuts a `text/event-stream` body into frames.
#[derive(Debug)]
pub struct SseReader {
    limit: usize,
    /// Where `pending` begins in the body.
    offset: u64,
    /// The bytes of the frame that is still open.
    pending: Vec<u8>,
    /// Where the line begins in `pending` that has not ended yet.
    line: usize,
    /// How far that line has been searched for its end, so that a long one is read once.
    searched: usize,
    /// Whether a line of `pending` was not blank.
    has_lines: bool,
}

impl SseReader {
    /// A reader that refuses frames of more than `limit` bytes.
    pub fn new(limit: usize) -> SseReader {
        SseReader { limit, offset: 0, pending: Vec::new(), line: 0, searched: 0, has_lines: false }
    }

    /// Takes the next bytes and hands on each frame that they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<RawFrame>, FrameTooLarge> {
        self.pending.extend_from_slice(bytes);
        let mut frames = Vec::new();
        let mut taken = 0;
        while let Some((end, next)) = line_end(&self.pending, self.searched) {
            let is_blank = self.line_until(end).is_empty();
            (self.line, self.searched) = (next, next);
            if is_blank && self.has_lines {
                frames.push(self.frame(taken, next, true));
                taken = next;
                self.has_lines = false;
            } else {
                self.has_lines |= !is_blank;
            }
        }
        // A CR at the very end is looked at again, with the byte after it.
        self.searched = self.pending.len() - usize::from(self.pending.ends_with(b"\r"));
        self.pending.drain(..taken);
        self.line -= taken;
        self.searched = self.searched.saturating_sub(taken).max(self.line);
        self.offset += taken as u64;
        within(self.limit, frames, self.pending.len())
    }

    /// The frame that the end of the stream left open, if any.
    pub fn finish(self) -> Option<RawFrame> {
        let is_blank = self.pending.iter().all(|byte| matches!(byte, b'\r' | b'\n'));
        (!is_blank).then(|| self.frame(0, self.pending.len(), false))
    }

    fn line_until(&self, end: usize) -> &[u8] {
        let line = &self.pending[self.line..end];
        let at_start = self.offset == 0 && self.line == 0;
        if at_start { line.strip_prefix(BOM).unwrap_or(line) } else { line }
    }

    fn frame(&self, from: usize, to: usize, is_closed: bool) -> RawFrame {
        let offset = self.offset + from as u64;
        let raw = self.pending[from..to].to_vec();
        let text = if offset == 0 { raw.strip_prefix(BOM).unwrap_or(&raw) } else { &raw };
        let data = data(text);
        let name = lines(text).filter_map(|line| value_of(line, b"event")).next_back();
        let is_error = name == Some(b"error");
        let is_utf8 = data.as_deref().is_none_or(|data| str::from_utf8(data).is_ok());
        let data = data.map(|data| String::from_utf8_lossy(&data).into_owned());
        RawFrame { offset, raw, data, is_error, is_utf8, is_closed }
    }
}

/// Where the line that begins at `from` ends, and where the next one begins.
fn line_end(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    let end = from + bytes[from..].iter().position(|byte| matches!(byte, b'\r' | b'\n'))?;
    match (bytes[end], bytes.get(end + 1)) {
        (b'\n', _) => Some((end, end + 1)),
        (_, Some(b'\n')) => Some((end, end + 2)),
        (_, Some(_)) => Some((end, end + 1)),
        (_, None) => None,
    }
}

/// The values of the `data` fields, joined by LF.
fn data(event: &[u8]) -> Option<Vec<u8>> {
    let mut data: Option<Vec<u8>> = None;
    for line in lines(event) {
        let Some(value) = value_of(line, b"data") else { continue };
        match &mut data {
            Some(data) => {
                data.push(b'\n');
                data.extend_from_slice(value);
            }
            None => data = Some(value.to_vec()),
        }
    }
    data
}

fn lines(event: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    event.split(|byte| matches!(byte, b'\r' | b'\n'))
}

/// The value of `line` if it is the field `name`: one space after the colon is not part of it.
fn value_of<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    match line.strip_prefix(name)? {
        [] => Some(&[]),
        [b':', b' ', value @ ..] | [b':', value @ ..] => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(pieces: &[&[u8]]) -> Vec<RawFrame> {
        let mut reader = SseReader::new(1 << 20);
        let mut frames: Vec<_> =
            pieces.iter().flat_map(|piece| reader.push(piece).expect("small frames")).collect();
        frames.extend(reader.finish());
        frames
    }

    fn datas(body: &str) -> Vec<Option<String>> {
        read(&[body.as_bytes()]).into_iter().map(|frame| frame.data).collect()
    }

    #[test]
    fn the_standard_is_followed_field_by_field() {
        for (body, expected) in [
            ("data: a\n\n", vec![Some("a")]),
            ("data:a\n\n", vec![Some("a")]),
            ("data:  a\n\n", vec![Some(" a")]),
            ("data: a\ndata: b\n\n", vec![Some("a\nb")]),
            ("data: a\r\rdata: b\r\r", vec![Some("a"), Some("b")]),
            ("data: a\r\n\r\ndata: b\r\n\r\n", vec![Some("a"), Some("b")]),
            ("\u{feff}data: a\n\n", vec![Some("a")]),
            (": ping\n\ndata: a\n\n", vec![None, Some("a")]),
            ("event: x\nid: 1\nretry: 2\ndata: a\n\n", vec![Some("a")]),
            ("datax: a\n\n", vec![None]),
            ("data\n\n", vec![Some("")]),
            ("\n\n\ndata: a\n\n\n\n", vec![Some("a")]),
            ("data: a\u{2028}b\n\n", vec![Some("a\u{2028}b")]),
            ("data: a", vec![Some("a")]),
            ("", vec![]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|it| it.map(str::to_owned)).collect();
            assert_eq!(datas(body), expected, "{body:?}");
        }
    }

    #[test]
    fn an_event_that_is_called_an_error_is_marked() {
        let frames = read(&[b"event: error\ndata: a\n\nevent:error\nevent: x\ndata: error\n\n"]);
        assert_eq!(frames.iter().map(|it| it.is_error).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn an_event_that_the_end_cut_off_is_marked() {
        let frames = read(&[b"data: a\n\ndata: {\"b"]);
        assert_eq!(frames.iter().map(|it| it.is_closed).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_kept_and_marked() {
        let frames = read(&[b"data: \xff\n\n"]);
        assert_eq!(frames[0].raw, b"data: \xff\n\n");
        assert_eq!((frames[0].data.as_deref(), frames[0].is_utf8), (Some("\u{fffd}"), false));
    }

    #[test]
    fn a_frame_past_the_limit_is_refused_wherever_it_is_cut_and_those_before_it_are_kept() {
        let body = [b"data: a\n\ndata: ".as_slice(), &[b'x'; 64], b"\n\n"].concat();
        for size in [1, 7, body.len()] {
            let mut reader = SseReader::new(32);
            let mut frames = Vec::new();
            let refused = body.chunks(size).find_map(|piece| match reader.push(piece) {
                Ok(complete) => {
                    frames.extend(complete);
                    None
                }
                Err(error) => Some(error),
            });
            frames.extend(refused.expect("the second is too large").before);
            let datas: Vec<_> = frames.iter().map(|it| it.data.as_deref()).collect();
            assert_eq!(datas, [Some("a")], "pieces of {size} bytes");
        }
    }

    proptest! {
        #[test]
        fn frames_do_not_depend_on_how_bytes_are_cut(
            body in "(data: ?|: |event: |\u{feff}|[a-zé🦀 ]|\n|\r|\r\n){0,40}",
            size in 1usize..9,
        ) {
            let pieces: Vec<_> = body.as_bytes().chunks(size).collect();
            prop_assert_eq!(read(&pieces), read(&[body.as_bytes()]));
        }

        #[test]
        fn frames_tile_the_body(body in "(data: x|: c|\n|\r\n|\n\n){0,40}") {
            let mut at = 0;
            for frame in read(&[body.as_bytes()]) {
                prop_assert_eq!(frame.offset, at);
                at += frame.raw.len() as u64;
            }
            let rest = &body.as_bytes()[at as usize..];
            prop_assert!(rest.iter().all(|byte| matches!(byte, b'\r' | b'\n')));
        }
    }
}
