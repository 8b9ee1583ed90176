//! What every dialect must make of what practice answers, good and bad: a new one fails here until it
//! is complete.

#[path = "support/calling.rs"]
mod calling;
#[path = "support/faults.rs"]
mod faults;
#[path = "support/reading.rs"]
mod reading;

use calling::{
    LONG, ask, body_of, chat, client, endpoint, error_of, limits, practice, reply_of, story,
};
use faults::{FAULTS, Fault};
use playground::{
    ErrorKind, Parameters, Reply,
    chat::Effort,
    client::{Call, Client},
    dialect::Dialect,
    dialects::DIALECTS,
    http::Header,
};
use reading::read_however_cut;
use std::time::Duration;

const QUESTION: &str = "count to 9";

/// What a run came to: its reply, and how it ended.
struct Ran {
    reply: Reply,
    ending: Option<ErrorKind>,
}

async fn run(
    client: &Client,
    dialect: &'static dyn Dialect,
    origin: &str,
    model: &str,
    stream: bool,
) -> Ran {
    ran(client, call(dialect, origin, model, stream)).await
}

fn call(dialect: &'static dyn Dialect, origin: &str, model: &str, stream: bool) -> Call {
    let parameters = Parameters { stream: Some(stream), ..Parameters::default() };
    ask(dialect, origin, model, &chat(QUESTION, parameters), Some("practice"))
}

async fn ran(client: &Client, call: Call) -> Ran {
    let id = call.dialect.id();
    let story = story(client.clone(), call).await;
    let ending = error_of(&story).map(|it| it.kind);
    let (reply, recut) = (reply_of(&story), read_however_cut(id, &body_of(&story)));
    assert_eq!(recut.reply, reply, "{id}, {ending:?}: cut otherwise");
    Ran { reply, ending }
}

#[tokio::test]
async fn the_same_reply_is_read_alike_in_every_dialect_streamed_whole_and_cut() {
    let (origin, client) = (practice().await, client(LONG));
    let mut first: Option<Reply> = None;
    for dialect in DIALECTS {
        for stream in [true, false] {
            let Ran { reply, ending } = run(&client, dialect, &origin, "practice-1", stream).await;
            let name = format!("{}, streamed: {stream}", dialect.id());
            assert_eq!(ending, None, "{name}");
            let first = first.get_or_insert_with(|| reply.clone());
            assert!(first.text().starts_with("1, 2, 3"), "{first:?}");
            assert_eq!(reply.text(), first.text(), "{name}");
            let counts = |reply: &Reply| reply.usage.map(|it| (it.input_tokens, it.output_tokens));
            assert_eq!(counts(&reply), counts(first), "{name}");
            assert_eq!(reply.finish[0].reason, first.finish[0].reason, "{name}");
        }
    }
}

/// Where a limit has to be written it leaves room for a prompt, in the smallest window as well.
#[tokio::test]
async fn every_model_answers_a_call_that_sets_nothing() {
    let (origin, client) = (practice().await, client(LONG));
    for card in practice::cards::CARDS {
        for dialect in DIALECTS {
            let Ran { reply, ending } = run(&client, dialect, &origin, card.id, true).await;
            assert_eq!(ending, None, "{} in {}", card.id, dialect.id());
            assert!(reply.text().contains("1, 2, 3"), "{} in {}", card.id, dialect.id());
        }
    }
}

/// What a model thinks before it answers is told as reasoning to those who ask for it, is counted,
/// and is no part of the answer.
#[tokio::test]
async fn thoughts_are_read_as_reasoning_in_every_dialect_streamed_whole_and_cut() {
    let (origin, client) = (practice().await, client(LONG));
    for dialect in DIALECTS {
        for (effort, stream) in [(Effort::Low, true), (Effort::High, false), (Effort::None, true)] {
            let parameters = Parameters {
                effort: Some(effort),
                show_reasoning: (effort != Effort::None).then_some(true),
                stream: Some(stream),
                ..Parameters::default()
            };
            let chat = chat(QUESTION, parameters);
            let call = ask(dialect, &origin, "practice-reasoner", &chat, Some("practice"));
            let Ran { reply, ending } = ran(&client, call).await;
            let name = format!("{}, {effort:?}, streamed: {stream}", dialect.id());
            assert_eq!(ending, None, "{name}");
            assert_eq!(reply.text(), "1, 2, 3, 4, 5, 6, 7, 8, 9", "{name}");
            let usage = reply.usage.expect("counts");
            let thought = usage.reasoning_tokens.unwrap_or(0);
            let thinks = effort != Effort::None;
            assert_eq!(!reply.reasoning().is_empty(), thinks, "{name}: {reply:?}");
            // Ollama counts what was thought together with the answer.
            assert!(thought > 0 || !thinks || dialect.id() == "ollama", "{name}: {usage:?}");
            let answer = usage.output_tokens.map(|made| made.saturating_sub(thought));
            assert!(answer >= Some(25), "{name}: {usage:?}");
        }
    }
}

#[tokio::test]
async fn models_are_listed_and_prompts_counted_as_they_are_billed() {
    let (origin, client) = (practice().await, client(LONG));
    for dialect in DIALECTS {
        let ask = async |request| {
            let call = Call {
                request,
                key: Some("practice".into()),
                dialect,
                is_loopback: true,
                is_by_hand: false,
            };
            client.ask(call).await.expect("an answer")
        };
        let endpoint = endpoint(&origin, true);
        let list = ask(dialect.models_request(&endpoint, None)).await;
        let list = dialect.read_models(&list).expect("an answer");
        let is_practice = |id: &str| id.split(':').next() == Some("practice-1");
        assert!(list.models.iter().any(|it| is_practice(&it.id)), "{}: {list:?}", dialect.id());
        assert_eq!(list.next, None, "{}", dialect.id());
        assert_eq!(dialect.read_models("<html>"), None, "{}", dialect.id());
        let chat = chat(QUESTION, Parameters::default());
        let Some(request) = dialect.count_request(&chat, "practice-1", &endpoint) else { continue };
        let counted = dialect.read_count(&ask(request).await);
        let billed = run(&client, dialect, &origin, "practice-1", true).await.reply.usage;
        assert!(counted.is_some(), "{}", dialect.id());
        assert_eq!(counted, billed.and_then(|it| it.input_tokens), "{}", dialect.id());
    }
}

/// How practice is asked to fail: behind the model's id or by header, in a stream or not.
#[derive(Debug, Clone, Copy)]
struct Manner {
    by_header: bool,
    stream: bool,
}

impl Manner {
    fn call(self, dialect: &'static dyn Dialect, origin: &str, list: &str) -> Call {
        if !self.by_header {
            return call(dialect, origin, &format!("practice-1:{list}"), self.stream);
        }
        let mut call = call(dialect, origin, "practice-1", self.stream);
        call.request.headers.push(Header::new("x-practice-fault", list));
        call
    }
}

const MANNERS: &[Manner] = &[
    Manner { by_header: false, stream: true },
    Manner { by_header: true, stream: true },
    Manner { by_header: true, stream: false },
];

/// What a fault should be told as, and with words or not. A body in one piece is read when all of
/// it is there; until then no word has come.
fn expected(fault: &Fault, dialect: &dyn Dialect, manner: Manner) -> (ErrorKind, bool) {
    let named = fault.but.iter().find(|(id, _)| *id == dialect.id());
    match named.map_or(fault.kind, |(_, kind)| *kind) {
        ErrorKind::IdleTimeout if !manner.stream => (ErrorKind::FirstByteTimeout, false),
        kind => (kind, fault.has_words && manner.stream),
    }
}

/// What went wrong with the faults that are asked for in this manner.
async fn wrong_endings(
    client: Client,
    dialect: &'static dyn Dialect,
    origin: String,
    manner: Manner,
) -> Vec<String> {
    let hasty = client.with_limits(limits(Duration::from_secs(4)));
    let mut wrong = Vec::new();
    for fault in FAULTS {
        let client = if fault.list.ends_with("=30s") { &hasty } else { &client };
        let ran = ran(client, manner.call(dialect, &origin, fault.list)).await;
        let (kind, has_words) = expected(fault, dialect, manner);
        let text = ran.reply.text();
        if ran.ending != Some(kind) || text.starts_with('1') != has_words {
            let (id, list) = (dialect.id(), fault.list);
            wrong.push(format!("{id}, {list}, {manner:?}: {:?}, {text:?}", ran.ending));
        }
    }
    wrong
}

#[tokio::test]
async fn every_fault_has_one_ending_and_keeps_the_words_in_every_dialect() {
    let (origin, client) = (practice().await, client(LONG));
    let runs = DIALECTS.iter().flat_map(|dialect| MANNERS.iter().map(move |it| (*dialect, *it)));
    let runs = runs.map(|(dialect, manner)| {
        tokio::spawn(wrong_endings(client.clone(), dialect, origin.clone(), manner))
    });
    let mut wrong = Vec::new();
    for run in runs.collect::<Vec<_>>() {
        wrong.extend(run.await.expect("it did not panic"));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A frame that is no JSON and an end that stays away: the words are all there.
#[tokio::test]
async fn what_does_not_end_a_reply_leaves_it_whole() {
    let (origin, client) = (practice().await, client(LONG));
    for dialect in DIALECTS {
        let whole = run(&client, dialect, &origin, "practice-1", true).await;
        for fault in ["garbage", "no_done"] {
            let ran = run(&client, dialect, &origin, &format!("practice-1:{fault}"), true).await;
            let name = format!("{}, {fault}", dialect.id());
            assert_eq!(ran.reply.text(), whole.reply.text(), "{name}");
            // Without a reason for its end, nobody can tell a reply from one that was cut.
            let expected = ran.reply.finish.is_empty().then_some(ErrorKind::Cut);
            assert_eq!(ran.ending, expected, "{name}");
        }
    }
}
