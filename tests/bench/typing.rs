//! A person types in the text of the Tokens room: from the key to the picture.

use crate::support::{
    App, Home,
    page::key::{CONTROL, HOME},
    within,
};
use serde_json::{Value, json};
use std::time::Duration;

/// How many keys are pressed, the first of which are not counted: caches fill with them.
const KEYS: usize = 60;
const WARM: usize = 10;
const LIMIT: Duration = Duration::from_secs(30);
const BOX: &str = "Text to cut into tokens";

/// Notes how long after each key the frame is done that shows the count of the text with it.
const WATCH: &str = "
    const watch = window.typed = { times: [] };
    const channel = new MessageChannel();
    const note = () => document.querySelector('.main small').textContent;
    let [begun, before] = [0, ''];
    addEventListener('keydown', (event) => {
        [begun, before] = [event.timeStamp, note()];
        const look = () => {
            if (note() === before) requestAnimationFrame(look);
            // What is posted from a frame comes after it is painted.
            else channel.port2.postMessage(0);
        };
        requestAnimationFrame(look);
    }, true);
    channel.port1.onmessage = () => watch.times.push(performance.now() - begun);";

/// How long after a key the window shows what it changed; 95 of 100 come sooner.
pub fn measure(text: &str) -> Option<Duration> {
    let home = Home::new();
    let app = App::open(&home)?;
    app.click("Tokens");
    app.wait_for("Lanes", "o200k_base");
    app.replace(BOX, text);
    let characters = format!("{} characters", thousands(text.chars().count()));
    app.wait_for("Tokens", &characters);
    app.press(&[CONTROL, HOME]);
    app.js(WATCH, json!([]));
    for typed in 1..=KEYS {
        app.press(&['a']);
        let seen = || (times(&app).len() >= typed).then_some(());
        within(LIMIT, seen).expect("every key is shown");
    }
    let mut times = times(&app).split_off(WARM);
    times.sort_by(f64::total_cmp);
    Some(Duration::from_secs_f64(times[times.len() * 95 / 100] / 1000.0))
}

fn times(app: &App) -> Vec<f64> {
    let times = app.js("return window.typed.times", json!([]));
    times.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

fn thousands(count: usize) -> String {
    match (count / 1000, count % 1000) {
        (0, rest) => rest.to_string(),
        (whole, rest) => format!("{whole},{rest:03}"),
    }
}
