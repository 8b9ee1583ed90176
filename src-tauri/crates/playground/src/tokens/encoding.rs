//! The vocabularies that we carry.

use serde::{Deserialize, Serialize};
use tiktoken_rs::{CoreBPE, tokenizer::Tokenizer};
use ts_rs::TS;

/// A public vocabulary of OpenAI's, with the rules that cut text before tokens are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Encoding {
    /// gpt-4o, gpt-4.1, gpt-5 and the o-series.
    O200kBase,
    /// gpt-oss: cuts text as `o200k_base` does, and has more special tokens.
    O200kHarmony,
    /// gpt-4, gpt-3.5-turbo and the text-embedding models.
    Cl100kBase,
    /// The code models of 2022.
    P50kBase,
    /// gpt-2 and gpt-3.
    R50kBase,
}

impl Encoding {
    /// Every encoding, newest first.
    pub const ALL: [Encoding; 5] = [
        Encoding::O200kBase,
        Encoding::O200kHarmony,
        Encoding::Cl100kBase,
        Encoding::P50kBase,
        Encoding::R50kBase,
    ];

    /// The name that tiktoken gives it, such as `o200k_base`.
    pub fn id(self) -> &'static str {
        match self {
            Encoding::O200kBase => "o200k_base",
            Encoding::O200kHarmony => "o200k_harmony",
            Encoding::Cl100kBase => "cl100k_base",
            Encoding::P50kBase => "p50k_base",
            Encoding::R50kBase => "r50k_base",
        }
    }

    /// The encoding of that [`id`](Self::id).
    pub fn from_id(id: &str) -> Option<Encoding> {
        Encoding::ALL.into_iter().find(|encoding| encoding.id() == id)
    }

    /// Its vocabulary, loaded on first use, which takes some tenths of a second.
    pub(super) fn vocabulary(self) -> &'static CoreBPE {
        match self {
            Encoding::O200kBase => tiktoken_rs::o200k_base_singleton(),
            Encoding::O200kHarmony => tiktoken_rs::o200k_harmony_singleton(),
            Encoding::Cl100kBase => tiktoken_rs::cl100k_base_singleton(),
            Encoding::P50kBase => tiktoken_rs::p50k_base_singleton(),
            Encoding::R50kBase => tiktoken_rs::r50k_base_singleton(),
        }
    }
}

impl From<Tokenizer> for Encoding {
    /// `gpt2` and `p50k_edit` differ from their namesakes in special tokens only.
    fn from(tokenizer: Tokenizer) -> Encoding {
        match tokenizer {
            Tokenizer::O200kBase => Encoding::O200kBase,
            Tokenizer::O200kHarmony => Encoding::O200kHarmony,
            Tokenizer::Cl100kBase => Encoding::Cl100kBase,
            Tokenizer::P50kBase | Tokenizer::P50kEdit => Encoding::P50kBase,
            Tokenizer::R50kBase | Tokenizer::Gpt2 => Encoding::R50kBase,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_found_and_written_by_its_id() {
        for encoding in Encoding::ALL {
            assert_eq!(Encoding::from_id(encoding.id()), Some(encoding));
            let json = serde_json::to_value(encoding).unwrap();
            assert_eq!(json, encoding.id(), "serde and id() must agree");
            assert_eq!(serde_json::from_value::<Encoding>(json).unwrap(), encoding);
        }
        assert_eq!(Encoding::from_id("o200k"), None);
    }
}
