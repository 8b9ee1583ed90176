//! Sending, stopping and waiting.

use crate::{
    CANARY, answering,
    app::{Started, chat, custom, is_last, start, until},
    last, practice, run,
    server::{STREAM, Server},
    set_key,
};
use serde_json::{Value, json};
use std::{
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// The request as it is shown.
fn preview(app: &Started, target: &Value) -> Value {
    let preview = app.call("preview", json!({ "chat": chat(), "target": target })).expect("shown");
    preview["request"].clone()
}

#[test]
fn a_preview_tells_where_its_parts_come_from_and_the_glossary_what_they_are() {
    let app = start();
    let preview = app.call("preview", json!({ "chat": chat(), "target": practice() }));
    let preview = preview.expect("shown");
    let origins = preview["origins"].as_array().expect("a list");
    for (pointer, from) in [
        ("/messages/1", json!({ "type": "message", "index": 1 })),
        ("/temperature", json!({ "type": "control", "control": "temperature" })),
        ("/stream", json!({ "type": "unasked", "control": "stream" })),
    ] {
        let origin = json!({ "pointer": pointer, "from": from });
        assert!(origins.contains(&origin), "{origin} is told: {origins:#?}");
    }
    let glossary = app.call("glossary", json!({ "dialect": "openai-chat" })).expect("told");
    let request = glossary["request"].as_array().expect("a list");
    let temperature = request.iter().find(|it| it["place"] == "temperature").expect("a field");
    assert!(temperature["says"].as_str().is_some_and(|it| it.ends_with('.')), "{temperature}");
    let unknown = app.call("glossary", json!({ "dialect": "esperanto" }));
    assert_eq!(unknown, Ok(Value::Null));
}

#[test]
fn what_is_shown_is_what_is_sent() {
    let (app, server) = (start(), Server::saying(STREAM));
    let target = custom(&server.origin);
    let shown = preview(&app, &target);
    assert!(!shown["headers"].to_string().contains("authorization"), "no key, no header");
    set_key(&app, &target, CANARY);

    let shown = preview(&app, &target);
    let events = run(&app, "a", &target, 1);
    assert_eq!(last(&events)["type"], "finished");
    assert_eq!(events[0]["request"], shown, "the run tells the request that was shown");

    let [sent] = &server.requests()[..] else { panic!("one Send is one request") };
    assert_eq!(str::from_utf8(&sent.body), Ok(shown["body"].as_str().expect("a body")));
    assert!(sent.head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{}", sent.head);
    assert_eq!(shown["url"], format!("{}/v1/chat/completions", server.origin));
    for header in shown["headers"].as_array().expect("headers") {
        let name = header["name"].as_str().expect("a name");
        let shown = header["value"].as_str().expect("a value").replace("••••••••", CANARY);
        assert_eq!(sent.header(name), Some(&shown[..]), "{name}");
    }
}

#[test]
fn a_body_written_by_hand_is_sent_as_it_stands() {
    let app = start();
    let whole = "{\"choices\":[{\"message\":{\"content\":\"Whole.\"},\"finish_reason\":\"stop\"}]}";
    let length = whole.len();
    let server = Server::saying(format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{whole}"
    ));
    let bodies = ["{ \"model\": \"m\",\n\t\"stream\":false}\n", "this is no JSON, é\u{2028}", ""];
    for (channel, body) in (1..).zip(bodies) {
        let id = format!("run {channel}");
        app.start_run_with(&id, &custom(&server.origin), Some(body), channel).expect("it starts");
        let events = app.events_to_the_end(&id, channel);
        assert_eq!(last(&events)["type"], "finished", "it is read as it comes: {events:?}");
        assert!(json!(events).to_string().contains("Whole."), "{events:?}");
        assert_eq!(events[0]["request"]["body"], body, "the run tells what was sent");
        let requests = server.requests();
        assert_eq!(str::from_utf8(&requests.last().expect("a request").body), Ok(body));
    }
}

#[test]
fn a_snippet_is_the_call_that_is_shown() {
    let app = start();
    let target = custom("http://127.0.0.1:1");
    let shown = preview(&app, &target);
    let written = |body: Option<&str>| {
        let asked = json!({ "chat": chat(), "target": target, "body": body });
        let snippets = app.call("snippets", asked).expect("written");
        let curl = snippets[0]["code"].as_str().expect("a command").to_owned();
        assert!(curl.contains(shown["url"].as_str().expect("an address")), "{curl}");
        curl
    };
    assert!(written(None).contains(shown["body"].as_str().expect("a body")));
    let by_hand = written(Some("by hand"));
    assert!(by_hand.contains("--data-raw 'by hand'"), "{by_hand}");
}

/// The app may leave out a field of its own that a server refuses, never one that a person wrote.
#[test]
fn a_body_written_by_hand_is_not_changed_when_it_is_refused() {
    let app = start();
    let server = answering("400 Bad Request", "{\"error\":\"what is stream_options?\"}");
    let target = custom(&server.origin);
    let body = "{\"stream\":true,\"stream_options\":{}}";
    app.start_run_with("by hand", &target, Some(body), 1).expect("it starts");
    assert_eq!(last(&app.events_to_the_end("by hand", 1))["type"], "failed");
    assert_eq!(server.requests().len(), 1, "it is sent as it stands or not at all");
    app.start_run("as composed", &target, 2).expect("it starts");
    assert_eq!(last(&app.events_to_the_end("as composed", 2))["type"], "failed");
    let bodies = server.requests().into_iter().skip(1).map(|it| it.body);
    let bodies: Vec<_> = bodies.map(|it| String::from_utf8(it).expect("text")).collect();
    let asks: Vec<_> = bodies.iter().map(|it| it.contains("stream_options")).collect();
    assert_eq!(asks, [true, false], "with it, and once more without: {bodies:?}");
}

#[test]
fn a_first_reply_needs_no_key_and_no_network() {
    let app = start();
    let shown = preview(&app, &practice());
    let events = run(&app, "a", &practice(), 1);
    assert_eq!(last(&events)["type"], "finished", "{events:?}");
    assert_eq!(events[0]["request"], shown);
    let frames = events.iter().filter(|it| it["type"] == "frame");
    let texts = frames.flat_map(|it| it["deltas"].as_array().expect("deltas").clone());
    assert!(texts.filter(|it| it["type"] == "text").count() > 1, "it streams");
}

#[test]
fn one_id_is_one_request() {
    let (app, server) = (start(), Server::saying(STREAM));
    let target = custom(&server.origin);
    run(&app, "a", &target, 1);
    let refused = app.start_run("a", &target, 2).expect_err("it ran already");
    assert_eq!(refused["code"], "seen_before");
    let refused = app.start_run("", &target, 3).expect_err("no id");
    assert_eq!(refused["code"], "failed");
    run(&app, "b", &target, 4);
    assert_eq!(server.requests().len(), 2);
    assert!(app.batches(2).is_empty() && app.batches(3).is_empty());
}

#[test]
fn an_address_that_is_refused_uses_up_no_id() {
    let (app, server) = (start(), Server::saying(STREAM));
    let refused = app.start_run("a", &custom("http://example.com"), 1).expect_err("unprotected");
    assert_eq!(refused["code"], "bad_address");
    assert!(refused["message"].as_str().expect("words").contains("https://"), "{refused}");
    run(&app, "a", &custom(&server.origin), 1);
}

#[test]
fn stop_keeps_what_came_and_ends_once() {
    let app = start();
    let server = Server::answering(|stream| {
        let begun =
            &STREAM[..STREAM.find("data: {\"choices\":[{\"index\":0,\"delta\":{}").unwrap()];
        let _ = stream.write_all(begun.as_bytes());
        // Silent until the client goes away.
        let _ = std::io::Read::read(stream, &mut [0]);
    });
    app.start_run("a", &custom(&server.origin), 1).expect("the run starts");
    let has_text = |events: Vec<Value>| events.iter().any(|it| it["type"] == "frame").then_some(());
    until("the text comes", || has_text(app.events(1)));
    app.call("cancel_run", json!({ "id": "a" })).expect("stopped");
    let events = app.events_to_the_end("a", 1);
    assert_eq!(last(&events)["type"], "cancelled");
    assert_eq!(events.iter().filter(|it| is_last(it)).count(), 1);
    assert!(json!(events).to_string().contains("Because."));
    app.call("cancel_run", json!({ "id": "a" })).expect("stopping what has ended is no error");
    app.call("cancel_run", json!({ "id": "never" })).expect("nor what never began");
}

#[test]
fn a_wait_is_as_long_as_the_server_asks_or_until_it_is_skipped() {
    let app = start();
    let busy = Server::saying(
        "HTTP/1.1 429 Too Many Requests\r\nretry-after: 100\r\nconnection: close\r\n\r\n{}",
    );
    let mut settings = app.call("start", json!({})).expect("started")["settings"].take();
    settings["retries"]["retries"] = json!(1);
    app.call("save_settings", json!({ "settings": settings })).expect("saved");
    app.start_run("a", &custom(&busy.origin), 1).expect("the run starts");
    let wait = until("it waits", || app.events(1).into_iter().find(|it| it["type"] == "waiting"));
    assert_eq!(wait["for_us"], json!(100_000_000), "{wait}");
    assert_eq!(wait["because"], "server_asked");
    app.call("skip_wait", json!({ "id": "a" })).expect("skipped");
    let events = app.events_to_the_end("a", 1);
    assert_eq!(last(&events)["type"], "failed");
    assert_eq!(busy.requests().len(), 2, "one retry, as the settings say");
    app.call("skip_wait", json!({ "id": "a" })).expect("nothing to skip is no error");

    settings["retries"]["retries"] = json!(11);
    let refused = app.call("save_settings", json!({ "settings": settings }));
    assert_eq!(refused.expect_err("too often")["code"], "bad_settings");
}

#[test]
fn a_redirect_is_shown_and_not_followed() {
    let (app, stranger) = (start(), Server::saying(STREAM));
    let moved = format!(
        "HTTP/1.1 307 Moved\r\nlocation: {}/v1/chat/completions\r\ncontent-length: 0\r\n\r\n",
        stranger.origin
    );
    let home = Server::saying(moved);
    set_key(&app, &custom(&home.origin), CANARY);
    let events = run(&app, "a", &custom(&home.origin), 1);
    assert_eq!(last(&events)["type"], "failed");
    assert_eq!(last(&events)["error"]["kind"], "redirect");
    let list = app
        .call("list_models", json!({ "target": custom(&home.origin), "fresh": true }))
        .expect("asked");
    assert_eq!(list["error"]["kind"], "redirect");
    assert!(stranger.requests().is_empty());
}

#[test]
fn without_its_key_a_provider_is_not_called() {
    let app = start();
    let openai = json!({ "provider": "openai", "base_url": null, "model": "gpt-6-luna" });
    let shown = preview(&app, &openai);
    assert!(shown["headers"].to_string().contains("authorization"), "the request has its place");
    let events = run(&app, "a", &openai, 1);
    assert_eq!(last(&events)["error"]["kind"], "no_key");
}

#[test]
fn a_page_that_does_not_read_slows_the_server() {
    const CHUNK: &[u8] = &[b'x'; 64 * 1024];
    let app = start();
    let sent = Arc::new(AtomicUsize::new(0));
    let count = sent.clone();
    let server = Server::answering(move |stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n");
        loop {
            let chunk = [b"data: {\"choices\":[{\"delta\":{\"content\":\"", CHUNK, b"\"}}]}\n\n"];
            if stream.write_all(&chunk.concat()).is_err() {
                return;
            }
            count.fetch_add(CHUNK.len(), Ordering::Relaxed);
        }
    });
    app.start_run("a", &custom(&server.origin), 1).expect("the run starts");
    let mut quiet = (0, 0);
    until("the server has to wait", || {
        let now = sent.load(Ordering::Relaxed);
        quiet = if now == quiet.0 { (now, quiet.1 + 1) } else { (now, 0) };
        (now > 0 && quiet.1 == 100).then_some(())
    });
    let unread: usize = app.batches(1).iter().map(String::len).sum();
    assert!(unread <= 4 << 20, "{unread} bytes are on their way to the page");
    assert!(sent.load(Ordering::Relaxed) < 128 << 20, "the rest waits in the server");

    app.call("cancel_run", json!({ "id": "a" })).expect("stopped");
    let events = app.events_to_the_end("a", 1);
    assert_eq!(last(&events)["type"], "cancelled");
}
