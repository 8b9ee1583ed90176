//! axe-core, the rules that screen readers and weak eyes need, on every screen there is.

use crate::{
    server::Server,
    support::{App, Home},
};
use serde_json::{Value, json};
use std::{fs, path::Path};

const RUN: &str = "
    const done = arguments[arguments.length - 1];
    const grave = ({ impact }) => impact === 'serious' || impact === 'critical';
    // A colour that is still changing is nobody's choice.
    const settled = Promise.allSettled(document.getAnimations()
        .filter((it) => it instanceof CSSTransition).map((it) => it.finished));
    settled.then(() => axe.run(document, { resultTypes: ['violations'] })).then(
        ({ violations, passes }) => done({ passes: passes.length, violations:
            violations.filter(grave).map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(
                ({ target, failureSummary }) => `${target}: ${failureSummary}`) })) }),
        (error) => done({ error: String(error) }));";

#[test]
fn axe_finds_nothing_serious_in_the_light() {
    every_screen("light");
}

#[test]
fn axe_finds_nothing_serious_in_the_dark() {
    every_screen("dark");
}

fn every_screen(theme: &str) {
    let broken = Server::saying("HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n{}");
    let servers = json!([{ "name": "Broken", "base_url": format!("{}/v1", broken.origin) }]);
    let home = Home::with(&json!({
        "theme": theme, "servers": servers, "parameters": { "max_tokens": 20, "temperature": 0 },
    }));
    let Some(app) = App::open(&home) else { return };
    let mut faults = Vec::new();
    let mut look = |screen: &str| faults.extend(examine(&app, screen));

    look("before a run");
    app.send();
    look("after a run");
    look_at_the_conversation(&app, &mut look);
    app.click("Runs");
    app.wait_for("Today", "practice-1");
    look("the runs");
    look_at_the_costs(&app, &mut look);
    app.click("Play");
    app.click("Prompt");
    look("the prompt's tokens");
    app.click("Parameters");
    look("the parameters");
    app.click("Parameters");
    app.click("Model:");
    look("the model picker");
    app.click("Add a server");
    look("the form for a server");
    app.close();
    app.click("Help");
    app.element("h2", "Help");
    look("help");
    app.close();
    app.click("Settings");
    app.wait_for("Keys", "Broken");
    look("settings");
    app.close();
    app.click("Time");
    app.wait_for("Time", "tokens/s");
    look("where the time went");
    app.choose_server("Broken");
    app.click("Send");
    app.ends_as("failed");
    look("a failure");
    app.click("Code");
    app.wait_for("Program", "curl");
    look("the call as a program");
    assert!(faults.is_empty(), "{theme}:\n{}", faults.join("\n"));
}

/// A question that is edited, what a request repeats, and two replies side by side.
fn look_at_the_conversation(app: &App, look: &mut impl FnMut(&str)) {
    app.click("Question 1: edit");
    look("a question that is edited");
    app.click("Cancel");
    app.click("max tokens 20");
    app.fill("max tokens", "10");
    app.click("Parameters");
    app.click("Reply 1: again");
    app.wait_for("Conversation", "2 of 2");
    app.ends_as("finished");
    app.click("Changes");
    app.wait_for("Request beside the one before", "10");
    look("what changed in the request");
    app.click("Text");
    app.click("Reply 1: compare with the one before");
    app.wait_for("Replies", "words are the same");
    look("two replies by words");
    app.click("By tokens");
    app.wait_for("Replies", "tokens are the same");
    look("two replies by tokens");
    app.click("Back");
    app.click("Reply 1: branch from here");
    look("a branch");
    app.click("Undo");
}

/// Every part of the Costs room, and what opens over it.
fn look_at_the_costs(app: &App, look: &mut impl FnMut(&str)) {
    app.click("Costs");
    app.wait_for("What it costs", "$1,500");
    app.fill("Growth a month", "5");
    app.click("The same as a table");
    app.fill("Months", "none");
    look("what calls cost in a month");
    app.click("Catalogue");
    app.wait_for("Models and prices", "gpt-4o");
    look("the catalogue of prices");
    app.fill("Find a model", "gpt-4o");
    app.click_on("tbody button", "gpt-4o");
    app.wait_for("Prices of gpt-4o", "$2.50");
    look("the prices of a model");
    app.click("Set my own price");
    app.click("Cache, batches");
    app.fill("Input", "none");
    app.click("Keep this price");
    look("a price of one's own");
    app.close();
    app.click("Refresh…");
    look("where prices are read");
    app.close();
    app.click("Spending");
    app.wait_for("What was spent", "Practice");
    app.fill("For a run", "many");
    look("what was spent");
    app.click("A run elsewhere");
    app.wait_for("A run elsewhere", "Other models count otherwise");
    look("a run on other models");
}

/// The grave faults of what is on the screen.
pub fn examine(app: &App, screen: &str) -> Vec<String> {
    let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
    let axe = fs::read_to_string(axe).expect("axe-core is there after `npm ci`");
    app.js(&format!("if (!window.axe) {{ {axe} }}"), json!([]));
    let found = app.js_async(RUN, json!([]));
    assert!(found["passes"].as_u64() > Some(5), "axe looked at {screen}: {found}");
    let faults = found["violations"].as_array().expect("a list of faults");
    faults.iter().map(|fault| describe(screen, fault)).collect()
}

fn describe(screen: &str, fault: &Value) -> String {
    let node = |node: &Value| format!("\n    {}", node.as_str().unwrap_or_default());
    let nodes: String = fault["nodes"].as_array().into_iter().flatten().map(node).collect();
    format!("{screen}: {} ({}){nodes}", fault["id"], fault["help"])
}
