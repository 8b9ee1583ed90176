//! Runs are kept: found again after a restart, opened, and saved from a killed app.

use crate::{
    server::Server,
    support::{App, Home, endless::endless, until},
};
use serde_json::json;
use std::{
    process::Command,
    sync::{Arc, atomic::AtomicBool},
};

/// Opens the room and waits for the list.
fn open_runs(app: &App, first: &str) {
    app.click("Runs");
    app.wait_for("Today", first);
}

#[test]
fn a_run_is_found_and_opened_after_a_restart() {
    // The likeliest reply, which is long enough to look for some of it.
    let home = Home::with(&json!({ "parameters": { "temperature": 0 } }));
    let Some(app) = App::open(&home) else { return };
    app.click("Send");
    let reply = app.ends_as("finished");
    app.wait_for("Facts about this reply", "free");
    let facts = app.region("Facts about this reply");
    let sent = app.request_body();
    drop(app);

    let app = App::open(&home).expect("it opened before");
    open_runs(&app, "Why is the sky blue?");
    app.fill("Search in titles, questions and replies", "nothing like it");
    app.wait_for("Runs", "No run fits");
    // Words of the reply in large letters, the last of them not whole.
    let words: String = reply.chars().take(18).collect();
    app.fill("Search in titles, questions and replies", &words.to_uppercase());
    app.wait_for("Today", "Why is the sky blue?");
    // What is under the pointer stays there when a run is marked.
    let top = "return document.querySelector(`[aria-label^='Mark: ']`).getBoundingClientRect().top";
    let before = app.js(top, json!([]));
    app.click_on("[type=checkbox]", "Mark: Why is the sky blue?");
    app.wait_for("Marked runs", "1 run marked");
    assert_eq!(app.js(top, json!([])), before, "the list stays where it is");
    app.click("Clear");
    app.click("Why is the sky blue?");
    until("the reply is there again", || (app.reply().1 == reply).then_some(()));
    until("all is told as when it ran", || {
        (app.region("Facts about this reply") == facts).then_some(())
    });
    until("the request is the one that was sent", || (app.request_body() == sent).then_some(()));
    app.paste("Message", "Tell me more.");
    assert!(!app.send().is_empty(), "the conversation goes on");
    // What was looked for is still looked for.
    app.click("Runs");
    app.click("Show all");
    app.wait_for("Today", "Tell me more.");
    app.click("More: Tell me more.");
    app.click("Delete: Tell me more.");
    app.click("Delete it");
    until("it is gone from the list", || {
        (!app.region("Today").contains("Tell me more.")).then_some(())
    });
}

#[test]
fn a_killed_app_keeps_what_had_come() {
    let server = Server::answering(endless(Arc::new(AtomicBool::new(false))));
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.add_server("Endless", &server.origin);
    app.click("Send");
    until("words come", || app.reply().1.contains("word word").then_some(()));
    let group = app.group().to_string();
    let killed = Command::new("pkill").args(["-KILL", "-g", &group, "tokenscope"]).status();
    assert!(killed.expect("pkill is there").success(), "there was an app to kill");
    drop(app);

    let app = App::open(&home).expect("it opened before");
    open_runs(&app, "app closed");
    app.click("Why is the sky blue?");
    until("what had come is there", || app.reply().1.contains("word").then_some(()));
    app.wait_for("Conversation", "the app was closed");
}
