//! The form of models.dev: dollars for a million tokens.

use super::reading::{Entry, Reading, Told, Why, limit, price, provider};
use crate::prices::Price;
use serde_json::Value;

pub fn read(list: &Value, reading: &mut Reading<'_>) {
    for (name, of) in list.as_object().into_iter().flatten() {
        let Some(provider) = provider(name) else { continue };
        for (id, model) in of["models"].as_object().into_iter().flatten() {
            let entry = Entry {
                provider,
                id,
                name: model["name"].as_str(),
                context_window: limit(&model["limit"]["context"]),
                max_output: limit(&model["limit"]["output"]),
            };
            let row = row(&model["cost"], reading);
            reading.take(&entry, row.map(|row| vec![row]));
        }
    }
}

fn row(cost: &Value, reading: &Reading<'_>) -> Result<Price, Why> {
    let tiers = cost["tiers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let above = match (tiers, &cost["context_over_200k"]) {
        ([], Value::Null) => None,
        ([], over) => Some((200_000, told(over)?)),
        ([tier], _) => {
            let size = crate::json::whole(&tier["tier"]["size"]).ok_or(Why::TooComplex)?;
            Some((size, told(tier)?))
        }
        _ => return Err(Why::TooComplex),
    };
    reading.row(told(cost)?, above)
}

fn told(cost: &Value) -> Result<Told, Why> {
    let of = |field: &str| price(&cost[field], 6);
    Ok(Told {
        input: of("input")?,
        cache_read: of("cache_read")?,
        cache_write: of("cache_write")?,
        cache_write_long: None,
        output: of("output")?,
    })
}
