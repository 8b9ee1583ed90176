//! A long reply as fast as it can be said, from the server to the screen.

use crate::support::{App, Home, PracticeServer, RIGHT_KEY, within};
use serde_json::{Value, json};
use std::time::Duration;

/// Tokens of a reply, as the server counts them.
pub const TOKENS: u32 = 20_000;
const LIMIT: Duration = Duration::from_secs(120);

/// Notes the longest time between two turns of the page's event loop, from Send until two
/// seconds after the end, when everything that follows a reply has been worked out too.
const WATCH: &str = "
    const channel = new MessageChannel();
    const watch = window.watch = { stall: 0, at: 0, sent: 0, finished: 0, isOver: false };
    let last = performance.now();
    channel.port1.onmessage = () => {
        const now = performance.now();
        if (watch.sent && now - last > watch.stall) [watch.stall, watch.at] = [now - last, last];
        last = now;
        const reply = [...document.querySelectorAll('[data-state]')].at(-1)?.dataset.state;
        if (watch.sent && !watch.finished && reply && reply !== 'running') {
            watch.finished = now;
            watch.state = reply;
        }
        watch.isOver = watch.finished > 0 && now - watch.finished > 2000;
        if (!watch.isOver) setTimeout(() => channel.port2.postMessage(0), 1);
    };
    channel.port2.postMessage(0);";

/// Presses Send, and notes when.
pub const SEND: &str = "
    const send = [...document.querySelectorAll('button')];
    const button = send.find((it) => it.innerText.startsWith('Send'));
    setTimeout(() => ((window.watch.sent = performance.now()), button.click()));";

/// How a long reply went.
pub struct Reply {
    /// Its tokens.
    pub tokens: u32,
    /// From Send until the page showed that the reply is finished.
    pub took_ms: f64,
    /// The longest time in which the page could answer nothing.
    pub stall_ms: f64,
    /// When that began, counted from Send.
    pub stalled_at_ms: f64,
}

impl Reply {
    /// Tokens per second.
    pub fn rate(&self) -> f64 {
        f64::from(self.tokens) / (self.took_ms / 1000.0)
    }
}

/// How often it is measured.
const REPLIES: usize = 5;

/// Asks the practice server of this process. `None` where no web view can be driven.
pub fn measure() -> Option<Vec<Reply>> {
    let practice = PracticeServer::start();
    let address = practice.base_url();
    let home = Home::with(&settings(&address, TOKENS));
    let app = App::open(&home)?;
    set_up(&app);
    Some((0..REPLIES).map(|_| measure_one(&app, TOKENS)).collect())
}

/// The settings of an app that asks the server at `address` for replies of so many tokens, of
/// the model whose window has room for them.
pub fn settings(address: &str, tokens: u32) -> Value {
    json!({
        "servers": [{ "name": "Bench", "base_url": address }],
        "target": { "provider": "custom", "base_url": address, "model": "practice-long" },
        "parameters": { "max_tokens": tokens },
    })
}

/// Gives the app its key. Both sides have then loaded what they need.
pub fn set_up(app: &App) {
    app.click("Settings");
    app.save_key("Bench", RIGHT_KEY);
    app.close();
    app.paste("Message", "Count to 3");
    app.send();
}

/// Asks for a reply of so many tokens and watches the page meanwhile.
pub fn measure_one(app: &App, tokens: u32) -> Reply {
    app.click("New");
    app.paste("Message", "Count to 9000");
    app.element("button:enabled", "Send");
    app.js(WATCH, json!([]));
    app.js(SEND, json!([]));
    let watch = within(LIMIT, || {
        Some(app.js("return window.watch", json!([])))
            .filter(|it| it["isOver"] == Value::Bool(true))
    });
    let watch = watch.expect("the reply ends");
    assert_eq!(watch["state"], "finished", "{}", app.region("Conversation"));
    let facts = "return [...document.querySelectorAll('.facts')].at(-1).innerText";
    let facts = app.js(facts, json!([])).to_string();
    assert!(
        facts.contains(&format!("{},000", tokens / 1000)),
        "the reply is as long as it was asked to be: {facts}"
    );
    let time = |name: &str| watch[name].as_f64().expect("a time in milliseconds");
    Reply {
        tokens,
        took_ms: time("finished") - time("sent"),
        stall_ms: time("stall"),
        stalled_at_ms: time("at") - time("sent"),
    }
}
