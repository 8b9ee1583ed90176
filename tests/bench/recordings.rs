//! What lists and searches cost among ten thousand runs, each on a connection of its own, as the
//! app asks.

mod table;

use recordings::{Filter, Recorder, Store, StoreError};
use rusqlite::{Connection, params};
use std::time::Instant;
use table::Figure;
use tempfile::TempDir;

const RUNS: usize = 10_000;
const FRAMES: usize = 60;
/// How often each question is asked; the median counts.
const TIMES: usize = 9;
/// What a question may take, in milliseconds.
const LIMIT: f64 = 50.0;
const DAY_MS: i64 = 86_400_000;
const FIRST_MS: i64 = 1_760_000_000_000;

fn main() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = Recorder::start(folder.path().to_owned());
    let path = recorder.with(|store| Ok(store.path().to_owned())).expect("opened");
    let began = Instant::now();
    fill(&mut Connection::open(path).expect("opened")).expect("filled");
    eprintln!("{RUNS} runs of {FRAMES} frames written in {:?}", began.elapsed());
    let figures: Vec<_> = questions().into_iter().map(|it| measure(&recorder, it)).collect();
    table::print(&figures);
}

/// A name, and what is asked.
type Question = (&'static str, fn(&Store) -> Result<usize, StoreError>);

fn list(store: &Store, filter: Filter) -> Result<usize, StoreError> {
    Ok(store.list(&Filter { limit: 60, ..filter })?.runs.len())
}

fn text(store: &Store, text: &str) -> Result<usize, StoreError> {
    list(store, Filter { text: text.into(), ..Filter::default() })
}

fn questions() -> Vec<Question> {
    vec![
        ("10,000 runs: first page", |store| list(store, Filter::default())),
        ("10,000 runs: page in the middle", |store| {
            list(store, Filter { before: Some("run 5000".into()), ..Filter::default() })
        }),
        ("10,000 runs: a word of many", |store| text(store, "bababo")),
        ("10,000 runs: a word of one", |store| text(store, "needle5000x")),
        ("10,000 runs: three letters", |store| text(store, "abo")),
        ("10,000 runs: two letters", |store| text(store, "ab")),
        ("10,000 runs: two letters of one", |store| text(store, "0x")),
        ("10,000 runs: one letter", |store| text(store, "b")),
        ("10,000 runs: a word of none", |store| text(store, "zeppelin")),
        ("10,000 runs: two letters of none", |store| text(store, "qq")),
        ("10,000 runs: words that never meet", |store| text(store, "needle17x needle18x ba")),
        ("10,000 runs: a model and a month", |store| {
            let since_ms = Some(FIRST_MS + 300 * DAY_MS);
            let until_ms = Some(FIRST_MS + 330 * DAY_MS);
            list(
                store,
                Filter { model: Some("model-3".into()), since_ms, until_ms, ..Filter::default() },
            )
        }),
        ("10,000 runs: an outcome of few", |store| {
            let outcome = Some(recordings::Outcome::Failed);
            list(store, Filter { outcome, ..Filter::default() })
        }),
        ("10,000 runs: a cost of none", |store| {
            list(store, Filter { min_cost: Some(100.0), ..Filter::default() })
        }),
        ("10,000 runs: names and amount", |store| {
            Ok(store.names()?.models.len() + store.amount()?.runs as usize)
        }),
        ("10,000 runs: what was spent", |store| Ok(store.spending(&[0])?.conversations.len())),
    ]
}

fn measure(recorder: &Recorder, (what, ask): Question) -> Figure {
    let mut took: Vec<f64> = Vec::new();
    let mut found = 0;
    for _ in 0..TIMES {
        let began = Instant::now();
        found = ask(&recorder.reader().expect("a connection")).expect("an answer");
        took.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    took.sort_by(f64::total_cmp);
    let median = took[TIMES / 2];
    Figure {
        what,
        measured: format!("{median:.1} ms ({found} found)"),
        target: "50 ms or less",
        is_met: median <= LIMIT,
    }
}

/// Words that a language could have, the same at every call.
fn words(seed: usize, count: usize) -> String {
    let syllables = ["ba", "bo", "ri", "ten", "lo", "mu", "sa", "ki", "ver", "no", "pa", "du"];
    let mut state = seed * 7919 + 1;
    let mut next = || {
        state = (state * 48271) % 2147483647;
        syllables[state / 7 % syllables.len()]
    };
    let words = (0..count).map(|_| [next(), next(), next()].concat());
    words.collect::<Vec<_>>().join(" ")
}

fn fill(file: &mut Connection) -> Result<(), rusqlite::Error> {
    let transaction = file.transaction()?;
    let mut run = transaction.prepare(
        "INSERT INTO runs (id, session, started_ms, provider, dialect, model, chat, by_hand,
         question, opening, outcome, reply, cost, duration_us, attempts, frames, bytes)
         VALUES (?, '', ?, ?, 'openai-chat', ?, ?, 0, ?, ?, ?, ?, ?, 1, 1, ?, 20000)",
    )?;
    let mut event = transaction.prepare("INSERT INTO events VALUES (?, ?, ?, ?)")?;
    for number in 0..RUNS {
        let question = format!("{} needle{number}x", words(number, 12));
        let reply = words(number + RUNS, 160);
        let outcome = if number % 500 == 0 { "failed" } else { "finished" };
        run.execute(params![
            format!("run {number}"),
            FIRST_MS + number as i64 * DAY_MS / 27,
            format!("provider-{}", number % 5),
            format!("model-{}", number % 8),
            format!("{{\"messages\":[{{\"role\":\"user\",\"text\":\"{question}\"}}]}}"),
            question,
            words(number / 4, 30),
            outcome,
            reply,
            (number % 3 > 0).then_some(number as i64 * 1_000_000),
            FRAMES as i64,
        ])?;
        let row = transaction.last_insert_rowid();
        for (place, word) in reply.split(' ').take(FRAMES).enumerate() {
            let json = format!(
                "{{\"type\":\"frame\",\"index\":{place},\"at_us\":{place},\"offset\":0,\"raw\":\"\",\
                 \"deltas\":[{{\"type\":\"text\",\"choice\":0,\"text\":\"{word}\"}}]}}"
            );
            let raw =
                format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{word}\"}}}}]}}\n\n");
            event.execute(params![row, place as i64, json, raw.as_bytes()])?;
        }
    }
    drop((run, event));
    transaction.commit()
}
