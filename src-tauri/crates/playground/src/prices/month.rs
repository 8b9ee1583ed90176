//! What a habit of calls costs by the month.
//!
//! A month has 30 days. Calls grow from month to month, and are not rounded in between but to a
//! millionth of a call; each month's cost is exact to the nearest pico-dollar.

mod levers;
mod plan;
mod table;

pub use levers::{Lever, LeverKind};
pub use plan::{MonthPlan, PlanError};
pub use table::csv;

use super::{Book, Dollars, Missing, Price};
use crate::models::{self, Model};
use levers::levers;
use plan::{Plan, too_much};
use serde::Serialize;
use time::{Date, Duration, macros::format_description};
use ts_rs::TS;

/// The days of a month here.
pub(super) const DAYS: u32 = 30;
/// The most models of one table.
const MOST_MODELS: usize = 100;

/// What a plan costs on some models.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct MonthTable {
    /// One for each model, in the order in which they were asked for.
    pub rows: Vec<MonthRow>,
    /// The calls of each month, to the nearest one.
    pub calls: Vec<u64>,
}

/// What a plan costs on one model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct MonthRow {
    /// The model's id.
    pub model: String,
    /// What people call it.
    pub name: String,
    /// One call of the first month on the average; null if not known, as are the others.
    pub per_call: Option<Dollars>,
    /// A day of the first month.
    pub per_day: Option<Dollars>,
    /// The first month.
    pub per_month: Option<Dollars>,
    /// Each month; empty if not known.
    pub months: Vec<Dollars>,
    /// All of them.
    pub total: Option<Dollars>,
    /// Why it is not known, in a sentence.
    pub missing: Option<String>,
    /// The number of prompt tokens above which all costs more, if the prompt has more.
    pub above: Option<u64>,
    /// What changes on the way: its price, or that it ends.
    pub note: Option<String>,
    /// What would save how much, the most first.
    pub levers: Vec<Lever>,
}

/// What `plan` costs on each of `models` from `day` on.
///
/// # Errors
/// Which field of the plan cannot be, and why.
pub fn month(
    book: &Book,
    plan: &MonthPlan,
    models: &[String],
    day: &str,
) -> Result<MonthTable, PlanError> {
    let plan = plan.check()?;
    if models.len() > MOST_MODELS {
        let why = format!("at most {MOST_MODELS} models are compared at a time");
        return Err(PlanError { field: "models", why });
    }
    let calls = plan.calls()?;
    let row = |model: &String| row(book, &plan, &calls, model, day);
    let rows = models.iter().map(row).collect::<Result<_, _>>()?;
    let whole = |micro: &i128| u64::try_from((micro + 500_000) / 1_000_000).unwrap_or(u64::MAX);
    Ok(MonthTable { rows, calls: calls.iter().map(whole).collect() })
}

fn row(
    book: &Book,
    plan: &Plan,
    calls: &[i128],
    model: &str,
    day: &str,
) -> Result<MonthRow, PlanError> {
    let known = models::find(model);
    let listing = book.listing(model).filter(|_| known.is_none());
    let name = known.map(|it| &it.name).or(listing.map(|it| &it.name));
    let prices = Prices::of(book, model, day, calls.len());
    let mut row = MonthRow {
        model: model.into(),
        name: name.cloned().unwrap_or_else(|| model.into()),
        per_call: None,
        per_day: None,
        per_month: None,
        months: Vec::new(),
        total: None,
        missing: None,
        above: prices.first().and_then(|price| price.rates(plan.input).above),
        note: prices.note(plan, known, day, calls.len()),
        levers: Vec::new(),
    };
    match prices.cost(plan, calls) {
        Ok(cost) => {
            let cost = cost?;
            let first = prices.first().map(|price| plan.rate(price)).and_then(Result::ok);
            row.per_call = first.map(|it| it.per_call());
            row.per_day = first.and_then(|it| it.of_calls(plan.calls_per_day));
            row.per_month = cost.first().copied();
            row.total = Some(cost.iter().copied().sum());
            row.months = cost;
            row.levers = levers(book, plan, &prices, model, day)?;
        }
        Err(missing) => row.missing = Some(format!("Not known: {missing}.")),
    }
    Ok(row)
}

/// The price of each month: that of its first day, or the one before where none is known.
pub(super) struct Prices<'a>(Vec<Option<&'a Price>>);

impl<'a> Prices<'a> {
    pub(super) fn of(book: &'a Book, model: &str, day: &str, months: usize) -> Prices<'a> {
        let mut last = None;
        let of_month = |month: usize| {
            let price = book.price_of(model, &later(day, month));
            last = price.or(last);
            last
        };
        Prices((0..months).map(of_month).collect())
    }

    fn first(&self) -> Option<&'a Price> {
        self.0.first().copied().flatten()
    }

    /// What each month costs; the outer error is a price that is not known.
    pub(super) fn cost(
        &self,
        plan: &Plan,
        calls: &[i128],
    ) -> Result<Result<Vec<Dollars>, PlanError>, Missing> {
        let mut costs = Vec::new();
        for (price, calls) in self.0.iter().zip(calls) {
            let rate = plan.rate(price.ok_or(Missing::Price)?)?;
            costs.push(rate.of_micro_calls(*calls));
        }
        Ok(costs.into_iter().collect::<Option<_>>().ok_or_else(too_much))
    }

    /// What a person has to know: whether it can read the calls at all, what the price leaves out,
    /// and what the months to come will change.
    fn note(&self, plan: &Plan, model: Option<&Model>, day: &str, months: usize) -> Option<String> {
        let all = [
            model.and_then(|it| too_long(plan, it)),
            self.first().and_then(|it| written_to_cache(plan, it)),
            self.change(),
            model.and_then(|it| end(it, day, &later(day, months))),
        ];
        let notes: Vec<_> = all.into_iter().flatten().collect();
        (!notes.is_empty()).then(|| notes.join(" "))
    }

    fn change(&self) -> Option<String> {
        let first = self.first();
        let change = self.0.iter().flatten().find(|price| Some(**price) != first)?;
        let from = change.valid_from.as_deref()?;
        Some(format!("Its price changes on {from}; months that begin later cost the new one."))
    }
}

fn too_long(plan: &Plan, model: &Model) -> Option<String> {
    let window = u64::from(model.context_window?);
    let most = model.max_input.map_or(window, |it| window.min(it.into()));
    if plan.input > most {
        return Some(format!("It does not take such a prompt: it reads {most} tokens."));
    }
    let is_over = plan.input.saturating_add(plan.output) > window;
    is_over.then(|| format!("Prompt and reply do not fit into its window of {window} tokens."))
}

fn written_to_cache(plan: &Plan, price: &Price) -> Option<String> {
    let dearer = price.cache_write.filter(|it| plan.cached > 0 && *it > price.input)?;
    Some(format!(
        "To write to its cache costs ${dearer} per million tokens, which is not in this: it depends \
         on how often the cache has gone cold."
    ))
}

fn end(model: &Model, day: &str, last: &str) -> Option<String> {
    let end = model.shutdown.as_deref().filter(|it| *it < last)?;
    Some(match end <= day {
        true => format!("It has not answered since {end}."),
        false => format!("It answers until {end}; later months are what they would cost."),
    })
}

/// The day so many months after `day`; `day` itself where that is none.
fn later(day: &str, months: usize) -> String {
    let form = format_description!("[year]-[month]-[day]");
    let days = Duration::days(i64::from(DAYS) * months as i64);
    let later = Date::parse(day, form).ok().and_then(|it| it.checked_add(days));
    later.map_or_else(|| day.to_owned(), |it| it.to_string())
}

#[cfg(test)]
mod tests;
