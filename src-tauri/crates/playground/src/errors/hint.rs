//! How long a server asks us to wait, in milliseconds.

use super::{ErrorBody, header};
use crate::http::Header;
use time::{
    OffsetDateTime,
    format_description::well_known::{Rfc2822, Rfc3339},
};

/// What the headers say, the most exact first.
pub fn in_headers(status: u16, headers: &[Header], now: OffsetDateTime) -> Option<u64> {
    let number = |name: &str| header(headers, name)?.trim().parse::<f64>().ok();
    let ms = number("retry-after-ms").and_then(whole);
    let s = || number("retry-after").and_then(|seconds| whole(seconds * 1000.0));
    // Written as in "Sun, 22 Nov 2026 10:00:00 GMT".
    let date = || {
        let date = OffsetDateTime::parse(header(headers, "retry-after")?.trim(), &Rfc2822);
        Some(until(date.ok()?, now))
    };
    let reset = || (status == 429).then(|| reset(headers, now)).flatten();
    ms.or_else(s).or_else(date).or_else(reset)
}

/// What the body says: Google's field, or a sentence of the message.
pub fn in_body(body: &ErrorBody) -> Option<u64> {
    let field = body.retry_delay.as_deref().and_then(duration);
    let message = body.message.as_deref().unwrap_or_default();
    field.or_else(|| {
        let after = |words| Some(message.split_once(words)?.1);
        let rest = after("retry in ").or_else(|| after("try again in "))?;
        let mut words = rest.split_whitespace();
        let wait = words.next()?.trim_end_matches(['.', ',']);
        duration(wait).or_else(|| match words.next()?.get(..1)? {
            "s" => duration(&format!("{wait}s")),
            "m" => duration(&format!("{wait}m")),
            _ => None,
        })
    })
}

/// When the limit that was met is lifted. Each limit has three headers; the one that has nothing
/// remaining is the one that was met.
fn reset(headers: &[Header], now: OffsetDateTime) -> Option<u64> {
    let wait = |value: &str| {
        let date = || OffsetDateTime::parse(value, &Rfc3339).ok().map(|date| until(date, now));
        duration(value).or_else(date)
    };
    let mut met = Vec::new();
    let mut all = Vec::new();
    for Header { name, value } in headers {
        let (remaining, found) = if let Some(limit) = name.strip_prefix("x-ratelimit-reset-") {
            (format!("x-ratelimit-remaining-{limit}"), wait(value))
        } else if let Some(limit) = name.strip_suffix("-reset") {
            (format!("{limit}-remaining"), wait(value).filter(|_| name.contains("-ratelimit-")))
        } else {
            continue;
        };
        all.extend(found);
        met.extend(found.filter(|_| header(headers, &remaining) == Some("0")));
    }
    met.into_iter().max().or_else(|| all.into_iter().max())
}

fn until(date: OffsetDateTime, now: OffsetDateTime) -> u64 {
    u64::try_from((date - now).whole_milliseconds()).unwrap_or(0)
}

/// Milliseconds of a duration as Go writes it, such as `1h30m0s`, `34.4s` or `12ms`.
fn duration(text: &str) -> Option<u64> {
    let (mut rest, mut ms) = (text.trim(), 0.0);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|it: char| !it.is_ascii_digit() && it != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let end = rest.find(|it: char| it.is_ascii_digit()).unwrap_or(rest.len());
        ms += number
            * match &rest[..end] {
                "d" => 86_400_000.0,
                "h" => 3_600_000.0,
                "m" => 60_000.0,
                "s" => 1000.0,
                "ms" => 1.0,
                "us" | "µs" => 0.001,
                "ns" => 0.000_001,
                _ => return None,
            };
        rest = &rest[end..];
    }
    whole(ms)
}

fn whole(ms: f64) -> Option<u64> {
    (ms.is_finite() && ms >= 0.0).then(|| ms.ceil() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-22 10:00:00 UTC);

    #[test]
    fn headers_say_how_long_to_wait() {
        let anthropic = "anthropic-ratelimit";
        for (status, headers, ms) in [
            (429, "retry-after-ms: 250\nretry-after: 2", Some(250)),
            (429, "retry-after: 2", Some(2_000)),
            (503, "retry-after: 0.5", Some(500)),
            (429, "retry-after: -1", None),
            (429, "retry-after: soon", None),
            (429, "retry-after: Sun, 22 Nov 2026 10:01:30 GMT", Some(90_000)),
            (429, "retry-after: Sun, 22 Nov 2026 09:00:00 GMT", Some(0)),
            (
                429,
                "x-ratelimit-reset-requests: 12ms\nx-ratelimit-reset-tokens: 6m0s",
                Some(360_000),
            ),
            (
                429,
                "x-ratelimit-reset-requests: 1s\nx-ratelimit-remaining-requests: 0\n\
                 x-ratelimit-reset-tokens: 6m0s\nx-ratelimit-remaining-tokens: 9",
                Some(1_000),
            ),
            (500, "x-ratelimit-reset-requests: 1s", None),
            (429, &format!("{anthropic}-tokens-reset: 2026-11-22T10:00:07Z"), Some(7_000)),
            (429, &format!("{anthropic}-tokens-reset: tomorrow"), None),
            (429, "quiz-reset: 5s", None),
        ] {
            let lines = headers.lines().filter_map(|line| line.split_once(": "));
            let list: Vec<_> = lines.map(|(name, value)| Header::new(name, value)).collect();
            assert_eq!(in_headers(status, &list, NOW), ms, "{status} {headers}");
        }
    }

    #[test]
    fn bodies_say_how_long_to_wait() {
        for (message, ms) in [
            ("Please try again in 1.2s.", Some(1_200)),
            ("Please try again in 6m0s. Visit us.", Some(360_000)),
            ("Please try again in 1h30m0s.", Some(5_400_000)),
            ("Please try again in 20ms.", Some(20)),
            ("\nPlease retry in 48.939935699s.", Some(48_940)),
            ("You may try again in 20 seconds", Some(20_000)),
            ("Please try again in 2 minutes.", Some(120_000)),
            ("Please try again in the morning.", None),
            ("Please try again in ", None),
            ("Please retry shortly", None),
        ] {
            let body = ErrorBody { message: Some(message.into()), ..ErrorBody::default() };
            assert_eq!(in_body(&body), ms, "{message}");
        }
        let body = ErrorBody { retry_delay: Some("34.4s".into()), ..ErrorBody::default() };
        assert_eq!(in_body(&body), Some(34_400));
    }
}
