//! Anthropic Messages.

use serde_json::{Value, json};

use super::{Asked, Format, Refused, Request, Said, events, text};

pub const FORMAT: Format = Format {
    name: "Anthropic Messages",
    ask,
    whole,
    stream,
    refused,
    count: Some((count, "/input_tokens")),
    models: ("/v1/models", "/data/0/id"),
    wrong_key: Some((401, "authentication_error")),
    missing_key: Some((401, "authentication_error")),
    unknown_model: (404, "not_found_error"),
    waits_in_header: true,
    has_stop: true,
    by_schema: r#"{"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}}"#,
    any_json: None,
    tools: Some((
        r#"{"tools": [{"name": "f", "input_schema": {}}], "tool_choice": {"type": "auto"}}"#,
        r#"{"tools": [{"name": "f", "input_schema": {}}], "tool_choice": {"type": "any"}}"#,
    )),
    thinking: r#"{"thinking": {"type": "enabled", "budget_tokens": 1024}}"#,
    headers: &["request-id", "anthropic-organization-id", "anthropic-ratelimit-input-tokens-reset"],
};

fn ask(asked: &Asked) -> Request {
    let message = |(role, text): &(&str, String)| json!({ "role": role, "content": [{ "type": "text", "text": text }] });
    let messages: Vec<Value> = asked.messages.iter().map(message).collect();
    let mut body = json!({
        "model": asked.model, "messages": messages, "stream": asked.stream,
        "max_tokens": asked.max_tokens.unwrap_or(2048),
    });
    if let Some(text) = asked.system {
        body["system"] = text.into();
    }
    if let Some(stop) = asked.stop {
        body["stop_sequences"] = json!([stop]);
    }
    if let Some(temperature) = asked.temperature {
        body["temperature"] = temperature.into();
    }
    let headers =
        vec![("x-api-key", asked.key.clone()), ("anthropic-version", "2023-06-01".to_owned())];
    Request { path: "/v1/messages".to_owned(), headers, body: Some(body) }
}

fn count(asked: &Asked) -> Request {
    let mut request = ask(asked);
    request.path += "/count_tokens";
    for name in ["stream", "max_tokens", "temperature"] {
        request.body.as_mut().unwrap().as_object_mut().unwrap().remove(name);
    }
    request
}

fn finish(reason: &Value) -> Option<String> {
    let reason = reason.as_str()?;
    Some(match reason {
        "end_turn" | "stop_sequence" => "stop".to_owned(),
        "max_tokens" => "length".to_owned(),
        other => other.to_owned(),
    })
}

fn whole(body: &Value) -> Said {
    Said {
        text: text(&body["content"][0]["text"]),
        finish: finish(&body["stop_reason"]),
        input_tokens: body["usage"]["input_tokens"].as_u64(),
        output_tokens: body["usage"]["output_tokens"].as_u64(),
        complete: true,
        error: body["error"]["message"].as_str().map(str::to_owned),
        garbage: 0,
    }
}

fn stream(bytes: &[u8]) -> Said {
    let (events, garbage) = events(bytes);
    let mut said = Said { garbage, ..Said::default() };
    for event in events {
        match event["type"].as_str().unwrap() {
            "message_start" => {
                said.input_tokens = event["message"]["usage"]["input_tokens"].as_u64();
            }
            "content_block_delta" => said.text += &text(&event["delta"]["text"]),
            "message_delta" => {
                said.finish = finish(&event["delta"]["stop_reason"]);
                said.output_tokens = event["usage"]["output_tokens"].as_u64();
            }
            "message_stop" => said.complete = true,
            "error" => said.error = event["error"]["message"].as_str().map(str::to_owned),
            _ => {}
        }
    }
    said
}

fn refused(body: &Value) -> Refused {
    assert_eq!(body["type"], "error", "{body}");
    assert!(body["request_id"].is_string(), "{body}");
    let kind = body["error"]["type"].as_str().map(str::to_owned);
    Refused { message: text(&body["error"]["message"]), kind, wait: None }
}
