//! Every model of the catalogue and every control that depends on the model, against the tables
//! of the providers' pages.

use super::*;
use crate::chat::Effort;
use Control::{
    FrequencyPenalty, Logprobs, N, Prefill, PresencePenalty, ShowReasoning, Stop, ThinkingBudget,
};

/// What a model does with temperature, top_p and top_k away from their defaults.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sampling {
    Works,
    NeedsNoEffort,
    Refused,
    /// Accepted, and without effect.
    Ignored,
    /// Only temperature is refused.
    NoTemperature,
}
use Sampling::{Ignored, NeedsNoEffort, NoTemperature, Refused, Works};

const ANY: &str = "none minimal low medium high xhigh max";
const PENALTIES: &[Control] = &[FrequencyPenalty, PresencePenalty, Logprobs];
const AND_STOP: &[Control] = &[FrequencyPenalty, PresencePenalty, Logprobs, Stop];

/// Wire formats, models, sampling, the efforts that are taken, and what is refused besides. What
/// stands in neither is not refused.
type Row =
    (&'static [&'static str], &'static [&'static str], Sampling, &'static str, &'static [Control]);

#[rustfmt::skip]
static ROWS: &[Row] = &[
    (&[CHAT, RESPONSES], &["gpt-6-astra", "gpt-6.1-sol"], Refused, "low medium high xhigh max", PENALTIES),
    (&[CHAT, RESPONSES], &["gpt-6.1-terra", "gpt-6-sol", "gpt-6-luna"], NeedsNoEffort, "none low medium high xhigh max", PENALTIES),
    (&[CHAT, RESPONSES], &["gpt-5.6-sol", "gpt-5.6-terra", "gpt-5.6-luna"], NeedsNoEffort, "none low medium high xhigh max", AND_STOP),
    (&[CHAT, RESPONSES], &["gpt-5.5", "gpt-5.4", "gpt-5.4-mini", "gpt-5.4-nano", "gpt-5.2"], NeedsNoEffort, "none low medium high xhigh", PENALTIES),
    (&[CHAT, RESPONSES], &["gpt-5.1"], NeedsNoEffort, "none low medium high", PENALTIES),
    (&[CHAT, RESPONSES], &["gpt-5", "gpt-5-mini", "gpt-5-nano"], Refused, "minimal low medium high", AND_STOP),
    (&[CHAT, RESPONSES], &["o3", "o4-mini"], Refused, ANY, AND_STOP),
    (&[CHAT, RESPONSES], &["o1", "o3-mini"], Refused, ANY, PENALTIES),
    (&[CHAT, RESPONSES], &["gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano", "gpt-4o", "gpt-4o-mini", "gpt-4o-2024-05-13", "gpt-4-turbo", "gpt-4", "gpt-3.5-turbo"], Works, "", &[]),
    (&[CHAT, RESPONSES], &["gpt-4o-search-preview"], NoTemperature, ANY, &[]),
    (&[CHAT, RESPONSES], &["gpt-5-chat-latest", "gpt-5.1-chat-latest", "gpt-5.2-chat-latest", "gpt-5.3-chat-latest"], Works, ANY, &[]),
    (&[CLAUDE], &["claude-fable-5", "claude-fable-5-1", "claude-fable-5-2", "claude-mythos-5-2", "claude-opus-5-5", "claude-sonnet-5-5"], Refused, "low medium high xhigh max", &[Prefill, ThinkingBudget]),
    (&[CLAUDE], &["claude-haiku-5-5", "claude-opus-5", "claude-sonnet-5", "claude-opus-4-8", "claude-opus-4-7"], Refused, "none low medium high xhigh max", &[Prefill, ThinkingBudget]),
    (&[CLAUDE], &["claude-opus-4-6", "claude-sonnet-4-6"], Works, "none low medium high max", &[Prefill]),
    (&[CLAUDE], &["claude-opus-4-5-20251101"], Works, "none low medium high xhigh max", &[ShowReasoning]),
    (&[CLAUDE], &["claude-sonnet-4-5-20250929", "claude-haiku-4-5-20251001"], Works, "none", &[ShowReasoning]),
    (&[CLAUDE], &["claude-opus-4-1", "claude-opus-4-20250514", "claude-sonnet-4-20250514", "claude-3-7-sonnet-20250219"], Works, "none", &[ShowReasoning]),
    (&[CLAUDE], &["claude-3-5-haiku-20241022", "claude-3-haiku-20240307"], Works, "none", &[ShowReasoning]),
    (&[GEMINI], &["gemini-4-argon", "gemini-4-carbon"], Ignored, "none minimal low medium high", &[FrequencyPenalty, PresencePenalty, N, Prefill]),
    (&[GEMINI], &["gemini-4-neon"], Ignored, "low medium high xhigh", &[FrequencyPenalty, PresencePenalty, N, Prefill, ThinkingBudget]),
    (&[GEMINI], &["gemini-4-hydrogen"], Ignored, "none minimal low medium high xhigh", &[FrequencyPenalty, PresencePenalty, N, Prefill]),
    (&[GEMINI], &["gemini-3.8-flash", "gemini-3.7-flash"], Ignored, "none low medium high", &[N, Prefill]),
    // The second is answered by the first.
    (&[GEMINI], &["gemini-3.6-flash", "gemini-3.5-flash"], Ignored, "none minimal low medium high", &[Prefill]),
    (&[GEMINI], &["gemini-3.5-flash-lite"], Ignored, "none minimal low medium high", &[]),
    (&[GEMINI], &["gemini-3.1-flash-lite", "gemini-3-flash-preview"], Works, "none minimal low medium high", &[]),
    (&[GEMINI], &["gemini-3.1-pro-preview", "gemini-3-pro-preview"], Works, "none low medium high", &[]),
    (&[GEMINI], &["gemini-2.5-pro"], Works, "", &[FrequencyPenalty, PresencePenalty]),
    (&[GEMINI], &["gemini-2.5-flash", "gemini-2.5-flash-lite"], Works, "none", &[FrequencyPenalty, PresencePenalty]),
    (&[GEMINI], &["gemini-2.0-flash", "gemini-2.0-flash-lite", "gemini-1.5-pro", "gemma-4-31b-it", "gemma-4-26b-a4b-it"], Works, "none minimal low medium high xhigh", &[]),
    (&[OLLAMA], &["gemma4", "gemma4:e2b", "gemma4:26b", "gemma4:31b", "qwen3.5:0.8b", "qwen3.5:2b", "qwen3.5:4b", "qwen3.5:9b", "qwen3.5:27b", "qwen3.5:35b", "deepseek-r1", "deepseek-r1:671b", "gpt-oss:20b", "gpt-oss:120b", "gpt-oss:120b-cloud"], Works, "none low medium high max", &[]),
    (&[OLLAMA], &["llama3.2", "llama3.2:1b", "llama3.1", "llama3.1:405b", "llama3.3", "gemma3", "gemma3:1b", "gemma3:12b", "gemma3:27b", "mistral", "phi4", "phi4-mini"], Works, "none", &[ShowReasoning]),
];

/// The worst that is found of a parameter.
fn level(model: &str, dialect: &str, control: Control, set: serde_json::Value) -> Option<Level> {
    let findings = on(&chat(set), model, dialect);
    findings.into_iter().find(|it| it.control == Some(control)).map(|it| it.level)
}

#[test]
fn every_model_does_what_its_provider_says() {
    for (dialects, ids, sampling, efforts, refused) in ROWS {
        for (dialect, id) in dialects.iter().flat_map(|it| ids.iter().map(move |id| (*it, *id))) {
            assert_eq!(models::find(id).map(|it| &*it.id), Some(id), "it is a row of its own");
            sampling_is(*sampling, id, dialect);
            for effort in Effort::ALL.map(Effort::as_str) {
                let found = level(id, dialect, Control::Effort, json!({ "effort": effort }));
                let is_taken = efforts.split(' ').any(|it| it == effort);
                let is_refused = found == Some(Level::Refused);
                assert_eq!(is_refused, !is_taken, "{id} in {dialect}: {effort}");
            }
            others_are(refused, id, dialect);
        }
    }
}

fn sampling_is(sampling: Sampling, id: &str, dialect: &str) {
    let controls = crate::dialects::find(dialect).expect("a dialect").controls();
    let probes = [
        (Control::Temperature, json!({ "temperature": 0.5 })),
        (Control::TopP, json!({ "top_p": 0.5 })),
        (Control::TopK, json!({ "top_k": 5 })),
    ];
    for (control, mut set) in probes.into_iter().filter(|(it, _)| controls.contains(it)) {
        let expected = match sampling {
            Works => None,
            Ignored => Some(Level::Ignored),
            NoTemperature if control != Control::Temperature => None,
            NeedsNoEffort | Refused | NoTemperature => Some(Level::Refused),
        };
        let found = level(id, dialect, control, set.clone());
        assert_eq!(found, expected, "{id} in {dialect}: {control:?}");
        set["effort"] = "none".into();
        let with_none = level(id, dialect, control, set);
        let expected = expected.filter(|_| sampling != NeedsNoEffort);
        assert_eq!(with_none, expected, "{id} in {dialect}: {control:?} with no effort");
    }
}

fn others_are(refused: &[Control], id: &str, dialect: &str) {
    let controls = crate::dialects::find(dialect).expect("a dialect").controls();
    for (control, set) in [
        (FrequencyPenalty, json!({ "frequency_penalty": 0.5 })),
        (PresencePenalty, json!({ "presence_penalty": 0.5 })),
        (Stop, json!({ "stop": ["END"] })),
        (N, json!({ "n": 2 })),
        (Logprobs, json!({ "logprobs": 2 })),
        (Prefill, json!({ "prefill": "Well" })),
        (ThinkingBudget, json!({ "thinking_budget": 2000, "max_tokens": 4000 })),
        (ShowReasoning, json!({ "show_reasoning": true })),
        (Control::Seed, json!({ "seed": 7 })),
    ] {
        if controls.contains(&control) {
            let is_refused = level(id, dialect, control, set) == Some(Level::Refused);
            let expected = refused.contains(&control);
            assert_eq!(is_refused, expected, "{id} in {dialect}: {control:?}");
        }
    }
}

#[test]
fn no_model_is_left_out() {
    // Practice is held to itself, in tests/lint.rs; of open weights nothing is claimed anywhere.
    let is_held = |it: &&Model| it.provider != "practice" && it.provider != "custom";
    for model in models::all().iter().filter(is_held) {
        let provider = Provider::find(&model.provider).expect("a row");
        let row = ROWS.iter().find(|(_, ids, ..)| ids.contains(&&*model.id));
        let (dialects, ..) = row.unwrap_or_else(|| panic!("{} is in no table", model.id));
        assert!(dialects.contains(&provider.dialects[0].id()), "{}", model.id);
    }
}
