//! The JSON of a reply: whole, or chunk by chunk.
//!
//! The parts of a chunk that never change are written once; only the text is escaped for
//! each. That is what makes a long reply cheap.

use serde_json::{Value, json};

use crate::{
    clock,
    dialects::{Ask, Call, Choice, Writer, openai},
    frames::Frames,
    generation::{Ending, Finish, Piece},
};

/// What holds the words of a thought. OpenAI never shows them; DeepSeek, llama.cpp and vLLM, which
/// speak its format, write them so.
const THOUGHT: &str = "reasoning_content";

/// Writes the frames and the body of one reply.
#[derive(Debug)]
pub struct Wire {
    id: String,
    model: &'static str,
    /// Told with each reply, so that one can see when the model has changed.
    fingerprint: String,
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
    /// For a request whose prompt has so many tokens.
    pub fn new(call: &Call, ask: &Ask, prompt_tokens: usize) -> Self {
        let created = clock::now().as_secs();
        let id = format!("chatcmpl-practice{:08}", call.head.number);
        let model = call.card.id;
        let fingerprint = format!("fp_{}", model.replace('-', "_"));
        let opening = format!(
            "data: {{\"id\":\"{id}\",\"object\":\"chat.completion.chunk\",\"created\":{created},\
             \"model\":\"{model}\",\"service_tier\":\"default\",\
             \"system_fingerprint\":\"{fingerprint}\",\"choices\":["
        );
        let include_usage = ask.include_usage;
        let closing = if include_usage { "],\"usage\":null}\n\n" } else { "]}\n\n" };
        let (choices, logprobs) = (ask.choices, ask.candidates.is_some());
        Self {
            id,
            model,
            fingerprint,
            created,
            prompt_tokens,
            include_usage,
            choices,
            logprobs,
            opening,
            closing,
        }
    }

    fn chunk(&self, frames: &mut Frames, choice: usize, delta: &str, rest: &str) {
        let index = choice.to_string();
        let head = [self.opening.as_str(), "{\"index\":", &index, ",\"delta\":", delta];
        frames.push(&[&head[..], &[rest, self.closing]].concat());
    }

    /// What all choices used together. Thoughts are a part of what was made.
    fn usage<'a>(&self, endings: impl Iterator<Item = &'a Ending>) -> Value {
        let (completion_tokens, reasoning_tokens) =
            endings.fold((0, 0), |(made, thought), it| (made + it.made, thought + it.thought));
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
                "reasoning_tokens": reasoning_tokens,
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
        let mut message = json!({
            "role": "assistant",
            "content": choice.text,
            "refusal": null,
            "annotations": [],
        });
        if !choice.thought.is_empty() {
            message[THOUGHT] = choice.thought.as_str().into();
        }
        json!({
            "index": index,
            "message": message,
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
        let logprobs = match self.logprobs && !piece.is_thought {
            true => json!({ "content": openai::logprobs(&piece.chances), "refusal": null }),
            false => Value::Null,
        };
        let name = if piece.is_thought { THOUGHT } else { "content" };
        let text = Value::from(piece.text.as_str());
        let rest = format!(",\"logprobs\":{logprobs},\"finish_reason\":null}}");
        self.chunk(frames, choice, &format!("{{\"{name}\":{text}}}"), &rest);
    }

    /// Why each choice ended, what they used where that was asked for, and `[DONE]`.
    fn close(&mut self, frames: &mut Frames, endings: &[Ending]) {
        for (choice, ending) in endings.iter().enumerate() {
            let rest = format!(",\"logprobs\":null,\"finish_reason\":\"{}\"}}", reason(ending));
            self.chunk(frames, choice, "{}", &rest);
        }
        if self.include_usage {
            let usage = self.usage(endings.iter()).to_string();
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
            "model": self.model,
            "choices": messages.collect::<Vec<_>>(),
            "usage": self.usage(choices.iter().map(|choice| &choice.ending)),
            "service_tier": "default",
            "system_fingerprint": self.fingerprint,
        });
        ("application/json", body.to_string())
    }
}

fn reason(ending: &Ending) -> &'static str {
    match ending.finish {
        Finish::Length => "length",
        Finish::Stop => "stop",
    }
}

#[cfg(test)]
mod tests;
