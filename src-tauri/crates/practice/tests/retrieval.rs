//! Whether the model finds the passage that answers a question.

use practice::{
    fallback,
    generation::{Generation, Limits},
    model::{Model, Role, Turn},
    passages,
};

fn user(text: &str) -> Turn {
    Turn { role: Role::User, name: None, text: text.to_owned() }
}

fn assistant(text: &str) -> Turn {
    Turn { role: Role::Assistant, name: None, text: text.to_owned() }
}

/// The first phrasing of the passage that answers, or "" for none.
fn answered_by(model: &Model, turns: &[Turn]) -> &'static str {
    model.passage(turns).map_or("", |passage| &passage.phrasings[0].text)
}

#[test]
fn every_phrasing_of_the_corpus_finds_its_own_passage() {
    let model = Model::default();
    let mut wrong = Vec::new();
    for passage in passages() {
        for phrasing in &passage.phrasings {
            let turns: Vec<Turn> =
                phrasing.needs.iter().chain([&phrasing.text]).map(|text| user(text)).collect();
            let found = answered_by(&model, &turns);
            if found != passage.phrasings[0].text {
                wrong.push(format!("{:?} found {found:?}", phrasing));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn phrasings_that_were_never_read_find_what_they_should() {
    let table = [
        ("tell me why the sky appears blue to us", "Why is the sky blue?"),
        ("In one sentence, why's the sky blue?", "Why is the sky blue?"),
        ("hi!", "Hello"),
        ("thanks, that was great", "Thank you"),
        ("so who exactly are you?", "Who are you?"),
        ("Could you explain what tokens are, please?", "What is a token?"),
        ("what does setting the temperature do", "What is temperature?"),
        ("difference between top_p and temperature?", "What is top_p?"),
        ("what happens if I set max_tokens to 10", "What is max_tokens?"),
        ("how do stop sequences work?", "What is a stop sequence?"),
        ("how can I get identical results with a seed", "What is a seed?"),
        ("What's the context window of a model?", "What is a context window?"),
        ("I got a 429, what is that?", "What is error 429?"),
        ("my request failed with a 401 error", "What is error 401?"),
        ("what is backoff and when do I retry", "How do I retry?"),
        ("why do language models hallucinate?", "What is a hallucination?"),
        ("how much would this call cost me?", "How much does a call cost?"),
        ("what are cached input tokens", "What is cached input?"),
        ("explain server sent events", "What is SSE?"),
        ("why is streaming useful", "What is streaming?"),
        ("What is a system role message for?", "What is a system message?"),
        ("does the API remember what I said before?", "What does stateless mean?"),
        ("where do I put my api key so that it is safe", "Where should I keep my API key?"),
        ("please write a haiku about autumn", "Write a haiku"),
        ("know any good jokes?", "Tell me a joke"),
        ("what makes leaves look green", "Why are leaves green?"),
        ("how can an airplane fly?", "How do planes fly?"),
        ("whats the capital city of france", "What is the capital of France?"),
        ("python hello world please", "Write hello world in Python"),
        ("hola, qué tal", "Hola, ¿cómo estás?"),
        ("Bonjour!", "Bonjour, comment ça va ?"),
        ("こんにちは！", "こんにちは、お元気ですか？"),
        ("guten morgen!", "Guten Tag, wie geht es dir?"),
        ("what is finish_reason", "What is a finish reason?"),
        ("what does [DONE] at the end mean", "What is [DONE]?"),
    ];
    let model = Model::default();
    let mut wrong = Vec::new();
    for (question, expected) in table {
        let found = answered_by(&model, &[user(question)]);
        if found != expected {
            wrong.push(format!("{question:?} found {found:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_was_never_read_is_said_to_be_unknown() {
    let model = Model::default();
    for question in [
        "What is the capital of Mongolia?",
        "what is the capital of mongolia",
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
        assert_eq!(answered_by(&model, &[user(question)]), "", "{question}");
    }
    let said = Generation::new(
        model.read(&[user("What is a monad?")]),
        Limits { max_tokens: 1000, stop: Vec::new() },
    );
    assert_eq!(said.map(|piece| piece.text).collect::<String>(), fallback());
}

#[test]
fn a_follow_up_needs_the_history() {
    let model = Model::default();
    let table = [
        ("Why is the sky blue?", "Tell me more.", "Why are sunsets red?"),
        (
            "What is the capital of France?",
            "How many people live there?",
            "How many people live in Paris?",
        ),
        ("What is a token?", "Tell me more", "Tell me more about tokens"),
        ("Tell me a joke", "Another one, please", "Tell me another joke"),
    ];
    let lost = "How many people live there?";
    for (question, follow_up, expected) in table {
        let first = model.passage(&[user(question)]).expect(question);
        let turns = [user(question), assistant(&first.answer), user(follow_up)];
        assert_eq!(answered_by(&model, &turns), expected, "{follow_up}");
        assert_ne!(
            answered_by(&model, &[user(follow_up)]),
            expected,
            "{follow_up} without history"
        );
    }
    assert_eq!(answered_by(&model, &[user("How many people live there?")]), lost);
}

#[test]
fn a_system_message_does_not_change_the_subject() {
    let model = Model::default();
    let system = Turn { role: Role::System, ..user("You are a concise teacher.") };
    let turns = [system, user("Why is the sky blue?")];
    assert_eq!(answered_by(&model, &turns), "Why is the sky blue?");
}
