//! What of a chat fits into the model's context window, and what is left out before it is sent.
//!
//! A chat that is too long is refused: nothing cuts it by itself. [`fit`] leaves messages out as a
//! [`Trimming`] says, and tells of each whether the model will see it. What it leaves out are whole
//! turns, a question with its replies: so a reply never stands first, and speakers still take turns.
//!
//! - `choice`: which turns go; [`ChatSummary`]: a turn that stands in for those that went.

mod choice;
mod summary;

pub use summary::{ASK, ChatSummary, SummaryCall, summary_call};

use crate::{
    Chat, Message, Role,
    lint::Room,
    models::encoding_for,
    prices::certainty,
    tokens::{PromptTokens, TokenError, around},
};
use choice::Choice;
use serde::{Deserialize, Serialize};
use std::ops::{AddAssign, Range, SubAssign};
use ts_rs::TS;

/// Which messages are left out before a chat is sent. The last turn always stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum Trimming {
    /// None: what does not fit is refused.
    #[default]
    None,
    /// The oldest until the rest fits, the system message before all others.
    DropOldest,
    /// The oldest turns until the rest fits; the system message stays.
    KeepSystem,
    /// All but the system message and the last of the earlier turns, whether they fit or not.
    KeepLast {
        /// So many of them stay.
        turns: u32,
    },
    /// Turns from the middle outwards until the rest fits; the system message stays.
    MiddleOut,
    /// Those that a summary stands in for.
    Summarise {
        /// The summary; null if none was made yet.
        summary: Option<ChatSummary>,
    },
}

/// Who reads a chat.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The model's id.
    pub model: &'a str,
    /// The room that it has.
    pub room: Room,
}

/// A chat as it is sent, and what was left out of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// What is sent.
    pub chat: Chat,
    /// What became of each message.
    pub context: Context,
}

/// A model's context window with a chat in it. All sizes are in tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Context {
    /// Every message, in order, and what stands in for some; the beginning of the reply, where that
    /// is written, is the last.
    pub blocks: Vec<ContextBlock>,
    /// What the provider adds after the messages, so that the reply begins.
    pub begin: u32,
    /// All that is sent.
    pub tokens: u32,
    /// All that would be sent if nothing were left out.
    pub whole: u32,
    /// How many more than `tokens` the model may count; 0 where the count is exact.
    pub unsure: u32,
    /// What the model reads at most; null if that is not known.
    pub window: Option<u32>,
    /// What is kept free in the window for the reply; null where none is.
    pub reply: Option<u32>,
    /// What is left beside the messages and the room for the reply; null if that is not known.
    pub free: Option<u32>,
    /// How many tokens too many there are; 0 if it fits, or nobody knows.
    pub over: u32,
    /// Why it does not fit, or cannot be made to, in a sentence or two.
    pub why: Option<String>,
}

/// A message in the window, or one that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ContextBlock {
    /// Its place in the chat, from 0; null for what the chat has not.
    pub place: Option<u32>,
    /// Who speaks.
    pub role: Role,
    /// What it says, where the chat has it not.
    pub text: Option<String>,
    /// Its tokens, with those that the provider puts around it.
    pub tokens: u32,
    /// Whether it is sent.
    pub kept: bool,
}

/// A size in tokens: what is said, and what the provider puts around that.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Size {
    said: u32,
    around: u32,
}

impl Size {
    fn tokens(self) -> u32 {
        self.said.saturating_add(self.around)
    }

    /// The most that `model` may count.
    fn most(self, model: &str) -> u32 {
        let sure = certainty(model, self.tokens().into(), self.around.into(), None);
        u32::try_from(sure.high_tokens).unwrap_or(u32::MAX)
    }
}

impl AddAssign for Size {
    fn add_assign(&mut self, more: Size) {
        self.said = self.said.saturating_add(more.said);
        self.around = self.around.saturating_add(more.around);
    }
}

impl SubAssign for Size {
    fn sub_assign(&mut self, less: Size) {
        self.said = self.said.saturating_sub(less.said);
        self.around = self.around.saturating_sub(less.around);
    }
}

impl Room {
    /// The longest prompt that leaves the room for the reply.
    fn longest_prompt(self) -> Option<u32> {
        let beside = self.window.map(|it| it.saturating_sub(self.reply.unwrap_or(0)));
        beside.into_iter().chain(self.max_input).min()
    }
}

/// Leaves out of `chat` what `trimming` says, so that `reader` can read the rest.
///
/// `read` are the tokens of its messages, and of the reply's beginning behind them where that is
/// written.
///
/// # Errors
/// Where a summary is too long to be counted.
pub fn fit(
    chat: &Chat,
    read: &PromptTokens,
    reader: Reader<'_>,
    trimming: &Trimming,
) -> Result<Fitted, TokenError> {
    let sizes = sizes(reader.model, read)?;
    let choice = Choice::of(&chat.messages, trimming);
    let begin = match read.messages.is_empty() {
        true => 0,
        false => encoding_for(reader.model).overhead.begin(),
    };
    let stands_in = match &choice.summary {
        Some(summary) => summary.turn(reader.model)?,
        None => Vec::new(),
    };
    let mut size = Size { said: 0, around: begin };
    sizes.iter().for_each(|it| size += *it);
    let whole = size.tokens();
    stands_in.iter().for_each(|(_, it)| size += *it);
    let longest = reader.room.longest_prompt();
    let fits = |size: Size| longest.is_none_or(|most| size.most(reader.model) <= most);
    let mut kept = vec![true; sizes.len()];
    for gone in choice.gone {
        if choice.until_it_fits && fits(size) {
            break;
        }
        for place in gone {
            kept[place] = false;
            size -= sizes[place];
        }
    }
    // A summary stands right behind what it stands in for.
    let after = kept.iter().rposition(|it| !it).map_or(0, |last| last + 1);
    let sent = |places: Range<usize>| {
        places.filter(|place| kept[*place]).map(|place| chat.messages[place].clone())
    };
    let summary = stands_in.iter().map(|(message, _)| message.clone());
    let messages = sent(0..after).chain(summary).chain(sent(after..chat.messages.len()));
    let chat_sent = Chat { messages: messages.collect(), parameters: chat.parameters.clone() };
    let mut blocks = blocks(chat, read, &sizes, &kept);
    blocks.splice(after..after, stands_in.into_iter().map(summary_block));
    let context = Context { blocks, begin, whole, ..measured(size, reader) };
    let why = why(&context, reader.room, trimming);
    Ok(Fitted { chat: chat_sent, context: Context { why, ..context } })
}

/// What each message takes.
fn sizes(model: &str, read: &PromptTokens) -> Result<Vec<Size>, TokenError> {
    let encoding = encoding_for(model).encoding;
    let size = |(role, said)| Ok(Size { said, around: around(encoding, role)? });
    read.messages.iter().map(|it| size((it.role, it.cut.count))).collect()
}

/// How full the window is.
fn measured(size: Size, reader: Reader<'_>) -> Context {
    let Room { window, max_input, reply, .. } = reader.room;
    let (tokens, most) = (size.tokens(), size.most(reader.model));
    let filled = most.saturating_add(reply.unwrap_or(0));
    let over = |limit: Option<u32>, size: u32| limit.map_or(0, |it| size.saturating_sub(it));
    let left = |limit: Option<u32>, size: u32| limit.map(|it| it.saturating_sub(size));
    Context {
        blocks: Vec::new(),
        begin: 0,
        tokens,
        whole: tokens,
        unsure: most.saturating_sub(tokens),
        window,
        reply,
        free: left(window, filled).into_iter().chain(left(max_input, most)).min(),
        over: over(window, filled).max(over(max_input, most)),
        why: None,
    }
}

/// The messages of a chat, and the beginning of the reply behind them, where that is written.
fn blocks(chat: &Chat, read: &PromptTokens, sizes: &[Size], kept: &[bool]) -> Vec<ContextBlock> {
    let block = |place: usize| {
        let is_said = place < chat.messages.len();
        let begun = chat.parameters.prefill.as_ref().filter(|_| !is_said);
        ContextBlock {
            place: is_said.then_some(place as u32),
            role: read.messages[place].role,
            text: begun.cloned(),
            tokens: sizes[place].tokens(),
            kept: kept[place],
        }
    };
    (0..sizes.len()).map(block).collect()
}

fn summary_block((message, size): (Message, Size)) -> ContextBlock {
    let (role, text, tokens) = (message.role, Some(message.text), size.tokens());
    ContextBlock { place: None, role, text, tokens, kept: true }
}

/// Why the chat does not fit, or why nothing can be done.
fn why(context: &Context, room: Room, trimming: &Trimming) -> Option<String> {
    let fits_it = trimming.fits_it();
    let Some(window) = context.window else {
        let why = "How much this model reads is not known, so nothing is left out.";
        return fits_it.then(|| why.into());
    };
    if context.over == 0 {
        return None;
    }
    let over = context.over;
    if let Some(reply) = room.reply.filter(|reply| *reply >= window) {
        return Some(format!("Max tokens ({reply}) alone fill the window of {window}: set fewer."));
    }
    let many = if over == 1 { "1 token".into() } else { format!("{over} tokens") };
    let end = match (fits_it, room.forgets) {
        (true, _) => "All that may be left out is left out: what stays is too long by itself.",
        (false, true) => "The server leaves out the oldest messages itself, without a word.",
        (false, false) => "The call will be refused: nothing is cut by itself.",
    };
    Some(format!("That is {many} too many. {end}"))
}

#[cfg(test)]
mod tests;
