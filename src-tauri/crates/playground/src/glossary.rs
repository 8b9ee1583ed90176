//! What every field on the wire is, in one sentence for somebody who sees it for the first time.
//!
//! The sentences are data: `data/glossary/`, a file for each wire format and one that they share,
//! whose head says how it is written. A field is known by its place, not by its name: `content` is
//! one thing in a message and another in a list of chances.

mod files;

pub use files::of;

use serde::Serialize;
use std::cmp::Reverse;
use ts_rs::TS;

/// The sentences for one wire format.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Glossary {
    /// The fields of the bodies that we send.
    pub request: Vec<Gloss>,
    /// Those of the bodies and frames that come back, errors included.
    pub response: Vec<Gloss>,
    /// The headers that we send.
    pub request_headers: Vec<Gloss>,
    /// Those that come back.
    pub response_headers: Vec<Gloss>,
}

/// What is at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Gloss {
    /// Names with dots between; `[]` is any item of a list, `*` any name, `**` whatever lies below.
    /// For a header its name in lower case, where `*` is the rest of one.
    pub place: String,
    /// One sentence.
    pub says: String,
}

/// Which way a body goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the server.
    Request,
    /// From it.
    Response,
}

/// The entry for a field, by its JSON pointer; `None` if nothing is known of it. An item of a list
/// is what its list says, unless it has a sentence of its own; a body that is itself a list, as
/// some streams are, is one body after the other.
pub fn explain(dialect: &str, direction: Direction, pointer: &str) -> Option<&'static Gloss> {
    let glossary = of(dialect)?;
    let entries = match direction {
        Direction::Request => &glossary.request,
        Direction::Response => &glossary.response,
    };
    closest(entries, pointer)
}

fn closest<'a>(entries: &'a [Gloss], pointer: &str) -> Option<&'a Gloss> {
    let names: Vec<String> = pointer.split('/').skip(1).map(unescaped).collect();
    let in_list = names.iter().take_while(|name| is_index(name)).count();
    let mut path = &names[in_list..];
    loop {
        let found = entries.iter().filter_map(|entry| Some((fit(&entry.place, path)?, entry)));
        if let Some((_, entry)) = found.min_by_key(|(fit, _)| fit.clone()) {
            return Some(entry);
        }
        path = path.split_last().filter(|(last, _)| is_index(last))?.1;
    }
}

/// The entry for a header.
pub fn explain_header(dialect: &str, direction: Direction, name: &str) -> Option<&'static Gloss> {
    let glossary = of(dialect)?;
    let entries = match direction {
        Direction::Request => &glossary.request_headers,
        Direction::Response => &glossary.response_headers,
    };
    let name = name.to_ascii_lowercase();
    let fits = |entry: &&Gloss| match entry.place.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == entry.place,
    };
    entries.iter().filter(fits).max_by_key(|entry| Reverse(entry.place.ends_with('*')))
}

fn unescaped(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

fn is_index(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// How a step of a place meets a step of a path, the closest first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Named,
    Item,
    Any,
    Below,
}

/// How closely a place fits a path, the least being the best; `None` if it does not.
fn fit(place: &str, path: &[String]) -> Option<Vec<Step>> {
    let mut rest = path.iter();
    let mut steps = Vec::new();
    for step in steps_of(place) {
        if step == "**" {
            steps.push(Step::Below);
            return rest.next().map(|_| steps);
        }
        let name = rest.next()?;
        steps.push(match step {
            _ if step == name => Step::Named,
            "[]" if is_index(name) => Step::Item,
            "*" => Step::Any,
            _ => return None,
        });
    }
    rest.next().is_none().then_some(steps)
}

/// `a[].b` is `a`, `[]`, `b`.
fn steps_of(place: &str) -> impl Iterator<Item = &str> {
    place.split('.').flat_map(|part| {
        let name = part.trim_end_matches("[]");
        let items = (part.len() - name.len()) / 2;
        Some(name).filter(|name| !name.is_empty()).into_iter().chain((0..items).map(|_| "[]"))
    })
}

#[cfg(test)]
mod tests;
