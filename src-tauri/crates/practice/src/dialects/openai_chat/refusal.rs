//! OpenAI's errors, in OpenAI's words.
//!
//! The wording follows what the real service was recorded to answer, so that what a learner
//! meets here is what they will meet there. Only where it would name an OpenAI web page for
//! keys does the text speak of practice keys as well.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::pace::PaceError;

const KEYS_HINT: &str = "You can find your API key at \
    https://platform.openai.com/account/api-keys. (This is the practice server: any key that \
    begins with 'practice' is right here.)";

/// A request that is not answered, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{status}: {message}")]
pub struct Refusal {
    pub status: StatusCode,
    pub message: String,
    pub kind: &'static str,
    pub param: Option<String>,
    pub code: Option<&'static str>,
}

impl Refusal {
    /// A 400 about one field of the body.
    pub fn field(param: &str, code: &'static str, message: String) -> Self {
        Self { param: Some(param.to_owned()), code: Some(code), ..Self::plain(message) }
    }

    /// A 400 without a code.
    pub fn plain(message: String) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            message,
            kind: "invalid_request_error",
            param: None,
            code: None,
        }
    }

    fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    pub fn missing_key() -> Self {
        Self::plain(format!(
            "You didn't provide an API key. You need to provide your API key in an \
             Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY). \
             {KEYS_HINT}"
        ))
        .with_status(StatusCode::UNAUTHORIZED)
    }

    pub fn wrong_key(key: &str) -> Self {
        let message = format!("Incorrect API key provided: {}. {KEYS_HINT}", masked(key));
        Self { code: Some("invalid_api_key"), ..Self::plain(message) }
            .with_status(StatusCode::UNAUTHORIZED)
    }

    pub fn bad_pace(error: &PaceError) -> Self {
        Self::plain(format!(
            "Invalid 'x-practice-pace' header: {error}. Example: first=300ms, rate=40"
        ))
    }

    pub fn not_json() -> Self {
        Self::plain(
            "We could not parse the JSON body of your request. (HINT: This likely means you \
             aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, \
             but what was sent was not valid JSON.)"
                .to_owned(),
        )
    }

    pub fn unreadable_body() -> Self {
        Self::plain("The body of your request could not be read to its end.".to_owned())
    }

    pub fn too_large(most_bytes: usize) -> Self {
        let mebibytes = most_bytes >> 20;
        Self::plain(format!("Request body too large. Expected at most {mebibytes} MiB."))
            .with_status(StatusCode::PAYLOAD_TOO_LARGE)
    }

    pub fn broken() -> Self {
        let message = "The server had an error while processing your request. Sorry about that!";
        Self { kind: "server_error", ..Self::plain(message.to_owned()) }
            .with_status(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub fn unknown_model(id: &str) -> Self {
        let message = format!("The model `{id}` does not exist or you do not have access to it.");
        Self { code: Some("model_not_found"), ..Self::plain(message) }
            .with_status(StatusCode::NOT_FOUND)
    }

    pub fn unknown_model_card(id: &str) -> Self {
        Self::field("model", "model_not_found", format!("The model '{id}' does not exist"))
            .with_status(StatusCode::NOT_FOUND)
    }

    pub fn context_length_exceeded(window: usize, prompt: usize, wanted: usize) -> Self {
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
        Self::field("messages", "context_length_exceeded", message)
    }

    pub fn unknown_address(method: &str, path: &str) -> Self {
        Self::plain(format!("Invalid URL ({method} {path})")).with_status(StatusCode::NOT_FOUND)
    }

    pub fn wrong_method(method: &str, path: &str) -> Self {
        let message = format!(
            "Not allowed to {method} on {path}. (HINT: Perhaps you meant to use a different HTTP \
             method?)"
        );
        Self { code: Some("method_not_supported"), ..Self::plain(message) }
            .with_status(StatusCode::METHOD_NOT_ALLOWED)
    }

    /// The JSON body that carries it.
    pub fn body(&self) -> Value {
        let Self { message, kind, param, code, .. } = self;
        json!({ "error": { "message": message, "type": kind, "param": param, "code": code } })
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
        let body = Refusal::not_json().body();
        let keys: Vec<_> = body["error"].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["message", "type", "param", "code"]);
        assert_eq!(body["error"]["code"], Value::Null);
    }
}
