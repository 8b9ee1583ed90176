//! How many of a question's words a passage has.

use std::collections::{BTreeSet, HashMap};

use super::{COMMON_WEIGHT, is_common, stems, without_fillers};

/// In which passages each word stands.
#[derive(Debug, Default)]
pub struct Words {
    found_in: HashMap<String, Vec<Found>>,
    passages: usize,
}

/// A passage in which a word stands.
#[derive(Debug, Clone, Copy)]
struct Found {
    passage: u16,
    asked: bool,
    answered: bool,
}

/// How much of a text's words a passage has, from 0 to 1; rare words count for more.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Coverage {
    /// In its questions.
    pub asked: f64,
    /// In its answers.
    pub answered: f64,
}

impl Words {
    /// Reads passages, each given as its questions and its answers.
    pub fn of<'a>(passages: impl Iterator<Item = (Vec<&'a str>, Vec<&'a str>)>) -> Self {
        let mut words = Self::default();
        for (passage, (questions, answers)) in passages.enumerate() {
            words.passages = passage + 1;
            let passage = u16::try_from(passage).expect("few passages");
            let asked = questions.into_iter().flat_map(stems).map(|stem| (stem, true));
            let answered = answers.into_iter().flat_map(stems).map(|stem| (stem, false));
            for (stem, is_asked) in asked.chain(answered) {
                let found = words.found_in.entry(stem).or_default();
                if found.last().is_none_or(|last| last.passage != passage) {
                    found.push(Found { passage, asked: false, answered: false });
                }
                if let Some(last) = found.last_mut() {
                    last.asked |= is_asked;
                    last.answered |= !is_asked;
                }
            }
        }
        words.found_in.values_mut().for_each(Vec::shrink_to_fit);
        words
    }

    /// How much of a text each passage has.
    pub fn coverage(&self, text: &str) -> Vec<Coverage> {
        let mut coverage = vec![Coverage::default(); self.passages];
        // In an order of its own, for sums depend on theirs.
        let words: BTreeSet<String> = stems(&without_fillers(text)).into_iter().collect();
        let all: f64 = words.iter().map(|word| self.weight(word)).sum();
        for word in words {
            let share = self.weight(&word) / all;
            for found in self.found_in.get(&word).into_iter().flatten() {
                let Coverage { asked, answered } = &mut coverage[usize::from(found.passage)];
                *asked += if found.asked { share } else { 0.0 };
                *answered += if found.answered { share } else { 0.0 };
            }
        }
        coverage
    }

    /// Whether a passage has a word.
    pub fn knows(&self, passage: usize, stem: &str) -> bool {
        let found = self.found_in.get(stem);
        found.is_some_and(|found| {
            found.binary_search_by_key(&passage, |it| it.passage.into()).is_ok()
        })
    }

    fn weight(&self, stem: &str) -> f64 {
        let seen = self.found_in.get(stem).map_or(0, Vec::len) as f64;
        let rarity = libm::log(1.0 + self.passages as f64 / (seen + 0.5));
        if is_common(stem) { COMMON_WEIGHT * rarity } else { rarity }
    }
}
