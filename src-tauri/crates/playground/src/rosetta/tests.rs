use super::*;
use crate::{
    BaseUrl, Control, Message, Parameters, Provider,
    chat::ResponseFormat,
    dialects::{self, DIALECTS},
};
use std::collections::BTreeSet;

fn asked(provider: &'static str, dialect: &str, model: &str) -> Asked<'static> {
    let dialect = dialects::find(dialect).expect("a dialect");
    let provider = Provider::find(provider).expect("a row");
    let base_url = BaseUrl::parse("https://api.example").expect("an address");
    let target = Target {
        provider: provider.id.into(),
        base_url: None,
        dialect: Some(dialect.id().into()),
        model: model.into(),
    };
    Asked {
        target,
        dialect,
        endpoint: crate::provider::Endpoint { provider, base_url, has_key: true },
    }
}

fn all() -> Vec<Asked<'static>> {
    DIALECTS.into_iter().map(|it| asked("custom", it.id(), "m")).collect()
}

fn chat(parameters: Parameters) -> Chat {
    let message = |role, text: &str| Message { role, text: text.into() };
    let messages = vec![
        message(Role::System, "Be brief."),
        message(Role::User, "Why?"),
        message(Role::Assistant, "Air."),
        message(Role::User, "How?"),
    ];
    Chat { messages, parameters }
}

fn row<'a>(rosetta: &'a Rosetta, meaning: &str) -> &'a RosettaRow {
    let row = rosetta.rows.iter().find(|it| it.meaning == meaning);
    row.unwrap_or_else(|| panic!("no row for {meaning}"))
}

/// The places of a meaning, format by format; `-` for no counterpart, brackets for what is not set.
fn places(rosetta: &Rosetta, meaning: &str) -> Vec<String> {
    let told = |it: &RosettaCell| match (it.state, &it.place) {
        (CellHas::Here, Some(place)) => place.clone(),
        (CellHas::Unset, Some(place)) => format!("({place})"),
        (CellHas::None, None) => "-".to_owned(),
        other => panic!("{meaning}: {other:?}"),
    };
    row(rosetta, meaning).cells.iter().map(told).collect()
}

/// Where each format has a meaning, in the order of the formats.
const PLACES: &str = "
model: model | model | model | address | model
message.0: messages[].content | instructions | system | systemInstruction.parts[].text | messages[].content
message.1: messages[].content | input[].content[] | messages[].content | contents[].parts[].text | messages[].content
role: messages[].role | input[].role | messages[].role | contents[].role | messages[].role
control.top_k: - | - | top_k | generationConfig.topK | options.top_k
control.n: n | - | - | generationConfig.candidateCount | -
control.max_tokens: (max_completion_tokens) | (max_output_tokens) | max_tokens | (generationConfig.maxOutputTokens) | (options.num_predict)
control.stream: stream | stream | stream | address | stream
usage_in_stream: stream_options.include_usage | - | - | - | -
store: (store) | store | - | - | -
version: - | - | header anthropic-version | - | -
key: header authorization | header authorization | header x-api-key | header x-goog-api-key | header authorization
";

#[test]
fn what_stands_where_is_told_format_by_format() {
    let parameters = Parameters { top_k: Some(7), n: Some(2), ..Parameters::default() };
    let rosetta = rosetta(&chat(parameters), &all());
    for line in PLACES.trim().lines() {
        let (meaning, expected) = line.split_once(": ").expect("a meaning and its places");
        assert_eq!(places(&rosetta, meaning).join(" | "), expected, "{meaning}");
    }
    assert!(!row(&rosetta, "content_type").differs);
    assert!(row(&rosetta, "control.top_k").differs);
    let says = |meaning: &str, column: usize| row(&rosetta, meaning).cells[column].says.clone();
    assert!(says("control.max_tokens", 2).starts_with("max_tokens is mandatory here: a request"));
    assert!(says("role", 3).contains("the assistant is called model"));
    assert!(says("message.0", 2).contains("top level"));
    let names: Vec<_> = rosetta.rows.iter().map(|it| it.name.as_str()).collect();
    let at = |name: &str| names.iter().position(|it| *it == name).expect(name);
    assert!(
        at("System") < at("Message 2, user") && at("Message 2, user") < at("Message 3, assistant")
    );
}

#[test]
fn an_asked_for_limit_is_not_called_a_whim_of_the_format() {
    let rosetta = rosetta(
        &chat(Parameters { max_tokens: Some(7), ..Parameters::default() }),
        &[
            asked("openai", "openai-chat", "m"),
            asked("custom", "openai-chat", "m"),
            asked("anthropic", "anthropic", "m"),
        ],
    );
    let row = row(&rosetta, "control.max_tokens");
    let places: Vec<_> = row.cells.iter().map(|it| it.place.as_deref().unwrap_or("")).collect();
    assert_eq!(places, ["max_completion_tokens", "max_tokens", "max_tokens"]);
    assert!(row.cells[1].says.contains("older name"), "{}", row.cells[1].says);
    assert!(
        row.cells[2].says.starts_with("max_tokens is mandatory here;"),
        "{}",
        row.cells[2].says
    );
}

#[test]
fn gemma_reads_its_instructions_in_the_first_message() {
    let rosetta =
        rosetta(&chat(Parameters::default()), &[asked("gemini", "gemini", "gemma-4-31b-it")]);
    let cell = &row(&rosetta, "message.0").cells[0];
    assert_eq!(cell.place.as_deref(), Some("contents[].parts[].text"));
    assert!(cell.says.starts_with("Gemma"), "{}", cell.says);
}

#[test]
fn an_address_is_taken_apart_where_it_says_something() {
    let column = |dialect: &str, model: &str, stream: Option<bool>| {
        let chat = chat(Parameters { stream, ..Parameters::default() });
        let rosetta = rosetta(&chat, &[asked("custom", dialect, model)]);
        let pieces =
            rosetta.columns[0].address.iter().map(|it| format!("{}={}", it.meaning, it.text));
        let whole: String = rosetta.columns[0].address.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(whole, rosetta.columns[0].request.url);
        pieces.collect::<Vec<_>>()
    };
    assert_eq!(
        column("gemini", "models/a b", None),
        [
            "address=https://api.example/v1beta/models/",
            "model=a%20b",
            "address=:",
            "control.stream=streamGenerateContent?alt=sse",
        ]
    );
    assert_eq!(column("gemini", "m", Some(false))[3], "control.stream=generateContent");
    assert_eq!(column("ollama", "m", None), ["address=https://api.example/api/chat"]);
}

#[test]
fn every_word_of_the_data_is_one() {
    let words: Vec<&str> = MEANINGS.request.iter().map(|it| it.word.as_str()).collect();
    let reply: Vec<&str> = MEANINGS.reply.iter().map(|it| it.word.as_str()).collect();
    for control in Control::ALL {
        let word = format!("control.{}", serde_json::json!(control).as_str().expect("a name"));
        assert!(words.contains(&word.as_str()), "{word}");
    }
    for dialect in DIALECTS {
        let table = table(dialect.id());
        let own = |of: &std::collections::BTreeMap<String, Ways>| {
            of.keys().cloned().collect::<BTreeSet<_>>()
        };
        let all = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(own(&table.request), all(&words), "{}", dialect.id());
        assert_eq!(own(&table.reply), all(&reply), "{}", dialect.id());
        for control in Control::ALL {
            let word = format!("control.{}", serde_json::json!(control).as_str().expect("a name"));
            let has = matches!(table.request[&word], Ways::Here(_));
            assert_eq!(has, dialect.controls().contains(&control), "{}: {word}", dialect.id());
        }
        for ways in table.request.values().chain(table.reply.values()) {
            let says: Vec<&String> = match ways {
                Ways::Here(ways) => {
                    assert!(ways.iter().all(|it| !it.place.is_empty()));
                    ways.iter().flat_map(|it| [&it.says].into_iter().chain(&it.unasked)).collect()
                }
                Ways::None { none } => vec![none],
            };
            for sentence in says {
                let is_one = sentence.ends_with('.') && !sentence.contains(". ");
                assert!(is_one, "{}: {sentence:?} is not one sentence", dialect.id());
            }
        }
    }
    let titles = MEANINGS.request.iter().chain(&MEANINGS.reply);
    assert!(titles.into_iter().all(|it| it.says.ends_with('.') && !it.name.is_empty()));
}

#[test]
fn a_schema_means_one_thing_however_deep_it_is() {
    let schema = serde_json::json!({ "type": "object", "properties": { "a.b/c": {}, "role": { "enum": [1, []] } } });
    let format = ResponseFormat::JsonSchema { name: "x".into(), schema };
    let chat = chat(Parameters { response_format: Some(format), ..Parameters::default() });
    for column in rosetta(&chat, &all()).columns {
        let parts: Vec<_> =
            column.parts.iter().filter(|it| it.meaning == "control.response_format").collect();
        assert!((1..=2).contains(&parts.len()), "{}: {parts:?}", column.dialect);
    }
}
