use std::collections::{HashMap, HashSet};

use super::{
    reply::{LEFT, PAUSED, PAUSES, UNREAD, WHOLE},
    *,
};
use crate::{
    reading::STRANGE,
    sampling::{Sampler, Sampling},
};

fn user(text: &str) -> Turn {
    Turn { role: Role::User, name: None, text: text.to_owned() }
}

fn asked(question: &str) -> Prompted {
    Model::get().read(&[user(question)], Speaker::Answer, 8)
}

fn said(mut reply: Reply, sampling: Sampling) -> Vec<u32> {
    let mut sampler = Sampler::new(sampling, 0);
    let mut said = Vec::new();
    while said.len() < 500 {
        let token = sampler.pick(&reply.next());
        said.push(token);
        if token == END {
            break;
        }
        reply.say(token);
    }
    said
}

#[test]
fn probabilities_sum_to_1_whatever_was_said() {
    for question in ["What is a token?", "", "qwertz", "Tell me a story about a dragon"] {
        let mut reply = asked(question).reply("");
        let mut sampler =
            Sampler::new(Sampling { temperature: 1.6, seed: Some(3), ..Sampling::default() }, 0);
        for _ in 0..60 {
            let distribution = reply.next();
            assert!((distribution.mass() - 1.0).abs() < 1e-9, "{}", distribution.mass());
            let all = distribution.candidates.len() + distribution.others.tokens.len();
            assert_eq!(all, 199_999, "every token, and the end");
            assert!(distribution.candidates.iter().all(|it| it.probability > 0.0));
            reply.say(sampler.pick(&distribution));
        }
    }
}

/// What an end leaves to shorter ones after a beginning of so many tokens.
fn left_by(depth: usize, said: usize, beginning: &str) -> f64 {
    let [(_, clause), _, (_, sentence)] = PAUSES;
    let pause = match beginning.as_bytes() {
        [.., b'0'..=b'9', b'.'] => 1.0,
        [.., b','] => clause,
        [.., b'.'] => sentence,
        _ => 1.0,
    };
    let left = match LEFT[depth - 1] {
        _ if said == 0 => 0.0,
        left if depth == said + 1 => left.min(WHOLE),
        left => left,
    };
    if depth >= PAUSED { left * pause } else { left }
}

/// The documented formula, counted naively over the texts of the corpus.
#[test]
fn the_distribution_is_the_one_that_the_formula_gives() {
    let model = Model::get();
    let turns = [user("What is a token?")];
    let weights = model.weights(&turns, Speaker::Answer);
    let mut rows: Vec<(f64, Vec<u32>)> = Vec::new();
    for (weight, passage) in weights.iter().zip(&model.corpus.passages) {
        for answer in &passage.answers {
            rows.push((*weight, tokens::encode(answer).into_iter().chain([END]).collect()));
        }
    }
    let beginnings =
        ["", "A token is", "Each token", " has read", "A token is the unit,", "So it costs 2."];
    for beginning in beginnings {
        let context = tokens::encode(beginning);
        let mut mix: HashMap<u32, f64> = HashMap::new();
        for (weight, row) in &rows {
            for token in row.iter().filter(|token| **token != END) {
                *mix.entry(*token).or_default() += weight;
            }
        }
        let all: f64 = mix.values().sum();
        mix.values_mut().for_each(|weight| *weight /= all);
        for depth in 1..=6 {
            let mut counts: HashMap<u32, f64> = HashMap::new();
            for (weight, row) in &rows {
                for at in 0..row.len() {
                    // Before the first token stands the start, as one more token.
                    let fits = (1..=depth).all(|back| {
                        let here = at.checked_sub(back).map(|at| row[at]);
                        let there = context.len().checked_sub(back).map(|at| context[at]);
                        let is_past = back > context.len() + 1;
                        !is_past && here == there && (here.is_some() || back == at + 1)
                    });
                    if fits {
                        *counts.entry(row[at]).or_default() += weight;
                    }
                }
            }
            let all: f64 = counts.values().sum();
            if all == 0.0 {
                continue;
            }
            let kinds: f64 = counts.values().map(|count| count.min(1.0)).sum();
            let left = left_by(depth, context.len(), beginning);
            let trust = all / (all + left * kinds);
            mix.values_mut().for_each(|share| *share *= 1.0 - trust);
            for (token, count) in counts {
                *mix.entry(token).or_default() += trust * count / all;
            }
        }
        let found = asked("What is a token?").reply(beginning).next();
        let sum: f64 = mix.values().sum();
        for (token, expected) in mix {
            let difference = found.probability(token) - (1.0 - UNREAD) * expected / sum;
            assert!(difference.abs() < 1e-9, "{beginning:?} {token}: off by {difference}");
        }
    }
}

#[test]
fn a_reply_begins_as_some_answer_begins() {
    let answers = Model::get().corpus.passages.iter().flat_map(|passage| &passage.answers);
    let firsts: Vec<u32> = answers.map(|answer| tokens::encode(answer)[0]).collect();
    for question in ["Why is the sky blue?", "How do rainbows form?", "zorblax", ""] {
        let next = asked(question).reply("").next();
        let mass: f64 =
            firsts.iter().collect::<HashSet<_>>().into_iter().map(|it| next.probability(*it)).sum();
        assert!(mass > 1.0 - 2.0 * UNREAD, "{question:?}: {mass}");
    }
}

#[test]
fn the_same_beginning_always_has_the_same_distribution() {
    let prompted = asked("Why is the sky blue?");
    let (mut one, mut other) = (prompted.reply(""), prompted.reply(""));
    for token in said(prompted.reply(""), Sampling { seed: Some(5), ..Sampling::default() }) {
        assert_eq!(one.next(), other.next());
        one.say(token);
        other.say(token);
    }
}

#[test]
fn a_reply_that_is_read_again_and_again_goes_on_elsewhere() {
    let mut reply = asked("What is a token?").reply("");
    let greedy = Sampling { temperature: 0.0, ..Sampling::default() };
    let first = said(reply.clone(), greedy.clone());
    for token in &first {
        reply.say(*token);
    }
    reply.context.push(STRANGE);
    assert_ne!(said(reply, greedy), first);
}

#[test]
fn what_was_never_read_begins_anew() {
    let prompted = asked("What is a token?");
    let strange = prompted.reply("ვარდისფერი").next();
    assert_eq!(strange, prompted.reply("").next());
}

#[test]
fn a_count_goes_on_where_its_beginning_ends() {
    let table = [
        ("", "1, 2, 3, 4"),
        ("1, 2", ", 3, 4"),
        ("Sure: 1, 2,", " 3, 4"),
        ("1, 2, 3, 4", ""),
        ("Here you are: ", "1, 2, 3, 4"),
        ("é", "1, 2, 3, 4"),
    ];
    for (beginning, rest) in table {
        let tokens = said(asked("Count to 4").reply(beginning), Sampling::default());
        let bytes = tokens.iter().flat_map(|token| tokens::bytes(*token)).copied().collect();
        assert_eq!(String::from_utf8(bytes).unwrap(), rest, "{beginning:?}");
    }
}

#[test]
fn a_reply_at_temperature_1_has_a_bit_or_two_to_choose_in_each_token() {
    let mut bits = Vec::new();
    let asked_for = ["calls", "tokens", "errors", "parameters"];
    let passages = Corpus::get().passages.iter().filter(|it| asked_for.contains(&it.file));
    for passage in passages.step_by(3) {
        let mut reply = asked(&passage.phrasings[0].text).reply("");
        let sampling = Sampling { seed: Some(1), ..Sampling::default() };
        for token in said(reply.clone(), sampling) {
            bits.push(reply.next().entropy());
            reply.say(token);
        }
    }
    let mean = bits.iter().sum::<f64>() / bits.len() as f64;
    assert!((0.9..2.0).contains(&mean), "{mean} bits a token");
}
