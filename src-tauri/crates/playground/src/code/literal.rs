//! Texts as literals of a language, so that nothing in them is read as code.
//!
//! What people write stays readable: only what would end the literal, or could not be seen in it,
//! is escaped. Characters that turn the direction of writing count as that, since they show code
//! in another order than it is read in (Rust refuses them outright).

/// A text in one argument of a POSIX shell; `None` if it holds NUL, which no argument can.
pub fn shell(text: &str) -> Option<String> {
    (!text.contains('\0')).then(|| format!("'{}'", text.replace('\'', r"'\''")))
}

/// A text in Python, on one line.
pub fn python(text: &str) -> String {
    quoted(text, |it| match u32::from(it) {
        code @ 0..=0xff => format!("\\x{code:02x}"),
        code @ 0x100..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    })
}

/// A text in JavaScript, on one line.
pub fn javascript(text: &str) -> String {
    quoted(text, javascript_escape)
}

/// A text in Rust, on one line.
pub fn rust(text: &str) -> String {
    quoted(text, rust_escape)
}

/// A text of several lines in Python: raw where that is possible, as JSON is.
pub fn python_block(text: &str) -> String {
    let ends_well = !text.ends_with(['"', '\\']);
    if ends_well && !text.contains(r#"""""#) && !text.chars().any(is_unseen) {
        return format!("r\"\"\"{text}\"\"\"");
    }
    let lines: Vec<_> = text.split('\n').map(python).collect();
    let lines: Vec<_> = lines.iter().map(|it| &it[1..it.len() - 1]).collect();
    format!("\"\"\"{}\"\"\"", lines.join("\n"))
}

/// A text of several lines in JavaScript: a template without a place to fill in.
pub fn javascript_block(text: &str) -> String {
    let text = text.replace('\\', r"\\").replace('`', r"\`").replace("${", r"\${");
    let escaped = |it: char| match is_unseen(it) {
        true => javascript_escape(it),
        false => it.to_string(),
    };
    format!("`{}`", text.chars().map(escaped).collect::<String>())
}

/// A text of several lines in Rust: raw where that is possible, as JSON is.
pub fn rust_block(text: &str) -> String {
    if text.chars().any(is_unseen) {
        let lines: Vec<_> = text.split('\n').map(rust).collect();
        let lines: Vec<_> = lines.iter().map(|it| &it[1..it.len() - 1]).collect();
        return format!("\"{}\"", lines.join("\n"));
    }
    let runs =
        text.split('"').skip(1).map(|after| after.len() - after.trim_start_matches('#').len());
    let marks = "#".repeat(runs.max().unwrap_or(0) + 1);
    format!("r{marks}\"{text}\"{marks}")
}

fn quoted(text: &str, escape: impl Fn(char) -> String) -> String {
    let mut literal = String::from("\"");
    for it in text.chars() {
        match it {
            '"' | '\\' => literal.extend(['\\', it]),
            '\n' => literal.push_str("\\n"),
            '\t' => literal.push_str("\\t"),
            _ if is_unseen(it) => literal.push_str(&escape(it)),
            _ => literal.push(it),
        }
    }
    literal.push('"');
    literal
}

fn javascript_escape(it: char) -> String {
    match u32::from(it) {
        code @ 0..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\u{{{code:x}}}"),
    }
}

fn rust_escape(it: char) -> String {
    format!("\\u{{{:x}}}", u32::from(it))
}

/// Whether a character in a source would be invisible, end a line, or turn what follows it. Line
/// feeds and tabs are not meant: in a block they are themselves.
fn is_unseen(it: char) -> bool {
    let turns = matches!(it, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let ends_a_line = matches!(it, '\u{2028}' | '\u{2029}');
    (it.is_control() && it != '\n' && it != '\t') || turns || ends_a_line || it == '\u{feff}'
}

#[cfg(test)]
mod tests;
