//! Failures on request, in every wire format.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use std::time::{Duration, Instant};

use reqwest::Response;
use serde_json::Value;
use support::{
    Practice,
    formats::{Asked, FORMATS, Format, Said},
};

const STATUSES: &[u16] =
    &[400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529];

/// What came of a body, and whether the connection broke before its end.
async fn received(mut response: Response) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return (bytes, false),
            Err(_) => return (bytes, true),
        }
    }
}

/// Asks to count to 9, with these faults.
async fn faulty(practice: &Practice, format: &Format, stream: bool, faults: &str) -> Response {
    let asked = Asked::question("count to 9").streamed(stream);
    let request = practice.request(&(format.ask)(&asked)).header("x-practice-fault", faults);
    request.send().await.unwrap()
}

/// A stream with these faults, as its reader understands it, and whether it broke.
async fn streamed(practice: &Practice, format: &Format, faults: &str) -> (Said, bool) {
    let response = faulty(practice, format, true, faults).await;
    assert_eq!(response.status(), 200, "{}: {faults}", format.name);
    let (bytes, broken) = received(response).await;
    ((format.stream)(&bytes), broken)
}

const ALL: &str = "1, 2, 3, 4, 5, 6, 7, 8, 9";

#[tokio::test]
async fn every_status_comes_in_the_formats_own_shape_and_heals_when_it_should() {
    let practice = Practice::start().await;
    for (format, stream) in FORMATS.iter().flat_map(|format| [(format, false), (format, true)]) {
        for status in STATUSES {
            let faults = format!("status={status}, times=2");
            for _ in 0..2 {
                let response = faulty(&practice, format, stream, &faults).await;
                assert_eq!(response.status().as_u16(), *status, "{}", format.name);
                for header in format.headers {
                    assert!(response.headers().contains_key(*header), "{}: {header}", format.name);
                }
                let body: Value = response.json().await.unwrap();
                let error = (format.refused)(&body);
                assert!(!error.message.is_empty(), "{}: {body}", format.name);
            }
            let healed = faulty(&practice, format, stream, &faults).await;
            assert_eq!(healed.status(), 200, "{} after two times {status}", format.name);
        }
    }
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait_where_the_service_does() {
    let practice = Practice::start().await;
    for format in FORMATS {
        let response = faulty(&practice, format, false, "status=429, retry_after=2").await;
        let header = response.headers().get("retry-after").cloned();
        let error = (format.refused)(&response.json().await.unwrap());
        let (in_header, in_body) = (header.is_some(), error.wait.is_some());
        assert_eq!((in_header, in_body), (format.waits_in_header, !format.waits_in_header));
        let wait = header.map(|value| value.to_str().unwrap().to_owned()).or(error.wait);
        assert_eq!(wait.as_deref(), Some("2"), "{}", format.name);
        let without = faulty(&practice, format, false, "status=429").await;
        assert_eq!(without.headers().get("retry-after"), None, "{}", format.name);
        assert_eq!((format.refused)(&without.json().await.unwrap()).wait, None);
    }
}

#[tokio::test]
async fn an_empty_account_is_told_from_a_rate_limit() {
    let practice = Practice::start().await;
    for format in FORMATS {
        let limit = faulty(&practice, format, false, "status=429").await;
        let empty = faulty(&practice, format, false, "code=insufficient_quota").await;
        assert_eq!((limit.status().as_u16(), empty.status().as_u16()), (429, 429));
        let (limit, empty): (Value, Value) =
            (limit.json().await.unwrap(), empty.json().await.unwrap());
        assert_ne!(limit, empty, "{}", format.name);
        assert_eq!((format.refused)(&empty).wait, None, "{}", format.name);
    }
}

#[tokio::test]
async fn a_cut_keeps_what_came_and_breaks_the_connection() {
    let practice = Practice::start().await;
    for format in FORMATS {
        let (said, broken) = streamed(&practice, format, "cut=12").await;
        assert!(broken && !said.complete && said.garbage == 0, "{}: {said:?}", format.name);
        assert!(!said.text.is_empty() && ALL.starts_with(&said.text), "{}: {said:?}", format.name);
        let response = faulty(&practice, format, true, "cut=700b").await;
        let (bytes, broken) = received(response).await;
        assert_eq!((bytes.len(), broken), (700, true), "{}", format.name);
        // A reply that is too short for its cut has all its words, and no end.
        for long in ["cut=4000", "cut=400000b"] {
            let (said, broken) = streamed(&practice, format, long).await;
            let found = (said.text.as_str(), said.finish, said.complete, broken);
            assert_eq!(found, (ALL, None, false, true), "{}: {long}", format.name);
            let response = faulty(&practice, format, false, long).await;
            assert!(received(response).await.1, "{}: {long}", format.name);
        }
        let response = faulty(&practice, format, false, "cut=40").await;
        let (bytes, broken) = received(response).await;
        assert!(broken && !bytes.is_empty(), "{}: {} bytes", format.name, bytes.len());
        let response = faulty(&practice, format, false, "cut=9b").await;
        assert_eq!(received(response).await.0.len(), 9, "{}", format.name);
    }
}

#[tokio::test]
async fn a_stall_is_a_silence_after_the_first_words() {
    let practice = Practice::start().await;
    for format in FORMATS {
        // On a busy machine the first words may be late; a server that keeps them back is always.
        let mut tries = 0;
        let (start, response, mut first) = loop {
            let start = Instant::now();
            let mut response = faulty(&practice, format, true, "stall=700ms").await;
            let first = response.chunk().await.unwrap().unwrap().to_vec();
            if start.elapsed() < Duration::from_millis(600) {
                break (start, response, first);
            }
            tries += 1;
            assert!(tries < 20, "{}: no word came before the silence", format.name);
        };
        assert!(!(format.stream)(&first).text.is_empty(), "{}", format.name);
        let (rest, broken) = received(response).await;
        assert!(start.elapsed() >= Duration::from_millis(700), "{}", format.name);
        first.extend(rest);
        let said = (format.stream)(&first);
        assert_eq!((said.text.as_str(), said.complete, broken), (ALL, true, false));
        let start = Instant::now();
        let whole = faulty(&practice, format, false, "stall=300ms").await;
        assert_eq!((format.whole)(&whole.json().await.unwrap()).text, ALL, "{}", format.name);
        assert!(start.elapsed() >= Duration::from_millis(300), "{}", format.name);
    }
}

#[tokio::test]
async fn slow_headers_hold_everything_back() {
    let practice = Practice::start().await;
    for format in FORMATS {
        let start = Instant::now();
        let response = faulty(&practice, format, true, "slow_headers=300ms").await;
        assert!(start.elapsed() >= Duration::from_millis(300), "{}", format.name);
        assert!((format.stream)(&received(response).await.0).complete, "{}", format.name);
    }
}

#[tokio::test]
async fn a_page_of_a_proxy_takes_the_place_of_a_reply() {
    let practice = Practice::start().await;
    for format in FORMATS {
        for (faults, status) in [("html", 502), ("html, status=503", 503), ("html,status=200", 200)]
        {
            let response = faulty(&practice, format, true, faults).await;
            assert_eq!(response.status(), status, "{}", format.name);
            assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
            assert!(response.text().await.unwrap().starts_with("<!DOCTYPE html>"));
        }
        let busy = faulty(&practice, format, true, "html, status=503, retry_after=2").await;
        assert_eq!(busy.headers()["retry-after"], "2", "{}", format.name);
    }
}

#[tokio::test]
async fn garbage_stands_in_the_middle_of_a_reply() {
    let practice = Practice::start().await;
    for format in FORMATS {
        let (said, _) = streamed(&practice, format, "garbage").await;
        assert_eq!((said.garbage, said.text.as_str()), (1, ALL), "{}", format.name);
        let whole = faulty(&practice, format, false, "garbage").await;
        assert!(serde_json::from_slice::<Value>(&received(whole).await.0).is_err());
    }
}

#[tokio::test]
async fn an_error_in_a_stream_comes_as_the_service_sends_it() {
    let practice = Practice::start().await;
    for format in FORMATS {
        let (said, broken) = streamed(&practice, format, "in_stream_error").await;
        assert!(said.error.is_some(), "{}: {said:?}", format.name);
        assert!(!said.complete && !broken && said.garbage == 0, "{}: {said:?}", format.name);
        assert!(!said.text.is_empty() && said.text.len() < ALL.len(), "{}: {said:?}", format.name);
        let whole = faulty(&practice, format, false, "in_stream_error").await;
        assert_eq!(whole.status(), 200);
        let body = whole.json().await.unwrap();
        assert_eq!((format.whole)(&body).error, said.error, "{}: {body}", format.name);
    }
}

#[tokio::test]
async fn without_its_end_a_stream_is_not_complete() {
    let practice = Practice::start().await;
    for format in FORMATS {
        let (said, broken) = streamed(&practice, format, "no_done").await;
        assert_eq!(
            (said.text.as_str(), said.complete, broken),
            (ALL, false, false),
            "{}",
            format.name
        );
    }
}

#[tokio::test]
async fn faults_may_stand_behind_the_models_id() {
    let practice = Practice::start().await;
    for format in FORMATS {
        let model = "practice-1:status=429,retry_after=2,times=1";
        let statuses = async || {
            let request = (format.ask)(&Asked::question("count to 9").of_model(model));
            practice.request(&request).send().await.unwrap().status().as_u16()
        };
        // After a success the count begins anew.
        assert_eq!([statuses().await, statuses().await, statuses().await], [429, 200, 429]);
        assert_eq!(statuses().await, 200);
        let asked = Asked::question("count to 9").of_model("practice-1:no_done").streamed(true);
        let response = practice.request(&(format.ask)(&asked)).send().await.unwrap();
        let said = (format.stream)(&received(response).await.0);
        assert_eq!((said.text.as_str(), said.complete), (ALL, false), "{}", format.name);
    }
}

#[tokio::test]
async fn a_list_may_come_in_several_lines() {
    let practice = Practice::start().await;
    for format in FORMATS {
        let request = practice.request(&(format.ask)(&Asked::question("hello")));
        let request = request.header("x-practice-fault", "slow_headers=1ms");
        let response = request.header("x-practice-fault", "status=404").send().await.unwrap();
        assert_eq!(response.status(), 404, "{}", format.name);
    }
}

#[tokio::test]
async fn faults_that_cannot_be_read_are_refused_with_a_sentence() {
    let practice = Practice::start().await;
    for format in FORMATS {
        let by_header = faulty(&practice, format, false, "status=teapot").await;
        let asked = Asked::question("hello").of_model("practice-1:status=teapot");
        let by_model = practice.request(&(format.ask)(&asked)).send().await.unwrap();
        for response in [by_header, by_model] {
            assert_eq!(response.status(), 400, "{}", format.name);
            let message = (format.refused)(&response.json().await.unwrap()).message;
            assert!(message.contains("not 'teapot'"), "{}: {message}", format.name);
            assert!(message.contains("Example: status=429"), "{}: {message}", format.name);
        }
    }
}
