//! The loop that makes a reply: one token at a time, until the end, a stop text or a limit.
//!
//! Lazy, so that a client that hangs up stops the work. It gives out *pieces*: text that is
//! whole characters and is certain to stay. Usually a piece is one token; a token that is
//! half a character waits for the rest, and text that may be the start of a stop text waits
//! until that is settled.

use std::collections::VecDeque;

use crate::{
    model::{Distribution, Next, Prompted},
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
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Whole characters, never empty.
    pub text: String,
    /// How many tokens had been made when it could leave.
    pub made: usize,
    /// How likely each of its tokens was, where that was asked for; empty otherwise.
    pub chances: Vec<Chance>,
}

/// How likely a token was, and what else could have stood there.
#[derive(Debug, Clone, PartialEq)]
pub struct Chance {
    /// The token that was chosen.
    pub token: u32,
    /// Its probability, above 0.
    pub probability: f64,
    /// The likeliest tokens of that place, the chosen one perhaps among them.
    pub candidates: Vec<(u32, f64)>,
}

/// How a reply ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Why.
    pub finish: Finish,
    /// The stop text that ended it, if one did.
    pub stopped_by: Option<String>,
    /// How many tokens were made, with those of a stop text and of a character that the limit
    /// cut in half: they were made, but are not part of the text.
    pub made: usize,
}

/// Text with the number of tokens that it is made of.
#[derive(Debug, Clone)]
struct Held {
    text: String,
    tokens: usize,
}

/// A reply in the making.
#[derive(Debug, Clone)]
pub struct Generation {
    prompted: Prompted,
    limits: Limits,
    so_far: Vec<u32>,
    unfinished: Vec<u8>,
    unfinished_tokens: usize,
    held: VecDeque<Held>,
    ready: VecDeque<Held>,
    /// How many candidates are kept for each token; `None` keeps no chances at all.
    candidates: Option<usize>,
    chances: VecDeque<Chance>,
    finish: Option<Finish>,
    stopped_by: Option<String>,
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
            unfinished_tokens: 0,
            held: VecDeque::new(),
            ready: VecDeque::new(),
            candidates: None,
            chances: VecDeque::new(),
            finish: None,
            stopped_by: None,
        }
    }

    /// Lets every piece say how likely its tokens were, with so many candidates for each.
    #[must_use]
    pub fn with_chances(mut self, candidates: usize) -> Self {
        self.candidates = Some(candidates);
        self
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

    /// How the reply ended, once the iterator has ended.
    #[must_use]
    pub fn ending(&self) -> Ending {
        let finish = self.finish.unwrap_or(Finish::Stop);
        Ending { finish, stopped_by: self.stopped_by.clone(), made: self.made() }
    }

    fn step(&mut self) {
        if self.so_far.len() >= self.limits.max_tokens {
            return self.end(Finish::Length);
        }
        let distribution = self.prompted.next(&self.so_far);
        match distribution.likeliest() {
            Next::End => self.end(Finish::Stop),
            Next::Token(token) => {
                self.chances.extend(self.candidates.map(|most| chance(token, &distribution, most)));
                self.so_far.push(token);
                self.unfinished.extend(tokens::bytes(token));
                self.unfinished_tokens += 1;
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
        let held = Held { text, tokens: std::mem::take(&mut self.unfinished_tokens) };
        if self.limits.stop.is_empty() {
            self.ready.push_back(held);
        } else {
            self.held.push_back(held);
            self.settle_stop();
        }
    }

    /// Releases what can no longer be part of a stop text, or ends the reply at one.
    fn settle_stop(&mut self) {
        let text: String = self.held.iter().map(|held| held.text.as_str()).collect();
        let stops = self.limits.stop.iter();
        let found = stops.filter_map(|stop| Some((text.find(stop.as_str())?, stop.clone()))).min();
        if let Some((at, stop)) = found {
            self.stopped_by = Some(stop);
            let released = self.release(at);
            let cut = self.held.pop_front().map(|held| Held {
                text: held.text[..at - released].to_owned(),
                tokens: held.tokens,
            });
            self.ready.extend(cut.filter(|held| !held.text.is_empty()));
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
        while let Some(held) = self.held.front() {
            if released + held.text.len() > end {
                break;
            }
            released += held.text.len();
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
        let Held { text, tokens } = self.ready.pop_front()?;
        let chances = self.chances.drain(..tokens.min(self.chances.len())).collect();
        Some(Piece { text, made: self.so_far.len(), chances })
    }
}

fn chance(token: u32, distribution: &Distribution, most: usize) -> Chance {
    let tokens = || {
        distribution.candidates().iter().filter_map(|candidate| match candidate.next {
            Next::Token(token) => Some((token, candidate.probability)),
            Next::End => None,
        })
    };
    let probability = tokens().find(|(id, _)| *id == token).map_or(0.0, |(_, chance)| chance);
    Chance { token, probability, candidates: tokens().take(most).collect() }
}

/// Where the longest end of `text` begins that is a beginning of `stop`.
fn begins_at(text: &str, stop: &str) -> usize {
    let earliest = text.len().saturating_sub(stop.len());
    (earliest..text.len())
        .find(|at| text.is_char_boundary(*at) && stop.starts_with(&text[*at..]))
        .unwrap_or(text.len())
}

#[cfg(test)]
mod tests;
