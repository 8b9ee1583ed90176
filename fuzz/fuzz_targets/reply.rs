//! Any bytes as a reply: no panic, and the same meaning however they are cut.

#![no_main]

use libfuzzer_sys::fuzz_target;
use playground::{
    Frame,
    dialects::DIALECTS,
    reader::{ReplyReader, Sizes},
    secret::Mask,
};

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (dialect, size, body) = input;
    let dialect = usize::from(dialect) % DIALECTS.len();
    let cut = read(dialect, body.chunks(usize::from(size).max(1)));
    assert_eq!(cut, read(dialect, [body]));
});

fn read<'a>(dialect: usize, pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Frame> {
    let mut reader = ReplyReader::new(DIALECTS[dialect], Mask::default(), Sizes::default());
    let mut frames = Vec::new();
    for piece in pieces {
        frames.extend(reader.push(piece));
    }
    frames.extend(reader.finish());
    let _ = reader.verdict();
    frames.into_iter().map(|frame| frame.at(0)).collect()
}
