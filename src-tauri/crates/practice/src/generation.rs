//! The loop that makes a reply: one token at a time, until the end, a stop text or a limit.
//!
//! Lazy, so that a client that hangs up stops the work. It gives out *pieces*: text that is
//! whole characters and is certain to stay. Usually a piece is one token; a token that is
//! half a character waits for the rest, and text that may be the start of a stop text waits
//! until that is settled.

use std::collections::VecDeque;

use crate::{
    distribution::{Candidate, Distribution},
    json::Json,
    model::Reply,
    outgoing::{Outgoing, Said},
    reading::END,
    sampling::Sampler,
    tokens,
};

/// An object of more tokens is brought to its end, which the smallest window has room for.
const LONG_OBJECT: usize = 300;

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
    /// Whole characters. Empty only where the end cut a character in half, and chances are told.
    pub text: String,
    /// How many tokens had been made when it could leave.
    pub made: usize,
    /// How likely each of its tokens was, where that was asked for; empty otherwise.
    pub chances: Vec<Chance>,
    /// It belongs to what the model thinks, and not to its answer.
    pub is_thought: bool,
}

/// How likely a token was, and what else could have stood there.
#[derive(Debug, Clone, PartialEq)]
pub struct Chance {
    /// The token that was chosen.
    pub token: u32,
    /// Its probability, above 0, before any parameter shaped the choice.
    pub probability: f64,
    /// The likeliest tokens of that place, the chosen one perhaps among them; as probable as
    /// they were before any parameter shaped the choice.
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
    /// How many of these the model thought, before its answer.
    pub thought: usize,
}

/// A reply in the making.
#[derive(Debug, Clone)]
pub struct Generation {
    /// What is still to be thought before the reply, each by itself.
    thoughts: VecDeque<Reply>,
    reply: Reply,
    sampler: Sampler,
    max_tokens: usize,
    /// How far the JSON object has come that the reply is to be.
    json: Option<Json>,
    made: usize,
    thought: usize,
    text: Outgoing,
    /// How many candidates are kept for each token; `None` keeps no chances at all.
    candidates: Option<usize>,
    chances: VecDeque<Chance>,
    finish: Option<Finish>,
}

impl Generation {
    /// Begins a reply; nothing is made before the first [`Iterator::next`].
    #[must_use]
    pub fn new(reply: Reply, sampler: Sampler, limits: Limits) -> Self {
        Self {
            thoughts: VecDeque::new(),
            reply,
            sampler,
            max_tokens: limits.max_tokens,
            json: None,
            made: 0,
            thought: 0,
            text: Outgoing::new(&limits.stop),
            candidates: None,
            chances: VecDeque::new(),
            finish: None,
        }
    }

    /// Thinks these first.
    #[must_use]
    pub fn with_thoughts(mut self, thoughts: Vec<Reply>) -> Self {
        self.thoughts = thoughts.into();
        self
    }

    /// Writes nothing but a JSON object, going on from this beginning of one.
    #[must_use]
    pub fn in_json(mut self, beginning: &str) -> Self {
        self.json = Some(Json::START.after(beginning.as_bytes()).unwrap_or(Json::START));
        self
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
        self.made
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
        Ending {
            finish,
            stopped_by: self.text.stopped_by().map(str::to_owned),
            made: self.made,
            thought: self.thought,
        }
    }

    fn step(&mut self) {
        if self.made >= self.max_tokens {
            return self.end(Finish::Length);
        }
        let is_thought = !self.thoughts.is_empty();
        let json = self.json.filter(|_| !is_thought);
        let speaker = self.thoughts.front_mut().unwrap_or(&mut self.reply);
        let distribution = match json {
            Some(json) => valid(speaker.next(), json, self.made),
            None => speaker.next(),
        };
        let token = self.sampler.pick(&distribution);
        self.json = json.and_then(|json| json.after(tokens::bytes(token))).or(self.json);
        if token == END {
            return self.end_part();
        }
        speaker.say(token);
        self.made += 1;
        self.thought += usize::from(is_thought);
        if !is_thought {
            self.chances.extend(self.candidates.map(|most| chance(token, &distribution, most)));
        }
        self.text.say(tokens::bytes(token), is_thought);
        if self.text.stopped_by().is_some() {
            self.finish = Some(Finish::Stop);
        }
    }

    /// Ends a thought, and goes on to the next; or ends the reply.
    fn end_part(&mut self) {
        if self.thoughts.pop_front().is_none() {
            return self.end(Finish::Stop);
        }
        self.sampler.forget();
        self.text.end_thought(!self.thoughts.is_empty());
    }

    fn end(&mut self, finish: Finish) {
        let half = self.text.end();
        if half > 0 && self.candidates.is_some() {
            let is_thought = !self.thoughts.is_empty();
            self.text.push(Said { text: String::new(), tokens: half, is_thought });
        }
        self.finish = Some(finish);
    }
}

impl Iterator for Generation {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        while self.text.is_empty() && self.finish.is_none() {
            self.step();
        }
        let Said { text, tokens, is_thought } = self.text.pop()?;
        let told = if is_thought { 0 } else { tokens.min(self.chances.len()) };
        let chances = self.chances.drain(..told).collect();
        Some(Piece { text, made: self.made, chances, is_thought })
    }
}

/// Of what may come next, that with which an object can go on; and where that is nothing, or the
/// object becomes long, the shortest way to its end.
fn valid(distribution: Distribution, json: Json, made: usize) -> Distribution {
    if json.is_done() {
        return Distribution::certain(END);
    }
    let goes_on = |token: u32| {
        let bytes = tokens::bytes(token);
        // One blank is enough, be it a space, a line end or an indentation.
        let is_blank_again =
            json.is_after_blank() && bytes.first().is_some_and(u8::is_ascii_whitespace);
        !is_blank_again && json.after(bytes).is_some()
    };
    let valid = if made < LONG_OBJECT || distribution.is_certain() {
        distribution.only(goes_on)
    } else {
        None
    };
    valid.unwrap_or_else(|| {
        let closing = json.closing();
        Distribution::certain(tokens::encode(&closing[..1])[0])
    })
}

fn chance(token: u32, distribution: &Distribution, most: usize) -> Chance {
    // One more, for the end is no token that a reply has.
    let candidates = distribution.likeliest(most + 1).into_iter();
    let candidates = candidates.filter(|candidate| candidate.token != END).take(most);
    let pair = |Candidate { token, probability }| (token, probability);
    Chance {
        token,
        probability: distribution.probability(token),
        candidates: candidates.map(pair).collect(),
    }
}

#[cfg(test)]
mod tests;
