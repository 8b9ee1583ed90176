//! What the API would answer: the templates of `data/formats.toml`, filled in.

use super::{Lint, Rule};
use crate::{
    Control,
    chat::{CacheLifetime, Effort},
    json,
    lint::repair::number,
};
use serde_json::Value;

impl Lint<'_> {
    /// The API's sentence for a rule, if its words are known.
    pub(super) fn says(
        &self,
        rule: Rule,
        control: Option<Control>,
        values: &[(&str, String)],
    ) -> Option<String> {
        let rule = word(rule);
        let own = control.and_then(|it| self.format.says.get(&format!("{rule}.{}", word(it))));
        let mut text = own.or_else(|| self.format.says.get(&rule))?.clone();
        let value = control.map(|it| self.value(it)).unwrap_or_default();
        let usual = [
            ("model", self.id.to_owned()),
            ("field", control.map(word).unwrap_or_default()),
            ("value", value),
        ];
        // A value of the caller's goes before one of the usual ones.
        for (name, value) in values.iter().chain(&usual) {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        Some(text)
    }

    /// A parameter's value as a sentence would quote it.
    pub(super) fn value(&self, control: Control) -> String {
        if let Some(number) = number(self.parameters, control) {
            return shown(number);
        }
        match control {
            Control::Effort => {
                self.parameters.effort.map(Effort::as_str).unwrap_or_default().into()
            }
            Control::Cache if self.parameters.cache == Some(CacheLifetime::Long) => "24h".into(),
            _ => String::new(),
        }
    }
}

/// A number as a person writes it.
pub(super) fn shown(number: f64) -> String {
    json::number(number).to_string()
}

/// The word that stands for it in data files.
pub(super) fn word(it: impl serde::Serialize) -> String {
    match serde_json::to_value(it) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

/// `'low', 'medium', and 'high'`.
pub(super) fn quoted(efforts: &[Effort]) -> String {
    let words: Vec<_> = efforts.iter().map(|it| format!("'{}'", it.as_str())).collect();
    match &words[..] {
        [] => String::new(),
        [only] => only.clone(),
        [one, other] => format!("{one} and {other}"),
        [before @ .., last] => format!("{}, and {last}", before.join(", ")),
    }
}

/// `high, low, medium`.
pub(super) fn sorted(efforts: &[Effort]) -> String {
    let on = efforts.iter().filter(|it| **it != Effort::None);
    let mut words: Vec<_> = on.map(|it| it.as_str()).collect();
    words.sort_unstable();
    words.join(", ")
}
