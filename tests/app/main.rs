//! The built app, driven as a person would drive it: real window, real keyring, real sockets.
//!
//! `cargo xtask test window` gives it a private desktop. One theme per file; what the tests
//! share, the hands and eyes, is in [`support`].
#![cfg(target_os = "linux")]

mod accessibility;
mod bad_servers;
mod calls;
mod closing;
mod code;
mod compare;
mod context;
mod conversations;
mod costs_room;
mod course;
mod formats;
mod glass;
mod hostile;
mod keyboard;
mod keys;
mod learn;
mod reloading;
mod request;
mod retries;
mod rosetta;
mod runs;
#[path = "../support/server.rs"]
mod server;
mod support;
mod sweep;
mod time_machine;
mod tokens_room;
mod versions;
mod walls;
