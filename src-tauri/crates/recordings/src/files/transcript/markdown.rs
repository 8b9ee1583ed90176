//! A transcript as Markdown (CommonMark).

use super::{
    Transcript,
    facts::{facts, parameters},
    inline,
};
use std::fmt::Write;

/// The whole of one run.
pub fn of(it: &Transcript) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write(it, &mut text);
    text
}

fn write(it: &Transcript, out: &mut String) -> std::fmt::Result {
    writeln!(out, "# {}\n", escaped(it.title()))?;
    for (name, value) in facts(it) {
        writeln!(out, "- {name}: {}", escaped(&value))?;
    }
    let parameters = parameters(it);
    if !parameters.is_empty() {
        writeln!(out, "\n## Parameters that were set\n")?;
        for (name, value) in parameters {
            writeln!(out, "- {}: {}", escaped(&name), escaped(&value))?;
        }
    }
    writeln!(out, "\n## Conversation")?;
    for (who, text) in it.words() {
        writeln!(out, "\n**{}**\n\n{}", escaped(&who), fenced("text", text))?;
    }
    if let Some(error) = &it.error {
        let status = error.status.map(|it| format!(" ({it})")).unwrap_or_default();
        writeln!(out, "\n## Error\n\n{}{status}", escaped(&error.title))?;
        if let Some(said) = &error.said {
            writeln!(out, "\n{}", fenced("text", said))?;
        }
    }
    if let Some(request) = &it.request {
        writeln!(out, "\n## Request\n\nPOST {}", escaped(&request.url))?;
        writeln!(out, "\n{}", fenced("json", &request.body))?;
    }
    Ok(())
}

/// Text for the inside of a line in which nothing is a mark of Markdown or of HTML.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in inline(text).chars() {
        if character.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A block of text as it stands, in a fence longer than any that the text has.
fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|it| it != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let end = if text.ends_with(['\n', '\r']) { "" } else { "\n" };
    format!("{fence}{language}\n{text}{end}{fence}")
}
