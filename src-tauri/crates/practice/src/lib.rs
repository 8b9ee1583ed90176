//! A provider that lives on the loopback interface: no key, no network, no cost.
//!
//! It answers in the formats of real providers, five on one port, so the app needs no special
//! case for it, and a beginner's first call is a true HTTP call. It never sees `playground`:
//! the two agree through bytes alone, so each checks the other.
//!
//! In the order a request meets them:
//! - `server`: the HTTP around everything; `head`: a request's address and headers;
//! - `exchange`: from a request to its response, the way that all formats share;
//! - `dialects`: a wire format's addresses, requests, replies, frames, and errors, which it
//!   words from a `refusal::Problem`;
//! - `faults`: failures on request;
//! - `prompt`: what a request asks for, made ready; `form`: whether the reply is to be JSON;
//!   `memory`: replies that a request goes on from;
//! - `speech`: a reply as a stream of `frames`; `delivery`: bodies in one piece;
//! - [`model`]: a conversation to a [`distribution`] over the next token. It uses `corpus` and
//!   `reading` (what the model has read, and where each token stands), `relevance` (which passage
//!   fits) and `counting` and `summing` (skills);
//! - [`sampling`]: what is drawn from a distribution; `json`: what an object can go on with;
//! - [`generation`]: the loop that turns distributions into text, up to a stop or a limit;
//! - [`pace`]: when each token is said; [`tokens`]: text to tokens and back.
//!
//! ```
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let address = practice::start(practice::Manner::default()).await?;
//! println!("http://{address}/v1 takes any key that begins with `practice`");
//! # Ok::<(), std::io::Error>(()) })?;
//! # Ok::<(), std::io::Error>(())
//! ```

pub mod cards;
mod clock;
mod conversation;
mod corpus;
mod counting;
mod delivery;
mod dialects;
pub mod distribution;
mod exchange;
mod faults;
mod form;
mod frames;
pub mod generation;
mod head;
mod json;
mod memory;
pub mod model;
mod outgoing;
pub mod pace;
mod prompt;
mod reading;
mod refusal;
mod relevance;
pub mod sampling;
mod server;
mod speech;
mod stops;
mod summing;
pub mod tokens;

use std::{
    future::{self, Future},
    io,
    net::{Ipv4Addr, SocketAddr},
};

use axum::serve::ListenerExt;
use tokio::net::TcpListener;

pub use corpus::{Corpus, Passage, Phrasing, Voice};
use pace::Pace;

/// How a server behaves where a request does not say.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Manner {
    /// How fast it talks.
    pub pace: Pace,
}

/// Answers on this listener until `shutdown` is ready and the open replies have ended.
///
/// Fails when the listener does.
pub async fn serve(
    listener: TcpListener,
    manner: Manner,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    tokio::task::spawn_blocking(model::Model::get);
    // Frames are small and must not wait for each other.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, server::router(manner.pace)).with_graceful_shutdown(shutdown).await
}

/// Every format with the base URL that its clients want for a server at this address.
#[must_use]
pub fn bases(address: SocketAddr) -> Vec<(&'static str, String)> {
    let base = |dialect: &&dyn dialects::Dialect| {
        (dialect.name(), format!("http://{address}{}", dialect.base()))
    };
    dialects::DIALECTS.iter().rev().map(base).collect()
}

/// Starts a server on a free port of 127.0.0.1 that runs as long as the runtime.
///
/// Must be called within a tokio runtime. Fails when no port can be had.
pub async fn start(manner: Manner) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(serve(listener, manner, future::pending()));
    Ok(address)
}
