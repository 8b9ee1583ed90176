//! A table whose first line names its columns.

use super::{Found, SetError, choice, left_out, prompt, wrong, wrong_at};
use ::csv::{Error, ErrorKind, ReaderBuilder, StringRecord};

/// The column that is taken where nobody chose one.
const PROMPT: &str = "prompt";
/// The columns that name a row.
const LABELS: [&str; 3] = ["label", "id", "name"];
/// What columns are parted by, in some countries by others than a comma.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// The prompts in the column `field`.
pub fn read(text: &str, field: Option<&str>) -> Result<Found, SetError> {
    let mut reader = ReaderBuilder::new().delimiter(delimiter(text)).from_reader(text.as_bytes());
    let head = reader.headers().map_err(|error| told(&error))?.clone();
    let fields: Vec<String> = head.iter().map(|it| it.trim().to_owned()).collect();
    if fields.iter().all(String::is_empty) {
        return wrong("its first line has to name the columns");
    }
    let fields = choice(fields)?;
    let Some(column) = column(&fields, field)? else {
        return Ok(Found { fields, ..Found::default() });
    };
    let label =
        fields.iter().position(|it| LABELS.iter().any(|name| it.eq_ignore_ascii_case(name)));
    let label = label.filter(|it| *it != column);
    let mut found = Found { field: Some(fields[column].clone()), fields, ..Found::default() };
    let mut empty = 0;
    for record in reader.records() {
        let record: StringRecord = record.map_err(|error| told(&error))?;
        let line = record.position().map_or(0, |it| it.line() as u32);
        let words = record.get(column).unwrap_or_default();
        if words.trim().is_empty() {
            empty += 1;
            continue;
        }
        let label = label.and_then(|it| record.get(it));
        found.push(prompt(label, found.prompts.len() + 1, line, words))?;
    }
    found.left_out = left_out(empty, ["row without a prompt", "rows without a prompt"]);
    Ok(found)
}

/// The column that was chosen, the one called `prompt`, or the only one; none if it is open.
fn column(fields: &[String], field: Option<&str>) -> Result<Option<usize>, SetError> {
    let named = |name: &str| fields.iter().position(|it| it.eq_ignore_ascii_case(name));
    match field {
        Some(field) => match fields.iter().position(|it| it == field).or_else(|| named(field)) {
            Some(column) => Ok(Some(column)),
            None => wrong(format!("it has no column called {field:?}")),
        },
        None => Ok(named(PROMPT).or((fields.len() == 1).then_some(0))),
    }
}

/// Whatever the first line has most of, outside of quotes.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let outside: String = first.split('"').step_by(2).collect();
    let count = |it: &u8| outside.bytes().filter(|byte| byte == it).count();
    // Of equals the first is meant.
    DELIMITERS.into_iter().rev().max_by_key(count).unwrap_or(b',')
}

fn told(error: &Error) -> SetError {
    match error.kind() {
        ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, |it| it.line() as u32);
            let why = format!("has {len} columns, and the first line names {expected_len}");
            wrong_at::<()>(line, why).expect_err("it is wrong")
        }
        _ => SetError { line: None, why: format!("it cannot be read as a table: {error}") },
    }
}
