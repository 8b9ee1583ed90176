//! What strict structured output wants of a JSON Schema, and how to give it.

use crate::models::Strictness;
use serde_json::{Map, Value};

/// What is wrong with a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It is not of an object. `kind` is what it is of, `None` for nothing.
    NoObject {
        /// As the API writes it.
        kind: String,
    },
    /// An object may have more properties than it names.
    Open {
        /// Which object, for people.
        place: String,
        /// Which object, as the API writes it: `('properties', 'city')`.
        context: String,
    },
    /// An object does not require all of its properties.
    Incomplete {
        /// See [`Flaw::Open`].
        place: String,
        /// See [`Flaw::Open`].
        context: String,
        /// The first that it leaves out.
        missing: String,
    },
}

/// The first flaw, from the outside in.
pub(super) fn first_flaw(schema: &Value, strictness: Strictness) -> Option<Flaw> {
    let kind = schema["type"].as_str().unwrap_or("None");
    if strictness == Strictness::Complete && kind != "object" {
        return Some(Flaw::NoObject { kind: kind.to_owned() });
    }
    flaw_below(schema, strictness, &mut Vec::new())
}

fn flaw_below(schema: &Value, strictness: Strictness, path: &mut Vec<String>) -> Option<Flaw> {
    let here = schema.as_object().filter(|it| is_object(it));
    if let Some(flaw) = here.and_then(|object| flaw_of(object, strictness, path)) {
        return Some(flaw);
    }
    for (step, part) in parts(schema) {
        let depth = path.len();
        path.extend(step);
        let flaw = flaw_below(part, strictness, path);
        path.truncate(depth);
        if flaw.is_some() {
            return flaw;
        }
    }
    None
}

fn flaw_of(object: &Map<String, Value>, strictness: Strictness, path: &[String]) -> Option<Flaw> {
    let (place, context) = (place(path), context(path));
    if object.get("additionalProperties") != Some(&Value::Bool(false)) {
        return Some(Flaw::Open { place, context });
    }
    if strictness == Strictness::Closed {
        return None;
    }
    let required = object.get("required").and_then(Value::as_array);
    let requires = |name: &str| required.is_some_and(|all| all.iter().any(|it| it == name));
    let missing = properties(object).find(|name| !requires(name))?.clone();
    Some(Flaw::Incomplete { place, context, missing })
}

/// The schema with each object in it closed.
pub(super) fn closed(schema: &Value) -> Value {
    each_object(schema, &|object| {
        object.insert("additionalProperties".to_owned(), Value::Bool(false));
    })
}

/// The schema with each object in it closed and requiring all of its properties.
pub(super) fn completed(schema: &Value) -> Value {
    each_object(&closed(schema), &|object| {
        let names: Vec<_> = properties(object).cloned().map(Value::from).collect();
        if !names.is_empty() {
            object.insert("required".to_owned(), names.into());
        }
    })
}

fn each_object(schema: &Value, change: &dyn Fn(&mut Map<String, Value>)) -> Value {
    let mut whole = schema.clone();
    for (step, part) in parts(schema) {
        let place = step.iter().try_fold(&mut whole, |at, name| match at {
            Value::Array(items) => items.get_mut(name.parse::<usize>().ok()?),
            at => at.get_mut(name.as_str()),
        });
        if let Some(place) = place {
            *place = each_object(part, change);
        }
    }
    if let Some(object) = whole.as_object_mut().filter(|it| is_object(it)) {
        change(object);
    }
    whole
}

fn is_object(schema: &Map<String, Value>) -> bool {
    let of_objects = |kind: &Value| kind == "object";
    schema.get("type").is_some_and(|kind| match kind {
        Value::Array(kinds) => kinds.iter().any(of_objects),
        kind => of_objects(kind),
    })
}

fn properties(object: &Map<String, Value>) -> impl Iterator<Item = &String> {
    object.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys)
}

/// The schemas inside a schema, each with the way to it.
fn parts(schema: &Value) -> Vec<(Vec<String>, &Value)> {
    let mut parts = Vec::new();
    for name in ["properties", "$defs", "definitions"] {
        for (key, part) in schema[name].as_object().into_iter().flatten() {
            parts.push((vec![name.to_owned(), key.clone()], part));
        }
    }
    for name in ["anyOf", "oneOf", "allOf"] {
        for (at, part) in schema[name].as_array().into_iter().flatten().enumerate() {
            parts.push((vec![name.to_owned(), at.to_string()], part));
        }
    }
    if schema["items"].is_object() {
        parts.push((vec!["items".to_owned()], &schema["items"]));
    }
    parts
}

/// `('properties', 'city')`, and `()` for the schema itself.
fn context(path: &[String]) -> String {
    let steps: Vec<_> = path.iter().map(|step| format!("'{step}'")).collect();
    let last = if steps.len() == 1 { "," } else { "" };
    format!("({}{last})", steps.join(", "))
}

/// `The object at properties.city`.
fn place(path: &[String]) -> String {
    match path {
        [] => "The object".to_owned(),
        path => format!("The object at {}", path.join(".")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn flaws_are_found_from_the_outside_in() {
        let city = json!({ "type": "object", "properties": { "name": {}, "size": {} } });
        let named = |name: &str, schema: Value| {
            json!({
                "type": "object", "additionalProperties": false,
                "required": [name], "properties": { name: schema },
            })
        };
        let open = |place: &str, context: &str| {
            Some(Flaw::Open { place: place.into(), context: context.into() })
        };
        for (schema, strict, flaw) in [
            (json!({}), Strictness::Closed, None),
            (json!({}), Strictness::Complete, Some(Flaw::NoObject { kind: "None".into() })),
            (
                json!({ "type": "array", "items": {} }),
                Strictness::Complete,
                Some(Flaw::NoObject { kind: "array".into() }),
            ),
            (city.clone(), Strictness::Closed, open("The object", "()")),
            (closed(&city), Strictness::Closed, None),
            (
                closed(&city),
                Strictness::Complete,
                Some(Flaw::Incomplete {
                    place: "The object".into(),
                    context: "()".into(),
                    missing: "name".into(),
                }),
            ),
            (completed(&city), Strictness::Complete, None),
            (
                named("city", city.clone()),
                Strictness::Complete,
                open("The object at properties.city", "('properties', 'city')"),
            ),
            (
                json!({ "type": "array", "items": { "anyOf": [{ "type": "null" }, city] } }),
                Strictness::Closed,
                open("The object at items.anyOf.1", "('items', 'anyOf', '1')"),
            ),
            (
                json!({ "$ref": "#/$defs/a", "$defs": { "a": { "type": ["null", "object"] } } }),
                Strictness::Closed,
                open("The object at $defs.a", "('$defs', 'a')"),
            ),
            (json!("no schema"), Strictness::Closed, None),
            (json!(null), Strictness::Complete, Some(Flaw::NoObject { kind: "None".into() })),
        ] {
            assert_eq!(first_flaw(&schema, strict), flaw, "{schema}");
            assert_eq!(first_flaw(&closed(&schema), Strictness::Closed), None, "{schema}");
            let completed = first_flaw(&completed(&schema), Strictness::Complete);
            let has_root = schema["type"] == "object";
            assert_eq!(completed.is_none(), has_root, "{schema}: {completed:?}");
        }
    }

    #[test]
    fn what_was_said_already_stays() {
        let schema = json!({
            "type": "object", "title": "A", "required": ["b", "gone"],
            "properties": { "a": { "type": "string" }, "b": { "type": "integer", "minimum": 0 } },
        });
        let expected = json!({
            "type": "object", "title": "A", "required": ["a", "b"],
            "properties": { "a": { "type": "string" }, "b": { "type": "integer", "minimum": 0 } },
            "additionalProperties": false,
        });
        assert_eq!(completed(&schema), expected);
        assert_eq!(closed(&schema)["required"], json!(["b", "gone"]));
    }
}
