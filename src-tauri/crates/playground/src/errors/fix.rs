//! What a button can do about an error. The page offers those that would change something.

use super::{ApiError, ErrorBody, ErrorKind, sentence};
use crate::Control;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something that would help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum Fix {
    /// Open the keys in Settings.
    OpenKeys,
    /// Open Settings, where the time to wait is set.
    OpenSettings,
    /// Ask for a reply of at most so many tokens.
    LowerMaxTokens {
        /// How many.
        to: u32,
    },
    /// Leave this parameter to the server.
    DropParameter {
        /// Which.
        control: Control,
    },
    /// Leave out the oldest turns of the conversation.
    TrimHistory,
    /// Wait as long as the server asks for, and send again.
    Wait {
        /// How long.
        ms: u64,
    },
    /// Ask another model.
    ChangeModel {
        /// Which.
        id: String,
    },
    /// Choose another model, or another provider, from the lists of them.
    ChooseModel,
    /// Run this in a terminal on the computer of the server. The app never runs it.
    RunCommand {
        /// What to type.
        command: String,
    },
}

impl Fix {
    /// How to start the server that usually listens on this port.
    pub fn for_port(port: Option<u16>) -> Option<Fix> {
        (port == Some(11434)).then(|| Fix::RunCommand { command: "ollama serve".into() })
    }
}

/// What helps against a kind of error, whatever the server said.
pub fn of(kind: ErrorKind) -> Vec<Fix> {
    use ErrorKind::*;
    match kind {
        WrongKey | KeyMissing | NoKey | UnusableKey => vec![Fix::OpenKeys],
        ContextTooLong | TooLarge => vec![Fix::TrimHistory],
        FirstByteTimeout | IdleTimeout => vec![Fix::OpenSettings],
        ModelNotFound | NotFound | Forbidden | Moderated | OutOfMemory | Overloaded => {
            vec![Fix::ChooseModel]
        }
        // Practice is free, and answers anywhere.
        NoCredit | SpendLimit | DailyLimit | Region => vec![Fix::ChooseModel],
        _ => Vec::new(),
    }
}

/// Nobody sits before a window for longer.
const LONGEST_WAIT_MS: u64 = 3_600_000;

/// What helps by what the server said.
pub fn in_body(error: &ApiError, body: &ErrorBody, words: &str) -> Vec<Fix> {
    let room =
        error.overflow.as_ref().and_then(|overflow| overflow.room()).or_else(|| most_reply(words));
    let lower = room.map(|to| Fix::LowerMaxTokens { to });
    let drop = |control| Fix::DropParameter { control };
    let pull = sentence::between(words, "model '", "' not found").filter(|id| is_plain(id));
    match error.kind {
        ErrorKind::ContextTooLong => lower.into_iter().collect(),
        ErrorKind::ParameterRefused | ErrorKind::BadRequest => match lower {
            Some(lower) => vec![lower],
            None => controls(body, words).into_iter().map(drop).collect(),
        },
        ErrorKind::ModelNotFound => {
            let command = pull.map(|id| format!("ollama pull {id}"));
            command.map(|command| Fix::RunCommand { command }).into_iter().collect()
        }
        _ => {
            let wait = error.retry_after_ms.filter(|ms| *ms <= LONGEST_WAIT_MS);
            wait.map(|ms| Fix::Wait { ms }).into_iter().collect()
        }
    }
}

/// The longest reply that the model writes, where more was asked for.
fn most_reply(words: &str) -> Option<u32> {
    const SENTENCES: [&str; 2] = [
        "max_tokens: {asked} > {limit}, which is the maximum",
        "supports at most {limit} completion tokens",
    ];
    let found = SENTENCES.iter().find_map(|pattern| sentence::numbers(words, pattern))?;
    u32::try_from(found.last()?.1).ok()
}

/// Whether an id can stand in a command without meaning anything else there.
fn is_plain(id: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || "-._:/".contains(it);
    !id.is_empty() && !id.starts_with('-') && id.chars().all(is_part)
}

/// What each parameter is called by the wire formats, at the end of its path.
const NAMES: &[(Control, &[&str])] = &[
    (
        Control::MaxTokens,
        &["max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens"],
    ),
    (Control::Temperature, &["temperature"]),
    (Control::TopP, &["top_p", "topP"]),
    (Control::TopK, &["top_k", "topK"]),
    (Control::Stop, &["stop", "stop_sequences", "stopSequences"]),
    (Control::FrequencyPenalty, &["frequency_penalty", "frequencyPenalty"]),
    (Control::PresencePenalty, &["presence_penalty", "presencePenalty"]),
    (Control::N, &["n", "candidateCount", "candidate_count"]),
    (Control::Seed, &["seed"]),
    (
        Control::ResponseFormat,
        &[
            "response_format",
            "text.format",
            "output_config.format",
            "responseMimeType",
            "responseSchema",
            "responseJsonSchema",
        ],
    ),
    (Control::Logprobs, &["logprobs", "top_logprobs", "responseLogprobs"]),
    (
        Control::Effort,
        &["reasoning_effort", "reasoning.effort", "effort", "thinkingLevel", "thinking_level"],
    ),
    (
        Control::ThinkingBudget,
        &["budget_tokens", "thinking.enabled.budget_tokens", "thinkingBudget", "thinking_budget"],
    ),
    (Control::ShowReasoning, &["reasoning.summary", "includeThoughts", "think"]),
    (Control::Cache, &["prompt_cache_options", "prompt_cache_retention", "cache_control"]),
    (Control::Stream, &["stream"]),
];

/// Sentences that mean a parameter without naming its field.
const PHRASES: &[(&str, &[Control])] = &[
    ("message prefill", &[Control::Prefill]),
    ("ending with a model turn", &[Control::Prefill]),
    ("does not support thinking", &[Control::Effort, Control::ShowReasoning]),
    ("effort level", &[Control::Effort]),
    ("thinking.type", &[Control::ThinkingBudget]),
];

/// The parameters that a refusal is about: the field it names, else those that it quotes.
pub fn controls(body: &ErrorBody, words: &str) -> Vec<Control> {
    if let Some(control) = body.param.as_deref().and_then(control) {
        return vec![control];
    }
    let phrase = PHRASES.iter().find(|(phrase, _)| words.contains(phrase));
    if let Some((_, controls)) = phrase {
        return controls.to_vec();
    }
    quoted(words).find_map(control).into_iter().collect()
}

/// The control of a field by its path, such as `generation_config.top_k`.
fn control(path: &str) -> Option<Control> {
    let last = path.rsplit('.').next().unwrap_or(path);
    let fits = |names: &&[&str]| names.iter().any(|it| *it == path || *it == last);
    NAMES.iter().find(|(_, names)| fits(names)).map(|(control, _)| *control)
}

/// Single words in quotes, and a path before a colon at the start of a line.
fn quoted(words: &str) -> impl Iterator<Item = &str> {
    let starts = words.lines().filter_map(|line| Some(line.split_once(':')?.0.trim()));
    // An apostrophe looks like a quote, so what stands between any two is looked at.
    let quotes = ['\'', '`', '"'].into_iter().flat_map(|quote| words.split(quote).skip(1));
    starts.chain(quotes).filter(|it| !it.contains(char::is_whitespace))
}
