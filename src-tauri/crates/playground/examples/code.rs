//! Writes calls as programs: JSON lines in, programs out.
//!
//! ```text
//! echo '{"base_url": "http://127.0.0.1:8900/v1", "model": "practice-1",
//!        "messages": [{"role": "user", "text": "Why is the sky blue?"}]}' | tr -d '\n' |
//!     cargo run -p playground --example code -- --language python-sdk
//! ```

use playground::{
    BaseUrl, Chat, Provider, WireRequest,
    code::{self, Snippet},
    provider::Endpoint,
};
use serde::Deserialize;
use serde_json::json;
use std::{
    io::{self, BufRead},
    process::ExitCode,
};

const HELP: &str = r#"Writes a call to a model as a program.

usage: cargo run -p playground --example code -- [--language L]

Reads JSON lines on standard input, of which each is an object with
  base_url, model      where the server is, and the model's id
  provider, dialect    who it is and the wire format; absent: who lives there, and its first format
  has_key              whether a key is sent; absent: where one is needed
  messages             a list of {"role": "system" or "user" or "assistant", "text": "…"}
  parameters           {"temperature": 0.5, …}; absent: none
  body                 a body written by hand, in the place of the call's own

With --language, prints the program in that language for each line. Without, prints for each line
one JSON object: {"request": …, "snippets": […]}, as the page gets them.
Exit status: 0, or 2 when a line or an argument is wrong, or there is no such program."#;

#[derive(Deserialize)]
struct Asked {
    base_url: String,
    model: String,
    provider: Option<String>,
    dialect: Option<String>,
    has_key: Option<bool>,
    body: Option<String>,
    #[serde(flatten)]
    chat: Chat,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let language = match arguments[..] {
        [] => None,
        ["--language", language] => Some(language),
        _ => {
            println!("{HELP}");
            return ExitCode::from(if arguments.contains(&"--help") { 0 } else { 2 });
        }
    };
    let written = io::stdin().lock().lines().try_for_each(|line| {
        let line = line.map_err(|error| error.to_string())?;
        print(&line, language)
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}

fn print(line: &str, language: Option<&str>) -> Result<(), String> {
    let (request, snippets) = answer(line)?;
    let Some(language) = language else {
        println!("{}", json!({ "request": request, "snippets": snippets }));
        return Ok(());
    };
    let mut names = snippets.iter().map(|it| it.language.as_str());
    let known = names.clone().collect::<Vec<_>>().join(", ");
    let at = names.position(|it| it == language).ok_or(format!("the languages are {known}"))?;
    let snippet = &snippets[at];
    let code = snippet.code.as_ref();
    print!("{}", code.ok_or_else(|| snippet.reason.clone().unwrap_or_default())?);
    Ok(())
}

fn answer(line: &str) -> Result<(WireRequest, Vec<Snippet>), String> {
    let asked: Asked = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let base_url = BaseUrl::parse(&asked.base_url).map_err(|error| error.to_string())?;
    let provider = match &asked.provider {
        Some(id) => Provider::find(id).ok_or(format!("there is no provider {id:?}"))?,
        None => Provider::at(&base_url),
    };
    let dialect = provider.dialect(asked.dialect.as_deref());
    let dialect = dialect.ok_or(format!("{} does not speak that", provider.name))?;
    let has_key = asked.has_key.unwrap_or(provider.needs_key);
    let endpoint = Endpoint { provider, base_url, has_key };
    let mut request = dialect.request(&asked.chat, &asked.model, &endpoint);
    if let Some(body) = asked.body {
        request.body = body;
    }
    let snippets = code::snippets(&request, dialect.id(), provider);
    Ok((request, snippets))
}
