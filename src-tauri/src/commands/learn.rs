//! The course: its lessons, and how far somebody is.

use super::{Answer, Shared, aside};
use crate::{
    clock::{now_ms, today},
    error::CommandError,
    learn::{LearnError, Lessons},
    shell::Shell,
};
use playground::lesson::{
    Lesson,
    exercise::LessonAnswer,
    facts::RunFacts,
    progress::{AnswerError, Progress},
    view::{Course, LessonPart, LessonState, OpenLesson},
};
use std::sync::Arc;

/// Every lesson, and how far somebody is.
#[tauri::command(rename_all = "snake_case")]
pub async fn course(shell: Shared<'_>) -> Answer<Course> {
    with(shell, |shell| Ok(course_of(shell, &shell.learner.progress()))).await
}

/// A lesson with all that is to be shown of it. It begins, unless it is begun: from then on runs
/// count.
#[tauri::command(rename_all = "snake_case")]
pub async fn open_lesson(slug: String, shell: Shared<'_>) -> Answer<OpenLesson> {
    with(shell, move |shell| {
        let lessons = lessons(shell);
        let (lesson, is_own) = lessons.find(&slug).ok_or(LearnError::NoSuchLesson)?;
        shell.learner.change(|progress| {
            progress.begin(&slug, now_ms());
            Ok::<_, CommandError>(())
        })?;
        let (progress, runs) = looked(shell, lesson)?;
        Ok(OpenLesson {
            info: lesson.info(*is_own, &progress),
            takeaway: lesson.takeaway.clone(),
            dated: lesson.dated.clone(),
            next: lessons.next(&slug),
            start: lesson.start.clone(),
            parts: lesson.parts.iter().map(LessonPart::from).collect(),
            state: lesson.state(&progress, &runs),
        })
    })
    .await
}

/// How far a lesson is, after the runs that there are now.
#[tauri::command(rename_all = "snake_case")]
pub async fn look_at_lesson(slug: String, shell: Shared<'_>) -> Answer<LessonState> {
    with(shell, move |shell| {
        let lessons = lessons(shell);
        let (lesson, _) = lessons.find(&slug).ok_or(LearnError::NoSuchLesson)?;
        let (progress, runs) = looked(shell, lesson)?;
        Ok(lesson.state(&progress, &runs))
    })
    .await
}

/// Takes an answer to a question, or a guess.
#[tauri::command(rename_all = "snake_case")]
pub async fn answer(
    slug: String,
    part: String,
    answer: LessonAnswer,
    shell: Shared<'_>,
) -> Answer<LessonState> {
    with(shell, move |shell| {
        let lessons = lessons(shell);
        let (lesson, _) = lessons.find(&slug).ok_or(LearnError::NoSuchLesson)?;
        shell.learner.change(|progress| {
            Ok::<_, CommandError>(progress.answer(lesson, &part, answer, now_ms())?)
        })?;
        let (progress, runs) = looked(shell, lesson)?;
        Ok(lesson.state(&progress, &runs))
    })
    .await
}

/// Forgets what was done in a lesson, but for that it was finished; its runs stay.
#[tauri::command(rename_all = "snake_case")]
pub async fn reset_lesson(slug: String, shell: Shared<'_>) -> Answer<Course> {
    reset(shell, move |shell, progress| {
        if let Some((lesson, _)) = lessons(shell).find(&slug) {
            progress.reset(lesson);
        }
    })
    .await
}

/// Forgets what was done in all lessons, and every guess; the runs stay.
#[tauri::command(rename_all = "snake_case")]
pub async fn reset_course(shell: Shared<'_>) -> Answer<Course> {
    reset(shell, |_, progress| *progress = Progress::default()).await
}

async fn reset(
    shell: Shared<'_>,
    change: impl FnOnce(&Shell, &mut Progress) + Send + 'static,
) -> Answer<Course> {
    with(shell, |shell| {
        let progress = shell.learner.change(|progress| {
            change(shell, progress);
            Ok::<_, CommandError>(())
        })?;
        Ok(course_of(shell, &progress))
    })
    .await
}

fn lessons(shell: &Shell) -> Lessons {
    shell.learner.lessons(&shell.prices.book(), &today())
}

fn course_of(shell: &Shell, progress: &Progress) -> Course {
    let lessons = lessons(shell);
    let info = |(lesson, is_own): &(Lesson, bool)| lesson.info(*is_own, progress);
    Course {
        lessons: lessons.all.iter().map(info).collect(),
        folder: shell.learner.folder().display().to_string(),
        problems: lessons.problems,
        guesses: progress.guesses.clone(),
    }
}

/// Takes in what has happened since the lesson began, and keeps what is done by that.
fn looked(shell: &Shell, lesson: &Lesson) -> Answer<(Progress, Vec<RunFacts>)> {
    let begun = shell.learner.progress().lessons.get(&lesson.slug).map(|it| it.begun_ms);
    let Some(since_ms) = begun else { return Err(AnswerError::NotBegun.into()) };
    let runs = shell.recorder().reader()?.facts_since(since_ms)?;
    let progress = shell.learner.change(|progress| {
        progress.look(lesson, &runs);
        Ok::<_, CommandError>(())
    })?;
    Ok((progress, runs))
}

async fn with<T: Send + 'static>(
    shell: Shared<'_>,
    work: impl FnOnce(&Shell) -> Answer<T> + Send + 'static,
) -> Answer<T> {
    let shell = Arc::clone(&shell);
    aside(move || work(&shell)).await?
}

impl From<LearnError> for CommandError {
    fn from(error: LearnError) -> CommandError {
        CommandError::failed(error)
    }
}

impl From<AnswerError> for CommandError {
    fn from(error: AnswerError) -> CommandError {
        CommandError::failed(error)
    }
}
