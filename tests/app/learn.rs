//! The course: without a pointer, and with everything that it points at.

use crate::{
    accessibility::examine,
    keyboard::walk_to,
    support::{
        App, Home,
        page::key::{CONTROL, DOWN, ENTER, SHIFT, TAB},
        until,
    },
};
use playground::{
    lesson::{FILES, Figures, Lesson, PartKind, view::LessonPart},
    prices::Book,
};
use serde_json::{Map, Value, json};
use std::fs;

pub const CARD: &str = "Lesson";

#[test]
fn the_first_three_lessons_are_passed_by_keyboard_alone() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.wait_for("Conversation", "There is a course");
    app.press(&[CONTROL, '1']);
    app.wait_for("Learn", "Your first call");
    walk_to(&app, "Your first call: start", &[TAB]);
    app.press(&[ENTER]);
    app.focus_comes_to(CARD);

    first_call(&app);
    to_the_next(&app, "Who says what");
    who_says_what(&app);
    to_the_next(&app, "It remembers nothing");
    it_remembers_nothing(&app);

    app.press(&[CONTROL, '1']);
    app.wait_for("Learn", "3 of 18 lessons done");
    drop(app);
    let Some(app) = App::open(&home) else { return };
    assert!(!app.region("Conversation").contains("There is a course"), "it is no news any more");
    app.press(&[CONTROL, '1']);
    app.wait_for("Learn", "3 of 18 lessons done");
    app.wait_for("Learn", "2 of your 2 guesses were right or close");
}

fn first_call(app: &App) {
    show_me(app, "Your turn", "Send");
    app.press(&[ENTER]);
    app.wait_for(CARD, "click the line that holds the words you sent");
    show_me(app, "Check yourself", "the request body");
    choose_field(app, "/messages/0/content");
    app.wait_for(CARD, "Your words are the content of a message");
    app.wait_for(CARD, "Write another question");
    show_me(app, "Your turn", "Message");
    app.type_text("Why are leaves green?");
    app.press(&[CONTROL, ENTER]);
    app.wait_for(CARD, "You want another model");
    choose(app, "Check yourself", "The value of stream");
    app.wait_for(CARD, "Not quite.");
    choose(app, "Check yourself", "The value of model");
    app.wait_for(CARD, "Lesson done");
}

fn who_says_what(app: &App) {
    // What a lesson asks for can be sent from its card too.
    app.press(&[CONTROL, ENTER]);
    app.wait_for(CARD, "What will change in the request?");
    choose(app, "Guess first", "A message with the role system");
    app.wait_for(CARD, "Make the model a pirate");
    show_me(app, "Your turn", "System");
    app.type_text("You are a pirate.");
    app.press(&[CONTROL, ENTER]);
    app.wait_for(CARD, "Which role do they have there?");
    go(app, "Check yourself");
    walk_to(app, "Your answer", &[TAB]);
    app.type_text("assistant");
    app.press(&[ENTER]);
    app.wait_for(CARD, "must never promise a refund");
    choose(app, "Check yourself", "In the system message");
    app.wait_for(CARD, "Lesson done");
}

fn it_remembers_nothing(app: &App) {
    show_me(app, "Your turn", "Message");
    app.press(&[CONTROL, ENTER]);
    app.ends_as("finished");
    ask_on(app);
    app.wait_for(CARD, "What will come back?");
    choose(app, "Guess first", "It will not know");
    app.wait_for(CARD, "Begin a new conversation");
    show_me(app, "Your turn", "New");
    app.press(&[ENTER]);
    ask_on(app);
    app.wait_for(CARD, "Which line is wrong?");
    choose(app, "Find the mistake", "Line 4");
    app.wait_for(CARD, "See it happen");
    walk_to(app, "See it happen", &[TAB]);
    app.press(&[ENTER]);
    app.wait_for("What came back", "200");
    app.wait_for(CARD, "what the program sends in its second turn");
    choose(app, "Check yourself", "Whether the first messages");
    app.wait_for(CARD, "Lesson done");
}

fn ask_on(app: &App) {
    walk_to(app, "Message", &[TAB]);
    app.type_text("And how many people live there?");
    app.press(&[CONTROL, ENTER]);
}

/// Goes to what the lesson asks for now.
#[track_caller]
pub fn go(app: &App, block: &str) {
    app.press(&[CONTROL, SHIFT, 'l']);
    app.focus_comes_to(block);
}

/// Has the lesson lead to the control, and waits until that has the focus.
#[track_caller]
pub fn show_me(app: &App, block: &str, control: &str) {
    go(app, block);
    walk_to(app, "Show me", &[TAB]);
    app.press(&[ENTER]);
    app.focus_comes_to(control);
}

/// Presses one of several answers.
#[track_caller]
pub fn choose(app: &App, block: &str, answer: &str) {
    go(app, block);
    walk_to(app, answer, &[TAB]);
    app.press(&[ENTER]);
}

/// Walks down the request to a field, and chooses it.
#[track_caller]
pub fn choose_field(app: &App, pointer: &str) {
    let active = "const tree = document.activeElement;
        const item = document.getElementById(tree.getAttribute('aria-activedescendant'));
        return item?.dataset.pointer ?? ''";
    until("the arrow keys come to the field", || {
        let is_there = app.js(active, json!([])) == pointer;
        if !is_there {
            app.press(&[DOWN]);
        }
        is_there.then_some(())
    });
    app.press(&[ENTER]);
}

#[track_caller]
pub fn to_the_next(app: &App, title: &str) {
    go(app, "The lesson is done");
    walk_to(app, "Next lesson", &[TAB]);
    app.press(&[ENTER]);
    app.wait_for(CARD, title);
    app.focus_comes_to(CARD);
}

#[test]
fn all_that_the_course_points_at_is_there() {
    let book = Book::default();
    let lessons = lessons(&book);
    let steps = lessons.iter().map(|it| pointed(it).len()).max().unwrap_or_default();
    assert!(steps > 1, "lessons have steps");
    for round in 0..=steps {
        let home = home_at(&lessons, round);
        let Some(app) = App::open(&home) else { return };
        app.press(&[CONTROL, '1']);
        for lesson in &lessons {
            open(&app, lesson);
            if let Some((part, control)) = pointed(lesson).get(round) {
                ring(&app, lesson, part, control);
            } else if round == steps {
                follow_links(&app, lesson);
            }
            app.press(&[CONTROL, '1']);
        }
    }
}

#[test]
fn axe_finds_nothing_serious_on_any_card() {
    let book = Book::default();
    let lessons = lessons(&book);
    let exercises = lessons.iter().map(|it| exercises(it).len()).max().unwrap_or_default();
    let mut faults = Vec::new();
    for (done, theme) in [(0, "light"), (exercises, "dark")] {
        let home = home_of(&lessons, theme, |_| done);
        let Some(app) = App::open(&home) else { return };
        app.press(&[CONTROL, '1']);
        app.wait_for("Learn", "lessons done");
        faults.extend(examine(&app, "the course"));
        for lesson in &lessons {
            open(&app, lesson);
            faults.extend(examine(&app, &lesson.title));
            app.press(&[CONTROL, '1']);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_lesson_takes_nothing_away_and_loses_nothing() {
    let home = Home::with(&json!({ "parameters": { "temperature": 0 }, "system": "Be brief." }));
    let Some(app) = App::open(&home) else { return };
    app.paste("Message", "Count to 3");
    app.send();
    app.paste("Message", "My next words");
    app.click("Learn");
    app.click("Your first call: start");
    app.wait_for(CARD, "Send it as it stands.");
    assert!(!app.region("Conversation").contains("Count to 3"), "it has a conversation of its own");
    app.send();
    app.wait_for(CARD, "click the line");

    app.click("Leave the lesson");
    app.wait_for("Conversation", "Count to 3");
    let written = "return document.querySelector('[aria-label=Message]').value";
    assert_eq!(app.js(written, json!([])), "My next words", "what was being written");
    app.click("Learn");
    app.click("Your first call: go on");
    app.wait_for("Conversation", "Why is the sky blue?");
    app.wait_for(CARD, "click the line");
    drop(app);

    assert_eq!(home.settings()["system"], "Be brief.", "its start is nobody's setting");
    let Some(app) = App::open(&home) else { return };
    app.click("Learn");
    app.click("Your first call: go on");
    app.wait_for(CARD, "click the line");
}

#[test]
fn the_card_fits_into_a_small_window() {
    for (width, height, zoom) in [(1024, 700, 1.0), (1440, 900, 2.0)] {
        let home = Home::with(&json!({ "zoom": zoom }));
        let Some(app) = App::open(&home) else { return };
        app.resize(width, height);
        let whole = |screen: &str| {
            assert_eq!(app.cut_off(), json!([]), "{screen} at {width}×{height}, {zoom}");
        };
        app.press_wherever("Learn");
        app.wait_for("Learn", "Your first call");
        whole("the course");
        app.press_wherever("Your first call: start");
        app.wait_for(CARD, "Send it as it stands.");
        assert_eq!(app.js(CARD_OVERFLOWS, json!([])), json!([]), "{width}×{height}, {zoom}");
        // Where the card has the place of the control, it makes room for it.
        app.press_wherever("Show me");
        app.focus_comes_to("Send");
        app.press(&[ENTER]);
        app.wait_for(CARD, "click the line");
        if app.region(CARD).contains("Show the lesson") {
            app.press_wherever("Show the lesson");
        }
        app.wait_for(CARD, "Lesson 1 of");
        app.press_wherever("Show me");
        app.focus_comes_to("the request body");
        app.wait_for(CARD, "Show the lesson");
        choose_field(&app, "/messages/0/content");
        app.wait_for(CARD, "Write another question");
        whole("the lesson as a line");
    }
}

/// What of the card is wider than its place.
pub const CARD_OVERFLOWS: &str = "
    const card = document.querySelector('[aria-label=Lesson]');
    return [card, ...card.querySelectorAll('*')]
        .filter((it) => it.checkVisibility() && it.scrollWidth > it.clientWidth + 1)
        .filter((it) => getComputedStyle(it).display !== 'inline' && !it.matches('.unseen'))
        .map((it) => it.outerHTML.slice(0, 120));";

/// Every lesson of the app.
pub fn lessons(book: &Book) -> Vec<Lesson> {
    let figures = Figures { book, day: "2026-11-21" };
    let read = |(name, text): &(&str, &str)| Lesson::parse(name, text, figures);
    FILES.iter().map(read).collect::<Result<_, _>>().expect("they can be read")
}

/// The ids of what there is to do in a lesson.
fn exercises(lesson: &Lesson) -> Vec<&str> {
    let parts = lesson.parts.iter().filter(|it| !matches!(it.kind, PartKind::Text(_)));
    parts.map(|it| it.id.as_str()).collect()
}

/// The steps of a lesson that point at something: their ids, and the name of that.
fn pointed(lesson: &Lesson) -> Vec<(&str, String)> {
    let point = |kind: &PartKind| match kind {
        PartKind::Step(step) => step.point.map(|it| json!(it)),
        _ => None,
    };
    let parts = lesson.parts.iter().filter_map(|part| Some((part.id.as_str(), point(&part.kind)?)));
    parts.map(|(id, name)| (id, name.as_str().unwrap_or_default().to_owned())).collect()
}

/// A home where each lesson has come to the step that points for the `round`th time, counted from
/// 0, or is done.
fn home_at(lessons: &[Lesson], round: usize) -> Home {
    home_of(lessons, "light", |lesson| {
        let step = pointed(lesson).get(round).map(|(id, _)| *id);
        let all = exercises(lesson);
        step.and_then(|step| all.iter().position(|id| *id == step)).unwrap_or(all.len())
    })
}

/// A home where of each lesson so many exercises are done.
fn home_of(lessons: &[Lesson], theme: &str, done: impl Fn(&Lesson) -> usize) -> Home {
    let home = Home::with(&json!({ "theme": theme }));
    let mut begun = Map::new();
    for lesson in lessons {
        let ids = exercises(lesson).into_iter().take(done(lesson));
        let parts: Map<_, _> = ids.map(|id| (id.to_owned(), json!({ "done": true }))).collect();
        // No run began so late: nothing more is done by what is sent here.
        let progress = json!({ "begun_ms": 9_000_000_000_000_i64, "parts": parts });
        begun.insert(lesson.slug.clone(), progress);
    }
    let path = home.settings_path().with_file_name("learn.json");
    fs::write(path, json!({ "lessons": begun }).to_string()).expect("the progress is written");
    home
}

/// Opens a lesson from the course.
#[track_caller]
fn open(app: &App, lesson: &Lesson) {
    app.wait_for("Learn", &lesson.title);
    let names = ["start", "go on", "read"].map(|does| format!("{}: {does}", lesson.title));
    let pressed = until(&format!("{} can be opened", lesson.title), || {
        names.iter().find(|name| app.find("button", name).is_some())
    });
    app.press_wherever(pressed);
    app.wait_for(CARD, &format!("Lesson {} of", lesson.number));
}

/// What the step points at has the ring, and the focus after Show me.
#[track_caller]
fn ring(app: &App, lesson: &Lesson, part: &str, control: &str) {
    let place = format!("{}, {part}: {control}", lesson.slug);
    speak_for(app, control);
    until(&format!("{place} has a ring"), || {
        let ringed = app.js("return !!document.querySelector('[data-ringed]')", json!([]));
        (ringed == true).then_some(())
    });
    app.press_wherever("Show me");
    focus_is_in(app, control, &place);
}

/// Sends something, where before that there is nothing to begin anew or to go back to.
#[track_caller]
fn speak_for(app: &App, control: &str) {
    if ["new", "versions"].contains(&control) {
        app.send();
    }
}

/// Every control that the text names can be gone to.
#[track_caller]
fn follow_links(app: &App, lesson: &Lesson) {
    let parts: Vec<LessonPart> = lesson.parts.iter().map(LessonPart::from).collect();
    for (words, control) in links(&json!(parts)) {
        speak_for(app, &control);
        let press = "const links = [...document.querySelectorAll('[data-part] button')];
            links.find((it) => it.textContent === arguments[0]).click()";
        app.js(press, json!([words]));
        focus_is_in(app, &control, &format!("{}, the link {words}", lesson.slug));
    }
}

/// The links to controls in a text: their words, and the controls.
fn links(text: &Value) -> Vec<(String, String)> {
    if let Some(control) = text["to"]["control"].as_str() {
        return vec![(words(&text["spans"]), control.to_owned())];
    }
    let items = text.as_array().into_iter().flatten();
    items.chain(text.as_object().into_iter().flat_map(Map::values)).flat_map(links).collect()
}

pub fn words(spans: &Value) -> String {
    let of = |span: &Value| span["text"].as_str().map_or_else(|| words(&span["spans"]), Into::into);
    spans.as_array().into_iter().flatten().map(of).collect()
}

#[track_caller]
fn focus_is_in(app: &App, control: &str, place: &str) {
    until(&format!("{place} has the focus"), || {
        let holds = "const all = document.querySelectorAll(`[data-control='${arguments[0]}']`);
            return [...all].some((it) => it.contains(document.activeElement))";
        (app.js(holds, json!([control])) == true).then_some(())
    });
}
