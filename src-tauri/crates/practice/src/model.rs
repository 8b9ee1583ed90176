//! The language model: a conversation in, a distribution over the next token out.
//!
//! It is an n-gram model without a fixed n: what followed the ends of the reply so far in a corpus,
//! mixed by [`reply`], each passage counting as much as it fits the conversation, which is worked
//! out here. A passage weighs `exp(-s · (best fit - its fit))`, and a little in any case.
//!
//! Pure and without input or output: the same conversation and beginning always give the same
//! distribution, on every machine.

mod reply;

use std::{
    collections::HashSet,
    sync::{Arc, LazyLock},
};

pub use crate::conversation::{Role, Turn, prompt_tokens};
use reply::Mix;
pub use reply::{Prompted, Reply, Vote};

use crate::{
    corpus::{Corpus, JSON, Passage, THOUGHTS},
    counting::Count,
    reading::{END, Reading, STRANGE},
    relevance::{Coverage, Likeness, Words, names, stems},
    summing, tokens,
};

/// No token of `o200k_base` has a larger number than the end of a reply.
const VOCABULARY: u32 = END;

/// In bytes. No token of a count is longer than three, so this fills any window.
const LONGEST_COUNT: usize = 100_000;

/// How much faster than its fit a passage loses weight.
const SHARPNESS: f64 = 17.0;
/// What a passage weighs that does not fit at all.
const FAINT: f64 = 1e-6;

/// What a passage must fit a question to answer it.
const FITS: f64 = 0.35;
/// How a passage's fit is made up: of its likeliest phrasing, and of the words of the question
/// that its questions and its answers have.
const SHARES: (f64, f64, f64) = (0.6, 0.3, 0.1);
/// How far what is said to anything is from the best fit: before it where nothing fits, else
/// behind it. So the two hardly mix.
const APART: f64 = 0.3;
/// What the question before adds: enough to settle a tie between follow-ups.
const SHARE_OF_HISTORY: f64 = 0.15;
/// What is left of a fit for each name in the question that the passage does not know.
const STRANGE_NAME: f64 = 0.3;
/// What is asked in the very words of a phrasing means that one.
const VERBATIM: f64 = 0.2;
/// From which likeness on the words are the same.
const SAME: f64 = 0.999;
/// A follow-up that the conversation explains beats the same words out of the blue.
const FOLLOW_UP: f64 = 0.05;
/// How much of what calls a voice a system message must say.
const CALLED: f64 = 0.9;

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// The model itself, or the voice that the conversation calls.
    Answer,
    /// The thoughts before an answer.
    Thought,
    /// Answers that are JSON objects.
    Json,
}

/// The model, having read a corpus.
#[derive(Debug)]
pub struct Model {
    corpus: &'static Corpus,
    reading: Reading,
    likeness: Likeness,
    /// Of each phrasing, in the order in which `likeness` knows them, the passage.
    asked: Vec<usize>,
    words: Words,
    unread: Arc<Vec<u32>>,
}

impl Default for Model {
    fn default() -> Self {
        Self::of(Corpus::get())
    }
}

impl Model {
    /// The model that everyone shares, which has read the corpus.
    #[must_use]
    pub fn get() -> &'static Self {
        static MODEL: LazyLock<Model> = LazyLock::new(Model::default);
        &MODEL
    }

    fn of(corpus: &'static Corpus) -> Self {
        let passages = &corpus.passages;
        let texts = |passage: &'static Passage| -> Vec<&'static str> {
            passage.phrasings.iter().map(|phrasing| phrasing.text.as_str()).collect()
        };
        let likeness = Likeness::of(passages.iter().map(texts));
        let asked = passages.iter().enumerate();
        let asked = asked.flat_map(|(index, passage)| passage.phrasings.iter().map(move |_| index));
        let words = passages
            .iter()
            .map(|passage| (texts(passage), passage.answers.iter().map(String::as_str).collect()));
        let answers = passages.iter().enumerate();
        let reading = Reading::of(answers.flat_map(|(index, passage)| {
            passage.answers.iter().map(move |answer| (index, answer.as_str()))
        }));
        let unread = (0..VOCABULARY)
            .filter(|token| reading.symbol(*token) == STRANGE && !tokens::bytes(*token).is_empty());
        Self {
            corpus,
            likeness,
            asked: asked.collect(),
            words: Words::of(words),
            unread: Arc::new(unread.collect()),
            reading,
        }
    }

    /// Reads a conversation. The reply looks back at no more than `depth` tokens at once.
    #[must_use]
    pub fn read(&'static self, turns: &[Turn], speaker: Speaker, depth: usize) -> Prompted {
        let question = turns.iter().rev().find(|turn| turn.role == Role::User);
        let count = question.and_then(|turn| Count::asked_in(&turn.text));
        let said = count.map(|count| count.aloud(LONGEST_COUNT));
        match (said.or_else(|| summing::asked_in(turns)), speaker) {
            (Some(aloud), Speaker::Answer) => return Prompted::saying(&aloud),
            (Some(aloud), Speaker::Json) => {
                return Prompted::saying(&serde_json::json!({ "answer": aloud }).to_string());
            }
            _ => {}
        }
        let weights = self.weights(turns, speaker);
        let mut base = vec![0.0; self.reading.size()];
        for place in self.reading.places() {
            base[usize::from(place.symbol)] += weights[usize::from(place.passage)];
        }
        // What never ends after nothing ends only where an answer has ended.
        base[usize::from(self.reading.symbol(END))] = 0.0;
        let mass: f64 = base.iter().sum();
        base.iter_mut().for_each(|weight| *weight /= mass);
        Mix { model: self, weights, base, weight: mass, depth }.into()
    }

    /// The passage that fits a conversation best; one that fits anything, where none does.
    #[must_use]
    pub fn passage(&self, turns: &[Turn], speaker: Speaker) -> &'static Passage {
        let weights = self.weights(turns, speaker);
        let best = weights.iter().enumerate().max_by(|left, right| left.1.total_cmp(right.1));
        &self.corpus.passages[best.map_or(0, |(index, _)| index)]
    }

    /// What each passage counts for: 1 the one that fits best, 0 those of other voices.
    fn weights(&self, turns: &[Turn], speaker: Speaker) -> Vec<f64> {
        let voice = self.voice(turns, speaker);
        let is_heard = |file: &str| match voice {
            Some(voice) => file == voice,
            None => self.corpus.voices.iter().all(|voice| voice.file != file),
        };
        let fits: Vec<Option<f64>> = self.fits(turns);
        let passages = self.corpus.passages.iter().zip(fits);
        let passages: Vec<(bool, Option<f64>)> =
            passages.map(|(passage, fit)| (is_heard(passage.file), fit)).collect();
        let heard = passages.iter().filter(|(is_heard, _)| *is_heard);
        let best = heard.filter_map(|(_, fit)| *fit).fold(0.0, f64::max);
        let anything = if best < FITS { best + APART } else { best - APART };
        let top = best.max(anything);
        let weight = |(is_heard, fit): (bool, Option<f64>)| match is_heard {
            true => {
                let behind = top - fit.unwrap_or(anything);
                FAINT + (1.0 - FAINT) * libm::exp(-SHARPNESS * behind)
            }
            false => 0.0,
        };
        passages.into_iter().map(weight).collect()
    }

    /// The file that is heard alone, if one is.
    fn voice(&self, turns: &[Turn], speaker: Speaker) -> Option<&'static str> {
        match speaker {
            Speaker::Thought => return Some(THOUGHTS),
            Speaker::Json => return Some(JSON),
            Speaker::Answer => {}
        }
        let is_system = |turn: &&Turn| matches!(turn.role, Role::System | Role::Developer);
        let said = turns.iter().filter(is_system).flat_map(|turn| stems(&turn.text)).collect();
        let called = self.corpus.voices.iter().map(|voice| {
            let calls = voice.calls.iter().map(|call| self.likeness.coverage(call, &said));
            (calls.fold(0.0, f64::max), voice.file)
        });
        let best = called.filter(|(coverage, _)| *coverage >= CALLED);
        best.max_by(|left, right| left.0.total_cmp(&right.0)).map(|(_, file)| file)
    }

    /// How well each passage fits a conversation; `None` for what is said to anything.
    fn fits(&self, turns: &[Turn]) -> Vec<Option<f64>> {
        let mut users = turns.iter().rev().filter(|turn| turn.role == Role::User);
        let question = users.next().or(turns.last()).map_or("", |turn| &turn.text);
        let before = users.next().map_or("", |turn| &turn.text);
        let said: HashSet<String> = turns.iter().flat_map(|turn| stems(&turn.text)).collect();
        let names = names(question);
        let strangers = |index: usize| {
            names.iter().filter(|name| !self.words.knows(index, name)).count() as i32
        };
        let now = self.likenesses(question, &said);
        let then = self.likenesses(before, &said);
        let fit = |(index, passage): (usize, &Passage)| {
            if passage.phrasings.is_empty() {
                return None;
            }
            let fit = now[index] * STRANGE_NAME.powi(strangers(index));
            Some(if fit < FITS { fit } else { fit + SHARE_OF_HISTORY * then[index] })
        };
        self.corpus.passages.iter().enumerate().map(fit).collect()
    }

    /// How much each passage is like a text.
    fn likenesses(&self, text: &str, said: &HashSet<String>) -> Vec<f64> {
        let mut best = vec![0.0; self.corpus.passages.len()];
        let phrasings = self.corpus.passages.iter().flat_map(|passage| &passage.phrasings);
        for ((likeness, index), phrasing) in
            self.likeness.to(text).into_iter().zip(&self.asked).zip(phrasings)
        {
            let likeness = match &phrasing.needs {
                Some(_) if likeness == 0.0 => 0.0,
                Some(word) if !stems(word).iter().all(|stem| said.contains(stem)) => 0.0,
                Some(_) => said_in(likeness) + FOLLOW_UP,
                None => said_in(likeness),
            };
            best[*index] = likeness.max(best[*index]);
        }
        let words = self.words.coverage(text);
        let of_words = |it: Coverage| SHARES.1 * it.asked + SHARES.2 * it.answered;
        best.iter().zip(words).map(|(best, words)| SHARES.0 * best + of_words(words)).collect()
    }
}

/// A likeness, and more where the words are the same.
fn said_in(likeness: f64) -> f64 {
    if likeness >= SAME { likeness + VERBATIM } else { likeness }
}

#[cfg(test)]
mod tests;
