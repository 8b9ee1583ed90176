//! The items of a reply: what was thought, if the model thinks, and what was said.

use serde_json::{Value, json};

use crate::{
    dialects::{Ask, Call, Choice, openai},
    generation::Chance,
};

/// What a reply consists of, as far as it has come.
#[derive(Debug)]
pub struct Output {
    /// `None` where the model does not think.
    pub thought: Option<Thought>,
    /// Whether there is a message, besides a thought.
    pub has_message: bool,
    /// The id of the message.
    pub message_id: String,
    logprobs: bool,
    text: String,
    chances: Vec<Chance>,
}

/// An item about what was thought.
#[derive(Debug)]
pub struct Thought {
    pub id: String,
    /// Whether the thought is told. The real service tells a summary of it; here it is so short
    /// that it is told as it is.
    pub is_told: bool,
    pub text: String,
}

impl Thought {
    /// The summary: one part, if there is anything that may be told.
    pub fn summary(&self) -> Value {
        match self.is_told && !self.text.is_empty() {
            true => json!([self.part()]),
            false => json!([]),
        }
    }

    /// The one part of the summary, as far as it has come.
    pub fn part(&self) -> Value {
        json!({ "type": "summary_text", "text": self.text })
    }

    pub fn item(&self) -> Value {
        json!({ "id": self.id, "type": "reasoning", "summary": self.summary() })
    }
}

impl Output {
    /// Of the reply to this call, before it begins.
    pub fn new(call: &Call, ask: &Ask) -> Self {
        let number = call.head.number;
        let is_told = !call.body["reasoning"]["summary"].is_null();
        let thought =
            || Thought { id: format!("rs_practice{number:08}"), is_told, text: String::new() };
        Self {
            thought: openai::thinks(call.card, ask.effort).then(thought),
            has_message: false,
            message_id: format!("msg_practice{number:08}"),
            logprobs: ask.candidates.is_some(),
            text: String::new(),
            chances: Vec::new(),
        }
    }

    /// Where the message stands among the items.
    pub fn message_index(&self) -> usize {
        usize::from(self.thought.is_some())
    }

    /// Adds to the message.
    pub fn say(&mut self, text: &str, chances: &[Chance]) {
        self.text.push_str(text);
        self.chances.extend(chances.iter().filter(|_| self.logprobs).cloned());
    }

    /// Takes all of a reply in place of what there is.
    pub fn take(&mut self, choice: &Choice, has_message: bool) {
        if let Some(thought) = &mut self.thought {
            thought.text.clone_from(&choice.thought);
        }
        self.has_message = has_message;
        self.text.clear();
        self.chances.clear();
        self.say(&choice.text, &choice.chances);
    }

    /// Everything that has been said.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How likely the tokens were that have been said, where that was asked for.
    pub fn logprobs(&self) -> Value {
        openai::logprobs(&self.chances)
    }

    /// The one part of the message, as far as it has come.
    pub fn part(&self) -> Value {
        let logprobs = self.logprobs();
        json!({ "type": "output_text", "annotations": [], "logprobs": logprobs, "text": self.text })
    }

    /// The message with this content.
    pub fn message(&self, status: &str, content: Value) -> Value {
        json!({
            "id": self.message_id,
            "type": "message",
            "status": status,
            "content": content,
            "role": "assistant",
        })
    }

    /// Every item that there is.
    pub fn items(&self, status: &str) -> Value {
        let message = || self.message(status, json!([self.part()]));
        let thought = self.thought.iter().map(Thought::item);
        thought.chain(self.has_message.then(message)).collect()
    }
}
