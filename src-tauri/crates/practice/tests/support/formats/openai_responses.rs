//! OpenAI Responses.

use serde_json::{Value, json};

use super::{Asked, Format, Request, Said, events, openai_chat, text};

pub const FORMAT: Format = Format {
    name: "OpenAI Responses",
    ask,
    whole,
    stream,
    refused: openai_chat::refused,
    count: Some((count, "/input_tokens")),
    models: ("/v1/models", "/data/0/id"),
    wrong_key: Some((401, "invalid_api_key")),
    missing_key: Some((401, "invalid_request_error")),
    unknown_model: (400, "model_not_found"),
    waits_in_header: true,
    has_stop: false,
    by_schema: r#"{"text": {"format":
        {"type": "json_schema", "name": "said", "strict": true, "schema": SCHEMA}}}"#,
    any_json: Some(r#"{"text": {"format": {"type": "json_object"}}}"#),
    tools: Some((
        r#"{"tools": [{"type": "function", "name": "f"}], "tool_choice": "auto"}"#,
        r#"{"tools": [{"type": "function", "name": "f"}], "tool_choice": "required"}"#,
    )),
    thinking: r#"{"reasoning": {"effort": "low"}}"#,
    headers: &[
        "x-request-id",
        "openai-version",
        "openai-processing-ms",
        "x-ratelimit-remaining-tokens",
    ],
};

fn ask(asked: &Asked) -> Request {
    let item = |(role, text): &(&str, String)| {
        let kind = if *role == "user" { "input_text" } else { "output_text" };
        json!({ "role": role, "content": [{ "type": kind, "text": text }] })
    };
    let input: Vec<Value> = asked.messages.iter().map(item).collect();
    let mut body = json!({
        "model": asked.model, "input": input, "instructions": asked.system,
        "stream": asked.stream, "store": false,
    });
    if let Some(most) = asked.max_tokens {
        body["max_output_tokens"] = most.into();
    }
    if let Some(temperature) = asked.temperature {
        body["temperature"] = temperature.into();
    }
    let headers = vec![("authorization", format!("Bearer {}", asked.key))];
    Request { path: "/v1/responses".to_owned(), headers, body: Some(body) }
}

fn count(asked: &Asked) -> Request {
    let mut request = ask(asked);
    request.path += "/input_tokens";
    for name in ["stream", "store", "temperature"] {
        request.body.as_mut().unwrap().as_object_mut().unwrap().remove(name);
    }
    request
}

fn whole(body: &Value) -> Said {
    let finish = match (&body["status"], &body["incomplete_details"]["reason"]) {
        (status, _) if status == "completed" => Some("stop"),
        (_, reason) if reason == "max_output_tokens" => Some("length"),
        (status, _) => status.as_str(),
    };
    // What a model thought comes before what it says.
    let message = body["output"].as_array().and_then(|items| items.last()).unwrap_or(&Value::Null);
    Said {
        text: text(&message["content"][0]["text"]),
        finish: finish.map(str::to_owned),
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
            "response.output_text.delta" => said.text += &text(&event["delta"]),
            "response.completed" | "response.incomplete" => {
                let last = whole(&event["response"]);
                assert_eq!(last.text, said.text, "the deltas are not the text");
                said = Said { garbage, ..last };
            }
            "error" => said.error = event["error"]["message"].as_str().map(str::to_owned),
            "response.failed" => assert_eq!(event["response"]["status"], "failed"),
            _ => {}
        }
    }
    said
}
