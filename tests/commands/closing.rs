//! Closing the app: what anybody was told is written before the process ends.

use crate::{
    app::{Memory, custom, start_in, until},
    endless::endless,
    server::Server,
};
use recordings::{Store, search::Filter, summary::Outcome};
use serde_json::{Value, json};
use std::sync::{Arc, atomic::AtomicBool};
use tauri::RunEvent;
use tempfile::TempDir;

#[test]
fn an_app_that_closes_has_written_all_that_was_told() {
    let folder = TempDir::new().expect("a temporary folder");
    let app = start_in(folder.path(), Memory::default());
    let server = Server::answering(endless(Arc::new(AtomicBool::new(false))));
    let target = custom(&server.origin);
    for channel in 1..=3 {
        app.start_run(&format!("run {channel}"), &target, channel).expect("it starts");
    }
    let order = json!({ "kind": "sweep", "target": target, "repeats": 8,
        "base": { "messages": [{ "role": "user", "text": "Why?" }], "parameters": {} },
        "axis": { "type": "number", "control": "max_tokens", "values": [1, 2] } });
    let batch = json!({ "id": "batch", "title": "", "order": order, "concurrency": 4,
        "consent": true, "offset_minutes": 0, "on_progress": "__CHANNEL__:4" });
    app.call("start_batch", batch).expect("it begins");
    until("words come everywhere", || {
        let batch = json!({ "id": "batch", "on_progress": "__CHANNEL__:5" });
        let state = app.call("watch_batch", batch).expect("told");
        let cells = state["cells"].as_array().expect("cells");
        let speak = cells.iter().filter(|it| it["reply"].as_str().is_some_and(|it| !it.is_empty()));
        let columns = (1..=3).filter(|it| app.events(*it).iter().any(|it| it["type"] == "frame"));
        (speak.count() == 4 && columns.count() == 3).then_some(())
    });
    tokenscope::run_event(app.app.handle(), RunEvent::Exit);

    // The process would be gone now: this is what it has left.
    let file = folder.path().join("recordings").join("recordings.sqlite");
    let store = Store::again(&file).expect("the recordings");
    let list = store.list(&Filter { limit: 9, ..Filter::default() }).expect("a list");
    let of_batch = store.cells("batch").expect("its calls");
    let of_batch = of_batch.iter().map(|it| it.summary.as_ref().expect("a run"));
    let outcomes: Vec<_> = list.runs.iter().chain(of_batch).map(|it| it.outcome).collect();
    assert_eq!(outcomes, [Outcome::Cancelled; 7], "each has its end");
    for channel in 1..=3 {
        let mut kept: Vec<Value> = Vec::new();
        let take = |event| {
            kept.push(serde_json::to_value(event)?);
            Ok(())
        };
        store.events(&format!("run {channel}"), take).expect("it is read");
        let told = app.events(channel);
        assert_eq!(kept[..told.len()], told, "what the page was told is there");
    }
    let late = app.start_run("late", &target, 6).expect_err("it is too late for more");
    assert!(late["message"].as_str().is_some_and(|it| it.contains("closing")), "{late}");
    assert_eq!(server.requests().len(), 7, "no further call has left");
}
