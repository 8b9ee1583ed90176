//! What the practice model, cutting and the window cost: when they are ready, memory, and a long reply.
//!
//! `cargo xtask bench` runs it on a private desktop, or with `practice`, `tokens`, `start`, `reply`,
//! `glass` or `compare` a part. Start and memory are compared with an empty window (the example `bare`) in
//! alternating runs on the same machine. A missed target is printed and fails nothing; only a
//! measurement that cannot be made does.
#![cfg(target_os = "linux")]

mod compare;
mod glass;
mod practice;
mod processes;
mod reply;
#[path = "../app/support/mod.rs"]
mod support;
mod table;
mod tokens;
mod typing;
mod window;

use std::{env, process::ExitCode};
use table::Figure;

/// Alternating starts of each window.
const STARTS: usize = 5;

/// A name, and what measures it.
type Part = (&'static str, fn() -> Option<Vec<Figure>>);

/// What is measured, by the names that choose among them.
/// Practice comes first: the model is read but once in a process.
const PARTS: [Part; 7] = [
    ("practice", practice),
    ("tokens", cutting),
    ("tokens", typing_in_the_window),
    ("start", start),
    ("reply", replies),
    ("glass", under_glass),
    ("compare", side_by_side),
];

fn main() -> ExitCode {
    let wanted: Vec<String> = env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|it| it == name);
    let parts = PARTS.iter().filter(|(name, _)| is_wanted(name));
    let figures: Option<Vec<_>> = parts.map(|(_, measure)| measure()).collect();
    let Some(figures) = figures else {
        eprintln!("nothing was measured: no web view can be driven here");
        return ExitCode::FAILURE;
    };
    table::print(&figures.concat());
    ExitCode::SUCCESS
}

fn practice() -> Option<Vec<Figure>> {
    let practice::Practice { ready, mib, first_word, rate } = practice::measure();
    let ms = |time: std::time::Duration| time.as_secs_f64() * 1000.0;
    Some(vec![
        Figure {
            what: "practice: ready after its first call",
            measured: format!("{:.0} ms", ms(ready)),
            target: "150 ms or less",
            is_met: ms(ready) <= 150.0,
        },
        Figure {
            what: "practice: memory",
            measured: format!("{mib:.0} MiB"),
            target: "60 MB or less",
            is_met: mib <= 57.0,
        },
        Figure {
            what: "practice: first word, long prompt",
            measured: format!("{:.1} ms", ms(first_word)),
            target: "20 ms or less",
            is_met: ms(first_word) <= 20.0,
        },
        Figure {
            what: "practice: one stream at temperature 1",
            measured: format!("{rate:.0} tokens/s"),
            target: "5,000 tokens/s or more",
            is_met: rate >= 5000.0,
        },
    ])
}

fn cutting() -> Option<Vec<Figure>> {
    let tokens::Tokens { key, key_alone, key_in_a_run, prose, letter, spaces, sheet } =
        tokens::measure();
    let ms = |time: std::time::Duration| time.as_secs_f64() * 1000.0;
    let at_once = |what, it: tokens::AtOnce, most: f64, target| {
        let alone = it.alone.map_or("gives up".into(), |alone| format!("{:.0} ms", ms(alone)));
        let measured = format!("{:.0} ms, tiktoken-rs {alone}", ms(it.ours));
        Figure { what, measured, target, is_met: ms(it.ours) <= most }
    };
    Some(vec![
        Figure {
            what: "tokens: a key in 100 KB, six lanes",
            measured: format!("{:.1} ms, tiktoken-rs {:.1} ms", ms(key), ms(key_alone)),
            target: "16 ms or less, 95 of 100",
            is_met: ms(key) <= 16.0,
        },
        Figure {
            what: "tokens: a key in 100 KB of one letter",
            measured: format!("{:.1} ms", ms(key_in_a_run)),
            target: "16 ms or less, 95 of 100",
            is_met: ms(key_in_a_run) <= 16.0,
        },
        at_once("tokens: 1 MB of prose", prose, 150.0, "150 ms or less"),
        at_once("tokens: 1 MB of one letter", letter, 300.0, "300 ms or less"),
        at_once("tokens: 1 MB of spaces", spaces, 300.0, "300 ms or less"),
        Figure {
            what: "tokens: 1 MB of prose in six lanes",
            measured: format!("{:.0} ms", ms(sheet)),
            target: "none",
            is_met: true,
        },
    ])
}

/// The sizes of the text that is typed in, and what each is called.
const TYPED: [(usize, &str); 3] = [
    (1_000, "tokens: key to picture, 1 KB"),
    (10_000, "tokens: key to picture, 10 KB"),
    (100_000, "tokens: key to picture, 100 KB"),
];

fn typing_in_the_window() -> Option<Vec<Figure>> {
    let text = tokens::prose(TYPED[2].0);
    let figure = |(size, what): (usize, &'static str)| {
        let ms = typing::measure(&text[..size])?.as_secs_f64() * 1000.0;
        // The key may come just after a frame began, and what it changed is in the next but one.
        let (measured, target) = (format!("{ms:.0} ms"), "three frames or less, 95 of 100");
        Some(Figure { what, measured, target, is_met: ms <= 3.0 * FRAME })
    };
    TYPED.into_iter().map(figure).collect()
}

fn start() -> Option<Vec<Figure>> {
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for run in 1..=STARTS {
        bare.push(window::measure(&window::bare())?);
        ours.push(window::measure(&window::tokenscope())?);
        eprintln!("start {run} of {STARTS}: bare {:?}, ours {:?}", bare.last(), ours.last());
    }
    let paint = |all: &[window::Cost]| median(all.iter().map(|it| it.first_paint_ms));
    let memory = |all: &[window::Cost]| median(all.iter().map(|it| it.pss_mib));
    let (paint, bare_paint) = (paint(&ours), paint(&bare));
    let (pss, bare_pss) = (memory(&ours), memory(&bare));
    Some(vec![
        Figure {
            what: "process start to first paint",
            measured: against(paint, bare_paint, "ms"),
            target: "1.5 x bare or less",
            is_met: paint <= 1.5 * bare_paint,
        },
        Figure {
            what: "memory of all processes (PSS)",
            measured: against(pss, bare_pss, "MiB"),
            target: "1.3 x bare or less",
            is_met: pss <= 1.3 * bare_pss,
        },
    ])
}

fn replies() -> Option<Vec<Figure>> {
    let replies = reply::measure()?;
    let rate = median(replies.iter().map(reply::Reply::rate));
    let stall = median(replies.iter().map(|it| it.stall_ms));
    for reply in &replies {
        let reply::Reply { stall_ms, stalled_at_ms, .. } = reply;
        eprintln!("stalled for {stall_ms:.0} ms, {stalled_at_ms:.0} ms after Send");
    }
    Some(vec![
        Figure {
            what: "reply, from Send to the last word",
            measured: format!("{rate:.0} tokens/s ({} tokens)", reply::TOKENS),
            target: "5,000 tokens/s or more",
            is_met: rate >= 5000.0,
        },
        Figure {
            what: "longest main-thread stall",
            measured: format!("{stall:.0} ms, median of {} replies", replies.len()),
            target: "50 ms or less",
            is_met: stall <= 50.0,
        },
    ])
}

/// A frame of the display at 60 Hz, in milliseconds, with what a timer is late by.
const FRAME: f64 = 17.5;

fn under_glass() -> Option<Vec<Figure>> {
    let glass::Glass { reply, point, scroll, scrub } = glass::measure()?;
    let gaps = |gaps: &glass::Gaps| {
        format!("longest {:.0} ms, 95 of 100 by {:.0} ms", gaps.longest, gaps.most)
    };
    Some(vec![
        Figure {
            what: "the same, the busiest lenses open",
            measured: format!(
                "{:.0} tokens/s ({} tokens), stall {:.0} ms",
                reply.rate(),
                reply.tokens,
                reply.stall_ms
            ),
            target: "5,000 tokens/s or more",
            is_met: reply.rate() >= 5000.0,
        },
        Figure {
            what: "frames while the pointer moves",
            measured: gaps(&point),
            target: "none over 50 ms late",
            is_met: point.longest <= FRAME + 50.0,
        },
        Figure {
            what: "frames while 10,000 rows scroll",
            measured: gaps(&scroll),
            target: "none over 50 ms late",
            is_met: scroll.longest <= FRAME + 50.0,
        },
        Figure {
            what: "frames while time is scrubbed",
            measured: gaps(&scrub),
            target: "95 of 100 in one frame",
            is_met: scrub.most <= FRAME,
        },
    ])
}

fn side_by_side() -> Option<Vec<Figure>> {
    let compare::Compare { stall_ms, stalled_at_ms, rate, complete, apart_us, late_us } =
        compare::measure()?;
    eprintln!("stalled for {stall_ms:.0} ms, {stalled_at_ms:.0} ms after Send");
    let ms = |us: u64| us as f64 / 1000.0;
    Some(vec![
        Figure {
            what: "four columns and the race: stall",
            measured: format!("{stall_ms:.0} ms, {rate:.0} tokens/s in each"),
            target: "50 ms or less",
            is_met: stall_ms <= 50.0,
        },
        Figure {
            what: "four columns: recordings",
            measured: format!("{complete} of {} complete", compare::COLUMNS),
            target: "all complete",
            is_met: complete == compare::COLUMNS,
        },
        Figure {
            what: "four columns: begin after each other",
            measured: format!("{:.2} ms", ms(apart_us)),
            target: "less than 5 ms",
            is_met: apart_us < 5_000,
        },
        Figure {
            what: "delays of practice, as recorded",
            measured: format!("{:.1} ms off at most", ms(late_us)),
            target: "10 ms or less",
            is_met: late_us <= 10_000,
        },
    ])
}

fn against(ours: f64, bare: f64, unit: &str) -> String {
    format!("{ours:.0} {unit}, bare {bare:.0} {unit} ({:.2} x)", ours / bare)
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
