//! What is put into the API's mouth.

use super::*;

/// Wire format, model, parameters, and the sentence of the provider's pages or of a recorded answer,
/// whole; none where nobody recorded how it is worded.
#[rustfmt::skip]
static ROWS: &[(&str, &str, &str, Option<&str>)] = &[
    (CHAT, "gpt-5", r#"{ "temperature": 0.2 }"#, Some("Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.")),
    (CHAT, "gpt-5", r#"{ "top_p": 0.2 }"#, Some("Unsupported parameter: 'top_p' is not supported with this model.")),
    (CHAT, "gpt-5.6-terra", r#"{ "logprobs": 2 }"#, Some("Unsupported parameter: 'logprobs' is not supported with this model.")),
    (CHAT, "gpt-5.6-terra", r#"{ "n": 64 }"#, Some("Invalid 'n': integer above maximum value. Expected a value <= 8, but got 64 instead.")),
    (CHAT, "gpt-5.2", r#"{ "effort": "max" }"#, Some("Unsupported value: 'reasoning_effort' does not support 'max' with this model. Supported values are: 'none', 'low', 'medium', 'high', and 'xhigh'.")),
    (RESPONSES, "gpt-6-astra", r#"{ "effort": "minimal" }"#, Some("Unsupported value: 'minimal' is not supported with the 'gpt-6-astra' model. Supported values are: 'low', 'medium', 'high', 'xhigh', and 'max'.")),
    (RESPONSES, "gpt-5", r#"{ "temperature": 0.2 }"#, Some("Unsupported parameter: 'temperature' is not supported with this model.")),
    (RESPONSES, "gpt-5", r#"{ "logprobs": 2 }"#, Some("logprobs are not supported with reasoning models.")),
    (RESPONSES, "gpt-4o", r#"{ "effort": "low" }"#, Some("Unsupported parameter: 'reasoning.effort' is not supported with this model.")),
    (CHAT, "gpt-4o", r#"{ "effort": "low" }"#, Some("Unrecognized request argument supplied: reasoning_effort")),
    (RESPONSES, "gpt-6-luna", r#"{ "max_tokens": 0 }"#, Some("Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 0 instead.")),
    (CHAT, "gpt-6-luna", r#"{ "max_tokens": 0 }"#, Some("Invalid 'max_completion_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead.")),
    (CHAT, "gpt-4o", r#"{ "temperature": -1 }"#, Some("Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but got -1 instead.")),
    (CHAT, "gpt-4o", r#"{ "temperature": 200 }"#, Some("Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 200 instead.")),
    (CHAT, "gpt-4o", r#"{ "max_tokens": 32000 }"#, Some("max_tokens is too large: 32000. This model supports at most 16384 completion tokens, whereas you provided 32000.")),
    (CHAT, "gpt-4o", r#"{ "response_format": { "type": "json_object" } }"#, Some("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.")),
    (RESPONSES, "gpt-4o", r#"{ "response_format": { "type": "json_object" } }"#, Some("Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.")),
    (CHAT, "gpt-4o", r#"{ "response_format": { "type": "json_schema", "name": "a", "schema": { "type": "object", "additionalProperties": false, "required": ["city"], "properties": { "city": { "type": "object", "properties": { "size": {} } } } } } }"#, Some("Invalid schema for response_format 'a': In context=('properties', 'city'), 'additionalProperties' is required to be supplied and to be false.")),
    (RESPONSES, "gpt-4o", r#"{ "response_format": { "type": "json_schema", "name": "a", "schema": { "type": "object", "additionalProperties": false, "properties": { "size": {} } } } }"#, Some("Invalid schema for response_format 'a': In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'size'.")),
    (CHAT, "o1", r#"{}"#, Some("The model `o1` has been deprecated, learn more here: https://platform.openai.com/docs/deprecations")),
    (CLAUDE, "claude-sonnet-5", r#"{ "top_k": 4 }"#, Some("`top_k` is deprecated for this model.")),
    (CLAUDE, "claude-sonnet-4-6", r#"{ "prefill": "A" }"#, Some("This model does not support assistant message prefill. The conversation must end with a user message.")),
    (CLAUDE, "claude-haiku-4-5", r#"{ "prefill": "A " }"#, Some("messages: final assistant content cannot end with trailing whitespace")),
    (CLAUDE, "claude-opus-4-6", r#"{ "effort": "xhigh" }"#, Some("This model does not support effort level 'xhigh'. Supported levels: high, low, max, medium.")),
    (CLAUDE, "claude-haiku-4-5", r#"{ "effort": "low" }"#, Some("This model does not support the effort parameter.")),
    (CLAUDE, "claude-opus-5-5", r#"{ "effort": "none" }"#, Some("\"thinking.type.disabled\" is not supported for this model.…")),
    (CLAUDE, "claude-opus-4-7", r#"{ "thinking_budget": 2000, "max_tokens": 4000 }"#, Some("\"thinking.type.enabled\" is not supported for this model. Use \"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior.")),
    (CLAUDE, "claude-haiku-4-5", r#"{ "show_reasoning": true }"#, Some("adaptive thinking is not supported on this model")),
    (CLAUDE, "claude-haiku-4-5", r#"{ "temperature": 2 }"#, Some("temperature: range: 0..1")),
    (CLAUDE, "claude-haiku-4-5", r#"{ "max_tokens": 999999 }"#, Some("max_tokens: 999999 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5")),
    (CLAUDE, "claude-haiku-4-5", r#"{ "stop": ["\n"] }"#, Some("stop_sequences: each stop sequence must contain non-whitespace")),
    (CLAUDE, "claude-sonnet-5", r#"{ "response_format": { "type": "json_object" } }"#, Some("output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false")),
    (CLAUDE, "claude-3-haiku-20240307", r#"{}"#, Some("model: claude-3-haiku-20240307")),
    (GEMINI, "gemini-3.6-flash", r#"{ "prefill": "A" }"#, Some("Requests ending with a model turn are not supported.")),
    (GEMINI, "gemini-2.5-flash", r#"{ "presence_penalty": 1 }"#, Some("Penalty is not enabled for this model")),
    (GEMINI, "gemini-2.5-flash", r#"{ "thinking_budget": 32000 }"#, Some("The thinking budget 32000 is invalid. Please choose a value between 0 and 24576.")),
    (GEMINI, "gemini-2.5-pro", r#"{ "effort": "none" }"#, Some("Budget 0 is invalid. This model only works in thinking mode.")),
    (GEMINI, "gemini-2.5-pro", r#"{ "effort": "low" }"#, Some("Thinking level is not supported for this model.")),
    (GEMINI, "gemini-2.0-flash", r#"{}"#, Some("This model models/gemini-2.0-flash is no longer available.…")),
    (OLLAMA, "llama3.2:1b", r#"{ "effort": "low" }"#, Some("\"llama3.2:1b\" does not support thinking")),
    (OLLAMA, "gemma4", r#"{ "effort": "xhigh" }"#, Some("invalid think value: \"xhigh\" (must be \"high\", \"medium\", \"low\", \"max\", true, or false)")),
    // Nobody recorded how these are worded, so nothing is quoted.
    (CHAT, "gpt-4o", r#"{ "logprobs": 21 }"#, None),
    (CHAT, "gpt-6-sol", r#"{ "cache": "long" }"#, None),
    (CHAT, "gpt-4o", r#"{ "response_format": { "type": "json_schema", "name": "ä", "schema": { "type": "object", "additionalProperties": false } } }"#, None),
    (RESPONSES, "o1", r#"{}"#, None),
    (CLAUDE, "claude-haiku-4-5", r#"{ "temperature": -1 }"#, None),
    (CLAUDE, "claude-opus-5-5", r#"{ "effort": "minimal" }"#, None),
    (GEMINI, "gemini-4-neon", r#"{ "n": 2 }"#, None),
    (GEMINI, "gemini-4-neon", r#"{ "presence_penalty": 1 }"#, None),
    (GEMINI, "gemini-3-pro-preview", r#"{}"#, None),
    (GEMINI, "gemini-2.5-flash", r#"{ "temperature": 3 }"#, None),
];

#[test]
fn the_api_is_quoted_word_for_word() {
    for (dialect, model, parameters, says) in ROWS {
        let set = serde_json::from_str(parameters).expect("JSON");
        let findings = on(&chat(set), model, dialect);
        assert_eq!(findings[0].level, Level::Refused, "{model} {parameters}");
        assert_eq!(findings[0].says.as_deref(), *says, "{model} {parameters}");
    }
}

#[test]
fn every_quotation_has_its_source_and_can_be_filled_in() {
    let rule = |key: &str| serde_json::from_value::<Rule>(json!(key)).is_ok();
    let about = |key: &str| {
        let is_control = serde_json::from_value::<Control>(json!(key)).is_ok();
        is_control || serde_json::from_value::<crate::chat::Effort>(json!(key)).is_ok()
    };
    let of_formats = models::formats().iter().map(|it| (&it.id, &it.says));
    let of_families = models::families()
        .iter()
        .flat_map(|family| family.says.values().map(move |says| (&family.id, says)));
    for (owner, says) in of_formats.chain(of_families) {
        for (key, quote) in says {
            let (of, what) = key.split_once('.').unwrap_or((key, "n"));
            assert!(rule(of) && about(what), "{owner}: {key} is no rule");
            assert!(!quote.from.is_empty(), "{owner}: {key} comes from nowhere");
            let known = [
                "model", "field", "value", "kind", "min", "max", "count", "quoted", "sorted",
                "tokens", "total", "window", "name", "context", "missing",
            ];
            let rest = known
                .iter()
                .fold(quote.text.clone(), |text, it| text.replace(&format!("{{{it}}}"), ""));
            assert!(!rest.contains('{'), "{owner}: {key} asks for more: {rest}");
        }
    }
}

#[test]
fn every_misnomer_that_is_quoted_has_its_source() {
    for format in models::formats() {
        for misnomer in &format.misnomers {
            let from = misnomer.says.as_ref().map(|quote| &*quote.from);
            assert_ne!(from, Some(""), "{}: {}", format.id, misnomer.wrong);
            let is_silent = misnomer.says.is_none() || !misnomer.ignored;
            assert!(is_silent, "{}: what is passed over says nothing", format.id);
        }
    }
}
