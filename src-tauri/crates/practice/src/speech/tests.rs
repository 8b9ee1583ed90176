use std::time::Duration;

use futures_util::StreamExt;

use super::*;
use crate::{
    dialects::{Choice, Writer},
    faults::Faults,
    generation::{Ending, Limits},
    model::{Model, Role, Speaker, Turn},
    sampling::{Sampler, Sampling},
};

/// A format of one line per frame: `open`, the texts, `close`, `done`.
#[derive(Debug)]
struct Lines;

impl Writer for Lines {
    fn stream_type(&self) -> &'static str {
        "text/plain"
    }

    fn open(&mut self, frames: &mut Frames) {
        frames.push(&["open\n"]);
    }

    fn text(&mut self, frames: &mut Frames, choice: usize, piece: &Piece) {
        frames.push(&[&choice.to_string(), ":", &piece.text, "\n"]);
    }

    fn close(&mut self, frames: &mut Frames, endings: &[Ending]) {
        frames.push(&[&format!("close {}\n", endings[0].made)]);
        frames.push(&["done\n"]);
    }

    fn fail(&mut self, frames: &mut Frames) {
        frames.push(&["fail\n"]);
    }

    fn garbage(&mut self, frames: &mut Frames) {
        frames.push(&["garbage\n"]);
    }

    fn whole(&mut self, _choices: &[Choice]) -> (&'static str, String) {
        ("text/plain", String::new())
    }
}

/// So many replies to a question, as a stream.
fn speech(
    question: &str,
    choices: usize,
    pace: &str,
    faults: &str,
) -> impl Stream<Item = io::Result<Bytes>> {
    let turn = Turn { role: Role::User, name: None, text: question.to_owned() };
    let prompted = Model::get().read(&[turn], Speaker::Answer, 8);
    let limits = Limits { max_tokens: 10_000, stop: Vec::new() };
    let pace = Pace::default().changed_by(pace).unwrap();
    let faults = Faults::parse(faults).unwrap_or_default();
    let talk = |_| {
        Generation::new(prompted.reply(""), Sampler::new(Sampling::default(), 0), limits.clone())
    };
    let generations = (0..choices).map(talk).collect();
    let start = Instant::now().into_std();
    frames(generations, Box::new(Lines), pace, start, Disturbance::new(faults))
}

/// The frames of a reply and when each batch came, in milliseconds; a break is `BROKEN`.
async fn spoken(question: &str, pace: &str, faults: &str) -> Vec<(u128, String)> {
    let start = Instant::now();
    speech(question, 1, pace, faults)
        .map(|frames| {
            let frames = frames.unwrap_or("BROKEN".into());
            let text = String::from_utf8(frames.to_vec()).unwrap();
            (start.elapsed().as_millis(), text)
        })
        .collect()
        .await
}

#[tokio::test(start_paused = true)]
async fn each_token_comes_at_its_moment() {
    let batches = spoken("count to 2", "first=100ms, rate=10", "").await;
    let expected = [
        (100, "open\n0:1\n"),
        (200, "0:,\n"),
        (300, "0: \n"),
        (400, "0:2\n"),
        (500, "close 4\ndone\n"),
    ];
    let rounded: Vec<(u128, &str)> =
        batches.iter().map(|(at, text)| (at / 10 * 10, text.as_str())).collect();
    assert_eq!(rounded, expected);
}

#[tokio::test(start_paused = true)]
async fn choices_are_told_in_turn_and_at_the_same_moments() {
    let batches: Vec<Bytes> =
        speech("count to 2", 2, "first=0s, rate=10", "").map(Result::unwrap).collect().await;
    assert_eq!(batches.len(), 5);
    assert_eq!((&batches[0][..], &batches[3][..]), (&b"open\n0:1\n1:1\n"[..], &b"0:2\n1:2\n"[..]));
}

#[tokio::test(start_paused = true)]
async fn a_slow_client_gets_what_is_due_at_once() {
    let mut frames = Box::pin(speech("count to 9", 1, "first=0s, rate=10", ""));
    frames.next().await;
    tokio::time::advance(Duration::from_secs(1)).await;
    let late = frames.next().await.unwrap().unwrap();
    assert_eq!(String::from_utf8_lossy(&late).matches("0:").count(), 10);
}

#[tokio::test(start_paused = true)]
async fn without_a_limit_frames_leave_in_batches() {
    let batches = spoken("count to 9000", "first=0s, rate=0", "").await;
    assert!(batches.len() < 10, "{} batches", batches.len());
    assert!(batches.iter().all(|(at, text)| *at == 0 && text.ends_with('\n')));
}

#[tokio::test(start_paused = true)]
async fn faults_strike_in_the_middle_of_a_reply() {
    let middle = "open\n0:1\n0:,\n0: \n0:2\n0:,\n0: \n0:3\n";
    let rest = "0:,\n0: \n0:4\n";
    let end = "close 10\ndone\n";
    let table = [
        ("", vec![[middle, rest, end].concat()]),
        ("cut=3", vec!["open\n0:1\n0:,\n".into(), "BROKEN".into()]),
        ("cut=7b", vec!["open\n0:".into(), "BROKEN".into()]),
        ("cut=0", vec!["".into(), "BROKEN".into()]),
        ("cut=12", vec![[middle, rest, "close 10\n"].concat(), "BROKEN".into()]),
        ("cut=99", vec![[middle, rest].concat(), "BROKEN".into()]),
        ("no_done", vec![[middle, rest, "close 10\n"].concat()]),
        ("garbage", vec![[middle, "garbage\n", rest, end].concat()]),
        ("in_stream_error", vec![middle.into(), "fail\n".into()]),
        ("stall=20s", vec![middle.into(), [rest, end].concat()]),
        ("stall=20s, no_done", vec![middle.into(), [rest, "close 10\n"].concat()]),
        ("garbage, in_stream_error, cut=9", vec![[middle, "garbage\n"].concat(), "BROKEN".into()]),
    ];
    for (faults, expected) in table {
        let batches = spoken("count to 4", "first=0s, rate=0", faults).await;
        let texts: Vec<&str> = batches.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, expected, "{faults}");
        let waited = if faults.contains("stall") { 20_000 } else { 0 };
        assert!(batches.last().unwrap().0 >= waited, "{faults}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_short_reply_meets_its_faults_before_its_end() {
    let table = [
        ("garbage", "open\n0:1\ngarbage\nclose 1\ndone\n"),
        ("in_stream_error", "open\n0:1\nfail\n"),
        ("no_done", "open\n0:1\nclose 1\n"),
    ];
    for (faults, expected) in table {
        let batches = spoken("count to 1", "first=0s, rate=0", faults).await;
        let text: String = batches.into_iter().map(|(_, text)| text).collect();
        assert_eq!(text, expected, "{faults}");
    }
}
