//! What is written comes back, and what is deleted does not.

use crate::{all, beginning, bytes_on_disk, contains, events, ids, open, record, reopened, story};
use playground::{Delta, ErrorKind, RunEvent, prices::Dollars};
use recordings::{Beginning, Outcome, search::Filter};
use tempfile::TempDir;

#[test]
fn a_run_comes_back_as_it_was() {
    let folder = TempDir::new().expect("a temporary folder");
    let story = story(&["Air ", "scatters ", "blue 👩‍🚀."]);
    let recorder = open(folder.path());
    record(&recorder, beginning("a", "Why is the sky blue?"), &story);
    assert_eq!(events(&recorder, "a"), story);
    let recorder = reopened(recorder, folder.path());
    assert_eq!(events(&recorder, "a"), story, "after the app was closed");
    let runs = all(&recorder);
    let run = &runs[0];
    assert_eq!((run.outcome, run.attempts, run.frames), (Outcome::Finished, 1, 4));
    assert_eq!(run.reply, "Air scatters blue 👩‍🚀.");
    assert_eq!(run.question, "Why is the sky blue?");
    assert_eq!(run.duration_us, 6_000);
    // 10 × $0.15 and 20 × $0.60 a million.
    assert_eq!(run.cost, Some(Dollars(13_500_000)));
    assert!(run.bytes > 0);
    let kept = recorder.with(|store| store.run("a")).expect("it is there");
    assert_eq!(kept.chat, beginning("a", "Why is the sky blue?").chat);
    assert_eq!(kept.price.expect("a price is known").model, "gpt-4o-mini");
}

#[test]
fn what_the_provider_says_that_it_charges_is_what_was_spent() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    let mut charged = story(&["Hi"]);
    for event in &mut charged {
        if let RunEvent::Frame(frame) = event
            && let Some(Delta::Usage(usage)) = frame.deltas.first_mut()
        {
            usage.reported_cost = Some(Dollars(60));
        }
    }
    let unknown = Beginning { price: None, ..beginning("a", "") };
    record(&recorder, unknown, &charged);
    assert_eq!(all(&recorder)[0].cost, Some(Dollars(60)));
    record(&recorder, beginning("b", ""), &charged);
    let run = all(&recorder).into_iter().find(|it| it.id == "b").expect("it is there");
    assert_eq!(run.cost, Some(Dollars(60)), "whatever our own bill says");
}

#[test]
fn runs_that_go_on_at_once_do_not_mix() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    let stories = [story(&["a1", "a2", "a3"]), story(&["b1", "b2", "b3"])];
    recorder.begin(beginning("a", ""));
    recorder.begin(beginning("b", ""));
    for (first, second) in stories[0].iter().zip(&stories[1]) {
        recorder.append(&"a".into(), first);
        recorder.append(&"b".into(), second);
    }
    assert_eq!(events(&recorder, "a"), stories[0]);
    assert_eq!(events(&recorder, "b"), stories[1]);
}

#[test]
fn a_failure_is_told_in_the_list() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    let error = ErrorKind::RateLimited.error();
    let title = error.title.to_string();
    record(&recorder, beginning("a", ""), &[RunEvent::Failed { at_us: 7, error }]);
    let runs = all(&recorder);
    assert_eq!((runs[0].outcome, runs[0].error.as_ref()), (Outcome::Failed, Some(&title)));
}

#[test]
fn what_is_deleted_is_gone_from_the_disk() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    let words = ["kingfisher ", "marzipan "];
    for (id, word) in ["a", "b"].into_iter().zip(words) {
        record(&recorder, beginning(id, word), &story(&[word; 40]));
    }
    recorder.with(|store| store.rename("a", "kingfisher")).expect("renamed");
    assert!(words.iter().all(|word| contains(&bytes_on_disk(folder.path()), word)));
    let deleted = recorder.with(|store| store.delete(&["a".into(), "nobody".into()]));
    assert_eq!(deleted.expect("deleted"), 1);
    let disk = bytes_on_disk(folder.path());
    assert!(!contains(&disk, "kingfisher") && contains(&disk, "marzipan"));
    assert_eq!(ids(&all(&recorder)), ["b"]);
    assert_eq!(recorder.with(|store| store.delete_all()).expect("deleted"), 1);
    assert!(!contains(&bytes_on_disk(folder.path()), "marzipan"));
    assert_eq!(all(&recorder).len(), 0);
}

#[test]
fn a_run_that_is_deleted_while_it_goes_on_stays_deleted() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    let story = story(&["x"]);
    for id in ["a", "b"] {
        recorder.begin(beginning(id, ""));
        recorder.append(&id.into(), &story[0]);
    }
    recorder.with(|store| store.delete(&["a".into()])).expect("deleted");
    for event in &story[1..] {
        recorder.append(&"a".into(), event);
        recorder.append(&"b".into(), event);
    }
    assert_eq!(events(&recorder, "b"), story);
    assert_eq!(ids(&all(&recorder)), ["b"]);
    assert_eq!(recorder.health().problem, None);
}

#[test]
fn the_oldest_without_a_star_make_room() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    let ids_of = ["a", "b", "c", "d", "e"];
    for id in ids_of {
        record(&recorder, beginning(id, "Why?"), &story(&["word"; 20]));
    }
    recorder.with(|store| store.star("b", true)).expect("starred");
    let each = all(&recorder)[0].bytes;
    for (limit, gone, left) in [
        (5 * each, 0, vec!["e", "d", "c", "b", "a"]),
        (3 * each, 2, vec!["e", "d", "b"]),
        (0, 1, vec!["e", "b"]),
        (0, 0, vec!["e", "b"]),
    ] {
        let said = recorder.with(move |store| store.beyond(limit, &[])).expect("counted");
        let done = recorder.with(move |store| store.shrink(limit, &[])).expect("done");
        assert_eq!(said, done, "it does what it said");
        assert_eq!(done.runs, gone, "limit {limit}");
        assert_eq!(ids(&all(&recorder)), left, "limit {limit}");
    }
    let amount = recorder.with(|store| store.amount()).expect("counted");
    assert_eq!((amount.runs, amount.bytes), (2, 2 * each), "the newest stays in any case");
}

#[test]
fn a_name_and_a_star_last() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    record(&recorder, beginning("a", "Why?"), &story(&["x"]));
    recorder.with(|store| store.rename("a", "  My first call ")).expect("renamed");
    recorder.with(|store| store.star("a", true)).expect("starred");
    assert!(recorder.with(|store| store.star("b", true)).is_err());
    let recorder = reopened(recorder, folder.path());
    let starred = Filter { starred: true, limit: 9, ..Filter::default() };
    let runs = crate::list(&recorder, starred);
    assert_eq!((&runs[0].title[..], runs[0].starred), ("My first call", true));
}
