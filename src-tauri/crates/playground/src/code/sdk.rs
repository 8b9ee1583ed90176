//! What an SDK is given so that it sends a body of the same fields.

use super::{
    recipe::Recipe,
    value::{Style, is_identifier},
};
use serde_json::{Map, Value, json};

type Object = Map<String, Value>;

/// What an SDK is given, as code.
#[derive(Default)]
pub struct Given {
    /// The arguments of the call.
    pub given: String,
    /// What the client adds to every body, if anything.
    pub extra: Option<String>,
}

/// The body as arguments of a function of Python, one to a line. What the function does not know
/// goes into `extra_body`, which is sent as it is.
pub fn arguments(body: &Object, recipe: &Recipe) -> String {
    let (typed, extra): (Object, Object) = body
        .clone()
        .into_iter()
        .partition(|(name, _)| is_identifier(name) && recipe.typed.contains(name));
    let extra = (!extra.is_empty()).then(|| ("extra_body".to_owned(), Value::Object(extra)));
    named(&typed.into_iter().chain(extra).collect())
}

/// Arguments of a function of Python, one to a line.
fn named(arguments: &Object) -> String {
    let step = Style::Python.step();
    let line = |(name, value): (&String, &Value)| {
        let value = Style::Python.value(value, step, step + name.len() + 1);
        format!("{:step$}{name}={value},", "")
    };
    arguments.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The body for an SDK that takes the turns, and all else as a configuration: the model, the
/// turns, the configuration. `None` if it would not send the turns as they are.
pub fn configured(body: &Object, model: &str, recipe: &Recipe, style: Style) -> Option<Given> {
    let contents = body.get("contents")?.as_array()?;
    if contents.is_empty() || !contents.iter().all(is_turn) {
        return None;
    }
    let mut given = Object::new();
    given.insert("model".into(), model.into());
    given.insert("contents".into(), json!(contents));
    let mut rest = body.clone();
    rest.shift_remove("contents");
    // With any configuration, the SDK sends a `generationConfig`, were it an empty one.
    let has_config = rest.contains_key("generationConfig");
    if has_config {
        let config = configuration(&mut rest, recipe, style);
        given.insert("config".into(), Value::Object(config));
    }
    let indent = 2 * style.step();
    Some(Given {
        given: if style == Style::Python { named(&given) } else { style.object(&given, 0) },
        extra: (!has_config && !rest.is_empty()).then(|| style.object(&rest, indent)),
    })
}

/// The configuration that has the fields of `rest`: each under the SDK's own name if it is sent
/// as it is, and all others as an extra.
fn configuration(rest: &mut Object, recipe: &Recipe, style: Style) -> Object {
    let mut config = Object::new();
    if rest.get("systemInstruction").is_some_and(is_turn) {
        let system = rest.shift_remove("systemInstruction").unwrap_or_default();
        config.insert(spelled("systemInstruction", style), system);
    }
    if let Some(Value::Object(all)) = rest.get_mut("generationConfig") {
        let fits =
            |name: &str, value: &Value| recipe.config.get(name).is_some_and(|it| it.fits(value));
        let (known, unknown): (Object, Object) =
            std::mem::take(all).into_iter().partition(|(name, value)| fits(name, value));
        let is_all_known = unknown.is_empty() && !known.is_empty();
        *all = unknown;
        config.extend(known.into_iter().map(|(name, value)| (spelled(&name, style), value)));
        if is_all_known {
            rest.shift_remove("generationConfig");
        }
    }
    if !rest.is_empty() {
        let extra = Map::from_iter([(spelled("extraBody", style), json!(rest))]);
        config.insert(spelled("httpOptions", style), Value::Object(extra));
    }
    config
}

/// Whether `value` is a turn of texts alone.
fn is_turn(value: &Value) -> bool {
    let Some(turn) = value.as_object() else { return false };
    let is_text = |part: &Value| {
        part.as_object()
            .is_some_and(|it| it.len() == 1 && it.get("text").is_some_and(Value::is_string))
    };
    let parts = turn.get("parts").and_then(Value::as_array);
    let is_known = turn.iter().all(|(name, value)| match name.as_str() {
        "role" => value.is_string(),
        name => name == "parts",
    });
    is_known && parts.is_some_and(|parts| !parts.is_empty() && parts.iter().all(is_text))
}

/// The name of a field as programs in this language spell it.
fn spelled(name: &str, style: Style) -> String {
    if style == Style::JavaScript {
        return name.to_owned();
    }
    let mut spelled = String::new();
    for it in name.chars() {
        if it.is_ascii_uppercase() {
            spelled.push('_');
        }
        spelled.push(it.to_ascii_lowercase());
    }
    spelled
}
