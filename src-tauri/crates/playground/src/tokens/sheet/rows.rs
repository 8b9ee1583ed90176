//! The rows of a text: its lines, broken where they are wider than the page.

use encodings::{Change, Sums, Tiling};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How many bytes a row has at most. Only marks without end on one letter come to so many.
const LONGEST_ROW: usize = 4_096;
/// A character that has more bytes is taken for several.
const LONGEST_CHARACTER: usize = 512;
/// A word of more cells is parted where the row is full.
const LONGEST_WORD: u32 = 20;
/// The same in bytes.
const LONGEST_WORD_BYTES: usize = 128;
/// How wide a tab is, in cells.
const TAB: u32 = 4;

/// Where the rows end, and how much they have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    columns: u32,
    tiling: Tiling,
    utf16: Sums,
    characters: Sums,
    code_points: Sums,
    /// The ends of lines.
    lines: Sums,
}

/// A character in its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Where it begins in the text, in bytes.
    pub at: usize,
    /// Where it begins in the row, in UTF-16 code units.
    pub utf16: u32,
    /// The same in cells.
    pub column: u32,
}

impl Rows {
    /// The rows of a text.
    pub fn of(text: &str, columns: u32) -> Rows {
        let (utf16, characters) = (Sums::default(), Sums::default());
        let (code_points, lines) = (Sums::default(), Sums::default());
        let tiling = Tiling::default();
        let mut rows = Rows { columns, tiling, utf16, characters, code_points, lines };
        rows.change(text, Change { start: 0, removed: 0, inserted: text.len() });
        rows
    }

    /// Follows the text, which has changed.
    pub fn change(&mut self, text: &str, change: Change) {
        // A row looks at the word that did not fit, and that at the letter behind it.
        let seen = LONGEST_WORD_BYTES + LONGEST_CHARACTER + 2 * char::MAX.len_utf8();
        let settled = change.start.saturating_sub(seen);
        let columns = self.columns;
        let end = |rest: &str| end_of_first(rest, columns);
        let recut = self.tiling.change(text, change, settled, end);
        let row = |row| &text[self.tiling.range(row)];
        let new = || recut.new.clone().map(row);
        self.utf16.change(&recut, new().map(|row| row.encode_utf16().count() as u32));
        self.characters.change(&recut, new().map(|row| characters(row).count() as u32));
        self.code_points.change(&recut, new().map(|row| row.chars().count() as u32));
        self.lines.change(&recut, new().map(|row| u32::from(ends_line(row))));
    }

    /// How many rows there are: one at least, and one behind the last line's end.
    pub fn len(&self, text: &str) -> usize {
        self.tiling.len() + usize::from(text.is_empty() || ends_line(text))
    }

    /// The bytes of a row.
    pub fn range(&self, row: usize, text: &str) -> std::ops::Range<usize> {
        if row < self.tiling.len() { self.tiling.range(row) } else { text.len()..text.len() }
    }

    /// The row that has the byte at `at`.
    pub fn row_at(&self, at: usize) -> usize {
        self.tiling.piece_at(at)
    }

    /// The number of a row's line.
    pub fn line(&self, row: usize) -> u32 {
        self.lines.before(row)
    }

    /// How many UTF-16 code units there are before a row.
    pub fn utf16_before(&self, row: usize) -> u32 {
        self.utf16.before(row)
    }

    /// How many characters there are before a row.
    pub fn characters_before(&self, row: usize) -> u32 {
        self.characters.before(row)
    }

    /// The length of the text in UTF-16 code units.
    pub fn utf16(&self) -> u32 {
        self.utf16.total()
    }

    /// The same in characters.
    pub fn characters(&self) -> u32 {
        self.characters.total()
    }

    /// The same in code points.
    pub fn code_points(&self) -> u32 {
        self.code_points.total()
    }

    /// The byte at which a UTF-16 position is; none beyond the text or within a code point.
    pub fn byte_at(&self, text: &str, utf16: u32) -> Option<usize> {
        let row = self.utf16.piece_at(utf16);
        let range = self.range(row, text);
        let mut left = utf16 - self.utf16.before(row);
        for (at, letter) in text[range.clone()].char_indices() {
            if left == 0 {
                return Some(range.start + at);
            }
            left = left.checked_sub(letter.len_utf16() as u32)?;
        }
        (left == 0).then_some(range.end)
    }

    /// The UTF-16 position of a byte that begins a code point.
    pub fn utf16_at(&self, text: &str, at: usize) -> u32 {
        let row = self.row_at(at);
        let start = self.range(row, text).start;
        self.utf16.before(row) + text[start..at].encode_utf16().count() as u32
    }

    /// The characters of a row, and where it ends.
    pub fn cells(&self, row: usize, text: &str) -> Vec<Cell> {
        let range = self.range(row, text);
        let mut cell = Cell { at: range.start, utf16: 0, column: 0 };
        let mut cells = vec![cell];
        for character in characters(&text[range]) {
            cell.at += character.len();
            cell.utf16 += character.encode_utf16().count() as u32;
            cell.column += width(character);
            cells.push(cell);
        }
        cells
    }
}

/// Where the first row of `text` ends: with its line, or before the last word that does not fit,
/// with the space in front of it, or where it is full.
fn end_of_first(text: &str, columns: u32) -> usize {
    let (mut end, mut column) = (0, 0);
    // The space that was seen last, and the last one with a word behind it.
    let (mut space, mut word) = (None, None);
    for character in characters(&text[..border(text, LONGEST_ROW + LONGEST_CHARACTER)]) {
        let is_blank = character.starts_with(char::is_whitespace);
        if !is_blank {
            word = space.or(word);
        }
        space = (character == " " && end > 0).then_some((end, column));
        let next = column + width(character);
        if end > 0 && next > columns {
            let is_near = |(at, before): &(usize, u32)| {
                column - before <= LONGEST_WORD.min(columns / 2) && end - at <= LONGEST_WORD_BYTES
            };
            return word.filter(|it| !is_blank && is_near(it)).map_or(end, |(at, _)| at);
        }
        if end + character.len() > LONGEST_ROW && end > 0 {
            return end;
        }
        (end, column) = (end + character.len(), next);
        if ends_line(character) {
            return end;
        }
    }
    end
}

/// What a person takes for characters.
pub fn characters(text: &str) -> impl Iterator<Item = &str> {
    text.graphemes(true).flat_map(|mut rest| {
        std::iter::from_fn(move || {
            let (first, after) = rest.split_at(border(rest, LONGEST_CHARACTER));
            rest = after;
            (!first.is_empty()).then_some(first)
        })
    })
}

/// The border of code points at `at` or before it; the end, if that is before.
pub fn border(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// How wide a character is, in cells. Each has one at least, so that it can be pointed at.
fn width(character: &str) -> u32 {
    match character {
        "\t" => TAB,
        _ if ends_line(character) => 1,
        _ => (character.width() as u32).clamp(1, TAB),
    }
}

fn ends_line(text: &str) -> bool {
    text.ends_with(['\n', '\r'])
}
