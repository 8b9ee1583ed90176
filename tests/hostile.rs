//! Bodies that no honest server sends: nothing panics, no word is lost, and reading them takes
//! neither the machine's memory nor its afternoon. Recordings of honest ones, where they are
//! there, are read in random pieces too.

#[path = "support/reading.rs"]
mod reading;

#[path = "hostile/arbitrary.rs"]
mod arbitrary;

use playground::{
    ErrorKind, Reply, dialects,
    reader::{ReplyReader, Sizes},
    secret::Mask,
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::Index,
    test_runner::{FileFailurePersistence, TestRunner},
};
use reading::{read, read_however_cut};
use serde_json::Value;
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../..");

#[test]
fn bytes_that_are_no_text_cost_no_word() {
    let start = b"data: {\"choices\":[{\"delta\":{\"content\":\"H\xFFi\"}}]}\n\n";
    let cut =
        [start.as_slice(), b"data: {\"choices\":[{\"delta\":{\"content\":\"\xF0\x9F"].concat();
    let whole =
        b"{\"choices\":[{\"message\":{\"content\":\"H\xFFi\"},\"finish_reason\":\"stop\"}]}";
    for (body, ending) in [(&cut[..], Some(ErrorKind::Cut)), (whole, None)] {
        let reading = read_however_cut("openai-chat", body);
        assert_eq!(reading.reply.text(), "H\u{fffd}i");
        assert_eq!(reading.verdict.err().map(|error| error.kind), ending);
    }
}

#[test]
fn frames_before_one_that_is_too_large_are_kept() {
    let sizes = Sizes { frame: 200, body: 200 };
    for (dialect, small, end) in [
        ("openai-chat", r#"{"choices":[{"delta":{"content":"Hi"}}]}"#, "\n\n"),
        ("ollama", r#"{"message":{"content":"Hi"}}"#, "\n"),
    ] {
        let start = if dialect == "ollama" { "" } else { "data: " };
        let body = format!("{start}{small}{end}{start}{{\"a\":\"{}\"}}{end}", "x".repeat(300));
        for size in [1, 7, body.len()] {
            let dialect = dialects::find(dialect).expect("a dialect");
            let mut reader = ReplyReader::new(dialect, Mask::default(), sizes);
            let mut frames = Vec::new();
            for piece in body.as_bytes().chunks(size) {
                frames.extend(reader.push(piece));
            }
            assert!(reader.is_done(), "{}: nothing more is wanted", dialect.id());
            frames.extend(reader.finish());
            let kind = reader.verdict().expect_err("too large").kind;
            assert_eq!((frames.len(), kind), (1, ErrorKind::FrameTooLarge), "{}", dialect.id());
        }
    }
}

/// What has begun and never ends, by how it begins.
const ENDLESS: &[(&str, &str, &str)] = &[
    ("openai-chat", "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: ", "x"),
    ("openai-chat", "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n:", "x"),
    ("openai-chat", "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n", "\r\n"),
    ("openai-chat", "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n", "data: x\n"),
    ("ollama", "{\"message\":{\"content\":\"Hi\"}}\n{\"message\":\"", "x"),
    ("ollama", "{\"message\":{\"content\":\"Hi\"}}\n", "\n"),
    ("gemini", "[{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]}}]},", "["),
    ("gemini", "[{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]}}]}", " "),
    ("gemini", "{\"candidates\":[", "{},"),
    ("anthropic", "<html>", "x"),
    ("ollama", "{", " "),
    ("anthropic", "\n", "\n"),
];

#[test]
fn what_never_ends_is_given_up_at_the_limit_and_the_words_before_it_are_kept() {
    const PIECE: usize = 64 << 10;
    const LIMIT: usize = 1 << 20;
    const GIB: usize = 1 << 30;
    let sizes = Sizes { frame: LIMIT, body: LIMIT };
    for (dialect, start, more) in ENDLESS {
        let name = format!("{dialect}: {start}{more}");
        let dialect = dialects::find(dialect).expect("a dialect");
        let mut reader = ReplyReader::new(dialect, Mask::default(), sizes);
        let mut frames = reader.push(start.as_bytes());
        let piece = more.repeat(PIECE / more.len());
        let mut taken = 0;
        while taken < GIB && !reader.is_done() {
            frames.extend(reader.push(piece.as_bytes()));
            taken += piece.len();
        }
        assert!(taken <= LIMIT + PIECE, "{name}: {taken} bytes were taken");
        frames.extend(reader.finish());
        let mut reply = Reply::default();
        frames.iter().flat_map(|it| &it.deltas).for_each(|delta| reply.apply(delta));
        assert_eq!(reply.text(), if start.contains("Hi") { "Hi" } else { "" }, "{name}");
        let error = reader.verdict().expect_err(&name);
        let said = format!("it passed {LIMIT} bytes");
        assert_eq!((error.kind, error.said), (ErrorKind::FrameTooLarge, Some(said)), "{name}");
    }
}

/// Nobody waits so long for these; looking at each byte again would take hours.
const PATIENCE: Duration = Duration::from_secs(240);

/// A byte at a time is the worst that a network can do. Twice the bytes may take some more than
/// twice the time.
#[test]
fn a_large_frame_is_read_in_the_time_of_its_bytes() {
    let large = "x\\ud83d".repeat(300_000);
    let whole = format!("{{\"message\":{{\"content\":\"{large}\"}},\"done\":true}}");
    let event = format!("data: {whole}\n\n");
    let blank = format!("{}{{}}", " ".repeat(3 << 20));
    let array = format!("[{}]", vec!["{\"a\":\"]\"}\n"; 300_000].join(","));
    for (dialect, body) in
        [("ollama", &whole), ("openai-chat", &event), ("gemini", &blank), ("gemini", &array)]
    {
        let started = Instant::now();
        read(dialect, body.as_bytes().chunks(1));
        let took = started.elapsed();
        assert!(took < PATIENCE, "{dialect}: {took:?} for {} bytes", body.len());
    }
}

/// Every body that a server was recorded to send. Their folder is beside the checkout, and not
/// everybody has it; `cargo xtask test recorded` says where that is so.
fn recordings() -> Vec<(String, String, Vec<u8>)> {
    let folder = Path::new(FOLDER).join("../shared/wire");
    let Ok(expected) = fs::read_to_string(folder.join("expected.json")) else { return Vec::new() };
    let expected: Value = serde_json::from_str(&expected).expect("JSON");
    let files = expected["files"].as_object().expect("files");
    let files = files.iter().filter(|(_, file)| file["status"] == 200);
    let read = |name: &String| fs::read(folder.join(name)).expect("a recording");
    files
        .map(|(name, file)| {
            let dialect = file["dialect"].as_str().expect("a dialect");
            (name.clone(), dialect.to_owned(), read(name))
        })
        .collect()
}

#[test]
fn recordings_are_read_the_same_however_they_are_cut() {
    let recordings = recordings();
    println!("{} recorded bodies", recordings.len());
    let mut runner = TestRunner::new(seeds());
    for (name, dialect, body) in &recordings {
        let whole = read_however_cut(dialect, body);
        let cuts = vec(any::<Index>(), 0..12);
        let outcome = runner.run(&cuts, |cuts| {
            prop_assert_eq!(&read(dialect, pieces(body, &cuts)), &whole);
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

fn pieces<'a>(body: &'a [u8], cuts: &[Index]) -> Vec<&'a [u8]> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
    places.extend([0, body.len()]);
    places.sort_unstable();
    places.windows(2).map(|it| &body[it[0]..it[1]]).collect()
}

/// What fails is written down, and its seed printed, so that it fails again on the next run.
fn seeds() -> ProptestConfig {
    const FILE: &str =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../../target/proptest-regressions/hostile.txt");
    let failure_persistence = Some(Box::new(FileFailurePersistence::Direct(FILE)) as Box<_>);
    ProptestConfig { failure_persistence, ..ProptestConfig::default() }
}
