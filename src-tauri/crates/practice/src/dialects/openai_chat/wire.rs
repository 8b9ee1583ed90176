//! The JSON of a reply: whole, or chunk by chunk.
//!
//! The parts of a chunk that never change are written once; only the text is escaped for
//! each. That is what makes a long reply cheap.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::{
    generation::{Finish, Generation},
    model,
};

const FINGERPRINT: &str = "fp_practice_1";

/// Writes the frames and the body of one reply.
#[derive(Debug)]
pub struct Wire {
    id: String,
    created: u64,
    prompt_tokens: usize,
    include_usage: bool,
    /// `data: {…` of every chunk, up to its choices.
    opening: String,
    /// What follows the choices.
    closing: &'static str,
}

impl Wire {
    /// For the request with this number, whose prompt has so many tokens.
    pub fn new(number: u64, include_usage: bool, prompt_tokens: usize) -> Self {
        let created = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs());
        let id = format!("chatcmpl-practice{number:08}");
        let opening = format!(
            "data: {{\"id\":\"{id}\",\"object\":\"chat.completion.chunk\",\"created\":{created},\
             \"model\":\"{}\",\"service_tier\":\"default\",\
             \"system_fingerprint\":\"{FINGERPRINT}\",\"choices\":[",
            model::ID
        );
        let closing = if include_usage { "],\"usage\":null}\n\n" } else { "]}\n\n" };
        Self { id, created, prompt_tokens, include_usage, opening, closing }
    }

    /// The first frame: who speaks.
    pub fn role(&self, frames: &mut Vec<u8>) {
        self.chunk(frames, r#"{"role":"assistant","content":"","refusal":null}"#, "null");
    }

    /// A frame with text.
    pub fn text(&self, frames: &mut Vec<u8>, text: &str) {
        frames.extend_from_slice(self.opening.as_bytes());
        frames.extend_from_slice(br#"{"index":0,"delta":{"content":"#);
        serde_json::to_writer(&mut *frames, text).expect("a Vec takes all that is written to it");
        frames.extend_from_slice(br#"},"logprobs":null,"finish_reason":null}"#);
        frames.extend_from_slice(self.closing.as_bytes());
    }

    /// The last frames: why it ended, what it used where that was asked for, and `[DONE]`.
    pub fn end(&self, frames: &mut Vec<u8>, generation: &Generation) {
        self.chunk(frames, "{}", &format!("\"{}\"", reason(generation)));
        if self.include_usage {
            frames.extend_from_slice(self.opening.as_bytes());
            let usage = self.usage(generation.made());
            frames.extend_from_slice(format!("],\"usage\":{usage}}}\n\n").as_bytes());
        }
        frames.extend_from_slice(b"data: [DONE]\n\n");
    }

    fn chunk(&self, frames: &mut Vec<u8>, delta: &str, reason: &str) {
        frames.extend_from_slice(self.opening.as_bytes());
        let choice = format!(
            "{{\"index\":0,\"delta\":{delta},\"logprobs\":null,\"finish_reason\":{reason}}}"
        );
        frames.extend_from_slice(choice.as_bytes());
        frames.extend_from_slice(self.closing.as_bytes());
    }

    /// The body of a reply that is not streamed.
    pub fn whole(&self, text: &str, generation: &Generation) -> Value {
        json!({
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": model::ID,
            "choices": [{
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": text,
                    "refusal": null,
                    "annotations": [],
                },
                "logprobs": null,
                "finish_reason": reason(generation),
            }],
            "usage": self.usage(generation.made()),
            "service_tier": "default",
            "system_fingerprint": FINGERPRINT,
        })
    }

    fn usage(&self, completion_tokens: usize) -> Value {
        json!({
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": completion_tokens,
            "total_tokens": self.prompt_tokens + completion_tokens,
            "prompt_tokens_details": {
                "cached_tokens": 0,
                "cache_write_tokens": 0,
                "audio_tokens": 0,
            },
            "completion_tokens_details": {
                "reasoning_tokens": 0,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        })
    }
}

fn reason(generation: &Generation) -> &'static str {
    match generation.finish() {
        Some(Finish::Length) => "length",
        Some(Finish::Stop) | None => "stop",
    }
}
