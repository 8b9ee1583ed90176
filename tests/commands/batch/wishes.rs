//! What a person says while a batch is being sent, at the worst moments.

use super::{REPLY, again, answer, begin, begin_at_once, counts, rest, resume, state, sweep};
use crate::{
    app::{Memory, Started, custom, start, start_in, until},
    server::Server,
};
use serde_json::{Value, json};
use std::{
    io::{Write, copy, sink},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Sender, channel},
    },
    thread,
};
use tauri::Manager;
use tempfile::TempDir;
use tokenscope::{batch::Wish, shell::Shell};

/// Says nothing until the other side has had enough.
fn silent(stream: &mut TcpStream) {
    let _ = copy(stream, &mut sink());
}

/// Refuses the first calls, and answers the others so.
fn refusing(
    status: &'static str,
    calls: usize,
    then: impl Fn(&mut TcpStream) + Send + Sync + 'static,
) -> Server {
    let count = AtomicUsize::new(0);
    Server::answering(move |stream| match count.fetch_add(1, Ordering::SeqCst) < calls {
        true => {
            let body = "{\"error\":{\"message\":\"No.\"}}";
            let _ = stream.write_all(answer(status, "", body).as_bytes());
        }
        false => then(stream),
    })
}

fn answers(stream: &mut TcpStream) {
    let _ = stream.write_all(answer("200 OK", "", REPLY).as_bytes());
}

/// Nothing is written into the recordings until this is dropped.
struct Gate {
    _open: Sender<()>,
}

fn close_gate(app: &Started) -> Gate {
    let recorder = app.app.state::<Arc<Shell>>().recorder().clone();
    let (open, opened) = channel();
    let (tell, told) = channel();
    thread::spawn(move || {
        recorder.with(move |_| {
            let _ = tell.send(());
            let _ = opened.recv();
            Ok(())
        })
    });
    told.recv().expect("the recordings work");
    Gate { _open: open }
}

fn until_counts(app: &Started, id: &str, what: &str, count: u64) -> Value {
    until(what, || Some(state(app, id)).filter(|it| it[what] == count))
}

#[test]
fn stop_reaches_the_call_that_is_just_leaving() {
    let (app, server) = (start(), Server::answering(silent));
    begin(&app, "a", &sweep(&custom(&server.origin), 24, 1), false, 1).expect("it begins");
    until("four are sent", || (server.requests().len() == 4).then_some(()));
    app.call("pause_batch", json!({ "id": "a" })).expect("paused");
    app.call("cancel_run", json!({ "id": "a.0.0.0" })).expect("there is room for another");
    until_counts(&app, "a", "running", 3);
    let gate = close_gate(&app);
    resume(&app, "a", false);
    until_counts(&app, "a", "running", 4);
    app.call("stop_batch", json!({ "id": "a" })).expect("stopped");
    drop(gate);
    let end = rest(&app, "a");
    assert_eq!((&end["state"], server.requests().len()), (&json!("stopped"), 4), "none left after");
    assert_eq!(end["waiting"], 20, "what had not left waits: {end}");
    let cells = end["cells"].as_array().expect("cells");
    assert_eq!(cells.iter().filter(|it| it["state"] == "cancelled").count(), 4, "{end}");
    assert_eq!((&end["stopped"], &end["failed"]), (&json!(4), &json!(0)));
    let listed = app.call("list_runs", json!({ "filter": { "limit": 9 } })).expect("listed");
    let spent = &listed["comparisons"][0]["spent"];
    assert_eq!((&end["unknown"], &end["spent"]), (&spent["unknown"], &spent["cost"]), "one rule");
    assert_eq!(end["unknown"], 4);
}

#[test]
fn a_call_is_queued_once_however_often_it_is_asked_for() {
    let (app, server) = (start(), refusing("400 Bad Request", 1, silent));
    begin_at_once(&app, "a", &sweep(&custom(&server.origin), 3, 1), 1).expect("it begins");
    until("the second is sent", || (server.requests().len() == 2).then_some(()));
    again(&app, "a", 0).expect("the first is sent once more when there is room");
    let twice = again(&app, "a", 0).expect_err("that it will be is known");
    assert!(twice["message"].as_str().is_some_and(|it| it.contains("already")), "{twice}");
    app.call("cancel_run", json!({ "id": "a.0.1.0" })).expect("there is room");
    until("it is sent", || (server.requests().len() == 3).then_some(()));
    assert_eq!(again(&app, "a", 0).expect_err("it is")["message"], "This call is on its way.");
    app.call("stop_batch", json!({ "id": "a" })).expect("stopped");
    let end = rest(&app, "a");
    let phases = end["cells"].as_array().expect("cells").iter().map(|it| &it["state"]);
    let phases: Vec<_> = phases.collect();
    assert_eq!(phases, ["cancelled", "cancelled", "waiting"]);
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn what_a_person_has_mended_is_sent_while_the_others_go_on() {
    let app = start();
    let mended = refusing("401 Unauthorized", 1, answers);
    let slow = Server::answering(silent);
    let mut order = sweep(&custom(&slow.origin), 1, 1);
    order["axis"] =
        json!({ "type": "targets", "targets": [custom(&mended.origin), custom(&slow.origin)] });
    begin(&app, "a", &order, false, 1).expect("it begins");
    until_counts(&app, "a", "failed", 1);
    until("the other is sent", || (slow.requests().len() == 1).then_some(()));
    again(&app, "a", 0).expect("the key is right now");
    let state = until_counts(&app, "a", "done", 1);
    assert_eq!((&state["state"], mended.requests().len()), (&json!("running"), 2));
    app.call("stop_batch", json!({ "id": "a" })).expect("stopped");
    assert_eq!(rest(&app, "a")["state"], "done", "each was sent");
}

#[test]
fn what_has_ended_takes_no_more_wishes() {
    let (app, server) = (start(), Server::answering(silent));
    begin_at_once(&app, "a", &sweep(&custom(&server.origin), 2, 1), 1).expect("it begins");
    until("one is sent", || (server.requests().len() == 1).then_some(()));
    let shell = app.app.state::<Arc<Shell>>();
    let batch = shell.batches.get("a").expect("it is being sent");
    app.call("stop_batch", json!({ "id": "a" })).expect("stopped");
    assert_eq!(rest(&app, "a")["state"], "stopped");
    batch.wish(Wish::Go);
    let told = serde_json::to_value(batch.whole()).expect("JSON");
    assert_eq!((&told["state"], server.requests().len()), (&json!("stopped"), 1));
}

#[test]
fn a_place_that_was_freed_after_the_end_is_open() {
    let (app, server) = (start(), refusing("400 Bad Request", 1, answers));
    begin_at_once(&app, "a", &sweep(&custom(&server.origin), 2, 1), 1).expect("it begins");
    let end = rest(&app, "a");
    assert_eq!((&end["state"], counts(&end)), (&json!("done"), vec![2, 1, 1, 0, 0, 0]));
    let place = recordings::compare::Place { row: 0, column: 0, repeat: 0 };
    let recorder = app.app.state::<Arc<Shell>>().recorder().clone();
    let freed = recorder.with(move |store| store.free("a", place, "a.0.0.0"));
    assert!(freed.expect("it is written"), "the app may end between this and the sending");
    let open = until("it is open", || Some(state(&app, "a")).filter(|it| it["state"] != "done"));
    assert_eq!((&open["state"], &open["waiting"]), (&json!("paused"), &json!(1)));
    resume(&app, "a", false);
    assert_eq!(counts(&rest(&app, "a")), [2, 2, 0, 0, 0, 0]);
}

/// Its id is used up, and its place is free all the same.
#[test]
fn a_call_whose_old_run_is_deleted_is_sent_once_more() {
    let (app, server) = (start(), refusing("400 Bad Request", 1, answers));
    begin(&app, "a", &sweep(&custom(&server.origin), 1, 1), false, 1).expect("it begins");
    assert_eq!(counts(&rest(&app, "a")), [1, 0, 1, 0, 0, 0]);
    super::set_price(&app);
    super::set_budget(&app, json!({ "run": null, "day": "0.01", "month": null }));
    again(&app, "a", 0).expect("it is asked about");
    assert!(rest(&app, "a")["over"].is_object());
    let gone = app.call("delete_runs", json!({ "ids": ["a.0.0.0"] }));
    assert_eq!(gone, Ok(json!(1)));
    resume(&app, "a", true);
    let end = rest(&app, "a");
    assert_eq!((&end["state"], counts(&end)), (&json!("done"), vec![1, 1, 0, 0, 0, 0]), "{end}");
    assert_eq!(server.requests().len(), 2);
}

fn no_retries(app: &Started) {
    let mut settings = app.call("start", json!({})).expect("started")["settings"].clone();
    settings["retries"]["retries"] = json!(0);
    app.call("save_settings", json!({ "settings": settings })).expect("saved");
}

/// Refuses the first calls since they come too often, and answers the others.
fn too_often(refusals: usize) -> Server {
    let count = AtomicUsize::new(0);
    Server::answering(move |stream| match count.fetch_add(1, Ordering::SeqCst) < refusals {
        true => {
            let body = "{\"error\":{\"message\":\"Slow down.\"}}";
            let refused = answer("429 Too Many Requests", "retry-after-ms: 1\r\n", body);
            let _ = stream.write_all(refused.as_bytes());
        }
        false => answers(stream),
    })
}

#[test]
fn a_call_that_was_asked_for_too_early_is_asked_for_later() {
    let (app, server) = (start(), too_often(6));
    no_retries(&app);
    begin(&app, "a", &sweep(&custom(&server.origin), 24, 1), false, 1).expect("it begins");
    let end = rest(&app, "a");
    assert_eq!((&end["state"], counts(&end)), (&json!("done"), vec![24, 24, 0, 0, 0, 0]), "{end}");
    assert_eq!(server.requests().len(), 30, "each refusal was one more request");
}

#[test]
fn a_server_that_always_refuses_is_left_to_the_person() {
    let (app, server) = (start(), too_often(7));
    no_retries(&app);
    begin_at_once(&app, "a", &sweep(&custom(&server.origin), 24, 1), 1).expect("it begins");
    let end = rest(&app, "a");
    assert_eq!((&end["state"], counts(&end)), (&json!("paused"), vec![24, 0, 0, 0, 0, 24]));
    assert!(end["why"].as_str().is_some_and(|it| it.contains("127.0.0.1")), "{}", end["why"]);
    assert_eq!(server.requests().len(), 4);
    resume(&app, "a", false);
    assert_eq!(counts(&rest(&app, "a")), [24, 24, 0, 0, 0, 0], "no call was lost by it");
    assert_eq!(server.requests().len(), 24 + 7);
}

#[test]
fn what_is_deleted_is_stopped() {
    let (app, server) = (start(), Server::answering(silent));
    let target = custom(&server.origin);
    let delete = |id: &str| app.call("delete_comparisons", json!({ "ids": [id, "never"] }));
    begin(&app, "a", &sweep(&target, 24, 1), false, 1).expect("it begins");
    until("four are sent", || (server.requests().len() == 4).then_some(()));
    assert_eq!(delete("a"), Ok(json!(1)));
    let shell = app.app.state::<Arc<Shell>>();
    assert_eq!((shell.runs.in_progress(), server.requests().len()), (0, 4));
    let asked = json!({ "id": "a", "on_progress": "__CHANNEL__:8" });
    app.call("watch_batch", asked).expect_err("it is gone");

    begin(&app, "b", &sweep(&target, 24, 1), false, 1).expect("it begins");
    app.start_run("alone", &target, 2).expect("it starts");
    until("all are sent", || (server.requests().len() == 9).then_some(()));
    app.call("delete_all_runs", json!({})).expect("all are deleted");
    until("nothing goes on", || (shell.runs.in_progress() == 0).then_some(()));
    let left = app.call("list_runs", json!({ "filter": { "limit": 9 } })).expect("listed");
    assert_eq!((&left["runs"], &left["comparisons"]), (&json!([]), &json!([])));
    assert_eq!(server.requests().len(), 9);
}

#[test]
fn two_windows_send_each_call_once() {
    let folder = TempDir::new().expect("a folder");
    let here = start_in(folder.path(), Memory::default());
    let there = start_in(folder.path(), Memory::default());
    let server = Server::answering(answers);
    let target = custom(&server.origin);
    begin_at_once(&here, "a", &sweep(&target, 24, 5), 4).expect("it begins");
    until("some are sent", || (server.requests().len() >= 8).then_some(()));
    here.call("pause_batch", json!({ "id": "a" })).expect("paused");
    rest(&here, "a");
    resume(&there, "a", false);
    resume(&here, "a", false);
    rest(&there, "a");
    rest(&here, "a");
    let end = until("all have ended", || {
        let state = state(&here, "a");
        (counts(&state) == [120, 120, 0, 0, 0, 0]).then_some(state)
    });
    assert_eq!((&end["state"], server.requests().len()), (&json!("done"), 120));
    assert!(super::asked(&server).values().all(|times| *times == 5));
}
