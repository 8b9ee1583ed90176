//! The prices that a person wrote or took from a public list, kept beside the settings.

use crate::settings::file;
use playground::prices::{
    Book, Listing, OwnPrice, OwnPriceError,
    feed::{self, Feed, FeedDiff, FeedFormat},
};
use serde::{Deserialize, Serialize};
use std::{
    fs, io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard},
};
use thiserror::Error;
use ts_rs::TS;

/// The file's name in the app's data folder.
pub const FILE: &str = "prices.json";
/// The most prices of one's own.
const MOST_OWN: usize = 1_000;

/// A public list whose prices were taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TakenFeed {
    /// Its form.
    pub format: FeedFormat,
    /// Where it came from.
    pub source: String,
    /// The day (YYYY-MM-DD, UTC) on which it was taken.
    pub taken: String,
    /// Of how many models the prices are in use.
    pub models: u32,
    /// Whether what was there before can be had back.
    pub can_undo: bool,
}

/// Why prices were not changed.
#[derive(Debug, Error)]
pub enum PricesError {
    /// What was written is no price.
    #[error("{0}")]
    Own(#[from] OwnPriceError),
    /// There are more than anybody needs.
    #[error("more than {MOST_OWN} prices of your own are not kept")]
    TooMany,
    /// The reading that is to be taken is not the last one.
    #[error("the list of prices was read anew, or is not there any more; read it again")]
    Stale,
    /// Nothing was taken, or it was undone.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// The disk says no.
    #[error("the prices could not be saved: {0}")]
    NotSaved(#[from] io::Error),
}

/// The file as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    own: Vec<Listing>,
    feed: Option<Taken>,
    /// What was taken before, for as long as that can be undone.
    before: Option<Before>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Taken {
    format: FeedFormat,
    source: String,
    day: String,
    listings: Vec<Listing>,
}

/// What an undo brings back: nothing, or what was taken earlier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Before {
    feed: Option<Taken>,
}

/// A list that was read and may be taken.
struct Pending {
    id: String,
    source: String,
    feed: Feed,
}

#[derive(Default)]
struct State {
    kept: Kept,
    book: Arc<Book>,
    pending: Option<Pending>,
    notice: Option<String>,
}

/// Every price that is not built in. The file is read when the first one is wanted.
pub struct Prices {
    path: PathBuf,
    state: Mutex<Option<State>>,
}

impl Prices {
    /// Those in the file at `path`, if it is there.
    pub fn at(path: PathBuf) -> Prices {
        Prices { path, state: Mutex::default() }
    }

    /// Every price that holds.
    pub fn book(&self) -> Arc<Book> {
        self.with(|state| state.book.clone())
    }

    /// What to tell the person about the file that was found.
    pub fn notice(&self) -> Option<String> {
        self.with(|state| state.notice.clone())
    }

    /// The list whose prices are in use.
    pub fn taken(&self) -> Option<TakenFeed> {
        self.with(|state| {
            let Kept { feed, before, .. } = &state.kept;
            feed.as_ref().map(|taken| TakenFeed {
                format: taken.format,
                source: taken.source.clone(),
                taken: taken.day.clone(),
                models: taken.listings.len() as u32,
                can_undo: before.is_some(),
            })
        })
    }

    /// Keeps a price of the person's own in the place of an earlier one for that model.
    pub fn set_own(&self, own: OwnPrice, day: &str) -> Result<(), PricesError> {
        let listing = own.listing(day)?;
        self.change(|kept| {
            kept.own.retain(|it| it.model != listing.model);
            if kept.own.len() >= MOST_OWN {
                return Err(PricesError::TooMany);
            }
            kept.own.push(listing);
            Ok(())
        })
    }

    /// Forgets the person's own price for a model; without one there is nothing to do.
    pub fn remove_own(&self, model: &str) -> Result<(), PricesError> {
        self.change(|kept| {
            kept.own.retain(|it| it.model != model);
            Ok(())
        })
    }

    /// How a list differs from what is known. It is remembered under `id` until the next one.
    pub fn compare(&self, feed: Feed, source: String, id: String, day: &str) -> FeedDiff {
        self.with(|state| {
            let diff = FeedDiff::of(&feed, &source, id.clone(), &state.book, day);
            state.pending = Some(Pending { id, source, feed });
            diff
        })
    }

    /// Takes what the list `id` says of the models in `which`, or of all.
    pub fn take(&self, id: &str, which: Option<&[String]>, day: &str) -> Result<(), PricesError> {
        self.with(|state| {
            let pending = state.pending.as_ref().filter(|it| it.id == id);
            let pending = pending.ok_or(PricesError::Stale)?;
            let listings = feed::take(&pending.feed, &state.book, day, which);
            let (format, source) = (pending.feed.format, pending.source.clone());
            let taken = Taken { format, source, day: day.into(), listings };
            let mut kept = state.kept.clone();
            kept.before = Some(Before { feed: kept.feed.replace(taken) });
            self.keep(state, kept)?;
            state.pending = None;
            Ok(())
        })
    }

    /// Brings back what was there before the last list was taken.
    pub fn undo(&self) -> Result<(), PricesError> {
        self.change(|kept| {
            let before = kept.before.take().ok_or(PricesError::NothingToUndo)?;
            kept.feed = before.feed;
            Ok(())
        })
    }

    fn change(
        &self,
        change: impl FnOnce(&mut Kept) -> Result<(), PricesError>,
    ) -> Result<(), PricesError> {
        self.with(|state| {
            let mut kept = state.kept.clone();
            change(&mut kept)?;
            self.keep(state, kept)
        })
    }

    /// On disk first: what could not be written does not hold. It blocks.
    fn keep(&self, state: &mut State, kept: Kept) -> Result<(), PricesError> {
        file::replace(&self.path, &serde_json::to_vec(&kept).map_err(io::Error::from)?)?;
        state.book = Arc::new(kept.book());
        state.kept = kept;
        Ok(())
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        let mut state: MutexGuard<'_, _> =
            self.state.lock().expect("nothing panics while it holds this lock");
        work(state.get_or_insert_with(|| self.read()))
    }

    /// What cannot be read is put aside, since a person may have typed it.
    fn read(&self) -> State {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(_) => return State::default(),
        };
        match serde_json::from_slice::<Kept>(&bytes) {
            Ok(kept) => State { book: Arc::new(kept.book()), kept, ..State::default() },
            Err(_) => {
                let kept = file::put_aside(&self.path);
                let notice = format!("Your own prices could not be read; {kept}.");
                State { notice: Some(notice), ..State::default() }
            }
        }
    }
}

impl Kept {
    fn book(&self) -> Book {
        let feed = self.feed.as_ref().map(|it| it.listings.clone()).unwrap_or_default();
        Book { own: self.own.clone(), feed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    const DAY: &str = "2026-11-21";

    fn own(model: &str, input: &str) -> OwnPrice {
        let (input, output) = (input.into(), "2".into());
        OwnPrice { model: model.into(), input, output, ..OwnPrice::default() }
    }

    fn input(prices: &Prices, model: &str) -> Option<String> {
        prices.book().price_of(model, DAY).map(|it| it.input.to_string())
    }

    fn feed(input: f64) -> Feed {
        let list = serde_json::json!({ "openai": { "models": {
            "gpt-4o": { "cost": { "input": input, "output": 10, "cache_read": 1.25 } },
        } } });
        feed::read(list.to_string().as_bytes(), "a file", DAY).expect("a list")
    }

    #[test]
    fn what_is_set_holds_after_a_restart_until_it_is_removed() {
        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path().join(FILE);
        let prices = Prices::at(path.clone());
        prices.set_own(own("gpt-4o", "7"), DAY).expect("kept");
        prices.set_own(own("gpt-4o", "8"), DAY).expect("kept in its place");
        prices.set_own(own("mine", "1"), DAY).expect("kept");
        assert!(prices.set_own(own("mine", "1,5"), DAY).is_err());
        let again = Prices::at(path);
        assert_eq!(input(&again, "gpt-4o").as_deref(), Some("8"));
        assert_eq!(input(&again, "mine").as_deref(), Some("1"));
        again.remove_own("gpt-4o").expect("removed");
        again.remove_own("gpt-4o").expect("and again");
        assert_eq!(input(&again, "gpt-4o").as_deref(), Some("2.5"));
    }

    #[test]
    fn a_list_is_taken_under_its_id_and_undone() {
        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path().join(FILE);
        let prices = Prices::at(path.clone());
        let diff = prices.compare(feed(3.0), "a file".into(), "one".into(), DAY);
        assert_eq!(diff.changed.len(), 1, "{diff:?}");
        assert_eq!(input(&prices, "gpt-4o").as_deref(), Some("2.5"), "reading changes nothing");
        assert!(matches!(prices.take("two", None, DAY), Err(PricesError::Stale)));
        prices.take("one", Some(&[]), DAY).expect("nothing of it is taken");
        assert_eq!(input(&prices, "gpt-4o").as_deref(), Some("2.5"));
        assert!(matches!(prices.take("one", None, DAY), Err(PricesError::Stale)), "it was taken");
        prices.compare(feed(3.0), "a file".into(), "three".into(), DAY);
        prices.take("three", None, DAY).expect("taken");
        let again = Prices::at(path);
        assert_eq!(input(&again, "gpt-4o").as_deref(), Some("3"), "after a restart");
        assert_eq!(
            again.book().price_of("gpt-4o", "2026-11-20").map(|it| it.input.to_string()).as_deref(),
            Some("2.5"),
            "earlier runs keep the price of their day"
        );
        assert!(again.taken().is_some_and(|it| it.can_undo && it.models == 1));
        again.undo().expect("undone");
        assert_eq!(input(&again, "gpt-4o").as_deref(), Some("2.5"));
        assert!(matches!(again.undo(), Err(PricesError::NothingToUndo)));
    }

    #[test]
    fn a_damaged_file_is_put_aside_and_said() {
        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path().join(FILE);
        fs::write(&path, "{\"own\":[{\"model\":7}]}").expect("written");
        let prices = Prices::at(path.clone());
        assert_eq!(input(&prices, "gpt-4o").as_deref(), Some("2.5"));
        assert!(prices.notice().is_some_and(|it| it.contains("prices.damaged.json")));
        assert!(path.with_extension("damaged.json").exists() && !path.exists());
    }

    #[test]
    fn what_cannot_be_written_does_not_hold() {
        let folder = TempDir::new().expect("a temporary folder");
        let prices = Prices::at(folder.path().join("no such folder").join(FILE));
        assert!(matches!(prices.set_own(own("gpt-4o", "7"), DAY), Err(PricesError::NotSaved(_))));
        assert_eq!(input(&prices, "gpt-4o").as_deref(), Some("2.5"));
    }
}
