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
        "insufficient balance", "requires more credits", "credits are depleted", "billing_disabled",
        // Google's word for a model that is not among the free ones.
        "limit: 0,", "limit: 0\n",
    ]),
    rule(&[429], ErrorKind::DailyLimit, &[
        "perday", "per-day", "requests per day", "tokens per day", "hourly usage limit", "weekly usage limit",
    ]),
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
    let is_page = !body.is_known() && is_html(text);
    by_words(status, body).unwrap_or_else(|| match by_status(status) {
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
    })
}

fn by_words(status: u16, body: &ErrorBody) -> Option<ErrorKind> {
    let words = body.words().to_lowercase();
    let fits = |rule: &&Rule| {
        rule.statuses.contains(&status) && rule.words.iter().any(|it| words.contains(it))
    };
    RULES.iter().find(fits).map(|rule| rule.kind)
}

/// The kind of a failure that came after the status of a success: as if it had come with the
/// status that it names, or that its type stands for elsewhere.
pub fn in_stream(body: &ErrorBody) -> ErrorKind {
    let kind = match named_status(body) {
        Some(status) => of(status, body, ""),
        // What fails in the middle is the server itself, or a limit.
        None => {
            let kind = [500, 429].into_iter().find_map(|status| by_words(status, body));
            kind.unwrap_or(ErrorKind::InStream)
        }
    };
    match kind {
        // The request was accepted, so these would say the wrong thing.
        ErrorKind::BadRequest | ErrorKind::Conflict | ErrorKind::NotFound => ErrorKind::InStream,
        ErrorKind::OtherStatus => ErrorKind::InStream,
        kind => kind,
    }
}

/// The status that a type or a code stands for. The first row that fits wins.
#[rustfmt::skip]
const STATUSES: &[(&str, u16)] = &[
    ("rate_limit", 429), ("resource_exhausted", 429), ("insufficient_quota", 429),
    ("overloaded", 529), ("unavailable", 503),
    ("timeout", 504), ("deadline_exceeded", 504),
    ("authentication", 401), ("unauthenticated", 401), ("billing", 402),
    ("permission", 403), ("not_found", 404),
    ("server_error", 500), ("api_error", 500), ("internal", 500),
    ("invalid", 400),
];

fn named_status(body: &ErrorBody) -> Option<u16> {
    let number = body.code.as_deref().and_then(|code| code.parse().ok());
    number.filter(|status| (400..600).contains(status)).or_else(|| {
        let names = [&body.code, &body.kind].into_iter().flatten();
        let names = names.map(|it| it.to_lowercase()).collect::<Vec<_>>().join(" ");
        STATUSES.iter().find(|(name, _)| names.contains(name)).map(|(_, status)| *status)
    })
}
