//! What is said of models, of unknown ones, and in whose words.

mod body;
mod matrix;
mod quotes;
mod repairs;
mod table;
mod unknown;

use super::*;
use crate::{Message, Role, dialects};
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

/// Asked where its row comes from; a model without a row at nobody's server.
fn home<'a>(model: &'a str, dialect: &str) -> Recipient<'a> {
    let provider = models::find(model).map_or("custom", |model| &model.provider);
    asked(provider, model, dialect)
}

fn asked<'a>(provider: &str, model: &'a str, dialect: &str) -> Recipient<'a> {
    let provider = Provider::find(provider).expect("a row");
    Recipient { provider, dialect: dialects::find(dialect).expect("a dialect"), model }
}

fn on(chat: &Chat, model: &str, dialect: &str) -> Vec<Finding> {
    lint(chat, home(model, dialect), TODAY, None)
}

/// What was found of parameters, without the ends of models.
fn found(dialect: &str, model: &str, parameters: serde_json::Value) -> Vec<(Rule, Level)> {
    let findings = on(&chat(parameters), model, dialect).into_iter();
    let ends = [Rule::Retired, Rule::Rerouted, Rule::RetiresSoon];
    findings.map(|it| (it.rule, it.level)).filter(|(rule, _)| !ends.contains(rule)).collect()
}

#[test]
fn every_dialect_has_its_row_of_limits() {
    for dialect in dialects::DIALECTS {
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
        if format.budget_below_max_tokens {
            let body =
                dialect.request(&chat(json!({ "thinking_budget": 2000 })), "m", &endpoint).body;
            let body: serde_json::Value = serde_json::from_str(&body).expect("JSON");
            assert_eq!(body["max_tokens"].as_u64(), written.map(|unset| unset + 2000));
        }
        // What is said of a version holds for the version that is spoken.
        let request = dialect.request(&chat(json!({})), "m", &endpoint);
        let version = request.headers.iter().find(|it| it.name.ends_with("-version"));
        let is_told = version.is_none_or(|it| format.source.contains(&it.value));
        assert!(is_told, "{}: the facts are of another version than {version:?}", format.id);
    }
    assert_eq!(models::formats().len(), dialects::DIALECTS.len());
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
        (CHAT, "gpt-4o-2024-05-13", TODAY, Some(Retired), Some("gpt-6-luna")),
        (GEMINI, "gemini-3.1-flash-lite", TODAY, None, None),
    ] {
        let findings = lint(&chat(json!({})), home(model, dialect), day, None);
        assert_eq!(findings.first().map(|it| it.rule), rule, "{model} on {day}");
        let repairs = findings.first().map(|it| it.repairs.clone()).unwrap_or_default();
        let other = to.map(|id| Repair::ChangeModel { id: id.into() });
        assert_eq!(repairs.first(), other.as_ref(), "{model} on {day}");
    }
}

/// The page marks models by [`Model::end`](crate::Model), so the lint must say no other.
#[test]
fn the_lint_and_the_list_of_models_agree_on_every_end() {
    use models::Ending::{Announced, Rerouted, Retired, Soon};
    for model in models::all() {
        let provider = Provider::find(&model.provider).expect("a row");
        let recipient = home(&model.id, provider.dialects[0].id());
        for day in ["2026-02-01", TODAY, "2026-12-01", "2027-01-14", "2028-01-01"] {
            let rule = model.end(day).and_then(|end| match end.kind {
                Retired => Some(Rule::Retired),
                Rerouted => Some(Rule::Rerouted),
                Soon => Some(Rule::RetiresSoon),
                Announced => None,
            });
            let findings = lint(&chat(json!({})), recipient, day, None);
            let found = findings
                .iter()
                .map(|it| it.rule)
                .find(|rule| [Rule::Retired, Rule::Rerouted, Rule::RetiresSoon].contains(rule));
            assert_eq!(found, rule, "{} on {day}", model.id);
        }
    }
}

#[test]
fn what_does_not_fit_is_found() {
    use Rule::{CacheTooShort, PromptTooLong, ReplyTooLong};
    let with = |tokens, exact, parameters, model, dialect| {
        let findings = lint(
            &chat(parameters),
            home(model, dialect),
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
        (1_048_576, true, json!({ "max_tokens": 9000 }), "gemini-3.8-flash", GEMINI, None),
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
