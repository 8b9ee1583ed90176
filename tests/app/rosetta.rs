//! One chat as several formats write it, side by side.

use crate::{
    accessibility::examine,
    support::{App, Home, page::key, until},
};
use serde_json::{Value, json};

fn open(settings: &Value) -> Option<App> {
    let app = App::open(&Home::with(settings))?;
    app.wait_for("Rosetta", "Anthropic");
    Some(app)
}

/// The names of the columns, from left to right.
fn columns(app: &App) -> Vec<String> {
    let names = app.js(
        "return [...document.querySelectorAll('[aria-label=Rosetta] section')]
            .map((it) => it.getAttribute('aria-label'))",
        json!([]),
    );
    serde_json::from_value(names).expect("a list of names")
}

/// Gives the keys to the first column.
fn enter(app: &App) {
    until("a column is there", || {
        let focus = "const list = document.querySelector('[aria-label=Rosetta] [role=listbox]');
            list?.focus();
            return list !== null";
        (app.js(focus, json!([])) == true).then_some(())
    });
}

/// What is lit up, column by column, as it is read out.
fn lit(app: &App) -> Vec<String> {
    let said = app.js(
        "return [...document.querySelectorAll('[aria-label=Rosetta] section')].map((it) =>
            it.querySelector('.lit .text')?.textContent.trim() ?? '')",
        json!([]),
    );
    serde_json::from_value(said).expect("a list of texts")
}

/// Steps down until a part with this name is lit up.
fn step_to(app: &App, name: &str) {
    app.press(&[key::HOME]);
    for _ in 0..40 {
        if lit(app).iter().any(|said| said.starts_with(name)) {
            return;
        }
        app.press(&[key::DOWN]);
    }
    panic!("no part is named {name:?}: {:?}", lit(app));
}

#[test]
fn counterparts_light_up_in_every_column_from_the_keyboard() {
    let lens = json!({ "lenses": ["rosetta"], "parameters": { "max_tokens": 20 } });
    let Some(app) = open(&lens) else { return };
    assert_eq!(columns(&app).len(), 2, "{:?}", columns(&app));
    enter(&app);
    step_to(&app, "System");
    let said = lit(&app);
    assert!(said.iter().all(|it| it.starts_with("System")), "both columns: {said:?}");
    assert_ne!(said[0], said[1], "each says how it writes that");
    app.wait_for("Rosetta", "top level");

    // The keys go on from the counterpart in the column beside.
    app.press(&[key::RIGHT]);
    let second = columns(&app)[1].clone();
    assert_eq!(app.focused(), format!("{second}, part by part"));
    step_to(&app, "max tokens");
    assert!(lit(&app).iter().all(|it| it.starts_with("max tokens")), "{:?}", lit(&app));
}

#[test]
fn all_five_formats_stand_side_by_side_and_any_can_be_sent_without_a_key() {
    // A reply by chance may be empty, and then has no text.
    let lens = json!({ "lenses": ["rosetta"], "parameters": { "temperature": 0 } });
    let Some(app) = open(&lens) else { return };
    let toggles = "return [...document.querySelectorAll(
        `[aria-label=Rosetta] [aria-label=Formats] button`)].map((it) => it.innerText.trim())";
    let formats: Vec<String> =
        serde_json::from_value(app.js(toggles, json!([]))).expect("a list of names");
    assert_eq!(formats.len(), 5, "{formats:?}");
    let press = "[...document.querySelectorAll('[aria-label=Rosetta] [aria-label=Formats] button')]
        .filter((it) => it.ariaPressed === 'false').forEach((it) => it.click())";
    app.js(press, json!([]));
    let names = until("five columns", || Some(columns(&app)).filter(|all| all.len() == 5));
    for name in &names {
        app.click(&format!("Send as {name}"));
    }
    // The counts come last, whatever each format calls them.
    let counts = ["completion_tokens", "output_tokens", "candidatesTokenCount", "eval_count"];
    for name in &names {
        until(&format!("{name} is answered"), || {
            let text = app.region(&format!("{name}, part by part"));
            counts.iter().any(|count| text.contains(&format!("\"{count}\""))).then_some(())
        });
    }
    enter(&app);
    step_to(&app, "Text");
    let said = lit(&app);
    assert!(said.iter().all(|it| it.starts_with("Text")), "in every format: {said:?}");
}

#[test]
fn rosetta_can_be_read_by_everybody() {
    for theme in ["light", "dark"] {
        let settings = json!({ "theme": theme, "lenses": ["rosetta"] });
        let Some(app) = open(&settings) else { return };
        enter(&app);
        step_to(&app, "System");
        let faults = examine(&app, &format!("Rosetta, {theme}"));
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
