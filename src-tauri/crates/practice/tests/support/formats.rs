//! Every wire format as its documentation has it: how to ask, and how to read what comes.
//!
//! Written from the documentation and not from the server's code, for each is to check the
//! other. A format that the server knows and this table does not fails a test.

mod anthropic;
mod gemini;
mod ollama;
mod openai_chat;
mod openai_responses;

use serde_json::Value;

/// A question, in no format yet.
#[derive(Debug, Clone)]
pub struct Asked {
    pub model: String,
    pub key: String,
    pub system: Option<&'static str>,
    /// Who says what: `user` or `assistant`.
    pub messages: Vec<(&'static str, String)>,
    pub max_tokens: Option<u32>,
    pub stop: Option<&'static str>,
    /// `None` is the model's own; only 0 has the same reply each time.
    pub temperature: Option<f64>,
    pub stream: bool,
}

impl Asked {
    pub fn question(text: &str) -> Self {
        Self {
            model: "practice-1".to_owned(),
            key: "practice-key".to_owned(),
            system: None,
            messages: vec![("user", text.to_owned())],
            max_tokens: None,
            stop: None,
            temperature: None,
            stream: false,
        }
    }

    pub fn streamed(self, stream: bool) -> Self {
        Self { stream, ..self }
    }

    /// The likeliest reply.
    pub fn calm(self) -> Self {
        Self { temperature: Some(0.0), ..self }
    }

    pub fn of_model(self, model: &str) -> Self {
        Self { model: model.to_owned(), ..self }
    }
}

/// A request. `body` is `None` for a GET.
#[derive(Debug, Clone)]
pub struct Request {
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Option<Value>,
}

/// A reply as its reader understands it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    pub text: String,
    /// `stop`, `length`, or the format's own word for anything else.
    pub finish: Option<String>,
    pub input_tokens: Option<u64>,
    pub output_tokens: Option<u64>,
    /// What tells that nothing is missing has come.
    pub complete: bool,
    /// The message of an error within the reply.
    pub error: Option<String>,
    /// Frames that could not be read.
    pub garbage: usize,
}

/// An error as its reader understands it.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    pub message: String,
    /// The format's own name for the kind.
    pub kind: Option<String>,
    /// How long to wait, in seconds, where the body says so.
    pub wait: Option<String>,
}

/// Writes a request.
type Ask = fn(&Asked) -> Request;

/// A wire format.
pub struct Format {
    /// As the server calls it.
    pub name: &'static str,
    pub ask: Ask,
    pub whole: fn(&Value) -> Said,
    pub stream: fn(&[u8]) -> Said,
    pub refused: fn(&Value) -> Refused,
    /// How many tokens a prompt has: the request, and where the answer is.
    pub count: Option<(Ask, &'static str)>,
    /// The list of models: its address, and where the first id is.
    pub models: (&'static str, &'static str),
    /// Status and kind for a wrong key, where keys matter, and for an unknown model.
    pub wrong_key: Option<(u16, &'static str)>,
    pub missing_key: Option<(u16, &'static str)>,
    pub unknown_model: (u16, &'static str),
    /// Whether the wait of a 429 is in the header `retry-after`, else in the body.
    pub waits_in_header: bool,
    pub has_stop: bool,
    /// Fields that ask for JSON by the schema `SCHEMA`.
    pub by_schema: &'static str,
    /// Fields that ask for any JSON, where the format can.
    pub any_json: Option<&'static str>,
    /// Fields that offer a tool, and those that demand that it is called; `None` where a model
    /// without tools refuses them.
    pub tools: Option<(&'static str, &'static str)>,
    /// A field that asks the model to think.
    pub thinking: &'static str,
    /// Headers that every response carries.
    pub headers: &'static [&'static str],
}

impl std::fmt::Debug for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

pub const FORMATS: &[&Format] = &[
    &openai_chat::FORMAT,
    &openai_responses::FORMAT,
    &anthropic::FORMAT,
    &gemini::FORMAT,
    &ollama::FORMAT,
];

/// The data of each event of an event stream; those that are no JSON are counted.
pub fn events(bytes: &[u8]) -> (Vec<Value>, usize) {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let mut garbage = 0;
    let mut values = Vec::new();
    for line in text.lines() {
        let Some(data) = line.strip_prefix("data: ") else { continue };
        match serde_json::from_str(data) {
            Ok(value) => values.push(value),
            Err(_) if data == "[DONE]" => values.push(Value::from("[DONE]")),
            Err(_) => garbage += 1,
        }
    }
    (values, garbage)
}

/// A text in JSON, or "".
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
