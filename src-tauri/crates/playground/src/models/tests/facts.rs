//! The catalogue against the tables that it was made from, row by row: what a model holds, how its
//! text is cut, what it does with sampling, when it ends and what takes its place.

use super::*;
use crate::tokens::Encoding;
use Encoding::{Cl100kBase, O200kBase, O200kHarmony};
use Sampling::{Accepted, EffortNone, Ignored, Refused, ThinkingOff, Unknown};

type Day = Option<&'static str>;
type Row = (
    &'static str,
    Option<u32>,
    Option<u32>,
    Option<u32>,
    Option<(Encoding, bool)>,
    Sampling,
    Day,
    Day,
    Option<&'static str>,
);

/// Id, window, longest prompt where that is less, longest reply, encoding and whether it is
/// established, sampling, shutdown, not before, replacement.
#[rustfmt::skip]
static ROWS: &[Row] = &[
    // OpenAI.
    ("gpt-6-astra", Some(1_050_000), Some(922_000), Some(128_000), Some((O200kBase, false)), Refused, None, None, None),
    ("gpt-6.1-sol", Some(1_050_000), Some(922_000), Some(128_000), Some((O200kBase, false)), Refused, None, None, None),
    ("gpt-6.1-terra", Some(1_050_000), Some(922_000), Some(128_000), Some((O200kBase, false)), EffortNone, None, None, None),
    ("gpt-6-sol", Some(1_050_000), Some(922_000), Some(128_000), Some((O200kBase, false)), EffortNone, None, None, None),
    ("gpt-6-luna", Some(1_050_000), Some(922_000), Some(128_000), Some((O200kBase, false)), EffortNone, None, None, None),
    ("gpt-5.6-sol", Some(1_050_000), Some(922_000), Some(128_000), Some((O200kBase, true)), EffortNone, None, None, None),
    ("gpt-5.6-terra", Some(1_050_000), Some(922_000), Some(128_000), Some((O200kBase, true)), EffortNone, None, None, None),
    ("gpt-5.6-luna", Some(1_050_000), Some(922_000), Some(128_000), Some((O200kBase, true)), EffortNone, None, None, None),
    ("gpt-5.5", Some(1_050_000), None, Some(128_000), Some((O200kBase, true)), EffortNone, None, None, None),
    ("gpt-5.4", Some(1_050_000), None, Some(128_000), Some((O200kBase, true)), EffortNone, None, None, None),
    ("gpt-5.4-mini", Some(400_000), Some(272_000), Some(128_000), Some((O200kBase, true)), EffortNone, None, None, None),
    ("gpt-5.4-nano", Some(400_000), Some(272_000), Some(128_000), Some((O200kBase, true)), EffortNone, Some("2027-04-01"), None, None),
    ("gpt-5.2", Some(400_000), Some(272_000), Some(128_000), Some((O200kBase, true)), EffortNone, None, None, None),
    ("gpt-5.1", Some(400_000), Some(272_000), Some(128_000), Some((O200kBase, true)), EffortNone, Some("2027-04-01"), None, None),
    ("gpt-5", Some(400_000), Some(272_000), Some(128_000), Some((O200kBase, true)), Refused, Some("2026-12-11"), None, None),
    ("gpt-5-mini", Some(400_000), Some(272_000), Some(128_000), Some((O200kBase, true)), Refused, Some("2026-12-11"), None, None),
    ("gpt-5-nano", Some(400_000), Some(272_000), Some(128_000), Some((O200kBase, true)), Refused, Some("2026-12-11"), None, None),
    ("gpt-4.1", Some(1_047_576), None, Some(32_768), Some((O200kBase, true)), Accepted, Some("2027-01-14"), None, None),
    ("gpt-4.1-mini", Some(1_047_576), None, Some(32_768), Some((O200kBase, true)), Accepted, Some("2027-01-14"), None, Some("gpt-6-luna")),
    ("gpt-4o", Some(128_000), None, Some(16_384), Some((O200kBase, true)), Accepted, Some("2027-01-14"), None, Some("gpt-6-luna")),
    ("gpt-4o-mini", Some(128_000), None, Some(16_384), Some((O200kBase, true)), Accepted, Some("2027-01-14"), None, Some("gpt-6-luna")),
    ("gpt-4o-2024-05-13", Some(128_000), None, Some(4_096), Some((O200kBase, true)), Accepted, Some("2026-10-23"), None, Some("gpt-6-luna")),
    ("gpt-4o-search-preview", Some(128_000), None, Some(16_384), Some((O200kBase, true)), Accepted, None, None, None),
    ("o3", Some(200_000), None, Some(100_000), Some((O200kBase, true)), Refused, Some("2026-12-11"), None, None),
    ("gpt-4.1-nano", Some(1_047_576), None, Some(32_768), Some((O200kBase, true)), Accepted, Some("2026-10-23"), None, None),
    ("o4-mini", Some(200_000), None, Some(100_000), Some((O200kBase, true)), Refused, Some("2026-10-23"), None, None),
    ("o3-mini", Some(200_000), None, Some(100_000), Some((O200kBase, true)), Refused, Some("2026-10-23"), None, None),
    ("o1", Some(200_000), None, Some(100_000), Some((O200kBase, true)), Refused, Some("2026-10-23"), None, None),
    ("gpt-4-turbo", Some(128_000), None, Some(4_096), Some((Cl100kBase, true)), Accepted, Some("2026-10-23"), None, None),
    ("gpt-4", Some(8_192), None, Some(4_096), Some((Cl100kBase, true)), Accepted, Some("2026-10-23"), None, None),
    ("gpt-3.5-turbo", Some(16_385), None, Some(4_096), Some((Cl100kBase, true)), Accepted, Some("2026-10-23"), None, None),
    ("gpt-5-chat-latest", None, None, None, Some((O200kBase, true)), Unknown, Some("2026-07-23"), None, None),
    ("gpt-5.1-chat-latest", None, None, None, Some((O200kBase, true)), Unknown, Some("2026-07-23"), None, None),
    ("gpt-5.2-chat-latest", None, None, None, Some((O200kBase, true)), Unknown, Some("2026-08-10"), None, None),
    ("gpt-5.3-chat-latest", None, None, None, Some((O200kBase, true)), Unknown, Some("2026-08-10"), None, None),
    ("gpt-oss-20b", Some(131_072), None, Some(32_768), Some((O200kHarmony, true)), Accepted, None, None, None),
    ("gpt-oss-120b", Some(131_072), None, Some(32_768), Some((O200kHarmony, true)), Accepted, None, None, None),
    // Anthropic.
    ("claude-fable-5-2", Some(1_000_000), None, Some(128_000), None, Refused, None, None, None),
    ("claude-mythos-5-2", Some(1_000_000), None, Some(128_000), None, Refused, None, None, None),
    ("claude-opus-5-5", Some(1_000_000), None, Some(128_000), None, Refused, None, None, None),
    ("claude-sonnet-5-5", Some(1_000_000), None, Some(128_000), None, Refused, None, None, None),
    ("claude-haiku-5-5", Some(1_000_000), None, Some(128_000), None, Refused, None, None, None),
    ("claude-fable-5-1", Some(1_000_000), None, Some(128_000), None, Refused, None, None, None),
    ("claude-fable-5", Some(1_000_000), None, Some(128_000), None, Refused, None, Some("2027-06-09"), None),
    ("claude-opus-5", Some(1_000_000), None, Some(128_000), None, Refused, None, Some("2027-07-24"), None),
    ("claude-sonnet-5", Some(1_000_000), None, Some(128_000), None, Refused, None, Some("2027-06-30"), None),
    ("claude-opus-4-8", Some(1_000_000), None, Some(128_000), None, Refused, None, Some("2027-05-28"), None),
    ("claude-opus-4-7", Some(1_000_000), None, Some(128_000), None, Refused, None, Some("2027-04-16"), None),
    ("claude-opus-4-6", Some(1_000_000), None, Some(128_000), None, ThinkingOff, None, Some("2027-02-05"), None),
    ("claude-sonnet-4-6", Some(1_000_000), None, Some(128_000), None, ThinkingOff, None, Some("2027-02-17"), None),
    ("claude-opus-4-5-20251101", Some(200_000), None, Some(64_000), None, ThinkingOff, None, Some("2026-11-24"), None),
    ("claude-sonnet-4-5-20250929", Some(200_000), None, Some(64_000), None, ThinkingOff, Some("2026-11-30"), None, None),
    ("claude-haiku-4-5-20251001", Some(200_000), None, Some(64_000), None, ThinkingOff, None, Some("2026-10-15"), None),
    ("claude-opus-4-1", None, None, None, None, ThinkingOff, Some("2026-08-05"), None, None),
    ("claude-opus-4-20250514", None, None, None, None, ThinkingOff, Some("2026-06-15"), None, None),
    ("claude-sonnet-4-20250514", None, None, None, None, ThinkingOff, Some("2026-06-15"), None, Some("claude-sonnet-4-6")),
    ("claude-3-7-sonnet-20250219", None, None, None, None, ThinkingOff, Some("2026-02-19"), None, None),
    ("claude-3-5-haiku-20241022", None, None, None, None, ThinkingOff, Some("2026-02-19"), None, None),
    ("claude-3-haiku-20240307", None, None, None, None, ThinkingOff, Some("2026-04-20"), None, None),
    // Google.
    ("gemini-4-argon", Some(1_048_576), None, Some(65_536), None, Ignored, None, None, None),
    ("gemini-4-carbon", Some(1_048_576), None, Some(65_536), None, Ignored, None, None, None),
    ("gemini-4-neon", Some(1_048_576), None, Some(65_536), None, Ignored, None, None, None),
    ("gemini-4-hydrogen", Some(1_048_576), None, Some(65_536), None, Ignored, None, None, None),
    ("gemini-3.8-flash", Some(1_048_576), None, Some(65_536), None, Ignored, None, None, None),
    ("gemini-3.7-flash", Some(1_048_576), None, Some(65_536), None, Ignored, None, None, Some("gemini-3.8-flash")),
    ("gemini-3.6-flash", Some(1_048_576), None, Some(65_536), None, Ignored, None, None, None),
    ("gemini-3.5-flash", Some(1_048_576), None, Some(65_536), None, Unknown, Some("2026-10-08"), None, Some("gemini-3.6-flash")),
    ("gemini-3.5-flash-lite", Some(1_048_576), None, Some(65_536), None, Ignored, None, None, None),
    ("gemini-3.1-pro-preview", Some(1_048_576), None, Some(65_536), None, Unknown, None, None, None),
    ("gemini-3.1-flash-lite", Some(1_048_576), None, Some(65_536), None, Unknown, Some("2027-05-07"), None, None),
    ("gemini-3-flash-preview", Some(1_048_576), None, Some(65_536), None, Unknown, None, None, None),
    ("gemini-2.5-pro", Some(1_048_576), None, Some(65_536), None, Accepted, Some("2026-12-01"), None, Some("gemini-3.8-flash")),
    ("gemini-2.5-flash", Some(1_048_576), None, Some(65_536), None, Accepted, Some("2026-12-01"), None, Some("gemini-3.5-flash-lite")),
    ("gemini-2.5-flash-lite", Some(1_048_576), None, Some(65_536), None, Accepted, None, None, None),
    ("gemma-4-31b-it", Some(262_144), None, Some(32_768), None, Accepted, None, None, None),
    ("gemma-4-26b-a4b-it", Some(262_144), None, Some(32_768), None, Accepted, None, None, None),
    ("gemini-2.0-flash", None, None, None, None, Accepted, Some("2026-06-01"), None, None),
    ("gemini-2.0-flash-lite", None, None, None, None, Accepted, Some("2026-06-01"), None, None),
    ("gemini-3-pro-preview", Some(1_048_576), None, Some(65_536), None, Unknown, Some("2026-03-09"), None, None),
    ("gemini-1.5-pro", None, None, None, None, Accepted, None, None, None),
    // Ollama.
    ("gemma4", Some(131_072), None, None, None, Accepted, None, None, None),
    ("gemma4:e2b", Some(131_072), None, None, None, Accepted, None, None, None),
    ("gemma4:26b", Some(262_144), None, None, None, Accepted, None, None, None),
    ("gemma4:31b", Some(262_144), None, None, None, Accepted, None, None, None),
    ("qwen3.5:0.8b", Some(262_144), None, None, None, Accepted, None, None, None),
    ("qwen3.5:2b", Some(262_144), None, None, None, Accepted, None, None, None),
    ("qwen3.5:4b", Some(262_144), None, None, None, Accepted, None, None, None),
    ("qwen3.5:9b", Some(262_144), None, None, None, Accepted, None, None, None),
    ("qwen3.5:27b", Some(262_144), None, None, None, Accepted, None, None, None),
    ("qwen3.5:35b", Some(262_144), None, None, None, Accepted, None, None, None),
    ("llama3.2:1b", Some(131_072), None, None, None, Accepted, None, None, None),
    ("llama3.2", Some(131_072), None, None, None, Accepted, None, None, None),
    ("llama3.1", Some(131_072), None, None, None, Accepted, None, None, None),
    ("llama3.1:405b", Some(131_072), None, None, None, Accepted, None, None, None),
    ("llama3.3", Some(131_072), None, None, None, Accepted, None, None, None),
    ("gpt-oss:20b", Some(131_072), None, None, Some((O200kHarmony, true)), Accepted, None, None, None),
    ("gpt-oss:120b", Some(131_072), None, None, Some((O200kHarmony, true)), Accepted, None, None, None),
    ("gpt-oss:120b-cloud", Some(131_072), None, None, Some((O200kHarmony, true)), Accepted, None, None, None),
    ("gemma3:1b", Some(32_768), None, None, None, Accepted, None, None, None),
    ("gemma3", Some(131_072), None, None, None, Accepted, None, None, None),
    ("gemma3:12b", Some(131_072), None, None, None, Accepted, None, None, None),
    ("gemma3:27b", Some(131_072), None, None, None, Accepted, None, None, None),
    ("deepseek-r1", Some(131_072), None, None, None, Accepted, None, None, None),
    ("deepseek-r1:671b", Some(131_072), None, None, None, Accepted, None, None, None),
    ("mistral", Some(32_768), None, None, None, Accepted, None, None, None),
    ("phi4", Some(16_384), None, None, None, Accepted, None, None, None),
    ("phi4-mini", Some(131_072), None, None, None, Accepted, None, None, None),
    // Ours.
    ("practice-1", Some(4096), None, None, Some((O200kBase, true)), Accepted, None, None, None),
    ("practice-mini", Some(512), None, None, Some((O200kBase, true)), Accepted, None, None, None),
    ("practice-reasoner", Some(4096), None, None, Some((O200kBase, true)), EffortNone, None, None, None),
    ("practice-long", Some(32_768), None, None, Some((O200kBase, true)), Accepted, None, None, None),
];

#[test]
fn every_row_is_as_its_source_has_it() {
    for (id, window, input, output, encoding, sampling, shutdown, not_before, other) in ROWS {
        let model = find(id).unwrap_or_else(|| panic!("{id} is missing"));
        let limits = (model.context_window, model.max_input, model.max_output);
        assert_eq!(limits, (*window, *input, *output), "{id}");
        assert_eq!(model.encoding.map(|it| (it, model.encoding_exact)), *encoding, "{id}");
        assert_eq!(model.family().sampling, *sampling, "{id}");
        let days = (model.shutdown.as_deref(), model.not_before.as_deref());
        assert_eq!(days, (*shutdown, *not_before), "{id}");
        assert_eq!(model.replacement.as_deref(), *other, "{id}");
    }
    let told: Vec<_> = ROWS.iter().map(|row| row.0).collect();
    for model in all() {
        assert!(told.contains(&model.id.as_str()), "{} is in no table", model.id);
    }
}

/// Where the sources differ, where only one of them speaks, and what no column holds.
#[test]
fn what_people_should_know_is_noted() {
    for (id, word) in [
        ("gpt-6-astra", "not published"),
        ("gpt-5.5", "models.dev"),
        ("gpt-5.4-mini", "models.dev"),
        ("gpt-4.1", "genai-prices"),
        ("claude-fable-5-2", "2026-11-09"),
        ("claude-mythos-5-2", "restricted"),
        ("claude-sonnet-4-5", "Only litellm"),
        ("claude-haiku-4-5", "not both"),
        ("gemini-4-argon", "share the window"),
        ("gemini-4-neon", "penalties"),
        ("gemini-3.7-flash", "gemini-3.8-flash"),
        ("gemini-2.5-flash-lite", "genai-prices"),
        ("gemini-2.0-flash", "still showed it"),
        ("gemini-1.5-pro", "September 2025"),
        ("gemma-4-31b-it", "Free tier"),
        ("llama3.2:1b", "1.3 GB"),
        ("gpt-oss:120b-cloud", "signed in"),
        ("llama3.1:405b", "Few hosts"),
        ("gpt-oss-20b", "Open weights"),
    ] {
        let note = find(id).and_then(|model| model.note.as_deref()).unwrap_or_default();
        assert!(note.contains(word), "{id}: {note:?} says nothing of {word}");
    }
}

#[test]
fn short_prompts_are_not_cached_below_the_minimum_of_their_model() {
    for (minimum, ids) in [
        (
            512,
            ["claude-opus-5", "claude-fable-5", "claude-sonnet-5-5", "claude-haiku-5-5"].as_slice(),
        ),
        (512, &["claude-fable-5-1", "claude-fable-5-2", "claude-mythos-5-2"]),
        (1024, &["claude-opus-4-8", "claude-sonnet-5", "claude-sonnet-4-6", "claude-sonnet-4-5"]),
        (2048, &["claude-opus-4-7"]),
        (4096, &["claude-opus-4-6", "claude-opus-4-5", "claude-haiku-4-5"]),
    ] {
        for id in ids {
            assert_eq!(find(id).and_then(|it| it.cache_minimum), Some(minimum), "{id}");
        }
    }
}

#[test]
fn ends_are_marked_by_the_day() {
    use Ending::{Announced, Rerouted, Retired, Soon};
    for (id, day, kind, left) in [
        ("gpt-4o-mini", "2026-10-15", Some(Announced), Some(91)),
        ("gpt-4o-mini", "2026-10-16", Some(Soon), Some(90)),
        ("gpt-4o-mini", "2027-01-13", Some(Soon), Some(1)),
        ("gpt-4o-mini", "2027-01-14", Some(Retired), None),
        ("gpt-4o-2024-05-13", "2026-11-20", Some(Retired), None),
        ("o3", "2026-11-20", Some(Soon), Some(21)),
        ("gpt-5.1", "2026-11-20", Some(Announced), Some(132)),
        ("gpt-6-luna", "2026-11-20", None, None),
        ("claude-sonnet-5", "2026-11-20", None, None),
        ("claude-3-haiku-20240307", "2026-11-20", Some(Retired), None),
        ("gemini-2.5-pro", "2026-11-20", Some(Soon), Some(11)),
        ("gemini-2.5-pro", "2026-12-01", Some(Rerouted), None),
        ("gemini-3.7-flash", "2026-11-20", Some(Rerouted), None),
        ("gemini-3.5-flash", "2026-10-07", Some(Soon), Some(1)),
        ("gemini-3.5-flash", "2026-10-08", Some(Rerouted), None),
        ("gemini-1.5-pro", "2026-11-20", Some(Retired), None),
        ("gemini-2.0-flash", "2024-02-29", Some(Announced), Some(823)),
    ] {
        let end = find(id).expect(id).end(day);
        assert_eq!(end.as_ref().map(|end| end.kind), kind, "{id} on {day}");
        assert_eq!(end.as_ref().and_then(|end| end.days_left), left, "{id} on {day}");
        let model = find(id).expect(id);
        let is_over = matches!(kind, Some(Retired | Rerouted));
        assert_eq!(model.is_gone(day), is_over, "{id} on {day}");
        let other = model.answered_by(day).id != model.id;
        assert_eq!(other, kind == Some(Rerouted), "{id} on {day}");
    }
}
