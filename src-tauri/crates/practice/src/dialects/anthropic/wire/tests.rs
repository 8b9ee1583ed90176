use axum::http::Request;

use super::*;
use crate::{cards, dialects::handmade, head::Head, memory::Memory};

/// A writer for a reply that thinks this much, to a request with this `thinking`.
fn wire(effort: Effort, thinking: &Value) -> Wire {
    let head = Head::new(Request::post("/v1/messages").body(()).unwrap().into_parts().0, 7);
    let (body, memory) = (json!({ "thinking": thinking }), Memory::default());
    let card = cards::card("practice-reasoner").unwrap();
    let ask = Ask { effort, ..Ask::default() };
    Wire::new(&Call { head: &head, card, body: &body, memory: &memory }, &ask, 11)
}

/// The events of a reply of these pieces: for each its name, where it belongs and what is new.
fn told(wire: Wire, pieces: &[Piece], finish: Finish) -> Vec<String> {
    let event = |event: &Value| {
        let index = &event["index"];
        let delta = &event["delta"];
        match event["type"].as_str().unwrap() {
            "message_start" => event["message"]["model"].as_str().unwrap().to_owned(),
            "content_block_start" => {
                format!("{index} {}", event["content_block"]["type"].as_str().unwrap())
            }
            "content_block_delta" => {
                let kind = delta["type"].as_str().unwrap().trim_end_matches("_delta");
                format!("{index} {kind} {}", delta[kind])
            }
            "content_block_stop" => format!("{index} stop"),
            "message_delta" => {
                let usage = &event["usage"];
                let thinking = &usage["output_tokens_details"]["thinking_tokens"];
                format!("{} {} {thinking}", delta["stop_reason"], usage["output_tokens"])
            }
            other => other.to_owned(),
        }
    };
    handmade::events(Box::new(wire), pieces, finish).iter().map(event).collect()
}

/// Two tokens of thought and one of answer.
fn reply() -> Vec<Piece> {
    [handmade::pieces(true, &["Hm", "."]), handmade::pieces(false, &["Hi"])].concat()
}

#[test]
fn thoughts_are_a_block_before_the_text() {
    let before = ["practice-reasoner", "ping", "0 thinking"];
    let thought = ["0 thinking \"Hm\"", "0 thinking \".\""];
    let after = [
        "0 signature \"msg_practice00000007\"",
        "0 stop",
        "1 text",
        "1 text \"Hi\"",
        "1 stop",
        "\"end_turn\" 3 2",
        "message_stop",
    ];
    let adaptive = json!({ "type": "adaptive" });
    let shown = [&before[..], &thought, &after].concat();
    assert_eq!(told(wire(Effort::Low, &adaptive), &reply(), Finish::Stop), shown);
    let quiet = json!({ "type": "adaptive", "display": "omitted" });
    let omitted = [&before[..], &after].concat();
    for thinking in [quiet, Value::Null] {
        let told = told(wire(Effort::Low, &thinking), &reply(), Finish::Stop);
        assert_eq!(told, omitted, "{thinking}");
    }
}

#[test]
fn thoughts_may_use_all_tokens_up_or_stay_away() {
    let wire = |effort| wire(effort, &json!({ "type": "adaptive" }));
    let eaten = told(wire(Effort::High), &handmade::pieces(true, &["Hm", "."]), Finish::Length);
    assert_eq!(eaten[6..], ["0 stop", "\"max_tokens\" 2 2", "message_stop"]);
    let plain = told(wire(Effort::High), &handmade::pieces(false, &["Hi"]), Finish::Stop);
    assert_eq!(plain[2..5], ["0 text", "0 text \"Hi\"", "0 stop"]);
    // Without thinking the text's block is opened at once, even if nothing comes.
    let empty = told(wire(Effort::None), &[], Finish::Length);
    assert_eq!(empty[1..], ["0 text", "ping", "0 stop", "\"max_tokens\" 0 0", "message_stop"]);
}

#[test]
fn a_message_in_one_piece_has_the_same_blocks() {
    let text = json!({ "type": "text", "text": "Hi" });
    let thinking = |thought: &str| json!({ "type": "thinking", "thinking": thought, "signature": "msg_practice00000007" });
    let (adaptive, unasked) = (json!({ "type": "adaptive" }), Value::Null);
    let table = [
        (Effort::Low, &adaptive, reply(), json!([thinking("Hm."), text])),
        (Effort::Low, &unasked, reply(), json!([thinking(""), text])),
        (Effort::Low, &adaptive, reply()[..2].to_vec(), json!([thinking("Hm.")])),
        (Effort::None, &unasked, reply()[2..].to_vec(), json!([text])),
    ];
    for (effort, asked, pieces, expected) in table {
        let body = handmade::whole(Box::new(wire(effort, asked)), &pieces, Finish::Stop);
        assert_eq!(body["content"], expected);
        let usage = &body["usage"];
        let thought = pieces.iter().filter(|piece| piece.is_thought).count();
        assert_eq!(usage["output_tokens"], pieces.len());
        assert_eq!(usage["output_tokens_details"]["thinking_tokens"], thought);
    }
}
