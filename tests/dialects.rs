//! What every dialect must do, for all of them alike: a new one fails here until it is complete.

#[path = "support/reading.rs"]
mod reading;

use playground::{
    BaseUrl, Chat, Control, ErrorKind, Message, Parameters, Provider, Reply, Role, RunEvent,
    chat::{CacheLifetime, Effort, ResponseFormat},
    client::{Call, Client, Limits},
    dialect::Dialect,
    dialects::DIALECTS,
    http::MASK,
    provider::Endpoint,
};
use reading::read_however_cut;
use serde_json::Value;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const SYSTEM: &str = "Be brief.";
/// What breaks requests that are glued together by hand.
const HOSTILE: &str = "\"quoted\" \\ back\0slash\n\u{2028}\u{85} 👩‍🚀 </script> ${x}";

fn endpoint(base_url: &str, has_key: bool) -> Endpoint {
    let provider = Provider::find("custom").expect("a row");
    Endpoint { provider, base_url: BaseUrl::parse(base_url).expect("an address"), has_key }
}

fn chat(parameters: Parameters) -> Chat {
    let message = |role, text: &str| Message { role, text: text.into() };
    let messages = vec![
        message(Role::System, SYSTEM),
        message(Role::User, HOSTILE),
        message(Role::Assistant, "Air scatters light."),
        message(Role::User, "Why is the sky blue?"),
    ];
    Chat { messages, parameters }
}

/// Address and body together: a dialect may ask for a stream in either.
fn sent(dialect: &dyn Dialect, parameters: Parameters) -> String {
    let endpoint = endpoint("https://api.example", true);
    let request = dialect.request(&chat(parameters), "m", &endpoint);
    serde_json::from_str::<Value>(&request.body).expect("the body is JSON");
    format!("{}\n{}", request.url, request.body)
}

/// A value for each control that no server takes for unset.
fn sample(control: Control) -> Parameters {
    let mut it = Parameters::default();
    match control {
        Control::MaxTokens => it.max_tokens = Some(77),
        Control::Temperature => it.temperature = Some(0.25),
        Control::TopP => it.top_p = Some(0.5),
        Control::TopK => it.top_k = Some(7),
        Control::Stop => it.stop = Some(vec!["END".into()]),
        Control::FrequencyPenalty => it.frequency_penalty = Some(0.5),
        Control::PresencePenalty => it.presence_penalty = Some(0.5),
        Control::N => it.n = Some(2),
        Control::Seed => it.seed = Some(-7),
        Control::ResponseFormat => it.response_format = Some(ResponseFormat::JsonObject),
        Control::Logprobs => it.logprobs = Some(3),
        Control::Effort => it.effort = Some(Effort::Low),
        Control::ThinkingBudget => it.thinking_budget = Some(2048),
        Control::ShowReasoning => it.show_reasoning = Some(true),
        Control::Cache => it.cache = Some(CacheLifetime::Short),
        Control::Prefill => it.prefill = Some("It is".into()),
        Control::Stream => it.stream = Some(false),
    }
    assert!(it.is_set(control), "{control:?} has a sample");
    it
}

#[test]
fn a_control_changes_the_request_where_the_dialect_has_it_and_only_there() {
    for dialect in DIALECTS {
        let unset = sent(dialect, Parameters::default());
        for control in Control::ALL {
            let changes = sent(dialect, sample(control)) != unset;
            let has = dialect.controls().contains(&control);
            assert_eq!(changes, has, "{}: {control:?}", dialect.id());
        }
        for (control, empty) in [
            (Control::Stop, Parameters { stop: Some(Vec::new()), ..Parameters::default() }),
            (
                Control::Prefill,
                Parameters { prefill: Some(String::new()), ..Parameters::default() },
            ),
        ] {
            assert_eq!(sent(dialect, empty), unset, "{}: an empty {control:?}", dialect.id());
        }
    }
}

#[test]
fn every_message_is_sent_as_it_is_and_in_its_place() {
    for dialect in DIALECTS {
        let sent = sent(dialect, Parameters::default());
        let body: Value =
            serde_json::from_str(sent.split_once('\n').expect("two").1).expect("JSON");
        let mut texts = Vec::new();
        collect(&body, &mut texts);
        for message in chat(Parameters::default()).messages {
            let count = texts.iter().filter(|text| **text == message.text).count();
            assert_eq!(count, 1, "{}: {:?} in {body}", dialect.id(), message.text);
        }
        let place = |text: &str| texts.iter().position(|it| it == text);
        let turns = [HOSTILE, "Air scatters light.", "Why is the sky blue?"].map(place);
        assert!(turns.is_sorted(), "{}: {body}", dialect.id());
        if dialect.controls().contains(&Control::Prefill) {
            let with_prefill = self::sent(dialect, sample(Control::Prefill));
            let at = |text| with_prefill.find(text).expect("it is sent");
            assert!(at("It is") > at("Why is the sky blue?"), "{}: it comes last", dialect.id());
        }
    }
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|it| collect(it, texts)),
        Value::Object(fields) => fields.values().for_each(|it| collect(it, texts)),
        _ => {}
    }
}

#[test]
fn a_key_has_one_header_and_only_where_there_is_a_key() {
    for dialect in DIALECTS {
        for has_key in [true, false] {
            let endpoint = endpoint("https://api.example", has_key);
            let chat = chat(Parameters::default());
            let requests = [
                Some(dialect.request(&chat, "m", &endpoint)),
                Some(dialect.models_request(&endpoint, Some("a b&c"))),
                dialect.count_request(&chat, "m", &endpoint),
            ];
            for request in requests.into_iter().flatten() {
                let keys = request.headers.iter().filter(|it| it.takes_key()).count();
                assert_eq!(keys, usize::from(has_key), "{}: {request:?}", dialect.id());
                assert!(!request.url.contains(MASK) && !request.url.contains(' '), "{request:?}");
            }
        }
    }
}

async fn practice() -> String {
    let manner = practice::Manner { pace: practice::pace::Pace::UNLIMITED };
    format!("http://{}", practice::start(manner).await.expect("a free port"))
}

fn client(limit: Duration) -> Client {
    Client::new(Limits { first_word: limit, idle: limit, ..Limits::default() }).expect("a client")
}

/// What a run came to: its reply, its bytes, and how it ended.
struct Ran {
    reply: Reply,
    body: Vec<u8>,
    ending: Option<ErrorKind>,
}

async fn run(
    dialect: &'static dyn Dialect,
    origin: &str,
    model: &str,
    stream: bool,
    limit: Duration,
) -> Ran {
    let parameters = Parameters { stream: Some(stream), ..Parameters::default() };
    let messages = vec![Message { role: Role::User, text: "count to 9".into() }];
    let request = dialect.request(&Chat { messages, parameters }, model, &endpoint(origin, true));
    let call = Call { request, key: Some("practice".into()), dialect, is_loopback: true };
    let (sender, mut events) = mpsc::channel(4);
    let client = client(limit);
    tokio::spawn(async move { client.run(call, sender, CancellationToken::new()).await });
    let (mut reply, mut body, mut endings) = (Reply::default(), Vec::new(), Vec::new());
    while let Some(event) = events.recv().await {
        assert!(
            endings.is_empty(),
            "{}, {model}: nothing follows the end: {event:?}",
            dialect.id()
        );
        match event {
            RunEvent::Frame(frame) => {
                frame.deltas.iter().for_each(|delta| reply.apply(delta));
                body.extend(frame.raw);
            }
            RunEvent::Finished { .. } | RunEvent::Cancelled { .. } => endings.push(None),
            RunEvent::Failed { error, .. } | RunEvent::Interrupted { error, .. } => {
                endings.push(Some(error.kind));
            }
            _ => {}
        }
    }
    let ending = endings.pop().unwrap_or_else(|| panic!("{}, {model}: no end", dialect.id()));
    Ran { reply, body, ending }
}

const LONG: Duration = Duration::from_secs(20);

#[tokio::test]
async fn the_same_reply_is_read_alike_in_every_dialect_streamed_whole_and_cut() {
    let origin = practice().await;
    let mut first: Option<Reply> = None;
    for dialect in DIALECTS {
        for stream in [true, false] {
            let Ran { reply, body, ending } =
                run(dialect, &origin, "practice-1", stream, LONG).await;
            let name = format!("{}, streamed: {stream}", dialect.id());
            assert_eq!(ending, None, "{name}");
            assert_eq!(read_however_cut(dialect.id(), &body).reply, reply, "{name}");
            let first = first.get_or_insert_with(|| reply.clone());
            assert!(first.text().starts_with("1, 2, 3"), "{first:?}");
            assert_eq!(reply.text(), first.text(), "{name}");
            let counts = |reply: &Reply| reply.usage.map(|it| (it.input_tokens, it.output_tokens));
            assert_eq!(counts(&reply), counts(first), "{name}");
            assert_eq!(reply.finish[0].reason, first.finish[0].reason, "{name}");
        }
    }
}

#[tokio::test]
async fn models_are_listed_and_prompts_counted_as_they_are_billed() {
    let origin = practice().await;
    for dialect in DIALECTS {
        let ask = async |request| {
            let call = Call { request, key: Some("practice".into()), dialect, is_loopback: true };
            client(LONG).ask(call).await.expect("an answer")
        };
        let endpoint = endpoint(&origin, true);
        let list = ask(dialect.models_request(&endpoint, None)).await;
        let list = dialect.read_models(&list).expect("an answer");
        let is_practice = |id: &str| id.split(':').next() == Some("practice-1");
        assert!(list.models.iter().any(|it| is_practice(&it.id)), "{}: {list:?}", dialect.id());
        assert_eq!(list.next, None, "{}", dialect.id());
        assert_eq!(dialect.read_models("<html>"), None, "{}", dialect.id());
        let messages = vec![Message { role: Role::User, text: "count to 9".into() }];
        let chat = Chat { messages, ..Chat::default() };
        let Some(request) = dialect.count_request(&chat, "practice-1", &endpoint) else { continue };
        let counted = dialect.read_count(&ask(request).await);
        let billed = run(dialect, &origin, "practice-1", true, LONG).await.reply.usage;
        assert!(counted.is_some(), "{}", dialect.id());
        assert_eq!(counted, billed.and_then(|it| it.input_tokens), "{}", dialect.id());
    }
}

/// Each fault of practice, whether words come before it, and what it may be told as: the services
/// word the same status for different reasons, and the words say more than the status.
const FAULTS: &[(&str, bool, &[ErrorKind])] = &[
    ("status=400", false, &[ErrorKind::BadRequest]),
    ("status=401", false, &[ErrorKind::WrongKey]),
    ("status=402", false, &[ErrorKind::NoCredit]),
    ("status=403", false, &[ErrorKind::Region, ErrorKind::WrongKey, ErrorKind::Forbidden]),
    ("status=404", false, &[ErrorKind::ModelNotFound]),
    ("status=408", false, &[ErrorKind::RequestTimeout]),
    ("status=409", false, &[ErrorKind::Conflict]),
    ("status=413", false, &[ErrorKind::TooLarge]),
    ("status=422", false, &[ErrorKind::BadRequest]),
    ("status=429", false, &[ErrorKind::RateLimited]),
    (
        "code=insufficient_quota",
        false,
        &[
            ErrorKind::NoCredit,
            ErrorKind::SpendLimit,
            ErrorKind::DailyLimit,
            ErrorKind::RateLimited,
        ],
    ),
    ("status=500", false, &[ErrorKind::ServerError, ErrorKind::OutOfMemory]),
    ("status=502", false, &[ErrorKind::BadGateway]),
    ("status=503", false, &[ErrorKind::Unavailable, ErrorKind::Overloaded]),
    ("status=504", false, &[ErrorKind::GatewayTimeout]),
    ("status=529", false, &[ErrorKind::Overloaded]),
    ("html", false, &[ErrorKind::BadGateway]),
    ("html,status=200", false, &[ErrorKind::NotAnApi]),
    ("slow_headers=30s", false, &[ErrorKind::FirstByteTimeout]),
    ("cut=12", true, &[ErrorKind::Cut]),
    ("cut=9b", false, &[ErrorKind::Cut]),
    ("stall=30s", true, &[ErrorKind::IdleTimeout]),
    ("in_stream_error", true, &[ErrorKind::InStream]),
];

#[tokio::test]
async fn every_fault_has_one_ending_and_keeps_the_words_in_every_dialect() {
    let origin = practice().await;
    let mut wrong = Vec::new();
    for dialect in DIALECTS {
        for (fault, has_words, expected) in FAULTS {
            let model = format!("practice-1:{fault}");
            let waits = fault.ends_with("=30s");
            let limit = if waits { Duration::from_millis(500) } else { LONG };
            let ran = run(dialect, &origin, &model, true, limit).await;
            let name = format!("{}, {fault}", dialect.id());
            let fits = ran.ending.is_some_and(|kind| expected.contains(&kind));
            if !fits || ran.reply.text().starts_with('1') != *has_words {
                wrong.push(format!("{name}: {:?}, {:?}", ran.ending, ran.reply.text()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A frame that is no JSON and an end that stays away: the words are all there.
#[tokio::test]
async fn what_does_not_end_a_reply_leaves_it_whole() {
    let origin = practice().await;
    for dialect in DIALECTS {
        let whole = run(dialect, &origin, "practice-1", true, LONG).await;
        for fault in ["garbage", "no_done"] {
            let ran = run(dialect, &origin, &format!("practice-1:{fault}"), true, LONG).await;
            let name = format!("{}, {fault}", dialect.id());
            assert_eq!(ran.reply.text(), whole.reply.text(), "{name}");
            // Without a reason for its end, nobody can tell a reply from one that was cut.
            let expected = ran.reply.finish.is_empty().then_some(ErrorKind::Cut);
            assert_eq!(ran.ending, expected, "{name}");
        }
    }
}
