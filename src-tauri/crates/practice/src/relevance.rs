//! Which passage answers a question best: tf-idf over word stems and letter groups, and how many
//! of the question's words the passage has.
//!
//! Stems forgive endings ("stream", "streaming"), letter groups forgive spelling and find
//! their way in languages without spaces, and idf makes rare words count and common ones
//! hardly matter. The measure is the cosine, so 1 is the same question word for word.

mod words;

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

pub use words::{Coverage, Words};

/// Stems of words that say little about what a question is about.
const COMMON: &str = "
    a about again alread an and another any anyth are around as at be becaus been befor
    being best between both bring but by can cant com could describ describe did differ
    differenc do doe doing don dont each even ever explain find first for from get gett
    giv give go going got happen has hav help her hey how i id if im in into is it its
    ive just keep kind know last left let like long look lot lov mad mak make man matter
    me mean meant mor much my need never new next nic no not now of off ok oka old on
    onc one or other out part pleas put quit right said sam say seem several should sinc
    som some someon someth sometim soon still such sur tak tell than that the them then
    ther thing think this though through to too two understand until up us use used
    using ver versu vs wa want was way we well wer what when where which who whol will
    with wonder wont would yes yet you your
";
/// Words that say nothing about it.
const FILLERS: &str = "actually basically briefly btw exactly just maybe please pls plz quickly really shortly simply so";
const COMMON_WEIGHT: f64 = 0.15;
const LETTERS: usize = 4;
const SHARE_OF_STEMS: f64 = 0.65;

/// What a text is about: its features with their weights, scaled to length 1.
#[derive(Debug, Clone, Default)]
struct Topic {
    stems: Vec<(usize, f64)>,
    letters: Vec<(usize, f64)>,
}

/// Texts that were read, ready to be asked which is most like another.
#[derive(Debug, Default)]
pub struct Likeness {
    features: HashMap<String, usize>,
    /// How rare each feature is among the documents, from its number on.
    rarity: Vec<f64>,
    strange: f64,
    /// The texts in which each feature stands, with its weight there: small, for there are many.
    found_in: Vec<Vec<(u32, f32)>>,
    texts: usize,
}

impl Likeness {
    /// Reads documents, each given as its texts, and learns how rare each feature is among them.
    pub fn of<'a>(documents: impl Iterator<Item = Vec<&'a str>>) -> Self {
        let mut this = Self::default();
        let (mut texts, mut seen_in, mut count) = (Vec::new(), Vec::new(), 0.0);
        for document in documents {
            let before = texts.len();
            texts.extend(document.into_iter().map(|text| this.numbers(text)));
            let numbers = texts[before..].iter().flat_map(|(stems, letters)| [stems, letters]);
            let mut all: Vec<usize> = numbers.flatten().copied().collect();
            all.sort_unstable();
            all.dedup();
            count += 1.0;
            seen_in.resize(this.features.len(), 0.0);
            all.into_iter().for_each(|feature| seen_in[feature] += 1.0);
        }
        let rarity = |seen: f64| libm::log(1.0 + count / (seen + 0.5));
        this.rarity = seen_in.into_iter().map(rarity).collect();
        this.strange = rarity(0.0);
        for common in COMMON.split_whitespace() {
            if let Some(feature) = this.features.get(common) {
                this.rarity[*feature] *= COMMON_WEIGHT;
            }
        }
        this.find(&texts);
        this
    }

    /// Remembers in which texts each feature stands.
    fn find(&mut self, texts: &[(Vec<usize>, Vec<usize>)]) {
        self.texts = texts.len();
        self.found_in = vec![Vec::new(); self.rarity.len()];
        for (place, (stems, letters)) in texts.iter().enumerate() {
            for (features, share) in [(stems, SHARE_OF_STEMS), (letters, 1.0 - SHARE_OF_STEMS)] {
                let weights = features.iter().map(|feature| self.rarity[*feature]);
                let length = weights.map(|weight| weight * weight).sum::<f64>().sqrt();
                for feature in features {
                    let weight = share * self.rarity[*feature] / length;
                    self.found_in[*feature].push((place as u32, weight as f32));
                }
            }
        }
        self.found_in.iter_mut().for_each(Vec::shrink_to_fit);
    }

    /// The numbers of a text's stems and groups of letters, each once.
    fn numbers(&mut self, text: &str) -> (Vec<usize>, Vec<usize>) {
        let mut numbers = |features: Vec<String>| {
            let mut numbers: Vec<usize> =
                features.into_iter().map(|feature| self.number(feature)).collect();
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        };
        (numbers(stems(text)), numbers(letters(text)))
    }

    /// How much each of the texts is like this one, from 0 to 1.
    pub fn to(&self, text: &str) -> Vec<f64> {
        let Topic { stems, letters } = self.topic(&without_fillers(text));
        let mut likeness = vec![0.0; self.texts];
        for (feature, weight) in stems.into_iter().chain(letters) {
            for (place, other) in &self.found_in[feature] {
                likeness[*place as usize] += weight * f64::from(*other);
            }
        }
        likeness
    }

    /// How much of what a text says is said in another, from 0 to 1; rare words count for more.
    pub fn coverage(&self, text: &str, other: &HashSet<String>) -> f64 {
        let (mut covered, mut all) = (0.0, 0.0);
        for stem in stems(text) {
            let weight = self.weight(&stem);
            all += weight;
            covered += if other.contains(&stem) { weight } else { 0.0 };
        }
        if all > 0.0 { covered / all } else { 0.0 }
    }

    fn number(&mut self, feature: String) -> usize {
        let next = self.features.len();
        *self.features.entry(feature).or_insert(next)
    }

    fn weight(&self, feature: &str) -> f64 {
        match self.features.get(feature) {
            Some(feature) => self.rarity[*feature],
            None if is_common(feature) => COMMON_WEIGHT * self.strange,
            None => self.strange,
        }
    }

    fn topic(&self, text: &str) -> Topic {
        Topic { stems: self.unit(stems(text)), letters: self.unit(letters(text)) }
    }

    /// The features that were read before, each once. The strange ones count for the length.
    fn unit(&self, mut features: Vec<String>) -> Vec<(usize, f64)> {
        features.sort_unstable();
        features.dedup();
        let weights: Vec<f64> = features.iter().map(|feature| self.weight(feature)).collect();
        let length = weights.iter().map(|weight| weight * weight).sum::<f64>().sqrt();
        let scaled = features.iter().zip(weights);
        scaled
            .filter_map(|(feature, weight)| Some((*self.features.get(feature)?, weight / length)))
            .collect()
    }
}

fn is_common(stem: &str) -> bool {
    static STEMS: LazyLock<HashSet<&str>> = LazyLock::new(|| COMMON.split_whitespace().collect());
    STEMS.contains(stem)
}

fn without_fillers(text: &str) -> String {
    let is_filler = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        FILLERS.split(' ').any(|filler| filler == word)
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

/// Names in a question, as stems: words with a capital that do not open a sentence, and numbers.
pub fn names(text: &str) -> Vec<String> {
    let mut opens = true;
    let mut names = Vec::new();
    for word in text.split_whitespace() {
        let mut letters = word.trim_start_matches(|c: char| !c.is_alphanumeric()).chars();
        let capital = letters.next().is_some_and(char::is_uppercase);
        let is_name = capital && !opens && letters.next().is_some_and(char::is_lowercase);
        if is_name || word.starts_with(|c: char| c.is_ascii_digit()) {
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

    const TEXTS: [&str; 4] =
        ["what is a token", "why is the sky blue", "what is streaming", "こんにちは"];

    fn likeness(text: &str) -> Vec<f64> {
        Likeness::of(TEXTS.iter().map(|text| vec![*text])).to(text)
    }

    #[test]
    fn a_text_is_most_like_itself() {
        for (place, text) in TEXTS.iter().enumerate() {
            let found = likeness(text);
            assert!((found[place] - 1.0).abs() < 1e-6, "{text}: {found:?}");
            let others = found.iter().enumerate().filter(|(other, _)| *other != place);
            assert!(others.into_iter().all(|(_, likeness)| *likeness < 0.3), "{text}: {found:?}");
        }
    }

    #[test]
    fn endings_and_small_slips_and_case_are_forgiven() {
        assert!(likeness("how does it STREAM?")[2] > 0.5);
        let slip = likeness("straeming");
        assert!(slip[2] > slip[0], "{slip:?}");
        assert!(likeness("こんにちは！")[3] > 0.9);
    }

    #[test]
    fn a_passage_covers_what_its_questions_and_answers_have() {
        let passages = [
            (vec!["what is a token"], vec!["a piece of text"]),
            (vec!["why is the sky blue"], vec!["light is scattered", "a text on air"]),
        ];
        let words = Words::of(passages.into_iter());
        let found = words.coverage("sky light?");
        assert_eq!(found[0], Coverage::default());
        assert!(found[1].asked > 0.4 && found[1].answered > 0.4, "{found:?}");
        assert!((found[1].asked + found[1].answered - 1.0).abs() < 1e-9);
        assert!(words.knows(1, "scatter") && !words.knows(0, "scatter"));
        assert_eq!(words.coverage("?")[1], Coverage::default());
    }

    #[test]
    fn names_are_words_with_a_capital_within_a_sentence() {
        assert_eq!(names("What is the capital of Mongolia? Is it Peru?"), ["mongolia", "peru"]);
        assert_eq!(names("What is JSON? And I? Explain (Tokyo)!"), ["tokyo"]);
        assert_eq!(names("a 429, or GPT-4?"), ["429"]);
    }

    #[test]
    fn an_empty_text_is_like_nothing() {
        assert_eq!(likeness(" ?! "), [0.0; 4]);
    }

    #[test]
    fn coverage_counts_rare_words_for_more() {
        let known = Likeness::of(TEXTS.iter().map(|text| vec![*text]));
        let said = |text: &str| stems(text).into_iter().collect();
        assert_eq!(known.coverage("a token", &said("is it a token?")), 1.0);
        assert!(known.coverage("the sky is blue", &said("a blue sky")) > 0.8);
        assert!(known.coverage("the sky is blue", &said("what is the")) < 0.2);
        assert_eq!(known.coverage("", &said("what")), 0.0);
    }
}
