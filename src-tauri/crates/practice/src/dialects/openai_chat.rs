//! OpenAI's Chat Completions, and its list of models.
//!
//! As the real service does it: the shapes, the order of checks, the words of its errors. Three
//! things are not OpenAI's. Two are of the servers that copied its format: `top_k` and `min_p` are
//! taken, and what a model thinks is shown. And [`DISTRIBUTION`] is our own.

mod request;
mod wire;

use axum::http::StatusCode;
use serde_json::Value;

use super::{Ask, Call, Dialect, Door, Key, Writer, openai};
use crate::{
    cards::Card,
    head::Head,
    refusal::{Problem, Refusal},
};

/// Tells what may come next, before any parameter shapes it, and draws nothing. Takes a chat and,
/// as `partial`, the reply so far. Wants no key, for no other service has it.
const DISTRIBUTION: &str = "/practice/distribution";

/// `POST /v1/chat/completions`.
pub struct OpenAiChat;

impl Dialect for OpenAiChat {
    fn name(&self) -> &'static str {
        "OpenAI Chat Completions"
    }

    fn base(&self) -> &'static str {
        "/v1"
    }

    fn owns(&self, path: &str) -> bool {
        path.starts_with("/v1/chat/") || path == DISTRIBUTION
    }

    fn door(&self, head: &Head) -> Option<Door> {
        if head.path == DISTRIBUTION {
            return Some(Door::Distribution);
        }
        match head.path.strip_prefix("/v1/")? {
            "chat/completions" => Some(Door::Reply { model: None }),
            "models" => Some(Door::Models),
            path => Some(Door::Model(Some(path.strip_prefix("models/")?.to_owned()))),
        }
    }

    fn key(&self, head: &Head) -> Key {
        if head.path == DISTRIBUTION { Key::NotNeeded } else { head.bearer().into() }
    }

    fn ask(&self, call: &Call) -> Result<Ask, Refusal> {
        Ok(request::ask(call)?)
    }

    fn writer(&self, call: &Call, ask: &Ask, prompt_tokens: usize) -> Box<dyn Writer> {
        Box::new(wire::Wire::new(call, ask, prompt_tokens))
    }

    /// The service cannot count a chat's tokens; no address leads here.
    fn count(&self, _prompt_tokens: usize) -> Value {
        Value::Null
    }

    fn models(&self, _head: &Head) -> Result<Value, Refusal> {
        Ok(openai::models())
    }

    fn model(&self, card: &Card) -> Value {
        openai::card(card)
    }

    fn refuse(&self, head: &Head, problem: &Problem) -> Refusal {
        let mut refusal = Refusal::from(openai::Error::of(head, problem));
        refusal.headers.extend(openai::retry_header(problem));
        refusal
    }

    fn headers(&self, head: &Head, status: StatusCode) -> Vec<(&'static str, String)> {
        openai::headers(head, status == StatusCode::TOO_MANY_REQUESTS)
    }
}
