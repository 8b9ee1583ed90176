//! How much a model is to think, and what one that thinks refuses.

use super::Error;
use crate::{
    cards::{Card, Effort},
    dialects::fields::{Fields, Flaw},
};

/// Every effort of OpenAI's models; `None` is one that no model here has.
const EFFORTS: &[(&str, Option<Effort>)] = &[
    ("none", Some(Effort::None)),
    ("minimal", None),
    ("low", Some(Effort::Low)),
    ("medium", None),
    ("high", Some(Effort::High)),
    ("xhigh", None),
    ("max", None),
];

/// Those that are there.
pub const SUPPORTED: &str = "Supported values are: 'none', 'low', and 'high'.";

/// The effort that a field names, for a model that thinks. `unsupported` words the refusal of one
/// that OpenAI has and this model has not.
pub fn effort(
    fields: &Fields,
    name: &str,
    unsupported: impl Fn(&str) -> Error,
) -> Result<Effort, Error> {
    let Some(word) = fields.string(name)? else { return Ok(Effort::default()) };
    match EFFORTS.iter().find(|(known, _)| *known == word) {
        Some((_, Some(effort))) => Ok(*effort),
        Some((_, None)) => Err(unsupported(word)),
        None => {
            let allowed = EFFORTS.iter().map(|(name, _)| *name).collect();
            Err(fields.error(name, Flaw::NoneOf { allowed, got: word.to_owned() }).into())
        }
    }
}

/// The name of an effort.
pub fn effort_name(effort: Effort) -> &'static str {
    let named = EFFORTS.iter().find(|(_, known)| *known == Some(effort));
    named.map_or("none", |(name, _)| name)
}

/// Whether this model thinks before it answers, at this effort.
pub fn thinks(card: &Card, effort: Effort) -> bool {
    card.thinks && effort != Effort::None
}

/// Refuses the first of these fields that is there.
pub fn refuse(fields: &Fields, names: &[&str]) -> Result<(), Error> {
    match names.iter().find(|name| fields.get(name).is_some()) {
        Some(name) => Err(fields.error(name, Flaw::Unsupported).into()),
        None => Ok(()),
    }
}
