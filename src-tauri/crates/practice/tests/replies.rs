//! Replies over real HTTP: what is said, and in what shape.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use practice::{Corpus, tokens};
use serde_json::{Value, json};
use support::{Practice, asks, asks_with, deltas, finish_of, text_of};

fn with_usage() -> Value {
    json!({ "stream_options": { "include_usage": true } })
}

fn recount(text: &str) -> usize {
    tokens::encode(text).len()
}

#[tokio::test]
async fn every_reply_is_streamed_token_by_token_and_counted() {
    let practice = Practice::start().await;
    let mut has_halves = false;
    let files = ["tokens", "languages", "stories", "creations"];
    let passages = Corpus::get().passages.iter().filter(|it| files.contains(&it.file));
    for (seed, passage) in passages.enumerate() {
        let Some(question) = passage.phrasings.first().map(|it| it.text.as_str()) else { continue };
        let more = json!({ "logprobs": true, "seed": seed, "temperature": 1.2 });
        let frames = practice.frames(&asks_with(question, &merged(with_usage(), more))).await;
        let text = text_of(&frames);
        assert!(!text.is_empty(), "{question}");
        assert_eq!(finish_of(&frames), "stop", "{question}");
        let told =
            frames.iter().filter_map(|it| it["choices"][0]["logprobs"]["content"].as_array());
        let tokens: Vec<&Value> = told.flatten().collect();
        let bytes = tokens.iter().flat_map(|token| token["bytes"].as_array().unwrap());
        let bytes: Vec<u8> = bytes.map(|byte| byte.as_u64().unwrap() as u8).collect();
        assert_eq!(String::from_utf8_lossy(&bytes), text, "{question}");
        let usage = &frames.last().unwrap()["usage"];
        assert_eq!(usage["completion_tokens"], tokens.len(), "{question}");
        assert_eq!(usage["prompt_tokens"], 3 + 3 + 1 + recount(question), "{question}");
        has_halves |= deltas(&frames).len() < tokens.len();
    }
    assert!(has_halves, "no reply shows how half a character is held back");
}

fn merged(mut body: Value, more: Value) -> Value {
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn a_million_spaces_are_a_prompt_like_any_other() {
    let practice = Practice::start().await;
    let long = json!({ "model": "practice-long" });
    let reply = practice.whole(&asks_with(&" ".repeat(1_000_000), &long)).await;
    assert_eq!(reply["usage"]["prompt_tokens"], 3 + 3 + 1 + 7_813);
}

#[tokio::test]
async fn a_whole_reply_is_the_streamed_one_in_one_piece() {
    let practice = Practice::start().await;
    let body = json!({
        "model": "practice-1",
        "temperature": 0,
        "messages": [
            { "role": "system", "content": "You are a concise teacher." },
            { "role": "user", "content": [
                { "type": "text", "text": "Why is " },
                { "type": "text", "text": "the sky blue?" },
            ]},
        ],
    });
    let whole = practice.whole(&body).await;
    let frames = practice.frames(&body).await;
    let choice = &whole["choices"][0];
    assert_eq!(choice["message"]["content"], text_of(&frames));
    assert_eq!(choice["message"]["role"], "assistant");
    assert_eq!(choice["finish_reason"], "stop");
    assert_eq!(whole["object"], "chat.completion");
    assert_eq!(whole["model"], "practice-1");
    let usage = &whole["usage"];
    let sum =
        usage["prompt_tokens"].as_u64().unwrap() + usage["completion_tokens"].as_u64().unwrap();
    assert_eq!(usage["total_tokens"], sum);
    let prompt =
        3 + (4 + recount("You are a concise teacher.")) + (4 + recount("Why is the sky blue?"));
    assert_eq!(usage["prompt_tokens"], prompt);
    assert_eq!(usage["prompt_tokens_details"]["cached_tokens"], 0);
    assert_eq!(usage["completion_tokens_details"]["reasoning_tokens"], 0);
}

#[tokio::test]
async fn the_chunks_of_a_stream_have_openais_shape() {
    let practice = Practice::start().await;
    let frames = practice.frames(&asks("count to 2")).await;
    let first = &frames[0]["choices"][0];
    assert_eq!(first["delta"], json!({ "role": "assistant", "content": "", "refusal": null }));
    assert_eq!(frames[1]["choices"][0]["delta"], json!({ "content": "1" }));
    let last = &frames.last().unwrap()["choices"][0];
    assert_eq!((&last["delta"], &last["finish_reason"]), (&json!({}), &json!("stop")));
    for frame in &frames {
        assert_eq!(frame["object"], "chat.completion.chunk");
        assert_eq!(frame["id"], frames[0]["id"]);
        assert_eq!(frame["created"], frames[0]["created"]);
        assert_eq!(frame.get("usage"), None, "usage was not asked for");
    }
}

#[tokio::test]
async fn usage_comes_last_and_only_when_asked_for() {
    let practice = Practice::start().await;
    let frames = practice.frames(&asks_with("count to 2", &with_usage())).await;
    let (usage, others) = frames.split_last().unwrap();
    assert_eq!(usage["choices"], json!([]));
    assert_eq!(usage["usage"]["completion_tokens"], 4);
    assert!(others.iter().all(|frame| frame.get("usage") == Some(&Value::Null)));
}

#[tokio::test]
async fn a_limit_of_tokens_ends_a_reply_by_length() {
    let practice = Practice::start().await;
    for name in ["max_tokens", "max_completion_tokens"] {
        let body = asks_with("Why is the sky blue?", &json!({ name: 5, "temperature": 0 }));
        let whole = practice.whole(&body).await;
        assert_eq!(whole["choices"][0]["finish_reason"], "length", "{name}");
        assert_eq!(whole["usage"]["completion_tokens"], 5);
        let text = whole["choices"][0]["message"]["content"].as_str().unwrap();
        assert_eq!(recount(text), 5);
        let frames = practice.frames(&body).await;
        assert_eq!((text_of(&frames).as_str(), finish_of(&frames)), (text, "length"));
    }
}

#[tokio::test]
async fn a_stop_text_cuts_the_reply_before_it() {
    let practice = Practice::start().await;
    let table = [
        (json!("5, 6"), "1, 2, 3, 4, "),
        (json!(["9", ", 5, "]), "1, 2, 3, 4"),
        (json!([" 6"]), "1, 2, 3, 4, 5,"),
        (json!("1"), ""),
        (json!([]), "1, 2, 3, 4, 5, 6, 7"),
    ];
    for (stop, expected) in table {
        let body = asks_with("count to 7", &json!({ "stop": stop }));
        let frames = practice.frames(&body).await;
        assert_eq!((text_of(&frames).as_str(), finish_of(&frames)), (expected, "stop"), "{stop}");
        assert_eq!(practice.whole(&body).await["choices"][0]["message"]["content"], expected);
    }
}

#[tokio::test]
async fn a_reply_fills_the_context_window_and_no_more() {
    let practice = Practice::start().await;
    let long = json!({ "model": "practice-long" });
    let whole = practice.whole(&asks_with("Count to 5300", &long)).await;
    assert_eq!(whole["choices"][0]["finish_reason"], "stop");
    assert!(whole["usage"]["completion_tokens"].as_u64().unwrap() > 20_000);
    let whole = practice.whole(&asks_with("Count to 1000000", &long)).await;
    assert_eq!(whole["choices"][0]["finish_reason"], "length");
    assert_eq!(whole["usage"]["total_tokens"], 32_768);
}

#[tokio::test]
async fn parameters_that_keep_everything_change_nothing() {
    let practice = Practice::start().await;
    let calm = json!({ "temperature": 0 });
    let plain = practice.whole(&asks_with("What is a seed?", &calm)).await;
    let knobs = json!({
        "temperature": 0, "top_p": 1, "top_k": 0, "min_p": 0, "seed": -7, "presence_penalty": 0,
        "frequency_penalty": 0, "logit_bias": {}, "n": 1, "logprobs": false, "user": "someone",
        "response_format": { "type": "text" }, "stop": null, "max_tokens": null, "stream": null,
    });
    let turned = practice.whole(&asks_with("What is a seed?", &knobs)).await;
    assert_eq!(plain["choices"], turned["choices"]);
}

#[tokio::test]
async fn a_question_out_of_reach_is_answered_honestly() {
    let practice = Practice::start().await;
    for question in ["Who won the chess championship in 1972?", "", "\u{0}", "🏴󠁧󠁢󠁷󠁬󠁳󠁿"]
    {
        let whole = practice.whole(&asks_with(question, &json!({ "temperature": 0 }))).await;
        let said = &whole["choices"][0]["message"]["content"];
        let anything = Corpus::get().passages.iter().find(|passage| passage.file == "fallback");
        assert!(anything.unwrap().answers.iter().any(|answer| said == answer), "{said}");
    }
}

#[tokio::test]
async fn responses_carry_openais_headers_and_their_own_number() {
    let practice = Practice::start().await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let response = practice.post(&asks("hello")).send().await.unwrap();
        let headers = response.headers();
        assert_eq!(headers["openai-version"], "2020-10-01");
        assert_eq!(headers["content-type"], "application/json");
        headers["openai-processing-ms"].to_str().unwrap().parse::<u64>().unwrap();
        ids.push(headers["x-request-id"].to_str().unwrap().to_owned());
    }
    assert_eq!(ids, ["req_practice00000001", "req_practice00000002"]);
}

#[tokio::test]
async fn the_model_is_listed() {
    let practice = Practice::start().await;
    let list: Value = practice.get("/models").send().await.unwrap().json().await.unwrap();
    assert_eq!(list["object"], "list");
    assert_eq!(list["data"][0]["id"], "practice-1");
    let card: Value =
        practice.get("/models/practice-1").send().await.unwrap().json().await.unwrap();
    assert_eq!(card, list["data"][0]);
}
