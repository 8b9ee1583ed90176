//! How a token is found by its bytes. `build.rs` writes the tables by these rules, and
//! `vocabulary` reads them.

/// Every id is below `1 << ID_BITS`.
pub const ID_BITS: u32 = 18;

/// What stands in a slot that no token took.
pub const EMPTY: u32 = u32::MAX;

/// How many slots an index of so many tokens has: a power of two, of which at least half stay
/// empty, so that every search is short and ends.
pub const fn slots_for(tokens: usize) -> usize {
    (2 * tokens).next_power_of_two()
}

/// The slots in which a token of these bytes may be, in order and without end.
pub fn probes(bytes: &[u8], slots: usize) -> impl Iterator<Item = usize> {
    let first = hash(bytes) as usize % slots;
    (first..).map(move |slot| slot % slots)
}

/// FNV-1a. A text cannot make it collide more than it does: the index is fixed.
fn hash(bytes: &[u8]) -> u32 {
    let step = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    bytes.iter().fold(0x811c_9dc5, step)
}
