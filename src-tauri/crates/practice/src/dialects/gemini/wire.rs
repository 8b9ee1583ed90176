//! The JSON of a reply: whole, as events, or as one array that is written bit by bit.

use serde_json::{Value, json};

use super::{JSON, error::Error, in_array, request};
use crate::{
    dialects::{Ask, Call, Choice, Writer},
    frames::Frames,
    generation::{Chance, Ending, Finish, Piece},
    tokens,
};

/// Writes the chunks and the body of one reply. Each chunk is a whole response with the new
/// parts only, and with the usage so far.
#[derive(Debug)]
pub struct Wire {
    model: &'static str,
    id: String,
    array: bool,
    /// Nothing of the array has been written.
    untouched: bool,
    prompt_tokens: usize,
    logprobs: bool,
    /// Thoughts are told, and not only counted.
    tells_thoughts: bool,
    /// What each candidate has so far.
    made: Vec<Made>,
}

/// How many tokens have been made.
#[derive(Debug, Clone, Copy, Default)]
struct Made {
    all: usize,
    /// How many of them are thoughts.
    thought: usize,
}

impl From<&Ending> for Made {
    fn from(ending: &Ending) -> Self {
        Self { all: ending.made, thought: ending.thought }
    }
}

impl Wire {
    /// Of a reply to a prompt of so many tokens.
    pub fn new(call: &Call, ask: &Ask, prompt_tokens: usize) -> Self {
        Self {
            model: call.card.id,
            id: format!("practice{:08}", call.head.number),
            array: in_array(call.head),
            untouched: true,
            prompt_tokens,
            logprobs: ask.candidates.is_some(),
            tells_thoughts: request::tells_thoughts(call.body),
            made: vec![Made::default(); ask.choices],
        }
    }

    fn response(&self, candidates: Vec<Value>) -> Value {
        json!({
            "candidates": candidates,
            "usageMetadata": self.usage(),
            "modelVersion": self.model,
            "responseId": self.id,
        })
    }

    /// Thoughts are counted beside the candidates, and both are part of the total. Where there
    /// have been thoughts alone, the count of the candidates is missing.
    fn usage(&self) -> Value {
        let all: usize = self.made.iter().map(|made| made.all).sum();
        let thoughts: usize = self.made.iter().map(|made| made.thought).sum();
        let said = all.saturating_sub(thoughts);
        let mut usage = json!({ "promptTokenCount": self.prompt_tokens });
        if said > 0 || thoughts == 0 {
            usage["candidatesTokenCount"] = said.into();
        }
        usage["totalTokenCount"] = (self.prompt_tokens + all).into();
        usage["promptTokensDetails"] =
            json!([{ "modality": "TEXT", "tokenCount": self.prompt_tokens }]);
        if thoughts > 0 {
            usage["thoughtsTokenCount"] = thoughts.into();
        }
        usage["serviceTier"] = "standard".into();
        usage
    }

    fn candidate(&self, index: usize, parts: Vec<Value>, chances: &[Chance]) -> Value {
        let mut candidate = json!({ "content": { "role": "model" }, "index": index });
        if !parts.is_empty() {
            candidate["content"] = json!({ "parts": parts, "role": "model" });
        }
        if self.logprobs && !chances.is_empty() {
            candidate["avgLogprobs"] = average(chances).into();
            candidate["logprobsResult"] = logprobs(chances);
        }
        candidate
    }

    /// The parts of a candidate that is written in one piece. Without a word, because the
    /// thoughts have used all tokens up, it has none.
    fn parts(&self, choice: &Choice) -> Vec<Value> {
        let is_told = self.tells_thoughts && !choice.thought.is_empty();
        let thought = is_told.then(|| thought_part(&choice.thought));
        let says = !choice.text.is_empty() || choice.ending.thought == 0;
        let text = says.then(|| json!({ "text": choice.text }));
        let signature = (choice.ending.thought > 0 && says).then(|| self.signature());
        thought.into_iter().chain(text).chain(signature).collect()
    }

    /// What shows that the thoughts have not been changed when they come back.
    fn signature(&self) -> Value {
        json!({ "text": "", "thoughtSignature": self.id })
    }

    fn chunk(&mut self, frames: &mut Frames, value: &Value, end: &str) {
        if self.array {
            let start = if std::mem::take(&mut self.untouched) { "[" } else { "\n,\n" };
            frames.push(&[start, &pretty(value), end]);
        } else {
            frames.push(&["data: ", &value.to_string(), "\r\n\r\n"]);
        }
    }
}

impl Writer for Wire {
    fn stream_type(&self) -> &'static str {
        if self.array { JSON } else { "text/event-stream" }
    }

    fn open(&mut self, _frames: &mut Frames) {}

    fn text(&mut self, frames: &mut Frames, choice: usize, piece: &Piece) {
        if let Some(made) = self.made.get_mut(choice) {
            made.all = piece.made;
            if piece.is_thought {
                made.thought = piece.made;
            }
        }
        let part = match piece.is_thought {
            true if !self.tells_thoughts => return,
            true => thought_part(&piece.text),
            false => json!({ "text": piece.text }),
        };
        let candidate = self.candidate(choice, vec![part], &piece.chances);
        let response = self.response(vec![candidate]);
        self.chunk(frames, &response, "");
    }

    /// One last chunk, with an empty text and why each candidate ended.
    fn close(&mut self, frames: &mut Frames, endings: &[Ending]) {
        self.made = endings.iter().map(Made::from).collect();
        let candidates = endings.iter().enumerate().map(|(index, ending)| {
            let parts = match (ending.thought, ending.made.saturating_sub(ending.thought)) {
                (0, _) => vec![json!({ "text": "" })],
                (_, 0) => Vec::new(),
                _ => vec![self.signature()],
            };
            let mut candidate = self.candidate(index, parts, &[]);
            candidate["finishReason"] = reason(ending).into();
            candidate
        });
        let response = self.response(candidates.collect());
        self.chunk(frames, &response, "\n]");
    }

    /// In a stream of events the error comes as it is, over several lines and without `data:`.
    fn fail(&mut self, frames: &mut Frames) {
        let error = Error::overloaded().body();
        if self.array {
            self.chunk(frames, &error, "\n]");
        } else {
            frames.push(&[&pretty(&error).replace('\n', "\r\n"), "\r\n"]);
        }
    }

    fn garbage(&mut self, frames: &mut Frames) {
        if self.array {
            frames.push(&["\n,\n{\n  \"candidates\": [\u{fffd}"]);
        } else {
            frames.push(&["data: {\"candidates\": [{\"content\": {\"par\u{fffd}\r\n\r\n"]);
        }
    }

    fn whole(&mut self, choices: &[Choice]) -> (&'static str, String) {
        self.made = choices.iter().map(|choice| Made::from(&choice.ending)).collect();
        let candidates = choices.iter().enumerate().map(|(index, choice)| {
            let mut candidate = self.candidate(index, self.parts(choice), &choice.chances);
            candidate["finishReason"] = reason(&choice.ending).into();
            candidate
        });
        let response = self.response(candidates.collect());
        (JSON, pretty(&response) + "\n")
    }
}

fn thought_part(text: &str) -> Value {
    json!({ "text": text, "thought": true })
}

fn average(chances: &[Chance]) -> f64 {
    let sum: f64 = chances.iter().map(|chance| chance.probability.ln()).sum();
    sum / chances.len() as f64
}

fn logprobs(chances: &[Chance]) -> Value {
    let candidate = |token: u32, probability: f64| {
        let text = String::from_utf8_lossy(tokens::bytes(token));
        json!({ "token": text, "tokenId": token, "logProbability": probability.ln() })
    };
    let chosen = chances.iter().map(|chance| candidate(chance.token, chance.probability));
    let top = chances.iter().map(|chance| {
        let candidates = chance.candidates.iter().map(|(token, chance)| candidate(*token, *chance));
        json!({ "candidates": candidates.collect::<Vec<_>>() })
    });
    let (chosen, top): (Vec<_>, Vec<_>) = (chosen.collect(), top.collect());
    json!({ "chosenCandidates": chosen, "topCandidates": top })
}

fn reason(ending: &Ending) -> &'static str {
    match ending.finish {
        Finish::Length => "MAX_TOKENS",
        Finish::Stop => "STOP",
    }
}

/// JSON over several lines, as the service writes it.
pub fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}

#[cfg(test)]
mod tests;
