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

#[test]
fn what_belongs_together_is_lit_up_from_every_side() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.click("Send");
    let reply = app.ends_as("finished");
    until("the reply is cut", || {
        let tokens =
            "return document.querySelectorAll(`[aria-label='Tokens of assistant'] *`).length";
        (app.js(tokens, json!([])).as_u64() > Some(20)).then_some(())
    });
    let focus = "document.querySelector(`[aria-label='${arguments[0]}']`).focus()";
    let is = |part: &str| {
        until(&format!("{part:?} is lit up everywhere"), || {
            (lit(&app) == json!([part, part, part])).then_some(())
        });
    };

    // Practice sends a token a frame; the first frame has none.
    app.js(focus, json!(["Frames of the reply"]));
    let mut joined = String::new();
    app.press(&[key::DOWN]);
    for _ in 0..5 {
        app.press(&[key::DOWN]);
        let part = until("a part of the reply is lit up", || {
            let part = lit(&app)[0].as_str().map(str::to_owned);
            part.filter(|part| reply[joined.len()..].starts_with(part) && !part.is_empty())
        });
        is(&part);
        joined += &part;
    }
    assert!(reply.starts_with(&joined), "the parts are those of the reply: {joined:?}");

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
    is("Sun");

    app.js(focus, json!(["Text of the reply; arrow keys walk through it"]));
    app.press(&[key::RIGHT]);
    is("light");
    app.press(&[key::ESCAPE]);
    until("nothing is lit up", || (lit(&app) == json!(["", "", null])).then_some(()));
}
