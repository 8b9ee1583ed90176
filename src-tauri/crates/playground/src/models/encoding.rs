//! Which encoding cuts a model's text: by its row, or by its name.

use super::{Model, row_of};
use crate::tokens::{Encoding, Overhead};
use serde::Serialize;
use tiktoken_rs::tokenizer::{self, Tokenizer};
use ts_rs::TS;

/// Which encoding to cut a model's text with, and whether the count will be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct EncodingChoice {
    /// The encoding.
    pub encoding: Encoding,
    /// Whether the model is known to use it. If not, pieces and counts are an estimate.
    pub exact: bool,
    /// Why it is an estimate, in a sentence for people; none when `exact`.
    pub reason: Option<String>,
    /// Whether its pieces may be shown: they are known, or assumed for a reason. Where no public
    /// vocabulary is known for the model, nobody knows its pieces, and only a count is made.
    pub has_pieces: bool,
    /// What the model adds to the messages of a prompt.
    pub overhead: Overhead,
}

/// How to cut the text of the model `id`: by its row, else as tiktoken maps the name, else with
/// `o200k_base` as an estimate.
///
/// A variant of a model is cut as that is.
pub fn encoding_for(id: &str) -> EncodingChoice {
    match row_of(id) {
        Some(model) => encoding_of(model),
        None => encoding_by_name(id),
    }
}

fn encoding_of(model: &Model) -> EncodingChoice {
    let reason = match model.encoding {
        Some(_) if model.encoding_exact => None,
        Some(assumed) => Some(format!(
            "the tokenizer of {} is not published; {} is assumed",
            model.name,
            assumed.id()
        )),
        None => Some(format!("no public tokenizer is known for {}", model.name)),
    };
    EncodingChoice {
        encoding: model.encoding.unwrap_or(Encoding::O200kBase),
        exact: reason.is_none(),
        reason,
        has_pieces: model.encoding.is_some(),
        overhead: model.overhead,
    }
}

fn encoding_by_name(id: &str) -> EncodingChoice {
    match tokenizer::get_tokenizer(id) {
        Some(tokenizer) => EncodingChoice {
            encoding: encoding_of_tokenizer(tokenizer),
            exact: true,
            reason: None,
            has_pieces: true,
            overhead: overhead_by_name(id),
        },
        None => EncodingChoice {
            encoding: Encoding::O200kBase,
            exact: false,
            reason: Some(format!("the tokenizer of {id} is not known")),
            has_pieces: false,
            overhead: Overhead::Unknown,
        },
    }
}

/// `p50k_edit` differs from `p50k_base` in special tokens only.
fn encoding_of_tokenizer(tokenizer: Tokenizer) -> Encoding {
    match tokenizer {
        Tokenizer::O200kBase => Encoding::O200kBase,
        Tokenizer::O200kHarmony => Encoding::O200kHarmony,
        Tokenizer::Cl100kBase => Encoding::Cl100kBase,
        Tokenizer::P50kBase | Tokenizer::P50kEdit => Encoding::P50kBase,
        Tokenizer::R50kBase => Encoding::R50kBase,
        Tokenizer::Gpt2 => Encoding::Gpt2,
    }
}

/// The families that the overhead was measured on; `ft:` names a model tuned from another.
fn overhead_by_name(id: &str) -> Overhead {
    let name = id.strip_prefix("ft:").unwrap_or(id);
    let begins = |families: &[&str]| families.iter().any(|family| name.starts_with(family));
    if begins(&["gpt-5", "o1", "o3", "o4"]) {
        Overhead::Reasoning
    } else if begins(&["gpt-4", "gpt-3.5", "chatgpt-4o"]) {
        Overhead::Classic
    } else {
        Overhead::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_says_whether_it_is_exact() {
        use Encoding::{Cl100kBase, Gpt2, O200kBase, O200kHarmony};
        use Overhead::{Classic, Reasoning, Unknown};
        for (id, encoding, exact, overhead) in [
            ("practice-1", O200kBase, true, Classic),
            ("practice-1:status=429,times=1", O200kBase, true, Classic),
            ("gpt-4o-mini", O200kBase, true, Classic),
            ("gpt-4o-mini:batch", O200kBase, true, Classic),
            (":", O200kBase, false, Unknown),
            ("gpt-5.6-sol", O200kBase, true, Reasoning),
            ("gpt-6-luna", O200kBase, false, Reasoning),
            ("claude-opus-5-5", O200kBase, false, Unknown),
            ("gemini-2.5-flash", O200kBase, false, Unknown),
            ("gpt-4-0613", Cl100kBase, true, Classic),
            ("ft:gpt-4o:org:name:id", O200kBase, true, Classic),
            ("o1-mini", O200kBase, true, Reasoning),
            ("gpt-oss-20b", O200kHarmony, true, Unknown),
            ("gpt2", Gpt2, true, Unknown),
            ("gpt-6-moon", O200kBase, false, Unknown),
            ("llama3.2:1b", O200kBase, false, Unknown),
        ] {
            let choice = encoding_for(id);
            let found = (choice.encoding, choice.exact, choice.overhead);
            assert_eq!(found, (encoding, exact, overhead), "{id}");
            assert_eq!(choice.reason.is_none(), exact, "{id} gives no reason");
        }
    }
}
