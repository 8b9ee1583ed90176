//! Which runs: by their words, who was asked, how they ended, when, and what they cost.

mod conditions;
mod words;

use crate::{
    Store, StoreError,
    compare::ComparisonSummary,
    summary::{Outcome, Summary},
    versions::RunVersion,
};
use conditions::{After, Conditions};
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
    /// Stands behind the run or the comparison with this id: the next page.
    pub before: Option<String>,
    /// How many, the newest first; 500 at most.
    pub limit: u32,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Page {
    /// Runs that stand alone, the newest first.
    pub runs: Vec<Summary>,
    /// Comparisons, the newest first; each stands before the runs that began at its millisecond.
    pub comparisons: Vec<ComparisonSummary>,
    /// Whether older ones fit the filter too.
    pub more: bool,
}

/// Ids of what fits a filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fitting {
    /// Of runs that stand alone.
    pub runs: Vec<String>,
    /// Of comparisons.
    pub comparisons: Vec<String>,
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
pub(crate) const COLUMNS: &str = "number, id, started_ms, title, starred, provider, base_url, dialect, model, \
    by_hand, substr(question, 1, 240), substr(reply, 1, 240), outcome, error, finish, usage, cost, \
    duration_us, attempts, frames, bytes, imported, \
    (SELECT comparisons.id FROM comparisons WHERE comparisons.number = runs.comparison), \
    version, (SELECT name FROM versions WHERE versions.number = runs.version)";
/// How many columns these are.
pub(crate) const MANY: usize = 25;

/// By time, and not by when they came here: a run may come out of a file.
const ORDER: &str = "ORDER BY started_ms DESC, number DESC";

impl Store {
    /// The runs and the comparisons that fit. The runs of a comparison are found with it, and not
    /// by themselves.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn list(&self, filter: &Filter) -> Result<Page, StoreError> {
        let limit = filter.limit.clamp(1, MOST);
        let after = self.after(filter)?;
        let runs = self.list_runs(filter, after, limit + 1)?;
        let comparisons = self.list_comparisons(filter, after, limit + 1)?;
        let more = runs.len() + comparisons.len() > limit as usize;
        let (mut page_of_runs, mut page_of_comparisons) = (Vec::new(), Vec::new());
        let (mut runs, mut comparisons) =
            (runs.into_iter().peekable(), comparisons.into_iter().peekable());
        for _ in 0..limit {
            let run_ms = runs.peek().map(|it| it.started_ms);
            let comparison_ms = comparisons.peek().map(|it| it.created_ms);
            match comparison_ms > run_ms || (comparison_ms.is_some() && comparison_ms == run_ms) {
                true => page_of_comparisons.extend(comparisons.next()),
                false => page_of_runs.extend(runs.next()),
            }
        }
        Ok(Page { runs: page_of_runs, comparisons: page_of_comparisons, more })
    }

    fn list_runs(
        &self,
        filter: &Filter,
        after: Option<After>,
        limit: u32,
    ) -> Result<Vec<Summary>, StoreError> {
        let conditions = Conditions::of_runs(filter, after, &self.connection)?;
        let sql = format!("SELECT {COLUMNS} FROM runs {} {ORDER} LIMIT ?", conditions.sql());
        let mut query = self.connection.prepare_cached(&sql)?;
        let values = conditions.values.into_iter().chain([Value::from(limit)]);
        let rows = query.query_map(rusqlite::params_from_iter(values), summary)?;
        Ok(rows.filter(is_readable).collect::<Result<_, _>>()?)
    }

    fn list_comparisons(
        &self,
        filter: &Filter,
        after: Option<After>,
        limit: u32,
    ) -> Result<Vec<ComparisonSummary>, StoreError> {
        let conditions = Conditions::of_comparisons(filter, after, &self.connection)?;
        let sql = format!("{} ORDER BY created_ms DESC, number DESC LIMIT ?", conditions.sql());
        let values = conditions.values.into_iter().chain([Value::from(limit)]).collect();
        let found = self.comparisons(&sql, values)?;
        Ok(found.into_iter().map(|(_, summary)| summary).collect())
    }

    /// Where the page before ended: behind a run, or behind a comparison.
    fn after(&self, filter: &Filter) -> Result<Option<After>, StoreError> {
        let Some(id) = &filter.before else { return Ok(None) };
        let sql = "SELECT started_ms, number FROM runs WHERE id = ?";
        let run = self.connection.query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)));
        if let Some((ms, number)) = run.optional()? {
            return Ok(Some(After { ms, number, is_run: true }));
        }
        let (ms, number) = self.comparison_time(id)?.ok_or(StoreError::NoSuchRun)?;
        Ok(Some(After { ms, number, is_run: false }))
    }

    /// The ids of all that fits, the newest first, whatever the limit is: runs that stand alone,
    /// and comparisons.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn ids(&self, filter: &Filter) -> Result<Fitting, StoreError> {
        let of = |table: &str, conditions: Conditions, order: &str| {
            let sql = format!("SELECT id FROM {table} {} {order}", conditions.sql());
            let mut query = self.connection.prepare_cached(&sql)?;
            let values = rusqlite::params_from_iter(conditions.values);
            let rows = query.query_map(values, |row| row.get(0))?;
            rows.collect::<Result<Vec<String>, _>>()
        };
        let after = self.after(filter)?;
        let runs = Conditions::of_runs(filter, after, &self.connection)?;
        let comparisons = Conditions::of_comparisons(filter, after, &self.connection)?;
        let order = "ORDER BY created_ms DESC, number DESC";
        Ok(Fitting {
            runs: of("runs", runs, ORDER)?,
            comparisons: of("comparisons", comparisons, order)?,
        })
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
            Ok((summary(row)?, row.get::<_, String>(MANY)?, json::<Price>(row, MANY + 1)?))
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

pub(crate) fn summary(row: &Row<'_>) -> Result<Summary, rusqlite::Error> {
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
        outcome: Outcome::read(row.get_ref(12)?.as_str()?),
        error: row.get(13)?,
        finish: json(row, 14)?,
        usage: json(row, 15)?,
        cost: row.get::<_, Option<i64>>(16)?.map(|pico| Dollars(pico.into())),
        duration_us: row.get(17)?,
        attempts: row.get(18)?,
        frames: row.get(19)?,
        bytes: row.get(20)?,
        imported: row.get(21)?,
        comparison: row.get(22)?,
        version: version(row)?,
    })
}

/// A row that holds something else than it should does not take the list with it.
pub(crate) fn is_readable<T>(row: &Result<T, rusqlite::Error>) -> bool {
    row.as_ref().err().is_none_or(|error| error.sqlite_error().is_some())
}

/// None where no system message was sent, and where its version was deleted.
fn version(row: &Row<'_>) -> Result<Option<RunVersion>, rusqlite::Error> {
    let (number, name): (Option<i64>, Option<String>) = (row.get(23)?, row.get(24)?);
    Ok(number.zip(name).map(|(number, name)| RunVersion { number, name }))
}

/// A column that holds JSON or nothing; what cannot be read counts as nothing.
fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<Option<T>, rusqlite::Error> {
    let text =
        Option::<String>::column_result(row.get_ref(column)?).map_err(rusqlite::Error::from)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}
