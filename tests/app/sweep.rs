//! One question sent many times, and many questions: on practice, from the form to Runs and back.

use crate::{
    accessibility::examine,
    support::{App, Home, page::key, until},
};
use serde_json::{Value, json};

/// Short replies: a sweep takes a few seconds.
fn short() -> Value {
    json!({ "parameters": { "max_tokens": 24 } })
}

/// The letters of the calls of each value: those of the same reply are the same.
fn letters(app: &App) -> Vec<String> {
    let rows = app.js(
        "return [...document.querySelectorAll('[role=grid] > [role=row]')].map((row) =>
            [...row.querySelectorAll('button[role=gridcell]')].map((it) => it.innerText).join(''))",
        json!([]),
    );
    serde_json::from_value(rows).expect("a list of letters")
}

/// Waits until so many calls have ended, or more.
fn ended(app: &App, at_least: u64) -> u64 {
    until(&format!("{at_least} calls have ended"), || {
        let bar = "return document.querySelector('[aria-label=Progress] progress')?.value ?? 0";
        app.js(bar, json!([])).as_f64().map(|value| value as u64).filter(|done| *done >= at_least)
    })
}

/// The line of the batch in Runs, opened.
fn open_from_runs(app: &App) {
    app.click("Runs");
    app.wait_for("Today", "Why is the sky blue?");
    app.click("Why is the sky blue?");
}

#[test]
fn what_temperature_does_is_seen_at_once() {
    let home = Home::with(&short());
    let Some(app) = App::open(&home) else { return };
    app.click("Sweep");
    app.wait_for("A new sweep", "12 calls");
    app.click("Send 12 calls");
    ended(&app, 12);
    let all = until("every value is compared", || {
        Some(letters(&app)).filter(|rows| rows.iter().all(|row| row.len() == 3))
    });
    assert_eq!(all.len(), 4, "a row for each temperature: {all:?}");
    assert_eq!(all[0], "AAA", "temperature 0 always says the same");
    assert_ne!(all[3], "AAA", "temperature 1.5 does not");
    let strands = app.js(
        "return [...document.querySelectorAll('[role=grid] svg[role=img]')].map(
            (svg) => svg.querySelectorAll('path').length)",
        json!([]),
    );
    assert_eq!(strands[0], json!(1), "equal replies are one strand: {strands}");
    assert!(strands[3].as_u64() > Some(1), "different ones are a braid: {strands}");

    // The keys walk from call to call; one opens beside, and in Play.
    app.js("document.querySelector('[data-place=\"0 0\"]').focus()", json!([]));
    app.press(&[key::DOWN]);
    app.press(&[key::RIGHT]);
    app.focus_comes_to("temperature 0.7, reply 2");
    app.press(&[key::UP]);
    app.focus_comes_to("temperature 0, reply 2");
    app.press(&[key::ENTER]);
    app.wait_for("Reply", "temperature 0, reply 2");
    let words = app.region("Its words");
    app.click("Open in Play");
    until("the reply is in the conversation", || (app.reply().1 == words).then_some(()));

    // The whole sweep is one item, and comes back as it was.
    open_from_runs(&app);
    ended(&app, 12);
    until("the same grid", || (letters(&app) == all).then_some(()));
}

#[test]
fn a_sweep_is_paused_and_goes_on_after_a_restart() {
    // Replies of some seconds, four at once: the last ones cannot have left when the first ends.
    let home = Home::with(&json!({ "parameters": { "max_tokens": 120 } }));
    let Some(app) = App::open(&home) else { return };
    app.click("Sweep");
    app.wait_for("A new sweep", "12 calls");
    app.click("Send 12 calls");
    ended(&app, 1);
    app.click("Pause");
    app.wait_for("Progress", "Resume");
    let before = ended(&app, 1);
    assert!(before < 12, "some are not sent yet");
    drop(app);

    let Some(app) = App::open(&home) else { return };
    open_from_runs(&app);
    app.click("Resume");
    ended(&app, 12);
    app.wait_for("Progress", "12 of 12");
}

#[test]
fn a_set_of_prompts_is_a_table_of_replies() {
    let home = Home::with(&short());
    let Some(app) = App::open(&home) else { return };
    app.click("Sweep");
    app.click("Set of prompts");
    app.paste("Prompts", "Why is the sky blue?\n\nWhat is a token?\nHow do rainbows form?");
    app.click_on("label", "practice-mini");
    app.wait_for("A new set", "6 calls");
    app.click("Send 6 calls");
    ended(&app, 6);
    // However short: practice-mini may end after a word.
    let cells = "return [...document.querySelectorAll('tbody [role=gridcell]')]
        .filter((it) => it.innerText.trim() && !it.querySelector('.quiet, .bad')).length";
    until("every cell has its reply", || (app.js(cells, json!([])) == json!(6)).then_some(()));
    app.js("document.querySelector('[data-place=\"0 0\"]').focus()", json!([]));
    app.press(&[key::DOWN]);
    app.press(&[key::RIGHT]);
    app.focus_comes_to("practice-mini, prompt 2");
    app.element("button", "Export CSV");
}

#[test]
fn sweeps_can_be_read_by_everybody() {
    for theme in ["light", "dark"] {
        let mut settings = short();
        settings["theme"] = json!(theme);
        let Some(app) = App::open(&Home::with(&settings)) else { return };
        app.click("Sweep");
        app.wait_for("A new sweep", "12 calls");
        let mut faults = examine(&app, &format!("a new sweep, {theme}"));
        app.click("Send 12 calls");
        ended(&app, 12);
        until("every value is compared", || {
            letters(&app).iter().all(|row| row.len() == 3).then_some(())
        });
        app.click("temperature 1, reply 1");
        app.click("The same as a table");
        faults.extend(examine(&app, &format!("a sweep, {theme}")));
        app.click("New");
        app.click("Set of prompts");
        app.wait_for("A new set", "3 calls");
        faults.extend(examine(&app, &format!("a new set, {theme}")));
        app.click("Send 3 calls");
        ended(&app, 3);
        faults.extend(examine(&app, &format!("a set, {theme}")));
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

#[test]
fn nothing_of_a_sweep_is_cut_off_in_a_small_window() {
    for (width, height, zoom) in [(1024, 700, 1.0), (1280, 800, 2.0)] {
        let mut settings = short();
        settings["zoom"] = json!(zoom);
        let Some(app) = App::open(&Home::with(&settings)) else { return };
        app.resize(width, height);
        let whole = |screen: &str| {
            assert_eq!(app.cut_off(), json!([]), "{screen} at {width}×{height}, {zoom}");
        };
        let press = |name: &str| app.press_wherever(name);
        app.press(&[key::CONTROL, key::SHIFT, 's']);
        app.wait_for("A new sweep", "12 calls");
        whole("a new sweep");
        press("Send 12 calls");
        ended(&app, 12);
        whole("a sweep");
        press("temperature 0, reply 1");
        app.element("button", "Open in Play");
        whole("one reply of a sweep");
        press("New");
        press("Set of prompts");
        app.wait_for("A new set", "3 calls");
        whole("a new set");
        press("Send 3 calls");
        ended(&app, 3);
        whole("a set");
    }
}
