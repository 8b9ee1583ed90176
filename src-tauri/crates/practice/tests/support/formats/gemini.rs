//! Google Gemini.

use serde_json::{Value, json};

use super::{Asked, Format, Refused, Request, Said, text};

pub const FORMAT: Format = Format {
    name: "Google Gemini",
    ask,
    whole,
    stream,
    refused,
    count: Some((count, "/totalTokens")),
    models: ("/v1beta/models", "/models/0/name"),
    wrong_key: Some((400, "API_KEY_INVALID")),
    missing_key: Some((403, "PERMISSION_DENIED")),
    unknown_model: (404, "NOT_FOUND"),
    waits_in_header: false,
    has_stop: true,
    by_schema: r#"{"generationConfig":
        {"responseMimeType": "application/json", "responseJsonSchema": SCHEMA}}"#,
    any_json: Some(r#"{"generationConfig": {"responseMimeType": "application/json"}}"#),
    tools: Some((
        r#"{"tools": [{"functionDeclarations": [{"name": "f"}]}]}"#,
        r#"{"tools": [{"functionDeclarations": [{"name": "f"}]}],
            "toolConfig": {"functionCallingConfig": {"mode": "ANY"}}}"#,
    )),
    thinking: r#"{"generationConfig": {"thinkingConfig": {"thinkingBudget": 1024}}}"#,
    headers: &["x-gemini-service-tier"],
};

fn contents(asked: &Asked) -> Value {
    let content = |(role, text): &(&str, String)| {
        let role = if *role == "assistant" { "model" } else { role };
        json!({ "role": role, "parts": [{ "text": text }] })
    };
    let contents: Vec<Value> = asked.messages.iter().map(content).collect();
    let mut body = json!({ "contents": contents });
    if let Some(text) = asked.system {
        body["systemInstruction"] = json!({ "parts": [{ "text": text }] });
    }
    body
}

fn request(asked: &Asked, action: &str, body: Value) -> Request {
    let headers = vec![("x-goog-api-key", asked.key.clone())];
    let path = format!("/v1beta/models/{}:{action}", asked.model);
    Request { path, headers, body: Some(body) }
}

fn ask(asked: &Asked) -> Request {
    let mut body = contents(asked);
    if let Some(most) = asked.max_tokens {
        body["generationConfig"]["maxOutputTokens"] = most.into();
    }
    if let Some(stop) = asked.stop {
        body["generationConfig"]["stopSequences"] = json!([stop]);
    }
    if let Some(temperature) = asked.temperature {
        body["generationConfig"]["temperature"] = temperature.into();
    }
    let action = if asked.stream { "streamGenerateContent?alt=sse" } else { "generateContent" };
    request(asked, action, body)
}

fn count(asked: &Asked) -> Request {
    let mut inner = contents(asked);
    inner["model"] = format!("models/{}", asked.model).into();
    request(asked, "countTokens", json!({ "generateContentRequest": inner }))
}

/// A chunk of a stream has the shape of a whole reply.
fn chunk(body: &Value) -> Said {
    let candidate = &body["candidates"][0];
    let finish = candidate["finishReason"].as_str().map(|reason| match reason {
        "STOP" => "stop".to_owned(),
        "MAX_TOKENS" => "length".to_owned(),
        other => other.to_owned(),
    });
    Said {
        text: text(&candidate["content"]["parts"][0]["text"]),
        complete: finish.is_some(),
        finish,
        input_tokens: body["usageMetadata"]["promptTokenCount"].as_u64(),
        output_tokens: body["usageMetadata"]["candidatesTokenCount"].as_u64(),
        error: body["error"]["message"].as_str().map(str::to_owned),
        garbage: 0,
    }
}

fn whole(body: &Value) -> Said {
    chunk(body)
}

/// Events end in CRLF; what is not within one is an error, over several lines.
fn stream(bytes: &[u8]) -> Said {
    let stream = String::from_utf8_lossy(bytes);
    let (mut said, mut rest) = (Said::default(), String::new());
    for line in stream.split("\r\n") {
        assert!(!line.contains('\n'), "a line end without CR: {line:?}");
        let Some(data) = line.strip_prefix("data: ") else {
            rest += line;
            continue;
        };
        let Ok(value) = serde_json::from_str(data) else {
            said.garbage += 1;
            continue;
        };
        let Said { text, finish, input_tokens, output_tokens, .. } = chunk(&value);
        said.text += &text;
        said.complete |= finish.is_some();
        said.finish = finish.or(said.finish);
        said.input_tokens = input_tokens.or(said.input_tokens);
        said.output_tokens = output_tokens.or(said.output_tokens);
    }
    if let Ok(value) = serde_json::from_str(&rest) {
        said.error = chunk(&value).error;
    }
    said
}

fn refused(body: &Value) -> Refused {
    let error = &body["error"];
    let details = error["details"].as_array().cloned().unwrap_or_default();
    let detail = |name: &str| details.iter().find_map(|detail| detail[name].as_str());
    let kind = detail("reason").or(error["status"].as_str()).map(str::to_owned);
    let wait = detail("retryDelay").map(|wait| wait.trim_end_matches('s').to_owned());
    Refused { message: text(&error["message"]), kind, wait }
}
