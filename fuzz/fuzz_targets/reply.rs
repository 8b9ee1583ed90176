//! Any bytes as a reply: no panic, and the same meaning however they are cut.

#![no_main]

use libfuzzer_sys::fuzz_target;
use playground::{
    ApiError, Frame,
    dialects::DIALECTS,
    reader::{ReplyReader, Sizes},
    secret::Mask,
};

fuzz_target!(|input: (u8, u8, u8, &[u8])| {
    let (dialect, size, limit, body) = input;
    let dialect = usize::from(dialect) % DIALECTS.len();
    // Mostly there is room for everything, and sometimes hardly for a frame.
    let sizes = match usize::from(limit) {
        limit @ 1..64 => Sizes { frame: 4 * limit, body: 8 * limit },
        _ => Sizes::default(),
    };
    let cut = read(dialect, sizes, body.chunks(usize::from(size).max(1)));
    assert_eq!(cut, read(dialect, sizes, [body]));
});

/// What is read, and how that ended.
type Read = (Vec<Frame>, Result<(), ApiError>);

fn read<'a>(dialect: usize, sizes: Sizes, pieces: impl IntoIterator<Item = &'a [u8]>) -> Read {
    let mut reader = ReplyReader::new(DIALECTS[dialect], Mask::default(), sizes);
    let mut frames = Vec::new();
    for piece in pieces {
        frames.extend(reader.push(piece));
    }
    frames.extend(reader.finish());
    (frames.into_iter().map(|frame| frame.at(0)).collect(), reader.verdict())
}
