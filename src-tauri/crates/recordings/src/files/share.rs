//! What leaves this computer: all of a run, but nothing of the computer itself.
//!
//! Keys are masked before an event exists. What remains are the system's own words in an error,
//! which may name a folder, and cookies that a server set.

use playground::{ApiError, RunEvent, http::MASK};

/// Headers whose values open something, lower case.
const SECRET: &[&str] = &[
    "api-key",
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "x-api-key",
    "x-goog-api-key",
];

/// The event as others may see it.
pub fn shared(mut event: RunEvent) -> RunEvent {
    match &mut event {
        RunEvent::AttemptStarted { request, .. } => {
            for header in &mut request.headers {
                hide(&header.name, &mut header.value);
            }
        }
        RunEvent::ResponseStarted { headers, .. } => {
            for header in headers {
                hide(&header.name, &mut header.value);
            }
        }
        RunEvent::AttemptFailed { error, .. }
        | RunEvent::Interrupted { error, .. }
        | RunEvent::Failed { error, .. } => tidy(error),
        _ => {}
    }
    event
}

/// A value that is masked already keeps what stands before the mask, such as `Bearer`.
fn hide(name: &str, value: &mut String) {
    if SECRET.contains(&&*name.to_ascii_lowercase()) && !value.contains(MASK) {
        *value = MASK.into();
    }
}

/// A server's words stay as they are; those of this computer lose its paths.
fn tidy(error: &mut ApiError) {
    if error.status.is_none() && error.body.is_empty() {
        error.said = error.said.take().map(|words| without_paths(&words));
    }
}

/// `words` with … in the place of each path of a file.
pub fn without_paths(words: &str) -> String {
    let mut parts = words.split_inclusive(char::is_whitespace);
    parts.by_ref().map(|part| if has_path(part) { hidden(part) } else { part.to_owned() }).collect()
}

/// Words may stand in quotes or brackets, and may end with a mark.
const AROUND: &[char] = &['"', '\'', '`', '(', ')', '[', ']', '<', '>', ',', ';', ':', '.', '='];

fn has_path(part: &str) -> bool {
    let part = part.trim().trim_matches(AROUND);
    let after = part.rsplit_once('=').map_or(part, |(_, value)| value).trim_matches(AROUND);
    let is_windows = || {
        let mut letters = after.chars();
        letters.next().is_some_and(|it| it.is_ascii_alphabetic())
            && letters.next() == Some(':')
            && matches!(letters.next(), Some('\\' | '/'))
    };
    after.starts_with("file:")
        || after.starts_with("~/")
        || after.starts_with("\\\\")
        || (after.starts_with('/') && after[1..].contains('/'))
        || is_windows()
}

fn hidden(part: &str) -> String {
    let blank = &part[part.trim_end().len()..];
    format!("…{blank}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_hidden_and_nothing_else_is() {
        for (words, shown) in [
            ("no such file: /home/me/.cache/ring", "no such file: …"),
            ("DBus error: \"/run/user/1000/bus\": gone", "DBus error: … gone"),
            ("unix:path=/run/user/0/bus, refused", "… refused"),
            ("C:\\Users\\Me\\key.pem (os error 2)", "… (os error 2)"),
            ("see file:///home/me/x", "see …"),
            ("~/.config/x is bad", "… is bad"),
            ("at https://api.example/v1/chat", "at https://api.example/v1/chat"),
            ("connection refused (os error 111)", "connection refused (os error 111)"),
            ("and/or 1/2 /", "and/or 1/2 /"),
            ("127.0.0.1:8900/v1", "127.0.0.1:8900/v1"),
        ] {
            assert_eq!(without_paths(words), shown);
            assert_eq!(without_paths(shown), shown, "twice is no more than once");
        }
    }
}
