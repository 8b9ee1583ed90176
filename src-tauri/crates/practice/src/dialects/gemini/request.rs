//! A request body, checked as Google checks it. Names may be written `topP` or `top_p`.

use serde_json::{Map, Value};

use super::error::Error;
use crate::{
    dialects::{
        Ask,
        fields::{
            Fields, Flaw, Path,
            Treatment::{self, Ignored, Read, Unsupported},
        },
    },
    model::{Role, Turn},
};

/// Every field of Google's request; any other is unknown.
const FIELDS: &[(&str, Treatment)] = &[
    ("contents", Read),
    ("systemInstruction", Read),
    ("generationConfig", Read),
    ("labels", Ignored),
    ("model", Ignored),
    ("safetySettings", Ignored),
    ("serviceTier", Ignored),
    ("store", Ignored),
    ("cachedContent", Unsupported),
    ("continuationToken", Unsupported),
    ("toolConfig", Unsupported),
    ("tools", Unsupported),
];

const CONFIG_FIELDS: &[(&str, Treatment)] = &[
    ("temperature", Read),
    ("topP", Read),
    ("topK", Read),
    ("maxOutputTokens", Read),
    ("stopSequences", Read),
    ("candidateCount", Read),
    ("seed", Read),
    ("presencePenalty", Read),
    ("frequencyPenalty", Read),
    ("responseLogprobs", Read),
    ("logprobs", Read),
    ("responseMimeType", Read),
    ("enableEnhancedCivicAnswers", Ignored),
    ("mediaResolution", Ignored),
    ("responseJsonSchema", Unsupported),
    ("responseModalities", Unsupported),
    ("responseSchema", Unsupported),
    ("speechConfig", Unsupported),
    ("thinkingConfig", Unsupported),
];

/// What a part may have besides its text.
const PART_FIELDS: &[(&str, Treatment)] = &[
    ("text", Read),
    ("thought", Ignored),
    ("thoughtSignature", Ignored),
    ("executableCode", Unsupported),
    ("fileData", Unsupported),
    ("functionCall", Unsupported),
    ("functionResponse", Unsupported),
    ("inlineData", Unsupported),
    ("videoMetadata", Unsupported),
];

const MOST_STOPS: usize = 5;
const MOST_CANDIDATES: i64 = 8;
const MOST_LOGPROBS: i64 = 20;

pub fn ask(body: &Value) -> Result<Ask, Error> {
    let body = camel(body);
    let fields = Fields::of(&body, Path::default())?;
    fields.check(FIELDS)?;
    let turns = prompt(&fields)?;
    let ask = Ask { choices: 1, clamp: true, ..Ask::default() };
    let ask = match fields.object("generationConfig")? {
        Some(config) => configured(&config, ask)?,
        None => ask,
    };
    if turns.last().is_some_and(|turn| turn.role == Role::Assistant) {
        return Err(Error::invalid("Requests ending with a model turn are not supported."));
    }
    Ok(Ask { turns, ..ask })
}

/// The body of a request to count holds contents, or a whole request to generate.
pub fn countable(body: &Value) -> Result<Vec<Turn>, Error> {
    let body = camel(body);
    let fields = Fields::of(&body, Path::default())?;
    let request = fields.object("generateContentRequest")?;
    if request.is_some() {
        fields.check(&[("generateContentRequest", Read), ("model", Ignored)])?;
    }
    let fields = request.unwrap_or(fields);
    fields.check(FIELDS)?;
    prompt(&fields)
}

/// Sets what the configuration asks for; what would shape the choice of tokens is only checked.
fn configured(config: &Fields, ask: Ask) -> Result<Ask, Error> {
    config.check(CONFIG_FIELDS)?;
    config.decimal("temperature", 0.0, 2.0)?;
    config.decimal("topP", 0.0, 1.0)?;
    config.decimal("topK", 0.0, f64::MAX)?;
    config.integer("seed", i32::MIN.into(), i32::MAX.into())?;
    config.decimal("presencePenalty", -2.0, 2.0)?;
    config.decimal("frequencyPenalty", -2.0, 2.0)?;
    let kind = config.string("responseMimeType")?;
    if let Some(kind) = kind.filter(|kind| *kind != "text/plain") {
        let hint = "practice-1 answers in plain text.";
        let flaw = Flaw::UnsupportedValue { got: kind.to_owned(), hint };
        return Err(config.error("responseMimeType", flaw).into());
    }
    let count = config.integer("candidateCount", 1, MOST_CANDIDATES)?;
    Ok(Ask {
        max_tokens: config.count("maxOutputTokens", 1)?,
        stop: config.texts("stopSequences", MOST_STOPS, false)?,
        choices: count.map_or(1, |count| count.unsigned_abs() as usize),
        candidates: candidates(config)?,
        ..ask
    })
}

fn candidates(config: &Fields) -> Result<Option<usize>, Error> {
    let asked = config.boolean("responseLogprobs")?.unwrap_or(false);
    let most = config.integer("logprobs", 0, MOST_LOGPROBS)?;
    if most.is_some() && !asked {
        let message = "logprobs can only be set when response_logprobs is true.";
        return Err(Error::invalid(message));
    }
    Ok(asked.then(|| most.unwrap_or(0).unsigned_abs() as usize))
}

fn prompt(fields: &Fields) -> Result<Vec<Turn>, Error> {
    let mut turns = Vec::new();
    if let Some(instruction) = fields.object("systemInstruction")? {
        let text = parts(&instruction)?;
        if !text.is_empty() {
            turns.push(Turn { role: Role::System, name: None, text });
        }
    }
    let contents = fields.items("contents")?.filter(|contents| !contents.is_empty());
    let contents = contents.ok_or_else(|| fields.error("contents", Flaw::Missing))?;
    for (path, content) in contents {
        turns.push(turn(path, content)?);
    }
    Ok(turns)
}

fn turn(path: Path, content: &Value) -> Result<Turn, Error> {
    let fields = Fields::of(content, path)?;
    fields.check(&[("role", Read), ("parts", Read)])?;
    let role = match fields.string("role")?.unwrap_or("user") {
        "user" | "" => Role::User,
        "model" => Role::Assistant,
        other => {
            let flaw = Flaw::NoneOf { allowed: vec!["user", "model"], got: other.to_owned() };
            return Err(fields.error("role", flaw).into());
        }
    };
    Ok(Turn { role, name: None, text: parts(&fields)? })
}

fn parts(fields: &Fields) -> Result<String, Error> {
    let parts = fields.items("parts")?.filter(|parts| !parts.is_empty());
    let parts = parts.ok_or_else(|| fields.error("parts", Flaw::Empty { array: true }))?;
    let text = |(path, part)| -> Result<String, Error> {
        let fields = Fields::of(part, path)?;
        fields.check(PART_FIELDS)?;
        Ok(fields.string("text")?.unwrap_or_default().to_owned())
    };
    parts.into_iter().map(text).collect()
}

/// The same with all names as `topP`.
fn camel(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let fields = object.iter().map(|(name, value)| (camel_name(name), camel(value)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(camel).collect(),
        other => other.clone(),
    }
}

fn camel_name(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut text, word| {
        let mut letters = word.chars();
        text.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        text.push_str(letters.as_str());
        text
    })
}
