//! A reply on its way: the mix of what followed each of its ends.
//!
//! The continuations of every end of the reply so far that stands in the corpus are counted, each
//! place as much as its passage weighs, and the counts of longer ends are mixed with those of
//! shorter ones:
//!
//! ```text
//! P(t | end of k tokens) = λ · c(t) / C  +  (1 - λ) · P(t | end of k - 1 tokens)
//! λ = C / (C + θ · T)     C = Σ c(t)     T = Σ min(c(t), 1)
//! ```
//!
//! as Witten and Bell have it for whole counts; θ says how much is left to shorter ends. An end of
//! no tokens counts all tokens that were read, and a little is shared by all others.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
    sync::Arc,
};

use super::Model;
use crate::{
    corpus::Passage,
    distribution::{Candidate, Distribution, Others},
    reading::{END, Pause, Place, START, STRANGE, Symbol},
    tokens,
};

/// The share of the mass that is spread evenly over every token there is.
pub const UNREAD: f64 = 1e-8;

/// How much each end leaves to the next shorter one, from ends of one token on.
pub const LEFT: [f64; 8] = [0.04, 1.9, 6.0, 9.0, 9.0, 9.0, 2.2, 0.9];
/// What is left at most by an end that is the whole reply so far, and so knows whose answer it is.
pub const WHOLE: f64 = 1.2;
/// So many times more is left after a clause, a line and a sentence: there answers may part.
pub const PAUSES: [(Pause, f64); 3] =
    [(Pause::Clause, 4.0), (Pause::Line, 8.0), (Pause::Sentence, 24.0)];
/// From ends of so many tokens on.
pub const PAUSED: usize = 3;
/// So much of it is left within code and tables: what follows elsewhere is nonsense here.
pub const CODE: f64 = 0.02;

/// What a place counts for that was said already in this reply.
const SPENT: f64 = 0.2;

/// Smaller shares of a vote are not told.
const HEARD: f64 = 0.01;

/// The model after it has read a conversation: ready to say what comes next.
#[derive(Debug, Clone)]
pub struct Prompted {
    source: Source,
}

#[derive(Debug, Clone)]
enum Source {
    /// These tokens, and then the end.
    Said(Arc<Vec<u32>>),
    Mixed(Arc<Mix>),
}

/// What a conversation makes of the model.
#[derive(Debug)]
pub struct Mix {
    pub model: &'static Model,
    /// What each passage counts for.
    pub weights: Vec<f64>,
    /// How likely each symbol is after nothing.
    pub base: Vec<f64>,
    /// What all places count for that do not end an answer.
    pub weight: f64,
    /// How many tokens it looks back at most.
    pub depth: usize,
}

/// A passage that speaks for a token.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vote {
    /// Which.
    pub passage: &'static Passage,
    /// How much of the token's probability is its doing, from 0 to 1.
    pub share: f64,
}

/// A reply on its way: what may follow what was said.
#[derive(Debug, Clone)]
pub struct Reply {
    source: Source,
    said: usize,
    pub(super) context: Vec<Symbol>,
    form: Form,
    /// The places that were said already.
    spent: Vec<bool>,
}

impl From<Mix> for Prompted {
    fn from(mix: Mix) -> Self {
        Self { source: Source::Mixed(Arc::new(mix)) }
    }
}

impl Prompted {
    /// A model that will say exactly this text.
    #[must_use]
    pub fn saying(text: &str) -> Self {
        Self { source: Source::Said(Arc::new(tokens::encode(text))) }
    }

    /// A reply that begins with these words.
    #[must_use]
    pub fn reply(&self, beginning: &str) -> Reply {
        let places = match &self.source {
            Source::Mixed(mix) => mix.model.reading.places().len(),
            Source::Said(_) => 0,
        };
        let spent = vec![false; places];
        let source = self.source.clone();
        let (context, form) = (vec![START], Form::default());
        let mut reply = Reply { source, said: 0, context, form, spent };
        match &self.source {
            Source::Mixed(_) => tokens::encode(beginning).into_iter().for_each(|it| reply.say(it)),
            Source::Said(tokens) => reply.source = Source::Said(after(tokens, beginning)),
        }
        reply
    }
}

/// The same tokens, going on from words that it is said to have begun with. What it would have
/// said anyway is not said again.
fn after(said: &[u32], beginning: &str) -> Arc<Vec<u32>> {
    let bytes: Vec<u8> = said.iter().flat_map(|id| tokens::bytes(*id)).copied().collect();
    let text = String::from_utf8_lossy(&bytes);
    let mut ends = beginning.char_indices().map(|(at, _)| &beginning[at..]);
    let known = ends.find(|end| text.starts_with(end)).map_or(0, str::len);
    Arc::new(tokens::encode(&text[known..]))
}

/// An end of the context that stands in the corpus.
#[derive(Debug, Clone)]
struct Suffix {
    places: Range<usize>,
    /// What its counts are multiplied by.
    share: f64,
}

impl Reply {
    /// What may come next.
    #[must_use]
    pub fn next(&self) -> Distribution {
        let mix = match &self.source {
            Source::Said(tokens) => {
                return Distribution::certain(tokens.get(self.said).copied().unwrap_or(END));
            }
            Source::Mixed(mix) => mix,
        };
        let (suffixes, left) = self.suffixes(mix);
        let mut mass: Vec<f64> = mix.base.iter().map(|base| left * base).collect();
        for Suffix { places, share } in suffixes {
            for place in places {
                let symbol = mix.model.reading.places()[place].symbol;
                mass[usize::from(symbol)] += share * self.weight(mix, place);
            }
        }
        mix.distribution(&mass)
    }

    /// The passages that speak for each of these tokens, those with the largest share first. A
    /// passage has the share of a token's probability that comes from its places; shares of less
    /// than [`HEARD`] are left out.
    #[must_use]
    pub fn votes(&self, tokens: &[u32]) -> Vec<Vec<Vote>> {
        let Source::Mixed(mix) = &self.source else { return vec![Vec::new(); tokens.len()] };
        let reading = &mix.model.reading;
        let wanted: HashMap<Symbol, usize> =
            tokens.iter().enumerate().map(|(at, token)| (reading.symbol(*token), at)).collect();
        let mut votes = vec![BTreeMap::<u16, f64>::new(); tokens.len()];
        let mut vote = |place: usize, share: f64| {
            let Place { symbol, passage } = reading.places()[place];
            if let Some(at) = wanted.get(&symbol) {
                *votes[*at].entry(passage).or_default() += share;
            }
        };
        let (suffixes, left) = self.suffixes(mix);
        for Suffix { places, share } in suffixes {
            places.for_each(|place| vote(place, share * self.weight(mix, place)));
        }
        for (place, Place { symbol, passage }) in reading.places().iter().enumerate() {
            if reading.token(*symbol) != END {
                vote(place, left * mix.weights[usize::from(*passage)] / mix.weight);
            }
        }
        votes.into_iter().map(|votes| mix.shares(votes)).collect()
    }

    /// Goes on with this token.
    pub fn say(&mut self, token: u32) {
        self.said += 1;
        if let Source::Mixed(mix) = self.source.clone() {
            let symbol = mix.model.reading.symbol(token);
            let longest = self.ends(&mix).pop().filter(|(depth, _)| *depth > 1);
            for place in longest.into_iter().flat_map(|(_, places)| places) {
                if mix.model.reading.places()[place].symbol == symbol {
                    self.spent[place] = true;
                }
            }
            self.context.push(symbol);
            self.form.take(tokens::bytes(token));
        }
    }

    /// The ends of the context that stand in the corpus, by their length, shortest first. Where
    /// the last token was never read, that is the start of an answer.
    fn ends(&self, mix: &Mix) -> Vec<(usize, Range<usize>)> {
        let reading = &mix.model.reading;
        let mut ends = Vec::with_capacity(mix.depth);
        let context = match self.context.last() {
            Some(&STRANGE) | None => &[START][..],
            Some(_) => &self.context,
        };
        let mut places = 0..reading.places().len();
        for depth in 1..=mix.depth {
            places = reading.narrow(places, context, depth);
            if places.is_empty() {
                break;
            }
            ends.push((depth, places.clone()));
        }
        ends
    }

    /// The ends with the share of each in the mix, and the share that is left after all.
    fn suffixes(&self, mix: &Mix) -> (Vec<Suffix>, f64) {
        let mut counts = vec![0.0; mix.base.len()];
        let mut left = 1.0;
        let pause = self.pause(mix);
        let mut suffixes = Vec::new();
        for (depth, places) in self.ends(mix).into_iter().rev() {
            let (mut all, mut kinds) = (0.0, 0.0);
            for place in places.clone() {
                let Place { symbol, passage } = mix.model.reading.places()[place];
                let weight = mix.weights[usize::from(passage)];
                let count: &mut f64 = &mut counts[usize::from(symbol)];
                // What was said already speaks less, and is trusted less.
                all += self.weight(mix, place);
                kinds += (*count + weight).min(1.0) - count.min(1.0);
                *count += weight;
            }
            for place in places.clone() {
                counts[usize::from(mix.model.reading.places()[place].symbol)] = 0.0;
            }
            if all > 0.0 {
                let trust = all / (all + self.left_by(depth, pause) * kinds);
                suffixes.push(Suffix { places, share: left * trust / all });
                left *= 1.0 - trust;
            }
        }
        (suffixes, left)
    }

    /// How many times more than elsewhere is left to shorter ends here.
    fn pause(&self, mix: &Mix) -> f64 {
        if self.form.is_code || self.form.is_table {
            return CODE;
        }
        let pause = mix.model.reading.pause(&self.context);
        let times = PAUSES.iter().find(|(it, _)| Some(*it) == pause);
        times.map_or(1.0, |(_, times)| *times)
    }

    /// How much an end of so many tokens leaves to shorter ones. A reply begins as answers do: the
    /// start leaves nothing to what stands anywhere.
    fn left_by(&self, depth: usize, pause: f64) -> f64 {
        if depth == 1 && matches!(self.context.last(), None | Some(&(START | STRANGE))) {
            return 0.0;
        }
        let is_whole = depth == self.context.len();
        let left = if is_whole { LEFT[depth - 1].min(WHOLE) } else { LEFT[depth - 1] };
        if depth >= PAUSED { left * pause } else { left }
    }

    fn weight(&self, mix: &Mix, place: usize) -> f64 {
        let weight = mix.weights[usize::from(mix.model.reading.places()[place].passage)];
        if self.spent[place] { SPENT * weight } else { weight }
    }
}

/// Whether what is being written is prose.
#[derive(Debug, Clone, Copy, Default)]
struct Form {
    is_code: bool,
    is_table: bool,
    is_within_line: bool,
}

impl Form {
    fn take(&mut self, token: &[u8]) {
        self.is_code ^= token.windows(3).any(|it| it == b"```");
        let line = token.iter().rposition(|it| *it == b'\n').map_or(token, |at| &token[at + 1..]);
        let begins = line.len() < token.len() || !self.is_within_line;
        if let (true, Some(first)) = (begins, line.first()) {
            self.is_table = *first == b'|';
        }
        self.is_within_line = !line.is_empty();
    }
}

impl Mix {
    fn shares(&self, votes: BTreeMap<u16, f64>) -> Vec<Vote> {
        let all: f64 = votes.values().sum();
        let vote = |(passage, vote): (u16, f64)| {
            let passage = &self.model.corpus.passages[usize::from(passage)];
            Vote { passage, share: vote / all }
        };
        let mut shares: Vec<Vote> = votes.into_iter().map(vote).collect();
        shares.retain(|vote| vote.share >= HEARD);
        shares.sort_by(|left, right| right.share.total_cmp(&left.share));
        shares
    }

    fn distribution(&self, mass: &[f64]) -> Distribution {
        let all: f64 = mass.iter().sum();
        let others = self.model.unread.clone();
        let floor = UNREAD / (others.len() + mass.len() - 1) as f64;
        let others = Others { tokens: others, each: floor };
        let rest = 1.0 - UNREAD;
        // The first symbol is the start, which never comes next.
        let candidates = mass.iter().enumerate().skip(1).map(|(symbol, mass)| Candidate {
            token: self.model.reading.token(symbol as Symbol),
            probability: floor + rest * mass / all,
        });
        Distribution { candidates: candidates.collect(), others }
    }
}
