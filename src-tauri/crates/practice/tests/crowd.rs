//! A class at one server: many streams at once, each with its share.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::json;
use support::{Practice, asks_with};
use tokio::sync::Mutex;

const CLIENTS: usize = 30;
/// A client has starved that has less than this share of what the best fed has.
const LEAST: f64 = 0.2;

/// All ask for a reply that does not end, as fast as it can be said. When the first has it all,
/// nobody else may be far behind.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_streams_get_on_together() {
    let practice = Practice::start().await;
    let heard = Arc::new(Mutex::new([0_usize; CLIENTS]));
    let listen = |client: usize| {
        let (practice, heard) = (&practice, heard.clone());
        async move {
            let more = json!({
                "stream": true, "max_tokens": 2_000, "seed": client,
                "logit_bias": { "199999": -100 },
            });
            let body = asks_with("What is a token?", &more);
            let mut response = practice.post(&body).send().await.unwrap();
            assert_eq!(response.status(), 200);
            while let Some(chunk) = response.chunk().await.unwrap() {
                heard.lock().await[client] += chunk.len();
            }
            *heard.lock().await
        }
    };
    let at_each_end = join_all((0..CLIENTS).map(listen)).await;
    let first = at_each_end.iter().min_by_key(|heard| heard.iter().sum::<usize>()).unwrap();
    let (least, most) = (first.iter().min().unwrap(), first.iter().max().unwrap());
    assert!(*least as f64 > LEAST * *most as f64, "when one had {most} bytes, one had {least}");
}
