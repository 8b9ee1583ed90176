//! The next call as a program.

use crate::support::{App, Home, until};
use serde_json::json;

fn choose(app: &App, language: &str) {
    let list = app.element("select", "Language").argument();
    app.js(
        "arguments[0].value = arguments[1];
        arguments[0].dispatchEvent(new Event('change', { bubbles: true }));",
        json!([list, language]),
    );
}

#[test]
fn the_call_is_there_as_a_program_and_follows_what_is_written() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    let body = until("the request is there", || {
        Some(app.request_body()).filter(|body| body.contains("messages"))
    });
    app.click("Code");
    app.wait_for("Program", &format!("--data-raw '{body}'"));

    choose(&app, "python-sdk");
    app.wait_for("How to run it", "pip install openai");
    app.paste("Message", "Say 'so' and \"so\".");
    app.wait_for("Program", r#"{"role": "user", "content": "Say 'so' and \"so\"."}"#);

    // Four lenses have room, and the oldest made it.
    app.click("Request");
    app.click("Edit");
    app.paste("Request body", "no JSON");
    app.wait_for("Code", "as a JSON object");
    choose(&app, "rust");
    app.wait_for("Program", r##"let body = r#"no JSON"#;"##);
    app.click("Reset");
    app.wait_for("Program", "practice-1");
}
