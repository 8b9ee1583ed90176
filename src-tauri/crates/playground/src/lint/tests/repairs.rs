//! What a repair mends.

use super::*;
use crate::{
    chat::{CacheLifetime, Effort, ResponseFormat},
    dialect::Dialect,
};
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
        (
            CHAT,
            "gpt-4o",
            json!({ "response_format": { "type": "json_schema", "name": "my reply!", "schema": {} } }),
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

fn any_parameters() -> impl Strategy<Value = Parameters> {
    let number =
        || prop::option::of(prop::sample::select(vec![-3.0, -1.0, 0.0, 0.5, 0.97, 1.0, 1.5, 3.0]));
    let whole =
        || prop::option::of(prop::sample::select(vec![0, 1, 9, 30, 1024, 4096, 64_001, 4_000_000]));
    let format = prop::sample::select(vec![
        None,
        Some(ResponseFormat::JsonObject),
        Some(ResponseFormat::JsonSchema { name: "ä b".repeat(30), schema: json!({}) }),
        Some(ResponseFormat::JsonSchema { name: String::new(), schema: json!({}) }),
    ]);
    let stop = prop::option::of(prop::collection::vec(prop::sample::select(vec!["a", " "]), 0..7));
    let effort = prop::option::of(prop::sample::select(Effort::ALL.to_vec()));
    let cache =
        prop::option::of(prop::sample::select(vec![CacheLifetime::Short, CacheLifetime::Long]));
    let numbers = (number(), number(), number(), number());
    let wholes = (whole(), whole(), whole(), whole(), whole());
    let rest = (format, stop, effort, cache, any::<Option<bool>>(), any::<bool>());
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
        prefill: rest.5.then(|| "Well".into()),
        ..Parameters::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn a_repair_ends_what_it_is_offered_for(
        parameters in any_parameters(),
        model in prop::sample::select(models::all().iter().collect::<Vec<_>>()),
        dialect in prop::sample::select(DIALECTS.map(Dialect::id).to_vec()),
        tokens in prop::sample::select(vec![1, 600, 5_000, 127_000, 199_000, 2_000_000]),
    ) {
        let judge = |chat: &Chat, model: &str| {
            lint(chat, model, dialect, TODAY, Some(PromptSize { tokens, exact: true }))
        };
        let before = Chat { parameters, ..chat(json!({})) };
        for finding in judge(&before, &model.id) {
            let is_long = finding.rule == Rule::PromptTooLong || finding.rule == Rule::ReplyTooLong;
            let is_over = finding.rule == Rule::Retired;
            prop_assert!(!finding.repairs.is_empty() || is_long || is_over
                || finding.level == Level::Notice, "{finding:?}");
            for repair in &finding.repairs {
                let (mut chat, mut id) = (before.clone(), model.id.clone());
                repair.apply(&mut chat, &mut id);
                let same = |it: &Finding| (it.rule, it.control) == (finding.rule, finding.control);
                let left = judge(&chat, &id);
                prop_assert!(!left.iter().any(same), "{repair:?} leaves {left:?}");
            }
        }
    }
}
