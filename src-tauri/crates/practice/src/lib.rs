//! A provider that lives on the loopback interface: no key, no network, no cost.
//!
//! It answers in a real provider's format, so the app needs no special case for it, and a
//! beginner's first call is a true HTTP call. It never sees `playground`: the two agree
//! through bytes alone, so each checks the other.
//!
//! In the order a request meets them:
//! - `server`: the HTTP around everything;
//! - `dialects`: a wire format's requests, replies, frames and errors;
//! - [`model`]: a conversation to a distribution over the next token. It uses `corpus` (what
//!   the model has read), `relevance` (which passage fits) and `counting` (a skill);
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

mod corpus;
mod counting;
mod dialects;
pub mod generation;
pub mod model;
pub mod pace;
mod relevance;
mod server;
pub mod tokens;

use std::{
    future::{self, Future},
    io,
    net::{Ipv4Addr, SocketAddr},
};

use axum::serve::ListenerExt;
use tokio::net::TcpListener;

pub use corpus::{Passage, Phrasing, fallback, passages};
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
    tokio::task::spawn_blocking(server::model);
    // Frames are small and must not wait for each other.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, server::router(manner.pace)).with_graceful_shutdown(shutdown).await
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
