//! What only Anthropic's format does.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use support::Practice;

fn post(practice: &Practice, version: &str, body: &Value) -> RequestBuilder {
    let request = practice.client.post(format!("{}/v1/messages", practice.origin));
    request.header("x-api-key", "practice").header("anthropic-version", version).json(body)
}

/// A question with these fields added or, where null, taken away.
fn asks(more: &Value) -> Value {
    let mut body = json!({
        "model": "practice-1", "max_tokens": 100,
        "messages": [{ "role": "user", "content": "count to 4" }],
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

async fn refused(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let id = response.headers()["request-id"].to_str().unwrap().to_owned();
    let retry = response.headers()["x-should-retry"].to_str().unwrap() == "true";
    let body: Value = response.json().await.unwrap();
    assert_eq!((&body["type"], &body["request_id"]), (&json!("error"), &json!(id)));
    assert_eq!(retry, status >= 429, "{body}");
    (status, body["error"]["message"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn the_newest_version_has_no_sampling_parameters() {
    let practice = Practice::start().await;
    for more in [json!({ "temperature": 1 }), json!({ "top_p": 0.5 }), json!({ "top_k": 40 })] {
        let name = more.as_object().unwrap().keys().next().unwrap().clone();
        for version in ["2023-01-01", "2023-06-01"] {
            let response = post(&practice, version, &asks(&more)).send().await.unwrap();
            assert_eq!(response.status(), 200, "{name} under {version}");
        }
        let response = post(&practice, "2026-10-21", &asks(&more)).send().await.unwrap();
        let expected = format!("{name}: Extra inputs are not permitted");
        assert_eq!(refused(response).await, (400, expected));
    }
    let plain = post(&practice, "2026-10-21", &asks(&json!({}))).send().await.unwrap();
    assert_eq!(plain.status(), 200);
}

#[tokio::test]
async fn a_version_must_be_named_and_known() {
    let practice = Practice::start().await;
    let request = practice.client.post(format!("{}/v1/messages", practice.origin));
    let response = request.header("x-api-key", "practice").json(&asks(&json!({}))).send().await;
    let expected = "anthropic-version: header is required";
    assert_eq!(refused(response.unwrap()).await, (400, expected.to_owned()));
    let response = post(&practice, "2024-01-01", &asks(&json!({}))).send().await.unwrap();
    let expected = "anthropic-version: \"2024-01-01\" is not a valid version";
    assert_eq!(refused(response).await, (400, expected.to_owned()));
}

#[tokio::test]
async fn a_key_may_come_in_either_header_and_its_own_counts() {
    let practice = Practice::start().await;
    let table = [
        (Some("practice"), None, 200),
        (None, Some("practice"), 200),
        (Some("practice"), Some("wrong"), 200),
        (Some("wrong"), Some("practice"), 401),
        (None, None, 401),
    ];
    for (own, bearer, status) in table {
        let mut request = practice.client.post(format!("{}/v1/messages", practice.origin));
        if let Some(key) = own {
            request = request.header("x-api-key", key);
        }
        if let Some(key) = bearer {
            request = request.bearer_auth(key);
        }
        let request = request.header("anthropic-version", "2023-06-01").json(&asks(&json!({})));
        assert_eq!(request.send().await.unwrap().status(), status, "{own:?} {bearer:?}");
    }
}

async fn expect_refusals(table: &[(Value, &str)]) {
    let practice = Practice::start().await;
    for (more, expected) in table {
        let response = post(&practice, "2023-06-01", &asks(more)).send().await.unwrap();
        assert_eq!(refused(response).await, (400, (*expected).to_owned()));
    }
}

#[tokio::test]
async fn a_faulty_field_is_told_in_the_services_words() {
    expect_refusals(&[
        (json!({ "max_tokens": null }), "max_tokens: Field required"),
        (json!({ "max_tokens": "5" }), "max_tokens: Input should be a valid integer"),
        (
            json!({ "max_tokens": 99_999 }),
            "max_tokens: 99999 > 4096, which is the maximum allowed number of output tokens for \
             practice-1",
        ),
        (json!({ "model": null }), "model: Field required"),
        (json!({ "temperature": 1.5 }), "temperature: range: 0..1"),
        (json!({ "temperature": -0.1 }), "temperature: range: 0..1"),
        (json!({ "top_p": 1.5 }), "top_p: Input should be less than or equal to 1"),
        (json!({ "top_k": -1 }), "top_k: Input should be greater than or equal to 0"),
        (json!({ "seed": 7 }), "seed: Extra inputs are not permitted"),
        (json!({ "stream": "yes" }), "stream: Input should be a valid boolean"),
        (
            json!({ "stop_sequences": [" "] }),
            "stop_sequences: each stop sequence must contain non-whitespace",
        ),
        (
            json!({ "thinking": { "type": "adaptive" } }),
            "adaptive thinking is not supported on this model",
        ),
        (
            json!({ "output_config": { "effort": "low" } }),
            "This model does not support the effort parameter.",
        ),
        (
            json!({ "output_config": { "format": { "type": "json_schema" } } }),
            "output_config.format.schema: Field required",
        ),
    ])
    .await;
}

/// Where the service explains what thinking does not go together with.
const PAGE: &str = "Please consult our documentation at \
    https://docs.claude.com/en/docs/build-with-claude/extended-thinking";

/// Fields for a call of the model that thinks.
fn reasoner(more: Value) -> Value {
    let mut all = json!({ "model": "practice-reasoner", "max_tokens": 2000 });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all
}

#[tokio::test]
async fn a_model_that_thinks_refuses_what_does_not_go_with_it() {
    let considerations = format!("{PAGE}#important-considerations-when-using-extended-thinking");
    let refusal = |words: &str| format!("{words}. {considerations}");
    let temperature =
        refusal("`temperature` may only be set to 1 when thinking is enabled or in adaptive mode");
    let top_p = refusal(
        "`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled or in \
         adaptive mode",
    );
    let top_k = refusal("`top_k` must be unset when thinking is enabled or in adaptive mode");
    expect_refusals(&[
        (reasoner(json!({ "temperature": 0.5 })), &temperature),
        (reasoner(json!({ "temperature": 0, "thinking": { "type": "adaptive" } })), &temperature),
        (reasoner(json!({ "top_p": 0.9 })), &top_p),
        (reasoner(json!({ "top_k": 40 })), &top_k),
        (
            reasoner(json!({ "messages": [
                { "role": "user", "content": "x" }, { "role": "assistant", "content": "y" },
            ]})),
            "This model does not support assistant message prefill. The conversation must end with \
             a user message.",
        ),
        (
            reasoner(json!({ "output_config": { "effort": "minimal" } })),
            "output_config.effort: Input should be 'low' or 'medium' or 'high' or 'xhigh' or 'max'",
        ),
    ])
    .await;
}

#[tokio::test]
async fn thinking_is_asked_for_in_the_services_words() {
    let thinking = |thinking: Value| reasoner(json!({ "thinking": thinking }));
    let budget = format!(
        "`max_tokens` must be greater than `thinking.budget_tokens`. \
         {PAGE}#max-tokens-and-context-window-size"
    );
    expect_refusals(&[
        (thinking(json!({ "type": "enabled", "budget_tokens": 2000 })), &budget),
        (
            thinking(json!({ "type": "enabled", "budget_tokens": 1023 })),
            "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
        ),
        (thinking(json!({ "type": "enabled" })), "thinking.enabled.budget_tokens: Field required"),
        (
            thinking(json!({ "type": "adaptive", "budget_tokens": 1024 })),
            "thinking.adaptive.budget_tokens: Extra inputs are not permitted",
        ),
        (
            thinking(json!({ "type": "adaptive", "display": "all" })),
            "thinking.adaptive.display: Input should be 'summarized' or 'omitted'",
        ),
        (
            thinking(json!({ "type": "between_tools" })),
            "\"thinking.type.between_tools\" is not supported for this model.",
        ),
        (
            thinking(json!({ "type": "always" })),
            "thinking.type: Input should be 'adaptive' or 'enabled' or 'disabled' or \
             'between_tools'",
        ),
    ])
    .await;
}

#[tokio::test]
async fn the_model_that_is_called_is_named() {
    let practice = Practice::start().await;
    for id in ["practice-mini", "practice-reasoner", "practice-long"] {
        let body = asks(&json!({ "model": id, "thinking": { "type": "disabled" } }));
        let response = post(&practice, "2023-06-01", &body).send().await.unwrap();
        assert_eq!(response.json::<Value>().await.unwrap()["model"], id);
    }
    let table = [
        (
            json!({ "max_tokens": 600 }),
            400,
            "max_tokens: 600 > 512, which is the maximum allowed number of output tokens for practice-mini",
        ),
        (
            json!({ "thinking": { "type": "enabled", "budget_tokens": 1024 } }),
            400,
            "'practice-mini' does not support thinking.",
        ),
        (json!({ "model": "practice-mini:status=404" }), 404, "model: practice-mini"),
    ];
    for (more, status, expected) in table {
        let mut body = asks(&json!({ "model": "practice-mini" }));
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let response = post(&practice, "2023-06-01", &body).send().await.unwrap();
        assert_eq!(refused(response).await, (status, expected.to_owned()));
    }
}

#[tokio::test]
async fn a_faulty_message_is_told_in_the_services_words() {
    let messages = |messages: Value| json!({ "messages": messages });
    expect_refusals(&[
        (messages(json!([])), "messages: at least one message is required"),
        (
            messages(json!([{ "role": "system", "content": "x" }])),
            "messages: Unexpected role \"system\". The Messages API accepts a top-level `system` \
             parameter, not \"system\" as an input message role.",
        ),
        (
            messages(json!([{ "role": "king", "content": "x" }])),
            "messages.0.role: Input should be 'user' or 'assistant'",
        ),
        (
            messages(json!([{ "role": "user", "content": "" }])),
            "messages.0: all messages must have non-empty content except for the optional final \
             assistant message",
        ),
        (
            messages(json!([{ "role": "user", "content": [{ "type": "text", "text": "" }] }])),
            "messages: text content blocks must be non-empty",
        ),
        (
            messages(json!([
                { "role": "user", "content": "x" }, { "role": "assistant", "content": "y " },
            ])),
            "messages: final assistant content cannot end with trailing whitespace",
        ),
        (messages(json!([{ "role": "user" }])), "messages.0.content: Field required"),
    ])
    .await;
}

#[tokio::test]
async fn a_prompt_past_the_window_is_told_apart_from_one_whose_reply_is() {
    let practice = Practice::start().await;
    let long = json!({
        "model": "practice-long",
        "messages": [{ "role": "user", "content": "word ".repeat(33_000) }],
    });
    let response = post(&practice, "2023-06-01", &asks(&long)).send().await.unwrap();
    let (_, message) = refused(response).await;
    assert!(message.starts_with("prompt is too long: 33") && message.ends_with("> 32768 maximum"));
    let greedy = asks(&json!({ "model": "practice-long", "max_tokens": 32_768 }));
    let (_, message) = refused(post(&practice, "2023-06-01", &greedy).send().await.unwrap()).await;
    assert!(message.starts_with("input length and `max_tokens` exceed context limit: 11 + 32768"));
}

#[tokio::test]
async fn a_reply_goes_on_from_its_beginning() {
    let practice = Practice::start().await;
    let more = json!({ "messages": [
        { "role": "user", "content": "count to 4" },
        { "role": "assistant", "content": [{ "type": "text", "text": "Of course: 1, 2," }] },
    ]});
    let response = post(&practice, "2023-06-01", &asks(&more)).send().await.unwrap();
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["content"][0]["text"], " 3, 4");
}

#[tokio::test]
async fn a_reply_that_is_begun_with_a_brace_becomes_an_object() {
    let practice = Practice::start().await;
    for beginning in ["{", "{\"name\":"] {
        let more = json!({ "temperature": 0, "messages": [
            { "role": "user", "content": "Describe a cat as JSON" },
            { "role": "assistant", "content": beginning },
        ]});
        let response = post(&practice, "2023-06-01", &asks(&more)).send().await.unwrap();
        let body: Value = response.json().await.unwrap();
        let whole = format!("{beginning}{}", body["content"][0]["text"].as_str().expect("text"));
        assert!(serde_json::from_str::<Value>(&whole).is_ok_and(|it| it.is_object()), "{whole}");
    }
}

#[tokio::test]
async fn calls_of_tools_and_thoughts_are_history_and_need_no_text() {
    let practice = Practice::start().await;
    let more = json!({ "messages": [
        { "role": "user", "content": "count to 4" },
        { "role": "assistant", "content": [
            { "type": "thinking", "thinking": "Hm.", "signature": "x" },
            { "type": "tool_use", "id": "1", "name": "f", "input": {} },
        ]},
        { "role": "user", "content": [
            { "type": "tool_result", "tool_use_id": "1", "content": [{ "type": "text", "text": "count to 2" }] },
        ]},
    ]});
    let response = post(&practice, "2023-06-01", &asks(&more)).send().await.unwrap();
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["content"][0]["text"], "1, 2", "{body}");
}

#[tokio::test]
async fn neighbours_of_one_role_are_one_message() {
    let practice = Practice::start().await;
    let tokens = async |messages: Value| {
        let body = asks(&json!({ "messages": messages }));
        let response = post(&practice, "2023-06-01", &body).send().await.unwrap();
        response.json::<Value>().await.unwrap()["usage"]["input_tokens"].clone()
    };
    let two =
        json!([{ "role": "user", "content": "Hello." }, { "role": "user", "content": "You?" }]);
    let one = json!([{ "role": "user", "content": "Hello.\nYou?" }]);
    assert_eq!(tokens(two).await, tokens(one).await);
}

#[tokio::test]
async fn the_events_of_a_message_come_in_order() {
    let practice = Practice::start().await;
    let body = asks(&json!({ "stream": true, "stop_sequences": [", 3"] }));
    let response = post(&practice, "2023-06-01", &body).send().await.unwrap();
    let text = response.text().await.unwrap();
    let names: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
    let mut expected = vec!["message_start", "content_block_start", "ping"];
    expected.extend(["content_block_delta"; 4]);
    expected.extend(["content_block_stop", "message_delta", "message_stop"]);
    assert_eq!(names, expected);
    assert!(text.contains(r#""stop_reason":"stop_sequence","stop_sequence":", 3""#), "{text}");
    assert!(text.lines().any(|line| line.contains("  }")), "no frame is padded");
}

#[tokio::test]
async fn the_list_of_models_is_told_apart_and_has_pages() {
    let practice = Practice::start().await;
    let list = async |query: &str| {
        let request = practice.client.get(format!("{}/v1/models{query}", practice.origin));
        let request = request.header("x-api-key", "practice");
        request.header("anthropic-version", "2023-06-01").send().await.unwrap()
    };
    let page: Value = list("?limit=1").await.json().await.unwrap();
    assert_eq!((&page["data"][0]["type"], &page["has_more"]), (&json!("model"), &json!(true)));
    assert_eq!((&page["first_id"], &page["last_id"]), (&json!("practice-1"), &json!("practice-1")));
    let others: Value = list("?after_id=practice-1").await.json().await.unwrap();
    let ids: Vec<_> = others["data"].as_array().unwrap().iter().map(|card| &card["id"]).collect();
    assert_eq!(ids, practice::cards::CARDS[1..].iter().map(|card| card.id).collect::<Vec<_>>());
    let last = others["last_id"].as_str().unwrap();
    let after: Value = list(&format!("?after_id={last}")).await.json().await.unwrap();
    assert_eq!((&after["data"], &after["first_id"]), (&json!([]), &Value::Null));
    for (limit, words) in [
        ("0", "greater than or equal to 1"),
        ("1001", "less than or equal to 1000"),
        ("x", "a valid integer, unable to parse string as an integer"),
    ] {
        let expected = format!("limit: Input should be {words}");
        assert_eq!(refused(list(&format!("?limit={limit}")).await).await, (400, expected));
    }
    assert_eq!(list("?after_id=x").await.status(), 400);
    assert_eq!(list("/practice-1").await.status(), 200);
    assert_eq!(refused(list("/claude-x").await).await, (404, "model: claude-x".to_owned()));
}
