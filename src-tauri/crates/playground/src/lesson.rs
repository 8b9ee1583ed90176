//! The course: lessons are files, and what they ask of a learner is judged here.
//!
//! - `file`, `markdown`, `figures`: a file into a [`Lesson`], or an error with its line.
//! - [`controls`]: what in the window a lesson may point at.
//! - [`sending`]: what a lesson begins with, and the calls that solve it.
//! - [`check`]: predicates over runs; [`facts`]: what they know of a run.
//! - [`exercise`]: questions, guesses and mistakes, and how answers to them are judged.
//! - [`progress`]: how far somebody is; [`view`]: what the page gets, which is never an answer.

pub mod check;
pub mod controls;
pub mod exercise;
pub mod facts;
mod figures;
mod file;
mod markdown;
pub mod progress;
pub mod sending;
pub mod view;

pub use figures::Figures;
pub use markdown::{LessonLink, TextBlock, TextSpan, words};

use exercise::{Mistake, Predict, Quiz, Step};
use sending::LessonStart;
use thiserror::Error;

/// The lessons of the app: the names of their files, and the files.
pub static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/lessons.rs"));

/// One lesson.
#[derive(Debug, Clone, PartialEq)]
pub struct Lesson {
    /// What it is known by.
    pub slug: String,
    /// Its place in the course.
    pub number: u32,
    /// What a learner can do afterwards: `G1` to `G14`.
    pub goal: String,
    /// Its title.
    pub title: String,
    /// About how long it takes.
    pub minutes: u32,
    /// The question that it answers.
    pub question: String,
    /// The sentence to take away.
    pub takeaway: String,
    /// The day (YYYY-MM-DD) of the figures that are stated in it; none if all are computed.
    pub dated: Option<String>,
    /// What Play is set to.
    pub start: LessonStart,
    /// What it consists of, in order.
    pub parts: Vec<Part>,
}

/// A part of a lesson.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What it is known by within its lesson, such as `step-2`.
    pub id: String,
    /// The line of the file in which it begins; 0 for text.
    pub line: usize,
    /// What it is.
    pub kind: PartKind,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each is what its value says")]
pub enum PartKind {
    Text(Vec<TextBlock>),
    Predict(Predict),
    Step(Step),
    Quiz(Quiz),
    Mistake(Mistake),
}

/// What is wrong with a lesson's file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {why}")]
pub struct LessonError {
    /// In which line, counted from 1.
    pub line: usize,
    /// What.
    pub why: String,
}

impl LessonError {
    fn new(line: usize, why: impl Into<String>) -> LessonError {
        LessonError { line, why: why.into() }
    }
}

#[cfg(test)]
mod tests;
