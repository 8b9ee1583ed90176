//! One text in several lanes, its pieces told one by one, and guessed.

use crate::{
    accessibility::examine,
    support::{
        App, Home,
        page::key::{CONTROL, DOWN, END, ESCAPE, HOME, RIGHT},
        until,
    },
};
use serde_json::json;

const BOX: &str = "Text to cut into tokens";
const LANES: &str = "Lanes";
const LIST: &str = "Tokens of the text";

/// The window with the Tokens room in it, showing `text`.
fn open(home: &Home, text: &str) -> Option<App> {
    let app = App::open(home)?;
    app.click("Tokens");
    app.replace(BOX, text);
    app.wait_for(LANES, "o200k_base");
    Some(app)
}

fn focus(app: &App, label: &str) {
    app.js("document.querySelector(`[aria-label='${arguments[0]}']`).focus()", json!([label]));
}

/// What each lane shows as its pieces: their texts, in order.
fn pieces(app: &App, lane: &str) -> Vec<String> {
    let script = "
        const options = document.querySelectorAll(
            `[aria-label^='${arguments[0]}, row'] [role=option]`);
        return [...options].map((it) => it.ariaLabel);";
    let told = app.js(script, json!([lane]));
    let told = told.as_array().cloned().unwrap_or_default();
    told.iter().filter_map(|piece| piece.as_str().map(str::to_owned)).collect()
}

#[track_caller]
fn cut_as(app: &App, lane: &str, wanted: &[&str]) {
    until(&format!("{lane} is cut into {wanted:?}"), || {
        (pieces(app, lane) == wanted).then_some(())
    });
}

#[test]
fn a_text_is_cut_in_every_lane_while_it_is_typed() {
    let home = Home::new();
    let Some(app) = open(&home, "") else { return };
    app.wait_for("Lanes over the text", "No text yet");
    focus(&app, BOX);
    app.type_text("strawberry strawberry");
    cut_as(&app, "o200k_base", &["st", "raw", "berry", "space, strawberry"]);
    cut_as(&app, "cl100k_base", &["str", "aw", "berry", "space, strawberry"]);
    app.wait_for(LANES, "4 tokens");

    app.press(&[CONTROL, 'a']);
    app.type_text("x");
    cut_as(&app, "o200k_base", &["x"]);
    app.press(&[CONTROL, 'z']);
    until("an Undo brings the text back", || {
        let text = app.js("return document.activeElement.innerText", json!([]));
        text.as_str().is_some_and(|text| text.starts_with("straw")).then_some(())
    });
    until("it is cut as well", || (pieces(&app, "o200k_base").len() > 1).then_some(()));
}

#[test]
fn lanes_come_and_go_and_change_places() {
    let home = Home::new();
    let Some(app) = open(&home, "Ça va?") else { return };
    let add = "const select = document.querySelector(`[aria-label='Add a lane']`);
        select.value = arguments[0];
        select.dispatchEvent(new Event('change', { bubbles: true }));";
    app.js(add, json!(["characters"]));
    cut_as(&app, "characters", &["Ç", "a", "space", "v", "a", "?"]);
    app.wait_for(LANES, "6 characters");
    app.click("characters: copy, move or remove");
    app.click("Move characters up");
    app.click("gpt2: copy, move or remove");
    app.click("Remove gpt2");
    until("the lanes are in their new order", || {
        let names = "return [...document.querySelectorAll('[aria-label=Lanes] h3')]
            .map((it) => it.textContent)";
        let wanted = json!(["o200k_base", "cl100k_base", "characters"]);
        (app.js(names, json!([])) == wanted).then_some(())
    });
    // The boundaries of a character stand at the same place in every lane that has them.
    let lefts = "return [...document.querySelectorAll('.cells')].map((cells) => {
        const last = [...cells.querySelectorAll('[role=option]')].at(-1);
        return Math.round(last.getBoundingClientRect().right);
    })";
    let lefts = app.js(lefts, json!([]));
    let lefts = lefts.as_array().expect("one for each lane");
    assert!(lefts.len() == 3 && lefts.iter().all(|it| *it == lefts[0]), "{lefts:?}");
}

#[test]
fn a_token_is_told_by_keyboard_and_its_merges_are_stepped_through() {
    let home = Home::new();
    let Some(app) = open(&home, "strawberry 👩‍🚀") else { return };
    cut_as(&app, "gpt2", &["st", "raw", "berry", "space, 👩‍🚀, 7 parts"]);
    focus(&app, LIST);
    app.press(&[RIGHT]);
    app.wait_for("Token", "token 1 in o200k_base");
    app.wait_for("Token", "302");
    app.wait_for("Token", "73 74");
    app.press(&[DOWN]);
    app.wait_for("Token", "token 1 in cl100k_base");
    app.press(&[END]);
    app.wait_for("Token", "One character for the eye");
    app.press(&[HOME]);
    app.wait_for("How it was cut", "Step 1 of");
    let steps = "return document.querySelectorAll('.parts .part').length";
    let bytes = "strawberry".len() as u64;
    let are_left = |many| (app.js(steps, json!([])).as_u64() == Some(many)).then_some(());
    until("it begins with the bytes of strawberry", || are_left(bytes));
    app.click("Step on");
    until("two parts have become one", || are_left(bytes - 1));
    app.click("All steps");
    app.wait_for("Merges", "berry");
    focus(&app, LIST);
    app.press(&[ESCAPE]);
    app.wait_for("Token", "Point at a piece");
}

#[test]
fn a_count_and_a_cut_are_guessed_and_revealed() {
    let home = Home::new();
    let Some(app) = open(&home, "strawberry") else { return };
    cut_as(&app, "o200k_base", &["st", "raw", "berry"]);
    app.click("Guess the count");
    app.wait_for(LANES, "? tokens");
    assert!(app.find("[role=listbox]", LIST).is_none(), "the pieces are hidden");
    app.fill("Your guess", "3");
    app.click("Reveal");
    app.wait_for("Guess", "100 of 100");
    app.wait_for(LANES, "3 tokens");

    app.click("Guess the cut");
    app.element("[role=listbox]", "Places between characters");
    focus(&app, "Places between characters");
    // After "st", which is right, and after the next letter, which is wrong.
    app.press(&[RIGHT]);
    app.press(&[' ']);
    app.press(&[RIGHT]);
    app.press(&[' ']);
    app.wait_for("Guess", "2 cuts");
    app.click("Reveal");
    app.wait_for("Guess", "33 of 100");
    let told = pieces_between(&app);
    assert_eq!(told[1], "between t and r, right");
    assert_eq!(told[2], "between r and a, wrong");
    assert_eq!(told[4], "between w and b, missed");
    app.click("Stop guessing");
    cut_as(&app, "o200k_base", &["st", "raw", "berry"]);
}

fn pieces_between(app: &App) -> Vec<String> {
    let script = "return [...document.querySelectorAll(
        `[aria-label='Places between characters'] [role=option]`)].map((it) => it.ariaLabel)";
    let told = app.js(script, json!([]));
    let told = told.as_array().cloned().unwrap_or_default();
    told.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect()
}

#[test]
fn a_text_of_300_000_tokens_is_walked_from_end_to_end() {
    let home = Home::new();
    let words = "The quick brown fox jumps over the lazy dog. ";
    let Some(app) = open(&home, &words.repeat(30_000)) else { return };
    app.wait_for(LANES, "300,0");
    focus(&app, LIST);
    app.press(&[END]);
    app.wait_for("Token", "token 300,0");
    let drawn = "return document.querySelectorAll('.lane').length";
    let drawn = until("rows are drawn", || app.js(drawn, json!([])).as_u64().filter(|it| *it > 2));
    assert!(drawn < 200, "{drawn} lanes of rows are in the page");
    app.press(&[HOME]);
    app.wait_for("Token", "token 1 in");
}

#[test]
fn examples_conversation_and_languages_are_there_and_axe_finds_nothing_serious() {
    for theme in ["light", "dark"] {
        let home = Home::with(&json!({ "theme": theme }));
        let Some(app) = open(&home, "The end.<|endoftext|>\n👩‍🚀 é") else { return };
        let mut faults = examine(&app, "lanes");
        app.click("Ids");
        app.click("Bytes");
        app.click("Special tokens");
        focus(&app, LIST);
        app.press(&[RIGHT]);
        app.wait_for("How it was cut", "Step 1");
        faults.extend(examine(&app, "a token"));
        app.click("Examples");
        app.wait_for("Examples", "Strawberry");
        faults.extend(examine(&app, "the examples"));
        app.click("Strawberry");
        app.dialog_closes();
        app.wait_for(LANES, "10 characters");
        app.click("Guess the cut");
        app.element("[role=listbox]", "Places between characters");
        faults.extend(examine(&app, "a guess"));
        app.click("Stop guessing");
        app.click("Save or open");
        app.element("h2", "Save or open a text");
        faults.extend(examine(&app, "saving"));
        app.close();
        app.click("Conversation");
        app.wait_for("The conversation as the model reads it", "exact");
        faults.extend(examine(&app, "the conversation"));
        app.click("Languages");
        app.wait_for("Tokens by language", "Swahili");
        faults.extend(examine(&app, "the languages"));
        app.click("Table");
        app.wait_for("Table of languages", "Korean");
        faults.extend(examine(&app, "their table"));
        assert!(faults.is_empty(), "{theme}:\n{}", faults.join("\n"));
    }
}

/// The letters of the lanes that stand in no box of a piece.
const BARE: &str = "
    const bare = [];
    for (const cells of document.querySelectorAll('.cells')) {
        const boxes = [...cells.querySelectorAll('.span')].map((it) => it.getBoundingClientRect());
        const text = cells.querySelector('.text').firstChild;
        const range = document.createRange();
        for (let at = 0; at < text.length; at += 1) {
            range.setStart(text, at);
            range.setEnd(text, at + 1);
            const { left, right } = range.getBoundingClientRect();
            const middle = (left + right) / 2;
            if (!boxes.some((box) => box.left - 1 <= middle && middle <= box.right + 1))
                bare.push(text.data[at]);
        }
    }
    return bare;";

#[test]
fn a_piece_that_two_directions_tear_apart_is_drawn_in_all_its_parts() {
    let home = Home::new();
    let Some(app) = open(&home, "x مرحبا\nمرحبا abc def") else { return };
    app.wait_for(LANES, "tokens");
    until("both rows are drawn", || {
        let rows = app.js("return document.querySelectorAll('.cells').length", json!([]));
        (rows.as_u64() == Some(6)).then_some(())
    });
    until("no letter is bare", || (app.js(BARE, json!([])) == json!([])).then_some(()));
    let torn = app.js("return document.querySelectorAll('.torn').length", json!([]));
    assert!(torn.as_u64() > Some(0), "this text tears no piece apart: {torn}");
}

#[test]
fn nothing_of_the_room_is_cut_off_in_a_small_window() {
    for (width, height, zoom) in [(1024, 700, 1.0), (1280, 800, 2.0)] {
        let Some(app) = App::open(&Home::with(&json!({ "zoom": zoom }))) else { return };
        app.resize(width, height);
        let whole = |screen: &str| {
            assert_eq!(app.cut_off(), json!([]), "{screen} at {width}×{height}, {zoom}");
        };
        app.press(&[CONTROL, '3']);
        app.wait_for(LANES, "tokens");
        whole("lanes");
        for (part, label, says) in [
            ("Guess the cut", "Guess", "Reveal"),
            ("Stop guessing", LANES, "tokens"),
            ("Conversation", "The conversation as the model reads it", "exact"),
            ("Languages", "Tokens by language", "Swahili"),
        ] {
            app.press_wherever(part);
            app.wait_for(label, says);
            whole(part);
        }
    }
}
