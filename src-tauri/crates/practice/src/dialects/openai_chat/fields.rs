//! Reading typed fields out of a JSON object, refusing as OpenAI does.

use serde_json::{Map, Value};

use super::refusal::Refusal;

/// A JSON object whose fields are read by name; `null` is the same as absent.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    object: &'a Map<String, Value>,
    /// What stands before a field's name in an error, for example `messages[0].`.
    path: &'a str,
}

impl<'a> Fields<'a> {
    pub fn new(object: &'a Map<String, Value>, path: &'a str) -> Self {
        Self { object, path }
    }

    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.object.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name.as_str())
    }

    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    pub fn path_of(&self, name: &str) -> String {
        format!("{}{name}", self.path)
    }

    pub fn missing(&self, name: &str) -> Refusal {
        let path = self.path_of(name);
        let message = format!("Missing required parameter: '{path}'.");
        Refusal::field(&path, "missing_required_parameter", message)
    }

    pub fn boolean(&self, name: &str) -> Result<Option<bool>, Refusal> {
        self.typed(name, "a boolean", Value::as_bool)
    }

    pub fn string(&self, name: &str) -> Result<Option<&'a str>, Refusal> {
        self.typed(name, "a string", Value::as_str)
    }

    pub fn object(&self, name: &str) -> Result<Option<&'a Map<String, Value>>, Refusal> {
        self.typed(name, "an object", Value::as_object)
    }

    /// A decimal number between two bounds, both included.
    pub fn decimal(&self, name: &str, least: f64, most: f64) -> Result<Option<f64>, Refusal> {
        let Some(number) = self.typed(name, "a decimal", Value::as_f64)? else { return Ok(None) };
        self.bounded(name, "decimal", number, least, most).map(Some)
    }

    /// A whole number, at least this.
    pub fn integer(&self, name: &str, least: i64) -> Result<Option<i64>, Refusal> {
        let whole = |value: &Value| {
            value
                .as_i64()
                .or_else(|| value.as_u64().map(|large| i64::try_from(large).unwrap_or(i64::MAX)))
        };
        let Some(number) = self.typed(name, "an integer", whole)? else { return Ok(None) };
        self.bounded(name, "integer", number, least, i64::MAX).map(Some)
    }

    fn typed<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        let Some(value) = self.get(name) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| wrong_type(&self.path_of(name), expected, value))
    }

    fn bounded<T: PartialOrd + std::fmt::Display>(
        &self,
        name: &str,
        kind: &str,
        number: T,
        least: T,
        most: T,
    ) -> Result<T, Refusal> {
        let path = self.path_of(name);
        let refuse = |code, place, sign, bound: T| {
            let message = format!(
                "Invalid '{path}': {kind} {place} value. Expected a value {sign} {bound}, but got \
                 {number} instead."
            );
            Refusal::field(&path, code, message)
        };
        if number < least {
            let whole = kind == "integer";
            let code = if whole { "integer_below_min_value" } else { "decimal_below_min_value" };
            Err(refuse(code, "below minimum", ">=", least))
        } else if number > most {
            Err(refuse("decimal_above_max_value", "above maximum", "<=", most))
        } else {
            Ok(number)
        }
    }
}

/// `Invalid type for 'stop': expected a string, but got an integer instead.`
pub fn wrong_type(path: &str, expected: &str, value: &Value) -> Refusal {
    let got = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a decimal number",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    let message = format!("Invalid type for '{path}': expected {expected}, but got {got} instead.");
    Refusal::field(path, "invalid_type", message)
}
