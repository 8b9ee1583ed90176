//! Any bytes, any JSON, and the project's own bodies spoilt in any way.

use super::{
    FOLDER, pieces,
    reading::{read, read_however_cut},
    seeds,
};
use playground::{
    dialects::DIALECTS,
    frames::{ArrayReader, LineReader, RawFrame, SseReader},
};
use proptest::{collection::vec, prelude::*, sample::Index};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

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

proptest! {
    #![proptest_config(seeds())]

    #[test]
    fn any_bytes_make_frames_that_tile_them_the_same_however_cut(
        body in prop_oneof![vec(any::<u8>(), 0..300), r#"(data: |\[|\]|\{|\}|"|\\|,|\n|\r|é|x){0,80}"#.prop_map(String::into_bytes)],
        cuts in vec(any::<Index>(), 0..6),
    ) {
        macro_rules! check {
            ($reader:ty) => {{
                let read = |pieces: Vec<&[u8]>| {
                    let mut reader = <$reader>::new(1 << 20);
                    let read = |piece| reader.push(piece).expect("a small body");
                    let mut frames: Vec<_> = pieces.into_iter().flat_map(read).collect();
                    frames.extend(reader.finish());
                    frames
                };
                let frames = read(vec![&body]);
                let end = tiles(&frames);
                let mut rest = body[end..].iter();
                prop_assert!(rest.all(u8::is_ascii_whitespace), "lost: {:?}", &body[end..]);
                prop_assert_eq!(&read(body.chunks(1).collect()), &frames);
                prop_assert_eq!(&read(pieces(&body, &cuts)), &frames);
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
