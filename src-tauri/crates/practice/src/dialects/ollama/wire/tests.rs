use axum::http::Request;

use super::*;
use crate::{cards, dialects::handmade, head::Head, memory::Memory};

fn wire(path: &str) -> Wire {
    let head = Head::new(Request::post(path).body(()).unwrap().into_parts().0, 7);
    let (body, memory) = (json!({ "model": "practice-reasoner:latest" }), Memory::default());
    let card = cards::card("practice-reasoner").unwrap();
    Wire::new(&Call { head: &head, card, body: &body, memory: &memory }, &Ask::default(), 11)
}

/// Two tokens of thought and one of answer.
fn reply() -> Vec<Piece> {
    [handmade::pieces(true, &["Hm", "."]), handmade::pieces(false, &["Hi"])].concat()
}

/// Thoughts and words of a line, where the address has them.
fn words(line: &Value, path: &str) -> [Value; 2] {
    match path {
        GENERATE => [line["thinking"].clone(), line["response"].clone()],
        _ => [line["message"]["thinking"].clone(), line["message"]["content"].clone()],
    }
}

#[test]
fn thoughts_stand_beside_the_words_and_are_counted_with_them() {
    for path in ["/api/chat", GENERATE] {
        let (mut wire, mut frames) = (wire(path), Frames::default());
        reply().iter().for_each(|piece| wire.text(&mut frames, 0, piece));
        wire.close(&mut frames, &[handmade::ending(&reply(), Finish::Stop)]);
        let text = String::from_utf8(frames.take().to_vec()).unwrap();
        let lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let found: Vec<_> = lines.iter().map(|line| words(line, path)).collect();
        let expected = [
            [json!("Hm"), json!("")],
            [json!("."), json!("")],
            [Value::Null, json!("Hi")],
            [Value::Null, json!("")],
        ];
        assert_eq!(found, expected, "{path}");
        assert_eq!(lines[3]["eval_count"], 3, "{path}");
    }
}

#[test]
fn a_reply_in_one_piece_has_both() {
    for path in ["/api/chat", GENERATE] {
        let body = handmade::whole(Box::new(wire(path)), &reply(), Finish::Stop);
        assert_eq!(words(&body, path), [json!("Hm."), json!("Hi")], "{path}");
        assert_eq!((&body["eval_count"], &body["done"]), (&json!(3), &json!(true)), "{path}");
    }
}
