//! Parameters that shape the choice of tokens, over real HTTP.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use practice::tokens;
use serde_json::{Value, json};
use support::{
    Practice, asks_with,
    formats::{Asked, FORMATS},
};

#[tokio::test]
async fn logprobs_are_told_as_they_are_before_the_sampler() {
    let practice = Practice::start().await;
    let first = async |more: Value| {
        let mut body = json!({ "logprobs": true, "top_logprobs": 20, "max_tokens": 1, "seed": 1 });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let whole = practice.whole(&asks_with("What is a token?", &body)).await;
        whole["choices"][0]["logprobs"]["content"][0]["top_logprobs"].clone()
    };
    let plain = first(json!({})).await;
    assert_eq!(plain.as_array().unwrap().len(), 20, "{plain}");
    let shaped = [
        json!({ "temperature": 0 }),
        json!({ "temperature": 2 }),
        json!({ "top_p": 0.1 }),
        json!({ "top_k": 1 }),
        json!({ "min_p": 1 }),
        json!({ "logit_bias": { "199999": -100, "5": 100 } }),
        json!({ "frequency_penalty": 2, "presence_penalty": 2 }),
    ];
    for more in shaped {
        assert_eq!(first(more.clone()).await, plain, "{more}");
    }
}

#[tokio::test]
async fn a_seed_is_a_reply_and_each_choice_draws_its_own() {
    let practice = Practice::start().await;
    let texts = async |seed: i64| {
        let more = json!({ "n": 4, "seed": seed, "temperature": 1.2 });
        let whole = practice.whole(&asks_with("Tell me a story.", &more)).await;
        let choices = whole["choices"].as_array().unwrap();
        choices.iter().map(|it| it["message"]["content"].clone()).collect::<Vec<_>>()
    };
    let first = texts(7).await;
    assert_eq!(texts(7).await, first);
    assert_ne!(texts(8).await, first);
    assert!(first.iter().any(|text| *text != first[0]), "{first:?}");
}

#[tokio::test]
async fn a_bias_chooses_or_bans_a_token() {
    let practice = Practice::start().await;
    let ask = async |more: Value| {
        let whole = practice.whole(&asks_with("What is a token?", &more)).await;
        whole["choices"][0]["message"]["content"].as_str().unwrap().to_owned()
    };
    let plain = ask(json!({ "temperature": 0, "max_tokens": 1 })).await;
    let id = tokens::encode(&plain)[0].to_string();
    let banned = json!({ "temperature": 0, "max_tokens": 1, "logit_bias": { id: -100 } });
    assert_ne!(ask(banned).await, plain);
    let hello = tokens::encode(" hello")[0].to_string();
    let chosen = json!({ "max_tokens": 3, "logit_bias": { hello: 100 } });
    assert_eq!(ask(chosen).await, " hello hello hello");
}

/// Anthropic and OpenAI's Responses have no field for it, so a header names it to all.
#[tokio::test]
async fn equal_seeds_have_equal_texts_in_every_format() {
    let practice = Practice::start().await;
    let said = async |seed: &'static str| {
        let mut texts = Vec::new();
        for (format, stream) in FORMATS.iter().flat_map(|it| [(it, false), (it, true)]) {
            let asked = Asked::question("What is a token?").streamed(stream);
            let request = practice.request(&(format.ask)(&asked)).header("x-practice-seed", seed);
            let bytes = request.send().await.unwrap().bytes().await.unwrap();
            texts.push(match stream {
                true => (format.stream)(&bytes).text,
                false => (format.whole)(&serde_json::from_slice(&bytes).unwrap()).text,
            });
        }
        texts
    };
    let seven = said("7").await;
    assert_eq!(seven.len(), 10);
    assert!(seven.iter().all(|text| *text == seven[0]), "{seven:#?}");
    assert_ne!(said("8").await[0], seven[0]);
    for format in FORMATS {
        let request = practice.request(&(format.ask)(&Asked::question("Hi")));
        let refused = request.header("x-practice-seed", "seven").send().await.unwrap();
        assert_eq!(refused.status(), 400, "{}", format.name);
    }
}
