//! What runs came to together.

use crate::{Store, StoreError, summary::Outcome};
use playground::prices::Dollars;
use serde::Serialize;
use ts_rs::TS;

/// What the runs of some time cost.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
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

impl Store {
    /// What the runs cost that began here at `since_ms` or later, in milliseconds since 1970, UTC.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn spent(&self, since_ms: i64) -> Result<Spent, StoreError> {
        let sql = "SELECT provider, cost, outcome FROM runs WHERE started_ms >= ? AND NOT imported";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query([since_ms])?;
        let mut spent = Spent::default();
        while let Some(row) = rows.next()? {
            let provider: String = row.get(0)?;
            let cost: Option<i64> = row.get(1)?;
            let outcome: String = row.get(2)?;
            match cost {
                _ if provider == "practice" => spent.practice += 1,
                Some(pico) => {
                    spent.cost.0 += i128::from(pico);
                    spent.known += 1;
                }
                // No reply, no bill.
                None if outcome == Outcome::Failed.as_str() => {}
                None => spent.unknown += 1,
            }
        }
        Ok(spent)
    }
}
