//! How fast a text is cut: while somebody types in it, and at once, beside tiktoken-rs alone.

use playground::tokens::{
    Encoding, Lane,
    sheet::{RowRange, Sheet, SheetEdit, SheetLayout},
};
use std::{
    collections::HashSet,
    fs, hint,
    path::Path,
    time::{Duration, Instant},
};
use tiktoken_rs::CoreBPE;

const MEGABYTE: usize = 1_000_000;
/// How often each is done; the figure is the median.
const TIMES: usize = 5;
/// How many keys are pressed.
const KEYS: usize = 400;
/// As many rows as a window shows, and as many lanes as there can be.
const VISIBLE: u32 = 40;
const LANES: [Lane; 6] =
    [Lane::O200kBase, Lane::Cl100kBase, Lane::P50kBase, Lane::Gpt2, Lane::Characters, Lane::Words];

/// What was measured.
pub struct Tokens {
    /// From a key to the counts and the visible pieces as JSON, in six lanes; 95 of 100 take less.
    pub key: Duration,
    /// What tiktoken-rs takes to count the whole text in one encoding, as much of the time.
    pub key_alone: Duration,
    /// The same in a word of 100 KB.
    pub key_in_a_run: Duration,
    /// A megabyte of prose at once.
    pub prose: AtOnce,
    /// A megabyte of one letter.
    pub letter: AtOnce,
    /// A megabyte of spaces.
    pub spaces: AtOnce,
    /// A megabyte of prose laid out in six lanes.
    pub sheet: Duration,
}

/// A text cut at once.
pub struct AtOnce {
    /// By us, in the encoding that takes longest.
    pub ours: Duration,
    /// By tiktoken-rs in the same; none where it gives up.
    pub alone: Option<Duration>,
}

/// Measures it in this process.
pub fn measure() -> Tokens {
    let prose = prose(MEGABYTE);
    let typed = &prose[..100_000];
    let key_alone = Encoding::O200kBase;
    Tokens {
        key: typing(typed),
        key_alone: most((0..40).map(|_| time(|| alone(key_alone, typed)))),
        key_in_a_run: typing(&"a".repeat(100_000)),
        prose: at_once(&prose),
        letter: at_once(&"a".repeat(MEGABYTE)),
        spaces: at_once(&" ".repeat(MEGABYTE)),
        sheet: median(|| time(|| sheet(&prose))),
    }
}

/// Types words here and there.
fn typing(text: &str) -> Duration {
    let mut sheet = sheet(text);
    let keys = "another word. ".chars().cycle().take(KEYS).enumerate();
    most(keys.map(|(number, key)| {
        // A person types on where the last key went, and elsewhere from time to time.
        let at = (number / 20 * 7_919 + number) % text.len();
        let edit = SheetEdit { at: at as u32, removed: 0, inserted: key.into() };
        time(|| {
            sheet.edit(&edit).expect("the text is ASCII and not too long");
            let first = sheet.counts(RowRange { first: 0, count: 0 }, None).rows / 2;
            let counts = sheet.counts(RowRange { first, count: VISIBLE }, None);
            serde_json::to_string(&counts).expect("counts are JSON").len()
        })
    }))
}

fn sheet(text: &str) -> Sheet {
    let layout =
        SheetLayout { lanes: LANES.to_vec(), columns: 100, specials: false, price_as: None };
    Sheet::new(text.to_owned(), layout).expect("the text is not too long")
}

fn at_once(text: &str) -> AtOnce {
    let ours = Encoding::ALL.map(|it| (median(|| time(|| it.encode(text))), it));
    let slowest = ours.into_iter().max_by_key(|(time, _)| *time);
    let (ours, encoding) = slowest.expect("there are encodings");
    let cuts = alone(encoding, text).is_some();
    AtOnce { ours, alone: cuts.then(|| time(|| alone(encoding, text))) }
}

/// How many tokens tiktoken-rs counts; none where it gives up.
fn alone(encoding: Encoding, text: &str) -> Option<usize> {
    let engine: &CoreBPE = match encoding {
        Encoding::O200kBase => tiktoken_rs::o200k_base_singleton(),
        Encoding::O200kHarmony => tiktoken_rs::o200k_harmony_singleton(),
        Encoding::Cl100kBase => tiktoken_rs::cl100k_base_singleton(),
        Encoding::P50kBase => tiktoken_rs::p50k_base_singleton(),
        Encoding::R50kBase | Encoding::Gpt2 => tiktoken_rs::r50k_base_singleton(),
    };
    engine.encode(text, &HashSet::new()).ok().map(|(ids, _)| ids.len())
}

/// What the practice models have read, again and again, in ASCII.
pub fn prose(bytes: usize) -> String {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/practice/corpus");
    let files = fs::read_dir(corpus).expect("the corpus").map(|it| it.expect("an entry").path());
    let mut files: Vec<_> = files.collect();
    files.sort();
    let read: String = files.iter().map(|it| fs::read_to_string(it).expect("a text")).collect();
    read.chars().filter(char::is_ascii).cycle().take(bytes).collect()
}

fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    hint::black_box(work());
    start.elapsed()
}

fn median(mut time: impl FnMut() -> Duration) -> Duration {
    let mut times: Vec<_> = (0..TIMES).map(|_| time()).collect();
    times.sort();
    times[TIMES / 2]
}

/// What 95 of 100 stay below.
fn most(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<_> = times.collect();
    times.sort();
    times[times.len() * 95 / 100]
}
