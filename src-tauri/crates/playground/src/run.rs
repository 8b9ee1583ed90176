//! The story of a run: what happened, in order and with times.
//!
//! Live view, replay, export and every lens read the same [`RunEvent`]s. Times are
//! whole microseconds since the run began, on a clock that never goes back.

use crate::{ApiError, WireRequest, http::Header, json, prices::Dollars, retry::Because};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

mod raw;

/// One step of a run. The last event is always one of `Finished`, `Interrupted`,
/// `Failed` or `Cancelled`, and there is exactly one of those.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum RunEvent {
    /// A request is about to leave.
    AttemptStarted {
        /// When.
        at_us: u64,
        /// 1 for the first try.
        attempt: u32,
        /// What is sent, its key masked.
        request: WireRequest,
    },
    /// The status line and headers came.
    ResponseStarted {
        /// When.
        at_us: u64,
        /// When the connection stood, TLS included; none if an open one was used again.
        #[serde(default)]
        #[ts(optional = nullable)]
        connected_us: Option<u64>,
        /// The HTTP status.
        status: u16,
        /// Such as `HTTP/1.1`.
        version: String,
        /// The response headers as received.
        headers: Vec<Header>,
    },
    /// One frame of the stream, or the whole body of a reply that was not streamed.
    Frame(Frame),
    /// An attempt failed before anything of a reply came, and another one follows.
    AttemptFailed {
        /// When.
        at_us: u64,
        /// Its number.
        attempt: u32,
        /// Why.
        error: ApiError,
    },
    /// The next attempt waits; it may begin earlier, if the person wants that.
    Waiting {
        /// When.
        at_us: u64,
        /// How long.
        for_us: u64,
        /// Who said so.
        because: Because,
    },
    /// The reply is complete.
    Finished {
        /// When.
        at_us: u64,
    },
    /// The reply began and then broke off. What came is kept.
    Interrupted {
        /// When.
        at_us: u64,
        /// What broke it.
        error: ApiError,
    },
    /// No reply came.
    Failed {
        /// When.
        at_us: u64,
        /// Why.
        error: ApiError,
    },
    /// The person pressed Stop, or the page went away. What came is kept.
    Cancelled {
        /// When.
        at_us: u64,
    },
}

impl RunEvent {
    /// When it happened, in microseconds since the run began.
    pub fn at_us(&self) -> u64 {
        match self {
            RunEvent::Frame(frame) => frame.at_us,
            RunEvent::AttemptStarted { at_us, .. }
            | RunEvent::ResponseStarted { at_us, .. }
            | RunEvent::AttemptFailed { at_us, .. }
            | RunEvent::Waiting { at_us, .. }
            | RunEvent::Finished { at_us }
            | RunEvent::Interrupted { at_us, .. }
            | RunEvent::Failed { at_us, .. }
            | RunEvent::Cancelled { at_us } => *at_us,
        }
    }

    /// Whether nothing follows this event.
    pub fn is_last(&self) -> bool {
        matches!(
            self,
            RunEvent::Finished { .. }
                | RunEvent::Interrupted { .. }
                | RunEvent::Failed { .. }
                | RunEvent::Cancelled { .. }
        )
    }
}

/// A frame as received and what it meant, side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Frame {
    /// 0 for the first frame of the attempt.
    pub index: u32,
    /// When its last byte arrived.
    pub at_us: u64,
    /// Where its first byte stands in the body.
    pub offset: u64,
    /// Its bytes, the line ends included: as text, or in base64 where they are not UTF-8.
    #[serde(with = "raw")]
    #[ts(as = "raw::Raw")]
    pub raw: Vec<u8>,
    /// What it meant; empty for a comment or padding.
    pub deltas: Vec<Delta>,
}

/// One thing that a frame told us.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum Delta {
    /// More of the visible reply.
    Text {
        /// Which of several replies to the same prompt it belongs to; the first is 0.
        choice: u32,
        /// The piece to append.
        text: String,
        /// How likely its tokens were, where that was asked and sent.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(optional, as = "Option<Vec<TokenChance>>")]
        logprobs: Vec<TokenChance>,
    },
    /// More of the model's reasoning, where the server shows it.
    Reasoning {
        /// Which of several replies to the same prompt; the first is 0.
        choice: u32,
        /// The piece to append.
        text: String,
    },
    /// The model declines, in words.
    Refusal {
        /// Which of several replies to the same prompt; the first is 0.
        choice: u32,
        /// The piece to append.
        text: String,
    },
    /// More of a call that the model wants made. It is shown and never made.
    ToolCall {
        /// Which of several replies to the same prompt; the first is 0.
        choice: u32,
        /// Which of the calls it belongs to; 0 is the first that began.
        index: u32,
        /// The tool's name, which comes once.
        name: Option<String>,
        /// The piece of its arguments to append. Joined they should be JSON, and may not be.
        arguments: String,
    },
    /// The provider's counts so far; a later one replaces an earlier one.
    Usage(Usage),
    /// The model stopped.
    Finish {
        /// Which of several replies to the same prompt; the first is 0.
        choice: u32,
        /// Why, in shared terms.
        reason: FinishReason,
        /// Why, in the provider's own word.
        raw: String,
    },
    /// The model that answered, which need not be the one that was asked.
    Model {
        /// Its id.
        id: String,
    },
    /// The provider reported a failure inside the stream.
    Error(ApiError),
    /// The frame could not be read.
    Unreadable {
        /// What was wrong with it.
        reason: String,
    },
    /// The stream said that it is complete.
    Done,
}

impl Delta {
    /// More of the first reply.
    pub fn text(text: impl Into<String>) -> Delta {
        Delta::Text { choice: 0, text: text.into(), logprobs: Vec::new() }
    }

    /// More of the first reply's reasoning.
    pub fn reasoning(text: impl Into<String>) -> Delta {
        Delta::Reasoning { choice: 0, text: text.into() }
    }

    /// More of the words with which the first reply declines.
    pub fn refusal(text: impl Into<String>) -> Delta {
        Delta::Refusal { choice: 0, text: text.into() }
    }

    /// Whether it holds words of the model: a reply has begun with it.
    pub fn is_words(&self) -> bool {
        self.speaker().is_some()
    }

    /// Of several replies to the same prompt, the one whose words it holds.
    pub fn speaker(&self) -> Option<u32> {
        match self {
            Delta::Text { choice, .. }
            | Delta::Reasoning { choice, .. }
            | Delta::Refusal { choice, .. }
            | Delta::ToolCall { choice, .. } => Some(*choice),
            _ => None,
        }
    }
}

/// A token that was drawn, how likely it was, and what else was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TokenChance {
    /// The token's text, as the server wrote it; part of a character may be shown as an escape.
    pub token: String,
    /// Its bytes, where the server sent them.
    pub bytes: Option<Vec<u8>>,
    /// The natural logarithm of its probability; servers send -9999 for "next to none".
    pub logprob: f64,
    /// The likeliest tokens at this place, the drawn one mostly among them.
    pub top: Vec<Alternative>,
}

/// A token that could have been drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Alternative {
    /// Its text.
    pub token: String,
    /// Its bytes, where the server sent them.
    pub bytes: Option<Vec<u8>>,
    /// The natural logarithm of its probability.
    pub logprob: f64,
}

impl Alternative {
    /// This one as the token that was drawn, with what else could have been.
    pub fn among(self, top: impl Iterator<Item = Alternative>) -> TokenChance {
        let Alternative { token, bytes, logprob } = self;
        TokenChance { token, bytes, logprob, top: top.collect() }
    }
}

/// Why the model stopped writing, in shared terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FinishReason {
    /// It was done, or met a stop text.
    Stop,
    /// It reached max tokens, or the end of the context window.
    Length,
    /// It wants a tool to be called.
    ToolCalls,
    /// A filter held the rest back.
    ContentFilter,
    /// The model, or a guard before it, declined.
    Refusal,
    /// A word that we do not know; the raw one stands beside it.
    Other,
}

/// Token counts as the provider bills them; `None` where it did not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Usage {
    /// All input tokens, those read from and written to a cache included.
    pub input_tokens: Option<u64>,
    /// Input tokens read from the provider's cache.
    pub cache_read_tokens: Option<u64>,
    /// Input tokens written to the provider's cache.
    pub cache_write_tokens: Option<u64>,
    /// Those of them that it keeps for the longer of its times, where it says so.
    pub cache_write_long_tokens: Option<u64>,
    /// All output tokens, hidden reasoning included.
    pub output_tokens: Option<u64>,
    /// Output tokens spent on reasoning.
    pub reasoning_tokens: Option<u64>,
    /// What the provider itself says that the call cost, in US dollars.
    pub reported_cost: Option<Dollars>,
    /// Whether a count was negative or no whole number: it is left out here.
    pub malformed: bool,
}

impl Usage {
    /// Counts under the names that they have here. What is no count is left out, and that is noted.
    pub fn read(counts: &Value) -> Usage {
        let count = |name: &str| json::count(counts, &[name]);
        Usage {
            input_tokens: count("input_tokens"),
            cache_read_tokens: count("cache_read_tokens"),
            cache_write_tokens: count("cache_write_tokens"),
            cache_write_long_tokens: count("cache_write_long_tokens"),
            output_tokens: count("output_tokens"),
            reasoning_tokens: count("reasoning_tokens"),
            reported_cost: json::reported_cost(counts),
            malformed: json::has_bad_count(counts),
        }
    }

    /// These counts, and the `earlier` ones where these say nothing.
    pub fn over(self, earlier: Usage) -> Usage {
        Usage {
            input_tokens: self.input_tokens.or(earlier.input_tokens),
            cache_read_tokens: self.cache_read_tokens.or(earlier.cache_read_tokens),
            cache_write_tokens: self.cache_write_tokens.or(earlier.cache_write_tokens),
            cache_write_long_tokens: self
                .cache_write_long_tokens
                .or(earlier.cache_write_long_tokens),
            output_tokens: self.output_tokens.or(earlier.output_tokens),
            reasoning_tokens: self.reasoning_tokens.or(earlier.reasoning_tokens),
            reported_cost: self.reported_cost.or(earlier.reported_cost),
            malformed: self.malformed || earlier.malformed,
        }
    }
}
