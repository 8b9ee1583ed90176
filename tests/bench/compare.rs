//! Four columns at once, with the race open: whether the window keeps up, and what is recorded.

use crate::{
    reply::{self, SEND},
    support::{App, Home, PracticeServer, within},
};
use playground::{Delta, RunEvent};
use recordings::{
    Filter, Outcome, Store,
    compare::{Cell, KeptComparison},
};
use serde_json::{Value, json};
use std::time::Duration;

/// How many columns there are.
pub const COLUMNS: usize = 4;
/// Tokens of each reply, and how many are said per second.
const TOKENS: u32 = 6_000;
const RATE: f64 = 1_500.0;
const LIMIT: Duration = Duration::from_secs(120);
/// How long the server of each column is silent in the second round, in milliseconds.
const DELAYS_MS: [u64; COLUMNS] = [50, 100, 250, 400];

/// How often that is measured; the best counts.
const ROUNDS: usize = 3;

/// Notes the longest time between two frames of the display, from Send until two seconds after all
/// columns have ended. The page draws in each of them if there is something new. What a timer asks
/// the page, as for one reply, takes two turns of its event loop, and each may hold such a frame.
const WATCH: &str = "
    const watch = window.watch = { stall: 0, at: 0, sent: 0, finished: 0, isOver: false };
    let last = performance.now();
    const look = () => {
        const now = performance.now();
        if (watch.sent && now - last > watch.stall) [watch.stall, watch.at] = [now - last, last];
        last = now;
        const columns = [...document.querySelectorAll('[data-column]')];
        watch.states = columns.map((it) => [...it.querySelectorAll('[data-state]')].at(-1)?.dataset.state);
        const isGoing = (state) => !state || state === 'running';
        if (watch.sent && !watch.finished && !watch.states.some(isGoing)) watch.finished = now;
        watch.isOver = watch.finished > 0 && now - watch.finished > 2000;
        watch.isReady = true;
        if (!watch.isOver) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);";

/// What was measured.
pub struct Compare {
    /// The longest time between two frames.
    pub stall_ms: f64,
    /// When that began, counted from Send.
    pub stalled_at_ms: f64,
    /// Tokens per second of the slowest column, from its first word on.
    pub rate: f64,
    /// How many recordings have every token, and an end.
    pub complete: usize,
    /// From when the first of them began until the last did.
    pub apart_us: u64,
    /// How far a recorded delay is from the one that was asked for.
    pub late_us: u64,
}

/// `None` where no web view can be driven.
pub fn measure() -> Option<Compare> {
    let practice = PracticeServer::start_at(RATE);
    let (watch, store, kept) = round(&practice, "practice-long", &["practice-long"; 3], TOKENS)?;
    let stories: Vec<_> = kept.cells.iter().map(|cell| events(&store, &cell.run)).collect();
    let is_complete = |(cell, story): &(&Cell, &Vec<RunEvent>)| is_complete(cell, story);
    let time = |name: &str| watch[name].as_f64().expect("a time in milliseconds");
    Some(Compare {
        stall_ms: time("stall"),
        stalled_at_ms: time("at") - time("sent"),
        rate: stories.iter().map(|it| rate(it)).fold(f64::INFINITY, f64::min),
        complete: kept.cells.iter().zip(&stories).filter(is_complete).count(),
        apart_us: apart(&kept),
        // Somebody else on this machine may have held one of them up.
        late_us: (0..ROUNDS).filter_map(|_| late()).min()?,
    })
}

/// Opens an app with these models in its columns, sends to all, and returns what was seen of that
/// and what is kept of it.
fn round(
    practice: &PracticeServer,
    first: &str,
    others: &[&str; COLUMNS - 1],
    tokens: u32,
) -> Option<(Value, Store, KeptComparison)> {
    let mut settings = reply::settings(&practice.base_url(), tokens);
    settings["target"]["model"] = json!(first);
    let home = Home::with(&settings);
    let app = App::open(&home)?;
    reply::set_up(&app);
    for model in others {
        add(&app, model);
    }
    app.paste("Message to all columns", "Count to 9000");
    app.element("button:enabled", "Send to 4");
    app.js(WATCH, json!([]));
    let watch = |becomes: &str| {
        let watch = || app.js("return window.watch", json!([]));
        within(LIMIT, || Some(watch()).filter(|it| it[becomes] == Value::Bool(true)))
    };
    watch("isReady").expect("the display goes on");
    app.js(SEND, json!([]));
    let watch = watch("isOver").expect("the columns end");
    assert_eq!(watch["states"], json!(vec!["finished"; COLUMNS]), "{}", app.region("Race"));
    let folder = home.settings_path().parent().expect("a folder").join("recordings");
    let store = Store::again(&folder.join("recordings.sqlite")).expect("the recordings are there");
    let list = store.list(&Filter { limit: 1, ..Filter::default() }).expect("a list");
    let kept = store.comparison(&list.comparisons[0].id).expect("it is kept");
    assert_eq!(kept.cells.len(), COLUMNS);
    // The file goes with its home, and stays readable for as long as it is open.
    Some((watch, store, kept))
}

/// Adds a column that asks a model of the same server.
fn add(app: &App, model: &str) {
    app.click(if app.find("button", "Compare").is_some() { "Compare" } else { "Column" });
    app.click("Bench");
    app.fill_and_enter("Find a model", model);
    app.dialog_closes();
}

fn events(store: &Store, run: &str) -> Vec<RunEvent> {
    let mut events = Vec::new();
    let take = |event| {
        events.push(event);
        Ok(())
    };
    store.events(run, take).expect("it was recorded");
    events
}

/// Whether every token came, each after the other, and then the end.
fn is_complete(cell: &Cell, story: &[RunEvent]) -> bool {
    let Some(summary) = &cell.summary else { return false };
    let counted = summary.usage.and_then(|it| it.output_tokens);
    let frames = story.iter().filter_map(|event| match event {
        RunEvent::Frame(frame) => Some(frame.index),
        _ => None,
    });
    summary.outcome == Outcome::Finished
        && counted == Some(TOKENS.into())
        && frames.eq(0..summary.frames)
        && story.last().is_some_and(RunEvent::is_last)
}

/// Tokens per second from the first word on.
fn rate(story: &[RunEvent]) -> f64 {
    let words = story.iter().filter_map(|event| match event {
        RunEvent::Frame(frame) if frame.deltas.iter().any(Delta::is_words) => Some(frame.at_us),
        _ => None,
    });
    let words: Vec<_> = words.collect();
    let took_us = words.last().zip(words.first()).map_or(0, |(last, first)| last - first);
    f64::from(TOKENS) / (took_us as f64 / 1e6)
}

/// From when the first run began until the last did.
fn apart(kept: &KeptComparison) -> u64 {
    let starts = kept.cells.iter().map(|cell| cell.start_us.expect("it began"));
    let (first, last) = (starts.clone().min(), starts.max());
    (last.expect("four") - first.expect("four")) as u64
}

/// How far the silence that is recorded is from the one that was asked for, in the worst column.
fn late() -> Option<u64> {
    let model = |ms: u64| format!("practice-long:slow_headers={ms}ms");
    let [first, others @ ..] = DELAYS_MS.map(model);
    let others = others.each_ref().map(String::as_str);
    // It takes no time of its own.
    let (_, store, kept) = round(&PracticeServer::start(), &first, &others, 20)?;
    let late = kept.cells.iter().map(|cell| {
        let asked = 1_000 * DELAYS_MS[cell.place.column as usize];
        silence(&events(&store, &cell.run)).abs_diff(asked)
    });
    late.max()
}

/// From when the request could leave until the answer began, in microseconds.
fn silence(story: &[RunEvent]) -> u64 {
    let mut from = 0;
    for event in story {
        match event {
            RunEvent::AttemptStarted { at_us, .. } => from = *at_us,
            RunEvent::ResponseStarted { at_us, connected_us, .. } => {
                return at_us - connected_us.unwrap_or(from);
            }
            _ => {}
        }
    }
    panic!("an answer came: {story:?}")
}
