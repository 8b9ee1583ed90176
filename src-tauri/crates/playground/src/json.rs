//! JSON as servers write it: read without losing a reply over one bad escape.

mod mend;
pub mod pointer;

use crate::prices::{Dollars, decimal};
use serde_json::{Number, Value};

/// Reads JSON, and what is nearly that: see [`mend::mended`]. The error is a sentence for people.
pub fn read(text: &str) -> Result<Value, String> {
    serde_json::from_str(text)
        .or_else(|error| serde_json::from_str(&mend::mended(text)).map_err(|_| error))
        .map_err(|error| format!("not JSON: {error}"))
}

/// A whole number is written without its `.0`, as a person would write it.
pub fn number(value: f64) -> Value {
    let is_whole = value.fract() == 0.0 && value.abs() < 1e15;
    if is_whole { (value as i64).into() } else { Number::from_f64(value).into() }
}

/// A text that is not empty.
pub fn words(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The whole number at the end of `path`, if the server sent one.
pub fn count(value: &Value, path: &[&str]) -> Option<u64> {
    whole(path.iter().fold(value, |value, name| &value[*name]))
}

/// Whether something in `usage` that is called a count of tokens is there, and negative or no whole
/// number.
pub fn has_bad_count(usage: &Value) -> bool {
    let ends = ["tokens", "okenCount", "eval_count"];
    let is_count = |name: &str| ends.iter().any(|end| name.ends_with(end));
    let fields = usage.as_object().into_iter().flatten();
    fields.into_iter().any(|(name, value)| match value {
        Value::Object(_) => has_bad_count(value),
        Value::Null => false,
        _ => is_count(name) && whole(value).is_none(),
    })
}

/// Resellers and proxies say what they charge, in dollars; one server in ten-billionths of one.
pub fn reported_cost(usage: &Value) -> Option<Dollars> {
    let ticks = &usage["cost_in_usd_ticks"];
    let pico = decimal::rounded(&usage["cost"], 12).or_else(|| decimal::rounded(ticks, 2));
    pico.filter(|pico| *pico >= 0).map(Dollars)
}

/// A whole number, were it written as `9.0`.
pub fn whole(value: &Value) -> Option<u64> {
    let rounded = || value.as_f64().filter(|it| it.fract() == 0.0 && (0.0..1e15).contains(it));
    value.as_u64().or_else(|| rounded().map(|it| it as u64))
}

/// `text` as a value in the query of an address.
pub fn in_query(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// `text` as one segment of a path.
pub fn in_path(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:@".contains(&byte);
    let escaped = |byte: u8| match is_plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_nearly_json_is_read_and_half_a_surrogate_pair_is_one_lost_character() {
        for (json, text) in [
            (r#""a\ud83db""#, "a\u{fffd}b"),
            (r#""\ude00""#, "\u{fffd}"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\uD83D\uDE00 \ud83d""#, "😀 \u{fffd}"),
            (r#""\\ud83d \ud83d""#, "\\ud83d \u{fffd}"),
            (r#""\ud83d\n""#, "\u{fffd}\n"),
            (r#""\ud83d\u0041""#, "\u{fffd}A"),
            (r#""\ud83d\é\ud83d""#, ""),
            ("\"a\tb\nc\0\"", "a\tb\nc\0"),
        ] {
            let expected = if text.is_empty() { Err(()) } else { Ok(text.into()) };
            assert_eq!(read(json).map_err(|_| ()), expected, "{json}");
        }
        for (json, expected) in [
            (
                r#"{"a":NaN,"b":[Infinity,-Infinity,1e999,-1],"c":"NaN \ud83d"}"#,
                json!({
                    "a": null, "b": [null, null, null, -1], "c": "NaN \u{fffd}"
                }),
            ),
            ("[1E5,-1e-999]", json!([100_000.0, -0.0])),
        ] {
            assert_eq!(read(json), Ok(expected), "{json}");
        }
    }

    #[test]
    fn what_is_nested_too_deep_is_left_out_and_the_rest_is_read() {
        for depth in [99, 101, 128, 500, 100_000] {
            let (open, close) = ("[".repeat(depth), "]".repeat(depth));
            let value = read(&format!("{{\"x\":{open}\"]\"{close},\"a\":\"b\"}}")).expect("JSON");
            assert_eq!(value["a"], "b", "{depth}");
        }
    }

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        for (number, expected) in
            [("9", Some(9)), ("9.0", Some(9)), ("9.5", None), ("-1", None), ("1e30", None)]
        {
            assert_eq!(whole(&read(number).expect("a number")), expected, "{number}");
        }
    }

    #[test]
    fn a_count_that_cannot_be_is_noticed() {
        for (json, is_bad) in [
            (r#"{"prompt_tokens":-1}"#, true),
            (r#"{"details":{"cached_tokens":1.5}}"#, true),
            (r#"{"promptTokenCount":1e30}"#, true),
            (r#"{"prompt_tokens":9.0,"cost":-0.5,"cached_tokens":null}"#, false),
            ("null", false),
        ] {
            assert_eq!(has_bad_count(&read(json).expect("JSON")), is_bad, "{json}");
        }
    }

    #[test]
    fn what_is_no_json_stays_so() {
        for json in ["", "{", r#""\ud8"#, r#""\u12é4""#, "\\", r"\ud83d"] {
            assert!(read(json).is_err(), "{json}");
        }
    }
}
