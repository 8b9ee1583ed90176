//! Anthropic Messages.
//!
//! Requests name the version of 2023-06-01: the one of 2026-10-21 refuses temperature, top_p and
//! top_k on every model, and knobs are what this app is for.

use crate::{
    Chat, Control, Delta, FinishReason, Message, Parameters, Role, Usage, WireRequest,
    chat::{CacheLifetime, Effort, ResponseFormat},
    dialect::{
        Decoder, Dialect, ListedModel, ModelPage,
        parts::{
            Answering, Fields, arguments, counts, index, is_done, object, prefill, reported, stop,
        },
    },
    http::{Header, MASK},
    json::{self, count, words},
    provider::Endpoint,
};
use serde_json::{Value, json};

const VERSION: &str = "2023-06-01";

/// The API refuses a request without a limit, so one is written where the person sets none.
const MAX_TOKENS: u32 = 4096;

/// The `anthropic` dialect.
pub struct Anthropic;

impl Dialect for Anthropic {
    fn id(&self) -> &'static str {
        "anthropic"
    }

    fn name(&self) -> &'static str {
        "Anthropic Messages"
    }

    fn controls(&self) -> &'static [Control] {
        &[
            Control::MaxTokens,
            Control::Temperature,
            Control::TopP,
            Control::TopK,
            Control::Stop,
            Control::ResponseFormat,
            Control::Effort,
            Control::ThinkingBudget,
            Control::ShowReasoning,
            Control::Cache,
            Control::Prefill,
            Control::Stream,
        ]
    }

    fn request(&self, chat: &Chat, model: &str, endpoint: &Endpoint) -> WireRequest {
        let parameters = &chat.parameters;
        let mut body = Fields::default();
        body.set("model", Some(model));
        body.set("max_tokens", Some(max_tokens(parameters)));
        write_prompt(chat, &mut body);
        body.set_number("temperature", parameters.temperature);
        body.set_number("top_p", parameters.top_p);
        body.set("top_k", parameters.top_k);
        body.set("stop_sequences", stop(parameters));
        body.set("stream", Some(parameters.stream.unwrap_or(true)));
        let url = endpoint.base_url.join_root("v1", "messages");
        WireRequest::post(url, headers(endpoint), body.into_map())
    }

    fn models_request(&self, endpoint: &Endpoint, page: Option<&str>) -> WireRequest {
        let page = page.map(|id| format!("&after_id={}", json::in_query(id))).unwrap_or_default();
        let url = endpoint.base_url.join_root("v1", &format!("models?limit=1000{page}"));
        WireRequest::get(url, headers(endpoint))
    }

    fn read_models(&self, body: &str) -> Option<ModelPage> {
        let answer = json::read(body).ok()?;
        let models = answer["data"].as_array()?.iter();
        let models = models.filter(|model| model["lifecycle"] != "retired").filter_map(|model| {
            Some(ListedModel {
                name: words(&model["display_name"]),
                max_input: model["max_input_tokens"].as_u64(),
                max_output: model["max_tokens"].as_u64(),
                shutdown: words(&model["retires_at"]).map(|day| day.chars().take(10).collect()),
                ..ListedModel::new(model["id"].as_str()?)
            })
        });
        let has_more = answer["has_more"].as_bool().unwrap_or(false);
        let next = words(&answer["last_id"]).filter(|_| has_more);
        Some(ModelPage { models: models.collect(), next })
    }

    fn count_request(&self, chat: &Chat, model: &str, endpoint: &Endpoint) -> Option<WireRequest> {
        let mut body = Fields::default();
        body.set("model", Some(model));
        write_prompt(chat, &mut body);
        let url = endpoint.base_url.join_root("v1", "messages/count_tokens");
        Some(WireRequest::post(url, headers(endpoint), body.into_map()))
    }

    fn read_count(&self, body: &str) -> Option<u64> {
        json::read(body).ok()?["input_tokens"].as_u64()
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::new(Reader::default())
    }
}

fn headers(endpoint: &Endpoint) -> Vec<Header> {
    let key = endpoint.has_key.then(|| Header::new("x-api-key", MASK));
    key.into_iter().chain([Header::new("anthropic-version", VERSION)]).collect()
}

/// Thinking counts as well, so a budget for it needs that much more room.
fn max_tokens(parameters: &Parameters) -> u32 {
    let thinking = parameters.thinking_budget.unwrap_or(0);
    parameters.max_tokens.unwrap_or_else(|| MAX_TOKENS.saturating_add(thinking))
}

/// Writes what makes the prompt, and so its count.
fn write_prompt(chat: &Chat, body: &mut Fields) {
    let parameters = &chat.parameters;
    // The system message is no message here.
    let system: Vec<_> = of_role(chat, true).map(|it| it.text.as_str()).collect();
    body.set("system", (!system.is_empty()).then(|| system.join("\n\n")));
    let turn = |role: &str, text: &str| json!({ "role": role, "content": text });
    let messages = of_role(chat, false).map(|it| turn(it.role.as_str(), &it.text));
    // A last message of the assistant's is continued.
    let begun = prefill(parameters).map(|text| turn("assistant", text));
    body.set("messages", Some(messages.chain(begun).collect::<Vec<_>>()));
    body.set("thinking", thinking(parameters));
    body.set_fields("output_config", output_config(parameters));
    body.set("cache_control", parameters.cache.map(cache_control));
}

fn of_role(chat: &Chat, is_system: bool) -> impl Iterator<Item = &Message> {
    chat.messages.iter().filter(move |it| (it.role == Role::System) == is_system)
}

fn thinking(parameters: &Parameters) -> Option<Value> {
    let display = parameters.show_reasoning.map(|show| if show { "summarized" } else { "omitted" });
    let mut thinking = match (parameters.effort, parameters.thinking_budget) {
        (Some(Effort::None), None) => return Some(json!({ "type": "disabled" })),
        (_, Some(budget)) => json!({ "type": "enabled", "budget_tokens": budget }),
        (_, None) => {
            display?;
            json!({ "type": "adaptive" })
        }
    };
    if let Some(display) = display {
        thinking["display"] = display.into();
    }
    Some(thinking)
}

fn output_config(parameters: &Parameters) -> Fields {
    let mut config = Fields::default();
    let effort = parameters.effort.filter(|it| *it != Effort::None);
    config.set("effort", effort.map(|it| it.as_str()));
    // There is no "any JSON" here, only a schema; an object of any shape comes closest.
    let schema = parameters.response_format.as_ref().map(|format| match format {
        ResponseFormat::JsonObject => json!({ "type": "object" }),
        ResponseFormat::JsonSchema { schema, .. } => schema.clone(),
    });
    let format = schema.map(|schema| json!({ "type": "json_schema", "schema": schema }));
    config.set("format", format);
    config
}

fn cache_control(lifetime: CacheLifetime) -> Value {
    match lifetime {
        CacheLifetime::Short => json!({ "type": "ephemeral", "ttl": "5m" }),
        CacheLifetime::Long => json!({ "type": "ephemeral", "ttl": "1h" }),
    }
}

/// Reads one reply. Counts come in parts that replace each other field by field.
#[derive(Default)]
struct Reader {
    model: Answering,
    counts: Counts,
    has_words: bool,
}

impl Decoder for Reader {
    fn frame(&mut self, data: &str) -> Vec<Delta> {
        // This format ends with an event of its own; gateways add a word that says no more.
        if is_done(data) {
            return Vec::new();
        }
        let event = match object(data) {
            Ok(event) => event,
            Err(deltas) => return deltas,
        };
        let mut deltas = Vec::new();
        match event["type"].as_str().unwrap_or_default() {
            "message_start" => self.message(&event["message"], &mut deltas),
            "content_block_start" => self.block(&event, &mut deltas),
            "content_block_delta" => self.piece(&event, &mut deltas),
            "message_delta" => {
                self.ending(&event["delta"], &mut deltas);
                deltas.extend(self.counts.take(&event["usage"]).and_then(counts));
            }
            // A reply that is whole though it was to be streamed.
            "message" => return self.whole(data),
            "message_stop" => deltas.push(Delta::Done),
            // A ping, a failure, the end of a block, or an event that came to the API since.
            _ => {}
        }
        deltas.extend(reported(&event, data));
        deltas
    }

    fn whole(&mut self, body: &str) -> Vec<Delta> {
        let message = match object(body) {
            Ok(message) => message,
            Err(deltas) => return deltas,
        };
        let mut deltas = Vec::new();
        self.message(&message, &mut deltas);
        self.ending(&message, &mut deltas);
        deltas.extend(reported(&message, body));
        deltas
    }
}

impl Reader {
    fn message(&mut self, message: &Value, deltas: &mut Vec<Delta>) {
        deltas.extend(self.model.told(&message["model"]));
        for (at, block) in message["content"].as_array().into_iter().flatten().enumerate() {
            self.block(&json!({ "index": at, "content_block": block }), deltas);
        }
        deltas.extend(self.counts.take(&message["usage"]).and_then(counts));
    }

    fn block(&mut self, event: &Value, deltas: &mut Vec<Delta>) {
        let block = &event["content_block"];
        let delta = match block["type"].as_str().unwrap_or_default() {
            "text" => words(&block["text"]).map(Delta::text),
            "thinking" => words(&block["thinking"]).map(|text| Delta::Reasoning { text }),
            kind if kind.ends_with("tool_use") => {
                let input = &block["input"];
                let is_whole = input.as_object().is_some_and(|input| !input.is_empty());
                Some(Delta::ToolCall {
                    index: index(&event["index"]),
                    name: words(&block["name"]),
                    arguments: if is_whole { arguments(input) } else { String::new() },
                })
            }
            // Another model answers from here on.
            "fallback" => self.model.told(&block["to"]["model"]),
            _ => None,
        };
        self.has_words |= delta.is_some();
        deltas.extend(delta);
    }

    fn piece(&mut self, event: &Value, deltas: &mut Vec<Delta>) {
        let piece = &event["delta"];
        let delta =
            match piece["type"].as_str().unwrap_or_default() {
                "text_delta" => words(&piece["text"]).map(Delta::text),
                "thinking_delta" => words(&piece["thinking"]).map(|text| Delta::Reasoning { text }),
                "input_json_delta" => words(&piece["partial_json"]).map(|arguments| {
                    Delta::ToolCall { index: index(&event["index"]), name: None, arguments }
                }),
                _ => None,
            };
        self.has_words |= delta.is_some();
        deltas.extend(delta);
    }

    fn ending(&mut self, ending: &Value, deltas: &mut Vec<Delta>) {
        let Some(raw) = words(&ending["stop_reason"]) else { return };
        let reason = match raw.as_str() {
            "end_turn" | "stop_sequence" => FinishReason::Stop,
            "max_tokens" | "model_context_window_exceeded" => FinishReason::Length,
            "tool_use" => FinishReason::ToolCalls,
            "refusal" => FinishReason::Refusal,
            _ => FinishReason::Other,
        };
        // A refusal may come without a word but these.
        let why = words(&ending["stop_details"]["explanation"]);
        if reason == FinishReason::Refusal && !self.has_words {
            deltas.extend(why.map(|text| Delta::Refusal { text }));
        }
        deltas.push(Delta::Finish { choice: 0, reason, raw });
    }
}

/// The counts as they come: each event replaces those that it names. Their parts are disjoint.
#[derive(Default)]
struct Counts {
    input: Option<u64>,
    cache_read: Option<u64>,
    cache_write: Option<u64>,
    output: Option<u64>,
    thinking: Option<u64>,
}

impl Counts {
    fn take(&mut self, usage: &Value) -> Option<Usage> {
        usage.as_object()?;
        let take = |place: &mut Option<u64>, path: &[&str]| {
            *place = count(usage, path).or(*place);
        };
        take(&mut self.input, &["input_tokens"]);
        take(&mut self.cache_read, &["cache_read_input_tokens"]);
        take(&mut self.cache_write, &["cache_creation_input_tokens"]);
        take(&mut self.output, &["output_tokens"]);
        take(&mut self.thinking, &["output_tokens_details", "thinking_tokens"]);
        let cached = [self.cache_read, self.cache_write].into_iter().flatten();
        Some(Usage {
            input_tokens: self.input.map(|input| cached.fold(input, u64::saturating_add)),
            cache_read_tokens: self.cache_read,
            cache_write_tokens: self.cache_write,
            output_tokens: self.output,
            reasoning_tokens: self.thinking,
        })
    }
}
