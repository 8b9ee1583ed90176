//! The wire formats that the server speaks, one module each, and the table of them.
//!
//! A dialect says which addresses are its own, reads a request into an [`Ask`], and writes
//! what was said with a [`Writer`]. It never decides what is said, when, or what fails: that
//! is the same for all. Dialects do not know each other; the two of OpenAI share `openai`.

mod anthropic;
mod effort;
mod fields;
mod gemini;
#[cfg(test)]
mod handmade;
mod ollama;
mod openai;
mod openai_chat;
mod openai_responses;
mod paging;

use std::time::Instant;

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::{
    cards::{Card, Effort},
    form::Form,
    frames::Frames,
    generation::{Chance, Ending, Generation, Piece},
    head::Head,
    json::Json,
    memory::Memory,
    model::{Role, Turn},
    refusal::{Problem, Refusal},
    sampling::Sampling,
    speech::TURN,
};

/// When the models were made, in seconds since 1970: 2026-11-20.
const BORN: u64 = 1_795_132_800;

/// Every dialect. A request belongs to the first whose address it has, else to the first whose
/// clients it comes from, else to the last.
pub static DIALECTS: &[&dyn Dialect] = &[
    &ollama::Ollama,
    &gemini::Gemini,
    &anthropic::Anthropic,
    &openai_responses::OpenAiResponses,
    &openai_chat::OpenAiChat,
];

/// The dialect that a request is written in.
pub fn of(head: &Head) -> &'static dyn Dialect {
    let owner = DIALECTS.iter().find(|dialect| dialect.owns(&head.path));
    let sender = || DIALECTS.iter().find(|dialect| dialect.sent(head));
    *owner.or_else(sender).unwrap_or(&DIALECTS[DIALECTS.len() - 1])
}

/// What is found at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    /// A reply is made. The model may be named by the address, else by the body.
    Reply { model: Option<String> },
    /// The tokens of a prompt are counted.
    Count { model: Option<String> },
    /// What may come next is told.
    Distribution,
    /// The models are listed.
    Models,
    /// One model is described, named by the address or the body.
    Model(Option<String>),
    /// A reply that was made earlier, by its id.
    Earlier(String),
    /// Such a reply is forgotten.
    Forget(String),
    /// A text or document that is always the same.
    Fixed { media_type: &'static str, text: String },
}

impl Door {
    /// How one knocks.
    pub fn method(&self) -> Method {
        match self {
            Self::Reply { .. } | Self::Count { .. } | Self::Distribution | Self::Model(None) => {
                Method::POST
            }
            Self::Models | Self::Model(Some(_)) | Self::Earlier(_) | Self::Fixed { .. } => {
                Method::GET
            }
            Self::Forget(_) => Method::DELETE,
        }
    }

    /// The model, where the address names it.
    pub fn model(&self) -> Option<&str> {
        match self {
            Self::Reply { model } | Self::Count { model } | Self::Model(model) => model.as_deref(),
            Self::Distribution
            | Self::Models
            | Self::Earlier(_)
            | Self::Forget(_)
            | Self::Fixed { .. } => None,
        }
    }
}

/// The key of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    NotNeeded,
    Missing,
    Given(String),
}

impl From<Option<String>> for Key {
    fn from(key: Option<String>) -> Self {
        key.filter(|key| !key.is_empty()).map_or(Self::Missing, Self::Given)
    }
}

/// A request with a body, read as far as all formats agree.
pub struct Call<'a> {
    pub head: &'a Head,
    /// The model that is called; the first where an unknown one is.
    pub card: &'static Card,
    pub body: &'a Value,
    pub memory: &'a Memory,
}

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ask {
    pub turns: Vec<Turn>,
    pub stream: bool,
    /// `None` is as much as fits.
    pub max_tokens: Option<usize>,
    /// More tokens than fit are not refused, but made as far as they fit.
    pub clamp: bool,
    /// A prompt of more tokens loses its oldest messages, and prompt and reply together have
    /// no more than this. `None` refuses what is too long.
    pub window: Option<usize>,
    pub stop: Vec<String>,
    pub sampling: Sampling,
    /// How much a model that thinks is to think.
    pub effort: Effort,
    /// How many replies are made.
    pub choices: usize,
    /// A last turn of the assistant is gone on with, and is not history.
    pub prefill: bool,
    /// What the reply is to look like.
    pub form: Form,
    /// The id by which a later request may go on from the reply, and the conversation to keep.
    pub keep: Option<(String, Vec<Turn>)>,
    /// How many candidates are told for each token; `None` tells no chances.
    pub candidates: Option<usize>,
    /// A streamed reply tells its usage. Formats that always do so do not look here.
    pub include_usage: bool,
}

impl Ask {
    /// The words that the reply is to begin with; empty where none are given.
    pub fn beginning(&self) -> &str {
        let last = self.turns.last();
        let prefill = last.filter(|turn| self.prefill && turn.role == Role::Assistant);
        prefill.map_or("", |turn| &turn.text)
    }

    /// Whether the reply is to be a JSON object: that is asked for, or begun.
    pub fn is_object(&self) -> bool {
        let begun = self.beginning();
        let is_begun = begun.contains('{') && Json::START.after(begun.as_bytes()).is_some();
        self.form == Form::Json || self.form == Form::Text && is_begun
    }
}

/// One of the replies, all of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What the model thought before it answered.
    pub thought: String,
    pub text: String,
    pub chances: Vec<Chance>,
    pub ending: Ending,
    /// When its first word was due.
    pub begun: Instant,
}

impl Choice {
    /// Makes all of a reply whose first word was due then. Others have their turn in between, and
    /// when nobody waits for it any more, the work is not gone on with.
    pub async fn of(mut generation: Generation, begun: Instant) -> Self {
        let (mut thought, mut text, mut chances) = (String::new(), String::new(), Vec::new());
        let mut turn = Instant::now();
        for piece in generation.by_ref() {
            if turn.elapsed() > TURN {
                tokio::task::yield_now().await;
                turn = Instant::now();
            }
            if piece.is_thought {
                thought.push_str(&piece.text);
                continue;
            }
            text.push_str(&piece.text);
            chances.extend(piece.chances);
        }
        Self { thought, text, chances, ending: generation.ending(), begun }
    }
}

/// Writes the reply to one request.
pub trait Writer: Send + std::fmt::Debug {
    /// The `Content-Type` of a stream.
    fn stream_type(&self) -> &'static str;
    /// What comes before any text.
    fn open(&mut self, frames: &mut Frames);
    /// Text of the choice with this index.
    fn text(&mut self, frames: &mut Frames, choice: usize, piece: &Piece);
    /// What comes after all text. The last frame must be the one by which a reader knows that
    /// the reply is complete.
    fn close(&mut self, frames: &mut Frames, endings: &[Ending]);
    /// An error in the middle, as the last thing that is written.
    fn fail(&mut self, frames: &mut Frames);
    /// A frame that is no JSON.
    fn garbage(&mut self, frames: &mut Frames);
    /// The body of a reply that is not streamed, and its `Content-Type`.
    fn whole(&mut self, choices: &[Choice]) -> (&'static str, String);
}

/// A wire format.
pub trait Dialect: Sync {
    /// The service's name for it.
    fn name(&self) -> &'static str;
    /// What its clients want as their base URL, after the server's address.
    fn base(&self) -> &'static str;
    /// Whether only this format has such addresses.
    fn owns(&self, path: &str) -> bool;
    /// Whether a request has the headers of this format's clients. That tells apart those who
    /// ask for the same address, and those who ask for one that nobody has.
    fn sent(&self, _head: &Head) -> bool {
        false
    }
    /// What is found where this request knocks.
    fn door(&self, head: &Head) -> Option<Door>;
    /// What may stand behind a model's id, and is taken away before it is compared.
    fn tag(&self) -> &'static str {
        ""
    }
    fn key(&self, head: &Head) -> Key;
    /// Checks what is in the head besides the key.
    fn check(&self, _head: &Head) -> Result<(), Refusal> {
        Ok(())
    }
    /// Reads a request for a reply.
    fn ask(&self, call: &Call) -> Result<Ask, Refusal>;
    /// The writer of the reply to a request whose prompt has so many tokens.
    fn writer(&self, call: &Call, ask: &Ask, prompt_tokens: usize) -> Box<dyn Writer>;
    /// Reads a request to count the tokens of a prompt.
    fn countable(&self, call: &Call) -> Result<Vec<Turn>, Refusal> {
        self.ask(call).map(|ask| ask.turns)
    }
    /// The answer to a request to count.
    fn count(&self, prompt_tokens: usize) -> Value;
    /// The answer when a reply was forgotten, where replies are kept.
    fn forgotten(&self, _id: &str) -> Value {
        Value::Null
    }
    fn models(&self, head: &Head) -> Result<Value, Refusal>;
    /// One model, described.
    fn model(&self, card: &Card) -> Value;
    /// A document as the service writes it, with its `Content-Type`.
    fn document(&self, value: &Value) -> (&'static str, String) {
        ("application/json", value.to_string())
    }
    /// Says what is wrong in the service's words.
    fn refuse(&self, head: &Head, problem: &Problem) -> Refusal;
    /// The headers that every response carries.
    fn headers(&self, head: &Head, status: StatusCode) -> Vec<(&'static str, String)>;
}
