//! A request body, checked as Google checks it. Names may be written `topP` or `top_p`.

use serde_json::{Map, Value};

use super::{error::Error, thinking};
use crate::{
    cards::{Card, Effort},
    dialects::{
        Ask,
        fields::{
            Fields, Flaw, Path,
            Treatment::{self, Ignored, Read, Unsupported},
        },
    },
    form::Form,
    model::{Role, Turn},
    sampling::Sampling,
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
    ("toolConfig", Read),
    ("tools", Read),
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
    ("responseJsonSchema", Read),
    ("responseModalities", Read),
    ("responseSchema", Read),
    ("thinkingConfig", Read),
    ("speechConfig", Unsupported),
];

/// What a part may have besides its text.
const PART_FIELDS: &[(&str, Treatment)] = &[
    ("text", Read),
    ("thought", Ignored),
    ("thoughtSignature", Ignored),
    ("executableCode", Unsupported),
    ("fileData", Unsupported),
    ("functionCall", Ignored),
    ("functionResponse", Ignored),
    ("inlineData", Unsupported),
    ("videoMetadata", Unsupported),
];

const MOST_STOPS: usize = 5;
const MOST_CANDIDATES: i64 = 8;
const MOST_LOGPROBS: i64 = 20;

pub fn ask(body: &Value, card: &Card) -> Result<Ask, Error> {
    let body = camel(body);
    let fields = Fields::of(&body, Path::default())?;
    fields.check(FIELDS)?;
    let turns = prompt(&fields)?;
    let config = fields.object("generationConfig")?;
    let sampling = Sampling { temperature: card.temperature, ..Sampling::default() };
    let effort = thinking::effort(config.as_ref(), card)?;
    let ask = Ask { choices: 1, clamp: true, effort, sampling, ..Ask::default() };
    let ask = match config {
        Some(config) => configured(&config, ask)?,
        None => ask,
    };
    if turns.last().is_some_and(|turn| turn.role == Role::Assistant) {
        return Err(Error::invalid("Requests ending with a model turn are not supported."));
    }
    Ok(Ask { turns, ..ask })
}

/// Whether the reply to this request, which was read before, tells thoughts.
pub fn tells_thoughts(body: &Value) -> bool {
    let body = camel(body);
    let config = body.get("generationConfig").and_then(|it| Fields::of(it, Path::default()).ok());
    thinking::is_told(config.as_ref()).unwrap_or(false)
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

/// Sets what the configuration asks for.
fn configured(config: &Fields, ask: Ask) -> Result<Ask, Error> {
    config.check(CONFIG_FIELDS)?;
    check_modalities(config)?;
    let count = config.integer("candidateCount", 1, MOST_CANDIDATES)?;
    Ok(Ask {
        max_tokens: config.count("maxOutputTokens", 1)?,
        stop: config.texts("stopSequences", MOST_STOPS, false)?,
        choices: count.map_or(1, |count| count.unsigned_abs() as usize),
        candidates: candidates(config)?,
        form: form(config)?,
        sampling: sampling(config, ask.effort, ask.sampling)?,
        ..ask
    })
}

/// The parameters that shape the choice of tokens. While a model thinks, the temperature, topP
/// and topK are checked and then ignored without a word, as the service's newest models do.
fn sampling(config: &Fields, effort: Effort, usual: Sampling) -> Result<Sampling, Error> {
    let temperature = config.decimal("temperature", 0.0, 2.0)?;
    let top_p = config.decimal("topP", 0.0, 1.0)?;
    // It may be written as 40.0; 0 keeps all.
    let top_k = config.decimal("topK", 0.0, f64::MAX)?.filter(|most| *most >= 1.0);
    let seed = config.integer("seed", i32::MIN.into(), i32::MAX.into())?;
    let presence_penalty = config.decimal("presencePenalty", -2.0, 2.0)?;
    let frequency_penalty = config.decimal("frequencyPenalty", -2.0, 2.0)?;
    let sampling = Sampling {
        presence_penalty: presence_penalty.unwrap_or(usual.presence_penalty),
        frequency_penalty: frequency_penalty.unwrap_or(usual.frequency_penalty),
        seed: seed.map(i64::cast_unsigned),
        ..usual
    };
    if effort != Effort::None {
        return Ok(sampling);
    }
    Ok(Sampling {
        temperature: temperature.unwrap_or(sampling.temperature),
        top_p: top_p.unwrap_or(sampling.top_p),
        top_k: top_k.map(|most| most as usize),
        ..sampling
    })
}

fn check_modalities(config: &Fields) -> Result<(), Error> {
    let asked = config.items("responseModalities")?.unwrap_or_default();
    match asked
        .iter()
        .all(|(_, kind)| kind.as_str().is_some_and(|it| it.eq_ignore_ascii_case("TEXT")))
    {
        true => Ok(()),
        false => Err(Error::invalid(
            "Model does not support the requested response modalities: only TEXT is supported.",
        )),
    }
}

fn form(config: &Fields) -> Result<Form, Error> {
    const KINDS: &[&str] = &["text/plain", "application/json", "text/x.enum"];
    let schema = config.get("responseJsonSchema").or_else(|| config.get("responseSchema")).cloned();
    match config.string("responseMimeType")?.unwrap_or("text/plain") {
        "application/json" => Ok(schema.map_or(Form::Json, Form::Schema)),
        "text/x.enum" => schema
            .map(Form::Choice)
            .ok_or_else(|| config.error("responseSchema", Flaw::Missing).into()),
        "text/plain" if schema.is_some() => Err(Error::invalid(
            "Response schema is only supported with response mime type application/json.",
        )),
        "text/plain" => Ok(Form::Text),
        other => {
            let flaw = Flaw::NoneOf { allowed: KINDS.to_vec(), got: other.to_owned() };
            Err(config.error("responseMimeType", flaw).into())
        }
    }
}

/// Tools may be offered, and no model here calls them; that it must cannot be asked for.
fn check_tools(fields: &Fields) -> Result<(), Error> {
    for (path, tool) in fields.items("tools")?.unwrap_or_default() {
        Fields::of(tool, path)?;
    }
    let Some(config) = fields.object("toolConfig")? else { return Ok(()) };
    let Some(config) = config.object("functionCallingConfig")? else { return Ok(()) };
    match config.string("mode")? {
        Some(mode @ ("ANY" | "VALIDATED")) => {
            let hint = "It answers in text and calls no functions.";
            Err(config.error("mode", Flaw::UnsupportedValue { got: mode.to_owned(), hint }).into())
        }
        _ => Ok(()),
    }
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
    check_tools(fields)?;
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
            let field = |(name, value): (&String, &Value)| {
                let name = camel_name(name);
                // What a schema names is the caller's own.
                let is_schema = name.ends_with("Schema");
                let value = if is_schema { value.clone() } else { camel(value) };
                (name, value)
            };
            Value::Object(object.iter().map(field).collect::<Map<_, _>>())
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

#[cfg(test)]
mod tests;
