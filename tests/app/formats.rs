//! Every wire format, from the picker to the bytes.

use crate::{
    server::{STREAM, Server},
    support::{App, Home, until},
};
use serde_json::json;

/// What the picker calls each format, its id, and what its call's address ends in.
const FORMATS: [(&str, &str, &str); 5] = [
    ("Chat Completions", "openai-chat", "/chat/completions"),
    ("OpenAI Responses", "openai-responses", "/responses"),
    ("Anthropic Messages", "anthropic", "/v1/messages"),
    ("Gemini generateContent", "gemini", ":streamGenerateContent?alt=sse"),
    ("Ollama chat", "ollama", "/api/chat"),
];

#[test]
fn practice_answers_in_every_format() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    for (name, id, path) in FORMATS {
        app.click("Model:");
        app.click("Practice");
        app.click(name);
        app.click("practice-1");
        app.dialog_closes();
        app.wait_for("Request", id);
        app.paste("Message", "Why is the sky blue?");
        until("the request is the format's own", || {
            let address = app.region("The request").replace('\n', "");
            address.contains(path).then_some(())
        });
        assert!(!app.send().trim().is_empty(), "{id} answers in words");
        app.click("New");
    }
}

#[test]
fn what_is_shown_is_what_is_sent_in_every_format() {
    // What it answers is of one format only; what it is sent counts here.
    let server = Server::saying(STREAM);
    let servers: Vec<_> = FORMATS
        .iter()
        .map(|(_, id, _)| json!({ "name": id, "base_url": format!("{}/{id}", server.origin), "dialect": id }))
        .collect();
    let home = Home::with(&json!({ "schema_version": 1, "servers": servers }));
    let Some(app) = App::open(&home) else { return };
    for (index, (_, id, path)) in FORMATS.into_iter().enumerate() {
        app.choose_server(id);
        app.paste("Message", "Say \"é\" 👨‍👩‍👧‍👦\nplease\u{2028}.");
        let shown = until("the request is shown", || {
            let (is_its, body) = (app.region("Request").contains(id), app.request_body());
            (is_its && body.contains("please")).then_some(body)
        });
        assert_eq!(sent(&app, &server, index), shown, "{id}");
        let head = &server.requests()[index].head;
        let line = head.lines().next().expect("a request line");
        assert!(line.contains(path), "{id}: {line}");
        app.click("New");
    }
}

#[test]
fn a_request_edited_by_hand_leaves_as_it_stands() {
    let server = Server::saying(STREAM);
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.add_server("Recorder", &server.origin);
    until("the request is shown", || app.request_body().contains("sky").then_some(()));
    app.click("Edit");
    for (index, body) in ["{\n\t\"mine\": \"é\u{2028}\" }\n", "this is no JSON"].iter().enumerate()
    {
        app.paste("Request body, edited by hand", body);
        app.wait_for("Request", "Edited by hand");
        let is_json = index == 0;
        until("JSON is told from what is none", || {
            (app.region("Request").contains("This is not JSON") != is_json).then_some(())
        });
        assert_eq!(sent(&app, &server, index), *body);
    }
    app.click("Reset");
    until("the controls' own is back", || app.request_body().contains("messages").then_some(()));
}

/// Presses Send, and returns the body that then comes.
fn sent(app: &App, server: &Server, index: usize) -> String {
    app.click("Send");
    let body = until("a request comes", || Some(server.requests().get(index)?.body.clone()));
    until("the run is over", || (app.reply().0 != "running").then_some(()));
    String::from_utf8(body).expect("a body is UTF-8")
}
