//! The JSON of a reply: whole, or event by event, each with its number.

use serde_json::{Map, Value, json};

use crate::{
    clock,
    dialects::{Ask, Choice, Writer, openai},
    frames::Frames,
    generation::{Chance, Ending, Finish, Piece},
    model,
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
    ("temperature", "1.0"),
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
    item: String,
    created: u64,
    prompt_tokens: usize,
    logprobs: bool,
    echo: Map<String, Value>,
    sequence: u64,
    text: String,
    chances: Vec<Chance>,
}

/// The id of the reply to the request with this number.
pub fn id(number: u64) -> String {
    format!("resp_practice{number:08}")
}

impl Wire {
    /// For the request with this number and body, whose prompt has so many tokens.
    pub fn new(number: u64, body: &Value, ask: &Ask, prompt_tokens: usize) -> Self {
        let echo = ECHOED.iter().map(|(name, default)| {
            let given = body.get(name).filter(|value| !value.is_null());
            let default = || serde_json::from_str(default).unwrap_or_default();
            ((*name).to_owned(), given.cloned().unwrap_or_else(default))
        });
        Self {
            id: id(number),
            item: format!("msg_practice{number:08}"),
            created: clock::now().as_secs(),
            prompt_tokens,
            logprobs: ask.candidates.is_some(),
            echo: echo.collect(),
            sequence: 0,
            text: String::new(),
            chances: Vec::new(),
        }
    }

    /// Adds an event: its type, its number, then these fields.
    fn event(&mut self, frames: &mut Frames, kind: &str, fields: Value) {
        let mut event = json!({ "type": kind, "sequence_number": self.sequence });
        if let (Some(event), Value::Object(fields)) = (event.as_object_mut(), fields) {
            event.extend(fields);
        }
        self.sequence += 1;
        frames.event(&event);
    }

    /// The same of the one item, or of its one part.
    fn part_event(&mut self, frames: &mut Frames, kind: &str, fields: Value) {
        let mut place = json!({ "item_id": self.item, "output_index": 0, "content_index": 0 });
        if let (Some(place), Value::Object(fields)) = (place.as_object_mut(), fields) {
            place.extend(fields);
        }
        self.event(frames, kind, place);
    }

    fn part(&self) -> Value {
        let logprobs = openai::logprobs(&self.chances);
        json!({ "type": "output_text", "annotations": [], "logprobs": logprobs, "text": self.text })
    }

    fn item(&self, status: &str, content: Value) -> Value {
        json!({
            "id": self.item,
            "type": "message",
            "status": status,
            "content": content,
            "role": "assistant",
        })
    }

    fn response(&self, status: &str, output: Value, ending: Option<&Ending>) -> Value {
        let reason = (status == "incomplete").then(|| json!({ "reason": "max_output_tokens" }));
        let mut response = json!({
            "id": self.id,
            "object": "response",
            "created_at": self.created,
            "status": status,
            "background": false,
            "error": null,
            "incomplete_details": reason,
            "model": model::ID,
            "output": output,
            "reasoning": { "effort": null, "summary": null },
            "usage": ending.map(|ending| self.usage(ending.made)),
        });
        if let Some(response) = response.as_object_mut() {
            response.extend(self.echo.clone());
        }
        response
    }

    fn usage(&self, output_tokens: usize) -> Value {
        json!({
            "input_tokens": self.prompt_tokens,
            "input_tokens_details": { "cached_tokens": 0, "cache_write_tokens": 0 },
            "output_tokens": output_tokens,
            "output_tokens_details": { "reasoning_tokens": 0 },
            "total_tokens": self.prompt_tokens + output_tokens,
        })
    }
}

impl Writer for Wire {
    fn stream_type(&self) -> &'static str {
        "text/event-stream; charset=utf-8"
    }

    fn open(&mut self, frames: &mut Frames) {
        for kind in ["response.created", "response.in_progress"] {
            let response = self.response("in_progress", json!([]), None);
            self.event(frames, kind, json!({ "response": response }));
        }
        let item = self.item("in_progress", json!([]));
        let added = json!({ "output_index": 0, "item": item });
        self.event(frames, "response.output_item.added", added);
        let part = self.part();
        self.part_event(frames, "response.content_part.added", json!({ "part": part }));
    }

    fn text(&mut self, frames: &mut Frames, _choice: usize, piece: &Piece) {
        self.text.push_str(&piece.text);
        let logprobs = openai::logprobs(&piece.chances);
        self.chances.extend(piece.chances.iter().filter(|_| self.logprobs).cloned());
        let delta = json!({ "delta": piece.text, "logprobs": logprobs });
        self.part_event(frames, "response.output_text.delta", delta);
    }

    fn close(&mut self, frames: &mut Frames, endings: &[Ending]) {
        let done = json!({ "text": self.text, "logprobs": openai::logprobs(&self.chances) });
        self.part_event(frames, "response.output_text.done", done);
        let part = self.part();
        self.part_event(frames, "response.content_part.done", json!({ "part": part }));
        for ending in endings {
            let status = status(ending);
            let item = self.item(status, json!([self.part()]));
            let done = json!({ "output_index": 0, "item": item });
            self.event(frames, "response.output_item.done", done);
            let response = self.response(status, json!([item]), Some(ending));
            self.event(frames, &format!("response.{status}"), json!({ "response": response }));
        }
    }

    /// An `error`, and the response as it failed. The published schema has the error's fields
    /// in the event itself; on the wire they were seen within `error`.
    fn fail(&mut self, frames: &mut Frames) {
        let error = openai::Error::broken().object();
        self.event(frames, "error", json!({ "error": error }));
        let item = self.item("incomplete", json!([self.part()]));
        let mut response = self.response("failed", json!([item]), None);
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
        let output = choices.iter().map(|choice| {
            self.text.clone_from(&choice.text);
            self.chances.clone_from(&choice.chances);
            self.item(status(&choice.ending), json!([self.part()]))
        });
        let output: Value = output.collect();
        let ending = choices.first().map(|choice| &choice.ending);
        let status = ending.map_or("completed", status);
        ("application/json", self.response(status, output, ending).to_string())
    }
}

fn status(ending: &Ending) -> &'static str {
    match ending.finish {
        Finish::Length => "incomplete",
        Finish::Stop => "completed",
    }
}
