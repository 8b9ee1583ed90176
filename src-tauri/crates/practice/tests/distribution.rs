//! The address that tells what may come next, and draws nothing.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use serde_json::{Value, json};
use support::{Practice, asks_with};

async fn post(practice: &Practice, body: &Value) -> (u16, Value) {
    let address = format!("{}/practice/distribution", practice.origin);
    let response = practice.client.post(address).json(body).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn told(practice: &Practice, body: &Value) -> Value {
    let (status, told) = post(practice, body).await;
    assert_eq!(status, 200, "{told}");
    told
}

fn chat(question: &str, partial: &str) -> Value {
    let messages = json!([{ "role": "user", "content": question }]);
    json!({ "model": "practice-1", "messages": messages, "partial": partial })
}

#[tokio::test]
async fn two_hundred_tokens_are_told_likeliest_first_with_their_passages() {
    let practice = Practice::start().await;
    for (question, partial) in [("What is a token?", ""), ("Why is the sky blue?", "The sky is")] {
        let told = told(&practice, &chat(question, partial)).await;
        let tokens = told["tokens"].as_array().unwrap();
        assert_eq!(tokens.len(), 200);
        let chances: Vec<f64> =
            tokens.iter().map(|token| token["probability"].as_f64().unwrap()).collect();
        assert!(chances.is_sorted_by(|left, right| left >= right), "{chances:?}");
        assert!(chances.iter().sum::<f64>() <= 1.0);
        assert!((told["total_mass"].as_f64().unwrap() - 1.0).abs() < 1e-9);
        assert!(told["entropy"].as_f64().unwrap() > 0.0);
        for token in tokens {
            let bytes: Vec<u8> = serde_json::from_value(token["bytes"].clone()).unwrap();
            assert_eq!(token["text"], String::from_utf8_lossy(&bytes).into_owned());
            let shares = token["passages"].as_array().unwrap();
            let shares = shares.iter().map(|vote| vote["share"].as_f64().unwrap());
            assert!(shares.sum::<f64>() <= 1.0 + 1e-9, "{token}");
        }
        let first = &tokens[0]["passages"][0]["passage"];
        assert!(first.as_str().unwrap().ends_with(question), "{first}");
    }
}

#[tokio::test]
async fn what_is_told_is_what_logprobs_tell_and_what_comes() {
    let practice = Practice::start().await;
    let question = "What is temperature?";
    let more = json!({ "temperature": 0, "logprobs": true, "top_logprobs": 5 });
    let reply = practice.whole(&asks_with(question, &more)).await;
    let mut partial = String::new();
    for token in reply["choices"][0]["logprobs"]["content"].as_array().unwrap().iter().take(8) {
        let told = told(&practice, &chat(question, &partial)).await;
        assert_eq!(told["tokens"][0]["text"], token["token"], "after {partial:?}");
        for (told, top) in
            told["tokens"].as_array().unwrap().iter().zip(token["top_logprobs"].as_array().unwrap())
        {
            let chance = top["logprob"].as_f64().unwrap().exp();
            assert!((told["probability"].as_f64().unwrap() - chance).abs() < 1e-6, "{told} {top}");
        }
        partial.push_str(token["token"].as_str().unwrap());
    }
}

#[tokio::test]
async fn the_end_is_a_token_and_a_count_is_certain() {
    let practice = Practice::start().await;
    let told = told(&practice, &chat("Count to 3", "1, 2, 3")).await;
    assert_eq!(told["tokens"].as_array().unwrap().len(), 1);
    assert_eq!(told["tokens"][0]["text"], "<|endoftext|>");
    assert_eq!((&told["tokens"][0]["probability"], &told["entropy"]), (&json!(1.0), &json!(0.0)));
}

#[tokio::test]
async fn what_is_wrong_is_said_as_openai_says_it() {
    let practice = Practice::start().await;
    let long = "word ".repeat(5_000);
    let table = [
        (
            chat("Hi", "")
                .as_object()
                .map(|it| {
                    let mut it = it.clone();
                    it["partial"] = json!(7);
                    it.into()
                })
                .unwrap(),
            400,
            "partial",
        ),
        (json!({ "model": "practice-1" }), 400, "messages"),
        (
            json!({ "model": "gpt-4o", "messages": [{ "role": "user", "content": "Hi" }] }),
            404,
            "gpt-4o",
        ),
        (chat(&long, ""), 400, "maximum context length"),
        (chat("Hi", &long), 400, "maximum context length"),
    ];
    for (body, status, word) in table {
        let (found, error) = post(&practice, &body).await;
        assert_eq!(found, status, "{error}");
        assert!(error["error"]["message"].as_str().unwrap().contains(word), "{error}");
    }
}
