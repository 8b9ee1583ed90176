//! The language model: a conversation in, a distribution over the next token out.
//!
//! Pure, and the seam for a better model. Whoever replaces it keeps [`Model::read`] and
//! [`Prompted::next`]; the sampler, the dialects and the server do not change. This first
//! form is the smallest model that keeps the contract: it picks one passage of its corpus
//! and puts all weight on that passage's next token. So temperature, top_p and seed are
//! accepted and have nothing to choose from.

use std::collections::HashSet;

use crate::{
    corpus::{self, Passage},
    counting::Count,
    relevance::{Rarity, Topic, names, stems},
    tokens,
};

/// The id that the model goes by.
pub const ID: &str = "practice-1";

/// How many tokens a prompt and its reply may have together.
pub const CONTEXT_WINDOW: usize = 32_768;

/// A passage must be at least this like the question to be an answer.
const FITS: f64 = 0.4;
/// What the question before adds: enough to settle a tie between follow-ups.
const SHARE_OF_HISTORY: f64 = 0.15;
/// What is left of a fit for each name in the question that the passage does not know.
const STRANGE_NAME: f64 = 0.6;
/// A follow-up that the conversation explains beats the same words out of the blue.
const FOLLOW_UP: f64 = 0.05;

/// Who says something in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The application's instructions (`developer` is its newer name).
    System,
    /// The newer name of [`Role::System`].
    Developer,
    /// The person.
    User,
    /// The model.
    Assistant,
    /// The result of a tool call.
    Tool,
}

impl Role {
    /// Every role, by the name it has on the wire.
    pub const ALL: [(&'static str, Self); 5] = [
        ("system", Self::System),
        ("developer", Self::Developer),
        ("user", Self::User),
        ("assistant", Self::Assistant),
        ("tool", Self::Tool),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Developer => "developer",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
        }
    }
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Who says it.
    pub role: Role,
    /// The speaker's name, where the caller gave one.
    pub name: Option<String>,
    /// What is said.
    pub text: String,
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// This token of `o200k_base`.
    Token(u32),
    /// The reply is complete.
    End,
}

/// One thing that may come next, and how likely it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The token, or the end.
    pub next: Next,
    /// From 0 to 1.
    pub probability: f64,
}

/// What may come next; likeliest first, probabilities sum to 1, never empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution(Vec<Candidate>);

impl Distribution {
    fn certain(next: Next) -> Self {
        Self(vec![Candidate { next, probability: 1.0 }])
    }

    /// Every candidate, likeliest first.
    #[must_use]
    pub fn candidates(&self) -> &[Candidate] {
        &self.0
    }

    /// The likeliest candidate's token or end: what temperature 0 picks.
    #[must_use]
    pub fn likeliest(&self) -> Next {
        self.0.first().map_or(Next::End, |candidate| candidate.next)
    }
}

/// The model, having read a corpus.
#[derive(Debug)]
pub struct Model {
    passages: &'static [Passage],
    questions: Vec<Vec<Topic>>,
    answers: Vec<Topic>,
    words: Vec<HashSet<String>>,
    rarity: Rarity,
}

/// The model after it has read a conversation: ready to say what comes next.
#[derive(Debug, Clone)]
pub struct Prompted {
    reply: Vec<u32>,
}

impl Prompted {
    /// A model that will say exactly this text.
    #[must_use]
    pub fn saying(text: &str) -> Self {
        Self { reply: tokens::encode(text) }
    }

    /// The same reply, going on from words that it is said to have begun with. What it would
    /// have said anyway is not said again.
    #[must_use]
    pub fn after(&self, beginning: &str) -> Self {
        let text = self.text();
        let mut ends = beginning.char_indices().map(|(at, _)| &beginning[at..]);
        let said = ends.find(|end| text.starts_with(end)).map_or(0, str::len);
        Self::saying(&text[said..])
    }

    /// All of the reply.
    #[must_use]
    pub fn text(&self) -> String {
        let bytes: Vec<u8> = self.reply.iter().flat_map(|id| tokens::bytes(*id)).copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// What may follow the tokens said so far.
    ///
    /// A pure function: the same tokens always give the same distribution.
    #[must_use]
    pub fn next(&self, so_far: &[u32]) -> Distribution {
        Distribution::certain(self.reply.get(so_far.len()).map_or(Next::End, |id| Next::Token(*id)))
    }
}

impl Default for Model {
    fn default() -> Self {
        Self::of(corpus::passages())
    }
}

impl Model {
    fn of(passages: &'static [Passage]) -> Self {
        let texts = |passage: &'static Passage| -> Vec<&'static str> {
            passage.phrasings.iter().map(|phrasing| phrasing.text.as_str()).collect()
        };
        let rarity = Rarity::of(passages.iter().map(texts));
        let questions = passages
            .iter()
            .map(|passage| passage.phrasings.iter().map(|p| rarity.topic(&p.text)).collect())
            .collect();
        let answers = passages.iter().map(|passage| rarity.topic(&passage.answer)).collect();
        let words = |passage: &'static Passage| {
            let questions = texts(passage).into_iter().flat_map(stems);
            questions.chain(stems(&passage.answer)).collect()
        };
        let words = passages.iter().map(words).collect();
        Self { passages, questions, answers, words, rarity }
    }

    /// Reads a conversation and makes up its mind what to talk about.
    #[must_use]
    pub fn read(&self, turns: &[Turn]) -> Prompted {
        let question = turns.iter().rev().find(|turn| turn.role == Role::User).or(turns.last());
        if let Some(count) = question.and_then(|turn| Count::asked_in(&turn.text)) {
            // No token of a count is longer than three bytes, so this fills any window.
            return Prompted::saying(&count.aloud(3 * CONTEXT_WINDOW));
        }
        let answer = self.passage(turns).map_or(corpus::fallback(), |passage| &passage.answer);
        Prompted::saying(answer)
    }

    /// The passage that answers the conversation's last question, if any does.
    #[must_use]
    pub fn passage(&self, turns: &[Turn]) -> Option<&'static Passage> {
        let mut users = turns.iter().rev().filter(|turn| turn.role == Role::User);
        let text = &users.next().or(turns.last())?.text;
        let (question, names) = (self.rarity.topic(text), names(text));
        let before = users.next().map(|turn| self.rarity.topic(&turn.text)).unwrap_or_default();
        let said: HashSet<String> = turns.iter().flat_map(|turn| stems(&turn.text)).collect();
        let mut best = (FITS, None);
        for (index, passage) in self.passages.iter().enumerate() {
            let strangers = names.iter().filter(|name| !self.words[index].contains(*name)).count();
            let fit = self.fit(index, &question, &said) * STRANGE_NAME.powf(strangers as f64);
            let score = fit + SHARE_OF_HISTORY * self.fit(index, &before, &said);
            if fit >= FITS && score > best.0 {
                best = (score, Some(passage));
            }
        }
        best.1
    }

    fn fit(&self, index: usize, question: &Topic, said: &HashSet<String>) -> f64 {
        let phrasings = self.passages[index].phrasings.iter().zip(&self.questions[index]);
        let likeness = phrasings
            .map(|(phrasing, topic)| match &phrasing.needs {
                Some(word) if !stems(word).iter().all(|stem| said.contains(stem)) => 0.0,
                Some(_) => question.likeness(topic) + FOLLOW_UP,
                None => question.likeness(topic),
            })
            .fold(0.0, f64::max);
        likeness + question.echo(&self.answers[index])
    }
}

/// How many tokens a conversation has as a prompt: each message costs 3 more than its role,
/// name and text, and the reply's opening 3. Measured against gpt-4o and gpt-4.1.
#[must_use]
pub fn prompt_tokens(turns: &[Turn]) -> usize {
    let count = |text: &str| tokens::encode(text).len();
    let of_turn = |turn: &Turn| {
        let name = turn.name.as_deref().map_or(0, |name| 1 + count(name));
        3 + count(turn.role.name()) + count(&turn.text) + name
    };
    3 + turns.iter().map(of_turn).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(text: &str) -> Turn {
        Turn { role: Role::User, name: None, text: text.to_owned() }
    }

    #[test]
    fn all_weight_is_on_one_token_and_then_on_the_end() {
        let prompted = Prompted::saying("1, 2");
        let mut so_far = Vec::new();
        while let Next::Token(token) = prompted.next(&so_far).likeliest() {
            let distribution = prompted.next(&so_far);
            let sum: f64 = distribution.candidates().iter().map(|c| c.probability).sum();
            assert_eq!((distribution.candidates().len(), sum), (1, 1.0));
            so_far.push(token);
        }
        assert_eq!(so_far, tokens::encode("1, 2"));
        assert_eq!(prompted.next(&so_far), Distribution::certain(Next::End));
    }

    #[test]
    fn a_reply_goes_on_where_its_beginning_ends() {
        let table = [
            ("1, 2", ", 3, 4"),
            ("Sure: 1, 2,", " 3, 4"),
            ("1, 2, 3, 4", ""),
            ("Here you are: ", "1, 2, 3, 4"),
            ("é", "1, 2, 3, 4"),
            ("", "1, 2, 3, 4"),
        ];
        for (beginning, rest) in table {
            let prompted = Prompted::saying("1, 2, 3, 4").after(beginning);
            assert_eq!(prompted.reply, tokens::encode(rest), "{beginning:?}");
        }
    }

    #[test]
    fn a_prompt_costs_its_text_and_four_tokens_a_message_and_three() {
        let named = Turn { name: Some("sam".to_owned()), ..user("hello") };
        assert_eq!(prompt_tokens(&[]), 3);
        assert_eq!(prompt_tokens(&[user("hello")]), 8);
        assert_eq!(prompt_tokens(&[user(""), named]), 3 + 4 + 5 + 2);
    }

    #[test]
    fn every_role_is_one_token() {
        for (name, role) in Role::ALL {
            assert_eq!(role.name(), name);
            assert_eq!(tokens::encode(name).len(), 1, "{name}");
        }
    }
}
