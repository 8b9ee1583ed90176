//! A summary in the place of the turns that it tells.
//!
//! It is asked for as a person would ask, with the turns themselves before the question; and it
//! stands in the chat as that question and its answer do. So speakers still take turns, in every
//! format.

use super::{Reader, Size, Trimming, choice, fit};
use crate::{
    Chat, Message, Parameters, Role,
    models::{encoding_for, row_of},
    tokens::{self, PromptTokens, TokenError, around},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the model is asked.
pub const ASK: &str = "Summarise our conversation so far in at most 100 words. Keep names, \
    numbers and what was decided: we go on with your summary alone.";

/// The longest summary in tokens, for a model with a large window.
const LONGEST: u32 = 300;

/// Words in the place of the first messages of a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ChatSummary {
    /// What it says.
    pub text: String,
    /// How many messages it stands in for, those of the system not counted.
    pub messages: u32,
}

/// A call that asks for a summary.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct SummaryCall {
    /// What is sent.
    pub chat: Chat,
    /// How many messages the answer will stand in for, those of the system not counted.
    pub messages: u32,
}

impl ChatSummary {
    /// The question and the answer that it is, with what each takes.
    pub(super) fn turn(&self, model: &str) -> Result<Vec<(Message, Size)>, TokenError> {
        let encoding = encoding_for(model).encoding;
        let said = [(Role::User, ASK), (Role::Assistant, &self.text)];
        let sized = said.map(|(role, text)| {
            let size =
                Size { said: tokens::count(encoding, text)?, around: around(encoding, role)? };
            Ok((Message { role, text: text.into() }, size))
        });
        sized.into_iter().collect()
    }
}

/// The call that asks `reader` to sum up the earlier turns of `chat`: the oldest, as many as fit
/// into its window beside the question and the answer. The newest of them stays as it is, unless it
/// is the only one. A summary that `trimming` has already is summed up with them.
///
/// `read` are the tokens of the chat, as in [`fit`]. None where there is nothing to sum up, or not
/// even the oldest turn fits.
///
/// # Errors
/// Where a text is too long to be counted.
pub fn summary_call(
    chat: &Chat,
    read: &PromptTokens,
    reader: Reader<'_>,
    trimming: &Trimming,
) -> Result<Option<SummaryCall>, TokenError> {
    let former = match trimming {
        Trimming::Summarise { summary: Some(summary) } => summary.messages,
        _ => 0,
    };
    let messages = match trimming {
        Trimming::Summarise { .. } => fit(chat, read, reader, trimming)?.chat.messages,
        _ => chat.messages.clone(),
    };
    let mut turns = choice::turns(&messages);
    turns.pop();
    // A summary alone gains nothing by being summed up.
    let stands_in = usize::from(former > 0);
    if turns.len() <= stands_in {
        return Ok(None);
    }
    turns.truncate((turns.len() - 1).max(stands_in + 1));
    let parameters = parameters(reader);
    let room = crate::lint::Room { reply: parameters.max_tokens, ..reader.room };
    let most = room.longest_prompt().unwrap_or(u32::MAX);
    let encoding = encoding_for(reader.model);
    while turns.len() > stands_in {
        let said = turns.iter().flatten().map(|place| messages[*place].clone());
        let ask = Message { role: Role::User, text: ASK.into() };
        let asked: Vec<Message> = said.chain([ask]).collect();
        let read = tokens::prompt(encoding.encoding, &asked, encoding.overhead, 0)?;
        let size = Size { said: read.total - read.overhead, around: read.overhead };
        if size.most(reader.model) <= most {
            // The two of a former summary are none of the chat's.
            let told = (asked.len() - 1 - 2 * stands_in) as u32;
            let chat = Chat { messages: asked, parameters };
            return Ok(Some(SummaryCall { chat, messages: former + told }));
        }
        turns.pop();
    }
    Ok(None)
}

/// A summary is short. What a model thinks before it counts as well, so one that does has no limit.
fn parameters(reader: Reader<'_>) -> Parameters {
    let reasons = row_of(reader.model).is_some_and(|it| it.family().reasons == Some(true));
    let short = reader.room.window.map_or(LONGEST, |window| LONGEST.min(window / 4));
    Parameters { max_tokens: (!reasons).then_some(short), ..Parameters::default() }
}
