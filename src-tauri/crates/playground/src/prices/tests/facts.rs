//! The prices against the tables that they were made from, row by row.

use super::*;

type Row = [&'static str; 7];

/// Model, day, and dollars for a million tokens: input, read from a cache, written to one for the
/// shorter and the longer time, output. Nothing stands for not known, a star for not told.
#[rustfmt::skip]
static ROWS: &[Row] = &[
    // OpenAI.
    ["gpt-6-astra", "2026-11-20", "10", "1", "12.5", "25", "50"],
    ["gpt-6.1-sol", "2026-11-20", "2", "0.1", "2.5", "5", "10"],
    ["gpt-6.1-terra", "2026-11-20", "1", "0.05", "1.25", "2.5", "5"],
    ["gpt-6-sol", "2026-11-20", "2", "0.2", "2.5", "5", "10"],
    ["gpt-6-luna", "2026-11-20", "0.1", "0.01", "0.125", "0.25", "0.5"],
    ["gpt-5.6-sol", "2026-11-20", "4", "0.4", "5", "10", "20"],
    ["gpt-5.6-terra", "2026-11-20", "2", "0.2", "2.5", "5", "12"],
    ["gpt-5.6-luna", "2026-11-20", "0.2", "0.02", "0.25", "0.5", "1.2"],
    ["gpt-5.5", "2026-11-20", "5", "0.5", "", "", "30"],
    ["gpt-5.4", "2026-11-20", "2.5", "0.25", "", "", "15"],
    ["gpt-5.4-mini", "2026-11-20", "0.75", "0.075", "", "", "4.5"],
    ["gpt-5.4-nano", "2026-11-20", "0.2", "0.02", "", "", "1.25"],
    ["gpt-5.2", "2026-11-20", "1.75", "0.175", "", "", "14"],
    ["gpt-5.1", "2026-11-20", "1.25", "0.125", "", "", "10"],
    ["gpt-5", "2026-11-20", "1.25", "0.125", "", "", "10"],
    ["gpt-5-mini", "2026-11-20", "0.25", "0.025", "", "", "2"],
    ["gpt-5-nano", "2026-11-20", "0.05", "0.005", "", "", "0.4"],
    ["gpt-4.1", "2026-11-20", "2", "0.5", "", "", "8"],
    ["gpt-4.1-mini", "2026-11-20", "0.4", "0.1", "", "", "1.6"],
    ["gpt-4o", "2026-11-20", "2.5", "1.25", "", "", "10"],
    ["gpt-4o-mini", "2026-11-20", "0.15", "0.075", "", "", "0.6"],
    ["o3", "2026-11-20", "2", "0.5", "", "", "8"],
    ["gpt-5.6-sol", "2026-08-20", "5", "0.5", "6.25", "", "30"],
    // Of these the facts give input and output of the earlier days only.
    ["gpt-5.6-terra", "2026-07-29", "2.5", "*", "*", "", "15"],
    ["gpt-5.6-luna", "2026-07-29", "1", "*", "*", "", "6"],
    ["gpt-4.1-nano", "2026-10-22", "0.1", "0.025", "", "", "0.4"],
    ["o4-mini", "2026-10-22", "1.1", "0.275", "", "", "4.4"],
    ["o3-mini", "2026-10-22", "1.1", "0.55", "", "", "4.4"],
    ["o1", "2026-10-22", "15", "7.5", "", "", "60"],
    ["gpt-4-turbo", "2026-10-22", "10", "", "", "", "30"],
    ["gpt-4", "2026-10-22", "30", "", "", "", "60"],
    ["gpt-3.5-turbo", "2026-10-22", "0.5", "", "", "", "1.5"],
    // Anthropic.
    ["claude-fable-5-2", "2026-11-20", "8", "0.2", "10", "16", "40"],
    ["claude-mythos-5-2", "2026-11-20", "8", "0.2", "10", "16", "40"],
    ["claude-opus-5-5", "2026-11-20", "4", "0.2", "5", "8", "20"],
    ["claude-sonnet-5-5", "2026-11-20", "2", "0.1", "2.5", "4", "10"],
    ["claude-haiku-5-5", "2026-11-20", "0.1", "0.01", "0.125", "0.2", "0.5"],
    ["claude-fable-5-1", "2026-11-20", "10", "0.25", "12.5", "20", "50"],
    ["claude-fable-5", "2026-11-20", "10", "1", "12.5", "20", "50"],
    ["claude-opus-5", "2026-11-20", "5", "0.5", "6.25", "10", "25"],
    ["claude-sonnet-5", "2026-11-20", "2", "0.2", "2.5", "4", "10"],
    ["claude-opus-4-8", "2026-11-20", "5", "0.5", "6.25", "10", "25"],
    ["claude-opus-4-7", "2026-11-20", "5", "0.5", "6.25", "10", "25"],
    ["claude-opus-4-6", "2026-11-20", "5", "0.5", "6.25", "10", "25"],
    ["claude-sonnet-4-6", "2026-11-20", "3", "0.3", "3.75", "6", "15"],
    ["claude-opus-4-5", "2026-11-20", "5", "0.5", "6.25", "10", "25"],
    ["claude-sonnet-4-5", "2026-11-20", "3", "0.3", "3.75", "6", "15"],
    ["claude-haiku-4-5", "2026-11-20", "1", "0.1", "1.25", "2", "5"],
    ["claude-opus-4-1", "2026-08-04", "15", "1.5", "18.75", "30", "75"],
    ["claude-opus-4-20250514", "2026-06-14", "15", "1.5", "18.75", "30", "75"],
    ["claude-sonnet-4-20250514", "2026-06-14", "3", "0.3", "3.75", "6", "15"],
    ["claude-3-7-sonnet-20250219", "2026-02-18", "3", "0.3", "3.75", "6", "15"],
    ["claude-3-5-haiku-20241022", "2026-02-18", "0.8", "0.08", "1", "1.6", "4"],
    ["claude-3-haiku-20240307", "2026-04-19", "0.25", "0.03", "0.3", "0.5", "1.25"],
    // Google.
    ["gemini-4-argon", "2026-11-30", "2", "0.1", "", "", "10"],
    ["gemini-4-argon", "2026-12-01", "4", "0.2", "", "", "20"],
    ["gemini-4-carbon", "2026-11-30", "2", "", "", "", "10"],
    ["gemini-4-carbon", "2026-12-01", "4", "", "", "", "20"],
    ["gemini-4-neon", "2026-11-20", "3", "", "", "", "15"],
    ["gemini-4-hydrogen", "2026-11-20", "1.5", "", "", "", "7.5"],
    ["gemini-3.8-flash", "2026-12-31", "0.75", "0.075", "", "", "3.75"],
    ["gemini-3.8-flash", "2027-01-01", "1.5", "0.15", "", "", "7.5"],
    ["gemini-3.7-flash", "2026-12-31", "0.75", "0.075", "", "", "3.75"],
    ["gemini-3.7-flash", "2027-01-01", "1.5", "0.15", "", "", "7.5"],
    ["gemini-3.6-flash", "2026-12-31", "0.75", "0.075", "", "", "3.75"],
    ["gemini-3.6-flash", "2027-01-01", "1.5", "0.15", "", "", "7.5"],
    ["gemini-3.5-flash", "2026-11-20", "1.5", "0.15", "", "", "9"],
    ["gemini-3.5-flash-lite", "2026-11-20", "0.3", "0.03", "", "", "2.5"],
    ["gemini-3.1-pro-preview", "2026-11-20", "2", "0.2", "", "", "12"],
    ["gemini-3.1-flash-lite", "2026-11-20", "0.25", "0.025", "", "", "1.5"],
    ["gemini-3-flash-preview", "2026-11-20", "0.5", "0.05", "", "", "3"],
    ["gemini-2.5-pro", "2026-11-20", "1.25", "0.125", "", "", "10"],
    ["gemini-2.5-flash", "2026-11-20", "0.3", "0.03", "", "", "2.5"],
    ["gemini-2.5-flash-lite", "2026-11-20", "0.1", "0.01", "", "", "0.4"],
    ["gemma-4-31b-it", "2026-11-20", "0", "0", "", "", "0"],
    ["gemma-4-26b-a4b-it", "2026-11-20", "0", "0", "", "", "0"],
    ["gemini-2.0-flash", "2026-05-31", "0.1", "0.025", "", "", "0.4"],
    ["gemini-2.0-flash-lite", "2026-05-31", "0.075", "", "", "", "0.3"],
    ["gemini-3-pro-preview", "2026-03-08", "2", "0.2", "", "", "12"],
    ["gemini-1.5-pro", "2025-08-31", "1.25", "", "", "", "5"],
    // Before they became cheaper.
    ["o3", "2025-06-09", "10", "0.5", "", "", "40"],
    // After their end: as both lists still have them.
    ["gpt-5.3-chat-latest", "2026-11-20", "1.75", "0.175", "", "", "14"],
    ["gpt-5.2-chat-latest", "2026-11-20", "1.75", "0.175", "", "", "14"],
    ["gpt-5.1-chat-latest", "2026-11-20", "1.25", "0.125", "", "", "10"],
    ["gpt-5-chat-latest", "2026-11-20", "1.25", "0.125", "", "", "10"],
    // Since another answers in its place, at its own price.
    ["gemini-2.5-pro", "2026-12-01", "0.75", "0.075", "", "", "3.75"],
    ["gemini-2.5-pro", "2027-01-01", "1.5", "0.15", "", "", "7.5"],
    ["gemini-2.5-flash", "2026-12-01", "0.3", "0.03", "", "", "2.5"],
];

#[test]
fn every_price_is_as_its_source_has_it() {
    for [model, day, told @ ..] in ROWS {
        let price = price_of(model, day).unwrap_or_else(|| panic!("{model} on {day}"));
        let written =
            |price: Option<PerMillion>| price.map(|it| it.to_string()).unwrap_or_default();
        let found = [
            Some(price.input),
            price.cache_read,
            price.cache_write,
            price.cache_write_long,
            Some(price.output),
        ];
        for (found, told) in found.map(written).iter().zip(told) {
            assert!(found == told || *told == "*", "{model} on {day}: {found} is not {told}");
        }
    }
    for price in built_in() {
        let is_told = ROWS
            .iter()
            .any(|[model, ..]| models::find(model).is_some_and(|it| it.id == price.model));
        let is_free = price.output == PerMillion::default();
        let is_extra = ["gpt-4o-2024-05-13", "gpt-4o-search-preview"].contains(&&*price.model);
        assert!(is_told || is_free || is_extra, "{} is in no table", price.model);
    }
}

/// Who has a tier for long prompts, and where it begins; the tiers themselves are worked by hand
/// above.
#[test]
fn long_prompts_cost_more_where_the_sources_say_so() {
    for price in built_in() {
        let id = &*price.model;
        let sol = |id: &str| id.starts_with("gpt-6") || id.starts_with("gpt-5.6");
        let tier = match id {
            "gpt-5.4" | "gpt-5.5" => Some(272_000),
            id if sol(id) => Some(272_000),
            "claude-haiku-5-5" => Some(100_000),
            "gemini-3.1-pro-preview" | "gemini-3-pro-preview" | "gemini-2.5-pro" => Some(200_000),
            "gemini-1.5-pro" => Some(128_000),
            "claude-opus-4-6" | "claude-sonnet-4-6" if price.valid_until.is_some() => Some(200_000),
            _ => None,
        };
        assert_eq!(price.above.as_ref().map(|it| it.prompt_tokens), tier, "{id}");
        if let Some(above) = price.above.as_ref().filter(|_| tier == Some(272_000)) {
            let twice = |price: PerMillion| price.cost(2_000_000);
            assert_eq!(above.input.cost(1_000_000), twice(price.input), "{id}");
            assert_eq!(above.cache_read.map(|it| it.cost(1_000_000)), price.cache_read.map(twice));
            assert_eq!(above.output.cost(1_000_000), price.output.cost(1_500_000), "{id}");
        }
    }
}
