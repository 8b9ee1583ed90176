//! What becomes of runs on a real disk: kept, found, deleted, and saved from accidents.

mod accidents;
mod arbitrary;
mod bodies;
#[path = "../support/calling.rs"]
mod calling;
mod comparing;
mod files;
mod keeping;
mod killed;
mod replaying;
mod searching;
mod transcripts;
mod versions;

use playground::{
    Chat, Delta, Frame, Message, Role, RunEvent, Target, Usage, WireRequest,
    http::{Header, Method},
    prices::{Book, Price},
};
use recordings::{Beginning, Recorder, StoreError, Summary, search::Filter};
use std::{path::Path, sync::Arc};

fn price_of(model: &str) -> Option<Price> {
    Book::default().price_of(model, "2026-11-21").cloned()
}

fn beginning(id: &str, question: &str) -> Beginning {
    let messages = vec![Message { role: Role::User, text: question.into() }];
    Beginning {
        id: id.into(),
        started_ms: 1_790_000_000_000,
        price: price_of("gpt-4o-mini"),
        target: Target {
            provider: "openai".into(),
            base_url: None,
            dialect: Some("openai-chat".into()),
            model: "gpt-4o-mini".into(),
        },
        chat: Chat { messages, ..Chat::default() },
        by_hand: false,
    }
}

fn started(at_us: u64) -> RunEvent {
    let request = WireRequest {
        method: Method::Post,
        url: "https://api.example/v1".into(),
        headers: vec![Header::new("authorization", "Bearer ••••••••")],
        body: "{}".into(),
    };
    RunEvent::AttemptStarted { at_us, attempt: 1, request }
}

fn frame(index: u32, text: &str) -> RunEvent {
    let deltas = vec![Delta::text(text)];
    let at_us = 100 * u64::from(index + 1);
    RunEvent::Frame(Frame { index, at_us, offset: 0, raw: text.into(), deltas })
}

/// The events of a call that was answered with these words.
fn story(words: &[&str]) -> Vec<RunEvent> {
    let mut events = vec![started(1)];
    events.extend((0..).zip(words).map(|(index, word)| frame(index, word)));
    let usage = Usage { input_tokens: Some(10), output_tokens: Some(20), ..Usage::default() };
    let deltas = vec![Delta::Usage(usage), Delta::Done];
    events.push(RunEvent::Frame(Frame {
        index: words.len() as u32,
        at_us: 5_000,
        offset: 0,
        raw: vec![0xff, 0x00],
        deltas,
    }));
    events.push(RunEvent::Finished { at_us: 6_000 });
    events
}

fn record(recorder: &Recorder, beginning: Beginning, events: &[RunEvent]) {
    let id: Arc<str> = beginning.id.as_str().into();
    recorder.begin(beginning);
    events.iter().for_each(|event| recorder.append(&id, event));
}

fn events(recorder: &Recorder, id: &str) -> Vec<RunEvent> {
    read(recorder, id).expect("the run is there")
}

fn read(recorder: &Recorder, id: &str) -> Result<Vec<RunEvent>, StoreError> {
    let id = id.to_owned();
    recorder.with(move |store| {
        let mut events = Vec::new();
        store.events(&id, |event| {
            events.push(event);
            Ok(())
        })?;
        Ok(events)
    })
}

fn list(recorder: &Recorder, filter: Filter) -> Vec<Summary> {
    recorder.with(move |store| store.list(&filter)).expect("a list").runs
}

fn all(recorder: &Recorder) -> Vec<Summary> {
    list(recorder, Filter { limit: 500, ..Filter::default() })
}

fn ids(runs: &[Summary]) -> Vec<&str> {
    runs.iter().map(|run| &run.id[..]).collect()
}

fn open(folder: &Path) -> Recorder {
    let recorder = Recorder::start(folder.to_owned());
    // It opens the file on its own time; what is asked of it waits for that.
    recorder.with(|store| store.amount()).expect("the file is open");
    recorder
}

/// As after a restart of the app.
fn reopened(recorder: Recorder, folder: &Path) -> Recorder {
    drop(recorder);
    until_closed(&folder.join("recordings.sqlite"));
    open(folder)
}

/// Every file of the folder, joined: what can be found here is on the disk.
fn bytes_on_disk(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).expect("a folder").map(|it| it.expect("an entry").path());
    files.flat_map(|path| std::fs::read(path).expect("a file")).collect()
}

fn contains(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|window| window == part.as_bytes())
}

/// The writer ends after its last handle. It empties the log into the file, and lets go of its lock.
fn until_closed(path: &Path) -> Vec<u8> {
    let is_in_use = |name: &str| name.ends_with("-wal") || name.ends_with(".lock");
    let folder = path.parent().expect("a folder");
    let in_use = || {
        let mut files = std::fs::read_dir(folder).expect("a folder").flatten();
        files.any(|file| is_in_use(&file.file_name().to_string_lossy()))
    };
    while in_use() {
        std::thread::yield_now();
    }
    std::fs::read(path).expect("a file")
}
