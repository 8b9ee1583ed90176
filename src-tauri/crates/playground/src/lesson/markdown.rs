//! The Markdown of a lesson as a small tree, so that the page draws it without any HTML.

use super::{
    LessonError,
    controls::{LensName, PageControl, Room},
};
use crate::glossary;
use pulldown_cmark::{CodeBlockKind, Event, OffsetIter, Options, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize, de::value::StrDeserializer};
use std::iter::Peekable;
use ts_rs::TS;

/// A block of text.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum TextBlock {
    /// Some sentences.
    Paragraph {
        /// Them.
        spans: Vec<TextSpan>,
    },
    /// A list.
    List {
        /// Whether its items are counted.
        is_ordered: bool,
        /// What each holds.
        items: Vec<Vec<TextBlock>>,
    },
    /// Lines that are shown as they are.
    Code {
        /// The language they are written in; empty if that was not said.
        language: String,
        /// The lines.
        text: String,
    },
}

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum TextSpan {
    /// Words.
    Text {
        /// Them.
        text: String,
    },
    /// Words to be set as on the wire.
    Code {
        /// Them.
        text: String,
    },
    /// What is important.
    Strong {
        /// It.
        spans: Vec<TextSpan>,
    },
    /// What is stressed.
    Emphasis {
        /// It.
        spans: Vec<TextSpan>,
    },
    /// Words that lead somewhere.
    Link {
        /// Where.
        to: LessonLink,
        /// The words.
        spans: Vec<TextSpan>,
    },
}

/// Where a link leads: never out of the window.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum LessonLink {
    /// To a room.
    Room {
        /// Which.
        room: Room,
    },
    /// To a lens of the Play room.
    Lens {
        /// Which.
        lens: LensName,
    },
    /// To something that can be pressed, turned or written in.
    Control {
        /// Which.
        control: PageControl,
    },
    /// To what a field on the wire means.
    Field {
        /// Its place in the body.
        place: String,
        /// What it is, in a sentence.
        says: String,
    },
    /// To another lesson.
    Lesson {
        /// Its slug.
        slug: String,
    },
}

/// A part of a lesson's file.
pub(super) enum Piece {
    Text(TextBlock),
    /// A fenced block whose word is in the list of those: the word, its text, and the line of that.
    Fenced(String, String, usize),
}

/// Where a text stands, and what is needed to find what its links lead to.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The line of the file in which it begins, counted from 1.
    pub line: usize,
    /// The wire format of the lesson.
    pub dialect: &'a str,
}

/// The pieces of a lesson's body; `fenced` are the words of fenced blocks that are no text.
pub(super) fn pieces(
    text: &str,
    place: Place<'_>,
    fenced: &[&str],
) -> Result<Vec<Piece>, LessonError> {
    let mut reader = Reader::new(text, place);
    let mut pieces = Vec::new();
    while let Some((event, range)) = reader.events.peek() {
        let at = range.start;
        if let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(word))) = event
            && fenced.contains(&&**word)
        {
            let word = word.to_string();
            reader.events.next();
            // The text begins in the line below the fence.
            let line = reader.line(at) + 1;
            pieces.push(Piece::Fenced(word, reader.code(), line));
        } else {
            pieces.extend(reader.block()?.map(Piece::Text));
        }
    }
    Ok(pieces)
}

/// A text that has no fenced blocks of that kind.
pub(super) fn blocks(text: &str, place: Place<'_>) -> Result<Vec<TextBlock>, LessonError> {
    Reader::new(text, place).blocks()
}

/// A text of one paragraph.
pub(super) fn spans(text: &str, place: Place<'_>) -> Result<Vec<TextSpan>, LessonError> {
    match blocks(text, place)?.as_mut_slice() {
        [TextBlock::Paragraph { spans }] => Ok(std::mem::take(spans)),
        _ => Err(LessonError::new(place.line, "this has to be one paragraph")),
    }
}

struct Reader<'a> {
    events: Peekable<OffsetIter<'a>>,
    text: &'a str,
    place: Place<'a>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, place: Place<'a>) -> Reader<'a> {
        let events = Parser::new_ext(text, Options::empty()).into_offset_iter().peekable();
        Reader { events, text, place }
    }

    fn line(&self, at: usize) -> usize {
        self.place.line + self.text[..at].matches('\n').count()
    }

    fn wrong<T>(&self, at: usize, why: impl Into<String>) -> Result<T, LessonError> {
        Err(LessonError::new(self.line(at), why))
    }

    /// Blocks up to the end of what they stand in, which is taken too.
    fn blocks(&mut self) -> Result<Vec<TextBlock>, LessonError> {
        let mut blocks = Vec::new();
        while let Some((event, _)) = self.events.peek() {
            if matches!(event, Event::End(_)) {
                self.events.next();
                break;
            }
            blocks.extend(self.block()?);
        }
        Ok(blocks)
    }

    fn block(&mut self) -> Result<Option<TextBlock>, LessonError> {
        let Some((event, range)) = self.events.peek() else { return Ok(None) };
        let at = range.start;
        let block = match event {
            Event::Start(Tag::Paragraph) => {
                self.events.next();
                let spans = self.spans()?;
                self.events.next();
                TextBlock::Paragraph { spans }
            }
            Event::Start(Tag::List(first)) => {
                let is_ordered = first.is_some();
                self.events.next();
                TextBlock::List { is_ordered, items: self.items()? }
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(word) => word.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.events.next();
                TextBlock::Code { language, text: self.code() }
            }
            // The items of a tight list have no paragraphs.
            event if is_inline(event) => TextBlock::Paragraph { spans: self.spans()? },
            _ => {
                return self.wrong(
                    at,
                    "a lesson has paragraphs, lists and code blocks, and nothing else of Markdown",
                );
            }
        };
        Ok(Some(block))
    }

    fn items(&mut self) -> Result<Vec<Vec<TextBlock>>, LessonError> {
        let mut items = Vec::new();
        while let Some((Event::Start(Tag::Item), _)) = self.events.next() {
            items.push(self.blocks()?);
        }
        Ok(items)
    }

    fn code(&mut self) -> String {
        let mut code = String::new();
        while let Some((Event::Text(text), _)) = self.events.next() {
            code.push_str(&text);
        }
        code
    }

    /// Spans up to whatever is none, which is left.
    fn spans(&mut self) -> Result<Vec<TextSpan>, LessonError> {
        let mut spans: Vec<TextSpan> = Vec::new();
        while let Some((event, _)) = self.events.peek() {
            if !is_inline(event) {
                break;
            }
            let (event, range) = self.events.next().expect("it was just seen");
            match (self.span(event, range.start)?, spans.last_mut()) {
                (TextSpan::Text { text: more }, Some(TextSpan::Text { text })) => {
                    text.push_str(&more);
                }
                (span, _) => spans.push(span),
            }
        }
        Ok(spans)
    }

    fn span(&mut self, event: Event<'_>, at: usize) -> Result<TextSpan, LessonError> {
        Ok(match event {
            Event::Text(text) => TextSpan::Text { text: text.to_string() },
            Event::Code(text) => TextSpan::Code { text: text.to_string() },
            Event::SoftBreak | Event::HardBreak => TextSpan::Text { text: " ".into() },
            Event::Start(Tag::Strong) => TextSpan::Strong { spans: self.inner()? },
            Event::Start(Tag::Emphasis) => TextSpan::Emphasis { spans: self.inner()? },
            Event::Start(Tag::Link { dest_url, .. }) => {
                let to = self.link(&dest_url, at)?;
                TextSpan::Link { to, spans: self.inner()? }
            }
            _ => return self.wrong(at, "a lesson has no pictures and no HTML"),
        })
    }

    fn inner(&mut self) -> Result<Vec<TextSpan>, LessonError> {
        let spans = self.spans()?;
        self.events.next();
        Ok(spans)
    }

    fn link(&self, url: &str, at: usize) -> Result<LessonLink, LessonError> {
        let (kind, name) = url.split_once(':').unwrap_or((url, ""));
        let link = match kind {
            "room" => named(name).map(|room| LessonLink::Room { room }),
            "lens" => named(name).map(|lens| LessonLink::Lens { lens }),
            "control" => named(name).map(|control| LessonLink::Control { control }),
            "field" => self.field(name),
            "lesson" => Some(LessonLink::Lesson { slug: name.into() }),
            _ => {
                return self
                    .wrong(at, format!("{url:?} is no room:, lens:, control:, field: or lesson:"));
            }
        };
        match link {
            Some(link) => Ok(link),
            None => self.wrong(at, format!("there is no {kind} called {name:?}")),
        }
    }

    /// The sentence of a field: `usage.prompt_tokens`, or `anthropic/stop_reason` of another format.
    fn field(&self, name: &str) -> Option<LessonLink> {
        let (dialect, place) = name.split_once('/').unwrap_or((self.place.dialect, name));
        let glossary = glossary::of(dialect)?;
        let lists = [
            &glossary.request,
            &glossary.response,
            &glossary.request_headers,
            &glossary.response_headers,
        ];
        let gloss = lists.into_iter().flatten().find(|gloss| gloss.place == place)?;
        Some(LessonLink::Field { place: place.into(), says: gloss.says.clone() })
    }
}

fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Text(_) | Event::Code(_) | Event::SoftBreak | Event::HardBreak => true,
        Event::InlineHtml(_) => true,
        Event::Start(tag) => {
            matches!(tag, Tag::Strong | Tag::Emphasis | Tag::Link { .. } | Tag::Image { .. })
        }
        Event::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link) => false,
        _ => false,
    }
}

/// The variant of that name, of an enum without fields.
pub(super) fn named<'de, T: Deserialize<'de>>(name: &'de str) -> Option<T> {
    T::deserialize(StrDeserializer::<serde::de::value::Error>::new(name)).ok()
}

/// The words of some spans, without their form.
pub fn words(spans: &[TextSpan]) -> String {
    let word = |span: &TextSpan| match span {
        TextSpan::Text { text } | TextSpan::Code { text } => text.clone(),
        TextSpan::Strong { spans }
        | TextSpan::Emphasis { spans }
        | TextSpan::Link { spans, .. } => words(spans),
    };
    spans.iter().map(word).collect()
}
