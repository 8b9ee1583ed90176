//! Parameters that are judged each by itself.

use super::{Lint, Repair, Rule, repair::number, words::shown};
use crate::{
    Control,
    chat::{CacheLifetime, ResponseFormat},
};

/// The longest name that a schema may have.
const SCHEMA_NAME: usize = 64;

impl Lint<'_> {
    pub(super) fn parameters(&mut self) {
        for control in Control::ALL {
            if !self.parameters.is_set(control) {
                continue;
            }
            if !self.controls.contains(&control) {
                let why = format!("{} has no field for it, so it is not sent.", self.format.name);
                self.ignored(Rule::NotSent, control, why);
                continue;
            }
            self.family_rules(control);
            if !self.refuses(control) {
                self.range(control);
            }
        }
        self.stop_texts();
        self.response_format();
        self.cache();
    }

    fn family_rules(&mut self, control: Control) {
        let Some(family) = self.family else { return };
        let here = family.refused_in.get(&self.format.id);
        let is_refused =
            family.refused.contains(&control) || here.is_some_and(|it| it.contains(&control));
        // To hide what would not be shown anyway is often not even written.
        let hides =
            control == Control::ShowReasoning && self.parameters.show_reasoning == Some(false);
        if is_refused && !hides {
            let why = format!("{} does not take it: the call would fail.", self.name());
            self.refused(Rule::Refused, control, &[], why, vec![Repair::Drop { control }]);
        } else if family.ignored.contains(&control) {
            let why = format!("{} takes it, but it changes nothing there.", self.name());
            self.ignored(Rule::Ignored, control, why);
        }
    }

    fn range(&mut self, control: Control) {
        let Some(value) = number(self.parameters, control) else { return };
        let own = self.family.and_then(|family| family.ranges.get(&control));
        let Some(&[min, max]) = own.or_else(|| self.format.ranges.get(&control)) else { return };
        let (rule, nearest, what) = match value {
            value if value < min => (Rule::BelowRange, min, "least"),
            value if value > max => (Rule::AboveRange, max, "most"),
            _ => return,
        };
        let who = if own.is_some() { self.name() } else { &self.format.name };
        let why = format!("{} is the {what} that {who} allows.", shown(nearest));
        let is_whole = !matches!(
            control,
            Control::Temperature
                | Control::TopP
                | Control::FrequencyPenalty
                | Control::PresencePenalty
        );
        let kind = if is_whole { "integer" } else { "decimal" };
        let values = [("min", shown(min)), ("max", shown(max)), ("kind", kind.to_owned())];
        let repairs = vec![Repair::Clamp { control, value: nearest }, Repair::Drop { control }];
        self.refused(rule, control, &values, why, repairs);
    }

    fn stop_texts(&mut self) {
        let control = Control::Stop;
        let texts = self.parameters.stop.as_deref().unwrap_or_default();
        if !self.sends(control) || self.refuses(control) {
            return;
        }
        if let Some(most) = self.format.stop_texts.filter(|most| texts.len() > *most) {
            let why = format!("{} takes {most} stop texts at most.", self.format.name);
            let repairs = vec![Repair::Clamp { control, value: most as f64 }];
            self.refused(Rule::TooManyStops, control, &[], why, repairs);
        }
        if self.format.no_blank_stop && texts.iter().any(|text| text.trim().is_empty()) {
            let why = "A stop text has to have more in it than white space.".to_owned();
            let repairs = vec![Repair::Drop { control }];
            self.refused(Rule::BlankStop, control, &[], why, repairs);
        }
    }

    fn response_format(&mut self) {
        let control = Control::ResponseFormat;
        if !self.sends(control) || self.refuses(control) {
            return;
        }
        match &self.parameters.response_format {
            Some(ResponseFormat::JsonObject) if self.format.json_needs_word => {
                let says_json = |text: &str| text.to_ascii_lowercase().contains("json");
                let is_asked = self.chat.messages.iter().any(|message| says_json(&message.text));
                if !is_asked && self.model.is_some() {
                    let why = "A message has to say the word JSON, or the model might never end.";
                    let repairs = vec![Repair::AskForJson, Repair::Drop { control }];
                    self.refused(Rule::NoJsonWord, control, &[], why.to_owned(), repairs);
                }
            }
            Some(ResponseFormat::JsonSchema { name, .. })
                if self.format.names_schema && !is_schema_name(name) =>
            {
                let why = format!(
                    "A schema's name has letters, digits, _ and - only, {SCHEMA_NAME} at most."
                );
                let repairs = vec![Repair::NameSchema { name: schema_name(name) }];
                self.refused(Rule::SchemaName, control, &[], why, repairs);
            }
            _ => {}
        }
    }

    fn cache(&mut self) {
        let control = Control::Cache;
        if !self.sends(control) {
            return;
        }
        let is_old_way = self.format.long_cache_is_retention
            && self.parameters.cache == Some(CacheLifetime::Long);
        if is_old_way && self.family.is_some_and(|family| family.retention_refused) {
            let why = format!("{} keeps a prompt for minutes only here.", self.name());
            let repairs = vec![Repair::ShortenCache, Repair::Drop { control }];
            self.refused(Rule::CacheRetention, control, &[], why, repairs);
        }
        let least = self.model.and_then(|model| model.cache_minimum);
        if let (Some(least), Some(prompt)) = (least, self.prompt)
            && prompt.tokens < least
        {
            let why = format!("{} caches no prompt below {least} tokens.", self.name());
            self.ignored(Rule::CacheTooShort, control, why);
        }
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
