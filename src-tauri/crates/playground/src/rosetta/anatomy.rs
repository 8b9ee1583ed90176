//! What the parts of a reply mean: of a whole body, or of every frame of a stream.

use super::{
    MeaningKind,
    table::{MEANINGS, Place, Said, Table, Ways, table},
};
use crate::{
    dialects,
    frames::{RawFrame, SseReader},
    json::{
        self,
        pointer::{leaves, lies_in, pattern},
    },
    whole::whole,
};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use ts_rs::TS;

/// The most groups of frames that are shown.
const MOST_GROUPS: usize = 200;
/// The most bytes that are shown of a frame.
const MOST_BYTES: usize = 16 * 1024;
/// The most characters of a value.
const MOST_VALUE: usize = 200;
/// The most parts of a frame that are named: lists of chances are long.
const MOST_PARTS: usize = 500;

/// A reply of one format, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ReplyAnatomy {
    /// The format's id.
    pub dialect: String,
    /// Its name for people.
    pub name: String,
    /// Whether it came in more than one frame.
    pub streamed: bool,
    /// The frames in their order; neighbours of the same shape are one group.
    pub frames: Vec<FrameGroup>,
    /// How many frames came after those.
    pub more: u32,
    /// Every meaning that a reply can have, in the same order for every format.
    pub rows: Vec<ReplyRow>,
}

/// Frames that follow each other and have the same fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FrameGroup {
    /// Which frame the first one is, counted from 0.
    pub first: u32,
    /// How many there are.
    pub count: u32,
    /// The name of its event, where the stream gives one.
    pub event: Option<String>,
    /// What the first one carries, mostly JSON; its beginning, if it is very long.
    pub text: String,
    /// Whether that is only its beginning.
    pub cut: bool,
    /// What its parts mean; not every part means something.
    pub parts: Vec<ReplyPart>,
}

/// What a part of a reply means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ReplyPart {
    /// The part, as a JSON pointer.
    pub pointer: String,
    /// What it means.
    pub meaning: String,
}

/// A meaning, and how a reply has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ReplyRow {
    /// Its id, such as `finish`.
    pub meaning: String,
    /// What it is a case of.
    pub kind: MeaningKind,
    /// What it is called.
    pub name: String,
    /// How this format has it, or why it has not.
    pub says: String,
    /// Whether this reply has told it.
    pub state: ReplyHas,
    /// Where it stands, or would: as in the glossary; null where the format has no such place.
    pub place: Option<String>,
    /// The frame that told it: words are those that came first, all else what was told last.
    pub frame: Option<u32>,
    /// Where in that frame, as a JSON pointer.
    pub pointer: Option<String>,
    /// What it told, at most its beginning.
    pub value: Option<String>,
}

/// Whether a reply has told something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ReplyHas {
    /// It has.
    Here,
    /// It could have, and has not.
    Missing,
    /// The format has no place for it.
    None,
}

/// Takes a reply of the format `dialect` apart, which came in these frames; none if there is no
/// such format.
pub fn anatomy<'a>(
    dialect: &str,
    frames: impl IntoIterator<Item = &'a [u8]>,
) -> Option<ReplyAnatomy> {
    let name = dialects::find(dialect)?.name().to_owned();
    let mut reader =
        Reader { table: table(dialect), homes: BTreeMap::new(), told: BTreeMap::new() };
    let mut groups: Vec<FrameGroup> = Vec::new();
    let (mut shape, mut count, mut more) = (Vec::new(), 0, 0);
    for (index, raw) in (0..).zip(frames) {
        let frame = reader.read(index, raw);
        count += u32::from(frame.has_data);
        let is_full = groups.len() == MOST_GROUPS;
        let last = groups.last_mut().filter(|_| frame.shape == shape && more == 0);
        match last {
            Some(group) => group.count += 1,
            None if is_full => more += 1,
            None => groups.push(frame.group),
        }
        shape = frame.shape;
    }
    let rows = MEANINGS.reply.iter().map(|said| reader.row(said)).collect();
    Some(ReplyAnatomy {
        dialect: dialect.to_owned(),
        name,
        streamed: count > 1,
        frames: groups,
        more,
        rows,
    })
}

struct Reader {
    table: &'static Table,
    /// What can stand at a place, found once.
    homes: BTreeMap<String, Vec<(&'static str, &'static Place)>>,
    /// What was told of each meaning.
    told: BTreeMap<&'static str, (u32, String, String)>,
}

/// A frame that was read.
struct Read {
    group: FrameGroup,
    has_data: bool,
    shape: Vec<(String, Option<&'static str>)>,
}

impl Reader {
    fn read(&mut self, index: u32, raw: &[u8]) -> Read {
        let Payload { event, text } = payload(raw);
        let value = json::read(&text).ok();
        let mut parts = Vec::new();
        let mut shape = Vec::new();
        for (pointer, leaf) in value.iter().flat_map(leaves) {
            let place = pattern(&pointer);
            let around = value.as_ref().and_then(|it| it.pointer(pointer.rsplit_once('/')?.0));
            let word = self.word(&place, around);
            if let Some(word) = word {
                self.note(word, index, &pointer, leaf);
                if parts.len() < MOST_PARTS {
                    parts.push(ReplyPart { pointer, meaning: word.to_owned() });
                }
            }
            shape.push((place, word));
        }
        shape.dedup();
        let end = whole(&text, MOST_BYTES);
        let (has_data, cut) = (!text.is_empty(), end < text.len());
        let text = text[..end].to_owned();
        let group = FrameGroup { first: index, count: 1, event, text, cut, parts };
        Read { group, has_data, shape }
    }

    /// What a value at `place` means, with `around` as the object that it stands in.
    fn word(&mut self, place: &str, around: Option<&Value>) -> Option<&'static str> {
        if !self.homes.contains_key(place) {
            self.homes.insert(place.to_owned(), homes(self.table, place));
        }
        let mut homes = self.homes[place].iter();
        homes.find(|(_, home)| home.allows(around)).map(|(word, _)| *word)
    }

    /// Of words the first are kept, of all else the last.
    fn note(&mut self, word: &'static str, index: u32, pointer: &str, leaf: &Value) {
        let value = match leaf {
            Value::Null => return,
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let kind = MEANINGS.reply.iter().find(|it| it.word == word).map(|it| it.kind);
        let are_words = kind == Some(MeaningKind::Reply);
        if value.is_empty() || (are_words && self.told.contains_key(word)) {
            return;
        }
        let value = value.chars().take(MOST_VALUE).collect();
        self.told.insert(word, (index, pointer.to_owned(), value));
    }

    fn row(&self, said: &Said) -> ReplyRow {
        let ways = &self.table.reply[&said.word];
        let told = self.told.get(said.word.as_str());
        let first = ways.all().flat_map(|it| &it.place).next();
        let place = first.map(|it| it.at().trim_end_matches(".**").to_owned());
        let (state, says) = match (told, ways) {
            (Some(_), Ways::Here(ways)) => (ReplyHas::Here, &ways[0].says),
            (None, Ways::Here(ways)) => (ReplyHas::Missing, &ways[0].says),
            (_, Ways::None { none }) => (ReplyHas::None, none),
        };
        ReplyRow {
            meaning: said.word.clone(),
            kind: said.kind,
            name: said.name.clone(),
            says: says.clone(),
            state,
            place: told.map(|(_, pointer, _)| pattern(pointer)).or(place),
            frame: told.map(|it| it.0),
            pointer: told.map(|it| it.1.clone()),
            value: told.map(|it| it.2.clone()),
        }
    }
}

/// The meanings that a place can have, those that look at what stands beside it first.
fn homes(table: &'static Table, place: &str) -> Vec<(&'static str, &'static Place)> {
    let is_here = |home: &Place| match home.at().strip_suffix(".**") {
        Some(_) => lies_in(place, home.at()),
        None => home.at() == place,
    };
    let mut found: Vec<(&str, &Place)> = Vec::new();
    for (word, ways) in &table.reply {
        let places = ways.all().flat_map(|it| &it.place).filter(|it| is_here(it));
        found.extend(places.map(|it| (word.as_str(), it)));
    }
    found.sort_by_key(|(_, home)| matches!(home, Place::Any(_)));
    found
}

struct Payload {
    event: Option<String>,
    text: String,
}

/// What a frame carries: the data of an event, or the JSON of a line, of an item of a list, or of
/// a whole body.
fn payload(raw: &[u8]) -> Payload {
    let text = String::from_utf8_lossy(raw);
    // An item of a list comes with what parts it from the one before.
    let trimmed = text.trim_start_matches([' ', '\t', '\r', '\n', '\u{feff}', '[', ',']).trim();
    if trimmed.starts_with('{') {
        // The last item of a list is followed by its end.
        let is_json = json::read(trimmed).is_ok();
        let text = if is_json { trimmed } else { trimmed.trim_end_matches(']').trim_end() };
        return Payload { event: None, text: text.to_owned() };
    }
    let mut reader = SseReader::new(usize::MAX);
    let mut frames = reader.push(raw).unwrap_or_default();
    frames.extend(reader.finish());
    let data = frames.into_iter().find_map(|it: RawFrame| it.data).unwrap_or_default();
    let event = text.lines().find_map(|line| line.strip_prefix("event:"));
    Payload { event: event.map(|it| it.trim().to_owned()), text: data }
}
