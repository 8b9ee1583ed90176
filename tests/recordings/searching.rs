//! Finding a run again.

use crate::{beginning, ids, list, open, price_of, record, story};
use playground::{ErrorKind, RunEvent};
use recordings::{
    Outcome, Recorder,
    search::Filter,
    spent::{Spending, Spent, SpentBy},
};
use rusqlite::Connection;
use std::{fs, path::Path};
use tempfile::TempDir;

fn three_runs(recorder: &Recorder) {
    let mut first = beginning("a", "Why is the sky blue?");
    first.started_ms = 1_000;
    record(recorder, first, &story(&["Crème brûlée ", "100% \"quoted\" _x"]));
    let mut second = beginning("b", "Зачем небо? 空はなぜ青い");
    (second.started_ms, second.target.provider) = (2_000, "practice".into());
    second.target.model = "practice-1".into();
    second.price = price_of("practice-1");
    record(recorder, second, &story(&["OR NOT AND*"]));
    let mut third = beginning("c", "ok");
    third.started_ms = 3_000;
    let error = ErrorKind::WrongKey.error();
    record(recorder, third, &[RunEvent::Failed { at_us: 1, error }]);
}

#[test]
fn a_run_is_found_by_what_is_known_of_it() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    three_runs(&recorder);
    let text = |text: &str| Filter { text: text.into(), ..Filter::default() };
    let filters = [
        (Filter::default(), "c b a"),
        (text("sky"), "a"),
        (text("SKY blu"), "a"),
        (text("creme BRULEE"), "a"),
        (text("небо"), "b"),
        (text("なぜ青"), "b"),
        (text("ok"), "c"),
        (text("100% \"quoted\" _x"), "a"),
        (text("OR NOT"), "b"),
        (text("sky небо"), ""),
        // Less than a piece of the index: at the beginning, inside, and at the very end.
        (text("wh"), "a"),
        (text("E?"), "a"),
        (text("_x"), "a"),
        (text("x"), "a"),
        (text("空"), "b"),
        (text("青い"), "b"),
        (text("НЕ"), "b"),
        (text("bé e\u{301}é"), ""),
        (text("rè lE\u{301}"), "a"),
        (text("OK zz"), ""),
        (text("\""), "a"),
        (text("\u{301}"), ""),
        (text("%"), "a"),
        (text("' OR 1=1 --"), ""),
        (Filter { provider: Some("practice".into()), ..Filter::default() }, "b"),
        (Filter { model: Some("gpt-4o-mini".into()), ..Filter::default() }, "c a"),
        (Filter { outcome: Some(Outcome::Failed), ..Filter::default() }, "c"),
        (Filter { since_ms: Some(2_000), ..Filter::default() }, "c b"),
        (Filter { until_ms: Some(2_000), ..Filter::default() }, "a"),
        (Filter { min_cost: Some(0.00001), ..Filter::default() }, "a"),
        (Filter { max_cost: Some(0.00001), ..Filter::default() }, "b"),
        (Filter { before: Some("b".into()), ..Filter::default() }, "a"),
        (Filter { starred: true, ..Filter::default() }, ""),
    ];
    for (mut filter, expected) in filters {
        filter.limit = 10;
        let name = format!("{filter:?}");
        assert_eq!(ids(&list(&recorder, filter)).join(" "), expected, "{name}");
    }
}

#[test]
fn a_list_comes_in_pages() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    for number in 0..7 {
        record(&recorder, beginning(&format!("r{number}"), "Why?"), &story(&["x"]));
    }
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let filter = Filter { before: before.clone(), limit: 3, ..Filter::default() };
        let page = recorder.with(move |store| store.list(&filter)).expect("a list");
        before = page.runs.last().map(|run| run.id.clone());
        seen.extend(page.runs.into_iter().map(|run| run.id));
        if !page.more {
            break;
        }
    }
    assert_eq!(seen, ["r6", "r5", "r4", "r3", "r2", "r1", "r0"]);
}

#[test]
fn names_are_those_that_were_asked() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    three_runs(&recorder);
    let names = recorder.with(|store| store.names()).expect("names");
    assert_eq!(names.providers, ["openai", "practice"]);
    assert_eq!(names.models, ["gpt-4o-mini", "practice-1"]);
}

#[test]
fn what_is_spent_is_a_sum_of_what_is_known_and_says_what_is_not() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    three_runs(&recorder);
    let mut unknown = beginning("d", "who knows");
    (unknown.started_ms, unknown.target.model) = (4_000, "no-such-model".into());
    unknown.price = None;
    record(&recorder, unknown, &story(&["nobody"]));
    let spent = |since: i64| recorder.with(move |store| store.spent(since)).expect("it is read");
    let all = spent(0);
    // The failed one has no bill.
    assert_eq!((all.known, all.unknown, all.practice), (1, 1, 1));
    let one = list(&recorder, Filter { before: Some("b".into()), limit: 1, ..Filter::default() });
    assert_eq!(Some(all.cost), one[0].cost);
    let later = spent(2_000);
    assert_eq!((later.cost.0, later.known, later.unknown, later.practice), (0, 0, 1, 1));
    let at_once = recorder.with(|store| store.spent_since([2_000, 0, i64::MAX])).expect("read");
    assert_eq!(at_once, [later, all, Spent::default()]);
}

/// Dollars, and how many are known, unknown and practice, by what they have in common.
fn told(by: &[SpentBy]) -> Vec<(&str, i128, [u32; 3])> {
    by.iter()
        .map(|it| {
            let Spent { cost, known, unknown, practice } = it.spent;
            (it.key.as_str(), cost.0, [known, unknown, practice])
        })
        .collect()
}

#[test]
fn spending_is_added_up_by_day_model_provider_and_conversation() {
    const HOUR_MS: i64 = 3_600_000;
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    // Each known one costs 13.5 millionths of a dollar; 1970-01-01 at 23:00 and an hour later.
    let runs = [
        ("a", "Why?", "gpt-4o-mini", 23 * HOUR_MS),
        ("b", "Why?", "gpt-4o-mini", 24 * HOUR_MS),
        ("c", "How?", "no-such-model", 24 * HOUR_MS),
    ];
    for (id, question, model, started_ms) in runs {
        let mut run = beginning(id, question);
        (run.started_ms, run.price) = (started_ms, price_of(model));
        run.target.model = model.into();
        record(&recorder, run, &story(&["So."]));
    }
    let mut practice = beginning("d", "Why?");
    practice.target.provider = "practice".into();
    practice.started_ms = 1;
    record(&recorder, practice, &story(&["So."]));
    let spending =
        |days: &'static [i64]| recorder.with(move |store| store.spending(days)).expect("added up");
    let all = spending(&[0, 24 * HOUR_MS]);
    let one = 13_500_000;
    let of_day = |it: &Spent| (it.cost.0, [it.known, it.unknown, it.practice]);
    let days = |it: &Spending| it.days.iter().map(of_day).collect::<Vec<_>>();
    assert_eq!(days(&all), [(one, [1, 0, 1]), (one, [1, 1, 0])]);
    assert_eq!(
        told(&all.models),
        [("gpt-4o-mini", 2 * one, [2, 0, 1]), ("no-such-model", 0, [0, 1, 0]),]
    );
    assert_eq!(told(&all.providers), [("openai", 2 * one, [2, 1, 0]), ("practice", 0, [0, 0, 1])]);
    assert_eq!(told(&all.conversations), [("Why?", 2 * one, [2, 0, 1]), ("How?", 0, [0, 1, 0])]);
    assert_eq!(all.total.cost.0, 2 * one);
    // A day of 23 hours: what was late is of the next one.
    let short = spending(&[0, 23 * HOUR_MS, 47 * HOUR_MS]);
    assert_eq!(days(&short), [(0, [0, 0, 1]), (2 * one, [2, 1, 0]), (0, [0; 3])]);
    let part = spending(&[2]);
    assert_eq!((part.total.known, part.total.practice), (2, 0), "the first is before it");
    assert_eq!(days(&part), [(2 * one, [2, 1, 0])]);
    assert_eq!((spending(&[i64::MAX]).days.len(), spending(&[])), (1, Spending::default()));
}

/// A file as version 1 left it, with a run in it.
fn file_of_version_1(path: &Path) {
    let file = Connection::open(path).expect("made");
    let tables = include_str!("../../src-tauri/crates/recordings/migrations/1.sql");
    file.execute_batch(tables).expect("tables");
    file.execute_batch(
        r#"INSERT INTO runs (id, session, started_ms, provider, dialect, model, chat, by_hand,
           question, reply, outcome)
           VALUES ('old', '', 5, 'openai', 'ollama', 'm', '{"messages":[
             {"role":"system","text":"Be brief."}, {"role":"user","text":"First"},
             {"role":"assistant","text":"No."}, {"role":"user","text":"Why"}]}', 0, 'Why',
           'So it is', 'finished');
           INSERT INTO events VALUES (1, 0, '{"type":"finished","at_us":7}', NULL);
           PRAGMA user_version = 1"#,
    )
    .expect("a run");
}

#[test]
fn a_file_of_the_version_before_is_brought_up_to_date_and_kept() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("recordings.sqlite");
    file_of_version_1(&path);
    let recorder = open(folder.path());
    assert_eq!(recorder.health().notice, None);
    for text in ["is", "s", "why", "wh", "So it"] {
        let found = list(&recorder, Filter { text: text.into(), limit: 9, ..Filter::default() });
        assert_eq!(ids(&found), ["old"], "{text}");
    }
    assert_eq!(crate::events(&recorder, "old").len(), 1);
    let spending = recorder.with(|store| store.spending(&[0])).expect("added up");
    assert_eq!(spending.conversations[0].key, "First", "how it began is known");
    recorder.with(|store| store.rename("old", "new")).expect("renamed");
    assert_eq!(recorder.with(|store| store.delete_all()).expect("deleted"), 1);
    let kept = folder.path().join("recordings.version-1.sqlite");
    assert!(kept.exists(), "as it was");
}

#[test]
fn a_damaged_file_of_the_version_before_is_saved_too() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("recordings.sqlite");
    file_of_version_1(&path);
    let mut bytes = fs::read(&path).expect("a file");
    // The list of free pages: the runs can still be read.
    bytes[32..40].fill(0xa5);
    fs::write(&path, bytes).expect("damaged");
    let recorder = open(folder.path());
    let notice = recorder.health().notice.unwrap_or_default();
    assert!(notice.contains("All 1 runs"), "{notice}");
    assert_eq!(ids(&list(&recorder, Filter { limit: 9, ..Filter::default() })), ["old"]);
}

/// A list must not read through every text, nor sort what it shows a page of.
#[test]
fn lists_go_along_the_index() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    three_runs(&recorder);
    let words = "+number IN (SELECT rowid FROM words WHERE words MATCH 'sky')";
    for condition in [
        "1",
        "outcome = 'finished'",
        "provider = 'openai' AND model = 'gpt-4o-mini' AND started_ms >= 5",
        "cost >= 5 AND starred = 1",
        words,
        "(started_ms, number) < (5, 5)",
    ] {
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT number, chat FROM runs WHERE {condition}
             ORDER BY started_ms DESC, number DESC LIMIT 60"
        );
        let file = Connection::open(folder.path().join("recordings.sqlite")).expect("opened");
        let mut query = file.prepare(&sql).expect("a plan");
        let rows = query.query_map([], |row| row.get::<_, String>(3)).expect("rows");
        let plan = rows.map(|it| it.expect("a step")).collect::<Vec<_>>().join("; ");
        assert!(plan.contains("runs USING INDEX runs_for_lists"), "{condition}: {plan}");
        assert!(!plan.contains("TEMP B-TREE FOR ORDER BY"), "{condition}: {plan}");
    }
}
