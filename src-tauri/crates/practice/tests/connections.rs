//! What HTTP allows a client, whatever it asks for.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use serde_json::json;
use support::{
    Practice, asks,
    formats::{Asked, FORMATS},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A connection on which bytes are sent and awaited by hand.
struct Wire(TcpStream);

impl Wire {
    async fn to(practice: &Practice) -> Self {
        Self(TcpStream::connect(practice.origin.strip_prefix("http://").unwrap()).await.unwrap())
    }

    async fn send(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    /// The head of what comes next.
    async fn head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.expect("the connection is open"));
        }
        String::from_utf8(head).unwrap()
    }

    /// The status of the next response, whose body is read away.
    async fn status(&mut self) -> u16 {
        let head = self.head().await;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.unwrap().parse().unwrap()];
        self.0.read_exact(&mut body).await.unwrap();
        head["HTTP/1.1 ".len()..][..3].parse().unwrap()
    }
}

/// A request's head; its body has so many bytes.
fn head(path: &str, more: &str, length: usize) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n{more}\r\n")
}

const KEY: &str = "authorization: Bearer practice\r\n";

#[tokio::test]
async fn a_refused_request_leaves_its_connection_to_the_next() {
    let practice = Practice::start().await;
    let body = asks("count to 2").to_string();
    let good = head("/v1/chat/completions", KEY, body.len()) + &body;
    let with_fault = |fault: &str| format!("{KEY}x-practice-fault: {fault}\r\n");
    let table = [
        ("/v1/nowhere", KEY.to_owned(), 404),
        ("/v1/models", KEY.to_owned(), 405),
        ("/v1/chat/completions", String::new(), 401),
        ("/v1/messages", "x-api-key: practice\r\n".to_owned(), 400),
        ("/v1/chat/completions", with_fault("nonsense"), 400),
        ("/v1/chat/completions", with_fault("status=503"), 503),
    ];
    for (path, headers, status) in table {
        let mut wire = Wire::to(&practice).await;
        // A server that asks for the body has not closed its ears before it came.
        wire.send(&head(path, &format!("{headers}expect: 100-continue\r\n"), body.len())).await;
        assert!(wire.head().await.starts_with("HTTP/1.1 100 "), "{path}: the body is not wanted");
        wire.send(&body).await;
        assert_eq!(wire.status().await, status, "{path}");
        wire.send(&good).await;
        assert_eq!(wire.status().await, 200, "after {path}");
    }
}

#[tokio::test]
async fn requests_may_be_sent_ahead_and_in_chunks() {
    let practice = Practice::start().await;
    let body = asks("count to 2").to_string();
    let whole = head("/v1/chat/completions", KEY, body.len()) + &body;
    let (first, second) = body.split_at(20);
    let chunk = |text: &str| format!("{:x}\r\n{text}\r\n", text.len());
    let chunked = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n{KEY}\r\n\
         {}{}0\r\n\r\n",
        chunk(first),
        chunk(second),
    );
    let mut wire = Wire::to(&practice).await;
    wire.send(&format!("{whole}{chunked}{whole}")).await;
    for _ in 0..3 {
        assert_eq!(wire.status().await, 200);
    }
}

/// By their headers the clients of a service are known even where it has nothing.
#[tokio::test]
async fn an_address_that_nobody_has_is_told_in_the_clients_own_format() {
    let practice = Practice::start().await;
    let expected =
        ["invalid_request_error", "invalid_request_error", "not_found_error", "NOT_FOUND"];
    for (format, kind) in FORMATS.iter().zip(expected) {
        let headers = (format.ask)(&Asked::question("")).headers;
        for path in ["/nowhere", "/v1/files"] {
            let request = practice.client.post(format!("{}{path}", practice.origin));
            let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, value));
            let response = request.json(&json!({})).send().await.unwrap();
            assert_eq!(response.status(), 404, "{}: {path}", format.name);
            let refused = (format.refused)(&response.json().await.unwrap());
            assert_eq!(refused.kind.as_deref(), Some(kind), "{}: {path}", format.name);
        }
    }
}
