//! The client's second tries, on the wire: what is sent again, what is not, and what is told.

#[path = "support/calling.rs"]
mod calling;
#[path = "support/server.rs"]
mod server;

use calling::{LONG, call, client, story, story_with};
use playground::{
    ErrorKind, RunEvent,
    client::{Call, Hand},
    dialects::DIALECTS,
    retry::{Because, Policy},
};
use serde_json::{Value, json};
use server::Server;
use std::{
    io::Write,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

const BUSY: &str = "HTTP/1.1 429 Too Many Requests\r\nconnection: close\r\n\r\n{\"error\":{}}";
const ASKS: &str =
    "HTTP/1.1 429 Too Many Requests\r\nretry-after-ms: 3\r\nconnection: close\r\n\r\n{}";
const ASKS_LONG: &str = "HTTP/1.1 503 Oh\r\nretry-after: 100\r\nconnection: close\r\n\r\n{}";
const BROKE: &str = "HTTP/1.1 429 Too Many Requests\r\nconnection: close\r\n\r\n\
    {\"error\":{\"code\":\"insufficient_quota\"}}";
const WRONG: &str = "HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n{\"error\":{}}";
const NOTHING: &str = "";
const GOOD: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n\
    data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n\
    data: [DONE]\n\n";
const CUT: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"H\"}}]}\n\n";
const ONLY_HEADERS: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";

/// Answers the first request with the first answer, and so on; the last one again and again.
fn in_turn(answers: &'static [&'static str]) -> Server {
    let next = AtomicUsize::new(0);
    Server::answering(move |stream| {
        let at = next.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
        let _ = stream.write_all(answers[at].as_bytes());
    })
}

/// Tells the run to `listen`, which may put its hand on it, and returns the story.
async fn run(base_url: &str, policy: Policy, listen: impl Fn(&RunEvent, &Hand)) -> Vec<RunEvent> {
    let client = client(LONG).with_retries(policy);
    story_with(client, call(DIALECTS[0], base_url, None), listen).await
}

/// As by default, but without losing time.
fn at_once() -> Policy {
    Policy { base_ms: 0, ..Policy::default() }
}

/// The story in short, such as `1 failed, wait, 2 finished`.
fn told(story: &[RunEvent]) -> String {
    let words = story.iter().filter_map(|event| match event {
        RunEvent::AttemptStarted { attempt, .. } => Some(attempt.to_string()),
        RunEvent::AttemptFailed { .. } => Some("failed,".into()),
        RunEvent::Waiting { .. } => Some("wait,".into()),
        RunEvent::Finished { .. } => Some("finished".into()),
        RunEvent::Failed { .. } => Some("gave up".into()),
        RunEvent::Interrupted { .. } => Some("interrupted".into()),
        RunEvent::Cancelled { .. } => Some("cancelled".into()),
        RunEvent::ResponseStarted { .. } | RunEvent::Frame(_) => None,
    });
    words.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_call_is_sent_again_only_where_that_can_help() {
    let twice = "1 failed, wait, 2 failed, wait, 3";
    for (name, answers, story, requests) in [
        ("good at once", &[GOOD][..], "1 finished".into(), 1),
        ("busy twice", &[BUSY, BUSY, GOOD], format!("{twice} finished"), 3),
        ("busy for ever", &[BUSY], format!("{twice} gave up"), 3),
        ("asks to wait", &[ASKS, GOOD], "1 failed, wait, 2 finished".into(), 2),
        ("closes unheard", &[NOTHING, GOOD], "1 failed, wait, 2 finished".into(), 2),
        ("no credit", &[BROKE], "1 gave up".into(), 1),
        ("busy, then no credit", &[BUSY, BROKE], "1 failed, wait, 2 gave up".into(), 2),
        ("wrong key", &[WRONG], "1 gave up".into(), 1),
        ("cut after a word", &[CUT], "1 interrupted".into(), 1),
        ("cut before a word", &[ONLY_HEADERS], "1 gave up".into(), 1),
    ] {
        let server = in_turn(answers);
        let events = run(&server.origin, at_once(), |_, _| {}).await;
        assert_eq!(told(&events), story, "{name}");
        assert_eq!(server.requests().len(), requests, "{name}: requests that the server saw");
    }
    let server = in_turn(&[BUSY]);
    assert_eq!(told(&run(&server.origin, Policy::never(), |_, _| {}).await), "1 gave up");
}

#[tokio::test]
async fn a_wait_says_how_long_and_who_wants_it() {
    for (answers, policy, expected) in [
        (&[ASKS, GOOD][..], at_once(), (3_000, Because::ServerAsked)),
        (&[BUSY, GOOD], at_once(), (0, Because::Backoff)),
        (&[ASKS, GOOD], Policy { honour_hints: false, ..at_once() }, (0, Because::Backoff)),
    ] {
        let server = in_turn(answers);
        let story = run(&server.origin, policy, |_, _| {}).await;
        let wait = story.iter().find_map(|event| match event {
            RunEvent::Waiting { for_us, because, .. } => Some((*for_us, *because)),
            _ => None,
        });
        assert_eq!(wait, Some(expected), "{story:#?}");
        let RunEvent::AttemptFailed { attempt: 1, error, .. } = &story[2] else {
            panic!("{story:#?}")
        };
        assert_eq!(error.kind, ErrorKind::RateLimited);
    }
}

/// Whoever waits for 100 seconds in these has broken them, and is told so.
#[tokio::test]
async fn a_wait_can_be_skipped_and_stopped() {
    let skips = |event: &RunEvent, hand: &Hand| {
        if let RunEvent::Waiting { .. } = event {
            hand.skip.notify_waiters();
        }
    };
    let stops = |event: &RunEvent, hand: &Hand| {
        if let RunEvent::Waiting { .. } = event {
            hand.cancel.cancel();
        }
    };
    let patience = Duration::from_secs(90);
    let server = in_turn(&[ASKS_LONG, GOOD]);
    let story = tokio::time::timeout(patience, run(&server.origin, at_once(), skips)).await;
    assert_eq!(told(&story.expect("the wait is skipped")), "1 failed, wait, 2 finished");

    let server = in_turn(&[ASKS_LONG, GOOD]);
    let story = tokio::time::timeout(patience, run(&server.origin, at_once(), stops)).await;
    assert_eq!(told(&story.expect("the wait is stopped")), "1 failed, wait, cancelled");
    assert_eq!(server.requests().len(), 1);
}

const UNKNOWN: [&str; 4] = [
    r#"{"error":{"message":"Unrecognized request argument supplied: stream_options"}}"#,
    r#"{"error":"unknown field stream_options"}"#,
    r#"{"object":"error","message":"Not allowed.","param":"stream_options","code":400}"#,
    r#"{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs"}]}"#,
];

/// Some small servers refuse the field that asks for counts. They get the request once more without
/// it, for all to see.
#[tokio::test]
async fn a_server_that_does_not_know_stream_options_is_asked_without() {
    for (body, status) in UNKNOWN.into_iter().zip([400, 400, 422, 422]) {
        let refusal = format!("HTTP/1.1 {status} Oh\r\nconnection: close\r\n\r\n{body}");
        let server = Server::saying(refusal);
        let story = run(&server.origin, at_once(), |_, _| {}).await;
        assert_eq!(told(&story), "1 failed, wait, 2 gave up", "once, not for ever: {body}");
        let sent: Vec<Value> = server.requests().iter().map(|it| read(&it.body)).collect();
        assert_eq!(sent[0]["stream_options"], json!({ "include_usage": true }), "{body}");
        let mut without = sent[0].clone();
        without.as_object_mut().expect("fields").shift_remove("stream_options");
        let [sent_then, expected] = [&sent[1], &without].map(Value::to_string);
        assert_eq!(sent_then, expected, "nothing else has changed, nor its order: {body}");
        let wait = story.iter().find_map(|event| match event {
            RunEvent::Waiting { for_us, because, .. } => Some((*for_us, *because)),
            _ => None,
        });
        assert_eq!(wait, Some((0, Because::StreamOptionsRefused)), "{body}");
        let shown: Vec<Value> = story.iter().filter_map(shown).collect();
        assert_eq!(shown, sent, "both requests are shown as they were sent");
    }
}

fn read(body: &[u8]) -> Value {
    serde_json::from_slice(body).expect("it is JSON")
}

fn shown(event: &RunEvent) -> Option<Value> {
    match event {
        RunEvent::AttemptStarted { request, .. } => Some(read(request.body.as_bytes())),
        _ => None,
    }
}

const REFUSES: &str =
    "HTTP/1.1 400 Oh\r\nconnection: close\r\n\r\n{\"error\":\"what is stream_options?\"}";
const REFUSES_MORE: &str =
    "HTTP/1.1 400 Oh\r\nconnection: close\r\n\r\n{\"error\":\"what is top_p?\"}";
const FAILS: &str =
    "HTTP/1.1 500 Oh\r\nconnection: close\r\n\r\n{\"error\":\"what is stream_options?\"}";

#[tokio::test]
async fn a_request_changes_only_where_that_helps_and_nobody_forbids_it() {
    for (name, answers, policy, is_by_hand, story) in [
        ("it helps", &[REFUSES, GOOD][..], at_once(), false, "1 failed, wait, 2 finished"),
        (
            "it counts",
            &[REFUSES, BUSY, GOOD],
            at_once(),
            false,
            "1 failed, wait, 2 failed, wait, 3 finished",
        ),
        ("another field", &[REFUSES_MORE, GOOD], at_once(), false, "1 gave up"),
        ("no refusal", &[FAILS, GOOD], at_once(), false, "1 failed, wait, 2 finished"),
        ("no retries", &[REFUSES, GOOD], Policy::never(), false, "1 gave up"),
        ("by hand", &[REFUSES, GOOD], at_once(), true, "1 gave up"),
    ] {
        let server = in_turn(answers);
        let call = Call { is_by_hand, ..call(DIALECTS[0], &server.origin, None) };
        let events = self::story(client(LONG).with_retries(policy), call).await;
        assert_eq!(told(&events), story, "{name}");
        let asks = |it: &server::Request| read(&it.body).get("stream_options").is_some();
        let last = server.requests().last().is_some_and(asks);
        assert_eq!(last, !name.starts_with("it "), "{name}: what the last request asked for");
    }
    for dialect in &DIALECTS[1..] {
        let server = in_turn(&[REFUSES, GOOD]);
        let client = client(LONG).with_retries(at_once());
        let events = self::story(client, call(*dialect, &server.origin, None)).await;
        assert_eq!(told(&events), "1 gave up", "{}: it sends no such field", dialect.id());
    }
}
