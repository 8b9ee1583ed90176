//! The practice model by itself: when it is ready, what it weighs, how fast it talks.

use practice::{Manner, model::Model, pace::Pace};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};
use tokio::runtime::Runtime;

/// Tokens of the reply whose rate is measured.
const TOKENS: u32 = 4_000;
/// What ends a reply. A bias against it makes one as long as is wanted.
const END: &str = "199999";

/// How often it is asked.
const TIMES: usize = 5;

/// What it costs.
pub struct Practice {
    /// From the first call of it until it can answer.
    pub ready: Duration,
    /// What the process grew by, in MiB.
    pub mib: f64,
    /// From a request of some 2,000 tokens to its first word.
    pub first_word: Duration,
    /// Tokens per second of one stream at temperature 1.
    pub rate: f64,
}

/// Measures it in this process, which must not have called the model before.
pub fn measure() -> Practice {
    let before = resident_mib();
    let start = Instant::now();
    let _ = Model::get();
    let ready = start.elapsed();
    let mib = resident_mib() - before;
    let runtime = Runtime::new().expect("a runtime");
    let manner = Manner { pace: Pace::UNLIMITED };
    let address = runtime.block_on(practice::start(manner)).expect("a free port");
    let long = "what is a token and why do models use them? ".repeat(182);
    let prompt = json!({ "messages": [{ "role": "user", "content": long }] });
    let endless = json!({
        "messages": [{ "role": "user", "content": "What is a token?" }],
        "temperature": 1, "max_tokens": TOKENS, "logit_bias": { END: -100 },
    });
    let (mut firsts, mut rates) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        firsts.push(stream(address, prompt.clone()).0);
        let (first, all) = stream(address, endless.clone());
        rates.push(f64::from(TOKENS) / (all - first).as_secs_f64());
    }
    firsts.sort_unstable();
    rates.sort_by(f64::total_cmp);
    let (first_word, rate) = (firsts[TIMES / 2], rates[TIMES / 2]);
    Practice { ready, mib, first_word, rate }
}

/// From sending a request to its first word, and to its end.
fn stream(address: SocketAddr, mut body: Value) -> (Duration, Duration) {
    body["model"] = "practice-1".into();
    body["stream"] = true.into();
    let body = body.to_string();
    let mut socket = TcpStream::connect(address).expect("practice listens");
    let start = Instant::now();
    write!(
        socket,
        "POST /v1/chat/completions HTTP/1.1\r\nHost: practice\r\nConnection: close\r\n\
         Authorization: Bearer practice\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("practice listens");
    let mut first = None;
    let lines = BufReader::new(socket).lines().map(|line| line.expect("the stream goes on"));
    let lines = lines.inspect(|line| {
        if line.contains(r#""delta":{"content""#) {
            first.get_or_insert_with(|| start.elapsed());
        }
    });
    assert!(lines.filter(|line| line == "data: [DONE]").count() == 1, "the stream is whole");
    (first.expect("a word"), start.elapsed())
}

fn resident_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells it");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
    let kib = line.trim().trim_end_matches(" kB").parse::<f64>().expect("a number");
    kib / 1024.0
}
