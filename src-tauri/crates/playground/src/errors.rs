//! What went wrong: the provider's words first, then what they mean and what to do.
//!
//! Errors are content in this app, so [`EXPLANATIONS`] is a table that the page, the
//! docs and the tests read alike. Everything here is pure: a body and headers go in, and the
//! time of day comes along for those servers that name a date.
//!
//! - `body`: the shapes in which servers report an error; `kind`: which explanation fits.
//! - `overflow`: the numbers of a prompt that is too long; `hint`: how long to wait.
//! - `fix`: what a button can do about it; `explanations`: the words.

mod body;
mod explanations;
mod fix;
mod hint;
mod kind;
mod overflow;
mod sentence;

pub use body::ErrorBody;
pub use explanations::{EXPLANATIONS, ErrorKind, Explanation};
pub use fix::Fix;
pub use overflow::Overflow;

use crate::{http::Header, models};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, time::Duration};
use time::OffsetDateTime;
use ts_rs::TS;

/// A failure of one attempt, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ApiError {
    /// Which explanation fits.
    pub kind: ErrorKind,
    /// What happened, in one line of ours.
    pub title: Cow<'static, str>,
    /// Why it happens.
    pub meaning: String,
    /// What to do.
    pub advice: Cow<'static, str>,
    /// What a button can do, the best first.
    pub fixes: Vec<Fix>,
    /// The HTTP status, if an answer came.
    pub status: Option<u16>,
    /// The provider's own words, or the network's, if there were any.
    pub said: Option<String>,
    /// The provider's own name for this type of error.
    pub provider_type: Option<String>,
    /// The provider's own code.
    pub provider_code: Option<String>,
    /// The request field that it complains about.
    pub param: Option<String>,
    /// What to quote to the provider's support.
    pub request_id: Option<String>,
    /// Milliseconds that the provider asks us to wait.
    pub retry_after_ms: Option<u64>,
    /// Whether the provider says that the same request may be sent again.
    pub should_retry: Option<bool>,
    /// The numbers of a prompt that is too long.
    pub overflow: Option<Box<Overflow>>,
    /// The body as it came, cut to [`BODY_SHOWN`] bytes; empty if none came.
    pub body: String,
}

/// How much of an error's body is kept.
pub const BODY_SHOWN: usize = 16 * 1024;

/// Where providers put what their support asks for.
const REQUEST_IDS: [&str; 4] =
    ["x-request-id", "request-id", "x-generation-id", "x-litellm-call-id"];

impl ErrorKind {
    /// The row that explains it.
    pub fn explanation(self) -> &'static Explanation {
        EXPLANATIONS.iter().find(|row| row.kind == self).expect("a test finds a row for each kind")
    }

    /// The error with this kind's explanation and nothing from the server yet.
    pub fn error(self) -> ApiError {
        let Explanation { kind, title, meaning, advice } = *self.explanation();
        ApiError {
            kind,
            title: title.into(),
            meaning: meaning.into(),
            advice: advice.into(),
            fixes: fix::of(kind),
            status: None,
            said: None,
            provider_type: None,
            provider_code: None,
            param: None,
            request_id: None,
            retry_after_ms: None,
            should_retry: None,
            overflow: None,
            body: String::new(),
        }
    }

    /// The same, with words that came from outside.
    pub fn said(self, words: impl Into<String>) -> ApiError {
        ApiError { said: Some(words.into()), ..self.error() }
    }

    /// The error for something that took longer than `limit`.
    pub fn after(self, limit: Duration) -> ApiError {
        self.said(format!("nothing came for {} s", limit.as_secs_f64()))
    }
}

impl ApiError {
    /// Reads an answer whose status is not a success, and which came at `now`.
    pub fn from_response(
        status: u16,
        headers: &[Header],
        body: &[u8],
        now: OffsetDateTime,
    ) -> ApiError {
        let text = String::from_utf8_lossy(body);
        let parsed = ErrorBody::read(&text);
        let mut error = kind::of(status, &parsed, &text).error();
        error.status = Some(status);
        let id = REQUEST_IDS.iter().find_map(|name| header(headers, name));
        error.request_id = id.map(str::to_owned);
        error.should_retry = header(headers, "x-should-retry").and_then(|it| it.parse().ok());
        error.retry_after_ms = hint::in_headers(status, headers, now);
        if error.kind == ErrorKind::Redirect {
            error.said = header(headers, "location").map(|place| format!("to {place}"));
        }
        let mut error = error.with_body(parsed, &text);
        error.name_the_replacement(now);
        error
    }

    /// Reads a failure that was reported after the status of a success, in an event or a body.
    pub fn in_stream(parsed: ErrorBody, text: &str) -> ApiError {
        let kind = kind::in_stream(&parsed);
        let mut error = kind.error();
        if kind != ErrorKind::InStream {
            error.meaning.push_str(
                " The status was 200, so it came inside the reply. What came before it is kept.",
            );
        }
        error.with_body(parsed, text)
    }

    /// Adds what the provider said in a body, or in an event of the stream.
    pub fn with_body(mut self, parsed: ErrorBody, text: &str) -> ApiError {
        let words = parsed.words();
        let waits = !matches!(
            self.kind,
            ErrorKind::DailyLimit | ErrorKind::NoCredit | ErrorKind::SpendLimit
        );
        let hint = || hint::in_body(&parsed).filter(|_| waits);
        self.retry_after_ms = self.retry_after_ms.filter(|_| waits).or_else(hint);
        self.overflow = overflow::of(&parsed, &words).map(Box::new);
        self.fixes.splice(0..0, fix::in_body(&self, &parsed, &words));
        self.said = self.said.or(parsed.message);
        self.provider_type = parsed.kind;
        self.provider_code = parsed.code;
        self.param = parsed.param;
        self.request_id = self.request_id.or(parsed.request_id);
        self.body = text.chars().take(BODY_SHOWN).collect();
        self
    }

    /// A model of the catalogue that has stopped answering is named with its successor.
    fn name_the_replacement(&mut self, now: OffsetDateTime) {
        let said = self.said.as_deref().filter(|_| self.kind == ErrorKind::ModelNotFound);
        let named = |said: &str| sentence::ids(said).find_map(models::find);
        let Some(model) = said.and_then(named) else { return };
        let Some(day) = model.shutdown.as_deref() else { return };
        if day <= now.date().to_string().as_str() {
            self.meaning = format!("{} has not answered since {day}: it is retired.", model.name);
            let next = model.replacement.clone();
            self.fixes.splice(0..0, next.map(|id| Fix::ChangeModel { id }));
        }
    }
}

fn header<'a>(headers: &'a [Header], name: &str) -> Option<&'a str> {
    headers.iter().find(|header| header.name == name).map(|header| header.value.as_str())
}

#[cfg(test)]
mod tests;
