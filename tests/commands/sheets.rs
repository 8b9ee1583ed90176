//! A text that the page edits and Rust keeps.

use crate::app::{Started, start};
use playground::tokens::Encoding;
use serde_json::{Value, json};

fn layout() -> Value {
    json!({ "lanes": ["o200k_base", "words"], "columns": 40, "specials": false,
        "price_as": "gpt-4o-mini" })
}

fn open(app: &Started, sheet: &str, text: &str) -> Result<Value, Value> {
    let visible = json!({ "first": 0, "count": 9 });
    let layout = layout();
    app.call(
        "open_sheet",
        json!({ "sheet": sheet, "text": text, "layout": layout, "visible": visible }),
    )
}

fn edit(app: &Started, sheet: &str, revision: &Value, edit: Value) -> Result<Value, Value> {
    let visible = json!({ "first": 0, "count": 9 });
    app.call(
        "edit_sheet",
        json!({ "sheet": sheet, "revision": revision, "edit": edit, "visible": visible }),
    )
}

#[test]
fn a_text_is_edited_where_it_is_kept() {
    let app = start();
    let opened = open(&app, "s", "hello world").expect("opened");
    assert_eq!(opened["lanes"][0]["count"], 2);
    assert_eq!(opened["lanes"][0]["per_million_calls"], "0.3");
    assert_eq!(
        (&opened["price"]["model"], &opened["own"]["exact"]),
        (&json!("gpt-4o-mini"), &json!(true))
    );
    let change = json!({ "at": 5, "removed": 0, "inserted": " 👩‍🚀\n" });
    let edited = edit(&app, "s", &opened["revision"], change.clone()).expect("edited");
    let text = "hello 👩‍🚀\n world";
    assert_eq!(edited["lanes"][0]["count"], Encoding::O200kBase.encode(text).len());
    let rows = edited["visible"].as_array().expect("rows");
    let shown: String = rows.iter().map(|row| row["text"].as_str().expect("text")).collect();
    assert_eq!(shown, text);
    let read = json!({ "sheet": "s", "revision": edited["revision"],
        "visible": { "first": 1, "count": 9 } });
    assert_eq!(app.call("read_rows", read).expect("rows")[0], rows[1]);
    let stale = edit(&app, "s", &opened["revision"], change).expect_err("it is another text now");
    assert_eq!(stale["code"], "stale");
    let beyond = json!({ "at": 99, "removed": 0, "inserted": "" });
    assert_eq!(
        edit(&app, "s", &edited["revision"], beyond).expect_err("not there")["code"],
        "stale"
    );
    assert_eq!(open(&app, "", "a").expect_err("no id")["code"], "failed");
}

#[test]
fn a_sheet_answers_what_is_asked_of_it() {
    let app = start();
    let revision = open(&app, "s", "hello world").expect("opened")["revision"].clone();
    let with = |more: Value| {
        let mut arguments = json!({ "sheet": "s", "revision": revision, "lane": "o200k_base" });
        let more = more.as_object().expect("an object").clone();
        arguments.as_object_mut().expect("an object").extend(more);
        arguments
    };
    let how = app.call("how_cut", with(json!({ "at": 7 }))).expect("cut");
    assert_eq!(how["pieces"][1]["text"], " world");
    assert_eq!(how["steps"].as_array().map(Vec::len), Some(" world".len()));
    let score = app.call("score_guess", with(json!({ "guess": { "type": "cut", "ends": [5] } })));
    assert_eq!(score.expect("scored")["points"], 100);
    let count = app.call("estimate_for", json!({ "sheet": "s", "model": "claude-opus-5-5" }));
    let count = count.expect("estimated");
    assert_eq!((&count["exact"], &count["has_pieces"]), (&json!(false), &json!(false)));
    let layout = json!({ "lanes": ["gpt2"], "columns": 40, "specials": false, "price_as": null });
    let laid = app.call(
        "lay_sheet",
        json!({ "sheet": "s", "layout": layout,
        "visible": { "first": 0, "count": 1 } }),
    );
    let laid = laid.expect("laid out");
    assert_eq!(
        laid["lanes"],
        json!([{ "lane": "gpt2", "count": 2, "chars_per_token": 5.5,
        "per_million_calls": null }])
    );
    assert_eq!((&laid["price"], &laid["own"]), (&Value::Null, &Value::Null));
    let gone = app.call(
        "lay_sheet",
        json!({ "sheet": "t", "layout": layout,
        "visible": { "first": 0, "count": 1 } }),
    );
    assert_eq!(gone.expect_err("there is none")["code"], "stale");
}

#[test]
fn a_text_that_is_too_long_is_refused_in_a_sentence() {
    let app = start();
    let long = "x".repeat(playground::tokens::MAX_BYTES + 1);
    let refused = open(&app, "s", &long).expect_err("too long");
    assert!(refused["message"].as_str().is_some_and(|it| it.starts_with("The text is 4194305")));
    let revision = open(&app, "s", "a").expect("opened")["revision"].clone();
    let change = json!({ "at": 0, "removed": 0, "inserted": long });
    assert_eq!(edit(&app, "s", &revision, change).expect_err("too long")["code"], "failed");
    let change = json!({ "at": 1, "removed": 0, "inserted": "b" });
    let edited = edit(&app, "s", &revision, change).expect("nothing was lost");
    assert_eq!(edited["visible"][0]["text"], "ab");
}

#[test]
fn a_conversation_is_told_mark_by_mark() {
    let app = start();
    let chat = json!({ "messages": [{ "role": "user", "text": "Hello" }] });
    for (model, total, exact) in [("gpt-4o-mini", 8, true), ("gpt-6-luna", 7, false)] {
        let read = app.call("read_conversation", json!({ "chat": chat, "model": model }));
        let read = read.expect("read");
        assert_eq!(
            (&read["total"], &read["total_exact"]),
            (&json!(total), &json!(exact)),
            "{model}"
        );
        assert_eq!(read["encoding"]["id"], "o200k_base");
    }
}

#[test]
fn languages_and_examples_are_there() {
    let app = start();
    let table = app.call("language_costs", json!({ "price_as": "gpt-4o-mini", "own": "hello" }));
    let table = table.expect("counted");
    let rows = table["rows"].as_array().expect("rows");
    assert_eq!((rows.len(), &rows[19]["kind"]), (20, &json!("own")));
    assert!(rows.iter().all(|row| row["counts"][0]["per_million_calls"].is_string()));
    let unknown = app.call("language_costs", json!({ "price_as": "no-such-model", "own": null }));
    let unknown = unknown.expect("counted");
    assert_eq!(
        (&unknown["price"], &unknown["rows"][0]["counts"][0]["per_million_calls"]),
        (&Value::Null, &Value::Null),
        "unknown is not 0"
    );
    let examples = app.call("token_examples", json!({})).expect("a list");
    assert_eq!(examples.as_array().map(Vec::len), Some(20));
}

#[test]
fn a_link_opens_what_it_was_made_of() {
    let app = start();
    let sheet = json!({ "title": "Lesson 1", "note": "", "text": "a\u{202e}b 👩‍🚀", "lanes": ["gpt2", "bytes"],
        "specials": true, "price_as": null, "hidden": "cut",
        "show": { "ids": true, "bytes": false, "spaces": true, "boundaries": false } });
    let link = app.call("sheet_link", json!({ "sheet": sheet })).expect("a link");
    assert_eq!(app.call("read_sheet_link", json!({ "link": link })), Ok(sheet));
    let refused = app.call("read_sheet_link", json!({ "link": "https://example.com" }));
    let message = refused.expect_err("not ours")["message"].clone();
    assert_eq!(
        message,
        "This is not a link to a token sheet: those begin with tokenscope://tokens."
    );
    assert_eq!(app.call("opened_sheet", json!({})), Ok(Value::Null), "it was started with nothing");
}
