//! Replies that a later request may ask for, or go on from, by their id.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use crate::{
    dialects::{Choice, Writer},
    generation::Generation,
    model::{Role, Turn},
};

/// The oldest reply is forgotten when there are more.
const MOST_REPLIES: usize = 50;

/// What was said in the last conversations, by the id of each reply.
#[derive(Debug, Default)]
pub struct Memory {
    kept: Mutex<VecDeque<Arc<Kept>>>,
}

/// A conversation and the reply to it. The reply is kept as it begins and made again when
/// somebody wants it: so one that is still on its way can be asked for, and one that nobody wants
/// costs nothing.
#[derive(Debug)]
pub struct Kept {
    pub id: String,
    pub turns: Vec<Turn>,
    pub reply: Generation,
    /// Has not written anything yet.
    pub writer: Mutex<Box<dyn Writer>>,
}

impl Memory {
    /// Keeps a conversation and the reply to it.
    pub fn keep(&self, reply: Kept) {
        let mut kept = lock(&self.kept);
        if kept.len() >= MOST_REPLIES {
            kept.pop_front();
        }
        kept.push_back(Arc::new(reply));
    }

    /// The conversation up to the reply with this id, the reply included.
    pub fn recall(&self, id: &str) -> Option<Vec<Turn>> {
        let kept = self.find(id)?;
        let said = kept.reply.clone().filter(|piece| !piece.is_thought);
        let text = said.map(|piece| piece.text).collect();
        let reply = Turn { role: Role::Assistant, name: None, text };
        Some(kept.turns.iter().cloned().chain([reply]).collect())
    }

    /// The reply with this id as one body, and its `Content-Type`.
    pub async fn body(&self, id: &str) -> Option<(&'static str, String)> {
        let kept = self.find(id)?;
        let choice = Choice::of(kept.reply.clone(), Instant::now()).await;
        Some(lock(&kept.writer).whole(&[choice]))
    }

    /// Forgets the reply with this id. Says whether there was one.
    pub fn forget(&self, id: &str) -> bool {
        let mut kept = lock(&self.kept);
        let before = kept.len();
        kept.retain(|reply| reply.id != id);
        kept.len() < before
    }

    fn find(&self, id: &str) -> Option<Arc<Kept>> {
        lock(&self.kept).iter().find(|reply| reply.id == id).cloned()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
