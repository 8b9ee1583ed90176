//! What the environment says of proxies, and what comes of it on the wire: the internet is
//! reached through one, this computer never.
//!
//! The environment belongs to a process, so each row of the tables runs this file anew, as
//! `asks_as_it_is_told`, with variables of its own. Nothing here reaches the internet: its names end
//! in `.invalid`, and the proxy is ours.

#[path = "support/calling.rs"]
mod calling;
#[path = "support/server.rs"]
mod server;

use calling::{KEY, LONG, call, client, error_of, story};
use playground::{ErrorKind, client::proxy_of, dialects::DIALECTS};
use serde_json::{Value, json};
use server::{STREAM, Server};
use std::{
    env,
    io::{Read, Write},
    net::TcpListener,
    process::Command,
    sync::{Arc, Mutex},
    thread,
};

const SAYS: &str = "told: ";
const NOWHERE: &str = "https://nowhere.invalid/v1";
/// Every variable that is looked at.
const VARIABLES: [&str; 9] = [
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "REQUEST_METHOD",
];

/// One call with a key, for a process of its own: asks as the others tell it, and says what came of
/// it. By itself it has nobody to ask.
#[tokio::test]
async fn asks_as_it_is_told() {
    let (Ok(url), Ok(dialect)) = (env::var("ASKS"), env::var("SPEAKS")) else { return };
    let dialect = playground::dialects::find(&dialect).expect("a dialect");
    let story = story(client(LONG), call(dialect, &url, Some(KEY))).await;
    let error = error_of(&story);
    let kind = error.map(|it| it.kind);
    let said = error.and_then(|it| it.said.clone());
    println!("{SAYS}{}", json!({ "proxy": proxy_of(&url), "kind": kind, "said": said }));
}

/// What the process with these variables says of a call to `url`.
fn told(dialect: &str, url: &str, variables: &[(&str, String)]) -> Value {
    let mut process = Command::new(env::current_exe().expect("this program"));
    for variable in VARIABLES {
        process.env_remove(variable);
    }
    process.args(["asks_as_it_is_told", "--exact", "--nocapture"]);
    process.env("ASKS", url).env("SPEAKS", dialect).envs(variables.iter().cloned());
    let output = process.output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(!text.contains("open sesame"), "a proxy's password is not told: {text}");
    let line = text.lines().find_map(|line| line.split_once(SAYS));
    let (_, json) = line.unwrap_or_else(|| panic!("it says nothing: {text}"));
    serde_json::from_str(json).expect("it is JSON")
}

/// A proxy that writes down what it is sent.
struct Proxy {
    /// Such as `127.0.0.1:4242`.
    address: String,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Proxy {
    /// Says each of `answers` after something that it heard, hears the rest, and closes.
    fn saying(answers: &'static [&'static [u8]]) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address").to_string();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let book = heard.clone();
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut answers = answers.iter();
                let mut bytes = [0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut bytes) {
                    book.lock().expect("no holder panicked").extend_from_slice(&bytes[..count]);
                    let Some(answer) = answers.next() else { break };
                    let _ = stream.write_all(answer);
                }
            }
        });
        Proxy { address, heard }
    }

    fn heard(&self) -> String {
        String::from_utf8_lossy(&self.heard.lock().expect("no holder panicked")).into_owned()
    }
}

const WANTS_A_NAME: &[&[u8]] = &[b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"];
const REFUSES: &[&[u8]] = &[b"HTTP/1.1 502 Bad Gateway\r\n\r\n"];
const OPENS: &[&[u8]] = &[b"HTTP/1.1 200 OK\r\n\r\n"];
const CLOSES: &[&[u8]] = &[];
/// Nobody has to say who they are, and the way is open.
const OPENS_SOCKS: &[&[u8]] = &[b"\x05\x00", b"\x05\x00\x00\x01\0\0\0\0\0\0"];
/// Nobody has to say who they are; but the host cannot be reached.
const REFUSES_SOCKS: &[&[u8]] = &[b"\x05\x00", b"\x05\x04\x00\x01\0\0\0\0\0\0"];

#[test]
fn the_internet_is_reached_through_the_proxy_of_the_environment() {
    let connects = "CONNECT nowhere.invalid:443 HTTP/1.1\r\n";
    for (variable, scheme, answers, hears, says) in [
        ("HTTPS_PROXY", "http://", WANTS_A_NAME, connects, "authorization required"),
        ("https_proxy", "http://", REFUSES, connects, "unsuccessful"),
        ("ALL_PROXY", "http://", CLOSES, connects, "end of file"),
        ("all_proxy", "", REFUSES, connects, "unsuccessful"),
        ("HTTPS_PROXY", "http://me:open%20sesame@", REFUSES, "proxy-authorization: Basic", ""),
        ("ALL_PROXY", "socks5h://", REFUSES_SOCKS, "nowhere.invalid", "unreachable"),
    ] {
        let proxy = Proxy::saying(answers);
        let setting = format!("{scheme}{}", proxy.address);
        let name = format!("{variable}={setting}");
        let told = told("openai-chat", NOWHERE, &[(variable, setting)]);
        assert_eq!(told["proxy"], *proxy.address, "{name}: the window says that it is used");
        assert_eq!(told["kind"], json!(ErrorKind::Proxy), "{name}: {told}");
        let said = told["said"].as_str().expect("words");
        assert!(said.contains(says) && said.contains(&proxy.address), "{name}: {said}");
        let heard = proxy.heard();
        assert!(heard.to_lowercase().contains(&hears.to_lowercase()), "{name}: {heard}");
        assert!(!heard.contains(KEY), "{name}: {heard}");
    }
}

#[test]
fn a_proxy_that_is_gone_is_told_by_its_address() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = free.local_addr().expect("its address").to_string();
    drop(free);
    for scheme in ["http", "https", "socks5h"] {
        let setting = format!("{scheme}://{address}");
        let told = told("openai-chat", NOWHERE, &[("HTTPS_PROXY", setting)]);
        assert_eq!(told["kind"], json!(ErrorKind::Proxy), "{scheme}: {told}");
        assert!(told["said"].as_str().is_some_and(|it| it.contains(&address)), "{scheme}: {told}");
    }
}

/// A proxy that opens the way gets no more than the greeting of TLS to see.
#[test]
fn no_key_is_shown_to_a_proxy_in_any_dialect() {
    for dialect in DIALECTS {
        for (scheme, answers, before_tls) in [
            ("http", OPENS, "CONNECT nowhere.invalid:443"),
            ("socks5h", OPENS_SOCKS, "nowhere.invalid"),
        ] {
            let proxy = Proxy::saying(answers);
            let variables = [("HTTPS_PROXY", format!("{scheme}://{}", proxy.address))];
            let told = told(dialect.id(), NOWHERE, &variables);
            let name = format!("{}, {scheme}: {told}", dialect.id());
            let heard = proxy.heard();
            let (head, tls) = heard.split_once("\u{16}\u{3}").expect("TLS begins");
            assert!(head.contains(before_tls), "{name}: {head}");
            // The greeting names the host once more, and ends with what the client can do.
            assert!(tls.contains("nowhere.invalid"), "{name}: {tls}");
            assert!(!heard.contains(KEY) && !heard.contains("Hello?"), "{name}: {heard}");
            assert!(told["said"].as_str().is_some_and(|it| it.contains(&proxy.address)), "{name}");
        }
    }
}

#[test]
fn a_name_that_the_environment_exempts_is_asked_for_directly() {
    let proxy = Proxy::saying(REFUSES);
    let setting = || format!("http://{}", proxy.address);
    for exempt in [
        vec![("ALL_PROXY", setting()), ("NO_PROXY", "nowhere.invalid".into())],
        vec![("https_proxy", setting()), ("no_proxy", "other.example, .invalid".into())],
        vec![("HTTPS_PROXY", setting()), ("NO_PROXY", "*".into())],
        // Nothing leaves without TLS, so this variable says nothing of us.
        vec![("HTTP_PROXY", setting()), ("http_proxy", setting())],
    ] {
        let told = told("openai-chat", NOWHERE, &exempt);
        assert_eq!(told["proxy"], Value::Null, "{exempt:?}");
        assert_eq!(told["kind"], json!(ErrorKind::NoSuchHost), "{exempt:?}: {told}");
        assert_eq!(proxy.heard(), "", "{exempt:?}");
    }
}

/// With `socks5` a name is looked up before the proxy hears of it, with `socks5h` the proxy does.
#[test]
fn a_name_that_socks5_cannot_look_up_is_told_as_such() {
    let proxy = Proxy::saying(OPENS_SOCKS);
    let variables = [("ALL_PROXY", format!("socks5://{}", proxy.address))];
    let told = told("openai-chat", NOWHERE, &variables);
    assert_eq!(told["kind"], json!(ErrorKind::NoSuchHost), "{told}");
    assert_eq!((&told["proxy"], proxy.heard()), (&json!(proxy.address), String::new()));
}

#[test]
fn this_computer_is_reached_without_a_proxy() {
    let proxy = Proxy::saying(REFUSES);
    let every = &VARIABLES[..6];
    for scheme in ["http", "socks5h"] {
        let variables: Vec<_> =
            every.iter().map(|it| (*it, format!("{scheme}://{}", proxy.address))).collect();
        let server = Server::saying(STREAM);
        let port = server.origin.rsplit_once(':').expect("a port").1;
        for host in ["127.0.0.1", "localhost"] {
            let url = format!("http://{host}:{port}/v1");
            let told = told("openai-chat", &url, &variables);
            assert_eq!(told, json!({ "proxy": null, "kind": null, "said": null }), "{url}");
        }
        let keys = server
            .requests()
            .iter()
            .filter_map(|it| it.header("authorization").map(str::to_owned))
            .count();
        assert_eq!(keys, 2, "both calls came, with their key");
    }
    assert_eq!(proxy.heard(), "");
}
