//! Model by model, what it does with a parameter: the tables of models.toml's sources.

use super::{Rule::*, *};

const R: Option<Level> = Some(Level::Refused);
const I: Option<Level> = Some(Level::Ignored);
const N: Option<Level> = Some(Level::Notice);

/// Wire format, model, parameters, and the level at which a rule speaks, if it does. Where it
/// does not, nothing else is refused either.
#[rustfmt::skip]
static ROWS: &[(&str, &str, &str, Rule, Option<Level>)] = &[
    // Sampling: the column of models.md.
    (CHAT, "practice-1", r#"{ "temperature": 0.5 }"#, SamplingIgnored, None),
    (CHAT, "gpt-4o", r#"{ "temperature": 0.5 }"#, SamplingRefused, None),
    (CHAT, "gpt-4.1-mini", r#"{ "temperature": 2, "logprobs": 5 }"#, SamplingRefused, None),
    (CHAT, "gpt-5-mini", r#"{ "temperature": 0.5 }"#, SamplingRefused, R),
    (CHAT, "gpt-5-mini", r#"{ "temperature": 1 }"#, SamplingDefault, I),
    (RESPONSES, "gpt-5-mini", r#"{ "temperature": 1 }"#, SamplingRefused, R),
    (CHAT, "o3", r#"{ "top_p": 0.5 }"#, SamplingRefused, R),
    (CHAT, "o3", r#"{ "stop": ["."] }"#, Refused, R),
    (CHAT, "o3-mini", r#"{ "stop": ["."] }"#, Refused, None),
    (CHAT, "gpt-6-astra", r#"{ "temperature": 0.5 }"#, SamplingRefused, R),
    (CHAT, "gpt-6.1-sol", r#"{ "logprobs": 2 }"#, SamplingRefused, R),
    (CHAT, "gpt-6-luna", r#"{ "temperature": 0.5 }"#, SamplingNeedsNoEffort, R),
    (CHAT, "gpt-6-luna", r#"{ "temperature": 0.5, "effort": "none" }"#, SamplingNeedsNoEffort, None),
    (CHAT, "gpt-6-luna", r#"{ "temperature": 0.5, "effort": "low" }"#, SamplingNeedsNoEffort, R),
    (RESPONSES, "gpt-5.6-sol", r#"{ "temperature": 0.5, "effort": "none" }"#, SamplingNeedsNoEffort, None),
    (CHAT, "gpt-5.1", r#"{ "logprobs": 2 }"#, SamplingNeedsNoEffort, R),
    (CHAT, "gpt-5.4-mini", r#"{ "temperature": 0.5 }"#, SamplingNeedsNoEffort, R),
    (CLAUDE, "claude-opus-5-5", r#"{ "temperature": 0.5 }"#, SamplingRefused, R),
    (CLAUDE, "claude-opus-4-7", r#"{ "top_k": 5 }"#, SamplingRefused, R),
    (CLAUDE, "claude-sonnet-5", r#"{ "temperature": 1 }"#, SamplingDefault, I),
    (CLAUDE, "claude-sonnet-5", r#"{ "top_p": 1 }"#, SamplingRefused, R),
    (CLAUDE, "claude-sonnet-4-6", r#"{ "temperature": 0.5 }"#, SamplingWithThinking, None),
    (CLAUDE, "claude-sonnet-4-6", r#"{ "temperature": 0.5, "show_reasoning": true }"#, SamplingWithThinking, R),
    (CLAUDE, "claude-sonnet-4-6", r#"{ "temperature": 0.5, "show_reasoning": false }"#, SamplingWithThinking, None),
    (CLAUDE, "claude-haiku-4-5", r#"{ "top_p": 0.97, "thinking_budget": 1024 }"#, SamplingWithThinking, None),
    (CLAUDE, "claude-haiku-4-5", r#"{ "temperature": 0.2, "top_p": 0.5 }"#, BothSampling, R),
    (CLAUDE, "claude-sonnet-4-6", r#"{ "temperature": 0.2, "top_p": 0.5 }"#, BothSampling, None),
    (GEMINI, "gemini-4-argon", r#"{ "temperature": 0.5 }"#, SamplingIgnored, I),
    (GEMINI, "gemini-3.8-flash", r#"{ "top_k": 5 }"#, SamplingIgnored, I),
    (GEMINI, "gemini-3.5-flash-lite", r#"{ "temperature": 0.5 }"#, SamplingIgnored, I),
    (GEMINI, "gemini-3.1-pro-preview", r#"{ "temperature": 0.5 }"#, SamplingIgnored, None),
    (GEMINI, "gemini-2.5-flash-lite", r#"{ "temperature": 0.5 }"#, SamplingIgnored, None),
    (GEMINI, "gemma-4-31b-it", r#"{ "temperature": 0.5 }"#, SamplingIgnored, None),
    // Since it is answered by 3.6-flash, which ignores them.
    (GEMINI, "gemini-3.5-flash", r#"{ "temperature": 0.5 }"#, SamplingIgnored, I),
    // Penalties and the number of replies.
    (CHAT, "gpt-5.6-sol", r#"{ "presence_penalty": 0.5, "effort": "none" }"#, Refused, R),
    (CHAT, "gpt-4o", r#"{ "presence_penalty": 0.5 }"#, Refused, None),
    (GEMINI, "gemini-4-neon", r#"{ "presence_penalty": 0.5, "effort": "none" }"#, Refused, R),
    (GEMINI, "gemini-3.8-flash", r#"{ "presence_penalty": 0.5 }"#, Refused, None),
    (GEMINI, "gemini-4-argon", r#"{ "n": 2 }"#, AboveRange, R),
    (GEMINI, "gemini-2.5-flash", r#"{ "n": 8 }"#, AboveRange, None),
    (GEMINI, "gemini-2.5-flash", r#"{ "n": 9 }"#, AboveRange, R),
    // Prefill.
    (CLAUDE, "claude-sonnet-4-6", r#"{ "prefill": "Well" }"#, Refused, R),
    (CLAUDE, "claude-fable-5-2", r#"{ "prefill": "Well" }"#, Refused, R),
    (CLAUDE, "claude-haiku-4-5", r#"{ "prefill": "Well" }"#, Refused, None),
    (GEMINI, "gemini-3.6-flash", r#"{ "prefill": "Well" }"#, Refused, R),
    (GEMINI, "gemini-4-carbon", r#"{ "prefill": "Well" }"#, Refused, R),
    (GEMINI, "gemini-2.5-flash-lite", r#"{ "prefill": "Well" }"#, Refused, None),
    (CHAT, "gpt-4o", r#"{ "prefill": "Well" }"#, NotSent, I),
    // Efforts and thinking.
    (CHAT, "gpt-5", r#"{ "effort": "none" }"#, EffortUnknown, R),
    (CHAT, "gpt-5.1", r#"{ "effort": "xhigh" }"#, EffortUnknown, R),
    (CHAT, "gpt-5.2", r#"{ "effort": "xhigh" }"#, EffortUnknown, None),
    (CHAT, "gpt-5.6-luna", r#"{ "effort": "max" }"#, EffortUnknown, None),
    (CHAT, "gpt-6-astra", r#"{ "effort": "none" }"#, EffortUnknown, R),
    (CHAT, "gpt-4o", r#"{ "effort": "low" }"#, Refused, R),
    (RESPONSES, "gpt-4o", r#"{ "show_reasoning": true }"#, DoesNotReason, N),
    (CLAUDE, "claude-opus-4-6", r#"{ "effort": "xhigh" }"#, EffortUnknown, R),
    (CLAUDE, "claude-opus-5-5", r#"{ "effort": "none" }"#, EffortUnknown, R),
    (CLAUDE, "claude-haiku-5-5", r#"{ "effort": "none" }"#, EffortUnknown, None),
    (CLAUDE, "claude-opus-4-7", r#"{ "thinking_budget": 2000, "max_tokens": 4000 }"#, Refused, R),
    (CLAUDE, "claude-opus-4-6", r#"{ "thinking_budget": 2000, "max_tokens": 4000 }"#, Refused, None),
    (CLAUDE, "claude-haiku-4-5", r#"{ "show_reasoning": true }"#, AdaptiveRefused, R),
    (CLAUDE, "claude-haiku-4-5", r#"{ "show_reasoning": false }"#, AdaptiveRefused, None),
    (CLAUDE, "claude-opus-4-6", r#"{ "thinking_budget": 1000 }"#, BelowRange, R),
    (CLAUDE, "claude-opus-4-6", r#"{ "thinking_budget": 4096, "max_tokens": 4096 }"#, BudgetOverLimit, R),
    (CLAUDE, "claude-opus-4-6", r#"{ "thinking_budget": 4095, "max_tokens": 4096 }"#, BudgetOverLimit, None),
    (CLAUDE, "claude-opus-4-6", r#"{ "thinking_budget": 4096 }"#, BudgetOverLimit, None),
    (CLAUDE, "claude-haiku-4-5", r#"{ "thinking_budget": 59904 }"#, MaxTokensOver, None),
    (CLAUDE, "claude-haiku-4-5", r#"{ "thinking_budget": 59905 }"#, MaxTokensOver, R),
    (GEMINI, "gemini-3.8-flash", r#"{ "effort": "minimal" }"#, EffortUnknown, R),
    (GEMINI, "gemini-3.6-flash", r#"{ "effort": "minimal" }"#, EffortUnknown, None),
    (GEMINI, "gemini-4-neon", r#"{ "effort": "xhigh" }"#, EffortUnknown, None),
    (GEMINI, "gemini-4-argon", r#"{ "effort": "xhigh" }"#, EffortUnknown, R),
    (GEMINI, "gemini-4-neon", r#"{ "thinking_budget": 2000, "max_tokens": 4000 }"#, Refused, R),
    (GEMINI, "gemini-2.5-flash-lite", r#"{ "thinking_budget": 9, "effort": "low" }"#, EffortAndBudget, R),
    (GEMINI, "gemini-2.5-pro", r#"{ "thinking_budget": 100 }"#, BelowRange, R),
    (GEMINI, "gemini-2.5-flash", r#"{ "thinking_budget": 24577 }"#, AboveRange, R),
    // Both are written as the same field, so each hides the other.
    (GEMINI, "gemini-2.5-pro", r#"{ "thinking_budget": 0, "effort": "none" }"#, BelowRange, R),
    // Ranges.
    (CHAT, "gpt-4o", r#"{ "temperature": -0.1 }"#, BelowRange, R),
    (CHAT, "gpt-4o", r#"{ "temperature": 2.1 }"#, AboveRange, R),
    (CHAT, "gpt-4o", r#"{ "frequency_penalty": -2.1 }"#, BelowRange, R),
    (CHAT, "gpt-4o", r#"{ "logprobs": 21 }"#, AboveRange, R),
    (CHAT, "gpt-4o", r#"{ "n": 0 }"#, BelowRange, R),
    (CHAT, "gpt-4o", r#"{ "stop": ["a", "b", "c", "d", "e"] }"#, TooManyStops, R),
    (GEMINI, "gemini-2.5-flash", r#"{ "stop": ["a", "b", "c", "d", "e"] }"#, TooManyStops, None),
    (CLAUDE, "claude-haiku-4-5", r#"{ "temperature": 1.1 }"#, AboveRange, R),
    (CLAUDE, "claude-haiku-4-5", r#"{ "stop": [" "] }"#, BlankStop, R),
    (CHAT, "gpt-4o", r#"{ "max_tokens": 16385 }"#, MaxTokensOver, R),
    (CHAT, "gpt-4o", r#"{ "max_tokens": 16384 }"#, MaxTokensOver, None),
    (GEMINI, "gemini-3.8-flash", r#"{ "max_tokens": 70000 }"#, MaxTokensOver, N),
    (CHAT, "gpt-5.6-luna", r#"{ "n": 9 }"#, AboveRange, R),
    (CHAT, "gpt-4o", r#"{ "n": 9 }"#, AboveRange, None),
    (CHAT, "gpt-4o", r#"{ "max_tokens": 0 }"#, BelowRange, R),
    (RESPONSES, "gpt-4o", r#"{ "max_tokens": 15 }"#, BelowRange, R),
    (RESPONSES, "gpt-4o", r#"{ "max_tokens": 16 }"#, BelowRange, None),
    (RESPONSES, "gpt-4o", r#"{ "max_tokens": 16385 }"#, MaxTokensOver, N),
    (CLAUDE, "claude-haiku-4-5", r#"{ "max_tokens": 0 }"#, NoReply, N),
    (CLAUDE, "claude-haiku-4-5", r#"{ "max_tokens": 64001 }"#, MaxTokensOver, R),
    (CLAUDE, "claude-haiku-4-5", r#"{ "prefill": "So " }"#, PrefillEnd, R),
    (GEMINI, "gemini-2.5-flash", r#"{ "seed": 2147483648 }"#, AboveRange, R),
    (GEMINI, "gemini-2.5-flash", r#"{ "seed": -2147483648 }"#, BelowRange, None),
    (GEMINI, "gemini-2.5-flash", r#"{ "logprobs": 2 }"#, NotEverywhere, N),
    (OLLAMA, "gemma4", r#"{ "logprobs": 21 }"#, AboveRange, R),
    (CHAT, "gpt-6-luna", r#"{ "max_tokens": 100 }"#, MayBeEmpty, N),
    (CHAT, "gpt-6-luna", r#"{ "max_tokens": 1000 }"#, MayBeEmpty, None),
    (CHAT, "gpt-6-luna", r#"{ "max_tokens": 100, "effort": "none" }"#, MayBeEmpty, None),
    (CHAT, "gpt-4o", r#"{ "max_tokens": 100 }"#, MayBeEmpty, None),
    (GEMINI, "gemini-3.8-flash", r#"{ "max_tokens": 100 }"#, MayBeEmpty, N),
    (CLAUDE, "claude-fable-5-2", r#"{ "max_tokens": 100 }"#, MayBeEmpty, N),
    (CLAUDE, "claude-opus-4-8", r#"{ "max_tokens": 100 }"#, MayBeEmpty, None),
    // Not sent at all, or without effect.
    (CHAT, "llama3.2", r#"{ "n": 2 }"#, Ignored, I),
    (RESPONSES, "gpt-6-luna", r#"{ "stop": ["."] }"#, NotSent, I),
    (CLAUDE, "claude-haiku-4-5", r#"{ "n": 2, "seed": 1, "logprobs": 1, "presence_penalty": 1 }"#, NotSent, I),
    (OLLAMA, "gemma4", r#"{ "n": 2, "cache": "short", "thinking_budget": 9 }"#, NotSent, I),
    (OLLAMA, "gpt-oss:20b", r#"{ "effort": "none" }"#, Ignored, I),
    (OLLAMA, "llama3.2", r#"{ "show_reasoning": false }"#, Refused, None),
    (OLLAMA, "llama3.2", r#"{ "effort": "none", "temperature": 9, "top_k": 0, "prefill": "a " }"#, Refused, None),
    // Caching and shapes.
    (CHAT, "gpt-6-luna", r#"{ "cache": "long" }"#, CacheRetention, R),
    (RESPONSES, "gpt-6-luna", r#"{ "cache": "long" }"#, CacheRetention, None),
    (CHAT, "gpt-5.6-sol", r#"{ "cache": "long" }"#, CacheRetention, None),
    (CHAT, "gpt-4o", r#"{ "response_format": { "type": "json_object" } }"#, NoJsonWord, R),
    (CHAT, "gpt-4o", r#"{ "cache": "short" }"#, CacheByItself, N),
    (RESPONSES, "gpt-5.5", r#"{ "cache": "long" }"#, CacheByItself, N),
    (CHAT, "gpt-6-luna", r#"{ "cache": "short" }"#, CacheByItself, None),
    (RESPONSES, "gpt-4o", r#"{ "response_format": { "type": "json_object" } }"#, NoJsonWord, R),
    (CLAUDE, "claude-haiku-4-5", r#"{ "response_format": { "type": "json_object" } }"#, NoJsonMode, R),
    (GEMINI, "gemini-2.5-flash", r#"{ "response_format": { "type": "json_object" } }"#, NoJsonMode, None),
    (CHAT, "gpt-4o", r#"{ "response_format": { "type": "json_schema", "name": "a", "schema": { "type": "array" } } }"#, SchemaRoot, R),
    (CHAT, "gpt-4o", r#"{ "response_format": { "type": "json_schema", "name": "a", "schema": { "type": "object" } } }"#, SchemaOpen, R),
    (CHAT, "gpt-4o", r#"{ "response_format": { "type": "json_schema", "name": "a", "schema": { "type": "object", "additionalProperties": false, "properties": { "b": {} } } } }"#, SchemaIncomplete, R),
    (CHAT, "gpt-4o", r#"{ "response_format": { "type": "json_schema", "name": "a", "schema": { "type": "object", "additionalProperties": false, "properties": { "b": {} }, "required": ["b"] } } }"#, SchemaIncomplete, None),
    (CLAUDE, "claude-haiku-4-5", r#"{ "response_format": { "type": "json_schema", "name": "ä", "schema": { "type": "object" } } }"#, SchemaOpen, R),
    (CLAUDE, "claude-haiku-4-5", r#"{ "response_format": { "type": "json_schema", "name": "ä", "schema": { "type": "object", "additionalProperties": false, "properties": { "b": {} } } } }"#, SchemaIncomplete, None),
    (GEMINI, "gemini-2.5-flash", r#"{ "response_format": { "type": "json_schema", "name": "ä", "schema": { "type": "object" } } }"#, SchemaOpen, None),
    (OLLAMA, "llama3.2", r#"{ "response_format": { "type": "json_schema", "name": "ä", "schema": { "type": "object" } } }"#, SchemaOpen, None),
    (CHAT, "practice-1", r#"{ "response_format": { "type": "json_object" } }"#, NoJsonWord, R),
];

#[test]
fn models_do_with_parameters_what_the_facts_say() {
    for (dialect, model, parameters, rule, level) in ROWS {
        let set = serde_json::from_str(parameters).expect("JSON");
        let findings = found(dialect, model, set);
        let this = findings.iter().find(|(found, _)| found == rule).map(|(_, level)| *level);
        assert_eq!(this, *level, "{model} {parameters} {rule:?}: {findings:?}");
        if level.is_none() {
            let refused = findings.iter().find(|(_, level)| *level == Level::Refused);
            assert_eq!(refused, None, "{model} {parameters}");
        }
    }
}

/// The word has to stand where the model is asked, and not every message counts as that.
#[test]
fn json_has_to_be_named_where_it_counts() {
    let format = json!({ "response_format": { "type": "json_object" } });
    for (dialect, role, is_found) in [
        (CHAT, Role::System, false),
        (CHAT, Role::User, false),
        (RESPONSES, Role::System, true),
        (RESPONSES, Role::User, false),
        (RESPONSES, Role::Assistant, false),
    ] {
        let mut chat = chat(format.clone());
        chat.messages.push(Message { role, text: "as Json, please".into() });
        let findings = on(&chat, "gpt-4o", dialect);
        let found = findings.iter().any(|it| it.rule == NoJsonWord);
        assert_eq!(found, is_found, "{dialect} {role:?}");
    }
}

#[test]
fn what_is_in_the_messages_is_judged_too() {
    let mut chat = chat(json!({}));
    chat.messages.insert(0, Message { role: Role::System, text: "Be brief.".into() });
    let found =
        |model, dialect| on(&chat, model, dialect).into_iter().map(|it| (it.rule, it.level));
    assert_eq!(found("gemma-4-31b-it", GEMINI).next(), Some((SystemDoubtful, Level::Notice)));
    assert_eq!(found("gemini-3.8-flash", GEMINI).next(), None);
    for (model, tokens, expected) in [
        ("llama3.2", 4096, None),
        ("llama3.2", 4097, Some((MayForget, Level::Notice))),
        ("one-that-we-do-not-know", 4097, Some((MayForget, Level::Notice))),
    ] {
        let prompt = Some(PromptSize { tokens, exact: true });
        let findings = lint(&chat, asked("ollama", model, OLLAMA), TODAY, prompt);
        assert_eq!(findings.first().map(|it| (it.rule, it.level)), expected, "{model} {tokens}");
    }
}
