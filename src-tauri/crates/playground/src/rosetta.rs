//! One chat as every wire format has it: what stands where in a request or a reply, by its
//! meaning, so that the formats can be read side by side.
//!
//! What the meanings are, where each format has them and what there is to say of that is data, in
//! `data/rosetta`. Who made which part of a request is asked of [`crate::origins`]; the data then
//! only has to name the places, and tests hold it to what the formats write and servers answer.

mod address;
mod anatomy;
mod request;
mod table;

pub use anatomy::{FrameGroup, ReplyAnatomy, ReplyHas, ReplyPart, ReplyRow, anatomy};
pub use request::Asked;
pub use table::MeaningKind;

use crate::{Chat, Role, Target, WireRequest};
use request::Written;
use serde::Serialize;
use table::{MEANINGS, Ways, table};
use ts_rs::TS;

/// A chat in several formats, side by side.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Rosetta {
    /// The requests.
    pub columns: Vec<RosettaColumn>,
    /// What at least one of them has, in the order in which a request is read.
    pub rows: Vec<RosettaRow>,
}

/// A chat as one format has it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct RosettaColumn {
    /// Who would be asked.
    pub target: Target,
    /// The format's id.
    pub dialect: String,
    /// Its name for people.
    pub name: String,
    /// The very request that would be sent, its key masked.
    pub request: WireRequest,
    /// The request's address in pieces that tile it.
    pub address: Vec<AddressPiece>,
    /// What each of its headers means, in their order.
    pub headers: Vec<HeaderMeaning>,
    /// What the parts of its body mean; every value in it lies in one.
    pub parts: Vec<RosettaPart>,
}

/// A piece of an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AddressPiece {
    /// Its text.
    pub text: String,
    /// The id of what it means.
    pub meaning: String,
}

/// What a header means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct HeaderMeaning {
    /// Its name, lower case.
    pub name: String,
    /// The id of what it means.
    pub meaning: String,
}

/// What a part of a body means. A part may have several meanings: where several texts were joined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RosettaPart {
    /// The part, as a JSON pointer; all that lies in it means the same.
    pub pointer: String,
    /// The id of what it means.
    pub meaning: String,
    /// Nobody set it: the format needs it, or it is better sent.
    pub unasked: bool,
}

/// A meaning, and how each column has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RosettaRow {
    /// Its id, such as `model`, `message.2` or `control.seed`: the same in every column.
    pub meaning: String,
    /// What it is a case of.
    pub kind: MeaningKind,
    /// What it is called.
    pub name: String,
    /// What it is, in a sentence.
    pub says: String,
    /// Whether the columns do not all have it alike.
    pub differs: bool,
    /// How each column has it, in their order.
    pub cells: Vec<RosettaCell>,
}

/// How a format has a meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RosettaCell {
    /// Whether it stands in this request.
    pub state: CellHas,
    /// Where it stands, or would: as in the glossary, or `address`, or `header NAME`; null where
    /// there is no such place.
    pub place: Option<String>,
    /// How this format has it, or why it has not.
    pub says: String,
}

/// Whether a meaning stands in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CellHas {
    /// It does.
    Here,
    /// The format has a place for it, and nothing stands there.
    Unset,
    /// The format has no counterpart.
    None,
}

/// What a part of a request means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Meaning {
    /// Its place among the rows of the data.
    row: usize,
    /// Which message of the chat, where it is one.
    message: Option<u32>,
}

impl Meaning {
    /// The meaning of that word in the data.
    fn word(word: &str) -> Meaning {
        let row = MEANINGS.request.iter().position(|it| it.word == word);
        Meaning { row: row.expect("a test reads every word"), message: None }
    }

    /// A message of `chat`.
    fn message(chat: &Chat, index: u32) -> Meaning {
        let role = chat.messages.get(index as usize).map_or(Role::User, |it| it.role);
        Meaning { message: Some(index), ..Meaning::word(role.as_str()) }
    }

    fn id(self) -> String {
        match self.message {
            Some(index) => format!("message.{index}"),
            None => MEANINGS.request[self.row].word.clone(),
        }
    }

    fn name(self, chat: &Chat) -> String {
        let name = &MEANINGS.request[self.row].name;
        let is_system = |it: &&crate::Message| it.role == Role::System;
        match self.message {
            Some(index) if MEANINGS.request[self.row].kind != MeaningKind::System => {
                format!("Message {}, {name}", index + 1)
            }
            Some(index) if chat.messages.iter().filter(is_system).nth(1).is_some() => {
                format!("{name}, message {}", index + 1)
            }
            _ => name.clone(),
        }
    }
}

/// `chat` as each of `asked` would be sent it.
pub fn rosetta(chat: &Chat, asked: &[Asked<'_>]) -> Rosetta {
    let written: Vec<Written> = asked.iter().map(|it| Written::of(chat, it)).collect();
    let mut meanings: Vec<Meaning> = written.iter().flat_map(Written::meanings).collect();
    // Messages stand in their own order, whoever speaks.
    let first = Meaning::word(Role::System.as_str()).row;
    meanings.sort_by_key(|it| (it.message.map_or(it.row, |_| first), it.message, it.row));
    meanings.dedup();
    let rows = meanings.into_iter().map(|meaning| row(chat, meaning, &written)).collect();
    Rosetta { columns: written.into_iter().map(|it| it.column).collect(), rows }
}

fn row(chat: &Chat, meaning: Meaning, written: &[Written]) -> RosettaRow {
    let cells: Vec<RosettaCell> = written.iter().map(|it| cell(meaning, it)).collect();
    let said = &MEANINGS.request[meaning.row];
    RosettaRow {
        meaning: meaning.id(),
        kind: said.kind,
        name: meaning.name(chat),
        says: said.says.clone(),
        differs: cells.windows(2).any(|it| it[0] != it[1]),
        cells,
    }
}

fn cell(meaning: Meaning, written: &Written) -> RosettaCell {
    let word = &MEANINGS.request[meaning.row].word;
    let ways = match &table(&written.column.dialect).request[word] {
        Ways::Here(ways) => ways,
        Ways::None { none } => {
            return RosettaCell { state: CellHas::None, place: None, says: none.clone() };
        }
    };
    let Some((places, is_unasked)) = written.places(meaning) else {
        let place = ways.iter().flat_map(|it| &it.place).next();
        let place = place.map(|it| it.at().to_owned());
        return RosettaCell { state: CellHas::Unset, place, says: ways[0].says.clone() };
    };
    let way = ways.iter().find(|way| places.iter().any(|it| way.has(it))).unwrap_or(&ways[0]);
    let unasked = way.unasked.as_ref().filter(|_| is_unasked);
    RosettaCell {
        state: CellHas::Here,
        place: Some(places.join(", ")),
        says: unasked.unwrap_or(&way.says).clone(),
    }
}

#[cfg(test)]
mod tests;
