use serde_json::json;

use super::*;
use crate::cards;

/// What a request with this configuration asks of this model.
fn asked(id: &str, config: &Value) -> Ask {
    let contents = json!([{ "role": "user", "parts": [{ "text": "Hello" }] }]);
    let body = json!({ "contents": contents, "generationConfig": config });
    ask(&body, cards::card(id).unwrap()).unwrap()
}

#[test]
fn every_parameter_is_read() {
    let usual = Sampling { temperature: cards::CARDS[0].temperature, ..Sampling::default() };
    let table = [
        ("practice-1", json!({}), usual.clone()),
        ("practice-mini", json!({}), Sampling { temperature: 1.0, ..usual.clone() }),
        ("practice-1", json!({ "temperature": 2 }), Sampling { temperature: 2.0, ..usual.clone() }),
        ("practice-1", json!({ "topP": 0.5 }), Sampling { top_p: 0.5, ..usual.clone() }),
        ("practice-1", json!({ "topK": 40.0 }), Sampling { top_k: Some(40), ..usual.clone() }),
        ("practice-1", json!({ "topK": 0 }), usual.clone()),
        ("practice-1", json!({ "seed": 7 }), Sampling { seed: Some(7), ..usual.clone() }),
        (
            "practice-1",
            json!({ "seed": -7 }),
            Sampling { seed: Some(u64::MAX - 6), ..usual.clone() },
        ),
        (
            "practice-1",
            json!({ "presencePenalty": -2, "frequency_penalty": 1.5 }),
            Sampling { presence_penalty: -2.0, frequency_penalty: 1.5, ..usual },
        ),
    ];
    for (id, config, sampling) in table {
        assert_eq!(asked(id, &config).sampling, sampling, "{id} {config}");
    }
    let ask = asked(
        "practice-1",
        &json!({ "candidateCount": 8, "maxOutputTokens": 5, "stopSequences": ["a"],
            "responseLogprobs": true, "logprobs": 20 }),
    );
    assert_eq!((ask.choices, ask.max_tokens, ask.candidates), (8, Some(5), Some(20)));
    assert_eq!(ask.stop, ["a"]);
    assert_eq!(asked("practice-1", &json!({ "responseLogprobs": true })).candidates, Some(0));
}

#[test]
fn a_model_thinks_as_much_as_it_is_told_to() {
    let table = [
        ("practice-1", json!({}), Effort::None),
        ("practice-reasoner", json!({}), Effort::Low),
        ("practice-reasoner", json!({ "includeThoughts": true }), Effort::Low),
        ("practice-reasoner", json!({ "thinkingBudget": 0 }), Effort::None),
        ("practice-reasoner", json!({ "thinkingBudget": -1 }), Effort::Low),
        ("practice-reasoner", json!({ "thinkingBudget": 24_576 }), Effort::High),
        ("practice-reasoner", json!({ "thinkingLevel": "minimal" }), Effort::Low),
        ("practice-reasoner", json!({ "thinkingLevel": "HIGH" }), Effort::High),
        ("practice-reasoner", json!({ "thinking_level": "xhigh" }), Effort::High),
    ];
    for (id, thinking, effort) in table {
        let config = json!({ "thinkingConfig": thinking });
        assert_eq!(asked(id, &config).effort, effort, "{id} {thinking}");
    }
}

/// As the newest models of the service do.
#[test]
fn a_model_that_thinks_takes_no_notice_of_the_temperature() {
    let config = |budget: i32| {
        json!({ "temperature": 0, "topP": 0.5, "topK": 3, "seed": 7,
            "thinkingConfig": { "thinkingBudget": budget } })
    };
    let default = cards::card("practice-reasoner").unwrap().temperature;
    let thinking = Sampling { temperature: default, seed: Some(7), ..Sampling::default() };
    let quiet = Sampling { temperature: 0.0, top_p: 0.5, top_k: Some(3), ..thinking.clone() };
    assert_eq!(asked("practice-reasoner", &config(-1)).sampling, thinking);
    assert_eq!(asked("practice-reasoner", &config(0)).sampling, quiet);
}

#[test]
fn thoughts_are_told_to_those_who_ask() {
    let table = [
        (json!({}), false),
        (json!({ "generationConfig": { "thinkingConfig": { "includeThoughts": true } } }), true),
        (json!({ "generation_config": { "thinking_config": { "include_thoughts": true } } }), true),
        (json!({ "generationConfig": { "thinkingConfig": { "includeThoughts": false } } }), false),
    ];
    for (body, told) in table {
        assert_eq!(tells_thoughts(&body), told, "{body}");
    }
}
