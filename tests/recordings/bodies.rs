//! The body of a reply alone: into a recording, and out of one.

use crate::{all, beginning, events, open};
use playground::{Frame, RunEvent, dialects::DIALECTS};
use recordings::{
    Outcome,
    files::{self, FileError, body},
};
use std::fs;
use tempfile::TempDir;

const WIRE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/wire");

/// Bodies of every dialect: the name of the file, whose beginning is the dialect, and the bytes.
pub fn wire() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(WIRE)
        .expect("a folder")
        .map(|it| it.expect("an entry").path())
        .map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), path))
        .map(|(name, path)| (name, fs::read(path).expect("a file")))
        .collect();
    files.sort();
    assert!(files.len() >= 25);
    files
}

/// A word of the model, or none: of what only says that something failed, formats look alike.
fn tells_its_format(dialect: &str, bytes: &[u8]) -> bool {
    let dialect = DIALECTS.into_iter().find(|it| it.id() == dialect).expect("a dialect");
    body::events(dialect, bytes).iter().any(|event| match event {
        RunEvent::Frame(frame) => frame.deltas.iter().any(|delta| delta.is_words()),
        _ => false,
    })
}

#[test]
fn the_format_of_a_body_is_told_by_what_can_be_read_of_it() {
    for (name, bytes) in wire() {
        let dialect = name.split('.').next().expect("a dialect");
        if tells_its_format(dialect, &bytes) {
            assert_eq!(body::guess(&bytes).map(|it| it.id()), Some(dialect), "{name}");
        }
    }
}

#[test]
fn a_body_becomes_a_recording_and_a_body_again() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(&folder.path().join("kept"));
    for (name, bytes) in wire() {
        let path = folder.path().join(&name);
        fs::write(&path, &bytes).expect("written");
        let import = || files::import_file(&recorder, &path, 1_000, &mut |_| true);
        assert_eq!(import().expect(&name).added, 1, "{name}");
        assert_eq!(import().expect(&name).there_already, 1, "{name}");
        let run = all(&recorder).remove(0);
        assert_eq!(run.title, name.rsplit_once('.').expect("an ending").0);
        assert_eq!((run.started_ms, run.cost, run.duration_us), (1_000, None, 0), "{name}");
        let (body, form) = body::of_run(&recorder.reader().expect("a connection"), &run.id)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(bytes.starts_with(&body), "{name}: byte for byte");
        // What follows the end is not read, nor are empty lines at the end.
        let rest = String::from_utf8_lossy(&bytes[body.len()..]).into_owned();
        assert!(rest.trim().is_empty() || name.contains("after-done"), "{name}: {rest:?}");
        assert!(name.ends_with(form.ending()), "{name} is no {form:?}");
        recorder.with(|store| store.delete_all()).expect("empty");
    }
}

#[test]
fn what_no_provider_sends_is_refused_and_what_breaks_off_is_kept() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(&folder.path().join("kept"));
    let read = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        files::import_file(&recorder, &path, 0, &mut |_| true)
    };
    for (name, bytes) in [
        ("empty.sse", &b""[..]),
        ("a letter.txt", b"Dear all,\n\nthis is no stream.\n"),
        ("page.sse", b"<html><body>Not found</body></html>"),
        ("picture.sse", &[0x89, b'P', b'N', b'G', 0, 0xff, 0xfe]),
        ("lines.ndjson", b"{\"a\":1}\n{\"b\":2}\n"),
    ] {
        let error = read(name, bytes).expect_err(name);
        assert!(matches!(error, FileError::NoBody), "{name}: {error}");
    }
    let other = read("other.json", b"{\"name\":\"a package\"}").expect_err("no body");
    assert!(matches!(other, FileError::NoRuns), "{other}");
    let broken = read("x.tokenscope.json", b"data: {}\n\n").expect_err("it says what it is");
    assert!(matches!(broken, FileError::Damaged(_)), "{broken}");
    assert_eq!(all(&recorder).len(), 0);
    let (_, whole) = wire().remove(0);
    assert_eq!(read("cut.sse", &whole[..whole.len() / 2]).expect("read").added, 1);
    assert_eq!(all(&recorder)[0].outcome, Outcome::Interrupted);
}

#[test]
fn of_several_attempts_the_last_that_said_something_counts() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    let id = "a".into();
    recorder.begin(beginning("a", "Why?"));
    let frame = |index: u32, raw: &[u8]| {
        let raw = raw.to_vec();
        RunEvent::Frame(Frame { index, at_us: 9, offset: 0, raw, deltas: Vec::new() })
    };
    let none = body::of_run(&recorder.reader().expect("a connection"), "a").expect_err("nothing");
    assert!(matches!(none, FileError::NothingCame));
    for event in [
        crate::started(1),
        frame(0, b"data: no\n\n"),
        crate::started(2),
        frame(0, b"data: \xff\n\n"),
        frame(1, b": ping\n\n"),
        crate::started(3),
    ] {
        recorder.append(&id, &event);
    }
    assert_eq!(events(&recorder, "a").len(), 6);
    let (bytes, form) =
        body::of_run(&recorder.reader().expect("a connection"), "a").expect("it came");
    assert_eq!((&bytes[..], form.ending()), (&b"data: \xff\n\n: ping\n\n"[..], ".sse"));
}
