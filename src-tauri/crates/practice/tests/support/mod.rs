//! A practice server over real HTTP, and a plain reader of what it sends.
#![allow(dead_code, reason = "each test binary uses a part")]

pub mod formats;

use practice::{Manner, pace::Pace};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

/// A client for plain HTTP. An error means that a provider is installed already.
pub fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::new()
}

/// A server in this process, and a client with a right key.
pub struct Practice {
    pub origin: String,
    /// Of OpenAI's formats.
    pub base: String,
    pub client: Client,
}

impl Practice {
    /// A server that talks as fast as it can unless a request asks otherwise.
    pub async fn start() -> Self {
        let address = practice::start(Manner { pace: Pace::UNLIMITED }).await.unwrap();
        let origin = format!("http://{address}");
        Self { base: format!("{origin}/v1"), origin, client: client() }
    }

    /// A request of any format.
    pub fn request(&self, request: &formats::Request) -> RequestBuilder {
        let address = format!("{}{}", self.origin, request.path);
        let builder = match &request.body {
            Some(body) => self.client.post(address).json(body),
            None => self.client.get(address),
        };
        let headers = request.headers.iter();
        headers.fold(builder, |builder, (name, value)| builder.header(*name, value))
    }

    pub fn post(&self, body: &Value) -> RequestBuilder {
        self.client
            .post(format!("{}/chat/completions", self.base))
            .bearer_auth("practice-key")
            .json(body)
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.base)).bearer_auth("practice-key")
    }

    /// A reply that is not streamed.
    pub async fn whole(&self, body: &Value) -> Value {
        let response = self.post(body).send().await.unwrap();
        assert_eq!(response.status(), 200, "{body}");
        response.json().await.unwrap()
    }

    /// The frames of a streamed reply, without `[DONE]`, which must be the last.
    pub async fn frames(&self, body: &Value) -> Vec<Value> {
        let mut body = body.clone();
        body["stream"] = true.into();
        let response = self.post(&body).send().await.unwrap();
        assert_eq!(response.status(), 200, "{body}");
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        frames(&response.text().await.unwrap())
    }
}

/// A body that asks one question.
pub fn asks(question: &str) -> Value {
    json!({ "model": "practice-1", "messages": [{ "role": "user", "content": question }] })
}

/// The same with more fields.
pub fn asks_with(question: &str, more: &Value) -> Value {
    let mut body = asks(question);
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// Reads a stream by its grammar: `data: {…}`, a blank line, and at last `data: [DONE]`.
pub fn frames(text: &str) -> Vec<Value> {
    let events = text.strip_suffix("\n\n").expect("a stream ends with a blank line");
    let mut events: Vec<&str> = events.split("\n\n").collect();
    assert_eq!(events.pop(), Some("data: [DONE]"));
    events
        .into_iter()
        .map(|event| {
            let data = event.strip_prefix("data: ").expect(event);
            assert!(!data.contains('\n'), "{data}");
            serde_json::from_str(data).expect(data)
        })
        .collect()
}

/// All text of the deltas, joined.
pub fn text_of(frames: &[Value]) -> String {
    deltas(frames).concat()
}

/// The text of each delta that has any.
pub fn deltas(frames: &[Value]) -> Vec<&str> {
    let content = |frame: &'_ Value| -> bool {
        frame["choices"][0]["delta"]["content"].as_str().is_some_and(|text| !text.is_empty())
    };
    frames
        .iter()
        .filter(|frame| content(frame))
        .map(|frame| frame["choices"][0]["delta"]["content"].as_str().unwrap())
        .collect()
}

/// The finish reason of the last chunk that has a choice.
pub fn finish_of(frames: &[Value]) -> &str {
    let mut reasons =
        frames.iter().filter_map(|frame| frame["choices"][0]["finish_reason"].as_str());
    reasons.next_back().expect("a finish reason")
}

/// Status and the `error` object of a refused request.
pub async fn refusal(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let mut body: Value = response.json().await.expect("an error is JSON");
    assert!(body["error"]["message"].is_string(), "{body}");
    assert!(body["error"]["type"].is_string(), "{body}");
    (status, body["error"].take())
}
