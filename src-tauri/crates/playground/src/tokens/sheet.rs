//! One text that a person writes in, cut in up to six ways at once.
//!
//! The text stays here, and the page tells what changes in it: so at every key only what changed is
//! cut again, and only the rows that can be seen are handed over.

mod lanes;
mod row;
mod rows;
#[cfg(test)]
mod tests;
mod view;
mod words;

pub use row::{LaneSpan, LaneToken, LookAlike, MOST_PARTS, Row, SpanKind};

use super::{Encoding, Lane, TokenError, check_length};
use crate::prices::{Dollars, Price};
use encodings::{Change, Cutting, look_alikes};
use lanes::Lanes;
use rows::Rows;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use ts_rs::TS;

/// How many lanes a sheet may have.
pub const MOST_LANES: usize = 6;
/// How many rows are given at once.
pub const MOST_ROWS: u32 = 400;
/// How wide a row may be, in cells.
pub const COLUMNS: std::ops::RangeInclusive<u32> = 20..=500;

/// How a sheet is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SheetLayout {
    /// The lanes, from top to bottom: at most [`MOST_LANES`], each once.
    pub lanes: Vec<Lane>,
    /// How wide a row is, in cells of a font whose letters are all as wide.
    pub columns: u32,
    /// Whether `<|endoftext|>` and its like are read as the special tokens that they name.
    pub specials: bool,
    /// The id of the model whose price the lanes are given.
    pub price_as: Option<String>,
}

/// Rows that are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct RowRange {
    /// The first.
    pub first: u32,
    /// How many; at most [`MOST_ROWS`] are given.
    pub count: u32,
}

/// A change of the text. Positions are counted in UTF-16 code units, as JavaScript does.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct SheetEdit {
    /// Where it begins.
    pub at: u32,
    /// How much goes.
    pub removed: u32,
    /// What comes in its place.
    pub inserted: String,
}

/// What a sheet comes to.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SheetCounts {
    /// Which state of the text this is; the next edit names it.
    pub revision: u32,
    /// The length of the text in UTF-16 code units.
    pub utf16: u32,
    /// The same in bytes of UTF-8.
    pub bytes: u32,
    /// The same in Unicode code points.
    pub code_points: u32,
    /// The same in what a person takes for characters.
    pub characters: u32,
    /// How many rows there are, at least one.
    pub rows: u32,
    /// How many `<|…|>` it has that look like special tokens.
    pub look_alikes: u32,
    /// One for each lane, in the order of the layout.
    pub lanes: Vec<LaneCount>,
    /// The rows that were asked for.
    pub visible: Vec<Row>,
}

/// What a lane comes to.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct LaneCount {
    /// Which.
    pub lane: Lane,
    /// How many tokens, bytes, characters or words.
    pub count: u32,
    /// How many characters one of them has on average; none where there are none.
    pub chars_per_token: Option<f64>,
    /// What a million calls cost whose prompt is this text alone; none if the price is not known,
    /// and for a lane that is no encoding.
    pub per_million_calls: Option<Dollars>,
}

/// Why a sheet was not laid out or changed. It is then as it was before. The message is a sentence
/// for people.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The text would be too long.
    #[error(transparent)]
    Text(#[from] TokenError),
    /// There are no lanes, too many, or one twice.
    #[error("a text is shown in 1 to {MOST_LANES} lanes, each of them once")]
    Lanes,
    /// Rows are too narrow or too wide.
    #[error("a row is {} to {} cells wide", COLUMNS.start(), COLUMNS.end())]
    Columns,
    /// An edit is not within the text, or parts a character that UTF-16 writes in two units.
    #[error("this change does not fit the text, which has {0} UTF-16 units")]
    Place(u32),
}

/// A text and its lanes.
#[derive(Debug, Clone)]
pub struct Sheet {
    text: String,
    revision: u32,
    layout: SheetLayout,
    rows: Rows,
    lanes: Lanes,
    /// What looks like a special token.
    look_alikes: Vec<Range<usize>>,
}

impl Sheet {
    /// Cuts a text.
    pub fn new(text: String, layout: SheetLayout) -> Result<Sheet, SheetError> {
        check_length(text.len())?;
        check(&layout)?;
        let rows = Rows::of(&text, layout.columns);
        let lanes = Lanes::of(&text, &layout);
        let look_alikes = ranges_of_look_alikes(&text);
        Ok(Sheet { text, revision: 0, layout, rows, lanes, look_alikes })
    }

    /// Which state of the text this is.
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How it is read.
    pub fn layout(&self) -> &SheetLayout {
        &self.layout
    }

    /// How the text is cut by an encoding that a lane has.
    pub(super) fn cutting(&self, encoding: Encoding) -> Option<&Cutting> {
        let has = self.layout.lanes.iter().any(|lane| lane.encoding() == Some(encoding));
        self.lanes.cutting(encoding).filter(|_| has)
    }

    /// The byte at a UTF-16 position, or at the nearest one before it that begins a code point.
    pub(super) fn byte_near(&self, utf16: u32) -> usize {
        let utf16 = utf16.min(self.rows.utf16());
        let at = |utf16| self.rows.byte_at(&self.text, utf16);
        at(utf16).or_else(|| at(utf16.saturating_sub(1))).unwrap_or(self.text.len())
    }

    /// The UTF-16 position of a byte that begins a code point.
    pub(super) fn utf16_at(&self, at: usize) -> u32 {
        self.rows.utf16_at(&self.text, at)
    }

    /// Changes the text, and cuts what changed.
    pub fn edit(&mut self, edit: &SheetEdit) -> Result<(), SheetError> {
        let place = |utf16: Option<u32>| self.rows.byte_at(&self.text, utf16?);
        let outside = || SheetError::Place(self.rows.utf16());
        let start = place(Some(edit.at)).ok_or_else(outside)?;
        let end = place(edit.at.checked_add(edit.removed)).ok_or_else(outside)?;
        check_length(self.text.len() - (end - start) + edit.inserted.len())?;
        let change = Change { start, removed: end - start, inserted: edit.inserted.len() };
        self.text.replace_range(start..end, &edit.inserted);
        self.rows.change(&self.text, change);
        self.lanes.change(&self.text, change);
        self.look_alikes = ranges_of_look_alikes(&self.text);
        self.revision += 1;
        Ok(())
    }

    /// Lays the same text out in another way. What needs no other cut is not cut again.
    pub fn lay(&mut self, layout: SheetLayout) -> Result<(), SheetError> {
        check(&layout)?;
        if layout.columns != self.layout.columns {
            self.rows = Rows::of(&self.text, layout.columns);
        }
        self.lanes.lay(&self.text, &layout);
        self.layout = layout;
        Ok(())
    }

    /// How many parts a lane has.
    pub(super) fn count(&self, lane: Lane) -> u32 {
        match lane {
            Lane::Characters => self.rows.characters(),
            lane => self.lanes.count(lane, &self.text),
        }
    }

    /// What it comes to, priced at `price`, with some of its rows.
    pub fn counts(&self, visible: RowRange, price: Option<&Price>) -> SheetCounts {
        let characters = self.rows.characters();
        let count = |lane: &Lane| {
            let count = self.count(*lane);
            LaneCount {
                lane: *lane,
                count,
                chars_per_token: (count > 0).then(|| f64::from(characters) / f64::from(count)),
                per_million_calls: lane.encoding().and(price).map(|it| million_calls(it, count)),
            }
        };
        SheetCounts {
            revision: self.revision,
            utf16: self.rows.utf16(),
            bytes: self.text.len() as u32,
            code_points: self.rows.code_points(),
            characters,
            rows: self.rows.len(&self.text) as u32,
            look_alikes: self.look_alikes.len() as u32,
            lanes: self.layout.lanes.iter().map(count).collect(),
            visible: self.rows(visible),
        }
    }
}

/// What a million calls cost whose prompt has so many tokens, none of them cached.
pub(super) fn million_calls(price: &Price, tokens: u32) -> Dollars {
    Dollars(price.prompt_cost(tokens.into()).0 * 1_000_000)
}

fn ranges_of_look_alikes(text: &str) -> Vec<Range<usize>> {
    look_alikes(text).map(|(at, name)| at..at + name.len()).collect()
}

fn check(layout: &SheetLayout) -> Result<(), SheetError> {
    let lanes = &layout.lanes;
    let is_twice = |(at, lane): (usize, &Lane)| lanes[..at].contains(lane);
    if !(1..=MOST_LANES).contains(&lanes.len()) || lanes.iter().enumerate().any(is_twice) {
        return Err(SheetError::Lanes);
    }
    if COLUMNS.contains(&layout.columns) { Ok(()) } else { Err(SheetError::Columns) }
}
