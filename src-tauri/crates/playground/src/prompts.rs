//! Many prompts out of one text: a prompt on each line, a table, or JSON lines.
//!
//! Such files come from elsewhere and may hold anything, so whatever is wrong with one is told with
//! the line that it is on, and nothing of it is guessed.

mod csv;
mod json_lines;
mod lines;

use crate::{Message, Role};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use ts_rs::TS;

/// The most prompts of a set.
pub const MOST_PROMPTS: usize = 1_000;
/// The longest file, in bytes.
pub const MOST_BYTES: usize = 8 << 20;
/// The most columns of a table, or fields of a JSON line: one of them is chosen by a person.
const MOST_FIELDS: usize = 200;
/// The longest label, in characters.
const LONGEST_LABEL: usize = 80;

/// Prompts that were read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PromptSet {
    /// Where they come from: the name of a file, or empty.
    pub name: String,
    /// How they were written.
    pub form: SetForm,
    /// The columns of a table, or the fields of the first JSON line.
    pub fields: Vec<String>,
    /// The one that holds the prompts; null if none could be told: then there are no prompts, and
    /// one of the fields has to be chosen.
    pub field: Option<String>,
    /// The prompts, in their order.
    pub prompts: Vec<SetPrompt>,
    /// What was left out, in sentences.
    pub left_out: Vec<String>,
}

/// How prompts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SetForm {
    /// A prompt on each line.
    Lines,
    /// A table whose first line names its columns.
    Csv,
    /// A JSON object on each line.
    Jsonl,
}

/// A prompt of a set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SetPrompt {
    /// What it is called: the row's own label, or its number.
    pub label: String,
    /// The line that it begins on, counted from 1.
    pub line: u32,
    /// What is said; the last message is the person's.
    pub messages: Vec<Message>,
}

/// Why a text is no set of prompts.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{why}")]
pub struct SetError {
    /// The line that it is about; none if it is about all of it.
    pub line: Option<u32>,
    /// What is wrong.
    pub why: String,
}

/// Something is wrong with all of it.
fn wrong<T>(why: impl Into<String>) -> Result<T, SetError> {
    Err(SetError { line: None, why: why.into() })
}

/// Something is wrong with a line.
fn wrong_at<T>(line: u32, why: impl std::fmt::Display) -> Result<T, SetError> {
    Err(SetError { line: Some(line), why: format!("line {line} {why}") })
}

/// What a form reads out of a text.
#[derive(Default)]
struct Found {
    fields: Vec<String>,
    field: Option<String>,
    prompts: Vec<SetPrompt>,
    left_out: Vec<String>,
}

impl Found {
    /// Takes in one more prompt. A set that is too long is read no further.
    fn push(&mut self, prompt: SetPrompt) -> Result<(), SetError> {
        if self.prompts.len() == MOST_PROMPTS {
            let why = format!("is beyond the most that a set can have, {MOST_PROMPTS} prompts");
            return wrong_at(prompt.line, why);
        }
        self.prompts.push(prompt);
        Ok(())
    }
}

/// These fields, if a person can choose among so many.
fn choice(fields: Vec<String>) -> Result<Vec<String>, SetError> {
    match fields.len() {
        ..=MOST_FIELDS => Ok(fields),
        count => wrong(format!("it has {count} columns, and {MOST_FIELDS} are the most")),
    }
}

/// Reads the prompts in `text`, which is called `name`. Without a `form` the name and the text tell
/// which it is; `field` names the column or the field that holds them.
///
/// # Errors
/// What is wrong with it, and on which line.
pub fn read(
    name: &str,
    text: &str,
    form: Option<SetForm>,
    field: Option<&str>,
) -> Result<PromptSet, SetError> {
    if text.len() > MOST_BYTES {
        return wrong(format!("a set of prompts has at most {} MB", MOST_BYTES >> 20));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let form = form.unwrap_or_else(|| form_of(name, text));
    let found = match form {
        SetForm::Lines => lines::read(text)?,
        SetForm::Csv => csv::read(text, field)?,
        SetForm::Jsonl => json_lines::read(text, field)?,
    };
    let Found { fields, field, prompts, left_out } = found;
    let needs_field = field.is_none() && form != SetForm::Lines && !fields.is_empty();
    if prompts.is_empty() && !needs_field {
        return wrong("there is no prompt in it");
    }
    Ok(PromptSet { name: name.to_owned(), form, fields, field, prompts, left_out })
}

/// The same for the bytes of a file.
///
/// # Errors
/// As of [`read`], and where it is no UTF-8.
pub fn read_bytes(name: &str, bytes: &[u8], field: Option<&str>) -> Result<PromptSet, SetError> {
    match str::from_utf8(bytes) {
        Ok(text) => read(name, text, None, field),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let line = before.iter().filter(|it| **it == b'\n').count() as u32 + 1;
            wrong_at(line, "is not UTF-8: save the file with that encoding")
        }
    }
}

fn form_of(name: &str, text: &str) -> SetForm {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("csv" | "tsv") => SetForm::Csv,
        Some("jsonl" | "ndjson" | "json") => SetForm::Jsonl,
        _ => {
            let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            let is_object = serde_json::from_str::<serde_json::Value>(first)
                .is_ok_and(|value| value.is_object());
            if is_object { SetForm::Jsonl } else { SetForm::Lines }
        }
    }
}

/// A prompt of one message.
fn prompt(label: Option<&str>, number: usize, line: u32, text: &str) -> SetPrompt {
    let messages = vec![Message { role: Role::User, text: text.to_owned() }];
    SetPrompt { label: label_of(label, number), line, messages }
}

/// The label that a row gives itself, or its number.
fn label_of(label: Option<&str>, number: usize) -> String {
    let own = label.map(str::trim).filter(|it| !it.is_empty());
    own.map_or(number.to_string(), |it| it.chars().take(LONGEST_LABEL).collect())
}

/// How many lines were left out, with the words for one and for several.
fn left_out(count: usize, [one, several]: [&str; 2]) -> Vec<String> {
    match count {
        0 => Vec::new(),
        1 => vec![format!("1 {one} was left out.")],
        _ => vec![format!("{count} {several} were left out.")],
    }
}

#[cfg(test)]
mod tests;
