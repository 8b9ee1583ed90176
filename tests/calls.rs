//! The client against servers that go wrong: each story has one ending, a sentence for
//! it, and all the words that came before.

#[path = "support/calling.rs"]
mod calling;

use calling::{
    KEY, LONG, ask, call, chat, client, error_of, practice, reply_of, story, story_with,
};
use playground::{ErrorKind, Parameters, RunEvent, dialects::DIALECTS};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::mpsc,
};

fn chunk(text: &str) -> String {
    format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n")
}

fn stream(body: &str) -> Vec<u8> {
    answer("200 OK", "content-type: text/event-stream\r\n", body.as_bytes())
}

fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}connection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// A server that reads one request, answers `bytes`, and then closes or falls silent.
/// What it read is kept.
async fn server(bytes: Vec<u8>, hangs: bool) -> (String, mpsc::UnboundedReceiver<Vec<u8>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (requests, received) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = vec![0; 64 * 1024];
            let length = socket.read(&mut request).await.unwrap_or(0);
            request.truncate(length);
            let _ = requests.send(request);
            let _ = socket.write_all(&bytes).await;
            if hangs {
                std::future::pending::<()>().await;
            }
        }
    });
    (format!("http://{address}/v1"), received)
}

async fn run(base_url: &str) -> Vec<RunEvent> {
    story(client(Duration::from_secs(3)), call(DIALECTS[0], base_url, Some(KEY))).await
}

fn ending(story: &[RunEvent]) -> Option<ErrorKind> {
    error_of(story).map(|it| it.kind)
}

/// What a server answers, and what must come of it.
struct Trouble {
    name: &'static str,
    answer: Vec<u8>,
    /// Whether the server then keeps the connection open, for ever.
    hangs: bool,
    words: &'static str,
    ending: Option<ErrorKind>,
}

fn closes(
    name: &'static str,
    answer: Vec<u8>,
    words: &'static str,
    ending: impl Into<Option<ErrorKind>>,
) -> Trouble {
    Trouble { name, answer, hangs: false, words, ending: ending.into() }
}

fn hangs(
    name: &'static str,
    answer: Vec<u8>,
    words: &'static str,
    ending: impl Into<Option<ErrorKind>>,
) -> Trouble {
    Trouble { hangs: true, ..closes(name, answer, words, ending) }
}

fn streams() -> Vec<Trouble> {
    let hi = chunk("Hi");
    let done = format!("{hi}data: [DONE]\n\n");
    let big = format!("{hi}{}", chunk(&"x".repeat(10 << 20)));
    let failed = format!("{hi}data: {{\"error\":{{\"message\":\"overloaded\"}}}}\n\n");
    let not_utf8 = [stream("data: "), b"\xff\xfe\n\n".to_vec()].concat();
    vec![
        closes("complete", stream(&done), "Hi", None),
        hangs("text after the end", stream(&format!("{done}{hi}")), "Hi", None),
        closes("cut between frames", stream(&hi), "Hi", ErrorKind::Cut),
        closes("cut in a frame", stream(&format!("{hi}data: {{\"ch")), "Hi", ErrorKind::Cut),
        hangs("silence in the middle", stream(&hi), "Hi", ErrorKind::IdleTimeout),
        hangs("silence from the start", Vec::new(), "", ErrorKind::FirstByteTimeout),
        hangs("silence after headers", stream(""), "", ErrorKind::FirstByteTimeout),
        hangs("a ping and no more", stream(": ping\n\n"), "", ErrorKind::FirstByteTimeout),
        closes("nothing at all", stream(""), "", ErrorKind::Empty),
        closes("a failure inside", stream(&failed), "Hi", ErrorKind::Overloaded),
        closes("not utf-8", not_utf8, "", ErrorKind::Unreadable),
        closes("10 MB in one frame", stream(&big), "Hi", ErrorKind::FrameTooLarge),
    ]
}

fn bodies() -> Vec<Trouble> {
    let json = "content-type: application/json\r\n";
    let whole = br#"{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}"#;
    let echo = format!(r#"{{"error":{{"message":"wrong key {KEY}","code":"invalid_api_key"}}}}"#);
    let elsewhere = "location: http://127.0.0.1:9/\r\n";
    let ok = |headers, body: &[u8]| answer("200 OK", headers, body);
    let refused = answer("401 Unauthorized", json, echo.as_bytes());
    let moved = answer("307 Temporary Redirect", elsewhere, b"");
    vec![
        closes("json without streaming", ok(json, whole), "Hi", None),
        closes("html", ok("", b"<!doctype html><p>Hi"), "", ErrorKind::NotAnApi),
        closes("broken json", ok(json, b"{\"choices\""), "", ErrorKind::Unreadable),
        closes("not utf-8", ok(json, b"{\"a\":\"\xff\xfe\"}"), "", ErrorKind::Unreadable),
        closes("a plain sentence", ok("", b"Service starting"), "", ErrorKind::Empty),
        closes("wrong key", refused, "", ErrorKind::WrongKey),
        closes("redirect", moved, "", ErrorKind::Redirect),
        closes("no http", b"SSH-2.0-OpenSSH\r\n".to_vec(), "", ErrorKind::Connection),
    ]
}

#[tokio::test]
async fn every_trouble_has_one_ending_and_keeps_the_words() {
    for trouble in streams().into_iter().chain(bodies()) {
        let Trouble { name, answer, hangs, words, ending: expected } = trouble;
        let (base_url, _received) = server(answer, hangs).await;
        let story = run(&base_url).await;
        assert_eq!(reply_of(&story).text(), words, "{name}");
        assert_eq!(ending(&story), expected, "{name}: {:?}", story.last());
        assert!(!format!("{story:?}").contains(KEY), "{name}: the key must not be told");
    }
}

#[tokio::test]
async fn what_is_told_is_what_is_sent_but_for_the_key() {
    let (base_url, mut received) = server(stream("data: [DONE]\n\n"), false).await;
    let story = run(&base_url).await;
    let sent = String::from_utf8(received.recv().await.expect("a request")).expect("text");
    let RunEvent::AttemptStarted { request, .. } = &story[0] else { panic!("{:?}", story[0]) };
    assert!(sent.ends_with(&format!("\r\n\r\n{}", request.body)), "{sent}\n{}", request.body);
    assert!(sent.contains(&format!("authorization: Bearer {KEY}\r\n")), "{sent}");
}

#[tokio::test]
async fn cancelling_ends_the_story_and_keeps_the_words() {
    let (base_url, _received) = server(stream(&chunk("Hi")), true).await;
    let call = call(DIALECTS[0], &base_url, Some(KEY));
    let story = story_with(client(LONG), call, |event, hand| {
        if let RunEvent::Frame(_) = event {
            hand.cancel.cancel();
        }
    });
    let story = story.await;
    assert_eq!(reply_of(&story).text(), "Hi");
    assert!(matches!(story.last(), Some(RunEvent::Cancelled { .. })), "{:?}", story.last());
}

#[tokio::test]
async fn practice_answers_and_counts_as_we_count() {
    use playground::tokens::{self, Encoding, Overhead};
    let origin = practice().await;
    for question in ["Why is the sky blue?", "Count to 40", "👩‍🚀 hello", ""] {
        // Tokens that are drawn by chance need not be those that their text is cut into.
        let likeliest = Parameters { temperature: Some(0.0), ..Parameters::default() };
        let chat = chat(question, likeliest);
        let counted = tokens::prompt(Encoding::O200kBase, &chat.messages, Overhead::Classic, 1_000);
        let call = ask(DIALECTS[0], &origin, "practice-1", &chat, Some("practice"));
        let reply = reply_of(&story(client(LONG), call).await);
        let usage = reply.usage.unwrap_or_else(|| panic!("{question}: no usage in {reply:#?}"));
        let total = counted.expect("countable").total;
        assert_eq!(usage.input_tokens, Some(u64::from(total)), "{question}: the prompt");
        let written = tokens::count(Encoding::O200kBase, reply.text()).expect("countable");
        assert_eq!(usage.output_tokens, Some(u64::from(written)), "{question}: the reply");
    }
}

#[tokio::test]
async fn a_new_connection_is_told_with_its_time_and_one_that_was_open_with_none() {
    let (base_url, client) = (practice().await, client(LONG));
    for is_new in [true, false] {
        let call = call(DIALECTS[0], &base_url, Some(KEY));
        let events = story(client.clone(), call).await;
        let started = events.iter().find_map(|event| match event {
            RunEvent::ResponseStarted { at_us, connected_us, .. } => Some((*at_us, *connected_us)),
            _ => None,
        });
        let (headers, connected) = started.expect("practice answers");
        assert_eq!(connected.is_some(), is_new, "{events:?}");
        assert!(connected.unwrap_or(0) <= headers, "{connected:?} before {headers}");
    }
}
