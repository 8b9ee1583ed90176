//! Bodies that leave in one piece, and what faults make of them.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::header,
    response::{Html, IntoResponse, Response},
};
use futures_util::{StreamExt, stream};

use crate::{
    faults::{Cut, Faults},
    refusal::{Fault, add_headers},
};

/// How long a broken connection stays open behind its last bytes, so that they leave first.
pub const FLUSH: Duration = Duration::from_millis(50);

/// The page of a proxy.
pub fn page(fault: Fault, page: String) -> Response {
    let mut response = (fault.status, Html(page)).into_response();
    add_headers(&mut response, fault.retry_after_header().into_iter().collect());
    response
}

/// A body in one piece. Faults of a stream do here what comes closest: one error is the whole
/// body; a cut by frames, or by more bytes than there are, is in its middle, and so is silence.
pub fn whole(faults: &Faults, media_type: &'static str, text: String, failure: String) -> Response {
    let text = if faults.in_stream_error { failure } else { text };
    let text = if faults.garbage { format!("{{\"garbage\": {text}") } else { text };
    let kind = [(header::CONTENT_TYPE, media_type)];
    let middle = text.len() / 2;
    let cut = faults.cut.map(|cut| match cut {
        Cut::Bytes(at) if at < text.len() => at,
        _ => middle,
    });
    if cut.is_none() && faults.stall.is_none() {
        return (kind, text).into_response();
    }
    let length = [(header::CONTENT_LENGTH, text.len().to_string())];
    let (body, stall) = (Bytes::from(text), faults.stall.unwrap_or_default());
    let end = cut.unwrap_or(body.len());
    let halves = [
        (body.slice(..middle.min(end)), Duration::ZERO),
        (body.slice(middle.min(end)..end), stall),
    ];
    let parts = stream::iter(halves).then(|(part, wait)| async move {
        tokio::time::sleep(wait).await;
        Ok(part)
    });
    let broken = stream::iter(cut).then(|_| broken());
    (kind, length, Body::from_stream(parts.chain(broken))).into_response()
}

/// Breaks the connection once what was sent has left.
pub async fn broken() -> Result<Bytes, io::Error> {
    tokio::time::sleep(FLUSH).await;
    Err(io::ErrorKind::ConnectionAborted.into())
}
