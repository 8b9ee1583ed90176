//! Several columns: one Send, one clock, one Stop, and one item in Runs.

use crate::{
    accessibility::examine,
    support::{
        App, Home, PracticeServer, RIGHT_KEY,
        page::key::{ALT, CONTROL, ENTER, ESCAPE, HOME, SHIFT},
        until,
    },
};
use serde_json::{Value, json};

/// Replies that are always the same, and short.
fn steady() -> Home {
    Home::with(&json!({ "parameters": { "temperature": 0, "max_tokens": 20 } }))
}

/// Adds a column that asks a model, whatever it is called.
fn add(app: &App, model: &str) {
    app.press(&[CONTROL, SHIFT, 'a']);
    app.fill_and_enter("Find a model", model);
    app.dialog_closes();
}

/// State and text of the newest reply of each column, from left to right.
fn replies(app: &App) -> Vec<(String, String)> {
    let script = "
        return [...document.querySelectorAll('[data-column]')].map((column) => {
            const it = [...column.querySelectorAll('[data-state]')].at(-1);
            const blocks = [...(it?.children ?? [])].map((block) => block.textContent);
            return [it?.dataset.state ?? '', blocks.join('')];
        });";
    let part = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    let all = app.js(script, json!([]));
    let all = all.as_array().expect("a list of columns");
    all.iter().map(|it| (part(&it[0]), part(&it[1]))).collect()
}

/// Waits until every column has ended, and tells how.
fn ended(app: &App) -> Vec<String> {
    until("every column ends", || {
        let all = replies(app);
        let going = |(state, _): &(String, String)| ["", "running"].contains(&state.as_str());
        (!all.is_empty() && !all.iter().any(going)).then_some(())
    });
    replies(app).into_iter().map(|(state, _)| state).collect()
}

/// The stretches of each bar of the race, by their kinds.
fn race(app: &App) -> Vec<String> {
    let script = "
        return [...document.querySelectorAll('[data-lane]')].map((lane) =>
            [...lane.querySelectorAll('[data-kind]')].map((it) => it.dataset.kind).join(' '));";
    let all = app.js(script, json!([]));
    let lanes = all.as_array().expect("a list of lanes");
    lanes.iter().map(|it| it.as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_second_column_is_two_clicks_away() {
    let Some(app) = App::open(&steady()) else { return };
    app.click("Compare");
    app.click("practice-mini");
    app.dialog_closes();
    assert_eq!(app.region("Message to all columns"), "", "the box is a field");
    app.click("Send to 2");
    assert_eq!(ended(&app), ["finished", "finished"]);
    app.wait_for("Race", "spoke first");
    until("both are drawn to their ends", || {
        let race = race(&app);
        (race.len() == 2 && race.iter().all(|it| it.ends_with("text tail"))).then_some(())
    });
    // The words of each are told once, at its end.
    let spoken = app.js(
        "return [...document.querySelectorAll('[data-column] > [aria-live]')]
            .map((it) => it.textContent);",
        json!([]),
    );
    for (name, said) in [("practice-1", &spoken[0]), ("practice-mini", &spoken[1])] {
        let said = said.as_str().unwrap_or_default();
        assert!(said.starts_with(&format!("{name}: done after ")), "{said}");
    }
    // A follow-up goes on in each column, and the first turns stay.
    app.paste("Message to all columns", "Count to 3");
    app.press(&[CONTROL, ENTER]);
    until("both answer", || {
        let all = replies(&app);
        all.iter().all(|(state, text)| state == "finished" && text == "1, 2, 3").then_some(())
    });
}

#[test]
fn four_columns_leave_together_and_one_stop_ends_them() {
    let Some(app) = App::open(&Home::new()) else { return };
    for model in ["practice-mini", "practice-long", "practice-1"] {
        add(&app, model);
    }
    app.element("section", "Column 4: practice-1 (2)");
    app.paste("Message to all columns", "Count to 300");
    app.click("Send to 4");
    until("words come everywhere", || {
        let all = replies(&app);
        (all.len() == 4 && all.iter().all(|(_, text)| text.contains('2'))).then_some(())
    });
    app.press(&[ESCAPE]);
    assert_eq!(ended(&app), ["cancelled"; 4]);
    app.wait_for("Race", "was stopped");
    app.click("Runs");
    app.wait_for("Today", "4 columns");
    let list = app.region("Today");
    assert!(list.contains("4 runs") && list.contains("4 stopped"), "one item for all: {list}");
}

#[test]
fn one_column_is_refused_while_the_others_finish() {
    let Some(app) = App::open(&steady()) else { return };
    add(&app, "practice-1:status=400");
    add(&app, "practice-1:status=429,retry_after=1,times=1");
    app.click("Send to 3");
    assert_eq!(ended(&app), ["finished", "failed", "finished"]);
    let trouble = app.js(
        "return document.querySelector('[data-column=\"1\"] [role=alert]').innerText",
        json!([]),
    );
    assert!(trouble.as_str().is_some_and(|it| it.contains("400")), "{trouble}");
    // A loaded machine may wait a little longer, and says so.
    app.wait_for("Race", "waited 1.");
    app.wait_for("Race", "and tried again");
    let race = race(&app);
    assert!(race[1].contains("failed"), "{race:?}");
    assert!(race[2].starts_with("failed pause"), "the wait is drawn: {race:?}");
    // It alone is asked again, and the others stay as they are.
    app.click_in("Column 2: practice-1:status=400", "button[aria-label^='Reply 1: again']");
    until("another reply", || {
        app.region("Column 2: practice-1:status=400").contains("2 of 2").then_some(())
    });
    assert_eq!(ended(&app), ["finished", "failed", "finished"]);
}

#[test]
fn a_comparison_comes_back_after_a_restart_and_races_again() {
    // A model that thinks takes no temperature.
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    add(&app, "practice-reasoner");
    app.click("Send to 2");
    ended(&app);
    let (before, bars) = (replies(&app), race(&app));
    assert!(bars[1].contains("think"), "thoughts are told apart: {bars:?}");
    drop(app);

    let app = App::open(&home).expect("it opened before");
    app.click("Runs");
    app.wait_for("Today", "2 columns");
    app.click("Why is the sky blue?");
    until("the replies are there again", || (replies(&app) == before).then_some(()));
    assert_eq!(race(&app), bars, "the race is as it was");
    let slider = app.element("input[type=range]", "Instant of the recording");
    app.js("arguments[0].focus()", json!([slider.argument()]));
    app.press(&[HOME]);
    until("nothing has come yet in any column", || {
        replies(&app).iter().all(|(_, text)| text.is_empty()).then_some(())
    });
    app.click("10×");
    app.click("Play the recording");
    until("all have ended as they did", || (replies(&app) == before).then_some(()));
    app.click("Send again to 2");
    ended(&app);
    app.click("Runs");
    app.wait_for("Today", "4 runs");
}

#[test]
fn names_are_hidden_until_the_better_reply_is_chosen() {
    let Some(app) = App::open(&steady()) else { return };
    add(&app, "practice-mini");
    add(&app, "practice-1:status=400");
    app.click("Blind");
    app.element("section", "Column 1: A");
    app.click("Send to 3");
    until("two answer", || (answered(&app).len() == 2).then_some(()));
    tells_no_name(&app, "after a round");
    // With a second reply there would be something to compare by name.
    app.click("Send again to 3");
    until("all have a second reply", || {
        let letters = ["A", "B", "C"].map(|it| app.region(&format!("Conversation with {it}")));
        letters.iter().all(|it| it.contains("2 of 2")).then_some(())
    });
    until("two answer again", || (answered(&app).len() == 2).then_some(()));
    tells_no_name(&app, "after another round");
    app.press(&[CONTROL, '3']);
    app.click("Conversation");
    app.element("p", "The model that reads it has its name hidden");
    tells_no_name(&app, "in another room");
    app.press(&[CONTROL, '2']);
    let best = answered(&app).remove(0);
    app.click(&format!("{best} is better"));
    app.wait_for("Blind", &format!("You chose {best}: it was practice-"));
    app.click("Tally");
    app.wait_for("Tally", "1 choice");
    app.close();
}

/// The letters of those that can be chosen, once all have ended.
fn answered(app: &App) -> Vec<String> {
    let script = "
        return [...document.querySelectorAll('[aria-label=Blind] button')]
            .map((it) => it.textContent.trim()).filter((it) => it.endsWith(' is better'));";
    let all: Vec<String> = serde_json::from_value(app.js(script, json!([]))).expect("names");
    all.iter().map(|it| it.trim_end_matches(" is better").to_owned()).collect()
}

/// Neither what is seen, nor a label, a title or what is read out, has the name of a model.
fn tells_no_name(app: &App, when: &str) {
    let page = app.js("return document.documentElement.outerHTML", json!([]));
    let page = page.as_str().expect("the whole page");
    let found = page.find("practice-").map(|at| page.get(at.saturating_sub(120)..at + 40));
    assert!(found.is_none(), "{when}: {found:?}");
}

#[test]
fn columns_are_reached_by_keys_and_a_removed_one_comes_back() {
    let Some(app) = App::open(&steady()) else { return };
    add(&app, "practice-mini");
    let is_looked_at = |column: &str| {
        let script = "return document.querySelector('[aria-current=true]')?.dataset.column";
        until(&format!("column {column} is looked at"), || {
            (app.js(script, json!([])) == column).then_some(())
        });
    };
    is_looked_at("1");
    app.press(&[ALT, SHIFT, '1']);
    is_looked_at("0");
    assert!(app.focused().starts_with("Column 1"), "and has the focus: {}", app.focused());
    app.click("More: column 2");
    app.click("Remove");
    app.element("button", "Model: practice-1");
    app.press(&[CONTROL, 'z']);
    app.element("section", "Column 2: practice-mini");
}

#[test]
fn axe_finds_nothing_serious_in_a_comparison() {
    for theme in ["light", "dark"] {
        let settings = json!({
            "theme": theme, "parameters": { "temperature": 0, "max_tokens": 20 },
        });
        let Some(app) = App::open(&Home::with(&settings)) else { return };
        let faults = every_panel(&app);
        assert!(faults.is_empty(), "{theme}:\n{}", faults.join("\n"));
    }
}

fn every_panel(app: &App) -> Vec<String> {
    let mut faults = Vec::new();
    let mut look = |screen: &str| faults.extend(examine(app, screen));
    add(app, "practice-1:status=429,retry_after=1,times=1");
    add(app, "practice-1:status=400");
    look("columns before a round");
    app.click("Send to 3");
    ended(app);
    look("the race");
    app.click("Table");
    look("the race as a table");
    app.click("Table");
    app.click("Tokens/s");
    app.wait_for("Race", "while it streamed");
    look("tokens per second");
    app.click("Figures");
    look("figures of two columns");
    app.click("Requests");
    look("requests of two columns");
    app.click("Parameters");
    look("parameters of a column");
    app.click("Rosetta");
    app.wait_for("Rosetta", "the same chat in 2 formats");
    look("the formats of the columns");
    app.click("Blind");
    look("names that are hidden");
    app.click("Tally");
    look("the tally");
    app.close();
    faults
}

#[test]
fn nothing_of_a_comparison_is_cut_off_in_a_small_window() {
    for (columns, width, height, zoom) in
        [(2, 1024, 700, 1.0), (4, 1024, 700, 1.0), (2, 1280, 800, 2.0)]
    {
        let parameters = json!({ "temperature": 0, "max_tokens": 20 });
        let settings = json!({ "zoom": zoom, "parameters": parameters });
        let Some(app) = App::open(&Home::with(&settings)) else { return };
        app.resize(width, height);
        for _ in 1..columns {
            add(&app, "practice-mini");
        }
        app.press(&[CONTROL, ENTER]);
        ended(&app);
        app.wait_for("Race", "spoke first");
        let over = app.js(
            "const page = document.documentElement;
            const wide = (it) => it.scrollWidth - it.clientWidth;
            const main = document.querySelector('main');
            return [wide(page), wide(main), page.scrollHeight - page.clientHeight,
                ...[...document.querySelectorAll('[data-column]')].filter((it) => it.checkVisibility())
                    .map(wide)];",
            json!([]),
        );
        for beyond in over.as_array().expect("what is beyond the edges") {
            assert!(beyond.as_f64().is_some_and(|it| it <= 1.0), "{columns}, {zoom}: {over}");
        }
        let room = app.js(
            "const boxes = [...document.querySelectorAll('[data-column], section[aria-label=Race]')]
                .filter((it) => it.checkVisibility()).map((it) => it.getBoundingClientRect());
            return Math.min(...boxes.map((it) => Math.min(it.width, it.height)));",
            json!([]),
        );
        assert!(room.as_f64().is_some_and(|it| it > 160.0), "{columns}, {zoom}: {room}");
    }
}

#[test]
fn a_key_that_is_missing_fails_in_its_own_column() {
    let server = PracticeServer::start();
    let home = Home::with(&json!({
        "servers": [{ "name": "Elsewhere", "base_url": server.base_url() }],
        "parameters": { "temperature": 0, "max_tokens": 20 },
    }));
    let Some(app) = App::open(&home) else { return };
    app.click("Compare");
    app.click("Elsewhere");
    app.fill_and_enter("Find a model", "practice-1");
    app.dialog_closes();
    app.click("Send to 2");
    assert_eq!(ended(&app), ["finished", "failed"]);
    app.click("Settings");
    app.save_key("Elsewhere", RIGHT_KEY);
    app.close();
    app.click("Send again to 2");
    until("both answer", || (ended(&app) == ["finished", "finished"]).then_some(()));
}
