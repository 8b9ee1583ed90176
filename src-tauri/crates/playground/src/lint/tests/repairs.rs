//! What a repair mends.

use super::*;
use crate::chat::{CacheLifetime, Effort, ResponseFormat};
use proptest::prelude::*;

#[test]
fn one_repair_is_enough_where_the_facts_name_it() {
    for (dialect, model, parameters, repair) in [
        (
            CHAT,
            "gpt-6-luna",
            json!({ "temperature": 0.5 }),
            Repair::SetEffort { effort: Effort::None },
        ),
        (CHAT, "gpt-5.1", json!({ "effort": "xhigh" }), Repair::SetEffort { effort: Effort::High }),
        (CHAT, "gpt-4o", json!({ "n": 0 }), Repair::Clamp { control: Control::N, value: 1.0 }),
        (CHAT, "gpt-6-sol", json!({ "cache": "long" }), Repair::ShortenCache),
        (CLAUDE, "claude-haiku-4-5", json!({ "prefill": "So " }), Repair::TrimPrefill),
        (
            CHAT,
            "gpt-4o",
            json!({ "stop": ["a", "b", "c", "d", "e"] }),
            Repair::Clamp { control: Control::Stop, value: 4.0 },
        ),
        (
            RESPONSES,
            "gpt-4o",
            json!({ "response_format": { "type": "json_schema", "name": "a", "schema": {
                "type": "object", "properties": { "b": {} },
            } } }),
            Repair::MendSchema {
                schema: json!({
                    "type": "object", "properties": { "b": {} },
                    "additionalProperties": false, "required": ["b"],
                }),
            },
        ),
        (
            CHAT,
            "gpt-4o",
            json!({ "response_format": { "type": "json_schema", "name": "my reply!", "schema": {
                "type": "object", "additionalProperties": false,
            } } }),
            Repair::NameSchema { name: "my_reply_".into() },
        ),
    ] {
        let (mut chat, mut model) = (chat(parameters), model.to_owned());
        let findings = on(&chat, &model, dialect);
        let first = findings.iter().find(|it| it.level == Level::Refused).expect("a refusal");
        assert_eq!(first.repairs[0], repair);
        repair.apply(&mut chat, &mut model);
        let left = on(&chat, &model, dialect);
        assert!(left.iter().all(|it| it.level != Level::Refused), "{left:?}");
    }
}

fn any_schema() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop::sample::select(vec![
        json!({}),
        json!({ "type": "string" }),
        json!({ "type": "object", "additionalProperties": false }),
        json!({ "type": "object", "additionalProperties": true, "required": ["gone"] }),
    ]);
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| json!({ "type": "object", "properties": { "a": a, "b": b } })),
            inner.clone().prop_map(|it| json!({ "type": "array", "items": it })),
            inner.prop_map(|it| json!({ "anyOf": [{ "type": "null" }, it] })),
        ]
    })
}

fn any_parameters() -> impl Strategy<Value = Parameters> {
    let number =
        || prop::option::of(prop::sample::select(vec![-3.0, -1.0, 0.0, 0.5, 0.97, 1.0, 1.5, 3.0]));
    let whole =
        || prop::option::of(prop::sample::select(vec![0, 1, 9, 30, 1024, 4096, 64_001, 4_000_000]));
    let name = prop::sample::select(vec!["reply".to_owned(), "ä b".repeat(30), String::new()]);
    let format = prop_oneof![
        Just(None),
        Just(Some(ResponseFormat::JsonObject)),
        (name, any_schema())
            .prop_map(|(name, schema)| Some(ResponseFormat::JsonSchema { name, schema })),
    ];
    let stop =
        prop::option::of(prop::collection::vec(prop::sample::select(vec!["a", " ", ""]), 0..7));
    let effort = prop::option::of(prop::sample::select(Effort::ALL.to_vec()));
    let cache =
        prop::option::of(prop::sample::select(vec![CacheLifetime::Short, CacheLifetime::Long]));
    let prefill = prop::option::of(prop::sample::select(vec!["", " ", "Well", "Well, "]));
    let seed = prop::option::of(prop::sample::select(vec![-7, 0, i64::MAX, i64::MIN]));
    let numbers = (number(), number(), number(), number());
    let wholes = (whole(), whole(), whole(), whole(), whole());
    let rest = (format, stop, effort, cache, any::<Option<bool>>(), prefill, seed);
    (numbers, wholes, rest).prop_map(|(numbers, wholes, rest)| Parameters {
        temperature: numbers.0,
        top_p: numbers.1,
        frequency_penalty: numbers.2,
        presence_penalty: numbers.3,
        max_tokens: wholes.0,
        top_k: wholes.1,
        n: wholes.2,
        logprobs: wholes.3,
        thinking_budget: wholes.4,
        response_format: rest.0,
        stop: rest.1.map(|texts| texts.into_iter().map(str::to_owned).collect()),
        effort: rest.2,
        cache: rest.3,
        show_reasoning: rest.4,
        prefill: rest.5.map(str::to_owned),
        seed: rest.6,
        stream: None,
    })
}

/// Chats with and without instructions, of every kind of parameters.
pub(super) fn any_chat() -> impl Strategy<Value = Chat> {
    let says = |role, text: &str| Message { role, text: text.into() };
    let messages = prop::sample::select(vec![
        vec![says(Role::User, "Why?")],
        vec![says(Role::System, "Answer in JSON."), says(Role::User, "Why?")],
        vec![says(Role::User, "JSON?"), says(Role::Assistant, "Yes."), says(Role::User, "Why?")],
    ]);
    (messages, any_parameters()).prop_map(|(messages, parameters)| Chat { messages, parameters })
}

/// The model at home, in a wire format that is spoken there.
fn any_recipient() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(models::all().iter().collect::<Vec<_>>()).prop_flat_map(|model| {
        let provider = Provider::find(&model.provider).expect("a row");
        let dialects: Vec<_> = provider.dialects.iter().map(|it| it.id()).collect();
        (Just(&*model.id), prop::sample::select(dialects))
    })
}

type Found = (Rule, Option<Control>);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    /// And it breaks nothing: what is refused afterwards was refused before, for that reason or
    /// for one that stood in front of it.
    #[test]
    fn a_repair_ends_what_it_is_offered_for(
        chat in any_chat(),
        (model, dialect) in any_recipient(),
        tokens in prop::sample::select(vec![1, 600, 5_000, 127_000, 199_000, 2_000_000]),
    ) {
        let prompt = Some(PromptSize { tokens, exact: true });
        let judge = |chat: &Chat, model: &str| lint(chat, home(model, dialect), TODAY, prompt);
        let name = |it: &Finding| -> Found { (it.rule, it.control) };
        let findings = judge(&chat, model);
        let refused: Vec<_> =
            findings.iter().filter(|it| it.level == Level::Refused).map(name).collect();
        for finding in &findings {
            let is_long = [Rule::PromptTooLong, Rule::ReplyTooLong].contains(&finding.rule);
            let is_over = finding.rule == Rule::Retired;
            prop_assert!(!finding.repairs.is_empty() || is_long || is_over
                || finding.level == Level::Notice, "{finding:?}");
            for repair in &finding.repairs {
                let (mut mended, mut id) = (chat.clone(), model.to_owned());
                repair.apply(&mut mended, &mut id);
                let left = judge(&mended, &id);
                let same = |it: &Finding| name(it) == name(finding);
                prop_assert!(!left.iter().any(same), "{repair:?} leaves {left:?}");
                if matches!(repair, Repair::ChangeModel { .. }) {
                    continue;
                }
                let is_new = |it: &&Finding| {
                    let was_hidden = refused.iter().any(|(_, control)| *control == it.control);
                    it.level == Level::Refused && !was_hidden
                };
                let new = left.iter().find(is_new);
                // The only way may have a second step.
                let has_step = new.is_none_or(|it| !it.repairs.is_empty());
                let is_fine = if finding.repairs.len() == 1 { has_step } else { new.is_none() };
                prop_assert!(is_fine, "{repair:?} brings {new:?} to {chat:?}");
            }
        }
    }
}

/// One repair after another, the first that is offered each time, comes to an end without any
/// refusal but for what only the person can shorten.
#[test]
fn repairs_lead_to_a_chat_that_is_taken() {
    let odd = json!({
        "temperature": 9, "top_p": 3, "top_k": 1, "n": 500, "logprobs": 99, "effort": "minimal",
        "thinking_budget": 1, "prefill": "A ", "cache": "long", "max_tokens": 4_000_000,
        "stop": ["a", "b", "c", "d", "e", " "], "response_format": { "type": "json_object" },
        "frequency_penalty": -9, "presence_penalty": 9, "show_reasoning": true,
    });
    for model in models::all() {
        let provider = Provider::find(&model.provider).expect("a row");
        for dialect in provider.dialects {
            let (mut chat, mut id) = (chat(odd.clone()), model.id.clone());
            for _ in 0..60 {
                let findings = lint(&chat, home(&id, dialect.id()), TODAY, None);
                let repair = findings
                    .iter()
                    .find_map(|it| it.repairs.first().filter(|_| it.level == Level::Refused));
                let Some(repair) = repair else { break };
                repair.apply(&mut chat, &mut id);
            }
            let findings = lint(&chat, home(&id, dialect.id()), TODAY, None);
            let left = findings.iter().find(|it| it.level == Level::Refused);
            let is_over = left.is_none_or(|it| it.rule == Rule::Retired);
            assert!(is_over, "{} in {}: {left:?}", model.id, dialect.id());
        }
    }
}
