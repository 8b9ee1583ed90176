//! The form that a reply has to have: plain text, or JSON, perhaps by a schema.
//!
//! The model knows only texts. Where JSON is wanted, its answer is put into the first string
//! that the schema has room for, and everything else gets the plainest value that is allowed.

use serde_json::{Map, Value};

/// What a reply looks like.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Form {
    #[default]
    Text,
    /// Any JSON object.
    Json,
    /// A value that this schema allows: JSON Schema, or Google's kind of it.
    Schema(Value),
    /// One of the texts that this schema allows, without quotes.
    Choice(Value),
}

/// So many values are made at most, for a schema may name itself again and again.
const MOST_VALUES: usize = 2_000;
/// A text that has to be longer is not.
const MOST_LETTERS: u64 = 10_000;
/// What is deeper is null.
const DEEPEST: usize = 24;
/// Lists are empty and fields that may be missing are missing from here on.
const DEEP: usize = 6;

impl Form {
    /// The reply that says this, in this form; `None` is what it is already.
    pub fn shaped(&self, answer: &str) -> Option<String> {
        match self {
            Self::Text => None,
            Self::Json => Some(serde_json::json!({ "answer": answer }).to_string()),
            Self::Schema(schema) => Some(filled(schema, answer).to_string()),
            Self::Choice(schema) => match filled(schema, answer) {
                Value::String(text) => Some(text),
                other => Some(other.to_string()),
            },
        }
    }
}

fn filled(schema: &Value, answer: &str) -> Value {
    let mut filler = Filler { root: schema, answer: Some(answer), left: MOST_VALUES };
    filler.value(schema, "value", 0)
}

struct Filler<'a> {
    root: &'a Value,
    /// Until a string has taken it.
    answer: Option<&'a str>,
    left: usize,
}

impl Filler<'_> {
    /// A value for a field with this name.
    fn value(&mut self, schema: &Value, name: &str, depth: usize) -> Value {
        if self.left == 0 || depth > DEEPEST {
            return Value::Null;
        }
        self.left -= 1;
        if let Some(target) = schema["$ref"].as_str() {
            let root = self.root;
            let target = target.strip_prefix('#').and_then(|path| root.pointer(path));
            return target.map_or(Value::Null, |target| self.value(target, name, depth + 1));
        }
        if let Some(fixed) = schema.get("const").or_else(|| schema["enum"].get(0)) {
            return fixed.clone();
        }
        if let Some(parts) = schema["allOf"].as_array() {
            return self.value(&joined(schema, parts), name, depth + 1);
        }
        for several in ["anyOf", "oneOf", "any_of"] {
            if let Some(schemas) = schema[several].as_array().filter(|it| !it.is_empty()) {
                return self.value(one_of(schemas, depth), name, depth + 1);
            }
        }
        match kind(schema, depth).as_str() {
            "object" => self.object(schema, depth),
            "array" => self.array(schema, name, depth),
            "integer" => number(schema, true),
            "number" => number(schema, false),
            "boolean" => true.into(),
            "null" => Value::Null,
            _ => self.text(schema, name),
        }
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Value {
        let required = schema["required"].as_array();
        let is_required = |name: &str| {
            required.is_some_and(|required| required.iter().any(|known| known == name))
        };
        let mut object = Map::new();
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            if depth < DEEP || is_required(name) {
                object.insert(name.clone(), self.value(schema, name, depth + 1));
            }
        }
        // What is required and not described may be anything.
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if !object.contains_key(name) {
                object.insert(name.to_owned(), self.text(&Value::Null, name));
            }
        }
        Value::Object(object)
    }

    fn array(&mut self, schema: &Value, name: &str, depth: usize) -> Value {
        let count =
            |name: &str| schema[name].as_u64().or_else(|| schema[name].as_str()?.parse().ok());
        let least = if depth < DEEP { 1 } else { 0 };
        let least = count("minItems").unwrap_or(least).min(count("maxItems").unwrap_or(u64::MAX));
        let size = least.min(MOST_VALUES as u64);
        let first = schema["prefixItems"].as_array().map_or(&[][..], Vec::as_slice);
        let item = |index: usize| first.get(index).unwrap_or(&schema["items"]);
        let size = size.max(if depth < DEEP { first.len() as u64 } else { 0 });
        let mut items = Vec::new();
        for index in 0..size as usize {
            let value = self.value(item(index), name, depth + 1);
            let is_again = schema["uniqueItems"] == true && items.contains(&value);
            items.push(if is_again { different(item(index), index, &value) } else { value });
        }
        items.into()
    }

    /// The answer, where it may stand and does not stand elsewhere; else something plain.
    fn text(&mut self, schema: &Value, name: &str) -> Value {
        let plain = match schema["format"].as_str() {
            Some("date-time") => "2026-11-20T12:00:00Z",
            Some("date") => "2026-11-20",
            Some("time") => "12:00:00Z",
            Some("duration") => "PT1M",
            Some("email") => "practice@example.com",
            Some("uri") => "https://example.com/",
            Some("hostname") => "example.com",
            Some("ipv4") => "127.0.0.1",
            Some("ipv6") => "::1",
            Some("uuid") => "00000000-0000-4000-8000-000000000000",
            _ => self.answer.take().unwrap_or(name),
        };
        let most = schema["maxLength"].as_u64().unwrap_or(u64::MAX);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let least = schema["minLength"].as_u64().unwrap_or(0).min(MOST_LETTERS) as usize;
        let missing = least.saturating_sub(plain.chars().count());
        plain.chars().chain(std::iter::repeat_n('.', missing)).take(most).collect::<String>().into()
    }
}

/// A schema with all that its parts ask for. Of what two of them say, the last counts; but
/// fields and their names are put together.
fn joined(schema: &Value, parts: &[Value]) -> Value {
    let mut all = schema.clone();
    let Value::Object(fields) = &mut all else { return all };
    fields.remove("allOf");
    for (name, value) in parts.iter().filter_map(Value::as_object).flatten() {
        match (fields.get_mut(name), value) {
            (Some(Value::Object(here)), Value::Object(more)) => here.extend(more.clone()),
            (Some(Value::Array(here)), Value::Array(more)) if name == "required" => {
                here.extend(more.iter().cloned());
            }
            _ => drop(fields.insert(name.clone(), value.clone())),
        }
    }
    all
}

/// Another value that the schema of an item allows, where that is easily found.
fn different(schema: &Value, index: usize, value: &Value) -> Value {
    if let Some(other) = schema["enum"].get(index) {
        return other.clone();
    }
    match value {
        Value::String(text) => format!("{text} {}", index + 1).into(),
        Value::Number(number) => {
            let step = schema["multipleOf"].as_f64().filter(|step| *step > 0.0).unwrap_or(1.0);
            let next = number.as_f64().unwrap_or(0.0) + step * index as f64;
            if number.is_f64() { next.into() } else { (next as i64).into() }
        }
        Value::Bool(_) => false.into(),
        other => other.clone(),
    }
}

/// The first, or where it gets deep one that can be null.
fn one_of(schemas: &[Value], depth: usize) -> &Value {
    let ending = schemas.iter().find(|schema| schema["type"] == "null");
    ending.filter(|_| depth >= DEEP).unwrap_or(&schemas[0])
}

/// A schema's type in small letters, the first of several; where it deepens, null if it may be.
fn kind(schema: &Value, depth: usize) -> String {
    let of_field = |name: &str, kind: &'static str| schema.get(name).map(|_| kind);
    let kind = match &schema["type"] {
        Value::String(kind) => Some(kind.as_str()),
        Value::Array(kinds) if depth >= DEEP && kinds.iter().any(|kind| kind == "null") => {
            Some("null")
        }
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        _ => of_field("properties", "object").or_else(|| of_field("items", "array")),
    };
    kind.unwrap_or("string").to_lowercase()
}

/// One, or what is nearest to it within the bounds.
fn number(schema: &Value, whole: bool) -> Value {
    let bound = |name: &str| schema[name].as_f64();
    let step = bound("multipleOf").filter(|step| *step > 0.0).unwrap_or(1.0);
    let above = |bound: f64| if whole { (bound / step).ceil() * step } else { bound };
    let below = |bound: f64| if whole { (bound / step).floor() * step } else { bound };
    let past = if whole { step } else { 0.5 };
    let least = bound("minimum").map(above).or(bound("exclusiveMinimum").map(|it| it + past));
    let most = bound("maximum").map(below).or(bound("exclusiveMaximum").map(|it| it - past));
    let number = step.max(least.unwrap_or(f64::MIN)).min(most.unwrap_or(f64::MAX));
    if whole { (number as i64).into() } else { number.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_answer_stands_in_the_first_string_and_the_rest_is_plain() {
        let text = json!({ "type": "string" });
        let table = [
            (text.clone(), json!("Hi.")),
            (
                json!({ "type": "object", "properties": {
                    "n": { "type": "integer" }, "word": text, "tags": { "type": "array", "items": text },
                } }),
                json!({ "n": 1, "word": "Hi.", "tags": ["tags"] }),
            ),
            (
                json!({ "type": "ARRAY", "items": { "type": "STRING" }, "minItems": "2" }),
                json!(["Hi.", "value"]),
            ),
            (json!({ "type": ["null", "string"], "maxLength": 2 }), json!("Hi")),
            (json!({ "enum": ["a", "b"] }), json!("a")),
            (json!({ "const": 7 }), json!(7)),
            (json!({ "anyOf": [{ "type": "boolean" }, { "type": "null" }] }), json!(true)),
            (
                json!({ "$ref": "#/$defs/day", "$defs": { "day": { "type": "string", "format": "date" } } }),
                json!("2026-11-20"),
            ),
            (json!({ "properties": { "a": { "type": "null" } } }), json!({ "a": null })),
            (json!({ "type": "object", "required": ["a", "b"] }), json!({ "a": "Hi.", "b": "b" })),
            (
                json!({ "allOf": [
                    { "type": "object", "properties": { "a": text }, "required": ["a"] },
                    { "properties": { "b": { "type": "integer", "minimum": 3 } } },
                ] }),
                json!({ "a": "Hi.", "b": 3 }),
            ),
            (
                json!({ "type": "array", "prefixItems": [{ "type": "integer" }, text] }),
                json!([1, "Hi."]),
            ),
            (
                json!({ "type": "array", "items": { "type": "integer" }, "minItems": 3,
                    "uniqueItems": true }),
                json!([1, 2, 3]),
            ),
            (
                json!({ "type": "array", "items": { "enum": ["a", "b"] }, "minItems": 2,
                    "uniqueItems": true }),
                json!(["a", "b"]),
            ),
            (json!({ "type": "string", "minLength": 5 }), json!("Hi...")),
            (json!({}), json!("Hi.")),
        ];
        for (schema, expected) in table {
            let shaped = Form::Schema(schema.clone()).shaped("Hi.").unwrap();
            assert_eq!(serde_json::from_str::<Value>(&shaped).unwrap(), expected, "{schema}");
        }
        assert_eq!(Form::Json.shaped("\"").unwrap(), r#"{"answer":"\""}"#);
        let choice = Form::Choice(json!({ "type": "STRING", "enum": ["left", "right"] }));
        assert_eq!(choice.shaped("Hi.").unwrap(), "left");
        assert_eq!(Form::Text.shaped("Hi."), None);
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        let table = [
            (json!({}), true, json!(1)),
            (json!({ "minimum": 4.5 }), true, json!(5)),
            (json!({ "exclusiveMinimum": 4 }), true, json!(5)),
            (json!({ "maximum": -3 }), true, json!(-3)),
            (json!({ "multipleOf": 5, "minimum": 7 }), true, json!(10)),
            (json!({ "minimum": 0, "maximum": 0.25 }), false, json!(0.25)),
            (json!({ "exclusiveMaximum": 0 }), false, json!(-0.5)),
        ];
        for (schema, whole, expected) in table {
            assert_eq!(number(&schema, whole), expected, "{schema}");
        }
    }

    #[test]
    fn a_schema_that_names_itself_comes_to_an_end() {
        let children = json!({ "type": "array", "items": { "$ref": "#" } });
        let tree = json!({ "type": "object", "properties": { "left": { "$ref": "#" },
            "right": { "$ref": "#" }, "children": children }, "required": ["children"] });
        let endless = json!({ "type": "object", "properties": { "a": { "$ref": "#" },
            "b": { "$ref": "#" } }, "required": ["a", "b"] });
        let list = json!({ "type": "object", "properties": { "next": { "anyOf": [
            { "$ref": "#" }, { "type": "null" }] } }, "required": ["next"] });
        for schema in [tree, endless, list, json!({ "$ref": "#" }), json!({ "$ref": "elsewhere" })]
        {
            let shaped = Form::Schema(schema).shaped("Hi.").unwrap();
            assert!(shaped.len() < 100_000, "{} bytes", shaped.len());
        }
    }
}
