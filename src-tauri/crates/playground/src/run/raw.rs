//! Bytes in JSON: a string where they are UTF-8, as nearly all are, and nothing is lost where not.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::borrow::Cow;
use ts_rs::TS;

/// Bytes as JSON writes them.
#[derive(Serialize, Deserialize, TS)]
#[serde(untagged)]
#[ts(export)]
pub enum Raw<'a> {
    /// They are UTF-8.
    Text(#[serde(borrow)] Cow<'a, str>),
    /// They are not.
    Bytes {
        /// The bytes in base64, with padding.
        base64: String,
    },
}

pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    let raw = match str::from_utf8(bytes) {
        Ok(text) => Raw::Text(text.into()),
        Err(_) => Raw::Bytes { base64: STANDARD.encode(bytes) },
    };
    raw.serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    match Raw::deserialize(deserializer)? {
        Raw::Text(text) => Ok(text.into_owned().into_bytes()),
        Raw::Bytes { base64 } => STANDARD.decode(base64).map_err(D::Error::custom),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Delta, Frame};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_come_back_as_they_were(raw: Vec<u8>, text: String) {
            for raw in [raw, text.into_bytes()] {
                let deltas = vec![Delta::text("x")];
                let frame = Frame { index: 1, at_us: 2, offset: 3, raw, deltas };
                let json = serde_json::to_string(&frame).expect("plain data");
                prop_assert_eq!(serde_json::from_str::<Frame>(&json).expect("its own JSON"), frame);
            }
        }
    }
}
