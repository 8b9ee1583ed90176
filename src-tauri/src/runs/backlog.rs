//! What was sent to the page and not read yet.
//!
//! The web view queues without bound whatever it is given, so the bound is here: the page
//! says what it has read, and while it is too far behind, nothing more is sent. Then the
//! events' queue fills up, and then the socket is not read: a slow page slows the server.

use std::sync::Mutex;
use tokio::sync::Notify;

/// The most batches that may be unread. The page says what it has read when that is on the screen
/// (`ui/src/host/tauri.ts`), so this is also the most that it has to draw at once.
pub const MOST_BATCHES: usize = 6;

/// How many batches are unread.
#[derive(Default)]
pub struct Backlog {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    unread: usize,
    is_abandoned: bool,
}

impl Backlog {
    /// Waits until a batch may be sent, and counts it.
    pub async fn room(&self) {
        loop {
            let changed = self.changed.notified();
            if self.with(State::take) {
                return;
            }
            changed.await;
        }
    }

    /// Notes that the page has read so many more batches.
    pub fn read(&self, batches: u32) {
        self.with(|state| state.unread = state.unread.saturating_sub(batches as usize));
        self.changed.notify_one();
    }

    /// Nobody reads any more: there is room for everything, since nothing is sent.
    pub fn abandon(&self) {
        self.with(|state| state.is_abandoned = true);
        self.changed.notify_one();
    }

    /// Whether [`Backlog::abandon`] was called.
    pub fn is_abandoned(&self) -> bool {
        self.with(|state| state.is_abandoned)
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().expect("nothing panics while it holds this lock"))
    }
}

impl State {
    fn take(&mut self) -> bool {
        let goes = self.unread < MOST_BATCHES || self.is_abandoned;
        self.unread += usize::from(goes);
        goes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::timeout;

    async fn has_room(backlog: &Backlog) -> bool {
        timeout(Duration::from_secs(1), backlog.room()).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn unread_batches_are_bounded() {
        let backlog = Backlog::default();
        for _ in 0..MOST_BATCHES {
            assert!(has_room(&backlog).await);
        }
        assert!(!has_room(&backlog).await);
        backlog.read(1);
        assert!(has_room(&backlog).await);
        assert!(!has_room(&backlog).await);
        backlog.read(u32::MAX);
        assert!(has_room(&backlog).await);
        backlog.abandon();
        for _ in 0..2 * MOST_BATCHES {
            assert!(has_room(&backlog).await);
        }
    }
}
