//! The course as the page gets it: opened, passed by runs, kept, reset; and lessons of one's own.

use crate::app::{Memory, Started, start_in};
use serde_json::{Value, json};
use std::{fs, path::Path};
use tempfile::TempDir;

/// A lesson with one question, one guess and one step.
const OWN: &str = r#"+++
goal = "G1"
title = "Mine"
minutes = 5
question = "What?"
takeaway = "That."
[start]
message = "Why is the sky blue?"
+++
```predict
kind = "number"
ask = "How many tokens will go in?"
truth = { run = "input_tokens" }
after = "So many."
```

```step
ask = "Send it."
point = "send"
hints = ["Press Send."]
[[runs]]
finish = "stop"
[[solution]]
```

```quiz
kind = "phrase"
ask = "Which word?"
accept = ["that"]
why = "That one."
```
"#;

fn begin(folder: &Path) -> Started {
    start_in(folder, Memory::default())
}

/// Sends what a lesson begins with, to its end.
fn send(app: &Started, lesson: &Value, id: &str, channel: u32) {
    let start = &lesson["start"];
    let messages = json!([{ "role": "user", "text": start["message"] }]);
    let chat = json!({ "messages": messages, "parameters": start["parameters"] });
    let on_events = format!("__CHANNEL__:{channel}");
    let arguments = json!({ "id": id, "chat": chat, "target": start["target"], "body": null,
        "on_events": on_events });
    app.call("start_run", arguments).expect("it begins");
    app.events_to_the_end(id, channel);
}

fn answer(app: &Started, part: &str, answer: Value) -> Result<Value, Value> {
    app.call("answer", json!({ "slug": "mine", "part": part, "answer": answer }))
}

fn info(course: &Value, slug: &str) -> Value {
    let lessons = course["lessons"].as_array().expect("lessons");
    lessons.iter().find(|it| it["slug"] == slug).cloned().unwrap_or_default()
}

#[test]
fn a_lesson_of_ones_own_is_done_by_doing_and_stays_done() {
    let folder = TempDir::new().expect("a temporary folder");
    let app = begin(folder.path());
    let course = app.call("course", json!({})).expect("there is a course");
    assert_eq!(course["problems"], json!([]));
    let own = Path::new(course["folder"].as_str().expect("a folder")).to_owned();
    fs::create_dir_all(&own).expect("made");
    fs::write(own.join("01-mine.md"), OWN).expect("written");
    fs::write(own.join("02-theirs.md"), OWN.replace("finish =", "finsh =")).expect("written");
    fs::write(own.join("notes.txt"), "no lesson").expect("written");

    let course = app.call("course", json!({})).expect("it is read anew");
    let problem = course["problems"][0].as_str().expect("one cannot be read");
    assert!(problem.starts_with("02-theirs.md, line 21: finsh:"), "{problem}");
    let mine = info(&course, "mine");
    assert_eq!(
        (&mine["is_own"], &mine["is_begun"], &mine["of"]),
        (&json!(true), &json!(false), &json!(3))
    );

    let early = app.call("look_at_lesson", json!({ "slug": "mine" })).expect_err("not begun");
    assert!(early["message"].as_str().is_some_and(|it| it.contains("Open the lesson")), "{early}");
    send(
        &app,
        &json!({ "start": { "message": "Why is the sky blue?", "parameters": {},
        "target": { "provider": "practice", "model": "practice-1" } } }),
        "before",
        1,
    );
    let lesson = app.call("open_lesson", json!({ "slug": "mine" })).expect("it opens");
    assert!(!lesson.to_string().contains("That one."), "the answer stays in Rust: {lesson}");
    let step = &lesson["state"]["parts"][1]["step"];
    assert_eq!((&step["met"], &step["of"]), (&json!(0), &json!(1)), "that run was before");
    assert!(step["missing"].as_str().is_some_and(|it| it.contains("by itself (stop)")), "{step}");

    answer(&app, "predict-1", json!({ "type": "number", "value": 13.0 })).expect("a guess");
    answer(&app, "predict-1", json!({ "type": "number", "value": 14.0 })).expect_err("only one");
    send(&app, &lesson, "after", 2);
    let state = app.call("look_at_lesson", json!({ "slug": "mine" })).expect("looked");
    assert_eq!(state["parts"][1]["done"], true, "{state}");
    let verdict = &state["parts"][0]["verdict"];
    assert_eq!((&verdict["right"], &verdict["truth"]), (&json!(true), &json!("13")), "{state}");
    let state = answer(&app, "quiz-1", json!({ "type": "phrase", "text": " THAT! " }));
    assert_eq!(state.expect("judged")["is_done"], true);

    drop(app);
    let app = begin(folder.path());
    let course = app.call("course", json!({})).expect("there is a course");
    assert_eq!(info(&course, "mine")["done"], 3, "after a restart");
    assert_eq!(course["guesses"].as_array().map(Vec::len), Some(1));
    app.call("delete_all_runs", json!({})).expect("deleted");
    let state = app.call("look_at_lesson", json!({ "slug": "mine" })).expect("looked");
    assert_eq!(state["is_done"], true, "what is done stays done");
    let course = app.call("reset_lesson", json!({ "slug": "mine" })).expect("reset");
    assert_eq!(info(&course, "mine")["done"], 0);
    assert_eq!(course["guesses"].as_array().map(Vec::len), Some(1), "guesses outlive a lesson");
    let course = app.call("reset_course", json!({})).expect("reset");
    assert_eq!(course["guesses"], json!([]));
}

#[test]
fn what_somebody_did_is_not_lost_with_a_damaged_file() {
    let folder = TempDir::new().expect("a temporary folder");
    let app = begin(folder.path());
    let course = app.call("course", json!({})).expect("there is a course");
    let file = Path::new(course["folder"].as_str().expect("a folder")).with_file_name("learn.json");
    app.call("open_lesson", json!({ "slug": "first-call" })).expect("it opens");
    drop(app);
    let whole = fs::read(&file).expect("it was written");
    fs::write(&file, &whole[..whole.len() / 2]).expect("damaged");
    let app = begin(folder.path());
    let notices = app.call("start", json!({})).expect("started")["notices"].to_string();
    assert!(notices.contains("learn.damaged.json"), "{notices}");
    let course = app.call("course", json!({})).expect("there is a course");
    assert_eq!(info(&course, "first-call")["is_begun"], false);
    let kept = fs::read(file.with_file_name("learn.damaged.json")).expect("it is kept");
    assert_eq!(kept, whole[..whole.len() / 2]);
    let unknown = app.call("open_lesson", json!({ "slug": "no-such" })).expect_err("unknown");
    assert!(unknown["message"].as_str().is_some_and(|it| it.contains("no such lesson")));
}
