//! The practice provider inside this process.
//!
//! Its port is taken at once, since the Request lens shows the address, but nothing is
//! served before the window is painted: reading the corpus would compete with it. A
//! request that comes earlier waits in the socket's queue or starts the server itself.

use std::{future, io, net::SocketAddr, net::TcpListener, sync::Mutex};

/// The id of its row in the table of providers.
pub const PRACTICE: &str = "practice";
/// What it accepts as a key. Everybody may know it.
pub const PRACTICE_KEY: &str = "practice";

/// A port on the loopback interface that answers once [`PracticeServer::serve`] was called.
pub struct PracticeServer {
    address: SocketAddr,
    waiting: Mutex<Option<TcpListener>>,
}

impl PracticeServer {
    /// Takes a free port.
    pub fn reserve() -> io::Result<PracticeServer> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(PracticeServer { address, waiting: Mutex::new(Some(listener)) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Begins to answer, for as long as the process lives. Calling it again does nothing.
    pub fn serve(&self) {
        let waiting = self.waiting.lock().expect("nothing panics while it holds this lock").take();
        let Some(listener) = waiting else { return };
        tauri::async_runtime::spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            practice::serve(listener, practice::Manner::default(), future::pending()).await
        });
    }
}
