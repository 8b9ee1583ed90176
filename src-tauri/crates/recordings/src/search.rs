//! Which runs: by their words, who was asked, how they ended, when, and what they cost.

mod conditions;
mod words;

use crate::{
    Store, StoreError,
    summary::{Outcome, Summary},
};
use conditions::Conditions;
use playground::{
    Chat, Target,
    prices::{Dollars, Price},
};
use rusqlite::{
    OptionalExtension, Row,
    types::{FromSql, Value},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use ts_rs::TS;

/// The most runs of one page of a list.
const MOST: u32 = 500;

/// Which runs are wanted. What is not set does not matter.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Filter {
    /// Each word must stand in the title, the question or the reply; upper and lower case, and
    /// accents, do not matter.
    pub text: String,
    /// The provider's id.
    pub provider: Option<String>,
    /// The model's id.
    pub model: Option<String>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Only those with a star.
    pub starred: bool,
    /// Began at this time or later: milliseconds since 1970, UTC.
    #[ts(type = "number | null")]
    pub since_ms: Option<i64>,
    /// Began before this time.
    #[ts(type = "number | null")]
    pub until_ms: Option<i64>,
    /// Cost at least so many dollars.
    pub min_cost: Option<f64>,
    /// Cost at most so many dollars.
    pub max_cost: Option<f64>,
    /// Began before the run with this id: the next page.
    pub before: Option<String>,
    /// How many, the newest first; 500 at most.
    pub limit: u32,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Page {
    /// The newest first.
    pub runs: Vec<Summary>,
    /// Whether older ones fit the filter too.
    pub more: bool,
}

/// What a run was, besides its events.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Kept {
    /// As in a list.
    pub summary: Summary,
    /// What was composed.
    pub chat: Chat,
    /// The price that held on its day; none if unknown.
    pub price: Option<Price>,
}

/// The names that there are to choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Names {
    /// Ids of providers.
    pub providers: Vec<String>,
    /// Ids of models.
    pub models: Vec<String>,
}

/// Of texts only as much as a list shows.
const COLUMNS: &str = "number, id, started_ms, title, starred, provider, base_url, dialect, model, \
    by_hand, substr(question, 1, 240), substr(reply, 1, 240), outcome, error, finish, usage, cost, \
    duration_us, attempts, frames, bytes, imported";

/// By time, and not by when they came here: a run may come out of a file.
const ORDER: &str = "ORDER BY started_ms DESC, number DESC";

impl Store {
    /// The runs that fit.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn list(&self, filter: &Filter) -> Result<Page, StoreError> {
        let limit = filter.limit.clamp(1, MOST);
        let conditions = self.conditions(filter)?;
        let sql = format!("SELECT {COLUMNS} FROM runs {} {ORDER} LIMIT ?", conditions.sql());
        let mut query = self.connection.prepare_cached(&sql)?;
        let values = conditions.values.into_iter().chain([Value::from(limit + 1)]);
        let rows = query.query_map(rusqlite::params_from_iter(values), summary)?;
        // A row that holds something else than it should does not take the list with it.
        let is_readable = |row: &Result<_, rusqlite::Error>| {
            row.as_ref().err().is_none_or(|error| error.sqlite_error().is_some())
        };
        let mut runs = rows.filter(is_readable).collect::<Result<Vec<_>, _>>()?;
        let more = runs.len() > limit as usize;
        runs.truncate(limit as usize);
        Ok(Page { runs, more })
    }

    /// The ids of all runs that fit, the newest first, whatever the limit is.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn ids(&self, filter: &Filter) -> Result<Vec<String>, StoreError> {
        let conditions = self.conditions(filter)?;
        let sql = format!("SELECT id FROM runs {} {ORDER}", conditions.sql());
        let mut query = self.connection.prepare_cached(&sql)?;
        let rows = query.query_map(rusqlite::params_from_iter(conditions.values), |row| row.get(0));
        Ok(rows?.collect::<Result<_, _>>()?)
    }

    fn conditions(&self, filter: &Filter) -> Result<Conditions, StoreError> {
        let mut conditions = Conditions::of(filter, &self.connection)?;
        if let Some(id) = &filter.before {
            let sql = "SELECT started_ms, number FROM runs WHERE id = ?";
            let place = self.connection.query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)));
            let (started_ms, number) = place.optional()?.ok_or(StoreError::NoSuchRun)?;
            conditions.after(started_ms, number);
        }
        Ok(conditions)
    }

    /// What the run `id` was, besides its events.
    ///
    /// # Errors
    /// Where there is no such run, or the file cannot be read.
    pub fn run(&self, id: &str) -> Result<Kept, StoreError> {
        let number = self.number(id)?;
        let sql = format!("SELECT {COLUMNS}, chat, price FROM runs WHERE number = ?");
        let mut query = self.connection.prepare_cached(&sql)?;
        let (summary, chat, price) = query.query_row([number], |row| {
            Ok((summary(row)?, row.get::<_, String>(22)?, json::<Price>(row, 23)?))
        })?;
        Ok(Kept { summary, chat: serde_json::from_str(&chat)?, price })
    }

    /// The providers and models that were asked.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn names(&self) -> Result<Names, StoreError> {
        let of = |column: &str| {
            let sql = format!("SELECT DISTINCT {column} FROM runs ORDER BY {column}");
            let mut query = self.connection.prepare_cached(&sql)?;
            let names = query.query_map([], |row| row.get(0))?;
            names.collect::<Result<Vec<String>, _>>()
        };
        Ok(Names { providers: of("provider")?, models: of("model")? })
    }
}

fn summary(row: &Row<'_>) -> Result<Summary, rusqlite::Error> {
    let outcome: String = row.get(12)?;
    let dialect: String = row.get(7)?;
    Ok(Summary {
        id: row.get(1)?,
        started_ms: row.get(2)?,
        title: row.get(3)?,
        starred: row.get(4)?,
        target: Target {
            provider: row.get(5)?,
            base_url: row.get(6)?,
            dialect: Some(dialect),
            model: row.get(8)?,
        },
        by_hand: row.get(9)?,
        question: row.get(10)?,
        reply: row.get(11)?,
        outcome: Outcome::ALL.into_iter().find(|it| it.as_str() == outcome).unwrap_or_default(),
        error: row.get(13)?,
        finish: json(row, 14)?,
        usage: json(row, 15)?,
        cost: row.get::<_, Option<i64>>(16)?.map(|pico| Dollars(pico.into())),
        duration_us: row.get(17)?,
        attempts: row.get(18)?,
        frames: row.get(19)?,
        bytes: row.get(20)?,
        imported: row.get(21)?,
    })
}

/// A column that holds JSON or nothing; what cannot be read counts as nothing.
fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<Option<T>, rusqlite::Error> {
    let text =
        Option::<String>::column_result(row.get_ref(column)?).map_err(rusqlite::Error::from)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}
