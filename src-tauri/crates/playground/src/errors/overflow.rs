//! The numbers of a prompt that does not fit, which every provider puts into another sentence.

use super::{ErrorBody, sentence};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How much was too much, as far as the server said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Overflow {
    /// Tokens that prompt and reply may have together, or the prompt alone.
    pub limit: Option<u64>,
    /// Tokens of the prompt.
    pub prompt: Option<u64>,
    /// Tokens that were asked for as room for the reply.
    pub reply: Option<u64>,
    /// Tokens above the limit, where the server says no more than that.
    pub over: Option<u64>,
}

/// The sentences, the more telling ones first. Sources: the providers' answers as recorded.
const SENTENCES: &[&str] = &[
    "maximum context length is {limit} tokens. However, you requested {total} tokens ({prompt} in the messages, {reply} in the completion)",
    "maximum context length is {limit} tokens. However, you requested about {total} tokens ({prompt} of text input, {reply} in the output)",
    "maximum context length is {limit} tokens. However, you requested about {total} tokens",
    "maximum context length is {limit} tokens. However, you requested {total} tokens",
    "maximum context length is {limit} tokens. However, your messages resulted in {prompt} tokens",
    "You passed {prompt} input tokens and requested {reply} output tokens. However, the model's context length is only {limit} tokens",
    "prompt is too long: {prompt} tokens > {limit} maximum",
    "context limit: {prompt} + {reply} > {limit}",
    "input token count ({prompt}) exceeds the maximum number of tokens allowed ({limit})",
    "request ({prompt} tokens) exceeds the available context size ({limit} tokens)",
    "exceeded max context length by {over} tokens",
];

/// What `words` or the fields of `body` say of it.
pub fn of(body: &ErrorBody, words: &str) -> Option<Overflow> {
    if body.prompt_tokens.is_some() && body.context_tokens.is_some() {
        let (prompt, limit) = (body.prompt_tokens, body.context_tokens);
        return Some(Overflow { prompt, limit, ..Overflow::default() });
    }
    let found = SENTENCES.iter().find_map(|pattern| sentence::numbers(words, pattern))?;
    let number = |name| found.iter().find(|(it, _)| *it == name).map(|(_, number)| *number);
    Some(Overflow {
        limit: number("limit"),
        prompt: number("prompt").or(number("total")),
        reply: number("reply").filter(|tokens| *tokens > 0),
        over: number("over"),
    })
}

impl Overflow {
    /// How long the reply may be so that it fits beside the prompt, where asking for less helps.
    pub fn room(&self) -> Option<u32> {
        self.reply?;
        let room = self.limit?.checked_sub(self.prompt?)?;
        u32::try_from(room).ok().filter(|room| *room > 0)
    }
}
