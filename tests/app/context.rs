//! The context window: a conversation that is too long, trimmed until it fits.

use crate::support::{App, Home, until};
use serde_json::{Value, json};

/// What the request says, message by message.
fn messages(app: &App) -> Vec<String> {
    let body: Value = serde_json::from_str(&app.request_body()).unwrap_or_default();
    let messages = body["messages"].as_array().into_iter().flatten();
    messages.filter_map(|message| message["content"].as_str().map(str::to_owned)).collect()
}

fn choose(app: &App, strategy: &str) {
    let select = app.element("select", "When it is too long");
    app.js(
        "arguments[0].value = arguments[1];
        arguments[0].dispatchEvent(new Event('change', { bubbles: true }));",
        json!([select.argument(), strategy]),
    );
}

/// A question of some 150 tokens, with a short answer.
fn long(number: u32) -> String {
    format!("{} Count to {number}", "word ".repeat(140))
}

#[test]
fn what_does_not_fit_is_refused_until_something_is_left_out() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.choose_model("Practice", "practice-mini");
    app.paste("System", "Be brief.");
    app.click("max tokens");
    app.fill("max tokens", "100");
    for number in [2, 3] {
        app.paste("Message", &long(number));
        app.send();
    }
    app.paste("Message", &long(4));
    // What stands above the gauge moves it.
    until("it is known to be too long", || {
        let said = "const chip = document.querySelector('[data-control=context]');
            return chip.textContent.includes('too many')
                && document.body.innerText.includes('would be refused')";
        (app.js(said, json!([])) == true).then_some(())
    });
    app.click("context");
    app.wait_for("Context window", "The call will be refused");
    app.click("Send");
    let refusal = app.trouble();
    assert!(refusal.contains("512"), "both numbers are told: {refusal}");

    // The question is back in the box. Now the first turn is left out.
    choose(&app, "keep_system");
    app.wait_for("Context window", "The model will not see 2 messages.");
    app.wait_for("Messages, sent and left out", "not sent");
    until("the request is short", || {
        let sent = messages(&app);
        (sent == ["Be brief.", &long(3), "1, 2, 3", &long(4)]).then_some(())
    });
    assert_eq!(app.send(), "1, 2, 3, 4");
    app.wait_for("Conversation", "2 earlier messages were left out of this request");
    let shown = app.region("Conversation");
    assert!(shown.contains("Count to 2"), "nothing of the conversation is lost: {shown}");

    // A summary in the place of what was said first, by a call of its own.
    app.paste("Message", "Count to 5");
    choose(&app, "summarise");
    app.click("Summarise ");
    app.wait_for("Context window", "A summary stands in");
    until("a question and its answer stand in for the rest", || {
        let sent = messages(&app);
        let [system, ask, summary, .., last] = &sent[..] else { return None };
        let stands_in = ask.starts_with("Summarise") && summary.starts_with("You asked:");
        (system == "Be brief." && stands_in && last == "Count to 5").then_some(())
    });
    app.click("Undo the summary");
    until("all of it is sent again", || messages(&app).contains(&long(2)).then_some(()));
    app.click("Runs");
    app.wait_for("Today", "Summarise our conversation so far");
}
