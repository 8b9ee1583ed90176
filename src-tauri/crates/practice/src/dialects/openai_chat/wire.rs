//! The JSON of a reply: whole, or chunk by chunk.
//!
//! The parts of a chunk that never change are written once; only the text is escaped for
//! each. That is what makes a long reply cheap.

use serde_json::{Value, json};

use crate::{
    clock,
    dialects::{Ask, Choice, Writer, openai},
    frames::Frames,
    generation::{Ending, Finish, Piece},
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
    choices: usize,
    logprobs: bool,
    /// `data: {…` of every chunk, up to its choices.
    opening: String,
    /// What follows the choices.
    closing: &'static str,
}

impl Wire {
    /// For the request with this number, whose prompt has so many tokens.
    pub fn new(number: u64, ask: &Ask, prompt_tokens: usize) -> Self {
        let created = clock::now().as_secs();
        let id = format!("chatcmpl-practice{number:08}");
        let opening = format!(
            "data: {{\"id\":\"{id}\",\"object\":\"chat.completion.chunk\",\"created\":{created},\
             \"model\":\"{}\",\"service_tier\":\"default\",\
             \"system_fingerprint\":\"{FINGERPRINT}\",\"choices\":[",
            model::ID
        );
        let include_usage = ask.include_usage;
        let closing = if include_usage { "],\"usage\":null}\n\n" } else { "]}\n\n" };
        let (choices, logprobs) = (ask.choices, ask.candidates.is_some());
        Self { id, created, prompt_tokens, include_usage, choices, logprobs, opening, closing }
    }

    fn chunk(&self, frames: &mut Frames, choice: usize, delta: &str, rest: &str) {
        let index = choice.to_string();
        let head = [self.opening.as_str(), "{\"index\":", &index, ",\"delta\":", delta];
        frames.push(&[&head[..], &[rest, self.closing]].concat());
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

    fn message(&self, index: usize, choice: &Choice) -> Value {
        let logprobs = self
            .logprobs
            .then(|| json!({ "content": openai::logprobs(&choice.chances), "refusal": null }));
        json!({
            "index": index,
            "message": {
                "role": "assistant",
                "content": choice.text,
                "refusal": null,
                "annotations": [],
            },
            "logprobs": logprobs,
            "finish_reason": reason(&choice.ending),
        })
    }
}

impl Writer for Wire {
    fn stream_type(&self) -> &'static str {
        "text/event-stream; charset=utf-8"
    }

    /// Who speaks.
    fn open(&mut self, frames: &mut Frames) {
        let delta = r#"{"role":"assistant","content":"","refusal":null}"#;
        let rest = match self.logprobs {
            true => r#","logprobs":{"content":[],"refusal":null},"finish_reason":null}"#,
            false => r#","logprobs":null,"finish_reason":null}"#,
        };
        (0..self.choices).for_each(|choice| self.chunk(frames, choice, delta, rest));
    }

    fn text(&mut self, frames: &mut Frames, choice: usize, piece: &Piece) {
        let logprobs = match self.logprobs {
            true => json!({ "content": openai::logprobs(&piece.chances), "refusal": null }),
            false => Value::Null,
        };
        let text = Value::from(piece.text.as_str());
        let rest = format!(",\"logprobs\":{logprobs},\"finish_reason\":null}}");
        self.chunk(frames, choice, &format!("{{\"content\":{text}}}"), &rest);
    }

    /// Why each choice ended, what they used where that was asked for, and `[DONE]`.
    fn close(&mut self, frames: &mut Frames, endings: &[Ending]) {
        for (choice, ending) in endings.iter().enumerate() {
            let rest = format!(",\"logprobs\":null,\"finish_reason\":\"{}\"}}", reason(ending));
            self.chunk(frames, choice, "{}", &rest);
        }
        if self.include_usage {
            let usage = self.usage(made(endings)).to_string();
            frames.push(&[&self.opening, "],\"usage\":", &usage, "}\n\n"]);
        }
        frames.push(&["data: [DONE]\n\n"]);
    }

    fn fail(&mut self, frames: &mut Frames) {
        frames.data(&openai::Error::broken().body());
    }

    fn garbage(&mut self, frames: &mut Frames) {
        frames.push(&[&self.opening, "{\"index\":0,\"delta\":{\"con\u{fffd}\n\n"]);
    }

    fn whole(&mut self, choices: &[Choice]) -> (&'static str, String) {
        let messages =
            choices.iter().enumerate().map(|(index, choice)| self.message(index, choice));
        let body = json!({
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": model::ID,
            "choices": messages.collect::<Vec<_>>(),
            "usage": self.usage(choices.iter().map(|choice| choice.ending.made).sum()),
            "service_tier": "default",
            "system_fingerprint": FINGERPRINT,
        });
        ("application/json", body.to_string())
    }
}

fn made(endings: &[Ending]) -> usize {
    endings.iter().map(|ending| ending.made).sum()
}

fn reason(ending: &Ending) -> &'static str {
    match ending.finish {
        Finish::Length => "length",
        Finish::Stop => "stop",
    }
}
