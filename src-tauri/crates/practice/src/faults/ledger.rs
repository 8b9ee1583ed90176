//! How often each list of faults has struck.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::Faults;

/// Counts requests by the text of their list, so that `times=2` lets the third one through.
#[derive(Debug, Default)]
pub struct Ledger {
    struck: Mutex<HashMap<String, u32>>,
}

/// A list nobody has counted yet is no longer counted when there are so many: a caller that
/// makes up a new one for each request must not fill the memory.
const MOST_LISTS: usize = 10_000;

impl Ledger {
    /// The faults that strike this request; none once the list has struck as often as it says.
    ///
    /// With `again`, a success starts the count anew: a model id is chosen once, and its
    /// faults are to be seen at every Send.
    pub fn due(&self, text: &str, faults: Faults, again: bool) -> Faults {
        let Some(times) = faults.times else { return faults };
        let mut struck = self.struck.lock().unwrap_or_else(PoisonError::into_inner);
        if struck.len() >= MOST_LISTS && !struck.contains_key(text) {
            return faults;
        }
        let count = struck.entry(text.to_owned()).or_default();
        if *count < times {
            *count += 1;
            return faults;
        }
        if again {
            *count = 0;
        }
        Faults::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether each of six requests fails.
    fn strikes(ledger: &Ledger, text: &str, again: bool) -> String {
        let request = |_| {
            let faults = ledger.due(text, Faults::parse(text).unwrap(), again);
            if faults == Faults::default() { '.' } else { 'x' }
        };
        (0..6).map(request).collect()
    }

    #[test]
    fn a_list_strikes_as_often_as_it_says_and_each_list_has_its_own_count() {
        let ledger = Ledger::default();
        assert_eq!(strikes(&ledger, "status=429, times=2", false), "xx....");
        assert_eq!(strikes(&ledger, "status=500, times=2", false), "xx....");
        assert_eq!(strikes(&ledger, "status=429, times=2", false), "......");
        assert_eq!(strikes(&ledger, "html", false), "xxxxxx");
    }

    #[test]
    fn the_faults_of_a_model_id_begin_again_after_a_success() {
        assert_eq!(strikes(&Ledger::default(), "html,times=2", true), "xx.xx.");
    }
}
