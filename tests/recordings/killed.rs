//! A process that is killed while a reply streams, a hundred times at moments that nobody chose.

use crate::{
    all, beginning,
    calling::{LONG, ask, chat, client},
    events, open,
};
use playground::{Parameters, RunEvent, dialects::DIALECTS};
use practice::{Manner, pace::Pace};
use recordings::Outcome;
use std::{
    collections::hash_map::RandomState,
    env,
    hash::BuildHasher,
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tempfile::TempDir;
use tokio::sync::mpsc;

const FOLDER: &str = "TOKENSCOPE_TEST_STREAM";
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
/// keeps each event, and then shows it: as a line with the time and the event.
#[tokio::test]
async fn streams_until_it_is_killed() {
    let Ok(folder) = env::var(FOLDER) else { return };
    let recorder = open(folder.as_ref());
    let pace = Pace { first: Duration::ZERO, rate: 400.0 };
    let address = practice::start(Manner { pace }).await.expect("a free port");
    let dialect = DIALECTS[std::process::id() as usize % DIALECTS.len()];
    let base_url = format!("http://{address}");
    let question =
        chat("Count to 2000.", Parameters { max_tokens: Some(9_000), ..Parameters::default() });
    let call = ask(dialect, &base_url, "practice-1", &question, Some("practice-makes-perfect"));
    recorder.begin(beginning("a", "Count to 2000."));
    let (tell, mut told) = mpsc::channel(256);
    tokio::spawn(
        async move { client(LONG).run(call, tell, playground::client::Hand::default()).await },
    );
    let mut out = std::io::stdout();
    while let Some(event) = told.recv().await {
        recorder.append(&"a".into(), &event);
        let line = serde_json::to_string(&event).expect("an event is plain data");
        writeln!(out, "{} {line}", now_us()).expect("somebody reads");
        out.flush().expect("somebody reads");
    }
}

/// What was shown, with its time.
type Shown = Vec<(u128, RunEvent)>;

/// Lets a process live for `life` after its first word, and kills it. Returns what it had shown,
/// and when it was killed.
fn kill_after(life: Duration, folder: &TempDir) -> (Shown, u128) {
    let mut child = Command::new(env::current_exe().expect("this test"))
        .args(["killed::streams_until_it_is_killed", "--exact", "--nocapture"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut shown = lines.map_while(Result::ok).filter_map(|line| {
        let (time, event) = line.split_once(' ')?;
        Some((time.parse().ok()?, serde_json::from_str(event).ok()?))
    });
    let mut before: Shown = Vec::new();
    for (time, event) in shown.by_ref() {
        let is_word = matches!(event, RunEvent::Frame(_));
        before.push((time, event));
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

/// Kills one, and looks at what is on the disk. Returns how far that was behind, in microseconds.
fn look(number: usize) -> u128 {
    let folder = TempDir::new().expect("a temporary folder");
    let life = 50 + RandomState::new().hash_one(number) % 350;
    let (shown, killed) = kill_after(Duration::from_millis(life), &folder);
    assert!(shown.len() > 3, "it was streaming: {shown:?}");
    let recorder = open(folder.path());
    let runs = all(&recorder);
    let found = if runs.is_empty() { Vec::new() } else { events(&recorder, "a") };
    // The event after the last that was shown may have been written before it was shown.
    assert!(found.len() <= shown.len() + 1, "{} of {}", found.len(), shown.len());
    for (on_disk, (_, event)) in found.iter().zip(&shown) {
        assert_eq!(on_disk, event, "a prefix of what was shown, after {life} ms");
    }
    assert!(runs.iter().all(|run| run.outcome == Outcome::Lost));
    shown.get(found.len()).map_or(0, |(time, _)| killed.saturating_sub(*time))
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
