//! OpenAI Chat Completions, as OpenAI and the many servers that copied it speak it.

use crate::{
    ApiError, Chat, Control, Delta, FinishReason, Usage, WireRequest,
    chat::{CacheLifetime, ResponseFormat},
    dialect::{
        Decoder, Dialect, ModelPage,
        calls::{Calls, Piece},
        parts::{
            Answering, Fields, chances, counts, known_index, more_arguments, object, reported, stop,
        },
    },
    dialects::openai_models,
    http::Header,
    json::{count, has_bad_count, reported_cost, words},
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
    calls: Calls,
    /// The counts so far; some servers send those of the prompt first.
    usage: Usage,
}

impl Decoder for Reader {
    fn frame(&mut self, data: &str) -> Vec<Delta> {
        self.read(data, ["delta", "message"])
    }

    fn whole(&mut self, body: &str) -> Vec<Delta> {
        self.read(body, ["message", "delta"])
    }

    fn last_word(&mut self) -> Vec<Delta> {
        vec![Delta::Done]
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
        let mut usage = [&value["usage"], &value["x_groq"]["usage"]].map(read_usage);
        // The chunk that carries the usage has no choice at all.
        for (at, choice) in value["choices"].as_array().into_iter().flatten().enumerate() {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            let index = known_index(&choice["index"]).unwrap_or(at);
            let [part, other] = parts.map(|name| &choice[name]);
            let message = if part.is_object() { part } else { other };
            read_message(index, choice, message, &mut deltas);
            self.read_calls(index, message, &mut deltas);
            read_finish(index, &choice["finish_reason"], &mut deltas);
            usage[1] = usage[1].or_else(|| read_usage(&choice["usage"]));
        }
        let is_told = |usage: &Usage| *usage != Usage::default();
        if let Some(usage) = usage.into_iter().flatten().find(is_told) {
            self.usage = usage.over(self.usage);
            deltas.extend(counts(self.usage));
        }
        deltas.extend(reported(&value, json));
        deltas
    }

    fn read_calls(&mut self, choice: u32, message: &Value, deltas: &mut Vec<Delta>) {
        let calls = message["tool_calls"].as_array().into_iter().flatten();
        let parts = calls.map(|call| match &call["function"] {
            // A tool that takes text, not JSON.
            Value::Null => (call, &call["custom"], "input"),
            function => (call, function, "arguments"),
        });
        // What calls were before there could be several.
        let old = &message["function_call"];
        for (call, tool, arguments) in parts.chain([(old, old, "arguments")]) {
            let name = words(&tool["name"]);
            let arguments = more_arguments(&tool[arguments]);
            if name.is_none() && arguments.is_empty() {
                continue;
            }
            let (place, id) = (known_index(&call["index"]), call["id"].as_str());
            let has_name = name.is_some();
            let id = id.filter(|id| !id.is_empty());
            let index = self.calls.number(&Piece { choice, place, id, has_name });
            deltas.push(Delta::ToolCall { choice, index, name, arguments });
        }
    }
}

fn read_message(choice: u32, value: &Value, message: &Value, deltas: &mut Vec<Delta>) {
    let reasoning = |text| Delta::Reasoning { choice, text };
    deltas.extend(read_reasoning(message).map(reasoning));
    let mut logprobs = chances(&value["logprobs"]["content"]);
    let mut texts: Vec<String> = words(&message["content"]).into_iter().collect();
    for part in message["content"].as_array().into_iter().flatten() {
        match part["type"].as_str() {
            Some("thinking") => deltas.extend(read_thinking(&part["thinking"]).map(reasoning)),
            Some("refusal") => deltas.extend(read_refusal(choice, part)),
            _ => texts.extend(words(&part["text"]).or_else(|| words(part))),
        }
    }
    if texts.is_empty() && !logprobs.is_empty() {
        texts.push(String::new());
    }
    for text in texts {
        // The chances are those of the whole message.
        deltas.push(Delta::Text { choice, text, logprobs: std::mem::take(&mut logprobs) });
    }
    deltas.extend(read_refusal(choice, message));
}

/// Several names for the same thing are in use; a server may send two and fill one.
fn read_reasoning(message: &Value) -> Option<String> {
    let names = ["reasoning_content", "reasoning"];
    let named = names.iter().find_map(|name| words(&message[*name]));
    named.or_else(|| joined(&message["reasoning_details"], &["text", "summary"]))
}

fn read_thinking(thinking: &Value) -> Option<String> {
    words(thinking).or_else(|| joined(thinking, &["text"]))
}

/// The texts of a list, each under the first of these names that has one.
fn joined(list: &Value, names: &[&str]) -> Option<String> {
    let text = |item: &Value| names.iter().find_map(|name| words(&item[*name]));
    let texts: String = list.as_array()?.iter().filter_map(text).collect();
    (!texts.is_empty()).then_some(texts)
}

fn read_refusal(choice: u32, value: &Value) -> Option<Delta> {
    words(&value["refusal"]).map(|text| Delta::Refusal { choice, text })
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
        reported_cost: reported_cost(usage),
        malformed: has_bad_count(usage),
        ..Usage::default()
    })
}

#[cfg(test)]
mod tests;
