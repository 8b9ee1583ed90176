//! The whole course, from the first lesson to the end of the last, by keyboard alone: what its
//! lessons give as their solution is done with the controls of the window.

use crate::{
    keyboard::walk_to,
    learn::{CARD, choose, choose_field, go, lessons, show_me, to_the_next, words},
    support::{
        App, Home,
        page::key::{CONTROL, DELETE, ENTER, ESCAPE, SHIFT, TAB},
        until,
    },
};
use playground::{
    Provider,
    lesson::{
        Lesson, PartKind,
        exercise::{Guessed, Mistake, Quiz, RightAnswer, Step},
        sending::{LessonStart, Sending},
    },
    prices::Book,
    provider::PRACTICE,
};
use serde_json::{Map, Value, json};

/// More presses than the window has stops with a lesson open and all parameters shown.
const STOPS: usize = 150;

/// What a wrong guess says: no lesson depends on a guess that is right.
const GUESS: &str = "40";

#[test]
fn the_whole_course_is_passed_by_keyboard_alone() {
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    let lessons = lessons(&Book::default());
    app.press(&[CONTROL, '1']);
    let first = lessons.first().expect("there are lessons");
    app.wait_for("Learn", &first.title);
    walk_to(&app, &format!("{}: start", first.title), &[TAB]);
    app.press(&[ENTER]);
    let mut learner = Learner { app: &app, set: first.start.clone(), server: None, has_key: false };
    for (at, lesson) in lessons.iter().enumerate() {
        if at > 0 {
            to_the_next(&app, &lesson.title);
        }
        learner.play(lesson);
    }
    app.press(&[CONTROL, '1']);
    let all = lessons.len();
    app.wait_for("Learn", &format!("{all} of {all} lessons done"));
}

/// Somebody at the keyboard.
struct Learner<'a> {
    app: &'a App,
    /// What Play is set to.
    set: LessonStart,
    /// The address of the server that was added.
    server: Option<String>,
    /// Whether it was given a key.
    has_key: bool,
}

impl Learner<'_> {
    fn play(&mut self, lesson: &Lesson) {
        self.set = lesson.start.clone();
        for (at, part) in lesson.parts.iter().enumerate() {
            let place = format!("{}, {}", lesson.slug, part.id);
            // Where a test of many minutes stands, should it fail.
            eprintln!("{place}");
            if matches!(part.kind, PartKind::Text(_)) {
                continue;
            }
            until(&format!("{place} is asked for"), || self.is_now(at).then_some(()));
            match &part.kind {
                PartKind::Text(_) => {}
                PartKind::Step(step) => self.take(lesson, step),
                PartKind::Predict(predict) => match &predict.guess {
                    Guessed::Choice { options, .. } => {
                        choose(self.app, "Guess first", &words(&json!(options[0].0)));
                    }
                    Guessed::Number { .. } => self.write("Guess first", "Your guess", GUESS),
                },
                PartKind::Quiz(quiz) => self.answer(quiz),
                PartKind::Mistake(mistake) => self.mark(at, mistake),
            }
            until(&format!("{place} is done"), || (!self.is_now(at)).then_some(()));
        }
        self.app.wait_for(CARD, "Lesson done");
    }

    /// Whether the lesson waits for the part at this place.
    fn is_now(&self, at: usize) -> bool {
        let script = "return !!document.querySelector(
            `[data-part='${arguments[0]}'] [data-now]`)";
        self.app.js(script, json!([at])) == true
    }

    fn answer(&self, quiz: &Quiz) {
        let block = "Check yourself";
        match &quiz.right {
            RightAnswer::Choice(choices) => {
                let right = choices.iter().find(|it| it.is_right).expect("one is right");
                choose(self.app, block, &words(&json!(right.text)));
            }
            RightAnswer::Number { right, .. } => {
                self.write(block, "Your answer", &right.to_string());
            }
            RightAnswer::Phrase(accepted) => self.write(block, "Your answer", &accepted[0]),
            RightAnswer::Field(places) => self.point_at(&places[0]),
        }
    }

    fn write(&self, block: &str, field: &str, text: &str) {
        go(self.app, block);
        walk_to(self.app, field, &[TAB]);
        self.app.type_text(text);
        self.app.press(&[ENTER]);
    }

    /// Chooses a field or a header of the request.
    fn point_at(&self, place: &str) {
        show_me(self.app, "Check yourself", "the request body");
        match place.strip_prefix("header:") {
            Some(name) => {
                self.walk("the header", &[SHIFT, TAB], |app| app.focused().starts_with(name));
                self.app.press(&[ENTER]);
            }
            None => choose_field(self.app, place),
        }
    }

    /// Marks the line of a snippet that is wrong, and sees what comes of it.
    fn mark(&self, at: usize, mistake: &Mistake) {
        choose(self.app, "Find the mistake", &format!("Line {}: ", mistake.wrong));
        until("the line is judged", || (!self.is_now(at)).then_some(()));
        walk_to(self.app, "See it happen", &[TAB]);
        self.app.press(&[ENTER]);
        let after = "const it = document.querySelector(`[data-part='${arguments[0]}'] figure`);
            return it?.getAttribute('aria-busy') === 'false'";
        until("the proof is there", || (self.app.js(after, json!([at])) == true).then_some(()));
    }

    /// Does what a step asks for.
    fn take(&mut self, lesson: &Lesson, step: &Step) {
        for sending in &step.solution {
            for _ in 0..sending.times.unwrap_or(1) {
                self.send(lesson, sending);
            }
        }
    }

    fn send(&mut self, lesson: &Lesson, sending: &Sending) {
        let wanted = lesson.start.with(sending);
        if !sending.follow_up && self.app.reply() != (String::new(), String::new()) {
            self.app.press(&[CONTROL, 'n']);
            until("the conversation is new", || self.app.reply().0.is_empty().then_some(()));
        }
        self.reset_body();
        self.turn_to(&wanted, sending);
        if wanted.system != self.set.system {
            self.fill("[data-control=system]", &wanted.system);
        }
        self.turn_parameters(&wanted);
        match &sending.body {
            Some(body) => self.edit(body),
            None => self.say(&wanted.message),
        }
        self.app.press(&[CONTROL, ENTER]);
        until("it is over", || {
            let state = self.app.reply().0;
            (!["", "running"].contains(&state.as_str())).then_some(())
        });
        self.set = wanted;
    }

    fn say(&self, message: &str) {
        let written = "return document.querySelector('[data-control=message]')?.value ?? null";
        if self.app.js(written, json!([])) != message {
            self.fill("[data-control=message]", message);
        }
    }

    /// Writes the body by hand.
    fn edit(&self, body: &str) {
        self.reach("[data-control=edit_body]");
        self.app.press(&[ENTER]);
        self.fill("[aria-label='Request body, edited by hand']", body);
    }

    /// Goes back from a body that was written by hand.
    fn reset_body(&self) {
        if self.app.find("button", "Reset").is_some() {
            self.reach_named("Reset");
            self.app.press(&[ENTER]);
        }
    }

    /// Chooses model, format and server, and gives that its key.
    fn turn_to(&mut self, wanted: &LessonStart, sending: &Sending) {
        let is_custom = wanted.target.provider == "custom";
        if is_custom && sending.key.is_some() && !self.has_key {
            self.give_key(sending.key.as_deref().unwrap_or_default());
        }
        if wanted.target == self.set.target {
            return;
        }
        let app = self.app;
        self.reach("[data-control=model]");
        app.press(&[ENTER]);
        app.focus_comes_to("Find a model");
        if is_custom {
            self.choose_server();
        } else if self.set.target.provider == "custom" {
            walk_to(app, "Practice", &[TAB]);
            app.press(&[ENTER]);
        }
        if wanted.target.dialect != self.set.target.dialect {
            let practice = Provider::find(PRACTICE).expect("it is a provider");
            let dialect = practice.dialect(wanted.target.dialect.as_deref()).expect("it speaks it");
            walk_to(app, dialect.name(), &[TAB]);
            app.press(&[ENTER]);
        }
        walk_to(app, "Find a model", &[TAB]);
        app.type_text(&wanted.target.model);
        app.press(&[ENTER]);
        app.dialog_closes();
    }

    /// Chooses the practice server as one of one's own, and adds it if need be.
    fn choose_server(&mut self) {
        let app = self.app;
        if let Some(host) = &self.server {
            walk_to(app, host, &[TAB]);
            return app.press(&[ENTER]);
        }
        let request = app.region("The request");
        let url = request.split_whitespace().find(|it| it.starts_with("http")).expect("a URL");
        let (base, _) = url.split_once("/chat/completions").expect("practice's address");
        walk_to(app, "Add a server", &[TAB]);
        app.press(&[ENTER]);
        walk_to(app, "Base URL", &[TAB]);
        app.type_text(base);
        app.press(&[ENTER]);
        let host = base.trim_start_matches("http://").split('/').next().unwrap_or_default();
        self.server = Some(host.to_owned());
        app.element("input", "Find a model");
    }

    fn give_key(&mut self, key: &str) {
        let app = self.app;
        let host = self.server.clone().expect("it was added");
        app.press(&[CONTROL, ',']);
        let field = format!("Key for {host}");
        walk_to(app, &field, &[TAB]);
        app.type_text(key);
        app.press(&[ENTER]);
        app.wait_for(&field, "in the keyring");
        app.press(&[ESCAPE]);
        app.dialog_closes();
        self.has_key = true;
    }

    fn turn_parameters(&self, wanted: &LessonStart) {
        let (now, wanted) = (fields(&self.set), fields(wanted));
        for (name, value) in &wanted {
            if now.get(name) != Some(value) {
                self.turn(name, value);
            }
        }
    }

    /// Gives a parameter a value, or takes it out.
    fn turn(&self, name: &str, value: &Value) {
        let app = self.app;
        self.reach("[data-control=parameters]");
        let is_open = "return document.activeElement.getAttribute('aria-expanded') === 'true'";
        if app.js(is_open, json!([])) == false {
            app.press(&[ENTER]);
        }
        let field = format!("[data-control={name}] :is(input:not([type=range]), textarea, select)");
        self.reach(&field);
        let text = match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            Value::Array(lines) => {
                let lines: Vec<_> = lines.iter().filter_map(Value::as_str).collect();
                lines.join("\n")
            }
            Value::Object(format) => format["type"].as_str().unwrap_or_default().to_owned(),
            other => other.to_string(),
        };
        let options = "const it = document.activeElement;
            return [...(it.options ?? [])].find((one) => one.value === arguments[0])?.text ?? null";
        match app.js(options, json!([text])).as_str() {
            // Its first letters choose an option.
            Some(option) => app.type_text(&option.chars().take(3).collect::<String>()),
            None => self.replace(&text),
        }
        app.press(&[TAB]);
    }

    /// Goes to a field, and puts `text` in the place of what is there.
    fn fill(&self, selector: &str, text: &str) {
        self.reach(selector);
        self.replace(text);
    }

    fn replace(&self, text: &str) {
        self.app.press(&[CONTROL, 'a']);
        self.app.press(&[DELETE]);
        self.app.type_text(text);
    }

    /// Goes to what a selector finds.
    fn reach(&self, selector: &str) {
        self.walk(selector, &[TAB], |app| {
            let is_there = "return document.activeElement.matches(arguments[0])";
            app.js(is_there, json!([selector])) == true
        });
    }

    fn reach_named(&self, name: &str) {
        self.walk(name, &[TAB], |app| app.focused() == name);
    }

    fn walk(&self, what: &str, keys: &[char], is_there: impl Fn(&App) -> bool) {
        let mut seen = Vec::new();
        for _ in 0..STOPS {
            if is_there(self.app) {
                return;
            }
            seen.push(self.app.focused());
            self.app.press(keys);
        }
        panic!("{what} cannot be reached; these can: {seen:?}");
    }
}

/// The parameters by their names; those that are not set are null.
fn fields(start: &LessonStart) -> Map<String, Value> {
    match json!(start.parameters) {
        Value::Object(fields) => fields,
        _ => unreachable!("parameters are an object"),
    }
}
