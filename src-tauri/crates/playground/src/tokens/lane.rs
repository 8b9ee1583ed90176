//! The ways to cut one text that are laid side by side.

use super::Encoding;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A way to cut a text: an encoding, or a ruler to hold beside the encodings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Lane {
    /// See [`Encoding::O200kBase`].
    O200kBase,
    /// See [`Encoding::O200kHarmony`].
    O200kHarmony,
    /// See [`Encoding::Cl100kBase`].
    Cl100kBase,
    /// See [`Encoding::P50kBase`].
    P50kBase,
    /// See [`Encoding::R50kBase`].
    R50kBase,
    /// See [`Encoding::Gpt2`].
    Gpt2,
    /// The bytes of the text in UTF-8.
    Bytes,
    /// What a person takes for one character: a grapheme cluster, made of code points.
    Characters,
    /// Words as Unicode Standard Annex #29 finds them, and what stands between them.
    Words,
}

impl Lane {
    /// The encoding that cuts it, if one does.
    pub fn encoding(self) -> Option<Encoding> {
        match self {
            Lane::O200kBase => Some(Encoding::O200kBase),
            Lane::O200kHarmony => Some(Encoding::O200kHarmony),
            Lane::Cl100kBase => Some(Encoding::Cl100kBase),
            Lane::P50kBase => Some(Encoding::P50kBase),
            Lane::R50kBase => Some(Encoding::R50kBase),
            Lane::Gpt2 => Some(Encoding::Gpt2),
            Lane::Bytes | Lane::Characters | Lane::Words => None,
        }
    }
}
