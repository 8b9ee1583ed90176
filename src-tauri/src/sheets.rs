//! The texts of the Tokens room, which stay here while they are written in.

use playground::tokens::sheet::Sheet;
use std::sync::{Arc, Mutex, PoisonError};

/// How many are kept. A page has one, and a page that is loaded again makes another.
const MOST: usize = 4;

/// A sheet that several commands may work on, one after the other.
pub type Kept = Arc<Mutex<Sheet>>;

/// The sheets, by the ids that the page gave them; the one that was asked for last comes last.
#[derive(Default)]
pub struct Sheets(Mutex<Vec<(String, Kept)>>);

impl Sheets {
    /// Keeps a sheet in the place of one with the same id, and forgets the one that nobody asked
    /// for the longest when there are too many.
    pub fn keep(&self, id: String, sheet: Sheet) {
        let mut sheets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sheets.retain(|(other, _)| *other != id);
        sheets.push((id, Arc::new(Mutex::new(sheet))));
        if sheets.len() > MOST {
            sheets.remove(0);
        }
    }

    /// The sheet of that id. One on which a command gave up in the middle is not there any more.
    pub fn find(&self, id: &str) -> Option<Kept> {
        let mut sheets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = sheets.iter().position(|(other, _)| other == id)?;
        let found = sheets.remove(at);
        if found.1.is_poisoned() {
            return None;
        }
        let kept = found.1.clone();
        sheets.push(found);
        Some(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use playground::tokens::{Lane, sheet::SheetLayout};

    fn sheet(text: &str) -> Sheet {
        let layout =
            SheetLayout { lanes: vec![Lane::Words], columns: 80, specials: false, price_as: None };
        Sheet::new(text.into(), layout).expect("a short text")
    }

    fn text(sheets: &Sheets, id: &str) -> Option<String> {
        sheets.find(id).map(|it| it.lock().expect("nobody panicked").text().to_owned())
    }

    #[test]
    fn the_sheet_that_was_not_asked_for_the_longest_goes() {
        let sheets = Sheets::default();
        ["a", "b", "c", "d"].into_iter().for_each(|id| sheets.keep(id.into(), sheet(id)));
        assert_eq!(text(&sheets, "a").as_deref(), Some("a"));
        sheets.keep("e".into(), sheet("e"));
        assert_eq!(text(&sheets, "b"), None);
        assert_eq!(text(&sheets, "a").as_deref(), Some("a"));
        sheets.keep("a".into(), sheet("again"));
        assert_eq!(text(&sheets, "a").as_deref(), Some("again"));
        assert_eq!(text(&sheets, "c").as_deref(), Some("c"), "it took no more room");
    }

    #[test]
    fn a_sheet_that_was_left_half_changed_is_gone() {
        let sheets = Sheets::default();
        sheets.keep("a".into(), sheet("a"));
        let kept = sheets.find("a").expect("it is kept");
        let held = std::thread::spawn(move || {
            let _held = kept.lock();
            panic!("in the middle of an edit");
        });
        assert!(held.join().is_err());
        assert!(sheets.find("a").is_none());
    }
}
