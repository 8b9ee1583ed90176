//! Requests that are refused, in OpenAI's shape.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use serde_json::{Value, json};
use support::{Practice, asks, asks_with, refusal};

#[tokio::test]
async fn a_wrong_key_is_refused_and_only_partly_echoed() {
    let practice = Practice::start().await;
    let key = "sk-proj-abcdefghijklmnopqrstuvwxyz";
    for request in [
        practice.client.post(format!("{}/chat/completions", practice.base)).json(&asks("hello")),
        practice.client.get(format!("{}/models", practice.base)),
        practice.client.get(format!("{}/models/practice-1", practice.base)),
    ] {
        let response = request.bearer_auth(key).send().await.unwrap();
        assert_eq!(response.headers()["www-authenticate"], r#"Bearer realm="OpenAI API""#);
        let (status, error) = refusal(response).await;
        let message = error["message"].as_str().unwrap();
        assert_eq!((status, &error["code"]), (401, &json!("invalid_api_key")));
        assert!(message.starts_with("Incorrect API key provided: sk-proj-*"), "{message}");
        assert!(message.contains("*wxyz. ") && !message.contains(key), "{message}");
    }
}

#[tokio::test]
async fn a_missing_key_is_told_from_a_wrong_one() {
    let practice = Practice::start().await;
    for value in ["", "Bearer", "Bearer  ", "Basic practice", "practice"] {
        let request = practice.client.get(format!("{}/models", practice.base));
        let response = request.header("authorization", value).send().await.unwrap();
        let (status, error) = refusal(response).await;
        assert_eq!((status, &error["code"]), (401, &Value::Null), "{value:?}");
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with("You didn't provide an API key."), "{message}");
    }
}

/// Sends a question with these fields and expects a 400 about this one, with this code.
async fn expect_refusals(table: &[(Value, &str, &str)]) {
    let practice = Practice::start().await;
    for (more, param, code) in table {
        let response = practice.post(&asks_with("hello", more)).send().await.unwrap();
        let (status, error) = refusal(response).await;
        assert_eq!(status, 400, "{more}");
        assert_eq!((&error["param"], &error["code"]), (&json!(param), &json!(code)), "{more}");
        assert_eq!(error["type"], "invalid_request_error");
    }
}

#[tokio::test]
async fn a_faulty_knob_is_named_with_its_code() {
    expect_refusals(&[
        (json!({ "temperature": 2.5 }), "temperature", "decimal_above_max_value"),
        (json!({ "temperature": -1 }), "temperature", "decimal_below_min_value"),
        (json!({ "temperature": "hot" }), "temperature", "invalid_type"),
        (json!({ "top_p": 1.01 }), "top_p", "decimal_above_max_value"),
        (json!({ "top_p": -0.1 }), "top_p", "decimal_below_min_value"),
        (json!({ "presence_penalty": 3 }), "presence_penalty", "decimal_above_max_value"),
        (json!({ "max_tokens": 0 }), "max_tokens", "integer_below_min_value"),
        (
            json!({ "max_completion_tokens": -5 }),
            "max_completion_tokens",
            "integer_below_min_value",
        ),
        (json!({ "max_tokens": 1.5 }), "max_tokens", "invalid_type"),
        (
            json!({ "max_tokens": 5, "max_completion_tokens": 5 }),
            "max_tokens",
            "invalid_parameter_combination",
        ),
        (json!({ "seed": 0.5 }), "seed", "invalid_type"),
        (json!({ "n": 9 }), "n", "integer_above_max_value"),
        (json!({ "n": 0 }), "n", "integer_below_min_value"),
        (json!({ "stop": ["a", "b", "c", "d", "e"] }), "stop", "array_above_max_length"),
        (json!({ "stop": 7 }), "stop", "invalid_type"),
        (json!({ "stop": ["a", 7] }), "stop[1]", "invalid_type"),
        (json!({ "stop": "" }), "stop[0]", "empty_string"),
        (json!({ "stream": "yes" }), "stream", "invalid_type"),
        (json!({ "stream": true, "stream_options": true }), "stream_options", "invalid_type"),
        (json!({ "logprobs": 1 }), "logprobs", "invalid_type"),
        (
            json!({ "logprobs": true, "top_logprobs": 21 }),
            "top_logprobs",
            "integer_above_max_value",
        ),
        (json!({ "tools": [] }), "tools", "empty_array"),
        (json!({ "reasoning_effort": "low" }), "reasoning_effort", "unsupported_parameter"),
        (json!({ "modalities": ["text", "audio"] }), "modalities[1]", "unsupported_value"),
        (
            json!({ "response_format": { "type": "json_schema" } }),
            "response_format.json_schema",
            "missing_required_parameter",
        ),
        (json!({ "response_format": { "type": "xml" } }), "response_format.type", "invalid_value"),
        (json!({ "top_k": -2 }), "top_k", "integer_below_min_value"),
        (json!({ "min_p": 1.5 }), "min_p", "decimal_above_max_value"),
        (json!({ "repetition_penalty": 1.1 }), "repetition_penalty", "unknown_parameter"),
    ])
    .await;
}

#[tokio::test]
async fn a_faulty_bias_is_named_by_its_token() {
    expect_refusals(&[
        (json!({ "logit_bias": [] }), "logit_bias", "invalid_type"),
        (json!({ "logit_bias": { "5": 101 } }), "logit_bias.5", "decimal_above_max_value"),
        (json!({ "logit_bias": { "5": -101 } }), "logit_bias.5", "decimal_below_min_value"),
        (json!({ "logit_bias": { "5": "no" } }), "logit_bias.5", "invalid_type"),
    ])
    .await;
    let practice = Practice::start().await;
    let table = [
        ("hello", "You should only be submitting non-negative integers."),
        ("-5", "You should only be submitting non-negative integers."),
        ("200000", "Maximum value is 199999."),
        ("99999999999999999999", "Maximum value is 199999."),
    ];
    for (key, why) in table {
        let body = asks_with("hello", &json!({ "logit_bias": { key: 1 } }));
        let (status, error) = refusal(practice.post(&body).send().await.unwrap()).await;
        let message = format!("Invalid key in 'logit_bias': {key}. {why}");
        assert_eq!((status, &error["message"]), (400, &json!(message)));
        assert_eq!((&error["param"], &error["code"]), (&json!("logit_bias"), &Value::Null));
    }
}

#[tokio::test]
async fn a_faulty_message_is_named_with_its_code() {
    let video = json!([{ "role": "user", "content": [{ "type": "video" }] }]);
    expect_refusals(&[
        (json!({ "messages": null }), "messages", "missing_required_parameter"),
        (json!({ "messages": [] }), "messages", "empty_array"),
        (json!({ "messages": "hello" }), "messages", "invalid_type"),
        (json!({ "messages": ["hello"] }), "messages[0]", "invalid_type"),
        (
            json!({ "messages": [{ "content": "x" }] }),
            "messages[0].role",
            "missing_required_parameter",
        ),
        (
            json!({ "messages": [{ "role": "king", "content": "x" }] }),
            "messages[0].role",
            "invalid_value",
        ),
        (
            json!({ "messages": [{ "role": "user" }] }),
            "messages[0].content",
            "missing_required_parameter",
        ),
        (
            json!({ "messages": [{ "role": "user", "content": 5 }] }),
            "messages[0].content",
            "invalid_type",
        ),
        (json!({ "messages": video }), "messages[0].content[0].type", "invalid_value"),
    ])
    .await;
}

#[tokio::test]
async fn a_refusal_says_what_was_expected_and_what_came() {
    let table = [
        (
            json!({ "temperature": -1 }),
            "Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but got -1 \
             instead.",
        ),
        (
            json!({ "max_tokens": "5" }),
            "Invalid type for 'max_tokens': expected an integer, but got a string instead.",
        ),
        (
            json!({ "response_format": { "type": "json_object" } }),
            "'messages' must contain the word 'json' in some form, to use 'response_format' of \
             type 'json_object'.",
        ),
        (
            json!({ "messages": [{ "role": "user", "content": [{ "type": "image_url" }] }] }),
            "Invalid content type. image_url is only supported by certain models.",
        ),
        (
            json!({ "response_format": { "type": "json_schema", "json_schema": {
                "name": "x", "strict": true, "schema": { "type": "object" } } } }),
            "Invalid schema for response_format 'x': In context=(), 'additionalProperties' is \
             required to be supplied and to be false.",
        ),
        (
            json!({ "tool_choice": "auto" }),
            "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are \
             specified.",
        ),
        (
            json!({ "top_logprobs": 3 }),
            "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
        ),
        (
            json!({ "stream_options": {} }),
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
        ),
        (json!({ "model": null }), "you must provide a model parameter"),
    ];
    let practice = Practice::start().await;
    for (more, message) in table {
        let response = practice.post(&asks_with("hello", &more)).send().await.unwrap();
        let (status, error) = refusal(response).await;
        assert_eq!((status, &error["message"]), (400, &json!(message)), "{more}");
    }
}

#[tokio::test]
async fn an_unknown_model_is_not_found() {
    let practice = Practice::start().await;
    let request = practice.post(&asks_with("hello", &json!({ "model": "gpt-x" })));
    let (status, error) = refusal(request.send().await.unwrap()).await;
    assert_eq!((status, &error["code"]), (404, &json!("model_not_found")));
    let message = "The model `gpt-x` does not exist or you do not have access to it.";
    assert_eq!((&error["message"], &error["param"]), (&json!(message), &Value::Null));
    let (status, error) = refusal(practice.get("/models/gpt-x").send().await.unwrap()).await;
    assert_eq!((status, &error["code"]), (404, &json!("model_not_found")));
}

#[tokio::test]
async fn wrong_addresses_and_methods_are_named() {
    let practice = Practice::start().await;
    let (status, error) = refusal(practice.get("/nowhere").send().await.unwrap()).await;
    assert_eq!((status, &error["message"]), (404, &json!("Invalid URL (GET /v1/nowhere)")));
    let response = practice.get("/chat/completions").send().await.unwrap();
    assert_eq!(response.headers()["allow"], "POST");
    let (status, error) = refusal(response).await;
    assert_eq!((status, &error["code"]), (405, &json!("method_not_supported")));
}

#[tokio::test]
async fn a_conversation_past_the_window_is_refused_with_both_numbers() {
    let practice = Practice::start().await;
    let long = asks_with(&"word ".repeat(33_000), &json!({ "model": "practice-long" }));
    let (status, error) = refusal(practice.post(&long).send().await.unwrap()).await;
    assert_eq!((status, &error["code"]), (400, &json!("context_length_exceeded")));
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("is 32768 tokens") && message.contains("resulted in 33"), "{message}");
    let greedy = asks_with("hello", &json!({ "model": "practice-long", "max_tokens": 32_768 }));
    let (status, error) = refusal(practice.post(&greedy).send().await.unwrap()).await;
    let message = error["message"].as_str().unwrap();
    assert_eq!((status, &error["param"]), (400, &json!("messages")));
    assert!(message.contains("(8 in the messages, 32768 in the completion)"), "{message}");
    let huge = asks_with("hello", &json!({ "max_tokens": u64::MAX }));
    assert_eq!(refusal(practice.post(&huge).send().await.unwrap()).await.0, 400);
}

#[tokio::test]
async fn a_body_that_is_too_large_hears_so() {
    let practice = Practice::start().await;
    for mebibytes in [5, 40] {
        let body = asks(&"a".repeat(mebibytes << 20));
        let (status, error) = refusal(practice.post(&body).send().await.unwrap()).await;
        assert_eq!(status, 413, "{mebibytes} MiB");
        assert!(error["message"].as_str().unwrap().contains("at most 4 MiB"), "{error}");
    }
}

#[tokio::test]
async fn a_bad_pace_is_explained() {
    let practice = Practice::start().await;
    let request = practice.post(&asks("hello")).header("x-practice-pace", "first=soon");
    let (status, error) = refusal(request.send().await.unwrap()).await;
    assert_eq!(status, 400);
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("'soon'") && message.contains("first=300ms, rate=40"), "{message}");
}

#[tokio::test]
async fn a_body_that_is_not_json_is_refused() {
    let practice = Practice::start().await;
    let lone_surrogate = r#"{"model":"practice-1","messages":"\ud800"}"#.as_bytes().to_vec();
    let deep = "[".repeat(100_000).into_bytes();
    for body in [b"".to_vec(), b"{".to_vec(), b"\xff\xfe".to_vec(), lone_surrogate, deep] {
        let request = practice.post(&Value::Null).body(body);
        let (status, error) = refusal(request.send().await.unwrap()).await;
        assert_eq!(status, 400);
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with("We could not parse the JSON body"), "{message}");
    }
}
