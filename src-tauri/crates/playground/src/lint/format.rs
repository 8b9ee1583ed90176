//! Replies that have to be JSON.

use super::{
    Lint, Repair, Rule,
    schema::{Flaw, closed, completed, first_flaw},
};
use crate::{
    Control, Role,
    chat::ResponseFormat,
    models::{JsonWord, Strictness},
};
use serde_json::Value;

/// The longest name that a schema may have.
const SCHEMA_NAME: usize = 64;

impl Lint<'_> {
    pub(super) fn response_format(&mut self) {
        let control = Control::ResponseFormat;
        if !self.sends(control) || self.refuses(control) {
            return;
        }
        match &self.parameters.response_format {
            Some(ResponseFormat::JsonObject) => self.any_json(),
            Some(ResponseFormat::JsonSchema { name, schema }) => self.schema(name, schema),
            None => {}
        }
    }

    fn any_json(&mut self) {
        let control = Control::ResponseFormat;
        if self.format.schemas_only && !self.takes_any_schema() {
            let why = format!("{} cannot ask for just any JSON: give a schema.", self.format.name);
            self.refused(Rule::NoJsonMode, control, &[], why, vec![Repair::Drop { control }]);
        }
        let Some(who) = self.format.json_word.filter(|_| self.model.is_some()) else { return };
        let counts = |role| who == JsonWord::Anywhere || role != Role::System;
        let mut messages = self.chat.messages.iter().filter(|it| counts(it.role));
        if messages.any(|message| message.text.to_ascii_lowercase().contains("json")) {
            return;
        }
        let drop = Repair::Drop { control };
        let (why, repairs) = match who {
            JsonWord::Anywhere => {
                ("A message has to say the word JSON.", vec![Repair::AskForJson, drop])
            }
            JsonWord::Conversation => (
                "Your message has to say the word JSON; in the system message it does not count.",
                vec![drop],
            ),
        };
        self.refused(Rule::NoJsonWord, control, &[], why.to_owned(), repairs);
    }

    fn takes_any_schema(&self) -> bool {
        self.family.is_some_and(|family| family.any_schema_in.contains(&self.format.id))
    }

    fn schema(&mut self, name: &str, schema: &Value) {
        let control = Control::ResponseFormat;
        let takes_any_name = self.family.is_some_and(|family| family.any_schema_name);
        if self.format.names_schema && !takes_any_name && !is_schema_name(name) {
            let why = format!(
                "A schema's name has letters, digits, _ and - only, {SCHEMA_NAME} at most."
            );
            let repairs = vec![Repair::NameSchema { name: schema_name(name) }];
            self.refused(Rule::SchemaName, control, &[], why, repairs);
        }
        let Some(strictness) = self.format.schema.filter(|_| !self.takes_any_schema()) else {
            return;
        };
        let Some(flaw) = first_flaw(schema, strictness) else { return };
        let mend = match strictness {
            Strictness::Closed => closed(schema),
            Strictness::Complete => completed(schema),
        };
        let (rule, values, why) = match flaw {
            Flaw::NoObject { kind } => {
                let why = "The schema has to be one of an object: \"type\": \"object\".";
                (Rule::SchemaRoot, vec![("kind", kind)], why.to_owned())
            }
            Flaw::Open { place, context } => {
                let why = format!("{place} needs \"additionalProperties\": false.");
                (Rule::SchemaOpen, vec![("context", context)], why)
            }
            Flaw::Incomplete { place, context, missing } => {
                let why = format!("{place} has to require every property; {missing} is left out.");
                let values = vec![("context", context), ("missing", missing)];
                (Rule::SchemaIncomplete, values, why)
            }
        };
        let values: Vec<_> = values.into_iter().chain([("name", name.to_owned())]).collect();
        let mend = (rule != Rule::SchemaRoot).then_some(Repair::MendSchema { schema: mend });
        let repairs = mend.into_iter().chain([Repair::Drop { control }]).collect();
        self.refused(rule, control, &values, why, repairs);
    }
}

fn is_name_part(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-')
}

fn is_schema_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= SCHEMA_NAME && name.chars().all(is_name_part)
}

/// A name as near to `name` as is allowed.
fn schema_name(name: &str) -> String {
    let part = |letter| if is_name_part(letter) { letter } else { '_' };
    let name: String = name.chars().map(part).take(SCHEMA_NAME).collect();
    if name.is_empty() { "reply".to_owned() } else { name }
}
