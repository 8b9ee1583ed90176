//! What a comparison is to send.

use playground::{Chat, Message, Parameters, Role, Target};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use ts_rs::TS;

/// The most columns of a comparison.
pub const MOST_COLUMNS: usize = 24;
/// The most rows: rounds, or prompts of a set.
pub const MOST_ROWS: usize = 1000;
/// The most repeats of a place.
pub const MOST_REPEATS: u32 = 100;
/// The most places.
pub const MOST_PLACES: usize = 20_000;
/// The most bytes of all its texts.
pub const MOST_TEXT: usize = 16 << 20;
/// The longest label, in characters.
const LONGEST_LABEL: usize = 200;

/// What is compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ComparisonKind {
    /// Conversations side by side; each row is a round.
    #[default]
    Columns,
    /// One prompt with several values of something; each column is a value.
    Sweep,
    /// Many prompts over the same columns.
    Set,
}

/// What a comparison is to send. Fields that are missing are as in a new one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Plan {
    /// Who is asked, and how: 1 to 24. None is ever taken out, since runs point at them.
    pub columns: Vec<PlanColumn>,
    /// What is said: at most 1,000.
    pub rows: Vec<PlanRow>,
    /// How often each place is sent: 1 to 100. Columns have as many as somebody asks for.
    pub repeats: u32,
    /// The columns as they are shown, from left to right; empty is as they stand. One that is not
    /// in it is hidden.
    pub order: Vec<u32>,
    /// In what the columns of a sweep differ: the name of a parameter, `system` or `model`.
    pub varies: Option<String>,
    /// What was chosen while the names were hidden.
    pub votes: Vec<Vote>,
}

/// One who is asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct PlanColumn {
    /// What stands above it.
    pub label: String,
    /// Who.
    pub target: Target,
    /// The standing instructions; empty for none.
    pub system: String,
    /// The knobs.
    pub parameters: Parameters,
    /// Whether it is left out of the next rounds.
    pub muted: bool,
}

/// One thing that is said to all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct PlanRow {
    /// What stands beside it.
    pub label: String,
    /// What was said before; a system message in it takes the place of the column's own.
    pub messages: Vec<Message>,
    /// The words.
    pub prompt: String,
}

/// A choice between replies whose models were hidden.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Vote {
    /// The row of the replies.
    pub row: u32,
    /// Their repeat.
    pub repeat: u32,
    /// The column of the better reply; null for a tie.
    pub best: Option<u32>,
    /// The columns that were to choose from.
    pub among: Vec<u32>,
}

/// Where a run stands in a comparison.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[ts(export)]
pub struct Place {
    /// The index of its row.
    pub row: u32,
    /// The index of its column.
    pub column: u32,
    /// The how manieth of its place it is; 0 is the first.
    pub repeat: u32,
}

/// Why a plan cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{why}")]
pub struct PlanError {
    /// Where, such as `columns.2.label`.
    pub field: String,
    /// What is wrong.
    pub why: String,
}

fn wrong<T>(field: impl Into<String>, why: impl Into<String>) -> Result<T, PlanError> {
    Err(PlanError { field: field.into(), why: why.into() })
}

impl Default for Plan {
    fn default() -> Plan {
        Plan {
            columns: Vec::new(),
            rows: Vec::new(),
            repeats: 1,
            order: Vec::new(),
            varies: None,
            votes: Vec::new(),
        }
    }
}

impl ComparisonKind {
    const ALL: [ComparisonKind; 3] =
        [ComparisonKind::Columns, ComparisonKind::Sweep, ComparisonKind::Set];

    /// As it is written in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            ComparisonKind::Columns => "columns",
            ComparisonKind::Sweep => "sweep",
            ComparisonKind::Set => "set",
        }
    }

    pub(crate) fn read(word: &str) -> ComparisonKind {
        Self::ALL.into_iter().find(|it| it.as_str() == word).unwrap_or_default()
    }
}

impl Plan {
    /// What the place of a sweep or a set sends: the instructions and the knobs of its column, and
    /// what its row says. None where there is no such place.
    pub fn chat(&self, row: u32, column: u32) -> Option<Chat> {
        let (row, column) = (self.rows.get(row as usize)?, self.columns.get(column as usize)?);
        let says = |role, text: &str| Message { role, text: text.to_owned() };
        let has_own = row.messages.iter().any(|it| it.role == Role::System);
        let needs_system = !has_own && !column.system.is_empty();
        let mut messages = Vec::new();
        messages.extend(needs_system.then(|| says(Role::System, &column.system)));
        messages.extend(row.messages.iter().cloned());
        messages.push(says(Role::User, &row.prompt));
        Some(Chat { messages, parameters: column.parameters.clone() })
    }

    /// Every place, row by row, in each first all columns once, then again.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        let (columns, repeats) = (self.columns.len() as u32, self.repeats);
        (0..self.rows.len() as u32).flat_map(move |row| {
            (0..repeats).flat_map(move |repeat| {
                (0..columns).map(move |column| Place { row, column, repeat })
            })
        })
    }

    /// Whether it can be.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn check(&self, kind: ComparisonKind) -> Result<(), PlanError> {
        let (columns, rows) = (self.columns.len(), self.rows.len());
        if !(1..=MOST_COLUMNS).contains(&columns) {
            return wrong("columns", format!("a comparison has 1 to {MOST_COLUMNS} columns"));
        }
        if rows > MOST_ROWS {
            return wrong("rows", format!("a comparison has at most {MOST_ROWS} rows"));
        }
        if !(1..=MOST_REPEATS).contains(&self.repeats) {
            return wrong("repeats", format!("each is sent 1 to {MOST_REPEATS} times"));
        }
        let places = rows * columns * self.repeats as usize;
        if kind != ComparisonKind::Columns && places > MOST_PLACES {
            return wrong("rows", format!("{places} calls are more than {MOST_PLACES}"));
        }
        if self.texts().map(str::len).sum::<usize>() > MOST_TEXT {
            return wrong("rows", format!("its texts have more than {} MB", MOST_TEXT >> 20));
        }
        self.check_labels()?;
        self.check_numbers()
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        let rows = self.rows.iter().flat_map(|it| [&it.label, &it.prompt]);
        let columns = self.columns.iter().flat_map(|it| [&it.label, &it.system, &it.target.model]);
        let before = self.rows.iter().flat_map(|it| it.messages.iter().map(|said| &said.text));
        rows.chain(before).chain(columns).map(String::as_str)
    }

    fn check_labels(&self) -> Result<(), PlanError> {
        let columns = self.columns.iter().map(|it| &it.label).enumerate();
        let rows = self.rows.iter().map(|it| &it.label).enumerate();
        let named = columns.map(|it| ("columns", it)).chain(rows.map(|it| ("rows", it)));
        for (list, (index, label)) in named {
            if label.chars().count() > LONGEST_LABEL {
                let why = format!("a label has at most {LONGEST_LABEL} characters");
                return wrong(format!("{list}.{index}.label"), why);
            }
        }
        let long = |it: &String| it.len() > LONGEST_LABEL;
        match self.varies.as_ref().is_some_and(long) {
            true => wrong("varies", "no parameter has such a name"),
            false => Ok(()),
        }
    }

    fn check_numbers(&self) -> Result<(), PlanError> {
        let columns = self.columns.len() as u32;
        let mut seen = vec![false; self.columns.len()];
        for &column in &self.order {
            let Some(seen) = seen.get_mut(column as usize) else {
                return wrong("order", format!("there is no column {column}"));
            };
            if std::mem::replace(seen, true) {
                return wrong("order", format!("column {column} stands in it twice"));
            }
        }
        if self.votes.len() > MOST_PLACES {
            return wrong("votes", "there are more votes than places");
        }
        for vote in &self.votes {
            let is_one = |column: &u32| *column < columns;
            let is_among = vote.best.is_none_or(|best| vote.among.contains(&best));
            if vote.among.len() > MOST_COLUMNS || !vote.among.iter().all(is_one) || !is_among {
                return wrong("votes", "a vote is for no column");
            }
        }
        Ok(())
    }

    /// Whether no place that was there before is missing.
    pub(crate) fn check_grows(
        &self,
        rows: u32,
        columns: u32,
        repeats: u32,
    ) -> Result<(), PlanError> {
        match () {
            () if (self.rows.len() as u32) < rows => {
                wrong("rows", "rows can be added, not taken away")
            }
            () if (self.columns.len() as u32) < columns => {
                wrong("columns", "columns can be added or hidden, not taken away")
            }
            () if self.repeats < repeats => wrong("repeats", "repeats can be added only"),
            () => Ok(()),
        }
    }
}
