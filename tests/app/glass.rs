//! A word of the reply, its frame and its token are lit up together.

use crate::support::{App, Home, page::key, until};
use serde_json::{Value, json};

/// What is lit up in the reply, in the Frames lens and in the Tokens lens.
fn lit(app: &App) -> Value {
    let script = "
        const reply = [...(CSS.highlights.get('glass') ?? [])].join('');
        const text = (list) => document.querySelector(
            `[aria-label='${list}'] [aria-selected=true]`)?.textContent;
        const frame = text('Frames of the reply')?.match(/text\\s*(\".*\")/)?.[1] ?? '\"\"';
        return [reply, JSON.parse(frame.replace('\u{b7}', ' ')), text('Tokens of assistant')];";
    app.js(script, json!([]))
}

/// Goes to the first five frames with words, and returns these.
fn walk(app: &App, reply: &str, focus: &str, is: impl Fn(&str)) -> Vec<String> {
    // Practice sends a token a frame; the first frame has none.
    app.js(focus, json!(["Frames of the reply"]));
    let mut parts: Vec<String> = Vec::new();
    app.press(&[key::DOWN]);
    for _ in 0..5 {
        app.press(&[key::DOWN]);
        let part = until("a part of the reply is lit up", || {
            let part = lit(app)[0].as_str().map(str::to_owned);
            let so_far = parts.concat().len();
            part.filter(|part| reply[so_far..].starts_with(part) && !part.is_empty())
        });
        is(&part);
        parts.push(part);
    }
    parts
}

#[test]
fn what_belongs_together_is_lit_up_from_every_side() {
    // The likeliest reply, which ends with a full stop.
    let home = Home::with(&json!({ "parameters": { "temperature": 0 } }));
    let Some(app) = App::open(&home) else { return };
    app.click("Send");
    let reply = app.ends_as("finished");
    until("the reply is cut", || {
        let tokens =
            "return document.querySelectorAll(`[aria-label='Tokens of assistant'] *`).length";
        (app.js(tokens, json!([])).as_u64() > Some(20)).then_some(())
    });
    let below = "const list = document.querySelector(`[aria-label='Frames of the reply']`);
        return list.scrollHeight - list.scrollTop - list.clientHeight";
    until("the last frames are in view", || {
        app.js(below, json!([])).as_f64().is_some_and(|pixels| pixels < 2.0).then_some(())
    });
    let focus = "document.querySelector(`[aria-label='${arguments[0]}']`).focus()";
    let is = |part: &str| {
        until(&format!("{part:?} is lit up everywhere"), || {
            (lit(&app) == json!([part, part, part])).then_some(())
        });
    };

    let parts = walk(&app, &reply, focus, is);
    let [first, second, ..] = &parts[..] else { unreachable!("there are five") };
    assert_ne!(first, second, "one can tell them apart");

    // It is said, priced and timed, and stays when the pointer moves on.
    let status = "return document.querySelector('.glance + button + [role=status]').textContent";
    let spoken = app.js(status, json!([]));
    let spoken = spoken.as_str().unwrap_or_default();
    for part in ["frame 5", "after Send", "token ", "its share of the bill is $0.0"] {
        assert!(spoken.contains(part), "{part:?} in {spoken:?}");
    }
    app.wait_for("Cost", "of the output");
    app.click("Pinned");
    assert_eq!(app.js(status, json!([])), json!(""), "what is not pinned is not spoken");

    app.js(focus, json!(["Tokens of assistant"]));
    app.press(&[key::END]);
    is(".");
    app.press(&[key::HOME]);
    is(first);

    app.js(focus, json!(["Text of the reply; arrow keys walk through it"]));
    app.press(&[key::RIGHT]);
    is(second);

    // Also a time, and a line of the bill.
    app.click("Time");
    app.wait_for("Time", "tokens/s");
    app.js(focus, json!(["Piece of the reply by its time"]));
    app.press(&[key::HOME]);
    is(first);
    app.press(&[key::END]);
    is(".");
    app.js(focus, json!(["Lines of the bill"]));
    app.press(&[key::DOWN]);
    until("all that was paid for is lit up", || {
        (lit(&app)[0].as_str() == Some(&reply)).then_some(())
    });
    app.press(&[key::ESCAPE]);
    until("nothing is lit up", || (lit(&app) == json!(["", "", null])).then_some(()));
}
