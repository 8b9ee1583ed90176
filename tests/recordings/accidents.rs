//! A killed process, a full disk, a damaged file, a newer one, two windows.

use crate::{all, beginning, events, frame, ids, open, read, record, started, story, until_closed};
use proptest::prelude::*;
use recordings::{Outcome, Recorder};
use std::{
    env, fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};
use tempfile::TempDir;

const FOLDER: &str = "TOKENSCOPE_TEST_RECORDINGS";

/// Not a test of its own: the process that is killed, below.
#[test]
fn writes_until_it_is_killed() {
    let Ok(folder) = env::var(FOLDER) else { return };
    let recorder = open(folder.as_ref());
    recorder.begin(beginning("a", "Count."));
    recorder.append(&"a".into(), &started(1));
    for index in 0.. {
        recorder.append(&"a".into(), &frame(index, &format!("{index} ")));
        println!("{index}");
        std::thread::yield_now();
    }
}

/// Kills it after it told of so many events, and returns how many it told of in all.
fn kill_after(told: usize, folder: &TempDir) -> usize {
    let mut child = Command::new(env::current_exe().expect("this test"))
        .args(["accidents::writes_until_it_is_killed", "--exact", "--nocapture"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut lines = lines.map_while(Result::ok).filter(|line| line.parse::<u32>().is_ok());
    let before = lines.by_ref().take(told).count();
    child.kill().expect("killed");
    child.wait().expect("dead");
    before + lines.count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn a_killed_process_leaves_a_beginning_of_what_it_told(told in 1_usize..40_000) {
        let folder = TempDir::new().expect("a temporary folder");
        let told = kill_after(told, &folder);
        let recorder = open(folder.path());
        let runs = all(&recorder);
        let Some(run) = runs.first() else { return Ok(()) };
        prop_assert_eq!(run.outcome, Outcome::Lost);
        let found = events(&recorder, "a");
        // The event after the last that was told may have been written before the line was.
        prop_assert!(found.len() <= told + 2, "{} of {told}", found.len());
        for (index, event) in (0..).zip(&found[1..]) {
            prop_assert_eq!(event, &frame(index, &format!("{index} ")));
        }
        let words: String = (0..found.len() - 1).map(|index| format!("{index} ")).collect();
        prop_assert!(words.starts_with(&run.reply), "what came until then is in the list");
    }
}

#[test]
fn a_run_that_another_window_writes_is_not_lost() {
    let folder = TempDir::new().expect("a temporary folder");
    let (here, there) = (open(folder.path()), open(folder.path()));
    here.begin(beginning("a", ""));
    here.append(&"a".into(), &started(1));
    assert_eq!(ids(&all(&here)), ["a"]);
    let third = open(folder.path());
    assert_eq!(all(&third)[0].outcome, Outcome::Running);
    record(&there, beginning("b", ""), &story(&["x"]));
    assert_eq!(ids(&all(&there)), ["b", "a"]);
    for event in &story(&["y"])[1..] {
        here.append(&"a".into(), event);
    }
    assert_eq!(ids(&all(&here)), ["b", "a"]);
    assert_eq!(all(&third)[1].outcome, Outcome::Finished);
    drop((here, there, third));
    assert_eq!(all(&open(folder.path())).len(), 2);
}

const WORDS: [&str; 30] = ["some words "; 30];

/// A file of thirty runs, closed.
fn thirty_runs() -> (TempDir, std::path::PathBuf, Vec<u8>) {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    for number in 0..30 {
        record(&recorder, beginning(&format!("r{number}"), "Why?"), &story(&WORDS));
    }
    assert_eq!(all(&recorder).len(), 30);
    drop(recorder);
    let path = folder.path().join("recordings.sqlite");
    let bytes = until_closed(&path);
    (folder, path, bytes)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn a_damaged_file_is_kept_and_what_can_be_read_is_saved(part in 0.0..1.0_f64, length in 1_usize..9000) {
        let (folder, path, mut bytes) = thirty_runs();
        // Its first bytes say that it is a database at all, and are the worst to lose.
        let from = if part < 0.1 { 0 } else { (bytes.len() as f64 * part) as usize };
        let to = (from + length).min(bytes.len());
        bytes[from..to].fill(0xa5);
        fs::write(&path, &bytes).expect("damaged");
        let recorder = open(folder.path());
        let notice = recorder.health().notice;
        if from == 0 {
            prop_assert!(notice.is_some());
        }
        if let Some(notice) = notice {
            prop_assert!(notice.contains("damaged"), "{notice:?}");
            let files = fs::read_dir(folder.path()).expect("a folder");
            let mut paths = files.map(|it| it.expect("an entry").path());
            let kept = paths.find(|it| it.to_string_lossy().contains("damaged")).expect("kept");
            prop_assert_eq!(fs::read(kept).expect("a file"), bytes);
        }
        for run in all(&recorder) {
            // Letters can be damaged without anybody noticing; the rest of a run is whole or it
            // is an error.
            if let Ok(found) = read(&recorder, &run.id) {
                prop_assert_eq!(found.len(), story(&WORDS).len());
            }
        }
        record(&recorder, beginning("new", "Why?"), &story(&["x"]));
        prop_assert_eq!(read(&recorder, "new").expect("life goes on"), story(&["x"]));
    }
}

#[test]
fn a_file_of_a_newer_version_is_left_alone() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    record(&recorder, beginning("a", "Why?"), &story(&["x"]));
    assert_eq!(all(&recorder).len(), 1);
    drop(recorder);
    let path = folder.path().join("recordings.sqlite");
    until_closed(&path);
    let newer = rusqlite::Connection::open(&path).expect("opened");
    newer.pragma_update(None, "user_version", 99).expect("set");
    drop(newer);
    let before = until_closed(&path);
    for id in ["b", "c"] {
        let recorder = open(folder.path());
        let notice = recorder.health().notice.unwrap_or_default();
        assert!(notice.contains("newer"), "{notice:?}");
        record(&recorder, beginning(id, "Why?"), &story(&["x"]));
        assert_eq!(all(&recorder)[0].id, id, "it keeps its own");
    }
    assert_eq!(fs::read(&path).expect("a file"), before);
}

#[test]
fn without_a_folder_to_write_in_nothing_is_kept_and_that_is_said() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("written");
    let recorder = Recorder::start(file);
    record(&recorder, beginning("a", "Why?"), &story(&["x"]));
    assert!(recorder.with(|store| store.amount()).is_err());
    assert!(recorder.health().problem.is_some());
}
