//! Sends one chat and prints each event as a line of JSON, just as the page gets it.
//!
//! ```text
//! cargo run -p playground --example send -- \
//!     --base-url http://127.0.0.1:8900/v1 --model practice-1 --key-env PRACTICE_KEY \
//!     --set temperature=0.7 --system "Be brief." "Why is the sky blue?"
//! ```

use playground::{
    BaseUrl, Chat, Message, Parameters, Provider, Role, RunEvent,
    client::{Call, Client, Limits},
    dialect::Dialect,
    provider::Endpoint,
};
use secrecy::SecretString;
use serde_json::{Map, Value};
use std::{env, process::ExitCode};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const USAGE: &str = "usage: send --base-url URL --model M [--dialect D] [--key-env VAR] \
    [--system TEXT] [--set NAME=VALUE …] PROMPT

  --base-url URL     where the server is, with or without /v1
  --model M          the model's id
  --dialect D        the wire format: openai-chat, openai-responses, anthropic, gemini or
                     ollama; by itself the one of the provider that lives there, or openai-chat
  --key-env VAR      the environment variable that holds the key
  --system TEXT      a system message
  --set NAME=VALUE   a parameter, such as max_tokens, temperature, top_p, top_k, stop, seed, n,
                     effort, logprobs, response_format or stream; a value is JSON, or else
                     text, and stop takes a text or a list of texts

Each event is one line of JSON. Exit status: 0 when the reply is complete, 1 when it is
not, 2 when the arguments are wrong.";

struct Asked {
    base_url: BaseUrl,
    provider: &'static Provider,
    dialect: &'static dyn Dialect,
    model: String,
    key: Option<SecretString>,
    chat: Chat,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.iter().any(|it| it == "--help" || it == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match read(arguments) {
        Ok(asked) => send(asked).await,
        Err(problem) => {
            eprintln!("{problem}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

async fn send(asked: Asked) -> ExitCode {
    let client = match Client::new(Limits::default()) {
        Ok(client) => client,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let Asked { base_url, provider, dialect, model, key, chat } = asked;
    let is_loopback = base_url.is_loopback();
    let has_key = key.is_some() || provider.needs_key;
    let endpoint = Endpoint { provider, base_url, has_key };
    let request = dialect.request(&chat, &model, &endpoint);
    let call = Call { request, key, dialect, is_loopback, is_by_hand: false };
    let (sender, mut events) = mpsc::channel(256);
    let run = client.run(call, sender, CancellationToken::new());
    let print = async {
        let mut is_complete = false;
        while let Some(event) = events.recv().await {
            is_complete = matches!(event, RunEvent::Finished { .. });
            println!("{}", serde_json::to_string(&event).expect("an event is plain data"));
        }
        is_complete
    };
    let ((), is_complete) = tokio::join!(run, print);
    if is_complete { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(arguments: Vec<String>) -> Result<Asked, String> {
    let mut arguments = arguments.into_iter();
    let (mut base_url, mut model, mut key, mut system, mut prompt) = (None, None, None, None, None);
    let mut dialect = None;
    let mut set = Map::new();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--base-url" => base_url = Some(value()?),
            "--model" => model = Some(value()?),
            "--dialect" => dialect = Some(value()?),
            "--system" => system = Some(value()?),
            "--key-env" => key = Some(key_in(&value()?)?),
            "--set" => {
                let (name, value) = parameter(&value()?)?;
                set.insert(name, value);
            }
            option if option.starts_with("--") => return Err(format!("{option} is not known")),
            _ if prompt.is_none() => prompt = Some(argument),
            _ => return Err("the prompt must be one argument: put it in quotes".into()),
        }
    }
    let base_url = base_url.ok_or("--base-url is missing")?;
    let base_url = BaseUrl::parse(&base_url).map_err(|why| format!("{base_url}: {why}"))?;
    let provider = Provider::at(&base_url);
    let dialect = provider.dialect(dialect.as_deref()).ok_or_else(|| {
        let ids: Vec<_> = provider.dialects.iter().map(|it| it.id()).collect();
        format!("{} speaks {}", provider.name, ids.join(", "))
    })?;
    let parameters: Parameters =
        serde_json::from_value(Value::Object(set)).map_err(|why| format!("--set: {why}"))?;
    let message = |role| move |text| Message { role, text };
    let prompt = prompt.ok_or("the prompt is missing")?;
    let messages = system.map(message(Role::System)).into_iter();
    let messages = messages.chain([message(Role::User)(prompt)]).collect();
    let model = model.ok_or("--model is missing")?;
    Ok(Asked { base_url, provider, dialect, model, key, chat: Chat { messages, parameters } })
}

fn key_in(variable: &str) -> Result<SecretString, String> {
    match env::var(variable) {
        Ok(key) if !key.trim().is_empty() => Ok(key.trim().into()),
        _ => Err(format!("the environment variable {variable} holds no key")),
    }
}

fn parameter(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or(format!("--set {text}: write NAME=VALUE"))?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    let value = match (name, value) {
        ("stop", Value::Array(texts)) => Value::Array(texts),
        ("stop", Value::String(text)) => vec![text].into(),
        ("stop", other) => vec![other.to_string()].into(),
        (_, value) => value,
    };
    Ok((name.to_owned(), value))
}
