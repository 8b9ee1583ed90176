//! Bodies that were edited by hand.

use super::*;

/// Provider, wire format, model, the body, the level, and the names before and after.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<(Level, &'static str, &'static str)>,
);

#[rustfmt::skip]
static ROWS: &[Row] = &[
    ("openai", CHAT, "gpt-6-luna", r#"{ "max_tokens": 5 }"#, Some((Level::Refused, "max_tokens", "max_completion_tokens"))),
    ("openai", CHAT, "o3", r#"{ "max_tokens": 5 }"#, Some((Level::Refused, "max_tokens", "max_completion_tokens"))),
    ("openai", CHAT, "gpt-4o", r#"{ "max_tokens": 5 }"#, None),
    ("openai", CHAT, "gpt-7", r#"{ "max_tokens": 5 }"#, None),
    ("custom", CHAT, "gpt-6-luna", r#"{ "max_tokens": 5 }"#, Some((Level::Notice, "max_tokens", "max_completion_tokens"))),
    ("custom", CHAT, "llama-9", r#"{ "max_tokens": 5 }"#, None),
    ("openai", CHAT, "gpt-4o", r#"{ "max_output_tokens": 5 }"#, Some((Level::Refused, "max_output_tokens", "max_completion_tokens"))),
    ("openai", CHAT, "gpt-7", r#"{ "max_output_tokens": 5 }"#, Some((Level::Notice, "max_output_tokens", "max_completion_tokens"))),
    ("openai", RESPONSES, "gpt-4o", r#"{ "max_tokens": 5 }"#, Some((Level::Refused, "max_tokens", "max_output_tokens"))),
    ("openai", RESPONSES, "gpt-4o", r#"{ "messages": [] }"#, Some((Level::Refused, "messages", "input"))),
    ("anthropic", CLAUDE, "claude-sonnet-5", r#"{ "stop": ["."] }"#, Some((Level::Refused, "stop", "stop_sequences"))),
    ("gemini", GEMINI, "gemini-3.8-flash", r#"{ "generationConfig": { "n": 2 } }"#, Some((Level::Refused, "n", "candidateCount"))),
    ("gemini", GEMINI, "gemini-3.8-flash", r#"{ "n": 2 }"#, None),
    ("ollama", OLLAMA, "llama3.2", r#"{ "options": { "max_tokens": 5 } }"#, Some((Level::Ignored, "max_tokens", "num_predict"))),
    ("ollama", OLLAMA, "a-model-of-ones-own", r#"{ "options": { "max_tokens": 5 } }"#, Some((Level::Ignored, "max_tokens", "num_predict"))),
    // Both names at once are not for us to sort out, and what is no JSON object has no fields.
    ("openai", RESPONSES, "gpt-4o", r#"{ "max_tokens": 5, "max_output_tokens": 6 }"#, None),
    ("openai", RESPONSES, "gpt-4o", r#"["max_tokens"]"#, None),
    ("openai", RESPONSES, "gpt-4o", r#"{ "max_tokens": "#, None),
    ("gemini", GEMINI, "gemini-3.8-flash", r#"{ "generationConfig": ["n"] }"#, None),
];

#[test]
fn a_field_is_called_by_the_name_that_it_has_here() {
    for (provider, dialect, model, body, expected) in ROWS {
        let recipient = asked(provider, model, dialect);
        let findings = lint_body(body, recipient, TODAY);
        let ends = [Rule::RetiresSoon, Rule::Retired];
        let found = findings.iter().find(|it| !ends.contains(&it.rule));
        let named = found.map(|it| match &it.repairs[0] {
            Repair::Rename { from, to, .. } => (it.level, &**from, &**to),
            other => panic!("{other:?}"),
        });
        assert_eq!(named, *expected, "{model} in {dialect} at {provider}: {body}");
        let Some(Repair::Rename { body: mended, from, .. }) = found.map(|it| &it.repairs[0]) else {
            continue;
        };
        assert!(!mended.contains(&format!("\"{from}\"")), "{mended}");
        let left = lint_body(mended, recipient, TODAY);
        assert!(left.iter().all(|it| it.rule != Rule::Misnamed), "{mended}: {left:?}");
    }
}

#[test]
fn a_renamed_field_stays_in_its_place_with_all_others() {
    let body = r#"{ "model": "m", "max_tokens": 12345678901234567890, "z": 1.0, "a": "\u00e9" }"#;
    let findings = lint_body(body, asked("openai", "gpt-5.2", CHAT), TODAY);
    let Some(Repair::Rename { body, .. }) = findings.first().and_then(|it| it.repairs.first())
    else {
        panic!("{findings:?}");
    };
    let expected = "{\n  \"model\": \"m\",\n  \"max_completion_tokens\": 12345678901234567890,\n  \
                    \"z\": 1.0,\n  \"a\": \"é\"\n}";
    assert_eq!(body, expected);
    let says = "Unsupported parameter: 'max_tokens' is not supported with this model. Use \
                'max_completion_tokens' instead.";
    assert_eq!(findings[0].says.as_deref(), Some(says));
}
