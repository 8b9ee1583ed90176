//! What may come next, and how likely each is.

use std::sync::Arc;

/// A token that may come next, or the end of the reply, and how likely it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// A token of `o200k_base`.
    pub token: u32,
    /// From 0 to 1.
    pub probability: f64,
}

/// What may come next. The probabilities of all tokens sum to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    /// Each token at most once, in no order.
    pub candidates: Vec<Candidate>,
    /// All other tokens, which are equally likely.
    pub others: Others,
}

/// Tokens that are equally likely, each at most once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Others {
    /// Which they are.
    pub tokens: Arc<Vec<u32>>,
    /// How likely each of them is.
    pub each: f64,
}

impl Others {
    /// How likely they are together.
    pub fn mass(&self) -> f64 {
        self.tokens.len() as f64 * self.each
    }

    /// Keeps so many of them at most.
    pub fn truncate(&mut self, most: usize) {
        if most < self.tokens.len() {
            self.tokens = Arc::new(self.tokens[..most].to_vec());
        }
    }
}

impl Distribution {
    /// All weight on one token.
    pub fn certain(token: u32) -> Self {
        let candidates = vec![Candidate { token, probability: 1.0 }];
        Self { candidates, others: Others::default() }
    }

    /// Whether only one token may come.
    pub fn is_certain(&self) -> bool {
        self.candidates.len() == 1 && self.others.tokens.is_empty()
    }

    /// The probabilities of all tokens together: 1, but for rounding.
    pub fn mass(&self) -> f64 {
        self.candidates.iter().map(|candidate| candidate.probability).sum::<f64>()
            + self.others.mass()
    }

    /// How likely a token is.
    pub fn probability(&self, token: u32) -> f64 {
        let mut candidates = self.candidates.iter();
        match candidates.find(|candidate| candidate.token == token) {
            Some(candidate) => candidate.probability,
            None if self.others.tokens.binary_search(&token).is_ok() => self.others.each,
            None => 0.0,
        }
    }

    /// The likeliest, so many at most, likeliest first; of equals the smaller token first.
    pub fn likeliest(&self, most: usize) -> Vec<Candidate> {
        let mut candidates = self.candidates.clone();
        sort_first(&mut candidates, most);
        candidates.truncate(most);
        candidates
    }

    /// How much the next token tells, in bits: 0 where it is certain.
    pub fn entropy(&self) -> f64 {
        let bits = |p: f64| if p > 0.0 { -p * libm::log2(p) } else { 0.0 };
        let of_candidates: f64 = self.candidates.iter().map(|it| bits(it.probability)).sum();
        of_candidates + self.others.tokens.len() as f64 * bits(self.others.each)
    }

    /// Keeps what `keep` wants, scaled to 1. `None` where nothing is left.
    pub fn only(mut self, keep: impl Fn(u32) -> bool) -> Option<Self> {
        self.others = Others::default();
        self.candidates.retain(|candidate| candidate.probability > 0.0 && keep(candidate.token));
        let mass = self.mass();
        self.candidates.iter_mut().for_each(|candidate| candidate.probability /= mass);
        (!self.candidates.is_empty()).then_some(self)
    }

    /// Turns some of the others, in ascending order, into candidates, equally likely as before.
    pub fn single_out(&mut self, tokens: &[u32]) {
        if tokens.is_empty() {
            return;
        }
        let others = Arc::make_mut(&mut self.others.tokens);
        others.retain(|token| tokens.binary_search(token).is_err());
        let probability = self.others.each;
        self.candidates.extend(tokens.iter().map(|&token| Candidate { token, probability }));
    }
}

/// Puts the `most` likeliest first, in their order, and the rest behind in none.
pub fn sort_first(candidates: &mut [Candidate], most: usize) {
    let order = |left: &Candidate, right: &Candidate| {
        right.probability.total_cmp(&left.probability).then(left.token.cmp(&right.token))
    };
    if most == 0 {
        return;
    }
    if most < candidates.len() {
        candidates.select_nth_unstable_by(most, order);
        candidates[..most].sort_unstable_by(order);
    } else {
        candidates.sort_unstable_by(order);
    }
}
