//! What a request may ask for besides text, in every wire format.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use serde_json::{Value, json};
use support::{
    Practice,
    formats::{Asked, FORMATS, Format, Request, Said},
};

const SCHEMA: &str = r#"{"type": "object", "properties": {"number": {"type": "integer"},
    "words": {"type": "string"}}, "required": ["number", "words"], "additionalProperties": false}"#;

/// A request with more fields, in JSON.
fn with(format: &Format, asked: &Asked, more: &str) -> Request {
    let mut request = (format.ask)(asked);
    let more: Value = serde_json::from_str(&more.replace("SCHEMA", SCHEMA)).expect(more);
    let body = request.body.as_mut().unwrap().as_object_mut().unwrap();
    body.extend(more.as_object().unwrap().clone());
    request
}

async fn said(practice: &Practice, format: &Format, asked: &Asked, more: &str) -> Said {
    let response = practice.request(&with(format, asked, more)).send().await.unwrap();
    assert_eq!(response.status(), 200, "{}: {more}", format.name);
    let bytes = response.bytes().await.unwrap();
    match asked.stream {
        true => (format.stream)(&bytes),
        false => (format.whole)(&serde_json::from_slice(&bytes).unwrap()),
    }
}

async fn refused(practice: &Practice, format: &Format, more: &str) -> String {
    let request = with(format, &Asked::question("hello"), more);
    let response = practice.request(&request).send().await.unwrap();
    assert_eq!(response.status(), 400, "{}: {more}", format.name);
    (format.refused)(&response.json().await.unwrap()).message
}

#[tokio::test]
async fn a_reply_is_json_where_that_is_asked_for() {
    let practice = Practice::start().await;
    for (format, stream) in FORMATS.iter().flat_map(|format| [(format, false), (format, true)]) {
        let asked = Asked::question("count to 3, in JSON").streamed(stream);
        let by_schema = said(&practice, format, &asked, format.by_schema).await;
        let reply: Value = serde_json::from_str(&by_schema.text).expect(format.name);
        assert_eq!(reply, json!({ "number": 1, "words": "1, 2, 3" }), "{}", format.name);
        let Some(any_json) = format.any_json else { continue };
        let any = said(&practice, format, &asked, any_json).await;
        let reply: Value = serde_json::from_str(&any.text).expect(format.name);
        assert!(reply.is_object(), "{}: {reply}", format.name);
    }
}

#[tokio::test]
async fn tools_may_be_offered_and_are_answered_in_text() {
    let practice = Practice::start().await;
    for format in FORMATS {
        let Some((offered, demanded)) = format.tools else { continue };
        let reply = said(&practice, format, &Asked::question("count to 3"), offered).await;
        assert_eq!(reply.text, "1, 2, 3", "{}", format.name);
        let message = refused(&practice, format, demanded).await;
        assert!(message.contains("answers in text and calls no"), "{message}");
    }
}

#[tokio::test]
async fn a_model_that_does_not_think_says_so() {
    let practice = Practice::start().await;
    for format in FORMATS {
        let message = refused(&practice, format, format.thinking).await;
        let words = ["does not support", "is not supported", "is not enabled"];
        assert!(words.iter().any(|word| message.contains(word)), "{}: {message}", format.name);
    }
}
