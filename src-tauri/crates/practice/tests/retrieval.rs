//! Whether the model finds what answers a question, and says it.

use practice::{
    Corpus,
    generation::{Finish, Generation, Limits},
    model::{Model, Role, Speaker, Turn},
    sampling::{Sampler, Sampling},
};

fn turn(role: Role, text: &str) -> Turn {
    Turn { role, name: None, text: text.to_owned() }
}

fn user(text: &str) -> Turn {
    turn(Role::User, text)
}

/// The title of the passage that fits best.
fn answered_by(turns: &[Turn]) -> String {
    Model::get().passage(turns, Speaker::Answer).title()
}

fn generation(turns: &[Turn], speaker: Speaker, sampling: Sampling) -> Generation {
    let reply = Model::get().read(turns, speaker, 8).reply("");
    let limits = Limits { max_tokens: 2_000, stop: Vec::new() };
    Generation::new(reply, Sampler::new(sampling, 0), limits)
}

/// What is said at temperature 0.
fn said(turns: &[Turn]) -> String {
    let sampling = Sampling { temperature: 0.0, ..Sampling::default() };
    let mut generation = generation(turns, Speaker::Answer, sampling);
    let text = generation.by_ref().map(|piece| piece.text).collect();
    assert_eq!(generation.finish(), Some(Finish::Stop), "{turns:?} ends");
    text
}

/// Whether every sentence of a text stands in answers of a file.
fn is_of(file: &str, text: &str) -> bool {
    let passages = Corpus::get().passages.iter().filter(|passage| passage.file == file);
    let answers: Vec<&str> =
        passages.flat_map(|passage| &passage.answers).map(String::as_str).collect();
    let answers = answers.join("\n");
    text.split_inclusive(['.', '!', '?']).all(|sentence| answers.contains(sentence.trim()))
}

/// A text that ends as a text ends: with a sentence, a list of code, a line of a poem.
fn is_whole(text: &str) -> bool {
    let ends = |answer: &String| answer.ends_with(&text[text.len().saturating_sub(12)..]);
    let mut answers = Corpus::get().passages.iter().flat_map(|passage| &passage.answers);
    text.len() > 1 && text.is_char_boundary(text.len().saturating_sub(12)) && answers.any(ends)
}

/// Without chance the model follows what it has read: it may change from one answer to another
/// between sentences, and hardly ever within one.
#[test]
fn what_is_said_without_chance_stands_in_the_corpus() {
    let corpus = Corpus::get();
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let read: Vec<&str> =
        corpus.passages.iter().flat_map(|it| &it.answers).map(String::as_str).collect();
    let read = words(&read.join(" "));
    let is_voice = |file: &str| corpus.voices.iter().any(|voice| voice.file == file);
    let asked = corpus.passages.iter().filter(|passage| !is_voice(passage.file));
    let asked = asked.flat_map(|it| &it.phrasings).filter(|it| it.needs.is_none()).step_by(4);
    let (mut all, mut strange) = (0, Vec::new());
    for phrasing in asked {
        let said = words(&said(&[user(&phrasing.text)]));
        let is_read = said.split_inclusive(". ").all(|sentence| read.contains(sentence.trim()));
        all += 1;
        if !is_read {
            strange.push(format!("{}: {said}", phrasing.text));
        }
    }
    assert!(strange.len() * 33 < all, "{} of {all}: {strange:#?}", strange.len());
}

#[test]
fn nearly_every_phrasing_of_the_corpus_finds_its_own_file() {
    let corpus = Corpus::get();
    let is_voice = |file: &str| corpus.voices.iter().any(|voice| voice.file == file);
    let (mut all, mut wrong) = (0, Vec::new());
    for passage in corpus.passages.iter().filter(|passage| !is_voice(passage.file)) {
        for phrasing in &passage.phrasings {
            let turns: Vec<Turn> =
                phrasing.needs.iter().chain([&phrasing.text]).map(|text| user(text)).collect();
            let found = Model::get().passage(&turns, Speaker::Answer);
            all += 1;
            if found.file != passage.file {
                wrong.push(format!("{:?} of {} found {}", phrasing, passage.file, found.title()));
            }
        }
    }
    assert!(wrong.len() * 100 < all, "{} of {all}: {wrong:#?}", wrong.len());
}

/// Sixty questions by somebody who had read the corpus and used none of its phrasings, each with
/// the files that may answer it. Nothing was tuned on them.
#[test]
fn questions_that_were_never_read_are_answered_from_the_right_file() {
    let questions: Vec<&str> = include_str!("held_out.tsv").lines().collect();
    let phrasings = Corpus::get().passages.iter().flat_map(|passage| &passage.phrasings);
    let phrasings: Vec<&str> = phrasings.map(|phrasing| phrasing.text.as_str()).collect();
    let mut wrong = Vec::new();
    for line in &questions {
        let (question, files) = line.split_once('\t').unwrap();
        assert!(!phrasings.contains(&question), "{question:?} was read");
        let said = said(&[user(question)]);
        assert!(is_whole(&said), "{question:?}: {said:?}");
        if !files.split('|').any(|file| is_of(file, &said)) {
            wrong.push(format!("{question:?} wants {files}: {said}"));
        }
    }
    assert!(questions.len() >= 60);
    println!("{} of {} are right", questions.len() - wrong.len(), questions.len());
    assert!(wrong.len() * 5 <= questions.len(), "{} wrong: {wrong:#?}", wrong.len());
}

#[test]
fn what_was_never_read_is_said_to_be_unknown() {
    for question in [
        "What is the capital of Mongolia?",
        "Who won the chess championship in 1972?",
        "Explain quantum chromodynamics",
        "What is the population of Berlin?",
        "How do I repair a bicycle tyre?",
        "Recommend a novel by a Norwegian author",
        "What is a monad?",
        "Translate 'good cheese' into Finnish",
        "asdf qwer zxcv",
        "",
        "?",
        "🦜🦜🦜",
    ] {
        assert_eq!(answered_by(&[user(question)]), "fallback: *", "{question}");
    }
    assert!(is_of("fallback", &said(&[user("What is a monad?")])));
}

#[test]
fn a_follow_up_needs_the_history() {
    let table = [
        ("Why is the sky blue?", "Tell me more", "world: Why are sunsets red?"),
        (
            "What is the capital of France?",
            "How many people live there?",
            "world: How many people live in Paris?",
        ),
        ("Tell me a joke", "Another one, please", "talk: Tell me another joke"),
    ];
    for (question, follow_up, expected) in table {
        let turns = [user(question), turn(Role::Assistant, &said(&[user(question)]))];
        let turns = [&turns[..], &[user(follow_up)]].concat();
        assert_eq!(answered_by(&turns), expected, "{follow_up}");
        assert_ne!(answered_by(&[user(follow_up)]), expected, "{follow_up} without history");
    }
}

#[test]
fn a_voice_is_heard_when_a_system_message_calls_it() {
    let table = [
        ("You are a pirate.", "pirate"),
        ("You are an old sea pirate who answers briefly. Never mention this message.", "pirate"),
        ("Answer as a pirate would.", "pirate"),
        ("Please respond like a pirate, but briefly.", "pirate"),
        ("You are a poet who answers only in haiku.", "poet"),
        ("You are a poet.", "poet"),
        ("Write haiku.", "poet"),
        ("Reply in French.", "french"),
        ("You are a concise teacher.", "world"),
        ("You write taglines for products.", "taglines"),
        ("You are a terse engineer.", "engineer"),
        ("Be a patient teacher who explains simply.", "teacher"),
        ("You are a Spanish tutor.", "spanish"),
        ("You are a friendly French tutor for beginners.", "french"),
        ("You are a machine that answers only in JSON.", "json"),
        ("You are a concise assistant.", "world"),
        ("", "world"),
    ];
    for (system, file) in table {
        for role in [Role::System, Role::Developer] {
            let found = answered_by(&[turn(role, system), user("Why is the sky blue?")]);
            assert_eq!(found.split(':').next(), Some(file), "{system:?} found {found}");
        }
    }
    assert!(answered_by(&[user("Tell me about a pirate's life")]) != "pirate: *");
}

#[test]
fn the_pirate_answers_every_question_otherwise() {
    for question in [
        "What is a token?",
        "Why is the sky blue?",
        "How does streaming work?",
        "Where should I keep my API key?",
        "What is temperature?",
        "Tell me a joke",
        "What is the capital of France?",
        "Who are you?",
        "What is error 429?",
        "How do I repair a bicycle tyre?",
    ] {
        let plain = said(&[user(question)]);
        let pirate = said(&[turn(Role::System, "You are a pirate."), user(question)]);
        assert_ne!(plain, pirate);
        assert!(is_of("pirate", &pirate), "{question}: {pirate}");
    }
}

#[test]
fn json_mode_always_writes_an_object() {
    let questions = [
        "What is the capital of France? Answer in JSON.",
        "List three colours as JSON",
        "Tell me about a monad",
        "a",
    ];
    for seed in 0..200 {
        let turns = [user(questions[seed as usize % questions.len()])];
        let sampling = Sampling { seed: Some(seed), ..Sampling::default() };
        let generation = generation(&turns, Speaker::Json, sampling).in_json("");
        let text: String = generation.map(|piece| piece.text).collect();
        let value: Result<serde_json::Value, _> = serde_json::from_str(&text);
        assert!(value.is_ok_and(|value| value.is_object()), "{seed}: {text}");
    }
}

/// Whatever is asked, at whatever temperature, a reply is text and comes to an end or a limit.
#[test]
fn no_prompt_breaks_it() {
    let letters = "a ".repeat(4_000);
    let planes: String = (0..0x11_u32)
        .flat_map(|plane| {
            (0..40).filter_map(move |step| char::from_u32((plane << 16) + step * 1637))
        })
        .collect();
    let specials = "<|endoftext|> <|im_start|>system<|im_sep|> <|endofprompt|> <|return|>";
    for question in ["", &letters, &planes, specials, "\u{0}\u{feff}\u{202e}", "🏳️‍🌈"] {
        for temperature in [0.0, 1.0, 2.0] {
            for (speaker, in_json) in
                [(Speaker::Answer, false), (Speaker::Json, true), (Speaker::Thought, false)]
            {
                let sampling = Sampling { temperature, seed: Some(9), ..Sampling::default() };
                let mut generation = generation(&[user(question)], speaker, sampling);
                if in_json {
                    generation = generation.in_json("");
                }
                let made = generation.by_ref().map(|piece| piece.made).last().unwrap_or(0);
                assert!(made <= 2_000);
                assert!(generation.finish().is_some());
            }
        }
    }
}
