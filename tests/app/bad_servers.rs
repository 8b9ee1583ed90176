//! Servers that do everything wrong. Each leaves a message, the words that came, and an app
//! that works.

use crate::{
    server::Server,
    support::{App, Home},
};
use serde_json::json;
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    thread,
    time::Duration,
};

const SSE: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
const JSON: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
const WHOLE: &str = r#"{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,
    "message":{"role":"assistant","content":"All at once."},"finish_reason":"stop"}],
    "usage":{"prompt_tokens":5,"completion_tokens":4,"total_tokens":9}}"#;
/// What comes before the trouble.
const WORDS: &str =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Kept words\"}}]}\n\n";

/// A server, and what must be seen of it.
struct Trouble {
    name: &'static str,
    base_url: String,
    state: &'static str,
    /// What the reply says at least.
    keeps: &'static str,
    /// What the message says, if there is one.
    says: Option<&'static str>,
}

#[test]
fn every_bad_server_is_explained_and_the_next_send_works() {
    let troubles = troubles();
    let servers: Vec<_> =
        troubles.iter().map(|it| json!({ "name": it.name, "base_url": it.base_url })).collect();
    // Short enough to wait for, long enough for Practice on a busy machine.
    let home = Home::with(&json!({
        "servers": servers, "first_word_s": 3, "idle_s": 2, "parameters": { "max_tokens": 5 },
    }));
    let Some(app) = App::open(&home) else { return };
    app.send();
    let failures: Vec<String> = troubles.iter().filter_map(|it| meet(&app, it).err()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn meet(app: &App, trouble: &Trouble) -> Result<(), String> {
    let Trouble { name, state, keeps, says, .. } = trouble;
    app.choose_server(name);
    app.paste("Message", &format!("Say something, {name}"));
    app.click("Send");
    let ended = crate::support::until(name, || {
        Some(app.reply()).filter(|(now, _)| !["", "running"].contains(&now.as_str()))
    });
    let talk = app.region("Conversation");
    app.choose_practice();
    app.paste("Message", "Say something, Practice");
    let next = app.send();
    if ended.0 != *state {
        return Err(format!("{name}: ends as {}, not {state}: {talk}", ended.0));
    }
    if !ended.1.contains(keeps) {
        return Err(format!("{name}: keeps {:?}, not {keeps:?}", ended.1));
    }
    if says.is_some_and(|says| !talk.contains(says)) {
        return Err(format!("{name}: does not say {says:?}: {talk}"));
    }
    if next.is_empty() {
        return Err(format!("{name}: the next Send gets no reply"));
    }
    Ok(())
}

fn troubles() -> Vec<Trouble> {
    let row = |name, base_url: String, state, keeps, says: &'static str| {
        let says = Some(says).filter(|says| !says.is_empty());
        Trouble { name, base_url, state, keeps, says }
    };
    let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n\
        <!doctype html><title>Log in</title>";
    let refusal = "HTTP/1.1 500 Oh\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n\
        {\"error\":{\"message\":\"The hamster is tired.\",\"type\":\"server_error\"}}";
    let cut = format!("{}{WORDS}data: {{\"cho", SSE.replace("close", "keep-alive"));
    vec![
        row("Page", saying(page), "failed", "", "This is a web page, not an API"),
        row("Refusal", saying(refusal), "failed", "", "The hamster is tired."),
        row("Whole", saying(format!("{JSON}{WHOLE}")), "finished", "All at once.", ""),
        row("Cut", saying(cut), "interrupted", "Kept words", "The stream was cut"),
        row("Mute", silent(""), "failed", "", "stayed silent"),
        row("Pause", silent(WORDS), "interrupted", "Kept words", "The stream fell silent"),
        row("Flood", saying(flood()), "interrupted", "Kept words", "One frame was too large"),
        row(
            "Noise",
            saying([JSON.as_bytes(), b"{\"choices\":\xff\xfe\x80".as_slice()].concat()),
            "failed",
            "",
            "The answer could not be read",
        ),
        row("Nobody", nobody(), "failed", "", "Nothing answers at this address"),
        row("Plain", plain(), "failed", "", "No safe connection"),
    ]
}

fn saying(reply: impl Into<Vec<u8>>) -> String {
    let reply = reply.into();
    let server = Server::answering(move |stream| {
        let _ = stream.write_all(&reply);
    });
    server.origin
}

/// Says `words` of a stream, and then nothing for as long as anybody waits.
fn silent(words: &'static str) -> String {
    let server = Server::answering(move |stream: &mut TcpStream| {
        let _ = stream.write_all(format!("{SSE}{words}").as_bytes());
        let _ = stream.set_read_timeout(Some(Duration::from_secs(60)));
        let _ = stream.read(&mut [0]);
    });
    server.origin
}

/// Ten megabytes that are one frame.
fn flood() -> String {
    let text = "a".repeat(10 << 20);
    format!(
        "{SSE}{WORDS}data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n"
    )
}

/// A port where nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    format!("http://{}", listener.local_addr().expect("its address"))
}

/// A port without TLS that is asked for it.
fn plain() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("its address");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 64]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    format!("https://{address}")
}
