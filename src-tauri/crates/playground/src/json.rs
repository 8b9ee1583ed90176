//! JSON as servers write it: read without losing a reply over one bad escape.

use serde_json::{Number, Value};

/// Reads JSON. Half a surrogate pair as an escape, which some proxies send and serde_json
/// refuses, is read as U+FFFD. The error is a sentence for people.
pub fn read(text: &str) -> Result<Value, String> {
    serde_json::from_str(text)
        .or_else(|error| match with_whole_escapes(text) {
            Some(mended) => serde_json::from_str(&mended),
            None => Err(error),
        })
        .map_err(|error| format!("not JSON: {error}"))
}

/// `text` with `\ufffd` for each escape that is half a surrogate pair; `None` without one.
fn with_whole_escapes(text: &str) -> Option<String> {
    let mut mended: Option<String> = None;
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find('\\') {
        let at = from + found;
        from = at + 2;
        let Some(unit) = unit_at(text, at) else { continue };
        from = at + 6;
        match unit {
            0xD800..=0xDBFF if matches!(unit_at(text, at + 6), Some(0xDC00..=0xDFFF)) => {
                from = at + 12;
            }
            // An escape of the same length, so that places stay where they are.
            0xD800..=0xDFFF => {
                mended.get_or_insert_with(|| text.into()).replace_range(at..at + 6, "\\ufffd")
            }
            _ => {}
        }
    }
    mended
}

/// The UTF-16 unit of the `\uXXXX` that begins at `at`, if one does.
fn unit_at(text: &str, at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
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
    path.iter().fold(value, |value, name| &value[*name]).as_u64()
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

    #[test]
    fn half_a_surrogate_pair_is_one_lost_character_and_no_lost_reply() {
        for (json, text) in [
            (r#""a\ud83db""#, "a\u{fffd}b"),
            (r#""\ude00""#, "\u{fffd}"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\uD83D\uDE00 \ud83d""#, "😀 \u{fffd}"),
            (r#""\\ud83d \ud83d""#, "\\ud83d \u{fffd}"),
            (r#""\ud83d\n""#, "\u{fffd}\n"),
        ] {
            assert_eq!(read(json), Ok(text.into()), "{json}");
        }
    }

    #[test]
    fn what_is_no_json_stays_so() {
        for json in ["", "{", r#""\ud8"#, r#""\u12é4""#, "\\", r"\ud83d"] {
            assert!(read(json).is_err(), "{json}");
        }
    }
}
