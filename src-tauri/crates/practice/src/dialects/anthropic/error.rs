//! Anthropic's errors, in Anthropic's words.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::request_id;
use crate::{
    dialects::fields::{Expected, FieldError, Flaw},
    head::Head,
    refusal::{Fault, Problem, Refusal},
};

/// An error of Anthropic's, without the id of its request.
#[derive(Debug, Clone, PartialEq)]
pub struct Error {
    status: u16,
    kind: &'static str,
    message: String,
    details: Option<Value>,
    retry: Option<(&'static str, String)>,
}

impl Error {
    /// A 400.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "invalid_request_error", message)
    }

    fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, message: message.into(), details: None, retry: None }
    }

    /// What happens when there are too many others.
    pub fn overloaded() -> Self {
        Self::new(529, "overloaded_error", "Overloaded")
    }

    /// The JSON, with the id of the request that it answers.
    pub fn body(&self, request_id: &str) -> Value {
        let mut error = json!({ "type": self.kind, "message": self.message });
        if let Some(details) = &self.details {
            error["details"] = details.clone();
        }
        json!({ "type": "error", "error": error, "request_id": request_id })
    }

    /// `x-should-retry` tells the service's own clients what to do.
    pub fn refusal(&self, head: &Head) -> Refusal {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let passing = matches!(self.status, 408 | 409 | 429 | 500..) && self.details.is_none();
        let mut refusal = Refusal::json(status, &self.body(&request_id(head)))
            .with(("x-should-retry", passing.to_string()));
        refusal.headers.extend(self.retry.clone());
        refusal
    }
}

/// What is wrong, in the service's words.
pub fn of(head: &Head, problem: &Problem) -> Error {
    match problem {
        Problem::MissingKey => Error::new(
            401,
            "authentication_error",
            "x-api-key header is required (this is the practice server: any key that begins with \
             'practice' is right here)",
        ),
        Problem::WrongKey(_) => Error::new(401, "authentication_error", "invalid x-api-key"),
        Problem::UnknownAddress | Problem::UnknownReply(_) => {
            Error::new(404, "not_found_error", "Not Found")
        }
        Problem::WrongMethod => {
            let message = format!("Method Not Allowed: {}", head.method);
            Error::new(405, "invalid_request_error", message)
        }
        Problem::Own { place, reason } => Error::invalid(format!("{place}: {reason}")),
        Problem::UnreadableBody => Error::invalid("The request body could not be read to its end"),
        Problem::TooLarge { .. } => too_large(),
        Problem::NotJson(reason) => {
            Error::invalid(format!("The request body is not valid JSON: {reason}"))
        }
        Problem::UnknownModel(id) => Error::new(404, "not_found_error", format!("model: {id}")),
        Problem::ContextTooLong { window, prompt, .. } if prompt > window => {
            Error::invalid(format!("prompt is too long: {prompt} tokens > {window} maximum"))
        }
        Problem::ContextTooLong { window, prompt, wanted } => Error::invalid(format!(
            "input length and `max_tokens` exceed context limit: {prompt} + {wanted} > {window}, \
             decrease input length or `max_tokens` and try again"
        )),
        Problem::Fault(fault) => of_fault(*fault),
        Problem::Interrupted => Error::overloaded(),
        Problem::Broken => broken(),
    }
}

fn too_large() -> Error {
    Error::new(413, "request_too_large", "Request exceeds the maximum size")
}

fn broken() -> Error {
    Error::new(500, "api_error", "Internal server error")
}

/// A failure that was asked for, as the service words one with that status.
fn of_fault(fault: Fault) -> Error {
    if fault.no_credit {
        return no_credit(fault.status.as_u16());
    }
    let error = match fault.status.as_u16() {
        400 => Error::invalid("messages: the request is invalid"),
        401 => Error::new(401, "authentication_error", "invalid x-api-key"),
        402 => Error::new(402, "billing_error", CREDIT),
        403 => Error::new(
            403,
            "permission_error",
            "Your API key does not have permission to use the specified resource",
        ),
        404 => Error::new(404, "not_found_error", format!("model: {}", fault.model)),
        409 => Error::new(409, "conflict_error", "Conflict"),
        413 => too_large(),
        429 => Error::new(
            429,
            "rate_limit_error",
            "This request would exceed your organization's rate limit of 50 requests per minute",
        ),
        status @ (408 | 504) => Error::new(status, "timeout_error", "Request timed out"),
        529 => Error::overloaded(),
        status if status >= 500 => Error { status, ..broken() },
        status => Error { status, ..Error::invalid("The request could not be processed") },
    };
    Error { retry: fault.retry_after_header(), ..error }
}

const CREDIT: &str = "Your credit balance is too low to access the Anthropic API. Please go to \
    Plans & Billing to upgrade or purchase credits.";

/// As a 429 it is a limit on spending; as a 400 an empty account, for older ones.
fn no_credit(status: u16) -> Error {
    if status != 429 {
        return Error { status, ..Error::invalid(CREDIT) };
    }
    let message = "You have reached your specified API usage limits.";
    let details = json!({ "error_code": "enforced_spend_limit_reached" });
    Error { details: Some(details), ..Error::new(429, "rate_limit_error", message) }
}

impl From<FieldError> for Error {
    fn from(FieldError { path, flaw }: FieldError) -> Self {
        let path = path.dotted();
        let words = words(flaw);
        Self::invalid(if path.is_empty() { words } else { format!("{path}: {words}") })
    }
}

fn words(flaw: Flaw) -> String {
    match flaw {
        Flaw::Missing => "Field required".to_owned(),
        Flaw::Unknown => "Extra inputs are not permitted".to_owned(),
        Flaw::Unsupported => "This model does not support this parameter".to_owned(),
        Flaw::UnsupportedValue { got, hint } => format!("{got} is not supported. {hint}"),
        Flaw::WrongType { expected, .. } => format!("Input should be {}", wanted(expected)),
        Flaw::Below { least, .. } => {
            format!("Input should be greater than or equal to {least}")
        }
        Flaw::Above { most, .. } => format!("Input should be less than or equal to {most}"),
        Flaw::Empty { array: true } => {
            "List should have at least 1 item after validation, not 0".to_owned()
        }
        Flaw::Empty { array: false } => "String should have at least 1 character".to_owned(),
        Flaw::TooMany { most, got } => {
            format!("List should have at most {most} items after validation, not {got}")
        }
        Flaw::NoneOf { allowed, .. } => {
            let allowed: Vec<String> = allowed.iter().map(|name| format!("'{name}'")).collect();
            format!("Input should be {}", allowed.join(" or "))
        }
    }
}

fn wanted(expected: Expected) -> &'static str {
    match expected {
        Expected::Boolean => "a valid boolean",
        Expected::String => "a valid string",
        Expected::Integer => "a valid integer",
        Expected::Decimal => "a valid number",
        Expected::Object => "an object",
        Expected::Array => "a valid list",
        Expected::StringOrStrings | Expected::StringOrObjects => "a valid string or list",
    }
}
