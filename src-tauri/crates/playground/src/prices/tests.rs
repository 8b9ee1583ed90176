mod facts;

use super::*;
use crate::{Target, Usage, models};
use proptest::prelude::*;
use serde_json::json;

const TODAY: &str = "2026-11-20";

fn used(counts: [Option<u64>; 5]) -> Usage {
    let [input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens] =
        counts;
    Usage {
        input_tokens,
        cache_read_tokens,
        cache_write_tokens,
        output_tokens,
        reasoning_tokens,
        ..Usage::default()
    }
}

/// By what the app came with.
fn price_of(id: &str, day: &str) -> Option<&'static Price> {
    static BOOK: LazyLock<Book> = LazyLock::new(Book::default);
    BOOK.price_of(id, day)
}

fn total(model: &str, day: &str, counts: [u64; 5]) -> Option<String> {
    bill(price_of(model, day), &used(counts.map(Some)), false).total.map(|total| total.to_string())
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
        // The surcharge on long prompts, and the day on which it ended.
        ("claude-sonnet-4-6", "2026-03-12", [300_000, 100_000, 50_000, 0, 0], "1.335"),
        ("claude-sonnet-4-6", "2026-03-13", [300_000, 100_000, 50_000, 0, 0], "0.6675"),
        ("o3", "2025-06-09", [1_000_000, 0, 0, 1_000_000, 0], "50"),
        ("o3-mini-2025-01-31", TODAY, [1_000_000, 0, 0, 0, 0], "1.1"),
    ] {
        assert_eq!(total(model, day, counts).as_deref(), Some(dollars), "{model} {day} {counts:?}");
    }
}

/// Counts: input, cache read, cache write, of that for long, output.
#[test]
fn a_batch_costs_its_share_and_what_is_kept_for_long_its_own_price() {
    for (model, counts, batch, dollars) in [
        ("gpt-4o", [2_000, 0, 0, 0, 500], false, "0.01"),
        ("gpt-4o", [2_000, 0, 0, 0, 500], true, "0.005"),
        // 600 at 2, 400 of 1,000 written at 2.5 and 600 at 4, 10 out at 10: half of it.
        ("claude-sonnet-5", [1_600, 0, 1_000, 600, 10], false, "0.0047"),
        ("claude-sonnet-5", [1_600, 0, 1_000, 600, 10], true, "0.00235"),
        // What is read from the cache costs the same in a batch: 1,000 at 0.125.
        ("gemini-2.5-pro", [1_000, 1_000, 0, 0, 0], true, "0.000125"),
        ("gemini-2.5-pro", [200_001, 200_001, 0, 0, 0], true, "0.05000025"),
        // A third of it less.
        ("gemini-3.5-flash-lite", [1_000, 1_000, 0, 0, 0], true, "0.00002"),
        // Half a pico-dollar is rounded up.
        ("gemini-2.5-flash-lite", [1, 0, 0, 0, 0], true, "0.00000005"),
    ] {
        let [input, read, written, long, output] = counts;
        let usage = Usage {
            cache_write_long_tokens: Some(long),
            ..used([input, read, written, output, 0].map(Some))
        };
        let bill = bill(price_of(model, TODAY), &usage, batch);
        assert_eq!(
            bill.total.map(|it| it.to_string()).as_deref(),
            Some(dollars),
            "{model} {counts:?}"
        );
        assert_eq!(bill.batch_percent, batch.then_some(50), "{model}");
    }
    let bill = bill(price_of("practice-1", TODAY), &used([1, 0, 0, 1, 0].map(Some)), true);
    assert_eq!((bill.total, bill.missing), (None, Some(Missing::BatchPrice)));
}

#[test]
fn what_cannot_be_true_of_the_counts_is_said_and_billed_with_sense() {
    let huge = u64::MAX;
    for (counts, long, malformed, says, dollars) in [
        // As it was recorded: more cached than there are.
        (
            [12, 161, 0, 322, 320],
            0,
            false,
            vec!["161 cached tokens in a prompt of 12"],
            Some("0.00342125"),
        ),
        (
            [10, 0, 0, 5, 9],
            0,
            false,
            vec!["9 tokens of reasoning in an output of 5"],
            Some("0.000075"),
        ),
        ([10, 0, 0, 5, 5], 0, true, vec!["negative"], Some("0.000075")),
        ([10, 0, 0, 5, 5], 3, false, vec!["3 tokens kept for long among 0"], Some("0.000075")),
        ([huge, huge, huge, huge, huge], 0, false, vec!["cached", "No call has"], None),
        ([10, 10, 0, 5, 5], 0, false, vec![], Some("0.0000625")),
    ] {
        let usage =
            Usage { cache_write_long_tokens: Some(long), malformed, ..used(counts.map(Some)) };
        let bill = bill(price_of("gpt-4o", TODAY), &usage, false);
        assert_eq!(bill.odd.len(), says.len(), "{:?}", bill.odd);
        for (odd, says) in bill.odd.iter().zip(says) {
            assert!(odd.contains(says) && odd.ends_with('.'), "{odd}");
        }
        assert_eq!(bill.total.map(|it| it.to_string()).as_deref(), dollars, "{counts:?}");
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
        let bill = bill(price, &used(counts), false);
        assert_eq!((bill.total, bill.missing), (None, Some(missing)), "{counts:?}");
    }
    let bill = bill(neon, &used([Some(9), None, Some(0), Some(1), None]), false);
    assert_eq!(bill.total.unwrap().to_string(), "0.000042", "a missing part counts as 0");
    for (model, day) in [("gpt-7", TODAY), ("practice-2", TODAY), ("gpt-4o", "today")] {
        assert_eq!(price_of(model, day), None, "{model} {day}");
    }
}

#[test]
fn what_is_free_with_one_is_not_free_with_another() {
    let own = Price { origin: RowOrigin::Own, ..price_of("gemma4", "2026-11-20").unwrap().clone() };
    let listing =
        |price| Listing { model: "gemma4".into(), prices: vec![price], ..Listing::default() };
    let written = Book { own: vec![listing(own)], feed: Vec::new() };
    for (book, provider, base_url, model, is_free) in [
        (Book::default(), "ollama", None, "gemma4", true),
        (Book::default(), "gemini", None, "gemma-4-31b-it", true),
        (Book::default(), "practice", None, "practice-1", true),
        (Book::default(), "custom", Some("http://127.0.0.1:8900/v1"), "practice-1", true),
        (Book::default(), "custom", Some("http://localhost:1234/v1"), "gemma4", true),
        (Book::default(), "custom", Some("https://models.example/v1"), "gemma4", false),
        (Book::default(), "custom", Some("https://models.example/v1"), "practice-1", false),
        (Book::default(), "custom", None, "gemma4", false),
        (Book::default(), "groq", None, "gemma-4-31b-it", false),
        // An address of somebody else's choosing says nothing of a provider that has its own.
        (Book::default(), "groq", Some("http://localhost"), "gemma4", false),
        (written, "custom", Some("https://models.example/v1"), "gemma4", true),
    ] {
        let target = Target {
            provider: provider.into(),
            base_url: base_url.map(Into::into),
            dialect: None,
            model: model.into(),
        };
        let price = book.price_at(&target, "2026-11-20").map(Price::is_free);
        assert_eq!(price, is_free.then_some(true), "{target:?}");
        // What costs something with its maker is told wherever it runs.
        let dear = Target { model: "gpt-4o".into(), ..target };
        assert_eq!(book.price_at(&dear, "2026-11-20"), price_of("gpt-4o", "2026-11-20"));
    }
}

#[test]
fn a_day_is_one_of_the_calendar() {
    for day in ["2026-02-28", "2024-02-29", "2026-12-31"] {
        assert!(is_day(day), "{day}");
    }
    for day in
        ["2026-02-29", "2026-13-01", "2026-00-10", "26-01-01", "2026-1-01", "", "2026-01-01 "]
    {
        assert!(!is_day(day), "{day:?}");
    }
}

#[test]
fn a_bill_crosses_to_the_page_in_this_shape() {
    let bill = bill(price_of("gpt-6-luna", TODAY), &used([10, 4, 1, 8, 3].map(Some)), false);
    let line = |kind: &str, tokens: u64, per_million: &str, cost: &str| json!({"kind": kind, "tokens": tokens, "per_million": per_million, "cost": cost});
    let lines = [
        line("input", 5, "0.1", "0.0000005"),
        line("cache_read", 4, "0.01", "0.00000004"),
        line("cache_write", 1, "0.125", "0.000000125"),
        line("output", 5, "0.5", "0.0000025"),
        line("reasoning", 3, "0.5", "0.0000015"),
    ];
    let expected = json!({
        "lines": lines, "total": "0.000004665", "missing": null, "above": null,
        "batch_percent": null, "reported": null, "odd": [],
    });
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
        let call = Ahead { max_tokens, model_limit: limit, ..ahead(31) };
        let estimate = estimate(mini, &call);
        let bound = estimate.upper_bound.map(|bound| bound.to_string());
        assert_eq!((bound.as_deref(), estimate.limit_from), (upper_bound, limit_from));
        assert_eq!(estimate.input.to_string(), "0.00000465");
    }
}

#[test]
fn every_price_has_a_model_a_source_and_days_of_its_own() {
    for price in built_in() {
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
        let changes = built_in().iter().filter(|price| price.model == model.id);
        // What open weights cost is their host's affair.
        let is_elsewhere = model.provider == "custom" || model.id.ends_with("-cloud");
        if is_elsewhere {
            assert_eq!(price_of(&model.id, TODAY), None, "{}", model.id);
            continue;
        }
        for day in changes.flat_map(|price| [price.valid_from.as_deref(), Some(TODAY)]).flatten() {
            let holding = |price: &&Price| price.model == model.id && price.holds_on(day);
            assert_eq!(built_in().iter().filter(holding).count(), 1, "{} on {day}", model.id);
        }
        // One that has ended keeps its last price.
        assert!(price_of(&model.id, TODAY).is_some(), "{} and its price of today", model.id);
    }
}

fn ahead(prompt_tokens: u64) -> Ahead {
    Ahead { prompt_tokens, most_tokens: prompt_tokens, replies: 1, ..Ahead::default() }
}

fn any_price() -> impl Strategy<Value = &'static Price> {
    prop::sample::select(built_in().iter().collect::<Vec<_>>())
}

fn any_usage() -> impl Strategy<Value = Usage> {
    let count = prop::option::weighted(0.9, prop_oneof![any::<u64>(), 0..600_000u64]);
    prop::array::uniform5(count).prop_map(used)
}

proptest! {
    #[test]
    fn lines_add_up_exactly_or_there_is_no_total(price in any_price(), usage in any_usage()) {
        let bill = bill(Some(price), &usage, false);
        prop_assert_eq!(bill.total.is_none(), bill.missing.is_some());
        if let Some(total) = bill.total {
            let sum: i128 = bill.lines.iter().map(|line| line.cost.unwrap().0).sum();
            prop_assert_eq!(sum, total.0);
        }
    }

    #[test]
    fn parts_make_up_their_whole(usage in any_usage()) {
        let lines = bill(None, &usage, false).lines;
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
        let (before, after) = (bill(Some(price), &usage, false).total, bill(Some(price), &larger, false).total);
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
        let call = Ahead { max_tokens: Some(output), ..ahead(prompt) };
        let bound = estimate(price, &call).upper_bound.unwrap();
        prop_assert!(bill(Some(price), &usage, false).total.unwrap_or_default() <= bound);
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
