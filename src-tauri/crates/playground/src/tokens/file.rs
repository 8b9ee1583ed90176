//! A text with its settings in a file or in a link, for a lesson.

use super::{Lane, sheet::MOST_LANES};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// A text, how it is laid out, and what of it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct TokenSheet {
    /// What a teacher calls it; may be empty.
    pub title: String,
    /// What a teacher says about it; may be empty.
    pub note: String,
    /// The text.
    pub text: String,
    /// The lanes, from top to bottom.
    pub lanes: Vec<Lane>,
    /// Whether `<|endoftext|>` and its like are read as special tokens.
    pub specials: bool,
    /// The id of the model whose price is shown.
    pub price_as: Option<String>,
    /// What is shown of tokens.
    pub show: TokenMarks,
    /// What has to be guessed first.
    pub hidden: Hidden,
}

/// What is shown of tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct TokenMarks {
    /// Their ids.
    pub ids: bool,
    /// Their bytes.
    pub bytes: bool,
    /// Spaces and line ends.
    pub spaces: bool,
    /// Only where they end.
    pub boundaries: bool,
}

/// What has to be guessed before it is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Hidden {
    /// Nothing.
    #[default]
    Nothing,
    /// How many tokens there are.
    Count,
    /// Where they end.
    Cut,
}

/// What a file or a link may hold of a text, in bytes; more is refused.
pub const MOST_TEXT: usize = 1024 * 1024;
/// What a title or a note may have, in bytes.
const MOST_WORDS: usize = 4_096;
/// The longest file that is read, in bytes: a text may be all escapes.
pub const LONGEST_FILE: usize = 6 * MOST_TEXT + 64 * 1024;
/// The longest link, in bytes. Longer ones are cut off on their way through mails and chats.
pub const LONGEST_LINK: usize = 32 * 1024;
/// The version of the format; that of recordings.
const VERSION: u64 = 1;
/// Every link begins so.
const LINK: &str = "tokenscope://tokens?";

/// Why a file or a link was not read or written. The message is a sentence for people.
#[derive(Debug, thiserror::Error)]
pub enum SheetFileError {
    /// It is not JSON.
    #[error("this is not a file of Tokenscope: {0}")]
    NotJson(#[from] serde_json::Error),
    /// It is JSON, but no token sheet.
    #[error("this file has no token sheet; recordings are opened in the room Runs")]
    NoSheet,
    /// A newer app wrote it.
    #[error(
        "this was written by a newer Tokenscope (its format is {0}, and {VERSION} is read here)"
    )]
    Newer(u64),
    /// Something in it is not as it has to be.
    #[error("in this token sheet {0}")]
    Bad(&'static str),
    /// It is too long.
    #[error("a token sheet has a text of at most {MOST_TEXT} bytes, and this one has more")]
    TooLong,
    /// It is no link of ours.
    #[error("this is not a link to a token sheet: those begin with tokenscope://tokens")]
    NotALink,
    /// The link does not hold what it should.
    #[error("this link is damaged: copy it again from its beginning to its end")]
    Damaged,
    /// It would be too long.
    #[error(
        "this text is too long for a link, which is cut off above {LONGEST_LINK} bytes: save it to \
         a file instead"
    )]
    TooLongForLink,
}

#[derive(Serialize)]
struct FileOut<'a> {
    tokenscope: Head<'a>,
    tokens: &'a TokenSheet,
}

#[derive(Serialize)]
struct Head<'a> {
    version: u64,
    app: &'a str,
}

#[derive(Deserialize)]
struct FileIn {
    #[serde(default)]
    tokenscope: Option<HeadIn>,
    #[serde(default)]
    tokens: Option<TokenSheet>,
}

#[derive(Deserialize)]
struct HeadIn {
    version: u64,
}

impl TokenSheet {
    /// The file that it is kept in, written by the app of that version.
    pub fn to_file(&self, app: &str) -> Result<String, SheetFileError> {
        self.check()?;
        let file = FileOut { tokenscope: Head { version: VERSION, app }, tokens: self };
        let mut text = serde_json::to_string_pretty(&file)?;
        text.push('\n');
        Ok(text)
    }

    /// Reads such a file. Fields that are not known are passed over, those that are missing are as
    /// if nothing was said.
    pub fn from_file(text: &str) -> Result<TokenSheet, SheetFileError> {
        if text.len() > LONGEST_FILE {
            return Err(SheetFileError::TooLong);
        }
        let file: FileIn = serde_json::from_str(text)?;
        let head = file.tokenscope.ok_or(SheetFileError::NoSheet)?;
        if head.version > VERSION {
            return Err(SheetFileError::Newer(head.version));
        }
        let sheet = file.tokens.ok_or(SheetFileError::NoSheet)?;
        sheet.check()?;
        Ok(sheet)
    }

    /// The link that opens it: what its file holds, in base64 that goes into an address.
    pub fn to_link(&self) -> Result<String, SheetFileError> {
        self.check()?;
        let plain = TokenSheet::default();
        let (mut fields, usual) = (serde_json::to_value(self)?, serde_json::to_value(plain)?);
        if let Value::Object(fields) = &mut fields {
            // What is as it would be anyway makes a link longer and says nothing.
            fields.retain(|name, value| usual.get(name) != Some(value));
        }
        let json = serde_json::to_string(&fields)?;
        let link = format!("{LINK}v={VERSION}&sheet={}", URL_SAFE_NO_PAD.encode(json));
        if link.len() > LONGEST_LINK { Err(SheetFileError::TooLongForLink) } else { Ok(link) }
    }

    /// Reads a link. White space around it and line breaks in it, which mails put there, are no
    /// part of it.
    pub fn from_link(link: &str) -> Result<TokenSheet, SheetFileError> {
        if link.len() > 2 * LONGEST_LINK {
            return Err(SheetFileError::NotALink);
        }
        let link: String = link.chars().filter(|it| !it.is_whitespace()).collect();
        let query = link.strip_prefix(LINK).ok_or(SheetFileError::NotALink)?;
        let field =
            |name| query.split('&').find_map(|it: &str| it.strip_prefix(name)?.strip_prefix('='));
        let version: u64 =
            field("v").and_then(|it| it.parse().ok()).ok_or(SheetFileError::Damaged)?;
        if version > VERSION {
            return Err(SheetFileError::Newer(version));
        }
        let sheet = field("sheet").ok_or(SheetFileError::Damaged)?;
        let json = URL_SAFE_NO_PAD.decode(sheet).map_err(|_| SheetFileError::Damaged)?;
        let sheet: TokenSheet =
            serde_json::from_slice(&json).map_err(|_| SheetFileError::Damaged)?;
        sheet.check()?;
        Ok(sheet)
    }

    fn check(&self) -> Result<(), SheetFileError> {
        if self.text.len() > MOST_TEXT {
            return Err(SheetFileError::TooLong);
        }
        let is_long = |words: &str| words.len() > MOST_WORDS;
        if is_long(&self.title) || is_long(&self.note) {
            return Err(SheetFileError::Bad("the title or the note is too long"));
        }
        if self.price_as.as_deref().is_some_and(|model| is_long(model) || model.is_empty()) {
            return Err(SheetFileError::Bad("the name of a model is empty or too long"));
        }
        let is_twice = |(at, lane)| self.lanes[..at].contains(lane);
        if self.lanes.len() > MOST_LANES || self.lanes.iter().enumerate().any(is_twice) {
            return Err(SheetFileError::Bad("there are more than 6 lanes, or one is there twice"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sheet() -> impl Strategy<Value = TokenSheet> {
        let lanes = prop::sample::subsequence(
            vec![Lane::O200kBase, Lane::Gpt2, Lane::Bytes, Lane::Characters, Lane::Words],
            0..=5,
        );
        let hidden = prop::sample::select(vec![Hidden::Nothing, Hidden::Count, Hidden::Cut]);
        let words = (any::<String>(), any::<String>(), any::<String>());
        let price_as = prop::option::of("[a-z0-9.:/-]{1,20}");
        let flags = any::<[bool; 5]>();
        (words, lanes, hidden, price_as, flags).prop_map(
            |(
                (title, note, text),
                lanes,
                hidden,
                price_as,
                [specials, ids, bytes, spaces, boundaries],
            )| {
                let show = TokenMarks { ids, bytes, spaces, boundaries };
                TokenSheet { title, note, text, lanes, specials, price_as, show, hidden }
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(sheet in sheet()) {
            let file = sheet.to_file("0.1.0").unwrap();
            prop_assert_eq!(&TokenSheet::from_file(&file).unwrap(), &sheet);
            let link = sheet.to_link().unwrap();
            prop_assert!(link.is_ascii() && !link.contains(char::is_whitespace));
            prop_assert_eq!(&TokenSheet::from_link(&link).unwrap(), &sheet);
            let broken = format!("  {}\r\n{}\n", &link[..link.len() / 2], &link[link.len() / 2..]);
            prop_assert_eq!(&TokenSheet::from_link(&broken).unwrap(), &sheet);
        }

        #[test]
        fn whatever_is_opened_is_read_or_refused(sheet in sheet(), at in 0.0..1.0f64, byte in any::<char>(), any in any::<String>()) {
            for text in [sheet.to_file("0.1.0").unwrap(), sheet.to_link().unwrap()] {
                let place = text.char_indices().nth((at * text.chars().count() as f64) as usize);
                let spoilt = match place {
                    Some((at, old)) => format!("{}{byte}{}", &text[..at], &text[at + old.len_utf8()..]),
                    None => text,
                };
                for text in [&spoilt, &any] {
                    for read in [TokenSheet::from_file(text), TokenSheet::from_link(text)] {
                        prop_assert!(read.is_err() || read.is_ok_and(|sheet| sheet.check().is_ok()));
                    }
                }
            }
        }
    }

    /// What the documents say of a file holds for every one that is written.
    #[test]
    fn a_file_is_as_the_schema_says() {
        let schema = include_str!("../../../../../docs/recording-format.schema.json");
        let schema: Value = serde_json::from_str(schema).unwrap();
        let sheet = &schema["$defs"]["sheet"]["properties"];
        let usual = serde_json::to_value(TokenSheet::default()).unwrap();
        let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(sheet), names(&usual));
        assert_eq!(names(&sheet["show"]["properties"]), names(&usual["show"]));
        assert_eq!(sheet["text"]["maxLength"], MOST_TEXT);
        assert_eq!(
            (&sheet["note"]["maxLength"], &sheet["title"]["maxLength"]),
            (&MOST_WORDS.into(), &MOST_WORDS.into())
        );
        for (place, count) in [(&sheet["lanes"]["items"]["enum"], 9), (&sheet["hidden"]["enum"], 3)]
        {
            assert_eq!(place.as_array().unwrap().len(), count);
        }
        for lane in sheet["lanes"]["items"]["enum"].as_array().unwrap() {
            serde_json::from_value::<Lane>(lane.clone()).unwrap();
        }
        let doc = include_str!("../../../../../docs/recording-format.md");
        let example = doc.rsplit("```json").next().unwrap().split("```").next().unwrap();
        assert_eq!(TokenSheet::from_file(example).unwrap().text, "strawberry");
    }

    #[test]
    fn what_is_refused_says_why() {
        let head = r#"{"tokenscope": {"version": 1}, "tokens": "#;
        for (file, says) in [
            ("", "this is not a file of Tokenscope"),
            ("[]", "this file has no token sheet"),
            ("{}", "this file has no token sheet"),
            (r#"{"tokenscope": {"version": 1}, "runs": []}"#, "this file has no token sheet"),
            (r#"{"tokenscope": {"version": 2}, "tokens": {}}"#, "this was written by a newer"),
            (&format!(r#"{head}{{"text": 7}}}}"#), "this is not a file of Tokenscope"),
            (&format!(r#"{head}{{"lanes": ["base64"]}}}}"#), "this is not a file of Tokenscope"),
            (&format!(r#"{head}{{"lanes": ["gpt2", "gpt2"]}}}}"#), "in this token sheet there are"),
            (&format!(r#"{head}{{"price_as": ""}}}}"#), "in this token sheet the name"),
            (
                &format!(r#"{head}{{"note": "{}"}}}}"#, "x".repeat(5_000)),
                "in this token sheet the t",
            ),
            (
                &format!(r#"{head}{{"text": "{}"}}}}"#, "x".repeat(MOST_TEXT + 1)),
                "a token sheet has",
            ),
            (&" ".repeat(LONGEST_FILE + 1), "a token sheet has"),
            (&"[".repeat(100_000), "this is not a file of Tokenscope"),
        ] {
            let error = TokenSheet::from_file(file).unwrap_err().to_string();
            assert!(error.starts_with(says), "{error}");
        }
        for (link, says) in [
            ("https://example.com", "this is not a link"),
            ("tokenscope://runs?v=1", "this is not a link"),
            ("tokenscope://tokens?", "this link is damaged"),
            ("tokenscope://tokens?v=1&sheet=e", "this link is damaged"),
            ("tokenscope://tokens?v=1&sheet=e30.", "this link is damaged"),
            ("tokenscope://tokens?v=2&sheet=e30", "this was written by a newer"),
        ] {
            let error = TokenSheet::from_link(link).unwrap_err().to_string();
            assert!(error.starts_with(says), "{error}");
        }
        let usual = TokenSheet::default();
        assert_eq!(TokenSheet::from_link("tokenscope://tokens?v=1&sheet=e30").unwrap(), usual);
        let long = TokenSheet { text: "x".repeat(30_000), ..usual };
        assert!(matches!(long.to_link(), Err(SheetFileError::TooLongForLink)));
    }

    #[test]
    fn what_is_not_known_is_passed_over() {
        let file = r#"{"tokenscope": {"version": 1, "app": "9"}, "later": 1,
            "tokens": {"text": "a", "colour": "red", "hidden": "cut"}}"#;
        let expected =
            TokenSheet { text: "a".into(), hidden: Hidden::Cut, ..TokenSheet::default() };
        assert_eq!(TokenSheet::from_file(file).unwrap(), expected);
    }
}
