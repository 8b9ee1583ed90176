//! The Costs room: what calls come to, whose prices, and a word before a budget is passed.

use crate::{
    server::{STREAM, Server},
    support::{App, Home, page::key, until},
};
use serde_json::json;

/// Goes to a part of the room.
fn open_costs(app: &App, part: &str) {
    app.click("Costs");
    app.click(part);
}

#[test]
fn the_classic_example_costs_1500_dollars_a_month() {
    let Some(app) = App::open(&Home::new()) else { return };
    app.press(&[key::CONTROL, '4']);
    app.wait_for("What it costs", "$1,500 a month");
    let says = app.region("What it costs");
    for part in ["5,000 calls a day on gpt-4o", "$0.01 a call, $50 a day", "$18,000 in 12 months"] {
        assert!(says.contains(part), "{part}: {says}");
    }
    assert!(app.region("What saves most").contains("It saves $"), "the best lever is said");

    app.fill("Calls a day", "10,000");
    app.wait_for("What it costs", "$3,000 a month");
    app.fill("Input from a cache", "half");
    app.wait_for("Your calls", "Write a number");
    app.wait_for("What it costs", "the last plan that was whole");
    app.fill("Input from a cache", "120");
    app.wait_for("Your calls", "from 0 to 100");
    app.fill("Input from a cache", "50");
    // Half of the input at $1.25: $0.00875 a call.
    app.wait_for("What it costs", "$2,625 a month");
    app.click("Back to the example");
    app.wait_for("What it costs", "$1,500 a month");
    app.fill("Growth a month", "10");
    app.wait_for("What it costs", "in the first month");
    app.click("The same as a table");
    app.wait_for("Cost by month", "165,000");
}

#[test]
fn an_own_price_changes_the_cost_lens() {
    let home = Home::with(&json!({ "price_as": "gpt-4o" }));
    let Some(app) = App::open(&home) else { return };
    app.send();
    app.wait_for("Cost", "× $2.50 / 1M");

    open_costs(&app, "Catalogue");
    app.click("Own price…");
    app.fill("Model", "gpt-4o");
    app.fill("Input", "1,5");
    app.fill("Output", "2000");
    app.click("Keep this price");
    let beside = until("the sentence beside the field", || {
        let said = app.js(
            "return document.querySelector('dialog [role=alert]')?.innerText ?? null",
            json!([]),
        );
        said.as_str().map(str::to_owned)
    });
    assert!(beside.contains("1.5") || beside.to_lowercase().contains("price"), "{beside}");
    app.fill("Input", "1000");
    app.click("Keep this price");
    app.dialog_closes();
    app.wait_for("Models and prices", "$1,000.00");
    app.wait_for("Models and prices", "own");

    app.click("Play");
    app.wait_for("Cost", "× $1,000.00 / 1M");
    open_costs(&app, "Catalogue");
    app.fill("Find a model", "gpt-4o");
    app.click_on("tbody button", "gpt-4o");
    app.click("Remove my own price");
    app.close();
    app.click("Play");
    app.wait_for("Cost", "× $2.50 / 1M");
}

const FEED: &str = r#"{"openai":{"id":"openai","name":"OpenAI","models":{"gpt-4o":{"id":"gpt-4o",
"name":"GPT-4o","cost":{"input":3,"output":12,"cache_read":1.5},
"limit":{"context":128000,"output":16384}}}}}"#;

fn served(body: &str) -> Server {
    let length = body.len();
    Server::saying(format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    ))
}

#[test]
fn a_refresh_is_shown_before_it_is_taken_and_can_be_undone() {
    let (feed, broken) = (served(FEED), served("[1, 2"));
    let home = Home::with(&json!({ "price_feed": format!("{}/prices.json", broken.origin) }));
    let Some(app) = App::open(&home) else { return };
    open_costs(&app, "Catalogue");
    app.fill("Find a model", "gpt-4o");
    app.wait_for("Models and prices", "$2.50");
    assert!(broken.requests().is_empty(), "nobody is asked before somebody presses Refresh");

    app.click("Refresh…");
    app.click("Read the list");
    until("a bad list says so", || app.find("dialog [role=alert]", "The list").map(drop));
    app.fill("Address of the list", &format!("{}/prices.json", feed.origin));
    app.click("Read the list");
    app.wait_for("What is different", "gpt-4o");
    let different = app.region("What is different");
    assert!(different.contains("$2.50") && different.contains("$3.00"), "old and new: {different}");
    app.click("Leave it");
    app.wait_for("Models and prices", "$2.50");

    app.click("Refresh…");
    app.click("Read the list");
    app.wait_for("What is different", "gpt-4o");
    app.click("Take 1 price");
    app.dialog_closes();
    app.wait_for("Models and prices", "$3.00");
    app.click("Undo");
    app.wait_for("Models and prices", "$2.50");
    assert_eq!(feed.requests().len(), 2, "each reading is one request");
}

#[test]
fn a_run_that_could_pass_a_budget_asks_first() {
    let server = Server::saying(STREAM);
    let base_url = format!("{}/v1", server.origin);
    let home = Home::with(&json!({
        "servers": [{ "name": "Paid", "base_url": base_url }],
        "parameters": { "max_tokens": 20 },
        "budget": { "run": "0.0000001", "day": null, "month": null },
    }));
    let Some(app) = App::open(&home) else { return };
    app.choose_model("Paid", "gpt-4o");
    app.click("Send");
    app.wait_for("Conversation", "This run may cost up to $0.0");
    app.wait_for("Conversation", "Your budget for a run is $0.0000001.");
    app.focus_comes_to("Leave it");
    assert!(server.requests().is_empty(), "nothing has left");
    app.press(&[key::ESCAPE]);
    app.wait_for("Conversation", "Left unsent");
    let draft = app.js("return document.querySelector('[aria-label=Message]').value", json!([]));
    assert_eq!(draft, "Why is the sky blue?", "what was written is back");

    app.click("Send");
    app.click("Send anyway");
    assert_eq!(app.ends_as("finished"), "Because.");
    assert_eq!(server.requests().len(), 1, "it left once");
    // Once is once: the next one asks again.
    app.paste("Message", "And at night?");
    app.click("Send");
    app.wait_for("Conversation", "This run may cost up to");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_run_is_priced_elsewhere_from_the_cost_lens_and_added_up() {
    let Some(app) = App::open(&Home::new()) else { return };
    app.send();
    app.click("Same call elsewhere");
    app.wait_for("A run elsewhere", "gpt-6-luna");
    app.wait_for("A run elsewhere", "Other models count otherwise");
    app.fill("Only models with", "sonnet-5-5");
    until("the others go", || {
        (!app.region("A run elsewhere").contains("gpt-6-luna\n")).then_some(())
    });
    app.wait_for("A run elsewhere", "claude-sonnet-5-5");
    app.click("Spending");
    app.wait_for("What was spent", "1 call to Practice cost nothing");
    app.fill("For a day", "many");
    app.wait_for("Budgets", "Write an amount in dollars");
    app.fill("For a day", "2.50");
    app.wait_for("Budgets", "of $2.50 spent");
    until("the budget is kept", || app.settings().contains("2.5").then_some(()));
}

#[test]
fn nothing_reaches_beyond_the_window_at_any_size() {
    for zoom in [1.0, 2.0] {
        fits(zoom);
    }
}

/// Looks at every part of the room at a size, once it has what it shows.
fn fits(zoom: f64) {
    let Some(app) = App::open(&Home::with(&json!({ "zoom": zoom }))) else { return };
    app.press(&[key::CONTROL, '4']);
    app.wait_for("What it costs", "$1,500");
    let parts = [
        ("Month", "$1,500"),
        ("Catalogue", "gpt-4o"),
        ("Spending", "Nothing was sent"),
        ("A run elsewhere", "No run has told"),
    ];
    for (part, says) in parts {
        // A press by place misses in a page that is enlarged: it is the widths that count here.
        app.js(
            "[...document.querySelectorAll('main[aria-label=Costs] header button')]
                .find((it) => it.textContent.trim() === arguments[0]).click()",
            json!([part]),
        );
        app.wait_for("Costs", says);
        let wide = app.js(
            "const part = document.querySelector('main[aria-label=Costs] > :last-child');
            const page = document.documentElement;
            return [part.scrollWidth - part.clientWidth, page.scrollWidth - page.clientWidth,
                page.scrollHeight - page.clientHeight];",
            json!([]),
        );
        for over in wide.as_array().expect("what is beyond the edges") {
            assert!(over.as_f64().is_some_and(|over| over <= 1.0), "{part}, {zoom}: {wide}");
        }
    }
}
