//! OpenAI's Responses, with its token count.
//!
//! A conversation comes whole, in `input`, or goes on from an earlier reply by its id. Replies
//! are kept, unless `store` is false, until the server ends or there are too many.

mod output;
mod request;
mod wire;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Ask, Call, Dialect, Door, Key, Writer, openai};
use crate::{
    cards::Card,
    head::Head,
    model::Turn,
    refusal::{Problem, Refusal},
};

/// `POST /v1/responses`.
pub struct OpenAiResponses;

impl Dialect for OpenAiResponses {
    fn name(&self) -> &'static str {
        "OpenAI Responses"
    }

    fn base(&self) -> &'static str {
        "/v1"
    }

    fn owns(&self, path: &str) -> bool {
        path.starts_with("/v1/responses")
    }

    fn door(&self, head: &Head) -> Option<Door> {
        match head.path.strip_prefix("/v1/responses")? {
            "" => Some(Door::Reply { model: None }),
            "/input_tokens" => Some(Door::Count { model: None }),
            path => {
                let id = path.strip_prefix('/').filter(|id| !id.is_empty() && !id.contains('/'))?;
                let forget = head.method == Method::DELETE;
                Some(if forget { Door::Forget(id.into()) } else { Door::Earlier(id.into()) })
            }
        }
    }

    fn key(&self, head: &Head) -> Key {
        head.bearer().into()
    }

    fn ask(&self, call: &Call) -> Result<Ask, Refusal> {
        Ok(request::ask(call)?)
    }

    fn writer(&self, call: &Call, ask: &Ask, prompt_tokens: usize) -> Box<dyn Writer> {
        Box::new(wire::Wire::new(call, ask, prompt_tokens))
    }

    fn countable(&self, call: &Call) -> Result<Vec<Turn>, Refusal> {
        Ok(request::countable(call)?)
    }

    fn count(&self, prompt_tokens: usize) -> Value {
        json!({ "object": "response.input_tokens", "input_tokens": prompt_tokens })
    }

    fn forgotten(&self, id: &str) -> Value {
        json!({ "id": id, "object": "response", "deleted": true })
    }

    /// The models are those of Chat Completions; no address of this format leads here.
    fn models(&self, _head: &Head) -> Result<Value, Refusal> {
        Ok(openai::models())
    }

    fn model(&self, card: &Card) -> Value {
        openai::card(card)
    }

    fn refuse(&self, head: &Head, problem: &Problem) -> Refusal {
        let error = match problem {
            Problem::UnknownModel(id) => openai::Error::field(
                "model",
                "model_not_found",
                format!("The requested model '{id}' does not exist."),
            ),
            Problem::ContextTooLong { .. } => openai::Error::field(
                "input",
                "context_length_exceeded",
                "Your input exceeds the context window of this model. Please adjust your input \
                 and try again."
                    .to_owned(),
            ),
            _ => openai::Error::of(head, problem),
        };
        let mut refusal = Refusal::from(error);
        refusal.headers.extend(openai::retry_header(problem));
        refusal
    }

    fn headers(&self, head: &Head, status: StatusCode) -> Vec<(&'static str, String)> {
        openai::headers(head, status == StatusCode::TOO_MANY_REQUESTS)
    }
}
