//! OpenAI Chat Completions.

use serde_json::{Value, json};

use super::{Asked, Format, Refused, Request, Said, events, text};

pub const FORMAT: Format = Format {
    name: "OpenAI Chat Completions",
    ask,
    whole,
    stream,
    refused,
    count: None,
    models: ("/v1/models", "/data/0/id"),
    wrong_key: Some((401, "invalid_api_key")),
    missing_key: Some((401, "invalid_request_error")),
    unknown_model: (404, "model_not_found"),
    waits_in_header: true,
    has_stop: true,
    by_schema: r#"{"response_format": {"type": "json_schema", "json_schema":
        {"name": "said", "strict": true, "schema": SCHEMA}}}"#,
    any_json: Some(r#"{"response_format": {"type": "json_object"}}"#),
    tools: Some((
        r#"{"tools": [{"type": "function", "function": {"name": "f"}}], "tool_choice": "auto"}"#,
        r#"{"tools": [{"type": "function", "function": {"name": "f"}}], "tool_choice": "required"}"#,
    )),
    thinking: r#"{"reasoning_effort": "low"}"#,
    headers: &[
        "x-request-id",
        "openai-version",
        "openai-processing-ms",
        "x-ratelimit-remaining-tokens",
    ],
};

fn ask(asked: &Asked) -> Request {
    let mut messages: Vec<Value> = Vec::new();
    messages.extend(asked.system.map(|text| json!({ "role": "system", "content": text })));
    messages
        .extend(asked.messages.iter().map(|(role, text)| json!({ "role": role, "content": text })));
    let mut body = json!({ "model": asked.model, "messages": messages, "stream": asked.stream });
    if asked.stream {
        body["stream_options"] = json!({ "include_usage": true });
    }
    if let Some(most) = asked.max_tokens {
        body["max_completion_tokens"] = most.into();
    }
    if let Some(stop) = asked.stop {
        body["stop"] = stop.into();
    }
    if let Some(temperature) = asked.temperature {
        body["temperature"] = temperature.into();
    }
    let headers = vec![("authorization", format!("Bearer {}", asked.key))];
    Request { path: "/v1/chat/completions".to_owned(), headers, body: Some(body) }
}

fn whole(body: &Value) -> Said {
    Said {
        text: text(&body["choices"][0]["message"]["content"]),
        finish: body["choices"][0]["finish_reason"].as_str().map(str::to_owned),
        input_tokens: body["usage"]["prompt_tokens"].as_u64(),
        output_tokens: body["usage"]["completion_tokens"].as_u64(),
        complete: true,
        error: body["error"]["message"].as_str().map(str::to_owned),
        garbage: 0,
    }
}

fn stream(bytes: &[u8]) -> Said {
    let (events, garbage) = events(bytes);
    let mut said = Said { garbage, ..Said::default() };
    for event in events {
        let choice = &event["choices"][0];
        said.text += &text(&choice["delta"]["content"]);
        said.finish = choice["finish_reason"].as_str().map(str::to_owned).or(said.finish);
        said.input_tokens = event["usage"]["prompt_tokens"].as_u64().or(said.input_tokens);
        said.output_tokens = event["usage"]["completion_tokens"].as_u64().or(said.output_tokens);
        said.error = event["error"]["message"].as_str().map(str::to_owned).or(said.error);
        said.complete |= event == "[DONE]";
    }
    said
}

pub fn refused(body: &Value) -> Refused {
    let error = &body["error"];
    let kind = error["code"].as_str().or(error["type"].as_str()).map(str::to_owned);
    Refused { message: text(&error["message"]), kind, wait: None }
}
