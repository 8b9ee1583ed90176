//! A request that is not answered: the reasons all formats share, and the response.
//!
//! What is wrong is found once, here a [`Problem`]; each dialect says it in its own words.

use std::time::Duration;

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use crate::head::Head;

/// Why a request is not answered, where the reason is not a matter of one format.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    MissingKey,
    WrongKey(String),
    UnknownAddress,
    WrongMethod,
    /// A pace or a list of faults that cannot be read.
    Own {
        place: &'static str,
        reason: String,
    },
    UnreadableBody,
    TooLarge {
        most_bytes: usize,
    },
    /// With what the parser said.
    NotJson(String),
    UnknownModel(String),
    /// An id that no earlier reply has.
    UnknownReply(String),
    /// `wanted` tokens of reply do not fit behind a prompt, or the prompt alone does not fit.
    ContextTooLong {
        window: usize,
        prompt: usize,
        wanted: usize,
    },
    /// A failure that was asked for.
    Fault(Fault),
    /// What a reply turns into, where that was asked for.
    Interrupted,
    /// A bug of ours.
    Broken,
}

/// A failure that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    pub status: StatusCode,
    pub retry_after: Option<Duration>,
    /// The account has run out of money, and waiting will not help.
    pub no_credit: bool,
    /// The id of the model that was called, or of the one that is meant where none was named.
    pub model: &'static str,
}

impl Fault {
    /// `retry_after` as the header has it: seconds.
    pub fn retry_after_header(&self) -> Option<(&'static str, String)> {
        self.retry_after.map(|wait| ("retry-after", wait.as_secs_f64().to_string()))
    }
}

/// The response to a request that is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub status: StatusCode,
    pub media_type: &'static str,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Refusal {
    /// With a body of JSON in one line.
    pub fn json(status: StatusCode, body: &Value) -> Self {
        let media_type = "application/json";
        Self { status, media_type, headers: Vec::new(), body: body.to_string() }
    }

    /// With one more header.
    pub fn with(mut self, header: (&'static str, String)) -> Self {
        self.headers.push(header);
        self
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response =
            (self.status, [(header::CONTENT_TYPE, self.media_type)], self.body).into_response();
        add_headers(&mut response, self.headers);
        response
    }
}

/// Adds headers to a response; one that is there already stays as it is.
pub fn add_headers(response: &mut Response, headers: Vec<(&'static str, String)>) {
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().entry(HeaderName::from_static(name)).or_insert(value);
        }
    }
}

/// What an address that is not there is called: `GET /v1/nowhere`.
pub fn place(head: &Head) -> String {
    format!("{} {}", head.method, head.path)
}
