//! Models that have ended, and those that soon will.

use super::{Finding, Level, Lint, Repair, Rule};
use crate::models::{End, Ending};

impl Lint<'_> {
    pub(super) fn lifecycle(&mut self) {
        let Some((model, end)) = self.named.and_then(|it| Some((it, it.end(self.day)?))) else {
            return;
        };
        let name = &model.name;
        let to = |id: &String| Repair::ChangeModel { id: id.clone() };
        // Another server need not have it.
        let repairs = end.replacement.iter().filter(|_| self.is_home).map(to).collect();
        match end.kind {
            Ending::Retired => {
                let says = self.says(Rule::Retired, None, &[]);
                let why = match &end.day {
                    Some(day) => format!("{name} has not answered since {day}."),
                    None => format!("{name} no longer answers."),
                };
                let (rule, control, level) = (Rule::Retired, None, Level::Refused);
                self.add(Finding { rule, control, level, says, why, repairs });
            }
            Ending::Rerouted => self.notice(Rule::Rerouted, None, rerouted(&end), repairs),
            Ending::Soon => self.notice(Rule::RetiresSoon, None, soon(name, &end), repairs),
            Ending::Announced => {}
        }
    }
}

fn rerouted(end: &End) -> String {
    let other = end.replacement.as_deref().unwrap_or("another model");
    match &end.day {
        Some(day) => format!("Since {day} {other} answers in its place."),
        None => format!("{other} answers in its place."),
    }
}

fn soon(name: &str, end: &End) -> String {
    let day = end.day.as_deref().unwrap_or_default();
    let days = match end.days_left {
        Some(1) => "1 day".to_owned(),
        days => format!("{} days", days.unwrap_or_default()),
    };
    let then = match &end.replacement {
        Some(other) if end.reroutes => format!(" {other} answers in its place then."),
        _ => String::new(),
    };
    format!("{name} ends on {day}, in {days}.{then}")
}
