//! Which passage answers a question best: tf-idf over word stems and letter groups.
//!
//! Stems forgive endings ("stream", "streaming"), letter groups forgive spelling and find
//! their way in languages without spaces, and idf makes rare words count and common ones
//! hardly matter. The measure is the cosine, so 1 is the same question word for word.

use std::collections::BTreeMap;

/// Words that say little about what a question is about.
const COMMON: &[&str] = &[
    "a",
    "about",
    "an",
    "and",
    "are",
    "as",
    "at",
    "be",
    "can",
    "could",
    "describe",
    "differ",
    "differenc",
    "do",
    "doe",
    "did",
    "explain",
    "for",
    "give",
    "how",
    "i",
    "in",
    "is",
    "it",
    "know",
    "let",
    "like",
    "make",
    "me",
    "mean",
    "my",
    "need",
    "of",
    "on",
    "or",
    "say",
    "should",
    "some",
    "tell",
    "that",
    "the",
    "this",
    "to",
    "us",
    "use",
    "wa",
    "want",
    "we",
    "what",
    "when",
    "where",
    "which",
    "who",
    "will",
    "with",
    "would",
    "you",
    "your",
];
/// Words that say nothing about it.
const FILLERS: &[&str] =
    &["briefly", "exactly", "just", "please", "quickly", "really", "shortly", "simply", "so"];
const COMMON_WEIGHT: f64 = 0.15;
const LETTERS: usize = 4;
const SHARE_OF_STEMS: f64 = 0.65;
const SHARE_OF_ANSWER: f64 = 0.12;

type Vector = BTreeMap<String, f64>;

/// What a text is about, ready to be compared.
#[derive(Debug, Clone, Default)]
pub struct Topic {
    stems: Vector,
    letters: Vector,
}

/// How rare each feature is among the documents that were read.
#[derive(Debug, Default)]
pub struct Rarity {
    documents: f64,
    seen_in: BTreeMap<String, f64>,
}

impl Rarity {
    /// Learns from documents, each given as its texts.
    pub fn of<'a>(documents: impl Iterator<Item = Vec<&'a str>>) -> Self {
        let mut rarity = Self::default();
        for texts in documents {
            let mut features: Vec<String> = texts
                .iter()
                .flat_map(|text| stems(text).into_iter().chain(letters(text)))
                .collect();
            features.sort_unstable();
            features.dedup();
            rarity.documents += 1.0;
            for feature in features {
                *rarity.seen_in.entry(feature).or_default() += 1.0;
            }
        }
        rarity
    }

    /// Weighs the features of a text and scales them to length 1.
    pub fn topic(&self, text: &str) -> Topic {
        let text = without_fillers(text);
        Topic { stems: self.unit(stems(&text)), letters: self.unit(letters(&text)) }
    }

    fn unit(&self, features: Vec<String>) -> Vector {
        let mut vector = Vector::new();
        for feature in features {
            let weight = self.weight(&feature);
            vector.insert(feature, weight);
        }
        let length = vector.values().map(|weight| weight * weight).sum::<f64>().sqrt();
        if length > 0.0 {
            vector.values_mut().for_each(|weight| *weight /= length);
        }
        vector
    }

    fn weight(&self, feature: &str) -> f64 {
        let seen = self.seen_in.get(feature).copied().unwrap_or(0.0);
        let rarity = (1.0 + self.documents / (seen + 0.5)).ln();
        if COMMON.contains(&feature) { rarity * COMMON_WEIGHT } else { rarity }
    }
}

impl Topic {
    /// How alike two questions are, from 0 to 1.
    pub fn likeness(&self, other: &Self) -> f64 {
        SHARE_OF_STEMS * dot(&self.stems, &other.stems)
            + (1.0 - SHARE_OF_STEMS) * dot(&self.letters, &other.letters)
    }

    /// How much the words of an answer add to the likeness of its question.
    pub fn echo(&self, answer: &Self) -> f64 {
        SHARE_OF_ANSWER * dot(&self.stems, &answer.stems)
    }
}

fn dot(left: &Vector, right: &Vector) -> f64 {
    let (small, large) = if left.len() < right.len() { (left, right) } else { (right, left) };
    small.iter().filter_map(|(key, weight)| large.get(key).map(|other| weight * other)).sum()
}

fn without_fillers(text: &str) -> String {
    let is_filler = |word: &str| {
        FILLERS.contains(&word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().as_str())
    };
    text.split_whitespace().filter(|word| !is_filler(word)).collect::<Vec<_>>().join(" ")
}

/// The words of a text in lower case without their endings.
pub fn stems(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace(['\'', '’'], "");
    let whole = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let parts = text.split(|c: char| !c.is_alphanumeric());
    let compound = whole.filter(|word| word.contains('_'));
    parts
        .chain(compound)
        .filter(|word| !word.is_empty())
        .map(|word| stem(word).to_owned())
        .collect()
}

/// Strips the commonest English endings; crude, but the same on both sides.
fn stem(word: &str) -> &str {
    const ENDINGS: &[&str] = &[
        "ations", "ation", "ating", "ated", "ates", "ate", "ingly", "ings", "ing", "ies", "ed",
        "es", "ly", "s", "e", "y",
    ];
    for ending in ENDINGS {
        if let Some(stem) = word.strip_suffix(*ending)
            && stem.chars().count() >= 3
            && !stem.ends_with(*ending)
        {
            return stem;
        }
    }
    word
}

/// Names in a question: words with a capital that do not open a sentence, as stems.
pub fn names(text: &str) -> Vec<String> {
    let mut opens = true;
    let mut names = Vec::new();
    for word in text.split_whitespace() {
        let mut letters = word.trim_start_matches(|c: char| !c.is_alphanumeric()).chars();
        let capital = letters.next().is_some_and(char::is_uppercase);
        if capital && !opens && letters.next().is_some_and(char::is_lowercase) {
            names.extend(stems(word));
        }
        opens = word.ends_with(['.', '!', '?', ':']);
    }
    names
}

/// Groups of letters, each word with a space on both sides; marked, to differ from stems.
fn letters(text: &str) -> Vec<String> {
    let mut groups = Vec::new();
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
        if word.is_empty() {
            continue;
        }
        let padded: Vec<char> = format!(" {word} ").chars().collect();
        let size = LETTERS.min(padded.len());
        groups.extend(padded.windows(size).map(|group| format!("~{}", String::from_iter(group))));
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rarity() -> Rarity {
        let documents =
            ["what is a token", "why is the sky blue", "what is streaming", "こんにちは"];
        Rarity::of(documents.iter().map(|text| vec![*text]))
    }

    #[test]
    fn a_question_is_most_like_itself() {
        let rarity = rarity();
        let topic = rarity.topic("Why is the sky blue?");
        assert!((topic.likeness(&rarity.topic("why is the SKY blue")) - 1.0).abs() < 1e-9);
        assert!(topic.likeness(&rarity.topic("what is a token")) < 0.3);
    }

    #[test]
    fn endings_and_small_slips_are_forgiven() {
        let rarity = rarity();
        let streaming = rarity.topic("what is streaming");
        assert!(streaming.likeness(&rarity.topic("how does it stream?")) > 0.5);
        let slip = rarity.topic("straeming");
        assert!(streaming.likeness(&slip) > rarity.topic("what is a token").likeness(&slip));
    }

    #[test]
    fn names_are_words_with_a_capital_within_a_sentence() {
        assert_eq!(names("What is the capital of Mongolia? Is it Peru?"), ["mongolia", "peru"]);
        assert_eq!(names("What is JSON? And I? Explain (Tokyo)!"), ["tokyo"]);
    }

    #[test]
    fn an_empty_text_is_like_nothing() {
        let rarity = rarity();
        assert_eq!(rarity.topic(" ?! ").likeness(&rarity.topic("what is a token")), 0.0);
    }

    #[test]
    fn languages_without_spaces_are_compared_by_letter_groups() {
        let rarity = rarity();
        assert!(rarity.topic("こんにちは！").likeness(&rarity.topic("こんにちは")) > 0.9);
    }
}
