//! What a call will cost, before it is sent.

use super::{Dollars, Price};
use crate::chat::CacheLifetime;
use serde::Serialize;
use ts_rs::TS;

/// What a prompt costs, and the most that the call can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Estimate {
    /// The prompt alone, none of it cached.
    pub input: Dollars,
    /// The most that the prompt costs: all that the provider may count, written to a cache if that
    /// is dearer, as some providers do unasked.
    pub input_bound: Dollars,
    /// The tokens that `input_bound` pays for: all that the provider may count, with a schema and
    /// with what it may add to the messages.
    pub bound_tokens: u64,
    /// Whether `input_bound` takes them as written to a cache, since that is dearer.
    pub bound_is_cached: bool,
    /// The longest reply, as often as replies are asked for. None if no limit of it is known.
    pub output_bound: Option<Dollars>,
    /// The sum of both bounds.
    pub upper_bound: Option<Dollars>,
    /// The longest single reply in tokens, hidden reasoning included.
    pub output_limit: Option<u64>,
    /// Where that limit comes from.
    pub limit_from: LimitFrom,
}

/// Who limits the length of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LimitFrom {
    /// The parameter.
    MaxTokens,
    /// The model: no parameter is set, or it asks for more than the model can give.
    Model,
    /// Nobody that we know of.
    Unknown,
}

/// A call before it is sent, as far as it costs something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ahead {
    /// The tokens of the prompt.
    pub prompt_tokens: u64,
    /// The most that the provider may count.
    pub most_tokens: u64,
    /// What the prompt asks to be kept for.
    pub cache: Option<CacheLifetime>,
    /// The limit on a reply that is asked for.
    pub max_tokens: Option<u32>,
    /// The model's own: [`Model::max_output`](crate::models::Model::max_output).
    pub model_limit: Option<u32>,
    /// How many replies are asked for.
    pub replies: u32,
}

/// What a call will cost at `price`.
pub fn estimate(price: &Price, call: &Ahead) -> Estimate {
    let rates = price.rates(call.most_tokens);
    let (output_limit, limit_from) = match (call.max_tokens, call.model_limit) {
        (Some(asked), limit) if asked <= limit.unwrap_or(u32::MAX) => {
            (Some(u64::from(asked)), LimitFrom::MaxTokens)
        }
        (_, Some(limit)) => (Some(u64::from(limit)), LimitFrom::Model),
        _ => (None, LimitFrom::Unknown),
    };
    let write = match call.cache {
        Some(CacheLifetime::Long) => rates.cache_write_long.max(rates.cache_write),
        Some(CacheLifetime::Short) | None => rates.cache_write,
    };
    let dearest_input = rates.input.max(write.unwrap_or_default());
    let input_bound = dearest_input.cost(call.most_tokens);
    let replies = u64::from(call.replies.max(1));
    let output_bound = match output_limit {
        Some(output) => Some(rates.output.cost(output * replies)),
        None => price.is_free().then(Dollars::default),
    };
    Estimate {
        input: price.prompt_cost(call.prompt_tokens),
        input_bound,
        bound_tokens: call.most_tokens,
        bound_is_cached: dearest_input > rates.input,
        output_bound,
        upper_bound: output_bound.map(|output| [input_bound, output].into_iter().sum()),
        output_limit,
        limit_from,
    }
}
