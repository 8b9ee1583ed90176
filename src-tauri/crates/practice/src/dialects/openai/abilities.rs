//! What both of OpenAI's formats may ask of a model besides text: tools, and JSON.

use serde_json::Value;

use super::{Error, schema};
use crate::{
    dialects::fields::{Fields, Flaw},
    form::Form,
};

/// Tools may be offered, and no model calls them; that it must cannot be asked for.
/// With `only_together`, how to choose may not be said where there is nothing to choose.
pub fn check_tools(fields: &Fields, only_together: bool) -> Result<(), Error> {
    let tools = fields.items("tools")?;
    for (path, tool) in tools.iter().flatten() {
        let tool = Fields::of(tool, path.clone())?;
        tool.required("type", tool.string("type"))?;
    }
    if only_together && tools.as_ref().is_some_and(Vec::is_empty) {
        return Err(fields.error("tools", Flaw::Empty { array: true }).into());
    }
    fields.boolean("parallel_tool_calls")?;
    let choice = fields.get("tool_choice").filter(|choice| **choice != "none");
    let given =
        [("tool_choice", choice), ("parallel_tool_calls", fields.get("parallel_tool_calls"))];
    let mut given = given.into_iter().filter(|(_, value)| value.is_some());
    if let Some((name, _)) = given.next().filter(|_| only_together && tools.is_none()) {
        let message = format!(
            "Invalid value for '{name}': '{name}' is only allowed when 'tools' are specified."
        );
        return Err(Error { param: Some(name.to_owned()), ..Error::plain(message) });
    }
    match choice.filter(|choice| **choice != "auto") {
        Some(choice) => {
            let hint = "It answers in text and calls no tools.";
            Err(fields
                .error("tool_choice", Flaw::UnsupportedValue { got: quoted(choice), hint })
                .into())
        }
        None => Ok(()),
    }
}

fn quoted(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| format!("'{text}'"))
}

/// The form that `format` asks for; `named` holds the name and the schema. `blamed` is the field
/// that a faulty schema is told of, and the code.
pub fn form(
    format: &Fields,
    named: &Fields,
    blamed: (&str, Option<&'static str>),
) -> Result<Form, Error> {
    match format.required("type", format.string("type"))? {
        "text" => Ok(Form::Text),
        "json_object" => Ok(Form::Json),
        "json_schema" => {
            let name = named.required("name", named.string("name"))?;
            let schema =
                named.get("schema").cloned().unwrap_or_else(|| Value::Object(Default::default()));
            let is_strict = named.boolean("strict")?.unwrap_or(false);
            match schema::flaw(&schema).filter(|_| is_strict) {
                Some(flaw) => Err(Error {
                    param: Some(blamed.0.to_owned()),
                    code: blamed.1,
                    ..Error::plain(format!("Invalid schema for response_format '{name}': {flaw}"))
                }),
                None => Ok(Form::Schema(schema)),
            }
        }
        other => {
            let allowed = vec!["json_object", "json_schema", "text"];
            Err(format.error("type", Flaw::NoneOf { allowed, got: other.to_owned() }).into())
        }
    }
}
