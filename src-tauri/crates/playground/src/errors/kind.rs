//! Which explanation fits an answer: by its words where they tell, else by its status.

use super::{ErrorBody, ErrorKind, body::is_html, fix};

/// Words that decide, with the statuses they come with. The first row that fits wins.
struct Rule {
    statuses: &'static [u16],
    kind: ErrorKind,
    /// Any of these, in lower case.
    words: &'static [&'static str],
}

const fn rule(statuses: &'static [u16], kind: ErrorKind, words: &'static [&'static str]) -> Rule {
    Rule { statuses, kind, words }
}

/// Bad requests, by the statuses that servers give them.
const BAD: &[u16] = &[400, 404, 410, 413, 422, 429, 500];
/// Refusals of the caller rather than of the request.
const CALLER: &[u16] = &[400, 401, 402, 403, 429];

/// Sources: the providers' documentation and recorded answers. A limit on spending and an empty
/// account come as 429 too, and are no rate limit: waiting does not help.
#[rustfmt::skip]
const RULES: &[Rule] = &[
    rule(BAD, ErrorKind::ContextTooLong, &[
        "context_length_exceeded", "contextwindowexceeded", "exceed_context_size", "exceeds the context window",
        "maximum context length", "max context length", "prompt is too long", "exceed context limit",
        "context length is only", "exceeds the maximum number of tokens allowed", "exceeds the available context size",
    ]),
    rule(CALLER, ErrorKind::SpendLimit, &[
        "spend_limit", "usage_limit_exceeded", "specified api usage limits", "billing_hard_limit",
    ]),
    rule(CALLER, ErrorKind::NoCredit, &[
        "insufficient_quota", "credit_balance", "credit balance", "billing_error", "insufficient credits",
        "insufficient balance", "requires more credits",
    ]),
    rule(&[429], ErrorKind::DailyLimit, &["perday", "requests per day", "tokens per day"]),
    rule(CALLER, ErrorKind::KeyMissing, &[
        "didn't provide an api key", "missing authentication", "header is required", "unregistered callers",
    ]),
    rule(CALLER, ErrorKind::WrongKey, &[
        "incorrect api key", "invalid_api_key", "api_key_invalid", "api key not valid", "invalid api key",
        "invalid x-api-key", "reported as leaked", "api key expired",
    ]),
    rule(&[400, 403], ErrorKind::Region, &[
        "unsupported_country", "country, region, or territory", "location is not supported", "failed_precondition",
    ]),
    rule(&[400, 403], ErrorKind::Moderated, &["moderation", "flagged", "content_filter", "content_policy"]),
    rule(&[400, 404, 410, 422], ErrorKind::ModelNotFound, &[
        "model_not_found", "model_decommissioned", "not a valid model", "does not exist or you do not have access",
    ]),
    rule(&[404, 410], ErrorKind::ModelNotFound, &["model"]),
    rule(&[503], ErrorKind::ModelLoading, &["loading model"]),
    rule(&[429, 500, 503, 529], ErrorKind::Overloaded, &["overloaded", "slow_down", "server busy"]),
    rule(&[500], ErrorKind::OutOfMemory, &["more system memory", "out of memory"]),
];

/// What a status means where no words decide.
fn by_status(status: u16) -> ErrorKind {
    match status {
        300..=399 => ErrorKind::Redirect,
        400 | 405 | 415 | 422 => ErrorKind::BadRequest,
        401 => ErrorKind::WrongKey,
        402 => ErrorKind::NoCredit,
        403 => ErrorKind::Forbidden,
        404 | 410 => ErrorKind::NotFound,
        407 => ErrorKind::Proxy,
        408 => ErrorKind::RequestTimeout,
        409 => ErrorKind::Conflict,
        413 => ErrorKind::TooLarge,
        429 => ErrorKind::RateLimited,
        502 => ErrorKind::BadGateway,
        503 => ErrorKind::Unavailable,
        504 => ErrorKind::GatewayTimeout,
        529 => ErrorKind::Overloaded,
        500..=599 => ErrorKind::ServerError,
        _ => ErrorKind::OtherStatus,
    }
}

/// The kind of an answer with this status, body and text.
pub fn of(status: u16, body: &ErrorBody, text: &str) -> ErrorKind {
    let words = body.words().to_lowercase();
    let fits = |rule: &&Rule| {
        rule.statuses.contains(&status) && rule.words.iter().any(|it| words.contains(it))
    };
    let is_page = !body.is_known() && is_html(text);
    match RULES.iter().find(fits) {
        Some(rule) => rule.kind,
        None => match by_status(status) {
            ErrorKind::BadRequest if !fix::controls(body, &body.words()).is_empty() => {
                ErrorKind::ParameterRefused
            }
            ErrorKind::BadRequest
            | ErrorKind::WrongKey
            | ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::OtherStatus
                if is_page =>
            {
                ErrorKind::NotAnApi
            }
            kind => kind,
        },
    }
}
