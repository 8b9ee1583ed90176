//! Replies made by hand, to test writers without a model.

use axum::http::Request;
use serde_json::Value;

use super::*;
use crate::{cards, generation::Finish};

/// Pieces of this text, one for each, all of a thought or all of an answer.
pub fn pieces(is_thought: bool, texts: &[&str]) -> Vec<Piece> {
    let piece = |(made, text): (usize, &&str)| Piece {
        text: (*text).to_owned(),
        made: made + 1,
        chances: Vec::new(),
        is_thought,
    };
    texts.iter().enumerate().map(piece).collect()
}

/// What a reply of these pieces ends with, each a token.
pub fn ending(pieces: &[Piece], finish: Finish) -> Ending {
    let thought = pieces.iter().filter(|piece| piece.is_thought).count();
    Ending { finish, stopped_by: None, made: pieces.len(), thought }
}

/// What this request asks for, and the writer of the reply to it, whose prompt has 7 tokens.
pub fn asked(dialect: &dyn Dialect, body: &Value) -> Result<(Ask, Box<dyn Writer>), Refusal> {
    let (parts, ()) = Request::new(()).into_parts();
    let head = Head::new(parts, 1);
    let card = cards::card(body["model"].as_str().unwrap()).unwrap();
    let call = Call { head: &head, card, body, memory: &Memory::default() };
    let ask = dialect.ask(&call)?;
    let writer = dialect.writer(&call, &ask, 7);
    Ok((ask, writer))
}

/// The same of a request that is right.
pub fn writer(dialect: &dyn Dialect, body: &Value) -> Box<dyn Writer> {
    asked(dialect, body).unwrap().1
}

/// The JSON of each frame of an event stream.
pub fn events(mut writer: Box<dyn Writer>, pieces: &[Piece], finish: Finish) -> Vec<Value> {
    let mut frames = Frames::default();
    writer.open(&mut frames);
    pieces.iter().for_each(|piece| writer.text(&mut frames, 0, piece));
    writer.close(&mut frames, &[ending(pieces, finish)]);
    let text = String::from_utf8(frames.take().to_vec()).unwrap();
    let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
    data.filter_map(|data| serde_json::from_str(data).ok()).collect()
}

/// The body of the same reply in one piece.
pub fn whole(mut writer: Box<dyn Writer>, pieces: &[Piece], finish: Finish) -> Value {
    let text = |is_thought| {
        let some = pieces.iter().filter(|piece| piece.is_thought == is_thought);
        some.map(|piece| piece.text.as_str()).collect()
    };
    let ending = ending(pieces, finish);
    let choice = Choice {
        thought: text(true),
        text: text(false),
        chances: Vec::new(),
        ending,
        begun: Instant::now(),
    };
    serde_json::from_str(&writer.whole(&[choice]).1).unwrap()
}
