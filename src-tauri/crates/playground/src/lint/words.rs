//! What the API would answer: the quotations of the data files, filled in.

use super::{Lint, Rule};
use crate::{Control, chat::Effort, json, lint::repair::number, models::Quote};
use serde_json::Value;

impl Lint<'_> {
    /// The API's sentence for a rule, if its words are known.
    pub(super) fn says(
        &self,
        rule: Rule,
        control: Option<Control>,
        values: &[(&str, String)],
    ) -> Option<String> {
        let mut text = self.quote(rule, control)?.text.clone();
        let field = control.map(|it| match self.format.names.get(&it) {
            Some(name) => name.clone(),
            None => word(it),
        });
        let usual = [
            ("model", self.recipient.model.to_owned()),
            ("field", field.unwrap_or_default()),
            ("value", control.map(|it| self.value(it)).unwrap_or_default()),
        ];
        // A value of the caller's goes before one of the usual ones.
        for (name, value) in values.iter().chain(&usual) {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        Some(text)
    }

    /// The quotation that fits best: of the family before the format's, of this value or control
    /// before the rule's.
    fn quote(&self, rule: Rule, control: Option<Control>) -> Option<&'static Quote> {
        let rule = word(rule);
        let effort = self.parameters.effort.filter(|_| control == Some(Control::Effort));
        let keys = [
            effort.map(|effort| format!("{rule}.{}", effort.as_str())),
            control.map(|it| format!("{rule}.{}", word(it))),
            Some(rule.clone()),
        ];
        let own = self.family.and_then(|family| family.says.get(&self.format.id));
        let tables = [own, Some(&self.format.says)].into_iter().flatten();
        let found = tables.flat_map(|says| keys.iter().flatten().filter_map(|key| says.get(key)));
        found.into_iter().next().filter(|quote| !quote.text.is_empty())
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
