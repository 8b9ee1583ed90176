//! Replies that a later request may go on from by their id.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use crate::{
    generation::Generation,
    model::{Role, Turn},
};

/// The oldest reply is forgotten when there are more.
const MOST_REPLIES: usize = 200;

/// What was said in the last conversations, by the id of each reply.
#[derive(Debug, Default)]
pub struct Memory {
    kept: Mutex<VecDeque<(String, Kept)>>,
}

/// A reply is kept as it begins: it is made again when somebody wants it, so that one that is
/// still on its way can be asked for, and one that nobody wants costs nothing.
#[derive(Debug, Clone)]
struct Kept {
    turns: Vec<Turn>,
    reply: Generation,
}

impl Memory {
    /// Keeps a conversation and the reply to it.
    pub fn keep(&self, id: String, turns: Vec<Turn>, reply: Generation) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_REPLIES {
            kept.pop_front();
        }
        kept.push_back((id, Kept { turns, reply }));
    }

    /// The conversation up to the reply with this id, the reply included.
    pub fn recall(&self, id: &str) -> Option<Vec<Turn>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Kept { mut turns, reply } =
            kept.iter().find(|(known, _)| known == id).map(|(_, kept)| kept.clone())?;
        drop(kept);
        let text = reply.map(|piece| piece.text).collect();
        turns.push(Turn { role: Role::Assistant, name: None, text });
        Some(turns)
    }
}
