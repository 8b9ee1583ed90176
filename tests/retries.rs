//! The client's second tries, on the wire: what is sent again, what is not, and what is told.

#[path = "support/calling.rs"]
mod calling;

use calling::{LONG, call, client, story_with};
use playground::{
    ErrorKind, RunEvent,
    client::Hand,
    dialects::DIALECTS,
    retry::{Because, Policy},
};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::mpsc,
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
async fn server(answers: &'static [&'static str]) -> (String, mpsc::UnboundedReceiver<()>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (came, requests) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut answers = answers.iter().chain(std::iter::repeat(answers.last().expect("one")));
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.read(&mut [0; 64 * 1024]).await;
            let _ = came.send(());
            let _ = socket.write_all(answers.next().expect("endless").as_bytes()).await;
        }
    });
    (format!("http://{address}/v1"), requests)
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
        let (base_url, mut received) = server(answers).await;
        let events = run(&base_url, at_once(), |_, _| {}).await;
        assert_eq!(told(&events), story, "{name}");
        let count = std::iter::from_fn(|| received.try_recv().ok()).count();
        assert_eq!(count, requests, "{name}: requests that the server saw");
    }
    let (base_url, _received) = server(&[BUSY]).await;
    assert_eq!(told(&run(&base_url, Policy::never(), |_, _| {}).await), "1 gave up");
}

#[tokio::test]
async fn a_wait_says_how_long_and_who_wants_it() {
    for (answers, policy, expected) in [
        (&[ASKS, GOOD][..], at_once(), (3_000, Because::ServerAsked)),
        (&[BUSY, GOOD], at_once(), (0, Because::Backoff)),
        (&[ASKS, GOOD], Policy { honour_hints: false, ..at_once() }, (0, Because::Backoff)),
    ] {
        let (base_url, _received) = server(answers).await;
        let story = run(&base_url, policy, |_, _| {}).await;
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
    let patience = Duration::from_secs(30);
    let (base_url, _received) = server(&[ASKS_LONG, GOOD]).await;
    let story = tokio::time::timeout(patience, run(&base_url, at_once(), skips)).await;
    assert_eq!(told(&story.expect("the wait is skipped")), "1 failed, wait, 2 finished");

    let (base_url, mut received) = server(&[ASKS_LONG, GOOD]).await;
    let story = tokio::time::timeout(patience, run(&base_url, at_once(), stops)).await;
    assert_eq!(told(&story.expect("the wait is stopped")), "1 failed, wait, cancelled");
    assert_eq!(std::iter::from_fn(|| received.try_recv().ok()).count(), 1);
}
