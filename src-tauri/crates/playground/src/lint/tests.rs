//! What is said of models, of unknown ones, and in whose words.

mod repairs;
mod table;

use super::*;
use crate::{Message, Role, dialects::DIALECTS};
use serde_json::json;

const TODAY: &str = "2026-11-20";
const CHAT: &str = "openai-chat";
const RESPONSES: &str = "openai-responses";
const CLAUDE: &str = "anthropic";
const GEMINI: &str = "gemini";
const OLLAMA: &str = "ollama";

fn chat(parameters: serde_json::Value) -> Chat {
    let parameters = serde_json::from_value(parameters).expect("parameters");
    Chat { messages: vec![Message { role: Role::User, text: "Why?".into() }], parameters }
}

fn on(chat: &Chat, model: &str, dialect: &str) -> Vec<Finding> {
    lint(chat, model, dialect, TODAY, None)
}

/// What was found of parameters, without the ends of models.
fn found(dialect: &str, model: &str, parameters: serde_json::Value) -> Vec<(Rule, Level)> {
    let findings = on(&chat(parameters), model, dialect).into_iter();
    let ends = [Rule::Retired, Rule::Rerouted, Rule::RetiresSoon];
    findings.map(|it| (it.rule, it.level)).filter(|(rule, _)| !ends.contains(rule)).collect()
}

#[test]
fn the_api_is_quoted_word_for_word() {
    let prefill = "This model does not support assistant message prefill. The conversation must \
                   end with a user message.";
    let default = "Unsupported value: 'temperature' does not support 0.2 with this model. Only \
                   the default (1) value is supported.";
    for (dialect, model, parameters, says) in [
        (CHAT, "gpt-5", json!({ "temperature": 0.2 }), Some(default)),
        (
            RESPONSES,
            "gpt-5",
            json!({ "temperature": 0.2 }),
            Some("Unsupported parameter: 'temperature' is not supported with this model."),
        ),
        (
            CHAT,
            "gpt-4o",
            json!({ "temperature": -1 }),
            Some(
                "Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but \
                 got -1 instead.",
            ),
        ),
        (CLAUDE, "claude-sonnet-4-6", json!({ "prefill": "A" }), Some(prefill)),
        (
            CLAUDE,
            "claude-opus-4-6",
            json!({ "effort": "xhigh" }),
            Some(
                "This model does not support effort level 'xhigh'. Supported levels: high, low, \
                 max, medium.",
            ),
        ),
        (
            GEMINI,
            "gemini-3.6-flash",
            json!({ "prefill": "A" }),
            Some("Requests ending with a model turn are not supported."),
        ),
        (
            CHAT,
            "o1",
            json!({}),
            Some("The model `o1` does not exist or you do not have access to it."),
        ),
        // Nobody recorded how these are worded.
        (CLAUDE, "claude-opus-5-5", json!({ "temperature": 0.2 }), None),
        (GEMINI, "gemini-4-neon", json!({ "n": 2 }), None),
    ] {
        let findings = on(&chat(parameters.clone()), model, dialect);
        assert_eq!(findings[0].level, Level::Refused, "{model} {parameters}");
        assert_eq!(findings[0].says.as_deref(), says, "{model} {parameters}");
    }
}

#[test]
fn no_placeholder_is_left_in_a_sentence() {
    let rule = |key: &str| serde_json::from_value::<Rule>(json!(key)).is_ok();
    let control = |key: &str| serde_json::from_value::<Control>(json!(key)).is_ok();
    for format in models::formats() {
        for (key, text) in &format.says {
            let (of, about) = key.split_once('.').unwrap_or((key, "n"));
            assert!(rule(of) && control(about), "{}: {key} is no rule", format.id);
            let known = [
                "model", "field", "value", "kind", "min", "max", "quoted", "sorted", "tokens",
                "total", "window",
            ];
            let rest =
                known.iter().fold(text.clone(), |text, it| text.replace(&format!("{{{it}}}"), ""));
            assert!(!rest.contains('{'), "{}: {key} asks for more: {rest}", format.id);
        }
    }
}

#[test]
fn every_dialect_has_its_row_of_limits() {
    for dialect in DIALECTS {
        let format = models::format(dialect.id()).unwrap_or_else(|| panic!("{}", dialect.id()));
        assert_eq!(format.name, dialect.name());
        let limited = format.ranges.keys().all(|it| dialect.controls().contains(it));
        assert!(limited, "{} limits what it does not send", format.id);
        let provider = Provider::find("custom").expect("a row");
        let base_url = crate::BaseUrl::parse("https://a.example").expect("an address");
        let endpoint = crate::provider::Endpoint { provider, base_url, has_key: false };
        let body = dialect.request(&chat(json!({})), "m", &endpoint).body;
        let body: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        let written = body["max_tokens"].as_u64();
        assert_eq!(format.max_tokens_unset.map(u64::from), written, "{}", format.id);
    }
    assert_eq!(models::formats().len(), DIALECTS.len());
}

#[test]
fn nothing_is_claimed_of_a_model_without_a_row() {
    let odd = json!({
        "temperature": 9, "top_p": 3, "top_k": 1, "n": 500, "logprobs": 99, "effort": "minimal",
        "thinking_budget": 1, "prefill": "A", "cache": "long", "max_tokens": 4_000_000,
        "stop": ["a", "b", "c", "d", "e", "f"], "response_format": { "type": "json_object" },
    });
    // A known model, spoken to as nobody speaks to it, is not that model.
    for (dialect, model) in DIALECTS.iter().map(|it| (it.id(), "llama-9")).chain([
        (CLAUDE, "gpt-5"),
        (CHAT, "claude-opus-5-5"),
        (OLLAMA, "gpt-4o"),
    ]) {
        for finding in on(&chat(odd.clone()), model, dialect) {
            assert_ne!(finding.level, Level::Refused, "{dialect} {model}: {finding:?}");
            assert_eq!(finding.says, None, "{dialect} {model}");
            assert!(finding.control.is_some(), "{dialect} {model}: {finding:?}");
        }
    }
    assert_eq!(on(&chat(odd), "m", "no-such-dialect"), []);
}

#[test]
fn the_end_of_a_model_is_told() {
    use Rule::{Rerouted, Retired, RetiresSoon};
    for (dialect, model, day, rule, to) in [
        (CHAT, "gpt-4o-mini", "2026-10-15", None, None),
        (CHAT, "gpt-4o-mini", "2026-10-16", Some(RetiresSoon), Some("gpt-6-luna")),
        (CHAT, "gpt-4o-mini", "2027-01-13", Some(RetiresSoon), Some("gpt-6-luna")),
        (CHAT, "gpt-4o-mini-2024-07-18", "2027-01-14", Some(Retired), Some("gpt-6-luna")),
        (CHAT, "o3", TODAY, Some(RetiresSoon), None),
        (CLAUDE, "claude-sonnet-4-20250514", TODAY, Some(Retired), Some("claude-sonnet-4-6")),
        (CLAUDE, "claude-sonnet-4-5", TODAY, Some(RetiresSoon), None),
        (CLAUDE, "claude-sonnet-5", TODAY, None, None),
        (GEMINI, "gemini-2.5-pro", TODAY, Some(RetiresSoon), Some("gemini-3.8-flash")),
        (GEMINI, "gemini-2.5-pro", "2026-12-01", Some(Rerouted), Some("gemini-3.8-flash")),
        (GEMINI, "gemini-3.7-flash", TODAY, Some(Rerouted), Some("gemini-3.8-flash")),
        (GEMINI, "gemini-2.0-flash", TODAY, Some(Retired), None),
        (GEMINI, "gemini-1.5-pro", TODAY, Some(Retired), None),
        (GEMINI, "gemini-3.1-flash-lite", TODAY, None, None),
    ] {
        let findings = lint(&chat(json!({})), model, dialect, day, None);
        assert_eq!(findings.first().map(|it| it.rule), rule, "{model} on {day}");
        let repairs = findings.first().map(|it| it.repairs.clone()).unwrap_or_default();
        let other = to.map(|id| Repair::ChangeModel { id: id.into() });
        assert_eq!(repairs.first(), other.as_ref(), "{model} on {day}");
    }
}

#[test]
fn what_does_not_fit_is_found() {
    use Rule::{CacheTooShort, PromptTooLong, ReplyTooLong};
    let with = |tokens, exact, parameters, model, dialect| {
        let findings = lint(
            &chat(parameters),
            model,
            dialect,
            "2026-09-01",
            Some(PromptSize { tokens, exact }),
        );
        findings.first().map(|it| (it.rule, it.level, it.says.clone()))
    };
    let none = || json!({});
    let long = "prompt is too long: 200001 tokens > 200000 maximum";
    let both = "input length and `max_tokens` exceed context limit: 199759 + 8192 > 200000, \
                decrease input length or `max_tokens` and try again";
    for (tokens, exact, parameters, model, dialect, expected) in [
        (128_000, true, none(), "gpt-4o", CHAT, None),
        (272_001, true, none(), "gpt-5.2", RESPONSES, Some((PromptTooLong, Level::Refused))),
        (200_001, true, none(), "claude-haiku-4-5", CLAUDE, Some((PromptTooLong, Level::Refused))),
        (200_001, false, none(), "claude-haiku-4-5", CLAUDE, Some((PromptTooLong, Level::Notice))),
        (
            199_759,
            true,
            json!({ "max_tokens": 8192 }),
            "claude-haiku-4-5",
            CLAUDE,
            Some((ReplyTooLong, Level::Refused)),
        ),
        // Where nothing is set, 4,096 are asked for.
        (195_905, true, none(), "claude-haiku-4-5", CLAUDE, Some((ReplyTooLong, Level::Refused))),
        (195_904, true, none(), "claude-haiku-4-5", CLAUDE, None),
        (1_048_576, true, json!({ "max_tokens": 9 }), "gemini-3.8-flash", GEMINI, None),
        (
            511,
            true,
            json!({ "cache": "short" }),
            "claude-opus-5",
            CLAUDE,
            Some((CacheTooShort, Level::Ignored)),
        ),
        (512, true, json!({ "cache": "short" }), "claude-opus-5", CLAUDE, None),
    ] {
        let found = with(tokens, exact, parameters, model, dialect);
        let says = found.as_ref().and_then(|(.., says)| says.clone());
        assert_eq!(found.map(|(rule, level, _)| (rule, level)), expected, "{model} {tokens}");
        match (tokens, exact) {
            (200_001, true) => assert_eq!(says.as_deref(), Some(long)),
            (199_759, true) => assert_eq!(says.as_deref(), Some(both)),
            (200_001, false) => assert_eq!(says, None),
            _ => {}
        }
    }
}
