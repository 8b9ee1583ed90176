//! The network's failures, told apart for a person.

use crate::{ApiError, ErrorKind, errors::Fix};
use std::{error::Error, io};

/// Why a request could not be delivered.
pub fn of(error: &reqwest::Error) -> ApiError {
    let kind = if error.is_timeout() {
        ErrorKind::ConnectTimeout
    } else if causes(error).any(is_proxy) {
        ErrorKind::Proxy
    } else if causes(error).any(is_tls) {
        ErrorKind::Tls
    } else if causes(error).any(is_refused) {
        ErrorKind::Refused
    } else if causes(error).any(|cause| cause.to_string().contains("dns error")) {
        ErrorKind::NoSuchHost
    } else {
        ErrorKind::Connection
    };
    let mut failure = kind.said(words(error));
    if kind == ErrorKind::Refused {
        failure.fixes.extend(Fix::for_port(error.url().and_then(|url| url.port())));
    }
    failure
}

/// Why a body could not be read to its end.
pub fn in_body(error: &reqwest::Error) -> ApiError {
    ErrorKind::Cut.said(words(error))
}

/// The innermost cause says the most. The URL is left out: the Request lens shows it.
fn words(error: &reqwest::Error) -> String {
    causes(error).last().map(|cause| cause.to_string()).unwrap_or_default()
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |&cause| inner(cause).or(cause.source()))
}

/// An I/O error may wrap another error without naming it as its source.
fn inner<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let inner = cause.downcast_ref::<io::Error>()?.get_ref()?;
    Some(inner)
}

/// A request to a server with TLS goes through a tunnel that the proxy has to open.
fn is_proxy(cause: &(dyn Error + 'static)) -> bool {
    let words = cause.to_string();
    words.contains("tunnel") || words.contains("proxy")
}

fn is_tls(cause: &(dyn Error + 'static)) -> bool {
    cause.is::<rustls::Error>()
}

fn is_refused(cause: &(dyn Error + 'static)) -> bool {
    let io = cause.downcast_ref::<io::Error>();
    io.is_some_and(|io| io.kind() == io::ErrorKind::ConnectionRefused)
}
