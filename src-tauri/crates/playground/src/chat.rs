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
///
/// A dialect writes those that it has, under its own names; see [`Control`].
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
    /// Draw only from so many of the likeliest tokens.
    pub top_k: Option<u32>,
    /// The reply ends before the first of these texts.
    pub stop: Option<Vec<String>>,
    /// Makes a token less likely the more often it has come.
    pub frequency_penalty: Option<f64>,
    /// Makes a token less likely once it has come.
    pub presence_penalty: Option<f64>,
    /// How many replies to write to the same prompt.
    pub n: Option<u32>,
    /// Asks for the same draw again, where the server can.
    pub seed: Option<i64>,
    /// Which shape the reply must have.
    pub response_format: Option<ResponseFormat>,
    /// Ask for the probability of each token, and of so many alternatives to it.
    pub logprobs: Option<u32>,
    /// How much the model reasons before it answers.
    pub effort: Option<Effort>,
    /// The most tokens it may spend on reasoning.
    pub thinking_budget: Option<u32>,
    /// Whether its reasoning, or a summary of it, is sent along.
    pub show_reasoning: Option<bool>,
    /// Whether the provider keeps the prompt for the next call, and how long.
    pub cache: Option<CacheLifetime>,
    /// The words with which the reply has to begin.
    pub prefill: Option<String>,
    /// Whether the reply comes in pieces. Unset streams, since that is what the app is for.
    pub stream: Option<bool>,
}

/// A shape that the reply must have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum ResponseFormat {
    /// Any JSON object.
    JsonObject,
    /// JSON that a schema allows.
    JsonSchema {
        /// What the schema is called.
        name: String,
        /// The JSON Schema itself.
        #[ts(type = "unknown")]
        schema: serde_json::Value,
    },
}

/// How much a model reasons, from not at all to as much as it can. No model knows all of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
#[allow(missing_docs, reason = "the words are the providers' own")]
pub enum Effort {
    None,
    Minimal,
    Low,
    Medium,
    High,
    XHigh,
    Max,
}

impl Effort {
    /// Every effort, the least first.
    pub const ALL: [Effort; 7] = [
        Effort::None,
        Effort::Minimal,
        Effort::Low,
        Effort::Medium,
        Effort::High,
        Effort::XHigh,
        Effort::Max,
    ];

    /// The word on the wire, such as `xhigh`.
    pub fn as_str(self) -> &'static str {
        match self {
            Effort::None => "none",
            Effort::Minimal => "minimal",
            Effort::Low => "low",
            Effort::Medium => "medium",
            Effort::High => "high",
            Effort::XHigh => "xhigh",
            Effort::Max => "max",
        }
    }
}

/// How long a provider keeps a prompt in its cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CacheLifetime {
    /// The shorter of the two that it offers: minutes.
    Short,
    /// The longer one, which costs more to write: hours.
    Long,
}

/// The name of one of the [`Parameters`]: what a dialect has, and what advice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
#[allow(missing_docs, reason = "each is the field of that name in `Parameters`")]
pub enum Control {
    MaxTokens,
    Temperature,
    TopP,
    TopK,
    Stop,
    FrequencyPenalty,
    PresencePenalty,
    N,
    Seed,
    ResponseFormat,
    Logprobs,
    Effort,
    ThinkingBudget,
    ShowReasoning,
    Cache,
    Prefill,
    Stream,
}

impl Control {
    /// Every control, in the order in which they are offered.
    pub const ALL: [Control; 17] = [
        Control::MaxTokens,
        Control::Temperature,
        Control::TopP,
        Control::TopK,
        Control::Stop,
        Control::FrequencyPenalty,
        Control::PresencePenalty,
        Control::N,
        Control::Seed,
        Control::ResponseFormat,
        Control::Logprobs,
        Control::Effort,
        Control::ThinkingBudget,
        Control::ShowReasoning,
        Control::Cache,
        Control::Prefill,
        Control::Stream,
    ];
}

impl Parameters {
    /// Whether this knob has been turned.
    pub fn is_set(&self, control: Control) -> bool {
        match control {
            Control::MaxTokens => self.max_tokens.is_some(),
            Control::Temperature => self.temperature.is_some(),
            Control::TopP => self.top_p.is_some(),
            Control::TopK => self.top_k.is_some(),
            Control::Stop => self.stop.as_ref().is_some_and(|texts| !texts.is_empty()),
            Control::FrequencyPenalty => self.frequency_penalty.is_some(),
            Control::PresencePenalty => self.presence_penalty.is_some(),
            Control::N => self.n.is_some(),
            Control::Seed => self.seed.is_some(),
            Control::ResponseFormat => self.response_format.is_some(),
            Control::Logprobs => self.logprobs.is_some(),
            Control::Effort => self.effort.is_some(),
            Control::ThinkingBudget => self.thinking_budget.is_some(),
            Control::ShowReasoning => self.show_reasoning.is_some(),
            Control::Cache => self.cache.is_some(),
            Control::Prefill => self.prefill.as_ref().is_some_and(|text| !text.is_empty()),
            Control::Stream => self.stream.is_some(),
        }
    }

    /// Leaves this knob to the server again.
    pub fn unset(&mut self, control: Control) {
        match control {
            Control::MaxTokens => self.max_tokens = None,
            Control::Temperature => self.temperature = None,
            Control::TopP => self.top_p = None,
            Control::TopK => self.top_k = None,
            Control::Stop => self.stop = None,
            Control::FrequencyPenalty => self.frequency_penalty = None,
            Control::PresencePenalty => self.presence_penalty = None,
            Control::N => self.n = None,
            Control::Seed => self.seed = None,
            Control::ResponseFormat => self.response_format = None,
            Control::Logprobs => self.logprobs = None,
            Control::Effort => self.effort = None,
            Control::ThinkingBudget => self.thinking_budget = None,
            Control::ShowReasoning => self.show_reasoning = None,
            Control::Cache => self.cache = None,
            Control::Prefill => self.prefill = None,
            Control::Stream => self.stream = None,
        }
    }
}
