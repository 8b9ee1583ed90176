//! What a request says before its body: address, headers, and when it came.

use std::time::Instant;

use axum::http::{HeaderMap, Method, header, request::Parts};

/// A request without its body.
#[derive(Debug)]
pub struct Head {
    /// When it came.
    pub at: Instant,
    /// Which request of its server it is, counted from 1.
    pub number: u64,
    pub method: Method,
    /// Decoded.
    pub path: String,
    query: Vec<(String, String)>,
    headers: HeaderMap,
}

impl Head {
    pub fn new(parts: Parts, number: u64) -> Self {
        Self {
            at: Instant::now(),
            number,
            method: parts.method,
            path: decoded(parts.uri.path()),
            query: pairs(parts.uri.query().unwrap_or_default()),
            headers: parts.headers,
        }
    }

    /// A header's value. Bytes that are no text become question marks.
    pub fn header(&self, name: &str) -> Option<String> {
        let value = self.headers.get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
    }

    /// A header whose value is a list; it may come in several lines.
    pub fn list(&self, name: &str) -> Option<String> {
        let lines = self.headers.get_all(name).iter();
        let lines: Vec<_> = lines.map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
        if lines.is_empty() { None } else { Some(lines.join(",")) }
    }

    /// A parameter of the address.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The key of `Authorization: Bearer …`; "" where the header holds something else.
    pub fn bearer(&self) -> Option<String> {
        let text = self.header(header::AUTHORIZATION.as_str())?;
        Some(match text.split_once(' ') {
            Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim().to_owned(),
            _ => String::new(),
        })
    }
}

/// Resolves `%3A` and the like; what is no such code stays as it is.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        let signs = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match signs.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(&name.replace('+', " ")), decoded(&value.replace('+', " ")))
    };
    query.split('&').filter(|part| !part.is_empty()).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_in_an_address_are_resolved_and_anything_else_stays() {
        let table = [
            ("/v1beta/models/m%3Agenerate", "/v1beta/models/m:generate"),
            ("%C3%A9", "é"),
            ("100%", "100%"),
            ("%zz%+1%4", "%zz%+1%4"),
            ("%é", "%é"),
            ("%ff", "\u{fffd}"),
        ];
        for (text, expected) in table {
            assert_eq!(decoded(text), expected, "{text}");
        }
    }

    #[test]
    fn a_query_is_read_as_pairs() {
        let expected = [("alt", "sse"), ("key", "a b"), ("x", "1=2"), ("y", "")];
        let pairs = pairs("alt=sse&key=a+b&x=1%3D2&&y");
        assert!(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).eq(expected));
    }
}
