use super::*;
use crate::{BaseUrl, Message, Parameters, Provider, Role, dialect::ListedModel};

fn endpoint(provider: &str, has_key: bool) -> Endpoint {
    let provider = Provider::find(provider).expect(provider);
    let base_url = BaseUrl::parse("https://api.example/v1").expect("a fine address");
    Endpoint { provider, base_url, has_key }
}

fn chat(parameters: Parameters) -> Chat {
    let message = |role, text: &str| Message { role, text: text.into() };
    let messages = vec![message(Role::System, "Be brief."), message(Role::User, "Why?\0 \"é\"")];
    Chat { messages, parameters }
}

fn sent(chat: &Chat, provider: &str) -> Value {
    let request = OpenAiChat.request(chat, "m", &endpoint(provider, true));
    serde_json::from_str(&request.body).expect("the body is JSON")
}

#[test]
fn an_unset_parameter_is_not_written() {
    let body = sent(&chat(Parameters::default()), "openai");
    let fields: Vec<_> = body.as_object().expect("an object").keys().collect();
    assert_eq!(fields, ["model", "messages", "stream", "stream_options"]);
    assert_eq!(body["messages"][1], json!({ "role": "user", "content": "Why?\0 \"é\"" }));
}

#[test]
fn each_parameter_has_its_field() {
    let all = Parameters {
        max_tokens: Some(200),
        temperature: Some(0.7),
        top_p: Some(1.0),
        stop: Some(vec!["\n".into(), "END".into()]),
        seed: Some(-7),
        stream: Some(false),
        ..Parameters::default()
    };
    let body = sent(&chat(all.clone()), "openai");
    let rest = json!({ "model": "m", "messages": body["messages"], "max_completion_tokens": 200,
        "temperature": 0.7, "top_p": 1, "stop": ["\n", "END"], "seed": -7, "stream": false });
    assert_eq!(body, rest);
    let older = sent(&chat(all), "custom");
    assert_eq!(
        (&older["max_tokens"], &older["max_completion_tokens"]),
        (&json!(200), &Value::Null)
    );
}

#[test]
fn the_key_is_a_mask_and_is_absent_without_a_key() {
    for has_key in [true, false] {
        let request =
            OpenAiChat.request(&chat(Parameters::default()), "m", &endpoint("openai", has_key));
        let key: Vec<_> = request.headers.iter().filter(|it| it.takes_key()).collect();
        assert_eq!(key.len(), usize::from(has_key), "{:?}", request.headers);
    }
}

fn decoded(frames: &[&str]) -> Vec<Delta> {
    let mut decoder = OpenAiChat.decoder();
    frames.iter().flat_map(|data| decoder.frame(data)).collect()
}

fn text(text: &str) -> Delta {
    Delta::text(text)
}

#[test]
fn a_stream_is_read_chunk_by_chunk() {
    let deltas = decoded(&[
        r#"{"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}"#,
        r#"{"model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}"#,
        r#"{"model":"m","choices":[{"index":1,"delta":{"content":"another choice"}}]}"#,
        r#"{"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"length"}]}"#,
        r#"{"model":"m","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":1}}}"#,
    ]);
    let usage = Usage {
        input_tokens: Some(9),
        cache_read_tokens: Some(4),
        cache_write_tokens: None,
        output_tokens: Some(2),
        reasoning_tokens: Some(1),
        ..Usage::default()
    };
    let expected = [
        Delta::Model { id: "m".into() },
        text("Hi"),
        Delta::Text { choice: 1, text: "another choice".into(), logprobs: Vec::new() },
        Delta::Finish { choice: 0, reason: FinishReason::Length, raw: "length".into() },
        Delta::Usage(usage),
    ];
    assert_eq!(deltas, expected);
}

#[test]
fn what_servers_vary_is_read_alike() {
    for (chunk, expected) in [
        (r#"{"choices":[{"delta":{"content":null}}]}"#, vec![]),
        (r#"{"choices":[{"delta":{}}],"usage":{}}"#, vec![]),
        (r#"{"choices":[{}]}"#, vec![]),
        (r#"{"choices":null}"#, vec![]),
        (
            r#"{"choices":[{"delta":{"reasoning":"r"}}]}"#,
            vec![Delta::Reasoning { choice: 0, text: "r".into() }],
        ),
        (
            r#"{"choices":[{"delta":{"reasoning_content":"r","reasoning":"r","content":"t"}}]}"#,
            vec![Delta::Reasoning { choice: 0, text: "r".into() }, text("t")],
        ),
        (
            r#"{"choices":[{"delta":{"refusal":"no"}}]}"#,
            vec![Delta::Refusal { choice: 0, text: "no".into() }],
        ),
        (
            r#"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"r"}]},{"type":"text","text":"t"}]}}]}"#,
            vec![Delta::Reasoning { choice: 0, text: "r".into() }, text("t")],
        ),
        (
            r#"{"choices":[{"finish_reason":"weird"}]}"#,
            vec![Delta::Finish { choice: 0, reason: FinishReason::Other, raw: "weird".into() }],
        ),
    ] {
        assert_eq!(decoded(&[chunk]), expected, "{chunk}");
    }
}

#[test]
fn a_whole_body_and_a_failure_inside_a_stream_are_read() {
    let whole = OpenAiChat.decoder().whole(
        r#"{"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","refusal":null},"finish_reason":"stop"}]}"#,
    );
    assert_eq!(whole[1], text("Hi"));
    let failed =
        decoded(&[r#"{"error":{"message":"overloaded","type":"server_error","code":503}}"#]);
    let [Delta::Error(error)] = &failed[..] else { panic!("{failed:?}") };
    assert_eq!(error.said.as_deref(), Some("overloaded"));
    assert_eq!(error.provider_code.as_deref(), Some("503"));
}

#[test]
fn what_is_no_chunk_is_reported_and_never_fatal() {
    for data in ["", "{", "null", "[]", "\"text\"", "[DONE]"] {
        let deltas = decoded(&[data]);
        assert!(matches!(deltas[..], [Delta::Unreadable { .. }]), "{data:?}: {deltas:?}");
    }
}

#[test]
fn models_are_listed_by_id() {
    let list = r#"{"object":"list","data":[{"id":"a"},{"id":"b","owned_by":"x"},{}]}"#;
    assert_eq!(
        OpenAiChat.read_models(list),
        Some(ModelPage { models: ["a", "b"].map(ListedModel::new).into(), next: None })
    );
    assert_eq!(OpenAiChat.read_models("<html>"), None);
}
