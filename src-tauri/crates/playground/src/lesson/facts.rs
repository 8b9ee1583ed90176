//! What a check looks at: a run of the past, as far as lessons ask about it.

use crate::{Chat, Delta, ErrorKind, FinishReason, Role, RunEvent, Target, Usage};
use serde::Deserialize;
use serde_json::Value;

/// A run that has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct RunFacts {
    /// When it began: milliseconds since 1970, UTC.
    pub started_ms: i64,
    /// Who was asked, with the dialect that was spoken.
    pub target: Target,
    /// What was composed.
    pub chat: Chat,
    /// Whether the body was written by hand.
    pub by_hand: bool,
    /// How it ended.
    pub end: RunEnd,
    /// What the first reply says.
    pub reply: String,
    /// Why that ended, if the model said so.
    pub finish: Option<FinishReason>,
    /// The provider's counts.
    pub usage: Option<Usage>,
    /// The status of each answer, in order: of a call that was sent again there are several.
    pub statuses: Vec<u16>,
    /// Requests sent.
    pub attempts: u32,
    /// What went wrong in the end.
    pub error: Option<ErrorKind>,
    /// The status of each attempt that was followed by another one, where an answer came.
    pub retried: Vec<u16>,
    /// When the first frame came that says something, in microseconds since the run began; none if
    /// none did.
    pub first_word_us: Option<u64>,
    /// When its last event came.
    pub ended_us: u64,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunEnd {
    /// The reply is complete.
    Finished,
    /// The reply broke off.
    Interrupted,
    /// No reply came.
    Failed,
    /// The person stopped it.
    Cancelled,
}

impl RunFacts {
    /// A run of which nothing has been heard.
    pub fn new(started_ms: i64, target: Target, chat: Chat, by_hand: bool) -> RunFacts {
        RunFacts {
            started_ms,
            target,
            chat,
            by_hand,
            end: RunEnd::Cancelled,
            reply: String::new(),
            finish: None,
            usage: None,
            statuses: Vec::new(),
            attempts: 0,
            error: None,
            retried: Vec::new(),
            first_word_us: None,
            ended_us: 0,
        }
    }

    /// Takes in an event. Of frames only the time of the first word is taken: what they say is told
    /// by the reply.
    pub fn hear(&mut self, event: &RunEvent) {
        self.ended_us = self.ended_us.max(event.at_us());
        match event {
            RunEvent::AttemptStarted { .. } => {
                self.attempts += 1;
                // What an attempt that failed had said is not part of the reply.
                self.first_word_us = None;
            }
            RunEvent::ResponseStarted { status, .. } => self.statuses.push(*status),
            RunEvent::Frame(frame) if frame.deltas.iter().any(Delta::is_words) => {
                self.first_word_us.get_or_insert(frame.at_us);
            }
            RunEvent::AttemptFailed { error, .. } => {
                self.hear_status(error.status);
                self.retried.extend(error.status);
            }
            RunEvent::Finished { .. } => self.end = RunEnd::Finished,
            RunEvent::Cancelled { .. } => self.end = RunEnd::Cancelled,
            RunEvent::Interrupted { error, .. } => {
                (self.end, self.error) = (RunEnd::Interrupted, Some(error.kind));
            }
            RunEvent::Failed { error, .. } => {
                self.hear_status(error.status);
                (self.end, self.error) = (RunEnd::Failed, Some(error.kind));
            }
            RunEvent::Frame(_) | RunEvent::Waiting { .. } => {}
        }
    }

    /// The text that the last message of a person has.
    pub fn message(&self) -> &str {
        let messages = self.chat.messages.iter().rev();
        messages.into_iter().find(|it| it.role == Role::User).map_or("", |it| &it.text)
    }

    /// The system messages, joined.
    pub fn system(&self) -> String {
        let system = self.chat.messages.iter().filter(|it| it.role == Role::System);
        system.map(|it| it.text.trim()).collect::<Vec<_>>().join("\n").trim().to_owned()
    }

    /// What of the conversation was sent along before the last message.
    pub fn history(&self) -> Vec<(Role, &str)> {
        let spoken = self.chat.messages.iter().filter(|it| it.role != Role::System);
        let mut spoken: Vec<_> = spoken.map(|it| (it.role, it.text.as_str())).collect();
        spoken.pop();
        spoken
    }

    /// The status of the last answer.
    pub fn status(&self) -> Option<u16> {
        self.statuses.last().copied()
    }

    /// Whether the reply was asked for in pieces.
    pub fn is_streamed(&self) -> bool {
        self.chat.parameters.stream != Some(false)
    }

    /// The reply as JSON, if it is that.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_str(self.reply.trim()).ok()
    }

    /// The status of an answer that is told only by its error.
    fn hear_status(&mut self, status: Option<u16>) {
        // An answer with a head was counted when that came.
        if self.statuses.len() < self.attempts as usize {
            self.statuses.extend(status);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Frame, WireRequest, http::Method, retry::Because};

    fn started(at_us: u64) -> RunEvent {
        let (url, headers, body) = (String::new(), Vec::new(), String::new());
        let request = WireRequest { method: Method::Post, url, headers, body };
        RunEvent::AttemptStarted { at_us, attempt: 1, request }
    }

    fn answered(at_us: u64, status: u16) -> RunEvent {
        let (connected_us, version, headers) = (None, String::new(), Vec::new());
        RunEvent::ResponseStarted { at_us, connected_us, status, version, headers }
    }

    fn word(at_us: u64) -> RunEvent {
        let deltas = vec![Delta::text("Hi")];
        RunEvent::Frame(Frame { index: 0, at_us, offset: 0, raw: Vec::new(), deltas })
    }

    fn error(status: Option<u16>) -> crate::ApiError {
        crate::ApiError { status, ..ErrorKind::RateLimited.error() }
    }

    fn heard(events: &[RunEvent]) -> RunFacts {
        let mut facts = RunFacts::new(1, Target::default(), Chat::default(), false);
        events.iter().for_each(|event| facts.hear(event));
        facts
    }

    #[test]
    fn each_answer_has_its_status_once_however_it_is_told() {
        let failed =
            |at_us, status| RunEvent::AttemptFailed { at_us, attempt: 1, error: error(status) };
        let waits = RunEvent::Waiting { at_us: 4, for_us: 1, because: Because::Backoff };
        let facts = heard(&[
            started(1),
            answered(2, 429),
            failed(3, Some(429)),
            waits,
            started(5),
            failed(6, Some(503)),
            started(7),
            failed(8, None),
            started(9),
            answered(10, 200),
            word(11),
            word(12),
            RunEvent::Interrupted { at_us: 13, error: ErrorKind::Cut.error() },
        ]);
        assert_eq!(facts.statuses, [429, 503, 200]);
        assert_eq!((facts.status(), facts.retried.as_slice()), (Some(200), &[429, 503][..]));
        assert_eq!((facts.attempts, facts.end), (4, RunEnd::Interrupted));
        assert_eq!((facts.first_word_us, facts.ended_us), (Some(11), 13));
        assert_eq!(facts.error, Some(ErrorKind::Cut));
    }

    #[test]
    fn words_of_an_attempt_that_was_given_up_do_not_count() {
        let facts =
            heard(&[started(1), word(2), started(3), word(4), RunEvent::Finished { at_us: 5 }]);
        assert_eq!((facts.first_word_us, facts.end), (Some(4), RunEnd::Finished));
    }
}
