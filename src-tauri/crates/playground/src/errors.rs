//! What went wrong: the provider's words first, then what they mean and what to do.
//!
//! Errors are content in this app, so [`EXPLANATIONS`] is a table that the page, the
//! docs and the tests read alike.

mod body;

pub use body::ErrorBody;

use crate::http::Header;
use serde::Serialize;
use std::time::Duration;
use ts_rs::TS;

/// A failure of one attempt, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ApiError {
    /// Which explanation fits.
    pub kind: ErrorKind,
    /// What happened, in one line of ours.
    pub title: String,
    /// Why it happens.
    pub meaning: String,
    /// What to do.
    pub advice: String,
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
    /// Seconds that the provider asks us to wait.
    pub retry_after_s: Option<u64>,
    /// The body as it came, cut to [`BODY_SHOWN`] bytes; empty if none came.
    pub body: String,
}

/// How much of an error's body is kept.
pub const BODY_SHOWN: usize = 16 * 1024;

/// The kinds of failure that have an explanation of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
#[allow(missing_docs, reason = "the table of explanations says what each one means")]
pub enum ErrorKind {
    BadRequest,
    ContextTooLong,
    WrongKey,
    NoKey,
    UnusableKey,
    Forbidden,
    NotFound,
    TooLarge,
    NoCredit,
    RateLimited,
    ServerError,
    OtherStatus,
    Redirect,
    Refused,
    NoSuchHost,
    Tls,
    Connection,
    ConnectTimeout,
    FirstByteTimeout,
    IdleTimeout,
    Cut,
    NotAnApi,
    Unreadable,
    Empty,
    FrameTooLarge,
    InStream,
}

/// What a kind of failure is called, why it happens, and what to do.
pub struct Explanation {
    /// The kind.
    pub kind: ErrorKind,
    /// What happened.
    pub title: &'static str,
    /// Why.
    pub meaning: &'static str,
    /// What to do.
    pub advice: &'static str,
}

const fn explain(
    kind: ErrorKind,
    title: &'static str,
    meaning: &'static str,
    advice: &'static str,
) -> Explanation {
    Explanation { kind, title, meaning, advice }
}

/// One row for each [`ErrorKind`].
#[rustfmt::skip]
pub static EXPLANATIONS: &[Explanation] = &[
    explain(ErrorKind::BadRequest, "The request was refused",
        "The server read the request and found something in it that it does not accept: a field, a value, or a combination.",
        "Compare its message with the Request lens. Unset the parameter that it names and send again."),
    explain(ErrorKind::ContextTooLong, "The conversation is too long",
        "The messages and the room asked for the reply do not fit into the model's context window together.",
        "Remove earlier turns, shorten the text, or lower max tokens."),
    explain(ErrorKind::WrongKey, "The key was not accepted",
        "The server does not know this key. It may be mistyped, revoked, or belong to another service.",
        "Open Keys, paste the key again and press Test."),
    explain(ErrorKind::NoKey, "There is no key for this provider",
        "Nothing was sent. The provider answers only requests that carry an API key.",
        "Open Keys and paste one, or choose Practice, which needs none."),
    explain(ErrorKind::UnusableKey, "The key cannot be sent",
        "Nothing was sent. The stored key has characters that an HTTP header cannot carry, such as a line break.",
        "Open Keys and paste the key again, without spaces or line breaks."),
    explain(ErrorKind::Forbidden, "The key may not do this",
        "The server knows the key but does not allow it this model, this project or this region.",
        "Look at the key's permissions on the provider's site, or choose another model."),
    explain(ErrorKind::NotFound, "The model or the address does not exist",
        "Either the model id is wrong or retired, or the base URL leads to a place without this API.",
        "Check the model id, then the base URL: most servers want it to end with /v1."),
    explain(ErrorKind::TooLarge, "The request is too large",
        "The server refuses bodies of this size, whatever they say.",
        "Shorten the messages, or remove earlier turns."),
    explain(ErrorKind::NoCredit, "The account has no credit",
        "The key is right, but the account behind it has nothing left to spend. Waiting does not help.",
        "Add credit on the provider's billing page, or use Practice meanwhile."),
    explain(ErrorKind::RateLimited, "Too many requests",
        "The account sent more requests or tokens in this minute than it may.",
        "Wait a little, then send again."),
    explain(ErrorKind::ServerError, "The server failed",
        "The request was fine as far as anyone can tell; something broke or is overloaded at the provider.",
        "Send again in a moment. If it goes on, look at the provider's status page."),
    explain(ErrorKind::OtherStatus, "The server answered with an unusual status",
        "It is neither success nor one of the failures that model APIs commonly report.",
        "Read what the server said. A proxy or gateway on the way may have answered in its place."),
    explain(ErrorKind::Redirect, "The server sends us elsewhere",
        "It answered with a redirect. Following it could carry the key to another server, so it is not followed.",
        "If you trust the new address, make it the base URL."),
    explain(ErrorKind::Refused, "Nothing answers at this address",
        "The computer was reached but no server listens on that port.",
        "Start the server, or correct the port in the base URL."),
    explain(ErrorKind::NoSuchHost, "The server's name is not known",
        "The name in the base URL could not be turned into an address: it is mistyped, or there is no network.",
        "Check the base URL and the network. Practice works without one."),
    explain(ErrorKind::Tls, "No safe connection could be made",
        "The server's certificate is not trusted, or the server does not speak TLS on this port. The key was not sent.",
        "Check the address. A server on this computer often wants http:// in place of https://."),
    explain(ErrorKind::Connection, "The connection failed",
        "The request could not be delivered. A network, proxy or firewall may be in the way.",
        "Check the network and the base URL, then send again."),
    explain(ErrorKind::ConnectTimeout, "The server could not be reached in time",
        "No connection came about. The server may be down, or a firewall swallows the packets.",
        "Check the network and the base URL, then send again."),
    explain(ErrorKind::FirstByteTimeout, "The server took the request and stayed silent",
        "It is connected, but no reply began. Large models can think for minutes; servers can also hang.",
        "Send again, or allow more time for the first word in Settings."),
    explain(ErrorKind::IdleTimeout, "The stream fell silent",
        "The reply began and then nothing more came for too long. What came is kept. The provider may still bill what it wrote.",
        "Send again, or allow a longer silence in Settings."),
    explain(ErrorKind::Cut, "The stream was cut",
        "The connection closed before the server said that the reply was complete. What came is kept; no usage came, so its cost is unknown.",
        "Send again. If it always breaks at the same time, a proxy on the way may limit how long a reply may take."),
    explain(ErrorKind::NotAnApi, "This is a web page, not an API",
        "The address answered with HTML. It is a site, a login page or a proxy's notice.",
        "Check the base URL: most servers want it to end with /v1."),
    explain(ErrorKind::Unreadable, "The answer could not be read",
        "What came is not the JSON that this API promises, or not text at all.",
        "Check that the base URL leads to an API of this kind. The bytes are shown as they came."),
    explain(ErrorKind::Empty, "The answer was empty",
        "The server said that all went well and then sent no reply.",
        "Send again. If it goes on, another model or server may do better."),
    explain(ErrorKind::FrameTooLarge, "One frame was too large",
        "A single event of the stream passed the size that this app accepts. What came before it is kept.",
        "This is unusual for a text reply: check what the server is sending."),
    explain(ErrorKind::InStream, "The server reported a failure in the middle of the reply",
        "The reply had begun with status 200, so the failure came as an event of the stream. What came is kept.",
        "Send again in a moment."),
];

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
            status: None,
            said: None,
            provider_type: None,
            provider_code: None,
            param: None,
            request_id: None,
            retry_after_s: None,
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
    /// Reads an answer whose status is not a success.
    pub fn from_response(status: u16, headers: &[Header], body: &[u8]) -> ApiError {
        let text = String::from_utf8_lossy(body);
        let parsed = ErrorBody::read(&text);
        let mut error = kind_of(status, &parsed, &text).error();
        error.status = Some(status);
        error.request_id = header(headers, "x-request-id")
            .or_else(|| header(headers, "request-id"))
            .map(str::to_owned);
        error.retry_after_s = header(headers, "retry-after").and_then(|it| it.trim().parse().ok());
        if error.kind == ErrorKind::Redirect {
            error.said = header(headers, "location").map(|place| format!("to {place}"));
        }
        error.with_body(parsed, &text)
    }

    /// Adds what the provider said in a body, or in an event of the stream.
    pub fn with_body(mut self, parsed: ErrorBody, text: &str) -> ApiError {
        self.said = self.said.or(parsed.message);
        self.provider_type = parsed.kind;
        self.provider_code = parsed.code;
        self.param = parsed.param;
        self.body = text.chars().take(BODY_SHOWN).collect();
        self
    }

    /// Replaces each occurrence of `secret` in the words that came from outside.
    pub fn scrub(&mut self, secret: &str) {
        let fields = [&mut self.said, &mut self.provider_type, &mut self.provider_code];
        for text in fields.into_iter().chain([&mut self.param]).flatten().chain([&mut self.body]) {
            *text = text.replace(secret, crate::http::MASK);
        }
    }
}

fn header<'a>(headers: &'a [Header], name: &str) -> Option<&'a str> {
    headers.iter().find(|header| header.name == name).map(|header| header.value.as_str())
}

fn kind_of(status: u16, parsed: &ErrorBody, text: &str) -> ErrorKind {
    let says = |word: &str| {
        [&parsed.code, &parsed.kind, &parsed.message]
            .into_iter()
            .flatten()
            .any(|it| it.contains(word))
    };
    let no_credit = ["insufficient_quota", "credit_balance", "spend_limit", "billing"];
    match status {
        300..=399 => ErrorKind::Redirect,
        _ if says("context_length_exceeded") || says("maximum context length") => {
            ErrorKind::ContextTooLong
        }
        402 => ErrorKind::NoCredit,
        429 if no_credit.into_iter().any(says) => ErrorKind::NoCredit,
        429 => ErrorKind::RateLimited,
        401 if !parsed.is_known() && body::is_html(text) => ErrorKind::NotAnApi,
        401 => ErrorKind::WrongKey,
        // Some servers report a wrong key as a bad request.
        400 if says("Incorrect API key") || says("invalid_api_key") => ErrorKind::WrongKey,
        500..=599 => ErrorKind::ServerError,
        _ if !parsed.is_known() && body::is_html(text) => ErrorKind::NotAnApi,
        400 | 405 | 409 | 415 | 422 => ErrorKind::BadRequest,
        403 => ErrorKind::Forbidden,
        404 | 410 => ErrorKind::NotFound,
        413 => ErrorKind::TooLarge,
        _ => ErrorKind::OtherStatus,
    }
}

#[cfg(test)]
mod tests;
