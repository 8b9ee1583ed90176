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

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::{Client, Proxy};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    /// A proxy that refuses to open a tunnel.
    async fn unwilling_proxy() -> String {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let _ = socket.read(&mut [0; 4096]).await;
                let _ = socket.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n").await;
            }
        });
        format!("http://{address}")
    }

    #[tokio::test]
    async fn a_proxy_is_told_apart_from_the_server_behind_it() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        for proxy in [unwilling_proxy().await, "http://127.0.0.1:9".into()] {
            let through = Proxy::all(&proxy).expect("an address");
            let client = Client::builder().tls_certs_only([]).proxy(through).build();
            let asked = client.expect("a client").get("https://example.com").send().await;
            let failure = of(&asked.expect_err("nobody answers"));
            assert_eq!(failure.kind, ErrorKind::Proxy, "{proxy}: {failure:?}");
        }
    }

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
