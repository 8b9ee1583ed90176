//! What only OpenAI's two formats do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use serde_json::{Value, json};
use support::{Practice, asks_with, deltas, formats::events, refusal};

/// Posts to Responses.
async fn respond(practice: &Practice, body: &Value) -> reqwest::Response {
    let request = practice.client.post(format!("{}/responses", practice.base));
    request.bearer_auth("practice").json(body).send().await.unwrap()
}

async fn events_of(practice: &Practice, body: &Value) -> Vec<Value> {
    events(&respond(practice, body).await.bytes().await.unwrap()).0
}

#[tokio::test]
async fn choices_interleave_and_share_one_usage() {
    let practice = Practice::start().await;
    let more = json!({ "n": 2, "stream_options": { "include_usage": true } });
    let frames = practice.frames(&asks_with("count to 2", &more)).await;
    let indexes: Vec<u64> =
        frames.iter().filter_map(|frame| frame["choices"][0]["index"].as_u64()).collect();
    assert_eq!(indexes, [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    assert_eq!(deltas(&frames).concat(), "11,,  22");
    assert_eq!(frames.last().unwrap()["usage"]["completion_tokens"], 8);
    let more = json!({ "n": 2 });
    let whole = practice.whole(&asks_with("count to 2", &more)).await;
    assert_eq!(whole["choices"][1]["message"]["content"], "1, 2");
    assert_eq!(whole["usage"]["completion_tokens"], 8);
}

#[tokio::test]
async fn logprobs_are_the_models_own_and_their_bytes_are_the_text() {
    let practice = Practice::start().await;
    let more = json!({ "logprobs": true, "top_logprobs": 5, "seed": 7 });
    let body = asks_with("What is streaming?", &more);
    let whole = practice.whole(&body).await;
    let frames = practice.frames(&body).await;
    let choice = &whole["choices"][0];
    let streamed: Vec<Value> = frames
        .iter()
        .filter_map(|frame| frame["choices"][0]["logprobs"]["content"].as_array().cloned())
        .flatten()
        .collect();
    assert_eq!(choice["logprobs"]["content"], Value::from(streamed.clone()));
    let bytes: Vec<u8> = streamed
        .iter()
        .flat_map(|token| token["bytes"].as_array().unwrap())
        .map(|byte| u8::try_from(byte.as_u64().unwrap()).unwrap())
        .collect();
    assert_eq!(String::from_utf8(bytes).unwrap(), choice["message"]["content"].as_str().unwrap());
    for token in &streamed {
        let chance = token["logprob"].as_f64().unwrap();
        assert!((-9999.0..=0.0).contains(&chance), "{token}");
        let candidates = token["top_logprobs"].as_array().unwrap();
        assert!(candidates.len() <= 5, "{token}");
        let chances: Vec<f64> =
            candidates.iter().map(|it| it["logprob"].as_f64().unwrap()).collect();
        assert!(chances.is_sorted_by(|one, next| one >= next), "{token}");
        assert!(chances.iter().map(|it| it.exp()).sum::<f64>() < 1.0 + 1e-9, "{token}");
        let same = candidates.iter().find(|it| it["bytes"] == token["bytes"]);
        assert!(same.is_none_or(|same| same["logprob"] == token["logprob"]), "{token}");
    }
    assert_eq!(frames[0]["choices"][0]["logprobs"]["content"], json!([]));
}

#[tokio::test]
async fn the_events_of_a_response_come_in_order_and_are_numbered() {
    let practice = Practice::start().await;
    let body = json!({ "model": "practice-1", "input": "count to 1", "stream": true });
    let events = events_of(&practice, &body).await;
    let types: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    let expected = [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ];
    assert_eq!(types, expected);
    let numbers = events.iter().map(|event| event["sequence_number"].as_u64().unwrap());
    assert!(numbers.eq(0..9), "{events:?}");
    let item = &events[2]["item"]["id"];
    assert!(events[3..7].iter().all(|event| event["item_id"] == *item), "{events:?}");
}

#[tokio::test]
async fn a_response_that_fails_says_so_twice() {
    let practice = Practice::start().await;
    let request = practice.client.post(format!("{}/responses", practice.base));
    let body = json!({ "model": "practice-1", "input": "count to 99", "stream": true });
    let request = request.bearer_auth("practice").header("x-practice-fault", "in_stream_error");
    let bytes = request.json(&body).send().await.unwrap().bytes().await.unwrap();
    let (events, _) = events(&bytes);
    let [.., error, failed] = &events[..] else { panic!("{events:?}") };
    assert_eq!(error["error"]["type"], "server_error");
    assert_eq!(
        (&failed["type"], &failed["response"]["status"]),
        (&json!("response.failed"), &json!("failed"))
    );
}

#[tokio::test]
async fn a_response_repeats_what_it_was_asked_with() {
    let practice = Practice::start().await;
    let body = json!({
        "model": "practice-1", "input": "count to 9", "instructions": "Be brief.",
        "temperature": 0.5, "max_output_tokens": 4, "metadata": { "a": "b" }, "store": false,
        "include": ["message.output_text.logprobs"], "top_logprobs": 1,
    });
    let reply: Value = respond(&practice, &body).await.json().await.unwrap();
    let echoed =
        ["instructions", "temperature", "max_output_tokens", "metadata", "top_logprobs", "store"];
    for name in echoed {
        assert_eq!(reply[name], body[name], "{name}");
    }
    assert_eq!(reply["incomplete_details"]["reason"], "max_output_tokens");
    let logprobs = reply["output"][0]["content"][0]["logprobs"].as_array().unwrap();
    assert_eq!(logprobs.len(), 4);
}

#[tokio::test]
async fn a_faulty_field_of_a_response_is_named_with_its_code() {
    let practice = Practice::start().await;
    let table = [
        (json!({ "input": null }), "input", "missing_required_parameter"),
        (json!({ "input": [] }), "input", "empty_array"),
        (json!({ "input": 7 }), "input", "invalid_type"),
        (
            json!({ "input": [{ "role": "tool", "content": "x" }] }),
            "input[0].role",
            "invalid_value",
        ),
        (
            json!({ "input": [{ "role": "user", "content": [{ "type": "text", "text": "x" }] }] }),
            "input[0].content[0].type",
            "invalid_value",
        ),
        (
            json!({ "input": [{ "role": "user", "content": [{ "type": "input_image" }] }] }),
            "input[0].content[0].type",
            "unsupported_value",
        ),
        (json!({ "model": null }), "model", "missing_required_parameter"),
        (json!({ "temperature": 3 }), "temperature", "decimal_above_max_value"),
        (json!({ "max_output_tokens": 0 }), "max_output_tokens", "integer_below_min_value"),
        (json!({ "max_tokens": 5 }), "max_tokens", "unknown_parameter"),
        (json!({ "stop": "x" }), "stop", "unknown_parameter"),
        (json!({ "reasoning": { "effort": "low" } }), "reasoning.effort", "unsupported_parameter"),
        (
            json!({ "text": { "format": { "type": "json_schema" } } }),
            "text.format.name",
            "missing_required_parameter",
        ),
        (
            json!({ "text": { "format": { "type": "json_schema", "name": "x", "strict": true,
                                          "schema": { "type": "object" } } } }),
            "text.format.schema",
            "invalid_json_schema",
        ),
        (json!({ "text": { "format": { "type": "xml" } } }), "text.format.type", "invalid_value"),
        (json!({ "tool_choice": "required" }), "tool_choice", "unsupported_value"),
        (
            json!({ "previous_response_id": "resp_1" }),
            "previous_response_id",
            "previous_response_not_found",
        ),
        (json!({ "model": "gpt-x" }), "model", "model_not_found"),
        (json!({ "input": "word ".repeat(33_000) }), "input", "context_length_exceeded"),
    ];
    for (more, param, code) in table {
        let mut body = json!({ "model": "practice-1", "input": "hello" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (status, error) = refusal(respond(&practice, &body).await).await;
        assert_eq!((status, &error["param"], &error["code"]), (400, &json!(param), &json!(code)));
    }
}

#[tokio::test]
async fn a_response_that_may_be_truncated_forgets_its_oldest_messages() {
    let practice = Practice::start().await;
    let long = json!({ "role": "user", "content": "word ".repeat(33_000) });
    let body = json!({
        "model": "practice-1", "truncation": "auto",
        "input": [long, { "role": "user", "content": "count to 2" }],
    });
    let reply: Value = respond(&practice, &body).await.json().await.unwrap();
    assert_eq!(reply["usage"]["input_tokens"], 11, "{reply}");
}

#[tokio::test]
async fn a_response_goes_on_from_an_earlier_one_by_its_id() {
    let practice = Practice::start().await;
    let ask = async |more: Value| {
        let mut body = json!({ "model": "practice-1" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        respond(&practice, &body).await
    };
    let stream = json!({ "input": "count to 3", "instructions": "Be brief.", "stream": true });
    let (events, _) = events(&ask(stream).await.bytes().await.unwrap());
    let id = &events[0]["response"]["id"];
    let next = json!({ "input": "count to 2", "previous_response_id": id, "store": false });
    let next: Value = ask(next).await.json().await.unwrap();
    let turns = |turns: &[(&str, &str)]| -> Value {
        turns.iter().map(|(role, text)| json!({ "role": role, "content": text })).collect()
    };
    let all = [("user", "count to 3"), ("assistant", "1, 2, 3"), ("user", "count to 2")];
    let whole: Value = ask(json!({ "input": turns(&all) })).await.json().await.unwrap();
    assert_eq!(next["previous_response_id"], *id);
    assert_eq!(next["usage"], whole["usage"], "instructions hold for one reply");
    let forgotten = json!({ "input": "x", "previous_response_id": next["id"] });
    let (status, error) = refusal(ask(forgotten).await).await;
    assert_eq!((status, &error["code"]), (400, &json!("previous_response_not_found")));
}

#[tokio::test]
async fn a_response_can_be_asked_for_again_until_it_is_forgotten() {
    let practice = Practice::start().await;
    let call = async |method: &str, id: &str| {
        let address = format!("{}/responses/{id}", practice.base);
        let request = practice.client.request(method.parse().unwrap(), address);
        request.bearer_auth("practice").send().await.unwrap()
    };
    let body = json!({ "model": "practice-1", "input": "count to 3", "max_output_tokens": 4 });
    let first: Value = respond(&practice, &body).await.json().await.unwrap();
    let id = first["id"].as_str().unwrap();
    for _ in 0..2 {
        let again: Value = call("GET", id).await.json().await.unwrap();
        for name in ["id", "status", "output", "usage", "incomplete_details"] {
            assert_eq!(again[name], first[name], "{name}");
        }
    }
    let deleted: Value = call("DELETE", id).await.json().await.unwrap();
    assert_eq!(deleted, json!({ "id": id, "object": "response", "deleted": true }));
    for method in ["GET", "DELETE"] {
        let (status, error) = refusal(call(method, id).await).await;
        let message = format!("Response with id '{id}' not found.");
        assert_eq!((status, &error["message"]), (404, &json!(message)), "{method}");
    }
    assert_eq!(call("POST", id).await.status(), 405);
}

#[tokio::test]
async fn only_the_last_responses_are_kept() {
    let practice = Practice::start().await;
    let body = json!({ "model": "practice-1", "input": "count to 1" });
    let mut ids = Vec::new();
    for _ in 0..=50 {
        let reply: Value = respond(&practice, &body).await.json().await.unwrap();
        ids.push(reply["id"].clone());
    }
    let goes_on = async |id: &Value| {
        let body = json!({ "model": "practice-1", "input": "x", "previous_response_id": id,
                           "store": false });
        respond(&practice, &body).await.status().as_u16()
    };
    assert_eq!((goes_on(&ids[0]).await, goes_on(&ids[1]).await), (400, 200));
}

#[tokio::test]
async fn what_tools_said_is_a_part_of_the_conversation() {
    let practice = Practice::start().await;
    let items = json!({ "model": "practice-1", "input": [
        { "role": "user", "content": "count to 2" },
        { "type": "function_call", "call_id": "1", "name": "f", "arguments": "{}" },
        { "type": "function_call_output", "call_id": "1", "output": "It is sunny." },
    ]});
    let reply: Value = respond(&practice, &items).await.json().await.unwrap();
    assert_eq!(reply["usage"]["input_tokens"], 11 + 8, "{reply}");
}

#[tokio::test]
async fn each_model_has_its_own_window() {
    let practice = Practice::start().await;
    for card in practice::cards::CARDS {
        let body = asks_with("Count to 1000000", &json!({ "model": card.id }));
        let whole = practice.whole(&body).await;
        assert_eq!(whole["choices"][0]["finish_reason"], "length", "{}", card.id);
        assert_eq!(whole["usage"]["total_tokens"], card.window, "{}", card.id);
        assert_eq!(whole["model"], card.id);
    }
}
