//! Keys through the real keyring, and the trace that they must not leave.

use crate::support::{App, Home, PracticeServer, RIGHT_KEY, until};
use serde_json::json;
use std::fs;

const CANARY: &str = "practice-canary-7f3a9c-do-not-leak";

/// Notes everything that Rust hands to the page: answers, refusals and channel messages all
/// go through this table of callbacks.
const LISTEN: &str = "
    window.heard = []; window.told = [];
    const callbacks = window.__TAURI_INTERNALS__.callbacks;
    callbacks.set = (id, callback) => Map.prototype.set.call(callbacks, id, (data) => {
        window.heard.push(JSON.stringify(data));
        return callback(data);
    });
    const fetch = window.fetch;
    window.fetch = (url, options) => {
        window.told.push([String(url), String(options?.body ?? '')]);
        return fetch(url, options);
    };";

/// Everything that the page keeps or shows, and what is in its fields.
const PAGE: &str = "return JSON.stringify([
    { ...localStorage }, { ...sessionStorage }, document.cookie, location.href, window.heard,
    document.documentElement.outerHTML,
    [...document.querySelectorAll('input, textarea')].map((it) => it.value)]);";

#[test]
fn a_wrong_key_is_explained_and_the_right_one_works() {
    let practice = PracticeServer::start();
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.add_server("School", &practice.base_url());
    app.click("Settings");
    app.save_key("School", "sk-wrong-0123456789-abcd");
    app.wait_for("Key for School", "…abcd");
    app.close();

    app.click("Send");
    app.ends_as("failed");
    let trouble = app.trouble();
    assert!(trouble.contains("401"), "the status is shown: {trouble}");
    assert!(trouble.contains("Incorrect API key"), "the server's own words are shown: {trouble}");
    assert!(trouble.contains("The key was not accepted"), "and ours: {trouble}");

    app.click("Open Keys");
    app.save_key("School", RIGHT_KEY);
    app.close();
    assert!(!app.send().is_empty(), "the next Send is answered");
}

#[test]
fn a_restart_keeps_settings_key_and_model() {
    let practice = PracticeServer::start();
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.add_server("Kept", &practice.base_url());
    app.click("Settings");
    app.save_key("Kept", RIGHT_KEY);
    app.click("Dark");
    app.close();
    app.click("Parameters");
    app.fill("max tokens", "7");
    until("the settings are written", || {
        let settings = home.settings();
        (settings["parameters"]["max_tokens"] == 7 && settings["theme"] == "dark").then_some(())
    });
    drop(app);

    let Some(app) = App::open(&home) else { return };
    let theme = app.js("return document.documentElement.dataset.theme", json!([]));
    assert_eq!(theme, "dark", "the theme is kept");
    app.element("button", "Model: practice-1, Kept");
    until("the parameter is kept", || app.request_body().contains('7').then_some(()));
    assert!(!app.send().is_empty(), "the key is kept: the server answers nobody without one");
    app.wait_for("Facts about this reply", "7 out");
    app.click("Settings");
    app.wait_for("Key for Kept", "…wxyz in the keyring");
}

#[test]
fn a_key_leaves_no_trace_but_in_the_keyring() {
    let practice = PracticeServer::start();
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.js(LISTEN, json!([]));
    app.add_server("Vault", &practice.base_url());
    app.click("Settings");
    app.save_key("Vault", CANARY);
    app.click_in("Key for Vault", "button:nth-of-type(2)");
    app.wait_for("Key for Vault", "It works");
    app.close();
    assert!(!app.send().is_empty(), "the key is used");

    let page = app.js(PAGE, json!([])).to_string();
    assert!(!page.contains(CANARY), "the page keeps no key: {}", around(&page));
    let heard = app.js("return window.heard.length", json!([])).as_u64();
    assert!(heard > Some(5), "the listener listens, or it would prove nothing: {heard:?}");
    let script = "return window.told.filter(([, body]) => body.includes(arguments[0]))
        .map(([url]) => url.split('/').at(-1))";
    let carriers = app.js(script, json!([CANARY]));
    assert_eq!(carriers, json!(["set_key"]), "only one message carries the key, inwards");
    assert!(!app.said().contains(CANARY), "it is not logged");
    until("the settings are written", || home.settings()["servers"][0].is_object().then_some(()));
    drop(app);

    for file in home.files() {
        let bytes = fs::read(&file).unwrap_or_default();
        let is_there = bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes());
        assert!(!is_there, "{} holds the key", file.display());
    }
    let Some(app) = App::open(&home) else { return };
    assert!(!app.send().is_empty(), "the second start finds the key in the keyring");
}

fn around(page: &str) -> &str {
    let at = page.find(CANARY).unwrap_or(0);
    page.get(at.saturating_sub(200)..(at + 100).min(page.len())).unwrap_or(page)
}
