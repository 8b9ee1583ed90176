//! How far a JSON object has come, byte by byte, and what may go on with it.
//!
//! A little stricter than JSON, so that what is written is read everywhere: no escapes of
//! surrogates, for half of one is an error; no endless numbers, for they overflow.

/// Objects and lists in each other, at most.
const DEEPEST: u8 = 24;
/// Spaces and line ends in a row, at most.
const BLANKS: u8 = 96;
/// Digits in a row, at most; also of an exponent.
const DIGITS: u8 = 12;
const POWER_DIGITS: u8 = 2;

/// The beginning of a JSON object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Json {
    /// A bit for each open level, the innermost last: 1 is an object, 0 a list.
    levels: u32,
    depth: u8,
    at: At,
    blanks: u8,
}

/// What the next byte belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// The opening brace of all.
    Start,
    Value,
    /// A value, or the end of an empty list.
    ValueOrEnd,
    /// The quote before a name.
    Name,
    /// That, or the end of an empty object.
    NameOrEnd,
    Colon,
    /// A comma, or the end of what is open.
    Next,
    Text {
        is_name: bool,
        escaped: bool,
    },
    /// In a character's number, with so many digits to come.
    Hex {
        is_name: bool,
        left: u8,
        /// The first digit was a D: those from D8 on are halves of surrogates.
        is_d: bool,
    },
    /// After so many digits, in this part of a number.
    Number(Part, u8),
    /// The rest of a word.
    Word(&'static [u8]),
    Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Minus,
    /// A zero, which no digit follows.
    Zero,
    Whole,
    Point,
    Fraction,
    /// The letter before an exponent.
    E,
    Sign,
    Power,
}

impl Part {
    /// Whether what ends here is a number.
    fn is_number(self) -> bool {
        matches!(self, Self::Zero | Self::Whole | Self::Fraction | Self::Power)
    }
}

impl Json {
    /// Nothing yet.
    pub const START: Self = Self { levels: 0, depth: 0, at: At::Start, blanks: 0 };

    /// With these bytes more, if that can still become an object.
    pub fn after(mut self, bytes: &[u8]) -> Option<Self> {
        bytes.iter().try_for_each(|byte| self.take(*byte))?;
        (!bytes.is_empty()).then_some(self)
    }

    /// Whether the object is closed.
    pub fn is_done(self) -> bool {
        self.at == At::Done
    }

    /// Whether its last byte is a space or a line end between its parts.
    pub fn is_after_blank(self) -> bool {
        self.blanks > 0
    }

    /// The shortest end of it.
    pub fn closing(mut self) -> String {
        let mut closing = String::new();
        while !self.is_done() {
            let byte = match self.at {
                At::Start => b'{',
                At::Value => b'0',
                At::Name | At::Text { .. } => b'"',
                At::Colon => b':',
                At::Number(part, _) if !part.is_number() => b'0',
                At::Hex { .. } => b'0',
                At::Word(rest) => rest[0],
                At::ValueOrEnd | At::NameOrEnd | At::Next | At::Number(..) | At::Done => {
                    if self.is_object() { b'}' } else { b']' }
                }
            };
            closing.push(byte.into());
            if self.take(byte).is_none() {
                break;
            }
        }
        closing
    }

    fn is_object(self) -> bool {
        self.levels & 1 == 1
    }

    fn open(&mut self, object: bool) -> Option<()> {
        self.levels = self.levels << 1 | u32::from(object);
        self.depth += 1;
        self.at = if object { At::NameOrEnd } else { At::ValueOrEnd };
        (self.depth <= DEEPEST).then_some(())
    }

    fn close(&mut self) {
        self.levels >>= 1;
        self.depth -= 1;
        self.at = if self.depth == 0 { At::Done } else { At::Next };
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        let is_inside =
            matches!(self.at, At::Text { .. } | At::Hex { .. } | At::Word(_) | At::Done);
        if !is_inside && matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
            return self.blank();
        }
        self.blanks = 0;
        match (self.at, byte) {
            (At::Start, b'{') => self.open(true)?,
            (At::Value | At::ValueOrEnd, _) if byte != b']' => self.value(byte)?,
            (At::NameOrEnd, b'}') | (At::ValueOrEnd, b']') => self.close(),
            (At::Name | At::NameOrEnd, b'"') => {
                self.at = At::Text { is_name: true, escaped: false };
            }
            (At::Colon, b':') => self.at = At::Value,
            (At::Next, _) => self.next(byte)?,
            (At::Text { is_name, escaped }, _) => self.text(byte, is_name, escaped)?,
            (At::Hex { is_name, left, is_d }, _) => self.hex(byte, is_name, left, is_d)?,
            (At::Number(part, digits), _) => self.number(byte, part, digits)?,
            (At::Word([first, rest @ ..]), _) if byte == *first => {
                self.at = if rest.is_empty() { At::Next } else { At::Word(rest) };
            }
            _ => return None,
        }
        Some(())
    }

    fn blank(&mut self) -> Option<()> {
        match self.at {
            At::Number(part, _) if part.is_number() => self.at = At::Next,
            At::Number(..) => return None,
            _ => {}
        }
        self.blanks += 1;
        (self.blanks <= BLANKS).then_some(())
    }

    fn value(&mut self, byte: u8) -> Option<()> {
        self.at = match byte {
            b'{' => return self.open(true),
            b'[' => return self.open(false),
            b'"' => At::Text { is_name: false, escaped: false },
            b'-' => At::Number(Part::Minus, 0),
            b'0' => At::Number(Part::Zero, 1),
            b'1'..=b'9' => At::Number(Part::Whole, 1),
            b't' => At::Word(b"rue"),
            b'f' => At::Word(b"alse"),
            b'n' => At::Word(b"ull"),
            _ => return None,
        };
        Some(())
    }

    fn next(&mut self, byte: u8) -> Option<()> {
        match (byte, self.is_object()) {
            (b',', true) => self.at = At::Name,
            (b',', false) => self.at = At::Value,
            (b'}', true) | (b']', false) => self.close(),
            _ => return None,
        }
        Some(())
    }

    fn text(&mut self, byte: u8, is_name: bool, escaped: bool) -> Option<()> {
        self.at = match byte {
            0..=0x1f => return None,
            b'u' if escaped => At::Hex { is_name, left: 4, is_d: false },
            _ if escaped && !br#""\/bfnrt"#.contains(&byte) => return None,
            b'"' if !escaped && is_name => At::Colon,
            b'"' if !escaped => At::Next,
            _ => At::Text { is_name, escaped: byte == b'\\' && !escaped },
        };
        Some(())
    }

    fn hex(&mut self, byte: u8, is_name: bool, left: u8, is_d: bool) -> Option<()> {
        let is_surrogate = is_d && left == 3 && !byte.is_ascii_digit() | (byte >= b'8');
        if !byte.is_ascii_hexdigit() || is_surrogate {
            return None;
        }
        let is_d = left == 4 && byte.eq_ignore_ascii_case(&b'd');
        self.at = match left {
            1 => At::Text { is_name, escaped: false },
            _ => At::Hex { is_name, left: left - 1, is_d },
        };
        Some(())
    }

    fn number(&mut self, byte: u8, part: Part, digits: u8) -> Option<()> {
        let next = match (part, byte) {
            (Part::Minus, b'0') => Part::Zero,
            (Part::Minus | Part::Whole, b'0'..=b'9') => Part::Whole,
            (Part::Zero | Part::Whole, b'.') => Part::Point,
            (Part::Point | Part::Fraction, b'0'..=b'9') => Part::Fraction,
            (Part::Zero | Part::Whole | Part::Fraction, b'e' | b'E') => Part::E,
            (Part::E, b'+' | b'-') => Part::Sign,
            (Part::E | Part::Sign | Part::Power, b'0'..=b'9') => Part::Power,
            (part, _) if part.is_number() => {
                self.at = At::Next;
                return self.next(byte);
            }
            _ => return None,
        };
        // What is no number yet begins to count anew, so that a digit can follow it.
        let digits = if next.is_number() { digits + 1 } else { 0 };
        self.at = At::Number(next, digits);
        let most = if next == Part::Power { POWER_DIGITS } else { DIGITS };
        (digits <= most).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::corpus::{Corpus, JSON};

    fn any_object() -> impl Strategy<Value = Value> {
        let number = prop_oneof![
            (-99_999_i64..99_999).prop_map(Value::from),
            (-9_999_i32..9_999).prop_map(|it| Value::from(f64::from(it) / 8.0))
        ];
        let text = "[ -~é🦜\n\t]{0,12}".prop_map(Value::from);
        let word = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from)];
        let value = prop_oneof![number, text, word].prop_recursive(4, 24, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                object(inner),
            ]
        });
        object(value)
    }

    fn object(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
        let fields = prop::collection::vec(("[a-z\" ]{0,6}", value), 0..4);
        fields.prop_map(|fields| Value::Object(fields.into_iter().collect()))
    }

    proptest! {
        #[test]
        fn every_beginning_of_an_object_can_be_closed(value in any_object(), pretty: bool) {
            let text = if pretty { format!("{value:#}") } else { value.to_string() };
            for end in 0..=text.len() {
                let json = Json::START.after(&text.as_bytes()[..end]);
                let json = if end == 0 { Json::START } else { json.unwrap() };
                prop_assert_eq!(json.is_done(), end == text.len(), "{}", &text);
                let whole = [&text.as_bytes()[..end], json.closing().as_bytes()].concat();
                let read = serde_json::from_str::<Value>(&String::from_utf8_lossy(&whole));
                prop_assert!(read.is_ok_and(|value| value.is_object()), "{:?}", whole);
            }
        }

        #[test]
        fn what_is_taken_can_always_be_closed(bytes in "[{}\\[\\]\",:0-9.truefalsnE+D \\t\\\\-]{0,40}") {
            let mut json = Json::START;
            let mut text = String::new();
            for byte in bytes.chars() {
                if let Some(next) = json.after(&[byte as u8]) {
                    json = next;
                    text.push(byte);
                }
            }
            text.push_str(&json.closing());
            prop_assert!(serde_json::from_str::<Value>(&text).is_ok(), "{}", text);
        }
    }

    #[test]
    fn what_can_never_become_an_object_is_refused() {
        for text in [
            "[",
            "x",
            "{1",
            "{\"a\" 1",
            "{\"a\":}",
            "{\"a\":01",
            "{\"a\":1.}",
            "{\"a\":-}",
            "{\"a\":1,}",
            "{\"a\":[1,]",
            "{]",
            "{}x",
            "{} ",
            "{\"a\":\"\n",
            "{\"a\":tru ",
            "{\"a\":\"\\x",
            "{\"a\":\"\\ud8",
            "{\"a\":\"\\uDf",
            "{\"a\":\"\\u12g",
            "{\"a\":1e+}",
            "{\"a\":1e100",
            "{\"a\":e",
            "",
        ] {
            assert_eq!(Json::START.after(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn a_long_number_can_be_closed_at_each_digit() {
        let text = br#"{"a":-123456789012.123456789012"#;
        for end in 6..=text.len() {
            let json = Json::START.after(&text[..end]).unwrap();
            let whole = String::from_utf8_lossy(&text[..end]).into_owned() + &json.closing();
            assert!(serde_json::from_str::<Value>(&whole).is_ok(), "{whole}");
        }
        assert_eq!(Json::START.after(br#"{"a":1234567890123"#), None);
    }

    #[test]
    fn what_other_programs_write_is_gone_on_with() {
        let text = "\r\n\t {\"caf\\u00e9\":\t-1.5e-7,\r\n\"b\": [2E+10, \"\\uD7ff\\n\"]}";
        for end in 1..=text.len() {
            let json = Json::START.after(&text.as_bytes()[..end]).expect(&text[..end]);
            let whole = text[..end].to_owned() + &json.closing();
            assert!(serde_json::from_str::<Value>(&whole).is_ok(), "{whole}");
        }
    }

    #[test]
    fn every_object_of_the_corpus_is_taken() {
        let in_json = Corpus::get().passages.iter().filter(|passage| passage.file == JSON);
        for answer in in_json.flat_map(|passage| &passage.answers) {
            assert!(Json::START.after(answer.as_bytes()).is_some_and(Json::is_done), "{answer}");
        }
    }
}
