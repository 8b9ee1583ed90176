//! The answers of a corpus as one long row of tokens, and where each run of tokens stands in it.
//!
//! The places of the row are sorted by the tokens that stand before them, read backwards. So all
//! places before which some tokens stand are neighbours, and those before which one more stands
//! are a part of them: finding a longer and longer end of a context is a binary search each.

use std::{collections::HashMap, ops::Range};

use crate::tokens;

/// The token that ends an answer: `<|endoftext|>`, which no text contains.
pub const END: u32 = 199_999;

/// How many tokens back places are told apart.
const DEEPEST: usize = 8;

/// Where answers may part without harm to the grammar, the more so the later it stands here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// After a comma, a semicolon or a colon.
    Clause,
    /// At the end of a line.
    Line,
    /// After a full stop, a question or an exclamation.
    Sentence,
}

impl Pause {
    fn after(token: &[u8]) -> Option<Self> {
        match token.last()? {
            b',' | b';' | b':' => Some(Self::Clause),
            b'\n' => Some(Self::Line),
            b'.' | b'!' | b'?' => Some(Self::Sentence),
            _ => None,
        }
    }
}

/// A token, by its place in the vocabulary of what was read.
pub type Symbol = u16;

/// Before the first token of each answer.
pub const START: Symbol = 0;
/// Stands for every token that was never read.
pub const STRANGE: Symbol = Symbol::MAX;

/// A row of answers, ready to be searched.
#[derive(Debug, Default)]
pub struct Reading {
    /// The token of each symbol. That of [`START`] is [`END`] too, and means nothing.
    vocabulary: Vec<u32>,
    symbols: HashMap<u32, Symbol>,
    /// Of each symbol, what ends with it.
    pauses: Vec<Option<Pause>>,
    /// In the order of the search: what stands at each place, and in whose answer.
    places: Vec<Place>,
    row: Vec<Symbol>,
    /// Where in the row each place is.
    order: Vec<u32>,
}

/// A place in the row.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// What stands there.
    pub symbol: Symbol,
    /// The passage of its answer.
    pub passage: u16,
}

impl Reading {
    /// Reads answers, each given with the number of its passage.
    pub fn of<'a>(answers: impl Iterator<Item = (usize, &'a str)>) -> Self {
        let mut reading = Self { vocabulary: vec![END], pauses: vec![None], ..Self::default() };
        let mut passages = Vec::new();
        for (passage, text) in answers {
            reading.row.push(START);
            for token in tokens::encode(text).into_iter().chain([END]) {
                let symbol = reading.learn(token);
                reading.row.push(symbol);
            }
            passages.resize(reading.row.len(), u16::try_from(passage).expect("few passages"));
        }
        reading.sort(&passages);
        reading
    }

    fn learn(&mut self, token: u32) -> Symbol {
        *self.symbols.entry(token).or_insert_with(|| {
            self.vocabulary.push(token);
            self.pauses.push(Pause::after(tokens::bytes(token)));
            let symbol = Symbol::try_from(self.vocabulary.len() - 1).expect("few symbols");
            assert_ne!(symbol, STRANGE, "few symbols");
            symbol
        })
    }

    fn sort(&mut self, passages: &[u16]) {
        let row = &self.row;
        let starts = |place: &u32| row[*place as usize] == START;
        let mut order: Vec<u32> = (0..row.len() as u32).filter(|place| !starts(place)).collect();
        // No comparison leaves an answer: where both have come to its start, both end.
        let before = |place: u32| {
            let back = row[..place as usize].iter().rev().take(DEEPEST);
            let mut begun = false;
            back.take_while(move |symbol| !std::mem::replace(&mut begun, **symbol == START))
        };
        order.sort_by(|left, right| before(*left).cmp(before(*right)));
        let place = |place: &u32| Place {
            symbol: row[*place as usize],
            passage: passages[*place as usize],
        };
        self.places = order.iter().map(place).collect();
        self.order = order;
    }

    /// Every place, in the order of the search.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The places before which the last `depth` symbols of a context stand, among those before
    /// which the last `depth - 1` do.
    pub fn narrow(&self, among: Range<usize>, context: &[Symbol], depth: usize) -> Range<usize> {
        let Some(wanted) = context.len().checked_sub(depth).map(|at| context[at]) else {
            return 0..0;
        };
        let symbol = |place: &u32| self.row[*place as usize - depth];
        let places = &self.order[among.clone()];
        let from = places.partition_point(|place| symbol(place) < wanted);
        let size = places[from..].partition_point(|place| symbol(place) == wanted);
        among.start + from..among.start + from + size
    }

    /// How many symbols there are.
    pub fn size(&self) -> usize {
        self.vocabulary.len()
    }

    /// The token of a symbol.
    pub fn token(&self, symbol: Symbol) -> u32 {
        self.vocabulary.get(usize::from(symbol)).copied().unwrap_or(END)
    }

    /// What ends with the last symbol of a context, if anything does. A point or a comma after a
    /// digit may be a part of its number.
    pub fn pause(&self, context: &[Symbol]) -> Option<Pause> {
        let (last, before) = context.split_last()?;
        let is_number = before.last().filter(|it| **it != START).is_some_and(|it| {
            tokens::bytes(self.token(*it)).last().is_some_and(u8::is_ascii_digit)
        });
        let is_mark = matches!(tokens::bytes(self.token(*last)), b"." | b",");
        if is_number && is_mark { None } else { self.pauses.get(usize::from(*last)).copied()? }
    }

    /// The symbol of a token; [`STRANGE`] where it was never read.
    pub fn symbol(&self, token: u32) -> Symbol {
        self.symbols.get(&token).copied().unwrap_or(STRANGE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWERS: [&str; 4] = ["one two three", "one two four", "two three one two three", ""];

    #[test]
    fn the_places_after_every_context_are_those_that_a_search_through_all_finds() {
        let reading = Reading::of(ANSWERS.iter().copied().enumerate());
        for (end, _) in reading.row.iter().enumerate() {
            for depth in 1..=DEEPEST.min(end) {
                let context = &reading.row[end - depth..end];
                if context[1..].contains(&START) {
                    continue;
                }
                let mut range = 0..reading.places().len();
                for depth in 1..=depth {
                    range = reading.narrow(range, context, depth);
                }
                let mut found: Vec<u32> = reading.order[range].to_vec();
                found.sort_unstable();
                let all = (depth..reading.row.len()).filter(|at| reading.row[*at] != START);
                let expected: Vec<u32> = all
                    .filter(|at| reading.row[at - depth..*at] == *context)
                    .map(|at| at as u32)
                    .collect();
                assert_eq!(found, expected, "{context:?}");
            }
        }
    }

    #[test]
    fn symbols_and_tokens_go_both_ways_and_the_unread_is_strange() {
        let reading = Reading::of(ANSWERS.iter().copied().enumerate());
        for token in tokens::encode("one two three four").into_iter().chain([END]) {
            assert_eq!(reading.token(reading.symbol(token)), token);
        }
        assert_eq!(reading.symbol(0), STRANGE);
        assert_eq!(reading.narrow(0..reading.places().len(), &[STRANGE], 1).len(), 0);
        assert_eq!(reading.narrow(0..reading.places().len(), &[], 1).len(), 0);
    }
}
