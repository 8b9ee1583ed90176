//! How often the faults of each request have struck.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::Faults;

/// Counts how often a request came, so that `times=2` lets its third try through.
///
/// Requests are told apart by a number: those that repeat each other have the same. So two
/// programs, or two formats, that ask for the same faults each meet all of them.
#[derive(Debug, Default)]
pub struct Ledger {
    struck: Mutex<HashMap<u64, u32>>,
}

/// All counts begin anew when there are so many, so that they do not fill the memory.
const MOST_REQUESTS: usize = 10_000;

impl Ledger {
    /// The faults that strike this request; none once they have struck as often as they say.
    ///
    /// With `again`, a success starts the count anew: a model id is chosen once, and its
    /// faults are to be seen at every Send.
    pub fn due(&self, request: u64, faults: Faults, again: bool) -> Faults {
        let Some(times) = faults.times else { return faults };
        let mut struck = self.struck.lock().unwrap_or_else(PoisonError::into_inner);
        if struck.len() >= MOST_REQUESTS {
            struck.clear();
        }
        let count = struck.entry(request).or_default();
        if *count < times {
            *count += 1;
            return faults;
        }
        if again {
            struck.remove(&request);
        }
        Faults::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether each of six requests fails.
    fn strikes(ledger: &Ledger, request: u64, faults: &str, again: bool) -> String {
        let request = |_| {
            let faults = ledger.due(request, Faults::parse(faults).unwrap(), again);
            if faults == Faults::default() { '.' } else { 'x' }
        };
        (0..6).map(request).collect()
    }

    #[test]
    fn faults_strike_as_often_as_they_say_and_each_request_has_its_own_count() {
        let ledger = Ledger::default();
        assert_eq!(strikes(&ledger, 1, "status=429, times=2", false), "xx....");
        assert_eq!(strikes(&ledger, 2, "status=429, times=2", false), "xx....");
        assert_eq!(strikes(&ledger, 1, "status=429, times=2", false), "......");
        assert_eq!(strikes(&ledger, 1, "html", false), "xxxxxx");
    }

    #[test]
    fn the_faults_of_a_model_id_begin_again_after_a_success() {
        assert_eq!(strikes(&Ledger::default(), 1, "html,times=2", true), "xx.xx.");
    }

    #[test]
    fn a_full_ledger_still_lets_a_request_heal() {
        let ledger = Ledger::default();
        let once = || Faults::parse("html,times=1").unwrap();
        for request in 0..=MOST_REQUESTS as u64 {
            assert_eq!(ledger.due(request, once(), false), once());
        }
        assert_eq!(ledger.due(MOST_REQUESTS as u64, once(), false), Faults::default());
    }
}
