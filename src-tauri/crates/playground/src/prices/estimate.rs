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
    /// The prompt, written to a cache if that is dearer: some providers do so unasked.
    pub input_bound: Dollars,
    /// The longest reply. None if no limit of the reply is known.
    pub output_bound: Option<Dollars>,
    /// The sum of both bounds.
    pub upper_bound: Option<Dollars>,
    /// The longest reply in tokens, hidden reasoning included.
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

/// What a prompt of `prompt_tokens` will cost, when a reply ends at `max_tokens` (the parameter)
/// or `model_limit` ([`Model::max_output`](crate::models::Model::max_output)), the smaller;
/// `cache` is what the prompt asks to be kept for.
pub fn estimate(
    price: &Price,
    prompt_tokens: u64,
    cache: Option<CacheLifetime>,
    max_tokens: Option<u32>,
    model_limit: Option<u32>,
) -> Estimate {
    let rates = price.rates(prompt_tokens);
    let (output_limit, limit_from) = match (max_tokens, model_limit) {
        (Some(asked), limit) if asked <= limit.unwrap_or(u32::MAX) => {
            (Some(u64::from(asked)), LimitFrom::MaxTokens)
        }
        (_, Some(limit)) => (Some(u64::from(limit)), LimitFrom::Model),
        _ => (None, LimitFrom::Unknown),
    };
    let write = match cache {
        Some(CacheLifetime::Long) => rates.cache_write_long.max(rates.cache_write),
        Some(CacheLifetime::Short) | None => rates.cache_write,
    };
    let dearest_input = rates.input.max(write.unwrap_or_default());
    let input_bound = dearest_input.cost(prompt_tokens);
    let output_bound = output_limit.map(|output| rates.output.cost(output));
    Estimate {
        input: rates.input.cost(prompt_tokens),
        input_bound,
        output_bound,
        upper_bound: output_bound.map(|output| [input_bound, output].into_iter().sum()),
        output_limit,
        limit_from,
    }
}
