//! A recording is played again, stopped at an instant, and cut off.

use crate::support::{App, Home, page::key, until};
use serde_json::{Value, json};

/// The text of the reply, the number of frames and the text of the tokens, as they are shown.
fn shown(app: &App) -> (String, String, String) {
    let script = "
        const text = (it) => it?.textContent ?? '';
        const tokens = document.querySelector(`[aria-label='Tokens of assistant']`);
        return [
            text(document.querySelector(`section[aria-label='Frames'] header small`)),
            [...(tokens?.querySelectorAll('[role=option]') ?? [])].map(text).join(''),
        ];";
    let parts = app.js(script, json!([]));
    let part = |index: usize| parts[index].as_str().unwrap_or_default().to_owned();
    (app.reply().1, part(0), part(1))
}

fn slider(app: &App) -> Value {
    app.element("input[type=range]", "Instant of the recording").argument()
}

#[test]
fn every_lens_shows_the_instant_that_one_goes_to() {
    // The likeliest reply, of which half has come at half of its time.
    let home = Home::with(&json!({ "parameters": { "temperature": 0 } }));
    let Some(app) = App::open(&home) else { return };
    app.click("Send");
    let reply = app.ends_as("finished");
    until("the reply is cut", || (shown(&app).2 == reply).then_some(()));
    let whole = shown(&app);

    app.js("arguments[0].focus()", json!([slider(&app)]));
    app.press(&[key::HOME]);
    until("nothing has come yet", || (app.reply().1.is_empty()).then_some(()));
    app.js(
        "const [it, at] = arguments;
        it.value = it.max * at;
        it.dispatchEvent(new Event('input', { bubbles: true }))",
        json!([slider(&app), 0.5]),
    );
    let half = until("the lenses show the same half", || {
        let (text, frames, tokens) = shown(&app);
        let is_half = !text.is_empty() && text != reply && tokens == text;
        is_half.then_some((text, frames))
    });
    assert!(reply.starts_with(&half.0), "{:?}", half.0);
    app.press(&[key::RIGHT]);
    let next = until("one event more has come", || {
        let (text, frames, _) = shown(&app);
        (frames != half.1).then_some(text)
    });
    assert!(reply.starts_with(&next) && next.starts_with(&half.0) && next != half.0);

    app.click("Cut the cable here");
    app.wait_for("If the cable were cut here", "a reply that is whole and one that broke off");
    let cut = ("interrupted".to_owned(), next);
    until("the reply ends there", || (app.reply() == cut).then_some(()));
    app.click("To the end");
    until("all of it is there again", || (shown(&app) == whole).then_some(()));

    app.click("10×");
    app.click("Play the recording");
    until("it has begun anew", || (app.reply().1 != reply).then_some(()));
    until("it ends as it ended", || (shown(&app) == whole).then_some(()));
}
