//! A conversation as the model reads it: one text, with marks where a message begins and ends.

use super::{Encoding, MessageTokens, Overhead, Span, TokenError, cut, elsewhere, prompt};
use crate::{
    Message, Provider, Role,
    models::{EncodingChoice, Tokenizer, encoding_for, row_of, tokenizer_of},
    prices::certainty,
};
use serde::Serialize;
use ts_rs::TS;

/// The parts of a prompt, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ConversationParts {
    /// Where the layout comes from, in a sentence.
    pub layout: String,
    /// The parts.
    pub parts: Vec<ConversationPart>,
    /// Their tokens together.
    pub total: u32,
    /// Whether that is what the provider counts.
    pub total_exact: bool,
    /// The fewest tokens that it likely counts; the same as `total` if that is exact.
    pub low: u32,
    /// The most.
    pub high: u32,
}

/// A part of a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ConversationPart {
    /// What it is.
    pub kind: PartKind,
    /// The number of the message that it belongs to; none for the beginning of the reply, and for
    /// what stands somewhere around the messages.
    pub message: Option<u32>,
    /// Who speaks in that message; none where there is none.
    pub role: Option<Role>,
    /// What it says; empty for what stands around messages.
    pub text: String,
    /// How many tokens it has.
    pub tokens: u32,
    /// The fewest that it likely has; the same as `tokens` if it is exact.
    pub low: u32,
    /// The most.
    pub high: u32,
    /// The id of a mark, where it is public.
    pub id: Option<u32>,
    /// Whether this is known to be what the model reads.
    pub exact: bool,
    /// Why it is an estimate, in a sentence or two.
    pub why: Option<String>,
    /// How it is cut, from its beginning; nothing for a mark, and where nobody knows.
    pub spans: Vec<Span>,
}

/// What a part of a prompt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PartKind {
    /// A special token between roles and texts.
    Mark,
    /// Who speaks.
    Role,
    /// What they say.
    Text,
    /// All that stands around messages, where neither the marks nor their number are known.
    Around,
}

/// How much of the texts is shown as spans, in all.
const MOST_SPANS: usize = 3_000;

/// The marks of the harmony layout, in which a message is `<|start|>role<|message|>text<|end|>`.
const START: &str = "<|start|>";
const MESSAGE: &str = "<|message|>";
const END: &str = "<|end|>";

/// The parts of a prompt with these messages, as the model of the id `model` reads it.
///
/// Their tokens together are those of [`prompt`](super::prompt), but without the start of a reply
/// where a reply is the last message: then a question has yet to follow. The layout is that of
/// `o200k_harmony`, the only one that is published with its ids; of other models just the number of
/// marks is known, which was measured. Where not even that is known no mark is named, and where no
/// vocabulary is public no piece is drawn.
pub fn conversation(model: &str, messages: &[Message]) -> Result<ConversationParts, TokenError> {
    let choice = encoding_for(model);
    let read = prompt(choice.encoding, messages, choice.overhead, MOST_SPANS)?;
    let tokenizer = tokenizer_of(model);
    let is_ours = row_of(model)
        .and_then(|row| Provider::find(&row.provider))
        .is_some_and(Provider::is_practice);
    let begins = messages.last().is_some_and(|last| last.role != Role::Assistant);
    let total_exact = choice.exact && read.overhead_known;
    let layout = Layout { choice, tokenizer, is_ours };
    let mut parts = Vec::new();
    for (number, message) in read.messages.into_iter().enumerate() {
        let text = messages[number].text.clone();
        parts.extend(layout.message(number as u32, text, message)?);
    }
    if begins && layout.has_marks() {
        parts.extend(layout.beginning()?);
    }
    if !layout.has_marks() && !messages.is_empty() {
        parts.push(layout.around(read.overhead));
    }
    let sum = |of: fn(&ConversationPart) -> u32| parts.iter().map(of).sum::<u32>();
    let around = sum(|part| if part.kind == PartKind::Text { 0 } else { part.tokens });
    let total = sum(|part| part.tokens);
    let sure = certainty(model, total.into(), around.into(), None);
    let [low, high] = [sure.low_tokens, sure.high_tokens].map(|it| it as u32);
    // No less is read than the marks that are public.
    let low = if layout.is_public() { total } else { low };
    Ok(ConversationParts { layout: layout.says().into(), parts, total, total_exact, low, high })
}

struct Layout {
    choice: EncodingChoice,
    tokenizer: Tokenizer,
    /// Whether this program is what reads it.
    is_ours: bool,
}

impl Layout {
    /// Whether the marks are published.
    fn is_public(&self) -> bool {
        self.choice.exact && self.choice.encoding == Encoding::O200kHarmony
    }

    /// Whether at least the number of marks is known.
    fn has_marks(&self) -> bool {
        self.is_public() || self.choice.overhead != Overhead::Unknown
    }

    fn says(&self) -> &'static str {
        if self.is_public() {
            "The layout is published with the model. What its server writes before your first \
             message, such as the date, is not in it."
        } else if self.is_ours {
            "Practice counts as many tokens around each message as the models of OpenAI do: the \
             count is exact. Its marks have no names; those of o200k_harmony stand in for them."
        } else if self.has_marks() {
            "How this model is told who speaks is not published, but the number of marks was \
             measured on recorded calls. The layout of o200k_harmony stands in for it."
        } else if self.choice.has_pieces {
            "How this model is told who speaks is not published, so no mark is drawn."
        } else {
            "Neither how this model cuts a text nor how it is told who speaks is published: so \
             no piece and no mark is drawn."
        }
    }

    /// A message with what stands around it.
    fn message(
        &self,
        number: u32,
        text: String,
        read: MessageTokens,
    ) -> Result<Vec<ConversationPart>, TokenError> {
        let of = (Some(number), Some(read.role));
        let text = self.text(text, read);
        if !self.has_marks() {
            return Ok(vec![ConversationPart { message: of.0, role: of.1, ..text }]);
        }
        let role = of.1.map_or("", Role::as_str);
        let parts = [self.mark(START), self.role(role)?, self.mark(MESSAGE), text, self.mark(END)];
        Ok(parts.map(|it| ConversationPart { message: of.0, role: of.1, ..it }).into())
    }

    /// What stands at the end and lets the model begin.
    fn beginning(&self) -> Result<Vec<ConversationPart>, TokenError> {
        let mut parts = vec![self.mark(START), self.role(Role::Assistant.as_str())?];
        if self.choice.overhead != Overhead::Reasoning {
            parts.push(self.mark(MESSAGE));
        }
        Ok(parts)
    }

    fn mark(&self, name: &str) -> ConversationPart {
        let is_public = self.is_public();
        let id = Encoding::O200kHarmony.special(name).filter(|_| is_public);
        let why = (!is_public && !self.is_ours)
            .then(|| "One token was measured here; which it is is not published.".to_owned());
        part(PartKind::Mark, name.to_owned(), 1, id, why)
    }

    fn role(&self, role: &str) -> Result<ConversationPart, TokenError> {
        let cut = cut(self.choice.encoding, role, MOST_SPANS)?;
        let why = (!self.choice.exact)
            .then(|| "How this model is told who speaks is not published.".to_owned());
        let part = part(PartKind::Role, role.to_owned(), cut.count, None, why);
        Ok(ConversationPart { spans: cut.spans, ..part })
    }

    fn text(&self, text: String, read: MessageTokens) -> ConversationPart {
        let why = (!self.choice.exact).then(|| elsewhere::how(&self.choice, &self.tokenizer));
        let part = part(PartKind::Text, text, read.cut.count, None, why);
        let (low, high) = self.tokenizer.range(part.tokens);
        let spans = if self.choice.has_pieces { read.cut.spans } else { Vec::new() };
        ConversationPart { low, high, spans, ..part }
    }

    fn around(&self, tokens: u32) -> ConversationPart {
        let why = "What stands around the messages may be nothing, or twice as many tokens.";
        let part = part(PartKind::Around, String::new(), tokens, None, Some(why.into()));
        ConversationPart { low: 0, high: 2 * tokens, ..part }
    }
}

/// A part that belongs to no message yet; it is exact if no reason says otherwise.
fn part(
    kind: PartKind,
    text: String,
    tokens: u32,
    id: Option<u32>,
    why: Option<String>,
) -> ConversationPart {
    let (message, role, spans, exact) = (None, None, Vec::new(), why.is_none());
    let (low, high) = (tokens, tokens);
    ConversationPart { kind, message, role, text, tokens, low, high, id, exact, why, spans }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODELS: [&str; 9] = [
        "gpt-4o-mini",
        "gpt-5.6-sol",
        "gpt-4",
        "gpt-oss-20b",
        "gpt-6-luna",
        "practice-1",
        "gpt2",
        "claude-opus-5-5",
        "no-such-model",
    ];
    const NO_VOCABULARY: [&str; 5] =
        ["claude-opus-5-5", "claude-haiku-4-5", "gemini-2.5-flash", "llama3.2:1b", "mystery-9"];

    fn chat() -> Vec<Message> {
        let say = |role, text: &str| Message { role, text: text.into() };
        vec![
            say(Role::System, "Be brief."),
            say(Role::User, "Why is <|start|> the sky 👩‍🚀 blue?"),
            say(Role::Assistant, ""),
            say(Role::User, "And?"),
        ]
    }

    #[test]
    fn the_parts_come_to_what_the_prompt_costs() {
        for model in MODELS {
            let choice = encoding_for(model);
            for length in 0..=4 {
                let messages = &chat()[..length];
                let read = conversation(model, messages).unwrap();
                let sum: u32 = read.parts.iter().map(|part| part.tokens).sum();
                let expected = prompt(choice.encoding, messages, choice.overhead, 9).unwrap();
                // After a reply comes a question and not the start of another reply.
                let begin = if choice.overhead == Overhead::Reasoning { 2 } else { 3 };
                let has_marks = read.parts.iter().any(|it| it.kind == PartKind::Mark);
                let has_begin = length == 3 && has_marks;
                let expected = expected.total - if has_begin { begin } else { 0 };
                assert_eq!((sum, read.total), (expected, expected), "{model}, {length}");
                assert!(read.low <= read.total && read.total <= read.high, "{model}");
                assert!(!read.total_exact || read.low == read.high, "{model}");
            }
        }
    }

    #[test]
    fn only_what_is_published_is_exact() {
        for model in MODELS {
            let choice = encoding_for(model);
            let read = conversation(model, &chat()).unwrap();
            for part in &read.parts {
                assert_eq!(part.why.is_none(), part.exact, "{model}: {part:?}");
                assert!(!part.exact || part.low == part.high, "{model}: {part:?}");
                let why = part.why.as_deref().unwrap_or("Exact.");
                assert!(why.ends_with('.') && why.starts_with(char::is_uppercase), "{why}");
                assert!(part.id.is_none() || part.exact, "{model} has an id: {part:?}");
            }
            let marks = read.parts.iter().filter(|part| part.kind == PartKind::Mark);
            let is_known = ["gpt-oss-20b", "practice-1"].contains(&model);
            assert!(marks.clone().all(|it| it.exact == is_known), "{model}");
            assert_eq!(read.total_exact, choice.exact && choice.overhead != Overhead::Unknown);
        }
    }

    #[test]
    fn without_a_public_vocabulary_no_piece_and_no_mark_is_made_up() {
        for model in NO_VOCABULARY {
            let read = conversation(model, &chat()).unwrap();
            let kinds: Vec<_> = read.parts.iter().map(|it| it.kind).collect();
            let texts = [PartKind::Text; 4];
            assert_eq!(kinds, [&texts[..], &[PartKind::Around]].concat(), "{model}");
            assert_eq!(read.parts[0].role, Some(Role::System), "{model}");
            assert!(read.parts.iter().all(|it| it.spans.is_empty() && it.id.is_none()), "{model}");
            let tokenizer = tokenizer_of(model);
            let text = &read.parts[1];
            assert_eq!((text.low, text.high), tokenizer.range(text.tokens), "{model}");
            let range = format!("{} to {} %", tokenizer.low_percent, tokenizer.high_percent);
            assert!(text.why.as_deref().is_some_and(|why| why.contains(&range)), "{text:?}");
            assert!(!read.layout.contains("harmony"), "{}", read.layout);
        }
        // The number of marks of gpt2 is not known either, but its pieces are.
        let read = conversation("gpt2", &chat()).unwrap();
        assert!(read.parts.iter().all(|it| it.kind != PartKind::Mark));
        assert!(!read.parts[0].spans.is_empty());
        let assumed = conversation("gpt-6-luna", &chat()).unwrap();
        assert!(!assumed.parts[3].spans.is_empty() && !assumed.parts[3].exact);
    }

    #[test]
    fn practice_is_known_exactly() {
        let read = conversation("practice-1:status=429", &chat()).unwrap();
        assert!(read.total_exact && read.parts.iter().all(|it| it.exact));
        assert!(read.layout.contains("exact"));
    }

    #[test]
    fn a_message_stands_between_its_marks() {
        let read = conversation("gpt-oss-20b", &chat()[..1]).unwrap();
        let parts: Vec<_> =
            read.parts.iter().map(|it| (it.text.as_str(), it.id, it.message)).collect();
        assert_eq!(
            parts,
            [
                ("<|start|>", Some(200_006), Some(0)),
                ("system", None, Some(0)),
                ("<|message|>", Some(200_008), Some(0)),
                ("Be brief.", None, Some(0)),
                ("<|end|>", Some(200_007), Some(0)),
                ("<|start|>", Some(200_006), None),
                ("assistant", None, None),
                ("<|message|>", Some(200_008), None),
            ]
        );
    }
}
