//! The practice provider inside this process.
//!
//! Its port is taken at once, since the Request lens shows the address, but nothing is
//! served before the window is painted: reading the corpus would compete with it. A
//! request that comes earlier waits in the socket's queue or starts the server itself.

use std::{future, io, net::SocketAddr, net::TcpListener, sync::Mutex};

pub use playground::provider::PRACTICE;
/// What it accepts as a key. Everybody may know it.
pub const PRACTICE_KEY: &str = "practice";

/// The port that it takes if nobody else has it: who adds the practice server as one of their own,
/// as the lessons on keys and gateways ask for, finds it there after a restart too.
const PORT: u16 = 27_183;

/// A port on the loopback interface that answers once [`PracticeServer::serve`] was called.
pub struct PracticeServer {
    address: SocketAddr,
    waiting: Mutex<Option<TcpListener>>,
}

impl PracticeServer {
    /// Takes its port, or any that is free.
    pub fn reserve() -> io::Result<PracticeServer> {
        let listener = TcpListener::bind(("127.0.0.1", PORT))
            .or_else(|_| TcpListener::bind(("127.0.0.1", 0)))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_its_port_is_taken_it_has_another() {
        let [one, other] = [PracticeServer::reserve(), PracticeServer::reserve()];
        let (one, other) = (one.expect("a port"), other.expect("another"));
        assert_ne!(one.address(), other.address());
    }
}
