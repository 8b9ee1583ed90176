//! Every way in which practice can be asked to fail, and what is told of it.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use playground::ErrorKind;

/// A fault of practice, whether words come before it, and what it is told as: by all dialects, or
/// by those named otherwise. The services word the same status for different reasons, and words say
/// more than a status.
pub struct Fault {
    pub list: &'static str,
    pub has_words: bool,
    pub kind: ErrorKind,
    pub but: &'static [(&'static str, ErrorKind)],
}

const fn fault(
    list: &'static str,
    kind: ErrorKind,
    but: &'static [(&'static str, ErrorKind)],
) -> Fault {
    Fault { list, has_words: false, kind, but }
}

/// The same, in the middle of a reply.
const fn breaks(
    list: &'static str,
    kind: ErrorKind,
    but: &'static [(&'static str, ErrorKind)],
) -> Fault {
    Fault { has_words: true, ..fault(list, kind, but) }
}

pub const FAULTS: &[Fault] = &[
    fault("status=400", ErrorKind::BadRequest, &[]),
    fault("status=401", ErrorKind::WrongKey, &[]),
    fault("status=402", ErrorKind::NoCredit, &[]),
    // OpenAI's is about the country, Gemini's about a key that was found in public.
    fault(
        "status=403",
        ErrorKind::Forbidden,
        &[
            ("openai-chat", ErrorKind::Region),
            ("openai-responses", ErrorKind::Region),
            ("gemini", ErrorKind::WrongKey),
        ],
    ),
    fault("status=404", ErrorKind::ModelNotFound, &[]),
    fault("status=408", ErrorKind::RequestTimeout, &[]),
    fault("status=409", ErrorKind::Conflict, &[]),
    fault("status=413", ErrorKind::TooLarge, &[]),
    fault("status=422", ErrorKind::BadRequest, &[]),
    fault("status=429", ErrorKind::RateLimited, &[]),
    // Where accounts are not prepaid it is a limit that somebody set, or the allowance of a plan.
    fault(
        "code=insufficient_quota",
        ErrorKind::NoCredit,
        &[
            ("anthropic", ErrorKind::SpendLimit),
            ("gemini", ErrorKind::DailyLimit),
            ("ollama", ErrorKind::DailyLimit),
        ],
    ),
    fault("status=500", ErrorKind::ServerError, &[("ollama", ErrorKind::OutOfMemory)]),
    fault("status=502", ErrorKind::BadGateway, &[]),
    fault("status=503", ErrorKind::Overloaded, &[("anthropic", ErrorKind::Unavailable)]),
    fault("status=504", ErrorKind::GatewayTimeout, &[]),
    fault("status=529", ErrorKind::Overloaded, &[]),
    fault("html", ErrorKind::BadGateway, &[]),
    fault("html,status=200", ErrorKind::NotAnApi, &[]),
    fault("slow_headers=30s", ErrorKind::FirstByteTimeout, &[]),
    fault("cut=9b", ErrorKind::Cut, &[]),
    breaks("cut=12", ErrorKind::Cut, &[]),
    breaks("stall=30s", ErrorKind::IdleTimeout, &[]),
    breaks(
        "in_stream_error",
        ErrorKind::Overloaded,
        &[
            ("openai-chat", ErrorKind::ServerError),
            ("openai-responses", ErrorKind::ServerError),
            ("ollama", ErrorKind::InStream),
        ],
    ),
];
