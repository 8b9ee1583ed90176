//! What a reply came to: the fold of its deltas, for everything that needs the whole of it.

use crate::{ApiError, Delta, FinishReason, Usage};

/// A reply, or as much of it as came.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reply {
    /// The visible text of each choice, by its number.
    pub texts: Vec<String>,
    /// The reasoning that was shown.
    pub reasoning: String,
    /// The words with which the model declined.
    pub refusal: String,
    /// The calls that the model wants made, in the order in which they began.
    pub tool_calls: Vec<ToolCall>,
    /// Why each choice ended; of several reasons the last.
    pub finish: Vec<Finish>,
    /// The provider's last counts.
    pub usage: Option<Usage>,
    /// The model that answered.
    pub model: Option<String>,
    /// The failure that the provider reported.
    pub error: Option<ApiError>,
}

/// A call that the model wants made. It is shown and never made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToolCall {
    /// The server's number for it.
    pub index: u32,
    /// The tool.
    pub name: String,
    /// What it is called with: JSON, if the model wrote it well.
    pub arguments: String,
}

/// How one choice ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finish {
    /// The choice.
    pub choice: u32,
    /// Why, in shared terms.
    pub reason: FinishReason,
    /// Why, in the provider's own word.
    pub raw: String,
}

/// More choices than any provider writes; a server's number may be anything.
pub(crate) const MOST_CHOICES: u32 = 128;

impl Reply {
    /// The text of the first choice.
    pub fn text(&self) -> &str {
        self.texts.first().map_or("", String::as_str)
    }

    /// Takes in what a frame told.
    pub fn apply(&mut self, delta: &Delta) {
        match delta {
            Delta::Text { choice, text, .. } => {
                let at = (*choice).min(MOST_CHOICES) as usize;
                if self.texts.len() <= at {
                    self.texts.resize(at + 1, String::new());
                }
                self.texts[at].push_str(text);
            }
            Delta::Reasoning { text } => self.reasoning.push_str(text),
            Delta::Refusal { text } => self.refusal.push_str(text),
            Delta::ToolCall { index, name, arguments } => {
                let call = self.call(*index);
                if let Some(name) = name {
                    call.name.clone_from(name);
                }
                call.arguments.push_str(arguments);
            }
            Delta::Usage(usage) => self.usage = Some(*usage),
            Delta::Finish { choice, reason, raw } => {
                self.finish.retain(|it| it.choice != *choice);
                self.finish.push(Finish { choice: *choice, reason: *reason, raw: raw.clone() });
            }
            Delta::Model { id } => self.model = Some(id.clone()),
            Delta::Error(error) => self.error = Some(error.clone()),
            Delta::Unreadable { .. } | Delta::Done => {}
        }
    }

    fn call(&mut self, index: u32) -> &mut ToolCall {
        let known = self.tool_calls.iter().position(|call| call.index == index);
        let at = known.unwrap_or(self.tool_calls.len());
        if known.is_none() {
            self.tool_calls.push(ToolCall { index, ..ToolCall::default() });
        }
        &mut self.tool_calls[at]
    }
}
