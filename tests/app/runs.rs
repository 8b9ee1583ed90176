//! Runs are kept: found again after a restart, opened, and saved from a killed app.

use crate::{
    server::Server,
    support::{App, Home, endless::endless, until},
};
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
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.click("Send");
    let reply = app.ends_as("finished");
    let facts = app.region("Facts about this reply");
    let sent = app.request_body();
    drop(app);

    let app = App::open(&home).expect("it opened before");
    open_runs(&app, "Why is the sky blue?");
    app.fill("Search in titles, questions and replies", "nothing like it");
    app.wait_for("Runs", "No run fits");
    app.fill("Search in titles, questions and replies", "SUNLIGHT loo");
    app.wait_for("Today", "Why is the sky blue?");
    app.click("Why is the sky blue?");
    until("the reply is there again", || (app.reply().1 == reply).then_some(()));
    assert_eq!(app.region("Facts about this reply"), facts, "as it was told when it ran");
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
