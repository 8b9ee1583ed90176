use std::{collections::BTreeSet, sync::Arc};

use proptest::prelude::*;

use super::*;
use crate::model::{Model, Role, Speaker, Turn};

/// A distribution with these weights for the tokens 0, 1, 2, … and three others.
fn with_weights(weights: &[f64]) -> Distribution {
    let candidates = weights.iter().zip(0..);
    let candidates = candidates.map(|(&probability, token)| Candidate { token, probability });
    let others = Others { tokens: Arc::new(vec![1000, 2000, 3000]), each: 1e-3 };
    let mut distribution = Distribution { candidates: candidates.collect(), others };
    scale(&mut distribution);
    distribution
}

/// What the model may say to questions, at the start of an answer and in the middle.
fn of_the_model() -> Vec<Distribution> {
    let table = [("What is a monad?", ""), ("What is a token?", "A token is"), ("Hello", "the")];
    let distribution = |(question, said): (&str, &str)| {
        let user = Turn { role: Role::User, name: None, text: question.to_owned() };
        Model::get().read(&[user], Speaker::Answer, 8).reply(said).next()
    };
    table.map(distribution).to_vec()
}

fn sampler(sampling: Sampling) -> Sampler {
    Sampler::new(Sampling { seed: Some(1), ..sampling }, 0)
}

fn tokens(distribution: &Distribution) -> BTreeSet<u32> {
    let candidates = distribution.candidates.iter().map(|candidate| candidate.token);
    let others = distribution.others.tokens.iter().copied();
    candidates.chain(others.filter(|_| distribution.others.each > 0.0)).collect()
}

/// Every token with its probability, the likeliest first, of equals the smaller token first.
fn sorted(distribution: &Distribution) -> Vec<(u32, f64)> {
    let all = tokens(distribution);
    let mut all: Vec<_> = all.into_iter().map(|it| (it, distribution.probability(it))).collect();
    all.sort_by(|left, right| right.1.total_cmp(&left.1));
    all
}

fn weights() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(1e-6..1.0_f64, 1..150)
}

/// The most that chi-square may be, by Wilson and Hilferty, so that a true sample is beyond it
/// once in ten thousand times.
fn most_chi_square(freedom: f64) -> f64 {
    let spread = 2.0 / (9.0 * freedom);
    freedom * (1.0 - spread + 3.719 * spread.sqrt()).powi(3)
}

#[test]
fn twenty_thousand_draws_are_as_often_as_they_are_likely() {
    const DRAWS: usize = 20_000;
    for (place, distribution) in of_the_model().into_iter().enumerate() {
        for temperature in [0.2, 1.0, 2.0] {
            let sampling = Sampling { temperature, seed: Some(2), ..Sampling::default() };
            let mut sampler = Sampler::new(sampling, 0);
            let shaped = sampler.shaped(&distribution);
            let mut seen: HashMap<u32, f64> = HashMap::new();
            for _ in 0..DRAWS {
                *seen.entry(sampler.draw(&shaped)).or_default() += 1.0;
            }
            let hot: Vec<(u32, f64)> = sorted(&distribution)
                .into_iter()
                .map(|(token, probability)| (token, probability.powf(1.0 / temperature)))
                .collect();
            let mass: f64 = hot.iter().map(|(_, weight)| weight).sum();
            let (mut chi_square, mut bins, mut rest) = (0.0, 0.0, (0.0, 0.0));
            for (token, weight) in hot {
                let expected = DRAWS as f64 * weight / mass;
                let found = seen.get(&token).copied().unwrap_or(0.0);
                if expected < 5.0 {
                    rest = (rest.0 + expected, rest.1 + found);
                    continue;
                }
                chi_square += (found - expected).powi(2) / expected;
                bins += 1.0;
            }
            if rest.0 >= 5.0 {
                chi_square += (rest.1 - rest.0).powi(2) / rest.0;
                bins += 1.0;
            }
            // One token may be all that cold leaves.
            assert!(
                chi_square < most_chi_square((bins - 1.0_f64).max(1.0)),
                "{place} at {temperature}: {chi_square} with {bins} bins"
            );
        }
    }
}

proptest! {
    #[test]
    fn what_is_drawn_from_sums_to_1(
        weights in weights(),
        temperature in 0.05..3.0_f64,
        top_p in 0.01..1.0_f64,
        top_k in prop::option::of(1_usize..200),
        min_p in 0.0..1.0_f64,
        bias in prop::collection::vec((0_u32..150, -100.0..100.0_f64), 0..5),
    ) {
        let sampling = Sampling { temperature, top_p, top_k, min_p, logit_bias: bias, ..Sampling::default() };
        let shaped = sampler(sampling).shaped(&with_weights(&weights));
        prop_assert!((shaped.mass() - 1.0).abs() < 1e-9);
        prop_assert!(!tokens(&shaped).is_empty());
    }

    #[test]
    fn top_k_keeps_the_likeliest_and_no_more(weights in weights(), top_k in 1_usize..200) {
        let distribution = with_weights(&weights);
        let shaped = sampler(Sampling { top_k: Some(top_k), ..Sampling::default() });
        let kept = tokens(&shaped.shaped(&distribution));
        let expected = sorted(&distribution).into_iter().take(top_k).map(|(token, _)| token);
        prop_assert_eq!(kept, expected.collect::<BTreeSet<_>>());
    }

    #[test]
    fn top_p_keeps_the_likeliest_until_they_reach_it(weights in weights(), top_p in 0.0..1.0_f64) {
        let distribution = with_weights(&weights);
        let kept = tokens(&sampler(Sampling { top_p, ..Sampling::default() }).shaped(&distribution));
        let mut mass = 0.0;
        let expected = sorted(&distribution).into_iter().take_while(|(_, probability)| {
            let goes_on = mass < top_p;
            mass += probability;
            goes_on
        });
        let least = sorted(&distribution).into_iter().take(1);
        let expected: BTreeSet<u32> = expected.chain(least).map(|(token, _)| token).collect();
        prop_assert_eq!(kept, expected);
    }

    #[test]
    fn min_p_keeps_a_share_of_the_likeliest(weights in weights(), min_p in 0.001..1.0_f64) {
        let distribution = with_weights(&weights);
        let kept = tokens(&sampler(Sampling { min_p, ..Sampling::default() }).shaped(&distribution));
        let all = sorted(&distribution);
        let least = min_p * all[0].1;
        let expected = all.into_iter().filter(|(_, probability)| *probability >= least);
        prop_assert_eq!(kept, expected.map(|(token, _)| token).collect::<BTreeSet<_>>());
    }

    #[test]
    fn bias_and_penalties_change_the_logits_by_what_they_say(
        weights in prop::collection::vec(1e-3..1.0_f64, 4..50),
        said in prop::collection::vec(0_u32..4, 0..6),
        frequency_penalty in -2.0..2.0_f64,
        presence_penalty in -2.0..2.0_f64,
        bias in -5.0..5.0_f64,
    ) {
        let distribution = with_weights(&weights);
        let logit_bias = vec![(1, bias), (2000, 1.0)];
        let mut sampler = sampler(Sampling {
            frequency_penalty, presence_penalty, logit_bias, ..Sampling::default()
        });
        for token in &said {
            *sampler.said.entry(*token).or_default() += 1;
        }
        let shaped = sampler.shaped(&distribution);
        let change = |token: u32| {
            let times = said.iter().filter(|other| **other == token).count() as f64;
            let penalty = frequency_penalty * times + if times > 0.0 { presence_penalty } else { 0.0 };
            let bias = match token { 1 => bias, 2000 => 1.0, _ => 0.0 };
            bias - penalty
        };
        // Logits are known but for one number that all share: compared with token 3000's.
        let logit = |of: &Distribution, token: u32| of.probability(token).ln() - of.probability(3000).ln();
        for token in tokens(&distribution) {
            let changed = logit(&shaped, token) - logit(&distribution, token);
            prop_assert!((changed - change(token)).abs() < 1e-9, "{}: {}", token, changed);
        }
    }

    #[test]
    fn at_temperature_0_the_likeliest_is_taken(weights in weights()) {
        let distribution = with_weights(&weights);
        let token = sampler(Sampling { temperature: 0.0, ..Sampling::default() }).pick(&distribution);
        prop_assert_eq!(token, sorted(&distribution)[0].0);
    }
}

#[test]
fn the_end_and_what_was_thought_are_never_penalised() {
    let distribution = Distribution::certain(END);
    let mut sampler = sampler(Sampling { frequency_penalty: 2.0, ..Sampling::default() });
    assert_eq!(sampler.pick(&distribution), END);
    assert!(sampler.said.is_empty());
    sampler.pick(&Distribution::certain(5));
    assert_eq!(sampler.said[&5], 1);
    sampler.forget();
    assert!(sampler.said.is_empty());
    let sampling = Sampling { frequency_penalty: -1e308, ..Sampling::default() };
    let mut sampler = Sampler::new(sampling, 0);
    let distribution = with_weights(&[0.5, 0.5]);
    for _ in 0..4 {
        let shaped = sampler.shaped(&distribution);
        assert!((shaped.mass() - 1.0).abs() < 1e-9, "{}", shaped.mass());
        sampler.pick(&distribution);
    }
}

#[test]
fn of_equally_likely_tokens_the_smaller_is_taken_at_temperature_0() {
    let mut distribution = with_weights(&[0.1, 0.4, 0.4]);
    distribution.candidates.reverse();
    let mut sampler = sampler(Sampling { temperature: 0.0, ..Sampling::default() });
    assert_eq!(sampler.pick(&distribution), 1);
}

#[test]
fn a_bias_of_100_leaves_one_token_even_one_that_was_never_read() {
    for distribution in of_the_model() {
        let unread = distribution.others.tokens[12_345];
        for token in [unread, distribution.likeliest(5)[4].token] {
            let logit_bias = vec![(token, 100.0)];
            let shaped = sampler(Sampling { logit_bias, ..Sampling::default() });
            assert!(shaped.shaped(&distribution).probability(token) > 1.0 - 1e-9);
        }
        let likeliest = distribution.likeliest(1)[0].token;
        let logit_bias = vec![(likeliest, -100.0)];
        let shaped = sampler(Sampling { logit_bias, ..Sampling::default() });
        assert!(shaped.shaped(&distribution).probability(likeliest) < 1e-9);
    }
}

#[test]
fn equal_seeds_draw_equally_and_choices_draw_for_themselves() {
    let distribution = &of_the_model()[0];
    let draws = |seed, choice| {
        let mut sampler = Sampler::new(Sampling { seed, ..Sampling::default() }, choice);
        (0..40).map(|_| sampler.pick(distribution)).collect::<Vec<_>>()
    };
    assert_eq!(draws(Some(7), 0), draws(Some(7), 0));
    assert_ne!(draws(Some(7), 0), draws(Some(8), 0));
    assert_ne!(draws(Some(7), 0), draws(Some(7), 1));
    assert_ne!(draws(None, 0), draws(None, 0));
}

/// What a seed gives must not depend on the machine, nor change by accident.
#[test]
fn a_seed_gives_the_same_draws_everywhere() {
    let distribution = with_weights(&[0.3, 0.2, 0.2, 0.1, 0.1]);
    let mut sampler = sampler(Sampling { temperature: 1.5, ..Sampling::default() });
    let draws: Vec<u32> = (0..20).map(|_| sampler.pick(&distribution)).collect();
    assert_eq!(draws, [1, 0, 2, 0, 1, 2, 1, 0, 4, 2, 1, 2, 0, 0, 1, 0, 2000, 4, 4, 0]);
}
