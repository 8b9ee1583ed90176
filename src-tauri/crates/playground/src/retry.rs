//! Whether a failed attempt is made again, and after how long. Pure: chance comes as an argument.
//!
//! The defaults are those of the official SDKs of OpenAI and Anthropic.

use crate::{ApiError, ErrorKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// When a call is sent again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Policy {
    /// How often a failed call is sent again at most; 0 to 10.
    pub retries: u32,
    /// Milliseconds before the first retry; each further wait is twice as long.
    pub base_ms: u32,
    /// The longest wait of our own, in milliseconds.
    pub cap_ms: u32,
    /// The part of a wait that chance may take off, 0 to 1, so that not everybody comes back
    /// at the same moment.
    pub jitter: f64,
    /// The statuses below 500 that are worth another try.
    pub statuses: Vec<u16>,
    /// Whether statuses from 500 on are.
    pub server_errors: bool,
    /// Whether we wait as long as the server asks for.
    pub honour_hints: bool,
}

/// The longest wait that a server can ask for. Who asks for more is not waited for at all.
pub const LONGEST_HINT_MS: u64 = 120_000;
/// The most retries that can be set.
pub const MOST_RETRIES: u32 = 10;
/// The longest wait that can be set, in milliseconds.
pub const LONGEST_WAIT_MS: u32 = 120_000;

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            retries: 2,
            base_ms: 500,
            cap_ms: 8_000,
            jitter: 0.25,
            statuses: vec![408, 409, 429],
            server_errors: true,
            honour_hints: true,
        }
    }
}

/// A pause before the next attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// How long, in milliseconds.
    pub ms: u64,
    /// Who said so.
    pub because: Because,
}

/// Why a wait has its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Because {
    /// The server asked for it.
    ServerAsked,
    /// The policy's own doubling.
    Backoff,
    /// None is needed: the server does not know `stream_options`, so the request goes without.
    StreamOptionsRefused,
}

impl Policy {
    /// One Send is one request.
    pub fn never() -> Policy {
        Policy { retries: 0, ..Policy::default() }
    }

    /// What is wrong with it, if anything is.
    pub fn problem(&self) -> Option<&'static str> {
        if self.retries > MOST_RETRIES {
            Some("a call can be sent again 10 times at most")
        } else if self.base_ms.max(self.cap_ms) > LONGEST_WAIT_MS {
            Some("the wait before a retry can be 120 seconds at most")
        } else if !(0.0..=1.0).contains(&self.jitter) {
            Some("the jitter must be between 0 and 1")
        } else {
            None
        }
    }

    /// The wait before the attempt that follows the failed number `attempt`, the first being 1;
    /// `None` when that was the last. `chance` is from 0 to 1. Nothing of a reply may have come.
    pub fn wait(&self, attempt: u32, error: &ApiError, chance: f64) -> Option<Wait> {
        if attempt > self.retries || !self.is_worth_it(error) {
            return None;
        }
        match error.retry_after_ms.filter(|_| self.honour_hints) {
            Some(ms) if ms > LONGEST_HINT_MS => None,
            Some(ms) if ms > 0 => Some(Wait { ms, because: Because::ServerAsked }),
            _ => Some(Wait { ms: self.backoff(attempt, chance), because: Because::Backoff }),
        }
    }

    fn is_worth_it(&self, error: &ApiError) -> bool {
        if never_heals(error.kind) {
            return false;
        }
        match (error.should_retry.filter(|_| self.honour_hints), error.status) {
            (Some(should), _) => should,
            (None, Some(status)) => {
                self.statuses.contains(&status) || (status >= 500 && self.server_errors)
            }
            (None, None) => is_of_the_network(error.kind),
        }
    }

    fn backoff(&self, attempt: u32, chance: f64) -> u64 {
        let doubled = f64::from(self.base_ms) * 2f64.powi(attempt.saturating_sub(1) as i32);
        let ms = doubled.min(self.cap_ms.into()) * (1.0 - self.jitter * chance);
        ms.round() as u64
    }
}

/// What only a person can change, whatever the status or the server says.
fn never_heals(kind: ErrorKind) -> bool {
    use ErrorKind::*;
    matches!(kind, NoCredit | SpendLimit | DailyLimit | WrongKey | KeyMissing | OutOfMemory)
}

/// Failures on the way. A certificate that is not trusted is not trusted a second later either.
fn is_of_the_network(kind: ErrorKind) -> bool {
    use ErrorKind::*;
    matches!(kind, Refused | NoSuchHost | Proxy | Connection | ConnectTimeout | FirstByteTimeout)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16, kind: ErrorKind) -> ApiError {
        ApiError { status: Some(status), ..kind.error() }
    }

    fn waits(policy: &Policy, error: &ApiError, chance: f64) -> Vec<u64> {
        (1..=20).map_while(|attempt| policy.wait(attempt, error, chance)).map(|it| it.ms).collect()
    }

    #[test]
    fn waits_double_up_to_the_cap_less_chance() {
        let base = Policy::default;
        let error = status(500, ErrorKind::ServerError);
        for (policy, chance, expected) in [
            (base(), 0.0, &[500, 1_000][..]),
            (base(), 1.0, &[375, 750]),
            (Policy { retries: 6, ..base() }, 0.0, &[500, 1_000, 2_000, 4_000, 8_000, 8_000]),
            (Policy { retries: 2, jitter: 1.0, ..base() }, 1.0, &[0, 0]),
            (Policy { retries: 2, base_ms: 0, ..base() }, 0.5, &[0, 0]),
            (Policy { cap_ms: 600, ..base() }, 0.0, &[500, 600]),
            (Policy::never(), 0.0, &[]),
        ] {
            assert_eq!(waits(&policy, &error, chance), expected, "{policy:?} {chance}");
        }
        assert_eq!(base().wait(u32::MAX, &error, 0.0), None);
    }

    #[test]
    fn only_what_can_heal_is_tried_again() {
        use ErrorKind::*;
        let only = |statuses: &[u16]| Policy {
            statuses: statuses.into(),
            server_errors: false,
            ..Policy::default()
        };
        for (policy, error, expected) in [
            (Policy::default(), status(408, RequestTimeout), true),
            (Policy::default(), status(409, Conflict), true),
            (Policy::default(), status(429, RateLimited), true),
            (Policy::default(), status(500, ServerError), true),
            (Policy::default(), status(529, Overloaded), true),
            (Policy::default(), status(307, Redirect), false),
            (Policy::default(), status(400, BadRequest), false),
            (Policy::default(), status(403, Forbidden), false),
            (Policy::default(), status(404, ModelNotFound), false),
            (Policy::default(), status(413, TooLarge), false),
            (Policy::default(), status(401, WrongKey), false),
            (Policy::default(), status(429, NoCredit), false),
            (Policy::default(), status(429, SpendLimit), false),
            (Policy::default(), status(429, DailyLimit), false),
            (only(&[418]), status(418, OtherStatus), true),
            (only(&[418]), status(429, RateLimited), false),
            (only(&[429]), status(429, NoCredit), false),
            (only(&[429]), status(500, ServerError), false),
            (Policy::default(), Refused.error(), true),
            (Policy::default(), NoSuchHost.error(), true),
            (Policy::default(), Connection.error(), true),
            (Policy::default(), Proxy.error(), true),
            (Policy::default(), ConnectTimeout.error(), true),
            (Policy::default(), FirstByteTimeout.error(), true),
            (Policy::default(), Tls.error(), false),
            (Policy::default(), NoKey.error(), false),
            (Policy::default(), UnusableKey.error(), false),
            (Policy::default(), Cut.error(), false),
            (Policy::default(), IdleTimeout.error(), false),
            (Policy::default(), InStream.error(), false),
        ] {
            assert_eq!(policy.wait(1, &error, 0.0).is_some(), expected, "{policy:?} {error:?}");
        }
    }

    #[test]
    fn hints_are_obeyed_where_they_are_honoured() {
        let deaf = || Policy { honour_hints: false, ..Policy::default() };
        let asked = |ms| Some(Wait { ms, because: Because::ServerAsked });
        let own = Some(Wait { ms: 500, because: Because::Backoff });
        for (policy, code, after, should, expected) in [
            (Policy::default(), 429, Some(2_000), None, asked(2_000)),
            (Policy::default(), 429, Some(120_000), None, asked(120_000)),
            (Policy::default(), 429, Some(120_001), None, None),
            (Policy::default(), 429, Some(0), None, own),
            (deaf(), 429, Some(2_000), None, own),
            (deaf(), 429, Some(120_001), None, own),
            (Policy::default(), 429, Some(2_000), Some(false), None),
            (deaf(), 429, None, Some(false), own),
            (Policy::default(), 400, None, Some(true), own),
            (deaf(), 400, None, Some(true), None),
        ] {
            let error = ApiError {
                retry_after_ms: after,
                should_retry: should,
                ..status(code, ErrorKind::RateLimited)
            };
            let wait = policy.wait(1, &error, 0.0);
            assert_eq!(wait, expected, "{policy:?} {code} {after:?} {should:?}");
        }
        let broke = ApiError { should_retry: Some(true), ..status(429, ErrorKind::NoCredit) };
        assert_eq!(Policy::default().wait(1, &broke, 0.0), None, "no hint makes credit");
    }

    #[test]
    fn a_policy_that_cannot_be_is_refused() {
        let base = Policy::default;
        for (policy, says) in [
            (Policy { retries: 11, ..base() }, "10"),
            (Policy { base_ms: 120_001, ..base() }, "120"),
            (Policy { cap_ms: 120_001, ..base() }, "120"),
            (Policy { jitter: f64::NAN, ..base() }, "jitter"),
            (Policy { jitter: 1.1, ..base() }, "jitter"),
        ] {
            let problem = policy.problem();
            assert!(problem.is_some_and(|it| it.contains(says)), "{policy:?}: {problem:?}");
        }
        assert_eq!(base().problem(), None);
    }
}
