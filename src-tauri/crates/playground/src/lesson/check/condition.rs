//! What a value has to be: there at all, equal to something, or above or below a number.

use serde::{Deserialize, Deserializer, de::Error};
use serde_json::Value;
use std::fmt;

/// A wish about a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// It is set, and not to `false`.
    Set,
    /// It is this. Of a list one item is; of an object its type.
    Is(Value),
    /// It is a number that compares so.
    Compares(Comparison, f64),
}

/// How a number stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Comparison {
    AtLeast,
    AtMost,
    Above,
    Below,
}

const COMPARISONS: [(&str, Comparison); 4] = [
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    (">", Comparison::Above),
    ("<", Comparison::Below),
];

impl Condition {
    /// Whether a value is so; null is a value that is not set.
    pub fn holds(&self, value: &Value) -> bool {
        match self {
            Condition::Set => !matches!(value, Value::Null | Value::Bool(false)),
            Condition::Is(wanted) => is(value, wanted),
            Condition::Compares(how, than) => value.as_f64().is_some_and(|it| how.holds(it, *than)),
        }
    }

    /// Whether a count is so.
    pub fn holds_for(&self, count: u64) -> bool {
        self.holds(&Value::from(count))
    }
}

impl Comparison {
    fn holds(self, value: f64, than: f64) -> bool {
        match self {
            Comparison::AtLeast => value >= than,
            Comparison::AtMost => value <= than,
            Comparison::Above => value > than,
            Comparison::Below => value < than,
        }
    }
}

fn is(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(items), wanted) if !wanted.is_array() => items.contains(wanted),
        (Value::Object(fields), Value::String(_)) => fields.get("type") == Some(wanted),
        _ => value == wanted,
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let than = |words, number: &f64| format!("{words} {number}");
        formatter.write_str(&match self {
            Condition::Set => "set".into(),
            Condition::Is(Value::String(text)) => text.clone(),
            Condition::Is(Value::Bool(false)) => "off".into(),
            Condition::Is(value) => value.to_string(),
            Condition::Compares(Comparison::AtLeast, number) => than("at least", number),
            Condition::Compares(Comparison::AtMost, number) => than("at most", number),
            Condition::Compares(Comparison::Above, number) => than("more than", number),
            Condition::Compares(Comparison::Below, number) => than("less than", number),
        })
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Condition, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if value == true {
            return Ok(Condition::Set);
        }
        let text = value.as_str().unwrap_or_default();
        let found =
            COMPARISONS.iter().find_map(|(sign, how)| Some((how, text.strip_prefix(sign)?)));
        match found {
            Some((how, number)) => {
                let number = number.trim().parse();
                let number = number.map_err(|_| D::Error::custom("no number behind the sign"))?;
                Ok(Condition::Compares(*how, number))
            }
            None => Ok(Condition::Is(value)),
        }
    }
}
