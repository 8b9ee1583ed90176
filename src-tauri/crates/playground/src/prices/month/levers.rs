//! What would save how much: each the same plan, changed in one thing.

use super::{Plan, PlanError, Prices, later};
use crate::{
    models::{self, Model},
    prices::{Book, Dollars},
};
use serde::Serialize;
use ts_rs::TS;

/// How much of a prompt is read from the cache where that is used well, in hundredths of a percent.
const WELL_CACHED: i128 = 9_000;
/// 100 % in hundredths of a percent.
const ALL: i128 = 10_000;

/// A change of the plan, and what it would save.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Lever {
    /// Which.
    pub kind: LeverKind,
    /// What would be done, in a sentence.
    pub sentence: String,
    /// The other model, where that is what it is about.
    pub model: Option<String>,
    /// What all months would cost; null if not known.
    pub total: Option<Dollars>,
    /// How much less that is; below 0 if it is more.
    pub saving: Option<Dollars>,
    /// The same in percent of the total, to one decimal.
    pub saving_percent: Option<f64>,
    /// Why it is not known, in a sentence.
    pub missing: Option<String>,
}

impl Eq for Lever {}

/// What can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LeverKind {
    /// More of the prompt comes from the cache.
    Cache,
    /// All calls are sent in batches.
    Batch,
    /// Replies are half as long.
    ShorterOutput,
    /// Prompts are half as long.
    ShorterInput,
    /// The cheapest model of the same provider answers.
    CheaperModel,
}

/// Every lever that there is for the plan on `model`, the one that saves most first.
pub(super) fn levers(
    book: &Book,
    plan: &Plan,
    prices: &Prices<'_>,
    model: &str,
    day: &str,
) -> Result<Vec<Lever>, PlanError> {
    let calls = plan.calls()?;
    let sum = |plan: &Plan, prices: &Prices<'_>| match prices.cost(plan, &calls) {
        Ok(costs) => Ok(Ok(costs?.into_iter().sum::<Dollars>())),
        Err(missing) => Ok(Err(missing)),
    };
    let Ok(now) = sum(plan, prices)? else { return Ok(Vec::new()) };
    let mut levers = Vec::new();
    for (kind, sentence, changed) in changes(plan) {
        levers.push(Lever::new(kind, sentence, None, now, sum(&changed, prices)?));
    }
    let of = |id: &str| sum(plan, &Prices::of(book, id, day, plan.months));
    if let Some(other) = cheapest(plan, model, day, |id| of(id).ok()?.ok()) {
        let sentence = format!("Ask {}, the cheapest of this provider for this plan.", other.name);
        let total = of(&other.id)?;
        let other = Some(other.id.clone());
        levers.push(Lever::new(LeverKind::CheaperModel, sentence, other, now, total));
    }
    levers.sort_by_key(|lever| std::cmp::Reverse(lever.saving));
    Ok(levers)
}

fn changes(plan: &Plan) -> Vec<(LeverKind, String, Plan)> {
    let half = |tokens: u64| tokens.div_ceil(2);
    let with_cache = Plan { cached: WELL_CACHED, ..*plan };
    let all = [
        (plan.cached < WELL_CACHED && plan.input > 0).then(|| {
            let sentence = "Let 90 % of the prompt come from the cache, once it is written.".into();
            (LeverKind::Cache, sentence, with_cache)
        }),
        (plan.batch < ALL).then(|| {
            let sentence = "Send all calls in batches, which answer within a day.".into();
            (LeverKind::Batch, sentence, Plan { batch: ALL, ..*plan })
        }),
        (plan.output > 1).then(|| {
            let sentence = "Have replies half as long.".into();
            (LeverKind::ShorterOutput, sentence, Plan { output: half(plan.output), ..*plan })
        }),
        (plan.input > 1).then(|| {
            let sentence = "Send prompts half as long.".into();
            (LeverKind::ShorterInput, sentence, Plan { input: half(plan.input), ..*plan })
        }),
    ];
    all.into_iter().flatten().collect()
}

impl Lever {
    fn new(
        kind: LeverKind,
        sentence: String,
        model: Option<String>,
        now: Dollars,
        total: Result<Dollars, impl ToString>,
    ) -> Lever {
        let missing = total.as_ref().err().map(|why| format!("Not known: {}.", why.to_string()));
        let total = total.ok();
        let saving = total.map(|total| Dollars(now.0 - total.0));
        // For display only: the amounts themselves are exact.
        let percent = |saving: Dollars| (1000.0 * saving.0 as f64 / now.0 as f64).round() / 10.0;
        let saving_percent = saving.filter(|_| now.0 > 0).map(percent);
        Lever { kind, sentence, model, total, saving, saving_percent, missing }
    }
}

/// The cheapest model of the same provider that answers all the months through and holds the
/// prompt, by what `cost` says that these come to, unless that is the model itself.
fn cheapest(
    plan: &Plan,
    model: &str,
    day: &str,
    cost: impl Fn(&str) -> Option<Dollars>,
) -> Option<&'static Model> {
    let own = models::find(model)?;
    let end = later(day, plan.months);
    let holds = |it: &&Model| {
        let room = it.max_input.or(it.context_window).map(u64::from);
        it.provider == own.provider
            && !it.is_gone(&end)
            && room.is_some_and(|room| room >= plan.input)
    };
    let priced = models::all().iter().filter(holds).filter_map(|it| Some((cost(&it.id)?, it)));
    // What is free is free for a reason: it is not the same service.
    let priced = priced.filter(|(cost, _)| cost.0 > 0);
    let (_, best) = priced.min_by_key(|(cost, _)| *cost)?;
    (best.id != own.id).then_some(best)
}
