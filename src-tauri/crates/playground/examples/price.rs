//! Prints what a call cost as one JSON object.

use playground::{Usage, prices};
use serde_json::{Map, Value, json};
use std::process::ExitCode;

const HELP: &str = r#"Prints what a call cost.

usage: cargo run -p playground --example price -- --model M --usage JSON [--date YYYY-MM-DD]

JSON is an object with the counts that the provider gave, each optional or null: input_tokens,
cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens. Input and output are
wholes: they include their cached and reasoning parts. The date is that of the call; today (UTC)
unless given.

Prints one JSON object. "total" is the cost in dollars as an exact decimal string, or null when it
is not known; then "reason" says why."#;

struct Call {
    model: String,
    usage: Usage,
    date: String,
}

fn main() -> ExitCode {
    match arguments(std::env::args().skip(1)) {
        Ok(Some(call)) => {
            println!("{}", answer(&call));
            ExitCode::SUCCESS
        }
        Ok(None) => {
            println!("{HELP}");
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
    }
}

/// The call to bill; none when only help is wanted.
fn arguments(mut arguments: impl Iterator<Item = String>) -> Result<Option<Call>, String> {
    let (mut model, mut usage, mut date) = (None, None, None);
    while let Some(argument) = arguments.next() {
        let value = match argument.as_str() {
            "--help" | "-h" => return Ok(None),
            "--model" => &mut model,
            "--usage" => &mut usage,
            "--date" => &mut date,
            other => return Err(format!("{other:?} is not an option here: try --help.")),
        };
        *value = Some(arguments.next().ok_or_else(|| format!("{argument} needs a value."))?);
    }
    let model = model.ok_or("--model is missing: try --help.")?;
    let usage = read_usage(&usage.ok_or("--usage is missing: try --help.")?)?;
    let date = date.unwrap_or_else(|| time::OffsetDateTime::now_utc().date().to_string());
    if !prices::is_day(&date) {
        return Err(format!("{date:?} is not a date: write it as YYYY-MM-DD."));
    }
    Ok(Some(Call { model, usage, date }))
}

fn read_usage(json: &str) -> Result<Usage, String> {
    serde_json::from_str::<Map<String, Value>>(json)
        .and_then(|counts| serde_json::from_value(Value::Object(counts)))
        .map_err(|error| format!("--usage is not an object of token counts in JSON: {error}."))
}

fn answer(call: &Call) -> Value {
    let price = prices::price_of(&call.model, &call.date);
    let bill = prices::bill(price, &call.usage);
    json!({
        "model": call.model,
        "date": call.date,
        "total": bill.total,
        "reason": bill.missing.map(|missing| missing.to_string()),
        "lines": bill.lines,
        "above": bill.above,
        "price": price,
    })
}
