//! A busy server in the real window: the wait is counted down, and the call recovers.

use crate::support::{App, Home, PracticeServer, RIGHT_KEY, until};
use serde_json::json;

/// A home that knows a practice server, and the server.
fn set_up() -> (Home, PracticeServer) {
    let server = PracticeServer::start();
    let home = Home::with(&json!({
        "servers": [{ "name": "Busy", "base_url": server.base_url() }],
        "parameters": { "max_tokens": 5 },
    }));
    (home, server)
}

fn open(home: &Home, model: &str) -> Option<App> {
    let app = App::open(home)?;
    app.click("Settings");
    app.save_key("Busy", RIGHT_KEY);
    app.close();
    app.choose_model("Busy", model);
    Some(app)
}

#[test]
fn a_busy_server_is_waited_for_on_the_screen() {
    let (home, _server) = set_up();
    let Some(app) = open(&home, "practice-1:status=429,retry_after=3,times=1") else { return };
    app.click("Send");
    app.wait_for("Attempts", "Waiting 3.0 s because of 429, the server asked for it");
    let left = || {
        let attempts = app.region("Attempts");
        let (before, _) = attempts.split_once(" s left")?;
        before.rsplit(char::is_whitespace).next()?.parse::<f64>().ok()
    };
    let first = until("a countdown", left);
    until("it counts down", || left().filter(|now| *now < first));
    assert!(!app.ends_as("finished").is_empty(), "the call recovers");
    let attempts = app.region("Attempts");
    for kept in ["Attempt 1", "429", "Waited 3.", "Attempt 2", "200"] {
        assert!(attempts.contains(kept), "{kept} is kept: {attempts}");
    }
}

#[test]
fn a_wait_can_be_skipped_or_stopped_with_a_button() {
    let (home, _server) = set_up();
    let Some(app) = open(&home, "practice-1:status=503,retry_after=60,times=1") else { return };
    app.click("Send");
    app.click("Retry now");
    assert!(!app.ends_as("finished").is_empty(), "the second attempt succeeds");
    app.wait_for("Attempts", " of 60.0 s");

    app.click("Send");
    app.click("Stop trying");
    app.ends_as("cancelled");
}
