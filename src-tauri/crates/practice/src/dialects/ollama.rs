//! Ollama's own API, as a server on one's own machine speaks it: no key, one line per piece.
//!
//! A conversation is asked for at `/api/chat`, and a text without roles at `/api/generate`.

mod error;
mod request;
mod wire;

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Ask, BORN, Call, Dialect, Door, Key, Writer};
use crate::{
    cards::{CARDS, Card},
    clock,
    head::Head,
    refusal::{Problem, Refusal},
};

const JSON: &str = "application/json; charset=utf-8";
/// The version of Ollama that is imitated.
const VERSION: &str = "0.13.0";
/// The tag that stands for a name without one.
const TAG: &str = ":latest";
const GENERATE: &str = "/api/generate";

/// `POST /api/chat`.
pub struct Ollama;

impl Dialect for Ollama {
    fn name(&self) -> &'static str {
        "Ollama"
    }

    fn base(&self) -> &'static str {
        ""
    }

    fn owns(&self, path: &str) -> bool {
        path == "/" || path == "/api" || path.starts_with("/api/")
    }

    fn door(&self, head: &Head) -> Option<Door> {
        match head.path.as_str() {
            "/" => {
                let text = "Ollama is running".to_owned();
                Some(Door::Fixed { media_type: "text/plain; charset=utf-8", text })
            }
            "/api/version" => fixed(&json!({ "version": VERSION })),
            "/api/ps" => fixed(&json!({ "models": [loaded()] })),
            "/api/tags" => Some(Door::Models),
            "/api/show" => Some(Door::Model(None)),
            "/api/chat" | GENERATE => Some(Door::Reply { model: None }),
            _ => None,
        }
    }

    fn tag(&self) -> &'static str {
        TAG
    }

    fn key(&self, _head: &Head) -> Key {
        Key::NotNeeded
    }

    fn ask(&self, call: &Call) -> Result<Ask, Refusal> {
        let read = if call.head.path == GENERATE { request::generate } else { request::chat };
        Ok(read(call.body, call.card)?)
    }

    fn writer(&self, call: &Call, ask: &Ask, prompt_tokens: usize) -> Box<dyn Writer> {
        Box::new(wire::Wire::new(call, ask, prompt_tokens))
    }

    /// Ollama cannot count without making a reply; no address leads here.
    fn count(&self, _prompt_tokens: usize) -> Value {
        Value::Null
    }

    fn models(&self, _head: &Head) -> Result<Value, Refusal> {
        let entry = |card| {
            let mut entry = entry(card);
            entry["modified_at"] = born().into();
            entry["capabilities"] = abilities(card);
            entry
        };
        Ok(json!({ "models": CARDS.iter().map(entry).collect::<Vec<_>>() }))
    }

    fn model(&self, card: &Card) -> Value {
        json!({
            "modelfile": format!("FROM {}\n{}\n", card.id, parameters(card, "PARAMETER ")),
            "parameters": parameters(card, ""),
            "template": "{{ .Prompt }}",
            "details": details(card),
            "model_info": {
                "general.architecture": "practice",
                "general.parameter_count": 0,
                "practice.context_length": card.window,
            },
            "capabilities": abilities(card),
            "modified_at": born(),
        })
    }

    fn document(&self, value: &Value) -> (&'static str, String) {
        (JSON, value.to_string())
    }

    fn refuse(&self, head: &Head, problem: &Problem) -> Refusal {
        error::refusal(head, problem)
    }

    /// It names neither requests nor limits.
    fn headers(&self, _head: &Head, _status: StatusCode) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

fn fixed(value: &Value) -> Option<Door> {
    Some(Door::Fixed { media_type: JSON, text: value.to_string() })
}

fn born() -> String {
    clock::rfc3339(Duration::from_secs(BORN))
}

fn entry(card: &Card) -> Value {
    let name = format!("{}{TAG}", card.id);
    json!({
        "name": name,
        "model": name,
        "size": 190_703,
        "digest": "0c3a1f5e7b9d2468ace013579bdf02468ace13579bdf02468ace13579bdf0246",
        "details": details(card),
    })
}

/// What the model can do.
fn abilities(card: &Card) -> Value {
    if card.thinks { json!(["completion", "thinking"]) } else { json!(["completion"]) }
}

/// What is meant where a request does not say: one parameter in each line. Ollama itself would
/// keep the 40 likeliest tokens, and of these what makes 0.9 together; here all stay.
fn parameters(card: &Card, before: &str) -> String {
    let Card { window, temperature, .. } = card;
    let lines = [
        format!("{before}num_ctx {window}"),
        format!("{before}temperature {temperature}"),
        format!("{before}top_k 0"),
        format!("{before}top_p 1"),
    ];
    lines.join("\n")
}

fn details(card: &Card) -> Value {
    json!({
        "parent_model": "",
        "format": "practice",
        "family": "practice",
        "families": ["practice"],
        "parameter_size": "0",
        "quantization_level": "none",
        "context_length": card.window,
    })
}

/// The model as it stands in memory, for ever.
fn loaded() -> Value {
    let mut entry = entry(&CARDS[0]);
    entry["expires_at"] = clock::rfc3339(clock::now() + Duration::from_secs(300)).into();
    entry["size_vram"] = 0.into();
    entry["context_length"] = CARDS[0].window.into();
    entry
}
