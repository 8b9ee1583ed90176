//! The same call as a program: what a person would write to make it without this app.
//!
//! A program without an SDK sends the very text of the body; one with an SDK gives it the same
//! fields with the same values. No program holds a key: it reads it from a variable. The code
//! itself is data, in `data/code`.

mod call;
mod literal;
mod recipe;
mod sdk;
mod template;
mod tongue;
mod value;

use crate::{Provider, WireRequest};
use call::Call;
use recipe::{LANGUAGES, Language};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A call as a program in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Snippet {
    /// The language's id, such as `python-httpx`.
    pub language: String,
    /// The language's name for people.
    pub name: String,
    /// The program; null where there can be none.
    pub code: Option<String>,
    /// Why there is none, in a sentence.
    pub reason: Option<String>,
    /// The command that installs what it uses; empty if it needs nothing.
    pub needs: String,
    /// The command that runs it; empty for what is itself a command.
    pub run: String,
    /// The environment variable from which it reads the key; null if it reads none.
    pub key_env: Option<String>,
}

/// Where a program has its key from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// This environment variable.
    Variable(String),
    /// Its own text: a key that everybody may know.
    Known(&'static str),
}

/// `request` as a program in every language, in the order in which they are offered.
pub fn snippets(request: &WireRequest, dialect: &str, provider: &Provider) -> Vec<Snippet> {
    let format = recipe::format(dialect);
    let call = format.map(|format| Call::new(request, format, provider));
    let snippet = |language: &Language| {
        let recipe = format.and_then(|format| format.languages.get(&language.id));
        let code = match (&call, recipe) {
            (Some(call), Some(recipe)) => call.code(language, recipe),
            _ => Err("How this wire format looks in a program is not known here.".into()),
        };
        let needs = language.needs.as_ref().or(recipe.and_then(|it| it.needs.as_ref()));
        Snippet {
            language: language.id.clone(),
            name: language.name.clone(),
            code: code.as_ref().ok().cloned(),
            reason: code.err(),
            needs: needs.cloned().unwrap_or_default(),
            run: language.run.clone(),
            key_env: call.as_ref().and_then(Call::key_env).map(str::to_owned),
        }
    };
    LANGUAGES.iter().map(snippet).collect()
}
