//! What is said of a run in figures, the same in every format.

use super::{Transcript, inline};
use crate::Outcome;
use playground::{Provider, Target, prices};
use serde_json::Value;
use time::OffsetDateTime;

/// A name and a value, each for the inside of a line.
pub type Fact = (&'static str, String);

/// Who was asked, when, and what it came to.
pub fn facts(of: &Transcript) -> Vec<Fact> {
    let summary = &of.kept.summary;
    let target = &summary.target;
    let provider = Provider::find(&target.provider).map_or(&*target.provider, |it| it.name);
    let address = target.base_url.as_deref().unwrap_or_default();
    let format = target.dialect.as_deref().unwrap_or_default();
    let mut facts = vec![
        ("Model", inline(&target.model)),
        ("Provider", inline(&format!("{provider} {address} {format}"))),
        ("Date", date(summary.started_ms)),
        ("Ended", ended(of)),
    ];
    facts.extend(tokens(of));
    facts.extend(times(of));
    facts.push(("Cost", cost(of)));
    facts
}

/// The parameters that were set, by their own names.
pub fn parameters(of: &Transcript) -> Vec<(String, String)> {
    let set = serde_json::to_value(&of.kept.chat.parameters).unwrap_or_default();
    let set = set.as_object().cloned().unwrap_or_default().into_iter();
    let set = set.filter(|(_, value)| !value.is_null());
    let text = |value: Value| match value {
        Value::String(text) => text,
        value => value.to_string(),
    };
    set.map(|(name, value)| (name, inline(&text(value)))).collect()
}

pub fn date(ms: i64) -> String {
    let Ok(date) = OffsetDateTime::from_unix_timestamp(ms / 1000) else { return String::new() };
    format!("{} {:02}:{:02} UTC", date.date(), date.hour(), date.minute())
}

pub fn ended(of: &Transcript) -> String {
    let how = match of.kept.summary.outcome {
        Outcome::Running => "it goes on",
        Outcome::Finished => "finished",
        Outcome::Interrupted => "broke off",
        Outcome::Failed => "failed",
        Outcome::Cancelled => "stopped by hand",
        Outcome::Lost => "the app was closed while it ran",
    };
    match of.tally.reply.finish.first() {
        Some(finish) => inline(&format!("{how}, {}", finish.raw)),
        None => how.into(),
    }
}

fn tokens(of: &Transcript) -> Vec<Fact> {
    let usage = of.tally.reply.usage.unwrap_or_default();
    let known = [
        ("Input tokens", usage.input_tokens),
        ("of these read from a cache", usage.cache_read_tokens),
        ("of these written to a cache", usage.cache_write_tokens),
        ("Output tokens", usage.output_tokens),
        ("of these for reasoning", usage.reasoning_tokens),
    ];
    known.into_iter().filter_map(|(name, count)| Some((name, count?.to_string()))).collect()
}

fn times(of: &Transcript) -> Vec<Fact> {
    let seconds = |us: u64| format!("{:.3} s", us as f64 / 1e6);
    if of.tally.duration_us == 0 {
        return vec![("Times", "not recorded".into())];
    }
    let first = of.tally.first_word_us.map(|us| ("First word", seconds(us)));
    first.into_iter().chain([("In all", seconds(of.tally.duration_us))]).collect()
}

/// A price that is not known is never 0, and what Practice says is free.
pub fn cost(of: &Transcript) -> String {
    if is_free(&of.kept.summary.target) {
        return "free".into();
    }
    let usage = of.tally.reply.usage.unwrap_or_default();
    let price = of.kept.price.as_ref();
    let bill = prices::bill(price, &usage, false);
    match (bill.total.zip(price), bill.reported) {
        (Some((cost, price)), _) => {
            inline(&format!("${cost}, at the price of {} as of {}", price.model, price.date))
        }
        (None, Some(cost)) => format!("${cost}, as the provider says"),
        (None, None) => "unknown".into(),
    }
}

/// Whether it was asked of Practice.
pub fn is_free(target: &Target) -> bool {
    Provider::find(&target.provider).is_some_and(Provider::is_practice)
}
