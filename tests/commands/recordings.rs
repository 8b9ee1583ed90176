//! Every run is kept: read back as it was told, found, and deleted.

use crate::{
    CANARY,
    app::{Memory, Started, custom, start, start_in},
    bytes_below, last, run,
    server::{STREAM, Server},
    set_key,
};
use serde_json::{Value, json};
use tempfile::TempDir;

/// What the page hears when it opens the run `id`.
pub fn replay(app: &Started, id: &str, channel: u32) -> Vec<Value> {
    let reading = format!("reading {channel}");
    let on_events = format!("__CHANNEL__:{channel}");
    app.call("replay_run", json!({ "id": id, "reading": reading, "on_events": on_events }))
        .expect("it is read");
    app.events(channel)
}

fn list(app: &Started) -> Vec<Value> {
    let page = app.call("list_runs", json!({ "filter": { "limit": 100 } })).expect("a list");
    page["runs"].as_array().expect("runs").clone()
}

#[test]
fn a_replay_tells_what_the_run_told_in_every_format_whatever_happened() {
    let app = start();
    let first = app.call("start", json!({})).expect("started");
    let dialects = first["providers"][0]["dialects"].as_array().expect("formats").clone();
    let faults = [
        ("", "finished"),
        (":status=429,retry_after=0,times=1", "finished"),
        (":garbage", "finished"),
        (":in_stream_error", "interrupted"),
        (":cut=5", "interrupted"),
        (":status=401", "failed"),
        (":html,status=200", "failed"),
    ];
    let mut channel = 0;
    for dialect in &dialects {
        for (fault, outcome) in faults {
            channel += 2;
            let id = format!("{}{fault}", dialect["id"]);
            let target = json!({ "provider": "practice", "base_url": null,
                "dialect": dialect["id"], "model": format!("practice-1{fault}") });
            let live = run(&app, &id, &target, channel);
            assert_eq!(replay(&app, &id, channel + 1), live, "{id}");
            let kept = app.call("kept_run", json!({ "id": id })).expect("it is kept");
            assert_eq!(kept["chat"], crate::app::chat(), "{id}");
            let summary = &kept["summary"];
            assert_eq!(summary["outcome"], outcome, "{id}");
            assert_eq!(summary["target"], target, "{id}");
            let attempts = live.iter().filter(|it| it["type"] == "attempt_started").count();
            assert_eq!(summary["attempts"], attempts, "{id}");
            assert_eq!(summary["error"], last(&live)["error"]["title"], "{id}");
        }
    }
    assert_eq!(list(&app).len(), dialects.len() * faults.len());
}

#[test]
fn runs_are_there_again_after_a_restart() {
    let folder = TempDir::new().expect("a temporary folder");
    let app = start_in(folder.path(), Memory::default());
    let live = run(&app, "a", &crate::practice(), 1);
    app.call("rename_run", json!({ "id": "a", "title": "My first call" })).expect("renamed");
    app.call("star_run", json!({ "id": "a", "starred": true })).expect("starred");
    assert_eq!(list(&app).len(), 1);
    drop(app);
    let app = start_in(folder.path(), Memory::default());
    let runs = list(&app);
    assert_eq!((&runs[0]["title"], &runs[0]["starred"]), (&json!("My first call"), &json!(true)));
    assert_eq!(replay(&app, "a", 2), live);
    let names = app.call("run_names", json!({})).expect("names");
    assert_eq!(names, json!({ "providers": ["practice"], "models": ["practice-1"] }));
    assert_eq!(app.call("delete_runs", json!({ "ids": ["a"] })).expect("deleted"), 1);
    assert_eq!(list(&app).len(), 0);
    let gone = app.call("kept_run", json!({ "id": "a" })).expect_err("it is gone");
    assert!(gone["message"].as_str().expect("words").contains("no such run"), "{gone}");
}

#[test]
fn a_key_that_a_server_echoes_is_on_no_disk() {
    let folder = TempDir::new().expect("a temporary folder");
    let app = start_in(folder.path(), Memory::default());
    let echo = format!("{{\"error\":{{\"message\":\"no such key: {CANARY}\"}}}}");
    let length = echo.len();
    let refusing = Server::saying(format!(
        "HTTP/1.1 401 No\r\nx-echo: {CANARY}\r\ncontent-length: {length}\r\n\r\n{echo}"
    ));
    let streaming = Server::saying(STREAM.replace("Because", CANARY));
    for (channel, server) in (1..).zip([&refusing, &streaming]) {
        let target = custom(&server.origin);
        set_key(&app, &target, CANARY);
        run(&app, &format!("run {channel}"), &target, channel);
    }
    assert_eq!(list(&app).len(), 2);
    let bytes = bytes_below(folder.path());
    let has = |text: &str| bytes.windows(text.len()).any(|it| it == text.as_bytes());
    assert!(has("no such key") && has("some-model"), "the runs are on the disk");
    assert!(!has(CANARY));
}

#[test]
fn a_limit_removes_the_oldest_and_says_so() {
    let app = start();
    let mut settings = app.call("start", json!({})).expect("started")["settings"].take();
    run(&app, "old", &crate::practice(), 1);
    run(&app, "new", &crate::practice(), 2);
    app.call("star_run", json!({ "id": "old", "starred": true })).expect("starred");
    let said = app.call("beyond_limit", json!({ "megabytes": 0 })).expect("counted");
    assert_eq!(said["runs"], 0, "a star keeps it");
    app.call("star_run", json!({ "id": "old", "starred": false })).expect("no star");
    let said = app.call("beyond_limit", json!({ "megabytes": 0 })).expect("counted");
    assert_eq!(said["runs"], 1);
    settings["keep_mb"] = json!(0);
    let refused = app.call("save_settings", json!({ "settings": settings }));
    assert!(refused.is_err(), "it would keep nothing");
    let state = app.call("recordings_state", json!({})).expect("told");
    assert_eq!((&state["amount"]["runs"], &state["problem"]), (&json!(2), &json!(null)));
    assert_eq!(app.call("delete_all_runs", json!({})).expect("deleted"), 2);
}
