//! The versions of the system message: sent, named, set side by side, and taken back.

use crate::support::{App, Home, until};
use serde_json::json;

fn system(app: &App) -> String {
    let value = app.js("return document.querySelector('#system').value", json!([]));
    value.as_str().unwrap_or_default().to_owned()
}

#[test]
fn an_older_system_message_comes_back_and_runs_say_which_they_used() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    for (system, count) in [("Be brief and kind.", "2"), ("Be brief and wild.", "3")] {
        app.paste("System", system);
        app.paste("Message", &format!("Count to {count}"));
        app.send();
    }
    app.wait_for("Conversation", "system v2");
    app.paste("System", "Never sent.");
    app.wait_for("Conversation", "not sent yet");

    app.click("Versions");
    app.click("v1");
    app.fill("Name", "kind one");
    app.click("Save name and note");
    app.wait_for("Versions", "v1 · kind one");
    app.click("v2");
    app.wait_for("What changed", "wild");
    app.wait_for("What changed", "kind");
    app.click("v1");
    app.click("Use this");
    app.dialog_closes();
    assert_eq!(system(&app), "Be brief and kind.");
    app.wait_for("Conversation", "v1 · kind one");
    app.click("Undo");
    until("the words before are back", || (system(&app) == "Never sent.").then_some(()));

    app.click("Runs");
    app.wait_for("Today", "System message v1 · kind one");
    app.wait_for("Today", "System message v2");
    app.click("Delete all…");
    app.click_on("input", "And all versions of the system message");
    app.click("Delete all");
    app.wait_for("Runs", "0 runs");
    app.click("Play");
    until("no version is left", || app.find("button", "Versions").is_none().then_some(()));
}
