//! What servers do in their own ways: `bodies/` has a list for each dialect, and every entry says
//! what is to be read out of a body. Only what is told needs to be named.

#[path = "support/reading.rs"]
mod reading;

use playground::{Delta, dialects::DIALECTS};
use reading::{Reading, read_however_cut};
use serde_json::{Map, Value, json};
use std::fs;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/bodies");

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
        counts.retain(|_, count| !count.is_null());
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
        let list = fs::read_to_string(format!("{FOLDER}/{dialect}.json")).expect("a list");
        let list: Vec<Value> = serde_json::from_str(&list).expect("JSON");
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
