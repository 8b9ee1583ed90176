//! A plan as it is asked for, and as it is computed with.

use super::{DAYS, Price};
use crate::prices::{Dollars, Missing};
use serde::Deserialize;
use thiserror::Error;
use ts_rs::TS;

/// The most calls of a day, and tokens of a call.
const MOST: f64 = 1e9;
/// The most months.
const MOST_MONTHS: f64 = 60.0;
/// 100 % in hundredths of a percent.
const ALL: i128 = 10_000;
/// What a [`Rate`] is in parts of: hundredths of a percent, and those of a percent of a price.
const PARTS: i128 = ALL * ALL * 100;

/// A habit of calls. Percentages may have two decimals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct MonthPlan {
    /// How many calls are made on a day of the first month.
    pub calls_per_day: f64,
    /// The tokens of a prompt.
    pub input_tokens: f64,
    /// The tokens of a reply, hidden reasoning included.
    pub output_tokens: f64,
    /// How much of the prompts is read from the provider's cache, in percent.
    pub cached_percent: f64,
    /// How many of the calls are sent in batches, in percent.
    pub batch_percent: f64,
    /// How many more calls each month has than the one before, in percent; below 0 for fewer.
    pub growth_percent: f64,
    /// How many months; from 1 to 60.
    pub months: f64,
}

/// Why a plan cannot be computed, and which of its fields is why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{why}")]
pub struct PlanError {
    /// The field of [`MonthPlan`], or `models`.
    pub field: &'static str,
    /// Why.
    pub why: String,
}

/// The months grow beyond all numbers.
pub(super) fn too_much() -> PlanError {
    let why = "that grows to more than can be counted".into();
    PlanError { field: "growth_percent", why }
}

/// The same in whole numbers; shares in hundredths of a percent.
#[derive(Debug, Clone, Copy)]
pub(in crate::prices) struct Plan {
    pub calls_per_day: u64,
    pub input: u64,
    pub output: u64,
    pub cached: i128,
    pub batch: i128,
    pub growth: i128,
    pub months: usize,
}

impl MonthPlan {
    pub(super) fn check(&self) -> Result<Plan, PlanError> {
        let count = |field, number: f64, least: f64, most: f64| {
            let is_one = number.fract() == 0.0 && (least..=most).contains(&number);
            let why = || format!("write a whole number from {least} to {most}");
            is_one.then_some(number as u64).ok_or_else(|| PlanError { field, why: why() })
        };
        let share = |field, percent: f64, least: f64, most: f64| {
            let hundredths = (percent * 100.0).round();
            let is_one = (percent * 100.0 - hundredths).abs() < 1e-6;
            let is_one = is_one && (least..=most).contains(&percent);
            let why =
                || format!("write a percentage from {least} to {most}, with two decimals at most");
            is_one.then_some(hundredths as i128).ok_or_else(|| PlanError { field, why: why() })
        };
        Ok(Plan {
            calls_per_day: count("calls_per_day", self.calls_per_day, 0.0, MOST)?,
            input: count("input_tokens", self.input_tokens, 0.0, MOST)?,
            output: count("output_tokens", self.output_tokens, 0.0, MOST)?,
            cached: share("cached_percent", self.cached_percent, 0.0, 100.0)?,
            batch: share("batch_percent", self.batch_percent, 0.0, 100.0)?,
            growth: share("growth_percent", self.growth_percent, -100.0, 1000.0)?,
            months: count("months", self.months, 1.0, MOST_MONTHS)? as usize,
        })
    }
}

impl Plan {
    /// The calls of each month in millionths.
    pub(super) fn calls(&self) -> Result<Vec<i128>, PlanError> {
        let mut calls = i128::from(self.calls_per_day) * i128::from(DAYS) * 1_000_000;
        let mut months = vec![calls];
        while months.len() < self.months {
            let grown = calls.checked_mul(ALL + self.growth).ok_or_else(too_much)?;
            calls = (grown + ALL / 2) / ALL;
            months.push(calls);
        }
        Ok(months)
    }

    /// What a call costs on the average.
    pub(super) fn rate(&self, price: &Price) -> Result<Rate, Missing> {
        let rates = price.rates(self.input);
        let read = match (self.cached, self.input) {
            (0, _) | (_, 0) => 0,
            _ => rates.cache_read.ok_or(Missing::CacheReadPrice)?.pico(),
        };
        let percent = match self.batch {
            0 => 0,
            _ => i128::from(price.batch_percent.ok_or(Missing::BatchPrice)?),
        };
        // Each in hundredths of a pico-dollar, as the percentage of a batch makes it.
        let call = |percent: i128, read: i128| {
            let input = (ALL - self.cached) * rates.input.pico() * percent + self.cached * read;
            let output = ALL * rates.output.pico() * percent;
            i128::from(self.input) * input + i128::from(self.output) * output
        };
        let read_in_batch = match rates.batch_cache_read {
            Some(read) => read.pico() * 100,
            None => read * percent,
        };
        let (alone, batched) = (call(100, read * 100), call(percent, read_in_batch));
        Ok(Rate(alone * (ALL - self.batch) + batched * self.batch))
    }
}

/// What a call costs, in parts of a pico-dollar: exactly.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate(i128);

impl Rate {
    /// To the nearest pico-dollar.
    pub(super) fn per_call(self) -> Dollars {
        Dollars((self.0 + PARTS / 2) / PARTS)
    }

    /// So many calls; none if that is too much for a number.
    pub(super) fn of_calls(self, calls: u64) -> Option<Dollars> {
        self.of_micro_calls(i128::from(calls) * 1_000_000)
    }

    /// So many millionths of a call.
    pub(super) fn of_micro_calls(self, calls: i128) -> Option<Dollars> {
        const ALL_PARTS: i128 = PARTS * 1_000_000;
        let whole = (self.0 / ALL_PARTS).checked_mul(calls)?;
        let rest = (self.0 % ALL_PARTS).checked_mul(calls)?.checked_add(ALL_PARTS / 2)? / ALL_PARTS;
        whole.checked_add(rest).map(Dollars)
    }
}
