//! A request for a reply: read, counted and thought about, then answered.

use std::time::Instant;

use axum::{
    body::Body,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use crate::{
    cards::{self, CARDS, Card, Effort},
    dialects::{Ask, Call, Choice, Writer},
    exchange::Exchange,
    faults::{Disturbance, Faults},
    form::Form,
    generation::{Generation, Limits},
    memory::Kept,
    model::{self, Model, Prompted, Reply, Role, Speaker, Turn, Vote},
    pace::Pace,
    refusal::{Problem, Refusal},
    sampling::{Sampler, Sampling},
    speech, tokens,
};

/// A body whose JSON is right, for a model whose faults have been taken away.
pub struct Prompt {
    pub exchange: Exchange,
    /// The model's id; empty where none was named.
    pub id: String,
    pub body: Value,
}

/// The field of a request that holds the reply so far.
const PARTIAL: &str = "partial";
/// So many of the likeliest tokens are told.
const MOST_TOLD: usize = 200;

struct Prepared {
    generations: Vec<Generation>,
    writer: Box<dyn Writer>,
    stream: bool,
}

impl Prompt {
    /// How many tokens the prompt has.
    pub async fn counted(self) -> Result<usize, Refusal> {
        let exchange = self.exchange.clone();
        let counted = spawn_blocking(move || {
            let turns = self.exchange.dialect.countable(&self.call())?;
            self.check_model()?;
            Ok(model::prompt_tokens(&turns))
        });
        counted.await.map_err(|_| exchange.refuse(Problem::Broken))?
    }

    /// What may come next, as a document.
    pub async fn distribution(mut self) -> Result<Value, Refusal> {
        let exchange = self.exchange.clone();
        let told = spawn_blocking(move || {
            let partial = self.body.as_object_mut().and_then(|body| body.remove(PARTIAL));
            let beginning = match &partial {
                None | Some(Value::Null) => "",
                Some(Value::String(beginning)) => beginning,
                Some(_) => {
                    let reason = "it wants the text of the reply so far".to_owned();
                    let problem = Problem::Own { place: PARTIAL, reason };
                    return Err(self.exchange.refuse(problem));
                }
            };
            let call = self.call();
            let ask = self.exchange.dialect.ask(&call)?;
            self.check_model()?;
            let prompt = model::prompt_tokens(&ask.turns) + tokens::encode(beginning).len();
            most_tokens(&ask, call.card, prompt)
                .map_err(|problem| self.exchange.refuse(problem))?;
            let model = (self.exchange.shared.model)();
            let prompted = model.read(&ask.turns, Speaker::Answer, call.card.depth);
            Ok(told(&prompted.reply(beginning)))
        });
        told.await.map_err(|_| exchange.refuse(Problem::Broken))?
    }

    /// The reply, at this pace and with these faults.
    pub async fn answered(self, pace: Pace, faults: Faults) -> Result<Response, Refusal> {
        let exchange = self.exchange.clone();
        let start = exchange.head.at;
        let prepared = spawn_blocking(move || self.prepare()).await;
        let prepared = prepared.map_err(|_| exchange.refuse(Problem::Broken))??;
        let Prepared { generations, mut writer, stream } = prepared;
        if stream {
            speech::sleep_until(start, pace.due(0)).await;
            let kind = [(header::CONTENT_TYPE, writer.stream_type())];
            let disturbance = Disturbance::new(faults);
            let frames = speech::frames(generations, writer, pace, start, disturbance);
            return Ok((kind, Body::from_stream(frames)).into_response());
        }
        let begun = Instant::now().max(start + pace.due(0));
        let mut choices = Vec::with_capacity(generations.len());
        for generation in generations {
            choices.push(Choice::of(generation, begun).await);
        }
        let made = choices.iter().map(|choice| choice.ending.made).max().unwrap_or(0);
        speech::sleep_until(start, pace.due(made)).await;
        let (media_type, text) = writer.whole(&choices);
        Ok(exchange.deliver(&faults, media_type, text))
    }

    fn call(&self) -> Call<'_> {
        let memory = &self.exchange.shared.memory;
        let card = cards::card(&self.id).unwrap_or(&CARDS[0]);
        Call { head: &self.exchange.head, card, body: &self.body, memory }
    }

    fn check_model(&self) -> Result<(), Refusal> {
        let known = cards::card(&self.id).is_some();
        let problem = || Problem::UnknownModel(self.id.clone());
        if known { Ok(()) } else { Err(self.exchange.refuse(problem())) }
    }

    /// Everything that takes thought rather than time: reading, counting, choosing a passage.
    fn prepare(self) -> Result<Prepared, Refusal> {
        let call = self.call();
        let dialect = self.exchange.dialect;
        let mut ask = dialect.ask(&call)?;
        self.check_model()?;
        if let Some(window) = ask.window {
            forget(&mut ask.turns, window);
        }
        let prompt_tokens = model::prompt_tokens(&ask.turns);
        let max_tokens = most_tokens(&ask, call.card, prompt_tokens);
        let max_tokens = max_tokens.map_err(|problem| self.exchange.refuse(problem))?;
        ask.sampling.seed = self.exchange.seed()?.or(ask.sampling.seed);
        let generations = self.generations(&ask, max_tokens);
        if let (Some((id, turns)), Some(reply)) = (ask.keep.take(), generations.first()) {
            let writer = dialect.writer(&call, &ask, prompt_tokens).into();
            call.memory.keep(Kept { id, turns, reply: reply.clone(), writer });
        }
        let writer = dialect.writer(&call, &ask, prompt_tokens);
        Ok(Prepared { generations, writer, stream: ask.stream })
    }

    /// Every choice, about to begin. A request without a seed gets one, for a reply that is kept
    /// must come out the same when it is made again.
    fn generations(&self, ask: &Ask, max_tokens: usize) -> Vec<Generation> {
        let model = (self.exchange.shared.model)();
        let card = self.call().card;
        let limits = Limits { max_tokens, stop: ask.stop.clone() };
        let sampling = Sampling { seed: Some(ask.sampling.seed()), ..ask.sampling.clone() };
        let beginning = ask.beginning();
        let thoughts = if card.thinks { thoughts(model, ask, card) } else { Vec::new() };
        let generation = |choice| {
            let sampler = Sampler::new(sampling.clone(), choice);
            let prompted = prompted(model, ask, card, &sampler, max_tokens);
            let generation = Generation::new(prompted.reply(beginning), sampler, limits.clone());
            let generation = generation.with_thoughts(thoughts.clone());
            let generation =
                if ask.is_object() { generation.in_json(beginning) } else { generation };
            match ask.candidates {
                Some(candidates) => generation.with_chances(candidates),
                None => generation,
            }
        };
        (0..ask.choices).map(generation).collect()
    }
}

/// What may follow a reply so far: the likeliest tokens with the passages that speak for each, the
/// entropy of all in bits, and the mass of all.
fn told(reply: &Reply) -> Value {
    let distribution = reply.next();
    let likeliest = distribution.likeliest(MOST_TOLD);
    let ids: Vec<u32> = likeliest.iter().map(|candidate| candidate.token).collect();
    let told = likeliest.iter().zip(reply.votes(&ids)).map(|(candidate, votes)| {
        let bytes = tokens::said(candidate.token);
        let votes = votes
            .into_iter()
            .map(|Vote { passage, share }| json!({ "passage": passage.title(), "share": share }));
        json!({
            "id": candidate.token,
            "text": String::from_utf8_lossy(bytes),
            "bytes": bytes,
            "probability": candidate.probability,
            "passages": votes.collect::<Vec<_>>(),
        })
    });
    json!({
        "tokens": told.collect::<Vec<_>>(),
        "entropy": distribution.entropy(),
        "total_mass": distribution.mass(),
    })
}

/// The model after reading what was asked.
fn prompted(
    model: &'static Model,
    ask: &Ask,
    card: &Card,
    sampler: &Sampler,
    max_tokens: usize,
) -> Prompted {
    match &ask.form {
        _ if ask.is_object() => model.read(&ask.turns, Speaker::Json, card.depth),
        Form::Text => model.read(&ask.turns, Speaker::Answer, card.depth),
        form => {
            let prompted = model.read(&ask.turns, Speaker::Answer, card.depth);
            let limits = Limits { max_tokens, stop: Vec::new() };
            let answer: String = Generation::new(prompted.reply(""), sampler.clone(), limits)
                .map(|piece| piece.text)
                .collect();
            Prompted::saying(&form.shaped(&answer).unwrap_or(answer))
        }
    }
}

/// What is thought before an answer: more, the more effort is wanted.
fn thoughts(model: &'static Model, ask: &Ask, card: &Card) -> Vec<Reply> {
    let many = match ask.effort {
        Effort::None => 0,
        Effort::Low => 1,
        Effort::High => 3,
    };
    let thought = model.read(&ask.turns, Speaker::Thought, card.depth).reply("");
    vec![thought; many]
}

/// Drops the oldest messages until the rest fits. Instructions and the last message stay.
fn forget(turns: &mut Vec<Turn>, window: usize) {
    let mut excess = model::prompt_tokens(turns).saturating_sub(window);
    let mut index = 0;
    while excess > 0 && index + 1 < turns.len() {
        if matches!(turns[index].role, Role::System | Role::Developer) {
            index += 1;
            continue;
        }
        let gone = turns.remove(index);
        let none = model::prompt_tokens(&[]);
        excess = excess.saturating_sub(model::prompt_tokens(&[gone]) - none);
    }
}

/// How many tokens the reply may have.
fn most_tokens(ask: &Ask, card: &Card, prompt: usize) -> Result<usize, Problem> {
    let window = ask.window.map_or(card.window, |window| window.min(card.window));
    let wanted = ask.max_tokens.filter(|_| !ask.clamp).unwrap_or(0);
    if prompt.saturating_add(wanted) > window {
        return Err(Problem::ContextTooLong { window, prompt, wanted });
    }
    let room = window - prompt;
    Ok(ask.max_tokens.map_or(room, |wanted| wanted.min(room)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: &Card = &CARDS[0];

    fn turn(role: Role, text: &str) -> Turn {
        Turn { role, name: None, text: text.to_owned() }
    }

    #[test]
    fn the_oldest_messages_go_first_and_the_instructions_stay() {
        let all = [
            turn(Role::System, "Be kind."),
            turn(Role::User, "one"),
            turn(Role::Assistant, "two"),
            turn(Role::User, "three"),
        ];
        let whole = model::prompt_tokens(&all);
        let kept = |window| {
            let mut turns = all.to_vec();
            forget(&mut turns, window);
            turns.iter().map(|turn| turn.text.clone()).collect::<Vec<_>>()
        };
        assert_eq!(kept(whole), ["Be kind.", "one", "two", "three"]);
        assert_eq!(kept(whole - 1), ["Be kind.", "two", "three"]);
        assert_eq!(kept(whole - 6), ["Be kind.", "three"]);
        assert_eq!(kept(0), ["Be kind.", "three"]);
    }

    #[test]
    fn a_reply_has_what_is_left_of_the_window() {
        let ask = |max_tokens, clamp| Ask { max_tokens, clamp, ..Ask::default() };
        assert_eq!(most_tokens(&ask(None, false), CARD, 68), Ok(4_028));
        assert_eq!(most_tokens(&ask(Some(5), false), CARD, 68), Ok(5));
        assert_eq!(most_tokens(&ask(Some(40_000), true), CARD, 68), Ok(4_028));
        let refused = Problem::ContextTooLong { window: 4_096, prompt: 68, wanted: 40_000 };
        assert_eq!(most_tokens(&ask(Some(40_000), false), CARD, 68), Err(refused));
        let small = Ask { window: Some(100), ..ask(None, true) };
        assert_eq!(most_tokens(&small, CARD, 68), Ok(32));
        assert!(most_tokens(&small, CARD, 101).is_err());
    }
}
