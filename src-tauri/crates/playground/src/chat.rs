//! What the learner composed, before any dialect.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Messages and parameters, in no dialect.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Chat {
    /// The whole conversation, oldest first: the API remembers nothing.
    pub messages: Vec<Message>,
    /// The knobs; an unset one is not sent.
    #[serde(default)]
    pub parameters: Parameters,
}

/// One turn of the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What they say.
    pub text: String,
}

/// Who speaks a [`Message`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Role {
    /// Standing instructions.
    System,
    /// The person asking.
    User,
    /// The model answering.
    Assistant,
}

impl Role {
    /// The word every dialect builds on: `system`, `user` or `assistant`.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
        }
    }
}

/// The knobs of a call. `None` means unset: nothing is sent, and the server decides.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(export)]
pub struct Parameters {
    /// The most tokens the model may write, hidden reasoning included.
    pub max_tokens: Option<u32>,
    /// How freely the next token is drawn; 0 always takes the likeliest.
    pub temperature: Option<f64>,
    /// Draw only from the likeliest tokens that together have this probability.
    pub top_p: Option<f64>,
    /// The reply ends before the first of these texts.
    pub stop: Option<Vec<String>>,
    /// Asks for the same draw again, where the server can.
    pub seed: Option<i64>,
    /// Whether the reply comes in pieces. Unset streams, since that is what the app is for.
    pub stream: Option<bool>,
}
