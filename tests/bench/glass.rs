//! A long reply under glass: the pointer over it, its frames scrolled, its time scrubbed.

use crate::{
    reply::{self, Reply},
    support::{App, Home, PracticeServer, within},
};
use serde_json::{Value, json};
use std::time::Duration;

/// Tokens of the reply, and so frames.
pub const TOKENS: u32 = 10_000;
const LIMIT: Duration = Duration::from_secs(60);

/// For each of some frames of the display, does something and notes when the next one comes.
const EACH_FRAME: &str = "
    const [what, frames] = arguments;
    const watch = window.gaps = { gaps: [], isOver: false };
    const reply = [...document.querySelectorAll('[data-state]')].at(-1);
    const box = reply.parentElement.closest('section').getBoundingClientRect();
    const list = document.querySelector(`[aria-label='Frames of the reply']`);
    const slider = document.querySelector(`[aria-label='Instant of the recording']`);
    const random = (() => { let seed = 7; return () => (seed = seed * 16807 % 2147483647) / 2147483647; })();
    const does = {
        point() {
            const at = { clientX: box.x + 20 + random() * (box.width - 40),
                clientY: box.y + 20 + random() * (box.height - 40), bubbles: true };
            document.elementFromPoint(at.clientX, at.clientY)
                .dispatchEvent(new MouseEvent('mousemove', at));
        },
        scroll() { list.scrollTop = random() * list.scrollHeight; },
        scrub() {
            slider.value = slider.max * random() * 0.999;
            slider.dispatchEvent(new Event('input', { bubbles: true }));
        },
    }[what];
    let last;
    const turn = (now) => {
        if (last !== undefined) watch.gaps.push(now - last);
        last = now;
        watch.isOver = watch.gaps.length >= frames;
        if (watch.isOver) return;
        does();
        requestAnimationFrame(turn);
    };
    requestAnimationFrame(turn);";

/// How long after each other frames of the display came, in milliseconds.
pub struct Gaps {
    /// The longest.
    pub longest: f64,
    /// 95 of 100 are no longer.
    pub most: f64,
}

/// What was measured.
pub struct Glass {
    /// The reply itself, with the lenses open that follow it.
    pub reply: Reply,
    /// While the pointer moved over it.
    pub point: Gaps,
    /// While its frames were scrolled.
    pub scroll: Gaps,
    /// While its time was scrubbed.
    pub scrub: Gaps,
}

/// Frames of the display for which each is done.
const FRAMES: usize = 300;

/// `None` where no web view can be driven.
pub fn measure() -> Option<Glass> {
    let practice = PracticeServer::start();
    let mut settings = reply::settings(&practice.base_url(), TOKENS);
    settings["lenses"] = json!(["frames", "tokens", "cost", "time"]);
    let home = Home::with(&settings);
    let app = App::open(&home)?;
    reply::set_up(&app);
    let reply = reply::measure_one(&app, TOKENS);
    let of = |what: &str| gaps(&app, what);
    Some(Glass { reply, point: of("point"), scroll: of("scroll"), scrub: of("scrub") })
}

fn gaps(app: &App, what: &str) -> Gaps {
    app.js(EACH_FRAME, json!([what, FRAMES]));
    let watch = within(LIMIT, || {
        Some(app.js("return window.gaps", json!([]))).filter(|it| it["isOver"] == Value::Bool(true))
    });
    let watch = watch.expect("the display goes on");
    let mut gaps: Vec<f64> =
        watch["gaps"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    gaps.sort_by(f64::total_cmp);
    Gaps { longest: gaps[gaps.len() - 1], most: gaps[gaps.len() * 95 / 100] }
}
