//! The window is closed in the middle of what it shows.

use crate::support::{
    App, Home,
    page::key::{CONTROL, SHIFT},
    until,
};
use rusqlite::Connection;
use serde_json::json;

/// How each column's reply stands, and its words.
fn replies(app: &App) -> Vec<(String, String)> {
    let script = "
        return [...document.querySelectorAll('[data-column] [data-state]')].map((it) =>
            [it.dataset.state, [...it.children].map((block) => block.textContent).join('')]);";
    serde_json::from_value::<Vec<(String, String)>>(app.js(script, json!([]))).expect("replies")
}

#[test]
fn what_was_on_the_screen_is_there_after_the_window_was_closed() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.press(&[CONTROL, SHIFT, 'a']);
    app.fill_and_enter("Find a model", "practice-mini");
    app.dialog_closes();
    app.paste("Message to all columns", "Count to 1000");
    app.click("Send to 2");
    let speak = |most: usize| {
        until("words come in both columns", || {
            let all = replies(&app);
            (all.len() == 2 && all.iter().all(|(_, text)| text.len() > most)).then_some(all)
        })
    };
    let begun = speak(0);
    // Then another window writes something, and what comes here from now on has to wait for it.
    let files = home.files();
    let file = files.iter().find(|it| it.ends_with("recordings/recordings.sqlite"));
    let other = Connection::open(file.expect("the recordings")).expect("they open");
    until("their file is held", || other.execute_batch("BEGIN IMMEDIATE").ok());
    let longest = begun.iter().map(|(_, text)| text.len()).max().unwrap_or_default();
    let seen = speak(longest + 40);
    app.shut();
    drop(other);
    app.ends();

    let app = App::open(&home).expect("it opened before");
    app.click("Runs");
    app.wait_for("Today", "2 columns");
    assert!(app.region("Today").contains("2 stopped"), "{}", app.region("Today"));
    app.click("Count to 1000");
    let kept = until("the replies are there again", || {
        let all = replies(&app);
        (all.len() == 2 && all.iter().all(|(_, text)| !text.is_empty())).then_some(all)
    });
    for ((state, text), (_, seen)) in kept.iter().zip(&seen) {
        assert!(text.starts_with(seen), "{seen}\nwas on the screen, and this is kept:\n{text}");
        assert_eq!(state, "cancelled", "its end was written");
    }
}
