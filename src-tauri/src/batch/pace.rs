//! How fast a provider may be asked: so many calls at once, and one at a time after it has said
//! that this was too many.

use std::time::Duration;
use tokio::time::Instant;

/// How long a provider is asked for one thing at a time after it said that it was asked too often.
const SLOW: Duration = Duration::from_secs(60);
/// How long is waited where it does not say how long.
const PAUSE: Duration = Duration::from_secs(1);
/// How often in a row all that was asked at once may be refused.
const MOST_REFUSALS: u32 = 4;

/// The pace of one provider.
#[derive(Debug, Clone)]
pub struct Pace {
    most: u32,
    running: u32,
    slow_until: Option<Instant>,
    wait_until: Option<Instant>,
    refusals: u32,
}

impl Pace {
    /// At most so many calls at once.
    pub fn new(most: u32) -> Pace {
        Pace { most: most.max(1), running: 0, slow_until: None, wait_until: None, refusals: 0 }
    }

    /// How many calls may be on their way at once.
    pub fn concurrency(&self, now: Instant) -> u32 {
        if self.is_slow(now) { 1 } else { self.most }
    }

    /// Whether it was asked too often lately.
    pub fn is_slow(&self, now: Instant) -> bool {
        self.slow_until.is_some_and(|it| it > now)
    }

    /// Whether another call may leave.
    pub fn may_send(&self, now: Instant) -> bool {
        self.wait(now).is_none() && self.running < self.concurrency(now)
    }

    /// How long until the next call may leave, whoever else is on the way; none if it may now.
    pub fn wait(&self, now: Instant) -> Option<Duration> {
        self.wait_until.and_then(|it| it.checked_duration_since(now)).filter(|it| !it.is_zero())
    }

    /// When it may send more than it does now, if only time is in the way.
    pub fn changes(&self, now: Instant) -> Option<Instant> {
        let times = [self.wait_until, self.slow_until];
        times.into_iter().flatten().filter(|it| *it > now).min()
    }

    /// A call leaves.
    pub fn leaves(&mut self) {
        self.running += 1;
    }

    /// A call has ended.
    pub fn ends(&mut self) {
        self.running = self.running.saturating_sub(1);
    }

    /// A call that has not ended yet was refused, since it was asked too often. Returns whether it
    /// is no use to go on asking.
    pub fn refuses(&mut self) -> bool {
        // Of those that were on their way together the last one counts.
        self.refusals += u32::from(self.running <= 1);
        self.refusals >= MOST_REFUSALS
    }

    /// A call got an answer.
    pub fn answers(&mut self) {
        self.refusals = 0;
    }

    /// The provider says that it was asked too often, and perhaps for how long it will not answer.
    pub fn limited(&mut self, now: Instant, wait: Option<Duration>) {
        let until = now + wait.unwrap_or(PAUSE);
        self.wait_until = self.wait_until.max(Some(until));
        self.slow_until = self.slow_until.max(Some(until + SLOW));
    }

    /// The person does not want to wait.
    pub fn skip(&mut self) {
        self.wait_until = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn after_too_many_it_is_one_at_a_time_for_a_while() {
        let start = Instant::now();
        let mut pace = Pace::new(4);
        (0..3).for_each(|_| pace.leaves());
        assert!(pace.may_send(start));
        pace.leaves();
        assert!(!pace.may_send(start), "4 at once");

        pace.limited(start, Some(Duration::from_secs(5)));
        (0..3).for_each(|_| pace.ends());
        assert_eq!(pace.wait(start), Some(Duration::from_secs(5)));
        let later = start + Duration::from_secs(5);
        assert!(!pace.may_send(start) && !pace.may_send(later), "one is still on its way");
        pace.ends();
        assert!(!pace.may_send(start) && pace.may_send(later));
        assert_eq!((pace.concurrency(later), pace.changes(start)), (1, Some(later)));
        pace.leaves();
        assert_eq!(pace.changes(later), Some(later + SLOW));
        assert!(!pace.may_send(later) && pace.may_send(later + SLOW), "then it may again");

        pace.limited(later, None);
        assert_eq!(pace.wait(later), Some(PAUSE), "nobody said how long");
        pace.skip();
        assert_eq!((pace.wait(later), pace.concurrency(later)), (None, 1));
    }

    #[test]
    fn what_is_refused_together_counts_once() {
        let mut pace = Pace::new(4);
        let mut refuse = |calls: u32| {
            (0..calls).for_each(|_| pace.leaves());
            let ends = (0..calls).map(|_| {
                let is_over = pace.refuses();
                pace.ends();
                is_over
            });
            ends.last().expect("a call")
        };
        assert_eq!([4, 1, 1, 1].map(&mut refuse), [false, false, false, true]);
        pace.answers();
        pace.leaves();
        assert!(!pace.refuses(), "it was answered in between");
    }
}
