//! Practice as a stranger's server: on a port of its own, wanting a key.

use practice::{Manner, pace::Pace};
use std::{net::SocketAddr, time::Duration};
use tokio::runtime::Runtime;

/// A key that Practice accepts.
pub const RIGHT_KEY: &str = "practice-right-0123456789-wxyz";

/// Runs until it is dropped.
pub struct PracticeServer {
    address: SocketAddr,
    _runtime: Runtime,
}

impl PracticeServer {
    /// One that talks as fast as it can.
    pub fn start() -> PracticeServer {
        let runtime = Runtime::new().expect("a runtime");
        let manner = Manner { pace: Pace::UNLIMITED };
        let address = runtime.block_on(practice::start(manner)).expect("a free port");
        PracticeServer { address, _runtime: runtime }
    }

    /// One that talks at so many tokens per second.
    pub fn start_at(rate: f64) -> PracticeServer {
        let runtime = Runtime::new().expect("a runtime");
        let manner = Manner { pace: Pace { first: Duration::from_millis(300), rate } };
        let address = runtime.block_on(practice::start(manner)).expect("a free port");
        PracticeServer { address, _runtime: runtime }
    }

    /// Its address, as a person types it.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }
}
