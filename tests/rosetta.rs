//! Every part of every request and reply has a meaning, or is told as missing: the data of
//! `rosetta` is held to what each wire format writes, to all that practice answers, to the bodies
//! of `bodies/` and `wire/`, and to what the readers of these formats make of them.

#[path = "support/calling.rs"]
mod calling;
#[path = "support/reading.rs"]
mod reading;

use calling::{LONG, ask, client, practice, story};
use playground::{
    Chat, Delta, Message, Parameters, Role, RunEvent, Target, Usage,
    chat::{CacheLifetime, Effort, ResponseFormat},
    dialect::Dialect,
    dialects::DIALECTS,
    provider::{BaseUrl, Endpoint, PROVIDERS},
    rosetta::{Asked, CellHas, ReplyAnatomy, ReplyHas, RosettaColumn, anatomy, rosetta},
};
use proptest::{option::of as some, prelude::*, sample::select};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::Path};

const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests");

fn asked(dialect: &'static dyn Dialect, provider: &str, model: &str) -> Asked<'static> {
    let provider = PROVIDERS.iter().find(|it| it.id == provider).expect("a row");
    let base_url = BaseUrl::parse("https://api.example").expect("an address");
    let target = Target {
        provider: provider.id.into(),
        base_url: None,
        dialect: Some(dialect.id().into()),
        model: model.into(),
    };
    Asked { target, dialect, endpoint: Endpoint { provider, base_url, has_key: true } }
}

/// Every value of a body that holds no other.
fn leaves(value: &Value, at: String, found: &mut Vec<String>) {
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    let below: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, it)| (escaped(name), it)).collect(),
        Value::Array(items) => (0_u32..).map(|n| n.to_string()).zip(items).collect(),
        _ => Vec::new(),
    };
    if below.is_empty() {
        found.push(at.clone());
    }
    for (name, it) in below {
        leaves(it, format!("{at}/{name}"), found);
    }
}

/// That every value has a meaning that the rows tell of, and that the rest is whole too.
fn is_whole(column: &RosettaColumn, rows: &[String], what: &str) {
    let body: Value = serde_json::from_str(&column.request.body).expect("JSON");
    let mut all = Vec::new();
    leaves(&body, String::new(), &mut all);
    for leaf in all {
        let holds = |whole: &str| {
            leaf.strip_prefix(whole).is_some_and(|it| it.is_empty() || it.starts_with('/'))
        };
        let mut parts = column.parts.iter().filter(|it| holds(&it.pointer)).peekable();
        assert!(parts.peek().is_some(), "{what}: {leaf} means nothing in {body:#}");
        for part in parts {
            assert!(rows.contains(&part.meaning), "{what}: {part:?} has no row");
            assert!(body.pointer(&part.pointer).is_some(), "{what}: {part:?} is nowhere");
        }
    }
    let address: String = column.address.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(address, column.request.url, "{what}");
    let headers: Vec<&str> = column.headers.iter().map(|it| it.name.as_str()).collect();
    let sent: Vec<&str> = column.request.headers.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(headers, sent, "{what}");
}

fn parameters() -> impl Strategy<Value = Parameters> {
    let schema = prop_oneof![
        Just(ResponseFormat::JsonObject),
        Just(json!({ "type": "object", "properties": { "a/b": { "enum": ["x", []] } } }))
            .prop_map(|schema| ResponseFormat::JsonSchema { name: "x".into(), schema }),
        Just(ResponseFormat::JsonSchema { name: "y".into(), schema: json!({}) }),
    ];
    let numbers = (some(1..9_u32), some(0.0..2.0), some(0.0..1.0), some(0..9_u32), some(0..9_i64));
    let texts = (some(prop::collection::vec(".{0,3}", 0..3)), some(".{0,3}"), some(schema));
    let more = (some(-2.0..2.0), some(-2.0..2.0), some(1..4_u32), some(0..4_u32), some(0..9_u32));
    let words = (
        some(select(Effort::ALL.to_vec())),
        some(any::<bool>()),
        some(any::<bool>()),
        some(any::<bool>()),
    );
    (numbers, texts, more, words).prop_map(|(numbers, texts, more, words)| Parameters {
        max_tokens: numbers.0,
        temperature: numbers.1,
        top_p: numbers.2,
        top_k: numbers.3,
        seed: numbers.4,
        stop: texts.0,
        prefill: texts.1,
        response_format: texts.2,
        frequency_penalty: more.0,
        presence_penalty: more.1,
        n: more.2,
        logprobs: more.3,
        thinking_budget: more.4,
        effort: words.0,
        show_reasoning: words.1,
        cache: words.2.map(|it| if it { CacheLifetime::Short } else { CacheLifetime::Long }),
        stream: words.3,
    })
}

fn chats() -> impl Strategy<Value = Chat> {
    let role = select(vec![Role::System, Role::User, Role::Assistant]);
    let message = (role, ".{0,9}").prop_map(|(role, text)| Message { role, text });
    let messages = prop::collection::vec(message, 0..6);
    (messages, parameters()).prop_map(|(messages, parameters)| Chat { messages, parameters })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn every_value_of_every_request_means_something(
        chat in chats(),
        model in select(vec!["m", "gemma-4-31b-it", "models/x y", "claude-haiku-5-5", "", "a/b?c"]),
        provider in select(vec!["openai", "custom", "practice"]),
    ) {
        let all: Vec<_> = DIALECTS.iter().map(|it| asked(*it, provider, model)).collect();
        let rosetta = rosetta(&chat, &all);
        let ids: Vec<String> = rosetta.rows.iter().map(|it| it.meaning.clone()).collect();
        for column in &rosetta.columns {
            is_whole(column, &ids, &column.dialect);
        }
        for row in &rosetta.rows {
            prop_assert_eq!(row.cells.len(), all.len());
            prop_assert!(row.cells.iter().any(|it| it.state == CellHas::Here), "{row:?}");
            for (cell, column) in row.cells.iter().zip(&rosetta.columns) {
                let stands = column.parts.iter().any(|it| it.meaning == row.meaning)
                    || column.address.iter().any(|it| it.meaning == row.meaning)
                    || column.headers.iter().any(|it| it.meaning == row.meaning);
                prop_assert_eq!(stands, cell.state == CellHas::Here, "{:?}", row);
                prop_assert!(cell.says.ends_with('.'));
                prop_assert_eq!(cell.place.is_none(), cell.state == CellHas::None);
            }
        }
        let mut once = ids.clone();
        once.sort();
        once.dedup();
        prop_assert_eq!(once.len(), ids.len(), "each meaning has one row");
    }
}

#[test]
fn every_entry_of_the_requests_means_something() {
    for dialect in DIALECTS {
        let list = fs::read_to_string(format!("{TESTS}/requests/{}.json", dialect.id()));
        let list: Vec<Value> = serde_json::from_str(&list.expect("a list")).expect("JSON");
        for entry in list {
            let parameters = serde_json::from_value(entry["parameters"].clone()).expect("some");
            let messages = vec![Message { role: Role::User, text: "Why?".into() }];
            let model = entry["model"].as_str().unwrap_or("m");
            let asked = asked(dialect, entry["provider"].as_str().unwrap_or("openai"), model);
            let told = rosetta(&Chat { messages, parameters }, &[asked]);
            let ids: Vec<String> = told.rows.iter().map(|it| it.meaning.clone()).collect();
            is_whole(&told.columns[0], &ids, &format!("{}: {}", dialect.id(), entry["why"]));
            // The first way whose place it is says how; so every place is in the data.
            for row in &told.rows {
                let cell = &row.cells[0];
                assert!(!cell.says.is_empty(), "{}: {row:?}", dialect.id());
            }
        }
    }
}

/// The values that a frame has for a meaning.
fn values(told: &ReplyAnatomy, meaning: &str) -> Vec<String> {
    let group = &told.frames[0];
    let body: Value = serde_json::from_str(&group.text).unwrap_or_default();
    let parts = group.parts.iter().filter(|it| it.meaning == meaning);
    let values = parts.filter_map(|it| body.pointer(&it.pointer));
    values.map(|it| it.as_str().map_or(it.to_string(), str::to_owned)).collect()
}

/// That what the reader took from a frame stands where the data says.
fn agrees(dialect: &str, raw: &[u8], delta: &Delta, why: &str) {
    let told = anatomy(dialect, [raw]).expect("a dialect");
    // What is only nearly JSON is mended where it is read, and not here.
    if serde_json::from_str::<Value>(&told.frames[0].text).is_err() {
        return;
    }
    let has = |meaning: &str, value: &str| {
        let all = values(&told, meaning);
        let is_there = all.iter().any(|it| it == value) || all.concat() == value;
        assert!(is_there, "{why}: {meaning} {value:?} is not among {all:?} in {:#?}", told.frames);
    };
    match delta {
        Delta::Text { text, .. } if !text.is_empty() => has("text", text),
        Delta::Reasoning { text, .. } => has("reasoning", text),
        Delta::Refusal { text, .. } => has("refusal", text),
        Delta::Finish { raw, .. } => has("finish", raw),
        Delta::Model { id } => has("model", id),
        Delta::ToolCall { name: Some(name), .. } if !name.is_empty() => has("tool_call", name),
        Delta::Error(_) => {
            let body: Value = serde_json::from_str(&told.frames[0].text).unwrap_or_default();
            let has_one = body["error"].is_string() || body["error"]["message"].is_string();
            assert!(!has_one || !values(&told, "error").is_empty(), "{why}: an error");
        }
        _ => {}
    }
}

/// That every count which was read is told; those of parts need not be in the last frame.
fn counts_agree(told: &ReplyAnatomy, usage: &Usage, why: &str) {
    let Usage {
        input_tokens,
        output_tokens,
        reasoning_tokens,
        cache_read_tokens,
        cache_write_tokens,
        ..
    } = *usage;
    for (meaning, count) in [
        ("input_tokens", input_tokens),
        ("output_tokens", output_tokens.filter(|it| reasoning_tokens != Some(*it))),
        ("reasoning_tokens", reasoning_tokens),
        ("cached_tokens", cache_read_tokens),
        ("cache_write_tokens", cache_write_tokens),
    ] {
        let row = told.rows.iter().find(|it| it.meaning == meaning).expect("a row");
        if count.is_some() {
            assert_eq!(row.state, ReplyHas::Here, "{why}: {meaning} in {told:#?}");
        }
    }
}

/// Frames and deltas of a body, held to what the data says.
fn held(dialect: &str, body: &[u8], why: &str) -> ReplyAnatomy {
    let read = reading::read(dialect, [body]);
    for frame in &read.frames {
        frame.deltas.iter().for_each(|delta| agrees(dialect, &frame.raw, delta, why));
    }
    let told = anatomy(dialect, read.frames.iter().map(|it| it.raw.as_slice())).expect("a dialect");
    if let Some(usage) = &read.reply.usage {
        counts_agree(&told, usage, why);
    }
    let frames: u32 = told.frames.iter().map(|it| it.count).sum();
    assert_eq!(frames + told.more, read.frames.len() as u32, "{why}");
    told
}

#[test]
fn what_is_read_out_of_every_body_stands_where_the_data_says() {
    for dialect in DIALECTS.map(|it| it.id()) {
        let list = fs::read_to_string(format!("{TESTS}/bodies/{dialect}.json")).expect("a list");
        let list: Vec<Value> = serde_json::from_str(&list).expect("JSON");
        for entry in list {
            let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
            let items = |name: &str| entry[name].as_array().into_iter().flatten().map(text);
            let events: String = items("events").map(|it| format!("data: {it}\n\n")).collect();
            let lines: String = items("lines").map(|it| format!("{it}\n")).collect();
            let rest: String =
                ["whole", "bytes"].iter().filter_map(|it| entry.get(*it)).map(text).collect();
            held(
                dialect,
                (events + &lines + &rest).as_bytes(),
                &format!("{dialect}: {}", entry["why"]),
            );
        }
    }
}

#[test]
fn so_it_does_in_the_recorded_streams() {
    let mut files = 0;
    for entry in fs::read_dir(Path::new(TESTS).join("wire")).expect("a folder") {
        let path = entry.expect("a file").path();
        let name = path.file_name().and_then(|it| it.to_str()).expect("a name").to_owned();
        let dialect = name.split('.').next().expect("a dialect");
        held(dialect, &fs::read(&path).expect("bytes"), &name);
        files += 1;
    }
    assert!(files > 20, "{files} files");
}

/// What practice is asked so that its reply has something of everything.
fn questions() -> Vec<(&'static str, Parameters)> {
    let thinking = Parameters {
        show_reasoning: Some(true),
        effort: Some(Effort::Low),
        ..Parameters::default()
    };
    vec![
        ("practice-1", Parameters::default()),
        ("practice-1", Parameters { stream: Some(false), ..Parameters::default() }),
        ("practice-reasoner", thinking.clone()),
        ("practice-reasoner", Parameters { stream: Some(false), ..thinking }),
        ("practice-1", Parameters { max_tokens: Some(3), ..Parameters::default() }),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reply_of_practice_tells_each_meaning_or_is_said_not_to() {
    let server = practice().await;
    let mut told: BTreeMap<&str, Vec<ReplyAnatomy>> = BTreeMap::new();
    for dialect in DIALECTS {
        for (model, parameters) in questions() {
            let why = format!("{}: {parameters:?}", dialect.id());
            let messages = vec![Message { role: Role::User, text: "Why is the sky blue?".into() }];
            let chat = Chat { messages, parameters };
            let story =
                story(client(LONG), ask(dialect, &server, model, &chat, Some("practice"))).await;
            assert!(matches!(story.last(), Some(RunEvent::Finished { .. })), "{why}: {story:#?}");
            let body = calling::body_of(&story);
            let anatomy = held(dialect.id(), &body, &why);
            for meaning in ["text", "role", "finish", "input_tokens", "output_tokens", "model"] {
                let row = anatomy.rows.iter().find(|it| it.meaning == meaning).expect("a row");
                assert_eq!(row.state, ReplyHas::Here, "{why}: {row:?} in {anatomy:#?}");
                let (value, pointer) = (row.value.as_ref(), row.pointer.as_ref());
                assert!(
                    value.is_some_and(|it| !it.is_empty()) && pointer.is_some(),
                    "{why}: {row:?}"
                );
            }
            assert_eq!(anatomy.streamed, chat.parameters.stream != Some(false), "{why}");
            assert!(anatomy.frames.len() < 40, "{why}: {} shapes", anatomy.frames.len());
            told.entry(dialect.id()).or_default().push(anatomy);
        }
    }
    for (dialect, replies) in told {
        for at in 0..replies[0].rows.len() {
            let rows: Vec<_> = replies.iter().map(|it| &it.rows[at]).collect();
            let is_known = rows.iter().all(|it| it.says.ends_with('.') && !it.name.is_empty());
            assert!(is_known, "{dialect}: {rows:?}");
            let (state, meaning) = (rows[0].state, rows[0].meaning.as_str());
            let never = ["refusal", "tool_call", "error", "cache_write_tokens", "cached_tokens"];
            let seen = rows.iter().any(|it| it.state == ReplyHas::Here);
            let is_fine = seen || state == ReplyHas::None || never.contains(&meaning);
            assert!(is_fine, "{dialect}: no reply has told {meaning}");
        }
    }
}

#[test]
fn a_reply_that_never_ends_is_shown_up_to_a_point() {
    let frame =
        |n: u32| format!("data: {{\"choices\":[{{\"delta\":{{\"f{n}\":1}}}}]}}\n\n").into_bytes();
    let frames: Vec<Vec<u8>> = (0..5_000).map(|n| frame(n % 1_000)).collect();
    let told = anatomy("openai-chat", frames.iter().map(Vec::as_slice)).expect("a dialect");
    assert_eq!((told.frames.len(), told.more), (200, 4_800));
    let long =
        format!("{{\"choices\":[{{\"message\":{{\"content\":\"{}\"}}}}]}}", "é".repeat(99_999));
    let told = anatomy("openai-chat", [long.as_bytes()]).expect("a dialect");
    assert!(told.frames[0].cut && told.frames[0].text.len() <= 16 * 1024);
    let text = told.rows.iter().find(|it| it.meaning == "text").expect("a row");
    assert_eq!(text.value.as_ref().map(|it| it.chars().count()), Some(200));
    for hostile in
        [&b""[..], b"\xff\xfe", b"[[[[", b"data: {\"a\":", b"event: x\n\n", b"data: 1\n\n"]
    {
        for dialect in DIALECTS {
            anatomy(dialect.id(), [hostile]);
        }
    }
    assert!(anatomy("morse", [&b"{}"[..]]).is_none());
}
