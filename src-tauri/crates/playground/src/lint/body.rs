//! A body that was edited by hand: fields that this wire format calls otherwise.

use super::{Finding, Level, Lint, Repair, Rule};
use crate::{json, models::Misnomer};
use serde_json::{Map, Value};

impl Lint<'_> {
    pub(super) fn names(&mut self, body: &str) {
        let Ok(body @ Value::Object(_)) = json::read(body) else { return };
        for misnomer in &self.format.misnomers {
            let reasons = self.family.and_then(|family| family.reasons) == Some(true);
            let counts = reasons || !misnomer.reasoning_only;
            if let Some(mended) = renamed(&body, misnomer).filter(|_| counts) {
                self.misnomer(misnomer, mended);
            }
        }
    }

    fn misnomer(&mut self, misnomer: &Misnomer, body: Value) {
        let Misnomer { wrong, right, .. } = misnomer;
        let who = if misnomer.reasoning_only { self.name() } else { &self.format.name };
        let (level, why) = match misnomer.ignored {
            true => (Level::Ignored, format!("{who} passes over {wrong}: here it is {right}.")),
            false => (Level::Refused, format!("{who} does not know {wrong}: here it is {right}.")),
        };
        let says = misnomer.says.as_ref().map(|quote| quote.text.replace("{field}", wrong));
        let (from, to, body) = (wrong.clone(), right.clone(), format!("{body:#}"));
        let repairs = vec![Repair::Rename { from, to, body }];
        self.add(Finding { rule: Rule::Misnamed, control: None, level, says, why, repairs });
    }
}

/// The body with the field under its right name and in its old place; none if the wrong name is
/// not there, or the right one is there too.
fn renamed(body: &Value, misnomer: &Misnomer) -> Option<Value> {
    let mut mended = body.clone();
    let place = match &misnomer.place {
        Some(name) => mended.get_mut(name)?,
        None => &mut mended,
    };
    let fields = place.as_object_mut()?;
    if !fields.contains_key(&misnomer.wrong) || fields.contains_key(&misnomer.right) {
        return None;
    }
    let name = |name: String| if name == misnomer.wrong { misnomer.right.clone() } else { name };
    let old = std::mem::take(fields);
    *fields = old.into_iter().map(|(key, value)| (name(key), value)).collect::<Map<_, _>>();
    Some(mended)
}
