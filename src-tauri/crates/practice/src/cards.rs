//! The models that the server offers.

/// What one of the models is like.
#[derive(Debug, PartialEq)]
pub struct Card {
    /// The id that it goes by.
    pub id: &'static str,
    /// The name that people read.
    pub name: &'static str,
    /// What is special about it, in a sentence.
    pub about: &'static str,
    /// How many tokens a prompt and its reply may have together.
    pub window: usize,
    /// The temperature of a request that names none.
    pub temperature: f64,
    /// How many tokens it looks back at most to say what comes next.
    pub depth: usize,
    /// Whether it thinks before it answers.
    pub thinks: bool,
}

/// Every model; the first is meant where none is named.
pub const CARDS: &[Card] = &[
    Card {
        id: "practice-1",
        name: "Practice 1",
        about: "A small language model that has read one small book and is often wrong.",
        window: 4096,
        temperature: 0.5,
        depth: 8,
        thinks: false,
    },
    Card {
        id: "practice-mini",
        name: "Practice Mini",
        about: "Looks back less far, forgets sooner and rambles more.",
        window: 512,
        temperature: 1.0,
        depth: 4,
        thinks: false,
    },
    Card {
        id: "practice-reasoner",
        name: "Practice Reasoner",
        about: "Thinks before it answers.",
        window: 4096,
        temperature: 1.0,
        depth: 8,
        thinks: true,
    },
    Card {
        id: "practice-long",
        name: "Practice Long",
        about: "Practice 1 with a large window, for replies of many thousand tokens.",
        window: 32_768,
        temperature: 0.5,
        depth: 8,
        thinks: false,
    },
];

/// The model with this id.
pub fn card(id: &str) -> Option<&'static Card> {
    CARDS.iter().find(|card| card.id == id)
}

/// How much a model thinks before it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Effort {
    /// Not at all. Only then may the temperature be set.
    None,
    /// One thought.
    #[default]
    Low,
    /// Several thoughts.
    High,
}
