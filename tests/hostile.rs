//! Bodies that no honest server sends: nothing panics, no word is lost, and reading them takes
//! neither the machine's memory nor its afternoon. Recordings of honest ones, where they are
//! there, are read in random pieces too.

#[path = "support/reading.rs"]
mod reading;

use playground::{
    Delta, ErrorKind,
    dialects::{self, DIALECTS},
    frames::{ArrayReader, LineReader, RawFrame, SseReader},
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
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../..");

/// The project's own bodies, each with its dialect.
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = fs::read_dir(Path::new(FOLDER).join("tests/wire")).expect("the fixtures");
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let named = files.into_iter().map(|path| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let dialect = name.split('.').next().expect("a name").to_owned();
        (dialect, fs::read(&path).expect("a readable fixture"))
    });
    named.collect()
}

/// What must be told of a body, in which words are lost most easily.
struct Said {
    dialect: &'static str,
    body: &'static [u8],
    text: &'static str,
    ending: Option<ErrorKind>,
}

const fn said(
    dialect: &'static str,
    body: &'static [u8],
    text: &'static str,
    ending: Option<ErrorKind>,
) -> Said {
    Said { dialect, body, text, ending }
}

#[rustfmt::skip]
const BODIES: &[Said] = &[
    // A mark of byte order before each kind of body.
    said("openai-chat", b"\xEF\xBB\xBF{\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}", "Hi", None),
    said("ollama", b"\xEF\xBB\xBF{\"message\":{\"content\":\"Hi\"},\"done\":false}\n{\"done\":true}\n", "Hi", None),
    said("gemini", b"\xEF\xBB\xBF [{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]},\"finishReason\":\"STOP\"}]}]", "Hi", None),
    said("openai-chat", b"\xEF\xBB\xBF<html>", "", Some(ErrorKind::NotAnApi)),
    // Cut within a character, and between the replies to one prompt.
    said("openai-chat", b"data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"\xF0\x9F", "Hi", Some(ErrorKind::Cut)),
    said("openai-chat", b"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"Ho\"}}]}\n\n", "Hi", Some(ErrorKind::Cut)),
    // Bytes that are no text, among words.
    said("openai-chat", b"{\"choices\":[{\"message\":{\"content\":\"H\xFFi\"},\"finish_reason\":\"stop\"}]}", "H\u{fffd}i", None),
    // Words in another place than usual.
    said("openai-chat", b"data: {\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n", "Hi", None),
    said("openai-chat", b"{\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}", "Hi", None),
    said("openai-chat", b"{\"choices\":[{\"message\":{\"content\":[\"H\",{\"text\":\"i\"}]},\"finish_reason\":\"stop\"}]}", "Hi", None),
    said("openai-responses", b"data: {\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"content\":[{\"type\":\"output_text\",\"text\":\"Hi\"}]}]}\n\n", "Hi", None),
    said("anthropic", b"data: {\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}],\"stop_reason\":\"end_turn\"}\n\n", "Hi", None),
    // A failure beside words, without its object, and where there is none.
    said("ollama", b"{\"message\":{\"content\":\"Hi\"},\"error\":\"it broke\"}\n", "Hi", Some(ErrorKind::InStream)),
    said("anthropic", b"data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\ndata: {\"type\":\"error\",\"message\":\"it broke\"}\n\n", "Hi", Some(ErrorKind::InStream)),
    said("openai-responses", b"data: {\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}\n\ndata: {\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":null}}\n\n", "Hi", Some(ErrorKind::InStream)),
    said("openai-chat", b"data: {\"error\":\"\",\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n", "Hi", None),
    // Another format's last word.
    said("anthropic", b"data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\ndata: {\"type\":\"message_stop\"}\n\ndata: [DONE]\n\n", "Hi", None),
    said("openai-responses", b"data: {\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}\n\ndata: [DONE]\n\n", "Hi", Some(ErrorKind::Cut)),
];

#[test]
fn no_word_is_lost_wherever_it_stands() {
    for Said { dialect, body, text, ending } in BODIES {
        let shown = String::from_utf8_lossy(body);
        let reading = read_however_cut(dialect, body);
        assert_eq!(reading.reply.text(), *text, "{dialect}: {shown}");
        let kind = reading.verdict.err().map(|error| error.kind);
        assert_eq!(kind, *ending, "{dialect}: {shown}");
        let reason = "another format's last word is no fault";
        let is_fault = |delta: &Delta| matches!(delta, Delta::Unreadable { reason } if reason.contains("JSON"));
        let faults = reading.frames.iter().flat_map(|it| &it.deltas).filter(|it| is_fault(it));
        assert!(ending.is_some() || faults.count() == 0, "{reason}: {shown}");
    }
}

#[test]
fn replies_and_calls_without_numbers_are_kept_apart() {
    let call = |name: &str| json!({ "function": { "name": name, "arguments": "{}" } });
    let message = json!({ "message": { "content": "Hi", "tool_calls": [call("f"), call("g")] } });
    let body = json!({ "choices": [message, { "message": { "content": "Ho" } }] }).to_string();
    let reply = read_however_cut("openai-chat", body.as_bytes()).reply;
    assert_eq!(reply.texts, ["Hi", "Ho"]);
    let calls: Vec<_> =
        reply.tool_calls.iter().map(|it| (it.name.as_str(), it.arguments.as_str())).collect();
    assert_eq!(calls, [("f", "{}"), ("g", "{}")]);
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

/// A byte at a time is the worst that a network can do. Twice the bytes may take some more than
/// twice the time, but not the hours that looking at each byte again would.
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
        assert!(took < Duration::from_secs(20), "{dialect}: {took:?} for {} bytes", body.len());
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

/// JSON of any shape, with the names that readers look for.
fn frames() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(NAMES);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(WORDS).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 40, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((name.clone(), inner), 0..6)
                .prop_map(|fields| fields.into_iter().map(|(name, value)| (name.to_owned(), value)))
                .prop_map(|fields| Value::Object(fields.collect())),
        ]
    })
}

#[rustfmt::skip]
const NAMES: &[&str] = &[
    "choices", "index", "delta", "message", "content", "text", "role", "finish_reason", "usage",
    "error", "type", "code", "logprobs", "token", "logprob", "bytes", "top_logprobs", "tool_calls",
    "function", "name", "arguments", "reasoning", "refusal", "model", "prompt_tokens",
    "completion_tokens", "total_tokens", "response", "output", "status", "item", "output_index",
    "summary", "incomplete_details", "reason", "content_block", "thinking", "partial_json", "input",
    "stop_reason", "stop_details", "input_tokens", "output_tokens", "cache_read_input_tokens",
    "candidates", "parts", "thought", "functionCall", "args", "finishReason", "promptFeedback",
    "blockReason", "usageMetadata", "promptTokenCount", "thoughtsTokenCount", "logprobsResult",
    "chosenCandidates", "topCandidates", "done", "done_reason", "eval_count", "data", "id",
    "models", "details", "object",
];

#[rustfmt::skip]
const WORDS: &[&str] = &[
    "", "text", "stop", "error", "response", "message", "message_start", "content_block_start",
    "content_block_delta", "message_delta", "message_stop", "text_delta", "input_json_delta",
    "response.output_text.delta", "response.output_item.added", "response.completed", "completed",
    "failed", "function_call", "thinking", "tool_use", "STOP", "list",
];

/// Puts `wrong` in the place of one value of `value`, wherever that is.
fn spoil(value: &mut Value, place: &mut usize, wrong: &Value) {
    if *place == 0 {
        *value = wrong.clone();
    }
    *place = place.wrapping_sub(1);
    match value {
        Value::Array(items) => items.iter_mut().for_each(|it| spoil(it, place, wrong)),
        Value::Object(fields) => fields.values_mut().for_each(|it| spoil(it, place, wrong)),
        _ => {}
    }
}

fn tiles(frames: &[RawFrame]) -> usize {
    frames.iter().fold(0, |at, frame| {
        assert_eq!(frame.offset, at as u64, "frames stand one behind the other");
        at + frame.raw.len()
    })
}

/// What fails is written down, and its seed printed, so that it fails again on the next run.
fn seeds() -> ProptestConfig {
    const FILE: &str =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../../target/proptest-regressions/hostile.txt");
    let failure_persistence = Some(Box::new(FileFailurePersistence::Direct(FILE)) as Box<_>);
    ProptestConfig { failure_persistence, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(seeds())]

    #[test]
    fn any_bytes_make_frames_that_tile_them(
        body in prop_oneof![vec(any::<u8>(), 0..300), r#"(data: |\[|\]|\{|\}|"|\\|,|\n|\r|é|x){0,80}"#.prop_map(String::into_bytes)],
        cuts in vec(any::<Index>(), 0..6),
    ) {
        macro_rules! check {
            ($reader:ty) => {{
                let mut reader = <$reader>::new(1 << 20);
                let mut frames = Vec::new();
                for piece in pieces(&body, &cuts) {
                    frames.extend(reader.push(piece).expect("a small body"));
                }
                frames.extend(reader.finish());
                let end = tiles(&frames);
                let rest = body[end..].iter();
                prop_assert!(rest.clone().all(|it| it.is_ascii_whitespace()), "lost: {:?}", &body[end..]);
            }};
        }
        check!(SseReader);
        check!(LineReader);
        check!(ArrayReader);
    }

    #[test]
    fn any_bytes_are_read_by_every_dialect_the_same_however_cut(
        body in vec(any::<u8>(), 0..300),
        start in prop::sample::select(vec!["", "data: ", "{", "[", "<", "\u{feff}"]),
        cuts in vec(any::<Index>(), 0..6),
    ) {
        let body = [start.as_bytes(), &body].concat();
        for dialect in DIALECTS {
            let whole = read(dialect.id(), [&body[..]]);
            prop_assert_eq!(&read(dialect.id(), pieces(&body, &cuts)), &whole, "{}", dialect.id());
        }
    }

    #[test]
    fn any_json_is_a_frame_a_body_and_a_list(values in vec(frames(), 1..6)) {
        for dialect in DIALECTS {
            let mut decoder = dialect.decoder();
            for value in &values {
                let text = value.to_string();
                decoder.frame(&text);
                dialect.decoder().whole(&text);
                dialect.read_models(&text);
                dialect.read_count(&text);
            }
            let events: String = values.iter().map(|it| format!("data: {it}\n\n")).collect();
            let lines: String = values.iter().map(|it| format!("{it}\n")).collect();
            let array = Value::from(values.clone()).to_string();
            for body in [events, lines, array] {
                read(dialect.id(), [body.as_bytes()]);
            }
        }
    }

    #[test]
    fn a_spoilt_fixture_is_read_to_its_end(
        which in any::<Index>(),
        frames in vec(any::<Index>(), 0..4),
        cut in any::<Index>(),
        place in 0usize..40,
        wrong in frames(),
    ) {
        let all = fixtures();
        let (dialect, body) = which.get(&all);
        let text = String::from_utf8_lossy(body).into_owned();
        let mut events: Vec<String> = text.split_inclusive("\n\n").map(str::to_owned).collect();
        // Frames are doubled, put elsewhere, and one of them holds something of the wrong type.
        for at in &frames {
            let event = at.get(&events).clone();
            events.push(event);
            let last = events.len() - 1;
            events.swap(at.index(last), last);
        }
        for event in &mut events {
            let Some((before, data)) = event.split_once("data: ") else { continue };
            let Ok(mut value) = serde_json::from_str::<Value>(data.trim()) else { continue };
            spoil(&mut value, &mut place.clone(), &wrong);
            *event = format!("{before}data: {value}\n\n");
        }
        let mut body = events.concat().into_bytes();
        body.truncate(cut.index(body.len() + 1));
        let reading = read_however_cut(dialect, &body);
        // Every byte is shown, whatever it meant.
        let shown: usize = reading.frames.iter().map(|it| it.raw.len()).sum();
        let blank = body[shown.min(body.len())..].iter().all(u8::is_ascii_whitespace);
        prop_assert!(blank, "{} of {} bytes", shown, body.len());
    }
}
