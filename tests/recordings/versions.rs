//! The versions of the system message: made by being sent, named, deleted and brought back.

use crate::{
    all, beginning, bytes_on_disk, comparing, contains, open, record, reopened, story, until_closed,
};
use playground::{Message, Role};
use recordings::{Beginning, Recorder, compare::ComparisonKind, versions::SystemVersion};
use rusqlite::Connection;
use tempfile::TempDir;

fn with_system(id: &str, system: &str) -> Beginning {
    let mut beginning = beginning(id, "Why?");
    beginning.chat.messages.insert(0, Message { role: Role::System, text: system.into() });
    beginning
}

fn send(recorder: &Recorder, id: &str, system: &str) {
    record(recorder, with_system(id, system), &story(&["Because."]));
}

fn versions(recorder: &Recorder) -> Vec<SystemVersion> {
    recorder.with(|store| store.versions()).expect("read")
}

/// Number, text and runs of each, the oldest first.
fn known(recorder: &Recorder) -> Vec<(i64, String, i64)> {
    versions(recorder).into_iter().rev().map(|it| (it.number, it.text, it.runs)).collect()
}

fn row(number: i64, text: &str, runs: i64) -> (i64, String, i64) {
    (number, text.into(), runs)
}

/// The version of each run, by the run's id.
fn used(recorder: &Recorder) -> Vec<(String, Option<i64>)> {
    let runs = all(recorder).into_iter();
    let mut used: Vec<_> = runs.map(|it| (it.id, it.version.map(|it| it.number))).collect();
    used.sort();
    used
}

fn used_by(runs: &[(&str, Option<i64>)]) -> Vec<(String, Option<i64>)> {
    runs.iter().map(|(id, number)| ((*id).to_owned(), *number)).collect()
}

#[test]
fn a_version_comes_to_be_when_it_is_sent() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    record(&recorder, beginning("none", "Why?"), &story(&["Because."]));
    send(&recorder, "blank", "  ");
    assert_eq!(versions(&recorder), [], "nothing was said to the model");
    send(&recorder, "a", "Be brief.");
    send(&recorder, "b", "Be a pirate.");
    send(&recorder, "c", "Be brief.");
    let by_hand = Beginning { by_hand: true, ..with_system("d", "Be somebody else.") };
    record(&recorder, by_hand, &story(&["Because."]));
    let recorder = reopened(recorder, folder.path());
    assert_eq!(known(&recorder), [row(1, "Be brief.", 2), row(2, "Be a pirate.", 1)]);
    assert_eq!(versions(&recorder)[1].last_ms, Some(1_790_000_000_000));
    let expected = used_by(&[
        ("a", Some(1)),
        ("b", Some(2)),
        ("blank", None),
        ("c", Some(1)),
        ("d", None),
        ("none", None),
    ]);
    assert_eq!(used(&recorder), expected);
}

#[test]
fn a_version_is_named_deleted_and_brought_back() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    send(&recorder, "a", "Be brief, secretly.");
    let long = "n".repeat(500);
    recorder.with(move |store| store.name_version(1, &long, " For Ada. ")).expect("named");
    let named = versions(&recorder).remove(0);
    assert_eq!((named.name.len(), named.note.as_str()), (80, "For Ada."));
    recorder.with(|store| store.name_version(1, " short ", "")).expect("named again");
    let named = versions(&recorder).remove(0);
    let version = all(&recorder).remove(0).version.expect("the run says it");
    assert_eq!((version.number, version.name.as_str()), (1, "short"));
    assert!(recorder.with(|store| store.name_version(9, "", "")).is_err(), "there is no such one");

    recorder.with(|store| store.delete_version(1)).expect("deleted");
    assert_eq!((versions(&recorder), used(&recorder)), (vec![], used_by(&[("a", None)])));
    let back = named.clone();
    recorder.with(move |store| store.restore_version(&back)).expect("brought back");
    assert_eq!(versions(&recorder), std::slice::from_ref(&named), "as it was");
    assert_eq!(used(&recorder), used_by(&[("a", Some(1))]));

    // Sent again after it was deleted, it is another version, and stays that.
    recorder.with(|store| store.delete_version(1)).expect("deleted");
    send(&recorder, "b", "Be brief, secretly.");
    recorder.with(move |store| store.restore_version(&named)).expect("nothing to do");
    assert_eq!(known(&recorder), [row(2, "Be brief, secretly.", 1)]);
}

#[test]
fn deleted_versions_are_gone_from_the_disk() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    send(&recorder, "a", "Guard the secret zebra.");
    recorder.with(|store| store.delete_all()).expect("deleted");
    assert_eq!(versions(&recorder).len(), 1, "deleting runs deletes no version");
    assert_eq!(recorder.with(|store| store.delete_all_versions()).expect("deleted"), 1);
    assert_eq!(versions(&recorder), []);
    drop(recorder);
    until_closed(&folder.path().join("recordings.sqlite"));
    assert!(!contains(&bytes_on_disk(folder.path()), "secret zebra"), "it is still on the disk");
}

#[test]
fn what_comes_in_bulk_makes_no_version() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    send(&recorder, "a", "Be brief.");
    let place = comparing::at(0, 0, 0);
    for (id, kind, run) in
        [("set", ComparisonKind::Set, "b"), ("columns", ComparisonKind::Columns, "c")]
    {
        recorder
            .with(move |store| {
                store.create_comparison(id, kind, "", &comparing::plan(1, 1, 1), 5)?;
                store.claim(id, &[(place, run.to_owned())])
            })
            .expect("claimed");
        send(&recorder, run, &format!("Be a {id}."));
    }
    assert_eq!(known(&recorder), [row(1, "Be brief.", 1), row(2, "Be a columns.", 1)]);
}

#[test]
fn an_older_file_gets_its_versions() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    for (id, system) in [("a", "One."), ("b", "Two."), ("c", "One.")] {
        send(&recorder, id, system);
    }
    record(&recorder, beginning("d", "Why?"), &story(&["Because."]));
    let before = (known(&recorder), used(&recorder));
    drop(recorder);
    until_closed(&folder.path().join("recordings.sqlite"));
    let file = Connection::open(folder.path().join("recordings.sqlite")).expect("opened");
    file.execute_batch(
        "DROP INDEX runs_of_version; ALTER TABLE runs DROP COLUMN version; DROP TABLE versions;
         PRAGMA user_version = 4;",
    )
    .expect("it is as it was");
    drop(file);
    let recorder = open(folder.path());
    assert_eq!((known(&recorder), used(&recorder)), before);
}
