//! A comparison as a part of a page: for each row its runs on one clock, the figures, the replies.
//!
//! Of times it tells the instants that were recorded, the first word and the end. What went on in
//! between, and how fast, is worked out in one place: the Race of the window, and its picture.

use super::{
    Transcript,
    facts::{date, ended, is_free},
    html::{block, line, list},
};
use crate::{
    Outcome, Store, StoreError,
    compare::{Cell, ComparisonKind, KeptComparison, PlanColumn},
    files::{FileError, Watch},
    spent::Spent,
};
use std::io::Write;

/// The width of the lanes, and of the names on their left.
const WIDTH: u64 = 1000;
const NAMES: u64 = 190;
/// How high a lane is.
const LANE: u64 = 26;

/// A run with its place.
struct Lane<'a> {
    cell: &'a Cell,
    column: &'a PlanColumn,
    repeats: bool,
    /// When it began on the clock that it shares with the others of its row, in microseconds.
    start_us: u64,
    it: Transcript,
}

/// Writes a comparison, and returns how many of its runs were there. So many were written `before`.
pub fn write(
    store: &Store,
    kept: &KeptComparison,
    before: u64,
    out: &mut dyn Write,
    watch: Watch<'_>,
) -> Result<u64, FileError> {
    writeln!(out, "<article class=\"wide\">\n<h1>{}</h1>", line(title(kept)))?;
    let facts = facts(kept);
    out.write_all(lines(&facts).as_bytes())?;
    writeln!(
        out,
        "<ul class=\"legend\"><li><i class=\"wait\"></i>before the first word</li>\
         <li><i class=\"words\"></i>from the first word to the end</li></ul>"
    )?;
    let mut runs = 0;
    for (number, row) in (0..).zip(&kept.plan.rows) {
        let lanes = lanes(store, kept, number)?;
        let head = row_head(kept.summary.kind, number, &row.label);
        writeln!(out, "<section>\n<h2>{}</h2>", line(&head))?;
        writeln!(out, "<pre class=\"prompt\" dir=\"auto\">{}</pre>", block(&row.prompt))?;
        out.write_all(clock(&lanes).as_bytes())?;
        out.write_all(figures(&lanes).as_bytes())?;
        out.write_all(replies(&lanes).as_bytes())?;
        writeln!(out, "</section>")?;
        runs += lanes.len() as u64;
        if !watch(before + runs) {
            return Err(FileError::Stopped);
        }
    }
    writeln!(out, "<p class=\"note\">{MEASURED}</p>\n</article>")?;
    Ok(runs)
}

/// How the figures come about.
const MEASURED: &str = "First word: from Send to the first frame that says something, a thought or \
    a word; In all: from Send to the end. Columns share one Send; each call of a sweep or a set \
    has its own. Tokens: as the provider counts and bills them, and tokenizers differ; characters are \
    those of the reply. A dash is what is not known.";

fn title(kept: &KeptComparison) -> &str {
    let summary = &kept.summary;
    let named = [&summary.title, &summary.question].into_iter().find(|it| !it.trim().is_empty());
    named.map_or("A comparison", |it| it)
}

fn facts(kept: &KeptComparison) -> Vec<(&'static str, String)> {
    let summary = &kept.summary;
    let outcomes = summary.outcomes.iter().map(|it| format!("{} {}", it.runs, it.outcome.as_str()));
    let varies = kept.plan.varies.as_ref().map(|it| ("What differs", it.clone()));
    let facts = [
        ("Date", date(summary.created_ms)),
        ("Columns", summary.columns.join(", ")),
        ("Models", summary.models.join(", ")),
        ("Runs", format!("{} ({})", summary.runs, outcomes.collect::<Vec<_>>().join(", "))),
        ("Cost", spent(&summary.spent)),
    ];
    facts.into_iter().chain(varies).collect()
}

/// What runs cost together. What is not known is said, and never counted as 0.
fn spent(it: &Spent) -> String {
    let mut parts = Vec::new();
    if it.known > 0 {
        parts.push(format!("${}", it.cost));
    }
    if it.unknown > 0 {
        parts.push(format!("{} of unknown cost", it.unknown));
    }
    if it.practice > 0 {
        parts.push(format!("{} free", it.practice));
    }
    if parts.is_empty() { "nothing".into() } else { parts.join(", ") }
}

fn lines(facts: &[(&str, String)]) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = list(&mut text, facts.iter().map(|(name, value)| (*name, &**value)));
    text
}

fn row_head(kind: ComparisonKind, number: u32, label: &str) -> String {
    let word = match kind {
        ComparisonKind::Columns => "Round",
        ComparisonKind::Sweep | ComparisonKind::Set => "Prompt",
    };
    match label.trim() {
        "" => format!("{word} {}", number + 1),
        label => format!("{word} {}: {label}", number + 1),
    }
}

/// The runs of a row that are there, in the order of the columns as they are shown.
fn lanes<'a>(
    store: &Store,
    kept: &'a KeptComparison,
    row: u32,
) -> Result<Vec<Lane<'a>>, StoreError> {
    let mut cells: Vec<_> = kept.cells.iter().filter(|cell| cell.place.row == row).collect();
    let order = &kept.plan.order;
    let shown = |cell: &&Cell| {
        let place = order.iter().position(|it| *it == cell.place.column);
        (place.unwrap_or(usize::MAX), cell.place.column, cell.place.repeat)
    };
    cells.sort_by_key(shown);
    let repeats = cells.iter().any(|cell| cell.place.repeat > 0);
    let mut lanes = Vec::new();
    for cell in cells {
        let Some(column) = kept.plan.columns.get(cell.place.column as usize) else { continue };
        match Transcript::of(store, &cell.run) {
            Ok(it) => {
                lanes.push(Lane { cell, column, repeats, start_us: start_us(kept, cell), it })
            }
            Err(StoreError::NoSuchRun) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(lanes)
}

/// Columns leave at one Send. The calls of a batch leave one after another: each has its own.
fn start_us(kept: &KeptComparison, cell: &Cell) -> u64 {
    match kept.summary.kind {
        ComparisonKind::Columns => cell.start_us.and_then(|it| it.try_into().ok()).unwrap_or(0),
        ComparisonKind::Sweep | ComparisonKind::Set => 0,
    }
}

impl Lane<'_> {
    fn name(&self) -> String {
        let model = &self.it.kept.summary.target.model;
        let label = self.column.label.trim();
        let name = if label.is_empty() { model } else { label };
        match self.repeats {
            true => format!("{name} ({})", self.cell.place.repeat + 1),
            false => name.to_owned(),
        }
    }

    /// From Send to the first word.
    fn first_word_us(&self) -> Option<u64> {
        self.it.tally.first_word_us.map(|it| self.start_us.saturating_add(it))
    }

    /// From Send to the end.
    fn end_us(&self) -> u64 {
        self.start_us.saturating_add(self.it.tally.duration_us)
    }
}

/// All runs of a row on one clock, as lanes of an SVG.
fn clock(lanes: &[Lane<'_>]) -> String {
    let Some(end) = lanes.iter().map(Lane::end_us).max().filter(|end| *end > 0) else {
        return String::new();
    };
    let height = LANE * lanes.len() as u64 + 24;
    let at = |us: u64| NAMES as f64 + (WIDTH - NAMES) as f64 * us.min(end) as f64 / end as f64;
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{} runs in {}\">",
        lanes.len(),
        seconds(end)
    );
    for tick in 0..=4 {
        let us = end / 4 * tick;
        let x = at(us);
        let anchor = if tick == 4 { "end" } else { "start" };
        svg += &format!(
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"0\" y2=\"{}\"/>\
             <text class=\"soft\" x=\"{x:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            height - 22,
            height - 6,
            seconds(us)
        );
    }
    for (number, lane) in (0..).zip(lanes) {
        let y = LANE * number;
        let name: String = lane.name().chars().take(26).collect();
        svg += &format!("<text x=\"0\" y=\"{}\">{}</text>", y + 16, line(&name));
        let first = lane.first_word_us();
        let wait = ("wait", lane.start_us, first.unwrap_or(lane.end_us()));
        for (what, from, to) in
            [Some(wait), first.map(|it| ("words", it, lane.end_us()))].into_iter().flatten()
        {
            svg += &format!(
                "<rect class=\"{what}\" x=\"{:.1}\" y=\"{}\" width=\"{:.1}\" height=\"14\"/>",
                at(from),
                y + 5,
                (at(to) - at(from)).max(0.6),
            );
        }
    }
    // Inside an SVG there is no `bdi`.
    svg.replace("<bdi>", "").replace("</bdi>", "") + "</svg>\n"
}

fn seconds(us: u64) -> String {
    format!("{:.3} s", us as f64 / 1e6)
}

/// The figures of a row.
fn figures(lanes: &[Lane<'_>]) -> String {
    let mut table = String::from(
        "<div class=\"scroll\"><table>\n<tr><th>Column</th><th>Model</th><th>Ended</th>\
         <th>First word</th><th>In all</th><th>Input</th><th>Output</th><th>Characters</th>\
         <th>Cost</th></tr>\n",
    );
    for lane in lanes {
        table += "<tr>";
        for value in row(lane) {
            table += &format!("<td>{}</td>", line(&value));
        }
        table += "</tr>\n";
    }
    table + "</table></div>\n"
}

fn row(lane: &Lane<'_>) -> [String; 9] {
    let it = &lane.it;
    let dash = || "–".to_owned();
    let usage = it.tally.reply.usage.unwrap_or_default();
    let count = |count: Option<u64>| count.map_or_else(dash, |it| it.to_string());
    let summary = &it.kept.summary;
    let cost = match is_free(&summary.target) {
        true => "free".into(),
        false => summary.cost.map_or_else(dash, |it| format!("${it}")),
    };
    let has_times = it.tally.duration_us > 0;
    [
        lane.name(),
        summary.target.model.clone(),
        ended(it),
        lane.first_word_us().map_or_else(dash, seconds),
        if has_times { seconds(lane.end_us()) } else { dash() },
        count(usage.input_tokens),
        count(usage.output_tokens),
        it.tally.reply.text().chars().count().to_string(),
        cost,
    ]
}

/// The replies of a row, side by side.
fn replies(lanes: &[Lane<'_>]) -> String {
    let mut text = String::from("<div class=\"replies\">\n");
    for lane in lanes {
        text += &format!("<div>\n<h3>{}</h3>\n", line(&lane.name()));
        let before = lane.it.kept.chat.messages.len();
        for (who, said) in lane.it.words().into_iter().skip(before) {
            if who != "assistant" {
                text += &format!("<h3>{}</h3>\n", line(&who));
            }
            text += &format!("<pre dir=\"auto\">{}</pre>\n", block(said));
        }
        if let Some(error) = &lane.it.error {
            text += &format!("<p class=\"bad\">{}</p>\n", line(&error.title));
        } else if lane.it.kept.summary.outcome != Outcome::Finished {
            text += &format!("<p class=\"bad\">{}</p>\n", line(&ended(&lane.it)));
        }
        text += "</div>\n";
    }
    text + "</div>\n"
}
