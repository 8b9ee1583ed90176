//! The guard before a run leaves: what it can cost at most, and whether that fits a budget.

use crate::{
    shell::{Draft, Shell},
    target::Destination,
};
use playground::{
    Chat, Target,
    dialect::Dialect,
    models,
    prices::{
        Book, Dollars,
        budget::{Budget, OverBudget, SoFar},
        outlook,
    },
    tokens,
};
use recordings::{Recorder, spent::Spent};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};
use tauri::async_runtime::spawn_blocking;
use time::{Duration, OffsetDateTime, Time};

/// The farthest that a clock is from UTC, in minutes.
const FARTHEST: i32 = 24 * 60;

/// The most that the runs which have not ended can cost.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Held from looking until the run is entered, so that two starts at once see each other.
    gate: tokio::sync::Mutex<()>,
    held: Mutex<HashMap<u64, Option<Dollars>>>,
}

/// What was spent so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct SpentSoFar {
    /// Today.
    pub day: SoFar,
    /// This calendar month.
    pub month: SoFar,
}

/// A run's place in the ledger; dropping it is the run's end.
#[derive(Debug)]
pub struct Hold {
    ledger: Arc<Ledger>,
    number: u64,
}

impl Ledger {
    /// Enters runs that cost at most `bounds`, if all of them stay within `budget` or the person
    /// consents to more. `spent` is asked for while nobody else can enter.
    pub async fn enter(
        self: &Arc<Ledger>,
        budget: &Budget,
        bounds: &[Option<Dollars>],
        consent: bool,
        spent: impl Future<Output = Option<SpentSoFar>>,
    ) -> Result<Vec<Hold>, OverBudget> {
        let _gate = self.gate.lock().await;
        if !consent && let Some(over) = self.passed(budget, bounds, spent.await) {
            return Err(over);
        }
        let mut held = self.held();
        let next = held.keys().max().map_or(0, |it| it + 1);
        let entered = (next..).zip(bounds).map(|(number, bound)| {
            held.insert(number, *bound);
            Hold { ledger: self.clone(), number }
        });
        Ok(entered.collect())
    }

    /// The budgets that runs might pass that cost at most `bounds`; none if they stay within all.
    fn passed(
        &self,
        budget: &Budget,
        bounds: &[Option<Dollars>],
        spent: Option<SpentSoFar>,
    ) -> Option<OverBudget> {
        let Some(SpentSoFar { mut day, mut month }) = spent else {
            // What cannot be read may be anything: nobody can say what stays within a budget.
            let unread = SoFar { spent: Dollars::default(), unknown: 1 };
            let bounds: Vec<_> = bounds.iter().map(|it| it.filter(|it| it.0 == 0)).collect();
            return budget.passed(&bounds, unread, unread, Dollars::default());
        };
        let (in_flight, unknown) = self.in_flight();
        day.unknown += unknown;
        month.unknown += unknown;
        budget.passed(bounds, day, month, in_flight)
    }

    /// The most that the runs which have not ended can cost, and how many of them nobody can say
    /// that of.
    pub fn in_flight(&self) -> (Dollars, u32) {
        let held = self.held();
        let sum = held.values().flatten().fold(Dollars::default(), |sum, it| sum.and(*it));
        (sum, held.values().filter(|it| it.is_none()).count() as u32)
    }

    fn held(&self) -> MutexGuard<'_, HashMap<u64, Option<Dollars>>> {
        self.held.lock().expect("nothing panics while it holds this lock")
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.ledger.held().remove(&self.number);
    }
}

/// A place for `draft` among the runs that can cost something; none where no budget is set. By the
/// clock of the person, `offset_minutes` east of UTC.
///
/// # Errors
/// Which budgets it might pass, unless the person consents to that.
pub async fn hold(
    shell: &Shell,
    draft: &Draft,
    destination: &Destination,
    consent: bool,
    offset_minutes: i32,
) -> Result<Option<Hold>, OverBudget> {
    let held = hold_all(shell, &[(draft, destination)], consent, offset_minutes).await?;
    Ok(held.into_iter().next().flatten())
}

/// The same for runs that are sent at once: all of them, or none. The budget of one run holds for
/// each, the others for what they cost together.
///
/// # Errors
/// Which budgets they might pass, unless the person consents to that.
pub async fn hold_all(
    shell: &Shell,
    runs: &[(&Draft, &Destination)],
    consent: bool,
    offset_minutes: i32,
) -> Result<Vec<Option<Hold>>, OverBudget> {
    let budget = shell.preferences.get().budget;
    let costs: Vec<_> = runs.iter().map(|(_, to)| !to.is_practice()).collect();
    if budget.is_unset() || !costs.contains(&true) {
        return Ok(runs.iter().map(|_| None).collect());
    }
    let now = OffsetDateTime::now_utc();
    let paid = runs.iter().zip(&costs).filter(|(_, costs)| **costs).map(|(run, _)| *run);
    let bounds = bounds(shell, paid, &now.date().to_string()).await;
    let spent = spent(shell.recorder().clone(), beginnings(now, offset_minutes));
    let mut held = shell.ledger.enter(&budget, &bounds, consent, spent).await?.into_iter();
    Ok(costs.into_iter().map(|costs| if costs { held.next() } else { None }).collect())
}

/// The most that each can cost on `day`; none where that is not known.
async fn bounds<'a>(
    shell: &Shell,
    runs: impl Iterator<Item = (&'a Draft, &'a Destination)>,
    day: &str,
) -> Vec<Option<Dollars>> {
    let composed = runs.map(|(draft, to)| {
        // What a hand wrote may ask for anything.
        let chat = draft.body.is_none().then(|| draft.chat.clone());
        (chat, to.dialect, to.target(&draft.model))
    });
    let (composed, book, day) = (composed.collect::<Vec<_>>(), shell.prices.book(), day.to_owned());
    let count = composed.len();
    let work = move || {
        let of = |(chat, dialect, target): &(Option<Chat>, &'static dyn Dialect, Target)| {
            Some(bound(&book, chat.as_ref()?, *dialect, target, &day)?.0)
        };
        composed.iter().map(of).collect()
    };
    spawn_blocking(work).await.unwrap_or_else(|_| vec![None; count])
}

/// The budgets that runs might pass that cost at most `bounds`; none if they stay within all.
pub async fn over(
    shell: &Shell,
    bounds: &[Option<Dollars>],
    offset_minutes: i32,
) -> Option<OverBudget> {
    let budget = shell.preferences.get().budget;
    if budget.is_unset() {
        return None;
    }
    let since = beginnings(OffsetDateTime::now_utc(), offset_minutes);
    shell.ledger.passed(&budget, bounds, spent(shell.recorder().clone(), since).await)
}

/// What was spent since the beginnings of a day and of a month; none where that cannot be read, or
/// where the cost of a run that has ended is not written yet.
async fn spent(recorder: Recorder, since: [i64; 2]) -> Option<SpentSoFar> {
    // Once a month is long, adding it up takes a while: whoever writes does not wait for that.
    let sums = move || {
        recorder.all_written()?;
        recorder.reader()?.spent_since(since)
    };
    let [day, month] = spawn_blocking(sums).await.ok()?.ok()?;
    let so_far = |it: Spent| SoFar { spent: it.cost, unknown: it.unknown };
    Some(SpentSoFar { day: so_far(day), month: so_far(month) })
}

/// The most that `chat` can cost at `target` on `day`, written in `dialect`, and whether its prompt
/// was counted as that model does; none if it is not known.
pub fn bound(
    book: &Book,
    chat: &Chat,
    dialect: &dyn Dialect,
    target: &Target,
    day: &str,
) -> Option<(Dollars, bool)> {
    let model = &target.model;
    let choice = models::encoding_for(model);
    let counted =
        tokens::prompt(choice.encoding, &dialect.prompt(chat), choice.overhead, 0).ok()?;
    let price = book.price_at(target, day);
    let outlook = outlook(book, chat, model, &counted, price).ok()?;
    Some((outlook.estimate?.upper_bound?, outlook.certainty.exact))
}

/// When the day and the calendar month of `now` began by a clock `offset_minutes` east of UTC, in
/// milliseconds since 1970, UTC.
pub fn beginnings(now: OffsetDateTime, offset_minutes: i32) -> [i64; 2] {
    let offset = Duration::minutes(offset_minutes.clamp(-FARTHEST, FARTHEST).into());
    let here = now + offset;
    let day = here.replace_time(Time::MIDNIGHT);
    let month = day.replace_day(1).expect("every month has a first day");
    [day, month].map(|it| ((it - offset).unix_timestamp_nanos() / 1_000_000) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use playground::prices::budget::BudgetOf;
    use time::macros::datetime;

    #[test]
    fn days_and_months_begin_where_the_clock_is() {
        let now = datetime!(2026-11-30 23:30 UTC);
        let at = |offset| {
            beginnings(now, offset).map(|ms| {
                OffsetDateTime::from_unix_timestamp(ms / 1000).expect("a time").to_string()
            })
        };
        let [day, month] = at(0);
        assert!(
            day.starts_with("2026-11-30 0:00") && month.starts_with("2026-11-01 0:00"),
            "{day} {month}"
        );
        let [day, month] = at(60);
        assert!(
            day.starts_with("2026-11-30 23:00") && month.starts_with("2026-11-30 23:00"),
            "{day} {month}"
        );
        let [day, _] = at(-480);
        assert!(day.starts_with("2026-11-30 8:00"), "{day}");
        at(i32::MAX);
    }

    #[tokio::test]
    async fn starts_at_once_see_each_other_and_an_end_makes_room() {
        let ledger = Arc::new(Ledger::default());
        let budget = Budget { day: Some(Dollars(10)), ..Budget::default() };
        let enter = async |bound: Option<i128>, consent| {
            let spent = async { Some(SpentSoFar::default()) };
            ledger.enter(&budget, &[bound.map(Dollars)], consent, spent).await
        };
        let first = enter(Some(6), false).await.expect("6 of 10");
        let over = enter(Some(6), false).await.expect_err("12 of 10");
        assert_eq!(over.passed[0].in_flight, Dollars(6));
        let second = enter(Some(6), true).await.expect("the person consents");
        assert_eq!(ledger.in_flight(), (Dollars(12), 0));
        drop((first, second));
        let _free = enter(Some(0), false).await.expect("nothing is in flight");
        assert!(enter(None, false).await.is_err(), "what is not known might pass");
        let _unknown = enter(None, true).await.expect("the person consents");
        assert_eq!(ledger.in_flight(), (Dollars(0), 1));
    }

    /// The budget of one run holds for each, the others for what they cost together.
    #[tokio::test]
    async fn runs_that_are_sent_at_once_are_asked_about_once() {
        let ledger = Arc::new(Ledger::default());
        let enter = async |run: i128, day: i128, bounds: &[Option<i128>]| {
            let budget =
                Budget { run: Some(Dollars(run)), day: Some(Dollars(day)), ..Budget::default() };
            let bounds: Vec<_> = bounds.iter().map(|it| it.map(Dollars)).collect();
            let spent = async { Some(SpentSoFar::default()) };
            let entered = ledger.enter(&budget, &bounds, false, spent).await;
            let over = |over: OverBudget| {
                let which: Vec<_> = over.passed.iter().map(|it| it.which).collect();
                (over.runs, over.bound.map(|it| it.0), which)
            };
            entered.map_err(over)
        };
        let held = enter(3, 9, &[Some(3), Some(3), Some(3)]).await.expect("9 of 9");
        assert_eq!((held.len(), ledger.in_flight()), (3, (Dollars(9), 0)));
        drop(held);
        for (run, day, bounds, over) in [
            (3, 8, vec![Some(3), Some(3), Some(3)], (3, Some(9), vec![BudgetOf::Day])),
            (2, 9, vec![Some(1), Some(3), Some(0)], (2, Some(4), vec![BudgetOf::Run])),
            (9, 9, vec![Some(1), None], (2, None, vec![BudgetOf::Run, BudgetOf::Day])),
        ] {
            assert_eq!(enter(run, day, &bounds).await.err(), Some(over), "{bounds:?}");
            assert_eq!(ledger.in_flight(), (Dollars(0), 0), "all or none");
        }
        assert!(enter(0, 0, &[Some(0), Some(0)]).await.is_ok(), "what is free passes none");
    }

    #[tokio::test]
    async fn where_nobody_knows_what_was_spent_the_person_is_asked() {
        let ledger = Arc::new(Ledger::default());
        let budget = Budget { day: Some(Dollars(1_000_000)), ..Budget::default() };
        let enter = async |bound, consent| {
            let bounds = [Some(Dollars(bound))];
            ledger.enter(&budget, &bounds, consent, async { None }).await.map(|held| held.len())
        };
        let over = enter(1, false).await.expect_err("it may be all of it");
        assert_eq!((over.bound, over.passed[0].unknown), (None, 1));
        assert_eq!(enter(1, true).await, Ok(1));
        assert_eq!(enter(0, false).await, Ok(1), "what is free passes none");
    }
}
