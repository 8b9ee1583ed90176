//! Failures on request: what a real provider does on a bad day, whenever a learner wants it.
//!
//! `x-practice-fault: status=429, retry_after=2, times=2` asks for them, and so does a model
//! id with the same list behind it, `practice-1:status=429,times=2`. Each format answers in
//! its own shape; what is common is read and counted here.

mod disturbance;
mod ledger;

use std::time::Duration;

use axum::http::StatusCode;

use crate::{pace, refusal::Fault};
pub use disturbance::{Disturbance, Next};
pub use ledger::Ledger;

/// What may be asked for as `status`.
const STATUSES: &[u16] =
    &[400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529];

/// Where a reply is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// After so many frames.
    Frames(usize),
    /// After so many bytes.
    Bytes(usize),
}

/// The failures that one request is to meet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    /// This status instead of a reply.
    status: Option<StatusCode>,
    retry_after: Option<Duration>,
    no_credit: bool,
    /// Only the first so many requests fail.
    times: Option<u32>,
    /// Nothing at all for so long.
    pub slow_headers: Option<Duration>,
    /// A page of a proxy instead of a reply.
    html: bool,
    /// The connection breaks here.
    pub cut: Option<Cut>,
    /// Silence in the middle.
    pub stall: Option<Duration>,
    /// A frame that is no JSON.
    pub garbage: bool,
    /// The reply turns into an error.
    pub in_stream_error: bool,
    /// What ends a stream stays away.
    pub no_done: bool,
}

/// A list of faults that cannot be understood, said so that its writer can mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    #[error(
        "'{0}' is none of status=, retry_after=, times=, code=, cut=, stall=, slow_headers=, html, \
         garbage, in_stream_error, no_done"
    )]
    Unknown(String),
    #[error("status must be one of {list}, not '{0}'", list = statuses())]
    Status(String),
    #[error("{0} must be a time up to 600s such as 2s or 500ms, not '{1}'")]
    Time(&'static str, String),
    #[error("times must be a number from 1, not '{0}'")]
    Times(String),
    #[error("cut must be a number of frames such as 40, or of bytes such as 900b, not '{0}'")]
    Cut(String),
    #[error("code can only be insufficient_quota, not '{0}'")]
    Code(String),
    #[error("{0} is there twice")]
    Twice(String),
    #[error("status=200 makes sense with html only")]
    Success,
    #[error("it names no failure")]
    Nothing,
}

fn statuses() -> String {
    STATUSES.iter().map(u16::to_string).collect::<Vec<_>>().join(", ")
}

impl Faults {
    /// Reads a list such as `status=429, retry_after=2, times=2`.
    pub fn parse(text: &str) -> Result<Self, FaultError> {
        let (mut faults, mut names) = (Self::default(), Vec::new());
        for part in text.split(',').map(str::trim) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            faults.set(name.trim(), value.trim(), part)?;
            if names.contains(&name.trim()) {
                return Err(FaultError::Twice(name.trim().to_owned()));
            }
            names.push(name.trim());
        }
        if faults.status == Some(StatusCode::OK) && !faults.html {
            return Err(FaultError::Success);
        }
        let harmless = Self { times: None, retry_after: None, ..faults.clone() };
        if harmless == Self::default() { Err(FaultError::Nothing) } else { Ok(faults) }
    }

    fn set(&mut self, name: &str, value: &str, part: &str) -> Result<(), FaultError> {
        let is_flag = !part.contains('=');
        match name {
            "status" => self.status = Some(status(value)?),
            "retry_after" => self.retry_after = Some(wait("retry_after", value)?),
            "stall" => self.stall = Some(wait("stall", value)?),
            "slow_headers" => self.slow_headers = Some(wait("slow_headers", value)?),
            "times" => self.times = Some(times(value)?),
            "cut" => self.cut = Some(cut(value)?),
            "code" if value == "insufficient_quota" => self.no_credit = true,
            "code" => return Err(FaultError::Code(value.to_owned())),
            "html" if is_flag => self.html = true,
            "garbage" if is_flag => self.garbage = true,
            "in_stream_error" if is_flag => self.in_stream_error = true,
            "no_done" if is_flag => self.no_done = true,
            _ => return Err(FaultError::Unknown(part.to_owned())),
        }
        Ok(())
    }

    /// The status that takes the place of a reply, if one does.
    pub fn refusal(&self, model: &'static str) -> Option<Fault> {
        let implied = self.no_credit.then_some(StatusCode::TOO_MANY_REQUESTS);
        let status = self.status.or(implied)?;
        let Self { retry_after, no_credit, .. } = *self;
        Some(Fault { status, retry_after, no_credit, model })
    }

    /// The page that takes the place of a reply, if one does, and what is said besides.
    pub fn page(&self, model: &'static str) -> Option<(Fault, String)> {
        let status = self.status.unwrap_or(StatusCode::BAD_GATEWAY);
        let reason = status.canonical_reason().unwrap_or("Error");
        let code = status.as_u16();
        let page = format!(
            "<!DOCTYPE html>\n<html>\n<head><title>{code} {reason}</title></head>\n<body>\n\
             <center><h1>{code} {reason}</h1></center>\n<hr><center>practice proxy</center>\n\
             </body>\n</html>\n"
        );
        let Self { retry_after, no_credit, .. } = *self;
        self.html.then_some((Fault { status, retry_after, no_credit, model }, page))
    }

    /// These and others; where both name the same thing, the others'.
    pub fn and(self, others: Self) -> Self {
        Self {
            status: others.status.or(self.status),
            retry_after: others.retry_after.or(self.retry_after),
            no_credit: others.no_credit || self.no_credit,
            times: others.times.or(self.times),
            slow_headers: others.slow_headers.or(self.slow_headers),
            html: others.html || self.html,
            cut: others.cut.or(self.cut),
            stall: others.stall.or(self.stall),
            garbage: others.garbage || self.garbage,
            in_stream_error: others.in_stream_error || self.in_stream_error,
            no_done: others.no_done || self.no_done,
        }
    }
}

fn status(value: &str) -> Result<StatusCode, FaultError> {
    let known = value.parse().ok().filter(|code| *code == 200 || STATUSES.contains(code));
    let status = known.and_then(|code| StatusCode::from_u16(code).ok());
    status.ok_or_else(|| FaultError::Status(value.to_owned()))
}

/// A time with a unit; without one, seconds.
fn wait(name: &'static str, value: &str) -> Result<Duration, FaultError> {
    let seconds = value.ends_with(|last: char| last.is_ascii_digit());
    let text = if seconds { format!("{value}s") } else { value.to_owned() };
    pace::waiting_time(&text).ok_or_else(|| FaultError::Time(name, value.to_owned()))
}

fn times(value: &str) -> Result<u32, FaultError> {
    let number = value.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| FaultError::Times(value.to_owned()))
}

fn cut(value: &str) -> Result<Cut, FaultError> {
    let (digits, unit): (&str, fn(usize) -> Cut) = match value.strip_suffix('b') {
        Some(digits) => (digits, Cut::Bytes),
        None => (value, Cut::Frames),
    };
    digits.parse().map(unit).map_err(|_| FaultError::Cut(value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_in_any_order_and_spacing() {
        let faults = Faults::parse("status=429, retry_after=2, times=2").unwrap();
        let fault = faults.refusal("practice-1").unwrap();
        assert_eq!((fault.status.as_u16(), fault.no_credit), (429, false));
        assert_eq!(fault.retry_after_header(), Some(("retry-after", "2".to_owned())));
        assert_eq!(faults.times, Some(2));
        let many = Faults::parse("no_done,stall = 1.5s , cut=900b,garbage").unwrap();
        assert_eq!((many.no_done, many.garbage, many.in_stream_error), (true, true, false));
        assert_eq!(
            (many.stall, many.cut),
            (Some(Duration::from_millis(1500)), Some(Cut::Bytes(900)))
        );
        assert_eq!(many.refusal("practice-1"), None);
        assert_eq!(Faults::parse("cut=40").unwrap().cut, Some(Cut::Frames(40)));
        assert_eq!(Faults::parse("html").unwrap().page("practice-1").unwrap().0.status, 502);
        assert_eq!(
            Faults::parse("html, status=200").unwrap().page("practice-1").unwrap().0.status,
            200
        );
        let no_credit =
            Faults::parse("code=insufficient_quota").unwrap().refusal("practice-1").unwrap();
        assert_eq!((no_credit.status.as_u16(), no_credit.no_credit), (429, true));
    }

    #[test]
    fn a_list_that_cannot_be_read_says_what_is_wrong_with_it() {
        let table = [
            ("", "'' is none of"),
            ("sleep=3", "'sleep=3' is none of"),
            ("status=429,", "'' is none of"),
            ("html=1", "'html=1' is none of"),
            ("status=418", "one of 400, 401"),
            ("status=soon", "not 'soon'"),
            ("status=200", "with html only"),
            ("stall=long", "stall must be a time"),
            ("retry_after=-1", "not '-1'"),
            ("slow_headers=601s", "up to 600s"),
            ("status=500, times=0", "from 1, not '0'"),
            ("cut=x", "such as 40"),
            ("cut=-1b", "such as 40"),
            ("code=other", "insufficient_quota, not 'other'"),
            ("times=2", "names no failure"),
            ("status=429, status=500", "status is there twice"),
        ];
        for (text, hint) in table {
            let error = Faults::parse(text).expect_err(text).to_string();
            assert!(error.contains(hint), "{text}: {error}");
        }
    }
}
