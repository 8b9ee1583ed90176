//! Ollama's errors: a status, and a text.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::JSON;
use crate::{
    dialects::fields::{Expected, FieldError, Flaw},
    head::Head,
    refusal::{Fault, Problem, Refusal},
};

/// An error of Ollama's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    status: u16,
    text: String,
}

impl Error {
    /// A 400.
    pub fn invalid(text: impl Into<String>) -> Self {
        Self { status: 400, text: text.into() }
    }

    /// What happens when the model fails at its work.
    pub fn interrupted() -> Self {
        Self::new(500, "an error was encountered while running the model")
    }

    /// The JSON.
    pub fn body(&self) -> Value {
        match self.status {
            401 => json!({ "error": self.text, "signin_url": "https://ollama.com/connect" }),
            _ => json!({ "error": self.text }),
        }
    }

    fn new(status: u16, text: impl Into<String>) -> Self {
        Self { status, text: text.into() }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
        Self { media_type: JSON, ..Self::json(status, &error.body()) }
    }
}

/// What is wrong, in the service's words.
pub fn refusal(head: &Head, problem: &Problem) -> Refusal {
    let error = match problem {
        Problem::MissingKey | Problem::WrongKey(_) => Error::new(401, "unauthorized"),
        // These two come from the server around the API, which speaks plain text.
        Problem::UnknownAddress if head.path.starts_with("/api/embed") => {
            Error::new(501, "this model does not support embeddings")
        }
        Problem::UnknownAddress | Problem::UnknownReply(_) => {
            return plain(StatusCode::NOT_FOUND, "404 page not found");
        }
        Problem::WrongMethod => {
            return plain(StatusCode::METHOD_NOT_ALLOWED, "405 method not allowed");
        }
        Problem::Own { place, reason } => Error::invalid(format!("{place}: {reason}")),
        Problem::UnreadableBody => Error::invalid("unexpected EOF"),
        Problem::TooLarge { .. } => Error::new(413, "http: request body too large"),
        Problem::NotJson(reason) if reason.starts_with("EOF while parsing a value at line 1") => {
            Error::invalid("missing request body")
        }
        Problem::NotJson(reason) => Error::invalid(format!("invalid JSON: {reason}")),
        Problem::UnknownModel(id) if id.is_empty() => Error::invalid("model is required"),
        Problem::UnknownModel(id) => Error::new(404, format!("model '{id}' not found")),
        Problem::ContextTooLong { .. } => {
            Error::invalid("the input length exceeds the context length")
        }
        Problem::Fault(fault) => of_fault(*fault),
        Problem::Interrupted => Error::interrupted(),
        Problem::Broken => Error::new(500, "internal server error"),
    };
    let mut refusal = Refusal::from(error);
    if let Problem::Fault(fault) = problem {
        refusal.headers.extend(fault.retry_after_header());
    }
    refusal
}

fn plain(status: StatusCode, text: &str) -> Refusal {
    let media_type = "text/plain";
    Refusal { status, media_type, headers: Vec::new(), body: text.to_owned() }
}

/// A failure that was asked for, as a server or Ollama's cloud words one with that status.
fn of_fault(fault: Fault) -> Error {
    let text = match fault.status.as_u16() {
        _ if fault.no_credit => {
            "you've reached your hourly usage limit, please upgrade to continue".to_owned()
        }
        401 => "unauthorized".to_owned(),
        403 => "ollama cloud is disabled: remote model details are unavailable".to_owned(),
        404 => format!("model '{}' not found", fault.model),
        413 => "http: request body too large".to_owned(),
        429 => "too many requests".to_owned(),
        500 => "model requires more system memory (5.6 GiB) than is available (2.1 GiB)".to_owned(),
        502 => "upstream model unreachable".to_owned(),
        503 => "server busy, please try again.  maximum pending requests exceeded".to_owned(),
        status if status > 500 => "service unavailable".to_owned(),
        _ => "invalid request".to_owned(),
    };
    Error::new(fault.status.as_u16(), text)
}

impl From<FieldError> for Error {
    fn from(FieldError { path, flaw }: FieldError) -> Self {
        let path = path.dotted();
        Self::invalid(match flaw {
            Flaw::WrongType { expected, .. } if path.starts_with("options.") => {
                let name = path.trim_start_matches("options.");
                format!("option \"{name}\" must be of type {}", option_type(expected))
            }
            Flaw::WrongType { expected, got } => {
                let got = match got {
                    serde_json::Value::Null => "null",
                    serde_json::Value::Bool(_) => "bool",
                    serde_json::Value::Number(_) => "number",
                    serde_json::Value::String(_) => "string",
                    serde_json::Value::Array(_) => "array",
                    serde_json::Value::Object(_) => "object",
                };
                let expected = go_type(expected);
                format!(
                    "json: cannot unmarshal {got} into Go struct field ChatRequest.{path} of type \
                     {expected}"
                )
            }
            Flaw::Missing => format!("{path} is required"),
            Flaw::Below { least, .. } => format!("{path} must be at least {least}"),
            Flaw::Above { most, .. } => format!("{path} must be at most {most}"),
            Flaw::Empty { .. } => format!("{path} must not be empty"),
            Flaw::TooMany { most, .. } => format!("{path} takes at most {most}"),
            Flaw::UnsupportedValue { got, hint } => format!("{path}: {got} is refused: {hint}"),
            Flaw::NoneOf { allowed, got } => {
                let allowed = allowed.join(" ");
                format!("invalid {path}: {got}, must be one of [{allowed}]")
            }
            Flaw::Unknown | Flaw::Unsupported => {
                format!("this model does not support {path}")
            }
        })
    }
}

/// The type of an option, as it is named where options are read one by one.
fn option_type(expected: Expected) -> &'static str {
    match expected {
        Expected::Integer => "integer",
        Expected::Array => "array",
        Expected::Boolean => "boolean",
        other => go_type(other),
    }
}

fn go_type(expected: Expected) -> &'static str {
    match expected {
        Expected::Boolean => "bool",
        Expected::String | Expected::StringOrStrings | Expected::StringOrObjects => "string",
        Expected::Integer => "int",
        Expected::Decimal => "float32",
        Expected::Object => "map[string]interface {}",
        Expected::Array => "[]interface {}",
    }
}
