//! Runs that belong together: claimed once, listed as one, kept and deleted as one.

use crate::{
    all, beginning, bytes_on_disk, contains, events,
    files::{added, export_with, fresh, import, is_as_the_schema_says},
    ids, open, record, reopened, story, until_closed,
};
use playground::{Message, Parameters, Role, RunEvent, Target, prices::Dollars};
use recordings::{
    Beginning, Outcome, Recorder, Store, StoreError,
    compare::{ComparisonKind, KeptComparison, Place, Plan, PlanColumn, PlanRow, TallyRow, Vote},
    files::{self, FileError, Imported},
    search::{Filter, Page},
};
use serde_json::{Value, json};
use std::{io::Cursor, sync::Barrier, thread};
use tempfile::TempDir;

/// A plan of so many columns and rows, each sent so often.
pub fn plan(columns: usize, rows: usize, repeats: u32) -> Plan {
    let column = |number: usize| PlanColumn {
        label: format!("column {number}"),
        target: Target { model: format!("model-{number}"), ..Target::default() },
        ..PlanColumn::default()
    };
    let row = |number: usize| PlanRow { prompt: format!("prompt {number}"), ..PlanRow::default() };
    Plan {
        columns: (0..columns).map(column).collect(),
        rows: (0..rows).map(row).collect(),
        repeats,
        ..Plan::default()
    }
}

pub fn at(row: u32, column: u32, repeat: u32) -> Place {
    Place { row, column, repeat }
}

fn create(recorder: &Recorder, id: &'static str, kind: ComparisonKind, plan: Plan, ms: i64) {
    let create = move |store: &mut Store| store.create_comparison(id, kind, "", &plan, ms);
    recorder.with(create).expect("it is new");
}

fn claim(
    recorder: &Recorder,
    id: &'static str,
    claims: &[(Place, &str)],
) -> Result<(), StoreError> {
    let claims: Vec<_> = claims.iter().map(|(place, run)| (*place, (*run).to_owned())).collect();
    recorder.with(move |store| store.claim(id, &claims))
}

/// Columns with a run in each, called `{id}-0` and so on.
pub fn columns(recorder: &Recorder, id: &'static str, words: &[&str], ms: i64) {
    one_row(recorder, id, ComparisonKind::Columns, words, ms);
}

/// One prompt, and the reply of each column to it.
pub fn one_row(
    recorder: &Recorder,
    id: &'static str,
    kind: ComparisonKind,
    words: &[&str],
    ms: i64,
) {
    create(recorder, id, kind, plan(words.len(), 1, 1), ms);
    for (column, word) in (0..).zip(words) {
        let run = format!("{id}-{column}");
        claim(recorder, id, &[(at(0, column, 0), &run)]).expect("it is free");
        record(recorder, Beginning { started_ms: ms, ..beginning(&run, "Why?") }, &story(&[word]));
    }
}

fn page(recorder: &Recorder, filter: Filter) -> Page {
    recorder.with(move |store| store.list(&filter)).expect("a list")
}

fn found(recorder: &Recorder, filter: Filter) -> Vec<String> {
    let page = page(recorder, Filter { limit: 500, ..filter });
    page.comparisons.into_iter().map(|it| it.id).collect()
}

#[test]
fn a_place_is_claimed_once_and_stays_claimed() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    create(&recorder, "s", ComparisonKind::Set, plan(2, 3, 1), 1);
    claim(&recorder, "s", &[(at(0, 0, 0), "a"), (at(0, 1, 0), "b")]).expect("they are free");
    let recorder = reopened(recorder, folder.path());
    let refused = claim(&recorder, "s", &[(at(1, 0, 0), "c"), (at(0, 1, 0), "d")]);
    assert!(matches!(refused, Err(StoreError::Claimed(place)) if place == at(0, 1, 0)));
    let open_places = recorder.with(|store| store.open_places("s")).expect("it is there");
    assert_eq!(open_places, [at(1, 0, 0), at(1, 1, 0), at(2, 0, 0), at(2, 1, 0)], "all or none");
    let cells = recorder.with(|store| store.cells("s")).expect("it is there");
    let claimed: Vec<_> = cells.iter().map(|it| (it.place, &it.run[..], &it.summary)).collect();
    assert_eq!(claimed, [(at(0, 0, 0), "a", &None), (at(0, 1, 0), "b", &None)], "none began");
}

#[test]
fn of_many_windows_one_claims_a_place() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    let places = plan(4, 5, 2);
    create(&recorder, "s", ComparisonKind::Sweep, places.clone(), 1);
    let windows = 8;
    let barrier = Barrier::new(windows);
    let claimed_by = |window: usize| {
        let recorder = open(folder.path());
        barrier.wait();
        let mine = |place: &Place| {
            let Place { row, column, repeat } = place;
            let run = format!("{window}-{row}-{column}-{repeat}");
            match claim(&recorder, "s", &[(*place, &run)]) {
                Ok(()) => true,
                Err(StoreError::Claimed(taken)) if taken == *place => false,
                Err(error) => panic!("{error}"),
            }
        };
        places.places().filter(mine).count()
    };
    let claimed: usize = thread::scope(|scope| {
        let windows: Vec<_> = (0..windows).map(|it| scope.spawn(move || claimed_by(it))).collect();
        windows.into_iter().map(|it| it.join().expect("it claimed")).sum()
    });
    assert_eq!(claimed, 40);
    assert_eq!(recorder.with(|store| store.open_places("s")).expect("it is there"), []);
}

#[test]
fn what_cannot_be_claimed_is_refused() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    create(&recorder, "s", ComparisonKind::Set, plan(2, 2, 2), 1);
    create(&recorder, "c", ComparisonKind::Columns, plan(2, 1, 1), 2);
    record(&recorder, beginning("alone", ""), &story(&["x"]));
    for place in [at(2, 0, 0), at(0, 2, 0), at(0, 0, 2)] {
        let refused = claim(&recorder, "s", &[(place, "r")]);
        assert!(matches!(refused, Err(StoreError::NoSuchPlace(it)) if it == place), "{place:?}");
    }
    claim(&recorder, "c", &[(at(0, 0, 7), "again")]).expect("a column is asked as often as wanted");
    for run in ["alone", "again"] {
        let refused = claim(&recorder, "s", &[(at(0, 0, 0), run)]);
        assert!(matches!(refused, Err(StoreError::ThereAlready)), "{run} was sent before");
    }
    assert!(matches!(claim(&recorder, "x", &[]), Err(StoreError::NoSuchComparison)));
    let again = recorder
        .with(|store| store.create_comparison("s", ComparisonKind::Set, "", &plan(1, 1, 1), 1));
    assert!(matches!(again, Err(StoreError::ThereAlready)));
}

#[test]
fn a_place_is_given_back_only_if_nothing_was_sent() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    create(&recorder, "s", ComparisonKind::Set, plan(2, 1, 1), 1);
    claim(&recorder, "s", &[(at(0, 0, 0), "a"), (at(0, 1, 0), "b")]).expect("they are free");
    recorder.begin(beginning("a", ""));
    let release = |run: &'static str| recorder.with(move |store| store.release("s", run));
    assert!(!release("a").expect("looked"), "it began");
    assert!(release("b").expect("looked"));
    let open_places = recorder.with(|store| store.open_places("s")).expect("it is there");
    assert_eq!(open_places, [at(0, 1, 0)]);
}

#[test]
fn a_place_that_is_freed_can_be_sent_once_more() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    create(&recorder, "s", ComparisonKind::Set, plan(3, 1, 1), 1);
    let cells = [(at(0, 0, 0), "a"), (at(0, 1, 0), "b"), (at(0, 2, 0), "d")];
    claim(&recorder, "s", &cells).expect("they are free");
    record(&recorder, beginning("a", ""), &[RunEvent::Cancelled { at_us: 1 }]);
    recorder.begin(beginning("b", ""));
    record(&recorder, beginning("d", ""), &story(&["x"]));
    let free = |place, run: &'static str| {
        recorder.with(move |store| store.free("s", place, run)).expect("looked")
    };
    assert!(free(at(0, 0, 0), "a") && !free(at(0, 0, 0), "a"), "it is free for one");
    assert!(!free(at(0, 1, 0), "b"), "it goes on");
    assert!(!free(at(0, 2, 0), "d"), "it has its reply");
    assert_eq!(ids(&all(&recorder)), ["a"], "it stands alone now");
    claim(&recorder, "s", &[(at(0, 0, 0), "c")]).expect("it is free");
    assert!(!free(at(0, 0, 0), "a"), "what is about to leave keeps its place");
    assert!(free(at(0, 0, 0), "c"), "of which nothing was written");
}

#[test]
fn how_far_a_batch_is_lasts() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    create(&recorder, "s", ComparisonKind::Set, plan(2, 1, 1), 1);
    assert_eq!(recorder.with(|store| store.batch("s")).expect("read"), None);
    recorder.with(|store| store.set_batch("s", Some("{\"state\":\"paused\"}"))).expect("written");
    let recorder = reopened(recorder, folder.path());
    let batch = recorder.with(|store| store.batch("s")).expect("read");
    assert_eq!(batch.as_deref(), Some("{\"state\":\"paused\"}"));
    assert!(recorder.with(|store| store.set_batch("x", None)).is_err());
}

/// However a file is damaged, what is saved of a comparison holds together.
#[test]
fn what_is_saved_of_a_damaged_comparison_holds_together() {
    let saved = (0..12).map(|part| {
        let folder = TempDir::new().expect("a temporary folder");
        let recorder = open(folder.path());
        for (id, ms) in [("c", 1), ("d", 2), ("e", 3)] {
            columns(&recorder, id, &["word ".repeat(800).as_str(); 4], ms);
        }
        drop(recorder);
        let path = folder.path().join("recordings.sqlite");
        let mut bytes = until_closed(&path);
        let from = 100 + bytes.len() * part / 12;
        let to = (from + 3_000).min(bytes.len());
        bytes[from..to].fill(0xa5);
        std::fs::write(&path, &bytes).expect("damaged");
        let recorder = open(folder.path());
        let is_noticed = recorder.health().notice.is_some();
        let page = page(&recorder, Filter { limit: 500, ..Filter::default() });
        for it in &page.comparisons {
            let id = it.id.clone();
            // Letters can be damaged without anybody noticing; then it is an error.
            let Ok(kept) = recorder.with(move |store| store.comparison(&id)) else { continue };
            let theirs = kept.cells.iter().filter(|cell| cell.summary.is_some()).count();
            assert!(theirs as u32 <= it.runs, "damaged at {from}");
            assert!(theirs as u32 + 1 >= it.runs, "damaged at {from}: at most one is not read");
        }
        is_noticed.then(|| page.comparisons.iter().map(|it| it.runs).sum::<u32>())
    });
    assert!(saved.flatten().max() >= Some(8), "most of it can be read");
}

#[test]
fn a_round_is_begun_as_a_whole() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    let round = |plan: Plan, claims: &[(Place, &str)]| {
        let claims: Vec<_> = claims.iter().map(|(it, run)| (*it, (*run).to_owned())).collect();
        recorder.with(move |store| store.begin_round("c", &plan, &claims, 7))
    };
    round(plan(2, 1, 1), &[(at(0, 0, 0), "a"), (at(0, 1, 0), "b")]).expect("a new one");
    let refused = round(plan(3, 2, 1), &[(at(1, 2, 0), "c"), (at(0, 0, 0), "d")]);
    assert!(matches!(refused, Err(StoreError::Claimed(_))));
    let kept = recorder.with(|store| store.comparison("c")).expect("it is there");
    assert_eq!((kept.plan.columns.len(), kept.cells.len()), (2, 2), "nothing was changed");
    round(plan(3, 2, 1), &[(at(1, 2, 0), "c")]).expect("the next round");
    for smaller in [plan(2, 2, 1), plan(3, 1, 1)] {
        let refused = round(smaller, &[]);
        assert!(matches!(refused, Err(StoreError::BadPlan(_))), "runs stand there");
    }
    let kept = recorder.with(|store| store.comparison("c")).expect("it is there");
    assert_eq!((kept.plan.columns.len(), kept.plan.rows.len(), kept.cells.len()), (3, 2, 3));
    assert_eq!((kept.summary.planned, kept.summary.claimed, kept.summary.runs), (3, 3, 0));
}

#[test]
fn its_runs_are_one_item_and_are_found_by_it() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    columns(&recorder, "c", &["kingfisher", "marzipan"], 2_000);
    record(
        &recorder,
        Beginning { started_ms: 1_000, ..beginning("alone", "Why?") },
        &story(&["x"]),
    );
    let all_of = page(&recorder, Filter { limit: 9, ..Filter::default() });
    assert_eq!((ids(&all_of.runs), all_of.more), (vec!["alone"], false));
    let it = &all_of.comparisons[0];
    assert_eq!((&it.id[..], it.created_ms, &it.question[..]), ("c", 2_000, "prompt 0"));
    assert_eq!(
        (&it.columns[..], &it.models[..]),
        (
            &["column 0".to_owned(), "column 1".to_owned()][..],
            &["model-0".to_owned(), "model-1".to_owned()][..],
        )
    );
    let outcomes: Vec<_> = it.outcomes.iter().map(|it| (it.outcome, it.runs)).collect();
    assert_eq!(outcomes, [(Outcome::Finished, 2)]);
    assert_eq!((it.spent.cost, it.spent.known), (Dollars(27_000_000), 2));
    let run = recorder.with(|store| store.run("c-0")).expect("it is there");
    assert_eq!(run.summary.comparison.as_deref(), Some("c"));
    let spent = recorder.with(|store| store.spent(0)).expect("added up");
    assert_eq!(spent.known, 3, "its runs cost what they cost");

    recorder.with(|store| store.rename_comparison("c", " Two Birds ")).expect("renamed");
    let text = |text: &str| Filter { text: text.into(), ..Filter::default() };
    for (filter, hits) in [
        (text("marzi"), 1),
        (text("why"), 1),
        (text("birds two"), 1),
        (text("heron"), 0),
        (Filter { model: Some("gpt-4o-mini".into()), ..Filter::default() }, 1),
        (Filter { model: Some("gpt-4o-mini".into()), ..text("two") }, 1),
        (Filter { model: Some("nobody".into()), ..text("two") }, 0),
        (Filter { outcome: Some(Outcome::Failed), ..Filter::default() }, 0),
        (Filter { starred: true, ..Filter::default() }, 0),
        (Filter { since_ms: Some(2_001), ..Filter::default() }, 0),
        (Filter { until_ms: Some(2_001), ..Filter::default() }, 1),
    ] {
        assert_eq!(found(&recorder, filter.clone()).len(), hits, "{filter:?}");
    }
}

/// A list of both, in pages of any size, is the list as a whole.
#[test]
fn pages_of_runs_and_comparisons_follow_each_other() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    for (id, ms) in [("c1", 10), ("c2", 20), ("c3", 20), ("c4", 40)] {
        create(&recorder, id, ComparisonKind::Columns, plan(1, 1, 1), ms);
    }
    for (id, ms) in [("r1", 5), ("r2", 20), ("r3", 20), ("r4", 30), ("r5", 50)] {
        record(&recorder, Beginning { started_ms: ms, ..beginning(id, "") }, &story(&["x"]));
    }
    let merged = |page: &Page| {
        let runs = page.runs.iter().map(|it| (-it.started_ms, 1, it.id.clone()));
        let comparisons = page.comparisons.iter().map(|it| (-it.created_ms, 0, it.id.clone()));
        let mut all: Vec<_> = comparisons.chain(runs).collect();
        all.sort_by_key(|it| (it.0, it.1));
        all.into_iter().map(|it| it.2).collect::<Vec<_>>()
    };
    let whole = ["r5", "c4", "r4", "c3", "c2", "r3", "r2", "c1", "r1"];
    for limit in 1..=10 {
        let (mut listed, mut before) = (Vec::new(), None);
        loop {
            let page = page(&recorder, Filter { before, limit, ..Filter::default() });
            assert_eq!(page.more, page.runs.len() + page.comparisons.len() + listed.len() < 9);
            listed.extend(merged(&page));
            if !page.more {
                break;
            }
            before = listed.last().cloned();
        }
        assert_eq!(listed, whole, "pages of {limit}");
    }
    let fitting = recorder.with(|store| store.ids(&Filter::default())).expect("a list");
    assert_eq!((fitting.runs.len(), fitting.comparisons.len()), (5, 4));
}

#[test]
fn a_title_is_found_whatever_its_case_and_accents() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    for (id, title) in [("a", "Übung im CAFÉ"), ("b", "Plain words"), ("c", "")] {
        create(&recorder, id, ComparisonKind::Columns, plan(1, 1, 1), 1);
        recorder.with(move |store| store.rename_comparison(id, title)).expect("named");
    }
    for (text, ids) in [
        ("übung", vec!["a"]),
        ("CAFE", vec!["a"]),
        ("uBUNG cafe\u{301}", vec!["a"]),
        ("ÜB", vec!["a"]),
        ("é", vec!["a"]),
        ("plain WÖRDS", vec!["b"]),
        ("plain übung", vec![]),
        ("100%", vec![]),
    ] {
        let filter = Filter { text: text.into(), ..Filter::default() };
        assert_eq!(found(&recorder, filter), ids, "{text}");
    }
}

#[test]
fn it_goes_with_all_its_runs() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    columns(&recorder, "c", &["kingfisher ", "marzipan "], 1);
    columns(&recorder, "d", &["heron "], 2);
    let deleted = recorder.with(|store| store.delete_comparisons(&["c".into(), "nobody".into()]));
    assert_eq!(deleted.expect("deleted"), 1);
    let disk = bytes_on_disk(folder.path());
    assert!(!contains(&disk, "kingfisher") && !contains(&disk, "column 1"));
    assert!(contains(&disk, "heron"));
    assert_eq!(found(&recorder, Filter { text: "kingf".into(), ..Filter::default() }).len(), 0);
    assert!(recorder.with(|store| store.run("c-0")).is_err());
    assert_eq!(recorder.with(|store| store.amount()).expect("counted").runs, 1);
    assert_eq!(recorder.with(|store| store.delete_all()).expect("deleted"), 1);
    assert!(!contains(&bytes_on_disk(folder.path()), "heron"));
    assert_eq!(found(&recorder, Filter::default()).len(), 0);
}

#[test]
fn the_limit_keeps_or_removes_it_as_a_whole() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    columns(&recorder, "old", &["word", "word"], 1);
    record(&recorder, beginning("a", ""), &story(&["word"]));
    columns(&recorder, "starred", &["word", "word"], 2);
    columns(&recorder, "runs-star", &["word", "word"], 3);
    record(&recorder, beginning("b", ""), &story(&["word"]));
    columns(&recorder, "going-on", &["word"], 4);
    let more = [(at(0, 0, 1), "live")];
    claim(&recorder, "going-on", &more).expect("it is free");
    recorder.begin(beginning("live", ""));
    recorder.with(|store| store.star_comparison("starred", true)).expect("starred");
    recorder.with(|store| store.star("runs-star-1", true)).expect("starred");
    let bytes = recorder.with(|store| store.amount()).expect("counted").bytes;
    let each = recorder.with(|store| store.run("a")).expect("it is there").summary.bytes;
    for (limit, gone, runs) in [
        (bytes, 0, vec!["b", "a"]),
        (bytes - 1, 2, vec!["b", "a"]),
        (bytes - 3 * each, 1, vec!["b"]),
        (0, 1, vec![]),
    ] {
        let said = recorder.with(move |store| store.beyond(limit, &[])).expect("counted");
        let done = recorder.with(move |store| store.shrink(limit, &[])).expect("done");
        assert_eq!((said, done.runs), (done, gone), "limit {limit}");
        assert_eq!(ids(&all(&recorder)), runs, "limit {limit}");
    }
    assert_eq!(found(&recorder, Filter::default()), ["going-on", "runs-star", "starred"]);
    let left = recorder.with(|store| store.amount()).expect("counted").runs;
    assert_eq!(left, 6);
}

#[test]
fn the_limit_takes_neither_the_newest_nor_what_is_being_sent() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    let shrink = |going_on: &'static [&'static str]| {
        let going_on: Vec<_> = going_on.iter().map(|it| (*it).to_owned()).collect();
        recorder.with(move |store| store.shrink(0, &going_on)).expect("done").runs
    };
    // All of its calls that have left have ended: nothing of it is under way.
    columns(&recorder, "large", &["word", "word", "word"], 1);
    assert_eq!(shrink(&[]), 0, "it is the newest, and was paid for");
    record(&recorder, beginning("a", ""), &story(&["word"]));
    assert_eq!(shrink(&["large"]), 0, "another call has come between two of it");
    assert_eq!(found(&recorder, Filter::default()), ["large"]);
    assert_eq!(shrink(&["another"]), 3);
    assert_eq!((found(&recorder, Filter::default()).len(), ids(&all(&recorder))), (0, vec!["a"]));
}

#[test]
fn when_a_run_began_stands_in_its_place() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    create(&recorder, "c", ComparisonKind::Columns, plan(2, 1, 1), 1);
    claim(&recorder, "c", &[(at(0, 0, 0), "a"), (at(0, 1, 0), "b")]).expect("they are free");
    let told = story(&["x"]);
    recorder.begin(beginning("a", ""));
    recorder.started(&"a".into(), 1_234);
    told.iter().for_each(|event| recorder.append(&"a".into(), event));
    assert_eq!(events(&recorder, "a"), told);
    let cells = recorder.with(|store| store.cells("c")).expect("it is there");
    assert_eq!((cells[0].start_us, cells[1].start_us), (Some(1_234), None));
    let summary = cells[0].summary.as_ref().expect("it was written");
    assert_eq!((&summary.id[..], summary.outcome), ("a", Outcome::Finished));
    recorder.with(|store| store.delete(&["a".into()])).expect("deleted");
    let cells = recorder.with(|store| store.cells("c")).expect("it is there");
    assert_eq!((&cells[0].run[..], &cells[0].summary), ("a", &None), "its place stays taken");
}

#[test]
fn what_a_place_sends_is_its_row_to_its_column() {
    let mut plan = plan(2, 2, 1);
    plan.columns[1].system = "Be brief.".into();
    plan.columns[1].parameters = Parameters { temperature: Some(0.7), ..Parameters::default() };
    let says = |role, text: &str| Message { role, text: text.into() };
    let bare = plan.chat(0, 0).expect("a place");
    assert_eq!(bare.messages, [says(Role::User, "prompt 0")]);
    let chat = plan.chat(1, 1).expect("a place");
    let messages = [says(Role::System, "Be brief."), says(Role::User, "prompt 1")];
    assert_eq!((&chat.messages[..], chat.parameters.temperature), (&messages[..], Some(0.7)));
    plan.rows[1].messages = vec![says(Role::User, "Hi"), says(Role::Assistant, "Hello")];
    let said = plan.chat(1, 1).expect("a place").messages;
    let roles: Vec<_> = said.iter().map(|it| it.role.as_str()).collect();
    assert_eq!(roles, ["system", "user", "assistant", "user"]);
    plan.rows[1].messages = vec![says(Role::System, "Be long.")];
    let said = plan.chat(1, 1).expect("a place").messages;
    assert_eq!(said, [says(Role::System, "Be long."), says(Role::User, "prompt 1")]);
    assert_eq!(plan.chat(2, 0).or(plan.chat(0, 2)), None);
}

#[test]
fn a_plan_that_cannot_be_is_refused_with_its_field() {
    let with = |change: &dyn Fn(&mut Plan)| {
        let mut plan = plan(2, 2, 1);
        change(&mut plan);
        plan.check(ComparisonKind::Set).map_err(|error| error.field)
    };
    let refused = |field: &str| Err(field.to_owned());
    let vote = |best, among: &[u32]| Vote { best, among: among.to_vec(), ..Vote::default() };
    assert_eq!(with(&|_| {}), Ok(()));
    assert_eq!(with(&|it| it.columns.clear()), refused("columns"));
    assert_eq!(with(&|it| it.columns = plan(25, 0, 1).columns), refused("columns"));
    assert_eq!(with(&|it| it.rows = plan(1, 1_001, 1).rows), refused("rows"));
    assert_eq!(with(&|it| it.rows[1].prompt = "x".repeat(17 << 20)), refused("rows"));
    assert_eq!(with(&|it| it.repeats = 0), refused("repeats"));
    assert_eq!(with(&|it| it.repeats = 101), refused("repeats"));
    assert_eq!(with(&|it| (it.rows, it.repeats) = (plan(1, 1_000, 1).rows, 50)), refused("rows"));
    assert_eq!(with(&|it| it.columns[1].label = "x".repeat(201)), refused("columns.1.label"));
    assert_eq!(with(&|it| it.order = vec![1, 0]), Ok(()));
    assert_eq!(with(&|it| it.order = vec![1, 1]), refused("order"));
    assert_eq!(with(&|it| it.order = vec![2]), refused("order"));
    assert_eq!(with(&|it| it.votes = vec![vote(Some(1), &[0, 1]), vote(None, &[0])]), Ok(()));
    assert_eq!(with(&|it| it.votes = vec![vote(Some(1), &[0])]), refused("votes"));
    assert_eq!(with(&|it| it.votes = vec![vote(None, &[2])]), refused("votes"));
}

#[test]
fn votes_are_counted_by_model_over_all_comparisons() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    let vote = |best, among: &[u32]| Vote { best, among: among.to_vec(), ..Vote::default() };
    let first = Plan { votes: vec![vote(Some(0), &[0, 1]), vote(None, &[0, 1])], ..plan(3, 1, 1) };
    let second = Plan { votes: vec![vote(Some(2), &[0, 1, 2])], ..plan(3, 1, 1) };
    create(&recorder, "a", ComparisonKind::Columns, first, 1);
    create(&recorder, "b", ComparisonKind::Columns, second, 2);
    create(&recorder, "c", ComparisonKind::Columns, plan(1, 1, 1), 3);
    let tally = recorder.with(|store| store.blind_tally()).expect("counted");
    let provider = String::new;
    let row = |model: &str, won, tied, lost| TallyRow {
        provider: provider(),
        model: model.into(),
        won,
        tied,
        lost,
    };
    let expected = [row("model-2", 1, 0, 0), row("model-0", 1, 1, 1), row("model-1", 0, 1, 2)];
    assert_eq!(tally, expected);
    recorder.with(|store| store.forget_votes()).expect("forgotten");
    assert_eq!(recorder.with(|store| store.blind_tally()).expect("counted"), []);
    let kept = recorder.with(|store| store.plan("a")).expect("it is there").1;
    assert_eq!(kept, plan(3, 1, 1), "nothing else is lost");
}

fn comparison(recorder: &Recorder, id: &'static str) -> KeptComparison {
    recorder.with(move |store| store.comparison(id)).expect("it is there")
}

#[test]
fn a_file_brings_a_comparison_with_its_runs() {
    let (_folder, here) = fresh();
    columns(&here, "c", &["kingfisher", "marzipan"], 2_000);
    here.started(&"c-0".into(), 17);
    here.with(|store| store.rename_comparison("c", "Birds")).expect("renamed");
    here.with(|store| store.star_comparison("c", true)).expect("starred");
    let mut changed = plan(3, 2, 1);
    changed.columns[1].parameters.temperature = Some(0.25);
    changed.votes = vec![Vote { best: Some(1), among: vec![0, 1], ..Vote::default() }];
    changed.rows[1].messages = vec![Message { role: Role::User, text: "Hi".into() }];
    here.with(move |store| store.save_plan("c", &changed)).expect("saved");
    claim(&here, "c", &[(at(1, 2, 0), "never-began")]).expect("it is free");
    record(&here, beginning("alone", ""), &story(&["x"]));
    let (file, runs) = export_with(&here, &["alone"], &["c"]);
    assert_eq!(runs, 3);
    is_as_the_schema_says(&file);

    let (_other, there) = fresh();
    let brought = Imported { comparisons: 1, ..added(3, 0) };
    assert_eq!(import(&there, &file).expect("read"), brought);
    let (mut before, after) = (comparison(&here, "c"), comparison(&there, "c"));
    before.summary.imported = true;
    before.cells.iter_mut().flat_map(|it| &mut it.summary).for_each(|it| it.imported = true);
    assert_eq!(before, after);
    assert_eq!(ids(&all(&there)), ["alone"]);
    for id in ["c-0", "c-1"] {
        assert_eq!(events(&here, id), events(&there, id));
    }
    assert_eq!(export_with(&there, &["alone"], &["c"]).0, file, "and so on");
    assert_eq!(import(&there, &file).expect("read"), added(0, 3), "nothing is doubled");
    assert_eq!(import(&here, &file).expect("read"), added(0, 3));
}

#[test]
fn a_file_changes_no_comparison_that_is_here() {
    let (_folder, here) = fresh();
    columns(&here, "c", &["kingfisher"], 1);
    let (_other, there) = fresh();
    columns(&there, "c", &["marzipan"], 2);
    columns(&there, "d", &["heron"], 3);
    record(&there, beginning("waits", ""), &story(&["x"]));
    // A run of a place that was claimed here, and was not written yet.
    claim(&here, "c", &[(at(0, 0, 1), "waits")]).expect("it is free");
    // A run that is in a comparison there, and stands alone here.
    record(&here, beginning("d-0", "Why?"), &events(&there, "d-0"));
    let before = comparison(&here, "c");
    let (file, _) = export_with(&there, &["waits"], &["c", "d"]);
    let imported = import(&here, &file).expect("read");
    assert_eq!((imported.added, imported.comparisons, imported.left_out), (3, 2, 0));
    assert_eq!(comparison(&here, "c"), before);
    let namesake = comparison(&here, "c-2");
    assert_eq!(namesake.cells[0].run, "c-0-2");
    assert_eq!(namesake.cells[0].summary.as_ref().expect("it is there").reply, "marzipan");
    let copied = comparison(&here, "d");
    assert_eq!(copied.cells[0].run, "d-0-2", "that which stands alone stays so");
    assert_eq!(ids(&all(&here)), ["waits", "d-0"]);
    let again = import(&here, &file).expect("read");
    assert_eq!((again.added, again.comparisons, again.left_out), (0, 0, 0), "nothing is doubled");
}

/// A file of one comparison with two runs, which is changed a little.
fn changed(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let (_folder, here) = fresh();
    columns(&here, "c", &["kingfisher", "marzipan"], 1);
    let (file, _) = export_with(&here, &[], &["c"]);
    let mut file: Value = serde_json::from_slice(&file).expect("JSON");
    change(&mut file);
    file.to_string().into_bytes()
}

#[test]
fn a_comparison_that_is_none_is_left_out_and_its_runs_stand_alone() {
    let with = |change: fn(&mut Value)| changed(|file| change(&mut file["comparisons"][0]));
    for (why, file) in [
        ("invalid type", with(|it| *it = json!(7))),
        ("missing field", with(|it| *it = json!({ "id": "c" }))),
        ("it has no id", with(|it| it["id"] = json!(""))),
        ("a name in it is too long", with(|it| it["id"] = json!("c".repeat(65)))),
        ("unknown variant", with(|it| it["kind"] = json!("duel"))),
        ("invalid type", with(|it| it["created_ms"] = json!("now"))),
        ("1 to 24 columns", with(|it| it["plan"]["columns"] = json!([]))),
        ("invalid type", with(|it| it["plan"]["columns"] = json!(7))),
        ("at most 1000 rows", with(|it| it["plan"]["rows"] = json!(vec![json!({}); 1_001]))),
        ("1 to 100 times", with(|it| it["plan"]["repeats"] = json!(0))),
        ("invalid value", with(|it| it["plan"]["repeats"] = json!(1_u64 << 40))),
        ("there is no column", with(|it| it["plan"]["order"] = json!([7]))),
        ("vote", with(|it| it["plan"]["votes"] = json!([{ "among": [7] }]))),
        ("a label has", with(|it| it["plan"]["rows"][0]["label"] = json!("x".repeat(201)))),
        (
            "a name in it is too long",
            with(|it| it["plan"]["columns"][0]["target"]["model"] = json!("m".repeat(513))),
        ),
        ("stands nowhere", with(|it| it["cells"][0]["row"] = json!(9))),
        ("stands nowhere", with(|it| it["cells"][0]["column"] = json!(2))),
        ("stands nowhere", with(|it| it["cells"][0]["repeat"] = json!(100))),
        ("stands nowhere", with(|it| it["cells"][0]["run"] = json!(""))),
        ("is too long", with(|it| it["cells"][0]["run"] = json!("r".repeat(65)))),
        ("there twice", with(|it| it["cells"][0]["column"] = json!(1))),
        ("there twice", with(|it| it["cells"][0]["run"] = json!("c-1"))),
        ("begins at no time", with(|it| it["cells"][0]["start_us"] = json!(1_u64 << 60))),
        ("invalid value", with(|it| it["cells"][0]["start_us"] = json!(-1))),
    ] {
        let (folder, here) = fresh();
        let imported = import(&here, &file).unwrap_or_else(|error| panic!("{why}: {error}"));
        assert_eq!((imported.added, imported.comparisons), (2, 0), "{why}");
        let [told] = &imported.why[..] else { panic!("{why}: {imported:?}") };
        assert!(told.why.contains(why) && told.is_comparison, "{why}: {told:?}");
        assert_eq!(all(&here).len(), 2, "{why}");
        drop(here);
        assert_eq!(open(folder.path()).health().notice, None, "the store is whole");
    }
}

#[test]
fn what_a_file_leaves_out_of_a_comparison_is_missing_and_nothing_else() {
    let file = changed(|file| {
        file["comparisons"][0]["more"] = json!(1);
        file["comparisons"][0]["created_ms"] = json!(i64::MAX);
        file["comparisons"][0]["plan"]["columns"][0]["parameters"]["brightness"] = json!(0.5);
        file["runs"][1] = json!({ "id": 7 });
        file["comparisons"].as_array_mut().expect("a list").push(json!(null));
    });
    let (_folder, here) = fresh();
    let imported = import(&here, &file).expect("read");
    assert_eq!((imported.added, imported.comparisons, imported.left_out), (1, 1, 2));
    let it = comparison(&here, "c");
    let there: Vec<_> = it.cells.iter().map(|cell| cell.summary.is_some()).collect();
    assert_eq!(there, [true, false]);
    assert_eq!(it.summary.created_ms, 253_402_300_799_999);

    let twice = changed(|file| {
        let same = file["comparisons"][0].clone();
        file["comparisons"].as_array_mut().expect("a list").push(same);
    });
    let (_folder, here) = fresh();
    assert_eq!(import(&here, &twice).expect("read").comparisons, 1);
    let plan_alone = changed(|file| {
        file.as_object_mut().expect("fields").remove("runs");
    });
    let (_folder, here) = fresh();
    assert_eq!(import(&here, &plan_alone).expect("read").comparisons, 1);
    assert_eq!(comparison(&here, "c").summary.runs, 0);
}

#[test]
fn a_reading_that_is_given_up_leaves_no_comparison() {
    let file = changed(|file| file["more"] = json!("x".repeat(1 << 20)));
    for from in [1, 3 * file.len() as u64 / 2] {
        let (_folder, here) = fresh();
        let (mut read, mut before) = (0, 0);
        let watch = &mut |done: u64| {
            read += done.saturating_sub(before);
            before = done;
            read < from
        };
        let given_up = files::import(&here, &mut Cursor::new(&file), watch);
        assert!(matches!(given_up, Err(FileError::Stopped)), "{given_up:?}");
        assert_eq!((all(&here).len(), found(&here, Filter::default()).len()), (0, 0));
    }
}
