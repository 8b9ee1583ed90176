//! What the window costs: time to its first paint, memory, and a long reply on the screen.
//!
//! `cargo xtask bench` runs it on a private desktop, or with `start`, `reply` or `glass` a part. Start and memory are compared with an
//! empty window (the example `bare`) in alternating runs on the same machine. A missed target
//! is printed and fails nothing; only a measurement that cannot be made does.
#![cfg(target_os = "linux")]

mod glass;
mod processes;
mod reply;
#[path = "../app/support/mod.rs"]
mod support;
mod table;
mod window;

use std::{env, process::ExitCode};
use table::Figure;

/// Alternating starts of each window.
const STARTS: usize = 5;

/// A name, and what measures it.
type Part = (&'static str, fn() -> Option<Vec<Figure>>);

/// What is measured, by the names that choose among them.
const PARTS: [Part; 3] = [("start", start), ("reply", replies), ("glass", under_glass)];

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

fn against(ours: f64, bare: f64, unit: &str) -> String {
    format!("{ours:.0} {unit}, bare {bare:.0} {unit} ({:.2} x)", ours / bare)
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
