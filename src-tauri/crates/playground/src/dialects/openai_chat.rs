//! OpenAI Chat Completions, as OpenAI and the many servers that copied it speak it.

use crate::{
    ApiError, Chat, Control, Delta, FinishReason, Usage, WireRequest,
    chat::{CacheLifetime, ResponseFormat},
    dialect::{
        Decoder, Dialect, ModelPage,
        parts::{
            Answering, Fields, chances, counts, index, is_done, known_index, object, reported, stop,
        },
    },
    dialects::openai_models,
    http::Header,
    json::{count, words},
    provider::Endpoint,
};
use serde_json::{Map, Value, json};

/// The `openai-chat` dialect.
pub struct OpenAiChat;

impl Dialect for OpenAiChat {
    fn id(&self) -> &'static str {
        "openai-chat"
    }

    fn name(&self) -> &'static str {
        "Chat Completions"
    }

    fn controls(&self) -> &'static [Control] {
        &[
            Control::MaxTokens,
            Control::Temperature,
            Control::TopP,
            Control::Stop,
            Control::FrequencyPenalty,
            Control::PresencePenalty,
            Control::N,
            Control::Seed,
            Control::ResponseFormat,
            Control::Logprobs,
            Control::Effort,
            Control::Cache,
            Control::Stream,
        ]
    }

    fn request(&self, chat: &Chat, model: &str, endpoint: &Endpoint) -> WireRequest {
        let body = body(chat, model, endpoint.provider.max_tokens_field);
        let url = endpoint.base_url.join("v1", "chat/completions");
        WireRequest::post(url, headers(endpoint), body.into_map())
    }

    fn models_request(&self, endpoint: &Endpoint, _page: Option<&str>) -> WireRequest {
        WireRequest::get(endpoint.base_url.join("v1", "models"), headers(endpoint))
    }

    fn read_models(&self, body: &str) -> Option<ModelPage> {
        openai_models::read(body)
    }

    fn without_stream_options(
        &self,
        request: &WireRequest,
        error: &ApiError,
    ) -> Option<WireRequest> {
        let named = [&error.said, &error.param].into_iter().flatten();
        let is_refused = matches!(error.status, Some(400 | 422));
        if !is_refused || !named.into_iter().any(|it| it.contains(STREAM_OPTIONS)) {
            return None;
        }
        let mut body: Map<String, Value> = serde_json::from_str(&request.body).ok()?;
        body.shift_remove(STREAM_OPTIONS)?;
        let body = format!("{:#}", Value::Object(body));
        Some(WireRequest { body, ..request.clone() })
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::new(Reader::default())
    }
}

/// What makes OpenAI send the counts of a stream, and small servers refuse the request.
const STREAM_OPTIONS: &str = "stream_options";

fn headers(endpoint: &Endpoint) -> Vec<Header> {
    endpoint.openai_key().into_iter().collect()
}

fn body(chat: &Chat, model: &str, max_tokens_field: &str) -> Fields {
    let mut body = Fields::default();
    let parameters = &chat.parameters;
    let messages = chat.messages.iter();
    let messages = messages.map(|it| json!({ "role": it.role.as_str(), "content": it.text }));
    body.set("model", Some(model));
    body.set("messages", Some(messages.collect::<Vec<_>>()));
    body.set(max_tokens_field, parameters.max_tokens);
    body.set_number("temperature", parameters.temperature);
    body.set_number("top_p", parameters.top_p);
    body.set("stop", stop(parameters));
    body.set_number("frequency_penalty", parameters.frequency_penalty);
    body.set_number("presence_penalty", parameters.presence_penalty);
    body.set("n", parameters.n);
    body.set("seed", parameters.seed);
    body.set("response_format", parameters.response_format.as_ref().map(response_format));
    body.set("logprobs", parameters.logprobs.map(|_| true));
    body.set("top_logprobs", parameters.logprobs.filter(|it| *it > 0));
    body.set("reasoning_effort", parameters.effort.map(|it| it.as_str()));
    match parameters.cache {
        Some(CacheLifetime::Short) => {
            let options = json!({ "mode": "implicit", "ttl": "30m" });
            body.set("prompt_cache_options", Some(options));
        }
        Some(CacheLifetime::Long) => body.set("prompt_cache_retention", Some("24h")),
        None => {}
    }
    let streams = parameters.stream.unwrap_or(true);
    body.set("stream", Some(streams));
    body.set(STREAM_OPTIONS, streams.then(|| json!({ "include_usage": true })));
    body
}

fn response_format(format: &ResponseFormat) -> Value {
    match format {
        ResponseFormat::JsonObject => json!({ "type": "json_object" }),
        ResponseFormat::JsonSchema { name, schema } => json!({
            "type": "json_schema",
            "json_schema": { "name": name, "schema": schema, "strict": true },
        }),
    }
}

/// Reads one reply.
#[derive(Default)]
struct Reader {
    model: Answering,
    /// How many tool calls have begun.
    calls: u32,
}

impl Decoder for Reader {
    fn frame(&mut self, data: &str) -> Vec<Delta> {
        if is_done(data) {
            return vec![Delta::Done];
        }
        self.read(data, ["delta", "message"])
    }

    fn whole(&mut self, body: &str) -> Vec<Delta> {
        self.read(body, ["message", "delta"])
    }
}

impl Reader {
    /// Some servers send a whole reply as one event, or a piece as a whole body: where the first
    /// of the `parts` is missing, the second is read.
    fn read(&mut self, json: &str, parts: [&str; 2]) -> Vec<Delta> {
        let value = match object(json) {
            Ok(value) => value,
            Err(deltas) => return deltas,
        };
        let mut deltas: Vec<_> = self.model.told(&value["model"]).into_iter().collect();
        // The chunk that carries the usage has no choice at all.
        for (at, choice) in value["choices"].as_array().into_iter().flatten().enumerate() {
            let index = index(choice.get("index").unwrap_or(&at.into()));
            let [part, other] = parts.map(|name| &choice[name]);
            let message = if part.is_object() { part } else { other };
            read_message(index, choice, message, &mut deltas);
            self.read_calls(message, &mut deltas);
            read_finish(index, &choice["finish_reason"], &mut deltas);
        }
        deltas.extend(read_usage(&value["usage"]).and_then(counts));
        deltas.extend(reported(&value, json));
        deltas
    }

    /// Whole bodies and some servers do not number their calls: there a name begins a new one.
    fn read_calls(&mut self, message: &Value, deltas: &mut Vec<Delta>) {
        for call in message["tool_calls"].as_array().into_iter().flatten() {
            let function = &call["function"];
            let name = words(&function["name"]);
            let unnumbered = || if name.is_some() { self.calls } else { self.calls.max(1) - 1 };
            let index = known_index(&call["index"]).unwrap_or_else(unnumbered);
            self.calls = self.calls.max(index + 1);
            let arguments = words(&function["arguments"]).unwrap_or_default();
            deltas.push(Delta::ToolCall { index, name, arguments });
        }
    }
}

fn read_message(choice: u32, value: &Value, message: &Value, deltas: &mut Vec<Delta>) {
    // Two names for the same thing are in use; a server may send both and fill one.
    for name in ["reasoning_content", "reasoning"] {
        if let Some(text) = words(&message[name]) {
            deltas.push(Delta::Reasoning { text });
            break;
        }
    }
    let logprobs = chances(&value["logprobs"]["content"]);
    match &message["content"] {
        Value::Array(parts) => deltas.extend(parts.iter().filter_map(|it| read_part(choice, it))),
        content => {
            let text = words(content).unwrap_or_default();
            if !text.is_empty() || !logprobs.is_empty() {
                deltas.push(Delta::Text { choice, text, logprobs });
            }
        }
    }
    deltas.extend(words(&message["refusal"]).map(|text| Delta::Refusal { text }));
}

fn read_part(choice: u32, part: &Value) -> Option<Delta> {
    if part["type"] == "thinking" {
        let thoughts = part["thinking"].as_array().into_iter().flatten();
        let text: String = thoughts.filter_map(|it| it["text"].as_str()).collect();
        return (!text.is_empty()).then_some(Delta::Reasoning { text });
    }
    let text = words(&part["text"]).or_else(|| words(part))?;
    Some(Delta::Text { choice, text, logprobs: Vec::new() })
}

fn read_finish(choice: u32, reason: &Value, deltas: &mut Vec<Delta>) {
    let Some(raw) = words(reason) else { return };
    let reason = match raw.as_str() {
        "stop" => FinishReason::Stop,
        "length" => FinishReason::Length,
        "tool_calls" | "function_call" => FinishReason::ToolCalls,
        "content_filter" => FinishReason::ContentFilter,
        _ => FinishReason::Other,
    };
    deltas.push(Delta::Finish { choice, reason, raw });
}

fn read_usage(usage: &Value) -> Option<Usage> {
    usage.as_object()?;
    let count = |path: &[&str]| count(usage, path);
    let reasoning = count(&["completion_tokens_details", "reasoning_tokens"]);
    Some(Usage {
        input_tokens: count(&["prompt_tokens"]),
        cache_read_tokens: count(&["prompt_tokens_details", "cached_tokens"])
            .or_else(|| count(&["prompt_cache_hit_tokens"])),
        cache_write_tokens: count(&["prompt_tokens_details", "cache_write_tokens"]),
        output_tokens: count(&["completion_tokens"]).map(|visible| {
            // One provider's total says that reasoning came on top of the completion.
            let apart = reasoning.filter(|it| *it > 0).map(|it| visible.saturating_add(it));
            let prompt = count(&["prompt_tokens"]).unwrap_or(0);
            let total = count(&["total_tokens"]);
            apart.filter(|it| total == prompt.checked_add(*it)).unwrap_or(visible)
        }),
        reasoning_tokens: reasoning,
    })
}

#[cfg(test)]
mod tests;
