//! What is shown of a sheet: rows, and in each the spans of every lane.

use serde::Serialize;
use ts_rs::TS;

/// A line of the text, or as much of it as fits in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Row {
    /// Its number, from 0.
    pub index: u32,
    /// The number of its line, from 0.
    pub line: u32,
    /// Whether its line begins here.
    pub starts_line: bool,
    /// Where it begins in the text, in UTF-16 code units.
    pub at: u32,
    /// Its text. The last row of a line has the line's end.
    pub text: String,
    /// How wide it is.
    pub cells: u32,
    /// For each lane its spans, which tile the text.
    pub lanes: Vec<Vec<LaneSpan>>,
    /// What looks like special tokens in it and begins here.
    pub look_alikes: Vec<LookAlike>,
}

/// The fewest tokens that make whole characters, or the part of them that is in this row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct LaneSpan {
    /// Where it begins in the row's text, in UTF-16 code units.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// Where it begins, in cells.
    pub column: u32,
    /// How wide it is. Every character has a cell at least, a tab has four, a line's end has one.
    pub cells: u32,
    /// The number of its first token in the lane, from 0.
    pub index: u32,
    /// Whether its text, on whichever row that begins, starts with a space.
    pub starts_with_space: bool,
    /// Whether it begins on an earlier row.
    pub from_before: bool,
    /// Whether it goes on in a later row.
    pub goes_on: bool,
    /// What it is.
    pub kind: SpanKind,
    /// Its tokens, at most [`MOST_PARTS`]. Several are the parts of characters that were cut.
    pub tokens: Vec<LaneToken>,
    /// How many more there are.
    pub more: u32,
}

/// What a span is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SpanKind {
    /// Cut out of the text.
    Token,
    /// A special token, which the text names.
    Special,
    /// What stands between words.
    Between,
}

/// A part of a lane.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct LaneToken {
    /// The token's id; of a byte its value, of a character's part its code point; words have none.
    pub id: Option<u32>,
    /// Its bytes, two lower-case hexadecimal digits for each; of a long word the first 256.
    pub bytes: String,
    /// Its text; none where it is no whole code points.
    pub text: Option<String>,
}

/// A piece of text that looks like a special token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct LookAlike {
    /// Where it begins in the row's text, in UTF-16 code units.
    pub from: u32,
    /// Where it ends, which may be beyond the row.
    pub to: u32,
    /// What it says.
    pub text: String,
    /// For each lane the id of the special token of that name; none where it has no such token,
    /// so that it is text whoever reads it.
    pub ids: Vec<Option<u32>>,
}

/// How many tokens of a span are listed.
pub const MOST_PARTS: usize = 64;
