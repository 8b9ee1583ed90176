//! Ollama's own chat API: JSON lines, and numbers about the work done.

use crate::{
    Chat, Control, Delta, FinishReason, Parameters, Usage, WireRequest,
    chat::{Effort, ResponseFormat},
    dialect::{
        Decoder, Dialect, Framing, ListedModel, ModelPage,
        parts::{Answering, Fields, arguments, chances, counts, object, prefill, reported, stop},
    },
    http::{Header, MASK},
    json::{self, count, has_bad_count, words},
    provider::Endpoint,
};
use serde_json::{Value, json};

/// The `ollama` dialect.
pub struct Ollama;

impl Dialect for Ollama {
    fn id(&self) -> &'static str {
        "ollama"
    }

    fn name(&self) -> &'static str {
        "Ollama chat"
    }

    fn controls(&self) -> &'static [Control] {
        &[
            Control::MaxTokens,
            Control::Temperature,
            Control::TopP,
            Control::TopK,
            Control::Stop,
            Control::FrequencyPenalty,
            Control::PresencePenalty,
            Control::Seed,
            Control::ResponseFormat,
            Control::Logprobs,
            Control::Effort,
            Control::ShowReasoning,
            Control::Prefill,
            Control::Stream,
        ]
    }

    fn framing(&self) -> Framing {
        Framing::Lines
    }

    fn request(&self, chat: &Chat, model: &str, endpoint: &Endpoint) -> WireRequest {
        let parameters = &chat.parameters;
        let turn = |role: &str, text: &str| json!({ "role": role, "content": text });
        let messages = chat.messages.iter().map(|it| turn(it.role.as_str(), &it.text));
        // A last message of the assistant's is continued.
        let begun = prefill(parameters).map(|text| turn("assistant", text));
        let mut body = Fields::default();
        body.set("model", Some(model));
        body.set("messages", Some(messages.chain(begun).collect::<Vec<_>>()));
        body.set("format", parameters.response_format.as_ref().map(format));
        body.set("think", think(parameters));
        body.set("logprobs", parameters.logprobs.map(|_| true));
        body.set("top_logprobs", parameters.logprobs.filter(|it| *it > 0));
        body.set_fields("options", options(parameters));
        body.set("stream", Some(parameters.stream.unwrap_or(true)));
        let url = endpoint.base_url.join_root("api", "chat");
        WireRequest::post(url, headers(endpoint), body.into_map())
    }

    fn models_request(&self, endpoint: &Endpoint, _page: Option<&str>) -> WireRequest {
        WireRequest::get(endpoint.base_url.join_root("api", "tags"), headers(endpoint))
    }

    fn read_models(&self, body: &str) -> Option<ModelPage> {
        let answer = json::read(body).ok()?;
        let answers_chats = |model: &&Value| {
            let abilities = model["capabilities"].as_array();
            abilities.is_none_or(|all| all.iter().any(|it| it == "completion"))
        };
        let models = answer["models"].as_array()?.iter().filter(answers_chats);
        let models = models.filter_map(|model| {
            let id = words(&model["model"]).or_else(|| words(&model["name"]))?;
            let max_input = count(model, &["details", "context_length"]);
            Some(ListedModel { max_input, ..ListedModel::new(id) })
        });
        Some(ModelPage { models: models.collect(), next: None })
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::new(Reader::default())
    }
}

fn headers(endpoint: &Endpoint) -> Vec<Header> {
    let key = || Header::new("authorization", format!("Bearer {MASK}"));
    endpoint.has_key.then(key).into_iter().collect()
}

fn format(format: &ResponseFormat) -> Value {
    match format {
        ResponseFormat::JsonObject => "json".into(),
        ResponseFormat::JsonSchema { schema, .. } => schema.clone(),
    }
}

fn think(parameters: &Parameters) -> Option<Value> {
    match parameters.effort {
        Some(Effort::None) => Some(false.into()),
        Some(effort) => Some(effort.as_str().into()),
        None => parameters.show_reasoning.map(Value::from),
    }
}

fn options(parameters: &Parameters) -> Fields {
    let mut options = Fields::default();
    options.set("num_predict", parameters.max_tokens);
    options.set_number("temperature", parameters.temperature);
    options.set_number("top_p", parameters.top_p);
    options.set("top_k", parameters.top_k);
    options.set("stop", stop(parameters));
    options.set_number("frequency_penalty", parameters.frequency_penalty);
    options.set_number("presence_penalty", parameters.presence_penalty);
    options.set("seed", parameters.seed);
    options
}

/// Reads one reply. A whole body is what a stream's lines are, in one.
#[derive(Default)]
struct Reader {
    model: Answering,
    tool_calls: u32,
}

impl Decoder for Reader {
    fn frame(&mut self, data: &str) -> Vec<Delta> {
        let value = match object(data) {
            Ok(value) => value,
            Err(deltas) => return deltas,
        };
        let mut deltas: Vec<_> = self.model.told(&value["model"]).into_iter().collect();
        let message = &value["message"];
        // What stands beside the message is what the older call for bare prompts writes.
        let thinking = words(&message["thinking"]).or_else(|| words(&value["thinking"]));
        deltas.extend(thinking.map(Delta::reasoning));
        let logprobs = chances(&value["logprobs"]);
        let text = words(&message["content"]).or_else(|| words(&value["response"]));
        if text.is_some() || !logprobs.is_empty() {
            let text = text.unwrap_or_default();
            deltas.push(Delta::Text { choice: 0, text, logprobs });
        }
        for call in message["tool_calls"].as_array().into_iter().flatten() {
            let index = self.tool_calls;
            self.tool_calls += 1;
            let name = words(&call["function"]["name"]);
            let arguments = arguments(&call["function"]["arguments"]);
            deltas.push(Delta::ToolCall { choice: 0, index, name, arguments });
        }
        if value["done"] == true {
            if let Some(raw) = words(&value["done_reason"]) {
                deltas.push(Delta::Finish { choice: 0, reason: reason(&raw), raw });
            }
            deltas.extend(counts(read_usage(&value)));
            deltas.push(Delta::Done);
        }
        deltas.extend(reported(&value, data));
        deltas
    }

    fn whole(&mut self, body: &str) -> Vec<Delta> {
        self.frame(body)
    }
}

fn reason(raw: &str) -> FinishReason {
    match raw {
        "stop" => FinishReason::Stop,
        "length" => FinishReason::Length,
        _ => FinishReason::Other,
    }
}

/// A counter that is zero is left out, and so is one that is not known.
fn read_usage(value: &Value) -> Usage {
    let count = |name: &str| count(value, &[name]);
    Usage {
        input_tokens: count("prompt_eval_count"),
        output_tokens: count("eval_count"),
        malformed: has_bad_count(value),
        ..Usage::default()
    }
}
