//! Which turns go, and in which order.

use super::{ChatSummary, Trimming};
use crate::{Message, Role};

/// What may be left out: places of messages that go together, the first to go first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    pub gone: Vec<Vec<usize>>,
    /// Whether that ends as soon as the rest fits.
    pub until_it_fits: bool,
    /// What stands in for what goes.
    pub summary: Option<ChatSummary>,
}

impl Trimming {
    /// Whether it leaves out as much as has to be, and no more.
    pub(super) fn fits_it(&self) -> bool {
        matches!(self, Trimming::DropOldest | Trimming::KeepSystem | Trimming::MiddleOut)
    }
}

impl Choice {
    pub fn of(messages: &[Message], trimming: &Trimming) -> Choice {
        let mut earlier = turns(messages);
        // With no turn at all there is nothing that could stay.
        if earlier.pop().is_none() {
            return Choice::default();
        }
        let until_it_fits = trimming.fits_it();
        let (gone, summary) = match trimming {
            Trimming::None | Trimming::Summarise { summary: None } => (Vec::new(), None),
            Trimming::KeepSystem => (earlier, None),
            Trimming::DropOldest => (with_system(messages, earlier), None),
            Trimming::MiddleOut => (from_the_middle(earlier), None),
            Trimming::KeepLast { turns } => {
                let many = earlier.len().saturating_sub(*turns as usize);
                earlier.truncate(many);
                (earlier, None)
            }
            Trimming::Summarise { summary: Some(summary) } => {
                let gone = first(earlier, summary.messages as usize);
                let stands_in = (!gone.is_empty()).then(|| summary.clone());
                (gone, stands_in)
            }
        };
        Choice { gone, until_it_fits, summary }
    }
}

/// Each question with the replies to it, by the places of their messages. What stands before the
/// first question is a turn too.
pub fn turns(messages: &[Message]) -> Vec<Vec<usize>> {
    let mut turns: Vec<Vec<usize>> = Vec::new();
    for (place, message) in messages.iter().enumerate() {
        match (message.role, turns.last_mut()) {
            (Role::System, _) => {}
            (Role::Assistant, Some(turn)) => turn.push(place),
            _ => turns.push(vec![place]),
        }
    }
    turns
}

/// The system messages too, each in its place.
fn with_system(messages: &[Message], mut turns: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let is_system = |place: &usize| messages[*place].role == Role::System;
    turns.extend((0..messages.len()).filter(is_system).map(|place| vec![place]));
    turns.sort();
    turns
}

/// The middle one first; of two, the older.
fn from_the_middle(mut turns: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let mut order = Vec::with_capacity(turns.len());
    while !turns.is_empty() {
        order.push(turns.remove((turns.len() - 1) / 2));
    }
    order
}

/// The first turns that have so many messages together, or fewer.
fn first(turns: Vec<Vec<usize>>, messages: usize) -> Vec<Vec<usize>> {
    let mut many = 0;
    let is_first = |turn: &Vec<usize>| {
        many += turn.len();
        many <= messages
    };
    turns.into_iter().take_while(is_first).collect()
}
