use super::*;
use crate::prices::{Listing, OwnPrice};
use proptest::prelude::*;

const TODAY: &str = "2026-11-20";

fn classic() -> MonthPlan {
    MonthPlan {
        calls_per_day: 5_000.0,
        input_tokens: 2_000.0,
        output_tokens: 500.0,
        months: 1.0,
        ..MonthPlan::default()
    }
}

fn cost_on(model: &str, plan: MonthPlan) -> MonthRow {
    let table = month(&Book::default(), &plan, &[model.into()], TODAY).expect("a plan");
    table.rows.into_iter().next().expect("a row")
}

fn text(amount: Option<Dollars>) -> String {
    amount.map(|it| it.to_string()).unwrap_or_default()
}

#[test]
fn the_classic_example_comes_out() {
    let row = cost_on("gpt-4o", classic());
    let found = [row.per_call, row.per_day, row.per_month, row.total].map(text);
    assert_eq!(found, ["0.01", "50", "1500", "1500"]);
    assert_eq!((row.missing, row.above, row.note), (None, None, None));
}

/// Worked by hand: gpt-4o costs 2.5, cached 1.25, output 10, a batch half.
#[test]
fn shares_growth_and_tiers_are_what_they_are_by_hand() {
    let base = MonthPlan { calls_per_day: 10.0, ..classic() };
    for (plan, model, months) in [
        // 40 % of 2,000 at half: 0.002 * 0.8 ... + 0.005 = 0.009 a call, 300 calls.
        (MonthPlan { cached_percent: 40.0, ..base }, "gpt-4o", vec!["2.7"]),
        (MonthPlan { batch_percent: 50.0, ..base }, "gpt-4o", vec!["2.25"]),
        (MonthPlan { cached_percent: 40.0, batch_percent: 100.0, ..base }, "gpt-4o", vec!["1.35"]),
        (
            MonthPlan { growth_percent: 10.0, months: 3.0, ..base },
            "gpt-4o",
            vec!["3", "3.3", "3.63"],
        ),
        (
            MonthPlan { growth_percent: -50.0, months: 3.0, ..base },
            "gpt-4o",
            vec!["3", "1.5", "0.75"],
        ),
        (MonthPlan { growth_percent: -100.0, months: 2.0, ..base }, "gpt-4o", vec!["3", "0"]),
        // A third of a percent: 2.51 * 0.002 + ...
        (MonthPlan { cached_percent: 33.33, ..base }, "gpt-4o", vec!["2.750025"]),
        // Above 272,000 all doubles, the output costs half as much again.
        (MonthPlan { input_tokens: 272_001.0, ..base }, "gpt-6-sol", vec!["328.6512"]),
        // From December on it costs twice as much.
        (MonthPlan { months: 2.0, ..base }, "gemini-4-argon", vec!["2.7", "5.4"]),
        (MonthPlan { calls_per_day: 0.0, ..base }, "gpt-4o", vec!["0"]),
    ] {
        let row = cost_on(model, plan);
        let found: Vec<_> = row.months.iter().map(Dollars::to_string).collect();
        assert_eq!(found, months, "{model} {plan:?}");
    }
}

#[test]
fn what_is_not_known_says_so_and_is_never_zero() {
    let cached = MonthPlan { cached_percent: 1.0, ..classic() };
    let batch = MonthPlan { batch_percent: 1.0, ..classic() };
    for (model, plan, says) in [
        ("nobody-knows-me", classic(), "the price of this model"),
        ("gemini-4-neon", cached, "read from a cache"),
        ("practice-1", batch, "of a batch"),
    ] {
        let row = cost_on(model, plan);
        assert_eq!((row.per_call, row.total, row.months), (None, None, Vec::new()), "{model}");
        assert!(row.missing.is_some_and(|it| it.contains(says)), "{model}");
        assert!(row.levers.is_empty(), "{model}");
    }
    let row = cost_on("gpt-4o", MonthPlan { months: 12.0, ..classic() });
    assert!(row.note.is_some_and(|it| it.contains("2027-01-14")), "its end is told");
    let row = cost_on("gemini-4-argon", MonthPlan { months: 2.0, ..classic() });
    assert!(row.note.is_some_and(|it| it.contains("2026-12-01")), "its new price is told");
}

#[test]
fn a_plan_that_cannot_be_is_refused_with_its_field() {
    let base = classic();
    for (plan, field) in [
        (MonthPlan { calls_per_day: -1.0, ..base }, "calls_per_day"),
        (MonthPlan { calls_per_day: 0.5, ..base }, "calls_per_day"),
        (MonthPlan { input_tokens: f64::NAN, ..base }, "input_tokens"),
        (MonthPlan { output_tokens: f64::INFINITY, ..base }, "output_tokens"),
        (MonthPlan { cached_percent: 101.0, ..base }, "cached_percent"),
        (MonthPlan { batch_percent: 0.001, ..base }, "batch_percent"),
        (MonthPlan { growth_percent: -101.0, ..base }, "growth_percent"),
        (MonthPlan { growth_percent: 1000.0, months: 60.0, ..base }, "growth_percent"),
        (MonthPlan { months: 0.0, ..base }, "months"),
        (MonthPlan { months: 61.0, ..base }, "months"),
    ] {
        let error = month(&Book::default(), &plan, &["gpt-4o".into()], TODAY).expect_err(field);
        assert_eq!(error.field, field, "{error}");
    }
    let many = vec![String::from("gpt-4o"); 101];
    let error = month(&Book::default(), &base, &many, TODAY).expect_err("too many");
    assert_eq!(error.field, "models");
}

#[test]
fn each_lever_saves_what_the_changed_plan_saves() {
    let now = cost_on("gpt-4o", classic());
    let half = MonthPlan { output_tokens: 250.0, ..classic() };
    let changed = [
        (LeverKind::Batch, cost_on("gpt-4o", MonthPlan { batch_percent: 100.0, ..classic() })),
        (LeverKind::Cache, cost_on("gpt-4o", MonthPlan { cached_percent: 90.0, ..classic() })),
        (LeverKind::ShorterOutput, cost_on("gpt-4o", half)),
        (
            LeverKind::ShorterInput,
            cost_on("gpt-4o", MonthPlan { input_tokens: 1_000.0, ..classic() }),
        ),
        (LeverKind::CheaperModel, cost_on("gpt-6-luna", classic())),
    ];
    for (kind, changed) in changed {
        let lever = now.levers.iter().find(|it| it.kind == kind).expect("there is one");
        assert_eq!(lever.total, changed.total, "{lever:?}");
        let saving = now.total.zip(changed.total).map(|(now, then)| Dollars(now.0 - then.0));
        assert_eq!(lever.saving, saving, "{lever:?}");
    }
    assert!(now.levers.is_sorted_by_key(|it| std::cmp::Reverse(it.saving)));
    assert_eq!(now.levers[0].kind, LeverKind::CheaperModel);
    // GPT-5 nano is cheaper still, but ends before the month does.
    assert_eq!(now.levers[0].model.as_deref(), Some("gpt-6-luna"));
    assert!(cost_on("gpt-5-nano", classic()).total < now.levers[0].total);
    let batch = now.levers.iter().find(|it| it.kind == LeverKind::Batch).expect("there is one");
    assert_eq!((text(batch.saving).as_str(), batch.saving_percent), ("750", Some(50.0)));
}

#[test]
fn what_a_plan_leaves_out_or_cannot_do_is_said() {
    let note = |model: &str, plan: MonthPlan| cost_on(model, plan).note.unwrap_or_default();
    let long = |input: u32, output: u32| MonthPlan {
        input_tokens: input.into(),
        output_tokens: output.into(),
        ..classic()
    };
    assert_eq!(note("gpt-4o", classic()), "");
    assert!(note("gpt-4o", long(500_000, 5)).contains("reads 128000 tokens"));
    assert!(note("gpt-4o", long(127_000, 1_001)).contains("do not fit"));
    assert_eq!(note("gpt-4o", long(127_000, 1_000)), "");
    let cached = MonthPlan { cached_percent: 50.0, ..classic() };
    assert_eq!(note("gpt-4o", cached), "", "it asks nothing for writing");
    assert!(note("claude-sonnet-5", cached).contains("To write to its cache costs $"));
    assert!(!note("claude-sonnet-5", classic()).contains("cache"));
}

#[test]
fn a_table_is_written_for_spreadsheets_and_a_name_is_no_formula() {
    let own = OwnPrice {
        model: "=1+1".into(),
        input: "1".into(),
        output: "2".into(),
        ..OwnPrice::default()
    };
    let own: Listing = own.listing(TODAY).expect("a price");
    let book = Book { own: vec![own], ..Book::default() };
    let models = ["gpt-4o".into(), "=1+1".into(), "a,\"b\"".into()];
    let plan = MonthPlan { months: 2.0, ..classic() };
    let text = csv(&month(&book, &plan, &models, TODAY).expect("a plan"));
    let expected = "\
model,name,per call,per day,month 1,month 2,total,not known because,note
gpt-4o,GPT-4o,0.01,50,1500,1500,3000,,It answers until 2027-01-14; later months are what they would cost.
'=1+1,'=1+1,0.003,15,450,450,900,,
\"a,\"\"b\"\"\",\"a,\"\"b\"\"\",,,,,,Not known: the price of this model is not known.,
";
    assert_eq!(text, expected);
}

proptest! {
    #[test]
    fn months_add_up_and_nothing_is_a_panic(
        calls in 0..2_000_000_000u64, input: u32, output: u32, shares in [0..10_001u32, 0..10_001, 0..60_000],
        months in 0..70u32,
    ) {
        let [cached, batch, growth] = shares.map(|it| f64::from(it) / 100.0);
        let plan = MonthPlan {
            calls_per_day: calls as f64,
            input_tokens: f64::from(input),
            output_tokens: f64::from(output),
            cached_percent: cached,
            batch_percent: batch,
            growth_percent: growth - 100.0,
            months: f64::from(months),
        };
        if let Ok(table) = month(&Book::default(), &plan, &["gpt-6-sol".into()], TODAY) {
            let row = &table.rows[0];
            prop_assert_eq!(row.months.len(), table.calls.len());
            prop_assert_eq!(row.total, Some(row.months.iter().copied().sum()));
            prop_assert!(row.months.iter().all(|it| it.0 >= 0));
        }
    }
}
