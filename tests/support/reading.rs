//! Bodies read as the client reads them, without a network.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use playground::{
    ApiError, Frame, Reply, dialects,
    reader::{ReplyReader, Sizes},
    secret::Mask,
};

/// What came of a body.
#[derive(Debug, PartialEq)]
pub struct Reading {
    pub frames: Vec<Frame>,
    pub reply: Reply,
    pub is_complete: bool,
    pub verdict: Result<(), ApiError>,
}

/// Reads a body that came in these pieces.
pub fn read<'a>(dialect: &str, pieces: impl IntoIterator<Item = &'a [u8]>) -> Reading {
    let dialect = dialects::find(dialect).unwrap_or_else(|| panic!("no dialect {dialect}"));
    let mut reader = ReplyReader::new(dialect, Mask::default(), Sizes::default());
    let mut frames = Vec::new();
    for piece in pieces {
        frames.extend(reader.push(piece));
    }
    frames.extend(reader.finish());
    let frames: Vec<Frame> = frames.into_iter().map(|frame| frame.at(0)).collect();
    let mut reply = Reply::default();
    frames.iter().flat_map(|frame| &frame.deltas).for_each(|delta| reply.apply(delta));
    Reading { frames, reply, is_complete: reader.is_complete(), verdict: reader.verdict() }
}

/// Reads a body whole, in pieces of several sizes and in pieces of random ones, which must make
/// no difference.
pub fn read_however_cut(dialect: &str, body: &[u8]) -> Reading {
    let whole = read(dialect, [body]);
    for size in [1, 2, 7] {
        let cut = read(dialect, body.chunks(size));
        assert_eq!(cut, whole, "{dialect} in pieces of {size}");
    }
    for seed in 1..9 {
        let cut = read(dialect, random_pieces(body, seed));
        assert_eq!(cut, whole, "{dialect} in pieces by chance, with the seed {seed}");
    }
    whole
}

/// The body in up to a dozen pieces, cut by a simple generator, the same for each seed.
fn random_pieces(body: &[u8], seed: u64) -> Vec<&[u8]> {
    let mut state = seed;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % (body.len() + 1)
    };
    let mut places: Vec<usize> = (0..11).map(|_| next()).chain([0, body.len()]).collect();
    places.sort_unstable();
    places.windows(2).map(|it| &body[it[0]..it[1]]).collect()
}
