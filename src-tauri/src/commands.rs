//! Everything the page may ask for: unpack the arguments, call, pack the answer.
//!
//! The list of commands is in four places, and a test keeps them equal: `lib.rs` answers
//! them, `build.rs` declares them, `capabilities/main.json` grants them and
//! `ui/src/host/tauri.ts` asks for them.

pub mod alike;
pub mod batch;
pub mod compare;
pub mod costs;
pub mod files;
pub mod keys;
pub mod learn;
pub mod recordings;
pub mod runs;
pub mod sheets;
pub mod start;
pub mod text;

use crate::{error::CommandError, shell::Shell};
use std::sync::Arc;
use tauri::State;

/// What a command returns.
pub type Answer<T> = Result<T, CommandError>;
/// What every command may use.
pub type Shared<'a> = State<'a, Arc<Shell>>;

/// Runs work that keeps a processor or a disk busy where it holds up nothing else.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
    tauri::async_runtime::spawn_blocking(work).await.map_err(|_| {
        CommandError::failed(
            "this text could not be worked on; the app is fine, but please report it",
        )
    })
}
