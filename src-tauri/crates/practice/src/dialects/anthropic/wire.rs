//! The JSON of a reply: whole, or event by event.

use serde_json::{Value, json};

use super::error::Error;
use crate::{
    dialects::{Choice, Writer},
    frames::Frames,
    generation::{Ending, Finish, Piece},
    model,
};

/// Writes the events and the body of one reply.
#[derive(Debug)]
pub struct Wire {
    id: String,
    request_id: String,
    prompt_tokens: usize,
}

impl Wire {
    /// For the request with this number, whose prompt has so many tokens.
    pub fn new(number: u64, prompt_tokens: usize) -> Self {
        let id = format!("msg_practice{number:08}");
        Self { id, request_id: format!("req_practice{number:08}"), prompt_tokens }
    }

    /// The whole message, or its beginning.
    fn message(&self, content: Value, ending: Option<&Ending>) -> Value {
        // The service has made one token when it says that it has begun.
        let output_tokens = ending.map_or(1, |ending| ending.made);
        let mut message = json!({
            "model": model::ID,
            "id": self.id,
            "type": "message",
            "role": "assistant",
            "content": content,
            "stop_reason": null,
            "stop_sequence": null,
            "stop_details": null,
            "usage": {
                "input_tokens": self.prompt_tokens,
                "cache_creation_input_tokens": 0,
                "cache_read_input_tokens": 0,
                "cache_creation": {
                    "ephemeral_5m_input_tokens": 0,
                    "ephemeral_1h_input_tokens": 0,
                },
                "output_tokens": output_tokens,
                "output_tokens_details": { "thinking_tokens": 0 },
                "service_tier": "standard",
                "inference_geo": "not_available",
            },
        });
        if let Some(ending) = ending {
            message["stop_reason"] = reason(ending).into();
            message["stop_sequence"] = ending.stopped_by.clone().into();
        }
        message
    }
}

/// Adds an event with spaces before its last brace, as the service does so that the length of
/// a frame does not tell that of its text.
fn padded(frames: &mut Frames, event: &Value) {
    let name = event["type"].as_str().unwrap_or_default();
    let text = event.to_string();
    let padding = &"              "[..frames.count() * 7 % 15];
    let open = text.strip_suffix('}').unwrap_or(&text);
    frames.push(&["event: ", name, "\ndata: ", open, padding, "}\n\n"]);
}

impl Writer for Wire {
    fn stream_type(&self) -> &'static str {
        "text/event-stream; charset=utf-8"
    }

    fn open(&mut self, frames: &mut Frames) {
        let message = self.message(json!([]), None);
        padded(frames, &json!({ "type": "message_start", "message": message }));
        let block = json!({ "type": "text", "text": "" });
        let start = json!({ "type": "content_block_start", "index": 0, "content_block": block });
        padded(frames, &start);
        frames.push(&["event: ping\ndata: {\"type\": \"ping\"}\n\n"]);
    }

    fn text(&mut self, frames: &mut Frames, _choice: usize, piece: &Piece) {
        let delta = json!({ "type": "text_delta", "text": piece.text });
        padded(frames, &json!({ "type": "content_block_delta", "index": 0, "delta": delta }));
    }

    fn close(&mut self, frames: &mut Frames, endings: &[Ending]) {
        padded(frames, &json!({ "type": "content_block_stop", "index": 0 }));
        for ending in endings {
            padded(
                frames,
                &json!({
                    "type": "message_delta",
                    "delta": {
                        "stop_reason": reason(ending),
                        "stop_sequence": ending.stopped_by,
                        "stop_details": null,
                    },
                    "usage": {
                        "input_tokens": self.prompt_tokens,
                        "cache_creation_input_tokens": 0,
                        "cache_read_input_tokens": 0,
                        "output_tokens": ending.made,
                    },
                }),
            );
        }
        padded(frames, &json!({ "type": "message_stop" }));
    }

    fn fail(&mut self, frames: &mut Frames) {
        frames.event(&Error::overloaded().body(&self.request_id));
    }

    fn garbage(&mut self, frames: &mut Frames) {
        frames.push(&[
            "event: content_block_delta\n",
            "data: {\"type\":\"content_block_delta\",\"inde\u{fffd}\n\n",
        ]);
    }

    fn whole(&mut self, choices: &[Choice]) -> (&'static str, String) {
        let said = choices.iter().filter(|choice| !choice.text.is_empty());
        let blocks = said.map(|choice| json!({ "type": "text", "text": choice.text }));
        let ending = choices.first().map(|choice| &choice.ending);
        let message = self.message(blocks.collect(), ending);
        ("application/json", message.to_string())
    }
}

fn reason(ending: &Ending) -> &'static str {
    match (ending.finish, &ending.stopped_by) {
        (Finish::Length, _) => "max_tokens",
        (Finish::Stop, Some(_)) => "stop_sequence",
        (Finish::Stop, None) => "end_turn",
    }
}
