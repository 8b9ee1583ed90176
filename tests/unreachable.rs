//! Servers that are not reached: why is told apart, and nothing is sent before it is safe.

#[path = "support/calling.rs"]
mod calling;
use calling::{KEY, LONG, call, client, error_of, limits, story};
use playground::{
    ApiError, ErrorKind,
    client::{Client, Limits},
    dialects::DIALECTS,
};
use rustls::{
    ServerConfig, ServerConnection,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

/// Why a call with a key does not get there.
async fn failure(client: Client, base_url: &str) -> ApiError {
    let story = story(client, call(DIALECTS[0], base_url, Some(KEY))).await;
    error_of(&story).unwrap_or_else(|| panic!("{base_url} answers")).clone()
}

fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("its address").to_string();
    (listener, address)
}

/// A server whose certificate nobody has signed but itself. It passes on what it was told.
fn self_signed() -> (String, mpsc::Receiver<String>) {
    let certificate = CertificateDer::from(&include_bytes!("tls/certificate.der")[..]);
    let key = PrivateKeyDer::try_from(&include_bytes!("tls/key.der")[..]).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let settings = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("they belong together");
    let (listener, address) = listener();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let mut tls = ServerConnection::new(Arc::new(settings.clone())).expect("settings");
            let mut heard = [0; 4096];
            let read = rustls::Stream::new(&mut tls, &mut socket).read(&mut heard);
            let count = read.unwrap_or(0);
            let _ = tell.send(String::from_utf8_lossy(&heard[..count]).into_owned());
        }
    });
    (format!("https://{address}/v1"), told)
}

/// A server that answers a greeting of TLS as if it were a bad request.
fn speaks_no_tls() -> String {
    let (listener, address) = listener();
    thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let _ = socket.read(&mut [0; 4096]);
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    format!("https://{address}/v1")
}

#[tokio::test]
async fn a_closed_port_a_wrong_name_and_no_tls_are_told_apart() {
    let (closed, address) = listener();
    drop(closed);
    let plain = speaks_no_tls();
    let nobody = format!("http://{address}");
    for (base_url, expected) in [
        (&*nobody, ErrorKind::Refused),
        ("https://nowhere.invalid/v1", ErrorKind::NoSuchHost),
        (&plain, ErrorKind::Tls),
    ] {
        // A proxy that this computer may have is for tests/proxy.rs.
        let mut call = call(DIALECTS[0], base_url, Some(KEY));
        call.is_loopback = true;
        let story = story(client(LONG), call).await;
        let error = error_of(&story).expect("nobody answers");
        assert_eq!(error.kind, expected, "{base_url}: {error:?}");
        assert!(error.said.as_ref().is_some_and(|it| !it.is_empty()), "{base_url}: {error:?}");
        assert!(!format!("{story:?}").contains(KEY), "{base_url}");
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_gets_no_key() {
    let (base_url, told) = self_signed();
    let error = failure(client(LONG), &base_url).await;
    assert_eq!(error.kind, ErrorKind::Tls, "{error:?}");
    assert!(error.said.as_ref().is_some_and(|it| it.contains("certificate")), "{error:?}");
    let heard = told.recv_timeout(LONG).expect("it was called");
    assert_eq!(heard, "", "not a byte within TLS");
}

/// Each wait has its own limit, so that it can be told which one was met.
#[tokio::test]
async fn each_phase_that_takes_too_long_is_told_as_itself() {
    let short = Duration::from_millis(200);
    let connects = Limits { connect: short, ..limits(LONG) };
    // Whoever connects waits for ever: nobody takes the connection up.
    let (_silent, address) = listener();
    for (scheme, limits, expected) in [
        ("https", connects, ErrorKind::ConnectTimeout),
        ("http", limits(short), ErrorKind::FirstByteTimeout),
    ] {
        let client = Client::new(limits).expect("a client");
        let error = failure(client, &format!("{scheme}://{address}/v1")).await;
        assert_eq!(error.kind, expected, "{scheme}: {error:?}");
    }
}
