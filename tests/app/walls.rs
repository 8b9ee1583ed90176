//! What the page cannot do, even if something in it should run as code.

use crate::{
    server::Server,
    support::{App, Home},
};
use serde_json::{Value, json};

const INVOKE: &str = "
    const done = arguments[arguments.length - 1];
    window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then(
        (value) => done({ allowed: value ?? null }), (error) => done({ refused: String(error) }));";

#[test]
fn the_page_can_call_no_plugin() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    for (command, arguments) in [
        ("plugin:store|load", json!({ "path": "settings.json" })),
        ("plugin:store|get", json!({ "rid": 0, "key": "theme" })),
        ("plugin:window|close", json!({ "label": "main" })),
        ("plugin:window|create", json!({ "options": { "label": "second" } })),
        ("plugin:webview|create_webview_window", json!({ "options": { "label": "second" } })),
        ("plugin:event|emit", json!({ "event": "x" })),
        ("plugin:app|version", json!({})),
        ("plugin:path|resolve_directory", json!({ "directory": 1 })),
        ("plugin:resources|close", json!({ "rid": 0 })),
    ] {
        let answer = app.js_async(INVOKE, json!([command, arguments]));
        let refused = answer["refused"].as_str();
        assert!(refused.is_some_and(|why| why.contains("not allowed")), "{command}: {answer}");
    }
    assert!(!app.send().is_empty(), "the window is as it was");
}

#[test]
fn the_page_stays_and_reaches_nobody() {
    let outside = Server::saying("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi");
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    let home_page = app.js("return location.href", json!([]));
    let opened = app.js("return window.open(arguments[0]) === null", json!([outside.origin]));
    assert_eq!(opened, Value::Bool(true), "no second window opens");
    let script = "const done = arguments[arguments.length - 1];
        fetch(arguments[0]).then(() => done('reached'), () => done('refused'))";
    assert_eq!(app.js_async(script, json!([outside.origin])), "refused", "the policy holds");
    for way in [
        "location.href = arguments[0]",
        "const a = document.createElement('a'); a.href = arguments[0]; document.body.append(a);
        a.click()",
        "const f = document.createElement('form'); f.action = arguments[0];
        document.body.append(f); f.submit()",
        "const f = document.createElement('iframe'); f.src = arguments[0];
        document.body.append(f)",
        "const i = new Image(); i.src = arguments[0]; document.body.append(i)",
        "eval('1')",
    ] {
        // Where the page itself refuses, so much the better.
        let _ = app.try_js(way, json!([outside.origin]));
        assert_eq!(app.js("return location.href", json!([])), home_page, "{way}");
    }
    assert!(!app.send().is_empty(), "the page is still ours");
    assert!(outside.requests().is_empty(), "nobody was reached: {:?}", outside.requests());
}
