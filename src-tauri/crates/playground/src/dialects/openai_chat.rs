//! OpenAI Chat Completions, as OpenAI and the many servers that copied it speak it.

use crate::{
    ApiError, Chat, Delta, ErrorKind, FinishReason, Usage, WireRequest,
    dialect::{Decoder, Dialect},
    errors::ErrorBody,
    http::{Header, MASK, Method},
    provider::Endpoint,
};
use serde_json::{Map, Number, Value, json};

/// The `openai-chat` dialect.
pub struct OpenAiChat;

impl Dialect for OpenAiChat {
    fn id(&self) -> &'static str {
        "openai-chat"
    }

    fn request(&self, chat: &Chat, model: &str, endpoint: &Endpoint) -> WireRequest {
        let body = Value::Object(body(chat, model, endpoint.provider.max_tokens_field));
        let mut headers = headers(endpoint);
        headers.push(Header::new("content-type", "application/json"));
        WireRequest {
            method: Method::Post,
            url: endpoint.base_url.join("chat/completions"),
            headers,
            body: format!("{body:#}"),
        }
    }

    fn models_request(&self, endpoint: &Endpoint) -> WireRequest {
        WireRequest {
            method: Method::Get,
            url: endpoint.base_url.join("models"),
            headers: headers(endpoint),
            body: String::new(),
        }
    }

    fn read_models(&self, body: &str) -> Option<Vec<String>> {
        let answer: Value = serde_json::from_str(body).ok()?;
        let models = answer["data"].as_array()?.iter();
        Some(models.filter_map(|model| model["id"].as_str().map(str::to_owned)).collect())
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::new(Reader::default())
    }
}

fn headers(endpoint: &Endpoint) -> Vec<Header> {
    let key = || Header::new("authorization", format!("Bearer {MASK}"));
    endpoint.has_key.then(key).into_iter().collect()
}

fn body(chat: &Chat, model: &str, max_tokens_field: &str) -> Map<String, Value> {
    let mut body = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(name.into(), value);
        }
    };
    let parameters = &chat.parameters;
    let messages = chat.messages.iter();
    let messages = messages.map(|it| json!({ "role": it.role.as_str(), "content": it.text }));
    set("model", Some(model.into()));
    set("messages", Some(messages.collect()));
    set(max_tokens_field, parameters.max_tokens.map(Value::from));
    set("temperature", parameters.temperature.map(number));
    set("top_p", parameters.top_p.map(number));
    set("stop", parameters.stop.clone().filter(|texts| !texts.is_empty()).map(Value::from));
    set("seed", parameters.seed.map(Value::from));
    let streams = parameters.stream.unwrap_or(true);
    set("stream", Some(streams.into()));
    set("stream_options", streams.then(|| json!({ "include_usage": true })));
    body
}

/// A whole number is written without its `.0`, as a person would write it.
fn number(value: f64) -> Value {
    let is_whole = value.fract() == 0.0 && value.abs() < 1e15;
    if is_whole { (value as i64).into() } else { Number::from_f64(value).into() }
}

/// Reads one reply. It remembers the answering model, so as to report it once.
#[derive(Default)]
struct Reader {
    model: Option<String>,
}

impl Decoder for Reader {
    fn frame(&mut self, data: &str) -> Vec<Delta> {
        if data.trim() == "[DONE]" {
            return vec![Delta::Done];
        }
        self.read(data, "delta")
    }

    fn whole(&mut self, body: &str) -> Vec<Delta> {
        self.read(body, "message")
    }
}

impl Reader {
    fn read(&mut self, json: &str, part: &str) -> Vec<Delta> {
        let value: Value = match serde_json::from_str(json) {
            Ok(value @ Value::Object(_)) => value,
            Ok(_) => return vec![unreadable("a JSON object was expected".into())],
            Err(error) => return vec![unreadable(format!("not JSON: {error}"))],
        };
        if !value["error"].is_null() {
            let body = ErrorBody::from_json(&value);
            let error: ApiError = ErrorKind::InStream.error().with_body(body, json);
            return vec![Delta::Error(error)];
        }
        let mut deltas = Vec::new();
        self.model(&value, &mut deltas);
        // The chunk that carries the usage has no choice at all.
        if let Some(choice) = value["choices"].as_array().and_then(|it| it.iter().find(is_first)) {
            read_message(&choice[part], &mut deltas);
            read_finish(&choice["finish_reason"], &mut deltas);
        }
        deltas.extend(read_usage(&value["usage"]).map(Delta::Usage));
        deltas
    }

    fn model(&mut self, value: &Value, deltas: &mut Vec<Delta>) {
        let Some(id) = value["model"].as_str().filter(|id| !id.is_empty()) else { return };
        if self.model.as_deref() != Some(id) {
            self.model = Some(id.into());
            deltas.push(Delta::Model { id: id.into() });
        }
    }
}

fn unreadable(reason: String) -> Delta {
    Delta::Unreadable { reason }
}

fn is_first(choice: &&Value) -> bool {
    choice["index"].as_u64().unwrap_or(0) == 0
}

fn read_message(message: &Value, deltas: &mut Vec<Delta>) {
    // Two names for the same thing are in use; a server may send both and fill one.
    for name in ["reasoning_content", "reasoning"] {
        if let Some(text) = words(&message[name]) {
            deltas.push(Delta::Reasoning { text });
            break;
        }
    }
    match &message["content"] {
        Value::Array(parts) => deltas.extend(parts.iter().filter_map(read_part)),
        content => deltas.extend(words(content).map(|text| Delta::Text { text })),
    }
    deltas.extend(words(&message["refusal"]).map(|text| Delta::Refusal { text }));
}

fn read_part(part: &Value) -> Option<Delta> {
    match part["type"].as_str()? {
        "thinking" => {
            let thoughts = part["thinking"].as_array()?.iter();
            let text: String = thoughts.filter_map(|it| it["text"].as_str()).collect();
            Some(Delta::Reasoning { text })
        }
        _ => words(&part["text"]).map(|text| Delta::Text { text }),
    }
}

fn words(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn read_finish(reason: &Value, deltas: &mut Vec<Delta>) {
    let Some(raw) = reason.as_str() else { return };
    let reason = match raw {
        "stop" => FinishReason::Stop,
        "length" => FinishReason::Length,
        "tool_calls" | "function_call" => FinishReason::ToolCalls,
        "content_filter" => FinishReason::ContentFilter,
        _ => FinishReason::Other,
    };
    deltas.push(Delta::Finish { reason, raw: raw.into() });
}

fn read_usage(usage: &Value) -> Option<Usage> {
    let usage = usage.as_object()?;
    let count = |path: &[&str]| {
        let (first, rest) = path.split_first()?;
        rest.iter().fold(usage.get(*first)?, |value, name| &value[*name]).as_u64()
    };
    Some(Usage {
        input_tokens: count(&["prompt_tokens"]),
        cache_read_tokens: count(&["prompt_tokens_details", "cached_tokens"])
            .or_else(|| count(&["prompt_cache_hit_tokens"])),
        cache_write_tokens: count(&["prompt_tokens_details", "cache_write_tokens"]),
        output_tokens: count(&["completion_tokens"]),
        reasoning_tokens: count(&["completion_tokens_details", "reasoning_tokens"]),
    })
}

#[cfg(test)]
mod tests;
