//! What OpenAI asks of a JSON schema that is to be kept to the letter.

use serde_json::Value;

/// What is wrong with a strict schema, in OpenAI's words.
pub fn flaw(schema: &Value) -> Option<String> {
    if schema["type"] != "object" {
        let kind = schema["type"].as_str().unwrap_or("None");
        return Some(format!(
            "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{kind}\"'."
        ));
    }
    flaw_within(schema, &mut Vec::new())
}

/// Each object names all that it has, and nothing else.
fn flaw_within(schema: &Value, path: &mut Vec<String>) -> Option<String> {
    match schema {
        Value::Object(fields) => {
            if let Some(words) = flaw_of_object(schema) {
                return Some(format!("In context={}, {words}", context(path)));
            }
            fields.iter().find_map(|(name, value)| {
                path.push(format!("'{name}'"));
                let flaw = flaw_within(value, path);
                path.pop();
                flaw
            })
        }
        Value::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            path.push(format!("'{index}'"));
            let flaw = flaw_within(item, path);
            path.pop();
            flaw
        }),
        _ => None,
    }
}

fn flaw_of_object(schema: &Value) -> Option<String> {
    let properties = schema["properties"].as_object();
    if schema["type"] != "object" {
        return None;
    }
    if schema["additionalProperties"] != false {
        return Some("'additionalProperties' is required to be supplied and to be false.".into());
    }
    let required = schema["required"].as_array();
    let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|it| it == name));
    let missing = properties?.keys().find(|name| !is_required(name))?;
    Some(format!(
        "'required' is required to be supplied and to be an array including every key in \
         properties. Missing '{missing}'."
    ))
}

/// `('properties', 'steps', 'items')`.
fn context(path: &[String]) -> String {
    match path {
        [only] => format!("({only},)"),
        path => format!("({})", path.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_strict_schema_names_all_that_an_object_has_at_every_depth() {
        let object = |properties: Value, required: Value| {
            json!({ "type": "object", "properties": properties, "required": required,
                    "additionalProperties": false })
        };
        let text = json!({ "type": "string" });
        let open = json!({ "type": "object", "properties": { "a": text } });
        let list = json!({ "type": "array", "items": open });
        let table = [
            (object(json!({ "type": text }), json!(["type"])), None),
            (json!({ "type": "array", "items": text }), Some("got 'type: \"array\"'.")),
            (json!({}), Some("got 'type: \"None\"'.")),
            (open, Some("In context=(), 'additionalProperties' is required")),
            (object(json!({ "a": text, "b": text }), json!(["a"])), Some("Missing 'b'.")),
            (
                object(json!({ "steps": list }), json!(["steps"])),
                Some("In context=('properties', 'steps', 'items'), 'additionalProperties' is"),
            ),
        ];
        for (schema, expected) in table {
            let flaw = flaw(&schema);
            let fits = match (&flaw, expected) {
                (Some(flaw), Some(words)) => flaw.contains(words),
                (flaw, words) => flaw.is_none() && words.is_none(),
            };
            assert!(fits, "{schema}: {flaw:?}");
        }
    }
}
