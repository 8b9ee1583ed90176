//! Rows as they are shown: the spans of each lane, laid over the same characters.

use super::{
    LaneSpan, LaneToken, LookAlike, MOST_PARTS, MOST_ROWS, Row, RowRange, Sheet, SpanKind,
    lanes::Part,
    rows::{Cell, border},
};
use crate::tokens::Lane;
use std::{fmt::Write as _, ops::Range};

/// A span of so many bytes ends where the next code point does, in the middle of a character if it
/// has to: tokens that never end with a character would otherwise have no end.
const LONGEST_SPAN: usize = 4_096;

/// So many bytes of a word are listed.
const LONGEST_WORD: usize = 256;

/// The characters of the rows, as they are looked at.
struct Grid<'a> {
    sheet: &'a Sheet,
    row: usize,
    cells: Vec<Cell>,
}

impl<'a> Grid<'a> {
    fn of(sheet: &'a Sheet) -> Grid<'a> {
        Grid { sheet, row: usize::MAX, cells: Vec::new() }
    }

    /// The characters of a row, and where it ends.
    fn cells(&mut self, row: usize) -> &[Cell] {
        if self.row != row {
            self.cells = self.sheet.rows.cells(row, &self.sheet.text);
            self.row = row;
        }
        &self.cells
    }

    /// Whether a character begins at `at`, or the text ends there.
    fn is_border(&mut self, at: usize) -> bool {
        let row = self.sheet.rows.row_at(at);
        self.cells(row).binary_search_by_key(&at, |cell| cell.at).is_ok()
    }

    /// The character that has the byte at `at`, or the end of the row, and its number.
    fn cell_at(&mut self, row: usize, at: usize) -> (usize, Cell) {
        let cells = self.cells(row);
        let index = cells.partition_point(|cell| cell.at <= at).saturating_sub(1);
        (index, cells[index])
    }
}

/// The fewest parts that make whole characters.
struct Span {
    range: Range<usize>,
    index: u32,
    kind: SpanKind,
    tokens: Vec<LaneToken>,
    more: u32,
}

impl Sheet {
    /// Some rows, each with the spans of every lane.
    pub fn rows(&self, visible: RowRange) -> Vec<Row> {
        let all = self.rows.len(&self.text);
        let first = (visible.first as usize).min(all);
        let last = first.saturating_add(visible.count.min(MOST_ROWS) as usize).min(all);
        let mut rows: Vec<Row> = (first..last).map(|row| self.bare_row(row)).collect();
        let lanes = self.layout.lanes.iter().map(|lane| self.lane_rows(*lane, first..last));
        for lane in lanes.collect::<Vec<_>>() {
            rows.iter_mut().zip(lane).for_each(|(row, spans)| row.lanes.push(spans));
        }
        rows
    }

    /// Where a span of a lane ends and another begins, in UTF-16 code units.
    pub(in crate::tokens) fn borders(&self, lane: Lane) -> Vec<u32> {
        let mut grid = Grid::of(self);
        let mut parts = self.lanes.parts_from(lane, &self.text, 0);
        let mut borders = Vec::new();
        while let Some(span) = self.next_span(lane, &mut parts, &mut grid) {
            let row = self.rows.row_at(span.range.end);
            let (_, cell) = grid.cell_at(row, span.range.end);
            borders.push(self.rows.utf16_before(row) + cell.utf16);
        }
        borders.pop();
        borders
    }

    fn bare_row(&self, row: usize) -> Row {
        let range = self.rows.range(row, &self.text);
        let line = self.rows.line(row);
        Row {
            index: row as u32,
            line,
            starts_line: row == 0 || self.rows.line(row - 1) < line,
            at: self.rows.utf16_before(row),
            cells: self.rows.cells(row, &self.text).last().map_or(0, |end| end.column),
            lanes: Vec::new(),
            look_alikes: self.look_alikes_in(&range),
            text: self.text[range].to_owned(),
        }
    }

    fn look_alikes_in(&self, row: &Range<usize>) -> Vec<LookAlike> {
        let first = self.look_alikes.partition_point(|it| it.start < row.start);
        let here = self.look_alikes[first..].iter().take_while(|it| it.start < row.end);
        let utf16 = |range: Range<usize>| self.text[range].encode_utf16().count() as u32;
        here.map(|range| {
            let text = &self.text[range.clone()];
            let id = |lane: &Lane| lane.encoding().and_then(|encoding| encoding.special(text));
            let from = utf16(row.start..range.start);
            // Its letters are ASCII, whose units are bytes.
            let to = from + range.len() as u32;
            let ids = self.layout.lanes.iter().map(id).collect();
            LookAlike { from, to, text: text.to_owned(), ids }
        })
        .collect()
    }

    /// The spans of a lane, row by row.
    fn lane_rows(&self, lane: Lane, rows: Range<usize>) -> Vec<Vec<LaneSpan>> {
        let mut shown = vec![Vec::new(); rows.len()];
        let (Some(first), Some(last)) = (rows.clone().next(), rows.clone().next_back()) else {
            return shown;
        };
        let start = self.rows.range(first, &self.text).start;
        let end = self.rows.range(last, &self.text).end;
        let mut grid = Grid::of(self);
        let anchor = self.lanes.anchor(lane, start, |at| grid.is_border(at));
        let mut parts = self.lanes.parts_from(lane, &self.text, anchor);
        while let Some(span) = self.next_span(lane, &mut parts, &mut grid) {
            if span.range.start >= end {
                break;
            }
            let from = self.rows.row_at(span.range.start).max(first);
            let to = self.rows.row_at(span.range.end - 1).min(last);
            for row in from..=to {
                shown[row - first].push(self.in_row(&span, row, &mut grid));
            }
        }
        shown
    }

    fn next_span(
        &self,
        lane: Lane,
        parts: &mut dyn Iterator<Item = Part>,
        grid: &mut Grid<'_>,
    ) -> Option<Span> {
        let first = parts.next()?;
        let (index, kind) = (first.index, first.kind);
        let mut span =
            Span { range: first.range.clone(), index, kind, tokens: Vec::new(), more: 0 };
        let mut next = Some(first);
        while let Some(part) = next {
            span.range.end = part.range.end;
            if span.tokens.len() < MOST_PARTS {
                span.tokens.push(self.token(&part));
            } else {
                span.more += 1;
            }
            let is_long = span.range.len() > LONGEST_SPAN;
            let is_whole = is_long && self.text.is_char_boundary(part.range.end);
            if is_whole || grid.is_border(part.range.end) {
                break;
            }
            next = parts.next();
        }
        if lane == Lane::Characters {
            let row = self.rows.row_at(span.range.start);
            let (before, _) = grid.cell_at(row, span.range.start);
            span.index = self.rows.characters_before(row) + before as u32;
        }
        Some(span)
    }

    fn token(&self, part: &Part) -> LaneToken {
        // Only words have no longest.
        let most = border(&self.text, part.range.start + LONGEST_WORD);
        let end = part.range.end.min(most.max(part.range.start + 1));
        LaneToken::new(part.id, &self.text.as_bytes()[part.range.start..end])
    }

    /// The part of a span that is in a row.
    fn in_row(&self, span: &Span, row: usize, grid: &mut Grid<'_>) -> LaneSpan {
        let whole = self.rows.range(row, &self.text);
        let Range { start, end } = span.range;
        let (_, from) = grid.cell_at(row, start.max(whole.start));
        let (_, to) = grid.cell_at(row, end.min(whole.end));
        LaneSpan {
            from: from.utf16,
            to: to.utf16,
            column: from.column,
            cells: to.column - from.column,
            index: span.index,
            starts_with_space: self.text.as_bytes()[start] == b' ',
            from_before: start < whole.start,
            goes_on: end > whole.end,
            kind: span.kind,
            tokens: span.tokens.clone(),
            more: span.more,
        }
    }
}

impl LaneToken {
    /// A token of these bytes.
    pub fn new(id: Option<u32>, bytes: &[u8]) -> LaneToken {
        let mut hex = String::with_capacity(2 * bytes.len());
        bytes.iter().for_each(|byte| write!(hex, "{byte:02x}").expect("a string takes all"));
        LaneToken { id, bytes: hex, text: str::from_utf8(bytes).ok().map(str::to_owned) }
    }
}
