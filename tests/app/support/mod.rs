//! Hands and eyes for the real window.

#![allow(dead_code, reason = "the tests and the benchmark each use a part of it")]

mod app;
mod driver;
pub mod endless;
mod home;
mod http;
pub mod page;
mod practice_server;
mod x11;

pub use app::App;
pub use home::Home;
pub use practice_server::{PracticeServer, RIGHT_KEY};

use std::time::{Duration, Instant};

/// How long something that must happen may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(90);

const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// Looks again until there is an answer.
#[track_caller]
pub fn until<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    within(PATIENCE, look).unwrap_or_else(|| panic!("{what}: not within {PATIENCE:?}"))
}

/// Looks again until there is an answer or the time is over.
pub fn within<T>(limit: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(answer) = look() {
            return Some(answer);
        }
        if Instant::now() >= deadline {
            return None;
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
}
