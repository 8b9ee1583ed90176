use super::*;
use crate::{
    lesson::{
        controls::OtherControl,
        exercise::LessonAnswer,
        progress::{AnswerError, MOST_TRIES, Progress},
    },
    prices::Book,
};

const FRONT: &str = "+++\ngoal = 'G4'\ntitle = 'T'\nminutes = 6\nquestion = 'Q?'\n\
    takeaway = 'To take away.'\n[start]\nmessage = 'Hello'\n+++\n";

const QUIZ: &str = "```quiz\nkind = 'choice'\nask = 'Which?'\nwhy = 'So.'\noptions = [\n\
    { text = 'a', right = true },\n{ text = 'b', why = 'Not b.' },\n]\n```\n";
const STEP: &str = "```step\nask = 'Send.'\nhints = ['Press it.']\n[[runs]]\n[[solution]]\n```\n";
const GUESS: &str = "```predict\nkind = 'number'\nask = 'How many?'\nafter = 'So.'\n\
    truth = 100\nwithin = 10\n```\n\n";

/// One more guess, for who did not have so many right.
fn more(wanted: u32) -> String {
    GUESS.replace("within = 10\n", &format!("within = 10\nunless_right = {wanted}\n"))
}

fn parse(text: &str) -> Result<Lesson, LessonError> {
    let book = Book::default();
    Lesson::parse("07-some-words.md", text, Figures { book: &book, day: "2026-11-21" })
}

fn lesson(body: &str) -> Lesson {
    parse(&format!("{FRONT}{body}")).unwrap_or_else(|why| panic!("{body}: {why}"))
}

#[test]
#[allow(clippy::too_many_lines, reason = "it is a table")]
fn what_is_wrong_in_a_file_is_told_with_its_line() {
    let front = |from: &str, to: &str| FRONT.replace(from, to);
    let body = |body: &str| format!("{FRONT}\n{body}\n");
    for (text, line, says) in [
        ("Just words".to_owned(), 1, "+++"),
        ("+++\ntitle = 'T'\n".to_owned(), 1, "+++"),
        (front("'G4'", "'G15'"), 2, "G1 to G14"),
        (front("title = 'T'\n", ""), 2, "title"),
        (front("minutes = 6", "minutes = 'six'"), 4, "six"),
        (front("minutes = 6", "minutes = 60"), 2, "1 to 30"),
        (front("message = 'Hello'", "format = 'morse'\nmessage = 'x'"), 2, "morse"),
        (front("message = 'Hello'", "model = 'practice-1'"), 2, "message"),
        (front("message = 'Hello'", "message = 'x'\nheat = 1"), 9, "heat"),
        (front("message = 'Hello'", "message = 'x'\nfollow_up = true"), 2, "only"),
        (body("It costs $2.50."), 11, "dated"),
        (body("{{price no-such-model input}}"), 11, "no figure"),
        (body("{{price gpt-4o"), 11, "}}"),
        (body("[x](https://example.com)"), 11, "no room:"),
        (body("one\ntwo [x](room:attic)"), 12, "no room called"),
        (body("[x](lens:magic)"), 11, "no lens called"),
        (body("[x](control:lever)"), 11, "no control called"),
        (body("[x](field:no_such_field)"), 11, "no field called"),
        (body("# A heading"), 11, "paragraphs"),
        (body("a <b>bold</b> word"), 11, "HTML"),
        (body("![x](room:play)"), 11, "pictures"),
        (body("- a list\n- with a [x](room:attic)"), 12, "attic"),
        (body("```step\nask = 'x'\nhints = ['y']\n[[solution]]\n```"), 12, "runs"),
        (body("```step\nask = 'x'\nhints = []\n[[runs]]\n[[solution]]\n```"), 12, "hints"),
        (body("```step\nask = 'x'\nhints = ['y']\nsolution = []\n[[runs]]\n```"), 12, "a solution"),
        (
            body("```step\nask = 'x'\nhints = ['y']\n[[runs]]\nfinsh = 1\n[[solution]]\n```"),
            14,
            "finsh",
        ),
        (
            body("```step\nask = 'x'\nhints = ['y']\npoint = 'lever'\n[[runs]]\n[[solution]]\n```"),
            14,
            "no such control",
        ),
        (
            body(
                "```step\nask = 'x'\nhints = ['y']\n[[runs]]\nsame = ['reply']\n[[solution]]\n```",
            ),
            12,
            "before it",
        ),
        (body(&QUIZ.replace("right = true", "right = false")), 12, "some are right"),
        (body(&QUIZ.replace("why = 'So.'\n", "")), 12, "says why"),
        (
            body("```predict\nkind = 'number'\nask = 'x'\nafter = 'y'\ntruth = 'many'\n```"),
            12,
            "truth",
        ),
        (body(&format!("{GUESS}{}", more(2))), 20, "unless_right"),
        (body(&format!("{GUESS}{}", more(0))), 20, "unless_right"),
        (
            body(
                "```mistake\nask = 'x'\nlanguage = ''\ncode = 'a'\nwrong = 2\nwhy = 'y'\n[proof]\nproves = ''\n[proof.comes]\nstatus = 400\n```",
            ),
            12,
            "no line 2",
        ),
        (
            body(
                "```mistake\nask = 'x'\nlanguage = ''\ncode = 'a'\nwrong = 1\nwhy = 'y'\n[proof]\nproves = ''\n```",
            ),
            12,
            "what comes",
        ),
    ] {
        let error = parse(&text).expect_err(&text);
        assert!(error.why.contains(says), "{text}\n{error}");
        assert_eq!(error.line, line, "{text}\n{error}");
    }
    for name in ["07.md", "seven-x.md", "07-Loud.md", "07-a_b.md", "07-.md", "07-a.txt"] {
        let book = Book::default();
        let figures = Figures { book: &book, day: "2026-11-21" };
        assert_eq!(Lesson::parse(name, FRONT, figures).expect_err(name).line, 1, "{name}");
    }
}

#[test]
fn figures_are_computed() {
    for (figure, expected) in [
        ("price gpt-4o input", "$2.50"),
        ("price gpt-4o output", "$10"),
        ("cost gpt-4o 4000 1000", "$0.02"),
        ("cost gpt-4o 2000 500 x 150000", "$1500"),
        ("window practice-1", "4,096"),
        ("tokens o200k_base Hello, world!", "4"),
        ("ids cl100k_base Hello, world!", "9906, 11, 1917, 0"),
    ] {
        let lesson = lesson(&format!("It is {{{{{figure}}}}}."));
        let PartKind::Text(blocks) = &lesson.parts[0].kind else { panic!("it is text") };
        let text = TextSpan::Text { text: format!("It is {expected}.") };
        assert_eq!(blocks[..], [TextBlock::Paragraph { spans: vec![text] }], "{figure}");
    }
}

#[test]
fn markdown_becomes_a_tree() {
    let text = |text: &str| TextSpan::Text { text: text.into() };
    let paragraph = |spans| TextBlock::Paragraph { spans };
    let lesson = lesson(
        "Some **bold** and `code`\nin [Play](room:play).\n\n1. one\n2. *two*\n\n```json\n{}\n```\n",
    );
    let PartKind::Text(blocks) = &lesson.parts[0].kind else { panic!("it is text") };
    assert_eq!(
        blocks[..],
        [
            paragraph(vec![
                text("Some "),
                TextSpan::Strong { spans: vec![text("bold")] },
                text(" and "),
                TextSpan::Code { text: "code".into() },
                text(" in "),
                TextSpan::Link {
                    to: LessonLink::Room { room: controls::Room::Play },
                    spans: vec![text("Play")]
                },
                text("."),
            ]),
            TextBlock::List {
                is_ordered: true,
                items: vec![
                    vec![paragraph(vec![text("one")])],
                    vec![paragraph(vec![TextSpan::Emphasis { spans: vec![text("two")] }])],
                ],
            },
            TextBlock::Code { language: "json".into(), text: "{}\n".into() },
        ]
    );
}

#[test]
fn parts_stand_in_order_and_have_ids_that_new_text_does_not_change() {
    let ids = |body: &str| lesson(body).parts.into_iter().map(|it| it.id).collect::<Vec<_>>();
    assert_eq!(
        ids(&format!("a\n\nb\n\n{STEP}\n{QUIZ}\nc\n\n{STEP}")),
        ["text-1", "step-1", "quiz-1", "text-2", "step-2"]
    );
    assert_eq!(ids(&format!("{STEP}\n{QUIZ}\n{STEP}")), ["step-1", "quiz-1", "step-2"]);
}

#[test]
fn each_control_is_found_by_its_name() {
    for control in OtherControl::ALL {
        let name = serde_json::to_value(control).expect("a name");
        let name = name.as_str().expect("a name");
        lesson(&format!("[x](control:{name})"));
    }
    for control in crate::chat::Control::ALL {
        let name = serde_json::to_value(control).expect("a name");
        lesson(&format!("[x](control:{})", name.as_str().expect("a name")));
    }
}

#[test]
fn a_wrong_answer_is_explained_and_the_third_is_told() {
    let lesson = lesson(QUIZ);
    let mut progress = Progress::default();
    let wrong = LessonAnswer::Choice { chosen: 1 };
    let answer = |progress: &mut Progress, answer: LessonAnswer| {
        progress.answer(&lesson, "quiz-1", answer, 5)
    };
    assert_eq!(answer(&mut progress, wrong.clone()), Err(AnswerError::NotBegun));
    progress.begin(&lesson.slug, 1);
    for text in [LessonAnswer::Choice { chosen: 9 }, LessonAnswer::Line { line: 1 }] {
        assert_eq!(answer(&mut progress, text), Err(AnswerError::NoSuchQuestion));
    }
    for tries in 1..=MOST_TRIES {
        answer(&mut progress, wrong.clone()).expect("taken");
        let state = &lesson.state(&progress, &[]).parts[0];
        let verdict = state.verdict.as_ref().expect("it was answered");
        assert_eq!((verdict.right, verdict.why.is_empty()), (Some(false), false));
        assert_eq!(state.done, tries == MOST_TRIES, "after {tries}");
        assert_eq!(verdict.truth.is_some(), tries == MOST_TRIES, "after {tries}");
    }
    answer(&mut progress, LessonAnswer::Choice { chosen: 0 }).expect("taken");
    let state = lesson.state(&progress, &[]);
    assert!(
        state.is_done && state.parts[0].verdict.as_ref().is_some_and(|it| it.right == Some(true))
    );
}

#[test]
fn a_guess_counts_once_and_outlives_its_lesson() {
    let lesson = lesson(GUESS);
    let mut progress = Progress::default();
    progress.begin(&lesson.slug, 1);
    let guess = LessonAnswer::Number { value: 95.0 };
    progress.answer(&lesson, "predict-1", guess.clone(), 5).expect("taken");
    let refused = progress.answer(&lesson, "predict-1", guess, 6);
    assert_eq!(refused, Err(AnswerError::GuessedBefore));
    let json = serde_json::to_string(&progress).expect("JSON");
    let mut kept: Progress = serde_json::from_str(&json).expect("it reads back");
    assert_eq!(kept, progress);
    kept.reset(&lesson);
    assert!(kept.lessons.is_empty());
    assert_eq!(kept.guesses.iter().map(|it| it.right).collect::<Vec<_>>(), [true]);
}

#[test]
fn a_guess_is_judged_once_it_was_tried() {
    let lesson = lesson(&format!("{GUESS}{STEP}"));
    let mut progress = Progress::default();
    progress.begin(&lesson.slug, 1);
    let guess = LessonAnswer::Number { value: 95.0 };
    progress.answer(&lesson, "predict-1", guess, 5).expect("taken");
    let judged = |progress: &Progress| lesson.state(progress, &[]).parts[0].verdict.clone();
    progress.look(&lesson, &[]);
    let verdict = judged(&progress).expect("it was answered");
    assert_eq!((verdict.right, verdict.truth, verdict.why.len()), (None, None, 0));
    let run = facts::RunFacts::new(6, lesson.start.target.clone(), lesson.start.chat(&[]), false);
    progress.look(&lesson, &[run]);
    assert_eq!(judged(&progress).expect("it was answered").right, Some(true));
    assert_eq!(progress.guesses.len(), 1);
}

#[test]
fn one_more_guess_is_asked_for_until_the_last_ones_were_good() {
    let lesson = lesson(&format!("{GUESS}{GUESS}{}{}{QUIZ}", more(2), more(2)));
    // The guesses; how far the lesson is after each, of how many; and the part that is next.
    for (guesses, steps) in [
        (&[99.0, 1.0, 99.0, 99.0][..], &[(1, 3, 1), (2, 4, 2), (3, 5, 3), (4, 5, 4)][..]),
        (&[1.0, 99.0, 99.0], &[(1, 3, 1), (2, 4, 2), (3, 4, 4)]),
        (&[1.0; 4], &[(1, 3, 1), (2, 4, 2), (3, 5, 3), (4, 5, 4)]),
        (&[99.0; 2], &[(1, 3, 1), (2, 3, 4)]),
    ] {
        let mut progress = Progress::default();
        progress.begin(&lesson.slug, 1);
        assert_eq!(progress.done(&lesson), (0, 3));
        for (guess, (done, of, next)) in guesses.iter().zip(steps) {
            let state = lesson.state(&progress, &[]);
            let now = state.parts.iter().find(|it| !it.done).expect("something is to be done");
            let answer = LessonAnswer::Number { value: *guess };
            progress.answer(&lesson, &now.id, answer, 5).expect("taken");
            let state = lesson.state(&progress, &[]);
            assert_eq!(progress.done(&lesson), (*done, *of), "{guesses:?}");
            assert_eq!(state.parts.iter().position(|it| !it.done), Some(*next), "{guesses:?}");
        }
        progress.answer(&lesson, "quiz-1", LessonAnswer::Choice { chosen: 0 }, 6).expect("taken");
        assert!(lesson.state(&progress, &[]).is_done && progress.is_finished(&lesson));
        let left_out =
            lesson.state(&progress, &[]).parts.iter().filter(|it| it.is_left_out).count();
        assert_eq!(left_out, 4 - guesses.len());
    }
}

#[test]
fn what_was_finished_stays_so_when_it_is_begun_anew() {
    let lesson = lesson(QUIZ);
    let mut progress = Progress::default();
    progress.begin(&lesson.slug, 1);
    progress.reset(&lesson);
    assert!(!progress.is_finished(&lesson));
    progress.begin(&lesson.slug, 2);
    progress.answer(&lesson, "quiz-1", LessonAnswer::Choice { chosen: 0 }, 3).expect("taken");
    assert!(lesson.info(false, &progress).is_finished);
    progress.reset(&lesson);
    let info = lesson.info(false, &progress);
    assert_eq!((info.is_begun, info.done, info.is_finished), (false, 0, true));
}

#[test]
fn what_is_done_stays_done() {
    let lesson = lesson(STEP);
    let mut progress = Progress::default();
    progress.begin(&lesson.slug, 1);
    let target = lesson.start.target.clone();
    let run = facts::RunFacts::new(2, target, lesson.start.chat(&[]), false);
    progress.look(&lesson, &[]);
    assert!(!lesson.state(&progress, &[]).is_done);
    progress.look(&lesson, &[run]);
    assert!(lesson.state(&progress, &[]).is_done, "the run may have been deleted since");
    progress.begin(&lesson.slug, 99);
    assert_eq!(progress.lessons[&lesson.slug].begun_ms, 1, "it is begun once");
}
