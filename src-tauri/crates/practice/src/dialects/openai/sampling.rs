//! How the choice of tokens is asked for in both of OpenAI's formats.

use std::collections::BTreeMap;

use super::Error;
use crate::{cards::Card, dialects::fields::Fields, sampling::Sampling};

/// The largest id of o200k_base: that of the end of a text.
const LAST_TOKEN: u32 = 199_999;

/// Reads every field that shapes the choice. A format that has fewer has refused the others, as
/// names that it does not know.
pub fn sampling(fields: &Fields, card: &Card) -> Result<Sampling, Error> {
    Ok(Sampling {
        temperature: fields.decimal("temperature", 0.0, 2.0)?.unwrap_or(card.temperature),
        top_p: fields.decimal("top_p", 0.0, 1.0)?.unwrap_or(1.0),
        top_k: top_k(fields)?,
        min_p: fields.decimal("min_p", 0.0, 1.0)?.unwrap_or(0.0),
        frequency_penalty: fields.decimal("frequency_penalty", -2.0, 2.0)?.unwrap_or(0.0),
        presence_penalty: fields.decimal("presence_penalty", -2.0, 2.0)?.unwrap_or(0.0),
        logit_bias: logit_bias(fields)?,
        seed: fields.integer("seed", i64::MIN, i64::MAX)?.map(|seed| seed as u64),
    })
}

/// OpenAI has no such field. Where servers that copied its format have it, 0 and -1 keep all.
fn top_k(fields: &Fields) -> Result<Option<usize>, Error> {
    let most = fields.integer("top_k", -1, i64::MAX)?.filter(|most| *most > 0);
    Ok(most.map(|most| usize::try_from(most).unwrap_or(usize::MAX)))
}

/// `{"1234": -100}`: what is added to the logits of tokens, by their ids.
fn logit_bias(fields: &Fields) -> Result<Vec<(u32, f64)>, Error> {
    let Some(biases) = fields.object("logit_bias")? else { return Ok(Vec::new()) };
    let mut read = BTreeMap::new();
    for name in biases.names() {
        let token = token(name).map_err(|why| {
            let message = format!("Invalid key in 'logit_bias': {name}. {why}");
            Error { param: Some("logit_bias".to_owned()), ..Error::plain(message) }
        })?;
        read.extend(biases.decimal(name, -100.0, 100.0)?.map(|bias| (token, bias)));
    }
    Ok(read.into_iter().collect())
}

/// The id that a key is, or why it is none.
fn token(key: &str) -> Result<u32, String> {
    if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("You should only be submitting non-negative integers.".to_owned());
    }
    let known = key.parse().ok().filter(|id| *id <= LAST_TOKEN);
    known.ok_or_else(|| format!("Maximum value is {LAST_TOKEN}."))
}

#[cfg(test)]
mod tests;
