//! A filter as conditions of SQL.

use super::{
    Filter,
    words::{Words, titled},
};
use crate::StoreError;
use rusqlite::{Connection, types::Value};

/// What follows `WHERE`, and the values in it.
#[derive(Default)]
pub struct Conditions {
    all: Vec<String>,
    pub values: Vec<Value>,
}

/// Where a page ended: behind which run or comparison. Of the same millisecond, comparisons stand
/// before runs.
#[derive(Clone, Copy)]
pub struct After {
    pub ms: i64,
    pub number: i64,
    pub is_run: bool,
}

impl Conditions {
    /// Which runs that stand alone fit `filter`.
    pub fn of_runs(
        filter: &Filter,
        after: Option<After>,
        connection: &Connection,
    ) -> Result<Conditions, StoreError> {
        let mut it = Conditions::default();
        it.words(Words::of(&filter.text, connection)?);
        it.facts(filter);
        it.own("started_ms", filter);
        it.all.push("comparison IS NULL".into());
        match after {
            Some(After { ms, number, is_run: true }) => it.after("started_ms", ms, number),
            Some(After { ms, .. }) => it.add("started_ms <= ?", Some(ms)),
            None => {}
        }
        Ok(it)
    }

    /// Which comparisons fit `filter`: one of whose runs does, or whose title has all the words.
    pub fn of_comparisons(
        filter: &Filter,
        after: Option<After>,
        connection: &Connection,
    ) -> Result<Conditions, StoreError> {
        let mut it = Conditions::default();
        it.own("created_ms", filter);
        match after {
            Some(After { ms, number, is_run: false }) => it.after("created_ms", ms, number),
            Some(After { ms, .. }) => it.add("created_ms < ?", Some(ms)),
            None => {}
        }
        let mut facts = Conditions::default();
        facts.facts(filter);
        let facts = facts.of_one_run();
        if filter.text.trim().is_empty() {
            it.all_of(facts);
            return Ok(it);
        }
        let mut in_runs = Conditions::default();
        in_runs.words(Words::of(&filter.text, connection)?);
        in_runs.facts(filter);
        let mut in_title = facts;
        let titled = titled(&filter.text, connection)?;
        in_title.all.push(format!("number IN ({})", titled.join(", ")));
        it.either(in_runs.of_one_run(), in_title);
        Ok(it)
    }

    /// What is asked of a run, its words, its time and its star excepted.
    fn facts(&mut self, filter: &Filter) {
        for (condition, value) in [
            ("provider = ?", &filter.provider),
            ("model = ?", &filter.model),
            ("outcome = ?", &filter.outcome.map(|it| it.as_str().to_owned())),
        ] {
            self.add(condition, value.clone());
        }
        self.add("cost >= ?", filter.min_cost.map(pico));
        self.add("cost <= ?", filter.max_cost.map(pico));
    }

    /// What a run or a comparison has by itself; its time stands in `time`.
    fn own(&mut self, time: &str, filter: &Filter) {
        self.add(&format!("{time} >= ?"), filter.since_ms);
        self.add(&format!("{time} < ?"), filter.until_ms);
        self.add("starred = ?", filter.starred.then_some(1));
    }

    /// What is found has to stand behind this in the list.
    fn after(&mut self, time: &str, ms: i64, number: i64) {
        self.all.push(format!("({time}, number) < (?, ?)"));
        self.values.extend([ms.into(), number.into()]);
    }

    /// All of them, with the `WHERE` before them.
    pub fn sql(&self) -> String {
        match self.all.is_empty() {
            true => String::new(),
            false => format!("WHERE {}", self.all.join(" AND ")),
        }
    }

    /// As conditions of a comparison: that one of its runs fulfils these.
    fn of_one_run(self) -> Conditions {
        if self.all.is_empty() {
            return self;
        }
        let all = self.all.join(" AND ");
        let of_one = format!(
            "number IN (SELECT comparison FROM runs WHERE comparison IS NOT NULL AND {all})"
        );
        Conditions { all: vec![of_one], values: self.values }
    }

    fn all_of(&mut self, more: Conditions) {
        self.all.extend(more.all);
        self.values.extend(more.values);
    }

    fn either(&mut self, one: Conditions, other: Conditions) {
        self.all.push(format!("({} OR ({}))", one.all.join(" AND "), other.all.join(" AND ")));
        self.values.extend(one.values.into_iter().chain(other.values));
    }

    fn add(&mut self, condition: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.all.push(condition.to_owned());
            self.values.push(value.into());
        }
    }

    fn words(&mut self, words: Words) {
        if words.nothing {
            self.all.push("0".into());
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
