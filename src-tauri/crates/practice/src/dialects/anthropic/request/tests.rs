use serde_json::json;

use super::*;
use crate::cards::{self, Effort};

/// What a request with these fields added asks of this model.
fn asked(id: &str, more: Value) -> Ask {
    let message = json!({ "role": "user", "content": "Hello" });
    let mut body = json!({ "model": id, "max_tokens": 4000, "messages": [message] });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    ask(&body, true, cards::card(id).unwrap()).unwrap()
}

#[test]
fn every_parameter_is_read() {
    let usual = Sampling { temperature: cards::CARDS[0].temperature, ..Sampling::default() };
    let table = [
        ("practice-1", json!({}), usual.clone()),
        (
            "practice-mini",
            json!({ "max_tokens": 9 }),
            Sampling { temperature: 1.0, ..usual.clone() },
        ),
        ("practice-1", json!({ "temperature": 0 }), Sampling { temperature: 0.0, ..usual.clone() }),
        ("practice-1", json!({ "top_p": 0.5 }), Sampling { top_p: 0.5, ..usual.clone() }),
        ("practice-1", json!({ "top_k": 40 }), Sampling { top_k: Some(40), ..usual.clone() }),
        ("practice-1", json!({ "top_k": 0 }), usual),
    ];
    for (id, more, sampling) in table {
        assert_eq!(asked(id, more.clone()).sampling, sampling, "{id} {more}");
    }
    let stopped = asked("practice-1", json!({ "stop_sequences": ["a", "b"], "max_tokens": 7 }));
    assert_eq!((stopped.stop, stopped.max_tokens), (vec!["a".into(), "b".into()], Some(7)));
}

#[test]
fn a_model_thinks_as_much_as_it_is_told_to() {
    let adaptive = || json!({ "type": "adaptive" });
    let level = |level: &str| json!({ "effort": level });
    let budget = |budget: u32| json!({ "type": "enabled", "budget_tokens": budget });
    let off = || json!({ "type": "disabled" });
    let table = [
        ("practice-1", json!({}), Effort::None),
        ("practice-1", json!({ "thinking": off() }), Effort::None),
        ("practice-reasoner", json!({}), Effort::Low),
        ("practice-reasoner", json!({ "thinking": adaptive() }), Effort::Low),
        ("practice-reasoner", json!({ "thinking": off() }), Effort::None),
        ("practice-reasoner", json!({ "output_config": level("medium") }), Effort::Low),
        ("practice-reasoner", json!({ "output_config": level("max") }), Effort::High),
        (
            "practice-reasoner",
            json!({ "thinking": adaptive(), "output_config": level("high") }),
            Effort::High,
        ),
        (
            "practice-reasoner",
            json!({ "thinking": off(), "output_config": level("high") }),
            Effort::None,
        ),
        ("practice-reasoner", json!({ "thinking": budget(1024) }), Effort::Low),
        ("practice-reasoner", json!({ "thinking": budget(3999) }), Effort::High),
        (
            "practice-reasoner",
            json!({ "thinking": budget(3999), "output_config": level("low") }),
            Effort::Low,
        ),
        // What goes together with thinking, and what does where there is none.
        ("practice-reasoner", json!({ "temperature": 1, "top_p": 0.95 }), Effort::Low),
        (
            "practice-reasoner",
            json!({ "thinking": off(), "temperature": 0.5, "top_p": 0.5, "top_k": 3 }),
            Effort::None,
        ),
    ];
    for (id, more, effort) in table {
        assert_eq!(asked(id, more.clone()).effort, effort, "{id} {more}");
    }
}
