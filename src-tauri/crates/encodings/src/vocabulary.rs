//! Vocabularies, read where they lie in the program: nothing to load, nothing on the heap.

use crate::index;

/// Every token of an encoding, found by id and by bytes.
pub struct Vocabulary {
    /// Where the bytes of each id begin, and where the last end.
    starts: &'static [[u8; 4]],
    /// The ids, each in the first of its slots that was free.
    slots: &'static [[u8; 4]],
    /// The bytes of all tokens, back to back.
    bytes: &'static [u8],
}

/// `o200k_base` and `o200k_harmony`, which differ in special tokens only.
pub static O200K: Vocabulary =
    Vocabulary::of(include_bytes!(concat!(env!("OUT_DIR"), "/o200k_base")));
/// `cl100k_base`.
pub static CL100K: Vocabulary =
    Vocabulary::of(include_bytes!(concat!(env!("OUT_DIR"), "/cl100k_base")));
/// `p50k_base`.
pub static P50K: Vocabulary =
    Vocabulary::of(include_bytes!(concat!(env!("OUT_DIR"), "/p50k_base")));
/// `r50k_base`.
pub static R50K: Vocabulary =
    Vocabulary::of(include_bytes!(concat!(env!("OUT_DIR"), "/r50k_base")));

impl Vocabulary {
    /// Takes apart a table that `build.rs` wrote.
    const fn of(table: &'static [u8]) -> Vocabulary {
        let (ids, rest) = table.split_first_chunk().expect("a table begins with its size");
        let ids = u32::from_le_bytes(*ids) as usize;
        let (starts, rest) = rest.split_at(4 * (ids + 1));
        let (slots, bytes) = rest.split_at(4 * index::slots_for(ids));
        Vocabulary { starts: starts.as_chunks().0, slots: slots.as_chunks().0, bytes }
    }

    /// The token of exactly these bytes.
    pub fn id(&self, bytes: &[u8]) -> Option<u32> {
        index::probes(bytes, self.slots.len())
            .map(|slot| u32::from_le_bytes(self.slots[slot]))
            .take_while(|id| *id != index::EMPTY)
            .find(|id| self.bytes(*id) == Some(bytes))
    }

    /// The bytes of a token, never empty.
    pub fn bytes(&self, id: u32) -> Option<&'static [u8]> {
        let start = |id: usize| Some(u32::from_le_bytes(*self.starts.get(id)?) as usize);
        let id = id as usize;
        Some(&self.bytes[start(id)?..start(id + 1)?]).filter(|bytes| !bytes.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [&Vocabulary; 4] = [&O200K, &CL100K, &P50K, &R50K];

    fn tokens(vocabulary: &Vocabulary) -> impl Iterator<Item = (u32, &'static [u8])> {
        let ids = 0..vocabulary.starts.len() as u32;
        ids.filter_map(|id| Some((id, vocabulary.bytes(id)?)))
    }

    #[test]
    fn every_token_is_found_by_its_bytes() {
        for vocabulary in ALL {
            for (id, bytes) in tokens(vocabulary) {
                assert_eq!(vocabulary.id(bytes), Some(id), "{bytes:?}");
            }
        }
    }

    #[test]
    fn every_byte_is_a_token() {
        for (vocabulary, byte) in ALL.iter().flat_map(|it| (0..=u8::MAX).map(move |b| (it, b))) {
            assert!(vocabulary.id(&[byte]).is_some(), "{byte} could not be encoded");
        }
    }

    #[test]
    fn what_is_no_token_is_not_found() {
        for vocabulary in ALL {
            for bytes in [&b""[..], b"qqqqqqqq", b"<|endoftext|>", &[b' '; 1_000]] {
                assert_eq!(vocabulary.id(bytes), None, "{bytes:?}");
            }
            assert_eq!(vocabulary.bytes(u32::MAX), None);
        }
    }

    #[test]
    fn searches_are_short() {
        for vocabulary in ALL {
            let probes = |(id, bytes): (u32, &[u8])| {
                let mut slots = index::probes(bytes, vocabulary.slots.len());
                slots.position(|slot| vocabulary.slots[slot] == id.to_le_bytes()).unwrap() + 1
            };
            let all: usize = tokens(vocabulary).map(probes).sum();
            let mean = all as f64 / tokens(vocabulary).count() as f64;
            assert!(mean < 1.5, "it takes {mean} looks to find a token");
        }
    }
}
