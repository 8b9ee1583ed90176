//! Text into tokens, as OpenAI's public encodings cut it.
//!
//! A text goes through two cuts: `pieces` cuts it by a pattern, `merge` merges the bytes of each
//! piece into entries of a `vocabulary`. The vocabularies are tables that `build.rs` takes from
//! tiktoken-rs; they are part of the program and read where they lie, by the rules of `index`.
//!
//! ```
//! use encodings::Encoding::O200kBase;
//!
//! assert_eq!(O200kBase.encode("hello world"), [24912, 2375]);
//! assert_eq!(O200kBase.pieces("hello world").collect::<Vec<_>>(), ["hello", " world"]);
//! assert_eq!(O200kBase.bytes(2375), Some(&b" world"[..]));
//! ```
//!
//! A [`Cutting`] keeps the tokens of a text that changes: of what was cut before, it cuts again
//! only what a change can have touched.

mod cutting;
mod index;
mod merge;
mod pieces;
mod specials;
mod tiling;
mod vocabulary;

pub use cutting::{Cutting, Placed};
pub use merge::steps::Step;
pub use pieces::Alternative;
pub use specials::look_alikes;
pub use tiling::{Change, Recut, Sums, Tiling};

use pieces::Rules;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use vocabulary::Vocabulary;

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
    /// gpt-3.
    R50kBase,
    /// gpt-2: the same tokens as `r50k_base`, under the name that its papers and tools use.
    Gpt2,
}

impl Encoding {
    /// Every encoding, newest first.
    pub const ALL: [Encoding; 6] = [
        Encoding::O200kBase,
        Encoding::O200kHarmony,
        Encoding::Cl100kBase,
        Encoding::P50kBase,
        Encoding::R50kBase,
        Encoding::Gpt2,
    ];

    /// The name that tiktoken gives it, such as `o200k_base`.
    pub fn id(self) -> &'static str {
        match self {
            Encoding::O200kBase => "o200k_base",
            Encoding::O200kHarmony => "o200k_harmony",
            Encoding::Cl100kBase => "cl100k_base",
            Encoding::P50kBase => "p50k_base",
            Encoding::R50kBase => "r50k_base",
            Encoding::Gpt2 => "gpt2",
        }
    }

    /// The encoding of that [`id`](Self::id).
    pub fn from_id(id: &str) -> Option<Encoding> {
        Encoding::ALL.into_iter().find(|encoding| encoding.id() == id)
    }

    /// The ids of the tokens of `text`, in order. Special tokens are never read out of a text.
    ///
    /// Takes time in proportion to the text, and a little more where a piece is very long: about
    /// a second for 4 MiB of one letter.
    pub fn encode(self, text: &str) -> Vec<u32> {
        let mut ids = Vec::new();
        for piece in self.pieces(text) {
            merge::encode(self.vocabulary(), piece.as_bytes(), &mut ids);
        }
        ids
    }

    /// The pieces that `text` is cut into before its bytes are merged. Joined they are the text,
    /// and each is encoded without regard to the others.
    pub fn pieces(self, text: &str) -> impl Iterator<Item = &str> {
        self.rules().pieces(text)
    }

    /// How the bytes of a piece are merged into tokens, state by state. It takes time as the
    /// square of the piece, so ask for short ones.
    pub fn merge_steps(self, piece: &str) -> Vec<Step> {
        merge::steps::of(self.vocabulary(), piece.as_bytes())
    }

    /// The token of exactly these bytes.
    pub fn id_of(self, bytes: &[u8]) -> Option<u32> {
        self.vocabulary().id(bytes)
    }

    /// The alternatives of the pattern that cuts a text into pieces, in the order in which they
    /// are tried.
    pub fn alternatives(self) -> &'static [Alternative] {
        self.rules().alternatives()
    }

    /// Which of the alternatives takes the first piece of `text`; none if that is empty.
    pub fn alternative_of_first(self, text: &str) -> Option<usize> {
        self.rules().alternative_of_first(text)
    }

    /// The id of the special token of that name, such as `<|endoftext|>`. A text that says so is
    /// none, unless a server reads it out of the text.
    pub fn special(self, name: &str) -> Option<u32> {
        specials::id(self.specials(), name)
    }

    /// The name and the id of each special token, ordered by name.
    pub fn specials(self) -> &'static [(&'static str, u32)] {
        match self {
            Encoding::O200kBase => specials::O200K_BASE,
            Encoding::O200kHarmony => specials::O200K_HARMONY,
            Encoding::Cl100kBase => specials::CL100K_BASE,
            Encoding::P50kBase => specials::P50K_BASE,
            Encoding::R50kBase | Encoding::Gpt2 => specials::R50K_BASE,
        }
    }

    /// The bytes of a token, which need not be whole characters. Special tokens have none.
    pub fn bytes(self, id: u32) -> Option<&'static [u8]> {
        self.vocabulary().bytes(id)
    }

    fn rules(self) -> &'static Rules {
        match self {
            Encoding::O200kBase | Encoding::O200kHarmony => &pieces::O200K,
            Encoding::Cl100kBase => &pieces::CL100K,
            Encoding::P50kBase | Encoding::R50kBase | Encoding::Gpt2 => &pieces::GPT2,
        }
    }

    fn vocabulary(self) -> &'static Vocabulary {
        match self {
            Encoding::O200kBase | Encoding::O200kHarmony => &vocabulary::O200K,
            Encoding::Cl100kBase => &vocabulary::CL100K,
            Encoding::P50kBase => &vocabulary::P50K,
            Encoding::R50kBase | Encoding::Gpt2 => &vocabulary::R50K,
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
