//! Runs that meet a list of patterns in the order of time.

use super::{Pattern, Replies, aspect::Aspect, aspect::Whole};
use crate::lesson::facts::RunFacts;

/// How far a list of patterns is met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How many of the patterns, from the first on.
    pub met: usize,
    /// What is missing for the next one, in a sentence or two; none if there is no next one.
    pub missing: Option<String>,
}

/// Looks for a different run for each of `patterns`, each later than the one before. `runs` are in
/// the order in which they began. No patterns are met by nothing.
pub fn find(patterns: &[Pattern], runs: &[RunFacts]) -> Found {
    // For each pattern the runs with which a way through all patterns so far can end.
    let mut ends: Option<Vec<usize>> = None;
    for (met, pattern) in patterns.iter().enumerate() {
        let here = ends_here(pattern, ends.as_deref(), runs);
        if here.is_empty() {
            return Found { met, missing: Some(missing(pattern, ends.as_deref(), runs)) };
        }
        ends = Some(here);
    }
    Found { met: patterns.len(), missing: None }
}

/// The runs with which `pattern` is met after one of `before`; with no pattern before it, anywhere.
fn ends_here(pattern: &Pattern, before: Option<&[usize]>, runs: &[RunFacts]) -> Vec<usize> {
    let fitting = fitting(pattern, before, runs);
    let is_enough = |last: &usize| {
        let group = repeated(*last, &fitting, runs);
        let alike = |index: &&usize| runs[**index].reply == runs[*last].reply;
        let equal = group.iter().filter(alike).count();
        let count = match pattern.replies {
            Some(Replies::Alike) => equal,
            Some(Replies::Varied) if equal == group.len() => 0,
            _ => group.len(),
        };
        count >= pattern.times as usize
    };
    fitting.iter().copied().filter(is_enough).collect()
}

/// The runs that fit `pattern` and stand as they have to to one of `before`.
fn fitting(pattern: &Pattern, before: Option<&[usize]>, runs: &[RunFacts]) -> Vec<usize> {
    let follows = |index: usize| match before {
        None => true,
        Some(before) => before
            .iter()
            .any(|earlier| *earlier < index && pattern.follows(&runs[*earlier], &runs[index])),
    };
    (0..runs.len()).filter(|index| pattern.fits(&runs[*index]) && follows(*index)).collect()
}

/// Those of `fitting`, up to `last`, that sent the very same.
fn repeated(last: usize, fitting: &[usize], runs: &[RunFacts]) -> Vec<usize> {
    let is_same = |index: &usize| {
        [Whole::Chat, Whole::Model, Whole::Format, Whole::Provider]
            .into_iter()
            .all(|whole| Aspect::Whole(whole).is_same(&runs[*index], &runs[last]))
    };
    fitting.iter().copied().filter(|index| *index <= last).filter(is_same).collect()
}

/// What to tell who has not met `pattern`.
fn missing(pattern: &Pattern, before: Option<&[usize]>, runs: &[RunFacts]) -> String {
    let fitting = fitting(pattern, before, runs);
    let so_far = fitting.iter().map(|last| repeated(*last, &fitting, runs).len()).max();
    let in_full = || format!("a run that {}", pattern.wanted());
    let mut wanted = pattern.wants.clone().unwrap_or_else(in_full);
    if let Some(repetition) = pattern.repetition(so_far.unwrap_or(0)) {
        wanted = format!("{wanted}: {repetition}");
    }
    let instead = last_instead(pattern, before, runs).filter(|_| fitting.is_empty());
    match instead {
        Some(instead) => format!("Your last run {instead}. Still missing: {wanted}."),
        None => format!("Still missing: {wanted}."),
    }
}

/// What the last run was instead of what `pattern` wants; none if there is none that could be it.
fn last_instead(pattern: &Pattern, before: Option<&[usize]>, runs: &[RunFacts]) -> Option<String> {
    let (last, earlier_ones) = runs.split_last()?;
    let earlier = match before {
        None => None,
        Some(before) => Some(before.iter().rev().find_map(|index| earlier_ones.get(*index))?),
    };
    pattern.instead(last).or_else(|| pattern.instead_of(earlier?, last))
}
