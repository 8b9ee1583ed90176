//! JSON as a literal of Python or JavaScript, laid out as people lay it out.

use super::literal;
use serde_json::{Map, Number, Value};

/// The longest line that is not broken.
const WIDTH: usize = 88;
/// Above this, not every whole number is one that JavaScript or a float can hold.
const SAFE: u64 = 1 << 53;

/// How a language writes JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Python: `True`, quoted names.
    Python,
    /// JavaScript: `true`, bare names.
    JavaScript,
}

impl Style {
    /// How far a level is indented.
    pub fn step(self) -> usize {
        if self == Style::Python { 4 } else { 2 }
    }

    /// A text.
    pub fn text(self, text: &str) -> String {
        match self {
            Style::Python => literal::python(text),
            Style::JavaScript => literal::javascript(text),
        }
    }

    /// `value` as a literal whose first line begins after `before` characters, and whose other
    /// lines are indented by `indent`.
    pub fn value(self, value: &Value, indent: usize, before: usize) -> String {
        let flat = self.flat(value);
        let is_short = before + flat.len() < WIDTH;
        match value {
            Value::Object(fields) if !is_short && !fields.is_empty() => self.broken(
                ['{', '}'],
                indent,
                fields.iter().map(|(name, it)| (self.name(name), it)),
            ),
            Value::Array(items) if !is_short && !items.is_empty() => {
                self.broken(['[', ']'], indent, items.iter().map(|it| (String::new(), it)))
            }
            _ => flat,
        }
    }

    /// An object on lines of its own, however short it is.
    pub fn object(self, fields: &Map<String, Value>, indent: usize) -> String {
        self.broken(['{', '}'], indent, fields.iter().map(|(name, it)| (self.name(name), it)))
    }

    fn broken<'a>(
        self,
        [open, close]: [char; 2],
        indent: usize,
        items: impl Iterator<Item = (String, &'a Value)>,
    ) -> String {
        let inner = indent + self.step();
        let mut lines = format!("{open}\n");
        for (name, item) in items {
            let item = self.value(item, inner, inner + name.len());
            lines += &format!("{:inner$}{name}{item},\n", "");
        }
        lines + &format!("{:indent$}{close}", "")
    }

    fn flat(self, value: &Value) -> String {
        let is_python = self == Style::Python;
        match value {
            Value::Null => if is_python { "None" } else { "null" }.into(),
            Value::Bool(it) if is_python => if *it { "True" } else { "False" }.into(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::String(text) => self.text(text),
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(|it| self.flat(it)).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Object(fields) if fields.is_empty() => "{}".into(),
            Value::Object(fields) => {
                let fields = fields.iter().map(|(name, it)| self.name(name) + &self.flat(it));
                let fields = fields.collect::<Vec<_>>().join(", ");
                if is_python { format!("{{{fields}}}") } else { format!("{{ {fields} }}") }
            }
        }
    }

    /// The name of a field, up to its value.
    pub fn name(self, name: &str) -> String {
        match self {
            Style::JavaScript if is_identifier(name) => format!("{name}: "),
            // Written otherwise, this one would be the object's parent.
            Style::JavaScript if name == "__proto__" => "[\"__proto__\"]: ".into(),
            _ => format!("{}: ", self.text(name)),
        }
    }

    /// The first number in `value` that a program in this language would send otherwise.
    pub fn lost_number(self, value: &Value) -> Option<&Number> {
        match value {
            Value::Number(number) => Some(number).filter(|it| !self.holds(it)),
            Value::Array(items) => items.iter().find_map(|it| self.lost_number(it)),
            Value::Object(fields) => fields.values().find_map(|it| self.lost_number(it)),
            _ => None,
        }
    }

    /// Python's whole numbers have any length. Those that are here as a float were longer still,
    /// and have lost digits already.
    fn holds(self, number: &Number) -> bool {
        let is_whole = number.is_i64() || number.is_u64();
        let is_safe = match is_whole {
            true => number.as_i64().map_or(u64::MAX, i64::unsigned_abs) <= SAFE,
            false => number.as_f64().is_some_and(|it| it.abs() <= SAFE as f64),
        };
        is_safe || (is_whole && self == Style::Python)
    }
}

/// Whether `name` can stand in a program without quotes.
pub fn is_identifier(name: &str) -> bool {
    let is_plain = name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    is_plain
        && !name.is_empty()
        && !name.starts_with(|it: char| it.is_ascii_digit())
        && name != "__proto__"
}
