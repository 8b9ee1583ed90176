use serde_json::{Value, json};

use super::*;
use crate::{
    cards::{CARDS, Effort},
    dialects::{
        Ask, Dialect, handmade, openai_chat::OpenAiChat, openai_responses::OpenAiResponses,
    },
};

/// What a request to a model asks for, with these fields.
fn ask(dialect: &dyn Dialect, model: &str, more: &Value) -> Ask {
    let mut body = match dialect.name() {
        "OpenAI Responses" => json!({ "model": model, "input": "hello" }),
        _ => json!({ "model": model, "messages": [{ "role": "user", "content": "hello" }] }),
    };
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    handmade::asked(dialect, &body).unwrap().0
}

#[test]
fn every_field_shapes_the_choice() {
    let usual = || Sampling { temperature: CARDS[0].temperature, ..Sampling::default() };
    let table = [
        (json!({}), usual()),
        (json!({ "temperature": 0 }), Sampling { temperature: 0.0, ..usual() }),
        (json!({ "temperature": 2, "top_p": 0.5 }), {
            Sampling { temperature: 2.0, top_p: 0.5, ..usual() }
        }),
        (json!({ "top_k": 40, "min_p": 0.05 }), {
            Sampling { top_k: Some(40), min_p: 0.05, ..usual() }
        }),
        (json!({ "top_k": 0 }), usual()),
        (json!({ "top_k": -1 }), usual()),
        (json!({ "frequency_penalty": -2, "presence_penalty": 1.5 }), {
            Sampling { frequency_penalty: -2.0, presence_penalty: 1.5, ..usual() }
        }),
        (json!({ "logit_bias": { "199999": -100, "5": 0.5, "05": 1, "7": null } }), {
            Sampling { logit_bias: vec![(5, 1.0), (199_999, -100.0)], ..usual() }
        }),
        (json!({ "logit_bias": {} }), usual()),
        (json!({ "seed": 7 }), Sampling { seed: Some(7), ..usual() }),
        (json!({ "seed": -1 }), Sampling { seed: Some(u64::MAX), ..usual() }),
        (json!({ "temperature": null, "seed": null, "logit_bias": null }), usual()),
    ];
    for (more, expected) in table {
        assert_eq!(ask(&OpenAiChat, "practice-1", &more).sampling, expected, "{more}");
    }
    let more = json!({ "temperature": 0.5, "top_p": 0.25 });
    let expected = Sampling { temperature: 0.5, top_p: 0.25, ..usual() };
    assert_eq!(ask(&OpenAiResponses, "practice-1", &more).sampling, expected);
}

#[test]
fn a_model_has_its_own_temperature_where_none_is_named() {
    for dialect in [&OpenAiChat as &dyn Dialect, &OpenAiResponses] {
        for card in crate::cards::CARDS {
            let unset = ask(dialect, card.id, &json!({})).sampling;
            assert_eq!(unset, Sampling { temperature: card.temperature, ..Sampling::default() });
        }
    }
    let mini = ask(&OpenAiChat, "practice-mini", &json!({ "temperature": 1 }));
    assert_eq!(mini.sampling.temperature, 1.0);
}

#[test]
fn only_a_model_that_thinks_has_an_effort() {
    let table = [
        ("practice-1", None, Effort::None),
        ("practice-reasoner", None, Effort::Low),
        ("practice-reasoner", Some("none"), Effort::None),
        ("practice-reasoner", Some("low"), Effort::Low),
        ("practice-reasoner", Some("high"), Effort::High),
    ];
    for (model, effort, expected) in table {
        let chat = ask(&OpenAiChat, model, &json!({ "reasoning_effort": effort }));
        assert_eq!(chat.effort, expected, "{model}, {effort:?}");
        let reasoning = json!({ "reasoning": { "effort": effort } });
        assert_eq!(
            ask(&OpenAiResponses, model, &reasoning).effort,
            expected,
            "{model}, {effort:?}"
        );
    }
}
