//! Anthropic's Messages, with its token count and its list of models.
//!
//! Two versions of the API are spoken, told apart by `anthropic-version`: the newer one has
//! no `temperature`, `top_p` and `top_k` any more.

mod error;
mod request;
mod thinking;
mod wire;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Ask, BORN, Call, Dialect, Door, Key, Writer, paging};
use crate::{
    cards::{CARDS, Card},
    clock,
    head::Head,
    model::Turn,
    refusal::{Problem, Refusal},
};
use error::Error;

/// The versions of the API, and whether each still has the sampling parameters.
const VERSIONS: &[(&str, bool)] =
    &[("2023-01-01", true), ("2023-06-01", true), ("2026-10-21", false)];
const VERSION_HEADER: &str = "anthropic-version";
const KEY_HEADER: &str = "x-api-key";

/// The headers of each limit (how much, how much is left, when it is whole again), and the limit.
const LIMITS: &[([&str; 3], u64)] = &[
    (
        [
            "anthropic-ratelimit-requests-limit",
            "anthropic-ratelimit-requests-remaining",
            "anthropic-ratelimit-requests-reset",
        ],
        10_000,
    ),
    (
        [
            "anthropic-ratelimit-tokens-limit",
            "anthropic-ratelimit-tokens-remaining",
            "anthropic-ratelimit-tokens-reset",
        ],
        12_000_000,
    ),
    (
        [
            "anthropic-ratelimit-input-tokens-limit",
            "anthropic-ratelimit-input-tokens-remaining",
            "anthropic-ratelimit-input-tokens-reset",
        ],
        10_000_000,
    ),
    (
        [
            "anthropic-ratelimit-output-tokens-limit",
            "anthropic-ratelimit-output-tokens-remaining",
            "anthropic-ratelimit-output-tokens-reset",
        ],
        2_000_000,
    ),
];

/// `POST /v1/messages`.
pub struct Anthropic;

impl Dialect for Anthropic {
    fn name(&self) -> &'static str {
        "Anthropic Messages"
    }

    fn base(&self) -> &'static str {
        ""
    }

    fn owns(&self, path: &str) -> bool {
        path.starts_with("/v1/messages")
    }

    fn sent(&self, head: &Head) -> bool {
        [VERSION_HEADER, KEY_HEADER].iter().any(|name| head.header(name).is_some())
    }

    fn door(&self, head: &Head) -> Option<Door> {
        match head.path.strip_prefix("/v1/")? {
            "messages" => Some(Door::Reply { model: None }),
            "messages/count_tokens" => Some(Door::Count { model: None }),
            "models" => Some(Door::Models),
            path => Some(Door::Model(Some(path.strip_prefix("models/")?.to_owned()))),
        }
    }

    /// Where both headers have a key, `x-api-key` counts.
    fn key(&self, head: &Head) -> Key {
        head.header(KEY_HEADER).or_else(|| head.bearer()).into()
    }

    fn check(&self, head: &Head) -> Result<(), Refusal> {
        has_sampling(head).map(|_| ()).map_err(|error| error.refusal(head))
    }

    fn ask(&self, call: &Call) -> Result<Ask, Refusal> {
        let asked = has_sampling(call.head)
            .and_then(|has_sampling| request::ask(call.body, has_sampling, call.card));
        asked.map_err(|error| error.refusal(call.head))
    }

    fn writer(&self, call: &Call, ask: &Ask, prompt_tokens: usize) -> Box<dyn Writer> {
        Box::new(wire::Wire::new(call, ask, prompt_tokens))
    }

    fn countable(&self, call: &Call) -> Result<Vec<Turn>, Refusal> {
        let read = |_| request::countable(call.body, call.card);
        let turns = has_sampling(call.head).and_then(read);
        turns.map_err(|error| error.refusal(call.head))
    }

    fn count(&self, prompt_tokens: usize) -> Value {
        json!({ "input_tokens": prompt_tokens })
    }

    fn models(&self, head: &Head) -> Result<Value, Refusal> {
        page(&CARDS.iter().map(|card| self.model(card)).collect::<Vec<_>>(), head)
            .map_err(|error| error.refusal(head))
    }

    fn model(&self, card: &Card) -> Value {
        let supported = |supported: bool| json!({ "supported": supported });
        let thinks = || supported(card.thinks);
        let types = json!({ "adaptive": thinks(), "enabled": thinks() });
        let mut effort = thinks();
        for level in thinking::LEVELS {
            effort[level] = thinks();
        }
        json!({
            "type": "model",
            "id": card.id,
            "display_name": card.name,
            "created_at": clock::rfc3339(std::time::Duration::from_secs(BORN)),
            "lifecycle": "active",
            "deprecated_at": null,
            "retires_at": null,
            "line": "practice",
            "max_input_tokens": card.window,
            "max_tokens": card.window,
            "capabilities": {
                "batch": supported(false),
                "citations": supported(false),
                "effort": effort,
                "image_input": supported(false),
                "pdf_input": supported(false),
                "structured_outputs": supported(true),
                "thinking": { "supported": card.thinks, "types": types },
            },
        })
    }

    fn refuse(&self, head: &Head, problem: &Problem) -> Refusal {
        error::of(head, problem).refusal(head)
    }

    fn headers(&self, head: &Head, status: StatusCode) -> Vec<(&'static str, String)> {
        let limited = status == StatusCode::TOO_MANY_REQUESTS;
        let reset = clock::rfc3339(clock::now());
        let mut headers = vec![
            ("request-id", request_id(head)),
            ("anthropic-organization-id", "00000000-0000-4000-8000-000000000000".to_owned()),
            ("anthropic-workspace-id", "wrkspc_practice".to_owned()),
        ];
        for (names, limit) in LIMITS {
            let remaining = if limited { 0 } else { limit - 1 };
            let values = [limit.to_string(), remaining.to_string(), reset.clone()];
            headers.extend(names.iter().copied().zip(values));
        }
        headers
    }
}

fn request_id(head: &Head) -> String {
    format!("req_practice{:08}", head.number)
}

/// Whether the request's version of the API has the sampling parameters.
fn has_sampling(head: &Head) -> Result<bool, Error> {
    let Some(version) = head.header(VERSION_HEADER) else {
        return Err(Error::invalid("anthropic-version: header is required"));
    };
    let known = VERSIONS.iter().find(|(known, _)| *known == version);
    let unknown = || format!("anthropic-version: \"{version}\" is not a valid version");
    known.map(|(_, sampling)| *sampling).ok_or_else(|| Error::invalid(unknown()))
}

/// How many models a page has, as the address names it.
fn limit(text: &str) -> Result<usize, Error> {
    let wrong = |words: &str| Error::invalid(format!("limit: Input should be {words}"));
    match text.parse::<i64>() {
        Ok(limit @ 1..=1000) => Ok(limit.unsigned_abs() as usize),
        Ok(limit) if limit < 1 => Err(wrong("greater than or equal to 1")),
        Ok(_) => Err(wrong("less than or equal to 1000")),
        Err(_) => Err(wrong("a valid integer, unable to parse string as an integer")),
    }
}

/// `limit`, `after_id` and `before_id` choose a page of the models: the first behind the one, or
/// the last before the other.
fn page(cards: &[Value], head: &Head) -> Result<Value, Error> {
    let limit = head.query("limit").map_or(Ok(20), limit)?;
    let place = |name: &'static str| -> Result<Option<usize>, Error> {
        let Some(id) = head.query(name) else { return Ok(None) };
        let place = cards.iter().position(|card| card["id"] == id);
        place.map(Some).ok_or_else(|| Error::invalid(format!("{name}: Invalid cursor '{id}'")))
    };
    let (data, has_more) = match (place("after_id")?, place("before_id")?) {
        (after, None) => paging::page(cards, after.map_or(0, |at| at + 1), limit),
        (None, Some(before)) => {
            let start = before.saturating_sub(limit);
            (cards[start..before].to_vec(), start > 0)
        }
        (Some(_), Some(_)) => {
            return Err(Error::invalid("only one of after_id and before_id may be specified"));
        }
    };
    let id = |card: Option<&Value>| card.map(|card| card["id"].clone());
    let (first_id, last_id) = (id(data.first()), id(data.last()));
    Ok(json!({ "data": data, "has_more": has_more, "first_id": first_id, "last_id": last_id }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    #[test]
    fn a_page_lies_behind_one_model_or_before_another() {
        let cards: Vec<Value> = (1..=5).map(|id| json!({ "id": format!("m-{id}") })).collect();
        let table = [
            ("", json!(["m-1", "m-2", "m-3", "m-4", "m-5"]), false),
            ("limit=2", json!(["m-1", "m-2"]), true),
            ("limit=2&after_id=m-2", json!(["m-3", "m-4"]), true),
            ("limit=2&after_id=m-4", json!(["m-5"]), false),
            ("limit=2&before_id=m-4", json!(["m-2", "m-3"]), true),
            ("limit=2&before_id=m-3", json!(["m-1", "m-2"]), false),
            ("before_id=m-1", json!([]), false),
        ];
        for (query, expected, has_more) in table {
            let request = Request::get(format!("/v1/models?{query}")).body(()).unwrap();
            let page = page(&cards, &Head::new(request.into_parts().0, 1)).unwrap();
            let ids: Value =
                page["data"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
            assert_eq!((&ids, &page["has_more"]), (&expected, &json!(has_more)), "{query}");
            assert_eq!(page["first_id"], expected.get(0).cloned().unwrap_or_default(), "{query}");
        }
    }
}
