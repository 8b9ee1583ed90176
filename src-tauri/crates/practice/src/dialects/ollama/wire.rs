//! The JSON of a reply: whole, or line by line.

use std::time::Instant;

use serde_json::{Value, json};

use super::{GENERATE, JSON, error::Error};
use crate::{
    clock,
    dialects::{Ask, Call, Choice, Writer, openai},
    frames::Frames,
    generation::{Ending, Finish, Piece},
};

/// How long the model is said to have taken to load.
const LOAD_NANOSECONDS: u64 = 1_334_875;

/// Writes the lines and the body of one reply.
#[derive(Debug)]
pub struct Wire {
    model: String,
    /// The text is `response`, and not the content of a `message`.
    generates: bool,
    /// A request without a prompt lets the model go, and does not load it.
    unloads: bool,
    prompt_tokens: usize,
    logprobs: bool,
    start: Instant,
    /// When the first text came.
    first: Option<Instant>,
}

impl Wire {
    /// For a request whose prompt has so many tokens.
    pub fn new(call: &Call, ask: &Ask, prompt_tokens: usize) -> Self {
        Self {
            model: call.body["model"].as_str().unwrap_or(call.card.id).to_owned(),
            generates: call.head.path == GENERATE,
            unloads: call.body["keep_alive"] == 0,
            prompt_tokens,
            logprobs: ask.candidates.is_some(),
            start: call.head.at,
            first: None,
        }
    }

    /// A line with these words; nothing says that there are no thoughts.
    fn line(&self, content: &str, thought: &str) -> Value {
        let mut line = json!({
            "model": self.model,
            "created_at": clock::rfc3339_nanoseconds(clock::now()),
        });
        if self.generates {
            line["response"] = content.into();
        } else {
            line["message"] = json!({ "role": "assistant", "content": content });
        }
        if !thought.is_empty() {
            let place = if self.generates { &mut line } else { &mut line["message"] };
            place["thinking"] = thought.into();
        }
        line["done"] = false.into();
        line
    }

    /// Adds why it ended, and what it took. Counters that are 0 are left out.
    fn finish(&self, line: &mut Value, ending: Option<&Ending>) {
        line["done"] = true.into();
        let Some(ending) = ending else {
            line["done_reason"] = if self.unloads { "unload".into() } else { "load".into() };
            return;
        };
        let first = self.first.unwrap_or_else(Instant::now);
        let nanoseconds = |from: Instant, to: Instant| {
            u64::try_from(to.saturating_duration_since(from).as_nanos()).unwrap_or(u64::MAX)
        };
        line["done_reason"] = match ending.finish {
            Finish::Length => "length".into(),
            Finish::Stop => "stop".into(),
        };
        let now = Instant::now();
        let counters = [
            ("total_duration", nanoseconds(self.start, now)),
            ("load_duration", LOAD_NANOSECONDS),
            ("prompt_eval_count", self.prompt_tokens as u64),
            ("prompt_eval_duration", nanoseconds(self.start, first)),
            ("eval_count", ending.made as u64),
            ("eval_duration", nanoseconds(first, now)),
        ];
        for (name, number) in counters.into_iter().filter(|(_, number)| *number > 0) {
            line[name] = number.into();
        }
    }
}

impl Writer for Wire {
    fn stream_type(&self) -> &'static str {
        "application/x-ndjson"
    }

    fn open(&mut self, _frames: &mut Frames) {}

    fn text(&mut self, frames: &mut Frames, _choice: usize, piece: &Piece) {
        self.first.get_or_insert_with(Instant::now);
        let (content, thought) = match piece.is_thought {
            true => ("", piece.text.as_str()),
            false => (piece.text.as_str(), ""),
        };
        let mut line = self.line(content, thought);
        if self.logprobs {
            line["logprobs"] = openai::logprobs(&piece.chances);
        }
        frames.push(&[&line.to_string(), "\n"]);
    }

    fn close(&mut self, frames: &mut Frames, endings: &[Ending]) {
        let mut line = self.line("", "");
        self.finish(&mut line, endings.first());
        frames.push(&[&line.to_string(), "\n"]);
    }

    fn fail(&mut self, frames: &mut Frames) {
        frames.push(&[&Error::interrupted().body().to_string(), "\n"]);
    }

    fn garbage(&mut self, frames: &mut Frames) {
        frames.push(&["{\"model\":\"", &self.model, "\",\"created_\u{fffd}\n"]);
    }

    fn whole(&mut self, choices: &[Choice]) -> (&'static str, String) {
        self.first = choices.first().map(|choice| choice.begun);
        let said = choices.first().map(|choice| (choice.text.as_str(), choice.thought.as_str()));
        let (content, thought) = said.unwrap_or_default();
        let mut line = self.line(content, thought);
        if let Some(choice) = choices.first().filter(|_| self.logprobs) {
            line["logprobs"] = openai::logprobs(&choice.chances);
        }
        self.finish(&mut line, choices.first().map(|choice| &choice.ending));
        (JSON, line.to_string())
    }
}

#[cfg(test)]
mod tests;
