//! What runs came to together.

use crate::{Store, StoreError, summary::Outcome};
use playground::prices::Dollars;
use rusqlite::{Row, params};
use serde::Serialize;
use std::{cmp::Reverse, collections::HashMap};
use ts_rs::TS;

/// What the runs of some time cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Spent {
    /// The sum of those whose cost is known.
    pub cost: Dollars,
    /// How many those are.
    pub known: u32,
    /// How many more got a reply, or a part of one, that costs something nobody knows.
    pub unknown: u32,
    /// How many went to Practice, which is free.
    pub practice: u32,
}

/// What runs cost, by what they have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Spending {
    /// All of them.
    pub total: Spent,
    /// By day: one for each that was asked for.
    pub days: Vec<Spent>,
    /// By model, the dearest first.
    pub models: Vec<SpentBy>,
    /// By provider, the dearest first.
    pub providers: Vec<SpentBy>,
    /// By conversation, the dearest first. Runs are of one conversation if that begins alike.
    pub conversations: Vec<SpentBy>,
}

/// What the runs with one thing in common cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct SpentBy {
    /// The model's or provider's id, or how the conversation begins.
    pub key: String,
    /// What they came to.
    pub spent: Spent,
}

/// A run as far as it matters here, in its row: there may be many, and none is kept.
struct Cost<'row> {
    started_ms: i64,
    provider: &'row str,
    model: &'row str,
    opening: &'row str,
    cost: Option<i64>,
    outcome: Outcome,
}

impl<'row> Cost<'row> {
    fn read(row: &'row Row<'_>) -> Result<Cost<'row>, rusqlite::Error> {
        let text = |column| Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_str()?);
        Ok(Cost {
            started_ms: row.get(0)?,
            provider: text(1)?,
            model: text(2)?,
            outcome: Outcome::read(text(3)?),
            cost: row.get(4)?,
            opening: text(5)?,
        })
    }

    fn add_to(&self, spent: &mut Spent) {
        spent.add(self.provider, self.outcome, self.cost);
    }
}

impl Spent {
    /// Adds a run that came to `cost` pico-dollars, if that is known.
    pub fn add(&mut self, provider: &str, outcome: Outcome, cost: Option<i64>) {
        match cost {
            _ if provider == "practice" => self.practice += 1,
            Some(pico) => {
                self.cost.0 += i128::from(pico);
                self.known += 1;
            }
            // No reply, no bill.
            None if outcome == Outcome::Failed => {}
            None => self.unknown += 1,
        }
    }
}

impl Store {
    /// What the runs cost that began here at `since_ms` or later, in milliseconds since 1970, UTC.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn spent(&self, since_ms: i64) -> Result<Spent, StoreError> {
        let [spent] = self.spent_since([since_ms])?;
        Ok(spent)
    }

    /// The same for several such times at once, which costs as much as for the earliest of them.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn spent_since<const N: usize>(
        &self,
        since_ms: [i64; N],
    ) -> Result<[Spent; N], StoreError> {
        let mut spent = [Spent::default(); N];
        let earliest = since_ms.iter().copied().min().unwrap_or(i64::MAX);
        self.each_cost(earliest, |run| {
            let sums = since_ms.iter().zip(&mut spent);
            let sums = sums.filter(|(since, _)| run.started_ms >= **since);
            sums.for_each(|(_, spent)| run.add_to(spent));
        })?;
        Ok(spent)
    }

    /// What the runs cost that began here since the first of `days`, by day, model, provider and
    /// conversation. Days are told by when they begin, in milliseconds since 1970, the earliest
    /// first; the last one has no end. Whose calendar they are of is not known here, nor needed: a
    /// day may have 23 hours, or 25.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn spending(&self, days: &[i64]) -> Result<Spending, StoreError> {
        let mut spending =
            Spending { days: vec![Spent::default(); days.len()], ..Spending::default() };
        let [mut models, mut providers, mut conversations] = [(); 3].map(|()| HashMap::new());
        let Some(since_ms) = days.first() else { return Ok(spending) };
        self.each_cost(*since_ms, |run| {
            run.add_to(&mut spending.total);
            let day = days.partition_point(|begin| *begin <= run.started_ms);
            run.add_to(&mut spending.days[day.saturating_sub(1)]);
            add(&mut models, run.model, &run);
            add(&mut providers, run.provider, &run);
            add(&mut conversations, run.opening, &run);
        })?;
        spending.models = dearest(models);
        spending.providers = dearest(providers);
        spending.conversations = dearest(conversations);
        Ok(spending)
    }

    fn each_cost(&self, since_ms: i64, mut take: impl FnMut(Cost<'_>)) -> Result<(), StoreError> {
        let sql = "SELECT started_ms, provider, model, outcome, cost, opening
            FROM runs INDEXED BY runs_for_spending
            WHERE started_ms >= ? AND NOT imported";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query(params![since_ms])?;
        while let Some(row) = rows.next()? {
            take(Cost::read(row)?);
        }
        Ok(())
    }
}

fn add(all: &mut HashMap<String, Spent>, key: &str, run: &Cost<'_>) {
    // A key is copied once, not for every run.
    match all.get_mut(key) {
        Some(spent) => run.add_to(spent),
        None => run.add_to(all.entry(key.to_owned()).or_default()),
    }
}

fn dearest(all: HashMap<String, Spent>) -> Vec<SpentBy> {
    let mut all: Vec<_> = all.into_iter().map(|(key, spent)| SpentBy { key, spent }).collect();
    all.sort_by(|one, other| {
        let weight = |it: &SpentBy| Reverse((it.spent.cost, it.spent.unknown, it.spent.known));
        weight(one).cmp(&weight(other)).then_with(|| one.key.cmp(&other.key))
    });
    all
}
