mod help;
mod providers;

use super::*;
use serde_json::{Value, json};
use time::macros::datetime;

/// What one provider says of a minute and another of an empty account.
const QUOTA: &str = "You exceeded your current quota, please check your plan and billing details.";
const NOW: OffsetDateTime = datetime!(2026-11-21 12:00:00 UTC);

/// Every kind; the match fails to compile when one is added and not listed.
fn kinds() -> Vec<ErrorKind> {
    use ErrorKind::*;
    let next = |kind| match kind {
        BadRequest => Some(ParameterRefused),
        ParameterRefused => Some(ContextTooLong),
        ContextTooLong => Some(WrongKey),
        WrongKey => Some(KeyMissing),
        KeyMissing => Some(NoKey),
        NoKey => Some(UnusableKey),
        UnusableKey => Some(Forbidden),
        Forbidden => Some(Region),
        Region => Some(Moderated),
        Moderated => Some(NotFound),
        NotFound => Some(ModelNotFound),
        ModelNotFound => Some(TooLarge),
        TooLarge => Some(NoCredit),
        NoCredit => Some(SpendLimit),
        SpendLimit => Some(RateLimited),
        RateLimited => Some(DailyLimit),
        DailyLimit => Some(RequestTimeout),
        RequestTimeout => Some(Conflict),
        Conflict => Some(ServerError),
        ServerError => Some(OutOfMemory),
        OutOfMemory => Some(BadGateway),
        BadGateway => Some(Unavailable),
        Unavailable => Some(ModelLoading),
        ModelLoading => Some(GatewayTimeout),
        GatewayTimeout => Some(Overloaded),
        Overloaded => Some(OtherStatus),
        OtherStatus => Some(Redirect),
        Redirect => Some(Refused),
        Refused => Some(NoSuchHost),
        NoSuchHost => Some(Tls),
        Tls => Some(Proxy),
        Proxy => Some(Connection),
        Connection => Some(ConnectTimeout),
        ConnectTimeout => Some(FirstByteTimeout),
        FirstByteTimeout => Some(IdleTimeout),
        IdleTimeout => Some(Cut),
        Cut => Some(NotAnApi),
        NotAnApi => Some(Unreadable),
        Unreadable => Some(Empty),
        Empty => Some(FrameTooLarge),
        FrameTooLarge => Some(InStream),
        InStream => None,
    };
    std::iter::successors(Some(BadRequest), |&kind| next(kind)).collect()
}

#[test]
fn every_kind_is_explained_in_sentences() {
    for kind in kinds() {
        let rows: Vec<_> = EXPLANATIONS.iter().filter(|row| row.kind == kind).collect();
        assert_eq!(rows.len(), 1, "{kind:?}");
        assert!(!rows[0].title.ends_with('.'), "{kind:?}: a title is no sentence");
        for sentence in [rows[0].meaning, rows[0].advice] {
            assert!(sentence.ends_with('.'), "{kind:?}: {sentence}");
        }
    }
}

#[test]
fn each_shape_of_error_body_yields_the_providers_words() {
    for body in [
        r#"{"error":{"message":"no","type":"t","code":null,"param":null}}"#,
        r#"{"type":"error","error":{"type":"t","message":"no"},"request_id":"r"}"#,
        r#"{"error":{"code":400,"message":"no","status":"t"}}"#,
        r#"[{"error":{"code":400,"message":"no","status":"t"}}]"#,
        r#"{"error":"no"}"#,
        r#"{"code":"invalid","error":"no"}"#,
        r#"{"object":"error","message":"no","type":"t"}"#,
        r#"{"detail":"no"}"#,
        r#"{"detail":[{"loc":["body"],"msg":"no","type":"x"}]}"#,
        r#"{"message":"no"}"#,
        r#"{"error":null,"message":"no"}"#,
        r#"{"error":true,"message":"no"}"#,
        r#"{"error":{},"message":"no"}"#,
        r#"{"error":{"error":{"message":"no","type":"t"}}}"#,
        r#"{"error":{"message":{"detail":["no"]}}}"#,
        r#"{"error":["no"],"warnings":[]}"#,
        r#"{"detail":{"error":{"message":"no"}}}"#,
        r#"{"detail":{"message":"no"}}"#,
        r#"{"errors":[{"code":7003,"message":"no"}],"success":false}"#,
        r#"{"fault":{"faultstring":"no","detail":{"errorcode":"x"}}}"#,
        r#"{"Message":"no"}"#,
        r#"{"msg":"no"}"#,
        r#""no""#,
        "no",
    ] {
        assert_eq!(ErrorBody::read(body).message.as_deref(), Some("no"), "{body}");
    }
}

/// An answer without headers, at a time that no row depends on.
fn answered(status: u16, body: &str) -> ApiError {
    ApiError::from_response(status, &[], body.as_bytes(), NOW)
}

fn message(words: &str) -> String {
    json!({ "error": { "message": words } }).to_string()
}

fn openai(code: &str, words: &str) -> String {
    json!({ "error": { "message": words, "type": "invalid_request_error", "code": code } })
        .to_string()
}

fn anthropic(kind: &str, words: &str) -> String {
    json!({ "type": "error", "error": { "type": kind, "message": words }, "request_id": "req_1" })
        .to_string()
}

fn google(status: &str, words: &str, details: Value) -> String {
    json!({ "error": { "code": 0, "message": words, "status": status, "details": details } })
        .to_string()
}

type Row = (u16, String, ErrorKind);

/// Bodies in each provider's form, by what is wrong: with the caller,
#[rustfmt::skip]
fn callers() -> Vec<Row> {
    use ErrorKind::*;
    let quota = |id: &str| google("RESOURCE_EXHAUSTED", QUOTA, json!([{ "violations": [{ "quotaId": id }] }]));
    let spent = json!({ "error": { "type": "rate_limit_error", "details": { "error_code": "enforced_spend_limit_reached" } } });
    vec![
        (429, openai("insufficient_quota", QUOTA), NoCredit),
        (429, openai("credit_balance_exhausted", "m"), NoCredit),
        (400, anthropic("invalid_request_error", "Your credit balance is too low."), NoCredit),
        (402, anthropic("billing_error", "m"), NoCredit),
        (402, message("Insufficient Balance"), NoCredit),
        (402, "{}".into(), NoCredit),
        (429, openai("project_spend_limit_exceeded", "m"), SpendLimit),
        (429, openai("organization_spend_limit_exceeded", "m"), SpendLimit),
        (429, openai("organization_usage_limit_exceeded", "m"), SpendLimit),
        (429, spent.to_string(), SpendLimit),
        (429, quota("RequestsPerMinute"), RateLimited),
        (429, quota("RequestsPerDay-Free"), DailyLimit),
        (429, message("Rate limit reached on requests per day (RPD): 9"), DailyLimit),
        (429, openai("rate_limit_exceeded", "Please try again in 1.2s."), RateLimited),
        (429, "<html>".into(), RateLimited),
        (401, openai("invalid_api_key", "Incorrect API key provided: sk-ab***yz"), WrongKey),
        (401, anthropic("authentication_error", "invalid x-api-key"), WrongKey),
        (401, r#"{"detail":"Invalid API Key"}"#.into(), WrongKey),
        (401, r#"{"error":"unauthorized"}"#.into(), WrongKey),
        (400, r#"{"code":"invalid-argument","error":"Incorrect API key provided."}"#.into(), WrongKey),
        (400, google("INVALID_ARGUMENT", "m", json!([{ "reason": "API_KEY_INVALID" }])), WrongKey),
        (403, google("PERMISSION_DENIED", "Your API key was reported as leaked.", json!([])), WrongKey),
        (401, message("You didn't provide an API key."), KeyMissing),
        (401, message("Missing Authentication header"), KeyMissing),
        (401, anthropic("authentication_error", "x-api-key header is required"), KeyMissing),
        (400, google("FAILED_PRECONDITION", "m", json!([])), Region),
        (403, openai("unsupported_country_region_territory", "m"), Region),
        (403, message("The input was flagged"), Moderated),
        (403, anthropic("permission_error", "m"), Forbidden),
    ]
}

/// with the request,
#[rustfmt::skip]
fn requests() -> Vec<Row> {
    use ErrorKind::*;
    vec![
        (400, "{}".into(), BadRequest),
        (422, r#"{"detail":"x"}"#.into(), BadRequest),
        (422, r#"{"detail":[{"loc":["body"],"msg":"field required"}]}"#.into(), BadRequest),
        (400, openai("unsupported_parameter", "Unsupported parameter: 'top_p'"), ParameterRefused),
        (400, openai("context_length_exceeded", "m"), ContextTooLong),
        (400, message("Your input exceeds the context window of this model."), ContextTooLong),
        (400, message("prompt is too long: 9 tokens > 5 maximum"), ContextTooLong),
        (413, message("litellm.ContextWindowExceededError: too long"), ContextTooLong),
        (413, "<html>413 Request Entity Too Large".into(), TooLarge),
        (413, anthropic("request_too_large", "Request exceeds the maximum size"), TooLarge),
        (404, openai("model_not_found", "The model `x` does not exist"), ModelNotFound),
        (400, openai("model_not_found", "The requested model 'x' does not exist."), ModelNotFound),
        (404, anthropic("not_found_error", "model: claude-sonet"), ModelNotFound),
        (404, google("NOT_FOUND", "models/x is not found for API version v1beta", json!([])), ModelNotFound),
        (404, r#"{"error":"model 'x' not found"}"#.into(), ModelNotFound),
        (400, message("x is not a valid model ID"), ModelNotFound),
        (404, String::new(), NotFound),
        (404, "404 page not found".into(), NotFound),
    ]
}

/// with the server, or with what stands before it.
#[rustfmt::skip]
fn servers() -> Vec<Row> {
    use ErrorKind::*;
    vec![
        (307, String::new(), Redirect),
        (401, "<html>".into(), NotAnApi),
        (403, "<!doctype html>".into(), NotAnApi),
        (404, "<!doctype html>".into(), NotAnApi),
        (407, String::new(), Proxy),
        (408, message("m"), RequestTimeout),
        (409, anthropic("conflict_error", "m"), Conflict),
        (418, "teapot".into(), OtherStatus),
        (500, "<html>".into(), ServerError),
        (520, "<html>".into(), ServerError),
        (500, r#"{"error":"model requires more system memory (9 GiB) than is available"}"#.into(), OutOfMemory),
        (502, "<html><title>502 Bad Gateway</title>".into(), BadGateway),
        (503, "{}".into(), Unavailable),
        (503, message("Loading model"), ModelLoading),
        (504, google("DEADLINE_EXCEEDED", "m", json!([])), GatewayTimeout),
        (503, google("UNAVAILABLE", "The model is overloaded.", json!([])), Overloaded),
        (503, r#"{"error":"server busy, please try again"}"#.into(), Overloaded),
        (429, openai("slow_down", "m"), Overloaded),
        (529, anthropic("overloaded_error", "Overloaded"), Overloaded),
    ]
}

#[test]
fn a_status_and_a_body_choose_the_explanation() {
    for (status, body, kind) in callers().into_iter().chain(requests()).chain(servers()) {
        let error = answered(status, &body);
        assert_eq!((error.kind, error.status), (kind, Some(status)), "{status} {body}");
    }
}

#[test]
fn headers_add_what_the_body_lacks() {
    let headers = |lines: &[(&str, &str)]| -> Vec<Header> {
        lines.iter().map(|(name, value)| Header::new(*name, *value)).collect()
    };
    for name in ["x-request-id", "request-id", "x-generation-id", "x-litellm-call-id"] {
        let error = ApiError::from_response(500, &headers(&[(name, "r")]), b"{}", NOW);
        assert_eq!(error.request_id.as_deref(), Some("r"), "{name}");
    }
    for body in [r#"{"error":{},"request_id":"r"}"#, r#"{"error":{},"responseId":"r"}"#] {
        assert_eq!(answered(500, body).request_id.as_deref(), Some("r"), "{body}");
    }
    let list = headers(&[("retry-after", "2"), ("x-should-retry", "false")]);
    let error = ApiError::from_response(429, &list, b"{}", NOW);
    assert_eq!((error.retry_after_ms, error.should_retry), (Some(2_000), Some(false)));
    let error =
        ApiError::from_response(429, &list, openai("insufficient_quota", "m").as_bytes(), NOW);
    assert_eq!(error.retry_after_ms, None, "waiting is no use without credit");
}
