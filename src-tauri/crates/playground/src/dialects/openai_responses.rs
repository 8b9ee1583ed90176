//! OpenAI Responses: typed events, and a prompt made of items.

use crate::{
    Chat, Control, Delta, FinishReason, Message, Parameters, Role, Usage, WireRequest,
    chat::{CacheLifetime, ResponseFormat},
    dialect::{
        Decoder, Dialect, ModelPage,
        parts::{Answering, Fields, chances, counts, failure, index, is_done, object, reported},
    },
    dialects::openai_models,
    http::Header,
    json::{self, count, words},
    provider::Endpoint,
};
use serde_json::{Map, Value, json};

/// The `openai-responses` dialect.
pub struct OpenAiResponses;

impl Dialect for OpenAiResponses {
    fn id(&self) -> &'static str {
        "openai-responses"
    }

    fn name(&self) -> &'static str {
        "OpenAI Responses"
    }

    fn controls(&self) -> &'static [Control] {
        &[
            Control::MaxTokens,
            Control::Temperature,
            Control::TopP,
            Control::ResponseFormat,
            Control::Logprobs,
            Control::Effort,
            Control::ShowReasoning,
            Control::Cache,
            Control::Stream,
        ]
    }

    fn request(&self, chat: &Chat, model: &str, endpoint: &Endpoint) -> WireRequest {
        let parameters = &chat.parameters;
        let mut body = prompt(chat, model);
        body.set("max_output_tokens", parameters.max_tokens);
        body.set_number("temperature", parameters.temperature);
        body.set_number("top_p", parameters.top_p);
        body.set("top_logprobs", parameters.logprobs);
        body.set("include", parameters.logprobs.map(|_| json!(["message.output_text.logprobs"])));
        body.set("prompt_cache_options", parameters.cache.map(cache));
        // The server keeps each reply for a month unless it is told not to.
        body.set("store", Some(false));
        body.set("stream", Some(parameters.stream.unwrap_or(true)));
        let url = endpoint.base_url.join("v1", "responses");
        WireRequest::post(url, headers(endpoint), body.into_map())
    }

    fn models_request(&self, endpoint: &Endpoint, _page: Option<&str>) -> WireRequest {
        WireRequest::get(endpoint.base_url.join("v1", "models"), headers(endpoint))
    }

    fn read_models(&self, body: &str) -> Option<ModelPage> {
        openai_models::read(body)
    }

    fn count_request(&self, chat: &Chat, model: &str, endpoint: &Endpoint) -> Option<WireRequest> {
        let url = endpoint.base_url.join("v1", "responses/input_tokens");
        Some(WireRequest::post(url, headers(endpoint), prompt(chat, model).into_map()))
    }

    fn read_count(&self, body: &str) -> Option<u64> {
        json::read(body).ok()?["input_tokens"].as_u64()
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::new(Reader::default())
    }
}

fn headers(endpoint: &Endpoint) -> Vec<Header> {
    endpoint.openai_key().into_iter().collect()
}

/// What makes the prompt, and so its count.
fn prompt(chat: &Chat, model: &str) -> Fields {
    let mut body = Fields::default();
    body.set("model", Some(model));
    let (system, turns): (Vec<&Message>, Vec<&Message>) =
        chat.messages.iter().partition(|it| it.role == Role::System);
    let system: Vec<_> = system.iter().map(|it| it.text.as_str()).collect();
    body.set("instructions", (!system.is_empty()).then(|| system.join("\n\n")));
    body.set("input", Some(turns.into_iter().map(item).collect::<Vec<_>>()));
    body.set_fields("reasoning", reasoning(&chat.parameters));
    body.set("text", chat.parameters.response_format.as_ref().map(format));
    body
}

fn item(message: &Message) -> Value {
    let kind = if message.role == Role::Assistant { "output_text" } else { "input_text" };
    json!({ "role": message.role.as_str(), "content": [{ "type": kind, "text": message.text }] })
}

fn reasoning(parameters: &Parameters) -> Fields {
    let mut fields = Fields::default();
    fields.set("effort", parameters.effort.map(|it| it.as_str()));
    fields.set("summary", parameters.show_reasoning.filter(|show| *show).map(|_| "auto"));
    fields
}

/// Flat, unlike the same thing in Chat Completions.
fn format(format: &ResponseFormat) -> Value {
    let format = match format {
        ResponseFormat::JsonObject => json!({ "type": "json_object" }),
        ResponseFormat::JsonSchema { name, schema } => {
            json!({ "type": "json_schema", "name": name, "schema": schema, "strict": true })
        }
    };
    Map::from_iter([("format".to_owned(), format)]).into()
}

fn cache(lifetime: CacheLifetime) -> Value {
    match lifetime {
        CacheLifetime::Short => json!({ "mode": "implicit", "ttl": "30m" }),
        CacheLifetime::Long => json!({ "mode": "implicit", "ttl": "12h" }),
    }
}

/// Reads one reply. The events of its end repeat it whole, so what has come already is not told
/// again.
#[derive(Default)]
struct Reader {
    model: Answering,
    has_error: bool,
    has_words: bool,
}

impl Decoder for Reader {
    fn frame(&mut self, data: &str) -> Vec<Delta> {
        // This format ends with an event of its own; gateways add a word that says no more.
        if is_done(data) {
            return Vec::new();
        }
        let deltas = self.event(data);
        self.has_words |= deltas.iter().any(Delta::is_words);
        deltas
    }

    fn whole(&mut self, body: &str) -> Vec<Delta> {
        let response = match object(body) {
            Ok(response) => response,
            Err(deltas) => return deltas,
        };
        self.response("", &response, body)
    }
}

impl Reader {
    fn event(&mut self, data: &str) -> Vec<Delta> {
        let event = match object(data) {
            Ok(event) => event,
            Err(deltas) => return deltas,
        };
        let kind = event["type"].as_str().unwrap_or_default();
        let piece = || words(&event["delta"]);
        match kind {
            "response.output_text.delta" => {
                let logprobs = chances(&event["logprobs"]);
                let text = piece().unwrap_or_default();
                let says = !text.is_empty() || !logprobs.is_empty();
                says.then_some(Delta::Text { choice: 0, text, logprobs }).into_iter().collect()
            }
            "response.refusal.delta" => told(piece().map(|text| Delta::Refusal { text })),
            "response.reasoning_text.delta" | "response.reasoning_summary_text.delta" => {
                told(piece().map(|text| Delta::Reasoning { text }))
            }
            "response.output_item.added" => told(call(&event)),
            "response.function_call_arguments.delta" => told(piece().map(|arguments| {
                Delta::ToolCall { index: index(&event["output_index"]), name: None, arguments }
            })),
            "error" => self.failed(&event, data),
            _ if event["response"].is_object() => self.response(kind, &event["response"], data),
            // A reply that is whole though it was to be streamed.
            _ if event["object"] == "response" => self.response("whole", &event, data),
            _ if reported(&event, data).is_some() => self.failed(&event, data),
            // The parts of the reply once more as wholes, and events that came to the API since.
            _ => Vec::new(),
        }
    }

    /// The reply as an object, which stands in the first events and in the last. The last one
    /// repeats what came in pieces; some gateways send no pieces at all.
    fn response(&mut self, kind: &str, response: &Value, text: &str) -> Vec<Delta> {
        let mut deltas: Vec<_> = self.model.told(&response["model"]).into_iter().collect();
        let output = response["output"].as_array().filter(|_| !self.has_words);
        for (index, item) in output.into_iter().flatten().enumerate() {
            read_item(index, item, &mut deltas);
        }
        deltas.extend(read_usage(&response["usage"]).and_then(counts));
        let status = words(&response["status"]);
        if reported(response, text).is_some() || status.as_deref() == Some("failed") {
            deltas.extend(self.failed(response, text));
        }
        let why = words(&response["incomplete_details"]["reason"]);
        let reason = match (status.as_deref(), why.as_deref()) {
            (Some("completed"), _) => FinishReason::Stop,
            (Some("incomplete"), Some("max_output_tokens")) => FinishReason::Length,
            (Some("incomplete"), Some("content_filter")) => FinishReason::ContentFilter,
            (Some("incomplete" | "failed" | "cancelled"), _) => FinishReason::Other,
            // Still in progress.
            _ => return deltas,
        };
        let raw = why.or(status).unwrap_or_default();
        deltas.push(Delta::Finish { choice: 0, reason, raw });
        if !kind.is_empty() {
            deltas.push(Delta::Done);
        }
        deltas
    }

    /// A failure is told once, though two events may report it.
    fn failed(&mut self, event: &Value, text: &str) -> Vec<Delta> {
        let is_first = !std::mem::replace(&mut self.has_error, true);
        told(is_first.then(|| failure(event, text)))
    }
}

fn told(delta: Option<Delta>) -> Vec<Delta> {
    delta.into_iter().collect()
}

fn call(event: &Value) -> Option<Delta> {
    let item = &event["item"];
    let name = (item["type"] == "function_call").then(|| words(&item["name"])).flatten()?;
    let index = index(&event["output_index"]);
    let arguments = words(&item["arguments"]).unwrap_or_default();
    Some(Delta::ToolCall { index, name: Some(name), arguments })
}

fn read_item(at: usize, item: &Value, deltas: &mut Vec<Delta>) {
    for part in item["summary"].as_array().into_iter().chain(item["content"].as_array()).flatten() {
        let text = words(&part["text"]);
        deltas.extend(match part["type"].as_str().unwrap_or_default() {
            "output_text" => text.map(|text| {
                let logprobs = chances(&part["logprobs"]);
                Delta::Text { choice: 0, text, logprobs }
            }),
            "refusal" => words(&part["refusal"]).map(|text| Delta::Refusal { text }),
            "summary_text" | "reasoning_text" => text.map(|text| Delta::Reasoning { text }),
            _ => None,
        });
    }
    deltas.extend(call(&json!({ "output_index": at, "item": item })));
}

fn read_usage(usage: &Value) -> Option<Usage> {
    usage.as_object()?;
    let count = |path: &[&str]| count(usage, path);
    Some(Usage {
        input_tokens: count(&["input_tokens"]),
        cache_read_tokens: count(&["input_tokens_details", "cached_tokens"]),
        cache_write_tokens: count(&["input_tokens_details", "cache_write_tokens"]),
        output_tokens: count(&["output_tokens"]),
        reasoning_tokens: count(&["output_tokens_details", "reasoning_tokens"]),
    })
}
