//! Lessons, the person's own among them, and how far somebody is: a file beside the settings.

use crate::settings::file;
use playground::{
    lesson::{FILES, Figures, Lesson, progress::Progress},
    prices::Book,
};
use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard},
};
use thiserror::Error;

/// The file's name in the app's data folder.
pub const FILE: &str = "learn.json";
/// The folder there for lessons of the person's own.
pub const LESSONS: &str = "lessons";
/// The most lessons of one's own, and the longest, in bytes.
const MOST_OWN: usize = 200;
const LONGEST: u64 = 1_000_000;

/// Why something in the course could not be done.
#[derive(Debug, Error)]
pub enum LearnError {
    /// No such lesson, or its file cannot be read.
    #[error("there is no such lesson any more")]
    NoSuchLesson,
    /// The disk says no.
    #[error("how far you are could not be saved: {0}")]
    NotSaved(#[from] io::Error),
}

/// Every lesson that can be read, and what is wrong with the others.
#[derive(Default)]
pub struct Lessons {
    /// In order: those of the app, and behind them the person's own.
    pub all: Vec<(Lesson, IsOwn)>,
    /// A sentence for each file that is left out.
    pub problems: Vec<String>,
}

/// Whether a lesson is the person's own.
pub type IsOwn = bool;

#[derive(Default)]
struct State {
    progress: Progress,
    notice: Option<String>,
}

/// How far somebody is. The file is read when that is first wanted.
pub struct Learner {
    path: PathBuf,
    folder: PathBuf,
    state: Mutex<Option<State>>,
}

impl Learner {
    /// What is in the file at `path`, and the lessons in `folder`, if they are there.
    pub fn at(path: PathBuf, folder: PathBuf) -> Learner {
        Learner { path, folder, state: Mutex::default() }
    }

    /// How far somebody is.
    pub fn progress(&self) -> Progress {
        self.with(|state| state.progress.clone())
    }

    /// What to tell the person about the file that was found.
    pub fn notice(&self) -> Option<String> {
        self.with(|state| state.notice.clone())
    }

    /// Changes how far somebody is, on disk first: what could not be written does not hold. It
    /// blocks.
    ///
    /// # Errors
    /// What `change` returns, or that it could not be written.
    pub fn change<E: From<LearnError>>(
        &self,
        change: impl FnOnce(&mut Progress) -> Result<(), E>,
    ) -> Result<Progress, E> {
        self.with(|state| {
            let mut progress = state.progress.clone();
            change(&mut progress)?;
            if progress != state.progress {
                let json = serde_json::to_vec(&progress).map_err(io::Error::from);
                let kept = json.and_then(|json| file::replace(&self.path, &json));
                kept.map_err(LearnError::from)?;
                state.progress = progress.clone();
            }
            Ok(progress)
        })
    }

    /// The folder for lessons of the person's own, which need not be there.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Every lesson, with figures of these prices and this day (YYYY-MM-DD, UTC). It blocks.
    pub fn lessons(&self, book: &Book, day: &str) -> Lessons {
        let figures = Figures { book, day };
        let mut lessons = Lessons::default();
        for (name, text) in FILES {
            lessons.add(name, text, figures, false);
        }
        match self.own() {
            Ok(files) => {
                files.iter().for_each(|(name, text)| lessons.add(name, text, figures, true));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                lessons.problems.push(format!("{}: {error}.", self.folder.display()));
            }
        }
        lessons
    }

    /// The names and texts of the person's own files.
    fn own(&self) -> io::Result<Vec<(String, String)>> {
        let mut names = BTreeSet::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".md") && entry.metadata()?.len() <= LONGEST {
                names.insert(name);
            }
        }
        let read = |name: String| Ok((name.clone(), fs::read_to_string(self.folder.join(name))?));
        names.into_iter().take(MOST_OWN).map(read).collect()
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        let mut state: MutexGuard<'_, _> =
            self.state.lock().expect("nothing panics while it holds this lock");
        work(state.get_or_insert_with(|| self.read()))
    }

    /// What cannot be read is put aside: it may be of a newer version.
    fn read(&self) -> State {
        let Ok(bytes) = fs::read(&self.path) else { return State::default() };
        match serde_json::from_slice(&bytes) {
            Ok(progress) => State { progress, notice: None },
            Err(_) => {
                let kept = file::put_aside(&self.path);
                let notice = format!("How far you were in the course could not be read; {kept}.");
                State { notice: Some(notice), ..State::default() }
            }
        }
    }
}

impl Lessons {
    /// The lesson of that slug.
    pub fn find(&self, slug: &str) -> Option<&(Lesson, IsOwn)> {
        self.all.iter().find(|(lesson, _)| lesson.slug == slug)
    }

    /// The slug of the lesson behind that one.
    pub fn next(&self, slug: &str) -> Option<String> {
        let behind = self.all.iter().skip_while(|(lesson, _)| lesson.slug != slug).nth(1);
        behind.map(|(lesson, _)| lesson.slug.clone())
    }

    fn add(&mut self, name: &str, text: &str, figures: Figures<'_>, is_own: IsOwn) {
        match Lesson::parse(name, text, figures) {
            Ok(lesson) if self.find(&lesson.slug).is_some() => {
                self.problems.push(format!("{name}: there is another lesson of that name."));
            }
            Ok(lesson) => self.all.push((lesson, is_own)),
            Err(error) => self.problems.push(format!("{name}, {error}.")),
        }
    }
}
