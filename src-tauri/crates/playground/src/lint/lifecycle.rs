//! Models that have ended, and those that soon will.

use super::{Finding, Level, Lint, Repair, Rule};

/// An end that is announced for so many days from now is worth a word.
const SOON: i64 = 90;

impl Lint<'_> {
    pub(super) fn lifecycle(&mut self) {
        let Some(model) = self.named else { return };
        let other = model.replacement.as_deref();
        let to = |id: &str| Repair::ChangeModel { id: id.to_owned() };
        let repairs: Vec<_> = other.map(to).into_iter().collect();
        if model.is_gone(self.day) {
            let since = model.shutdown.as_deref();
            let since = since.map(|day| format!("since {day} ")).unwrap_or_default();
            match other.filter(|_| model.rerouted) {
                Some(other) => {
                    let why = format!("{since}{other} answers in its place.");
                    self.notice(Rule::Rerouted, None, capital(&why), repairs);
                }
                None => {
                    let says = self.says(Rule::Retired, None, &[]);
                    let why = format!("{} has not answered {}.", model.name, since.trim());
                    let (rule, control, level) = (Rule::Retired, None, Level::Refused);
                    self.add(Finding { rule, control, level, says, why, repairs });
                }
            }
            return;
        }
        let Some(end) = &model.shutdown else { return };
        let left = day_number(end).zip(day_number(self.day)).map(|(end, today)| end - today);
        if let Some(left) = left.filter(|left| *left <= SOON) {
            let days = if left == 1 { "1 day".to_owned() } else { format!("{left} days") };
            let then = match other {
                Some(other) if model.rerouted => format!(" {other} answers in its place then."),
                _ => String::new(),
            };
            let why = format!("{} ends on {end}, in {days}.{then}", model.name);
            self.notice(Rule::RetiresSoon, None, why, repairs);
        }
    }
}

fn capital(sentence: &str) -> String {
    // Ids of models begin in lower case, and stay so.
    sentence.strip_prefix("since").map_or(sentence.to_owned(), |rest| format!("Since{rest}"))
}

/// Days since the year 0, for a day written YYYY-MM-DD; years begin in March, so that the leap day
/// comes last.
fn day_number(day: &str) -> Option<i64> {
    let mut parts = day.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    Some(365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day)
}
