//! Checks: small predicates over runs, and for each the words for what is still missing.
//!
//! A [`Pattern`] is what one run has to be, atom by atom, and how it stands to the run of the
//! pattern before it. `sequence` looks for runs that meet a list of patterns in the order of time.

mod aspect;
mod atom;
mod condition;
mod sequence;
mod words;

pub use aspect::Aspect;
pub use atom::Atom;
pub use condition::Condition;
pub use sequence::{Found, find};

use super::facts::RunFacts;
use serde::{Deserialize, Deserializer, de::Error};

/// What a run has to be.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pattern {
    /// What it has to be by itself; a pattern without any is met by every run.
    pub atoms: Vec<Atom>,
    /// In what it has to be equal to the run of the pattern before.
    pub same: Vec<Aspect>,
    /// In what it has to differ from it.
    pub differ: Vec<Aspect>,
    /// How often this very call has to have been sent; at least once.
    pub times: u32,
    /// What the replies of those have to be to each other.
    pub replies: Option<Replies>,
    /// All that in the lesson's own words, where there is no need for each detail.
    pub wants: Option<String>,
}

/// How several replies to the same call stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Replies {
    /// All of them are the same.
    Alike,
    /// Not all of them are.
    Varied,
}

impl Pattern {
    /// Whether a run fits by itself.
    pub fn fits(&self, run: &RunFacts) -> bool {
        self.atoms.iter().all(|atom| atom.holds(run))
    }

    /// Whether it says anything of the run before.
    pub fn is_related(&self) -> bool {
        !self.same.is_empty() || !self.differ.is_empty()
    }

    /// Whether a run stands to one before it as it has to.
    pub fn follows(&self, earlier: &RunFacts, run: &RunFacts) -> bool {
        self.same.iter().all(|it| it.is_same(earlier, run))
            && !self.differ.iter().any(|it| it.is_same(earlier, run))
    }
}

impl<'de> Deserialize<'de> for Pattern {
    /// Each entry of the table is an atom, but for those that are about several runs.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pattern, D::Error> {
        let mut pattern = Pattern { times: 1, ..Pattern::default() };
        for (name, value) in toml::Table::deserialize(deserializer)? {
            match name.as_str() {
                "same" => pattern.same = read(&name, value)?,
                "differ" => pattern.differ = read(&name, value)?,
                "times" => pattern.times = read(&name, value)?,
                "wants" => pattern.wants = Some(read(&name, value)?),
                "replies" => pattern.replies = Some(read(&name, value)?),
                _ => {
                    let atom = toml::Table::from_iter([(name.clone(), value)]);
                    pattern.atoms.push(read(&name, atom.into())?);
                }
            }
        }
        if pattern.times == 0 || (pattern.replies.is_some() && pattern.times == 1) {
            return Err(D::Error::custom("times must be 2 or more where replies are compared"));
        }
        Ok(pattern)
    }
}

fn read<'de, T: Deserialize<'de>, E: Error>(name: &str, value: toml::Value) -> Result<T, E> {
    T::deserialize(value).map_err(|why| E::custom(format!("{name}: {}", why.message())))
}

#[cfg(test)]
mod tests;
