//! How much may be spent, and whether a run may pass it.

use super::Dollars;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a person is willing to spend, in dollars; none is without limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Budget {
    /// On one run.
    pub run: Option<Dollars>,
    /// On the runs of a day.
    pub day: Option<Dollars>,
    /// On the runs of a calendar month.
    pub month: Option<Dollars>,
}

/// What the runs of some time came to so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SoFar {
    /// The sum of those whose cost is known.
    pub spent: Dollars,
    /// How many more cost something that nobody knows.
    pub unknown: u32,
}

/// A run, or several at once, that might pass a budget: it is asked about before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct OverBudget {
    /// How many runs were to be sent at once.
    pub runs: u32,
    /// The most that they can cost together; null if that is not known.
    pub bound: Option<Dollars>,
    /// Each budget that it might pass.
    pub passed: Vec<PassedBudget>,
}

/// A budget that a run might pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PassedBudget {
    /// Which.
    pub which: BudgetOf,
    /// How much it is.
    pub limit: Dollars,
    /// What the runs of its time came to so far; 0 for that of one run.
    pub spent: Dollars,
    /// The most that the runs which have not ended can still cost; 0 for that of one run.
    pub in_flight: Dollars,
    /// How many runs of its time cost something that nobody knows.
    pub unknown: u32,
}

/// What a budget is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum BudgetOf {
    /// One run.
    Run,
    /// The runs of a day.
    Day,
    /// The runs of a calendar month.
    Month,
}

impl Budget {
    /// Whether there is none.
    pub fn is_unset(&self) -> bool {
        *self == Budget::default()
    }

    /// What is wrong with it, if anything is: the field, and why.
    pub fn problem(&self) -> Option<(&'static str, &'static str)> {
        let fields = [("run", self.run), ("day", self.day), ("month", self.month)];
        let most = Dollars(1_000_000_000 * 1_000_000_000_000);
        let is_wrong = |limit: Dollars| limit < Dollars::default() || limit > most;
        let wrong = fields.into_iter().find(|(_, limit)| limit.is_some_and(is_wrong));
        wrong.map(|(field, _)| (field, "a budget is 0 to 1,000,000,000 dollars"))
    }

    /// Whether runs that are sent at once, and cost at most `bounds`, stay within it: nothing then.
    /// Each has to stay within the budget of one run, and all together within the others. `day` and
    /// `month` are what was spent, `in_flight` the bounds of the runs that have not ended. A bound
    /// that is not known might pass every budget; what is free passes none.
    pub fn passed(
        &self,
        bounds: &[Option<Dollars>],
        day: SoFar,
        month: SoFar,
        in_flight: Dollars,
    ) -> Option<OverBudget> {
        let free = Some(Dollars::default());
        let bounds: Vec<_> = bounds.iter().copied().filter(|it| *it != free).collect();
        if bounds.is_empty() {
            return None;
        }
        let is_known = bounds.iter().all(Option::is_some);
        let known = || bounds.iter().flatten().copied();
        let sum = is_known.then(|| known().fold(Dollars::default(), Dollars::and));
        let dearest = is_known.then(|| known().max()).flatten();
        let none = SoFar::default();
        let budgets = [
            (BudgetOf::Run, self.run, none, none.spent, dearest),
            (BudgetOf::Day, self.day, day, in_flight, sum),
            (BudgetOf::Month, self.month, month, in_flight, sum),
        ];
        let passed = budgets.into_iter().filter_map(|(which, limit, so_far, in_flight, bound)| {
            let limit = limit?;
            let SoFar { spent, unknown } = so_far;
            let all = bound.map(|bound| spent.and(in_flight).and(bound));
            let is_within = all.is_some_and(|all| all <= limit);
            (!is_within).then_some(PassedBudget { which, limit, spent, in_flight, unknown })
        });
        let passed: Vec<_> = passed.collect();
        let runs = bounds.len() as u32;
        (!passed.is_empty()).then_some(OverBudget { runs, bound: sum, passed })
    }
}

impl OverBudget {
    /// The question to the person, in a sentence for each budget.
    pub fn sentence(&self) -> String {
        let most = match (self.bound, self.runs) {
            (Some(bound), ..=1) => format!("This run can cost up to ${bound}."),
            (Some(bound), runs) => format!("These {runs} runs can cost up to ${bound} together."),
            (None, ..=1) => "Nobody can say what this run costs at most.".into(),
            (None, runs) => format!("Nobody can say what these {runs} runs cost at most."),
        };
        let budgets = self.passed.iter().map(|it| it.sentence());
        let all: Vec<_> = std::iter::once(most).chain(budgets).collect();
        format!("{} Nothing was sent.", all.join(" "))
    }
}

impl PassedBudget {
    fn sentence(&self) -> String {
        let PassedBudget { limit, spent, in_flight, unknown, .. } = self;
        let time = match self.which {
            BudgetOf::Run => return format!("Your budget for one run is ${limit}."),
            BudgetOf::Day => "today",
            BudgetOf::Month => "this month",
        };
        let mut so_far = format!("${spent} spent");
        if *in_flight > Dollars::default() {
            so_far += &format!(", up to ${in_flight} in runs that have not ended");
        }
        if *unknown > 0 {
            let runs = if *unknown == 1 { "1 run".into() } else { format!("{unknown} runs") };
            so_far += &format!(", {runs} of unknown cost");
        }
        format!("Your budget for {time} is ${limit}: {so_far}.")
    }
}
