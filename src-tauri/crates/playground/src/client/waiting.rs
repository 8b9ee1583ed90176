//! The pause between two attempts, which a person may cut short.

use std::{
    hash::{BuildHasher, RandomState},
    sync::Arc,
    time::Duration,
};
use tokio::{sync::Notify, time::timeout};
use tokio_util::sync::CancellationToken;

/// The person's hand on a run.
#[derive(Clone, Default)]
pub struct Hand {
    /// Ends the run.
    pub cancel: CancellationToken,
    /// Ends a wait, so that the next attempt begins now; without one nothing happens.
    pub skip: Arc<Notify>,
}

impl From<CancellationToken> for Hand {
    fn from(cancel: CancellationToken) -> Hand {
        Hand { cancel, ..Hand::default() }
    }
}

/// Waits for so long, or until `skip`.
pub async fn pause(ms: u64, skip: impl Future<Output = ()>) {
    // An error says that nobody pressed anything, and that is how most waits end.
    let _ = timeout(Duration::from_millis(ms), skip).await;
}

/// A number from 0 to 1. The seeds of hash maps are random, and no one here needs better.
pub fn chance() -> f64 {
    RandomState::new().hash_one(()) as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn a_pause_takes_its_time_or_is_skipped() {
        let hand = Hand::default();
        let begun = Instant::now();
        pause(2_000, hand.skip.notified()).await;
        assert_eq!(begun.elapsed(), Duration::from_secs(2));

        let skipped = hand.skip.notified();
        hand.skip.notify_waiters();
        pause(60_000, skipped).await;
        assert_eq!(begun.elapsed(), Duration::from_secs(2), "it took no time");

        hand.skip.notify_waiters();
        pause(1_000, hand.skip.notified()).await;
        assert_eq!(begun.elapsed(), Duration::from_secs(3), "an early skip is not kept");
    }

    #[test]
    fn chance_is_a_part_of_one_and_varies() {
        let drawn: Vec<f64> = std::iter::repeat_with(chance).take(100).collect();
        assert!(drawn.iter().all(|it| (0.0..=1.0).contains(it)), "{drawn:?}");
        assert!(drawn.iter().any(|it| *it != drawn[0]), "{drawn:?}");
    }
}
