//! The one module that does I/O: it sends a request, waits, and tells the story.
//!
//! A key exists here only between the keyring and one HTTP header. It is marked as
//! sensitive, no redirect is followed with it, and what a server echoes of it is masked
//! before any event is told.

mod connecting;
mod failure;
mod key;
mod proxy;
mod story;
mod waiting;

pub use proxy::proxy_of;
pub use waiting::Hand;

use crate::{
    ApiError, ErrorKind, RunEvent, WireRequest,
    dialect::Dialect,
    http::Method,
    reader::{ReplyReader, Sizes},
    retry::{self, Because, Wait},
    secret::Mask,
};
use reqwest::{ClientBuilder, RequestBuilder, Response, redirect::Policy};
use secrecy::SecretString;
use std::time::{Duration, Instant};
use story::{Story, headers_of};
use time::OffsetDateTime;
use tokio::{sync::mpsc, time::timeout};
use tower::util::MapFutureLayer;

/// How long to wait and how much to accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For a connection, TLS included.
    pub connect: Duration,
    /// From the request to the first word of the reply: large models think for a while.
    pub first_word: Duration,
    /// Between two reads once words have come.
    pub idle: Duration,
    /// How much of an answer is accepted.
    pub sizes: Sizes,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connect: Duration::from_secs(10),
            first_word: Duration::from_secs(120),
            idle: Duration::from_secs(30),
            sizes: Sizes::default(),
        }
    }
}

/// A request that is ready to leave.
pub struct Call {
    /// What to send; its mask is replaced by the key.
    pub request: WireRequest,
    /// The key, if the request has a place for one.
    pub key: Option<SecretString>,
    /// Who reads the answer.
    pub dialect: &'static dyn Dialect,
    /// Whether the request stays on this computer, and so goes through no proxy.
    pub is_loopback: bool,
    /// Whether a person wrote the body, which then goes out as it stands or not at all.
    pub is_by_hand: bool,
}

/// Connections to every provider.
#[derive(Clone)]
pub struct Client {
    internet: reqwest::Client,
    loopback: reqwest::Client,
    limits: Limits,
    retries: retry::Policy,
}

/// The HTTP client could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be set up")]
pub struct SetupError(#[from] reqwest::Error);

impl Client {
    /// A client with these limits, which sends nothing twice.
    ///
    /// The system's proxy settings hold for the internet, not for this computer.
    pub fn new(limits: Limits) -> Result<Client, SetupError> {
        // An error means that a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            reqwest::Client::builder()
                .connect_timeout(limits.connect)
                .redirect(Policy::none())
                .referer(false)
                .user_agent(concat!("tokenscope/", env!("CARGO_PKG_VERSION")))
                .connector_layer(MapFutureLayer::new(connecting::noted))
        };
        // Without the system's certificates nothing on the internet can be trusted, but what
        // is on this computer can still be called.
        let build = |builder: &dyn Fn() -> ClientBuilder| {
            builder().build().or_else(|_| builder().tls_certs_only([]).build())
        };
        let internet = build(&builder)?;
        let loopback = build(&|| builder().no_proxy())?;
        Ok(Client { internet, loopback, limits, retries: retry::Policy::never() })
    }

    /// The same connections with other limits; the connect limit stays as it was.
    pub fn with_limits(&self, limits: Limits) -> Client {
        Client { limits, ..self.clone() }
    }

    /// The same connections, on which a failed call is sent again as the policy says.
    pub fn with_retries(&self, retries: retry::Policy) -> Client {
        Client { retries, ..self.clone() }
    }

    /// Sends `call` and tells every step to `events`, until the end or until `hand` cancels.
    ///
    /// The events' queue is bounded: when its reader is slow, so is the socket. The last
    /// event is always told, even after a cancel.
    pub async fn run(&self, call: Call, events: mpsc::Sender<RunEvent>, hand: impl Into<Hand>) {
        let hand = hand.into();
        let mut story = Story::new(events);
        let attempts = self.attempts(&call, &mut story, &hand);
        let ended = hand.cancel.run_until_cancelled(attempts).await;
        let at_us = story.at_us();
        story
            .tell(match ended {
                None => RunEvent::Cancelled { at_us },
                Some(Ok(())) => RunEvent::Finished { at_us },
                Some(Err(error)) if story.has_words => RunEvent::Interrupted { at_us, error },
                Some(Err(error)) => RunEvent::Failed { at_us, error },
            })
            .await;
    }

    /// Attempts the call until it succeeds, or fails in a way that no retry would mend.
    async fn attempts(&self, call: &Call, story: &mut Story, hand: &Hand) -> Result<(), ApiError> {
        let (mut request, mut attempt) = (call.request.clone(), 1);
        loop {
            let Err(error) = self.attempt(call, &request, attempt, story).await else {
                return Ok(());
            };
            // Once a reply has begun, sending again would be paid for twice.
            let next =
                if story.has_begun { None } else { self.next(call, &request, attempt, &error) };
            let Some((next, Wait { ms, because })) = next else { return Err(error) };
            // Listens before the wait is told, so that no answer to it comes too early.
            let skipped = hand.skip.notified();
            let at_us = story.at_us();
            story.tell(RunEvent::AttemptFailed { at_us, attempt, error }).await;
            story.tell(RunEvent::Waiting { at_us, for_us: ms * 1000, because }).await;
            waiting::pause(ms, skipped).await;
            (request, attempt) = (next, attempt + 1);
        }
    }

    /// What is sent after a failed attempt, and after which wait: the same again, or at once
    /// without what the server does not know.
    fn next(
        &self,
        call: &Call,
        request: &WireRequest,
        attempt: u32,
        error: &ApiError,
    ) -> Option<(WireRequest, Wait)> {
        let may_change = !call.is_by_hand && attempt <= self.retries.retries;
        let simpler = || call.dialect.without_stream_options(request, error);
        if let Some(simpler) = may_change.then(simpler).flatten() {
            return Some((simpler, Wait { ms: 0, because: Because::StreamOptionsRefused }));
        }
        Some((request.clone(), self.retries.wait(attempt, error, waiting::chance())?))
    }

    /// Sends `call` and returns the whole body of a successful answer.
    pub async fn ask(&self, call: Call) -> Result<String, ApiError> {
        let request = self.build(&call, &call.request)?;
        let mask = Mask::new(call.key);
        let asked = async {
            let response = request.send().await.map_err(|error| failure::of(&error))?;
            let response = self.accept(response, &mask).await?;
            let body = read_body(response, self.limits.sizes.body).await?;
            Ok(mask.scrubbed(String::from_utf8_lossy(&body).into_owned()))
        };
        timeout(self.limits.first_word, asked)
            .await
            .unwrap_or_else(|_| Err(ErrorKind::FirstByteTimeout.after(self.limits.first_word)))
    }

    /// Gets what lies at `url`, without a key: at most `limit` bytes of it.
    ///
    /// # Errors
    /// Where nothing answers in time, or what answers is no success or too long.
    pub async fn fetch(
        &self,
        url: &str,
        is_loopback: bool,
        limit: usize,
    ) -> Result<Vec<u8>, ApiError> {
        let client = if is_loopback { &self.loopback } else { &self.internet };
        let fetched = async {
            let response = client.get(url).send().await.map_err(|error| failure::of(&error))?;
            read_body(self.accept(response, &Mask::new(None)).await?, limit).await
        };
        timeout(self.limits.first_word, fetched)
            .await
            .unwrap_or_else(|_| Err(ErrorKind::FirstByteTimeout.after(self.limits.first_word)))
    }

    async fn attempt(
        &self,
        call: &Call,
        request: &WireRequest,
        attempt: u32,
        story: &mut Story,
    ) -> Result<(), ApiError> {
        let at_us = story.at_us();
        story.tell(RunEvent::AttemptStarted { at_us, attempt, request: request.clone() }).await;
        let request = self.build(call, request)?;
        let mask = Mask::new(call.key.clone());
        let deadline = Instant::now() + self.limits.first_word;
        let watch = connecting::Watch::default();
        let response = timeout(self.limits.first_word, watch.over(request.send()))
            .await
            .map_err(|_| ErrorKind::FirstByteTimeout.after(self.limits.first_word))?
            .map_err(|error| failure::of(&error))?;
        story.tell_response(&response, watch.connected(), &mask).await;
        let mut response = self.accept(response, &mask).await?;
        story.has_begun = true;
        let mut reader = ReplyReader::new(call.dialect, mask, self.limits.sizes);
        loop {
            let (kind, limit) = match story.has_words {
                true => (ErrorKind::IdleTimeout, self.limits.idle),
                false => (ErrorKind::FirstByteTimeout, self.limits.first_word),
            };
            let left = match story.has_words {
                true => limit,
                false => deadline.saturating_duration_since(Instant::now()),
            };
            let read = timeout(left, response.chunk()).await.map_err(|_| kind.after(limit))?;
            // What was cut off half-way is told before the reason.
            let bytes = match read {
                Ok(bytes) => bytes,
                Err(error) => {
                    story.tell_frames(reader.finish()).await;
                    return Err(failure::in_body(&error));
                }
            };
            let Some(bytes) = bytes else { break };
            story.tell_frames(reader.push(&bytes)).await;
            if reader.is_done() {
                break;
            }
        }
        story.tell_frames(reader.finish()).await;
        reader.verdict()
    }

    fn build(&self, call: &Call, request: &WireRequest) -> Result<RequestBuilder, ApiError> {
        let Call { key, is_loopback, .. } = call;
        let client = if *is_loopback { &self.loopback } else { &self.internet };
        let mut builder = match request.method {
            Method::Get => client.get(&request.url),
            Method::Post => client.post(&request.url).body(request.body.clone()),
        };
        for header in &request.headers {
            builder = builder.header(&header.name, key::header_value(header, key.as_ref())?);
        }
        Ok(builder)
    }

    /// Passes a success on, and reads anything else as an error.
    async fn accept(&self, response: Response, mask: &Mask) -> Result<Response, ApiError> {
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let headers = headers_of(&response, mask);
        // A body that breaks off or never ends does not hide the status.
        let body = timeout(self.limits.idle, read_body(response, self.limits.sizes.body)).await;
        let mut body = body.ok().and_then(Result::ok).unwrap_or_default();
        // Before anything is read from it or cut off.
        mask.scrub(&mut body);
        let now = OffsetDateTime::now_utc();
        Err(ApiError::from_response(status, &headers, &body, now))
    }
}

async fn read_body(mut response: Response, limit: usize) -> Result<Vec<u8>, ApiError> {
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await.map_err(|error| failure::in_body(&error))? {
        body.extend_from_slice(&bytes);
        if body.len() > limit {
            return Err(ErrorKind::FrameTooLarge.said(format!("the body passed {limit} bytes")));
        }
    }
    Ok(body)
}
