//! What was sent to the page and not read yet.
//!
//! The web view queues without bound whatever it is given, so the bound is here: the page
//! says what it has read, and while it is too far behind, nothing more is sent. Then the
//! events' queue fills up, and then the socket is not read: a slow page slows the server.

use std::{collections::VecDeque, sync::Mutex};
use tokio::sync::Notify;

/// The most batches that may be unread.
pub const MOST_BATCHES: usize = 64;
/// The most bytes that may be unread, once there are more than [`FEWEST_BATCHES`].
pub const MOST_BYTES: usize = 1 << 20;
/// How many batches go whatever their size: the page says what it read some batches at a
/// time (8, in `ui/src/host/tauri.ts`), and must not be waited for while it waits for more.
pub const FEWEST_BATCHES: usize = 16;

/// The sizes of unread batches, oldest first.
#[derive(Default)]
pub struct Backlog {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    unread: VecDeque<usize>,
    bytes: usize,
    is_abandoned: bool,
}

impl Backlog {
    /// Waits until a batch of `size` bytes may be sent, and counts it.
    pub async fn room_for(&self, size: usize) {
        loop {
            let changed = self.changed.notified();
            if self.with(|state| state.take(size)) {
                return;
            }
            changed.await;
        }
    }

    /// Notes that the page has read its oldest `batches`.
    pub fn read(&self, batches: u32) {
        self.with(|state| {
            for _ in 0..batches {
                let Some(size) = state.unread.pop_front() else { break };
                state.bytes -= size;
            }
        });
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
    fn take(&mut self, size: usize) -> bool {
        let batches = self.unread.len();
        let fits = batches < MOST_BATCHES && self.bytes + size <= MOST_BYTES;
        let goes = fits || batches < FEWEST_BATCHES || self.is_abandoned;
        if goes {
            self.unread.push_back(size);
            self.bytes += size;
        }
        goes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::timeout;

    async fn has_room(backlog: &Backlog, size: usize) -> bool {
        timeout(Duration::from_secs(1), backlog.room_for(size)).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn unread_batches_are_bounded_by_number_and_by_size() {
        let backlog = Backlog::default();
        for _ in 0..MOST_BATCHES {
            assert!(has_room(&backlog, 1).await);
        }
        assert!(!has_room(&backlog, 1).await);
        backlog.read(1);
        assert!(has_room(&backlog, 1).await);
        backlog.read(u32::MAX);
        for _ in 0..FEWEST_BATCHES {
            assert!(has_room(&backlog, MOST_BYTES).await, "a few go, however large");
        }
        assert!(!has_room(&backlog, 1).await);
        backlog.abandon();
        assert!(has_room(&backlog, 1).await);
    }
}
