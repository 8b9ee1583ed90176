//! What the page asks, up to the bytes that a server receives.

#[path = "../support/app.rs"]
mod app;
mod batch;
mod closing;
mod compare;
mod costs;
#[path = "../app/support/endless.rs"]
mod endless;
#[path = "../support/faults.rs"]
mod faults;
mod files;
mod grants;
mod keys;
mod learn;
mod models;
mod recordings;
mod runs;
#[path = "../support/server.rs"]
mod server;
mod sheets;

use app::{Started, is_last};
use serde_json::{Value, json};
use server::Server;
use std::{
    fs,
    path::{Path, PathBuf},
};

const CANARY: &str = "sk-canary-0123456789-abcd";

fn practice() -> Value {
    json!({ "provider": "practice", "base_url": null, "model": "practice-1" })
}

fn set_key(app: &Started, target: &Value, key: &str) -> Value {
    app.call("set_key", json!({ "target": target, "key": key })).expect("the key is kept")
}

/// Runs to the end and checks what holds for every run: one end, and it comes last.
fn run(app: &Started, id: &str, target: &Value, channel: u32) -> Vec<Value> {
    app.start_run(id, target, channel).expect("the run starts");
    let events = app.events_to_the_end(id, channel);
    assert_eq!(events.iter().filter(|it| is_last(it)).count(), 1, "{events:?}");
    events
}

fn last(events: &[Value]) -> &Value {
    events.last().expect("a run has events")
}

fn answering(status: &str, body: &str) -> Server {
    let length = body.len();
    Server::saying(format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    ))
}

/// Everything in the files of a folder and of those in it.
fn bytes_below(folder: &Path) -> Vec<u8> {
    let paths = fs::read_dir(folder).expect("a folder").map(|it| it.expect("an entry").path());
    let read = |path: PathBuf| match path.is_dir() {
        true => bytes_below(&path),
        // Some come and go with what is being written.
        false => fs::read(path).unwrap_or_default(),
    };
    paths.flat_map(read).collect()
}
