//! Writes each vocabulary as a table that the crate reads where it lies.
//!
//! Beside it, as Rust, stand the special tokens of each.
//!
//! A table is: how many ids there are; where the bytes of each begin, and where the last end;
//! the index; the bytes. Every number is a `u32`, little end first.

#[path = "src/index.rs"]
mod index;

use std::{env, error::Error, fs, path::Path};
use tiktoken_rs::CoreBPE;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/index.rs");
    let folder = env::var("OUT_DIR")?;
    for (name, vocabulary) in [
        ("o200k_base", tiktoken_rs::o200k_base()?),
        ("cl100k_base", tiktoken_rs::cl100k_base()?),
        ("p50k_base", tiktoken_rs::p50k_base()?),
        ("r50k_base", tiktoken_rs::r50k_base()?),
    ] {
        let table = table(&ordinary_tokens(&vocabulary));
        fs::write(Path::new(&folder).join(name), table)?;
    }
    let mut specials = String::new();
    for (name, vocabulary) in [
        ("O200K_BASE", tiktoken_rs::o200k_base()?),
        ("O200K_HARMONY", tiktoken_rs::o200k_harmony()?),
        ("CL100K_BASE", tiktoken_rs::cl100k_base()?),
        ("P50K_BASE", tiktoken_rs::p50k_base()?),
        ("R50K_BASE", tiktoken_rs::r50k_base()?),
    ] {
        let tokens = special_tokens(&vocabulary);
        specials += &format!("pub const {name}: &[(&str, u32)] = &{tokens:?};\n");
    }
    fs::write(Path::new(&folder).join("specials.rs"), specials)?;
    Ok(())
}

/// The name and the id of each special token, ordered by name.
fn special_tokens(vocabulary: &CoreBPE) -> Vec<(&str, u32)> {
    let id = |name| vocabulary.encode_with_special_tokens(name)[0];
    let mut tokens: Vec<_> =
        vocabulary.special_tokens().into_iter().map(|name| (name, id(name))).collect();
    tokens.sort_unstable();
    tokens
}

/// The bytes of each id. Special tokens are never cut out of a text, so they are left out; an
/// id that is not an ordinary token's has no bytes.
fn ordinary_tokens(vocabulary: &CoreBPE) -> Vec<Vec<u8>> {
    let special = vocabulary.special_tokens();
    let is_ordinary = |bytes: &Vec<u8>| !special.iter().any(|it| it.as_bytes() == bytes);
    let bytes_of = |id| vocabulary.decode_bytes(&[id]).ok().filter(is_ordinary);
    let mut tokens: Vec<_> =
        (0..1 << index::ID_BITS).map(|id| bytes_of(id).unwrap_or_default()).collect();
    let last = tokens.iter().rposition(|bytes| !bytes.is_empty());
    tokens.truncate(last.map_or(0, |last| last + 1));
    tokens
}

fn table(tokens: &[Vec<u8>]) -> Vec<u8> {
    let mut start = 0;
    let ends = tokens.iter().map(|bytes| {
        start += bytes.len() as u32;
        start
    });
    let starts: Vec<u32> = std::iter::once(0).chain(ends).collect();
    let numbers = [vec![tokens.len() as u32], starts, slots(tokens)].concat();
    [numbers.into_iter().flat_map(u32::to_le_bytes).collect(), tokens.concat()].concat()
}

/// Puts each token into the first slot on its way that is still empty.
fn slots(tokens: &[Vec<u8>]) -> Vec<u32> {
    let mut slots = vec![index::EMPTY; index::slots_for(tokens.len())];
    for (id, bytes) in tokens.iter().enumerate().filter(|(_, bytes)| !bytes.is_empty()) {
        let free = index::probes(bytes, slots.len()).find(|slot| slots[*slot] == index::EMPTY);
        slots[free.expect("half of the slots stay empty")] = id as u32;
    }
    slots
}
