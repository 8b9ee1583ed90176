use serde_json::json;

use super::*;
use crate::dialects::{handmade, openai_chat::OpenAiChat};

fn reply() -> Vec<Piece> {
    let thought = handmade::pieces(true, &["They", " \"count\"."]);
    [thought, handmade::pieces(false, &["1", ", 2"])].concat()
}

fn writer(more: &Value) -> Box<dyn Writer> {
    let mut body = json!({
        "model": "practice-reasoner", "messages": [{ "role": "user", "content": "count" }],
        "stream": true, "stream_options": { "include_usage": true },
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    handmade::writer(&OpenAiChat, &body)
}

#[test]
fn a_thought_is_told_before_the_answer_in_a_field_of_its_own() {
    let events = handmade::events(writer(&json!({})), &reply(), Finish::Stop);
    let deltas: Vec<&Value> = events.iter().map(|it| &it["choices"][0]["delta"]).collect();
    let expected = [
        json!({ "role": "assistant", "content": "", "refusal": null }),
        json!({ "reasoning_content": "They" }),
        json!({ "reasoning_content": " \"count\"." }),
        json!({ "content": "1" }),
        json!({ "content": ", 2" }),
        json!({}),
        Value::Null,
    ];
    assert!(deltas.iter().copied().eq(&expected), "{deltas:?}");
    assert!(events.iter().all(|event| event["model"] == "practice-reasoner"), "{events:?}");
    assert!(events.iter().all(|event| event["system_fingerprint"] == "fp_practice_reasoner"));
    let usage = &events[6]["usage"];
    assert_eq!(usage["completion_tokens_details"]["reasoning_tokens"], 2);
    assert_eq!((&usage["completion_tokens"], &usage["total_tokens"]), (&json!(4), &json!(11)));
}

#[test]
fn a_thought_of_a_whole_reply_is_a_field_of_its_message() {
    let whole = handmade::whole(writer(&json!({})), &reply(), Finish::Stop);
    let message = &whole["choices"][0]["message"];
    assert_eq!(message["reasoning_content"], "They \"count\".");
    assert_eq!(message["content"], "1, 2");
    assert_eq!(whole["usage"]["completion_tokens_details"]["reasoning_tokens"], 2);
    let answer = handmade::pieces(false, &["1"]);
    let plain = handmade::whole(writer(&json!({})), &answer, Finish::Stop);
    assert_eq!(plain["choices"][0]["message"].get("reasoning_content"), None);
}

#[test]
fn thoughts_of_several_choices_are_counted_together() {
    let mut writer = writer(&json!({ "n": 2 }));
    let ending = handmade::ending(&reply(), Finish::Length);
    let mut frames = Frames::default();
    writer.close(&mut frames, &[ending.clone(), ending]);
    let text = String::from_utf8(frames.take().to_vec()).unwrap();
    assert!(text.contains("\"completion_tokens\":8"), "{text}");
    assert!(text.contains("\"reasoning_tokens\":4"), "{text}");
    assert_eq!(text.matches("\"finish_reason\":\"length\"").count(), 2, "{text}");
}
