//! The form of genai-prices: dollars for a million tokens, dated, with steps.

use super::reading::{Entry, Reading, Told, Why, limit, percent, price, provider};
use crate::prices::{Price, is_day};
use serde_json::Value;

/// What it calls each price.
const FIELDS: [&str; 5] =
    ["input_mtok", "cache_read_mtok", "cache_write_mtok", "cache_write_1h_mtok", "output_mtok"];
/// Other names of the price for what is kept long.
const LONG: [&str; 3] = ["cache_write_1h_mtok", "cache_write_12h_mtok", "cache_write_24h_mtok"];

pub fn read(list: &Value, reading: &mut Reading<'_>) {
    for of in list.as_array().into_iter().flatten() {
        let Some(provider) = of["id"].as_str().and_then(provider) else { continue };
        for model in of["models"].as_array().into_iter().flatten() {
            let entry = Entry {
                provider,
                id: model["id"].as_str().unwrap_or_default(),
                name: model["name"].as_str(),
                context_window: limit(&model["context_window"]),
                max_output: None,
            };
            let prices = dated(model, reading);
            reading.take(&entry, prices);
        }
    }
}

/// Each price from its day on, until the next one's.
fn dated(model: &Value, reading: &Reading<'_>) -> Result<Vec<Price>, Why> {
    let whole = [model["prices"].clone()];
    let listed = match &model["prices"] {
        Value::Array(listed) => listed.as_slice(),
        _ => &whole,
    };
    let mut rows = Vec::new();
    for one in listed {
        let constraint = &one["constraint"];
        let from = match (constraint, &constraint["start_date"]) {
            (Value::Null, _) => None,
            (_, Value::String(day)) if is_day(day) => Some(day.clone()),
            _ => return Err(Why::TooComplex),
        };
        let prices = one.get("prices").unwrap_or(one);
        let mut row = row(prices, reading)?;
        row.batch_percent = batch(model, prices, from.as_deref().unwrap_or(reading.day));
        rows.push(Price { valid_from: from, ..row });
    }
    rows.sort_by(|one, other| one.valid_from.cmp(&other.valid_from));
    for place in 1..rows.len() {
        rows[place - 1].valid_until = rows[place].valid_from.clone();
    }
    // Two for the same days would hide each other.
    rows.retain(|row| row.valid_until.is_none() || row.valid_from < row.valid_until);
    if rows.is_empty() { Err(Why::NoPrice) } else { Ok(rows) }
}

fn row(prices: &Value, reading: &Reading<'_>) -> Result<Price, Why> {
    let (mut base, mut long, mut start) = (Told::default(), Told::default(), None);
    for field in FIELDS.iter().chain(&LONG) {
        let value = &prices[*field];
        if let Value::Object(steps) = value {
            let tiers = value["tiers"].as_array().ok_or(Why::BadPrice)?;
            let [tier] = tiers.as_slice() else { return Err(Why::TooComplex) };
            let above = crate::json::whole(&tier["start"]).ok_or(Why::BadPrice)?;
            if start.is_some_and(|it| it != above) {
                return Err(Why::TooComplex);
            }
            start = Some(above);
            set(&mut long, field, price(&tier["price"], 6)?);
            set(&mut base, field, price(steps.get("base").unwrap_or(&Value::Null), 6)?);
        } else if let Some(told) = price(value, 6)? {
            set(&mut base, field, Some(told));
        }
    }
    reading.row(base, start.map(|above| (above, long)))
}

fn set(told: &mut Told, field: &str, price: Option<crate::prices::PerMillion>) {
    match field {
        "input_mtok" => told.input = price,
        "cache_read_mtok" => told.cache_read = price,
        "cache_write_mtok" => told.cache_write = price,
        "output_mtok" => told.output = price,
        _ => told.cache_write_long = price,
    }
}

/// What a batch costs from `day` on, where a variant for it is listed: the last that has begun.
fn batch(model: &Value, prices: &Value, day: &str) -> Option<u8> {
    let variants = model["price_variants"].as_array()?.iter();
    let begins =
        |it: &Value| it["constraint"]["start_date"].as_str().unwrap_or_default().to_owned();
    let of_batches = variants.filter(|it| it["when"]["processing"] == "batch");
    let variant = of_batches.filter(|it| begins(it).as_str() <= day).max_by_key(|it| begins(it))?;
    let base = |of: &Value, field: &str| {
        let value = &of[field];
        price(value.get("base").unwrap_or(value), 6).ok().flatten()
    };
    let told = |of: &Value| Told {
        input: base(of, "input_mtok"),
        output: base(of, "output_mtok"),
        ..Told::default()
    };
    percent(&told(prices), &told(&variant["prices"]))
}
