//! Anthropic Messages.
//!
//! Requests name the version of 2023-06-01: the one of 2026-10-21 refuses temperature, top_p and
//! top_k on every model, and knobs are what this app is for.

use crate::{
    Chat, Control, Delta, FinishReason, Parameters, Usage, WireRequest,
    chat::{CacheLifetime, Effort, ResponseFormat},
    dialect::{
        Decoder, Dialect, ListedModel, ModelPage,
        calls::{Calls, Piece},
        parts::{
            Answering, Fields, as_one_text, counts, known_index, more_arguments, object, prefill,
            reported, stop, system_and_turns,
        },
    },
    http::{Header, MASK},
    json::{self, count, has_bad_count, words},
    models::{self, usual_limit},
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
        body.set("max_tokens", Some(max_tokens(parameters, model)));
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

/// Thinking counts as well, so a budget for it needs that much more room. What stands behind a
/// `:` is a variant of the model.
fn max_tokens(parameters: &Parameters, model: &str) -> u32 {
    let thinking = parameters.thinking_budget.unwrap_or(0);
    let plain = model.split(':').next().unwrap_or(model);
    let usual = || usual_limit(MAX_TOKENS, models::find(plain)).saturating_add(thinking);
    parameters.max_tokens.unwrap_or_else(usual)
}

/// Writes what makes the prompt, and so its count.
fn write_prompt(chat: &Chat, body: &mut Fields) {
    let parameters = &chat.parameters;
    // The system message is no message here.
    let (system, turns) = system_and_turns(chat);
    body.set("system", as_one_text(&system));
    let turn = |role: &str, text: &str| json!({ "role": role, "content": text });
    let messages = turns.iter().map(|it| turn(it.role.as_str(), &it.text));
    // A last message of the assistant's is continued.
    let begun = prefill(parameters).map(|text| turn("assistant", text));
    body.set("messages", Some(messages.chain(begun).collect::<Vec<_>>()));
    body.set("thinking", thinking(parameters));
    body.set_fields("output_config", output_config(parameters));
    body.set("cache_control", parameters.cache.map(cache_control));
}

/// Newer models think as much as they see fit, older ones to a budget. To hide what a model
/// thinks is no reason to ask that it thinks.
fn thinking(parameters: &Parameters) -> Option<Value> {
    let mut thinking = match (parameters.effort, parameters.thinking_budget) {
        (Some(Effort::None), None) => return Some(json!({ "type": "disabled" })),
        (_, Some(budget)) => json!({ "type": "enabled", "budget_tokens": budget }),
        (_, None) => {
            parameters.show_reasoning.filter(|show| *show)?;
            json!({ "type": "adaptive" })
        }
    };
    if let Some(show) = parameters.show_reasoning {
        thinking["display"] = if show { "summarized" } else { "omitted" }.into();
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
    let ttl = if lifetime == CacheLifetime::Short { "5m" } else { "1h" };
    json!({ "type": "ephemeral", "ttl": ttl })
}

/// Reads one reply. Counts come in parts that replace each other field by field.
#[derive(Default)]
struct Reader {
    model: Answering,
    calls: Calls,
    /// The counts so far, each as it came: here the input is what neither was in a cache nor
    /// went into one.
    counts: Usage,
    has_words: bool,
}

impl Decoder for Reader {
    fn frame(&mut self, data: &str) -> Vec<Delta> {
        let event = match object(data) {
            Ok(event) => event,
            Err(deltas) => return deltas,
        };
        let mut deltas = Vec::new();
        match event["type"].as_str().unwrap_or_default() {
            "message_start" => self.message(&event["message"], &mut deltas),
            "content_block_start" => {
                self.block(&event["content_block"], event["index"].clone(), &mut deltas);
            }
            "content_block_delta" => self.piece(&event, &mut deltas),
            "message_delta" => {
                self.ending(&event["delta"], &mut deltas);
                deltas.extend(self.count(&event["usage"]));
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
        deltas.extend(reported(&message, body));
        deltas
    }
}

impl Reader {
    /// The message as an object: whole, or what a stream begins with, which has no words yet.
    fn message(&mut self, message: &Value, deltas: &mut Vec<Delta>) {
        deltas.extend(self.model.told(&message["model"]));
        for (at, block) in message["content"].as_array().into_iter().flatten().enumerate() {
            self.block(block, at.into(), deltas);
        }
        self.tell(words(&message["content"]).map(Delta::text), deltas);
        deltas.extend(self.count(&message["usage"]));
        self.ending(message, deltas);
    }

    fn block(&mut self, block: &Value, place: Value, deltas: &mut Vec<Delta>) {
        let delta = match block["type"].as_str().unwrap_or_default() {
            "text" => words(&block["text"]).map(Delta::text),
            "thinking" => words(&block["thinking"]).map(Delta::reasoning),
            // Those of the server's own tools have longer names.
            kind if kind.ends_with("tool_use") => {
                let input = &block["input"];
                let is_empty = input.as_object().is_some_and(|input| input.is_empty());
                let arguments = if is_empty { String::new() } else { more_arguments(input) };
                let name = words(&block["name"]);
                let (place, id) = (known_index(&place), block["id"].as_str());
                let index = self.calls.number(&Piece { choice: 0, place, id, has_name: true });
                Some(Delta::ToolCall { choice: 0, index, name, arguments })
            }
            // Another model answers from here on.
            "fallback" => self.model.told(&block["to"]["model"]),
            _ => None,
        };
        self.tell(delta, deltas);
    }

    fn piece(&mut self, event: &Value, deltas: &mut Vec<Delta>) {
        let piece = &event["delta"];
        let delta = match piece["type"].as_str().unwrap_or_default() {
            "text_delta" => words(&piece["text"]).map(Delta::text),
            "thinking_delta" => words(&piece["thinking"]).map(Delta::reasoning),
            "input_json_delta" => words(&piece["partial_json"]).map(|arguments| {
                let place = known_index(&event["index"]);
                let index = self.calls.number(&Piece { place, ..Piece::default() });
                Delta::ToolCall { choice: 0, index, name: None, arguments }
            }),
            _ => None,
        };
        self.tell(delta, deltas);
    }

    fn tell(&mut self, delta: Option<Delta>, deltas: &mut Vec<Delta>) {
        self.has_words |= delta.as_ref().is_some_and(Delta::is_words);
        deltas.extend(delta);
    }

    /// Each event replaces the counts that it names.
    fn count(&mut self, usage: &Value) -> Option<Delta> {
        usage.as_object()?;
        let told = Usage {
            input_tokens: count(usage, &["input_tokens"]),
            cache_read_tokens: count(usage, &["cache_read_input_tokens"]),
            cache_write_tokens: count(usage, &["cache_creation_input_tokens"]),
            cache_write_long_tokens: count(usage, &["cache_creation", "ephemeral_1h_input_tokens"]),
            output_tokens: count(usage, &["output_tokens"]),
            reasoning_tokens: count(usage, &["output_tokens_details", "thinking_tokens"]),
            malformed: has_bad_count(usage),
            ..Usage::default()
        };
        self.counts = told.over(self.counts);
        let Usage { input_tokens, cache_read_tokens, cache_write_tokens, .. } = self.counts;
        let cached = [cache_read_tokens, cache_write_tokens].into_iter().flatten();
        let input_tokens = input_tokens.map(|input| cached.fold(input, u64::saturating_add));
        counts(Usage { input_tokens, ..self.counts })
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
            self.tell(why.map(Delta::refusal), deltas);
        }
        deltas.push(Delta::Finish { choice: 0, reason, raw });
    }
}
