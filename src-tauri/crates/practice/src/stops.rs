//! Texts that end a reply, looked for as it is made, byte by byte.
//!
//! Each is looked for as Knuth, Morris and Pratt do, so that a long one, or thousands of them,
//! cost no more than a look at each byte.

use std::sync::Arc;

/// The texts, and how much of each stands at the end of what was read.
#[derive(Debug, Clone)]
pub struct Stops {
    texts: Arc<[Text]>,
    matched: Vec<usize>,
}

#[derive(Debug)]
struct Text {
    text: String,
    /// Of each beginning, how long its longest end is that is a shorter beginning.
    shorter: Vec<usize>,
}

impl Stops {
    /// Looks for these. None may be empty.
    pub fn new(texts: &[String]) -> Self {
        let texts: Arc<[Text]> = texts.iter().map(|text| Text::new(text)).collect();
        Self { matched: vec![0; texts.len()], texts }
    }

    /// Reads on. If a text ends there: which, and how many of these bytes were read. The longest,
    /// where several end at once.
    pub fn read(&mut self, bytes: &[u8]) -> Option<(String, usize)> {
        for (at, byte) in bytes.iter().enumerate() {
            for (text, matched) in self.texts.iter().zip(&mut self.matched) {
                *matched = text.after(*matched, *byte);
            }
            let complete = self.texts.iter().zip(&self.matched);
            let complete = complete.filter(|(text, matched)| text.text.len() == **matched);
            if let Some((text, _)) = complete.max_by_key(|(_, matched)| **matched) {
                return Some((text.text.clone(), at + 1));
            }
        }
        None
    }

    /// How many of the last bytes may be the beginning of one.
    pub fn begun(&self) -> usize {
        self.matched.iter().copied().max().unwrap_or(0)
    }
}

impl Text {
    fn new(text: &str) -> Self {
        let mut this = Self { text: text.to_owned(), shorter: vec![0; text.len()] };
        for (at, byte) in text.bytes().enumerate().skip(1) {
            this.shorter[at] = this.after(this.shorter[at - 1], byte);
        }
        this
    }

    /// How much of the text stands at the end when so much did, and this byte follows.
    fn after(&self, mut matched: usize, byte: u8) -> usize {
        let bytes = self.text.as_bytes();
        loop {
            if bytes.get(matched) == Some(&byte) {
                return matched + 1;
            } else if matched == 0 {
                return 0;
            }
            matched = self.shorter[matched - 1];
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_that_is_complete_is_found(
            text in "[abé]{0,20}",
            stops in prop::collection::vec("[abé]{1,4}", 0..4),
            size in 1..4_usize,
        ) {
            let mut looking = Stops::new(&stops);
            let mut read = 0;
            for bytes in text.as_bytes().chunks(size) {
                let found = looking.read(bytes);
                read += found.as_ref().map_or(bytes.len(), |(_, read)| *read);
                let so_far = &text.as_bytes()[..read];
                let ends = |stop: &&String| so_far.ends_with(stop.as_bytes());
                let longest = stops.iter().filter(ends).max_by_key(|stop| stop.len());
                prop_assert_eq!(found.as_ref().map(|(stop, _)| stop), longest);
                if found.is_some() {
                    break;
                }
                let begins = |stop: &String| {
                    (0..stop.len()).rev().find(|end| so_far.ends_with(&stop.as_bytes()[..*end]))
                };
                let begun = stops.iter().filter_map(begins).max().unwrap_or(0);
                prop_assert_eq!(looking.begun(), begun);
            }
            let earlier = stops.iter().any(|stop| {
                text.as_bytes()[..read.saturating_sub(1)].windows(stop.len()).any(|it| it == stop.as_bytes())
            });
            prop_assert!(!earlier, "it went past one");
        }
    }
}
