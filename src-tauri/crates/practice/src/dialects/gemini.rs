//! Google's Gemini (`generateContent`), with its token count and its list of models.
//!
//! The model and the action stand in the address: `/v1beta/models/M:generateContent`.

mod error;
mod request;
mod thinking;
mod wire;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Ask, Call, Dialect, Door, Key, Writer, paging};
use crate::{
    cards::{CARDS, Card},
    head::Head,
    model::Turn,
    refusal::{Problem, Refusal},
};
use error::Error;

const JSON: &str = "application/json; charset=UTF-8";
const GENERATE: &str = "generateContent";
const STREAM: &str = "streamGenerateContent";
const COUNT: &str = "countTokens";
const KEY_HEADER: &str = "x-goog-api-key";

/// `POST /v1beta/models/M:generateContent`.
pub struct Gemini;

impl Dialect for Gemini {
    fn name(&self) -> &'static str {
        "Google Gemini"
    }

    fn base(&self) -> &'static str {
        ""
    }

    /// Under `/v1` the addresses of the models are also those of others.
    fn owns(&self, path: &str) -> bool {
        path.starts_with("/v1beta/") || (path.starts_with("/v1/models/") && action(path).is_some())
    }

    fn sent(&self, head: &Head) -> bool {
        head.header(KEY_HEADER).is_some() || head.query("key").is_some()
    }

    fn door(&self, head: &Head) -> Option<Door> {
        let (_, path) = versioned(&head.path)?;
        if path == "models" {
            return Some(Door::Models);
        }
        let id = path.strip_prefix("models/")?;
        match action(id) {
            None if head.method == Method::POST => None,
            None => Some(Door::Model(Some(id.to_owned()))),
            Some((id, COUNT)) => Some(Door::Count { model: Some(id.to_owned()) }),
            Some((id, _)) => Some(Door::Reply { model: Some(id.to_owned()) }),
        }
    }

    fn key(&self, head: &Head) -> Key {
        let query = || head.query("key").map(str::to_owned);
        head.header(KEY_HEADER).or_else(query).into()
    }

    fn ask(&self, call: &Call) -> Result<Ask, Refusal> {
        let asked = request::ask(call.body, call.card);
        let ask = asked.map_err(|error| error.refusal(in_array(call.head)))?;
        Ok(Ask { stream: is_stream(call.head), ..ask })
    }

    fn writer(&self, call: &Call, ask: &Ask, prompt_tokens: usize) -> Box<dyn Writer> {
        Box::new(wire::Wire::new(call, ask, prompt_tokens))
    }

    fn countable(&self, call: &Call) -> Result<Vec<Turn>, Refusal> {
        request::countable(call.body).map_err(|error| error.refusal(false))
    }

    fn count(&self, prompt_tokens: usize) -> Value {
        json!({
            "totalTokens": prompt_tokens,
            "promptTokensDetails": [{ "modality": "TEXT", "tokenCount": prompt_tokens }],
        })
    }

    fn models(&self, head: &Head) -> Result<Value, Refusal> {
        page(&CARDS.iter().map(|card| self.model(card)).collect::<Vec<_>>(), head)
            .map_err(|error| error.refusal(false))
    }

    fn model(&self, card: &Card) -> Value {
        let mut model = json!({
            "name": format!("models/{}", card.id),
            "version": "001",
            "displayName": card.name,
            "description": card.about,
            "inputTokenLimit": card.window,
            "outputTokenLimit": card.window,
            "supportedGenerationMethods": [GENERATE, COUNT],
            "temperature": card.temperature,
            "maxTemperature": 2,
            // All tokens stay where a request says nothing; without `topK` there is none.
            "topP": 1,
        });
        if card.thinks {
            model["thinking"] = true.into();
        }
        model
    }

    fn document(&self, value: &Value) -> (&'static str, String) {
        (JSON, wire::pretty(value) + "\n")
    }

    fn refuse(&self, head: &Head, problem: &Problem) -> Refusal {
        error::of(head, problem).refusal(in_array(head))
    }

    fn headers(&self, head: &Head, _status: StatusCode) -> Vec<(&'static str, String)> {
        let took = head.at.elapsed().as_millis();
        vec![
            ("server-timing", format!("gfet4t7; dur={took}")),
            ("x-gemini-service-tier", "standard".to_owned()),
        ]
    }
}

/// An address without its version: `v1beta` and `models/…`.
fn versioned(path: &str) -> Option<(&'static str, &str)> {
    let versions = ["v1beta", "v1"].into_iter();
    let mut known = versions.filter_map(|version| {
        let rest = path.strip_prefix('/')?.strip_prefix(version)?;
        Some((version, rest.strip_prefix('/')?))
    });
    known.next()
}

/// What is before an action, and the action. A model's id may have colons of its own.
fn action(path: &str) -> Option<(&str, &'static str)> {
    let (before, last) = path.rsplit_once(':')?;
    let action = [GENERATE, STREAM, COUNT].into_iter().find(|action| *action == last)?;
    Some((before, action))
}

fn is_stream(head: &Head) -> bool {
    action(&head.path).is_some_and(|(_, action)| action == STREAM)
}

/// Whether the reply is one array of JSON that is written bit by bit.
fn in_array(head: &Head) -> bool {
    is_stream(head) && head.query("alt") != Some("sse")
}

/// `pageSize` and `pageToken` choose a page of the models.
fn page(cards: &[Value], head: &Head) -> Result<Value, Error> {
    let number = |name: &str, default: usize| match head.query(name) {
        None | Some("") => Ok(default),
        Some(text) => text.parse().map_err(|_| {
            Error::invalid(format!("Invalid value at '{}' ({text})", error::snake(name)))
        }),
    };
    let size = match number("pageSize", 0)? {
        0 => 50,
        size => size.min(1000),
    };
    let start = number("pageToken", 0)?;
    let (models, more) = paging::page(cards, start, size);
    let mut page = json!({ "models": models });
    if more {
        page["nextPageToken"] = (start + size).to_string().into();
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    #[test]
    fn a_token_leads_from_page_to_page() {
        let cards: Vec<Value> = (1..=5).map(Value::from).collect();
        let table = [
            ("", json!([1, 2, 3, 4, 5]), None),
            ("pageSize=2", json!([1, 2]), Some("2")),
            ("pageSize=2&pageToken=2", json!([3, 4]), Some("4")),
            ("pageSize=2&pageToken=4", json!([5]), None),
            ("pageSize=5", json!([1, 2, 3, 4, 5]), None),
        ];
        for (query, expected, next) in table {
            let request = Request::get(format!("/v1beta/models?{query}")).body(()).unwrap();
            let page = page(&cards, &Head::new(request.into_parts().0, 1)).unwrap();
            let found = (&page["models"], page["nextPageToken"].as_str());
            assert_eq!(found, (&expected, next), "{query}");
        }
    }
}
