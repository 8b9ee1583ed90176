//! Replies that attack, and messages that no tokenizer expects.

use crate::{
    server::Server,
    support::{App, Home, PATIENCE, until},
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const SSE: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
/// How long the page may take to answer anything.
const PROMPT: Duration = Duration::from_secs(10);
/// The most that a page may be held up at once on a busy test machine; the benchmark measures
/// better. A text field of WebKit takes a second for a megabyte without a space by itself.
const LONGEST_STALL_MS: f64 = 10_000.0;

/// Notes the longest time between two turns of the page's event loop.
const WATCH: &str = "
    const channel = new MessageChannel();
    let last = performance.now();
    window.stall = 0;
    channel.port1.onmessage = () => {
        const now = performance.now();
        window.stall = Math.max(window.stall, now - last);
        last = now;
        setTimeout(() => channel.port2.postMessage(0), 5);
    };
    channel.port2.postMessage(0);";

#[test]
fn a_hostile_reply_is_only_text() {
    let bait = Server::saying("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let reply = format!(
        "<script>window.pwned = 1</script><img src=\"{0}/x\" onerror=\"window.pwned = 1\">\
        <style>@import '{0}/y'</style><a href=\"{0}/z\">![]({0}/w)",
        bait.origin
    );
    let long = "x".repeat(1 << 20);
    let server = Server::saying(format!("{SSE}{}{}data: [DONE]\n\n", chunk(&reply), stream(&long)));
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.add_server("Hostile", &server.origin);
    app.js(WATCH, json!([]));
    app.click("Send");
    let text = ends_promptly(&app);

    assert_eq!(text.len(), reply.len() + long.len(), "nothing of it is swallowed");
    assert!(text.starts_with(&reply), "markup is shown as text");
    let script = "return document.querySelectorAll(
        '[data-state] :is(script, img, style, a, iframe, link)').length";
    assert_eq!(app.js(script, json!([])), 0, "markup makes no element");
    assert_eq!(app.js("return window.pwned ?? null", json!([])), Value::Null, "nothing runs");
    assert!(bait.requests().is_empty(), "nothing is loaded: {:?}", bait.requests());
    let stall = app.js("return window.stall", json!([])).as_f64().expect("a time");
    assert!(stall < LONGEST_STALL_MS, "the page was held up for {stall} ms");
}

#[test]
fn texts_that_no_tokenizer_expects_are_counted_or_refused() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.js(WATCH, json!([]));
    let mut held_up = Vec::new();
    // Written as JavaScript, because Rust's strings have no lone surrogates.
    for (name, text) in [
        ("a lone surrogate", "'a' + String.fromCharCode(0xd83d) + 'b'"),
        ("NUL", "'a' + String.fromCharCode(0) + 'b'"),
        ("emoji families", "'👨‍👩‍👧‍👦'.repeat(100)"),
        ("a million spaces", "' '.repeat(1_000_000) + '.'"),
        ("a megabyte of a letter", "'a'.repeat(1 << 20)"),
    ] {
        let before = tokens_of_a_word(&app);
        app.js(&paste(text), json!([]));
        let answer = until(name, || verdict(&app).filter(|now| *now != before));
        let stall = app.js("return window.stall", json!([])).as_f64().expect("a time");
        println!("{name}: {answer}, {stall} ms");
        held_up.extend((stall > LONGEST_STALL_MS).then(|| format!("{name}: for {stall} ms")));
        app.js("window.stall = 0", json!([]));
    }
    assert!(held_up.is_empty(), "the page was held up: {held_up:?}");
    tokens_of_a_word(&app);
    assert!(!app.send().is_empty(), "and a message of one word is sent as ever");
}

/// Brings the lens back to a short text, so that a change can be told.
fn tokens_of_a_word(app: &App) -> String {
    app.js(&paste("'word'"), json!([]));
    until("a word is counted", || {
        let lens = app.region("Tokens of user");
        (lens.trim() == "word").then(|| verdict(app)).flatten()
    })
}

/// What the Tokens lens counts, or the words of a refusal.
fn verdict(app: &App) -> Option<String> {
    let script = "const alert = document.querySelector('section [role=alert]');
        const prompt = [...document.querySelectorAll('section[aria-label=Tokens] button')]
            .find((it) => it.innerText.startsWith('Prompt '));
        return alert?.innerText ?? prompt?.innerText ?? null;";
    app.js(script, json!([])).as_str().map(str::to_owned)
}

fn paste(text: &str) -> String {
    format!(
        "const box = document.querySelector('[aria-label=Message]');
        box.value = {text};
        box.dispatchEvent(new Event('input', {{ bubbles: true }}));"
    )
}

/// Waits for the end while asking the page something, which it must answer in time.
fn ends_promptly(app: &App) -> String {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let started = Instant::now();
        let (state, text) = app.reply();
        assert!(started.elapsed() < PROMPT, "the page answers after {:?}", started.elapsed());
        if state == "finished" {
            return text;
        }
        assert!(Instant::now() < deadline, "the reply ends; it is {state}");
    }
}

fn stream(text: &str) -> String {
    let pieces = text.as_bytes().chunks(8192);
    pieces.map(|piece| chunk(&String::from_utf8_lossy(piece))).collect()
}

fn chunk(text: &str) -> String {
    let chunk = json!({ "choices": [{ "index": 0, "delta": { "content": text } }] });
    format!("data: {chunk}\n\n")
}
