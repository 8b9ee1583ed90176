//! The JSON of a reply: whole, or event by event, each with its number.

use serde_json::{Map, Value, json};

use super::output::Output;
use crate::{
    clock,
    dialects::{Ask, Call, Choice, Writer, openai},
    frames::Frames,
    generation::{Ending, Finish, Piece},
};

/// Fields of the request that the response repeats, and what they are if they are absent.
const ECHOED: &[(&str, &str)] = &[
    ("instructions", "null"),
    ("max_output_tokens", "null"),
    ("metadata", "{}"),
    ("parallel_tool_calls", "true"),
    ("previous_response_id", "null"),
    ("service_tier", "\"default\""),
    ("store", "true"),
    ("text", "{\"format\":{\"type\":\"text\"},\"verbosity\":\"medium\"}"),
    ("tool_choice", "\"auto\""),
    ("tools", "[]"),
    ("top_logprobs", "0"),
    ("top_p", "1.0"),
    ("truncation", "\"disabled\""),
    ("user", "null"),
];

/// Writes the events and the body of one reply.
#[derive(Debug)]
pub struct Wire {
    id: String,
    model: &'static str,
    created: u64,
    prompt_tokens: usize,
    echo: Map<String, Value>,
    sequence: u64,
    stage: Stage,
    output: Output,
}

/// Which item is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Thinking,
    /// The summary of a thought has begun.
    Telling,
    Answering,
}

/// The id of the reply to the request with this number.
pub fn id(number: u64) -> String {
    format!("resp_practice{number:08}")
}

impl Wire {
    /// For a request whose prompt has so many tokens.
    pub fn new(call: &Call, ask: &Ask, prompt_tokens: usize) -> Self {
        Self {
            id: id(call.head.number),
            model: call.card.id,
            created: clock::now().as_secs(),
            prompt_tokens,
            echo: echo(call, ask),
            sequence: 0,
            stage: Stage::Thinking,
            output: Output::new(call, ask),
        }
    }

    /// Adds an event: its type, its number, then these fields.
    fn event(&mut self, frames: &mut Frames, kind: &str, fields: Value) {
        let event = json!({ "type": kind, "sequence_number": self.sequence });
        self.sequence += 1;
        frames.event(&with(event, fields));
    }

    /// The same of the message, or of its one part.
    fn part_event(&mut self, frames: &mut Frames, kind: &str, fields: Value) {
        let index = self.output.message_index();
        let place = json!({
            "item_id": self.output.message_id, "output_index": index, "content_index": 0,
        });
        self.event(frames, kind, with(place, fields));
    }

    /// The same of the one part of what is told of a thought.
    fn summary_event(&mut self, frames: &mut Frames, kind: &str, fields: Value) {
        let Some(thought) = &self.output.thought else { return };
        let place = json!({ "item_id": thought.id, "output_index": 0, "summary_index": 0 });
        self.event(frames, &format!("response.reasoning_summary_{kind}"), with(place, fields));
    }

    fn think(&mut self, frames: &mut Frames, text: &str) {
        let Some(thought) = &mut self.output.thought else { return };
        let before = thought.part();
        thought.text.push_str(text);
        if !thought.is_told {
            return;
        }
        if self.stage == Stage::Thinking {
            self.stage = Stage::Telling;
            self.summary_event(frames, "part.added", json!({ "part": before }));
        }
        self.summary_event(frames, "text.delta", json!({ "delta": text }));
    }

    /// Ends the thought, if there is one.
    fn end_thought(&mut self, frames: &mut Frames) {
        let Some(thought) = &self.output.thought else { return };
        let (part, text, item) = (thought.part(), thought.text.clone(), thought.item());
        if self.stage == Stage::Telling {
            self.summary_event(frames, "text.done", json!({ "text": text }));
            self.summary_event(frames, "part.done", json!({ "part": part }));
        }
        let done = json!({ "output_index": 0, "item": item });
        self.event(frames, "response.output_item.done", done);
    }

    /// Begins the message, once.
    fn answer(&mut self, frames: &mut Frames) {
        if self.stage == Stage::Answering {
            return;
        }
        self.end_thought(frames);
        self.stage = Stage::Answering;
        self.output.has_message = true;
        let item = self.output.message("in_progress", json!([]));
        let added = json!({ "output_index": self.output.message_index(), "item": item });
        self.event(frames, "response.output_item.added", added);
        let part = self.output.part();
        self.part_event(frames, "response.content_part.added", json!({ "part": part }));
    }

    /// Ends the message.
    fn end_answer(&mut self, frames: &mut Frames, status: &str) {
        let (text, part) = (self.output.text().to_owned(), self.output.part());
        let done = json!({ "text": text, "logprobs": self.output.logprobs() });
        self.part_event(frames, "response.output_text.done", done);
        self.part_event(frames, "response.content_part.done", json!({ "part": part }));
        let item = self.output.message(status, json!([part]));
        let done = json!({ "output_index": self.output.message_index(), "item": item });
        self.event(frames, "response.output_item.done", done);
    }

    fn response(&self, status: &str, ending: Option<&Ending>) -> Value {
        let reason = (status == "incomplete").then(|| json!({ "reason": "max_output_tokens" }));
        let response = json!({
            "id": self.id,
            "object": "response",
            "created_at": self.created,
            "status": status,
            "background": false,
            "error": null,
            "incomplete_details": reason,
            "model": self.model,
            "output": self.output.items(status),
            "usage": ending.map(|ending| self.usage(ending)),
        });
        with(response, self.echo.clone().into())
    }

    fn usage(&self, ending: &Ending) -> Value {
        json!({
            "input_tokens": self.prompt_tokens,
            "input_tokens_details": { "cached_tokens": 0, "cache_write_tokens": 0 },
            "output_tokens": ending.made,
            "output_tokens_details": { "reasoning_tokens": ending.thought },
            "total_tokens": self.prompt_tokens + ending.made,
        })
    }
}

/// What a response repeats of its request.
fn echo(call: &Call, ask: &Ask) -> Map<String, Value> {
    let given = |name: &str| call.body.get(name).filter(|value| !value.is_null()).cloned();
    let echo = ECHOED.iter().map(|(name, default)| {
        let default = || serde_json::from_str(default).unwrap_or_default();
        ((*name).to_owned(), given(name).unwrap_or_else(default))
    });
    let temperature = given("temperature").unwrap_or_else(|| ask.sampling.temperature.into());
    let effort = call.card.thinks.then(|| openai::effort_name(ask.effort));
    let summary = &call.body["reasoning"]["summary"];
    let reasoning = json!({ "effort": effort, "summary": summary });
    let own = [("reasoning", reasoning), ("temperature", temperature)];
    echo.chain(own.map(|(name, value)| (name.to_owned(), value))).collect()
}

/// Both objects as one.
fn with(mut object: Value, more: Value) -> Value {
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
    object
}

impl Writer for Wire {
    fn stream_type(&self) -> &'static str {
        "text/event-stream; charset=utf-8"
    }

    fn open(&mut self, frames: &mut Frames) {
        for kind in ["response.created", "response.in_progress"] {
            let mut response = self.response("in_progress", None);
            response["output"] = json!([]);
            self.event(frames, kind, json!({ "response": response }));
        }
        match self.output.thought.as_ref().map(|thought| thought.item()) {
            Some(item) => {
                let added = json!({ "output_index": 0, "item": item });
                self.event(frames, "response.output_item.added", added);
            }
            None => self.answer(frames),
        }
    }

    fn text(&mut self, frames: &mut Frames, _choice: usize, piece: &Piece) {
        if piece.is_thought {
            return self.think(frames, &piece.text);
        }
        self.answer(frames);
        self.output.say(&piece.text, &piece.chances);
        let logprobs = openai::logprobs(&piece.chances);
        let delta = json!({ "delta": piece.text, "logprobs": logprobs });
        self.part_event(frames, "response.output_text.delta", delta);
    }

    /// A limit may have come before there was anything to say.
    fn close(&mut self, frames: &mut Frames, endings: &[Ending]) {
        for ending in endings {
            let status = status(ending);
            if self.stage != Stage::Answering && has_only_thought(ending) {
                self.end_thought(frames);
            } else {
                self.answer(frames);
                self.end_answer(frames, status);
            }
            let response = self.response(status, Some(ending));
            self.event(frames, &format!("response.{status}"), json!({ "response": response }));
        }
    }

    /// An `error`, and the response as it failed. The published schema has the error's fields
    /// in the event itself; on the wire they were seen within `error`.
    fn fail(&mut self, frames: &mut Frames) {
        let error = openai::Error::broken().object();
        self.event(frames, "error", json!({ "error": error }));
        let mut response = self.response("failed", None);
        response["output"] = self.output.items("incomplete");
        response["error"] = json!({ "code": "server_error", "message": error["message"] });
        self.event(frames, "response.failed", json!({ "response": response }));
    }

    fn garbage(&mut self, frames: &mut Frames) {
        frames.push(&[
            "event: response.output_text.delta\n",
            "data: {\"type\":\"response.output_text.delta\",\"seq\u{fffd}\n\n",
        ]);
    }

    fn whole(&mut self, choices: &[Choice]) -> (&'static str, String) {
        for choice in choices {
            self.output.take(choice, !has_only_thought(&choice.ending));
        }
        let ending = choices.first().map(|choice| &choice.ending);
        let status = ending.map_or("completed", status);
        ("application/json", self.response(status, ending).to_string())
    }
}

fn status(ending: &Ending) -> &'static str {
    match ending.finish {
        Finish::Length => "incomplete",
        Finish::Stop => "completed",
    }
}

/// Whether the limit came while the model was still thinking.
fn has_only_thought(ending: &Ending) -> bool {
    ending.finish == Finish::Length && ending.thought > 0 && ending.thought == ending.made
}

#[cfg(test)]
mod tests;
