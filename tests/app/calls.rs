//! From the first start to a reply, and what is in the request.

use crate::{
    server::{STREAM, Server},
    support::{App, Home, endless::endless, page::key, until, within},
};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

const LENSES: [&str; 4] = ["Conversation", "Request", "Tokens", "Cost"];

#[test]
fn the_first_start_is_one_click_away_from_a_reply() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.focus_comes_to("Send");
    let prompt = until("the prompt is counted", || number_after(&app.region("Tokens"), "Prompt"));

    app.click("Send");
    let reply = app.ends_as("finished");
    assert!(!reply.trim().is_empty(), "the reply has words");
    for name in LENSES {
        assert!(is_in_view(&app, name), "{name} is seen without scrolling");
    }
    let facts = app.region("Facts about this reply");
    assert!(
        facts.contains(&format!("{prompt} in")),
        "our count is the server's: {prompt}, {facts}"
    );
    until("one piece is drawn for each token", || {
        let pieces = count(&app, "[aria-label=\"Tokens of assistant\"] [role=option]");
        facts.contains(&format!("\n{pieces} out")).then_some(())
    });
    app.wait_for("Cost", "Practice is free");
    app.wait_for("Cost", "$");
    assert!(app.region("Request").contains("/v1/chat/completions"), "the address is shown");
}

#[test]
fn enter_alone_sends_after_the_first_start() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.press(&[key::ENTER]);
    assert!(!app.ends_as("finished").is_empty(), "the reply has words");
}

#[test]
fn parameters_reach_the_request_byte_for_byte() {
    let server = Server::saying(STREAM);
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.add_server("Recorder", &server.origin);
    app.click("Parameters");
    app.fill("max tokens", "33");
    app.fill("temperature", "0.7");
    app.fill("stop", "END");
    app.paste("Message", "Say \"é\" 👨‍👩‍👧‍👦\nplease\u{2028}.");
    let shown = until("the request shows what was set", || {
        let body = app.request_body();
        let parts = ["33", "0.7", "END", "please"];
        parts.iter().all(|part| body.contains(part)).then_some(body)
    });

    assert_eq!(app.send(), "Because.");
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "one press is one request");
    let sent = String::from_utf8(requests[0].body.clone()).expect("a body is UTF-8");
    assert_eq!(sent, shown, "what is shown is what is sent");
    let sent: Value = serde_json::from_str(&sent).expect("a body is JSON");
    assert_eq!(sent["temperature"], json!(0.7), "temperature is sent as it was typed");
    assert_eq!(sent["stop"], json!(["END"]), "stop is sent as it was typed");
    assert_eq!(
        sent["max_tokens"].as_u64().or(sent["max_completion_tokens"].as_u64()),
        Some(33),
        "max tokens is sent as it was typed: {sent}"
    );
}

#[test]
fn stop_keeps_the_text_and_sends_nothing_more() {
    let hung_up = Arc::new(AtomicBool::new(false));
    let server = Server::answering(endless(hung_up.clone()));
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.add_server("Endless", &server.origin);
    app.click("Send");
    until("words come", || app.reply().1.contains("word word").then_some(()));
    app.click("Stop");
    let kept = app.ends_as("cancelled");
    assert!(kept.contains("word word"), "what came is kept: {kept:?}");
    until("the server is hung up on", || hung_up.load(Ordering::SeqCst).then_some(()));
    let more = within(Duration::from_millis(500), || (app.reply().1 != kept).then_some(()));
    assert_eq!(more, None, "nothing is added after Stop");
    assert_eq!(server.requests().len(), 1, "nothing is sent again");
}

fn is_in_view(app: &App, name: &str) -> bool {
    let script = "const box = document.querySelector(`section[aria-label=\"${arguments[0]}\"]`)
            ?.getBoundingClientRect();
        return !!box && box.width > 100 && box.height > 60 && box.left >= 0 && box.top >= 0
            && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1;";
    app.js(script, json!([name])) == Value::Bool(true)
}

fn count(app: &App, selector: &str) -> u64 {
    let script = "return document.querySelectorAll(arguments[0]).length";
    app.js(script, json!([selector])).as_u64().expect("a length is a number")
}

/// The number that follows a word, such as 21 in `Prompt 21`.
fn number_after(text: &str, word: &str) -> Option<u64> {
    text.split_once(word)?.1.split_whitespace().next()?.parse().ok()
}
