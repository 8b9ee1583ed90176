//! OpenAI's errors, in OpenAI's words.
//!
//! The wording follows what the real service was recorded to answer, so that what a learner
//! meets here is what they will meet there. Only where it would name an OpenAI web page for
//! keys does the text speak of practice keys as well.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    head::Head,
    refusal::{Fault, Problem, Refusal, place},
};

const KEYS_HINT: &str = "You can find your API key at \
    https://platform.openai.com/account/api-keys. (This is the practice server: any key that \
    begins with 'practice' is right here.)";

/// An error of OpenAI's, without its headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub status: StatusCode,
    pub message: String,
    pub kind: &'static str,
    pub param: Option<String>,
    pub code: Option<&'static str>,
}

impl Error {
    /// A 400 about one field of the body.
    pub fn field(param: &str, code: &'static str, message: String) -> Self {
        Self { param: Some(param.to_owned()), code: Some(code), ..Self::plain(message) }
    }

    /// A 400 without a code.
    pub fn plain(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            message: message.into(),
            kind: "invalid_request_error",
            param: None,
            code: None,
        }
    }

    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    fn with_code(self, code: &'static str) -> Self {
        Self { code: Some(code), ..self }
    }

    fn with_kind(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }

    /// What is wrong, where both of OpenAI's formats say it alike.
    pub fn of(head: &Head, problem: &Problem) -> Self {
        match problem {
            Problem::MissingKey => missing_key(),
            Problem::WrongKey(key) => wrong_key(key),
            Problem::UnknownAddress => Self::plain(format!("Invalid URL ({})", place(head)))
                .with_status(StatusCode::NOT_FOUND),
            Problem::WrongMethod => Self::plain(format!(
                "Not allowed to {} on {}. (HINT: Perhaps you meant to use a different HTTP method?)",
                head.method, head.path
            ))
            .with_status(StatusCode::METHOD_NOT_ALLOWED)
            .with_code("method_not_supported"),
            Problem::Own { place, reason } => Self::plain(format!("Invalid '{place}': {reason}")),
            Problem::UnreadableBody => {
                Self::plain("The body of your request could not be read to its end.")
            }
            Problem::TooLarge { most_bytes } => too_large(*most_bytes),
            Problem::NotJson(_) => Self::plain(
                "We could not parse the JSON body of your request. (HINT: This likely means you \
                 aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, \
                 but what was sent was not valid JSON.)",
            ),
            Problem::UnknownModel(id) => unknown_model(id),
            Problem::UnknownReply(id) => {
                Self::plain(format!("Response with id '{id}' not found."))
                    .with_status(StatusCode::NOT_FOUND)
            }
            Problem::ContextTooLong { window, prompt, wanted } => {
                context_length_exceeded(*window, *prompt, *wanted)
            }
            Problem::Fault(fault) => of_fault(*fault),
            Problem::Interrupted | Problem::Broken => Error::broken(),
        }
    }

    /// A failure of the service itself.
    pub fn broken() -> Self {
        Self::plain("The server had an error while processing your request. Sorry about that!")
            .with_status(StatusCode::INTERNAL_SERVER_ERROR)
            .with_kind("server_error")
    }

    /// The JSON body that carries it.
    pub fn body(&self) -> Value {
        json!({ "error": self.object() })
    }

    /// The error itself, as a stream carries it too.
    pub fn object(&self) -> Value {
        let Self { message, kind, param, code, .. } = self;
        json!({ "message": message, "type": kind, "param": param, "code": code })
    }
}

/// Of a key that is not there.
fn missing_key() -> Error {
    Error::plain(format!(
        "You didn't provide an API key. You need to provide your API key in an Authorization \
         header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY). {KEYS_HINT}"
    ))
    .with_status(StatusCode::UNAUTHORIZED)
}

fn wrong_key(key: &str) -> Error {
    Error::plain(format!("Incorrect API key provided: {}. {KEYS_HINT}", masked(key)))
        .with_status(StatusCode::UNAUTHORIZED)
        .with_code("invalid_api_key")
}

fn too_large(most_bytes: usize) -> Error {
    let mebibytes = most_bytes >> 20;
    Error::plain(format!("Request body too large. Expected at most {mebibytes} MiB."))
        .with_status(StatusCode::PAYLOAD_TOO_LARGE)
}

fn unknown_model(id: &str) -> Error {
    Error::plain(format!("The model `{id}` does not exist or you do not have access to it."))
        .with_status(StatusCode::NOT_FOUND)
        .with_code("model_not_found")
}

fn context_length_exceeded(window: usize, prompt: usize, wanted: usize) -> Error {
    let message = if wanted == 0 {
        format!(
            "This model's maximum context length is {window} tokens. However, your messages \
             resulted in {prompt} tokens. Please reduce the length of the messages."
        )
    } else {
        let sum = prompt.saturating_add(wanted);
        format!(
            "This model's maximum context length is {window} tokens. However, you requested \
             {sum} tokens ({prompt} in the messages, {wanted} in the completion). Please \
             reduce the length of the messages or completion."
        )
    };
    Error::field("messages", "context_length_exceeded", message)
}

fn no_credit() -> Error {
    Error::plain(
        "You exceeded your current quota, please check your plan and billing details. For more \
         information on this error, read the docs: \
         https://platform.openai.com/docs/guides/error-codes/api-errors.",
    )
    .with_kind("insufficient_quota")
    .with_code("insufficient_quota")
}

/// A failure that was asked for, as the service words one with that status.
fn of_fault(fault: Fault) -> Error {
    let error = match fault.status.as_u16() {
        _ if fault.no_credit => no_credit(),
        400 => Error::plain("Invalid request. Please check your request and try again."),
        401 => wrong_key("sk-practice-fault"),
        403 => Error::plain("Country, region, or territory not supported")
            .with_kind("request_forbidden")
            .with_code("unsupported_country_region_territory"),
        404 => unknown_model(fault.model),
        413 => too_large(4 << 20),
        429 => {
            let wait = fault.retry_after.unwrap_or_default().as_secs_f64();
            Error::plain(format!(
                "Rate limit reached for {} in organization org-practice on requests per min (RPM): \
                 Limit 3, Used 3, Requested 1. Please try again in {wait}s.",
                fault.model
            ))
            .with_kind("requests")
            .with_code("rate_limit_exceeded")
        }
        503 | 529 => Error::plain("The engine is currently overloaded, please try again later")
            .with_kind("service_unavailable_error")
            .with_code("server_is_overloaded"),
        status if status >= 500 => Error::broken(),
        _ => Error::plain("Your request could not be processed."),
    };
    error.with_status(fault.status)
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let refusal = Self::json(error.status, &error.body());
        match error.status {
            StatusCode::UNAUTHORIZED => {
                refusal.with(("www-authenticate", r#"Bearer realm="OpenAI API""#.to_owned()))
            }
            _ => refusal,
        }
    }
}

/// A key with its middle hidden: the real service shows the first 8 and last 4 characters of
/// a long key. Of a short one it shows everything; here never more than a half.
fn masked(key: &str) -> String {
    let characters: Vec<char> = key.chars().collect();
    let last = (characters.len() / 6).min(4);
    let first = (characters.len() / 3).min(8);
    let hidden = characters.len() - first - last;
    characters[..first]
        .iter()
        .copied()
        .chain(std::iter::repeat_n('*', hidden))
        .chain(characters[characters.len() - last..].iter().copied())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_half_of_a_key_is_echoed() {
        let table = [
            ("sk-proj-abcdefghijklmnopqrstuvwxyz", "sk-proj-**********************wxyz"),
            ("invalid-key", "inv*******y"),
            ("abc", "a**"),
            ("é", "*"),
        ];
        for (key, expected) in table {
            assert_eq!(masked(key), expected);
        }
    }

    #[test]
    fn an_error_has_all_four_fields_even_when_empty() {
        let body = Error::broken().body();
        let keys: Vec<_> = body["error"].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["message", "type", "param", "code"]);
        assert_eq!(body["error"]["code"], Value::Null);
    }
}
