//! Calls as programs: which there are, how they look, and what is never in them. That they run,
//! and send what they should, is held by `cargo xtask interop`.

use playground::{
    BaseUrl, Chat, Message, PROVIDERS, Parameters, Provider, Role, WireRequest,
    code::{self, Snippet},
    dialect::Dialect,
    dialects::DIALECTS,
    http::MASK,
    provider::Endpoint,
};

const LANGUAGES: [&str; 6] =
    ["curl", "python-sdk", "python-httpx", "javascript-sdk", "javascript-fetch", "rust"];

fn request(provider: &str, dialect: &dyn Dialect, parameters: Parameters) -> WireRequest {
    let provider = Provider::find(provider).expect("a provider");
    let home = provider.base_url.unwrap_or("http://127.0.0.1:8900");
    let base_url = BaseUrl::parse(home).expect("an address");
    let endpoint = Endpoint { provider, base_url, has_key: true };
    let messages = vec![Message { role: Role::User, text: "Why is the sky \"blue\"?".into() }];
    dialect.request(&Chat { messages, parameters }, "m-1", &endpoint)
}

fn snippets(provider: &str, dialect: &dyn Dialect, request: &WireRequest) -> Vec<Snippet> {
    code::snippets(request, dialect.id(), Provider::find(provider).expect("a provider"))
}

fn snippet(language: &str, snippets: Vec<Snippet>) -> Snippet {
    snippets.into_iter().find(|it| it.language == language).expect("a language")
}

fn streams(stream: bool) -> Parameters {
    Parameters { stream: Some(stream), ..Parameters::default() }
}

/// Every provider in each of its wire formats, streaming or not.
fn every_request() -> impl Iterator<Item = (&'static Provider, &'static dyn Dialect, WireRequest)> {
    PROVIDERS.iter().flat_map(|provider| {
        provider.dialects.iter().flat_map(move |dialect| {
            [true, false]
                .map(|it| (provider, *dialect, request(provider.id, *dialect, streams(it))))
        })
    })
}

fn of_format(id: &str) -> &'static dyn Dialect {
    playground::dialects::find(id).expect("a dialect")
}

#[test]
fn every_wire_format_has_a_program_in_every_language() {
    for (provider, dialect, request) in every_request() {
        let snippets = snippets(provider.id, dialect, &request);
        let languages: Vec<_> = snippets.iter().map(|it| it.language.as_str()).collect();
        assert_eq!(languages, LANGUAGES);
        for Snippet { name, code, reason, .. } in snippets {
            let code = code.unwrap_or_else(|| panic!("{} in {name}: {reason:?}", dialect.id()));
            assert_eq!(reason, None);
            let is_open = code.contains('%') || code.lines().any(|line| line.starts_with('?'));
            assert!(!is_open, "{} in {name} was not filled in: {code}", dialect.id());
            assert_eq!((code.trim(), code.ends_with('\n')), (code.trim_end(), true), "{name}");
        }
    }
}

#[test]
fn a_program_reads_its_key_from_the_providers_variable_or_needs_none() {
    for (provider, dialect, request) in every_request() {
        let expected = match provider.id {
            "practice" => None,
            "custom" => Some("CUSTOM_API_KEY"),
            "ollama" => Some("OLLAMA_API_KEY"),
            _ => provider.key_envs.first().copied(),
        };
        for Snippet { name, code, key_env, .. } in snippets(provider.id, dialect, &request) {
            let code = code.expect("a program");
            assert_eq!(key_env.as_deref(), expected, "{} in {name}", provider.id);
            assert!(!code.contains(MASK), "{name}: {code}");
            let reads = ["$", "os.environ", "process.env", "env::var"];
            let is_read = reads.iter().any(|it| code.contains(it));
            match expected {
                Some(variable) => assert!(code.contains(variable) && is_read, "{name}: {code}"),
                None => assert!(code.contains("practice") && !is_read, "{name}: {code}"),
            }
        }
    }
}

#[test]
fn without_a_key_nothing_is_read() {
    for dialect in DIALECTS {
        let mut request = request("custom", dialect, streams(true));
        request.headers.retain(|header| !header.takes_key());
        for Snippet { name, code, key_env, .. } in snippets("custom", dialect, &request) {
            let code = code.expect("a program");
            assert_eq!(key_env, None);
            assert!(!code.contains("API_KEY") && !code.contains("import os"), "{name}: {code}");
        }
    }
}

const CURL: &str = r#"curl 'https://api.anthropic.com/v1/messages' \
  -H "x-api-key: $ANTHROPIC_API_KEY" \
  -H 'anthropic-version: 2023-06-01' \
  -H 'content-type: application/json' \
  --data-raw '{
  "model": "m-1",
  "max_tokens": 4096,
  "messages": [
    {
      "role": "user",
      "content": "Why is the sky \"blue\"?"
    }
  ],
  "temperature": 0.5,
  "stream": false
}'
"#;

const PYTHON: &str = r#"import os

from openai import OpenAI

client = OpenAI(
    base_url="https://api.openai.com/v1",
    api_key=os.environ["OPENAI_API_KEY"],
)

stream = client.chat.completions.create(
    model="m-1",
    messages=[{"role": "user", "content": "Why is the sky \"blue\"?"}],
    stream=True,
    stream_options={"include_usage": True},
)
for chunk in stream:
    for choice in chunk.choices:
        print(choice.delta.content or "", end="", flush=True)
print()
"#;

const JAVASCRIPT: &str = r#"import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({
  baseURL: "https://api.anthropic.com",
  apiKey: process.env.ANTHROPIC_API_KEY,
  defaultHeaders: { "anthropic-version": "2023-06-01" },
});

const reply = await client.messages.create({
  model: "m-1",
  max_tokens: 4096,
  messages: [{ role: "user", content: "Why is the sky \"blue\"?" }],
  temperature: 0.5,
  stream: false,
});
for (const block of reply.content) {
  if (block.type === "text") console.log(block.text);
}
"#;

#[test]
fn programs_look_as_people_write_them() {
    let cool = Parameters { temperature: Some(0.5), ..streams(false) };
    for (provider, dialect, parameters, language, code) in [
        ("openai", "openai-chat", &streams(true), "python-sdk", PYTHON),
        ("anthropic", "anthropic", &cool, "curl", CURL),
        ("anthropic", "anthropic", &cool, "javascript-sdk", JAVASCRIPT),
    ] {
        let dialect = of_format(dialect);
        let request = request(provider, dialect, parameters.clone());
        let found = snippet(language, snippets(provider, dialect, &request));
        assert_eq!(found.code.as_deref(), Some(code));
    }
}

#[test]
fn what_a_program_needs_and_how_it_is_run_is_told() {
    let expected = [
        ("curl", "", ""),
        ("python-sdk", "pip install openai", "python call.py"),
        ("python-httpx", "pip install httpx", "python call.py"),
        ("javascript-sdk", "npm install openai", "node call.mjs"),
        ("javascript-fetch", "", "node call.mjs"),
        ("rust", "cargo add reqwest --features blocking && cargo add serde_json", "cargo run"),
    ];
    let dialect = of_format("openai-chat");
    let snippets = snippets("openai", dialect, &request("openai", dialect, streams(true)));
    let told = snippets.iter().map(|it| (&*it.language, &*it.needs, &*it.run));
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[test]
fn what_an_sdk_has_no_argument_for_is_sent_beside_them() {
    let anthropic = of_format("anthropic");
    let parameters = Parameters { temperature: Some(0.5), top_k: Some(4), ..streams(true) };
    let request = request("anthropic", anthropic, parameters);
    let code = snippet("python-sdk", snippets("anthropic", anthropic, &request)).code;
    let code = code.expect("a program");
    assert!(code.contains("\n    extra_body={\"temperature\": 0.5, \"top_k\": 4},\n"), "{code}");
}

#[test]
fn a_body_that_an_sdk_cannot_send_has_its_reason_and_the_others_send_it() {
    let no_object = "as a JSON object";
    for (body, language, says) in [
        ("{", "python-sdk", no_object),
        ("[]", "javascript-sdk", no_object),
        ("", "python-sdk", no_object),
        (r#"{"half a pair": "\ud83d"}"#, "javascript-sdk", no_object),
        ("{\"model\":\"m\"}", "python-sdk", "\"messages\""),
        ("{\"seed\":9007199254740993}", "javascript-sdk", "9007199254740993"),
        ("{\"a\":[{\"b\":1e300}]}", "javascript-sdk", "1e+300"),
        ("a\0b", "curl", "NUL"),
    ] {
        let dialect = of_format("openai-chat");
        let request =
            WireRequest { body: body.into(), ..request("openai", dialect, streams(true)) };
        let mut snippets = snippets("openai", dialect, &request);
        snippets.retain(|it| it.code.is_none() || it.language == language);
        for Snippet { language, code, .. } in &snippets {
            assert!(code.is_none() && (language == "curl" || language.ends_with("-sdk")), "{body}");
        }
        let reason = snippet(language, snippets).reason.unwrap_or_default();
        assert!(reason.contains(says) && reason.ends_with('.'), "{body}: {reason}");
    }
}

#[test]
fn a_long_body_is_no_argument_of_a_command() {
    let dialect = of_format("ollama");
    let text = "word ".repeat(30_000);
    let body = format!("{{\"messages\":[{{\"role\":\"user\",\"content\":\"{text}\"}}]}}");
    let request = WireRequest { body, ..request("ollama", dialect, streams(true)) };
    let code = snippet("curl", snippets("ollama", dialect, &request)).code.expect("a command");
    assert!(code.starts_with("printf '%s' '{") && code.ends_with("--data-binary @-\n"));
}
