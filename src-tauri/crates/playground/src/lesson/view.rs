//! What the page gets of the course. Right answers stay here until somebody has answered.

use super::{
    Lesson, Part, PartKind, TextBlock, TextSpan,
    controls::PageControl,
    exercise::{Guessed, LessonAnswer, Mistake, Predict, Quiz, RightAnswer},
    facts::RunFacts,
    progress::{JudgedGuess, MOST_TRIES, PartProgress, Progress},
    sending::LessonStart,
};
use serde::Serialize;
use ts_rs::TS;

/// The course, and how far somebody is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Course {
    /// Every lesson, in order.
    pub lessons: Vec<LessonInfo>,
    /// The folder for lessons of the person's own.
    pub folder: String,
    /// What is wrong with files in it, in a sentence for each.
    pub problems: Vec<String>,
    /// Every guess whose truth is known, the oldest first.
    pub guesses: Vec<JudgedGuess>,
}

/// A lesson in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct LessonInfo {
    /// What it is known by.
    pub slug: String,
    /// Its place in the course.
    pub number: u32,
    /// What a learner can do afterwards, such as `G4`.
    pub goal: String,
    /// Its title.
    pub title: String,
    /// The question that it answers.
    pub question: String,
    /// About how long it takes.
    pub minutes: u32,
    /// Whether its file is the person's own.
    pub is_own: bool,
    /// Whether it was begun.
    pub is_begun: bool,
    /// How many of its exercises are done.
    pub done: u32,
    /// How many there are.
    pub of: u32,
    /// Whether all of it was done, now or before it was begun anew.
    pub is_finished: bool,
}

/// A lesson that is open.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct OpenLesson {
    /// As in the list.
    pub info: LessonInfo,
    /// The sentence to take away.
    pub takeaway: String,
    /// The day (YYYY-MM-DD) of its figures; null if all are computed.
    pub dated: Option<String>,
    /// The slug of the lesson behind it; null for the last.
    pub next: Option<String>,
    /// What Play is to be set to.
    pub start: LessonStart,
    /// What it consists of, in order.
    pub parts: Vec<LessonPart>,
    /// How far each part is, in the same order.
    pub state: LessonState,
}

/// A part of a lesson, without its answer.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum LessonPart {
    /// Something to read.
    Text {
        /// What it is known by.
        id: String,
        /// It.
        blocks: Vec<TextBlock>,
    },
    /// A guess to make before it is known.
    Predict {
        /// What it is known by.
        id: String,
        /// What to guess.
        ask: Vec<TextBlock>,
        /// How.
        form: AnswerForm,
    },
    /// Something to do in Play.
    Step {
        /// What it is known by.
        id: String,
        /// What to do.
        ask: Vec<TextBlock>,
        /// What it is done with; null if nothing is pointed at.
        point: Option<PageControl>,
        /// What helps, a little more each time.
        hints: Vec<Vec<TextSpan>>,
    },
    /// A question.
    Quiz {
        /// What it is known by.
        id: String,
        /// The question.
        ask: Vec<TextBlock>,
        /// How it is answered.
        form: AnswerForm,
        /// What helps.
        hints: Vec<Vec<TextSpan>>,
    },
    /// A snippet with a line that is wrong.
    Mistake {
        /// What it is known by.
        id: String,
        /// What to look for.
        ask: Vec<TextBlock>,
        /// The language of the snippet.
        language: String,
        /// Its lines.
        lines: Vec<String>,
    },
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum AnswerForm {
    /// By one of these.
    Choice {
        /// What they say.
        options: Vec<Vec<TextSpan>>,
    },
    /// By a number.
    Number {
        /// What it counts; empty if that is clear.
        unit: String,
        /// How many percent from the truth are right too.
        within: f64,
    },
    /// By some words.
    Phrase,
    /// By a field of the request in the Request lens.
    Field,
}

/// How far a lesson is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct LessonState {
    /// Each part, in order.
    pub parts: Vec<PartState>,
    /// Whether all of it is done.
    pub is_done: bool,
}

/// How far a part is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PartState {
    /// The part's id.
    pub id: String,
    /// Whether the lesson goes on behind it: text always is.
    pub done: bool,
    /// Whether it is left out: one more guess, of which there is no need.
    pub is_left_out: bool,
    /// What was answered or guessed last; null if nothing was.
    pub answer: Option<LessonAnswer>,
    /// What there is to say to that; null if nothing was answered.
    pub verdict: Option<AnswerVerdict>,
    /// How a step stands; null for the others.
    pub step: Option<StepState>,
}

/// What there is to say to an answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AnswerVerdict {
    /// Whether it was right; null for a guess whose truth is not known yet.
    pub right: Option<bool>,
    /// The right answer, where it is to be told.
    pub truth: Option<String>,
    /// Why.
    pub why: Vec<TextBlock>,
    /// What to send to see that it is so; null if there is no such proof.
    pub proof: Option<LessonProof>,
}

/// A call that shows a mistake.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct LessonProof {
    /// What Play is to be set to.
    pub start: LessonStart,
    /// The body to be sent in the place of the composed one; null for that.
    pub body: Option<String>,
    /// What its run shows.
    pub proves: Vec<TextBlock>,
}

/// How a step stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct StepState {
    /// How many of the runs that it asks for are there.
    pub met: u32,
    /// How many it asks for.
    pub of: u32,
    /// What is missing, in a sentence or two; null if nothing is.
    pub missing: Option<String>,
}

impl Lesson {
    /// The part with this id.
    pub fn part(&self, id: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.id == id)
    }

    /// It in the list.
    pub fn info(&self, is_own: bool, progress: &Progress) -> LessonInfo {
        let (done, of) = progress.done(self);
        LessonInfo {
            slug: self.slug.clone(),
            number: self.number,
            goal: self.goal.clone(),
            title: self.title.clone(),
            question: self.question.clone(),
            minutes: self.minutes,
            is_own,
            is_begun: progress.lessons.contains_key(&self.slug),
            done,
            of,
            is_finished: progress.is_finished(self),
        }
    }

    /// How far it is, by what was done and the runs since it began.
    pub fn state(&self, progress: &Progress, runs: &[RunFacts]) -> LessonState {
        let parts: Vec<PartState> =
            self.parts.iter().map(|part| self.part_state(part, progress, runs)).collect();
        let is_done = parts.iter().all(|it| it.done);
        LessonState { parts, is_done }
    }

    fn part_state(&self, part: &Part, progress: &Progress, runs: &[RunFacts]) -> PartState {
        let kept = progress.part(self, part);
        let found = progress.found(self, part, runs);
        let step = found.zip(part.kind.runs()).map(|(found, of)| StepState {
            met: found.met as u32,
            of,
            missing: found.missing,
        });
        let is_left_out = !progress.is_asked(self, part);
        PartState {
            id: part.id.clone(),
            done: kept.done || is_left_out || matches!(part.kind, PartKind::Text(_)),
            is_left_out,
            verdict: self.verdict(part, &kept),
            answer: kept.answer,
            step,
        }
    }

    fn verdict(&self, part: &Part, kept: &PartProgress) -> Option<AnswerVerdict> {
        let answer = kept.answer.as_ref()?;
        let is_told = kept.right == Some(true) || kept.misses >= MOST_TRIES;
        let verdict = AnswerVerdict { right: kept.right, ..AnswerVerdict::default() };
        Some(match &part.kind {
            PartKind::Predict(predict) => AnswerVerdict {
                truth: kept.truth.clone(),
                why: if kept.right.is_some() { predict.after.clone() } else { Vec::new() },
                ..verdict
            },
            PartKind::Quiz(quiz) => AnswerVerdict {
                truth: is_told.then(|| quiz.solution()),
                why: quiz_reason(quiz, answer, is_told),
                ..verdict
            },
            PartKind::Mistake(mistake) => self.mistake_verdict(mistake, answer, is_told, verdict),
            PartKind::Text(_) | PartKind::Step(_) => return None,
        })
    }

    fn mistake_verdict(
        &self,
        mistake: &Mistake,
        answer: &LessonAnswer,
        is_told: bool,
        verdict: AnswerVerdict,
    ) -> AnswerVerdict {
        let said = mistake.judge(answer).map(|it| it.1.to_vec()).unwrap_or_default();
        if !is_told {
            return AnswerVerdict { why: said, ..verdict };
        }
        let proof = LessonProof {
            start: self.start.with(&mistake.proof.sending),
            body: mistake.proof.sending.body.clone(),
            proves: mistake.proof.proves.clone(),
        };
        AnswerVerdict {
            truth: Some(format!("line {}", mistake.wrong)),
            why: mistake.why.clone(),
            proof: Some(proof),
            ..verdict
        }
    }
}

/// Why an answer is right or wrong. What would give the right one away is not told too early.
fn quiz_reason(quiz: &Quiz, answer: &LessonAnswer, is_told: bool) -> Vec<TextBlock> {
    let is_choice = matches!(quiz.right, RightAnswer::Choice(_));
    match quiz.judge(answer) {
        Some((_, why)) if is_choice || is_told => why.to_vec(),
        _ => Vec::new(),
    }
}

impl PartKind {
    /// How many runs a step asks for.
    fn runs(&self) -> Option<u32> {
        match self {
            PartKind::Step(step) => Some(step.runs.len() as u32),
            _ => None,
        }
    }
}

impl From<&Part> for LessonPart {
    fn from(part: &Part) -> LessonPart {
        let id = part.id.clone();
        match &part.kind {
            PartKind::Text(blocks) => LessonPart::Text { id, blocks: blocks.clone() },
            PartKind::Predict(predict) => {
                LessonPart::Predict { id, ask: predict.ask.clone(), form: predict.form() }
            }
            PartKind::Step(step) => LessonPart::Step {
                id,
                ask: step.ask.clone(),
                point: step.point,
                hints: step.hints.clone(),
            },
            PartKind::Quiz(quiz) => LessonPart::Quiz {
                id,
                ask: quiz.ask.clone(),
                form: quiz.form(),
                hints: quiz.hints.clone(),
            },
            PartKind::Mistake(mistake) => LessonPart::Mistake {
                id,
                ask: mistake.ask.clone(),
                language: mistake.language.clone(),
                lines: mistake.lines.clone(),
            },
        }
    }
}

impl Quiz {
    fn form(&self) -> AnswerForm {
        match &self.right {
            RightAnswer::Choice(choices) => {
                AnswerForm::Choice { options: choices.iter().map(|it| it.text.clone()).collect() }
            }
            RightAnswer::Number { within, unit, .. } => {
                AnswerForm::Number { unit: unit.clone(), within: *within }
            }
            RightAnswer::Phrase(_) => AnswerForm::Phrase,
            RightAnswer::Field(_) => AnswerForm::Field,
        }
    }
}

impl Predict {
    fn form(&self) -> AnswerForm {
        match &self.guess {
            Guessed::Choice { options, .. } => {
                AnswerForm::Choice { options: options.iter().map(|it| it.0.clone()).collect() }
            }
            Guessed::Number { within, unit, .. } => {
                AnswerForm::Number { unit: unit.clone(), within: *within }
            }
        }
    }
}
