//! Everything without a pointer.

use crate::support::{
    App, Home,
    page::key::{CONTROL, ENTER, ESCAPE, SHIFT, TAB},
    until,
};

/// More presses than the window has stops.
const STOPS: usize = 60;

#[test]
fn a_model_is_chosen_and_a_message_sent_from_the_keyboard() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    walk_to(&app, "Model:", &[SHIFT, TAB]);
    app.press(&[ENTER]);
    app.element("h2", "Choose a model");
    app.focus_comes_to("Find a model");
    walk_to(&app, "practice-1", &[TAB]);
    app.press(&[ENTER]);
    app.dialog_closes();
    app.focus_comes_to("Model:");

    walk_to(&app, "Message", &[TAB]);
    app.press(&[CONTROL, 'a']);
    app.type_text("Count to 3");
    app.press(&[CONTROL, ENTER]);
    assert_eq!(app.ends_as("finished"), "1, 2, 3", "the typed question is answered");
    app.focus_comes_to("Message");
}

#[test]
fn who_begins_to_write_at_once_writes_the_message() {
    let Some(app) = App::open(&Home::new()) else { return };
    app.focus_comes_to("Send");
    app.type_text("Count to 3");
    app.press(&[CONTROL, ENTER]);
    assert_eq!(app.ends_as("finished"), "1, 2, 3", "nothing of it pressed Send, or was lost");
}

#[test]
fn escape_closes_a_dialog_and_then_stops_a_reply() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.press(&[CONTROL, '/']);
    app.element("h2", "Help");
    app.press(&[ESCAPE]);
    app.dialog_closes();
    app.focus_comes_to("Send");

    app.paste("Message", "Count to 300");
    app.press(&[CONTROL, ENTER]);
    until("words come", || app.reply().1.contains('2').then_some(()));
    app.press(&[ESCAPE]);
    assert!(app.ends_as("cancelled").starts_with("1, 2"), "what came is kept");
}

#[test]
fn keys_meant_for_something_else_neither_stop_a_reply_nor_send() {
    let Some(app) = App::open(&Home::new()) else { return };
    app.paste("Message", "Count to 1000");
    app.press(&[CONTROL, ENTER]);
    until("words come", || app.reply().1.contains('2').then_some(()));
    // Esc closes the dialog of a room, and in another room it stops nothing that is not seen there.
    app.press(&[CONTROL, '3']);
    app.click("Save or open");
    app.press(&[CONTROL, ENTER]);
    app.press(&[ESCAPE]);
    app.dialog_closes();
    app.press(&[ESCAPE]);
    app.press(&[CONTROL, '2']);
    until("the reply is there", || (!app.reply().0.is_empty()).then_some(()));
    assert_eq!(app.reply().0, "running", "it goes on");

    app.press(&[CONTROL, SHIFT, 's']);
    app.wait_for("A new sweep", "12 calls");
    // What has the focus there is the button that closes it.
    for keys in [&[CONTROL, ENTER][..], &[ESCAPE]] {
        app.press(&[CONTROL, ',']);
        app.element("h2", "Settings and keys");
        app.press(keys);
        app.dialog_closes();
        app.wait_for("A new sweep", "12 calls");
    }
    app.press(&[CONTROL, ENTER]);
    app.element("section", "Progress");
    app.press(&[ESCAPE]);
    app.press(&[ESCAPE]);
    assert!(app.ends_as("cancelled").starts_with("1, 2"), "what came is kept");
}

/// Presses `keys` until something with that name has the focus.
#[track_caller]
pub fn walk_to(app: &App, name: &str, keys: &[char]) {
    let mut seen = Vec::new();
    for _ in 0..STOPS {
        let focused = app.focused();
        if focused.starts_with(name) {
            return;
        }
        seen.push(focused);
        app.press(keys);
    }
    panic!("{name} cannot be reached; these can: {seen:?}");
}
