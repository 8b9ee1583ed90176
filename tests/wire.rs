//! What servers do that readers trip over, one test each: small bodies made up after what real
//! ones sent. They are read whole and in pieces.

#[path = "support/reading.rs"]
mod reading;

use playground::{
    BaseUrl, Chat, Delta, ErrorKind, FinishReason, Message, PROVIDERS, Parameters, Provider, Role,
    Usage, dialects,
    http::MASK,
    provider::Endpoint,
    reader::{ReplyReader, Sizes},
    secret::Mask,
};
use reading::{Reading, read, read_however_cut};
use serde_json::{Value, json};
use std::{fs, path::Path};

fn bytes(name: &str) -> Vec<u8> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/wire"));
    fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Reads a file, whose name begins with its dialect.
fn said(name: &str) -> Reading {
    let dialect = name.split('.').next().expect("a name");
    read_however_cut(dialect, &bytes(name))
}

fn complete(name: &str) -> Reading {
    let reading = said(name);
    assert_eq!(reading.verdict, Ok(()), "{name}");
    reading
}

fn failed(name: &str) -> (Reading, ErrorKind, String) {
    let reading = said(name);
    let error = reading.verdict.clone().expect_err(name);
    (reading, error.kind, error.said.unwrap_or_default())
}

fn ends(reading: &Reading) -> Vec<(u32, FinishReason, &str)> {
    reading.reply.finish.iter().map(|it| (it.choice, it.reason, it.raw.as_str())).collect()
}

fn usage(input: u64, output: u64) -> Option<Usage> {
    let (input_tokens, output_tokens) = (Some(input), Some(output));
    Some(Usage { input_tokens, output_tokens, ..Usage::default() })
}

/// The body, and the headers, that a dialect sends.
fn request(dialect: &str, parameters: Parameters) -> (Value, Vec<(String, String)>) {
    let provider = Provider::find("custom").expect("a row");
    let base_url = BaseUrl::parse("https://api.example").expect("an address");
    let endpoint = Endpoint { provider, base_url, has_key: true };
    let message = |role, text: &str| Message { role, text: text.into() };
    let messages = vec![
        message(Role::System, "Be brief."),
        message(Role::User, "Why?"),
        message(Role::Assistant, "Air."),
        message(Role::User, "How?"),
    ];
    let dialect = dialects::find(dialect).expect("a dialect");
    let request = dialect.request(&Chat { messages, parameters }, "m", &endpoint);
    let headers = request.headers.into_iter().map(|it| (it.name, it.value)).collect();
    (serde_json::from_str(&request.body).expect("JSON"), headers)
}

fn roles(turns: &Value) -> Vec<&str> {
    turns.as_array().expect("turns").iter().filter_map(|turn| turn["role"].as_str()).collect()
}

#[test]
fn gotcha_1_a_usage_chunk_has_no_choice() {
    let reading = complete("openai-chat.usage-alone.sse");
    assert_eq!((reading.reply.text(), reading.reply.usage), ("Hi", usage(9, 2)));
}

#[test]
fn gotcha_2_any_field_may_be_null_or_missing() {
    let reading = complete("openai-chat.missing-fields.sse");
    let told: Vec<_> = reading.frames.iter().flat_map(|it| it.deltas.clone()).collect();
    let end = Delta::Finish { choice: 0, reason: FinishReason::Stop, raw: "stop".into() };
    assert_eq!(told, [Delta::text("Hi"), end, Delta::Done]);
}

#[test]
fn gotcha_3_characters_and_line_ends_may_be_cut_anywhere() {
    let name = "openai-chat.unicode.sse";
    let reading = complete(name);
    assert_eq!(reading.reply.text(), "Ж🦀\u{2028}\u{85}é🦀\u{fffd}");
    let body = bytes(name);
    for at in 0..body.len() {
        let (start, rest) = body.split_at(at);
        assert_eq!(read("openai-chat", [start, rest]), reading, "cut at {at}");
    }
}

#[test]
fn gotcha_4_comments_padding_and_error_events_are_read() {
    let (reading, kind, words) = failed("openai-chat.comments.sse");
    assert_eq!((reading.reply.text(), kind), ("Hi", ErrorKind::InStream));
    assert_eq!(words, "the tool failed");
    assert!(complete("anthropic.padding.sse").reply.text().starts_with("The sky"));
}

#[test]
fn gotcha_5_done_may_be_missing_late_or_followed_by_more() {
    assert_eq!(complete("openai-chat.no-done.sse").reply.text(), "Hi");
    let (reading, kind, words) = failed("openai-chat.done-after-error.sse");
    assert_eq!((reading.reply.text(), kind, &*words), ("Hi", ErrorKind::BadGateway, "overloaded"));
    let reading = complete("openai-chat.text-after-done.sse");
    assert_eq!((reading.reply.text(), reading.reply.usage), ("Hi", usage(3, 1)));
}

#[test]
fn gotcha_6_a_success_may_be_an_error_or_not_streamed() {
    for (name, expected, words) in [
        ("openai-chat.error.json", ErrorKind::Unavailable, "no provider answers"),
        ("openai-chat.error-chunk.sse", ErrorKind::Unavailable, "no provider answers"),
        ("openai-chat.old-error.json", ErrorKind::InStream, "too long"),
    ] {
        let (_, kind, said) = failed(name);
        assert_eq!((kind, &*said), (expected, words), "{name}");
    }
    let plain = complete("openai-chat.plain.json");
    assert_eq!((plain.reply.text(), plain.reply.usage), ("Hi", usage(9, 2)));
    // The reverse, a stream that nobody asked for, is the same reader: it looks at the bytes.
    assert_eq!(complete("openai-responses.only-the-end.sse").reply.text(), "Hi");
    assert_eq!(complete("openai-responses.pieces.sse").reply.text(), "Hi");
    let (_, kind, words) = failed("openai-responses.failed.sse");
    assert_eq!((kind, &*words), (ErrorKind::ServerError, "It broke."));
}

#[test]
fn gotcha_7_of_several_ends_and_counts_the_last_holds() {
    let reading = complete("openai-chat.usage-each.sse");
    assert_eq!((reading.reply.text(), reading.reply.usage), ("Hi", usage(9, 3)));
    assert_eq!(ends(&reading), [(0, FinishReason::Length, "length")]);
}

#[test]
fn gotcha_8_replies_interleave_and_tools_count_from_one() {
    let reading = complete("openai-chat.interleaved.sse");
    let texts: Vec<_> = reading.reply.choices.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts, ["aA", "bB"]);
    assert_eq!(
        ends(&reading),
        [(1, FinishReason::Stop, "stop"), (0, FinishReason::Length, "length")]
    );
    let [call] = &complete("openai-chat.tools.sse").reply.tool_calls[..] else {
        panic!("one call")
    };
    assert_eq!((call.index, &*call.name, &*call.arguments), (0, "f", "{\"a\":1}"));
}

#[test]
fn gotcha_9_a_refusal_is_a_result() {
    for (name, words, reason, raw) in [
        ("openai-chat.refusal.sse", "I cannot help.", FinishReason::Stop, "stop"),
        ("openai-chat.filtered.sse", "", FinishReason::ContentFilter, "content_filter"),
        ("anthropic.refusal.sse", "This may do harm.", FinishReason::Refusal, "refusal"),
        ("gemini.blocked.sse", "", FinishReason::ContentFilter, "SAFETY"),
    ] {
        let reading = complete(name);
        assert_eq!((reading.reply.text(), reading.reply.refusal()), ("", words), "{name}");
        assert_eq!(ends(&reading), [(0, reason, raw)], "{name}");
    }
}

/// What depends on the model, such as temperature beside top_p, is lint's.
#[test]
fn gotcha_10_anthropic_wants_a_limit_its_older_version_and_no_system_role() {
    let (body, headers) = request("anthropic", Parameters::default());
    assert!(body["max_tokens"].as_u64().is_some_and(|most| most > 0), "{body}");
    assert_eq!(body["system"], "Be brief.");
    assert_eq!(roles(&body["messages"]), ["user", "assistant", "user"]);
    assert!(headers.contains(&("anthropic-version".into(), "2023-06-01".into())), "{headers:?}");
    let budget = Parameters { thinking_budget: Some(9_000), ..Parameters::default() };
    let (body, _) = request("anthropic", budget);
    assert!(body["max_tokens"].as_u64() > Some(9_000), "thinking would leave no room: {body}");
}

/// RetryInfo is held where errors are read, and what a model ignores in the catalogue.
#[test]
fn gotcha_11_gemini_has_its_own_roles_arrays_and_errors() {
    let (body, _) = request("gemini", Parameters::default());
    assert_eq!(roles(&body["contents"]), ["user", "model", "user"]);
    let eaten = complete("gemini.eaten.sse");
    assert_eq!(ends(&eaten), [(0, FinishReason::Length, "MAX_TOKENS")]);
    assert_eq!(eaten.reply.usage.and_then(|it| it.output_tokens), Some(20));
    let array = complete("gemini.array.json");
    assert_eq!((array.reply.text(), array.frames.len()), ("H]},{i", 3));
    assert_eq!(array.reply.usage.and_then(|it| it.output_tokens), Some(7));
    let (reading, kind, words) = failed("gemini.error-without-data.sse");
    assert_eq!((reading.reply.text(), kind), ("Hi", ErrorKind::Overloaded));
    assert_eq!(words, "The model is overloaded.");
}

/// What a reasoning model refuses is lint's.
#[test]
fn gotcha_12_reasoning_may_leave_no_room_for_words() {
    let reading = complete("openai-chat.reasoning-spent.sse");
    assert_eq!(reading.reply.text(), "");
    assert_eq!(ends(&reading), [(0, FinishReason::Length, "length")]);
    assert_eq!(reading.reply.usage.and_then(|it| it.reasoning_tokens), Some(64));
}

/// That a model is loaded first is why `Limits` gives the first word its own time.
#[test]
fn gotcha_13_ollama_streams_unless_told_and_leaves_counters_out() {
    let whole = Parameters { stream: Some(false), ..Parameters::default() };
    for (parameters, streams) in [(Parameters::default(), true), (whole, false)] {
        assert_eq!(request("ollama", parameters).0["stream"], json!(streams));
    }
    let cached = complete("ollama.cached.ndjson");
    let counts = cached.reply.usage.expect("a count");
    assert_eq!((counts.input_tokens, counts.output_tokens), (None, Some(3)));
    assert_eq!((cached.reply.text(), cached.reply.reasoning()), ("Hi", "Hm"));
    assert_eq!(complete("ollama.whole.json").reply.text(), "Hi");
    let (reading, kind, _) = failed("ollama.error.ndjson");
    assert_eq!((reading.reply.text(), kind), ("Hi", ErrorKind::InStream));
    let home = Provider::find("ollama").and_then(|it| it.base_url);
    assert_eq!(home, Some("http://127.0.0.1:11434"), "localhost may mean ::1");
}

#[test]
fn gotcha_14_a_key_is_neither_in_an_address_nor_read_back() {
    const KEY: &str = "sk-canary-0123456789";
    for dialect in dialects::DIALECTS {
        let (_, headers) = request(dialect.id(), Parameters::default());
        assert_eq!(headers.iter().filter(|(_, value)| value.contains(MASK)).count(), 1);
        let mut reader = ReplyReader::new(dialect, Mask::new(Some(KEY.into())), Sizes::default());
        let body = format!("{{\"error\":{{\"message\":\"wrong key {KEY}\"}}}}");
        let frames = [reader.push(body.as_bytes()), reader.finish()];
        let told = format!("{frames:?} {:?}", reader.verdict());
        assert!(told.contains("wrong key") && !told.contains("canary"), "{told}");
    }
}

#[test]
fn gotcha_15_the_model_that_answers_is_told() {
    for (name, model) in [
        ("openai-chat.other-model.sse", "m-2026-01-01"),
        // Another one may take over within a reply.
        ("anthropic.fallback.sse", "claude-second"),
    ] {
        assert_eq!(complete(name).reply.model.as_deref(), Some(model), "{name}");
    }
}

#[test]
fn gotcha_16_an_event_is_not_a_token() {
    let reading = complete("anthropic.padding.sse");
    let is_text = |delta: &&Delta| matches!(delta, Delta::Text { .. });
    let events = reading.frames.iter().flat_map(|it| &it.deltas).filter(is_text).count();
    assert_eq!((events, reading.reply.usage), (1, usage(15, 9)));
}

/// Nothing on the wire says so: where there is a seed it is sent as it is, and nothing is
/// promised for it.
#[test]
fn gotcha_17_temperature_0_is_sent_as_0_and_a_seed_as_it_is() {
    let zero = Parameters { temperature: Some(0.0), seed: Some(-7), ..Parameters::default() };
    let text = |dialect| request(dialect, zero.clone()).0.to_string();
    for dialect in PROVIDERS.iter().flat_map(|provider| provider.dialects) {
        assert!(text(dialect.id()).contains(r#""temperature":0"#), "{}", dialect.id());
    }
    assert!(text("openai-chat").contains(r#""seed":-7"#));
}
