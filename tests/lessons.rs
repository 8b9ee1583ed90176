//! Every lesson, played on the practice server over real HTTP and judged as the app does: its start
//! alone passes nothing, its written solution everything, and what it names is there.

#[path = "support/calling.rs"]
mod calling;

use calling::{LONG, story};
use playground::{
    BaseUrl, Chat, Message, Provider, Role, Target, WireRequest,
    client::{Call, Client, Limits},
    lesson::{
        FILES, Figures, Lesson, LessonLink, Part, PartKind, TextBlock, TextSpan,
        check::find,
        exercise::{Guessed, LessonAnswer, Mistake, Predict, Quiz, RightAnswer, Step, Truth},
        facts::RunFacts,
        progress::Progress,
        sending::{LessonStart, Sending},
        view::{AnswerForm, LessonPart},
        words,
    },
    prices::Book,
    provider::{Endpoint, PRACTICE},
    retry::Policy,
};
use recordings::{Beginning, Recorder};
use serde_json::Value;
use std::{collections::BTreeSet, sync::Arc};
use tempfile::TempDir;

/// A day on which every price that a lesson names is known.
const DAY: &str = "2026-11-21";

fn read(name: &'static str, text: &str) -> (&'static str, Lesson) {
    read_on(DAY, name, text)
}

fn read_on(day: &str, name: &'static str, text: &str) -> (&'static str, Lesson) {
    let book = Book::default();
    let figures = Figures { book: &book, day };
    (name, Lesson::parse(name, text, figures).unwrap_or_else(|why| panic!("{name}, {why}")))
}

/// The lessons of the app.
fn course() -> Vec<(&'static str, Lesson)> {
    FILES.iter().map(|(name, text)| read(name, text)).collect()
}

/// All that has to hold what a lesson promises: the course, and the example for who writes one.
fn lessons() -> Vec<(&'static str, Lesson)> {
    let guide = include_str!("../CONTRIBUTING.md");
    let (_, example) = guide.split_once("````markdown\n").expect("it has an example");
    let (example, _) = example.split_once("````").expect("which ends");
    course().into_iter().chain([read("00-contributing.md", example)]).collect()
}

fn exercises<'a, T>(lesson: &'a Lesson, of: fn(&'a PartKind) -> Option<T>) -> Vec<(&'a Part, T)> {
    lesson.parts.iter().filter_map(|part| Some((part, of(&part.kind)?))).collect()
}

fn step(kind: &PartKind) -> Option<&Step> {
    match kind {
        PartKind::Step(step) => Some(step),
        _ => None,
    }
}

fn quiz(kind: &PartKind) -> Option<&Quiz> {
    match kind {
        PartKind::Quiz(quiz) => Some(quiz),
        _ => None,
    }
}

fn mistake(kind: &PartKind) -> Option<&Mistake> {
    match kind {
        PartKind::Mistake(mistake) => Some(mistake),
        _ => None,
    }
}

/// Somebody with a practice server and a file of recordings.
struct Player {
    address: String,
    recorder: Recorder,
    /// The number of the next run, which is also its time: nothing here depends on a clock.
    next: i64,
    /// What was said in the conversation that a follow-up goes on with.
    said: Vec<Message>,
    _folder: TempDir,
}

impl Player {
    async fn new() -> Player {
        let folder = TempDir::new().expect("a temporary folder");
        let recorder = Recorder::start(folder.path().to_owned());
        let address = calling::practice().await;
        Player { address, recorder, next: 1, said: Vec::new(), _folder: folder }
    }

    /// Sends what `sending` says, as often as it says.
    async fn play(&mut self, place: &str, lesson: &Lesson, sending: &Sending) {
        for _ in 0..sending.times.unwrap_or(1) {
            self.send(&lesson.start.with(sending), sending).await;
            let runs = self.runs();
            let last = runs.last().expect("it was recorded");
            if let Some(comes) = &sending.comes {
                let found = find(std::slice::from_ref(comes), std::slice::from_ref(last));
                assert_eq!(found.missing, None, "{place}: {last:?}");
            }
        }
    }

    async fn send(&mut self, start: &LessonStart, sending: &Sending) {
        let before = if sending.follow_up { self.said.clone() } else { Vec::new() };
        let chat = start.chat(&before);
        let (target, call) = self.call(&start.target, &chat, sending);
        let limits = Limits { first_word: LONG, idle: LONG, ..Limits::default() };
        // As the app tries again, but without its waits.
        let policy = Policy { base_ms: 0, ..Policy::default() };
        let client = Client::new(limits).expect("a client").with_retries(policy);
        let id = format!("run-{}", self.next);
        self.recorder.begin(Beginning {
            id: id.clone(),
            started_ms: self.next,
            price: None,
            target,
            chat: chat.clone(),
            by_hand: sending.body.is_some(),
        });
        self.next += 1;
        let id = Arc::from(id);
        for event in story(client, call).await {
            self.recorder.append(&id, &event);
        }
        let reply = self.runs().last().expect("it was recorded").reply.clone();
        self.said = chat.messages;
        self.said.push(Message { role: Role::Assistant, text: reply });
    }

    fn call(&self, target: &Target, chat: &Chat, sending: &Sending) -> (Target, Call) {
        let provider = Provider::find(&target.provider).expect("a provider");
        let is_practice = target.provider == PRACTICE;
        let dialect = provider.dialect(target.dialect.as_deref()).expect("it speaks that");
        let base_url = BaseUrl::parse(&self.address).expect("an address");
        let key = match is_practice {
            true => Some(PRACTICE.to_owned()),
            false => sending.key.clone(),
        };
        let target = Target {
            base_url: (!is_practice).then(|| self.address.clone()),
            dialect: Some(dialect.id().into()),
            ..target.clone()
        };
        let endpoint = Endpoint { provider, base_url, has_key: key.is_some() };
        let composed = dialect.request(chat, &target.model, &endpoint);
        let is_by_hand = sending.body.is_some();
        let body = sending.body.clone().unwrap_or_else(|| composed.body.clone());
        let request = WireRequest { body, ..composed };
        let key = key.map(Into::into);
        (target, Call { request, key, dialect, is_loopback: true, is_by_hand })
    }

    fn runs(&self) -> Vec<RunFacts> {
        self.recorder.with(|store| store.facts_since(0)).expect("recordings can be read")
    }
}

fn passes(step: &Step, runs: &[RunFacts]) -> bool {
    find(&step.runs, runs).missing.is_none()
}

/// Answers that are right, as far as that can be known.
fn right_answer(kind: &PartKind) -> Option<LessonAnswer> {
    Some(match kind {
        PartKind::Quiz(Quiz { right, .. }) => match right {
            RightAnswer::Choice(choices) => {
                let chosen = choices.iter().position(|it| it.is_right).expect("one is right");
                LessonAnswer::Choice { chosen: chosen as u32 }
            }
            RightAnswer::Number { right, .. } => LessonAnswer::Number { value: *right },
            RightAnswer::Phrase(accepted) => LessonAnswer::Phrase { text: accepted[0].clone() },
            RightAnswer::Field(places) => LessonAnswer::Field { place: places[0].clone() },
        },
        PartKind::Mistake(mistake) => LessonAnswer::Line { line: mistake.wrong },
        PartKind::Predict(Predict { guess: Guessed::Choice { .. }, .. }) => {
            LessonAnswer::Choice { chosen: 0 }
        }
        PartKind::Predict(_) => LessonAnswer::Number { value: 1.0 },
        PartKind::Text(_) | PartKind::Step(_) => return None,
    })
}

#[test]
fn an_untouched_start_passes_no_step() {
    for (name, lesson) in lessons() {
        let mut progress = Progress::default();
        progress.begin(&lesson.slug, 0);
        progress.look(&lesson, &[]);
        let steps = exercises(&lesson, step);
        assert!(!steps.is_empty(), "{name}: nothing is to be done in it");
        for (part, step) in steps {
            let found = find(&step.runs, &[]);
            assert_eq!(found.met, 0, "{name}, line {}", part.line);
            assert!(found.missing.is_some(), "{name}, line {}", part.line);
            assert!(!progress.part(&lesson, part).done, "{name}, line {}", part.line);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_start_alone_passes_only_what_it_solves() {
    for (name, lesson) in lessons() {
        let mut player = Player::new().await;
        player.play(name, &lesson, &Sending::default()).await;
        for (part, step) in exercises(&lesson, step) {
            let solution: Vec<Sending> =
                step.solution.iter().map(|it| Sending { comes: None, ..it.clone() }).collect();
            let is_start = solution == [Sending::default()];
            assert_eq!(passes(step, &player.runs()), is_start, "{name}, line {}", part.line);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_solution_passes_its_step_and_no_sooner_than_at_its_end() {
    for (name, lesson) in lessons() {
        for (part, step) in exercises(&lesson, step) {
            let place = format!("{name}, line {}", part.line);
            let mut player = Player::new().await;
            for sending in &step.solution {
                assert!(!passes(step, &player.runs()), "{place}: it is passed too early");
                player.play(&place, &lesson, sending).await;
            }
            let found = find(&step.runs, &player.runs());
            assert_eq!(found.missing, None, "{place}: {:#?}", player.runs());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_through_a_lesson_finishes_it_and_hears_of_every_guess() {
    for (name, lesson) in lessons() {
        let mut player = Player::new().await;
        let mut progress = Progress::default();
        progress.begin(&lesson.slug, 0);
        for part in &lesson.parts {
            let place = format!("{name}, line {}", part.line);
            if let PartKind::Step(step) = &part.kind {
                progress.look(&lesson, &player.runs());
                assert!(
                    !progress.part(&lesson, part).done,
                    "{place}: the steps before it have passed it"
                );
                for sending in &step.solution {
                    player.play(&place, &lesson, sending).await;
                }
            }
            if let PartKind::Mistake(mistake) = &part.kind {
                player.play(&place, &lesson, &mistake.proof.sending).await;
            }
            if let Some(answer) = right_answer(&part.kind) {
                let answered = progress.answer(&lesson, &part.id, answer, player.next);
                answered.unwrap_or_else(|why| panic!("{place}: {why}"));
            }
        }
        let runs = player.runs();
        progress.look(&lesson, &runs);
        let state = lesson.state(&progress, &runs);
        for (part, state) in lesson.parts.iter().zip(&state.parts) {
            let place = format!("{name}, line {}", part.line);
            assert!(state.done, "{place}: {:?}", state.step);
            let verdict = state.verdict.as_ref();
            assert_eq!(verdict.is_none(), right_answer(&part.kind).is_none(), "{place}");
            assert!(verdict.is_none_or(|it| it.right.is_some()), "{place}: the truth is not told");
            if let (PartKind::Predict(predict), Some(verdict)) = (&part.kind, verdict) {
                is_among_the_options(&place, predict, verdict.truth.as_deref());
            }
        }
        assert!(state.is_done, "{name}");
    }
}

/// Whoever guesses can be right.
fn is_among_the_options(place: &str, predict: &Predict, truth: Option<&str>) {
    let Guessed::Choice { truth: Truth::Run(_), .. } = &predict.guess else { return };
    let LessonPart::Predict { form: AnswerForm::Choice { options }, .. } =
        LessonPart::from(&Part {
            id: String::new(),
            line: 0,
            kind: PartKind::Predict(predict.clone()),
        })
    else {
        panic!("{place}: a choice has options")
    };
    let options: Vec<String> = options.iter().map(|it| words(it)).collect();
    assert!(
        truth.is_some_and(|it| options.iter().any(|option| option == it)),
        "{place}: {truth:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mistake_is_shown_by_a_run() {
    for (name, lesson) in lessons() {
        for (part, mistake) in exercises(&lesson, mistake) {
            let place = format!("{name}, line {}", part.line);
            let sending = Sending {
                comes: Some(mistake.proof.comes.clone()),
                ..mistake.proof.sending.clone()
            };
            Player::new().await.play(&place, &lesson, &sending).await;
            for line in 1..=mistake.lines.len() as u32 {
                let judged = mistake.judge(&LessonAnswer::Line { line }).expect("a line of it");
                let is_empty = mistake.lines[line as usize - 1].trim().len() < 3;
                assert!(!judged.1.is_empty() || is_empty, "{place}: line {line} has no reason");
            }
        }
    }
}

#[test]
fn each_field_to_be_found_is_in_the_request() {
    for (name, lesson) in lessons() {
        let provider = Provider::find(PRACTICE).expect("a row");
        let base_url = BaseUrl::parse("http://127.0.0.1:1").expect("an address");
        let endpoint = Endpoint { provider, base_url, has_key: true };
        let dialect = provider.dialect(lesson.start.target.dialect.as_deref()).expect("spoken");
        let request =
            dialect.request(&lesson.start.chat(&[]), &lesson.start.target.model, &endpoint);
        let body: Value = serde_json::from_str(&request.body).expect("JSON");
        for (part, quiz) in exercises(&lesson, quiz) {
            let RightAnswer::Field(places) = &quiz.right else { continue };
            for place in places {
                let is_there = match place.strip_prefix("header:") {
                    Some(header) => request.headers.iter().any(|it| it.name == header),
                    None => body.pointer(place).is_some(),
                };
                assert!(is_there, "{name}, line {}: no {place} in {}", part.line, request.body);
            }
        }
    }
}

#[test]
fn each_link_to_a_lesson_leads_to_one() {
    let lessons = lessons();
    let slugs: BTreeSet<&str> = lessons.iter().map(|(_, lesson)| lesson.slug.as_str()).collect();
    let mut links = 0;
    for (name, lesson) in &lessons {
        for slug in lesson.parts.iter().flat_map(linked) {
            assert!(slugs.contains(slug.as_str()), "{name}: there is no lesson {slug}");
            links += 1;
        }
    }
    assert!(links > 0, "no link was found");
}

#[test]
fn the_course_has_every_goal_in_a_good_order() {
    let lessons = course();
    let goals: BTreeSet<&str> = lessons.iter().map(|(_, lesson)| lesson.goal.as_str()).collect();
    let all: Vec<String> = (1..=14).map(|number| format!("G{number}")).collect();
    for goal in &all {
        assert!(goals.contains(goal.as_str()), "no lesson has {goal}");
    }
    for ((name, lesson), number) in lessons.iter().zip(1..) {
        assert_eq!(lesson.number, number, "{name}");
        assert!((5..=10).contains(&lesson.minutes), "{name}: {} minutes", lesson.minutes);
        let takeaway = lesson.takeaway.trim_end_matches('.');
        assert!(
            !takeaway.contains(". ") && takeaway.len() > 20,
            "{name}: one sentence to take away"
        );
        let asks = exercises(lesson, quiz).len() + exercises(lesson, mistake).len();
        assert!(asks > 0, "{name} asks nothing");
    }
}

#[test]
fn a_lesson_outlives_the_models_that_it_names() {
    for (name, text) in FILES {
        read_on("2099-01-01", name, text);
    }
}

/// The slugs that a part's blocks link to.
fn linked(part: &Part) -> Vec<String> {
    let blocks = match LessonPart::from(part) {
        LessonPart::Text { blocks, .. } => blocks,
        LessonPart::Predict { ask, .. }
        | LessonPart::Step { ask, .. }
        | LessonPart::Quiz { ask, .. }
        | LessonPart::Mistake { ask, .. } => ask,
    };
    blocks.iter().flat_map(linked_in_block).collect()
}

fn linked_in_block(block: &TextBlock) -> Vec<String> {
    match block {
        TextBlock::Paragraph { spans } => spans.iter().flat_map(linked_in_span).collect(),
        TextBlock::List { items, .. } => items.iter().flatten().flat_map(linked_in_block).collect(),
        TextBlock::Code { .. } => Vec::new(),
    }
}

fn linked_in_span(span: &TextSpan) -> Vec<String> {
    match span {
        TextSpan::Link { to: LessonLink::Lesson { slug }, .. } => vec![slug.clone()],
        TextSpan::Strong { spans } | TextSpan::Emphasis { spans } => {
            spans.iter().flat_map(linked_in_span).collect()
        }
        _ => Vec::new(),
    }
}
