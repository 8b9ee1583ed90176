//! OpenAI Responses: typed events, and a prompt made of items.

use crate::{
    Chat, Control, Delta, FinishReason, Message, Parameters, Role, Usage, WireRequest,
    chat::{CacheLifetime, ResponseFormat},
    dialect::{
        Decoder, Dialect, ModelPage,
        calls::{Calls, Piece},
        parts::{
            Answering, Fields, as_one_text, chances, counts, failure, index, object, reported,
            system_and_turns,
        },
    },
    dialects::openai_models,
    http::Header,
    json::{self, count, has_bad_count, reported_cost, words},
    provider::Endpoint,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

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
    let (system, turns) = system_and_turns(chat);
    body.set("instructions", as_one_text(&system));
    body.set("input", Some(turns.into_iter().map(item).collect::<Vec<_>>()));
    body.set_fields("reasoning", effort(&chat.parameters));
    body.set("text", chat.parameters.response_format.as_ref().map(format));
    body
}

fn item(message: &Message) -> Value {
    let kind = if message.role == Role::Assistant { "output_text" } else { "input_text" };
    json!({ "role": message.role.as_str(), "content": [{ "type": kind, "text": message.text }] })
}

fn effort(parameters: &Parameters) -> Fields {
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

/// Reads one reply. What has come in pieces is repeated whole, at the end of each part and of it
/// all, and not told again. Some gateways send no pieces, or not of every part.
#[derive(Default)]
struct Reader {
    model: Answering,
    has_error: bool,
    calls: Calls,
    /// What has been told of each item of the output.
    told: BTreeSet<(Part, u32)>,
}

/// What a delta tells of an item.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Text,
    Refusal,
    Reasoning,
    Call,
    Arguments,
}

impl Part {
    fn of(delta: &Delta) -> Part {
        match delta {
            Delta::Refusal { .. } => Part::Refusal,
            Delta::Reasoning { .. } => Part::Reasoning,
            Delta::ToolCall { name: Some(_), .. } => Part::Call,
            Delta::ToolCall { .. } => Part::Arguments,
            _ => Part::Text,
        }
    }
}

impl Decoder for Reader {
    fn frame(&mut self, data: &str) -> Vec<Delta> {
        let event = match object(data) {
            Ok(event) => event,
            Err(deltas) => return deltas,
        };
        let name = event["type"].as_str().unwrap_or_default();
        match name {
            "error" => self.failed(&event, data),
            _ if event["response"].is_object() => self.response(name, &event["response"], data),
            // A reply that is whole though it was to be streamed.
            _ if event["object"] == "response" => self.response("whole", &event, data),
            _ if reported(&event, data).is_some() => self.failed(&event, data),
            _ => self.event(name, &event),
        }
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
    fn event(&mut self, name: &str, event: &Value) -> Vec<Delta> {
        let at = index(&event["output_index"]);
        let piece = words(&event["delta"]);
        let found = match name {
            "response.output_text.delta" => text(piece, &event["logprobs"]),
            "response.refusal.delta" => piece.map(Delta::refusal),
            "response.reasoning_text.delta" | "response.reasoning_summary_text.delta" => {
                piece.map(Delta::reasoning)
            }
            "response.function_call_arguments.delta" | "response.custom_tool_call_input.delta" => {
                piece.map(|arguments| {
                    let index = self.calls.number(&Piece { place: Some(at), ..Piece::default() });
                    call(index, None, arguments)
                })
            }
            "response.output_item.added" | "response.output_item.done" => {
                let found = self.read_item(at, &event["item"]);
                return self.tell(found, Some(at));
            }
            // The same as wholes, and events that came to the API since.
            _ => None,
        };
        self.told.extend(found.iter().map(|delta| (Part::of(delta), at)));
        found.into_iter().collect()
    }

    /// The reply as an object, which stands in the first events and in the last.
    fn response(&mut self, name: &str, response: &Value, body: &str) -> Vec<Delta> {
        if name == "response.created" {
            self.told.clear();
        }
        let mut deltas: Vec<_> = self.model.told(&response["model"]).into_iter().collect();
        let items = response["output"].as_array().into_iter().flatten().zip(0..);
        let found = items.flat_map(|(item, at)| self.read_item(at, item)).collect();
        deltas.extend(self.tell(found, None));
        deltas.extend(read_usage(&response["usage"]).and_then(counts));
        let status = words(&response["status"]);
        if reported(response, body).is_some() || status.as_deref() == Some("failed") {
            deltas.extend(self.failed(response, body));
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
        if !name.is_empty() {
            deltas.push(Delta::Done);
        }
        deltas
    }

    fn read_item(&mut self, at: u32, item: &Value) -> Vec<Delta> {
        let mut found = read_parts(item);
        let arguments = match item["type"].as_str() {
            Some("function_call") => &item["arguments"],
            // A tool that takes text, not JSON.
            Some("custom_tool_call") => &item["input"],
            _ => return found,
        };
        let id = item["call_id"].as_str();
        let piece = Piece { choice: 0, place: Some(at), id, has_name: true };
        let index = self.calls.number(&piece);
        let name = item["name"].as_str().unwrap_or_default().to_owned();
        found.push(call(index, Some(name), String::new()));
        found.extend(words(arguments).map(|it| call(index, None, it)));
        found
    }

    /// What was `found` and has not been told of the item at that place, or of any.
    fn tell(&mut self, mut found: Vec<Delta>, at: Option<u32>) -> Vec<Delta> {
        found.retain(|delta| {
            let part = Part::of(delta);
            !self.told.iter().any(|(told, of)| *told == part && at.is_none_or(|at| at == *of))
        });
        self.told.extend(found.iter().map(|delta| (Part::of(delta), at.unwrap_or(0))));
        found
    }

    /// A failure is told once, though two events may report it.
    fn failed(&mut self, event: &Value, text: &str) -> Vec<Delta> {
        let is_first = !std::mem::replace(&mut self.has_error, true);
        is_first.then(|| failure(event, text)).into_iter().collect()
    }
}

fn read_parts(item: &Value) -> Vec<Delta> {
    let parts = item["summary"].as_array().into_iter().chain(item["content"].as_array()).flatten();
    let read = |part: &Value| match part["type"].as_str()? {
        "output_text" => text(words(&part["text"]), &part["logprobs"]),
        "refusal" => words(&part["refusal"]).map(Delta::refusal),
        "summary_text" | "reasoning_text" => words(&part["text"]).map(Delta::reasoning),
        _ => None,
    };
    parts.filter_map(read).collect()
}

fn text(text: Option<String>, logprobs: &Value) -> Option<Delta> {
    let (text, logprobs) = (text.unwrap_or_default(), chances(logprobs));
    let says = !text.is_empty() || !logprobs.is_empty();
    says.then_some(Delta::Text { choice: 0, text, logprobs })
}

fn call(index: u32, name: Option<String>, arguments: String) -> Delta {
    Delta::ToolCall { choice: 0, index, name, arguments }
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
        reported_cost: reported_cost(usage),
        malformed: has_bad_count(usage),
        ..Usage::default()
    })
}
