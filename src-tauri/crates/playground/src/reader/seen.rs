//! What the frames of a body said so far, as far as the ending depends on it.

use super::is_page;
use crate::{
    ApiError, Delta, ErrorKind,
    errors::{BODY_SHOWN, ErrorBody},
    reply::MOST_CHOICES,
};
use std::collections::BTreeSet;

#[derive(Default)]
pub struct Seen {
    pub words: bool,
    /// Whether the reply is over, and whether the stream is.
    pub end: bool,
    pub done: bool,
    /// Whether it has said `[DONE]`.
    pub last_word: bool,
    /// Whether the body was one JSON value.
    pub whole: bool,
    /// The replies to the same prompt that have begun, and those that have ended.
    begun: BTreeSet<u32>,
    ended: BTreeSet<u32>,
    pub too_large: Option<ApiError>,
    error: Option<ApiError>,
    unreadable: Option<String>,
    /// Whether the body ended in the middle of a frame.
    pub cut_off: bool,
    rest: Vec<u8>,
}

impl Seen {
    /// Of several replies to one prompt, each has to end.
    pub fn is_over(&self) -> bool {
        self.end || (!self.ended.is_empty() && self.begun.is_subset(&self.ended))
    }

    pub fn note(&mut self, delta: &Delta, raw: &[u8]) {
        self.words |= delta.is_words();
        self.begun.extend(delta.speaker().map(|choice| choice.min(MOST_CHOICES)));
        match delta {
            Delta::Finish { choice, .. } => {
                self.ended.insert((*choice).min(MOST_CHOICES));
            }
            Delta::Done => (self.end, self.done) = (true, true),
            Delta::Error(error) => self.error = Some(error.clone()),
            Delta::Unreadable { reason } => {
                self.keep(raw);
                self.unreadable = Some(reason.clone());
            }
            _ => {}
        }
    }

    /// Keeps what no delta tells, to be shown if the reply fails.
    pub fn keep(&mut self, raw: &[u8]) {
        let room = BODY_SHOWN.saturating_sub(self.rest.len());
        self.rest.extend_from_slice(&raw[..raw.len().min(room)]);
    }

    /// How the reply ended, once everything has been read.
    pub fn verdict(self) -> Result<(), ApiError> {
        let is_over = self.is_over();
        let rest = String::from_utf8_lossy(&self.rest).into_owned();
        let with_body = |error: ApiError| error.with_body(ErrorBody::default(), &rest);
        if let Some(error) = self.error {
            return Err(error);
        }
        if let Some(error) = self.too_large.filter(|_| !self.done) {
            return Err(error);
        }
        match (is_over, self.unreadable) {
            (true, _) => Ok(()),
            (false, _) if is_page(&rest) => Err(with_body(ErrorKind::NotAnApi.error())),
            (false, Some(_)) if self.cut_off => {
                Err(ErrorKind::Cut.said("the connection was closed"))
            }
            (false, Some(reason)) => Err(with_body(ErrorKind::Unreadable.said(reason))),
            (false, None) if self.words => Err(ErrorKind::Cut.said("the connection was closed")),
            (false, None) => Err(with_body(ErrorKind::Empty.error())),
        }
    }
}
