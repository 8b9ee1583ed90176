use axum::http::Request;

use super::*;
use crate::{cards, dialects::handmade, head::Head, memory::Memory};

/// A writer for a reply to a request that wants to be told thoughts, or does not.
fn wire(tells_thoughts: bool, choices: usize) -> Wire {
    let address = "/v1beta/models/practice-reasoner:streamGenerateContent?alt=sse";
    let head = Head::new(Request::post(address).body(()).unwrap().into_parts().0, 7);
    let config = json!({ "thinking_config": { "include_thoughts": tells_thoughts } });
    let (body, memory) = (json!({ "generation_config": config }), Memory::default());
    let card = cards::card("practice-reasoner").unwrap();
    let ask = Ask { choices, ..Ask::default() };
    Wire::new(&Call { head: &head, card, body: &body, memory: &memory }, &ask, 11)
}

/// Two tokens of thought and one of answer, which leave one by one.
fn reply() -> Vec<Piece> {
    let mut pieces = handmade::pieces(true, &["Hm", ".", "Hi"]);
    pieces[2].is_thought = false;
    pieces
}

/// The parts of each chunk, and the tokens: of the candidates, of the thoughts, and of all.
fn told(wire: Wire, pieces: &[Piece], finish: Finish) -> Vec<(Value, [Value; 3])> {
    let chunk = |chunk: &Value| {
        let counts = ["candidatesTokenCount", "thoughtsTokenCount", "totalTokenCount"];
        let counts = counts.map(|name| chunk["usageMetadata"][name].clone());
        (chunk["candidates"][0]["content"]["parts"].clone(), counts)
    };
    handmade::events(Box::new(wire), pieces, finish).iter().map(chunk).collect()
}

#[test]
fn thoughts_are_parts_of_their_own_where_they_are_told_and_counted_always() {
    let thoughts = [
        (json!([{ "text": "Hm", "thought": true }]), [Value::Null, json!(1), json!(12)]),
        (json!([{ "text": ".", "thought": true }]), [Value::Null, json!(2), json!(13)]),
    ];
    let signature = json!([{ "text": "", "thoughtSignature": "practice00000007" }]);
    let answer = [
        (json!([{ "text": "Hi" }]), [json!(1), json!(2), json!(14)]),
        (signature, [json!(1), json!(2), json!(14)]),
    ];
    let shown = [&thoughts[..], &answer].concat();
    assert_eq!(told(wire(true, 1), &reply(), Finish::Stop), shown);
    assert_eq!(told(wire(false, 1), &reply(), Finish::Stop), answer);
}

#[test]
fn thoughts_may_use_all_tokens_up() {
    let eaten = told(wire(false, 1), &reply()[..2], Finish::Length);
    assert_eq!(eaten, [(Value::Null, [Value::Null, json!(2), json!(13)])]);
}

#[test]
fn a_response_in_one_piece_has_the_same_parts() {
    let signature = json!({ "text": "", "thoughtSignature": "practice00000007" });
    let (thought, text) = (json!({ "text": "Hm.", "thought": true }), json!({ "text": "Hi" }));
    let table = [
        (true, reply(), json!([thought, text, signature])),
        (false, reply(), json!([text, signature])),
        (false, reply()[..2].to_vec(), Value::Null),
        (true, reply()[2..].to_vec(), json!([text])),
    ];
    for (tells_thoughts, pieces, expected) in table {
        let wire = Box::new(wire(tells_thoughts, 1));
        let body = handmade::whole(wire, &pieces, Finish::Stop);
        assert_eq!(body["modelVersion"], "practice-reasoner");
        assert_eq!(body["candidates"][0]["content"]["parts"], expected);
    }
}

#[test]
fn candidates_and_their_thoughts_are_added_up() {
    let mut wire = wire(false, 2);
    let mut frames = Frames::default();
    let ending = |made, thought| Ending { finish: Finish::Stop, stopped_by: None, made, thought };
    wire.close(&mut frames, &[ending(5, 2), ending(4, 3)]);
    let text = String::from_utf8(frames.take().to_vec()).unwrap();
    let chunk: Value = serde_json::from_str(text.strip_prefix("data: ").unwrap()).unwrap();
    let usage = &chunk["usageMetadata"];
    assert_eq!(
        (&usage["candidatesTokenCount"], &usage["thoughtsTokenCount"]),
        (&json!(4), &json!(5))
    );
    assert_eq!(usage["totalTokenCount"], 11 + 9);
}
