//! A lesson's file: its front matter, and what stands between the Markdown.

mod blocks;

use super::{
    Lesson, LessonError, Part, PartKind,
    exercise::Predict,
    figures::{Figures, stated_dollars},
    markdown::{Piece, Place, pieces},
    sending::{LessonStart, Sending},
};
use crate::dialects;
use blocks::exercise;
use serde::{Deserialize, de::DeserializeOwned};
use std::collections::BTreeMap;

/// The words of fenced blocks that are no text.
const EXERCISES: [&str; 4] = ["predict", "step", "quiz", "mistake"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    goal: String,
    title: String,
    minutes: u32,
    question: String,
    takeaway: String,
    dated: Option<String>,
    #[serde(default)]
    start: Sending,
}

impl Lesson {
    /// Reads the file called `name`, such as `04-make-it-stop.md`.
    ///
    /// # Errors
    /// What is wrong with it, and in which line.
    pub fn parse(name: &str, text: &str, figures: Figures<'_>) -> Result<Lesson, LessonError> {
        let (number, slug) = slug(name)?;
        let filled = figures.fill(text)?;
        let (front, body, body_line) = parted(&filled)?;
        let front: Front = read(front, 2)?;
        let wrong = |why: &str| Err(LessonError::new(2, why));
        if !is_goal(&front.goal) {
            return wrong("goal has to be one of G1 to G14");
        }
        if !(1..=30).contains(&front.minutes) {
            return wrong("minutes have to be 1 to 30");
        }
        if let (Some(line), None) = (stated_dollars(text), &front.dated) {
            return Err(LessonError::new(
                line,
                "an amount in dollars is computed with {{…}}, or the lesson is dated",
            ));
        }
        let start = start_of(&front.start)?;
        let dialect = start.target.dialect.as_deref().unwrap_or_default();
        let parts =
            parts_of(pieces(body, Place { line: body_line, dialect }, &EXERCISES)?, dialect)?;
        let Front { goal, title, minutes, question, takeaway, dated, .. } = front;
        Ok(Lesson { slug, number, goal, title, minutes, question, takeaway, dated, start, parts })
    }
}

/// The number and the slug in the name of a file.
fn slug(name: &str) -> Result<(u32, String), LessonError> {
    let parts = name.strip_suffix(".md").and_then(|stem| stem.split_once('-'));
    let is_plain = |slug: &str| {
        slug.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-')
    };
    let read = parts.and_then(|(number, slug)| {
        let slug = Some(slug).filter(|it| is_plain(it) && !it.is_empty())?;
        Some((number.parse().ok()?, slug.to_owned()))
    });
    read.ok_or_else(|| {
        LessonError::new(1, "a lesson's file is called 07-some-words.md, in small letters")
    })
}

/// The front matter, the body, and the line in which that begins.
fn parted(text: &str) -> Result<(&str, &str, usize), LessonError> {
    let ends = |line: &str| line.trim_end() == "+++";
    let mut lines = text.split_inclusive('\n');
    let missing =
        || LessonError::new(1, "a lesson begins with a line +++, its front matter, and +++");
    let first = lines.next().filter(|line| ends(line)).ok_or_else(missing)?;
    let (mut at, mut line_number) = (first.len(), 2);
    for line in lines {
        if ends(line) {
            return Ok((&text[first.len()..at], &text[at + line.len()..], line_number + 1));
        }
        (at, line_number) = (at + line.len(), line_number + 1);
    }
    Err(missing())
}

fn is_goal(goal: &str) -> bool {
    let number = goal.strip_prefix('G').and_then(|it| it.parse().ok());
    number.is_some_and(|it: u32| (1..=14).contains(&it))
}

fn start_of(sending: &Sending) -> Result<LessonStart, LessonError> {
    let wrong = |why: String| Err(LessonError::new(2, why));
    if let Some(format) = &sending.format
        && dialects::find(format).is_none()
    {
        return wrong(format!("there is no format called {format:?}"));
    }
    if sending.message.as_deref().unwrap_or_default().is_empty() {
        return wrong("start needs a message".into());
    }
    let only = Sending {
        message: sending.message.clone(),
        system: sending.system.clone(),
        model: sending.model.clone(),
        format: sending.format.clone(),
        parameters: sending.parameters.clone(),
        ..Sending::default()
    };
    if only != *sending {
        return wrong("start has model, format, system, message and parameters only".into());
    }
    Ok(LessonStart::on_practice().with(sending))
}

/// Puts texts together that follow each other, and names every part.
fn parts_of(pieces: Vec<Piece>, dialect: &str) -> Result<Vec<Part>, LessonError> {
    let mut parts: Vec<Part> = Vec::new();
    let mut seen = BTreeMap::<&str, u32>::new();
    for piece in pieces {
        if let (Piece::Text(block), Some(Part { kind: PartKind::Text(text), .. })) =
            (&piece, parts.last_mut())
        {
            text.push(block.clone());
            continue;
        }
        let (word, line, kind) = match piece {
            Piece::Text(block) => ("text", 0, PartKind::Text(vec![block])),
            Piece::Fenced(word, text, line) => {
                let place = Place { line, dialect };
                let (word, kind) = exercise(&word, &text, place)?;
                (word, line, kind)
            }
        };
        if let PartKind::Predict(predict) = &kind
            && !has_guesses_before(predict, seen.get("predict").copied().unwrap_or(0))
        {
            return Err(LessonError::new(
                line,
                "unless_right has so many guesses before it, or more",
            ));
        }
        let count = seen.entry(word).or_default();
        *count += 1;
        parts.push(Part { id: format!("{word}-{count}"), line, kind });
    }
    Ok(parts)
}

/// Whether as many guesses stand before this one as it looks back on.
fn has_guesses_before(predict: &Predict, before: u32) -> bool {
    predict.unless_right.is_none_or(|wanted| (1..=before).contains(&wanted))
}

/// Reads TOML whose first line is line `line` of the file.
fn read<T: DeserializeOwned>(text: &str, line: usize) -> Result<T, LessonError> {
    toml::from_str(text).map_err(|error| {
        let at =
            error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count());
        LessonError::new(line + at, error.message().lines().collect::<Vec<_>>().join(" "))
    })
}
