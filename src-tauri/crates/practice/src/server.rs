//! The HTTP server around everything: each request to its dialect, and headers for each reply.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
};

use crate::{
    dialects,
    exchange::Exchange,
    faults::Ledger,
    head::Head,
    memory::Memory,
    model::Model,
    pace::Pace,
    refusal::{Refusal, add_headers},
};

/// What all requests share.
#[derive(Clone)]
pub struct Shared {
    /// The pace of a request that names none.
    pub pace: Pace,
    /// The model, built when it is first called.
    pub model: fn() -> &'static Model,
    /// How often each list of faults has struck.
    pub ledger: Arc<Ledger>,
    /// Replies that a request may go on from.
    pub memory: Arc<Memory>,
    arrivals: Arc<AtomicU64>,
}

/// The service, ready to be served.
///
/// One handler takes every address: who shares `/v1/models` is told apart by headers, and a
/// model's id in an address may hold slashes and colons, so a table of paths would not do.
pub fn router(pace: Pace) -> Router {
    let (ledger, memory, arrivals) = Default::default();
    let shared = Shared { pace, model: Model::get, ledger, memory, arrivals };
    Router::new().fallback(handle).with_state(shared)
}

async fn handle(State(shared): State<Shared>, request: Request) -> Response {
    let number = shared.arrivals.fetch_add(1, Ordering::Relaxed) + 1;
    let (parts, body) = request.into_parts();
    let head = Arc::new(Head::new(parts, number));
    let dialect = dialects::of(&head);
    let exchange = Exchange { shared, dialect, head };
    let answer = exchange.answer(body).await;
    let mut response = answer.unwrap_or_else(Refusal::into_response);
    let headers = dialect.headers(&exchange.head, response.status());
    add_headers(&mut response, headers);
    response
}
