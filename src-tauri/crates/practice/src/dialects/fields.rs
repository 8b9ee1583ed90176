//! Typed fields out of a JSON object. What is wrong is told as a [`FieldError`], and each
//! dialect says that in its service's words.

use std::fmt;

use serde_json::{Map, Value};

/// Where a field stands: `messages`, 0, `role`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Path(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(String),
    Index(usize),
}

impl Path {
    pub fn name(&self, name: &str) -> Self {
        self.step(Step::Name(name.to_owned()))
    }

    pub fn index(&self, index: usize) -> Self {
        self.step(Step::Index(index))
    }

    fn step(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }

    /// `messages.0.role`.
    pub fn dotted(&self) -> String {
        let steps = self.0.iter().map(|step| match step {
            Step::Name(name) => name.clone(),
            Step::Index(index) => index.to_string(),
        });
        steps.collect::<Vec<_>>().join(".")
    }

    /// `messages[0].role`.
    pub fn bracketed(&self) -> String {
        let mut text = String::new();
        for step in &self.0 {
            match step {
                Step::Name(name) if text.is_empty() => text.push_str(name),
                Step::Name(name) => text.extend([".", name]),
                Step::Index(index) => text.push_str(&format!("[{index}]")),
            }
        }
        text
    }
}

/// What a field should have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Boolean,
    String,
    Integer,
    Decimal,
    Object,
    Array,
    StringOrStrings,
    StringOrObjects,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Flaw {
    Missing,
    /// The service has no such field.
    Unknown,
    /// The service has it, but no model here can do what it asks for.
    Unsupported,
    WrongType {
        expected: Expected,
        got: Value,
    },
    /// A number, whole or not, under the least that is allowed.
    Below {
        whole: bool,
        least: f64,
        got: Value,
    },
    Above {
        whole: bool,
        most: f64,
        got: Value,
    },
    /// An array or a text without anything in it.
    Empty {
        array: bool,
    },
    TooMany {
        most: usize,
        got: usize,
    },
    /// A value that the service knows and no model here does, and why not.
    UnsupportedValue {
        got: String,
        hint: &'static str,
    },
    /// None of the values that are allowed.
    NoneOf {
        allowed: Vec<&'static str>,
        got: String,
    },
}

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldError {
    pub path: Path,
    pub flaw: Flaw,
}

impl FieldError {
    pub fn new(path: Path, flaw: Flaw) -> Self {
        Self { path, flaw }
    }

    pub fn wrong_type(path: Path, expected: Expected, got: &Value) -> Self {
        Self::new(path, Flaw::WrongType { expected, got: got.clone() })
    }
}

/// A JSON object whose fields are read by name; `null` is the same as absent.
#[derive(Clone)]
pub struct Fields<'a> {
    object: &'a Map<String, Value>,
    path: Path,
}

type Read<T> = Result<Option<T>, FieldError>;

impl<'a> Fields<'a> {
    /// Of a value that should be an object, and stands at this path.
    pub fn of(value: &'a Value, path: Path) -> Result<Self, FieldError> {
        match value.as_object() {
            Some(object) => Ok(Self { object, path }),
            None => Err(FieldError::wrong_type(path, Expected::Object, value)),
        }
    }

    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// The names of all fields that are there.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        let there = self.object.iter().filter(|(_, value)| !value.is_null());
        there.map(|(name, _)| name.as_str())
    }

    pub fn path_of(&self, name: &str) -> Path {
        self.path.name(name)
    }

    pub fn error(&self, name: &str, flaw: Flaw) -> FieldError {
        FieldError::new(self.path_of(name), flaw)
    }

    /// A field that has to be there.
    pub fn required<T>(&self, name: &str, read: Read<T>) -> Result<T, FieldError> {
        read?.ok_or_else(|| self.error(name, Flaw::Missing))
    }

    /// Refuses what a table does not have, or has as unsupported.
    pub fn check(&self, table: &[(&str, Treatment)]) -> Result<(), FieldError> {
        for name in self.names() {
            match table.iter().find(|(known, _)| *known == name) {
                None => return Err(self.error(name, Flaw::Unknown)),
                Some((_, Treatment::Unsupported)) => {
                    return Err(self.error(name, Flaw::Unsupported));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    pub fn boolean(&self, name: &str) -> Read<bool> {
        self.typed(name, Expected::Boolean, Value::as_bool)
    }

    pub fn string(&self, name: &str) -> Read<&'a str> {
        self.typed(name, Expected::String, Value::as_str)
    }

    pub fn object(&self, name: &str) -> Read<Fields<'a>> {
        self.get(name).map(|value| Fields::of(value, self.path_of(name))).transpose()
    }

    /// The items of an array, each with its path.
    pub fn items(&self, name: &str) -> Read<Vec<(Path, &'a Value)>> {
        let items = self.typed(name, Expected::Array, Value::as_array)?;
        let path = self.path_of(name);
        let item = |(at, item)| (path.index(at), item);
        Ok(items.map(|items| items.iter().enumerate().map(item).collect()))
    }

    /// A number between two bounds, both included.
    pub fn decimal(&self, name: &str, least: f64, most: f64) -> Read<f64> {
        let number = self.typed(name, Expected::Decimal, Value::as_f64)?;
        number.map(|number| self.bounded(name, false, number, least, most)).transpose()
    }

    /// A whole number between two bounds, both included. One that is too large for an `i64`
    /// is as large as that can be.
    pub fn integer(&self, name: &str, least: i64, most: i64) -> Read<i64> {
        let whole = |value: &Value| value.as_i64().or_else(|| value.as_u64().map(|_| i64::MAX));
        let Some(number) = self.typed(name, Expected::Integer, whole)? else { return Ok(None) };
        self.bounded(name, true, number as f64, least as f64, most as f64)?;
        Ok(Some(number))
    }

    /// How many of something, at least this.
    pub fn count(&self, name: &str, least: i64) -> Read<usize> {
        let number = self.integer(name, least, i64::MAX)?;
        Ok(number.map(|number| usize::try_from(number).unwrap_or(usize::MAX)))
    }

    /// Texts, at most so many, none of them empty. One may come without an array, if it may.
    pub fn texts(&self, name: &str, most: usize, alone: bool) -> Result<Vec<String>, FieldError> {
        let values = match self.get(name) {
            None => return Ok(Vec::new()),
            Some(one @ Value::String(_)) if alone => std::slice::from_ref(one),
            Some(Value::Array(many)) => many.as_slice(),
            Some(other) => {
                let expected = if alone { Expected::StringOrStrings } else { Expected::Array };
                return Err(FieldError::wrong_type(self.path_of(name), expected, other));
            }
        };
        if values.len() > most {
            return Err(self.error(name, Flaw::TooMany { most, got: values.len() }));
        }
        let read = |(index, value): (usize, &Value)| {
            let path = self.path_of(name).index(index);
            match value.as_str() {
                Some("") => Err(FieldError::new(path, Flaw::Empty { array: false })),
                Some(text) => Ok(text.to_owned()),
                None => Err(FieldError::wrong_type(path, Expected::String, value)),
            }
        };
        values.iter().enumerate().map(read).collect()
    }

    fn typed<T>(
        &self,
        name: &str,
        expected: Expected,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Read<T> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let wrong = || FieldError::wrong_type(self.path_of(name), expected, value);
        read(value).map(Some).ok_or_else(wrong)
    }

    fn bounded(
        &self,
        name: &str,
        whole: bool,
        number: f64,
        least: f64,
        most: f64,
    ) -> Result<f64, FieldError> {
        let got = || self.get(name).cloned().unwrap_or_default();
        if number < least {
            Err(self.error(name, Flaw::Below { whole, least, got: got() }))
        } else if number > most {
            Err(self.error(name, Flaw::Above { whole, most, got: got() }))
        } else {
            Ok(number)
        }
    }
}

/// What becomes of a field of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// It is read.
    Read,
    /// It is accepted, as the real service does, and changes nothing here.
    Ignored,
    /// The real service has models that take it; those here do not.
    Unsupported,
}

impl fmt::Display for Expected {
    /// As in "expected a string".
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Boolean => "a boolean",
            Self::String => "a string",
            Self::Integer => "an integer",
            Self::Decimal => "a decimal",
            Self::Object => "an object",
            Self::Array => "an array",
            Self::StringOrStrings => "one of a string or array of strings",
            Self::StringOrObjects => "one of a string or array of objects",
        })
    }
}
