use serde_json::json;

use super::*;
use crate::cards;

/// What a request with these fields added asks of this model.
fn asked(id: &str, more: &Value) -> Ask {
    let mut body = json!({ "model": id, "messages": [{ "role": "user", "content": "Hello" }] });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    chat(&body, cards::card(id).unwrap()).unwrap()
}

fn with_options(id: &str, options: &Value) -> Ask {
    asked(id, &json!({ "options": options }))
}

#[test]
fn every_option_is_read() {
    let usual = Sampling { temperature: cards::CARDS[0].temperature, ..Sampling::default() };
    let table = [
        ("practice-1", json!({}), usual.clone()),
        ("practice-mini", json!({}), Sampling { temperature: 1.0, ..usual.clone() }),
        (
            "practice-1",
            json!({ "temperature": 0.2 }),
            Sampling { temperature: 0.2, ..usual.clone() },
        ),
        (
            "practice-1",
            json!({ "temperature": -1 }),
            Sampling { temperature: 0.0, ..usual.clone() },
        ),
        ("practice-1", json!({ "top_p": 0.5 }), Sampling { top_p: 0.5, ..usual.clone() }),
        ("practice-1", json!({ "top_p": 7 }), usual.clone()),
        ("practice-1", json!({ "min_p": 0.1 }), Sampling { min_p: 0.1, ..usual.clone() }),
        ("practice-1", json!({ "top_k": 3 }), Sampling { top_k: Some(3), ..usual.clone() }),
        ("practice-1", json!({ "top_k": 0 }), usual.clone()),
        ("practice-1", json!({ "seed": 7 }), Sampling { seed: Some(7), ..usual.clone() }),
        ("practice-1", json!({ "seed": -1 }), usual.clone()),
        (
            "practice-1",
            json!({ "seed": -2 }),
            Sampling { seed: Some(u64::MAX - 1), ..usual.clone() },
        ),
        (
            "practice-1",
            json!({ "presence_penalty": 1.5, "frequency_penalty": -1 }),
            Sampling { presence_penalty: 1.5, frequency_penalty: -1.0, ..usual.clone() },
        ),
        (
            "practice-1",
            json!({ "repeat_penalty": 2, "presence_penalty": 1 }),
            Sampling { presence_penalty: 1.0 + f64::ln(2.0), ..usual.clone() },
        ),
        ("practice-1", json!({ "repeat_penalty": 1 }), usual.clone()),
        ("practice-1", json!({ "repeat_penalty": 0, "typical_p": 0.5, "repeat_last_n": 9 }), usual),
    ];
    for (id, options, sampling) in table {
        assert_eq!(with_options(id, &options).sampling, sampling, "{id} {options}");
    }
    let ask = with_options("practice-1", &json!({ "num_predict": 5, "stop": ["a"] }));
    assert_eq!((ask.max_tokens, ask.stop), (Some(5), vec!["a".to_owned()]));
    let ask = asked("practice-1", &json!({ "logprobs": true, "top_logprobs": 20 }));
    assert_eq!(ask.candidates, Some(20));
}

#[test]
fn a_context_is_no_larger_than_the_window_of_the_model() {
    for (id, window) in [("practice-mini", 512), ("practice-1", 4096), ("practice-long", 32_768)] {
        assert_eq!(asked(id, &json!({})).window, Some(window));
        assert_eq!(with_options(id, &json!({ "num_ctx": 99_999 })).window, Some(window));
        assert_eq!(with_options(id, &json!({ "num_ctx": 100 })).window, Some(100));
    }
}

#[test]
fn a_model_thinks_as_much_as_it_is_told_to() {
    let table = [
        ("practice-1", json!({}), Effort::None),
        ("practice-1", json!({ "think": false }), Effort::None),
        ("practice-reasoner", json!({}), Effort::Low),
        ("practice-reasoner", json!({ "think": true }), Effort::Low),
        ("practice-reasoner", json!({ "think": false }), Effort::None),
        ("practice-reasoner", json!({ "think": "low" }), Effort::Low),
        ("practice-reasoner", json!({ "think": "medium" }), Effort::Low),
        ("practice-reasoner", json!({ "think": "high" }), Effort::High),
        ("practice-reasoner", json!({ "think": "max" }), Effort::High),
    ];
    for (id, more, effort) in table {
        assert_eq!(asked(id, &more).effort, effort, "{id} {more}");
    }
    // A model on one's own machine takes a temperature, whether it thinks or not.
    let more = json!({ "think": true, "options": { "temperature": 0.2 } });
    assert_eq!(asked("practice-reasoner", &more).sampling.temperature, 0.2);
}
