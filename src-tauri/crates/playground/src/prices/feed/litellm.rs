//! The form of litellm: dollars for one token, and a flat list of fields.

use super::reading::{Entry, Reading, Told, Why, limit, percent, price, provider};
use crate::prices::Price;
use serde_json::Value;

/// The kinds of calls that are chats.
const CHATS: [&str; 2] = ["chat", "responses"];

pub fn read(list: &Value, reading: &mut Reading<'_>) {
    for (key, model) in list.as_object().into_iter().flatten() {
        let of = model["litellm_provider"].as_str().unwrap_or_default();
        let Some(provider) = provider(of) else { continue };
        if !model["mode"].as_str().is_none_or(|mode| CHATS.contains(&mode)) {
            continue;
        }
        let id = key.strip_prefix(of).and_then(|it| it.strip_prefix('/')).unwrap_or(key);
        let entry = Entry {
            provider,
            id,
            name: None,
            context_window: limit(&model["max_input_tokens"]),
            max_output: limit(&model["max_output_tokens"]),
        };
        let row = row(model, reading);
        reading.take(&entry, row.map(|row| vec![row]));
    }
}

fn row(model: &Value, reading: &Reading<'_>) -> Result<Price, Why> {
    let base = told(model, "")?;
    let above = match steps(model).as_slice() {
        [] => None,
        [(name, tokens)] => Some((*tokens, told(model, name)?)),
        _ => return Err(Why::TooComplex),
    };
    let batch = Told {
        input: price(&model["input_cost_per_token_batches"], 12)?,
        output: price(&model["output_cost_per_token_batches"], 12)?,
        ..Told::default()
    };
    let row = reading.row(base, above)?;
    Ok(Price { batch_percent: percent(&base, &batch), ..row })
}

/// The prices whose names end in `step`.
fn told(model: &Value, step: &str) -> Result<Told, Why> {
    let of = |field: &str| price(&model[format!("{field}{step}")], 12);
    let long = ["_above_1hr", "_above_12hr", "_above_24hr"];
    let long = long.map(|time| of(&format!("cache_creation_input_token_cost{time}")));
    let [hour, half_day, day] = long;
    Ok(Told {
        input: of("input_cost_per_token")?,
        cache_read: of("cache_read_input_token_cost")?,
        cache_write: of("cache_creation_input_token_cost")?,
        cache_write_long: hour?.or(half_day?).or(day?),
        output: of("output_cost_per_token")?,
    })
}

/// The ends of names that hold for long prompts, such as `_above_272k_tokens`, and from where on.
fn steps(model: &Value) -> Vec<(String, u64)> {
    let names = model.as_object().into_iter().flatten().map(|(name, _)| name);
    let steps = names.filter_map(|name| {
        let step = name.strip_prefix("input_cost_per_token")?;
        let thousands = step.strip_prefix("_above_")?.strip_suffix("k_tokens")?;
        let tokens = thousands.parse::<u64>().ok()?.checked_mul(1_000)?;
        Some((step.to_owned(), tokens))
    });
    steps.collect()
}
