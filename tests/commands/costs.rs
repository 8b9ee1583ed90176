//! Prices, plans, budgets and what was spent.

use crate::{
    answering,
    app::{Memory, Started, chat, custom, start, start_in, until},
    last, practice, run,
    server::Server,
};
use serde_json::{Value, json};
use std::io::Write;
use tempfile::TempDir;

/// A reply with its counts.
const REPLY: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n\
data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi.\"},\"finish_reason\":\"stop\"}]}\n\n\
data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":20}}\n\n\
data: [DONE]\n\n";

/// The custom server's model at $1 for a thousand tokens, in and out.
fn set_price(app: &Started) {
    let own = json!({ "model": "some-model", "input": "1000", "output": "1000" });
    app.call("set_own_price", json!({ "own": own })).expect("it is a price");
}

fn set_budget(app: &Started, budget: Value) -> Result<Value, Value> {
    let mut settings = app.call("start", json!({})).expect("started")["settings"].clone();
    settings["budget"] = budget;
    app.call("save_settings", json!({ "settings": settings }))
}

fn begin(
    app: &Started,
    id: &str,
    target: &Value,
    consent: bool,
    channel: u32,
) -> Result<Value, Value> {
    let on_events = format!("__CHANNEL__:{channel}");
    let arguments = json!({ "id": id, "chat": chat(), "target": target, "body": null,
        "consent": consent, "offset_minutes": 60, "on_events": on_events });
    app.call("start_run", arguments)
}

fn row(catalogue: &Value, model: &str) -> Value {
    let rows = catalogue["rows"].as_array().expect("rows");
    rows.iter().find(|row| row["id"] == model).cloned().unwrap_or_default()
}

#[test]
fn a_run_that_might_pass_a_budget_is_refused_before_anything_leaves() {
    let (app, server) = (start(), Server::saying(REPLY));
    let target = custom(&server.origin);
    set_price(&app);
    set_budget(&app, json!({ "run": "0.1", "day": null, "month": "100" })).expect("saved");
    let error = begin(&app, "a", &target, false, 1).expect_err("it may cost more");
    assert_eq!(error["code"], "over_budget");
    let over = &error["over"];
    assert_eq!(
        (&over["passed"][0]["which"], &over["passed"][0]["limit"]),
        (&json!("run"), &json!("0.1"))
    );
    assert_eq!(over["passed"].as_array().map(Vec::len), Some(1), "a month's budget has room");
    let bound = over["bound"].as_str().expect("it is known");
    assert!(bound.parse::<f64>().expect("dollars") > 0.1, "{bound}");
    let message = error["message"].as_str().expect("a sentence");
    assert!(message.contains(bound) && message.ends_with("Nothing was sent."), "{message}");
    assert!(server.requests().is_empty() && app.events(1).is_empty(), "nothing was sent");
    let runs = app.call("list_runs", json!({ "filter": { "limit": 9 } })).expect("listed");
    assert_eq!(runs["runs"], json!([]), "and nothing recorded");

    begin(&app, "a", &target, true, 1).expect("the person consents, and the id is still good");
    let events = app.events_to_the_end("a", 1);
    assert_eq!((last(&events)["type"].as_str(), server.requests().len()), (Some("finished"), 1));
    let error = begin(&app, "b", &target, false, 2).expect_err("consent is for one run");
    assert_eq!((error["code"].as_str(), server.requests().len()), (Some("over_budget"), 1));
    let error = begin(&app, "a", &target, true, 3).expect_err("it ran already");
    assert_eq!(error["code"], "seen_before");
}

#[test]
fn what_was_spent_today_counts_and_is_told() {
    let (app, server) = (start(), Server::saying(REPLY));
    let target = custom(&server.origin);
    set_price(&app);
    // The run costs 1.02, and at most some 0.3 more than nothing before it is sent.
    set_budget(&app, json!({ "run": null, "day": "1.2", "month": null })).expect("saved");
    begin(&app, "a", &target, false, 1).expect("there is room");
    app.events_to_the_end("a", 1);
    let error = until("the first run is written", || begin(&app, "b", &target, false, 2).err());
    let passed = &error["over"]["passed"][0];
    assert_eq!((&passed["which"], &passed["spent"]), (&json!("day"), &json!("1.02")));
    assert_eq!(server.requests().len(), 1);
    let state = app.call("budget_state", json!({ "offset_minutes": 60 })).expect("told");
    assert_eq!((&state["day"]["cost"], &state["month"]["known"]), (&json!("1.02"), &json!(1)));

    let spending = app.call("spending", json!({ "days": [0, 1] })).expect("added up");
    assert_eq!(spending["total"]["cost"], json!("1.02"));
    assert_eq!(spending["models"][0]["key"], "some-model");
    assert_eq!(spending["providers"][0]["key"], "custom");
    assert!(spending["conversations"][0]["key"].as_str().is_some_and(|it| it.contains("the sky")));
    assert_eq!(
        (&spending["days"][0]["known"], &spending["days"][1]["known"]),
        (&json!(0), &json!(1))
    );
}

#[test]
fn runs_that_have_not_ended_count_with_all_that_they_can_cost() {
    let app = start();
    let server = Server::answering(|stream| {
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n: wait\n\n");
        // Until the other side has had enough.
        let _ = std::io::copy(stream, &mut std::io::sink());
    });
    let target = custom(&server.origin);
    set_price(&app);
    set_budget(&app, json!({ "run": null, "day": "0.5", "month": null })).expect("saved");
    begin(&app, "a", &target, false, 1).expect("there is room for one");
    let error = begin(&app, "b", &target, false, 2).expect_err("and for no second one");
    let in_flight = error["over"]["passed"][0]["in_flight"].clone();
    assert_eq!(in_flight, error["over"]["bound"], "as much as this one");
    until("the first one is sent", || (server.requests().len() == 1).then_some(()));
    app.call("cancel_run", json!({ "id": "a" })).expect("stopped");
    app.events_to_the_end("a", 1);
    until("there is room again", || begin(&app, "b", &target, false, 2).ok());
    app.call("cancel_run", json!({ "id": "b" })).expect("stopped");
}

#[test]
fn what_nobody_can_bound_asks_and_practice_never_does() {
    let (app, server) = (start(), Server::saying(REPLY));
    let target = custom(&server.origin);
    begin(&app, "a", &target, false, 1).expect("without a budget nothing asks");
    app.events_to_the_end("a", 1);
    set_budget(&app, json!({ "run": "1000", "day": null, "month": null })).expect("saved");
    let error = begin(&app, "b", &target, false, 2).expect_err("its price is not known");
    assert_eq!((&error["code"], &error["over"]["bound"]), (&json!("over_budget"), &Value::Null));
    set_price(&app);
    let by_hand = app.start_run_with("c", &target, Some("{}"), 3).expect_err("a hand wrote it");
    assert_eq!(by_hand["over"]["bound"], Value::Null);
    assert_eq!(server.requests().len(), 1);

    set_budget(&app, json!({ "run": "0", "day": "0", "month": "0" })).expect("saved");
    assert_eq!(last(&run(&app, "d", &practice(), 4))["type"], "finished");
    let wrong = set_budget(&app, json!({ "run": null, "day": "-1", "month": null }));
    let error = wrong.expect_err("less than nothing");
    assert_eq!((&error["code"], &error["field"]), (&json!("bad_settings"), &json!("budget.day")));
}

#[test]
fn an_own_price_holds_everywhere_until_it_is_removed() {
    let folder = TempDir::new().expect("a temporary folder");
    let app = start_in(folder.path(), Memory::default());
    let own = json!({ "model": "gpt-4o", "input": "7", "output": "9", "cache_read": "" });
    let catalogue = app.call("set_own_price", json!({ "own": own })).expect("kept");
    let gpt = row(&catalogue, "gpt-4o");
    assert_eq!((&gpt["price"]["origin"], &gpt["price"]["input"]), (&json!("own"), &json!("7")));
    assert_eq!((&gpt["hidden"]["input"], &gpt["origin"]), (&json!("2.5"), &json!("built_in")));
    let usage = json!({ "input_tokens": 1_000_000, "output_tokens": 0 });
    let bill = |app: &Started| {
        let asked = json!({ "model": "gpt-4o", "usage": usage, "priced_by": { "type": "today" } });
        app.call("bill", asked).expect("billed")["bill"]["total"].clone()
    };
    assert_eq!(bill(&app), "7");
    let models = app.call("start", json!({})).expect("started")["models"].clone();
    let of_start = models.as_array().and_then(|it| it.iter().find(|it| it["id"] == "gpt-4o"));
    assert_eq!(of_start.expect("it is there")["price"]["input"], "7");
    let target = json!({ "provider": "openai", "model": "gpt-4o" });
    let asked = json!({ "chat": chat(), "target": target, "price_as": null, "limit": 9 });
    let reading = app.call("read_prompt", asked).expect("read");
    assert_eq!(reading["estimates"][0]["price"]["input"], "7");
    assert_eq!(reading["estimates"][0]["certainty"]["exact"], true);
    drop(app);

    let app = start_in(folder.path(), Memory::default());
    assert_eq!(bill(&app), "7", "after a restart");
    for (own, field) in [
        (json!({ "model": "", "input": "1", "output": "1" }), "model"),
        (json!({ "model": "x", "input": "1,5", "output": "1" }), "input"),
        (json!({ "model": "x", "input": "1", "output": "-1" }), "output"),
        (
            json!({ "model": "x", "input": "1", "output": "1", "valid_from": "2026-02-30" }),
            "valid_from",
        ),
        (
            json!({ "model": "x", "input": "1", "output": "1", "batch_percent": 101 }),
            "batch_percent",
        ),
        (
            json!({ "model": "x", "input": "1", "output": "1",
            "above": { "prompt_tokens": 9, "input": "", "output": "1" } }),
            "above.input",
        ),
    ] {
        let error = app.call("set_own_price", json!({ "own": own })).expect_err(field);
        assert_eq!((&error["code"], &error["field"]), (&json!("bad_price"), &json!(field)));
    }
    let catalogue = app.call("remove_own_price", json!({ "model": "gpt-4o" })).expect("removed");
    assert_eq!(row(&catalogue, "gpt-4o")["price"]["input"], "2.5");
    assert_eq!(bill(&app), "2.5");
}

fn set_feed(app: &Started, url: &str) {
    let mut settings = app.call("start", json!({})).expect("started")["settings"].clone();
    settings["price_feed"] = url.into();
    app.call("save_settings", json!({ "settings": settings })).expect("saved");
}

#[test]
fn a_list_of_prices_is_shown_taken_and_undone() {
    let list = json!({ "openai": { "models": {
        "gpt-4o": { "cost": { "input": 3, "output": 10, "cache_read": 1.25 } },
        "gpt-7": { "name": "GPT-7", "cost": { "input": 1, "output": 2 }, "limit": { "context": 9 } },
    } } });
    let (app, server) = (start(), answering("200 OK", &list.to_string()));
    assert!(server.requests().is_empty(), "nothing is asked for unasked");
    set_feed(&app, &format!("{}/list.json", server.origin));
    let diff = app.call("read_feed", json!({})).expect("read");
    assert_eq!(
        (&diff["format"], &diff["changed"][0]["model"]),
        (&json!("models_dev"), &json!("gpt-4o"))
    );
    assert_eq!(diff["changed"][0]["old"]["input"], "2.5");
    assert_eq!(diff["changed"][0]["new"]["input"], "3");
    assert_eq!(diff["added"][0]["model"], "gpt-7");
    assert!(server.requests()[0].head.starts_with("GET /list.json HTTP/1.1\r\n"));
    let before = app.call("catalogue", json!({ "day": null })).expect("told");
    assert_eq!(row(&before, "gpt-4o")["price"]["input"], "2.5", "it is only shown");

    let taken = app.call("take_feed", json!({ "id": diff["id"], "models": null })).expect("taken");
    assert_eq!(row(&taken, "gpt-4o")["price"]["input"], "3");
    assert_eq!(row(&taken, "gpt-7")["origin"], "feed");
    assert_eq!((&taken["feed"]["models"], &taken["feed"]["can_undo"]), (&json!(2), &json!(true)));
    let earlier = app.call("catalogue", json!({ "day": "2026-01-01" })).expect("told");
    assert_eq!(
        row(&earlier, "gpt-4o")["price"]["input"],
        "2.5",
        "runs keep the price of their day"
    );
    let undone = app.call("undo_feed", json!({})).expect("undone");
    assert_eq!(
        (row(&undone, "gpt-4o"), row(&undone, "gpt-7")),
        (row(&before, "gpt-4o"), Value::Null)
    );
    let again = app.call("take_feed", json!({ "id": diff["id"], "models": null }));
    assert_eq!(again.expect_err("it was taken")["code"], "bad_feed");
}

#[test]
fn a_bad_list_changes_nothing_and_says_why() {
    let app = start();
    let before = app.call("catalogue", json!({ "day": null })).expect("told");
    let endless = Server::answering(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
        while stream.write_all(&[b' '; 65536]).is_ok() {}
    });
    let moved = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    for (server, says) in [
        (answering("200 OK", ""), "empty"),
        (answering("200 OK", "<html>"), "not JSON"),
        (answering("200 OK", "{}"), "no list of prices"),
        (
            answering(
                "200 OK",
                "{\"openai\":{\"models\":{\"gpt-4o\":{\"cost\":{\"input\":-1,\"output\":1}}}}}",
            ),
            "cannot be",
        ),
        (answering("404 Not Found", "nothing here"), "No list of prices came from http"),
        (
            Server::saying("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n[{"),
            "No list of prices came",
        ),
        (Server::saying(moved), "No list of prices came"),
        (endless, "The list of prices is larger than 24 MB"),
    ] {
        set_feed(&app, &server.origin);
        let error = app.call("read_feed", json!({})).expect_err(says);
        assert_eq!(error["code"], "bad_feed", "{error}");
        assert!(error["message"].as_str().is_some_and(|it| it.contains(says)), "{says}: {error}");
    }
    assert_eq!(app.call("catalogue", json!({ "day": null })), Ok(before));
}

#[test]
fn a_plan_and_a_call_are_priced_on_any_model() {
    let app = start();
    let plan = json!({ "calls_per_day": 5000, "input_tokens": 2000, "output_tokens": 500,
        "cached_percent": 0, "batch_percent": 0, "growth_percent": 0, "months": 1 });
    let models = json!(["gpt-4o", "no-such-model"]);
    let table = app.call("month", json!({ "plan": plan, "models": models })).expect("a plan");
    let gpt = &table["rows"][0];
    let found = ["per_call", "per_day", "per_month"].map(|name| gpt[name].as_str());
    assert_eq!(found, [Some("0.01"), Some("50"), Some("1500")]);
    let unknown = &table["rows"][1];
    assert_eq!((&unknown["per_call"], &unknown["total"]), (&Value::Null, &Value::Null));
    let csv = app.call("month_csv", json!({ "plan": plan, "models": models })).expect("a table");
    assert!(csv.as_str().is_some_and(|it| it.contains("gpt-4o,GPT-4o,0.01,50,1500,1500")), "{csv}");
    let wrong = json!({ "plan": { "calls_per_day": -1, "input_tokens": 1, "output_tokens": 1,
        "cached_percent": 0, "batch_percent": 0, "growth_percent": 0, "months": 1 }, "models": [] });
    let error = app.call("month", wrong).expect_err("fewer than none");
    assert_eq!((&error["code"], &error["field"]), (&json!("bad_plan"), &json!("calls_per_day")));

    let usage = json!({ "input_tokens": 1000, "output_tokens": 100 });
    let asked =
        |others| json!({ "model": "gpt-4o", "usage": usage, "others": others, "day": null });
    let named = json!(["no-such-model", "claude-sonnet-5", "gpt-4o", "gpt-4o-mini"]);
    let some = app.call("elsewhere", asked(named)).expect("priced");
    let rows = some["rows"].as_array().expect("rows");
    let order: Vec<_> = rows.iter().map(|row| row["model"].as_str().expect("an id")).collect();
    assert_eq!(order, ["gpt-4o-mini", "claude-sonnet-5", "gpt-4o", "no-such-model"]);
    assert_eq!(rows[0]["low"], rows[0]["high"], "both cut text alike");
    assert_eq!(rows[1]["low"], rows[1]["bill"]["total"], "Claude counts at least as much");
    assert!(rows[1]["sentence"].as_str().is_some_and(|it| it.contains("30 %")), "{}", rows[1]);
    assert_eq!((&rows[3]["bill"]["total"], &rows[3]["low"]), (&Value::Null, &Value::Null));
    let all = app.call("elsewhere", asked(Value::Null)).expect("priced");
    assert!(all["rows"].as_array().is_some_and(|it| it.len() > 40), "every model that answers");
}
