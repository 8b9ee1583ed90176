//! OpenAI's Chat Completions, and its list of models.
//!
//! As the real service does it: the shapes, the order of checks, the words of its errors.
//! `temperature`, `top_p`, `seed` and the penalties are checked and then change nothing:
//! this first model has one candidate at each step.

mod request;
mod wire;

use axum::http::StatusCode;
use serde_json::Value;

use super::{Ask, Call, Dialect, Door, Key, Writer, openai};
use crate::{
    head::Head,
    refusal::{Problem, Refusal},
};

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
        path.starts_with("/v1/chat/")
    }

    fn door(&self, head: &Head) -> Option<Door> {
        match head.path.strip_prefix("/v1/")? {
            "chat/completions" => Some(Door::Reply { model: None }),
            "models" => Some(Door::Models),
            path => Some(Door::Model(Some(path.strip_prefix("models/")?.to_owned()))),
        }
    }

    fn key(&self, head: &Head) -> Key {
        head.bearer().into()
    }

    fn ask(&self, call: &Call) -> Result<Ask, Refusal> {
        Ok(request::ask(call.body)?)
    }

    fn writer(&self, call: &Call, ask: &Ask, prompt_tokens: usize) -> Box<dyn Writer> {
        Box::new(wire::Wire::new(call.head.number, ask, prompt_tokens))
    }

    /// The service cannot count a chat's tokens; no address leads here.
    fn count(&self, _prompt_tokens: usize) -> Value {
        Value::Null
    }

    fn models(&self, _head: &Head) -> Result<Value, Refusal> {
        Ok(openai::models())
    }

    fn model(&self) -> Value {
        openai::card()
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
