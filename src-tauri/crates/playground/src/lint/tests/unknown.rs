//! Of a model that we do not know, and of somebody else's server, no refusal is claimed.

use super::*;
use crate::{PROVIDERS, dialect::Dialect};
use proptest::prelude::*;

fn claims_nothing(findings: &[Finding]) -> bool {
    findings.iter().all(|it| it.level != Level::Refused && it.says.is_none())
}

fn any_id() -> impl Strategy<Value = String> {
    let known = prop::sample::select(models::all().iter().collect::<Vec<_>>());
    prop_oneof![
        "[a-z0-9.:/_-]{0,24}",
        "\\PC{0,12}",
        // Very nearly one that we know.
        (known, "(-x|:free|@1|0)").prop_map(|(model, end)| format!("{}{end}", model.id)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn no_refusal_is_claimed_of_a_model_without_a_row(
        chat in repairs::any_chat(),
        id in any_id().prop_filter("it is known", |id| models::find(id).is_none()),
        provider in prop::sample::select(PROVIDERS.iter().map(|it| it.id).collect::<Vec<_>>()),
        dialect in prop::sample::select(dialects::DIALECTS.map(Dialect::id).to_vec()),
        tokens in prop::option::of(0..3_000_000u32),
    ) {
        let prompt = tokens.map(|tokens| PromptSize { tokens, exact: true });
        let findings = lint(&chat, asked(provider, &id, dialect), TODAY, prompt);
        prop_assert!(claims_nothing(&findings), "{provider} {id}: {findings:?}");
    }

    #[test]
    fn no_refusal_is_claimed_of_a_server_of_ones_own(
        chat in repairs::any_chat(),
        model in prop::sample::select(models::all().iter().map(|it| &*it.id).collect::<Vec<_>>()),
        dialect in prop::sample::select(dialects::DIALECTS.map(Dialect::id).to_vec()),
        tokens in prop::option::of(0..3_000_000u32),
    ) {
        let prompt = tokens.map(|tokens| PromptSize { tokens, exact: true });
        let findings = lint(&chat, asked("custom", model, dialect), TODAY, prompt);
        prop_assert!(claims_nothing(&findings), "{model}: {findings:?}");
    }
}

/// A server that copied a format need not have its limits: nor has Ollama those of OpenAI.
#[test]
fn no_refusal_is_claimed_in_a_copied_format() {
    let odd = json!({ "temperature": 9, "n": 500, "effort": "xhigh", "logprobs": 99, "stop": ["a", "b", "c", "d", "e"] });
    for model in models::all().iter().filter(|it| it.provider == "ollama") {
        let findings = lint(&chat(odd.clone()), home(&model.id, CHAT), TODAY, None);
        assert!(claims_nothing(&findings), "{}: {findings:?}", model.id);
        assert!(findings.iter().all(|it| !it.why.starts_with("At ")), "{findings:?}");
        assert!(findings.len() >= 4, "{findings:?}");
    }
}

/// A known name at a provider that does not serve it is not that model.
#[test]
fn a_name_is_a_model_only_where_it_is_served() {
    let odd = json!({ "temperature": 9, "effort": "minimal", "max_tokens": 4_000_000 });
    for model in models::all() {
        for provider in PROVIDERS.iter().filter(|it| it.id != model.provider) {
            for dialect in provider.dialects {
                let recipient = asked(provider.id, &model.id, dialect.id());
                let findings = lint(&chat(odd.clone()), recipient, TODAY, None);
                assert!(claims_nothing(&findings), "{} at {}", model.id, provider.id);
            }
        }
    }
}

#[test]
fn what_a_known_model_refuses_at_home_is_told_of_other_servers_too() {
    let findings =
        lint(&chat(json!({ "temperature": 0.5 })), asked("custom", "gpt-5", CHAT), TODAY, None);
    let found = findings.iter().find(|it| it.rule == Rule::SamplingRefused).expect("a notice");
    assert_eq!((found.level, &found.says), (Level::Notice, &None));
    assert!(found.why.starts_with("At OpenAI: "), "{}", found.why);
    assert_eq!(found.repairs, [Repair::Drop { control: Control::Temperature }]);
}
