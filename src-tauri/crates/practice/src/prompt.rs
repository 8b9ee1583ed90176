//! A request for a reply: read, counted and thought about, then answered.

use std::time::Instant;

use axum::{
    body::Body,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tokio::task::spawn_blocking;

use crate::{
    dialects::{Ask, Call, Choice, Writer},
    exchange::Exchange,
    faults::{Disturbance, Faults},
    generation::{Generation, Limits},
    memory::Kept,
    model::{self, CONTEXT_WINDOW, Prompted, Role, Turn},
    pace::Pace,
    refusal::{Problem, Refusal},
    speech,
};

/// A body whose JSON is right, for a model whose faults have been taken away.
pub struct Prompt {
    pub exchange: Exchange,
    /// The model's id; empty where none was named.
    pub id: String,
    pub body: Value,
}

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
        let choices = generations.into_iter().map(|generation| Choice::of(generation, begun));
        let choices: Vec<Choice> = choices.collect();
        let made = choices.iter().map(|choice| choice.ending.made).max().unwrap_or(0);
        speech::sleep_until(start, pace.due(made)).await;
        let (media_type, text) = writer.whole(&choices);
        Ok(exchange.deliver(&faults, media_type, text))
    }

    fn call(&self) -> Call<'_> {
        let memory = &self.exchange.shared.memory;
        Call { head: &self.exchange.head, body: &self.body, memory }
    }

    fn check_model(&self) -> Result<(), Refusal> {
        let known = self.id == model::ID;
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
        let max_tokens = most_tokens(&ask, prompt_tokens);
        let max_tokens = max_tokens.map_err(|problem| self.exchange.refuse(problem))?;
        let mut prompted = (self.exchange.shared.model)().read(&ask.turns);
        if let Some(shaped) = ask.form.shaped(&prompted.text()) {
            prompted = Prompted::saying(&shaped);
        }
        if let Some(last) = ask.turns.last().filter(|turn| turn.role == Role::Assistant)
            && ask.prefill
        {
            prompted = prompted.after(&last.text);
        }
        let generation = |_| {
            let limits = Limits { max_tokens, stop: ask.stop.clone() };
            let generation = Generation::new(prompted.clone(), limits);
            match ask.candidates {
                Some(candidates) => generation.with_chances(candidates),
                None => generation,
            }
        };
        let generations: Vec<_> = (0..ask.choices).map(generation).collect();
        if let (Some((id, turns)), Some(reply)) = (ask.keep.take(), generations.first()) {
            let writer = dialect.writer(&call, &ask, prompt_tokens).into();
            call.memory.keep(Kept { id, turns, reply: reply.clone(), writer });
        }
        let writer = dialect.writer(&call, &ask, prompt_tokens);
        Ok(Prepared { generations, writer, stream: ask.stream })
    }
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
fn most_tokens(ask: &Ask, prompt: usize) -> Result<usize, Problem> {
    let window = ask.window.unwrap_or(CONTEXT_WINDOW);
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
        assert_eq!(most_tokens(&ask(None, false), 68), Ok(32_700));
        assert_eq!(most_tokens(&ask(Some(5), false), 68), Ok(5));
        assert_eq!(most_tokens(&ask(Some(40_000), true), 68), Ok(32_700));
        let refused = Problem::ContextTooLong { window: 32_768, prompt: 68, wanted: 40_000 };
        assert_eq!(most_tokens(&ask(Some(40_000), false), 68), Err(refused));
        let small = Ask { window: Some(100), ..ask(None, true) };
        assert_eq!(most_tokens(&small, 68), Ok(32));
        assert!(most_tokens(&small, 101).is_err());
    }
}
