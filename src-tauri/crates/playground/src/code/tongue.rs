//! How each language writes texts, headers, and a key that it does not hold.

use super::{KeySource, literal, value::Style};
use crate::http::{Header, MASK};

/// What a program without a key gives to an SDK that wants one.
const NO_KEY: &str = "unused";

/// A language, as far as filling in its templates goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// A POSIX shell.
    Shell,
    /// Python.
    Python,
    /// JavaScript.
    JavaScript,
    /// Rust.
    Rust,
}

impl Tongue {
    /// The language that an id such as `python-httpx` begins with.
    pub fn of(id: &str) -> Tongue {
        match id.split('-').next() {
            Some("python") => Tongue::Python,
            Some("javascript") => Tongue::JavaScript,
            Some("rust") => Tongue::Rust,
            _ => Tongue::Shell,
        }
    }

    /// How it writes JSON, where an SDK takes some.
    pub fn style(self) -> Style {
        if self == Tongue::Python { Style::Python } else { Style::JavaScript }
    }

    /// A text on one line; `None` if it cannot hold it.
    pub fn text(self, text: &str) -> Option<String> {
        match self {
            Tongue::Shell => literal::shell(text),
            Tongue::Python => Some(literal::python(text)),
            Tongue::JavaScript => Some(literal::javascript(text)),
            Tongue::Rust => Some(literal::rust(text)),
        }
    }

    /// A text on as many lines as it has; `None` if it cannot hold it.
    pub fn block(self, text: &str) -> Option<String> {
        match self {
            Tongue::Shell => literal::shell(text),
            Tongue::Python => Some(literal::python_block(text)),
            Tongue::JavaScript => Some(literal::javascript_block(text)),
            Tongue::Rust => Some(literal::rust_block(text)),
        }
    }

    /// The lines that set `headers`.
    pub fn headers(self, headers: &[Header], key: Option<&KeySource>) -> Option<String> {
        let line = |header: &Header| {
            let name = &header.name;
            let value = match self {
                Tongue::Shell => self.keyed(&format!("{name}: {}", header.value), key),
                _ => self.keyed(&header.value, key),
            }?;
            Some(match self {
                Tongue::Shell => format!("  -H {value} \\"),
                Tongue::Python => format!("    {}: {value},", literal::python(name)),
                Tongue::JavaScript => format!("    {}{value},", Style::JavaScript.name(name)),
                Tongue::Rust => format!("        .header({}, {value})", literal::rust(name)),
            })
        };
        Some(headers.iter().map(line).collect::<Option<Vec<_>>>()?.join("\n"))
    }

    /// A text in which the key stands in the place of the mask. What stands around it is a
    /// dialect's own and plain.
    pub fn keyed(self, text: &str, key: Option<&KeySource>) -> Option<String> {
        let Some((before, after)) = text.split_once(MASK) else { return self.text(text) };
        let name = match key {
            Some(KeySource::Variable(name)) => name,
            Some(KeySource::Known(known)) => return self.text(&format!("{before}{known}{after}")),
            None => return self.text(NO_KEY),
        };
        let is_alone = before.is_empty() && after.is_empty();
        Some(match self {
            Tongue::Shell => format!("\"{before}${name}{after}\""),
            Tongue::Python if is_alone => format!("os.environ[\"{name}\"]"),
            Tongue::Python => format!("f\"{before}{{os.environ['{name}']}}{after}\""),
            Tongue::JavaScript if is_alone => format!("process.env.{name}"),
            Tongue::JavaScript => format!("`{before}${{process.env.{name}}}{after}`"),
            Tongue::Rust if is_alone => "key".into(),
            Tongue::Rust => format!("format!(\"{before}{{key}}{after}\")"),
        })
    }
}
