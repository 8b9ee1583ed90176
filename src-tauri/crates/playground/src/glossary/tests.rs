use super::*;
use crate::dialects::DIALECTS;

fn all() -> impl Iterator<Item = (&'static str, &'static Gloss)> {
    DIALECTS.into_iter().flat_map(|dialect| {
        let Glossary { request, response, request_headers, response_headers } =
            of(dialect.id()).unwrap_or_else(|| panic!("{} has a file", dialect.id()));
        let lists = [request, response, request_headers, response_headers];
        assert!(lists.iter().all(|list| list.len() > 5), "{} is read whole", dialect.id());
        lists.into_iter().flatten().map(move |entry| (dialect.id(), entry))
    })
}

#[test]
fn every_entry_is_one_sentence() {
    for (dialect, Gloss { place, says }) in all() {
        let place = format!("{dialect}: {place}: {says}");
        assert!(says.ends_with('.') && !says.trim_end_matches('.').contains(". "), "{place}");
        assert!(says.starts_with(char::is_uppercase) && says.len() <= 170, "{place}");
        assert!(!says.contains('\n') && !says.contains("  "), "{place}");
    }
}

/// The page finds its sentences by the same table.
#[test]
fn the_closest_place_wins() {
    type Row = (Vec<String>, String, Option<String>);
    let table = include_str!("../../../../../tests/places.json");
    let table: Vec<Row> = serde_json::from_str(table).expect("a table");
    for (places, pointer, expected) in table {
        let gloss = |place: &String| Gloss { place: place.clone(), says: String::new() };
        let entries: Vec<Gloss> = places.iter().map(gloss).collect();
        let found = closest(&entries, &pointer).map(|it| it.place.clone());
        assert_eq!(found, expected, "{places:?} and {pointer}");
    }
}

#[test]
fn the_same_name_is_told_apart_by_its_place() {
    let says = |pointer: &str| {
        let found = explain("openai-chat", Direction::Response, pointer);
        found.map_or("", |entry| entry.place.as_str())
    };
    for (pointer, place) in [
        ("/choices/0/delta/content", "choices[].delta.content"),
        ("/choices/0/logprobs/content", "choices[].logprobs.content"),
        ("/choices/1/logprobs/content/12/token", "choices[].logprobs.content[].token"),
        ("/choices/1/logprobs/content/12/bytes/0", "choices[].logprobs.content[].bytes"),
        ("/choices", "choices"),
        ("/choices/0", "choices"),
        ("/0/error/message", "error.message"),
        ("/choices/0/delta/tool_calls/0/function/arguments/a~1b/c", ARGUMENTS),
        ("/content", ""),
        ("/choices/0/delta/contents", ""),
        ("/choices/delta/content", ""),
        ("", ""),
        ("/", ""),
    ] {
        assert_eq!(says(pointer), place, "{pointer}");
    }
    assert!(explain("openai-chat", Direction::Request, "/choices").is_none(), "it is not sent");
    assert!(explain("esperanto", Direction::Response, "/choices").is_none());
}

const ARGUMENTS: &str = "choices[].delta.tool_calls[].function.arguments.**";

#[test]
fn a_header_is_known_whatever_its_case_and_by_its_own_sentence_first() {
    let place = |name: &str| {
        let found = explain_header("anthropic", Direction::Response, name);
        found.map_or("", |entry| entry.place.as_str())
    };
    assert_eq!(place("Retry-After"), "retry-after");
    assert_eq!(place("x-ratelimit-limit-tokens"), "x-ratelimit-limit-tokens");
    assert_eq!(place("x-ratelimit-limit-dragons"), "x-ratelimit-*");
    assert_eq!(place("x-dragons"), "");
}
