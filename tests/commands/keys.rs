//! Keys: kept, checked, imported, and never seen.

use crate::{
    CANARY, answering,
    app::{Memory, Started, chat, custom, start, start_in, until},
    bytes_below, last, practice, run,
    server::{STREAM, Server},
    set_key,
};
use serde_json::{Value, json};
use tempfile::TempDir;

#[test]
fn a_key_goes_to_its_own_origin_only() {
    let (app, home, stranger) = (start(), Server::saying(STREAM), Server::saying(STREAM));
    set_key(&app, &custom(&home.origin), CANARY);
    run(&app, "a", &custom(&home.origin), 1);
    run(&app, "b", &custom(&stranger.origin), 2);
    app.call("list_models", json!({ "target": custom(&stranger.origin), "fresh": true }))
        .expect("asked");
    assert_eq!(home.requests()[0].header("authorization"), Some(&format!("Bearer {CANARY}")[..]));
    assert_eq!(stranger.requests().len(), 2);
    for request in stranger.requests() {
        assert_eq!(request.header("authorization"), None);
        assert!(!format!("{request:?}").contains(CANARY), "{request:?}");
    }
}

#[test]
fn the_page_never_sees_a_key() {
    let folder = TempDir::new().expect("a temporary folder");
    let vault = Memory::default();
    let app = start_in(folder.path(), vault.clone());
    let body = format!("{{\"error\":{{\"message\":\"Incorrect API key provided: {CANARY}\"}}}}");
    let length = body.len();
    let echo = Server::saying(format!(
        "HTTP/1.1 401 Unauthorized\r\nx-echo: {CANARY}\r\ncontent-length: {length}\r\n\r\n{body}"
    ));
    let target = custom(&echo.origin);
    let mut settings = app.call("start", json!({})).expect("started")["settings"].take();
    settings["servers"] = json!([{ "name": "Echo", "base_url": echo.origin }]);
    app.call("save_settings", json!({ "settings": settings })).expect("saved");

    let mut seen = vec![set_key(&app, &target, &format!("  {CANARY}\n"))];
    let keys = app.call("keys", json!({})).expect("listed");
    let row = keys["keys"].as_array().expect("rows").last().expect("the server's row").clone();
    assert_eq!(row["hint"], "…abcd");
    assert_eq!(row["place"], "keyring");
    assert_eq!(row["origin"], json!(echo.origin));
    seen.push(keys);
    seen.extend(run(&app, "a", &target, 1));
    assert_eq!(last(&seen)["error"]["kind"], "wrong_key");
    seen.push(app.call("list_models", json!({ "target": target, "fresh": true })).expect("asked"));
    seen.push(app.call("preview", json!({ "chat": chat(), "target": target })).expect("shown"));
    let asked = json!({ "chat": chat(), "target": target, "body": null });
    let snippets = app.call("snippets", asked).expect("written");
    assert!(snippets.to_string().contains("CUSTOM_API_KEY"), "a key is sent: {snippets}");
    seen.push(snippets);
    seen.push(app.call("start", json!({})).expect("started"));
    seen.push(
        app.call("set_key", json!({ "target": target, "key": format!("{CANARY} x") }))
            .expect_err("two words"),
    );
    seen.push(
        app.call("set_key", json!({ "target": target, "key": [CANARY] })).expect_err("no text"),
    );
    for answer in seen {
        assert!(!answer.to_string().contains("canary"), "{answer}");
    }
    // Who asks for the runs is answered when all that has happened is written.
    app.call("list_runs", json!({ "filter": { "limit": 1 } })).expect("a list");
    let files = bytes_below(folder.path());
    let has = |text: &str| files.windows(text.len()).any(|it| it == text.as_bytes());
    assert!(has("some-model"), "the run is written");
    assert!(!has("canary"), "and the key is not");
    assert_eq!(vault.0.lock().unwrap().get(&echo.origin).map(String::as_str), Some(CANARY));

    let keys = app.call("forget_key", json!({ "target": target })).expect("forgotten");
    assert_eq!(
        keys["keys"].as_array().expect("rows").last().expect("its row")["place"],
        json!(null)
    );
    assert!(vault.0.lock().unwrap().is_empty());
}

#[test]
fn the_right_key_after_a_wrong_one_works() {
    let app = start();
    app.call("painted", json!({})).expect("the practice server starts when the page is painted");
    let target = json!({ "provider": "custom", "model": "practice-1",
        "base_url": app.call("preview", json!({ "chat": chat(), "target": practice() }))
            .expect("shown")["request"]["url"] });
    set_key(&app, &target, "wrong-0123456789");
    assert_eq!(last(&run(&app, "a", &target, 1))["error"]["kind"], "wrong_key");
    let list = app.call("list_models", json!({ "target": target, "fresh": true })).expect("asked");
    assert_eq!(list["error"]["kind"], "wrong_key");
    set_key(&app, &target, "practice-0123456789");
    let list = app.call("list_models", json!({ "target": target, "fresh": true })).expect("asked");
    assert_eq!(
        (&list["error"], list["models"][0]["id"].as_str()),
        (&json!(null), Some("practice-1"))
    );
    assert_eq!(last(&run(&app, "b", &target, 2))["type"], "finished");
    let refused = app.call("set_key", json!({ "target": practice(), "key": "k" }));
    assert_eq!(refused.expect_err("it takes none")["message"], "Practice takes no key.");
}

/// The check of the only custom server.
fn check_of(keys: &Value) -> &Value {
    &keys["keys"].as_array().expect("rows").last().expect("the server's row")["check"]
}

fn keep_server(app: &Started, base_url: &str) {
    let mut settings = app.call("start", json!({})).expect("started")["settings"].take();
    settings["servers"] = json!([{ "name": "Server", "base_url": base_url }]);
    app.call("save_settings", json!({ "settings": settings })).expect("saved");
}

#[test]
fn a_check_tells_what_the_server_thinks_of_a_key() {
    let list = r#"{"object":"list","data":[{"id":"m"}]}"#;
    let no_credit =
        r#"{"error":{"message":"m","type":"insufficient_quota","code":"insufficient_quota"}}"#;
    for (status, body, verdict, says) in [
        ("200 OK", list, "open", "lists 1 model"),
        ("401 Unauthorized", "{}", "wrong", "not accepted"),
        ("429 Too Many Requests", no_credit, "no_credit", "m"),
        ("404 Not Found", "{}", "unknown", "no list of models"),
        ("500 Oops", "{}", "unknown", "."),
    ] {
        let (app, server) = (start(), answering(status, body));
        let target = custom(&server.origin);
        keep_server(&app, &server.origin);
        let keys = set_key(&app, &target, CANARY);
        assert_eq!(check_of(&keys), &json!(null), "nobody asked yet");
        let keys = app.call("check_key", json!({ "target": target })).expect("checked");
        let check = check_of(&keys);
        assert_eq!(check["verdict"], verdict, "{status}: {check}");
        assert!(check["said"].as_str().is_some_and(|it| it.contains(says)), "{status}: {check}");
        assert!(check["at_s"].as_i64() > Some(1_700_000_000), "{check}");
        assert_eq!(check_of(&app.call("keys", json!({})).expect("listed")), check, "it is kept");
        assert_eq!(check_of(&set_key(&app, &target, CANARY)), &json!(null), "for that key only");
    }
}

#[test]
fn a_key_that_opens_a_closed_list_works() {
    let app = start();
    app.call("painted", json!({})).expect("the practice server starts when the page is painted");
    let shown = app.call("preview", json!({ "chat": chat(), "target": practice() }));
    let url = shown.expect("shown")["request"]["url"].as_str().expect("an address").to_owned();
    let target = custom(&url);
    keep_server(&app, &url);
    for (key, verdict) in [("wrong-0123456789", "wrong"), ("practice-0123456789", "works")] {
        set_key(&app, &target, key);
        let keys = app.call("check_key", json!({ "target": target })).expect("checked");
        assert_eq!(check_of(&keys)["verdict"], verdict);
    }
}

#[test]
fn a_call_tells_of_a_key_too() {
    let (app, server) = (
        start(),
        answering("429 Too Many", r#"{"error":{"message":"m","code":"insufficient_quota"}}"#),
    );
    let target = custom(&server.origin);
    keep_server(&app, &server.origin);
    set_key(&app, &target, CANARY);
    run(&app, "a", &target, 1);
    until("the key's state is known", || {
        let keys = app.call("keys", json!({})).expect("listed");
        (check_of(&keys)["verdict"] == "no_credit").then_some(())
    });
}

#[test]
fn a_key_is_imported_from_its_own_variables_only() {
    let app = start();
    let openai = json!({ "provider": "openai", "base_url": null, "model": "m" });
    for name in ["PATH", "HOME", "GROQ_API_KEY", ""] {
        let refused = app.call("import_key", json!({ "target": openai, "name": name }));
        let refused = refused.expect_err(name).to_string();
        assert!(refused.contains("is not set in the environment"), "{refused}");
    }
    for provider in ["practice", "https://evil.example", "file:///etc/passwd"] {
        let refused = app.call("open_keys_page", json!({ "provider": provider }));
        assert!(refused.expect_err("no page").to_string().contains("no page"), "{provider}");
    }
}
