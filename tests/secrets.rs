//! A key goes into one header of one request to one address. No redirect takes it along, and
//! nothing that a server makes of it reaches the screen.

#[path = "support/calling.rs"]
mod calling;
#[path = "support/server.rs"]
mod server;

use calling::{LONG, call, client, endpoint, error_of, story};
use playground::{
    BaseUrl, ErrorKind, RunEvent, client::Call, dialect::Dialect, dialects::DIALECTS,
    provider::BaseUrlError, retry::Policy,
};
use serde_json::Value;
use server::Server;

/// With what needs an escape in JSON or in an address.
const KEY: &str = "sk-canary/0123+4567==89abcdef";

/// The header of each dialect, and its value.
const HEADERS: [(&str, &str, &str); 5] = [
    ("openai-chat", "authorization", "Bearer "),
    ("openai-responses", "authorization", "Bearer "),
    ("anthropic", "x-api-key", ""),
    ("gemini", "x-goog-api-key", ""),
    ("ollama", "authorization", "Bearer "),
];

/// A call of each kind: one that asks the model, and one that lists what there is.
fn calls(dialect: &'static dyn Dialect, origin: &str) -> [Call; 2] {
    let list = dialect.models_request(&endpoint(origin, true), None);
    let asks = call(dialect, origin, Some(KEY));
    let lists = Call { request: list, ..call(dialect, origin, Some(KEY)) };
    [asks, lists]
}

#[tokio::test]
async fn the_key_is_in_its_header_and_nowhere_else() {
    for (dialect, (id, header, before)) in DIALECTS.into_iter().zip(HEADERS) {
        assert_eq!(dialect.id(), id, "a new dialect has a row");
        for at in 0..2 {
            let server = Server::saying("HTTP/1.1 500 Oh\r\nconnection: close\r\n\r\n{}");
            let [asks, lists] = calls(dialect, &server.origin);
            story(client(LONG), if at == 0 { asks } else { lists }).await;
            let [request] = &server.requests()[..] else { panic!("{id}: one request") };
            assert_eq!(request.header(header), Some(&*format!("{before}{KEY}")), "{id}");
            assert_eq!(request.head.matches(KEY).count(), 1, "{id}: {}", request.head);
            assert!(!String::from_utf8_lossy(&request.body).contains(KEY), "{id}");
        }
    }
}

#[tokio::test]
async fn no_redirect_takes_the_key_along() {
    let client = client(LONG).with_retries(Policy::default());
    for dialect in DIALECTS {
        for status in [301, 302, 303, 307, 308] {
            let elsewhere = Server::saying("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}");
            let host = elsewhere.origin.trim_start_matches("http:");
            for place in [&*elsewhere.origin, host, "/v1/elsewhere"] {
                let answer = format!(
                    "HTTP/1.1 {status} Moved\r\nlocation: {place}\r\nconnection: close\r\n\r\n"
                );
                let server = Server::saying(answer);
                let name = format!("{}, {status} to {place}", dialect.id());
                let [asks, lists] = calls(dialect, &server.origin);
                let story = story(client.clone(), asks).await;
                let error = error_of(&story).expect("it is no success");
                assert_eq!(error.kind, ErrorKind::Redirect, "{name}");
                assert!(error.said.as_ref().is_some_and(|it| it.contains(place)), "{name}");
                let error = client.ask(lists).await.expect_err("it is no success");
                assert_eq!(error.kind, ErrorKind::Redirect, "{name}");
                assert_eq!(server.requests().len(), 2, "{name}: each was sent once");
                assert_eq!(elsewhere.requests().len(), 0, "{name}: nobody else heard of it");
            }
        }
    }
}

#[test]
fn no_key_goes_over_the_network_unprotected() {
    for address in ["http://example.com/v1", "http://192.168.1.2:11434", "http://[2001:db8::1]"] {
        let refused = BaseUrl::parse(address).expect_err(address);
        assert_eq!(refused, BaseUrlError::Unprotected, "{address}");
        let reason = refused.to_string();
        assert!(reason.contains("unprotected") && reason.contains("https://"), "{reason}");
    }
}

/// The ways in which servers write a key: as it is, and as JSON, addresses and JSON in JSON escape it.
fn spelled() -> Vec<String> {
    let each = |write: &dyn Fn(u32) -> String| KEY.chars().map(|it| write(it as u32)).collect();
    let odd = |escape: &dyn Fn(char) -> String| -> String {
        let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
        KEY.chars().map(|it| if is_plain(it) { it.into() } else { escape(it) }).collect()
    };
    vec![
        KEY.to_owned(),
        KEY.replace('/', r"\/"),
        KEY.replace('/', r"\\/"),
        odd(&|it| format!("%{:02X}", it as u32)),
        odd(&|it| format!("%{:02x}", it as u32)),
        odd(&|it| format!(r"\u{:04x}", it as u32)),
        odd(&|it| format!(r"\\\\u{:04X}", it as u32)),
        each(&|it| format!("%{it:02X}")),
        each(&|it| format!(r"\u{it:04x}")),
    ]
}

/// Where a server may repeat it.
fn echoes(key: &str) -> Vec<(&'static str, String)> {
    let answer = |status: &str, headers: &str, body: &str| {
        format!("HTTP/1.1 {status}\r\n{headers}connection: close\r\n\r\n{body}")
    };
    let json = |words: &str| {
        format!(
            r#"{{"error":{{"message":"{words}","type":"{words}","code":"{words}","param":"{words}","metadata":{{"raw":"{words}"}}}},"request_id":"{words}"}}"#
        )
    };
    let headers = format!("x-request-id: {key}\r\nlocation: http://127.0.0.1:9/?{key}\r\n");
    let text = format!(r#"{{"choices":[{{"index":0,"delta":{{"content":"{key}"}}}}]}}"#);
    let long = format!("{}{key}", "x".repeat(16 * 1024 - 9));
    vec![
        ("an error", answer("401 Oh", "", &json(&format!("Wrong key {key}.")))),
        (
            "a model that is called so",
            answer("404 Oh", "", &format!(r#"{{"error":"model '{key}' not found"}}"#)),
        ),
        ("a page", answer("403 Oh", "", &format!("<html>{key}"))),
        ("a sentence", answer("500 Oh", "", key)),
        ("where the body is cut", answer("500 Oh", "", &long)),
        ("headers", answer("307 Oh", &headers, "")),
        ("words of a stream", answer("200 OK", "", &format!("data: {text}\n\n"))),
        ("an error in a stream", answer("200 OK", "", &format!("data: {}\n\n", json(key)))),
        ("a comment of a stream", answer("200 OK", "", &format!(": {key}\n\ndata: {{}}\n\n"))),
        ("a whole body", answer("200 OK", "", &text)),
        ("no JSON", answer("200 OK", "", &format!("data: {{\"{key}\n\n"))),
    ]
}

#[tokio::test]
async fn a_key_that_a_server_repeats_is_masked_however_it_is_written() {
    let client = client(LONG);
    for dialect in DIALECTS {
        for key in spelled() {
            for (place, answer) in echoes(&key) {
                let server = Server::saying(answer);
                let [asks, lists] = calls(dialect, &server.origin);
                let story = story(client.clone(), asks).await;
                let name = format!("{}, {place}, {key}", dialect.id());
                assert_eq!(telling(&story, &key), None, "{name}");
                let listed = match client.ask(lists).await {
                    Ok(body) => Value::String(body),
                    Err(error) => serde_json::to_value(error).expect("plain data"),
                };
                assert_eq!(leak(&listed, &key), None, "{name}, as a list");
            }
        }
    }
}

/// The end, read backwards, of a text that tells the key, if the story has one.
fn telling(story: &[RunEvent], key: &str) -> Option<String> {
    leak(&serde_json::to_value(story).expect("plain data"), key)
}

fn leak(value: &Value, key: &str) -> Option<String> {
    match value {
        Value::String(text) => {
            // The parts of the key, should only its signs have been hidden.
            let parts = [KEY, key, "canary", "89abcdef"];
            parts
                .into_iter()
                .any(|it| text.contains(it))
                .then(|| text.chars().rev().take(200).collect())
        }
        Value::Array(items) => items.iter().find_map(|it| leak(it, key)),
        Value::Object(fields) => fields.values().find_map(|it| leak(it, key)),
        _ => None,
    }
}
