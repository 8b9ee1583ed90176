//! Google's errors, in Google's words.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{GENERATE, JSON, versioned, wire};
use crate::{
    dialects::fields::{Expected, FieldError, Flaw},
    head::Head,
    refusal::{Fault, Problem, Refusal},
};

const SERVICE: &str = "generativelanguage.googleapis.com";

/// An error of Google's.
#[derive(Debug, Clone, PartialEq)]
pub struct Error {
    code: u16,
    status: &'static str,
    message: String,
    details: Vec<Value>,
}

impl Error {
    /// A 400.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "INVALID_ARGUMENT", message)
    }

    fn new(code: u16, status: &'static str, message: impl Into<String>) -> Self {
        Self { code, status, message: message.into(), details: Vec::new() }
    }

    /// A 400 about what was read before the service looked at it.
    pub fn violation(field: &str, words: String) -> Self {
        let violation = match field {
            "" => json!({ "description": words }),
            field => json!({ "field": field, "description": words }),
        };
        Self::invalid(words).with(json!({
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [violation],
        }))
    }

    fn with(mut self, detail: Value) -> Self {
        self.details.push(detail);
        self
    }

    /// What happens when there are too many others.
    pub fn overloaded() -> Self {
        Self::new(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")
    }

    /// The JSON.
    pub fn body(&self) -> Value {
        let Self { code, status, message, details } = self;
        let mut error = json!({ "code": code, "message": message, "status": status });
        if !details.is_empty() {
            error["details"] = details.clone().into();
        }
        json!({ "error": error })
    }

    /// The response. A caller that waits for an array gets one.
    pub fn refusal(&self, in_array: bool) -> Refusal {
        let status = StatusCode::from_u16(self.code).unwrap_or(StatusCode::BAD_REQUEST);
        let body = if in_array { json!([self.body()]) } else { self.body() };
        Refusal { status, media_type: JSON, headers: Vec::new(), body: wire::pretty(&body) + "\n" }
    }
}

/// What is wrong, in the service's words.
pub fn of(head: &Head, problem: &Problem) -> Error {
    match problem {
        Problem::MissingKey if head.bearer().is_some() => bearer(),
        Problem::MissingKey => Error::new(
            403,
            "PERMISSION_DENIED",
            "Method doesn't allow unregistered callers (callers without established identity). \
             Please use API Key or other form of API consumer identity to call this API. (This is \
             the practice server: any key that begins with 'practice' is right here.)",
        ),
        Problem::WrongKey(_) => wrong_key(),
        Problem::UnknownAddress | Problem::UnknownReply(_) => unknown_address(&head.path),
        Problem::WrongMethod => {
            let message = format!("The method {} is not allowed here.", head.method);
            Error::new(405, "UNIMPLEMENTED", message)
        }
        Problem::Own { place, reason } => Error::invalid(format!("{place}: {reason}")),
        Problem::UnreadableBody => Error::invalid("The request body could not be read to its end."),
        Problem::TooLarge { most_bytes } => too_large(*most_bytes),
        Problem::NotJson(reason) => {
            Error::invalid(format!("Invalid JSON payload received. {reason}"))
        }
        Problem::UnknownModel(id) => {
            let version = versioned(&head.path).map_or("v1beta", |(version, _)| version);
            unknown_model(id, version, GENERATE)
        }
        Problem::ContextTooLong { window, prompt, .. } => Error::invalid(format!(
            "The input token count ({prompt}) exceeds the maximum number of tokens allowed \
             ({window})."
        )),
        Problem::Fault(fault) => of_fault(*fault),
        Problem::Interrupted => Error::overloaded(),
        Problem::Broken => broken(),
    }
}

fn wrong_key() -> Error {
    let message = "API key not valid. Please pass a valid API key.";
    Error::invalid(message)
        .with(json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
            "metadata": { "service": SERVICE },
        }))
        .with(json!({
            "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
            "locale": "en-US",
            "message": message,
        }))
}

fn bearer() -> Error {
    Error::new(
        401,
        "UNAUTHENTICATED",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login \
         cookie or other valid authentication credential.",
    )
    .with(json!({
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_TYPE_UNSUPPORTED",
        "domain": "googleapis.com",
        "metadata": { "service": SERVICE },
    }))
}

/// Of something that models of the service do and these do not, or of nothing at all.
fn unknown_address(path: &str) -> Error {
    let (version, rest) = versioned(path).unwrap_or_default();
    match rest.strip_prefix("models/").and_then(|rest| rest.rsplit_once(':')) {
        Some((id, action)) => unknown_model(id, version, action),
        None => Error::new(404, "NOT_FOUND", "Requested entity was not found."),
    }
}

fn unknown_model(id: &str, version: &str, action: &str) -> Error {
    let message = format!(
        "models/{id} is not found for API version {version}, or is not supported for \
         {action}. Call ModelService.ListModels to see the list of available models and \
         their supported methods."
    );
    Error::new(404, "NOT_FOUND", message)
}

fn too_large(most_bytes: usize) -> Error {
    let message = format!("Request payload size exceeds the limit: {most_bytes} bytes.");
    Error::new(413, "INVALID_ARGUMENT", message)
}

fn broken() -> Error {
    let message = "An internal error has occurred. Please retry or report in \
        https://developers.generativeai.google/guide/troubleshooting";
    Error::new(500, "INTERNAL", message)
}

/// A failure that was asked for, as the service words one with that status.
fn of_fault(fault: Fault) -> Error {
    let code = fault.status.as_u16();
    let error = match code {
        _ if fault.no_credit || code == 429 => exhausted(fault),
        401 => bearer(),
        403 => Error::new(
            403,
            "PERMISSION_DENIED",
            "Your API key was reported as leaked. Please use another API key.",
        ),
        404 => unknown_model(fault.model, "v1beta", GENERATE),
        413 => too_large(4 << 20),
        408 | 504 => {
            Error::new(504, "DEADLINE_EXCEEDED", "The request timed out. Please try again.")
        }
        500 => broken(),
        502.. => Error::overloaded(),
        _ => Error::invalid("Request contains an invalid argument."),
    };
    Error { code, ..error }
}

/// A quota is used up: for a minute, with the wait in the body and in no header; or for a day,
/// where waiting is of no use.
fn exhausted(fault: Fault) -> Error {
    let model = fault.model;
    let (metric, id) = match fault.no_credit {
        true => ("requests", "GenerateRequestsPerDayPerProjectPerModel-FreeTier"),
        false => ("requests", "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"),
    };
    let metric = format!("{SERVICE}/generate_content_free_tier_{metric}");
    let wait = fault.retry_after.filter(|_| !fault.no_credit).map(|wait| wait.as_secs_f64());
    let retry = wait.map(|wait| format!("\nPlease retry in {wait}s.")).unwrap_or_default();
    let message = format!(
        "You exceeded your current quota, please check your plan and billing details. For more \
         information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits. \
         \n* Quota exceeded for metric: {metric}, limit: 15, model: {model}{retry}"
    );
    let help = json!({
        "@type": "type.googleapis.com/google.rpc.Help",
        "links": [{
            "description": "Learn more about Gemini API quotas",
            "url": "https://ai.google.dev/gemini-api/docs/rate-limits",
        }],
    });
    let failure = json!({
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{
            "quotaMetric": metric,
            "quotaId": id,
            "quotaDimensions": { "location": "global", "model": model },
            "quotaValue": "15",
        }],
    });
    let error = Error::new(429, "RESOURCE_EXHAUSTED", message).with(help).with(failure);
    match wait {
        Some(wait) => error.with(json!({
            "@type": "type.googleapis.com/google.rpc.RetryInfo",
            "retryDelay": format!("{wait}s"),
        })),
        None => error,
    }
}

impl From<FieldError> for Error {
    fn from(FieldError { path, flaw }: FieldError) -> Self {
        let path = snake(&path.bracketed());
        let (parent, name) = path.rsplit_once('.').unwrap_or(("", &path));
        let place = if parent.is_empty() { String::new() } else { format!(" at '{parent}'") };
        let about = |words: String| format!("* GenerateContentRequest.{path}: {words}\n");
        let message = match flaw {
            Flaw::Unknown => {
                let words = format!(
                    "Invalid JSON payload received. Unknown name \"{name}\"{place}: Cannot find \
                     field."
                );
                return Self::violation(parent, words);
            }
            Flaw::WrongType { expected, got } => {
                let words = format!("Invalid value at '{path}' ({}), {got}", proto_type(expected));
                return Self::violation(&path, words);
            }
            Flaw::Missing => about(format!("{name} is not specified")),
            Flaw::Unsupported => about(format!("this model does not support {name}.")),
            Flaw::UnsupportedValue { got, hint } => about(format!("{got} is refused. {hint}")),
            Flaw::Below { least, .. } => about(format!("{name} must be at least {least}.")),
            Flaw::Above { most, .. } => about(format!("{name} must be at most {most}.")),
            Flaw::Empty { .. } => about(format!("{name} must not be empty.")),
            Flaw::TooMany { most, got } => {
                about(format!("{name} must have at most {most} items, not {got}."))
            }
            Flaw::NoneOf { allowed, .. } if name == "role" => {
                format!("Please use a valid role: {}.", allowed.join(", "))
            }
            Flaw::NoneOf { allowed, got } => {
                about(format!("{got} is none of {}.", allowed.join(", ")))
            }
        };
        Self::invalid(message)
    }
}

/// `generationConfig.topP` as the service names it in its errors: `generation_config.top_p`.
pub fn snake(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

fn proto_type(expected: Expected) -> &'static str {
    match expected {
        Expected::Boolean => "TYPE_BOOL",
        Expected::String | Expected::StringOrStrings | Expected::StringOrObjects => "TYPE_STRING",
        Expected::Integer => "TYPE_INT32",
        Expected::Decimal => "TYPE_FLOAT",
        Expected::Object => "TYPE_MESSAGE",
        Expected::Array => "TYPE_REPEATED",
    }
}
