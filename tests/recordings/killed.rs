//! A process that is killed while a reply streams, a hundred times at moments that nobody chose; and
//! while four do, side by side.

use crate::{
    all, beginning,
    calling::{LONG, ask, chat, client},
    comparing::{at, plan},
    events, open,
};
use playground::{Parameters, RunEvent, dialects::DIALECTS};
use practice::{Manner, pace::Pace};
use recordings::{Outcome, Recorder, Store};
use std::{
    collections::hash_map::RandomState,
    env,
    hash::BuildHasher,
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tempfile::TempDir;
use tokio::sync::mpsc;

const FOLDER: &str = "TOKENSCOPE_TEST_STREAM";
/// Set where the process streams into the columns of a comparison.
const SIDE_BY_SIDE: &str = "TOKENSCOPE_TEST_COLUMNS";
const COLUMNS: u32 = 4;
const KILLS: usize = 100;
/// So many live at the same time.
const AT_ONCE: usize = 4;
/// How far the disk may be behind what was shown.
const BEHIND: Duration = Duration::from_millis(250);

/// The clock that both processes read, in microseconds.
fn now_us() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970").as_micros()
}

/// Not a test of its own: the process that is killed, below. It calls practice as the app does,
/// keeps each event, and then shows it: as a line with the time, the run and the event.
#[tokio::test]
async fn streams_until_it_is_killed() {
    let Ok(folder) = env::var(FOLDER) else { return };
    let recorder = open(folder.as_ref());
    let pace = Pace { first: Duration::ZERO, rate: 400.0 };
    let address = practice::start(Manner { pace }).await.expect("a free port");
    let base_url = format!("http://{address}");
    if env::var(SIDE_BY_SIDE).is_err() {
        return stream(&recorder, &base_url, "a").await;
    }
    let runs: Vec<_> = (0..COLUMNS).map(|column| format!("c-{column}")).collect();
    let claims: Vec<_> = (0..).map(|it| at(0, it, 0)).zip(runs.iter().cloned()).collect();
    let begin =
        move |store: &mut Store| store.begin_round("c", &plan(COLUMNS as usize, 1, 1), &claims, 1);
    recorder.with(begin).expect("begun");
    let streams = runs.into_iter().map(|run| {
        let (recorder, base_url) = (recorder.clone(), base_url.clone());
        tokio::spawn(async move { stream(&recorder, &base_url, &run).await })
    });
    for stream in streams.collect::<Vec<_>>() {
        stream.await.expect("it streams until it is killed");
    }
}

async fn stream(recorder: &Recorder, base_url: &str, run: &str) {
    let dialect = DIALECTS[std::process::id() as usize % DIALECTS.len()];
    let question =
        chat("Count to 2000.", Parameters { max_tokens: Some(9_000), ..Parameters::default() });
    let call = ask(dialect, base_url, "practice-long", &question, Some("practice-makes-perfect"));
    let id: Arc<str> = run.into();
    recorder.begin(beginning(run, "Count to 2000."));
    recorder.started(&id, 7);
    let (tell, mut told) = mpsc::channel(256);
    tokio::spawn(
        async move { client(LONG).run(call, tell, playground::client::Hand::default()).await },
    );
    while let Some(event) = told.recv().await {
        recorder.append(&id, &event);
        let line = serde_json::to_string(&event).expect("an event is plain data");
        let mut out = std::io::stdout().lock();
        writeln!(out, "{} {run} {line}", now_us()).expect("somebody reads");
        out.flush().expect("somebody reads");
    }
}

/// What was shown, with its time and its run.
type Shown = Vec<(u128, String, RunEvent)>;

/// Lets a process live for `life` after its first word, and kills it. Returns what it had shown,
/// and when it was killed.
fn kill_after(life: Duration, folder: &TempDir, side_by_side: bool) -> (Shown, u128) {
    let mut process = Command::new(env::current_exe().expect("this test"));
    if side_by_side {
        process.env(SIDE_BY_SIDE, "1");
    }
    let mut child = process
        .args(["killed::streams_until_it_is_killed", "--exact", "--nocapture"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut shown = lines.map_while(Result::ok).filter_map(|line| {
        let (time, rest) = line.split_once(' ')?;
        let (run, event) = rest.split_once(' ')?;
        Some((time.parse().ok()?, run.to_owned(), serde_json::from_str(event).ok()?))
    });
    let mut before: Shown = Vec::new();
    for (time, run, event) in shown.by_ref() {
        let is_word = matches!(event, RunEvent::Frame(_));
        before.push((time, run, event));
        if is_word {
            break;
        }
    }
    let killed = thread::spawn(move || kill(child, life));
    before.extend(shown);
    (before, killed.join().expect("killed"))
}

fn kill(mut child: Child, life: Duration) -> u128 {
    // The moment is what is tested.
    thread::sleep(life);
    let killed = now_us();
    child.kill().expect("killed");
    child.wait().expect("dead");
    killed
}

/// A life that nobody chose.
fn life(number: usize) -> Duration {
    Duration::from_millis(50 + RandomState::new().hash_one(number) % 350)
}

/// Kills one, and looks at what is on the disk. Returns how far that was behind, in microseconds.
fn look(number: usize) -> u128 {
    let folder = TempDir::new().expect("a temporary folder");
    let (shown, killed) = kill_after(life(number), &folder, false);
    assert!(shown.len() > 3, "it was streaming: {shown:?}");
    let recorder = open(folder.path());
    let runs = all(&recorder);
    let found = if runs.is_empty() { Vec::new() } else { events(&recorder, "a") };
    assert!(runs.iter().all(|run| run.outcome == Outcome::Lost));
    behind(&found, &shown, killed)
}

/// How far the events on the disk are behind those that were shown before it was `killed`.
fn behind(found: &[RunEvent], shown: &[(u128, String, RunEvent)], killed: u128) -> u128 {
    // The event after the last that was shown may have been written before it was shown.
    assert!(found.len() <= shown.len() + 1, "{} of {}", found.len(), shown.len());
    for (on_disk, (_, _, event)) in found.iter().zip(shown) {
        assert_eq!(on_disk, event, "a prefix of what was shown");
    }
    shown.get(found.len()).map_or(0, |(time, _, _)| killed.saturating_sub(*time))
}

/// Every column keeps what it had shown, every place stays taken, and it is one item still.
#[test]
fn a_comparison_that_is_killed_keeps_what_each_column_had_shown() {
    let mut worst = 0;
    for number in 0..12 {
        let folder = TempDir::new().expect("a temporary folder");
        let (shown, killed) = kill_after(life(number), &folder, true);
        let recorder = open(folder.path());
        let it = recorder.with(|store| store.comparison("c")).expect("it is there");
        assert_eq!(it.cells.len(), COLUMNS as usize);
        assert_eq!(recorder.with(|store| store.open_places("c")).expect("it is there"), []);
        assert!(all(&recorder).is_empty(), "no run stands alone");
        for cell in &it.cells {
            let told: Shown = shown.iter().filter(|it| it.1 == cell.run).cloned().collect();
            let outcome = cell.summary.as_ref().map(|run| run.outcome);
            let found = if outcome.is_some() { events(&recorder, &cell.run) } else { Vec::new() };
            assert!(outcome.is_none_or(|it| it == Outcome::Lost), "{cell:?}");
            assert!(found.is_empty() || cell.start_us == Some(7), "{cell:?}");
            worst = worst.max(behind(&found, &told, killed));
        }
    }
    assert!(worst <= BEHIND.as_micros(), "{worst} us behind");
}

#[test]
fn a_hundred_killed_processes_keep_what_they_had_shown() {
    let worker = |first: usize| {
        let mine = (first..KILLS).step_by(AT_ONCE);
        thread::spawn(move || mine.map(look).collect::<Vec<_>>())
    };
    let workers: Vec<_> = (0..AT_ONCE).map(worker).collect();
    let behind = workers.into_iter().flat_map(|it| it.join().expect("each was looked at"));
    let mut behind: Vec<_> = behind.collect();
    behind.sort_unstable();
    let worst = *behind.last().expect("a hundred");
    println!("behind: {} us in the middle, {worst} us at worst", behind[behind.len() / 2]);
    assert_eq!(behind.len(), KILLS);
    assert!(worst <= BEHIND.as_micros(), "{worst} us behind");
}
