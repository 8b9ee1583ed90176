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

#[test]
fn the_closest_place_wins_wherever_it_stands() {
    for (place, path, fits) in [
        ("a", "a", "0"),
        ("a", "a.b", "-"),
        ("a.b", "a", "-"),
        ("a[]", "a.0", "01"),
        ("a[]", "a.b", "-"),
        ("a[][].b", "a.0.12.b", "0110"),
        ("a.*", "a.b", "02"),
        ("a.*", "a.7", "02"),
        ("a.*.c", "a.b.c", "020"),
        ("a.**", "a", "-"),
        ("a.**", "a.b", "03"),
        ("a.**", "a.b.0.c", "03"),
        ("a[].**", "a.b", "-"),
        ("[].a", "3.a", "10"),
        ("@type", "@type", "0"),
    ] {
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        let fit = fit(place, &path).map(|steps| steps.into_iter().map(|it| it as u8));
        let told = fit.map_or("-".to_owned(), |steps| steps.map(|it| it.to_string()).collect());
        assert_eq!(told, fits, "{place} and {path:?}");
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
