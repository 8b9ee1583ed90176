//! A reply that goes on for as long as anybody listens.

use std::{
    io::Write,
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

const HEAD: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
const CHUNK: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}\n\n";
const BETWEEN_WORDS: Duration = Duration::from_millis(20);

/// How a server answers without an end. It sets `hung_up` when nobody listens any more.
pub fn endless(hung_up: Arc<AtomicBool>) -> impl Fn(&mut TcpStream) + Send + Sync + 'static {
    move |stream| {
        let _ = stream.write_all(HEAD.as_bytes());
        while stream.write_all(CHUNK.as_bytes()).is_ok() {
            thread::sleep(BETWEEN_WORDS);
        }
        hung_up.store(true, Ordering::SeqCst);
    }
}
