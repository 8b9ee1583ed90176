//! The JSON of a reply: whole, or event by event.

use serde_json::{Value, json};

use super::{error::Error, request_id, thinking};
use crate::{
    cards::Effort,
    dialects::{Ask, Call, Choice, Writer},
    frames::Frames,
    generation::{Ending, Finish, Piece},
};

/// Writes the events and the body of one reply.
#[derive(Debug)]
pub struct Wire {
    model: &'static str,
    id: String,
    request_id: String,
    prompt_tokens: usize,
    thoughts: Thoughts,
    /// The block that is open.
    block: Option<Block>,
    /// How many blocks have been closed.
    closed: usize,
}

/// What becomes of what the model thinks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thoughts {
    /// It does not think.
    None,
    /// Only their signature is told.
    Omitted,
    Shown,
}

/// A part of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    Thinking,
    Text,
}

impl Wire {
    /// Of a reply to a prompt of so many tokens.
    pub fn new(call: &Call, ask: &Ask, prompt_tokens: usize) -> Self {
        Self {
            model: call.card.id,
            id: format!("msg_practice{:08}", call.head.number),
            request_id: request_id(call.head),
            prompt_tokens,
            thoughts: match ask.effort {
                Effort::None => Thoughts::None,
                _ if thinking::is_shown(call.body) => Thoughts::Shown,
                _ => Thoughts::Omitted,
            },
            block: None,
            closed: 0,
        }
    }

    /// The whole message, or its beginning.
    fn message(&self, content: Value, ending: Option<&Ending>) -> Value {
        // The service has made one token when it says that it has begun.
        let output_tokens = ending.map_or(1, |ending| ending.made);
        let mut message = json!({
            "model": self.model,
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
                "output_tokens_details": { "thinking_tokens": ending.map_or(0, |it| it.thought) },
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

    /// What shows that a thought has not been changed when it comes back.
    fn signature(&self) -> &str {
        &self.id
    }

    /// Opens a block, unless it is open, and closes the one before.
    fn enter(&mut self, frames: &mut Frames, block: Block) {
        if self.block == Some(block) {
            return;
        }
        self.leave(frames);
        let content = match block {
            Block::Thinking => json!({ "type": "thinking", "thinking": "", "signature": "" }),
            Block::Text => json!({ "type": "text", "text": "" }),
        };
        let start = json!({
            "type": "content_block_start", "index": self.closed, "content_block": content,
        });
        padded(frames, &start);
        self.block = Some(block);
    }

    /// Closes the block that is open.
    fn leave(&mut self, frames: &mut Frames) {
        let Some(block) = self.block.take() else { return };
        if block == Block::Thinking {
            let delta = json!({ "type": "signature_delta", "signature": self.signature() });
            self.delta(frames, delta);
        }
        padded(frames, &json!({ "type": "content_block_stop", "index": self.closed }));
        self.closed += 1;
    }

    fn delta(&self, frames: &mut Frames, delta: Value) {
        let delta = json!({ "type": "content_block_delta", "index": self.closed, "delta": delta });
        padded(frames, &delta);
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
        // Which block is the first of a model that thinks only its first words tell.
        if self.thoughts == Thoughts::None {
            self.enter(frames, Block::Text);
        }
        frames.push(&["event: ping\ndata: {\"type\": \"ping\"}\n\n"]);
    }

    fn text(&mut self, frames: &mut Frames, _choice: usize, piece: &Piece) {
        if !piece.is_thought {
            self.enter(frames, Block::Text);
            return self.delta(frames, json!({ "type": "text_delta", "text": piece.text }));
        }
        self.enter(frames, Block::Thinking);
        if self.thoughts == Thoughts::Shown {
            self.delta(frames, json!({ "type": "thinking_delta", "thinking": piece.text }));
        }
    }

    fn close(&mut self, frames: &mut Frames, endings: &[Ending]) {
        self.leave(frames);
        for ending in endings {
            let event = json!({
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
                    "output_tokens_details": { "thinking_tokens": ending.thought },
                },
            });
            padded(frames, &event);
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
        let blocks = choices.iter().flat_map(|choice| {
            let thought = match self.thoughts {
                Thoughts::Shown => choice.thought.as_str(),
                Thoughts::None | Thoughts::Omitted => "",
            };
            let signature = self.signature();
            let thinking =
                json!({ "type": "thinking", "thinking": thought, "signature": signature });
            let text = json!({ "type": "text", "text": choice.text });
            let thinking = Some(thinking).filter(|_| !choice.thought.is_empty());
            thinking.into_iter().chain(Some(text).filter(|_| !choice.text.is_empty()))
        });
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

#[cfg(test)]
mod tests;
