//! The HTTP server around the dialects: addresses, limits, and the headers of every reply.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderName, HeaderValue},
    middleware::{self, Next},
    response::Response,
};

use crate::{dialects::openai_chat, model::Model, pace::Pace};

/// The largest body that is answered.
pub const MOST_BYTES: usize = 4 << 20;
/// Larger bodies are read up to this, for only then does a client hear why it was refused.
const MOST_BYTES_READ: usize = 64 << 20;

/// What all requests share.
#[derive(Clone)]
pub struct Shared {
    /// The pace of a request that names none.
    pub pace: Pace,
    /// The model, built when it is first called.
    pub model: fn() -> &'static Model,
    arrivals: Arc<AtomicU64>,
}

/// When a request came, and which one it was, counted from 1.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    pub at: Instant,
    pub number: u64,
}

/// The service, ready to be served.
pub fn router(pace: Pace) -> Router {
    let shared = Shared { pace, model, arrivals: Arc::default() };
    openai_chat::routes()
        .layer(DefaultBodyLimit::max(MOST_BYTES_READ))
        .layer(middleware::from_fn_with_state(shared.clone(), stamp))
        .with_state(shared)
}

/// The model that every server of this process shares.
pub fn model() -> &'static Model {
    static MODEL: LazyLock<Model> = LazyLock::new(Model::default);
    &MODEL
}

/// Gives each request its number and each response the headers that OpenAI's have.
async fn stamp(State(shared): State<Shared>, mut request: Request, next: Next) -> Response {
    let number = shared.arrivals.fetch_add(1, Ordering::Relaxed) + 1;
    let arrival = Arrival { at: Instant::now(), number };
    request.extensions_mut().insert(arrival);
    let mut response = next.run(request).await;
    let took = arrival.at.elapsed().as_millis();
    let stamps = [
        ("x-request-id", format!("req_practice{number:08}")),
        ("openai-processing-ms", took.to_string()),
        ("openai-version", "2020-10-01".to_owned()),
    ];
    for (name, value) in stamps {
        let value = HeaderValue::try_from(value).expect("digits and letters are a header value");
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
    response
}
