//! The blocks of TOML in a lesson: steps, questions, guesses and mistakes.

use super::read;
use crate::lesson::{
    LessonError, PartKind,
    check::Pattern,
    controls::PageControl,
    exercise::{
        Choice, Guessed, Measure, Mistake, Outcome, Predict, Proof, Quiz, RightAnswer, Step, Truth,
    },
    markdown::{Place, TextSpan, blocks, spans},
    sending::Sending,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// How many percent from the truth a guess may be where the lesson does not say.
const WITHIN: f64 = 20.0;

/// Reads a block that begins with `word`; and the word that its part is called by.
pub(super) fn exercise(
    word: &str,
    text: &str,
    place: Place<'_>,
) -> Result<(&'static str, PartKind), LessonError> {
    Ok(match word {
        "predict" => {
            ("predict", PartKind::Predict(read::<PredictFile>(text, place.line)?.make(place)?))
        }
        "step" => ("step", PartKind::Step(read::<StepFile>(text, place.line)?.make(place)?)),
        "quiz" => ("quiz", PartKind::Quiz(read::<QuizFile>(text, place.line)?.make(place)?)),
        _ => ("mistake", PartKind::Mistake(read::<MistakeFile>(text, place.line)?.make(place)?)),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepFile {
    ask: String,
    point: Option<PageControl>,
    hints: Vec<String>,
    runs: Vec<Pattern>,
    solution: Vec<Sending>,
}

impl StepFile {
    fn make(self, place: Place<'_>) -> Result<Step, LessonError> {
        if self.hints.is_empty() || self.runs.is_empty() || self.solution.is_empty() {
            return Err(LessonError::new(place.line, "a step needs hints, runs and a solution"));
        }
        if self.runs[0].is_related() {
            return Err(LessonError::new(
                place.line,
                "the first pattern has no run before it that it could be the same as",
            ));
        }
        Ok(Step {
            ask: blocks(&self.ask, place)?,
            point: self.point,
            hints: all_spans(&self.hints, place)?,
            runs: self.runs,
            solution: self.solution,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuizFile {
    kind: QuizKind,
    ask: String,
    #[serde(default)]
    why: String,
    #[serde(default)]
    hints: Vec<String>,
    #[serde(default)]
    options: Vec<ChoiceFile>,
    right: Option<Number>,
    #[serde(default)]
    within: f64,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    accept: Vec<String>,
    #[serde(default)]
    field: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum QuizKind {
    Choice,
    Number,
    Phrase,
    Field,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChoiceFile {
    text: String,
    #[serde(default)]
    right: bool,
    #[serde(default)]
    why: String,
}

impl QuizFile {
    fn make(self, place: Place<'_>) -> Result<Quiz, LessonError> {
        let right = match self.kind {
            QuizKind::Choice => {
                let make = |it: &ChoiceFile| {
                    let (text, why) = (spans(&it.text, place)?, blocks(&it.why, place)?);
                    Ok(Choice { text, is_right: it.right, why })
                };
                let choices: Vec<Choice> =
                    self.options.iter().map(make).collect::<Result<_, _>>()?;
                let right = choices.iter().filter(|it| it.is_right).count();
                let is_whole = choices.len() > 1 && (1..choices.len()).contains(&right);
                is_whole.then_some(RightAnswer::Choice(choices))
            }
            QuizKind::Number => self.right.and_then(|it| it.read()).map(|right| {
                RightAnswer::Number { right, within: self.within, unit: self.unit.clone() }
            }),
            QuizKind::Phrase => {
                (!self.accept.is_empty()).then(|| RightAnswer::Phrase(self.accept.clone()))
            }
            QuizKind::Field => {
                (!self.field.is_empty()).then(|| RightAnswer::Field(self.field.clone()))
            }
        };
        let right = right.ok_or_else(|| {
            LessonError::new(
                place.line,
                "a quiz has options of which some are right, or right, or accept, or field, by its kind",
            )
        })?;
        let (ask, why) = (blocks(&self.ask, place)?, blocks(&self.why, place)?);
        let quiz = Quiz { ask, right, why, hints: all_spans(&self.hints, place)? };
        match quiz.has_reasons() {
            true => Ok(quiz),
            false => Err(LessonError::new(place.line, "a quiz says why")),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PredictFile {
    kind: GuessKind,
    ask: String,
    after: String,
    #[serde(default)]
    options: Vec<OptionFile>,
    truth: TruthFile,
    within: Option<f64>,
    #[serde(default)]
    unit: String,
    unless_right: Option<u32>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum GuessKind {
    Choice,
    Number,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OptionFile {
    text: String,
    is: String,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "the truth is a number, a word, or { run = \"…\" } of what a run tells"
)]
enum TruthFile {
    Number { run: Measure },
    Word { run: Outcome },
    Known(Number),
}

/// A number, or a text with one such as `$1,234.50`.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Number {
    Plain(f64),
    Text(String),
}

impl Number {
    fn read(&self) -> Option<f64> {
        match self {
            Number::Plain(number) => Some(*number),
            Number::Text(text) => text.trim_start_matches('$').replace(',', "").parse().ok(),
        }
    }
}

impl PredictFile {
    fn make(self, place: Place<'_>) -> Result<Predict, LessonError> {
        let guess = match (self.kind, &self.truth) {
            (GuessKind::Number, TruthFile::Number { run }) => Some(self.number(Truth::Run(*run))),
            (GuessKind::Number, TruthFile::Known(number)) => {
                number.read().map(|it| self.number(Truth::Known(it)))
            }
            (GuessKind::Choice, TruthFile::Word { run }) => {
                Some(self.choice(Truth::Run(*run), place)?)
            }
            (GuessKind::Choice, TruthFile::Known(Number::Text(key)))
                if self.options.iter().any(|it| it.is == *key) =>
            {
                Some(self.choice(Truth::Known(key.clone()), place)?)
            }
            _ => None,
        };
        let guess = guess.ok_or_else(|| {
            LessonError::new(
                place.line,
                "the truth is a number, or one of the options, or that of a run",
            )
        })?;
        Ok(Predict {
            ask: blocks(&self.ask, place)?,
            guess,
            after: blocks(&self.after, place)?,
            unless_right: self.unless_right,
        })
    }

    fn number(&self, truth: Truth<f64, Measure>) -> Guessed {
        Guessed::Number { truth, within: self.within.unwrap_or(WITHIN), unit: self.unit.clone() }
    }

    fn choice(
        &self,
        truth: Truth<String, Outcome>,
        place: Place<'_>,
    ) -> Result<Guessed, LessonError> {
        let option = |it: &OptionFile| Ok((spans(&it.text, place)?, it.is.clone()));
        let options = self.options.iter().map(option).collect::<Result<_, _>>()?;
        Ok(Guessed::Choice { options, truth })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MistakeFile {
    ask: String,
    language: String,
    code: String,
    wrong: u32,
    why: String,
    #[serde(default)]
    misses: BTreeMap<String, String>,
    proof: ProofFile,
}

#[derive(Deserialize)]
struct ProofFile {
    proves: String,
    #[serde(flatten)]
    sending: toml::Table,
}

impl MistakeFile {
    fn make(self, place: Place<'_>) -> Result<Mistake, LessonError> {
        let wrong = |why: String| LessonError::new(place.line, why);
        let lines: Vec<String> = self.code.trim_end().lines().map(str::to_owned).collect();
        let is_line = |line: u32| (1..=lines.len() as u32).contains(&line);
        if !is_line(self.wrong) {
            return Err(wrong(format!("the snippet has no line {}", self.wrong)));
        }
        let mut misses = BTreeMap::new();
        for (line, why) in &self.misses {
            let line = line.parse().ok().filter(|it| is_line(*it) && *it != self.wrong);
            let line = line.ok_or_else(|| wrong("misses are about the other lines".into()))?;
            misses.insert(line, blocks(why, place)?);
        }
        let sending: Sending = self
            .proof
            .sending
            .try_into()
            .map_err(|why: toml::de::Error| wrong(format!("proof: {}", why.message())))?;
        let comes = sending.comes.clone();
        let comes = comes.filter(|it| !it.is_related() && !it.atoms.is_empty());
        let comes =
            comes.ok_or_else(|| wrong("a proof says what comes of it, by itself".into()))?;
        Ok(Mistake {
            ask: blocks(&self.ask, place)?,
            language: self.language,
            lines,
            wrong: self.wrong,
            why: blocks(&self.why, place)?,
            misses,
            proof: Box::new(Proof { sending, comes, proves: blocks(&self.proof.proves, place)? }),
        })
    }
}

fn all_spans(texts: &[String], place: Place<'_>) -> Result<Vec<Vec<TextSpan>>, LessonError> {
    texts.iter().map(|text| spans(text, place)).collect()
}

impl Quiz {
    /// Whether every answer is told why it is right or wrong.
    fn has_reasons(&self) -> bool {
        let of_choice = |it: &Choice| !it.why.is_empty();
        !self.why.is_empty()
            || matches!(&self.right, RightAnswer::Choice(choices) if choices.iter().all(of_choice))
    }
}
