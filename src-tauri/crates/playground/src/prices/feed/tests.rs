use super::*;
use crate::prices::{Book, Dollars, Price};
use proptest::prelude::*;
use serde_json::json;

const DAY: &str = "2026-11-21";

fn genai() -> Value {
    json!([{ "id": "google", "models": [
        { "id": "gemini-4-argon", "prices": [
            { "prices": { "input_mtok": 2, "cache_read_mtok": 0.1, "output_mtok": 10 } },
            { "constraint": { "start_date": "2026-12-01" },
              "prices": { "input_mtok": 4, "cache_read_mtok": 0.2, "output_mtok": 25 } },
        ] },
        { "id": "gemini-9-new", "name": "Gemini 9", "context_window": 1000, "prices": {
            "input_mtok": { "base": 1, "tiers": [{ "start": 500, "price": 2.5 }] },
            "output_mtok": { "base": 3, "tiers": [{ "start": 500, "price": 6 }] } },
          "price_variants": [
            { "when": { "processing": "batch" }, "constraint": { "start_date": "2027-01-01" },
              "prices": { "input_mtok": { "base": 0.1 }, "output_mtok": { "base": 0.3 } } },
            { "when": { "processing": "batch" }, "constraint": { "start_date": "2026-10-14" },
              "prices": { "input_mtok": { "base": 0.5 }, "output_mtok": { "base": 1.5 } } }] },
        { "id": "gemini-by-the-hour", "prices": [{ "constraint": { "start_time": "00:30" },
            "prices": { "input_mtok": 2, "output_mtok": 10 } }] },
        { "id": "gemini-of-pictures", "prices": { "input_mtok": 2 } },
        { "id": "claude-sonnet-5", "prices": { "input_mtok": 7, "output_mtok": 9 } },
        { "id": "gemini-1.5-pro", "prices": { "input_mtok": 9, "output_mtok": 9 } },
    ] }, { "id": "elsewhere", "models": [{ "id": "x", "prices": { "input_mtok": 1 } }] }])
}

fn models_dev() -> Value {
    json!({ "openai": { "id": "openai", "models": {
        "gpt-4o": { "name": "GPT-4o", "cost": { "input": 3, "output": 10, "cache_read": 1.25 },
            "limit": { "context": 128_000, "output": 16_384 } },
        "gpt-6-sol": { "cost": { "input": 2, "output": 10, "cache_read": 0.2,
            "tiers": [{ "tier": { "size": 272_000 }, "input": 4, "output": 15, "cache_read": 0.4 }] } },
        "gpt-4.1": { "cost": { "input": 0, "output": 0 } },
        "gpt-5.2": { "cost": { "input": -1, "output": 10 } },
        "gpt-5.1": { "cost": { "input": 1, "output": 100_000 } },
        "a\u{7}b": { "cost": { "input": 1, "output": 1 } },
    } } })
}

fn litellm() -> Value {
    json!({
        "sample_spec": { "input_cost_per_token": 0, "litellm_provider": "one of …" },
        "claude-haiku-5-5": { "litellm_provider": "anthropic", "mode": "chat",
            "input_cost_per_token": 1e-7, "output_cost_per_token": 5e-7,
            "cache_read_input_token_cost": 1e-8, "cache_creation_input_token_cost": 1.25e-7,
            "cache_creation_input_token_cost_above_1hr": 2e-7,
            "input_cost_per_token_above_100k_tokens": 5e-7,
            "output_cost_per_token_above_100k_tokens": 2.5e-6,
            "cache_read_input_token_cost_above_100k_tokens": 5e-8,
            "cache_creation_input_token_cost_above_100k_tokens": 6.25e-7,
            "cache_creation_input_token_cost_above_1hr_above_100k_tokens": 1e-6,
            "input_cost_per_token_batches": 5e-8, "output_cost_per_token_batches": 2.5e-7 },
        "claude-sonnet-5": { "litellm_provider": "anthropic", "mode": "chat",
            "input_cost_per_token": 2e-6, "output_cost_per_token": 1.2e-5 },
        "gemini/gemini-2.5-flash-lite": { "litellm_provider": "gemini", "mode": "chat",
            "input_cost_per_token": 1e-7, "output_cost_per_token": 4e-7 },
        "claude-3-embedding": { "litellm_provider": "anthropic", "mode": "embedding",
            "input_cost_per_token": 2e-6, "output_cost_per_token": 1.2e-5 },
    })
}

fn feed(list: &Value) -> Feed {
    read(list.to_string().as_bytes(), "a test", DAY).expect("a list")
}

fn diff(list: &Value) -> FeedDiff {
    FeedDiff::of(&feed(list), "a test", "id".into(), &Book::default(), DAY)
}

fn names(changes: &[FeedChange]) -> Vec<&str> {
    changes.iter().map(|it| it.model.as_str()).collect()
}

/// The book after all of a list was taken.
fn taken(list: &Value) -> Book {
    Book { feed: take(&feed(list), &Book::default(), DAY, None), ..Book::default() }
}

fn costs(book: &Book, model: &str, day: &str) -> Option<[String; 2]> {
    let price = book.price_of(model, day)?;
    Some([price.input, price.output].map(|it| it.to_string()))
}

#[test]
fn a_list_of_genai_prices_is_read_with_its_days_steps_and_batches() {
    let diff = diff(&genai());
    assert_eq!(diff.format, FeedFormat::GenaiPrices);
    assert_eq!(
        (names(&diff.added), names(&diff.changed)),
        (vec!["gemini-9-new"], vec!["gemini-4-argon"])
    );
    let argon = &diff.changed[0];
    assert_eq!(argon.sentence, "From 2026-12-01 on.");
    let left_out = diff.left_out.join("\n");
    for name in [
        "gemini-by-the-hour",
        "gemini-of-pictures",
        "gemini-1.5-pro",
        "another provider (claude-sonnet-5)",
    ] {
        assert!(left_out.contains(name), "{left_out}");
    }
    let book = taken(&genai());
    let both = |input: &str, output: &str| Some([input.to_owned(), output.to_owned()]);
    assert_eq!(costs(&book, "gemini-4-argon", DAY), both("2", "10"));
    assert_eq!(costs(&book, "gemini-4-argon", "2026-12-01"), both("4", "25"));
    let new = book.price_of("gemini-9-new", DAY).expect("it is added");
    assert_eq!((new.batch_percent, new.valid_from.as_deref()), (Some(50), None));
    let above = new.above.as_ref().expect("it has a step");
    assert_eq!((above.prompt_tokens, above.input.to_string().as_str()), (500, "2.5"));
    assert_eq!(book.listing("gemini-9-new").and_then(|it| it.context_window), Some(1000));
    assert_eq!(book.price_of("x", DAY), None, "of a provider that nobody knows");
}

#[test]
fn a_list_of_models_dev_changes_what_it_tells_and_nothing_that_cannot_be() {
    let diff = diff(&models_dev());
    assert_eq!(diff.format, FeedFormat::ModelsDev);
    assert_eq!((names(&diff.added), names(&diff.changed)), (vec![], vec!["gpt-4o"]));
    assert_eq!(diff.changed[0].sentence, "", "the figures are told once, by the page");
    assert_eq!(diff.same, 1, "what it does not tell is as it was");
    assert!(names(&diff.ended).contains(&"gpt-5.4"), "{:?}", names(&diff.ended));
    let left_out = diff.left_out.join("\n");
    for says in [
        "2 entries are left out with a price that cannot be",
        "with a name",
        "1 model that costs something so far is said to be free",
    ] {
        assert!(left_out.contains(says), "{left_out}");
    }
    let book = taken(&models_dev());
    let built_in = Book::default();
    for model in ["gpt-4.1", "gpt-5.2", "gpt-5.1", "gpt-5.4"] {
        assert_eq!(costs(&book, model, DAY), costs(&built_in, model, DAY), "{model}");
    }
    let price = book.price_of("gpt-4o", DAY).expect("it is taken");
    assert_eq!((price.valid_from.as_deref(), price.batch_percent), (Some(DAY), Some(50)));
    assert_eq!(costs(&book, "gpt-4o", "2026-11-20"), costs(&built_in, "gpt-4o", DAY), "of its day");
}

#[test]
fn a_list_of_litellm_is_read_by_the_token() {
    let diff = diff(&litellm());
    assert_eq!(diff.format, FeedFormat::Litellm);
    assert_eq!((names(&diff.added), names(&diff.changed)), (vec![], vec!["claude-sonnet-5"]));
    assert_eq!(diff.same, 2, "{diff:?}");
    let price = |it: &Option<Price>| it.as_ref().map(|it| it.output.to_string());
    let both = [&diff.changed[0].old, &diff.changed[0].new].map(price);
    assert_eq!(both, ["10", "12"].map(|it| Some(it.to_owned())));
}

#[test]
fn a_price_that_has_ended_makes_a_list_older_than_what_is_known() {
    let listed = |input: f64, output: f64| {
        json!({ "openai": { "models": {
            "gpt-5.6-sol": { "cost": { "input": input, "output": output } },
        } } })
    };
    for (input, output, ended) in [(5.0, 30.0, Some("2026-08-21")), (5.0, 29.0, None)] {
        let diff = diff(&listed(input, output));
        assert_eq!(names(&diff.changed), ["gpt-5.6-sol"]);
        assert_eq!(diff.changed[0].ended.as_deref(), ended, "{output}");
    }
}

#[test]
fn one_list_after_another_keeps_what_is_still_true() {
    let first = taken(&models_dev());
    let mut list = models_dev();
    list["openai"]["models"]["gpt-4o"]["cost"]["input"] = json!(4);
    let later = feed(&list);
    let book = Book { feed: take(&later, &first, "2026-12-05", None), ..Book::default() };
    let input = |day| book.price_of("gpt-4o", day).map(|it| it.input.to_string());
    let days = ["2026-11-20", DAY, "2026-12-04", "2026-12-05"].map(input);
    assert_eq!(days, ["2.5", "3", "3", "4"].map(|it| Some(it.to_owned())));
    let same = Book { feed: take(&feed(&models_dev()), &first, DAY, None), ..Book::default() };
    assert_eq!(same, first, "taking it twice is taking it once");
    let none = take(&feed(&models_dev()), &Book::default(), DAY, Some(&["gpt-6-sol".into()]));
    assert_eq!(none, [], "of what was not chosen nothing is taken");
}

#[test]
fn what_is_no_list_is_refused_in_words() {
    let huge = vec![b' '; MOST_BYTES + 1];
    let deep = "[".repeat(100_000);
    let bad =
        json!({ "openai": { "models": { "gpt-4o": { "cost": { "input": -1, "output": 1 } } } } });
    for (bytes, says) in [
        (&b""[..], "empty"),
        (b" \n\t", "empty"),
        (&huge, "larger"),
        (b"<html>", "not JSON"),
        (b"[1,2", "not JSON"),
        (b"{\"a\":NaN}", "not JSON"),
        (deep.as_bytes(), "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "no list of prices of"),
        (b"{}", "no list of prices of"),
        (b"7", "no list of prices of"),
        (b"{\"error\":{\"message\":\"no\"}}", "no list of prices of"),
        (b"[{\"models\":[]}]", "can be used"),
        (bad.to_string().as_bytes(), "cannot be"),
    ] {
        let error = read(bytes, "a test", DAY).expect_err(says).to_string();
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn a_step_that_no_prompt_can_reach_is_none() {
    let list = json!([{ "id": "anthropic", "models": [{ "id": "claude-sonnet-4-5", "prices": {
        "input_mtok": { "base": 3, "tiers": [{ "start": 200_000, "price": 6 }] },
        "cache_write_mtok": 3.75, "cache_read_mtok": 0.3, "cache_write_1h_mtok": 6,
        "output_mtok": { "base": 15, "tiers": [{ "start": 200_000, "price": 22.5 }] } } }] }]);
    assert_eq!(diff(&list).same, 1, "its window holds 200,000");
}

fn any_json() -> impl Strategy<Value = Value> {
    let words = [
        "id",
        "models",
        "prices",
        "input_mtok",
        "output_mtok",
        "cost",
        "input",
        "output",
        "tiers",
        "start",
        "price",
        "base",
        "openai",
        "gpt-4o",
        "litellm_provider",
        "anthropic",
        "input_cost_per_token",
        "output_cost_per_token",
        "constraint",
        "start_date",
        DAY,
        "x",
        "input_cost_per_token_above_99999999999999999999k_tokens",
    ];
    let word = prop::sample::select(words.to_vec()).prop_map(str::to_owned);
    let leaf = prop_oneof![
        word.clone().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0..9u8).prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(6, 60, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map(word.clone(), inner, 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A list with anything in the place of one of its values.
fn broken(list: Value, at: usize, with: &Value) -> Value {
    fn places(value: &mut Value, left: &mut usize, with: &Value) {
        if *left == 0 {
            *value = with.clone();
        }
        *left = left.wrapping_sub(1);
        match value {
            Value::Array(items) => items.iter_mut().for_each(|it| places(it, left, with)),
            Value::Object(fields) => fields.values_mut().for_each(|it| places(it, left, with)),
            _ => {}
        }
    }
    let (mut list, mut left) = (list, at);
    places(&mut list, &mut left, with);
    list
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_list_is_a_panic_and_what_is_taken_is_sane(list in any_json(), at in 0..80usize, which in 0..4u8) {
        let list = match which {
            0 => list,
            1 => broken(genai(), at, &list),
            2 => broken(models_dev(), at, &list),
            _ => broken(litellm(), at, &list),
        };
        let Ok(feed) = read(list.to_string().as_bytes(), "a test", DAY) else { return Ok(()) };
        let book = Book { feed: take(&feed, &Book::default(), DAY, None), ..Book::default() };
        let most = Dollars(2_000 * 1_000_000_000_000);
        let is_sane = |price: &Price| price.input.cost(1_000_000) <= most && price.output.cost(1_000_000) <= most;
        prop_assert!(book.feed.iter().flat_map(|it| &it.prices).all(is_sane));
        let diff = FeedDiff::of(&feed, "a test", "id".into(), &Book::default(), DAY);
        prop_assert!(diff.added.len() + diff.changed.len() >= book.feed.len());
    }
}
