//! What every wire format must do, for all of them alike.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use practice::tokens;
use proptest::prelude::*;
use serde_json::Value;
use support::{
    Practice,
    formats::{Asked, FORMATS, Format, Said},
};

/// A conversation whose last answer needs what was said before.
fn conversation() -> Asked {
    let messages = [
        ("user", "Why is the sky blue?"),
        ("assistant", "Because of how air scatters light."),
        ("user", "What is a token?"),
    ];
    let messages = messages.map(|(role, text)| (role, text.to_owned())).to_vec();
    let system = Some("You are a concise teacher.");
    Asked { system, messages, ..Asked::question("").calm() }
}

async fn said(practice: &Practice, format: &Format, asked: &Asked) -> Said {
    let response = practice.request(&(format.ask)(asked)).send().await.unwrap();
    assert_eq!(response.status(), 200, "{}", format.name);
    for header in format.headers {
        assert!(response.headers().contains_key(*header), "{}: {header}", format.name);
    }
    let bytes = response.bytes().await.unwrap();
    match asked.stream {
        true => (format.stream)(&bytes),
        false => (format.whole)(&serde_json::from_slice(&bytes).unwrap()),
    }
}

/// Status and error of a request that is to be refused.
async fn refused(
    practice: &Practice,
    format: &Format,
    asked: &Asked,
) -> (u16, support::formats::Refused) {
    let response = practice.request(&(format.ask)(asked)).send().await.unwrap();
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    let refused = (format.refused)(&body);
    assert!(!refused.message.is_empty(), "{}: {body}", format.name);
    (status, refused)
}

#[tokio::test]
async fn every_format_of_the_server_is_in_the_table() {
    let practice = Practice::start().await;
    let address = practice.origin.strip_prefix("http://").unwrap().parse().unwrap();
    let served: Vec<&str> = practice::bases(address).into_iter().map(|(name, _)| name).collect();
    let known: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    assert_eq!(served, known);
}

#[tokio::test]
async fn the_same_conversation_has_the_same_reply_and_usage_in_every_format() {
    let practice = Practice::start().await;
    let first = said(&practice, FORMATS[0], &conversation()).await;
    assert!(first.text.len() > 100, "{first:?}");
    assert_eq!(first.output_tokens, Some(tokens::encode(&first.text).len() as u64));
    for format in FORMATS {
        for stream in [false, true] {
            let reply = said(&practice, format, &conversation().streamed(stream)).await;
            assert_eq!(reply, first, "{}, streamed: {stream}", format.name);
        }
    }
}

#[tokio::test]
async fn a_limit_and_a_stop_text_end_a_reply_in_every_format() {
    let practice = Practice::start().await;
    for format in FORMATS {
        for stream in [false, true] {
            let question = Asked::question("count to 9").streamed(stream);
            let limited = Asked { max_tokens: Some(4), ..question.clone() };
            let reply = said(&practice, format, &limited).await;
            assert_eq!((reply.text.as_str(), reply.finish.as_deref()), ("1, 2", Some("length")));
            assert_eq!(reply.output_tokens, Some(4), "{}", format.name);
            let stopped = Asked { stop: Some(", 4"), ..question };
            let reply = said(&practice, format, &stopped).await;
            let expected = if format.has_stop { "1, 2, 3" } else { "1, 2, 3, 4, 5, 6, 7, 8, 9" };
            assert_eq!(reply.text, expected, "{}", format.name);
            assert_eq!(reply.finish.as_deref(), Some("stop"), "{}", format.name);
        }
    }
}

#[tokio::test]
async fn a_wrong_key_and_a_missing_one_are_refused_as_the_service_does() {
    let practice = Practice::start().await;
    for format in FORMATS {
        for (key, expected) in [("sk-wrong-0123456789", format.wrong_key), ("", format.missing_key)]
        {
            let asked = Asked { key: key.to_owned(), ..Asked::question("hello") };
            let Some((status, kind)) = expected else {
                assert!(said(&practice, format, &asked).await.complete, "{}", format.name);
                continue;
            };
            let (got, error) = refused(&practice, format, &asked).await;
            assert_eq!((got, error.kind.as_deref()), (status, Some(kind)), "{}", format.name);
            assert!(!error.message.contains("sk-wrong-0123456789"), "{}", error.message);
        }
    }
}

#[tokio::test]
async fn an_unknown_model_is_refused_as_the_service_does() {
    let practice = Practice::start().await;
    for format in FORMATS {
        for stream in [false, true] {
            let asked = Asked::question("hello").of_model("no-such-model").streamed(stream);
            let (status, error) = refused(&practice, format, &asked).await;
            let kind = error.kind.unwrap_or_default();
            assert_eq!((status, kind.as_str()), format.unknown_model, "{}", format.name);
            assert!(error.message.contains("no-such-model"), "{}: {}", format.name, error.message);
        }
    }
}

#[tokio::test]
async fn the_model_is_listed_and_the_list_needs_the_key() {
    let practice = Practice::start().await;
    for format in FORMATS {
        let (path, place) = format.models;
        let request = |key: &str| {
            let asked = Asked { key: key.to_owned(), ..Asked::question("") };
            let headers = (format.ask)(&asked).headers;
            let request = practice.client.get(format!("{}{path}", practice.origin));
            headers.into_iter().fold(request, |request, (name, value)| request.header(name, value))
        };
        let list: Value = request("practice").send().await.unwrap().json().await.unwrap();
        let id = list.pointer(place).and_then(Value::as_str).expect(format.name);
        assert!(id.contains("practice-1"), "{}: {list}", format.name);
        let status = request("wrong").send().await.unwrap().status().as_u16();
        assert_eq!(status, format.wrong_key.map_or(200, |(status, _)| status), "{}", format.name);
    }
}

#[tokio::test]
async fn a_count_is_what_the_prompt_is_billed_as() {
    let practice = Practice::start().await;
    let mut formats = 0;
    for format in FORMATS {
        let Some((count, place)) = format.count else { continue };
        let response = practice.request(&count(&conversation())).send().await.unwrap();
        assert_eq!(response.status(), 200, "{}", format.name);
        let body: Value = response.json().await.unwrap();
        let billed = said(&practice, format, &conversation()).await.input_tokens;
        assert_eq!(body.pointer(place).and_then(Value::as_u64), billed, "{}", format.name);
        let unknown = count(&conversation().of_model("no-such-model"));
        let status = practice.request(&unknown).send().await.unwrap().status();
        assert_eq!(status, format.unknown_model.0, "{}", format.name);
        formats += 1;
    }
    assert_eq!(formats, 3, "OpenAI's Responses, Anthropic and Gemini can count");
}

#[tokio::test]
async fn what_is_too_long_is_refused_or_cut_as_the_service_does() {
    let practice = Practice::start().await;
    for format in FORMATS {
        let asked = Asked::question(&"word ".repeat(33_000));
        let (status, error) = refused(&practice, format, &asked).await;
        assert_eq!(status, 400, "{}: {error:?}", format.name);
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_or_too_large_is_refused_in_the_formats_shape() {
    let practice = Practice::start().await;
    let huge = "a".repeat(5 << 20).into_bytes();
    for format in FORMATS {
        for (body, expected) in [(b"{".to_vec(), 400), (b"[]".to_vec(), 400), (huge.clone(), 413)] {
            let request = practice.request(&(format.ask)(&Asked::question("hello"))).body(body);
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), expected, "{}", format.name);
            let body: Value = response.json().await.unwrap();
            assert!(!(format.refused)(&body).message.is_empty(), "{}: {body}", format.name);
        }
    }
}

/// Names of fields, at whatever depth a format has them.
const NAMES: &[&str] = &[
    "anyOf",
    "candidateCount",
    "format",
    "content",
    "contents",
    "generationConfig",
    "include",
    "items",
    "input",
    "instructions",
    "logit_bias",
    "logprobs",
    "max_tokens",
    "messages",
    "model",
    "n",
    "num_ctx",
    "min_p",
    "num_predict",
    "options",
    "output_config",
    "parts",
    "previous_response_id",
    "properties",
    "reasoning",
    "reasoning_effort",
    "responseMimeType",
    "responseSchema",
    "response_format",
    "role",
    "schema",
    "seed",
    "stop",
    "stopSequences",
    "stop_sequences",
    "stream",
    "stream_options",
    "system",
    "systemInstruction",
    "temperature",
    "text",
    "thinking",
    "tool_choice",
    "tools",
    "top_k",
    "top_logprobs",
    "truncation",
    "type",
];

/// Texts that mean something, somewhere.
const WORDS: &[&str] = &[
    "user",
    "text",
    "practice-1",
    "practice-reasoner",
    "input_text",
    "json_schema",
    "application/json",
    "object",
    "high",
];

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(WORDS).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        let name = prop::sample::select(NAMES);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..4)
                .prop_map(|fields| fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
}

#[test]
fn any_json_body_is_answered_and_never_ends_in_a_500() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let practice = runtime.block_on(Practice::start());
    let body = prop::collection::vec((prop::sample::select(NAMES), json_value()), 0..4);
    let format = prop::sample::select(FORMATS);
    let config = ProptestConfig::with_cases(1000);
    proptest!(config, |(fields in body, format in format, stream: bool)| {
        let mut request = (format.ask)(&Asked::question("hello").streamed(stream));
        for (name, value) in fields {
            request.body.as_mut().unwrap()[name] = value;
        }
        let status = runtime.block_on(async {
            let response = practice.request(&request).send().await.unwrap();
            let status = response.status().as_u16();
            response.bytes().await.unwrap();
            status
        });
        prop_assert!([200, 400, 404].contains(&status), "{status} for {request:?}");
    });
}
