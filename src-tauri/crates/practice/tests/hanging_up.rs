//! What becomes of a reply when somebody leaves.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use std::time::{Duration, Instant};

use practice::{Manner, serve};
use support::{Practice, asks, asks_with};
use tokio::{net::TcpListener, sync::oneshot, time::timeout};

const SOON: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_client_that_hangs_up_ends_its_reply() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (shut_down, heard) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, Manner::default(), async move {
        heard.await.ok();
    }));
    let practice = Practice { base: format!("{origin}/v1"), origin, client: support::client() };
    let body = asks_with("Count to 5000", &serde_json::json!({ "stream": true }));
    let endless = practice.post(&body).header("x-practice-pace", "first=0, rate=0.1");
    let mut response = endless.send().await.unwrap();
    assert!(response.chunk().await.unwrap().is_some(), "it has begun");
    shut_down.send(()).unwrap();
    assert!(timeout(Duration::from_millis(200), response.chunk()).await.is_err(), "it goes on");
    drop((response, practice));
    // Days of text are left; only a cancelled reply lets the server end.
    timeout(SOON, server).await.expect("the reply went on").unwrap().unwrap();
}

#[tokio::test]
async fn a_whole_reply_takes_its_time_and_others_need_not_wait() {
    let practice = Practice::start().await;
    practice.whole(&asks("hello")).await;
    let start = Instant::now();
    let slow = practice.post(&asks("count to 2")).header("x-practice-pace", "first=3s, rate=20");
    let slow = tokio::spawn(slow.send());
    practice.whole(&asks("hello")).await;
    assert!(!slow.is_finished(), "the quick reply came after the slow one");
    assert_eq!(slow.await.unwrap().unwrap().status(), 200);
    assert!(start.elapsed() >= Duration::from_millis(3200), "3 s and four tokens at 20/s");
}

#[tokio::test]
async fn thirty_clients_are_served_at_once() {
    let practice = Practice::start().await;
    let calls = (1..=30).map(|number| {
        let request = practice.post(&asks(&format!("count to {}", number * 10)));
        tokio::spawn(request.header("x-practice-pace", "first=2s, rate=0").send())
    });
    let start = Instant::now();
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap().unwrap().status(), 200);
    }
    assert!(start.elapsed() < Duration::from_secs(30), "they waited for each other");
}
