//! Everything without a pointer.

use crate::support::{
    App, Home,
    page::key::{CONTROL, ENTER, ESCAPE, SHIFT, TAB},
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
    assert!(app.focused().starts_with("Find a model"), "the search waits: {}", app.focused());
    walk_to(&app, "practice-1", &[TAB]);
    app.press(&[ENTER]);
    app.dialog_closes();
    assert!(app.focused().starts_with("Model:"), "the focus is given back: {}", app.focused());

    walk_to(&app, "Message", &[TAB]);
    app.press(&[CONTROL, 'a']);
    app.type_text("Count to 3");
    app.press(&[CONTROL, ENTER]);
    assert_eq!(app.ends_as("finished"), "1, 2, 3", "the typed question is answered");
    assert_eq!(app.focused(), "Message", "the next message can be typed at once");
}

#[test]
fn escape_closes_a_dialog_and_then_stops_a_reply() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.press(&[CONTROL, '/']);
    app.element("h2", "Help");
    app.press(&[ESCAPE]);
    app.dialog_closes();
    assert!(app.focused().starts_with("Send"), "the focus is given back: {}", app.focused());

    app.paste("Message", "Count to 300");
    app.press(&[CONTROL, ENTER]);
    crate::support::until("words come", || app.reply().1.contains('2').then_some(()));
    app.press(&[ESCAPE]);
    assert!(app.ends_as("cancelled").starts_with("1, 2"), "what came is kept");
}

/// Presses `keys` until something with that name has the focus.
#[track_caller]
fn walk_to(app: &App, name: &str, keys: &[char]) {
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
