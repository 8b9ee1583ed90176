//! Cuts texts into tokens: JSON lines in, JSON lines out.

use playground::tokens::{self, Encoding};
use serde_json::{Map, Value, json};
use std::{
    ffi::OsString,
    io::{self, BufRead, ErrorKind, Write},
    process::ExitCode,
};

const HELP: &str = r#"Cuts texts into tokens.

usage: cargo run -p playground --example tokens -- [--encoding o200k_base]

Reads JSON lines {"text": "…"} on standard input and prints one line for each, in order:
{"ids": […]}, or {"error": "…"} for a line that is not such an object or cannot be cut."#;

fn main() -> ExitCode {
    let encoding = match words().and_then(|words| arguments(words.into_iter())) {
        Ok(Some(encoding)) => encoding,
        Ok(None) => {
            return match writeln!(io::stdout(), "{HELP}\n\nEncodings: {}", ids()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            };
        }
        Err(sentence) => {
            eprintln!("{sentence}");
            return ExitCode::from(2);
        }
    };
    match answer_lines(encoding, io::stdin().lock(), io::stdout().lock()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("The lines could not be read or written: {error}.");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// What was written behind the program's name.
fn words() -> Result<Vec<String>, String> {
    let words = std::env::args_os().skip(1).map(OsString::into_string);
    words.map(|word| word.map_err(|word| format!("{word:?} is not UTF-8."))).collect()
}

fn ids() -> String {
    Encoding::ALL.map(Encoding::id).join(", ")
}

/// The encoding to use; none when only help is wanted.
fn arguments(mut arguments: impl Iterator<Item = String>) -> Result<Option<Encoding>, String> {
    let mut encoding = Encoding::O200kBase;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--help" | "-h" => return Ok(None),
            "--encoding" => {
                let id = arguments.next().unwrap_or_default();
                encoding = Encoding::from_id(&id).ok_or_else(|| {
                    format!("{id:?} is not an encoding: choose one of {}.", ids())
                })?;
            }
            other => return Err(format!("{other:?} is not an option here: try --help.")),
        }
    }
    Ok(Some(encoding))
}

fn answer_lines(
    encoding: Encoding,
    mut lines: impl BufRead,
    mut answers: impl Write,
) -> io::Result<()> {
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        let answer = match ids_of(encoding, &line) {
            Ok(ids) => json!({ "ids": ids }),
            Err(error) => json!({ "error": error.to_string() }),
        };
        serde_json::to_writer(&mut answers, &answer)?;
        answers.write_all(b"\n")?;
        answers.flush()?;
        line.clear();
    }
    Ok(())
}

fn ids_of(encoding: Encoding, line: &[u8]) -> Result<Vec<u32>, Box<dyn std::error::Error>> {
    let line = str::from_utf8(line).map_err(|error| format!("the line is not UTF-8: {error}"))?;
    let mut object: Map<String, Value> = serde_json::from_str(line.trim_end())
        .map_err(|error| format!("the line is not an object in JSON: {error}"))?;
    match object.remove("text") {
        Some(Value::String(text)) => Ok(tokens::encode(encoding, &text)?),
        Some(_) => Err("\"text\" is not a string".into()),
        None => Err("\"text\" is missing".into()),
    }
}
