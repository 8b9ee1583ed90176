//! The loop that makes a reply: one token at a time, until the end, a stop text or a limit.
//!
//! Lazy, so that a client that hangs up stops the work. It gives out *pieces*: text that is
//! whole characters and is certain to stay. Usually a piece is one token; a token that is
//! half a character waits for the rest, and text that may be the start of a stop text waits
//! until that is settled.

use std::collections::VecDeque;

use crate::{
    model::{Next, Prompted},
    tokens,
};

/// What ends a reply, apart from the model itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The most tokens that are made.
    pub max_tokens: usize,
    /// Texts that end the reply: as soon as one is complete, it is cut where that one begins.
    /// None may be empty.
    pub stop: Vec<String>,
}

/// Why a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// The model was done, or a stop text came.
    Stop,
    /// The limit of tokens was reached.
    Length,
}

/// Text that leaves in one delta.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Whole characters, never empty.
    pub text: String,
    /// How many tokens had been made when it could leave.
    pub made: usize,
}

/// A reply in the making.
#[derive(Debug)]
pub struct Generation {
    prompted: Prompted,
    limits: Limits,
    so_far: Vec<u32>,
    unfinished: Vec<u8>,
    held: VecDeque<String>,
    ready: VecDeque<String>,
    finish: Option<Finish>,
}

impl Generation {
    /// Begins a reply; nothing is made before the first [`Iterator::next`].
    #[must_use]
    pub fn new(prompted: Prompted, limits: Limits) -> Self {
        Self {
            prompted,
            limits,
            so_far: Vec::new(),
            unfinished: Vec::new(),
            held: VecDeque::new(),
            ready: VecDeque::new(),
            finish: None,
        }
    }

    /// How many tokens have been made. Includes those of a stop text and of a character that
    /// was cut in half by the limit: they were made, but are not part of the text.
    #[must_use]
    pub fn made(&self) -> usize {
        self.so_far.len()
    }

    /// Why the reply ended, once the iterator has ended.
    #[must_use]
    pub fn finish(&self) -> Option<Finish> {
        self.finish
    }

    fn step(&mut self) {
        if self.so_far.len() >= self.limits.max_tokens {
            return self.end(Finish::Length);
        }
        match self.prompted.next(&self.so_far).likeliest() {
            Next::End => self.end(Finish::Stop),
            Next::Token(token) => {
                self.so_far.push(token);
                self.unfinished.extend(tokens::bytes(token));
                self.take_whole_characters();
            }
        }
    }

    fn end(&mut self, finish: Finish) {
        self.ready.append(&mut self.held);
        self.finish = Some(finish);
    }

    fn take_whole_characters(&mut self) {
        let incomplete =
            std::str::from_utf8(&self.unfinished).is_err_and(|error| error.error_len().is_none());
        if incomplete || self.unfinished.is_empty() {
            return;
        }
        let text = match String::from_utf8(std::mem::take(&mut self.unfinished)) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        };
        if self.limits.stop.is_empty() {
            self.ready.push_back(text);
        } else {
            self.held.push_back(text);
            self.settle_stop();
        }
    }

    /// Releases what can no longer be part of a stop text, or ends the reply at one.
    fn settle_stop(&mut self) {
        let text: String = self.held.iter().map(String::as_str).collect();
        let found = self.limits.stop.iter().filter_map(|stop| text.find(stop.as_str())).min();
        if let Some(at) = found {
            let released = self.release(at);
            let cut = self.held.pop_front().map(|text| text[..at - released].to_owned());
            self.ready.extend(cut.filter(|text| !text.is_empty()));
            self.held.clear();
            self.finish = Some(Finish::Stop);
        } else {
            let start = self.limits.stop.iter().map(|stop| begins_at(&text, stop)).min();
            self.release(start.unwrap_or(text.len()));
        }
    }

    /// Moves held texts that end at or before this byte to those that are ready, and says how
    /// many bytes that were.
    fn release(&mut self, end: usize) -> usize {
        let mut released = 0;
        while let Some(text) = self.held.front() {
            if released + text.len() > end {
                break;
            }
            released += text.len();
            self.ready.extend(self.held.pop_front());
        }
        released
    }
}

impl Iterator for Generation {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        while self.ready.is_empty() && self.finish.is_none() {
            self.step();
        }
        let text = self.ready.pop_front()?;
        Some(Piece { text, made: self.so_far.len() })
    }
}

/// Where the longest end of `text` begins that is a beginning of `stop`.
fn begins_at(text: &str, stop: &str) -> usize {
    let earliest = text.len().saturating_sub(stop.len());
    (earliest..text.len())
        .find(|at| text.is_char_boundary(*at) && stop.starts_with(&text[*at..]))
        .unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Model, Role, Turn};

    fn reply(question: &str, max_tokens: usize, stop: &[&str]) -> (Vec<String>, Generation) {
        let turn = Turn { role: Role::User, name: None, text: question.to_owned() };
        let prompted = Model::default().read(&[turn]);
        let stop = stop.iter().map(|text| (*text).to_owned()).collect();
        let mut generation = Generation::new(prompted, Limits { max_tokens, stop });
        (generation.by_ref().map(|piece| piece.text).collect(), generation)
    }

    #[test]
    fn a_piece_is_one_token_where_tokens_are_whole_characters() {
        let (pieces, generation) = reply("count to 4", 100, &[]);
        assert_eq!(pieces, ["1", ",", " ", "2", ",", " ", "3", ",", " ", "4"]);
        assert_eq!((generation.finish(), generation.made()), (Some(Finish::Stop), 10));
    }

    #[test]
    fn the_limit_of_tokens_ends_a_reply() {
        let (pieces, generation) = reply("count to 4", 4, &[]);
        assert_eq!(pieces, ["1", ",", " ", "2"]);
        assert_eq!((generation.finish(), generation.made()), (Some(Finish::Length), 4));
    }

    #[test]
    fn a_limit_of_just_the_reply_counts_as_its_length() {
        let (_, generation) = reply("count to 4", 10, &[]);
        assert_eq!(generation.finish(), Some(Finish::Length));
    }

    #[test]
    fn a_stop_text_is_found_across_tokens_and_never_said() {
        let table: [(&[&str], &str); 7] = [
            (&["3, 4"], "1, 2, "),
            (&[", 3"], "1, 2"),
            (&["2"], "1, "),
            (&["1"], ""),
            (&["9"], "1, 2, 3, 4, 5"),
            (&["5, 6", "4,"], "1, 2, 3, "),
            (&["2, 4", "3"], "1, 2, "),
        ];
        for (stop, expected) in table {
            let (pieces, generation) = reply("count to 5", 100, stop);
            assert_eq!(pieces.concat(), expected, "{stop:?}");
            assert_eq!(generation.finish(), Some(Finish::Stop));
            assert!(pieces.iter().all(|piece| !piece.is_empty()), "{stop:?}: {pieces:?}");
        }
    }

    #[test]
    fn a_stop_text_within_a_token_cuts_the_token() {
        let (pieces, generation) = reply("count from 998 to 1001", 100, &["00"]);
        assert_eq!(pieces, ["998", ",", " ", "999", ",", " ", "1"]);
        assert_eq!(generation.made(), 7, "the token that held the stop text was made too");
    }

    #[test]
    fn text_that_only_looks_like_a_stop_text_is_kept_token_by_token() {
        let (pieces, _) = reply("count to 4", 100, &["2, 3, 5", "4, "]);
        assert_eq!(pieces, ["1", ",", " ", "2", ",", " ", "3", ",", " ", "4"]);
    }

    #[test]
    fn half_a_character_waits_for_the_other_half() {
        let family = "👩‍👩‍👧‍👦";
        let prompted = Prompted::saying(family);
        let limits = |max_tokens| Limits { max_tokens, stop: Vec::new() };
        let whole: Vec<Piece> = Generation::new(prompted.clone(), limits(1000)).collect();
        assert_eq!(whole.iter().map(|piece| piece.text.as_str()).collect::<String>(), family);
        let made = whole.last().unwrap().made;
        assert!(whole.len() < made, "some piece must carry several tokens");
        for max_tokens in 0..made {
            let mut cut = Generation::new(prompted.clone(), limits(max_tokens));
            let text: String = cut.by_ref().map(|piece| piece.text).collect();
            assert!(family.starts_with(&text), "{text:?}");
            assert_eq!(cut.made(), max_tokens);
        }
    }

    proptest! {
        #[test]
        fn text_ends_where_the_stop_text_begins_that_is_complete_first(
            text in "[ab é👩]{0,30}",
            stop in prop::collection::vec("[ab é👩]{1,4}", 1..4),
        ) {
            let prompted = Prompted::saying(&text);
            let unlimited = Limits { max_tokens: 1000, stop: Vec::new() };
            let mut so_far = String::new();
            let expected = Generation::new(prompted.clone(), unlimited).find_map(|piece| {
                so_far.push_str(&piece.text);
                let at = stop.iter().filter_map(|stop| so_far.find(stop.as_str())).min();
                at.map(|at| so_far[..at].to_owned())
            });
            let limits = Limits { max_tokens: 1000, stop };
            let pieces: Vec<Piece> = Generation::new(prompted, limits).collect();
            let said: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
            prop_assert_eq!(said, expected.unwrap_or(text));
            prop_assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
        }
    }
}
