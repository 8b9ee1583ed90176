mod facts;

use super::*;
use crate::{Usage, models};
use proptest::prelude::*;
use serde_json::json;

const TODAY: &str = "2026-11-20";

fn used(counts: [Option<u64>; 5]) -> Usage {
    let [input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens] =
        counts;
    Usage { input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens }
}

fn total(model: &str, day: &str, counts: [u64; 5]) -> Option<String> {
    bill(price_of(model, day), &used(counts.map(Some))).total.map(|total| total.to_string())
}

/// Worked by hand from facts/models.md. Counts: input, cache read, cache write, output, reasoning.
#[test]
fn bills_are_what_they_are_by_hand() {
    for (model, day, counts, dollars) in [
        ("gpt-4o-mini", TODAY, [24, 0, 0, 31, 0], "0.0000222"),
        ("gpt-4o-mini-2024-07-18", TODAY, [24, 0, 0, 31, 31], "0.0000222"),
        ("practice-1", TODAY, [24, 5, 5, 31, 0], "0"),
        // 2,000 plain at 4, 10,000 read at 0.2, 1,000 written at 5, 500 out at 20.
        ("claude-opus-5-5", TODAY, [13_000, 10_000, 1_000, 500, 200], "0.025"),
        // Not above 272,000, then one more: input doubles, output costs half as much again.
        ("gpt-6-sol", TODAY, [272_000, 0, 0, 1_000, 0], "0.554"),
        ("gpt-6-sol", TODAY, [272_001, 0, 0, 1_000, 0], "1.103004"),
        // 272,001 of which 200,000 read at 0.4 and 72,000 written at 5, 1 plain at 4.
        ("gpt-6-sol", TODAY, [272_001, 200_000, 72_000, 0, 0], "0.440004"),
        ("gpt-5.4-mini", TODAY, [300_000, 0, 0, 0, 0], "0.225"),
        ("claude-haiku-5-5", TODAY, [100_000, 0, 0, 10, 0], "0.010005"),
        ("claude-haiku-5-5", TODAY, [100_001, 100_000, 1, 10, 0], "0.005025625"),
        ("gemini-3.1-pro-preview", TODAY, [200_001, 200_001, 0, 0, 0], "0.0800004"),
        ("gemini-4-argon", "2026-11-30", [1_000_000, 0, 0, 1_000_000, 0], "12"),
        ("gemini-4-argon", "2026-12-01", [1_000_000, 0, 0, 1_000_000, 0], "24"),
        ("gemini-3.8-flash", "2026-12-31", [1_000_000, 0, 0, 0, 0], "0.75"),
        ("gemini-3.8-flash", "2027-01-01", [1_000_000, 0, 0, 0, 0], "1.5"),
        ("gpt-5.6-sol", "2026-08-20", [100, 0, 0, 100, 0], "0.0035"),
        ("gpt-5.6-sol", "2026-08-21", [100, 0, 0, 100, 0], "0.0024"),
        ("gpt-5.6-luna", "2026-07-29", [100, 0, 0, 0, 0], "0.0001"),
    ] {
        assert_eq!(total(model, day, counts).as_deref(), Some(dollars), "{model} {day} {counts:?}");
    }
}

#[test]
fn what_is_not_known_is_never_0() {
    let mini = price_of("gpt-4o-mini", TODAY);
    let neon = price_of("gemini-4-neon", TODAY);
    for (price, counts, missing) in [
        (None, [Some(1), None, None, Some(1), None], Missing::Price),
        (mini, [None, None, None, Some(1), None], Missing::InputTokens),
        (mini, [Some(1), None, None, None, Some(1)], Missing::OutputTokens),
        (neon, [Some(9), Some(1), None, Some(1), None], Missing::CacheReadPrice),
        (mini, [Some(9), None, Some(1), Some(1), None], Missing::CacheWritePrice),
    ] {
        let bill = bill(price, &used(counts));
        assert_eq!((bill.total, bill.missing), (None, Some(missing)), "{counts:?}");
    }
    let bill = bill(neon, &used([Some(9), None, Some(0), Some(1), None]));
    assert_eq!(bill.total.unwrap().to_string(), "0.000042", "a missing part counts as 0");
    for (model, day) in [("gpt-7", TODAY), ("gpt-4o-2024-05-13", TODAY), ("gpt-4o", "today")] {
        assert_eq!(price_of(model, day), None, "{model} {day}");
    }
}

#[test]
fn a_bill_crosses_to_the_page_in_this_shape() {
    let bill = bill(price_of("gpt-6-luna", TODAY), &used([10, 4, 1, 8, 3].map(Some)));
    let line = |kind: &str, tokens: u64, per_million: &str, cost: &str| json!({"kind": kind, "tokens": tokens, "per_million": per_million, "cost": cost});
    let lines = [
        line("input", 5, "0.1", "0.0000005"),
        line("cache_read", 4, "0.01", "0.00000004"),
        line("cache_write", 1, "0.125", "0.000000125"),
        line("output", 5, "0.5", "0.0000025"),
        line("reasoning", 3, "0.5", "0.0000015"),
    ];
    let expected = json!({"lines": lines, "total": "0.000004665", "missing": null, "above": null});
    assert_eq!(serde_json::to_value(bill).unwrap(), expected);
}

#[test]
fn an_estimate_is_bounded_by_the_smaller_limit() {
    let mini = price_of("gpt-4o-mini", TODAY).unwrap();
    for (max_tokens, limit, upper_bound, limit_from) in [
        (Some(200), Some(16_384), Some("0.00012465"), LimitFrom::MaxTokens),
        (None, Some(16_384), Some("0.00983505"), LimitFrom::Model),
        (Some(99_999), Some(16_384), Some("0.00983505"), LimitFrom::Model),
        (Some(200), None, Some("0.00012465"), LimitFrom::MaxTokens),
        (None, None, None, LimitFrom::Unknown),
    ] {
        let estimate = estimate(mini, 31, None, max_tokens, limit);
        let bound = estimate.upper_bound.map(|bound| bound.to_string());
        assert_eq!((bound.as_deref(), estimate.limit_from), (upper_bound, limit_from));
        assert_eq!(estimate.input.to_string(), "0.00000465");
    }
}

#[test]
fn every_price_has_a_model_a_source_and_days_of_its_own() {
    for price in all() {
        assert!(models::all().iter().any(|model| model.id == price.model), "{}", price.model);
        let days = [Some(&price.date), price.valid_from.as_ref(), price.valid_until.as_ref()];
        assert!(days.into_iter().flatten().all(|day| is_day(day)), "{price:?}");
        assert!(!price.source.is_empty(), "{}", price.model);
        let (short, long) = (price.rates(0), price.rates(u64::MAX));
        assert!(short.input <= long.input && short.output <= long.output, "{}", price.model);
        assert!(short.cache_read.is_none_or(|read| read <= short.input), "{}", price.model);
        assert_eq!(short.cache_write.is_some(), long.cache_write.is_some(), "{}", price.model);
        let keeps = |rates: Rates| rates.cache_write_long.is_some();
        assert_eq!(keeps(short), keeps(long), "{}", price.model);
        let dearer =
            |rates: Rates| rates.cache_write_long.is_none_or(|it| Some(it) > rates.cache_write);
        assert!(dearer(short) && dearer(long), "{} keeps longer for less", price.model);
    }
    for model in models::all() {
        let changes = all().iter().filter(|price| price.model == model.id);
        let ended = model.is_gone(TODAY) && !model.rerouted;
        // What open weights cost is their host's affair.
        let is_elsewhere = model.provider == "custom" || model.id.ends_with("-cloud");
        if is_elsewhere {
            assert_eq!(price_of(&model.id, TODAY), None, "{}", model.id);
            continue;
        }
        let today = (!ended).then_some(TODAY);
        for day in changes.flat_map(|price| [price.valid_from.as_deref(), today]).flatten() {
            let holding = |price: &&Price| price.model == model.id && price.holds_on(day);
            assert_eq!(all().iter().filter(holding).count(), 1, "{} on {day}", model.id);
        }
        let has_price = price_of(&model.id, TODAY).is_some();
        assert_eq!(has_price, !ended, "{} and its price of today", model.id);
    }
}

fn any_price() -> impl Strategy<Value = &'static Price> {
    prop::sample::select(all().iter().collect::<Vec<_>>())
}

fn any_usage() -> impl Strategy<Value = Usage> {
    let count = prop::option::weighted(0.9, prop_oneof![any::<u64>(), 0..600_000u64]);
    prop::array::uniform5(count).prop_map(used)
}

proptest! {
    #[test]
    fn lines_add_up_exactly_or_there_is_no_total(price in any_price(), usage in any_usage()) {
        let bill = bill(Some(price), &usage);
        prop_assert_eq!(bill.total.is_none(), bill.missing.is_some());
        if let Some(total) = bill.total {
            let sum: i128 = bill.lines.iter().map(|line| line.cost.unwrap().0).sum();
            prop_assert_eq!(sum, total.0);
        }
    }

    #[test]
    fn parts_make_up_their_whole(usage in any_usage()) {
        let lines = bill(None, &usage).lines;
        let tokens = |kinds: [LineKind; 3]| -> u128 {
            let chosen = lines.iter().filter(|line| kinds.contains(&line.kind));
            chosen.map(|line| u128::from(line.tokens)).sum()
        };
        let output = tokens([LineKind::Output, LineKind::Reasoning, LineKind::Reasoning]);
        prop_assert_eq!(output, u128::from(usage.output_tokens.unwrap_or(0)));
        let input = tokens([LineKind::Input, LineKind::CacheRead, LineKind::CacheWrite]);
        prop_assert!(input >= u128::from(usage.input_tokens.unwrap_or(0)));
    }

    #[test]
    fn more_tokens_never_cost_less(price in any_price(), usage in any_usage(), more: u64) {
        let grown = |count: Option<u64>| count.map(|count| count.saturating_add(more));
        let larger = Usage {
            input_tokens: grown(usage.input_tokens),
            output_tokens: grown(usage.output_tokens),
            ..usage
        };
        let (before, after) = (bill(Some(price), &usage).total, bill(Some(price), &larger).total);
        prop_assert!(before <= after, "{:?} then {:?}", before, after);
    }

    #[test]
    fn no_bill_is_above_its_estimate(
        price in any_price(),
        prompt in 0..600_000u64,
        cached in 0..600_000u64,
        output in 0..200_000u32,
    ) {
        let usage = used([prompt, 0, cached.min(prompt), output.into(), 0].map(Some));
        let bound = estimate(price, prompt, None, Some(output), None).upper_bound.unwrap();
        prop_assert!(bill(Some(price), &usage).total.unwrap_or_default() <= bound);
    }
}

proptest::proptest! {
    #[test]
    fn an_amount_is_read_as_it_was_written(pico in -(1_i128 << 100)..1 << 100) {
        let json = serde_json::to_string(&Dollars(pico)).expect("a string");
        proptest::prop_assert_eq!(serde_json::from_str::<Dollars>(&json).expect("its own"), Dollars(pico));
    }

    #[test]
    fn what_is_no_amount_is_refused_and_never_a_panic(text in "[-0-9.e]{0,50}|.*") {
        let read = serde_json::from_value::<Dollars>(serde_json::Value::String(text.clone()));
        let plain = text.trim_start_matches('-').bytes().all(|it| it.is_ascii_digit() || it == b'.');
        proptest::prop_assert!(plain || read.is_err(), "{}", text);
    }
}
