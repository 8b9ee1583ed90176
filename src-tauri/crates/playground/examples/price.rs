//! Prints what a call cost as one JSON object.

use playground::{Delta, Usage, dialects, prices};
use serde_json::{Map, Value, json};
use std::{
    ffi::OsString,
    io::{self, Write},
    process::ExitCode,
};

const HELP: &str = r#"Prints what a call cost.

usage: cargo run -p playground --example price -- --model M --usage JSON [--at YYYY-MM-DD] [--batch]

JSON is an object with the counts that the provider gave, each optional or null: input_tokens,
cache_read_tokens, cache_write_tokens, cache_write_long_tokens (of the written ones, those kept for
the longer time), output_tokens, reasoning_tokens. Input and output are wholes: they include their
cached and reasoning parts. The usage object of an answer of any provider will do as well. The date
is that of the call (--date means the same); today (UTC) unless given.

Prints one JSON object. "total" is the cost in dollars as an exact decimal string, or null when it
is not known; then "reason" says why. "odd" says what cannot be true of the counts."#;

struct Call {
    model: String,
    usage: Usage,
    date: String,
    batch: bool,
}

fn main() -> ExitCode {
    let said = match words().and_then(|words| arguments(words.into_iter())) {
        Ok(Some(call)) => answer(&call).to_string(),
        Ok(None) => HELP.to_owned(),
        Err(sentence) => {
            eprintln!("{sentence}");
            return ExitCode::from(2);
        }
    };
    match writeln!(io::stdout(), "{said}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// What was written behind the program's name.
fn words() -> Result<Vec<String>, String> {
    let words = std::env::args_os().skip(1).map(OsString::into_string);
    words.map(|word| word.map_err(|word| format!("{word:?} is not UTF-8."))).collect()
}

/// The call to bill; none when only help is wanted.
fn arguments(mut arguments: impl Iterator<Item = String>) -> Result<Option<Call>, String> {
    let (mut model, mut usage, mut date, mut batch) = (None, None, None, false);
    while let Some(argument) = arguments.next() {
        let value = match argument.as_str() {
            "--help" | "-h" => return Ok(None),
            "--model" => &mut model,
            "--usage" => &mut usage,
            "--at" | "--date" => &mut date,
            "--batch" => {
                batch = true;
                continue;
            }
            other => return Err(format!("{other:?} is not an option here: try --help.")),
        };
        if value.is_some() {
            return Err(format!("{argument} is there twice."));
        }
        *value = Some(arguments.next().ok_or_else(|| format!("{argument} needs a value."))?);
    }
    let model = model.ok_or("--model is missing: try --help.")?;
    let usage = read_usage(&usage.ok_or("--usage is missing: try --help.")?)?;
    let date = date.unwrap_or_else(|| time::OffsetDateTime::now_utc().date().to_string());
    if !prices::is_day(&date) {
        return Err(format!("{date:?} is not a date: write it as YYYY-MM-DD."));
    }
    Ok(Some(Call { model, usage, date, batch }))
}

fn read_usage(json: &str) -> Result<Usage, String> {
    let counts: Map<String, Value> = serde_json::from_str(json)
        .map_err(|error| format!("--usage is not an object of token counts in JSON: {error}."))?;
    let has = |names: &[&str]| names.iter().any(|name| counts.contains_key(*name));
    // Each wire format has names of its own.
    let (dialect, place) = match () {
        () if has(&["prompt_tokens", "completion_tokens"]) => ("openai-chat", "usage"),
        () if has(&["input_tokens_details", "output_tokens_details"]) => {
            ("openai-responses", "usage")
        }
        () if has(&["promptTokenCount", "candidatesTokenCount"]) => ("gemini", "usageMetadata"),
        // Here the counts stand among the rest of the answer.
        () if has(&["prompt_eval_count", "eval_count"]) => ("ollama", ""),
        () if has(&[
            "cache_creation_input_tokens",
            "cache_read_input_tokens",
            "cache_creation",
        ]) =>
        {
            ("anthropic", "usage")
        }
        () => return Ok(Usage::read(&Value::Object(counts))),
    };
    let body = match place {
        "" => json!({ "done": true, "prompt_eval_count": counts.get("prompt_eval_count"),
            "eval_count": counts.get("eval_count") }),
        place => json!({ place: counts, "type": "message", "choices": [], "candidates": [] }),
    };
    let dialect = dialects::find(dialect).expect("the table has it");
    let deltas = dialect.decoder().whole(&body.to_string());
    let usage = deltas.into_iter().rev().find_map(|delta| match delta {
        Delta::Usage(usage) => Some(usage),
        _ => None,
    });
    Ok(usage.unwrap_or_default())
}

fn answer(call: &Call) -> Value {
    let book = prices::Book::default();
    let price = book.price_of(&call.model, &call.date);
    let bill = prices::bill(price, &call.usage, call.batch);
    json!({
        "model": call.model,
        "date": call.date,
        "total": bill.total,
        "reason": bill.missing.map(|missing| missing.to_string()),
        "lines": bill.lines,
        "above": bill.above,
        "batch_percent": bill.batch_percent,
        "reported": bill.reported,
        "odd": bill.odd,
        "price": price,
    })
}
