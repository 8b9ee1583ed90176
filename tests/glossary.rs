//! No field without its sentence: the glossary is held to every request that we write, to all that
//! practice answers, and to the bodies of `bodies/` and `wire/`.

#[path = "support/calling.rs"]
mod calling;

use calling::{LONG, chat, client, endpoint, practice};
use playground::{
    Chat, Parameters, WireRequest,
    dialect::Dialect,
    dialects::{DIALECTS, find},
    glossary::{Direction, explain, explain_header},
    http::{MASK, Method},
};
use reqwest::Response;
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs, path::Path};

const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests");

/// Names that our own bodies made up, for what servers may come to send some day.
const MADE_UP: [&str; 5] = ["/new", "/newPart", "/newPart/text", "/reference_ids", "/cost"];

/// Fields that nothing is known of, each told once.
#[derive(Default)]
struct Unknown(BTreeSet<String>);

impl Unknown {
    fn look(&mut self, dialect: &str, direction: Direction, body: &Value) {
        self.look_below(
            body,
            String::new(),
            &|pointer| explain(dialect, direction, pointer).is_some(),
            dialect,
        );
    }

    fn look_below(
        &mut self,
        value: &Value,
        at: String,
        is_known: &dyn Fn(&str) -> bool,
        dialect: &str,
    ) {
        let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
        let below: Vec<(String, &Value)> = match value {
            Value::Object(fields) => fields.iter().map(|(name, it)| (escaped(name), it)).collect(),
            Value::Array(items) => {
                items.iter().enumerate().map(|(n, it)| (n.to_string(), it)).collect()
            }
            _ => Vec::new(),
        };
        for (name, it) in below {
            let pointer = format!("{at}/{name}");
            if value.is_object() && !is_known(&pointer) {
                let steps = pointer.split('/').map(|it| it.parse::<u32>().map_or(it, |_| "[]"));
                self.0.insert(format!("{dialect}: {}", steps.collect::<Vec<_>>().join("/")));
            }
            self.look_below(it, pointer, is_known, dialect);
        }
    }

    /// Every value in a body that came, whichever way it is framed.
    fn look_into(&mut self, dialect: &str, body: &str) {
        for value in values(body) {
            self.look(dialect, Direction::Response, &value);
        }
    }

    fn look_at_header(&mut self, dialect: &str, direction: Direction, name: &str) {
        if explain_header(dialect, direction, name).is_none() {
            self.0.insert(format!("{dialect}: header {name}"));
        }
    }

    #[track_caller]
    fn is_nothing(&self) {
        let real = self.0.iter().filter(|it| !MADE_UP.iter().any(|name| it.ends_with(name)));
        let list: Vec<_> = real.map(String::as_str).collect();
        assert!(list.is_empty(), "nothing is said of\n{}", list.join("\n"));
    }
}

fn values(body: &str) -> Vec<Value> {
    if let Ok(value) = serde_json::from_str(body) {
        return vec![value];
    }
    let lines = body.lines().map(|line| line.strip_prefix("data:").unwrap_or(line));
    let found: Vec<Value> = lines.filter_map(|line| serde_json::from_str(line).ok()).collect();
    found.into_iter().filter(|it| it.is_object() || it.is_array()).collect()
}

fn list(folder: &str, dialect: &dyn Dialect) -> Vec<Value> {
    let list = fs::read_to_string(format!("{TESTS}/{folder}/{}.json", dialect.id()));
    serde_json::from_str(&list.expect("a list")).expect("JSON")
}

/// Every control, and its other kinds of values.
fn asked(dialect: &dyn Dialect) -> Vec<Parameters> {
    let entries = list("requests", dialect);
    let parameters = entries.iter().map(|it| serde_json::from_value(it["parameters"].clone()));
    let mut parameters: Vec<Parameters> = parameters.map(|it| it.expect("parameters")).collect();
    let everything =
        dialect.controls().iter().all(|it| parameters.iter().any(|all| all.is_set(*it)));
    assert!(everything, "{}: some control is never set", dialect.id());
    let stop = Some(vec!["END".to_owned()]);
    parameters.push(Parameters { stop, ..Parameters::default() });
    parameters
}

#[test]
fn every_field_that_is_sent_is_explained() {
    let mut unknown = Unknown::default();
    for dialect in DIALECTS {
        for (parameters, home) in asked(dialect)
            .into_iter()
            .zip(["https://api.example", "https://x.openai.azure.com"].iter().cycle())
        {
            let (chat, endpoint) = (chat("Why?", parameters), endpoint(home, true));
            let reply = dialect.request(&chat, "m", &endpoint);
            let count = dialect.count_request(&chat, "m", &endpoint);
            for WireRequest { headers, body, .. } in [Some(reply), count].into_iter().flatten() {
                let body = serde_json::from_str(&body).expect("JSON");
                unknown.look(dialect.id(), Direction::Request, &body);
                for header in headers {
                    unknown.look_at_header(dialect.id(), Direction::Request, &header.name);
                }
            }
        }
    }
    unknown.is_nothing();
}

#[test]
fn every_field_of_our_own_bodies_is_explained() {
    let mut unknown = Unknown::default();
    for dialect in DIALECTS {
        for entry in list("bodies", dialect) {
            for name in ["events", "lines", "whole", "bytes"] {
                let values = entry[name].as_array().cloned();
                for value in values.unwrap_or_else(|| vec![entry[name].clone()]) {
                    let text = value.as_str().map_or(value.to_string(), str::to_owned);
                    unknown.look_into(dialect.id(), &text);
                }
            }
        }
    }
    let files = fs::read_dir(Path::new(TESTS).join("wire")).expect("a folder");
    for path in files.map(|it| it.expect("an entry").path()) {
        let name = path.file_name().and_then(|it| it.to_str()).expect("a name");
        let body = fs::read(&path).expect("a body");
        let dialect = name.split('.').next().and_then(find).expect("a dialect");
        unknown.look_into(dialect.id(), &String::from_utf8_lossy(&body));
    }
    unknown.is_nothing();
}

async fn answer(http: &reqwest::Client, request: WireRequest, fault: &str) -> Response {
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
    };
    let mut call = http.request(method, &request.url).body(request.body);
    for header in request.headers {
        call = call.header(header.name, header.value.replace(MASK, "practice"));
    }
    let paced = call.header("x-practice-pace", "first=0s, rate=0");
    let call = if fault.is_empty() { paced } else { paced.header("x-practice-fault", fault) };
    call.send().await.expect("practice answers")
}

/// What a person can ask practice for in this format, and then its failures.
fn questions(dialect: &dyn Dialect, home: &str) -> Vec<(WireRequest, String)> {
    let endpoint = endpoint(home, true);
    let request = |chat: &Chat, model: &str| dialect.request(chat, model, &endpoint);
    let chat = |parameters| chat("Why is the sky blue? Answer in JSON.", parameters);
    let mut asked = asked(dialect);
    for logprobs in [None, Some(3)] {
        for stream in [true, false] {
            let n = logprobs.map(|_| 2);
            asked.push(Parameters { logprobs, n, stream: Some(stream), ..Parameters::default() });
        }
    }
    let asked = asked.into_iter().map(chat);
    let mut all: Vec<_> = asked.map(|chat| (request(&chat, "practice-1"), String::new())).collect();
    let plain = chat(Parameters::default());
    all.push((request(&plain, "no-such-model"), String::new()));
    all.push((dialect.models_request(&endpoint, None), String::new()));
    let count = dialect.count_request(&plain, "practice-1", &endpoint);
    all.extend(count.map(|request| (request, String::new())));
    let statuses = [400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529];
    let faults = statuses.iter().map(|status| format!("status={status}, retry_after=2"));
    let others = ["code=insufficient_quota", "in_stream_error", "garbage", "no_done"];
    for fault in faults.chain(others.map(str::to_owned)) {
        for stream in [true, false] {
            let stream = Parameters { stream: Some(stream), ..Parameters::default() };
            all.push((request(&chat(stream), "practice-1"), fault.clone()));
        }
    }
    all
}

#[tokio::test]
async fn every_field_that_practice_answers_is_explained() {
    // It puts the cryptography in place, without which no client can be made.
    drop(client(LONG));
    let (http, home) = (reqwest::Client::new(), practice().await);
    let mut unknown = Unknown::default();
    for dialect in DIALECTS {
        let (mut good, mut bad) = (0, 0);
        for (request, fault) in questions(dialect, &home) {
            let answer = answer(&http, request, &fault).await;
            *if answer.status().is_success() { &mut good } else { &mut bad } += 1;
            for name in answer.headers().keys() {
                unknown.look_at_header(dialect.id(), Direction::Response, name.as_str());
            }
            unknown.look_into(dialect.id(), &answer.text().await.expect("a body"));
        }
        assert!(good > 5 && bad > 20, "{}: {good} good, {bad} bad", dialect.id());
    }
    unknown.is_nothing();
}

#[test]
fn a_field_that_is_new_is_not_explained_away() {
    for dialect in DIALECTS {
        for direction in [Direction::Request, Direction::Response] {
            let mut unknown = Unknown::default();
            unknown.look(dialect.id(), direction, &json!({ "dragons": { "here": 1 } }));
            assert_eq!(unknown.0.len(), 2, "{} {direction:?}", dialect.id());
        }
    }
}
