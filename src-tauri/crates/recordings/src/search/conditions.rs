//! A filter as conditions of SQL.

use super::{Filter, words::Words};
use crate::StoreError;
use rusqlite::{Connection, types::Value};

/// What follows `WHERE`, and the values in it.
pub struct Conditions {
    all: Vec<&'static str>,
    pub values: Vec<Value>,
}

impl Conditions {
    /// The conditions of `filter`.
    pub fn of(filter: &Filter, connection: &Connection) -> Result<Conditions, StoreError> {
        let mut conditions = Conditions { all: Vec::new(), values: Vec::new() };
        conditions.words(Words::of(&filter.text, connection)?);
        for (condition, value) in [
            ("provider = ?", &filter.provider),
            ("model = ?", &filter.model),
            ("outcome = ?", &filter.outcome.map(|it| it.as_str().to_owned())),
        ] {
            conditions.add(condition, value.clone());
        }
        for (condition, value) in [
            ("started_ms >= ?", filter.since_ms),
            ("started_ms < ?", filter.until_ms),
            ("cost >= ?", filter.min_cost.map(pico)),
            ("cost <= ?", filter.max_cost.map(pico)),
            ("starred = ?", filter.starred.then_some(1)),
        ] {
            conditions.add(condition, value);
        }
        Ok(conditions)
    }

    /// What is found has to stand behind this run in the list.
    pub fn after(&mut self, started_ms: i64, number: i64) {
        self.all.push("(started_ms, number) < (?, ?)");
        self.values.extend([started_ms.into(), number.into()]);
    }

    /// All of them, with the `WHERE` before them.
    pub fn sql(&self) -> String {
        match self.all.is_empty() {
            true => String::new(),
            false => format!("WHERE {}", self.all.join(" AND ")),
        }
    }

    fn add(&mut self, condition: &'static str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.all.push(condition);
            self.values.push(value.into());
        }
    }

    fn words(&mut self, words: Words) {
        if words.nothing {
            self.all.push("0");
        }
        // The plus sign keeps the order of the list: what is found is looked up in it, and need
        // not be sorted.
        self.add("+number IN (SELECT rowid FROM words WHERE words MATCH ?)", words.index);
        for word in words.texts {
            let condition = "instr(lower(title || ' ' || question || ' ' || reply), lower(?))";
            self.add(condition, Some(word));
        }
    }
}

/// Dollars in pico-dollars, as far as they can be written so.
fn pico(dollars: f64) -> i64 {
    (dollars * 1e12) as i64
}
