//! How much several replies to the same prompt differ: which are equal, how all of them begin, and
//! the braid that their tokens make.

mod braid;
mod words;

pub use braid::{BraidNode, MOST_REPLIES};

use crate::{
    models::EncodingChoice,
    tokens::{self, Encoding, MAX_BYTES, TokenError},
    whole::whole,
};
use serde::Serialize;
use std::collections::HashMap;
use ts_rs::TS;

/// The most characters of a reply that are handed on.
const MOST_TEXT: usize = 20_000;
/// The most characters of the beginning that all share.
const MOST_SHARED: usize = 2_000;

/// What several replies have in common, and where they part.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Variety {
    /// How many replies are compared.
    pub count: u32,
    /// The runs that have no whole reply, and so are not.
    pub left_out: Vec<String>,
    /// How many different ones there are.
    pub distinct: u32,
    /// How often two of them are the same, in percent of all pairs, to one decimal.
    pub equal_pairs_percent: f64,
    /// How many tokens all of them begin with.
    pub shared_tokens: u32,
    /// The words that all of them begin with, at most their beginning.
    pub shared_text: String,
    /// What cuts them into tokens.
    pub encoding: Encoding,
    /// Whether the model itself is known to use it.
    pub exact: bool,
    /// All of it in a sentence or two.
    pub sentence: String,
    /// The replies that are the same, the largest group first.
    pub groups: Vec<VarietyGroup>,
    /// The tokens of all replies as one tree, a parent before its children. The first is the root;
    /// it is empty if the replies do not begin alike.
    pub braid: Vec<BraidNode>,
}

/// Replies that are the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct VarietyGroup {
    /// The runs that they are of.
    pub runs: Vec<String>,
    /// What they say, at most its beginning.
    pub text: String,
    /// How many tokens that has.
    pub tokens: u32,
    /// How many characters, as JavaScript counts them.
    pub characters: u32,
}

/// A text that some replies consist of.
struct Distinct<'a> {
    text: &'a str,
    ids: Vec<u32>,
    runs: Vec<&'a str>,
}

/// Compares `replies`, each the id of its run and its text; of each stretch of the braid `limit`
/// spans are shown.
///
/// # Errors
/// Where the replies together are longer than what is cut into tokens at once.
pub fn variety(
    choice: &EncodingChoice,
    replies: &[(&str, &str)],
    limit: usize,
) -> Result<Variety, TokenError> {
    let encoding = choice.encoding;
    let groups = distinct(encoding, replies)?;
    let (shared_tokens, shared) = shared(&groups);
    let (count, distinct) = (replies.len() as u32, groups.len() as u32);
    Ok(Variety {
        count,
        distinct,
        equal_pairs_percent: equal_pairs(&groups, replies.len()),
        shared_tokens,
        shared_text: shared.chars().take(MOST_SHARED).collect(),
        left_out: Vec::new(),
        encoding,
        exact: choice.exact,
        sentence: words::sentence(count, distinct, shared_tokens),
        braid: braid::braid(encoding, &groups, limit),
        groups: groups.iter().map(told).collect(),
    })
}

fn distinct<'a>(
    encoding: Encoding,
    replies: &[(&'a str, &'a str)],
) -> Result<Vec<Distinct<'a>>, TokenError> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut groups: Vec<Distinct<'_>> = Vec::new();
    for (run, text) in replies {
        let place = *places.entry(text).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Distinct { text, ids: Vec::new(), runs: Vec::new() });
        }
        groups[place].runs.push(run);
    }
    let bytes = groups.iter().map(|it| it.text.len()).sum();
    if bytes > MAX_BYTES {
        return Err(TokenError::TooLong { bytes });
    }
    for group in &mut groups {
        group.ids = tokens::encode(encoding, group.text)?;
    }
    groups.sort_by_key(|it| std::cmp::Reverse(it.runs.len()));
    Ok(groups)
}

fn told(group: &Distinct<'_>) -> VarietyGroup {
    VarietyGroup {
        runs: group.runs.iter().map(|it| (*it).to_owned()).collect(),
        text: group.text.chars().take(MOST_TEXT).collect(),
        tokens: group.ids.len() as u32,
        characters: group.text.encode_utf16().count() as u32,
    }
}

/// How many tokens, and which words, all of them begin with.
fn shared<'a>(groups: &[Distinct<'a>]) -> (u32, &'a str) {
    let Some((first, others)) = groups.split_first() else { return (0, "") };
    let tokens = others.iter().map(|it| alike(&first.ids, &it.ids)).min();
    let bytes = others.iter().map(|it| alike(first.text.as_bytes(), it.text.as_bytes())).min();
    let text = bytes.map_or(first.text, |it| &first.text[..whole(first.text, it)]);
    (tokens.unwrap_or(first.ids.len()) as u32, text)
}

/// How many items two lists begin with alike.
fn alike<T: PartialEq>(one: &[T], other: &[T]) -> usize {
    one.iter().zip(other).take_while(|(a, b)| a == b).count()
}

fn equal_pairs(groups: &[Distinct<'_>], count: usize) -> f64 {
    let pairs = |n: usize| (n * n.saturating_sub(1) / 2) as f64;
    if count < 2 {
        return 100.0;
    }
    let equal: f64 = groups.iter().map(|it| pairs(it.runs.len())).sum();
    (equal / pairs(count) * 1000.0).round() / 10.0
}

#[cfg(test)]
mod tests;
