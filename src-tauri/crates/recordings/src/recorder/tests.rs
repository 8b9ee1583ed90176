use super::*;
use crate::search::Filter;
use playground::{Delta, Frame};
use tempfile::TempDir;

fn record(recorder: &Recorder, id: &str, text: &str) {
    let chat = Chat::default();
    let target = Target { model: "m".into(), ..Target::default() };
    recorder.begin(Beginning {
        id: id.into(),
        started_ms: 0,
        price: None,
        target,
        chat,
        by_hand: false,
    });
    let deltas = vec![Delta::text(text)];
    let frame = Frame { index: 0, at_us: 1, offset: 0, raw: text.into(), deltas };
    recorder.append(&id.into(), &RunEvent::Frame(frame));
    recorder.append(&id.into(), &RunEvent::Finished { at_us: 2 });
}

fn replies(recorder: &Recorder) -> Vec<usize> {
    let list = recorder.with(|store| store.list(&Filter { limit: 9, ..Filter::default() }));
    list.expect("a list").runs.iter().map(|run| run.reply.len()).collect()
}

#[test]
fn a_full_disk_keeps_what_is_there_and_says_so() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = Recorder::start(folder.path().to_owned());
    let most_pages = |pages: u32| {
        let set = move |store: &mut Store| {
            Ok(store.connection.pragma_update(None, "max_page_count", pages)?)
        };
        recorder.with(set).expect("set");
    };
    record(&recorder, "a", "short");
    assert_eq!(replies(&recorder), [5]);
    most_pages(40);
    let long = "word ".repeat(100_000);
    record(&recorder, "b", &long);
    assert_eq!(replies(&recorder), [5], "it does not fit");
    assert_eq!(recorder.health().problem.as_deref(), Some("the disk is full"));
    let sum_would_be_wrong = recorder.all_written().expect_err("something waits");
    assert_eq!(sum_would_be_wrong.to_string(), "the disk is full");
    most_pages(1_000_000);
    assert_eq!(replies(&recorder), [240, 5], "nothing was lost");
    assert_eq!(recorder.health(), Health::default());
    recorder.all_written().expect("nothing waits");
}

#[test]
fn what_waits_for_too_long_is_lost_and_counted() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = Recorder::start(folder.path().to_owned());
    let set = |store: &mut Store| Ok(store.connection.pragma_update(None, "max_page_count", 1)?);
    recorder.with(set).expect("set");
    let text = "x".repeat(MOST_WAITING / 5);
    for id in ["a", "b", "c", "d"] {
        record(&recorder, id, &text);
    }
    assert_eq!(recorder.health().lost, 2);
}
