//! Google Gemini, `generateContent`.
//!
//! The model stands in the address, not in the body, and the assistant is called `model`.

use crate::{
    Chat, Control, Delta, FinishReason, Parameters, Role, Usage, WireRequest,
    chat::{Effort, ResponseFormat},
    dialect::{
        Decoder, Dialect, ListedModel, ModelPage,
        parts::{
            Answering, Fields, arguments, counts, index, object, prefill, reported, stop,
            system_and_turns,
        },
    },
    http::{Header, MASK},
    json::{self, count, has_bad_count, words},
    provider::Endpoint,
    run::{Alternative, TokenChance},
};
use serde_json::{Value, json};

/// The `gemini` dialect.
pub struct Gemini;

impl Dialect for Gemini {
    fn id(&self) -> &'static str {
        "gemini"
    }

    fn name(&self) -> &'static str {
        "Gemini generateContent"
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
            Control::N,
            Control::Seed,
            Control::ResponseFormat,
            Control::Logprobs,
            Control::Effort,
            Control::ThinkingBudget,
            Control::ShowReasoning,
            Control::Prefill,
            Control::Stream,
        ]
    }

    fn request(&self, chat: &Chat, model: &str, endpoint: &Endpoint) -> WireRequest {
        let mut body = Fields::default();
        write_prompt(chat, model, &mut body);
        body.set_fields("generationConfig", config(&chat.parameters));
        let method = match chat.parameters.stream.unwrap_or(true) {
            true => "streamGenerateContent?alt=sse",
            false => "generateContent",
        };
        WireRequest::post(call(endpoint, model, method), headers(endpoint), body.into_map())
    }

    fn models_request(&self, endpoint: &Endpoint, page: Option<&str>) -> WireRequest {
        let page = page.map(|token| format!("&pageToken={}", json::in_query(token)));
        let list = format!("models?pageSize=1000{}", page.unwrap_or_default());
        WireRequest::get(endpoint.base_url.join_root("v1beta", &list), headers(endpoint))
    }

    fn read_models(&self, body: &str) -> Option<ModelPage> {
        let answer = json::read(body).ok()?;
        let answers_chats = |model: &&Value| {
            let methods = model["supportedGenerationMethods"].as_array();
            methods.is_none_or(|methods| methods.iter().any(|it| it == "generateContent"))
        };
        let models = answer["models"].as_array()?.iter().filter(answers_chats);
        let models = models.filter_map(|model| {
            let name = model["name"].as_str()?;
            Some(ListedModel {
                name: words(&model["displayName"]),
                max_input: model["inputTokenLimit"].as_u64(),
                max_output: model["outputTokenLimit"].as_u64(),
                ..ListedModel::new(name.strip_prefix("models/").unwrap_or(name))
            })
        });
        Some(ModelPage { models: models.collect(), next: words(&answer["nextPageToken"]) })
    }

    fn count_request(&self, chat: &Chat, model: &str, endpoint: &Endpoint) -> Option<WireRequest> {
        let (mut body, mut request) = (Fields::default(), Fields::default());
        request.set("model", Some(format!("models/{}", bare(model))));
        write_prompt(chat, model, &mut request);
        body.set_fields("generateContentRequest", request);
        let url = call(endpoint, model, "countTokens");
        Some(WireRequest::post(url, headers(endpoint), body.into_map()))
    }

    fn read_count(&self, body: &str) -> Option<u64> {
        json::read(body).ok()?["totalTokens"].as_u64()
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::new(Reader::default())
    }
}

fn headers(endpoint: &Endpoint) -> Vec<Header> {
    endpoint.has_key.then(|| Header::new("x-goog-api-key", MASK)).into_iter().collect()
}

/// The name without the folder in which lists show it.
fn bare(model: &str) -> &str {
    model.strip_prefix("models/").unwrap_or(model)
}

fn call(endpoint: &Endpoint, model: &str, method: &str) -> String {
    let model = json::in_path(bare(model));
    endpoint.base_url.join_root("v1beta", &format!("models/{model}:{method}"))
}

fn write_prompt(chat: &Chat, model: &str, body: &mut Fields) {
    let (mut system, turns) = system_and_turns(chat);
    let turn = |role: Role, texts: &[&str]| {
        let role = if role == Role::Assistant { "model" } else { "user" };
        let parts: Vec<_> = texts.iter().map(|text| json!({ "text": text })).collect();
        json!({ "role": role, "parts": parts })
    };
    let mut contents: Vec<_> = turns.iter().map(|it| turn(it.role, &[&it.text])).collect();
    // Gemma has no place for instructions but the person's first turn.
    if let Some(first) = turns.first().filter(|_| bare(model).starts_with("gemma")) {
        system.push(&first.text);
        contents[0] = turn(first.role, &std::mem::take(&mut system));
    }
    let parts: Vec<_> = system.iter().map(|text| json!({ "text": text })).collect();
    body.set("systemInstruction", (!parts.is_empty()).then(|| json!({ "parts": parts })));
    contents.extend(prefill(&chat.parameters).map(|text| turn(Role::Assistant, &[text])));
    body.set("contents", Some(contents));
}

fn config(parameters: &Parameters) -> Fields {
    let mut config = Fields::default();
    config.set("maxOutputTokens", parameters.max_tokens);
    config.set_number("temperature", parameters.temperature);
    config.set_number("topP", parameters.top_p);
    config.set("topK", parameters.top_k);
    config.set("stopSequences", stop(parameters));
    config.set_number("frequencyPenalty", parameters.frequency_penalty);
    config.set_number("presencePenalty", parameters.presence_penalty);
    config.set("candidateCount", parameters.n);
    config.set("seed", parameters.seed);
    let format = parameters.response_format.as_ref();
    config.set("responseMimeType", format.map(|_| "application/json"));
    if let Some(ResponseFormat::JsonSchema { schema, .. }) = format {
        config.set("responseJsonSchema", Some(schema.clone()));
    }
    config.set("responseLogprobs", parameters.logprobs.map(|_| true));
    config.set("logprobs", parameters.logprobs.filter(|it| *it > 0));
    config.set_fields("thinkingConfig", thinking(parameters));
    config
}

/// Older models take a budget, newer ones a level; no thinking at all is a budget of none.
fn thinking(parameters: &Parameters) -> Fields {
    let mut config = Fields::default();
    config.set("includeThoughts", parameters.show_reasoning);
    let is_off = parameters.effort == Some(Effort::None);
    config.set("thinkingBudget", parameters.thinking_budget.or(is_off.then_some(0)));
    let level = parameters.effort.filter(|_| !is_off);
    config.set("thinkingLevel", level.map(|it| it.as_str()));
    config
}

/// Reads one reply. Each frame is a whole answer with the new parts only.
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
        let mut deltas: Vec<_> = self.model.told(&value["modelVersion"]).into_iter().collect();
        for candidate in value["candidates"].as_array().into_iter().flatten() {
            self.candidate(candidate, &mut deltas);
        }
        // A blocked prompt has no candidate at all.
        if let Some(raw) = words(&value["promptFeedback"]["blockReason"]) {
            deltas.push(Delta::Finish { choice: 0, reason: FinishReason::ContentFilter, raw });
        }
        deltas.extend(read_usage(&value["usageMetadata"]).and_then(counts));
        deltas.extend(reported(&value, data));
        deltas
    }

    fn whole(&mut self, body: &str) -> Vec<Delta> {
        self.frame(body)
    }
}

impl Reader {
    fn candidate(&mut self, candidate: &Value, deltas: &mut Vec<Delta>) {
        let choice = index(&candidate["index"]);
        let mut logprobs = read_logprobs(&candidate["logprobsResult"]);
        for part in candidate["content"]["parts"].as_array().into_iter().flatten() {
            if let Some(text) = words(&part["text"]) {
                deltas.push(match part["thought"].as_bool() {
                    Some(true) => Delta::Reasoning { choice, text },
                    // The chances are those of the whole frame, and are told with its first text.
                    _ => Delta::Text { choice, text, logprobs: std::mem::take(&mut logprobs) },
                });
            }
            let call = &part["functionCall"];
            if let Some(name) = words(&call["name"]) {
                let arguments = arguments(&call["args"]);
                let index = self.tool_calls;
                self.tool_calls += 1;
                deltas.push(Delta::ToolCall { choice, index, name: Some(name), arguments });
            }
        }
        if let Some(raw) = words(&candidate["finishReason"]) {
            deltas.push(Delta::Finish { choice, reason: reason(&raw), raw });
        }
    }
}

fn reason(raw: &str) -> FinishReason {
    match raw {
        "STOP" => FinishReason::Stop,
        "MAX_TOKENS" => FinishReason::Length,
        "SAFETY"
        | "RECITATION"
        | "BLOCKLIST"
        | "PROHIBITED_CONTENT"
        | "SPII"
        | "LANGUAGE"
        | "IMAGE_SAFETY"
        | "IMAGE_PROHIBITED_CONTENT"
        | "IMAGE_RECITATION"
        | "MODEL_ARMOR" => FinishReason::ContentFilter,
        _ => FinishReason::Other,
    }
}

fn read_logprobs(result: &Value) -> Vec<TokenChance> {
    let chosen = result["chosenCandidates"].as_array().into_iter().flatten();
    chosen
        .enumerate()
        .filter_map(|(at, chosen)| {
            let top = result["topCandidates"][at]["candidates"].as_array().into_iter().flatten();
            Some(read_chance(chosen)?.among(top.filter_map(read_chance)))
        })
        .collect()
}

fn read_chance(token: &Value) -> Option<Alternative> {
    Some(Alternative {
        token: token["token"].as_str()?.to_owned(),
        bytes: None,
        logprob: token["logProbability"].as_f64()?,
    })
}

/// Each frame carries the counts so far. Thoughts are counted beside the candidates.
fn read_usage(usage: &Value) -> Option<Usage> {
    usage.as_object()?;
    let count = |name: &str| count(usage, &[name]);
    let is_bad = |name: &str| !usage[name].is_null() && count(name).is_none();
    let thoughts = count("thoughtsTokenCount");
    let written = count("candidatesTokenCount");
    let prompt = count("promptTokenCount");
    let by_tools = count("toolUsePromptTokenCount").unwrap_or(0);
    Some(Usage {
        input_tokens: prompt.map(|it| it.saturating_add(by_tools)),
        cache_read_tokens: count("cachedContentTokenCount"),
        output_tokens: match (written, thoughts) {
            (None, None) => None,
            // Of a sum that is told in part the rest is not 0.
            _ if is_bad("candidatesTokenCount") || is_bad("thoughtsTokenCount") => None,
            (written, thoughts) => Some(written.unwrap_or(0).saturating_add(thoughts.unwrap_or(0))),
        },
        reasoning_tokens: thoughts,
        malformed: has_bad_count(usage),
        ..Usage::default()
    })
}
