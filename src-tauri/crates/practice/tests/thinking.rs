//! What a model that thinks takes and refuses, in OpenAI's two formats.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use serde_json::{Value, json};
use support::{Practice, refusal};

/// One of the two formats: where its requests go, and one without any parameter.
struct Format {
    path: &'static str,
    body: fn() -> Value,
}

const CHAT: Format = Format {
    path: "/chat/completions",
    body: || json!({ "messages": [{ "role": "user", "content": "count to 2" }] }),
};
const RESPONSES: Format = Format { path: "/responses", body: || json!({ "input": "count to 2" }) };

async fn post(practice: &Practice, format: &Format, more: &Value) -> reqwest::Response {
    let mut body = (format.body)();
    body["model"] = "practice-reasoner".into();
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let request = practice.client.post(format!("{}{}", practice.base, format.path));
    request.bearer_auth("practice").json(&body).send().await.unwrap()
}

/// Sends these fields, and expects a 400 with this parameter, code and message.
async fn expect(format: &Format, table: &[(Value, &str, &str, &str)]) {
    let practice = Practice::start().await;
    for (more, param, code, message) in table {
        let (status, error) = refusal(post(&practice, format, more).await).await;
        assert_eq!((status, &error["message"]), (400, &json!(message)), "{more}");
        assert_eq!((&error["param"], &error["code"]), (&json!(param), &json!(code)), "{more}");
    }
}

fn unsupported(name: &str) -> String {
    format!("Unsupported parameter: '{name}' is not supported with this model.")
}

#[tokio::test]
async fn chat_refuses_some_fields_always_and_others_while_it_thinks() {
    let practice = Practice::start().await;
    let always = [
        json!({ "frequency_penalty": 0 }),
        json!({ "presence_penalty": 1 }),
        json!({ "logit_bias": { "5": 1 } }),
    ];
    let while_thinking = [
        json!({ "top_p": 0.5 }),
        json!({ "logprobs": true }),
        json!({ "top_k": 4 }),
        json!({ "min_p": 0.1 }),
    ];
    let fields =
        always.iter().map(|it| (it, true)).chain(while_thinking.iter().map(|it| (it, false)));
    for (more, always) in fields {
        let name = more.as_object().unwrap().keys().next().unwrap();
        let expected = unsupported(name);
        let effort = |effort: &str| {
            let mut more = more.clone();
            more["reasoning_effort"] = effort.into();
            more
        };
        for more in [more.clone(), effort("high")] {
            expect(&CHAT, &[(more, name, "unsupported_parameter", &expected)]).await;
        }
        let status = post(&practice, &CHAT, &effort("none")).await.status();
        assert_eq!(status, if always { 400 } else { 200 }, "{more}");
    }
}

#[tokio::test]
async fn chat_takes_a_default_of_what_it_refuses_and_the_new_limit() {
    let practice = Practice::start().await;
    let table = [
        json!({}),
        json!({ "temperature": 1, "top_p": 1.0, "logprobs": false, "max_completion_tokens": 100 }),
        json!({ "temperature": 0.2, "logprobs": true, "reasoning_effort": "none" }),
        json!({ "seed": 5, "n": 2, "stop": "x" }),
    ];
    for more in table {
        assert_eq!(post(&practice, &CHAT, &more).await.status(), 200, "{more}");
    }
    let limit = "Unsupported parameter: 'max_tokens' is not supported with this model. Use \
                 'max_completion_tokens' instead.";
    let hot = "Unsupported value: 'temperature' does not support 0.2 with this model. Only the \
               default (1) value is supported.";
    expect(
        &CHAT,
        &[
            (json!({ "max_tokens": 5 }), "max_tokens", "unsupported_parameter", limit),
            (
                json!({ "max_tokens": 5, "reasoning_effort": "none" }),
                "max_tokens",
                "unsupported_parameter",
                limit,
            ),
            (json!({ "temperature": 0.2 }), "temperature", "unsupported_value", hot),
        ],
    )
    .await;
}

#[tokio::test]
async fn an_effort_that_it_does_not_have_is_told_with_those_that_it_has() {
    for effort in ["minimal", "medium", "xhigh", "max"] {
        let chat = format!(
            "Unsupported value: 'reasoning_effort' does not support '{effort}' with this model. \
             Supported values are: 'none', 'low', and 'high'."
        );
        let more = json!({ "reasoning_effort": effort });
        expect(&CHAT, &[(more, "reasoning_effort", "unsupported_value", &chat)]).await;
        let responses = format!(
            "Unsupported value: '{effort}' is not supported with the 'practice-reasoner' model. \
             Supported values are: 'none', 'low', and 'high'."
        );
        let more = json!({ "reasoning": { "effort": effort } });
        expect(&RESPONSES, &[(more, "reasoning.effort", "unsupported_value", &responses)]).await;
    }
    let unknown = "Invalid value: 'huge'. Supported values are: 'none', 'minimal', 'low', \
                   'medium', 'high', 'xhigh', 'max'.";
    let more = json!({ "reasoning_effort": "huge" });
    expect(&CHAT, &[(more, "reasoning_effort", "invalid_value", unknown)]).await;
}

#[tokio::test]
async fn responses_refuse_even_a_default_while_it_thinks() {
    let practice = Practice::start().await;
    let logprobs = json!({ "include": ["message.output_text.logprobs"], "top_logprobs": 2 });
    let no_logprobs = "logprobs are not supported with reasoning models.";
    let code = "unsupported_parameter";
    expect(
        &RESPONSES,
        &[
            (json!({ "temperature": 1 }), "temperature", code, &unsupported("temperature")),
            (json!({ "top_p": 0.5 }), "top_p", code, &unsupported("top_p")),
            (logprobs.clone(), "include", code, no_logprobs),
            (json!({ "top_logprobs": 2 }), "top_logprobs", code, no_logprobs),
            (
                json!({ "reasoning": { "mode": "pro" } }),
                "reasoning.mode",
                code,
                &unsupported("reasoning.mode"),
            ),
            (
                json!({ "reasoning": { "summary": "long" } }),
                "reasoning.summary",
                "invalid_value",
                "Invalid value: 'long'. Supported values are: 'auto', 'concise', 'detailed'.",
            ),
        ],
    )
    .await;
    let mut calm = logprobs;
    calm["temperature"] = 0.5.into();
    calm["reasoning"] = json!({ "effort": "none" });
    assert_eq!(post(&practice, &RESPONSES, &calm).await.status(), 200);
}

#[tokio::test]
async fn what_it_thinks_is_asked_of_the_count_of_a_prompt_too() {
    let practice = Practice::start().await;
    let count = Format { path: "/responses/input_tokens", ..RESPONSES };
    let more = json!({ "reasoning": { "effort": "high" } });
    assert_eq!(post(&practice, &count, &more).await.status(), 200);
    let more = json!({ "reasoning": { "effort": "huge" } });
    assert_eq!(post(&practice, &count, &more).await.status(), 400);
}

#[tokio::test]
async fn a_thought_is_told_and_no_part_of_what_is_gone_on_from() {
    let practice = Practice::start().await;
    let chat: Value = post(&practice, &CHAT, &json!({})).await.json().await.unwrap();
    let message = &chat["choices"][0]["message"];
    assert_eq!(message["content"], "1, 2");
    assert!(!message["reasoning_content"].as_str().unwrap().is_empty(), "{chat}");
    let usage = &chat["usage"];
    let thought = usage["completion_tokens_details"]["reasoning_tokens"].as_u64().unwrap();
    assert!(thought > 0, "{usage}");
    assert_eq!(usage["completion_tokens"], thought + 4, "{usage}");
    let told = json!({ "reasoning": { "summary": "auto" } });
    let first: Value = post(&practice, &RESPONSES, &told).await.json().await.unwrap();
    let summary = &first["output"][0]["summary"][0];
    assert!(!summary["text"].as_str().unwrap().is_empty(), "{first}");
    assert_eq!(first["output"][1]["content"][0]["text"], "1, 2");
    let next = json!({ "previous_response_id": first["id"] });
    let next: Value = post(&practice, &RESPONSES, &next).await.json().await.unwrap();
    let question = first["usage"]["input_tokens"].as_u64().unwrap();
    // Of the overhead of 3 there is one; the answer has 4 tokens and 4 around them.
    assert_eq!(next["usage"]["input_tokens"], 2 * question - 3 + 8, "{next}");
}
