//! Writing a run: how it begins, its events, and what they came to.

use crate::{Beginning, StoreError, summary::Tally, versions};
use playground::{Chat, Role, RunEvent, prices::Price};
use rusqlite::{Transaction, params};
use std::mem;

/// How much of a conversation's first message is kept apart, in characters.
const LONGEST_OPENING: usize = 200;

/// A run that is being written.
#[derive(Clone)]
pub(crate) struct Open {
    pub number: i64,
    place: i64,
    pub tally: Tally,
    price: Option<Price>,
}

/// Writes what is known of a run before its first event; `session` is the process that does, and
/// empty for a run out of a file. A run that was given a place in a comparison belongs to that.
pub(crate) fn begin(
    transaction: &Transaction<'_>,
    beginning: &Beginning,
    session: &str,
) -> Result<Open, StoreError> {
    let Beginning { id, started_ms, price, target, chat, by_hand } = beginning;
    let said = chat.messages.iter().rev().find(|it| it.role == Role::User);
    let version = versions::of(transaction, beginning, session.is_empty())?;
    transaction
        .prepare_cached(
            "INSERT INTO runs (id, session, started_ms, provider, base_url, dialect, model, chat,
             by_hand, price, question, opening, version, comparison)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,
             (SELECT comparison FROM cells WHERE run = ?1))",
        )?
        .execute(params![
            id,
            session,
            started_ms,
            target.provider,
            target.base_url,
            target.dialect.as_deref().unwrap_or_default(),
            target.model,
            serde_json::to_string(chat)?,
            by_hand,
            price.as_ref().map(serde_json::to_string).transpose()?,
            said.map_or("", |it| &it.text),
            opening(chat),
            version,
        ])?;
    let number = transaction.last_insert_rowid();
    Ok(Open { number, place: 0, tally: Tally::default(), price: price.clone() })
}

/// How a conversation begins, which tells it from others: the first characters of the first
/// message that a person wrote.
fn opening(chat: &Chat) -> String {
    let first = chat.messages.iter().find(|it| it.role == Role::User);
    first.map(|it| it.text.chars().take(LONGEST_OPENING).collect()).unwrap_or_default()
}

/// Writes an event, unless its run has been deleted: then it returns false.
pub(crate) fn add(
    transaction: &Transaction<'_>,
    open: &mut Open,
    event: &RunEvent,
) -> Result<bool, StoreError> {
    // The bytes of a frame stand beside the rest, as they are.
    let mut event = event.clone();
    let raw = match &mut event {
        RunEvent::Frame(frame) => Some(mem::take(&mut frame.raw)),
        _ => None,
    };
    let json = serde_json::to_string(&event)?;
    let rows = transaction
        .prepare_cached(
            "INSERT INTO events (run, place, event, raw)
             SELECT number, ?2, ?3, ?4 FROM runs WHERE number = ?1",
        )?
        .execute(params![open.number, open.place, json, raw])?;
    if rows == 0 {
        return Ok(false);
    }
    open.place += 1;
    open.tally.add(&event, json.len() + raw.map_or(0, |it| it.len()));
    if event.is_last() {
        close(transaction, open)?;
    }
    Ok(true)
}

/// Writes when a run began on the clock of its round, if it has a place in a comparison.
pub(crate) fn started(
    transaction: &Transaction<'_>,
    id: &str,
    start_us: u64,
) -> Result<(), StoreError> {
    let start_us = i64::try_from(start_us).ok();
    let sql = "UPDATE cells SET start_us = ? WHERE run = ?";
    transaction.prepare_cached(sql)?.execute(params![start_us, id])?;
    Ok(())
}

/// Writes what a run came to.
pub(crate) fn close(transaction: &Transaction<'_>, open: &Open) -> Result<(), StoreError> {
    write_tally(transaction, open.number, &open.tally, open.price.as_ref())
}

/// The same, of a run that was read.
pub(crate) fn write_tally(
    transaction: &Transaction<'_>,
    number: i64,
    tally: &Tally,
    price: Option<&Price>,
) -> Result<(), StoreError> {
    let usage = tally.reply.usage.map(|it| serde_json::to_string(&it)).transpose()?;
    let finish = tally.finish().map(|it| serde_json::to_string(&it)).transpose()?;
    // Beyond 9 million dollars it is as good as unknown.
    let cost = tally.cost(price).and_then(|it| i64::try_from(it.0).ok());
    transaction
        .prepare_cached(
            "UPDATE runs SET outcome = ?, reply = ?, error = ?, finish = ?, usage = ?, cost = ?,
             duration_us = ?, attempts = ?, frames = ?, bytes = ? WHERE number = ?",
        )?
        .execute(params![
            tally.outcome.as_str(),
            tally.reply.text(),
            tally.error,
            finish,
            usage,
            cost,
            tally.duration_us as i64,
            tally.attempts,
            tally.frames,
            tally.bytes as i64,
            number,
        ])?;
    Ok(())
}
