//! What a list would change, and what taking it leaves.

use super::{Feed, FeedFormat};
use crate::{
    models,
    prices::{Book, Listing, LongContext, Price, built_in},
};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};
use ts_rs::TS;

/// How a list differs from what is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FeedDiff {
    /// What to call this reading when it is taken.
    pub id: String,
    /// The form of the list.
    pub format: FeedFormat,
    /// Where it comes from.
    pub source: String,
    /// Models without a price so far.
    pub added: Vec<FeedChange>,
    /// Models with another price.
    pub changed: Vec<FeedChange>,
    /// Models with a price that the list does not have. Their last price is kept.
    pub ended: Vec<FeedChange>,
    /// How many models have the same price.
    pub same: u32,
    /// What could not be used, a sentence for each reason.
    pub left_out: Vec<String>,
}

/// A model whose price would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FeedChange {
    /// The model's id.
    pub model: String,
    /// The id of its provider.
    pub provider: String,
    /// What is known so far; null if nothing is.
    pub old: Option<Price>,
    /// What the list says; null if nothing.
    pub new: Option<Price>,
    /// What changes beside the figures, in sentences; empty if nothing does.
    pub sentence: String,
    /// Whether a price of the person's own hides it.
    pub own: bool,
    /// The day (YYYY-MM-DD, UTC) on which another price followed the listed one, if that is known
    /// to have ended: the list is likely older than what is known. None otherwise.
    pub ended: Option<String>,
}

impl FeedDiff {
    /// How `feed`, read from `source`, differs from `book` on `day`.
    pub fn of(feed: &Feed, source: &str, id: String, book: &Book, day: &str) -> FeedDiff {
        let own: HashSet<_> = book.own.iter().map(|it| it.model.as_str()).collect();
        let known = book.without_own();
        let mut diff = FeedDiff {
            id,
            format: feed.format,
            source: source.into(),
            added: Vec::new(),
            changed: Vec::new(),
            ended: ended(feed, &known, day),
            same: 0,
            left_out: feed.left_out.clone(),
        };
        let mut free = 0;
        for listing in &feed.listings {
            let rows = changed_rows(listing, &known, day);
            let Some(new) = rows.rows.first().cloned() else {
                free += u32::from(rows.claims_free);
                diff.same += u32::from(!rows.claims_free);
                continue;
            };
            let start = new.valid_from.as_deref().filter(|from| *from > day).unwrap_or(day);
            let old = known.price_of(&listing.model, start).cloned();
            let list = if old.is_some() { &mut diff.changed } else { &mut diff.added };
            list.push(FeedChange {
                model: listing.model.clone(),
                provider: listing.provider.clone(),
                sentence: sentence(old.as_ref(), &new, day),
                own: own.contains(listing.model.as_str()),
                ended: ended_on(&new, &known, &listing.model, day),
                old,
                new: Some(new),
            });
        }
        if free > 0 {
            diff.left_out.push(match free {
                1 => "1 model that costs something so far is said to be free; its price stays.".into(),
                _ => format!(
                    "{free} models that cost something so far are said to be free; their prices stay."
                ),
            });
        }
        diff
    }
}

/// The rows taken from lists after `feed` was taken on `day` too: of the models in `which`, or of
/// all.
pub fn take(feed: &Feed, book: &Book, day: &str, which: Option<&[String]>) -> Vec<Listing> {
    let known = book.without_own();
    let mut taken: BTreeMap<String, Listing> =
        book.feed.iter().map(|it| (it.model.clone(), it.clone())).collect();
    for listing in &feed.listings {
        if which.is_some_and(|which| !which.contains(&listing.model)) {
            continue;
        }
        let rows = changed_rows(listing, &known, day).rows;
        let Some(start) = rows.first().map(|it| it.valid_from.clone()) else { continue };
        let before = taken.remove(&listing.model).map(|it| it.prices).unwrap_or_default();
        let before = before.into_iter().filter_map(|price| ended_by(price, start.as_deref()));
        let prices = before.chain(rows).collect();
        taken.insert(listing.model.clone(), Listing { prices, ..listing.clone() });
    }
    taken.into_values().collect()
}

/// What is left of an earlier row when another begins.
fn ended_by(price: Price, start: Option<&str>) -> Option<Price> {
    let start = start?;
    let is_before = price.valid_from.as_deref().is_none_or(|from| from < start);
    let ends_before = price.valid_until.as_deref().is_some_and(|until| until <= start);
    match (is_before, ends_before) {
        (false, _) => None,
        (true, true) => Some(price),
        (true, false) => Some(Price { valid_until: Some(start.into()), ..price }),
    }
}

#[derive(Default)]
struct Changed {
    rows: Vec<Price>,
    claims_free: bool,
}

/// The rows of a listing that differ from what is known, from `day` on: what was known keeps its
/// days until then.
fn changed_rows(listing: &Listing, known: &Book, day: &str) -> Changed {
    let window = models::find(&listing.model).and_then(|it| it.context_window);
    let mut changed = Changed::default();
    for row in &listing.prices {
        if row.valid_until.as_deref().is_some_and(|until| until <= day) {
            continue;
        }
        let from = row.valid_from.as_deref().filter(|from| *from > day).unwrap_or(day);
        let old = known.price_of(&listing.model, from);
        let row = completed(row, old, window);
        if old.is_some_and(|old| same(old, &row)) {
            continue;
        } else if old.is_some_and(|old| old.output.pico() > 0) && row.output.pico() == 0 {
            changed.claims_free = true;
            continue;
        }
        // A model that nobody knew had this price before, for all that we know.
        let valid_from = match old {
            None if row.valid_from.as_deref().is_none_or(|it| it <= day) => row.valid_from.clone(),
            _ => Some(from.to_owned()),
        };
        let valid_until =
            row.valid_until.clone().or_else(|| announced(known, &listing.model, from));
        changed.rows.push(Price { valid_from, valid_until, ..row });
    }
    changed
}

/// The next day after `from` on which a price that is known already begins.
fn announced(known: &Book, model: &str, from: &str) -> Option<String> {
    let days = known.rows(model).filter_map(|it| it.valid_from.as_deref());
    days.filter(|it| *it > from).min().map(str::to_owned)
}

/// A row with what it does not tell as it was, and without a step that no prompt can reach.
fn completed(row: &Price, old: Option<&Price>, window: Option<u32>) -> Price {
    let mut row = row.clone();
    let reaches = |it: &LongContext| window.is_none_or(|window| it.prompt_tokens < window.into());
    row.above = row.above.filter(reaches);
    let Some(old) = old else { return row };
    row.cache_read = row.cache_read.or(old.cache_read);
    row.cache_write = row.cache_write.or(old.cache_write);
    row.cache_write_long = row.cache_write_long.or(old.cache_write_long);
    row.batch_percent = row.batch_percent.or(old.batch_percent);
    if row.cache_read == old.cache_read {
        row.batch_cache_read = old.batch_cache_read;
    }
    if let (Some(above), Some(old)) = (&mut row.above, &old.above) {
        above.cache_read = above.cache_read.or(old.cache_read);
        above.cache_write = above.cache_write.or(old.cache_write);
        above.cache_write_long = above.cache_write_long.or(old.cache_write_long);
        if above.cache_read == old.cache_read {
            above.batch_cache_read = old.batch_cache_read;
        }
    }
    row
}

/// Whether both bill alike.
fn same(one: &Price, other: &Price) -> bool {
    let all = |it: &Price| {
        (it.input, it.cache_read, it.cache_write, it.cache_write_long, it.output, it.above.clone())
    };
    all(one) == all(other) && one.batch_percent == other.batch_percent
}

/// Models of the providers in the list that have a price on `day`, and none in it.
fn ended(feed: &Feed, known: &Book, day: &str) -> Vec<FeedChange> {
    let providers: HashSet<_> = feed.listings.iter().map(|it| it.provider.as_str()).collect();
    let listed: HashSet<_> = feed.listings.iter().map(|it| it.model.as_str()).collect();
    let taken = known.feed.iter().map(|it| (it.model.as_str(), it.provider.as_str()));
    let built_in = built_in().iter().filter_map(|price| {
        let model = models::find(&price.model)?;
        (!model.is_gone(day)).then_some((model.id.as_str(), model.provider.as_str()))
    });
    let mut seen = HashSet::new();
    let missing = built_in.chain(taken).filter(|(model, provider)| {
        providers.contains(provider) && !listed.contains(model) && seen.insert(*model)
    });
    let change = |(model, provider): (&str, &str)| {
        let old = known.price_of(model, day).cloned()?;
        Some(FeedChange {
            model: model.into(),
            provider: provider.into(),
            old: Some(old),
            new: None,
            sentence: "The list does not have it; its last price is kept.".into(),
            own: false,
            ended: None,
        })
    };
    missing.filter_map(change).collect()
}

/// What changes beside the figures that both prices show, in sentences; empty if nothing does.
fn sentence(old: Option<&Price>, new: &Price, day: &str) -> String {
    let from = new.valid_from.as_deref().filter(|from| *from > day);
    let mut says: Vec<_> = from.map(|from| format!("From {from} on.")).into_iter().collect();
    let Some(old) = old else {
        says.push("It had no price before.".into());
        return says.join(" ");
    };
    match (&old.above, &new.above) {
        (None, Some(above)) => {
            says.push(format!("Dearer above {} prompt tokens.", above.prompt_tokens));
        }
        (Some(_), None) => says.push("Long prompts no longer cost more.".into()),
        (one, other) if one != other => says.push("Other prices for long prompts.".into()),
        _ => {}
    }
    if old.batch_percent != new.batch_percent {
        says.push("Another price for batches.".into());
    }
    says.join(" ")
}

/// The day on which `new` was followed by another price, if it is one that is known to have ended
/// by `day`: then the list is likely older than what is known.
fn ended_on(new: &Price, known: &Book, model: &str, day: &str) -> Option<String> {
    let was = |row: &&Price| (row.input, row.output) == (new.input, new.output);
    let until = known.rows(model).filter(was).filter_map(|row| row.valid_until.as_deref());
    until.filter(|until| *until <= day).max().map(str::to_owned)
}
