//! The cuts that the lanes of a sheet need, and the parts of each.

use super::{SheetLayout, SpanKind, words::Words};
use crate::tokens::{Encoding, Lane};
use encodings::{Change, Cutting};
use std::{ops::Range, thread};

/// From so many new bytes on, encodings are cut at the same time.
const WORTH_A_THREAD: usize = 32 * 1024;
/// So far back is looked for a token that begins where a character does.
const FARTHEST_BACK: usize = 8 * 1024;

/// The cuts of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lanes {
    specials: bool,
    /// Encodings that cut alike share one.
    cuttings: Vec<(Encoding, Cutting)>,
    words: Option<Words>,
}

/// What a lane is made of: a token, a byte, a code point, a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// Its number in the lane.
    pub index: u32,
    /// Its id.
    pub id: Option<u32>,
    /// What it is.
    pub kind: SpanKind,
}

impl Lanes {
    /// What the lanes of `layout` need.
    pub fn of(text: &str, layout: &SheetLayout) -> Lanes {
        let mut lanes = Lanes { specials: layout.specials, cuttings: Vec::new(), words: None };
        lanes.lay(text, layout);
        lanes
    }

    /// Cuts what other lanes need, and forgets what none does.
    pub fn lay(&mut self, text: &str, layout: &SheetLayout) {
        if layout.specials != self.specials {
            self.cuttings.clear();
            self.specials = layout.specials;
        }
        let specials = layout.specials;
        let encodings = layout.lanes.iter().filter_map(|lane| lane.encoding());
        let mut wanted: Vec<_> = encodings.map(|it| alike(it, specials)).collect();
        self.cuttings.retain(|(encoding, _)| wanted.contains(encoding));
        wanted.retain(|it| !self.cuttings.iter().any(|(encoding, _)| encoding == it));
        wanted.sort_unstable_by_key(|it| it.id());
        wanted.dedup();
        let mut new: Vec<_> = wanted.into_iter().map(|it| (it, None)).collect();
        at_once(&mut new, text.len(), |(encoding, cutting)| {
            *cutting = Some(Cutting::of(*encoding, specials, text));
        });
        let new = new.into_iter().filter_map(|(encoding, cutting)| Some((encoding, cutting?)));
        self.cuttings.extend(new);
        let words = layout.lanes.contains(&Lane::Words);
        self.words = words.then(|| self.words.take().unwrap_or_else(|| Words::of(text)));
    }

    /// Follows the text, which has changed.
    pub fn change(&mut self, text: &str, change: Change) {
        let size = change.inserted;
        at_once(&mut self.cuttings, size, |(_, cutting)| cutting.change(text, change));
        if let Some(words) = &mut self.words {
            words.change(text, change);
        }
    }

    /// How many parts a lane has. Characters are counted by the rows.
    pub fn count(&self, lane: Lane, text: &str) -> u32 {
        match lane.encoding() {
            Some(encoding) => self.cutting(encoding).map_or(0, |it| it.count() as u32),
            None if lane == Lane::Words => self.words.as_ref().map_or(0, Words::count),
            None => text.len() as u32,
        }
    }

    /// How the text is cut by an encoding that a lane has.
    pub fn cutting(&self, encoding: Encoding) -> Option<&Cutting> {
        let encoding = alike(encoding, self.specials);
        self.cuttings.iter().find(|(it, _)| *it == encoding).map(|(_, cutting)| cutting)
    }

    /// The parts of a lane from the one on that begins at `at`, where a character begins too.
    pub fn parts_from<'a>(
        &'a self,
        lane: Lane,
        text: &'a str,
        at: usize,
    ) -> Box<dyn Iterator<Item = Part> + 'a> {
        let plain =
            |range: Range<usize>, index, id| Part { range, index, id, kind: SpanKind::Token };
        match lane {
            Lane::Bytes => {
                Box::new((at..text.len()).map(move |at| {
                    plain(at..at + 1, at as u32, Some(u32::from(text.as_bytes()[at])))
                }))
            }
            Lane::Characters => Box::new(text[at..].char_indices().map(move |(from, letter)| {
                let from = at + from;
                plain(from..from + letter.len_utf8(), 0, Some(u32::from(letter)))
            })),
            Lane::Words => Box::new(self.words.iter().flat_map(move |words| words.from(at)).map(
                move |(range, index)| {
                    let is_word = super::words::is_word(&text[range.clone()]);
                    let kind = if is_word { SpanKind::Token } else { SpanKind::Between };
                    Part { range, index, id: None, kind }
                },
            )),
            lane => {
                let cutting = lane.encoding().and_then(|it| self.cutting(it)).into_iter();
                let tokens = cutting.flat_map(move |it| it.tokens_from(it.pieces().piece_at(at)));
                Box::new(tokens.skip_while(move |it| it.range.start < at).map(|token| Part {
                    range: token.range,
                    index: token.index as u32,
                    id: Some(token.id),
                    kind: if token.is_special { SpanKind::Special } else { SpanKind::Token },
                }))
            }
        }
    }

    /// Where the part begins with which a lane is read to know what is at `at`: where one begins,
    /// there or before, at a border of characters.
    pub fn anchor(&self, lane: Lane, at: usize, mut is_border: impl FnMut(usize) -> bool) -> usize {
        let is_far = |it: &usize| at - it > FARTHEST_BACK;
        match lane {
            Lane::Bytes | Lane::Characters => at,
            Lane::Words => {
                let mut starts = self.words.iter().flat_map(|words| words.starts_before(at));
                starts.find(|it| is_border(*it) || is_far(it)).unwrap_or(0)
            }
            lane => {
                let Some(cutting) = lane.encoding().and_then(|it| self.cutting(it)) else {
                    return at;
                };
                let pieces = cutting.pieces();
                for piece in (0..(pieces.piece_at(at) + 1).min(pieces.len())).rev() {
                    let tokens = cutting.tokens_of(piece).map(|token| token.range.start);
                    let starts: Vec<_> = tokens.take_while(|it| *it <= at).collect();
                    let near = starts.into_iter().rev().take_while(|it| !is_far(it));
                    if let Some(start) = near.into_iter().find(|it| is_border(*it)) {
                        return start;
                    }
                    if is_far(&pieces.range(piece).start) {
                        return pieces.range(piece).start;
                    }
                }
                0
            }
        }
    }
}

/// The first of the encodings that cut as this one does.
fn alike(encoding: Encoding, specials: bool) -> Encoding {
    match encoding {
        Encoding::Gpt2 => Encoding::R50kBase,
        Encoding::O200kHarmony if !specials => Encoding::O200kBase,
        other => other,
    }
}

/// Works on each, at the same time if there is much to do.
fn at_once<T: Send>(all: &mut [T], size: usize, work: impl Fn(&mut T) + Sync) {
    if size < WORTH_A_THREAD {
        return all.iter_mut().for_each(work);
    }
    let Some((first, others)) = all.split_first_mut() else { return };
    thread::scope(|scope| {
        for it in others {
            scope.spawn(|| work(it));
        }
        work(first);
    });
}
