//! The network's failures, told apart for a person.

use super::proxy_of;
use crate::{ApiError, ErrorKind, errors::Fix};
use std::{error::Error, io};

/// Why a request could not be delivered.
pub fn of(error: &reqwest::Error) -> ApiError {
    let says = |words: &[&str]| causes(error).any(|cause| begins(cause, words));
    let kind = if error.is_timeout() {
        ErrorKind::ConnectTimeout
    } else if says(PROXY) {
        ErrorKind::Proxy
    } else if says(NAME) {
        ErrorKind::NoSuchHost
    } else if causes(error).any(is_tls) {
        ErrorKind::Tls
    } else if causes(error).any(is_refused) {
        ErrorKind::Refused
    } else {
        ErrorKind::Connection
    };
    let proxy = error.url().and_then(|url| proxy_of(url.as_str()));
    let mut failure = kind.said(match proxy {
        Some(proxy) => format!("{} (through the proxy {proxy})", words(error)),
        None => words(error),
    });
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

/// What the errors of a tunnel, or of a SOCKS proxy, begin with; they have no type to be asked for.
const PROXY: &[&str] = &["tunnel error", "error connecting to socks proxy"];
/// What the errors of looking up a name begin with.
const NAME: &[&str] = &["dns error", "error resolving for socks proxy"];

fn begins(cause: &(dyn Error + 'static), words: &[&str]) -> bool {
    let text = cause.to_string();
    words.iter().any(|it| text.starts_with(it))
}

fn is_tls(cause: &(dyn Error + 'static)) -> bool {
    cause.is::<rustls::Error>()
}

fn is_refused(cause: &(dyn Error + 'static)) -> bool {
    let io = cause.downcast_ref::<io::Error>();
    io.is_some_and(|io| io.kind() == io::ErrorKind::ConnectionRefused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::Client;

    /// Elsewhere 127.0.0.1 alone leads back to this computer.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn how_to_start_a_server_is_said_where_its_port_tells() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().tls_certs_only([]).no_proxy().build().expect("a client");
        // Nobody listens at this address, whatever runs on this computer.
        for (url, fixes) in [("http://127.0.0.77:11434", 1), ("http://127.0.0.77:11435", 0)] {
            let failure = of(&client.get(url).send().await.expect_err("nobody listens"));
            assert_eq!(failure.kind, ErrorKind::Refused, "{failure:?}");
            assert_eq!(failure.fixes.len(), fixes, "{url}");
        }
    }
}
