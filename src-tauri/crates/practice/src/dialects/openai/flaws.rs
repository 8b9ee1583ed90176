//! What is wrong with a field, in OpenAI's words.

use serde_json::Value;

use super::Error;
use crate::dialects::fields::{Expected, FieldError, Flaw};

impl From<FieldError> for Error {
    fn from(FieldError { path, flaw }: FieldError) -> Self {
        let path = path.bracketed();
        let param = if path.is_empty() { "body" } else { &path };
        let (code, message) = words(param, flaw);
        Self::field(param, code, message)
    }
}

/// A flaw's code and sentence.
fn words(path: &str, flaw: Flaw) -> (&'static str, String) {
    match flaw {
        Flaw::Missing => {
            ("missing_required_parameter", format!("Missing required parameter: '{path}'."))
        }
        Flaw::Unknown => ("unknown_parameter", format!("Unknown parameter: '{path}'.")),
        Flaw::Unsupported => (
            "unsupported_parameter",
            format!("Unsupported parameter: '{path}' is not supported with this model."),
        ),
        Flaw::WrongType { expected, got } => ("invalid_type", wrong_type(path, expected, &got)),
        Flaw::Below { whole, least, got } => {
            let (kind, code) = match whole {
                true => ("integer", "integer_below_min_value"),
                false => ("decimal", "decimal_below_min_value"),
            };
            let expected = format!("Expected a value >= {least}, but got {got} instead.");
            (code, format!("Invalid '{path}': {kind} below minimum value. {expected}"))
        }
        Flaw::Above { whole, most, got } => {
            let (kind, code) = match whole {
                true => ("integer", "integer_above_max_value"),
                false => ("decimal", "decimal_above_max_value"),
            };
            let expected = format!("Expected a value <= {most}, but got {got} instead.");
            (code, format!("Invalid '{path}': {kind} above maximum value. {expected}"))
        }
        Flaw::Empty { array } => {
            let (code, kind) =
                if array { ("empty_array", "an array") } else { ("empty_string", "a string") };
            let name = if array { "array" } else { "string" };
            let expected =
                format!("Expected {kind} with minimum length 1, but got an empty {name}");
            (code, format!("Invalid '{path}': empty {name}. {expected} instead."))
        }
        Flaw::TooMany { most, got } => (
            "array_above_max_length",
            format!(
                "Invalid '{path}': array too long. Expected an array with maximum length {most}, \
                 but got an array with length {got} instead."
            ),
        ),
        Flaw::UnsupportedValue { got, hint } => (
            "unsupported_value",
            format!("Unsupported value: '{path}' does not support {got} with this model. {hint}"),
        ),
        Flaw::NoneOf { allowed, got } => {
            let allowed: Vec<String> = allowed.iter().map(|name| format!("'{name}'")).collect();
            let allowed = allowed.join(", ");
            ("invalid_value", format!("Invalid value: '{got}'. Supported values are: {allowed}."))
        }
    }
}

/// `Invalid type for 'stop': expected a string, but got an integer instead.`
fn wrong_type(path: &str, expected: Expected, got: &Value) -> String {
    let got = match got {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a decimal number",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    format!("Invalid type for '{path}': expected {expected}, but got {got} instead.")
}
