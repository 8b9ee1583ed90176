//! What OpenAI's two formats share: errors, headers, the list of models, logprobs.

mod abilities;
mod error;
mod flaws;
mod sampling;
mod schema;
mod thinking;

use serde_json::{Value, json};

use super::BORN;
use crate::{
    cards::{CARDS, Card},
    generation::Chance,
    head::Head,
    refusal::Problem,
    tokens,
};
pub use abilities::{check_tools, form};
pub use error::Error;
pub use sampling::sampling;
pub use thinking::{SUPPORTED, effort, effort_name, refuse, thinks};

/// How many replies one request may ask for. The real service makes up to 128.
pub const MOST_CHOICES: i64 = 8;
/// How many candidates may be told for each token.
pub const MOST_CANDIDATES: i64 = 20;
/// What is told of a token that is all but impossible.
const LEAST_LOGPROB: f64 = -9999.0;

/// The list of models.
pub fn models() -> Value {
    json!({ "object": "list", "data": CARDS.iter().map(card).collect::<Vec<_>>() })
}

/// One model.
pub fn card(card: &Card) -> Value {
    json!({
        "id": card.id,
        "object": "model",
        "created": BORN,
        "owned_by": "tokenscope",
        "shutdown_date": null,
    })
}

/// The headers of every response. Nothing here is ever used up, unless a fault says so.
pub fn headers(head: &Head, limited: bool) -> Vec<(&'static str, String)> {
    let left = |left: &str| if limited { "0".to_owned() } else { left.to_owned() };
    let reset = if limited { "1s" } else { "6ms" };
    vec![
        ("x-request-id", format!("req_practice{:08}", head.number)),
        ("openai-processing-ms", head.at.elapsed().as_millis().to_string()),
        ("openai-version", "2020-10-01".to_owned()),
        ("openai-organization", "org-practice".to_owned()),
        ("openai-project", "proj_practice".to_owned()),
        ("x-ratelimit-limit-requests", "10000".to_owned()),
        ("x-ratelimit-limit-tokens", "2000000".to_owned()),
        ("x-ratelimit-remaining-requests", left("9999")),
        ("x-ratelimit-remaining-tokens", left("1999999")),
        ("x-ratelimit-reset-requests", reset.to_owned()),
        ("x-ratelimit-reset-tokens", reset.to_owned()),
    ]
}

/// The headers that tell how long to wait.
pub fn retry_header(problem: &Problem) -> Option<(&'static str, String)> {
    match problem {
        Problem::Fault(fault) if !fault.no_credit => fault.retry_after_header(),
        _ => None,
    }
}

/// How likely tokens were, as OpenAI and Ollama tell it.
pub fn logprobs(chances: &[Chance]) -> Value {
    let told = |chance: &Chance| {
        let mut entry = logprob(chance.token, chance.probability);
        entry["top_logprobs"] =
            chance.candidates.iter().map(|(token, chance)| logprob(*token, *chance)).collect();
        entry
    };
    chances.iter().map(told).collect()
}

fn logprob(token: u32, probability: f64) -> Value {
    let bytes = tokens::bytes(token);
    let text = String::from_utf8_lossy(bytes);
    json!({ "token": text, "logprob": probability.ln().max(LEAST_LOGPROB), "bytes": bytes })
}
