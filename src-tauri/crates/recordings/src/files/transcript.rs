//! A conversation to be read: what was said, what it was asked with, and what it came to.
//!
//! The words are anybody's, so they are shown and never obeyed: in Markdown inside fences that they
//! cannot close, in HTML as characters, on a page that may load nothing and run nothing.

mod facts;
mod html;
mod markdown;
mod side_by_side;

use super::{FileError, Watch, share::shared};
use crate::{
    Store, StoreError,
    search::{Fitting, Kept},
    summary::Tally,
};
use playground::{ApiError, RunEvent, WireRequest};
use std::io::Write;

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Markdown, as of CommonMark.
    Markdown,
    /// A page that stands alone.
    Html,
}

/// A run, as far as a reader wants to know it.
struct Transcript {
    kept: Kept,
    tally: Tally,
    request: Option<WireRequest>,
    error: Option<ApiError>,
}

/// Writes these comparisons and runs, one after another. What was deleted meanwhile is passed over.
/// Returns how many runs were written. In Markdown a comparison is its runs; as a page it shows
/// them side by side.
///
/// # Errors
/// Where a run cannot be read, or `out` cannot be written.
pub fn export(
    store: &Store,
    what: &Fitting,
    format: Format,
    out: &mut dyn Write,
    watch: Watch<'_>,
) -> Result<u64, FileError> {
    let (head, between, foot) = match format {
        Format::Markdown => ("", "\n---\n\n", ""),
        Format::Html => (html::HEAD, "", html::FOOT),
    };
    out.write_all(head.as_bytes())?;
    let mut runs = 0;
    let mut ids = Vec::new();
    for id in &what.comparisons {
        let kept = match store.comparison(id) {
            Err(StoreError::NoSuchComparison) => continue,
            kept => kept?,
        };
        match format {
            Format::Html => runs += side_by_side::write(store, &kept, runs, out, watch)?,
            Format::Markdown => ids.extend(kept.cells.into_iter().map(|cell| cell.run)),
        }
    }
    for id in ids.iter().chain(&what.runs) {
        let transcript = match Transcript::of(store, id) {
            Err(StoreError::NoSuchRun) => continue,
            transcript => transcript?,
        };
        if runs > 0 {
            out.write_all(between.as_bytes())?;
        }
        let text = match format {
            Format::Markdown => markdown::of(&transcript),
            Format::Html => html::of(&transcript),
        };
        out.write_all(text.as_bytes())?;
        runs += 1;
        if !watch(runs) {
            return Err(FileError::Stopped);
        }
    }
    out.write_all(foot.as_bytes())?;
    out.flush()?;
    Ok(runs)
}

impl Transcript {
    fn of(store: &Store, id: &str) -> Result<Transcript, StoreError> {
        let mut it = Transcript {
            kept: store.run(id)?,
            tally: Tally::default(),
            request: None,
            error: None,
        };
        store.events(id, |event| {
            it.take(shared(event));
            Ok(())
        })?;
        Ok(it)
    }

    fn take(&mut self, event: RunEvent) {
        self.tally.add(&event, 0);
        match event {
            RunEvent::AttemptStarted { request, .. } => self.request = Some(request),
            RunEvent::Interrupted { error, .. } | RunEvent::Failed { error, .. } => {
                self.error = Some(error);
            }
            _ => {}
        }
    }

    /// What it is called: its name, or the question.
    fn title(&self) -> &str {
        let summary = &self.kept.summary;
        let named =
            [&summary.title, &summary.question].into_iter().find(|it| !it.trim().is_empty());
        named.map_or("A run", |it| it)
    }

    /// Everything that was said, in order: who, and what.
    fn words(&self) -> Vec<(String, &str)> {
        let mut words: Vec<(String, &str)> = Vec::new();
        for message in &self.kept.chat.messages {
            words.push((message.role.as_str().into(), &message.text));
        }
        let choices = &self.tally.reply.choices;
        for (number, choice) in choices.iter().enumerate() {
            let who = match choices.len() {
                1 => "assistant".to_owned(),
                all => format!("assistant, reply {} of {all}", number + 1),
            };
            let parts = [
                (", reasoning", &choice.reasoning),
                ("", &choice.text),
                (", declining", &choice.refusal),
            ];
            let said = parts.into_iter().filter(|(_, text)| !text.is_empty());
            words.extend(said.map(|(what, text)| (format!("{who}{what}"), &**text)));
        }
        for call in &self.tally.reply.tool_calls {
            words.push((format!("assistant, asking for the tool {}", call.name), &call.arguments));
        }
        words
    }
}

/// Text for the inside of a line: nothing in it breaks the line, hides, or turns it around.
fn inline(text: &str) -> String {
    let is_seen = |it: &char| !it.is_control() && !is_mark(*it);
    let words: Vec<String> =
        text.split_whitespace().map(|word| word.chars().filter(is_seen).collect()).collect();
    words.join(" ").chars().take(300).collect()
}

/// Characters that nobody sees, and that change the direction or the place of others.
fn is_mark(it: char) -> bool {
    matches!(it, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
