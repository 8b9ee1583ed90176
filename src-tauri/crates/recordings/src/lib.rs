//! Every run, on disk as it happens: kept, searched, read back.
//!
//! A recording is the list of a run's events, and everything else about a run is worked out from
//! them. They lie in one SQLite file, which several windows may have open.
//!
//! - [`recorder`]: the thread that writes events, at most [`recorder::PATIENCE`] late.
//! - [`store`]: the file: opened, brought up to date, or set aside where it cannot be read.
//! - [`summary`]: what a list shows of a run: a fold over its events.
//! - [`search`]: which runs; [`upkeep`]: star, rename, delete, and a limit of size.
//! - [`compare`]: runs that belong together; `facts`: what lessons ask of runs.
//! - [`versions`]: the system messages that were sent.
//! - [`files`]: runs given away, and runs that come from elsewhere.
//! - `session`: which process still writes which run.

pub mod compare;
mod facts;
pub mod files;
pub mod recorder;
pub mod search;
mod session;
pub mod spent;
pub mod store;
pub mod summary;
pub mod upkeep;
pub mod versions;

pub use recorder::{Beginning, Recorder};
pub use search::Filter;
pub use store::{Store, StoreError};
pub use summary::{Outcome, Summary};
