//! From a request to its response: the way that all formats share.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::Method,
    response::Response,
};
use serde_json::Value;
use tokio::task::spawn_blocking;

use crate::{
    cards::{self, CARDS},
    delivery,
    dialects::{Dialect, Door, Key},
    faults::{FaultError, Faults},
    head::Head,
    pace::Pace,
    prompt::Prompt,
    refusal::{Problem, Refusal},
    server::Shared,
    speech,
};

/// Keys that begin so are accepted; every other key is a wrong key.
const KEY_PREFIX: &str = "practice";
/// The largest body that is answered.
const MOST_BYTES: usize = 4 << 20;
/// Larger bodies are read up to this, for only then does a client hear why it was refused.
const MOST_BYTES_READ: usize = 64 << 20;

/// By this header a request changes the pace of its reply.
const PACE_HEADER: &str = "x-practice-pace";
/// By this header it names a seed, in formats too that have no field for one.
const SEED_HEADER: &str = "x-practice-seed";
/// By this header it asks for failures.
const FAULT_HEADER: &str = "x-practice-fault";

/// One request on its way.
#[derive(Clone)]
pub struct Exchange {
    pub shared: Shared,
    pub dialect: &'static dyn Dialect,
    pub head: Arc<Head>,
}

/// The JSON of a body, or what is wrong with it; a fault that was asked for comes before that.
type Json = Result<Value, Problem>;

impl Exchange {
    pub async fn answer(&self, body: Body) -> Result<Response, Refusal> {
        // Whatever comes of it: a connection with an unread body could not be used again.
        let bytes = to_bytes(body, MOST_BYTES_READ).await;
        let door = self.door()?;
        self.check_key()?;
        self.dialect.check(&self.head)?;
        let pace = self.pace()?;
        let bytes = bytes.map_err(|_| self.refuse(Problem::UnreadableBody))?;
        let faults = self.faults_of_header(&bytes)?;
        let json = self.read(&door, bytes.clone()).await?;
        let (id, faults) = self.faults_of_model(&door, &json, &bytes, faults)?;
        let slow_headers = faults.slow_headers.unwrap_or_default();
        let response = self.respond(door, id, json, pace, faults).await;
        // Like every time that is asked for, it counts from the arrival of the request: what the
        // answer takes to be made is part of it.
        speech::sleep_until(self.head.at, slow_headers).await;
        response
    }

    async fn respond(
        &self,
        door: Door,
        id: Option<String>,
        json: Json,
        pace: Pace,
        faults: Faults,
    ) -> Result<Response, Refusal> {
        if let Some(response) = self.instead(&faults, &id) {
            return Ok(response);
        }
        let json = json.map_err(|problem| self.refuse(problem))?;
        let value = match door {
            Door::Fixed { media_type, text } => {
                return Ok(self.deliver(&faults, media_type, text));
            }
            Door::Earlier(id) => {
                let found = self.shared.memory.body(&id).await;
                let (media_type, text) = found.ok_or_else(|| self.unknown_reply(id))?;
                return Ok(self.deliver(&faults, media_type, text));
            }
            Door::Forget(id) if self.shared.memory.forget(&id) => self.dialect.forgotten(&id),
            Door::Forget(id) => return Err(self.unknown_reply(id)),
            Door::Models => self.dialect.models(&self.head)?,
            Door::Model(_) => self.card(&id)?,
            Door::Count { .. } => self.dialect.count(self.prompt(id, json).counted().await?),
            Door::Distribution => self.prompt(id, json).distribution().await?,
            Door::Reply { .. } => {
                return self.prompt(id, json).answered(pace, faults).await;
            }
        };
        let (media_type, text) = self.dialect.document(&value);
        Ok(self.deliver(&faults, media_type, text))
    }

    /// Says what is wrong in the dialect's words.
    pub fn refuse(&self, problem: Problem) -> Refusal {
        self.dialect.refuse(&self.head, &problem)
    }

    /// A body that is sent in one piece, unless a fault has it otherwise.
    pub fn deliver(&self, faults: &Faults, media_type: &'static str, text: String) -> Response {
        let failure = self.refuse(Problem::Interrupted).body;
        delivery::whole(faults, media_type, text, failure)
    }

    fn door(&self) -> Result<Door, Refusal> {
        let door = self.dialect.door(&self.head);
        let door = door.ok_or_else(|| self.refuse(Problem::UnknownAddress))?;
        let (method, asked) = (door.method(), &self.head.method);
        if *asked == method || (*asked == Method::HEAD && method == Method::GET) {
            return Ok(door);
        }
        Err(self.refuse(Problem::WrongMethod).with(("allow", method.to_string())))
    }

    fn check_key(&self) -> Result<(), Refusal> {
        match self.dialect.key(&self.head) {
            Key::NotNeeded => Ok(()),
            Key::Given(key) if key.starts_with(KEY_PREFIX) => Ok(()),
            Key::Given(key) => Err(self.refuse(Problem::WrongKey(key))),
            Key::Missing => Err(self.refuse(Problem::MissingKey)),
        }
    }

    fn pace(&self) -> Result<Pace, Refusal> {
        let default = self.shared.pace;
        let Some(text) = self.head.header(PACE_HEADER) else { return Ok(default) };
        default.changed_by(&text).map_err(|error| {
            let reason = format!("{error}. Example: first=300ms, rate=40");
            self.refuse(Problem::Own { place: PACE_HEADER, reason })
        })
    }

    /// The seed that a header names.
    pub fn seed(&self) -> Result<Option<u64>, Refusal> {
        let Some(text) = self.head.header(SEED_HEADER) else { return Ok(None) };
        text.trim().parse().map(|seed: i64| Some(seed as u64)).map_err(|_| {
            let reason = format!("{text:?} is not a whole number. Example: 7");
            self.refuse(Problem::Own { place: SEED_HEADER, reason })
        })
    }

    fn faults_of_header(&self, body: &Bytes) -> Result<Faults, Refusal> {
        let Some(text) = self.head.list(FAULT_HEADER) else { return Ok(Faults::default()) };
        let faults = Faults::parse(&text).map_err(|error| self.bad_faults(FAULT_HEADER, &error))?;
        Ok(self.shared.ledger.due(self.likeness(&text, body), faults, false))
    }

    /// What a request and its repetition have in common: the faults, the address, the program
    /// that sent it, and the body.
    fn likeness(&self, faults: &str, body: &Bytes) -> u64 {
        let Head { method, path, .. } = &*self.head;
        let mut hasher = DefaultHasher::new();
        (faults, method, path, self.head.header("user-agent"), body).hash(&mut hasher);
        hasher.finish()
    }

    /// The model's id without the faults behind it, and these together with the others.
    fn faults_of_model(
        &self,
        door: &Door,
        json: &Json,
        body: &Bytes,
        others: Faults,
    ) -> Result<(Option<String>, Faults), Refusal> {
        let of_body = || json.as_ref().ok()?["model"].as_str();
        let Some(named) = door.model().or_else(of_body) else { return Ok((None, others)) };
        let (id, list) = parted(named, self.dialect.tag());
        let Some(list) = list else { return Ok((Some(id.to_owned()), others)) };
        let faults = Faults::parse(list).map_err(|error| self.bad_faults("model", &error))?;
        let faults = self.shared.ledger.due(self.likeness(named, body), faults, true);
        Ok((Some(id.to_owned()), others.and(faults)))
    }

    fn bad_faults(&self, place: &'static str, error: &FaultError) -> Refusal {
        let reason = format!("{error}. Example: status=429, retry_after=2, times=2");
        self.refuse(Problem::Own { place, reason })
    }

    async fn read(&self, door: &Door, bytes: Bytes) -> Result<Json, Refusal> {
        if door.method() != Method::POST {
            return Ok(Ok(Value::Null));
        }
        if bytes.len() > MOST_BYTES {
            return Err(self.refuse(Problem::TooLarge { most_bytes: MOST_BYTES }));
        }
        let parsed = spawn_blocking(move || parse(&bytes)).await;
        parsed.map_err(|_| self.refuse(Problem::Broken))
    }

    /// What takes the place of an answer, if a fault wants that.
    fn instead(&self, faults: &Faults, id: &Option<String>) -> Option<Response> {
        let model = id.as_deref().and_then(cards::card).unwrap_or(&CARDS[0]).id;
        if let Some((fault, page)) = faults.page(model) {
            return Some(delivery::page(fault, page));
        }
        let fault = faults.refusal(model)?;
        Some(axum::response::IntoResponse::into_response(self.refuse(Problem::Fault(fault))))
    }

    fn unknown_reply(&self, id: String) -> Refusal {
        self.refuse(Problem::UnknownReply(id))
    }

    fn card(&self, id: &Option<String>) -> Result<Value, Refusal> {
        let id = id.as_deref().unwrap_or_default();
        let card = cards::card(id);
        let card = card.ok_or_else(|| self.refuse(Problem::UnknownModel(id.to_owned())))?;
        Ok(self.dialect.model(card))
    }

    fn prompt(&self, id: Option<String>, body: Value) -> Prompt {
        Prompt { exchange: self.clone(), id: id.unwrap_or_default(), body }
    }
}

fn parse(bytes: &Bytes) -> Json {
    serde_json::from_slice(bytes).map_err(|error| Problem::NotJson(error.to_string()))
}

/// Parts a model's id from a list of faults behind it: `practice-1:status=429,times=2`. What
/// does not look like such a list belongs to the id.
fn parted<'a>(id: &'a str, tag: &str) -> (&'a str, Option<&'a str>) {
    let card = CARDS.iter().find_map(|card| Some((card.id, id.strip_prefix(card.id)?)));
    let Some((known, rest)) = card else { return (id, None) };
    let rest = rest.strip_prefix(tag).unwrap_or(rest);
    match rest.strip_prefix(':') {
        Some(list) if list.contains('=') || Faults::parse(list).is_ok() => (known, Some(list)),
        None if rest.is_empty() => (known, None),
        _ => (id, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_may_stand_behind_a_model_and_its_tag() {
        let table = [
            ("practice-1", "", ("practice-1", None)),
            ("practice-1:latest", ":latest", ("practice-1", None)),
            ("practice-1:latest", "", ("practice-1:latest", None)),
            ("practice-1:html", "", ("practice-1", Some("html"))),
            ("practice-1:latest:cut=3", ":latest", ("practice-1", Some("cut=3"))),
            ("practice-1:cat=3", "", ("practice-1", Some("cat=3"))),
            ("practice-1:8b", ":latest", ("practice-1:8b", None)),
            ("practice-11", "", ("practice-11", None)),
            ("gpt-4o:cut=3", "", ("gpt-4o:cut=3", None)),
        ];
        for (id, tag, expected) in table {
            assert_eq!(parted(id, tag), expected, "{id}");
        }
    }
}
