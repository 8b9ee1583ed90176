use serde_json::json;

use super::*;
use crate::dialects::{handmade, openai_responses::OpenAiResponses};

const THOUGHT: &str = "They \"count\".";

fn reply() -> Vec<Piece> {
    let thought = handmade::pieces(true, &["They", " \"count\"."]);
    [thought, handmade::pieces(false, &["1", ", 2"])].concat()
}

fn writer(reasoning: &Value) -> Box<dyn Writer> {
    let body = json!({ "model": "practice-reasoner", "input": "count", "reasoning": reasoning });
    handmade::writer(&OpenAiResponses, &body)
}

/// The types of all events, without what begins all of them.
fn types(events: &[Value]) -> Vec<&str> {
    let kinds = events.iter().map(|event| event["type"].as_str().unwrap());
    kinds.map(|kind| kind.strip_prefix("response.").unwrap()).collect()
}

const MESSAGE: &[&str] = &[
    "output_item.added",
    "content_part.added",
    "output_text.delta",
    "output_text.delta",
    "output_text.done",
    "content_part.done",
    "output_item.done",
];

const SUMMARY: &[&str] = &[
    "reasoning_summary_part.added",
    "reasoning_summary_text.delta",
    "reasoning_summary_text.delta",
    "reasoning_summary_text.done",
    "reasoning_summary_part.done",
];

#[test]
fn a_thought_is_an_item_before_the_message_and_told_when_asked_for() {
    let begun: &[&str] = &["created", "in_progress", "output_item.added"];
    let done: &[&str] = &["output_item.done"];
    let table: [(Value, &[&str], Value); 3] = [
        (json!({}), &[], json!([])),
        (json!({ "effort": "high" }), &[], json!([])),
        (
            json!({ "summary": "auto" }),
            SUMMARY,
            json!([{ "type": "summary_text", "text": THOUGHT }]),
        ),
    ];
    for (reasoning, told, summary) in table {
        let events = handmade::events(writer(&reasoning), &reply(), Finish::Stop);
        let expected = [begun, told, done, MESSAGE, &["completed"]].concat();
        assert_eq!(types(&events), expected, "{reasoning}");
        let numbers = events.iter().map(|event| event["sequence_number"].as_u64().unwrap());
        assert!(numbers.eq(0..expected.len() as u64), "{events:?}");
        let last = &events[expected.len() - 1]["response"];
        let thought =
            json!({ "id": "rs_practice00000001", "type": "reasoning", "summary": summary });
        assert_eq!(last["output"][0], thought);
        assert_eq!(last["output"][1]["content"][0]["text"], "1, 2");
        let whole = handmade::whole(writer(&reasoning), &reply(), Finish::Stop);
        for name in ["output", "usage", "reasoning", "status", "model"] {
            assert_eq!(whole[name], last[name], "{reasoning}: {name}");
        }
    }
}

#[test]
fn each_event_is_about_its_item() {
    let events = handmade::events(writer(&json!({ "summary": "auto" })), &reply(), Finish::Stop);
    for event in &events {
        let kind = event["type"].as_str().unwrap();
        let is_thought = kind.contains("reasoning") || event["item"]["type"] == "reasoning";
        let id = if is_thought { "rs_practice00000001" } else { "msg_practice00000001" };
        let index = json!(u8::from(!is_thought));
        if event["response"].is_null() {
            assert_eq!(event["output_index"], index, "{event}");
            assert!([&event["item_id"], &event["item"]["id"]].contains(&&json!(id)), "{event}");
        }
    }
    let text = |kind: &str, name: &str| -> String {
        let some = events.iter().filter(|event| event["type"] == kind);
        some.map(|event| event[name].as_str().unwrap()).collect()
    };
    assert_eq!(text("response.reasoning_summary_text.delta", "delta"), THOUGHT);
    assert_eq!(text("response.reasoning_summary_text.done", "text"), THOUGHT);
}

#[test]
fn thoughts_are_a_part_of_what_was_made() {
    let whole = handmade::whole(writer(&json!({ "effort": "high" })), &reply(), Finish::Stop);
    let expected = json!({
        "input_tokens": 7,
        "input_tokens_details": { "cached_tokens": 0, "cache_write_tokens": 0 },
        "output_tokens": 4,
        "output_tokens_details": { "reasoning_tokens": 2 },
        "total_tokens": 11,
    });
    assert_eq!(whole["usage"], expected);
    assert_eq!(whole["reasoning"], json!({ "effort": "high", "summary": null }));
}

#[test]
fn a_limit_may_leave_nothing_but_a_thought() {
    let thought = handmade::pieces(true, &["They", " count"]);
    let events = handmade::events(writer(&json!({})), &thought, Finish::Length);
    let expected =
        ["created", "in_progress", "output_item.added", "output_item.done", "incomplete"];
    assert_eq!(types(&events), expected);
    let last = &events[4]["response"];
    assert_eq!(last["output"].as_array().unwrap().len(), 1, "{last}");
    let whole = handmade::whole(writer(&json!({})), &thought, Finish::Length);
    assert_eq!((&whole["output"], &whole["status"]), (&last["output"], &json!("incomplete")));
}

#[test]
fn without_an_effort_there_is_no_thought() {
    let answer = handmade::pieces(false, &["1", ", 2"]);
    let asked = json!({ "effort": "none", "summary": "auto" });
    let events = handmade::events(writer(&asked), &answer, Finish::Stop);
    assert_eq!(types(&events), [&["created", "in_progress"], MESSAGE, &["completed"]].concat());
    assert!(events[2..9].iter().all(|event| event["output_index"] == 0), "{events:?}");
}

#[test]
fn a_thought_that_turns_into_an_error_is_kept() {
    let mut writer = writer(&json!({ "summary": "auto" }));
    let mut frames = Frames::default();
    writer.open(&mut frames);
    handmade::pieces(true, &["They"]).iter().for_each(|it| writer.text(&mut frames, 0, it));
    frames.take();
    writer.fail(&mut frames);
    let text = String::from_utf8(frames.take().to_vec()).unwrap();
    assert!(text.contains(r#""output":[{"id":"rs_practice00000001""#), "{text}");
    assert!(text.contains(r#""status":"failed""#) && !text.contains("output_text"), "{text}");
}
