//! Finding a run again.

use crate::{beginning, ids, list, open, record, story};
use playground::{ErrorKind, RunEvent};
use recordings::{Outcome, Recorder, search::Filter};
use tempfile::TempDir;

fn three_runs(recorder: &Recorder) {
    let mut first = beginning("a", "Why is the sky blue?");
    first.started_ms = 1_000;
    record(recorder, first, &story(&["Crème brûlée ", "100% \"quoted\" _x"]));
    let mut second = beginning("b", "Зачем небо? 空はなぜ青い");
    (second.started_ms, second.target.provider) = (2_000, "practice".into());
    second.target.model = "practice-1".into();
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
    record(&recorder, unknown, &story(&["nobody"]));
    let spent = |since: i64| recorder.with(move |store| store.spent(since)).expect("it is read");
    let all = spent(0);
    // The failed one has no bill.
    assert_eq!((all.known, all.unknown, all.practice), (1, 1, 1));
    let one = list(&recorder, Filter { before: Some("b".into()), limit: 1, ..Filter::default() });
    assert_eq!(Some(all.cost), one[0].cost);
    let later = spent(2_000);
    assert_eq!((later.cost.0, later.known, later.unknown, later.practice), (0, 0, 1, 1));
}
