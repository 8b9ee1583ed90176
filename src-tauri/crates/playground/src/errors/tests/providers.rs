//! What each provider answers when something is wrong, in the shapes that it has, and what becomes of
//! it: the explanation, the buttons, and the wait. The words are ours but for those that are read.

use super::*;

/// A status, headers and a body; the kind, the tags of the buttons, and the wait in milliseconds.
type Row = (u16, &'static str, &'static str, ErrorKind, &'static [&'static str], Option<u64>);

#[rustfmt::skip]
const OPENAI: &[Row] = &[
    (401, "", r#"{"error":{"message":"Incorrect API key provided: sk-ab***yz.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#, ErrorKind::WrongKey, &["open_keys"], None),
    (401, "", r#"{"error":{"message":"You didn't provide an API key.","type":"invalid_request_error","param":null,"code":null}}"#, ErrorKind::KeyMissing, &["open_keys"], None),
    (400, "", r#"{"error":{"message":"Unsupported value: 'temperature' does not support 0.2 with this model.","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}}"#, ErrorKind::ParameterRefused, &["drop_parameter"], None),
    (400, "", r#"{"error":{"message":"This model's maximum context length is 50 tokens. However, you requested 60 tokens (20 in the messages, 40 in the completion).","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#, ErrorKind::ContextTooLong, &["lower_max_tokens", "trim_history"], None),
    (403, "", r#"{"error":{"message":"m","type":"request_forbidden","param":null,"code":"unsupported_country_region_territory"}}"#, ErrorKind::Region, &["choose_model"], None),
    (403, "", r#"{"error":{"message":"You have insufficient permissions for this operation.","type":"invalid_request_error"}}"#, ErrorKind::Forbidden, &["choose_model"], None),
    (404, "", r#"{"error":{"message":"The model `x` does not exist or you do not have access to it.","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#, ErrorKind::ModelNotFound, &["choose_model"], None),
    (400, "", r#"{"error":{"message":"The requested model 'x' does not exist.","type":"invalid_request_error","param":"model","code":"model_not_found"}}"#, ErrorKind::ModelNotFound, &["choose_model"], None),
    (413, "", "<html>413 Payload Too Large", ErrorKind::TooLarge, &["trim_history"], None),
    (429, "", r#"{"error":{"message":"Rate limit reached for x. Please try again in 1.2s.","type":"requests","param":null,"code":"rate_limit_exceeded"}}"#, ErrorKind::RateLimited, &["wait"], Some(1_200)),
    (429, "retry-after-ms: 250\nretry-after: 1", r#"{"error":{"message":"m","type":"tokens","code":"rate_limit_exceeded"}}"#, ErrorKind::RateLimited, &["wait"], Some(250)),
    (429, "x-ratelimit-remaining-tokens: 0\nx-ratelimit-reset-tokens: 6m0s\nx-ratelimit-remaining-requests: 2\nx-ratelimit-reset-requests: 12ms", r#"{"error":{"message":"m","type":"tokens","code":"rate_limit_exceeded"}}"#, ErrorKind::RateLimited, &["wait"], Some(360_000)),
    (429, "retry-after: 9", r#"{"error":{"message":"You exceeded your current quota.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"#, ErrorKind::NoCredit, &["choose_model"], None),
    (429, "", r#"{"error":{"message":"m","type":"insufficient_quota","code":"credit_balance_exhausted"}}"#, ErrorKind::NoCredit, &["choose_model"], None),
    (429, "", r#"{"error":{"message":"m","type":"insufficient_quota","code":"organization_usage_limit_exceeded"}}"#, ErrorKind::SpendLimit, &["choose_model"], None),
    (429, "retry-after: 3", r#"{"error":{"message":"m","type":"rate_limit_error","code":"slow_down"}}"#, ErrorKind::Overloaded, &["wait", "choose_model"], Some(3_000)),
    (503, "retry-after: 3", r#"{"error":{"message":"m","type":"service_unavailable_error","code":"server_is_overloaded"}}"#, ErrorKind::Overloaded, &["wait", "choose_model"], Some(3_000)),
    (500, "", r#"{"error":{"message":"m","type":"server_error","param":null,"code":null}}"#, ErrorKind::ServerError, &[], None),
    (502, "", "<html>502 Bad Gateway", ErrorKind::BadGateway, &[], None),
    (504, "", "<html>504 Gateway Time-out", ErrorKind::GatewayTimeout, &[], None),
];

#[rustfmt::skip]
const ANTHROPIC: &[Row] = &[
    (401, "x-should-retry: false", r#"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"},"request_id":"r"}"#, ErrorKind::WrongKey, &["open_keys"], None),
    (400, "", r#"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the API."},"request_id":"r"}"#, ErrorKind::NoCredit, &["choose_model"], None),
    (402, "", r#"{"type":"error","error":{"type":"billing_error","message":"m"},"request_id":"r"}"#, ErrorKind::NoCredit, &["choose_model"], None),
    (400, "", r#"{"type":"error","error":{"type":"invalid_request_error","message":"temperature: Extra inputs are not permitted"},"request_id":"r"}"#, ErrorKind::ParameterRefused, &["drop_parameter"], None),
    (400, "", r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 99 tokens > 50 maximum"},"request_id":"r"}"#, ErrorKind::ContextTooLong, &["trim_history"], None),
    (403, "", r#"{"type":"error","error":{"type":"permission_error","message":"m"},"request_id":"r"}"#, ErrorKind::Forbidden, &["choose_model"], None),
    (404, "", r#"{"type":"error","error":{"type":"not_found_error","message":"model: claude-x"},"request_id":"r"}"#, ErrorKind::ModelNotFound, &["choose_model"], None),
    (409, "", r#"{"type":"error","error":{"type":"conflict_error","message":"m"},"request_id":"r"}"#, ErrorKind::Conflict, &[], None),
    (413, "", r#"{"type":"error","error":{"type":"request_too_large","message":"m"},"request_id":"r"}"#, ErrorKind::TooLarge, &["trim_history"], None),
    (429, "retry-after: 7", r#"{"type":"error","error":{"type":"rate_limit_error","message":"m"},"request_id":"r"}"#, ErrorKind::RateLimited, &["wait"], Some(7_000)),
    (429, "anthropic-ratelimit-output-tokens-remaining: 0\nanthropic-ratelimit-output-tokens-reset: 2026-11-21T12:00:09Z\nanthropic-ratelimit-requests-remaining: 5\nanthropic-ratelimit-requests-reset: 2026-11-21T12:00:50Z", r#"{"type":"error","error":{"type":"rate_limit_error","message":"m"}}"#, ErrorKind::RateLimited, &["wait"], Some(9_000)),
    (429, "", r#"{"type":"error","error":{"type":"rate_limit_error","message":"m","details":{"error_code":"enforced_spend_limit_reached"}}}"#, ErrorKind::SpendLimit, &["choose_model"], None),
    (500, "", r#"{"type":"error","error":{"type":"api_error","message":"m"}}"#, ErrorKind::ServerError, &[], None),
    (503, "", r#"{"type":"error","error":{"type":"api_error","message":"m"}}"#, ErrorKind::Unavailable, &[], None),
    (504, "", r#"{"type":"error","error":{"type":"timeout_error","message":"m"}}"#, ErrorKind::GatewayTimeout, &[], None),
    (529, "", r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, ErrorKind::Overloaded, &["choose_model"], None),
];

#[rustfmt::skip]
const GEMINI: &[Row] = &[
    (400, "", r#"{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#, ErrorKind::WrongKey, &["open_keys"], None),
    (401, "", r#"{"error":{"code":401,"message":"m","status":"UNAUTHENTICATED","details":[{"reason":"ACCESS_TOKEN_TYPE_UNSUPPORTED"}]}}"#, ErrorKind::WrongKey, &["open_keys"], None),
    (403, "", r#"{"error":{"code":403,"message":"Requests from referer <empty> are blocked.","status":"PERMISSION_DENIED","details":[{"reason":"API_KEY_HTTP_REFERRER_BLOCKED"}]}}"#, ErrorKind::Forbidden, &["choose_model"], None),
    (403, "", r#"{"error":{"code":403,"message":"The API has not been used in this project.","status":"PERMISSION_DENIED","details":[{"reason":"SERVICE_DISABLED"}]}}"#, ErrorKind::Forbidden, &["choose_model"], None),
    (403, "", r#"{"error":{"code":403,"message":"m","status":"PERMISSION_DENIED","details":[{"reason":"BILLING_DISABLED"}]}}"#, ErrorKind::NoCredit, &["choose_model"], None),
    (403, "", r#"{"error":{"code":403,"message":"Your API key was reported as leaked.","status":"PERMISSION_DENIED"}}"#, ErrorKind::WrongKey, &["open_keys"], None),
    (400, "", r#"{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}"#, ErrorKind::Region, &["choose_model"], None),
    (400, "", r#"[{"error":{"code":400,"message":"The input token count (99) exceeds the maximum number of tokens allowed (50).","status":"INVALID_ARGUMENT"}}]"#, ErrorKind::ContextTooLong, &["trim_history"], None),
    (404, "", r#"{"error":{"code":404,"message":"models/x is not found for API version v1beta","status":"NOT_FOUND"}}"#, ErrorKind::ModelNotFound, &["choose_model"], None),
    (429, "", r#"{"error":{"code":429,"message":"You exceeded your current quota.\nPlease retry in 34.4s.","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier"}]},{"retryDelay":"34.4s"}]}}"#, ErrorKind::RateLimited, &["wait"], Some(34_400)),
    (429, "", r#"{"error":{"code":429,"message":"You exceeded your current quota.","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateContentPaidTierInputTokensPerModelPerMinute"}]},{"retryDelay":"48s"}]}}"#, ErrorKind::RateLimited, &["wait"], Some(48_000)),
    (429, "", r#"{"error":{"code":429,"message":"You exceeded your current quota.\nPlease retry in 34.4s.","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier"},{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]},{"retryDelay":"34.4s"}]}}"#, ErrorKind::DailyLimit, &["choose_model"], None),
    (429, "", r#"{"error":{"code":429,"message":"* Quota exceeded for metric: free_tier_requests, limit: 0, model: x\nPlease retry in 34.4s.","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]},{"retryDelay":"34.4s"}]}}"#, ErrorKind::NoCredit, &["choose_model"], None),
    (429, "", r#"{"error":{"code":429,"message":"* Quota exceeded for metric: m, limit: 1000000, model: x","status":"RESOURCE_EXHAUSTED"}}"#, ErrorKind::RateLimited, &[], None),
    (500, "", r#"{"error":{"code":500,"message":"m","status":"INTERNAL"}}"#, ErrorKind::ServerError, &[], None),
    (503, "", r#"{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}"#, ErrorKind::Overloaded, &["choose_model"], None),
    (504, "", r#"{"error":{"code":504,"message":"m","status":"DEADLINE_EXCEEDED"}}"#, ErrorKind::GatewayTimeout, &[], None),
];

#[rustfmt::skip]
const OLLAMA: &[Row] = &[
    (404, "", r#"{"error":"model 'gemma4:1b' not found"}"#, ErrorKind::ModelNotFound, &["run_command", "choose_model"], None),
    (400, "", r#"{"error":"\"x\" does not support thinking"}"#, ErrorKind::ParameterRefused, &["drop_parameter", "drop_parameter"], None),
    (400, "", r#"{"error":{"message":"prompt too long; exceeded max context length by 9 tokens (ref: r)","type":"invalid_request_error"}}"#, ErrorKind::ContextTooLong, &["trim_history"], None),
    (401, "", r#"{"error":"unauthorized","signin_url":"https://ollama.com/connect"}"#, ErrorKind::WrongKey, &["open_keys"], None),
    (403, "", r#"{"error":"cloud is disabled"}"#, ErrorKind::Forbidden, &["choose_model"], None),
    (429, "retry-after: 5", r#"{"error":"too many requests"}"#, ErrorKind::RateLimited, &["wait"], Some(5_000)),
    (429, "retry-after: 5", r#"{"error":"you've reached your weekly usage limit"}"#, ErrorKind::DailyLimit, &["choose_model"], None),
    (500, "", r#"{"error":"model requires more system memory (9 GiB) than is available (2 GiB)"}"#, ErrorKind::OutOfMemory, &["choose_model"], None),
    (502, "", r#"{"error":"cloud unreachable"}"#, ErrorKind::BadGateway, &[], None),
    (503, "", r#"{"error":"server busy, please try again.  maximum pending requests exceeded"}"#, ErrorKind::Overloaded, &["choose_model"], None),
];

/// Servers that took over OpenAI's format, and not its errors.
#[rustfmt::skip]
const COPIES: &[Row] = &[
    // vLLM, new and old.
    (400, "", r#"{"error":{"message":"You passed 45 input tokens and requested 10 output tokens. However, the model's context length is only 50 tokens","type":"BadRequestError","param":"input_tokens","code":400}}"#, ErrorKind::ContextTooLong, &["lower_max_tokens", "trim_history"], None),
    (404, "", r#"{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","param":null,"code":404}"#, ErrorKind::ModelNotFound, &["choose_model"], None),
    // llama.cpp
    (400, "", r#"{"error":{"code":400,"message":"request (99 tokens) exceeds the available context size (50 tokens)","type":"exceed_context_size_error","n_prompt_tokens":99,"n_ctx":50}}"#, ErrorKind::ContextTooLong, &["trim_history"], None),
    (503, "", r#"{"error":{"message":"Loading model","type":"unavailable_error","code":503}}"#, ErrorKind::ModelLoading, &[], None),
    // LM Studio
    (400, "", r#"{"error":"it failed"}"#, ErrorKind::BadRequest, &[], None),
    // OpenRouter
    (401, "", r#"{"error":{"message":"Missing Authentication header","code":401}}"#, ErrorKind::KeyMissing, &["open_keys"], None),
    (402, "", r#"{"error":{"message":"This request requires more credits.","code":402}}"#, ErrorKind::NoCredit, &["choose_model"], None),
    (403, "", r#"{"error":{"message":"The input was flagged","code":403,"metadata":{"reasons":["x"]}}}"#, ErrorKind::Moderated, &["choose_model"], None),
    (408, "", r#"{"error":{"message":"m","code":408}}"#, ErrorKind::RequestTimeout, &[], None),
    (429, "retry-after: 2", r#"{"error":{"message":"Provider returned error","code":429,"metadata":{"provider_name":"P","raw":"x is temporarily rate-limited upstream."}}}"#, ErrorKind::RateLimited, &["wait"], Some(2_000)),
    (429, "", r#"{"error":{"message":"Rate limit exceeded: free-models-per-day","code":429}}"#, ErrorKind::DailyLimit, &["choose_model"], None),
    (502, "", r#"{"error":{"message":"m","code":502}}"#, ErrorKind::BadGateway, &[], None),
    (503, "", r#"{"error":{"message":"m","code":503}}"#, ErrorKind::Unavailable, &[], None),
    // LiteLLM
    (400, "", r#"{"error":{"message":"litellm.ContextWindowExceededError: m","type":null,"param":null,"code":"400"}}"#, ErrorKind::ContextTooLong, &["trim_history"], None),
    (401, "", r#"{"error":{"message":"Authentication Error, Invalid proxy server token passed.","type":"auth_error","param":"None","code":"401"}}"#, ErrorKind::WrongKey, &["open_keys"], None),
    // DeepSeek, Groq, Mistral, xAI, Azure
    (402, "content-type: application/octet-stream", r#"{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}"#, ErrorKind::NoCredit, &["choose_model"], None),
    (429, "retry-after: 400", r#"{"error":{"message":"Rate limit reached for x on tokens per day (TPD). Please try again in 7m12s.","type":"tokens","code":"rate_limit_exceeded"}}"#, ErrorKind::DailyLimit, &["choose_model"], None),
    (401, "", r#"{"detail":"Invalid API Key"}"#, ErrorKind::WrongKey, &["open_keys"], None),
    (400, "", r#"{"code":"invalid-argument","error":"Incorrect API key provided. m"}"#, ErrorKind::WrongKey, &["open_keys"], None),
    (401, "", r#"{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint."}}"#, ErrorKind::WrongKey, &["open_keys"], None),
    (429, "retry-after: 9\nretry-after-ms: 8100\nx-ratelimit-remaining-tokens: -1\nx-ratelimit-reset-tokens: 0", r#"{"error":{"code":"429","message":"m"}}"#, ErrorKind::RateLimited, &["wait"], Some(8_100)),
    // What stands before them.
    (403, "", "<!doctype html><title>Sign in", ErrorKind::NotAnApi, &[], None),
    (407, "", "", ErrorKind::Proxy, &[], None),
    (503, "retry-after: Sat, 21 Nov 2026 12:00:30 GMT", "<html>503", ErrorKind::Unavailable, &["wait"], Some(30_000)),
];

fn tags(error: &ApiError) -> Vec<String> {
    let tag = |fix: &Fix| serde_json::to_value(fix).expect("plain data")["type"].clone();
    error.fixes.iter().map(|fix| tag(fix).as_str().expect("a tag").to_owned()).collect()
}

#[test]
fn every_providers_errors_get_their_explanation_their_buttons_and_their_wait() {
    for (who, rows) in [
        ("OpenAI", OPENAI),
        ("Anthropic", ANTHROPIC),
        ("Gemini", GEMINI),
        ("Ollama", OLLAMA),
        ("others", COPIES),
    ] {
        for (status, headers, body, kind, buttons, wait) in rows {
            let lines = headers.lines().filter_map(|line| line.split_once(": "));
            let headers: Vec<_> = lines.map(|(name, value)| Header::new(name, value)).collect();
            let error = ApiError::from_response(*status, &headers, body.as_bytes(), NOW);
            let name = format!("{who}, {status} {body}");
            assert_eq!((error.kind, error.retry_after_ms), (*kind, *wait), "{name}");
            assert_eq!(tags(&error), *buttons, "{name}");
            assert_eq!(error.meaning, kind.explanation().meaning, "{name}");
        }
    }
}

/// Bodies inside a stream, their kind and their wait.
#[rustfmt::skip]
const INSIDE: &[(&str, ErrorKind, Option<u64>)] = &[
    // OpenAI, both formats
    (r#"{"error":{"message":"m","type":"server_error","code":null}}"#, ErrorKind::ServerError, None),
    (r#"{"error":{"message":"Please try again in 2s.","type":"tokens","code":"rate_limit_exceeded"}}"#, ErrorKind::RateLimited, Some(2_000)),
    (r#"{"type":"error","code":"server_error","message":"m","param":null,"sequence_number":2}"#, ErrorKind::ServerError, None),
    (r#"{"error":{"message":"m","type":"insufficient_quota"}}"#, ErrorKind::NoCredit, None),
    (r#"{"error":{"message":"m","code":"context_length_exceeded"}}"#, ErrorKind::ContextTooLong, None),
    // Anthropic
    (r#"{"type":"error","error":{"type":"overloaded_error","message":"m"}}"#, ErrorKind::Overloaded, None),
    (r#"{"type":"error","error":{"type":"rate_limit_error","message":"m"}}"#, ErrorKind::RateLimited, None),
    (r#"{"type":"error","error":{"type":"api_error","message":"m"}}"#, ErrorKind::ServerError, None),
    (r#"{"type":"error","error":{"type":"timeout_error","message":"m"}}"#, ErrorKind::GatewayTimeout, None),
    // Gemini
    (r#"{"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}"#, ErrorKind::Unavailable, None),
    (r#"{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"5s"}]}}"#, ErrorKind::RateLimited, Some(5_000)),
    // OpenRouter, LiteLLM, Groq
    (r#"{"error":{"code":502,"message":"m"}}"#, ErrorKind::BadGateway, None),
    (r#"{"error":{"code":"429","message":"m","type":"None"}}"#, ErrorKind::RateLimited, None),
    (r#"{"error":{"message":"m","type":"invalid_request_error","code":"tool_use_failed"}}"#, ErrorKind::InStream, None),
    // Ollama
    (r#"{"error":"model requires more system memory (9 GiB) than is available"}"#, ErrorKind::OutOfMemory, None),
    (r#"{"error":"an error was encountered while running the model"}"#, ErrorKind::InStream, None),
    (r#"{"error":{"code":200,"message":"m"}}"#, ErrorKind::InStream, None),
];

/// Status 200 has gone out, so the body alone tells what failed.
#[test]
fn a_failure_inside_a_stream_is_told_as_what_it_is() {
    for (body, kind, wait) in INSIDE {
        let error = ApiError::in_stream(ErrorBody::read(body), body);
        assert_eq!((error.kind, error.retry_after_ms), (*kind, *wait), "{body}");
        assert!(error.meaning.contains("status"), "{body}: it says that it came late");
        assert!(error.meaning.contains("kept"), "{body}: {}", error.meaning);
        assert_eq!((error.status, error.said.is_some()), (None, true), "{body}");
    }
}

/// What cannot come from a server: the failures of the way there.
#[test]
fn what_fails_on_the_way_has_a_button_where_one_helps() {
    for (kind, buttons) in [
        (ErrorKind::NoKey, &["open_keys"][..]),
        (ErrorKind::UnusableKey, &["open_keys"]),
        (ErrorKind::FirstByteTimeout, &["open_settings"]),
        (ErrorKind::IdleTimeout, &["open_settings"]),
        (ErrorKind::ConnectTimeout, &[]),
        (ErrorKind::Refused, &[]),
        (ErrorKind::NoSuchHost, &[]),
        (ErrorKind::Tls, &[]),
        (ErrorKind::Proxy, &[]),
        (ErrorKind::Cut, &[]),
    ] {
        assert_eq!(tags(&kind.error()), buttons, "{kind:?}");
    }
}
