//! How far somebody is: what they did, answered and guessed, and how good their guesses are.

use super::{
    Lesson, Part, PartKind,
    check::{self, Found},
    exercise::{LessonAnswer, Predict},
    facts::RunFacts,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;
use ts_rs::TS;

/// After so many wrong answers the right one is told, and the lesson goes on.
pub const MOST_TRIES: u32 = 3;

/// What is kept of somebody's way through the course.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// By the slug of the lesson: those that were begun.
    pub lessons: BTreeMap<String, LessonProgress>,
    /// Every guess whose truth is known, in the order in which they were judged. They outlive the
    /// reset of their lesson, so that a learner sees how they get better.
    pub guesses: Vec<JudgedGuess>,
    /// The slugs of lessons that were finished and begun anew since.
    pub finished: BTreeSet<String>,
}

/// How far a lesson is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LessonProgress {
    /// When it was begun: only runs that began later count. Milliseconds since 1970, UTC.
    pub begun_ms: i64,
    /// By the id of the part: those with which something was done.
    pub parts: BTreeMap<String, PartProgress>,
}

/// What was done with a part.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PartProgress {
    /// Whether the lesson goes on behind it.
    pub done: bool,
    /// The last answer, or the guess.
    pub answer: Option<LessonAnswer>,
    /// How many answers were wrong.
    pub misses: u32,
    /// Whether the answer or guess was right; none while that is not known.
    pub right: Option<bool>,
    /// The truth about a guess, in words.
    pub truth: Option<String>,
    /// When it was answered.
    pub at_ms: i64,
}

/// A guess and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct JudgedGuess {
    /// The lesson.
    pub slug: String,
    /// When it was made: milliseconds since 1970, UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Whether it was right, or near enough.
    pub right: bool,
}

/// Why an answer was not taken. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AnswerError {
    /// The lesson is not begun.
    #[error("open the lesson first")]
    NotBegun,
    /// It has no such part, or that takes no such answer.
    #[error("this part of the lesson takes no such answer")]
    NoSuchQuestion,
    /// A guess is made once.
    #[error("a guess counts once; it was made before")]
    GuessedBefore,
}

impl Progress {
    /// Begins a lesson at `now_ms`, unless it is begun.
    pub fn begin(&mut self, slug: &str, now_ms: i64) {
        let begun = || LessonProgress { begun_ms: now_ms, ..LessonProgress::default() };
        self.lessons.entry(slug.to_owned()).or_insert_with(begun);
    }

    /// Forgets what was done in a lesson, but for that it was finished.
    pub fn reset(&mut self, lesson: &Lesson) {
        if self.is_finished(lesson) {
            self.finished.insert(lesson.slug.clone());
        }
        self.lessons.remove(&lesson.slug);
    }

    /// Whether all of a lesson was done, now or before it was begun anew.
    pub fn is_finished(&self, lesson: &Lesson) -> bool {
        let (done, of) = self.done(lesson);
        done == of || self.finished.contains(&lesson.slug)
    }

    /// Takes in what has happened since the lesson began: steps that are passed, guesses whose truth
    /// is known now. What is done stays done. `runs` are in the order in which they began.
    pub fn look(&mut self, lesson: &Lesson, runs: &[RunFacts]) {
        let Some(so_far) = self.lessons.get_mut(&lesson.slug) else { return };
        for part in &lesson.parts {
            let PartKind::Step(step) = &part.kind else { continue };
            let kept = so_far.parts.entry(part.id.clone()).or_default();
            kept.done = kept.done || check::find(&step.runs, runs).missing.is_none();
        }
        for part in &lesson.parts {
            let PartKind::Predict(predict) = &part.kind else { continue };
            let Some(mut kept) = so_far.parts.get(&part.id).cloned() else { continue };
            let is_tried = lesson.trial(part).is_none_or(|step| so_far.is_done(step));
            if !kept.done || kept.right.is_some() || !is_tried {
                continue;
            }
            let after = runs.partition_point(|run| run.started_ms < kept.at_ms);
            self.guesses.extend(judged(&lesson.slug, predict, &mut kept, &runs[after..]));
            so_far.parts.insert(part.id.clone(), kept);
        }
    }

    /// Takes an answer or a guess.
    ///
    /// # Errors
    /// Where there is no such question, or a guess was made before.
    pub fn answer(
        &mut self,
        lesson: &Lesson,
        part: &str,
        answer: LessonAnswer,
        now_ms: i64,
    ) -> Result<(), AnswerError> {
        let so_far = self.lessons.get_mut(&lesson.slug).ok_or(AnswerError::NotBegun)?;
        let asked = lesson.part(part).ok_or(AnswerError::NoSuchQuestion)?;
        let mut kept = so_far.parts.get(part).cloned().unwrap_or_default();
        let right = match &asked.kind {
            PartKind::Predict(predict) => {
                if kept.done {
                    return Err(AnswerError::GuessedBefore);
                }
                if !predict.takes(&answer) {
                    return Err(AnswerError::NoSuchQuestion);
                }
                kept = PartProgress { done: true, ..PartProgress::default() };
                None
            }
            PartKind::Quiz(quiz) => quiz.judge(&answer).map(|it| it.0),
            PartKind::Mistake(mistake) => mistake.judge(&answer).map(|it| it.0),
            PartKind::Text(_) | PartKind::Step(_) => None,
        };
        (kept.answer, kept.at_ms) = (Some(answer), now_ms);
        match (&asked.kind, right) {
            (PartKind::Predict(predict), _) => {
                if lesson.trial(asked).is_none() {
                    self.guesses.extend(judged(&lesson.slug, predict, &mut kept, &[]));
                }
            }
            (_, None) => return Err(AnswerError::NoSuchQuestion),
            // Who tries again after the end learns what it is worth, and keeps what they had.
            (_, Some(right)) => {
                kept.misses += u32::from(!right);
                kept.right = Some(right);
                kept.done = kept.done || right || kept.misses >= MOST_TRIES;
            }
        }
        so_far.parts.insert(part.to_owned(), kept);
        Ok(())
    }

    /// What a step has and lacks.
    pub fn found(&self, lesson: &Lesson, part: &Part, runs: &[RunFacts]) -> Option<Found> {
        let PartKind::Step(step) = &part.kind else { return None };
        Some(match self.part(lesson, part).done {
            true => Found { met: step.runs.len(), missing: None },
            false => check::find(&step.runs, runs),
        })
    }

    /// What was done with a part.
    pub fn part(&self, lesson: &Lesson, part: &Part) -> PartProgress {
        let so_far = self.lessons.get(&lesson.slug);
        so_far.and_then(|it| it.parts.get(&part.id)).cloned().unwrap_or_default()
    }

    /// Whether a part is for this learner: one more guess is, once all before it are judged and
    /// the last of them were not good enough.
    pub fn is_asked(&self, lesson: &Lesson, part: &Part) -> bool {
        let mut judged = Vec::new();
        for it in &lesson.parts {
            let PartKind::Predict(predict) = &it.kind else { continue };
            let kept = self.part(lesson, it);
            let is_asked = kept.done
                || predict.unless_right.is_none_or(|wanted| {
                    let last = judged.iter().rev().take(wanted as usize);
                    judged.iter().all(Option::is_some) && !last.clone().all(|it| *it == Some(true))
                });
            if it.id == part.id {
                return is_asked;
            }
            if is_asked {
                judged.push(kept.right);
            }
        }
        true
    }

    /// How many of the parts that can be done are, and how many there are.
    pub fn done(&self, lesson: &Lesson) -> (u32, u32) {
        let exercises = || {
            let parts = lesson.parts.iter().filter(|it| !matches!(it.kind, PartKind::Text(_)));
            parts.filter(|part| self.is_asked(lesson, part))
        };
        let done = exercises().filter(|part| self.part(lesson, part).done).count();
        (done as u32, exercises().count() as u32)
    }
}

impl LessonProgress {
    fn is_done(&self, part: &Part) -> bool {
        self.parts.get(&part.id).is_some_and(|it| it.done)
    }
}

impl Lesson {
    /// The step in which a guess is tried: what comes of it is not told before, though it is known.
    fn trial(&self, guess: &Part) -> Option<&Part> {
        let PartKind::Predict(predict) = &guess.kind else { return None };
        let at = self.parts.iter().position(|it| it.id == guess.id)?;
        let next = self.parts.get(at + 1)?;
        (predict.is_known() && matches!(next.kind, PartKind::Step(_))).then_some(next)
    }
}

/// Judges the guess in `kept`, if its truth is known now.
fn judged(
    slug: &str,
    predict: &Predict,
    kept: &mut PartProgress,
    runs: &[RunFacts],
) -> Option<JudgedGuess> {
    let (right, truth) = predict.judge(kept.answer.as_ref()?, runs)?;
    (kept.right, kept.truth) = (Some(right), Some(truth));
    Some(JudgedGuess { slug: slug.to_owned(), at_ms: kept.at_ms, right })
}
