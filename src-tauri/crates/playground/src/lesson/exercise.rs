//! What a lesson asks: questions with a right answer, guesses, and snippets with a mistake.

use super::{
    check::Pattern,
    controls::PageControl,
    facts::{RunEnd, RunFacts},
    markdown::{TextBlock, TextSpan},
    sending::Sending,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Something to do in Play, passed by runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What to do.
    pub ask: Vec<TextBlock>,
    /// What in the window it is done with.
    pub point: Option<PageControl>,
    /// What helps, a little more each time.
    pub hints: Vec<Vec<TextSpan>>,
    /// The runs that pass it.
    pub runs: Vec<Pattern>,
    /// Calls that pass it.
    pub solution: Vec<Sending>,
}

/// A question with a right answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Quiz {
    /// The question.
    pub ask: Vec<TextBlock>,
    /// What is right.
    pub right: RightAnswer,
    /// Why.
    pub why: Vec<TextBlock>,
    /// What helps.
    pub hints: Vec<Vec<TextSpan>>,
}

/// What answers a question.
#[derive(Debug, Clone, PartialEq)]
pub enum RightAnswer {
    /// One or several of these.
    Choice(Vec<Choice>),
    /// A number, and how many percent from it are right too.
    Number {
        /// The number.
        right: f64,
        /// So many percent.
        within: f64,
        /// What it counts.
        unit: String,
    },
    /// Any of these, but for capitals, accents, dots and spaces.
    Phrase(Vec<String>),
    /// Any of these places in the request.
    Field(Vec<String>),
}

/// One of several answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What it says.
    pub text: Vec<TextSpan>,
    /// Whether it is right.
    pub is_right: bool,
    /// Why it is, or is not; empty where the question's own reason says enough.
    pub why: Vec<TextBlock>,
}

/// A guess before it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Predict {
    /// What to guess.
    pub ask: Vec<TextBlock>,
    /// What can be said.
    pub guess: Guessed,
    /// What to know once it is known.
    pub after: Vec<TextBlock>,
    /// It is left out for who had so many right in a row, or near enough, just before it.
    pub unless_right: Option<u32>,
}

/// How a guess is made, and what decides it.
#[derive(Debug, Clone, PartialEq)]
pub enum Guessed {
    /// One of these.
    Choice {
        /// What they say, and what the truth is called then.
        options: Vec<(Vec<TextSpan>, String)>,
        /// It.
        truth: Truth<String, Outcome>,
    },
    /// A number, and how many percent from it are still a good guess.
    Number {
        /// The number.
        truth: Truth<f64, Measure>,
        /// So many percent.
        within: f64,
        /// What it counts.
        unit: String,
    },
}

/// Where the truth comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Truth<Value, FromRun> {
    /// It is always this.
    Known(Value),
    /// The first run after the guess tells.
    Run(FromRun),
}

/// A number that a run tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Measure {
    InputTokens,
    OutputTokens,
    FirstWordMs,
    TotalMs,
}

/// A word that a run tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Outcome {
    Finish,
    Reply,
    Error,
    Status,
    /// Of the first two runs, the model that said something sooner.
    FirstToSpeak,
}

/// A snippet with something wrong in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mistake {
    /// What to look for.
    pub ask: Vec<TextBlock>,
    /// The language of the snippet.
    pub language: String,
    /// Its lines.
    pub lines: Vec<String>,
    /// The line that is wrong, counted from 1.
    pub wrong: u32,
    /// Why.
    pub why: Vec<TextBlock>,
    /// Why another line is not.
    pub misses: BTreeMap<u32, Vec<TextBlock>>,
    /// What to send to see it.
    pub proof: Box<Proof>,
}

/// A call that shows a mistake.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// The call.
    pub sending: Sending,
    /// What comes back.
    pub comes: Pattern,
    /// What that shows.
    pub proves: Vec<TextBlock>,
}

/// What a learner answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum LessonAnswer {
    /// One of several.
    Choice {
        /// Which, counted from 0.
        chosen: u32,
    },
    /// A number.
    Number {
        /// It.
        value: f64,
    },
    /// Some words.
    Phrase {
        /// Them.
        text: String,
    },
    /// A field of the request.
    Field {
        /// Its place as a JSON pointer, or `header:` and its name.
        place: String,
    },
    /// A line of a snippet.
    Line {
        /// Which, counted from 1.
        line: u32,
    },
}

impl Quiz {
    /// Whether this is right, and why; `None` if it answers another kind of question.
    pub fn judge(&self, answer: &LessonAnswer) -> Option<(bool, &[TextBlock])> {
        match (&self.right, answer) {
            (RightAnswer::Choice(choices), LessonAnswer::Choice { chosen }) => {
                let choice = choices.get(*chosen as usize)?;
                let why = if choice.why.is_empty() { &self.why } else { &choice.why };
                Some((choice.is_right, why))
            }
            (RightAnswer::Number { right, within, .. }, LessonAnswer::Number { value }) => {
                Some((is_near(*value, *right, *within), &self.why))
            }
            (RightAnswer::Phrase(accepted), LessonAnswer::Phrase { text }) => {
                let said = plain(text);
                Some((accepted.iter().any(|it| plain(it) == said), &self.why))
            }
            (RightAnswer::Field(places), LessonAnswer::Field { place }) => {
                Some((places.contains(place), &self.why))
            }
            _ => None,
        }
    }

    /// The right answer, to be shown to who has not found it.
    pub fn solution(&self) -> String {
        match &self.right {
            RightAnswer::Choice(choices) => {
                let right = choices.iter().filter(|it| it.is_right);
                right.map(|it| super::markdown::words(&it.text)).collect::<Vec<_>>().join(", or ")
            }
            RightAnswer::Number { right, unit, .. } => with_unit(*right, unit),
            RightAnswer::Phrase(accepted) => accepted.first().cloned().unwrap_or_default(),
            RightAnswer::Field(places) => places.first().cloned().unwrap_or_default(),
        }
    }
}

impl Predict {
    /// Whether a guess is one that this asks for.
    pub fn takes(&self, guess: &LessonAnswer) -> bool {
        match (&self.guess, guess) {
            (Guessed::Choice { options, .. }, LessonAnswer::Choice { chosen }) => {
                (*chosen as usize) < options.len()
            }
            (Guessed::Number { .. }, LessonAnswer::Number { value }) => value.is_finite(),
            _ => false,
        }
    }

    /// Whether the truth is known without a run.
    pub fn is_known(&self) -> bool {
        matches!(
            &self.guess,
            Guessed::Choice { truth: Truth::Known(_), .. }
                | Guessed::Number { truth: Truth::Known(_), .. }
        )
    }

    /// The truth in words, and whether the guess was right. `runs` are those after it; `None` while
    /// they are not there, or do not tell.
    pub fn judge(&self, guess: &LessonAnswer, runs: &[RunFacts]) -> Option<(bool, String)> {
        match (&self.guess, guess) {
            (Guessed::Choice { options, truth }, LessonAnswer::Choice { chosen }) => {
                let truth = match truth {
                    Truth::Known(key) => key.clone(),
                    Truth::Run(outcome) => outcome.of(runs)?,
                };
                let fits = |key: &str| match self.is_of_reply() {
                    true => plain(&truth).starts_with(&plain(key)),
                    false => key == truth,
                };
                let shown = options.iter().find(|(_, key)| fits(key));
                let shown = shown.map_or_else(|| truth.clone(), |it| super::markdown::words(&it.0));
                let (_, key) = options.get(*chosen as usize)?;
                Some((fits(key), shown))
            }
            (Guessed::Number { truth, within, unit }, LessonAnswer::Number { value }) => {
                let truth = match truth {
                    Truth::Known(number) => *number,
                    Truth::Run(measure) => measure.of(runs.first()?)?,
                };
                Some((is_near(*value, truth, *within), with_unit(truth, unit)))
            }
            _ => None,
        }
    }

    fn is_of_reply(&self) -> bool {
        matches!(&self.guess, Guessed::Choice { truth: Truth::Run(Outcome::Reply), .. })
    }
}

impl Mistake {
    /// Whether it is this line, and why.
    pub fn judge(&self, answer: &LessonAnswer) -> Option<(bool, &[TextBlock])> {
        let LessonAnswer::Line { line } = answer else { return None };
        if *line == self.wrong {
            return Some((true, &self.why));
        }
        ((1..=self.lines.len() as u32).contains(line))
            .then(|| (false, self.misses.get(line).map_or(&[][..], Vec::as_slice)))
    }
}

impl Measure {
    /// The number, if the run has it.
    pub fn of(self, run: &RunFacts) -> Option<f64> {
        let count = |tokens: Option<u64>| tokens.map(|it| it as f64);
        let ms = |us: u64| (us as f64 / 1000.0).round();
        match self {
            Measure::InputTokens => count(run.usage?.input_tokens),
            Measure::OutputTokens => count(run.usage?.output_tokens),
            Measure::FirstWordMs => run.first_word_us.map(ms),
            Measure::TotalMs => (run.end == RunEnd::Finished).then(|| ms(run.ended_us)),
        }
    }
}

impl Outcome {
    fn of(self, runs: &[RunFacts]) -> Option<String> {
        let run = runs.first()?;
        let word = |value: serde_json::Value| value.as_str().map(str::to_owned);
        match self {
            Outcome::Finish => word(serde_json::to_value(run.finish?).ok()?),
            Outcome::Reply => Some(run.reply.clone()).filter(|it| !it.is_empty()),
            Outcome::Error => match run.error {
                Some(kind) => word(serde_json::to_value(kind).ok()?),
                None => Some("none".into()),
            },
            Outcome::Status => run.status().map(|it| it.to_string()),
            Outcome::FirstToSpeak => {
                let spoke = runs.get(..2)?.iter().filter_map(|it| Some((it.first_word_us?, it)));
                spoke.min_by_key(|it| it.0).map(|(_, run)| run.target.model.clone())
            }
        }
    }
}

/// Words without capitals, signs and more than one space, so that these do not matter.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a number is within so many percent of another.
fn is_near(value: f64, truth: f64, within: f64) -> bool {
    // A hair more, for what decimals lose in binary.
    (value - truth).abs() <= truth.abs() * within / 100.0 + 1e-9
}

fn with_unit(number: f64, unit: &str) -> String {
    match unit {
        "" => number.to_string(),
        "dollars" => format!("${number}"),
        unit => format!("{number} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_right_within_its_percent() {
        for (value, truth, within, expected) in [
            (0.02, 0.02, 0.0, true),
            (0.0202, 0.02, 1.0, true),
            (0.0203, 0.02, 1.0, false),
            (9.0, 10.0, 10.0, true),
            (8.9, 10.0, 10.0, false),
            (0.0, 0.0, 5.0, true),
            (f64::NAN, 1.0, 5.0, false),
            (f64::INFINITY, 1.0, 5.0, false),
        ] {
            assert_eq!(is_near(value, truth, within), expected, "{value} {truth} {within}");
        }
    }
}
