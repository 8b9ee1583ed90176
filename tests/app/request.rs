//! The Request lens: every field explained, and tied to the control that made it.

use crate::support::{App, Home, page::key, until};
use serde_json::{Value, json};

/// What the note at the foot of the lens says.
fn note(app: &App) -> String {
    app.region("About the field").replace('\n', " ")
}

/// The pointers of the rows that are lit up, and the parameters that are.
fn lit(app: &App) -> Value {
    let script = "
        const rows = [...document.querySelectorAll('.item.lit')];
        const controls = [...document.querySelectorAll('[data-parameter][data-pointed]')];
        return [rows.map((it) => it.dataset.pointer), controls.map((it) => it.dataset.parameter)];";
    app.js(script, json!([]))
}

fn focus_tree(app: &App) {
    app.js("document.querySelector('[role=tree]').focus()", json!([]));
}

#[test]
fn a_field_is_explained_and_lights_its_control_and_the_reverse() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.click("temperature");
    app.focus_comes_to("temperature");
    app.type_text("0.7");
    until("the control lights its field", || {
        (lit(&app)[0] == json!(["/temperature"])).then_some(())
    });

    focus_tree(&app);
    until("a field is explained", || note(&app).contains("The id of the model").then_some(()));
    app.press(&[key::END]);
    until("the last field is explained", || {
        note(&app).starts_with("stream_options.include_usage Asks for").then_some(())
    });
    assert!(note(&app).contains("It is sent unasked"), "{}", note(&app));
    for _ in 0..3 {
        app.press(&[key::UP]);
    }
    // The mouse may still be on a control.
    until("the field lights its control", || {
        (lit(&app)[1] == json!(["temperature"])).then_some(())
    });
    assert!(note(&app).contains("How freely each token is drawn"), "{}", note(&app));

    app.send();
    app.click_in("Request", "summary");
    app.wait_for("The request", "content-type");
    assert!(app.region("The request").contains("The format of the answer"), "headers have theirs");
}

#[test]
fn a_field_is_found_and_one_that_is_unknown_says_so() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.element("[role=treeitem]", "\"model\"");
    app.click("Edit");
    app.paste("Request body, edited by hand", "{\"a\": [{\"dragons\": 12345678901234567890}]}");
    app.click("Tree");
    app.paste("Find in the request body", "DRAG");
    app.wait_for("The request", "1 of 1");
    let says = "We know nothing of this field.";
    until("it is not known", || note(&app).contains(says).then_some(()));
    assert!(note(&app).starts_with("a[0].dragons"), "{}", note(&app));
    assert!(app.region("the request body").contains("12345678901234567890"), "as it is written");
}
