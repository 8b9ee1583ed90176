//! Any story that a run could tell.

use playground::{
    ApiError, Delta, ErrorKind, FinishReason, Frame, RunEvent, Usage, WireRequest,
    errors::EXPLANATIONS,
    http::{Header, Method},
    prices::Dollars,
    retry::Because,
    run::{Alternative, TokenChance},
};
use proptest::{collection::vec, option, prelude::*, sample::select};

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,12}", any::<String>(), Just("\u{0}\u{2028}\u{202e}👩‍🚀".to_owned())]
}

/// A number that is not finite is in no JSON.
fn number() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("finite", |it| it.is_finite())
}

fn alternative() -> impl Strategy<Value = Alternative> {
    (text(), option::of(any::<Vec<u8>>()), number())
        .prop_map(|(token, bytes, logprob)| Alternative { token, bytes, logprob })
}

fn chance() -> impl Strategy<Value = TokenChance> {
    (alternative(), vec(alternative(), 0..3)).prop_map(|(drawn, top)| drawn.among(top.into_iter()))
}

fn usage() -> impl Strategy<Value = Usage> {
    let count = || option::of(any::<u64>());
    let counts = (count(), count(), count(), count(), count(), count());
    let cost = option::of(any::<u64>().prop_map(|pico| Dollars(pico.into())));
    (counts, cost, any::<bool>()).prop_map(|(counts, reported_cost, malformed)| Usage {
        input_tokens: counts.0,
        cache_read_tokens: counts.1,
        cache_write_tokens: counts.2,
        output_tokens: counts.3,
        reasoning_tokens: counts.4,
        cache_write_long_tokens: counts.5,
        reported_cost,
        malformed,
    })
}

/// Failures of every kind, as servers tell them.
fn error() -> impl Strategy<Value = ApiError> {
    let kinds: Vec<ErrorKind> = EXPLANATIONS.iter().map(|row| row.kind).collect();
    (select(kinds), option::of(any::<u16>()), text(), text()).prop_map(
        |(kind, status, said, body)| {
            // Words without a status or a body are those of this computer.
            let (status, body) = (status.or(Some(500)), body);
            ApiError { status, body, retry_after_ms: status.map(u64::from), ..kind.said(said) }
        },
    )
}

fn delta() -> impl Strategy<Value = Delta> {
    let choice = || any::<u32>();
    let reasons = [
        FinishReason::Stop,
        FinishReason::Length,
        FinishReason::ToolCalls,
        FinishReason::ContentFilter,
        FinishReason::Refusal,
        FinishReason::Other,
    ];
    prop_oneof![
        (choice(), text(), vec(chance(), 0..3)).prop_map(|(choice, text, logprobs)| Delta::Text {
            choice,
            text,
            logprobs
        }),
        (choice(), text()).prop_map(|(choice, text)| Delta::Reasoning { choice, text }),
        (choice(), text()).prop_map(|(choice, text)| Delta::Refusal { choice, text }),
        (choice(), any::<u32>(), option::of(text()), text()).prop_map(
            |(choice, index, name, arguments)| Delta::ToolCall { choice, index, name, arguments }
        ),
        usage().prop_map(Delta::Usage),
        (choice(), select(reasons.to_vec()), text())
            .prop_map(|(choice, reason, raw)| Delta::Finish { choice, reason, raw }),
        text().prop_map(|id| Delta::Model { id }),
        error().prop_map(Delta::Error),
        text().prop_map(|reason| Delta::Unreadable { reason }),
        Just(Delta::Done),
    ]
}

fn headers() -> impl Strategy<Value = Vec<Header>> {
    vec(("[a-z-]{1,9}", text()).prop_map(|(name, value)| Header { name, value }), 0..4)
        .prop_map(|all| all.into_iter().filter(|it| !it.name.contains("cookie")).collect())
}

/// An event, and how long after the one before.
fn event() -> impl Strategy<Value = (RunEvent, u32)> {
    let request = (text(), headers(), text()).prop_map(|(url, headers, body)| WireRequest {
        method: Method::Post,
        url,
        headers,
        body,
    });
    let raw = prop_oneof![any::<Vec<u8>>(), text().prop_map(String::into_bytes)];
    let because = [Because::Backoff, Because::ServerAsked, Because::StreamOptionsRefused];
    let event = prop_oneof![
        1 => (any::<u32>(), request)
            .prop_map(|(attempt, request)| RunEvent::AttemptStarted { at_us: 0, attempt, request }),
        1 => (any::<u16>(), text(), headers()).prop_map(|(status, version, headers)| {
            RunEvent::ResponseStarted { at_us: 0, connected_us: None, status, version, headers }
        }),
        8 => (raw, vec(delta(), 0..4)).prop_map(|(raw, deltas)| {
            RunEvent::Frame(Frame { index: 0, at_us: 0, offset: 0, raw, deltas })
        }),
        1 => (any::<u32>(), error())
            .prop_map(|(attempt, error)| RunEvent::AttemptFailed { at_us: 0, attempt, error }),
        1 => (any::<u32>(), select(because.to_vec())).prop_map(|(for_us, because)| {
            RunEvent::Waiting { at_us: 0, for_us: for_us.into(), because }
        }),
    ];
    (event, any::<u32>())
}

fn end() -> impl Strategy<Value = RunEvent> {
    prop_oneof![
        Just(RunEvent::Finished { at_us: 0 }),
        Just(RunEvent::Cancelled { at_us: 0 }),
        error().prop_map(|error| RunEvent::Interrupted { at_us: 0, error }),
        error().prop_map(|error| RunEvent::Failed { at_us: 0, error }),
    ]
}

/// The events of a run in their order, with an end or without.
pub fn story() -> impl Strategy<Value = Vec<RunEvent>> {
    (vec(event(), 0..12), option::weighted(0.8, end())).prop_map(|(mut events, end)| {
        events.extend(end.map(|end| (end, 7)));
        let (mut now, mut next, mut place) = (0, 0, 0);
        for (event, after) in &mut events {
            now += u64::from(*after);
            match event {
                RunEvent::Frame(frame) => {
                    (frame.index, frame.offset, frame.at_us) = (next, place, now);
                    next += 1;
                    place += frame.raw.len() as u64;
                }
                RunEvent::AttemptStarted { at_us, .. } => {
                    (*at_us, next, place) = (now, 0, 0);
                }
                RunEvent::ResponseStarted { at_us, .. }
                | RunEvent::AttemptFailed { at_us, .. }
                | RunEvent::Waiting { at_us, .. }
                | RunEvent::Finished { at_us }
                | RunEvent::Interrupted { at_us, .. }
                | RunEvent::Failed { at_us, .. }
                | RunEvent::Cancelled { at_us } => *at_us = now,
            }
        }
        events.into_iter().map(|(event, _)| event).collect()
    })
}
