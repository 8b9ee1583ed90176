//! What the practice model has read: questions, and the answers to each.
//!
//! One file per subject in `corpus/`. A line `## question | another phrasing | …` opens a
//! passage; what follows up to the next such line are its answers, parted by lines `---`. A
//! phrasing that starts with a word in brackets, `(paris) how many people live there?`, counts
//! only in a conversation in which somebody has said that word: so a follow-up works with the
//! history, and fails without it, as it does with any model. The phrasing `*` stands for every
//! question that nothing else fits.
//!
//! A line `> You are a pirate. | Talk like a pirate` gives a file a voice, with phrasings of the
//! system messages that call it. Such a file is heard under such a message only, and then alone.

use std::sync::LazyLock;

/// Every file of the corpus, by name.
const FILES: &[(&str, &str)] = &[
    ("app", include_str!("../corpus/app.md")),
    ("calls", include_str!("../corpus/calls.md")),
    ("costs", include_str!("../corpus/costs.md")),
    ("creations", include_str!("../corpus/creations.md")),
    ("dialogues", include_str!("../corpus/dialogues.md")),
    ("engineer", include_str!("../corpus/engineer.md")),
    ("errors", include_str!("../corpus/errors.md")),
    ("fallback", include_str!("../corpus/fallback.md")),
    ("french", include_str!("../corpus/french.md")),
    ("json", include_str!("../corpus/json.md")),
    ("languages", include_str!("../corpus/languages.md")),
    ("limits", include_str!("../corpus/limits.md")),
    ("parameters", include_str!("../corpus/parameters.md")),
    ("pirate", include_str!("../corpus/pirate.md")),
    ("poet", include_str!("../corpus/poet.md")),
    ("prompts", include_str!("../corpus/prompts.md")),
    ("providers", include_str!("../corpus/providers.md")),
    ("spanish", include_str!("../corpus/spanish.md")),
    ("stories", include_str!("../corpus/stories.md")),
    ("taglines", include_str!("../corpus/taglines.md")),
    ("talk", include_str!("../corpus/talk.md")),
    ("teacher", include_str!("../corpus/teacher.md")),
    ("thoughts", include_str!("../corpus/thoughts.md")),
    ("tokens", include_str!("../corpus/tokens.md")),
    ("world", include_str!("../corpus/world.md")),
];

/// The file whose passages are answers in JSON.
pub const JSON: &str = "json";
/// The file whose passages are thoughts before an answer.
pub const THOUGHTS: &str = "thoughts";

/// The phrasing of every question that nothing else fits.
const ANYTHING: &str = "*";

/// One way to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrasing {
    /// The question as a person would type it.
    pub text: String,
    /// A word that must have been said in the conversation for this phrasing to count.
    pub needs: Option<String>,
}

/// A question and its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The file of the corpus that it stands in, without its extension.
    pub file: &'static str,
    /// The first stands for the passage. Empty where it answers whatever nothing else fits.
    pub phrasings: Vec<Phrasing>,
    /// The answers, without blank lines around them: the same thing in different words.
    pub answers: Vec<String>,
}

impl Passage {
    /// The passage by its file and first question, such as `tokens: What is a token?`.
    #[must_use]
    pub fn title(&self) -> String {
        let question = self.phrasings.first().map_or(ANYTHING, |phrasing| &phrasing.text);
        format!("{}: {question}", self.file)
    }
}

/// A file that is heard only when it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// The file of the corpus, without its extension.
    pub file: &'static str,
    /// System messages that call it.
    pub calls: Vec<String>,
}

/// All that was read.
#[derive(Debug, Default)]
pub struct Corpus {
    /// Every passage, in the order of the files.
    pub passages: Vec<Passage>,
    /// The voices that files have; a file without one speaks for the model itself.
    pub voices: Vec<Voice>,
}

impl Corpus {
    /// What the model has read.
    pub fn get() -> &'static Self {
        static CORPUS: LazyLock<Corpus> = LazyLock::new(|| {
            let mut corpus = Corpus::default();
            for (file, text) in FILES {
                corpus.read(file, text);
            }
            corpus
        });
        &CORPUS
    }

    fn read(&mut self, file: &'static str, text: &str) {
        let before = self.passages.len();
        for line in text.lines() {
            if let Some(heading) = line.strip_prefix("## ") {
                let asked = heading.split(" | ").filter(|phrasing| *phrasing != ANYTHING);
                let phrasings = asked.map(phrasing).collect();
                self.passages.push(Passage { file, phrasings, answers: vec![String::new()] });
            } else if let Some(calls) = line.strip_prefix("> ") {
                let calls = calls.split(" | ").map(str::to_owned).collect();
                self.voices.push(Voice { file, calls });
            } else if let Some(passage) = self.passages[before..].last_mut() {
                passage.take(line);
            }
        }
        for answer in self.passages[before..].iter_mut().flat_map(|passage| &mut passage.answers) {
            *answer = answer.trim().to_owned();
        }
    }
}

impl Passage {
    fn take(&mut self, line: &str) {
        match self.answers.last_mut() {
            Some(answer) if line != "---" => {
                answer.push_str(line);
                answer.push('\n');
            }
            _ => self.answers.push(String::new()),
        }
    }
}

fn phrasing(text: &str) -> Phrasing {
    let text = text.trim();
    let bracketed = text.strip_prefix('(').and_then(|rest| rest.split_once(") "));
    match bracketed {
        Some((word, rest)) => {
            Phrasing { text: rest.trim().to_owned(), needs: Some(word.to_owned()) }
        }
        None => Phrasing { text: text.to_owned(), needs: None },
    }
}

#[cfg(test)]
mod tests;
