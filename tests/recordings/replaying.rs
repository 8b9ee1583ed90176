//! Replay equals live: what a run came to is the same when it is read back, for every format,
//! wherever the stream breaks off, and however the network cut it.

use crate::{all, beginning, bodies::wire, events, record, started};
use playground::{
    RunEvent, dialects,
    reader::{ReplyReader, Sizes},
    secret::Mask,
};
use proptest::prelude::*;
use recordings::summary::Tally;
use tempfile::TempDir;

/// What is told of a body that comes in pieces of this size.
fn told(dialect: &str, body: &[u8], size: usize) -> Vec<RunEvent> {
    let dialect = dialects::find(dialect).expect("a dialect");
    let mut reader = ReplyReader::new(dialect, Mask::default(), Sizes::default());
    let mut frames: Vec<_> = body.chunks(size).flat_map(|piece| reader.push(piece)).collect();
    frames.extend(reader.finish());
    let mut events = vec![started(1)];
    let timed = (1..).zip(frames).map(|(number, frame)| RunEvent::Frame(frame.at(number * 1_000)));
    events.extend(timed);
    let at_us = events.len() as u64 * 1_000;
    events.push(match reader.verdict() {
        Ok(()) => RunEvent::Finished { at_us },
        Err(error) => RunEvent::Interrupted { at_us, error },
    });
    events
}

/// What the events come to, but for the room that they take.
fn fold(events: &[RunEvent]) -> Tally {
    let mut tally = Tally::default();
    events.iter().for_each(|event| tally.add(event, 0));
    tally
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn a_replay_is_what_was_live(
        which: prop::sample::Index,
        cut in 0.0..1.3_f64,
        sizes in prop::collection::vec(1_usize..200, 2),
    ) {
        let files = wire();
        let (name, body) = which.get(&files);
        let dialect = name.split('.').next().expect("a dialect");
        let body = &body[..((body.len() as f64 * cut) as usize).min(body.len())];
        let live = told(dialect, body, sizes[0]);
        prop_assert_eq!(&told(dialect, body, sizes[1]), &live, "{} in other pieces", name);
        let folder = TempDir::new().expect("a temporary folder");
        let recorder = crate::open(folder.path());
        record(&recorder, beginning("a", "Why?"), &live);
        let replayed = events(&recorder, "a");
        prop_assert_eq!(&replayed, &live, "{}", name);
        let (tally, run) = (fold(&replayed), all(&recorder).remove(0));
        prop_assert_eq!(&tally, &fold(&live));
        prop_assert_eq!(run.reply, tally.reply.text().chars().take(240).collect::<String>());
        prop_assert_eq!(
            (run.outcome, run.usage, run.frames, run.duration_us as u64, run.finish),
            (tally.outcome, tally.reply.usage, tally.frames, tally.duration_us, tally.finish())
        );
        // Each byte that was read is in one frame, and they stand one behind another.
        let mut place = 0;
        for event in &replayed {
            if let RunEvent::Frame(frame) = event {
                prop_assert_eq!(frame.offset, place);
                prop_assert!(body[place as usize..].starts_with(&frame.raw));
                place += frame.raw.len() as u64;
            }
        }
    }
}
