use super::*;
use proptest::prelude::*;

type Literal = fn(&str) -> String;

/// Texts that would be read as code if they could, and those that are hard to see.
const HOSTILE: &[&str] = &[
    "",
    "\"",
    "\\",
    "\"\"\"",
    "\\\"\"\"",
    "ends with \\",
    "ends with \"",
    "'; rm -rf ~ #",
    "$(touch /tmp/x) `id` $HOME ${HOME}",
    "`${process.exit(1)}`",
    "\\`$\\{${{",
    "\"#; fn main() {} r#\"",
    "\"##\"###",
    "{key} {{}} %body%",
    "a\r\nb\tc\u{b}\u{c}\u{1b}[31m\u{7f}\u{85}",
    "\u{2028}\u{2029}\u{feff}",
    "\u{202e}txt.exe\u{2066}",
    "\\u0041 \\x41 \\N{BULLET} \\101",
    "größer 你好 👩‍🚀 🇩🇪",
    "\0",
    "</script><!--",
];

/// The text between `start` and `end`, which must stand nowhere before the end of the literal.
fn inside<'a>(literal: &'a str, start: &str, end: &str, is_raw: bool) -> &'a str {
    let rest = literal.strip_prefix(start).expect("the literal begins");
    let mut place = 0;
    while !rest[place..].starts_with(end) {
        let it = rest[place..].chars().next().expect("the literal ends");
        place += it.len_utf8();
        // What follows a backslash does not end the literal, and in a raw one stays as it is.
        if it == '\\' && !is_raw {
            place += rest[place..].chars().next().expect("an escape has a character").len_utf8();
        }
    }
    assert_eq!(&rest[place + end.len()..], "", "{literal} ends early");
    &rest[..place]
}

/// What the escapes of Python, JavaScript and Rust stand for, as far as we write them.
fn unescaped(text: &str) -> String {
    let mut read = String::new();
    let mut rest = text.chars();
    while let Some(it) = rest.next() {
        if it != '\\' {
            read.push(it);
            continue;
        }
        let digits = match rest.next().expect("an escape has a character") {
            'n' => return read + "\n" + &unescaped(rest.as_str()),
            't' => return read + "\t" + &unescaped(rest.as_str()),
            'x' => rest.by_ref().take(2).collect::<String>(),
            'U' => rest.by_ref().take(8).collect(),
            'u' if rest.as_str().starts_with('{') => {
                rest.by_ref().skip(1).take_while(|it| *it != '}').collect()
            }
            'u' => rest.by_ref().take(4).collect(),
            plain => {
                assert!("\\\"`$".contains(plain), "\\{plain} is no escape that we write");
                read.push(plain);
                continue;
            }
        };
        let code = u32::from_str_radix(&digits, 16).expect("hexadecimal digits");
        read.push(char::from_u32(code).expect("a character"));
    }
    read
}

fn read_python_block(literal: &str) -> String {
    match literal.starts_with('r') {
        // In Python a backslash keeps a quote from ending even a raw literal.
        true => inside(literal, "r\"\"\"", "\"\"\"", false).into(),
        false => unescaped(inside(literal, "\"\"\"", "\"\"\"", false)),
    }
}

fn read_rust_block(literal: &str) -> String {
    let Some(raw) = literal.strip_prefix('r') else {
        return unescaped(inside(literal, "\"", "\"", false));
    };
    let marks = &raw[..raw.find('"').expect("a quote")];
    inside(raw, &format!("{marks}\""), &format!("\"{marks}"), true).into()
}

fn read_javascript_block(literal: &str) -> String {
    let text = inside(literal, "`", "`", false);
    let places = text.match_indices("${").all(|(at, _)| text[..at].ends_with('\\'));
    assert!(places, "{literal} has a place to fill in");
    unescaped(text)
}

fn read_line(literal: &str) -> String {
    assert!(!literal.contains('\n'), "{literal}");
    unescaped(inside(literal, "\"", "\"", false))
}

const LITERALS: [(&str, Literal, Literal); 6] = [
    ("python", python, read_line),
    ("javascript", javascript, read_line),
    ("rust", rust, read_line),
    ("python block", python_block, read_python_block),
    ("javascript block", javascript_block, read_javascript_block),
    ("rust block", rust_block, read_rust_block),
];

fn is_read_back(text: &str) {
    for (name, write, read) in LITERALS {
        let literal = write(text);
        assert_eq!(read(&literal), text, "{name}: {literal}");
        let unseen = literal.chars().find(|it| is_unseen(*it));
        assert_eq!(unseen, None, "{name} would hide it: {literal}");
    }
    match shell(text) {
        None => assert!(text.contains('\0')),
        // Between single quotes a shell reads nothing; ours are closed only to write one.
        Some(literal) => {
            let inside = literal.strip_prefix('\'').and_then(|it| it.strip_suffix('\''));
            let parts: Vec<_> = inside.expect("quotes").split(r"'\''").collect();
            assert!(parts.iter().all(|part| !part.contains('\'')), "{literal} ends early");
            assert_eq!(parts.join("'"), text);
        }
    }
}

#[test]
fn hostile_texts_stay_inside_their_literals() {
    HOSTILE.iter().for_each(|text| is_read_back(text));
    HOSTILE.iter().for_each(|text| is_read_back(&format!("{{\n  \"a\": \"{text}\"\n}}")));
}

#[test]
fn what_can_be_read_is_written_as_it_is() {
    let text = "größer 你好 👩‍🚀 'single' 5 % $5";
    for (name, write, _) in LITERALS {
        assert!(write(text).contains(text), "{name}: {}", write(text));
    }
    let json = "{\n  \"say\": \"a \\\"b\\\"\\n\"\n}";
    assert_eq!(python_block(json), format!("r\"\"\"{json}\"\"\""));
    assert_eq!(rust_block(json), format!("r#\"{json}\"#"));
}

proptest! {
    #[test]
    fn any_text_is_read_back(text in any::<String>()) {
        is_read_back(&text);
    }

    #[test]
    fn any_mix_of_what_languages_mean_something_by_is_read_back(
        pieces in proptest::collection::vec(
            proptest::sample::select(&["\\", "\"", "'", "`", "$", "{", "}", "#", "\n", "\r", "u", "x41", "\u{202e}", "\0", "a"][..]),
            0..24,
        )
    ) {
        is_read_back(&pieces.concat());
    }
}
