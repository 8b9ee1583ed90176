//! What servers do in their own ways: `bodies/` has a list for each dialect, and every entry says
//! what is to be read out of a body. Only what is told needs to be named.

#[path = "support/reading.rs"]
mod reading;

use playground::{
    Delta,
    dialects::DIALECTS,
    prices::{self, Book, Dollars, LineKind, OutputLines, piece_costs},
    tokens::Encoding,
};
use reading::{Reading, read_however_cut};
use serde_json::{Map, Value, json};
use std::fs;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/bodies");

/// What is known of a dialect.
fn entries(dialect: &str) -> Vec<Value> {
    let list = fs::read_to_string(format!("{FOLDER}/{dialect}.json")).expect("a list");
    serde_json::from_str(&list).expect("JSON")
}

/// The body of an entry, which has it as events, lines, a whole value, or text.
fn body(entry: &Value) -> String {
    let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
    let items = |name: &str| entry[name].as_array().into_iter().flatten().map(text);
    let events: String = items("events").map(|it| format!("data: {it}\n\n")).collect();
    let lines: String = items("lines").map(|it| format!("{it}\n")).collect();
    let rest = ["whole", "bytes"].iter().filter_map(|name| entry.get(*name)).map(text);
    events + &lines + &rest.collect::<String>()
}

fn told(reading: &Reading) -> Value {
    let Reading { reply, verdict, .. } = reading;
    let texts: Vec<_> = reply.choices.iter().map(|it| it.text.as_str()).collect();
    let calls = reply.tool_calls.iter().map(|it| json!([it.name, it.arguments]));
    let mut finish = reply.finish.clone();
    finish.sort_by_key(|it| it.choice);
    let error = reply.error.as_ref().map(|it| json!([it.provider_code, it.said]));
    let mut usage = json!(reply.usage);
    if let Some(counts) = usage.as_object_mut() {
        counts.retain(|_, count| !count.is_null() && *count != false);
    }
    let says = [
        ("text", json!(if texts.len() > 1 { "" } else { reply.text() })),
        ("texts", json!(if texts.len() > 1 { texts } else { Vec::new() })),
        ("reasoning", reply.reasoning().into()),
        ("refusal", reply.refusal().into()),
        ("calls", calls.collect()),
        ("finish", finish.into_iter().map(|it| it.raw).collect()),
        ("usage", usage),
        ("error", json!(error)),
        // A failure that the server tells is named by its own words above.
        ("ends", json!(verdict.as_ref().err().map(|it| it.kind).filter(|_| reply.error.is_none()))),
    ];
    let is_nothing = |it: &Value| [json!(""), json!([]), Value::Null].contains(it);
    let says = says.into_iter().filter(|(_, it)| !is_nothing(it));
    says.map(|(name, it)| (name.to_owned(), it)).collect::<Map<_, _>>().into()
}

#[test]
fn every_body_of_every_dialect_is_read() {
    let mut wrong = Vec::new();
    for dialect in DIALECTS.map(|it| it.id()) {
        let list = entries(dialect);
        assert!(list.len() >= 10, "{dialect} has bodies");
        for entry in list {
            let reading = read_however_cut(dialect, body(&entry).as_bytes());
            let told = told(&reading);
            if told != entry["says"] {
                wrong.push(format!("{dialect}: {}\n  {told}\n  {}", entry["why"], entry["says"]));
            }
            let is_unreadable = |it: &Delta| matches!(it, Delta::Unreadable { .. });
            let mut deltas = reading.frames.iter().flat_map(|it| &it.deltas);
            let says_why = ["ends", "error"].iter().any(|it| entry["says"].get(*it).is_some());
            if says_why == reading.verdict.is_ok() {
                wrong.push(format!("{dialect}: {}: {:?}", entry["why"], reading.verdict));
            }
            if entry["says"].get("ends").is_none() && deltas.any(is_unreadable) {
                wrong.push(format!("{dialect}: {}: a frame was unreadable", entry["why"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_pieces_of_every_reply_cost_what_its_output_does() {
    let book = Book::default();
    let price = book.price_of("gpt-4o-mini", "2026-11-21").expect("it has one");
    let mut priced = 0;
    for dialect in DIALECTS.map(|it| it.id()) {
        for entry in entries(dialect) {
            let reading = reading::read(dialect, [body(&entry).as_bytes()]);
            let Some(usage) = reading.reply.usage else { continue };
            let bill = prices::bill(Some(price), &usage, false);
            let cost = |kind| bill.lines.iter().find(|line| line.kind == kind)?.cost;
            let lines = OutputLines {
                output: cost(LineKind::Output),
                reasoning: cost(LineKind::Reasoning),
            };
            let frames: Vec<_> = reading.frames.iter().map(|it| it.deltas.clone()).collect();
            let pieces = piece_costs(Encoding::O200kBase, &frames, lines).expect("it is short");
            let paid: Dollars = pieces.iter().filter_map(|it| it.cost).sum();
            let reply = &reading.reply;
            let mut expected = Vec::new();
            let said = reply.choices.iter().any(|it| !it.text.is_empty() || !it.refusal.is_empty())
                || !reply.tool_calls.is_empty();
            let thought = reply.choices.iter().any(|it| !it.reasoning.is_empty());
            if said || (thought && lines.reasoning.is_none()) {
                expected.extend(lines.output);
            }
            if thought {
                expected.extend(lines.reasoning);
            }
            assert_eq!(paid, expected.into_iter().sum(), "{dialect}: {}", entry["why"]);
            priced += usize::from(paid.0 > 0);
        }
    }
    assert!(priced >= 15, "{priced} replies had a price");
}
