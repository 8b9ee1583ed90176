//! The parameters that shape the choice of the next token, and the choice.

use std::collections::{BTreeMap, HashMap};

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

use crate::{
    distribution::{Candidate, Distribution, Others, sort_first},
    reading::END,
};

/// How the next token is chosen from a distribution. The steps, in their order: logit bias and
/// penalties are added to the logits, the temperature divides them, top_k, top_p and min_p each
/// take away what is unlikely, and of what is left one is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampling {
    /// Divides the logits. 0 always takes the likeliest; 1 leaves the distribution as it is.
    pub temperature: f64,
    /// Only the likeliest tokens whose probabilities together reach this stay. 1 keeps all.
    pub top_p: f64,
    /// Only so many of the likeliest tokens stay. `None` keeps all.
    pub top_k: Option<usize>,
    /// Only tokens with at least this share of the likeliest one's probability stay. 0 keeps all.
    pub min_p: f64,
    /// Taken off a token's logit for every time that it stands in the reply so far.
    pub frequency_penalty: f64,
    /// Taken off a token's logit once, if it stands in the reply so far.
    pub presence_penalty: f64,
    /// Added to the logits of these tokens; at most one entry for each.
    pub logit_bias: Vec<(u32, f64)>,
    /// Equal seeds draw equally. `None` draws differently each time.
    pub seed: Option<u64>,
}

impl Default for Sampling {
    /// The distribution as it is.
    fn default() -> Self {
        Self {
            temperature: 1.0,
            top_p: 1.0,
            top_k: None,
            min_p: 0.0,
            frequency_penalty: 0.0,
            presence_penalty: 0.0,
            logit_bias: Vec::new(),
            seed: None,
        }
    }
}

impl Sampling {
    /// The seed, or one that nobody has named.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed.unwrap_or_else(|| getrandom::u64().unwrap_or_default())
    }
}

/// So much a penalty takes off or adds at most: beyond it nothing else is left anyway.
const MOST: f64 = 1e6;

/// Chooses the tokens of one reply.
#[derive(Debug, Clone)]
pub struct Sampler {
    sampling: Sampling,
    chance: ChaCha8Rng,
    /// How often each token stands in the reply.
    said: HashMap<u32, u32>,
}

impl Sampler {
    /// Chooses for the choice with this index; each draws by itself.
    #[must_use]
    pub fn new(sampling: Sampling, choice: usize) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(sampling.seed());
        chance.set_stream(choice as u64);
        Self { sampling, chance, said: HashMap::new() }
    }

    /// Draws the next token, and remembers it.
    pub fn pick(&mut self, distribution: &Distribution) -> u32 {
        let token = self.draw(&self.shaped(distribution));
        if token != END {
            *self.said.entry(token).or_default() += 1;
        }
        token
    }

    /// Forgets what was said: what was only thought is no part of the reply.
    pub fn forget(&mut self) {
        self.said.clear();
    }

    /// The distribution that is drawn from, by the steps that [`Sampling`] names.
    #[must_use]
    pub fn shaped(&self, distribution: &Distribution) -> Distribution {
        let mut shaped = distribution.clone();
        self.adjust(&mut shaped);
        if self.sampling.temperature == 0.0 {
            let likeliest = shaped.likeliest(1).first().map(|candidate| candidate.token);
            return Distribution::certain(likeliest.unwrap_or(END));
        }
        heat(&mut shaped, self.sampling.temperature);
        if let Some(most) = self.sampling.top_k {
            keep_likeliest(&mut shaped, most);
        }
        keep_mass(&mut shaped, self.sampling.top_p);
        keep_share(&mut shaped, self.sampling.min_p);
        scale(&mut shaped);
        shaped
    }

    /// Adds the bias to the logits and takes the penalties off.
    fn adjust(&self, distribution: &mut Distribution) {
        let mut change: BTreeMap<u32, f64> = self.sampling.logit_bias.iter().copied().collect();
        let Sampling { frequency_penalty: often, presence_penalty: once, .. } = self.sampling;
        if often != 0.0 || once != 0.0 {
            for (token, times) in &self.said {
                let penalty = often * f64::from(*times) + once;
                *change.entry(*token).or_default() -= penalty.clamp(-MOST, MOST);
            }
        }
        if change.is_empty() {
            return;
        }
        let is_other = |token: &u32| distribution.others.tokens.binary_search(token).is_ok();
        let others: Vec<u32> = change.keys().copied().filter(is_other).collect();
        distribution.single_out(&others);
        // So the largest logit does not overflow; a factor that all have changes nothing.
        let highest = change.values().copied().fold(0.0, f64::max);
        for candidate in &mut distribution.candidates {
            let logit = change.get(&candidate.token).copied().unwrap_or(0.0);
            candidate.probability *= libm::exp(logit - highest);
        }
        distribution.others.each *= libm::exp(-highest);
        scale(distribution);
    }

    fn draw(&mut self, distribution: &Distribution) -> u32 {
        let share = (self.chance.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        let mut left = share * distribution.mass();
        for candidate in &distribution.candidates {
            if left < candidate.probability {
                return candidate.token;
            }
            left -= candidate.probability;
        }
        let others = &distribution.others;
        let place = if others.each > 0.0 { (left / others.each) as usize } else { usize::MAX };
        let last = || distribution.likeliest(1).first().map_or(END, |candidate| candidate.token);
        others.tokens.get(place).copied().unwrap_or_else(last)
    }
}

/// Divides the logits by a temperature above 0.
fn heat(distribution: &mut Distribution, temperature: f64) {
    if temperature == 1.0 {
        return;
    }
    // The likeliest becomes 1, so that a power of it does not vanish.
    let likeliest = distribution.candidates.iter().map(|candidate| candidate.probability);
    let likeliest = likeliest.fold(distribution.others.each, f64::max);
    // By logarithms, which takes half the time of a power.
    let hot = |probability: f64| libm::exp(libm::log(probability / likeliest) / temperature);
    for candidate in &mut distribution.candidates {
        candidate.probability = hot(candidate.probability);
    }
    distribution.others.each = hot(distribution.others.each);
    scale(distribution);
}

fn keep_likeliest(distribution: &mut Distribution, most: usize) {
    let most = most.max(1);
    let Others { tokens, each } = &distribution.others;
    if most >= distribution.candidates.len() + tokens.len() {
        return;
    }
    let others = tokens.iter().take(most);
    let others = others.map(|&token| Candidate { token, probability: *each });
    distribution.candidates.extend(others);
    distribution.others = Others::default();
    sort_first(&mut distribution.candidates, most);
    distribution.candidates.truncate(most);
}

/// Keeps the likeliest that together reach a share of the mass, the one that reaches it included.
fn keep_mass(distribution: &mut Distribution, share: f64) {
    if share >= 1.0 {
        return;
    }
    let wanted = share * distribution.mass();
    let (mut most, all) = (64, distribution.candidates.len());
    loop {
        sort_first(&mut distribution.candidates, most);
        match reached(&distribution.candidates[..most.min(all)], &distribution.others, wanted) {
            Some((candidates, others)) => {
                distribution.candidates.truncate(candidates);
                return distribution.others.truncate(others);
            }
            None if most >= all => return keep_others(distribution, wanted),
            None => most *= 8,
        }
    }
}

/// Keeps all candidates, and as many others as it takes to reach this mass.
fn keep_others(distribution: &mut Distribution, wanted: f64) {
    let mass = distribution.mass() - distribution.others.mass();
    let missing = ((wanted - mass) / distribution.others.each).ceil();
    distribution.others.truncate(missing.max(0.0) as usize);
}

/// How many candidates, in their order, and how many others it takes to reach this mass.
fn reached(candidates: &[Candidate], others: &Others, wanted: f64) -> Option<(usize, usize)> {
    let (mut mass, mut taken) = (0.0, 0);
    for (before, candidate) in candidates.iter().enumerate() {
        if taken == 0 && candidate.probability < others.each {
            let missing = ((wanted - mass) / others.each).ceil().max(1.0) as usize;
            taken = others.tokens.len();
            if missing <= taken {
                return Some((before, missing));
            }
            mass += others.mass();
        }
        mass += candidate.probability;
        if mass >= wanted {
            return Some((before + 1, taken));
        }
    }
    None
}

fn keep_share(distribution: &mut Distribution, share: f64) {
    if share <= 0.0 {
        return;
    }
    let likeliest = distribution.candidates.iter().map(|candidate| candidate.probability);
    let least = share * likeliest.fold(distribution.others.each, f64::max);
    distribution.candidates.retain(|candidate| candidate.probability >= least);
    if distribution.others.each < least {
        distribution.others = Others::default();
    }
}

fn scale(distribution: &mut Distribution) {
    let mass = distribution.mass();
    distribution.candidates.iter_mut().for_each(|candidate| candidate.probability /= mass);
    distribution.others.each /= mass;
}

#[cfg(test)]
mod tests;
