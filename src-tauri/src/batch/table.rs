//! A batch as a table, for a spreadsheet or a program: a line for each call.

use playground::prices::{Dollars, Price};
use recordings::{
    Store, StoreError,
    compare::{Cell, KeptComparison, Place},
    summary::Tally,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    io::{self, Write},
};
use ts_rs::TS;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum TableForm {
    /// For a spreadsheet.
    Csv,
    /// A JSON object on each line.
    Jsonl,
}

/// A line of the table; what is not known is empty, or null.
#[derive(Debug, Default, Serialize)]
struct Line {
    row: String,
    column: String,
    repeat: u32,
    model: String,
    prompt: String,
    reply: String,
    outcome: String,
    error: Option<String>,
    finish: Option<String>,
    input_tokens: Option<u64>,
    cached_tokens: Option<u64>,
    output_tokens: Option<u64>,
    reasoning_tokens: Option<u64>,
    cost_dollars: Option<Dollars>,
    started_ms: Option<i64>,
    first_word_ms: Option<f64>,
    duration_ms: Option<f64>,
    attempts: Option<u32>,
    run: Option<String>,
}

/// Writes every call of the comparison `id`, also those that were not sent, and returns how many
/// there are.
///
/// # Errors
/// Where there is no such comparison, or it cannot be read or written.
pub fn write_table(
    store: &Store,
    id: &str,
    form: TableForm,
    to: impl Write,
) -> Result<u64, StoreError> {
    let kept = store.comparison(id)?;
    let cells: HashMap<Place, &Cell> = kept.cells.iter().map(|it| (it.place, it)).collect();
    let lines = kept.plan.places().map(|place| line(store, &kept, place, cells.get(&place)));
    match form {
        TableForm::Csv => write_csv(lines, to),
        TableForm::Jsonl => write_json_lines(lines, to),
    }
}

fn write_csv(
    lines: impl Iterator<Item = Result<Line, StoreError>>,
    to: impl Write,
) -> Result<u64, StoreError> {
    let mut writer = csv::Writer::from_writer(to);
    let mut count = 0;
    for line in lines {
        let line = line?.harmless();
        writer.serialize(&line).map_err(io::Error::other)?;
        count += 1;
    }
    writer.flush()?;
    Ok(count)
}

fn write_json_lines(
    lines: impl Iterator<Item = Result<Line, StoreError>>,
    mut to: impl Write,
) -> Result<u64, StoreError> {
    let mut count = 0;
    for line in lines {
        serde_json::to_writer(&mut to, &line?)?;
        to.write_all(b"\n")?;
        count += 1;
    }
    to.flush()?;
    Ok(count)
}

fn line(
    store: &Store,
    kept: &KeptComparison,
    place: Place,
    cell: Option<&&Cell>,
) -> Result<Line, StoreError> {
    let (row, column) = (place.row as usize, place.column as usize);
    let (row, column) = (&kept.plan.rows[row], &kept.plan.columns[column]);
    let label = if row.label.is_empty() { (place.row + 1).to_string() } else { row.label.clone() };
    let line = Line {
        row: label,
        column: column.label.clone(),
        repeat: place.repeat + 1,
        model: column.target.model.clone(),
        prompt: row.prompt.clone(),
        outcome: "not sent".into(),
        ..Line::default()
    };
    match cell {
        None => Ok(line),
        Some(cell) => sent(store, cell, line),
    }
}

fn sent(store: &Store, cell: &Cell, line: Line) -> Result<Line, StoreError> {
    let Some(summary) = &cell.summary else {
        // The app ended between the claim and the first event, or the run was deleted.
        let outcome = "lost".to_owned();
        return Ok(Line { run: Some(cell.run.clone()), outcome, ..line });
    };
    let tally = read(store, &cell.run)?;
    let price: Option<Price> = store.run(&cell.run)?.price;
    let usage = tally.reply.usage.unwrap_or_default();
    let finish = tally.reply.finish.iter().find(|it| it.choice == 0);
    let ms = |us: u64| us as f64 / 1000.0;
    Ok(Line {
        reply: tally.reply.text().to_owned(),
        outcome: summary.outcome.as_str().to_owned(),
        error: tally.error.clone(),
        finish: finish.map(|it| it.raw.clone()),
        input_tokens: usage.input_tokens,
        cached_tokens: usage.cache_read_tokens,
        output_tokens: usage.output_tokens,
        reasoning_tokens: usage.reasoning_tokens,
        cost_dollars: tally.cost(price.as_ref()),
        started_ms: Some(summary.started_ms),
        first_word_ms: tally.first_word_us.map(ms),
        duration_ms: Some(ms(tally.duration_us)),
        attempts: Some(tally.attempts),
        run: Some(cell.run.clone()),
        ..line
    })
}

/// What a run came to.
fn read(store: &Store, id: &str) -> Result<Tally, StoreError> {
    let mut tally = Tally::default();
    store.events(id, |event| {
        tally.add(&event, 0);
        Ok(())
    })?;
    Ok(tally)
}

impl Line {
    /// The same with texts that no spreadsheet takes for a formula.
    fn harmless(self) -> Line {
        Line {
            row: plain(self.row),
            column: plain(self.column),
            model: plain(self.model),
            prompt: plain(self.prompt),
            reply: plain(self.reply),
            error: self.error.map(plain),
            finish: self.finish.map(plain),
            run: self.run.map(plain),
            ..self
        }
    }
}

/// What begins as a formula does gets a mark in front, as spreadsheets themselves write it.
fn plain(text: String) -> String {
    let first = text.trim_start_matches([' ', '\u{a0}', '\n']).chars().next();
    let is_formula = first.is_some_and(|it| "=+-@\t\r|%＝＋－＠".contains(it));
    if is_formula { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_reply_is_a_formula() {
        for (text, written) in [
            ("=HYPERLINK(\"http://a\")", "'=HYPERLINK(\"http://a\")"),
            ("-1", "'-1"),
            (" +1", "' +1"),
            ("\n@x", "'\n@x"),
            ("\t=1", "'\t=1"),
            ("a = b", "a = b"),
            ("", ""),
        ] {
            assert_eq!(plain(text.to_owned()), written);
        }
        let line = Line { reply: "=1\n\"x\",y".into(), row: "@a".into(), ..Line::default() };
        let mut csv = Vec::new();
        let lines = [Ok(line)].into_iter();
        assert_eq!(write_csv(lines, &mut csv).expect("memory takes all"), 1);
        let csv = String::from_utf8(csv).expect("text");
        assert!(csv.starts_with("row,column,repeat,model,prompt,reply,"), "{csv}");
        assert!(csv.contains("'@a,") && csv.contains("\"'=1\n\"\"x\"\",y\""), "{csv}");
    }
}
