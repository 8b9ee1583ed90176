//! A transcript as a page that stands alone: it loads nothing, runs nothing, and prints.

use super::{
    Transcript,
    facts::{facts, parameters},
    inline,
};
use std::fmt::Write;

/// What the page begins with. Its policy allows the style below, and nothing else.
pub const HEAD: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
base-uri 'none'; form-action 'none'\">
<meta name=\"viewport\" content=\"width=device-width\">
<meta name=\"color-scheme\" content=\"light dark\">
<title>Transcript</title>
<style>
:root { --ground: #f6f6f4; --panel: #fff; --line: #e2e2dd; --ink: #1d1f23; --soft: #575b63;
  --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ground: #14161a; --panel: #1b1e24;
  --line: #2a2e36; --ink: #e9eaee; --soft: #a9aeb8; --bad: #ff8a80; } }
body { margin: 0; padding: 32px 20px; background: var(--ground); color: var(--ink);
  font: 15px/1.55 system-ui, sans-serif; }
article { max-width: 760px; margin: 0 auto 32px; padding: 28px 32px; border-radius: 12px;
  border: 1px solid var(--line); background: var(--panel); }
h1 { margin: 0 0 16px; font-size: 20px; line-height: 1.3; overflow-wrap: anywhere; }
h2 { margin: 28px 0 8px; font-size: 15px; }
h3 { margin: 18px 0 4px; color: var(--soft); font-size: 13px; font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0;
  font-size: 13px; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate;
  font: inherit; }
pre.code { padding: 12px; border: 1px solid var(--line); border-radius: 8px;
  font: 12.5px/1.5 ui-monospace, monospace; }
.bad { color: var(--bad); }
@media print { body { padding: 0; background: none; font-size: 11pt; }
  article, article.wide { max-width: none; margin: 0; padding: 0; border: 0; background: none; }
  article + article { break-before: page; }
  h1, h2, h3 { break-after: avoid; } }
article.wide { max-width: 1180px; }
article.wide section { margin-top: 32px; padding-top: 4px; border-top: 1px solid var(--line); }
.prompt { max-height: none; margin: 0 0 12px; color: var(--soft); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); text-align: end;
  white-space: nowrap; }
th { color: var(--soft); font-weight: 600; }
th:nth-child(-n + 3), td:nth-child(-n + 3) { text-align: start; }
th:first-child, td:first-child { white-space: normal; overflow-wrap: anywhere; }
th:last-child, td:last-child { padding-right: 0; }
svg { display: block; width: 100%; height: auto; margin: 4px 0 8px; print-color-adjust: exact; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
svg .soft { fill: var(--soft); }
svg line { stroke: var(--line); }
.wait { fill: #c9cad0; background: #c9cad0; } .words { fill: #3d5af1; background: #3d5af1; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0 0 16px; padding: 0;
  color: var(--soft); font-size: 12.5px; list-style: none; }
dl + .legend { margin-top: 20px; }
.legend i { display: inline-block; width: 10px; height: 10px; margin-right: 6px; border-radius: 2px;
  print-color-adjust: exact; }
.replies { display: grid; grid-template-columns: repeat(auto-fit, minmax(230px, 1fr)); gap: 20px;
  margin-top: 16px; }
.replies > div { min-width: 0; break-inside: avoid-page; }
.replies h3 { margin-top: 0; }
.note { color: var(--soft); font-size: 12.5px; }
</style>
";

/// What it ends with.
pub const FOOT: &str = "</html>\n";

/// The whole of one run.
pub fn of(it: &Transcript) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write(it, &mut text);
    text
}

fn write(it: &Transcript, out: &mut String) -> std::fmt::Result {
    writeln!(out, "<article>\n<h1>{}</h1>", line(it.title()))?;
    list(out, facts(it).iter().map(|(name, value)| (*name, &**value)))?;
    let parameters = parameters(it);
    if !parameters.is_empty() {
        writeln!(out, "<h2>Parameters that were set</h2>")?;
        list(out, parameters.iter().map(|(name, value)| (&**name, &**value)))?;
    }
    writeln!(out, "<h2>Conversation</h2>")?;
    for (who, text) in it.words() {
        writeln!(out, "<h3>{}</h3>\n<pre dir=\"auto\">{}</pre>", line(&who), block(text))?;
    }
    if let Some(error) = &it.error {
        let status = error.status.map(|it| format!(" ({it})")).unwrap_or_default();
        writeln!(out, "<h2>Error</h2>\n<p class=\"bad\">{}{status}</p>", line(&error.title))?;
        let said = error.said.as_deref().map(block);
        writeln!(out, "<pre dir=\"auto\">{}</pre>", said.unwrap_or_default())?;
    }
    if let Some(request) = &it.request {
        writeln!(out, "<h2>Request</h2>\n<p>POST {}</p>", line(&request.url))?;
        writeln!(out, "<pre class=\"code\">{}</pre>", block(&request.body))?;
    }
    writeln!(out, "</article>")
}

pub fn list<'a>(
    out: &mut String,
    pairs: impl Iterator<Item = (&'a str, &'a str)>,
) -> std::fmt::Result {
    writeln!(out, "<dl>")?;
    for (name, value) in pairs {
        writeln!(out, "<dt>{}</dt><dd>{}</dd>", line(name), line(value))?;
    }
    writeln!(out, "</dl>")
}

/// Text for the inside of a line, which is turned around by nothing in it.
pub fn line(text: &str) -> String {
    format!("<bdi>{}</bdi>", block(&inline(text)))
}

/// Text in which nothing is a mark of HTML. The first line end of a `pre` would be dropped.
pub fn block(text: &str) -> String {
    let mut escaped = String::from(if text.starts_with(['\n', '\r']) { "\n" } else { "" });
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\r' | '\t' => escaped.push(character),
            it if it.is_control() => escaped.push('\u{fffd}'),
            it => escaped.push(it),
        }
    }
    escaped
}
