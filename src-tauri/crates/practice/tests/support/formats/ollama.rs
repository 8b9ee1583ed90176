//! Ollama's own API.

use serde_json::{Value, json};

use super::{Asked, Format, Refused, Request, Said, text};

pub const FORMAT: Format = Format {
    name: "Ollama",
    ask,
    whole,
    stream,
    refused,
    count: None,
    models: ("/api/tags", "/models/0/name"),
    wrong_key: None,
    missing_key: None,
    unknown_model: (404, ""),
    waits_in_header: true,
    has_stop: true,
    by_schema: r#"{"format": SCHEMA}"#,
    any_json: Some(r#"{"format": "json"}"#),
    tools: None,
    thinking: r#"{"think": true}"#,
    headers: &[],
};

fn ask(asked: &Asked) -> Request {
    let mut messages: Vec<Value> = Vec::new();
    messages.extend(asked.system.map(|text| json!({ "role": "system", "content": text })));
    messages
        .extend(asked.messages.iter().map(|(role, text)| json!({ "role": role, "content": text })));
    let mut body = json!({ "model": asked.model, "messages": messages });
    if !asked.stream {
        body["stream"] = false.into();
    }
    if let Some(most) = asked.max_tokens {
        body["options"]["num_predict"] = most.into();
    }
    if let Some(stop) = asked.stop {
        body["options"]["stop"] = json!([stop]);
    }
    if let Some(temperature) = asked.temperature {
        body["options"]["temperature"] = temperature.into();
    }
    Request { path: "/api/chat".to_owned(), headers: Vec::new(), body: Some(body) }
}

fn whole(body: &Value) -> Said {
    Said {
        text: text(&body["message"]["content"]),
        finish: body["done_reason"].as_str().map(str::to_owned),
        input_tokens: body["prompt_eval_count"].as_u64(),
        output_tokens: body["eval_count"].as_u64(),
        complete: body["done"] == true,
        error: body["error"].as_str().map(str::to_owned),
        garbage: 0,
    }
}

fn stream(bytes: &[u8]) -> Said {
    let mut said = Said::default();
    for line in String::from_utf8_lossy(bytes).lines() {
        let Ok(value) = serde_json::from_str(line) else {
            said.garbage += 1;
            continue;
        };
        let next = whole(&value);
        said = Said { text: said.text + &next.text, garbage: said.garbage, ..next };
    }
    said
}

fn refused(body: &Value) -> Refused {
    Refused { message: text(&body["error"]), kind: None, wait: None }
}
