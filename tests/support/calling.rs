//! Calls as the app makes them, and the stories that come of them.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use playground::{
    ApiError, BaseUrl, Chat, Message, Parameters, Provider, Reply, Role, RunEvent,
    client::{Call, Client, Hand, Limits},
    dialect::Dialect,
    provider::Endpoint,
};
use std::time::Duration;
use tokio::sync::mpsc;

/// A key that is in no reply unless a server echoes it.
pub const KEY: &str = "sk-canary-0123456789abcdef";
/// How long something that must happen may take on a busy machine.
pub const LONG: Duration = Duration::from_secs(120);

/// A server of somebody's own at this address.
pub fn endpoint(base_url: &str, has_key: bool) -> Endpoint {
    let provider = Provider::find("custom").expect("a row");
    Endpoint { provider, base_url: BaseUrl::parse(base_url).expect("an address"), has_key }
}

/// One question.
pub fn chat(question: &str, parameters: Parameters) -> Chat {
    Chat { messages: vec![Message { role: Role::User, text: question.into() }], parameters }
}

/// A call that asks `question` of `model` there.
pub fn call(dialect: &'static dyn Dialect, base_url: &str, key: Option<&str>) -> Call {
    ask(dialect, base_url, "m", &chat("Hello?", Parameters::default()), key)
}

/// A call that sends `chat` to `model` there.
pub fn ask(
    dialect: &'static dyn Dialect,
    base_url: &str,
    model: &str,
    chat: &Chat,
    key: Option<&str>,
) -> Call {
    let endpoint = endpoint(base_url, key.is_some());
    let request = dialect.request(chat, model, &endpoint);
    let is_loopback = endpoint.base_url.is_loopback();
    Call { request, key: key.map(Into::into), dialect, is_loopback, is_by_hand: false }
}

/// So long a wait for a word.
pub fn limits(limit: Duration) -> Limits {
    Limits { first_word: limit, idle: limit, ..Limits::default() }
}

/// A client that waits so long, and sends nothing twice.
pub fn client(limit: Duration) -> Client {
    Client::new(limits(limit)).expect("a client")
}

/// Everything that is told of `call`.
pub async fn story(client: Client, call: Call) -> Vec<RunEvent> {
    story_with(client, call, |_, _| {}).await
}

/// The same, told to `listen`, which may put its hand on the run.
pub async fn story_with(
    client: Client,
    call: Call,
    listen: impl Fn(&RunEvent, &Hand),
) -> Vec<RunEvent> {
    let (tell, mut events) = mpsc::channel(4);
    let hand = Hand::default();
    let held = hand.clone();
    tokio::spawn(async move { client.run(call, tell, held).await });
    let mut story = Vec::new();
    while let Some(event) = events.recv().await {
        listen(&event, &hand);
        story.push(event);
    }
    let last = story.iter().position(RunEvent::is_last);
    assert_eq!(last, Some(story.len() - 1), "one ending, and nothing after it: {story:#?}");
    story
}

/// Why it ended, if not well.
pub fn error_of(story: &[RunEvent]) -> Option<&ApiError> {
    match story.last().expect("a story has an end") {
        RunEvent::Failed { error, .. } | RunEvent::Interrupted { error, .. } => Some(error),
        _ => None,
    }
}

/// What was said in it.
pub fn reply_of(story: &[RunEvent]) -> Reply {
    let mut reply = Reply::default();
    for event in story {
        if let RunEvent::Frame(frame) = event {
            frame.deltas.iter().for_each(|delta| reply.apply(delta));
        }
    }
    reply
}

/// The bytes that came in it.
pub fn body_of(story: &[RunEvent]) -> Vec<u8> {
    let bytes = story.iter().filter_map(|event| match event {
        RunEvent::Frame(frame) => Some(frame.raw.as_slice()),
        _ => None,
    });
    bytes.collect::<Vec<_>>().concat()
}

/// A practice server of the test's own, as fast as it can.
pub async fn practice() -> String {
    let manner = practice::Manner { pace: practice::pace::Pace::UNLIMITED };
    format!("http://{}", practice::start(manner).await.expect("a free port"))
}
