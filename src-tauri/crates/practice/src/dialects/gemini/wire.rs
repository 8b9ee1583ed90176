//! The JSON of a reply: whole, as events, or as one array that is written bit by bit.

use serde_json::{Value, json};

use super::{JSON, error::Error};
use crate::{
    dialects::{Ask, Choice, Writer},
    frames::Frames,
    generation::{Chance, Ending, Finish, Piece},
    model, tokens,
};

/// Writes the chunks and the body of one reply. Each chunk is a whole response with the new
/// parts only, and with the usage so far.
#[derive(Debug)]
pub struct Wire {
    id: String,
    array: bool,
    /// Nothing of the array has been written.
    untouched: bool,
    prompt_tokens: usize,
    logprobs: bool,
    /// How many tokens each candidate has so far.
    made: Vec<usize>,
}

impl Wire {
    /// For the request with this number, whose prompt has so many tokens.
    pub fn new(number: u64, array: bool, ask: &Ask, prompt_tokens: usize) -> Self {
        Self {
            id: format!("practice{number:08}"),
            array,
            untouched: true,
            prompt_tokens,
            logprobs: ask.candidates.is_some(),
            made: vec![0; ask.choices],
        }
    }

    fn response(&self, candidates: Vec<Value>) -> Value {
        let made: usize = self.made.iter().sum();
        json!({
            "candidates": candidates,
            "usageMetadata": {
                "promptTokenCount": self.prompt_tokens,
                "candidatesTokenCount": made,
                "totalTokenCount": self.prompt_tokens + made,
                "promptTokensDetails": [
                    { "modality": "TEXT", "tokenCount": self.prompt_tokens },
                ],
                "serviceTier": "standard",
            },
            "modelVersion": model::ID,
            "responseId": self.id,
        })
    }

    fn candidate(&self, index: usize, text: &str, chances: &[Chance]) -> Value {
        let mut candidate = json!({
            "content": { "parts": [{ "text": text }], "role": "model" },
            "index": index,
        });
        if self.logprobs && !chances.is_empty() {
            candidate["avgLogprobs"] = average(chances).into();
            candidate["logprobsResult"] = logprobs(chances);
        }
        candidate
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
            *made = piece.made;
        }
        let candidate = self.candidate(choice, &piece.text, &piece.chances);
        let response = self.response(vec![candidate]);
        self.chunk(frames, &response, "");
    }

    /// One last chunk, with an empty text and why each candidate ended.
    fn close(&mut self, frames: &mut Frames, endings: &[Ending]) {
        self.made = endings.iter().map(|ending| ending.made).collect();
        let candidates = endings.iter().enumerate().map(|(index, ending)| {
            let mut candidate = self.candidate(index, "", &[]);
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
        self.made = choices.iter().map(|choice| choice.ending.made).collect();
        let candidates = choices.iter().enumerate().map(|(index, choice)| {
            let mut candidate = self.candidate(index, &choice.text, &choice.chances);
            candidate["finishReason"] = reason(&choice.ending).into();
            candidate
        });
        let response = self.response(candidates.collect());
        (JSON, pretty(&response) + "\n")
    }
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
