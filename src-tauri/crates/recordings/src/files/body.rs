//! The body of a reply alone: out of a recording byte for byte, and into one.

use super::{
    FileError, LARGEST_BODY,
    read::{Run, add_one},
};
use crate::{Recorder, Store, files::Imported};
use playground::{
    Chat, Delta, RunEvent, Target,
    dialect::{Dialect, Framing},
    dialects::{self, DIALECTS},
    reader::{ReplyReader, Sizes},
    secret::Mask,
};

/// How a body is laid out; each has an ending of its own for the names of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Server-sent events.
    Events,
    /// A JSON value a line.
    Lines,
    /// One JSON value.
    Whole,
}

impl Form {
    /// What the name of its file ends with.
    pub fn ending(self) -> &'static str {
        match self {
            Form::Events => ".sse",
            Form::Lines => ".ndjson",
            Form::Whole => ".json",
        }
    }

    fn of(bytes: &[u8], framing: Framing, frames: usize) -> Form {
        let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
        match text.first() {
            Some(b'{') if framing == Framing::Lines && frames > 1 => Form::Lines,
            Some(b'{' | b'[' | b'<') => Form::Whole,
            _ => Form::Events,
        }
    }
}

/// The bytes that came in the last attempt that any came in, and how they are laid out. Where a
/// server repeated a key, its mask stands there.
///
/// # Errors
/// Where nothing came, or the run cannot be read.
pub fn of_run(store: &Store, id: &str) -> Result<(Vec<u8>, Form), FileError> {
    let dialect = store.run(id)?.summary.target.dialect.as_deref().and_then(dialects::find);
    let (mut bytes, mut frames, mut is_new) = (Vec::new(), 0, true);
    store.events(id, |event| {
        match event {
            RunEvent::AttemptStarted { .. } => is_new = true,
            RunEvent::Frame(frame) => {
                if std::mem::take(&mut is_new) {
                    (bytes, frames) = (Vec::new(), 0);
                }
                bytes.extend(frame.raw);
                frames += 1;
            }
            _ => {}
        }
        Ok(())
    })?;
    if frames == 0 {
        return Err(FileError::NothingCame);
    }
    let form = Form::of(&bytes, dialect.map_or(Framing::Events, |it| it.framing()), frames);
    Ok((bytes, form))
}

/// Makes a recording of a body that came at some other time: who was asked, what, and when its
/// frames came is not known. The wire format is the one that reads the most out of it.
///
/// # Errors
/// Where no format reads anything out of it, or the run cannot be written.
pub fn import(
    recorder: &Recorder,
    bytes: &[u8],
    name: &str,
    now_ms: i64,
) -> Result<Imported, FileError> {
    if bytes.len() as u64 > LARGEST_BODY {
        return Err(FileError::LargeBody(bytes.len() as u64));
    }
    let dialect = guess(bytes).ok_or(FileError::NoBody)?;
    let events = events(dialect, bytes);
    let model = events.iter().flat_map(deltas).find_map(|delta| match delta {
        Delta::Model { id } => Some(id.clone()),
        _ => None,
    });
    let target = Target {
        provider: "custom".into(),
        base_url: None,
        dialect: Some(dialect.id().into()),
        model: model.unwrap_or_else(|| "unknown".into()),
    };
    add_one(
        recorder,
        Run {
            id: format!("body-{:016x}", mark(bytes)),
            started_ms: now_ms,
            title: name.into(),
            starred: false,
            target,
            by_hand: false,
            chat: Chat::default(),
            price: None,
            events,
        },
    )
}

/// The story that the body tells. Its frames have no times.
pub fn events(dialect: &dyn Dialect, bytes: &[u8]) -> Vec<RunEvent> {
    let mut reader = ReplyReader::new(dialect, Mask::default(), Sizes::default());
    let mut frames = reader.push(bytes);
    frames.extend(reader.finish());
    let end = match reader.verdict() {
        Ok(()) => RunEvent::Finished { at_us: 0 },
        Err(error) => RunEvent::Interrupted { at_us: 0, error },
    };
    let frames = frames.into_iter().map(|frame| RunEvent::Frame(frame.at(0)));
    frames.chain([end]).collect()
}

/// So much of a long body tells what it is.
const BEGINNING: usize = 1 << 20;

/// The format that reads the most out of a body; none if none does.
pub fn guess(bytes: &[u8]) -> Option<&'static dyn Dialect> {
    let whole = Sizes::default().body;
    let bytes = if bytes.len() > whole { &bytes[..BEGINNING] } else { bytes };
    let read = DIALECTS.into_iter().map(|dialect| (worth(&events(dialect, bytes)), dialect));
    // Of several that are as good, the first is the commonest.
    let best = read.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.filter(|(worth, _)| *worth > 0).map(|(_, dialect)| dialect)
}

/// How much was read out of a body: words, counts, names and ends, less what could not be read.
fn worth(events: &[RunEvent]) -> i64 {
    let of = |delta: &Delta| match delta {
        Delta::Text { text, .. } | Delta::Reasoning { text, .. } | Delta::Refusal { text, .. } => {
            4 + i64::from(!text.is_empty())
        }
        Delta::ToolCall { .. } => 4,
        Delta::Usage(_) | Delta::Finish { .. } => 3,
        Delta::Model { .. } | Delta::Error(_) => 2,
        Delta::Done => 1,
        Delta::Unreadable { .. } => -5,
    };
    let finished = matches!(events.last(), Some(RunEvent::Finished { .. }));
    events.iter().flat_map(deltas).map(of).sum::<i64>() + 5 * i64::from(finished)
}

fn deltas(event: &RunEvent) -> &[Delta] {
    match event {
        RunEvent::Frame(frame) => &frame.deltas,
        _ => &[],
    }
}

/// A number that stands for these bytes (FNV-1a): the same body is then found to be there.
fn mark(bytes: &[u8]) -> u64 {
    let mix = |mark: u64, byte: &u8| (mark ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, mix)
}
