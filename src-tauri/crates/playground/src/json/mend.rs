//! What servers write that is nearly JSON, as JSON.

/// Containers within containers beyond which nothing is read; serde_json refuses 128.
const DEEPEST: usize = 100;

/// `text` with what strict readers refuse in another form: half a surrogate pair as an escape,
/// which proxies write that cut between UTF-16 units, is U+FFFD; a bare control character is an
/// escape; NaN, Infinity and numbers too large for a double, which Python writes and reads, are
/// null, and so is what is nested too deep.
pub fn mended(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let (mut depth, mut rest) = (0_usize, text);
    while !rest.is_empty() {
        let (token, after) = rest.split_at(token_length(rest));
        rest = after;
        let was_too_deep = depth > DEEPEST;
        match token {
            "{" | "[" => depth += 1,
            "}" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        match (was_too_deep, depth > DEEPEST) {
            (false, false) if token.starts_with('"') => mend_text(token, &mut mended),
            (false, false) => mended.push_str(if is_no_number(token) { "null" } else { token }),
            (false, true) => mended.push_str("null"),
            // Within it, and its end.
            (true, _) => {}
        }
    }
    mended
}

/// The length of the text, the word or number, or the single character that `rest` begins with.
fn token_length(rest: &str) -> usize {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    match rest.as_bytes()[0] {
        b'"' => text_length(rest),
        byte if is_word(byte) => rest.bytes().take_while(|it| is_word(*it)).count(),
        _ => rest.chars().next().map_or(0, char::len_utf8),
    }
}

/// Up to and with the closing quote; all there is without one.
fn text_length(rest: &str) -> usize {
    let mut is_escaped = false;
    let end = rest.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    });
    end.map_or(rest.len(), |end| end + 2)
}

fn is_no_number(token: &str) -> bool {
    let starts = |byte: u8| byte.is_ascii_digit() || byte == b'-';
    matches!(token, "NaN" | "Infinity")
        || (token.bytes().next().is_some_and(starts)
            && token.parse::<f64>().is_ok_and(f64::is_infinite))
}

fn mend_text(text: &str, mended: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(|it: char| it == '\\' || it < ' ') {
        mended.push_str(&rest[..at]);
        let place = &rest[at..];
        let (length, instead) = match place.bytes().next() {
            Some(b'\\') => escape(place),
            byte => (1, Some(format!("\\u{:04x}", byte.unwrap_or(0)))),
        };
        let (as_it_was, after) = place.split_at(length);
        mended.push_str(instead.as_deref().unwrap_or(as_it_was));
        rest = after;
    }
    mended.push_str(rest);
}

/// How long the escape at the start of `place` is, and what to write in its place.
fn escape(place: &str) -> (usize, Option<String>) {
    match unit(place) {
        Some(0xD800..=0xDBFF) if matches!(unit(&place[6..]), Some(0xDC00..=0xDFFF)) => (12, None),
        Some(0xD800..=0xDFFF) => (6, Some("\\ufffd".to_owned())),
        Some(_) => (6, None),
        None => (1 + place[1..].chars().next().map_or(0, char::len_utf8), None),
    }
}

/// The UTF-16 unit of the `\uXXXX` that `place` begins with, if one does.
fn unit(place: &str) -> Option<u16> {
    let digits = place.get(..6)?.strip_prefix("\\u")?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
}
