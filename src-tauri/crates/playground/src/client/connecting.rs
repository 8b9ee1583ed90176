//! When a connection stood. The HTTP client does not say it, so each connecting is watched.

use std::{
    future::Future,
    sync::{Arc, OnceLock},
    time::Instant,
};

tokio::task_local! {
    /// The request for which connections are being made.
    static WATCHED: Arc<OnceLock<Instant>>;
}

/// Watches a request: whether a new connection was made for it, and when that stood.
#[derive(Default)]
pub struct Watch(Arc<OnceLock<Instant>>);

impl Watch {
    /// Does the sending, and watches the connection that is made for it.
    pub async fn over<T>(&self, sending: impl Future<Output = T>) -> T {
        WATCHED.scope(self.0.clone(), sending).await
    }

    /// When the new connection stood, its TLS included; none if an open one was used again.
    pub fn connected(&self) -> Option<Instant> {
        self.0.get().copied()
    }
}

/// Waits for a connection, and notes for whom it was made.
pub async fn noted<C, E>(connecting: impl Future<Output = Result<C, E>>) -> Result<C, E> {
    let connection = connecting.await?;
    // A connection that comes too late for its request is kept for others, and watched by none.
    let _ = WATCHED.try_with(|watched| watched.set(Instant::now()));
    Ok(connection)
}
