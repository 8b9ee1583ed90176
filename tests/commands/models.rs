//! What a server says of its models and of a prompt.

use crate::{
    answering,
    app::{Memory, Started, custom, start, start_in},
    server::Server,
};
use serde_json::json;
use std::{
    io::Write as _,
    sync::atomic::{AtomicUsize, Ordering},
};
use tempfile::TempDir;

#[test]
fn a_list_of_models_is_kept_with_its_day() {
    let folder = TempDir::new().expect("a temporary folder");
    let app = start_in(folder.path(), Memory::default());
    let server = answering("200 OK", r#"{"data":[{"id":"m-1"},{"id":"m-2"}]}"#);
    let target = custom(&server.origin);
    let ask = |app: &Started, fresh: bool| {
        app.call("list_models", json!({ "target": target, "fresh": fresh })).expect("answered")
    };
    assert_eq!(ask(&app, false)["listed"], json!(null));
    assert!(server.requests().is_empty(), "nobody asked for it");
    let list = ask(&app, true);
    assert_eq!(list["models"][1]["id"], "m-2");
    assert_eq!(list["listed"].as_str().map(str::len), Some(10), "{list}");
    drop(app);
    let app = start_in(folder.path(), Memory::default());
    assert_eq!(ask(&app, false), list, "it is there again");
    assert_eq!(server.requests().len(), 1);
    let gone = app.call("list_models", json!({ "fresh": false, "target":
        json!({ "provider": "custom", "base_url": server.origin, "dialect": "ollama", "model": "" }) }));
    assert_eq!(gone.expect("answered")["listed"], json!(null), "another format lists others");
}

#[test]
fn a_list_in_pages_is_read_to_its_end() {
    let app = start();
    let table = [
        (
            "gemini",
            [
                r#"{"models":[{"name":"models/m-1"}],"nextPageToken":"a b"}"#,
                r#"{"models":[],"nextPageToken":"c"}"#,
                r#"{"models":[{"name":"models/m-2"}]}"#,
            ],
            ["pageToken=a+b ", "pageToken=c "],
        ),
        (
            "anthropic",
            [
                r#"{"data":[{"id":"m-1"}],"has_more":true,"last_id":"m-1"}"#,
                r#"{"data":[{"id":"old","lifecycle":"retired"}],"has_more":true,"last_id":"old"}"#,
                r#"{"data":[{"id":"m-2"}],"has_more":false,"last_id":"m-2"}"#,
            ],
            ["after_id=m-1 ", "after_id=old "],
        ),
    ];
    for (dialect, pages, tokens) in table {
        let served = AtomicUsize::new(0);
        let server = Server::answering(move |stream| {
            let page = pages.get(served.fetch_add(1, Ordering::Relaxed)).unwrap_or(&"{}");
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length";
            let _ = write!(stream, "{head}: {}\r\n\r\n{page}", page.len());
        });
        let target = json!({ "provider": "custom", "base_url": server.origin, "dialect": dialect,
            "model": "" });
        let list = app.call("list_models", json!({ "target": target, "fresh": true }));
        let list = list.expect("answered");
        let ids: Vec<_> =
            list["models"].as_array().expect("a list").iter().map(|it| &it["id"]).collect();
        assert_eq!(ids, ["m-1", "m-2"], "{dialect}: {list}");
        let asked: Vec<String> = server.requests().into_iter().map(|it| it.head).collect();
        assert_eq!(asked.len(), 3, "{dialect}");
        for (head, token) in asked[1..].iter().zip(tokens) {
            assert!(head.lines().next().is_some_and(|line| line.contains(token)), "{head}");
        }
    }
}

#[test]
fn a_provider_counts_the_prompt_where_its_format_can() {
    let app = start();
    for provider in app.call("start", json!({})).expect("started")["providers"][0]["dialects"]
        .as_array()
        .expect("practice speaks every format")
    {
        let target = json!({ "provider": "practice", "base_url": null, "model": "practice-1",
            "dialect": provider["id"] });
        let chat = json!({ "messages": [{ "role": "user", "text": "Hello there" }] });
        let counted = app.call("count_tokens", json!({ "chat": chat, "target": target }));
        let counted = counted.expect("answered");
        assert_eq!(counted["error"], json!(null), "{target}");
        let counts = counted["input_tokens"].as_u64() > Some(1);
        assert_eq!(counts, provider["counts_tokens"] == true, "{target}: {counted}");
    }
}
