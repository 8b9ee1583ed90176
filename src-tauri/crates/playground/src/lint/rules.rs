//! Parameters that are judged each by itself.

use super::{Lint, Repair, Rule, repair::number, words::shown};
use crate::{Control, Role, chat::CacheLifetime};

impl Lint<'_> {
    pub(super) fn parameters(&mut self) {
        for control in Control::ALL {
            if !self.parameters.is_set(control) {
                continue;
            }
            if !self.recipient.dialect.controls().contains(&control) {
                let why = format!("{} has no field for it, so it is not sent.", self.format.name);
                self.ignored(Rule::NotSent, control, why);
            } else if self.passes_over(control) {
                let provider = self.recipient.provider.name;
                let why = format!("{provider} passes over it here: it changes nothing.");
                self.ignored(Rule::Ignored, control, why);
            } else if self.sends(control) {
                self.family_rules(control);
                self.range(control);
            }
        }
        self.stop_texts();
        self.prefill();
        self.cache();
        self.system();
    }

    fn passes_over(&self, control: Control) -> bool {
        let here = self.format.passed_over.get(self.recipient.provider.id);
        here.is_some_and(|controls| controls.contains(&control))
    }

    fn family_rules(&mut self, control: Control) {
        let Some(family) = self.family else { return };
        let here = family.refused_in.get(&self.format.id);
        let is_refused =
            family.refused.contains(&control) || here.is_some_and(|it| it.contains(&control));
        let is_off = control == Control::ShowReasoning
            && self.format.hiding_is_off
            && self.parameters.show_reasoning == Some(false);
        if is_refused && !is_off {
            let why = format!("{} does not take it: the call would fail.", self.name());
            self.refused(Rule::Refused, control, &[], why, vec![Repair::Drop { control }]);
        } else if family.ignored.contains(&control) {
            let why = format!("{} takes it, but it changes nothing there.", self.name());
            self.ignored(Rule::Ignored, control, why);
        } else if self.format.not_everywhere.contains(&control) && !family.takes.contains(&control)
        {
            let why = "Some models refuse it, and no list says which.".to_owned();
            let repairs = vec![Repair::Drop { control }];
            self.notice(Rule::NotEverywhere, Some(control), why, repairs);
        }
    }

    fn range(&mut self, control: Control) {
        // What is refused whatever its value is not told that it is out of range.
        if self.refuses(control) || self.chooses_itself(control) {
            return;
        }
        let Some(value) = number(self.parameters, control) else { return };
        let own = self.family.and_then(|family| {
            let here = family.ranges_in.get(&self.format.id).and_then(|it| it.get(&control));
            here.or_else(|| family.ranges.get(&control))
        });
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
            let values = [("max", most.to_string()), ("count", texts.len().to_string())];
            self.refused(Rule::TooManyStops, control, &values, why, repairs);
        }
        let no_empty = self.format.no_blank_stop || self.family.is_some_and(|it| it.no_empty_stop);
        let is_blank = |text: &String| text.trim().is_empty();
        if no_empty && texts.iter().any(String::is_empty) {
            let why = "A stop text must not be empty.".to_owned();
            self.refused(Rule::EmptyStop, control, &[], why, vec![Repair::Drop { control }]);
        } else if self.format.no_blank_stop && texts.iter().any(is_blank) {
            let why = "A stop text has to have more in it than white space.".to_owned();
            self.refused(Rule::BlankStop, control, &[], why, vec![Repair::Drop { control }]);
        }
    }

    fn prefill(&mut self) {
        let control = Control::Prefill;
        let text = self.parameters.prefill.as_deref().unwrap_or_default();
        let ends_blank = text.ends_with(char::is_whitespace);
        if self.format.trims_prefill && ends_blank && self.sends(control) && !self.refuses(control)
        {
            let why = "The beginning of a reply must not end in white space.".to_owned();
            let trimmed = (!text.trim_end().is_empty()).then_some(Repair::TrimPrefill);
            let repairs = trimmed.into_iter().chain([Repair::Drop { control }]).collect();
            self.refused(Rule::PrefillEnd, control, &[], why, repairs);
        }
    }

    /// Some models know nobody but the person who asks.
    fn system(&mut self) {
        let has_system = self.chat.messages.iter().any(|it| it.role == Role::System);
        if has_system && self.family.is_some_and(|family| family.system_doubtful) {
            let why = format!(
                "{} may refuse a system message, or misread it: say it in your first message \
                 instead.",
                self.name()
            );
            self.notice(Rule::SystemDoubtful, None, why, Vec::new());
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
        if self.family.is_some_and(|family| family.caches_by_itself) && !self.refuses(control) {
            let why = format!(
                "{} is older than this setting: it keeps prompts by itself, and may refuse to be \
                 told how.",
                self.name()
            );
            let repairs = vec![Repair::Drop { control }];
            self.notice(Rule::CacheByItself, Some(control), why, repairs);
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
