//! A conversation that is changed: edited, branched from, and put back as it was.

use crate::support::{
    App, Home,
    page::key::{CONTROL, ENTER, ESCAPE},
    until,
};
use serde_json::{Value, json};

/// The questions that are shown.
fn questions(app: &App) -> Value {
    let script = "return [...document.querySelectorAll('[aria-label=Conversation] .user')]
        .map((it) => it.textContent)";
    app.js(script, json!([]))
}

/// What the request says a person has said.
fn asked(app: &App) -> Vec<String> {
    let body: Value = serde_json::from_str(&app.request_body()).unwrap_or_default();
    let messages = body["messages"].as_array().into_iter().flatten();
    let of_user = messages.filter(|message| message["role"] == "user");
    of_user.filter_map(|message| message["content"].as_str().map(str::to_owned)).collect()
}

#[track_caller]
fn waits_for(app: &App, shown: &[&str], sent: &[&str]) {
    until(&format!("{shown:?} is shown and {sent:?} would be sent"), || {
        (questions(app) == json!(shown) && asked(app) == sent).then_some(())
    });
}

#[test]
fn a_question_is_edited_branched_from_and_deleted_and_all_of_it_undone() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    let counted = |to: &str| format!("Count to {to}");
    let [two, three, four, five] = ["2", "3", "4", "5"].map(counted);
    app.paste("Message", &two);
    app.send();
    app.paste("Message", &three);
    app.send();

    app.click("Question 1: edit");
    app.focus_comes_to("The question, edited");
    app.press(&[ESCAPE]);
    app.focus_comes_to("Question 1: edit");
    app.press(&[ENTER]);
    app.paste("The question, edited", &four);
    waits_for(&app, &[&three], &[&four]);
    app.press(&[CONTROL, ENTER]);
    assert_eq!(app.ends_as("finished"), "1, 2, 3, 4", "the edited question is answered");
    waits_for(&app, &[&four], &[&four]);
    app.click("The version before");
    waits_for(&app, &[&two, &three], &[&two, &three]);

    app.click("Reply 1: branch from here");
    app.focus_comes_to("Message");
    app.type_text(&five);
    app.press(&[CONTROL, ENTER]);
    assert_eq!(app.ends_as("finished"), "1, 2, 3, 4, 5");
    waits_for(&app, &[&two, &five], &[&two, &five]);

    app.click("Question 1: delete");
    waits_for(&app, &[&five], &[&five]);
    app.press(&[CONTROL, 'z']);
    waits_for(&app, &[&two, &five], &[&two, &five]);
    app.press(&[CONTROL, 'z']);
    waits_for(&app, &[&two, &three], &[&two, &three]);
}

#[test]
fn the_next_request_shows_what_it_repeats() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.paste("Message", "Count to 2");
    app.send();
    app.click("Changes");
    app.wait_for("Request", "Nothing was sent before");
    app.paste("Message", "Count to 3");
    app.wait_for("Request beside the one before", "\"content\": \"Count to 3\"");
    // The provider counted the first prompt; all of it goes again, beside 1, 2 and the new question.
    let facts = app.region("Facts about this reply");
    let first = facts.split_whitespace().next().expect("the facts begin with a number");
    app.wait_for("Request", &format!("{first} of "));
    let shown = app.region("Request");
    assert!(shown.contains("input tokens, by our count, were in the request before"), "{shown}");
    app.send();
    app.wait_for("Request", &format!("{first} of "));
    app.click("Text");
    until("the whole request is back", || (asked(&app).len() == 2).then_some(()));
}

#[test]
fn two_replies_to_a_question_are_compared() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.paste("Message", "Count to 4");
    app.send();
    app.click("max tokens unset");
    app.fill("max tokens", "4");
    app.click("Reply 1: again");
    app.wait_for("Facts about this reply", "length");
    assert_eq!(app.reply().1, "1, 2", "four tokens of it");
    app.click("Reply 1: compare with the one before");
    app.wait_for("Replies", "The first 2 words are the same; 2 words are only in A, 0 only in B.");
    app.click("By tokens");
    app.wait_for("Replies", "tokens are the same");
    app.wait_for("Requests", "/max_completion_tokens");
    app.click("By lines");
    app.wait_for("What the requests have in common", "\"max_completion_tokens\": 4");
    app.wait_for("Figures", "Both were free.");
    app.wait_for("Figures", "cut off by the length limit (length)");
    app.press(&[ESCAPE]);
    until("the conversation is back", || (questions(&app) == json!(["Count to 4"])).then_some(()));
}

#[test]
fn two_runs_of_the_past_are_compared() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    for count in ["3", "12"] {
        app.paste("Message", &format!("Count to {count}"));
        app.send();
        app.click("New");
        app.focus_comes_to("Message");
    }
    app.click("Runs");
    app.wait_for("Today", "Count to 3");
    app.click_on("input", "Mark: Count to 12");
    app.click_on("input", "Mark: Count to 3");
    app.click("Compare");
    app.wait_for("Figures", "A was faster");
    app.wait_for("Replies", "words are the same");
    app.wait_for("Requests", "/messages/1/content");
    let figures = app.region("Figures");
    let (older, newer) = (figures.find("Count to 3"), figures.find("Count to 12"));
    assert!(older < newer, "the older run is A: {figures}");
    app.click("Back");
    app.wait_for("Today", "Count to 3");
}
