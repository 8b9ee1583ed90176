//! OpenAI's Chat Completions, and its list of models.
//!
//! As the real service does it: the shapes, the order of checks, the words of its errors.
//! `temperature`, `top_p`, `seed` and the penalties are checked and then change nothing:
//! this first model has one candidate at each step.

mod fields;
mod refusal;
mod request;
mod stream;
mod wire;

use std::time::{Duration, Instant};

use axum::{
    Extension, Json, Router,
    body::{Body, Bytes},
    extract::{Path, State, rejection::BytesRejection},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{
    generation::{Generation, Limits},
    model::{self, CONTEXT_WINDOW, Model},
    pace::Pace,
    server::{Arrival, MOST_BYTES, Shared},
};
use refusal::Refusal;
use request::ChatRequest;
use wire::Wire;

/// Keys that begin so are accepted; every other key is a wrong key.
const KEY_PREFIX: &str = "practice";
/// When practice-1 was made, as `created` says it: 2026-11-20.
const BORN: u64 = 1_795_132_800;

/// The routes of this dialect, and the answers to every other address and method.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/v1/chat/completions", post(complete))
        .route("/v1/models", get(list_models))
        .route("/v1/models/{id}", get(show_model))
        .fallback(unknown_address)
        .method_not_allowed_fallback(wrong_method)
}

async fn complete(
    State(shared): State<Shared>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    check_key(&headers)?;
    let pace = pace(shared.pace, &headers)?;
    let body = body.map_err(|_| Refusal::unreadable_body())?;
    if body.len() > MOST_BYTES {
        return Err(Refusal::too_large(MOST_BYTES));
    }
    let model = shared.model;
    let prepared = tokio::task::spawn_blocking(move || prepare(model(), &body));
    let prepared = prepared.await.map_err(|_| Refusal::broken())??;
    let wire = Wire::new(arrival.number, prepared.include_usage, prepared.prompt_tokens);
    if prepared.stream {
        sleep_until(arrival.at, pace.due(0)).await;
        let events = stream::events(prepared.generation, wire, pace, arrival.at);
        let kind = [(header::CONTENT_TYPE, "text/event-stream; charset=utf-8")];
        return Ok((kind, Body::from_stream(events)).into_response());
    }
    let mut generation = prepared.generation;
    let text: String = generation.by_ref().map(|piece| piece.text).collect();
    sleep_until(arrival.at, pace.due(generation.made())).await;
    Ok(Json(wire.whole(&text, &generation)).into_response())
}

struct Prepared {
    generation: Generation,
    prompt_tokens: usize,
    stream: bool,
    include_usage: bool,
}

/// Everything that takes thought rather than time: reading, counting, choosing a passage.
fn prepare(model: &Model, body: &[u8]) -> Result<Prepared, Refusal> {
    let request = ChatRequest::parse(body)?;
    if request.model != model::ID {
        return Err(Refusal::unknown_model(&request.model));
    }
    let prompt_tokens = model::prompt_tokens(&request.turns);
    let wanted = request.max_tokens.unwrap_or(0);
    if prompt_tokens.saturating_add(wanted) > CONTEXT_WINDOW {
        return Err(Refusal::context_length_exceeded(CONTEXT_WINDOW, prompt_tokens, wanted));
    }
    let room = CONTEXT_WINDOW - prompt_tokens;
    let limits = Limits { max_tokens: request.max_tokens.unwrap_or(room), stop: request.stop };
    let generation = Generation::new(model.read(&request.turns), limits);
    let ChatRequest { stream, include_usage, .. } = request;
    Ok(Prepared { generation, prompt_tokens, stream, include_usage })
}

async fn sleep_until(start: Instant, due: Duration) {
    tokio::time::sleep(due.saturating_sub(start.elapsed())).await;
}

async fn list_models(headers: HeaderMap) -> Result<Json<Value>, Refusal> {
    check_key(&headers)?;
    Ok(Json(json!({ "object": "list", "data": [card()] })))
}

async fn show_model(headers: HeaderMap, Path(id): Path<String>) -> Result<Json<Value>, Refusal> {
    check_key(&headers)?;
    if id == model::ID { Ok(Json(card())) } else { Err(Refusal::unknown_model_card(&id)) }
}

fn card() -> Value {
    json!({
        "id": model::ID,
        "object": "model",
        "created": BORN,
        "owned_by": "tokenscope",
        "shutdown_date": null,
    })
}

async fn unknown_address(method: Method, uri: Uri) -> Refusal {
    Refusal::unknown_address(method.as_str(), uri.path())
}

async fn wrong_method(method: Method, uri: Uri) -> Refusal {
    Refusal::wrong_method(method.as_str(), uri.path())
}

fn check_key(headers: &HeaderMap) -> Result<(), Refusal> {
    let value = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes());
    let text = String::from_utf8_lossy(value.unwrap_or_default());
    let key = match text.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim(),
        _ => "",
    };
    match key {
        "" => Err(Refusal::missing_key()),
        key if key.starts_with(KEY_PREFIX) => Ok(()),
        key => Err(Refusal::wrong_key(key)),
    }
}

fn pace(default: Pace, headers: &HeaderMap) -> Result<Pace, Refusal> {
    let Some(value) = headers.get("x-practice-pace") else { return Ok(default) };
    let text = String::from_utf8_lossy(value.as_bytes());
    default.changed_by(&text).map_err(|error| Refusal::bad_pace(&error))
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let realm = header::HeaderValue::from_static(r#"Bearer realm="OpenAI API""#);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, realm);
        }
        response
    }
}
