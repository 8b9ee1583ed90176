//! Reads a recorded body and prints what it says as one JSON object.
//!
//! ```text
//! cargo run -p playground --example wire -- --dialect anthropic reply.sse
//! cargo run -p playground --example wire -- --dialect gemini --status 429 error.json
//! ```

use playground::{
    ApiError, ErrorKind, Reply,
    dialects::{self, DIALECTS},
    reader::{ReplyReader, Sizes},
    secret::Mask,
};
use serde_json::{Value, json};
use std::{env, fs, process::ExitCode};

const USAGE: &str = "usage: wire --dialect D [--status N] [--cut BYTES] FILE

  --dialect D   the wire format it was written in
  --status N    the HTTP status it came with (200)
  --cut BYTES   read it in pieces of so many bytes (all at once)

Absent is null, and null is not 0. Exit status: 0 when the file could be read, else 2.";

struct Asked {
    dialect: String,
    status: u16,
    cut: usize,
    body: Vec<u8>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.iter().any(|it| it == "--help" || it == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match read(arguments).and_then(decode) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("{problem}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn read(arguments: Vec<String>) -> Result<Asked, String> {
    let (mut dialect, mut file, mut status, mut cut) = (None, None, 200, usize::MAX);
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        let number = |text: String| text.parse().map_err(|_| format!("{text} is no number"));
        match argument.as_str() {
            "--dialect" => dialect = Some(value()?),
            "--status" => status = value()?.parse().map_err(|_| "no such status".to_owned())?,
            "--cut" => cut = number(value()?)?,
            _ if argument.starts_with("--") => return Err(format!("{argument} is not known")),
            _ => file = Some(argument),
        }
    }
    let dialect = dialect.ok_or("which dialect is it in?")?;
    let file = file.ok_or("which file?")?;
    let body = fs::read(&file).map_err(|error| format!("{file}: {error}"))?;
    Ok(Asked { dialect, status, cut: cut.max(1), body })
}

fn decode(asked: Asked) -> Result<Value, String> {
    let Some(dialect) = dialects::find(&asked.dialect) else {
        let ids: Vec<_> = DIALECTS.iter().map(|it| it.id()).collect();
        return Err(format!("the dialects are {}", ids.join(", ")));
    };
    if !(200..300).contains(&asked.status) {
        let error = ApiError::from_response(
            asked.status,
            &[],
            &asked.body,
            time::OffsetDateTime::UNIX_EPOCH,
        );
        return Ok(object(&Reply { error: Some(error), ..Reply::default() }, None, None));
    }
    let mut reader = ReplyReader::new(dialect, Mask::default(), Sizes::default());
    let (mut reply, mut frames) = (Reply::default(), Vec::new());
    for piece in asked.body.chunks(asked.cut) {
        frames.extend(reader.push(piece));
    }
    frames.extend(reader.finish());
    frames.iter().flat_map(|frame| &frame.deltas).for_each(|delta| reply.apply(delta));
    let count = frames.iter().filter(|frame| frame.has_data).count();
    let is_complete = reader.is_complete();
    reply.error =
        reply.error.or(reader.verdict().err().filter(|it| it.kind == ErrorKind::FrameTooLarge));
    Ok(object(&reply, Some(is_complete), Some(count)))
}

fn object(reply: &Reply, complete: Option<bool>, frames: Option<usize>) -> Value {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let calls = reply.tool_calls.iter();
    let finish = reply.finish.iter();
    let error = reply.error.as_ref();
    let texts: Vec<_> = reply.choices.iter().map(|it| it.text.as_str()).collect();
    json!({
        "text": text(reply.text()),
        "texts": (texts.len() > 1).then_some(&texts),
        "reasoning": text(reply.reasoning()),
        "refusal": text(reply.refusal()),
        "tool_calls": calls
            .map(|it| json!({ "name": it.name, "arguments": it.arguments }))
            .collect::<Vec<_>>(),
        "finish": finish
            .map(|it| json!({ "choice": it.choice, "reason": it.reason, "raw": it.raw }))
            .collect::<Vec<_>>(),
        "usage": reply.usage,
        "error": error.map(|it| json!({
            "type": it.provider_type,
            "code": it.provider_code,
            "message": it.said,
        })),
        "complete": complete,
        "frames": frames,
    })
}
