//! What the practice model has read: questions, and the passage that answers each.
//!
//! One file per subject in `corpus/`. A line `## question | another phrasing | …` opens a
//! passage; all lines up to the next such line are its answer. A phrasing that starts with
//! a word in brackets, `(paris) how many people live there?`, counts only in a conversation
//! in which somebody has said that word: so a follow-up works with the history, and fails
//! without it, as it does with any model.

use std::sync::LazyLock;

/// Every file of the corpus, by name.
const FILES: &[(&str, &str)] = &[
    ("calls", include_str!("../corpus/calls.md")),
    ("creations", include_str!("../corpus/creations.md")),
    ("errors", include_str!("../corpus/errors.md")),
    ("languages", include_str!("../corpus/languages.md")),
    ("parameters", include_str!("../corpus/parameters.md")),
    ("talk", include_str!("../corpus/talk.md")),
    ("tokens", include_str!("../corpus/tokens.md")),
    ("world", include_str!("../corpus/world.md")),
];

/// What the model says when nothing that it has read fits.
const FALLBACK: &str = include_str!("../corpus/fallback.md");

/// One way to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrasing {
    /// The question as a person would type it.
    pub text: String,
    /// A word that must have been said in the conversation for this phrasing to count.
    pub needs: Option<String>,
}

/// An answer and the questions that it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The file of the corpus that it stands in, without its extension.
    pub file: &'static str,
    /// At least one; the first stands for the passage.
    pub phrasings: Vec<Phrasing>,
    /// The answer, without blank lines around it.
    pub answer: String,
}

/// Every passage, in the order of the files.
pub fn passages() -> &'static [Passage] {
    static PASSAGES: LazyLock<Vec<Passage>> =
        LazyLock::new(|| FILES.iter().flat_map(|(file, text)| parse(file, text)).collect());
    &PASSAGES
}

/// What to say when no passage fits.
pub fn fallback() -> &'static str {
    FALLBACK.trim()
}

fn parse(file: &'static str, text: &str) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            let phrasings = heading.split(" | ").map(phrasing).collect();
            passages.push(Passage { file, phrasings, answer: String::new() });
        } else if let Some(passage) = passages.last_mut() {
            passage.answer.push_str(line);
            passage.answer.push('\n');
        }
    }
    for passage in &mut passages {
        passage.answer = passage.answer.trim().to_owned();
    }
    passages
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
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_file_is_read_into_passages() {
        let text = "A title\n\n## Who? | (me) and who now?\n\nI.\n\nStill I.\n\n## Why?\nSo.\n";
        let expected = vec![
            Passage {
                file: "file",
                phrasings: vec![
                    Phrasing { text: "Who?".into(), needs: None },
                    Phrasing { text: "and who now?".into(), needs: Some("me".into()) },
                ],
                answer: "I.\n\nStill I.".into(),
            },
            Passage {
                file: "file",
                phrasings: vec![Phrasing { text: "Why?".into(), needs: None }],
                answer: "So.".into(),
            },
        ];
        assert_eq!(parse("file", text), expected);
    }

    #[test]
    fn every_file_of_the_folder_is_in_the_table() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");
        let on_disk: HashSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        let in_table: HashSet<String> =
            FILES.iter().map(|(name, _)| (*name).to_owned()).chain(["fallback".into()]).collect();
        assert_eq!(on_disk, in_table);
    }

    #[test]
    fn every_passage_has_an_answer_of_readable_length() {
        assert!(passages().len() >= 45, "only {} passages", passages().len());
        for passage in passages() {
            let words = passage.answer.split_whitespace().count();
            assert!((1..=140).contains(&words), "{words} words: {:?}", passage.phrasings[0]);
            assert!(passage.phrasings[0].needs.is_none(), "{:?}", passage.phrasings[0]);
        }
    }

    #[test]
    fn no_question_and_no_paragraph_stands_twice() {
        let mut seen = HashSet::new();
        for passage in passages() {
            for phrasing in &passage.phrasings {
                let key = format!("{:?} {}", phrasing.needs, phrasing.text.to_lowercase());
                assert!(seen.insert(key), "{phrasing:?} is asked twice");
            }
            for paragraph in passage.answer.split("\n\n") {
                assert!(seen.insert(paragraph.to_owned()), "{paragraph:?} stands twice");
            }
        }
    }
}
