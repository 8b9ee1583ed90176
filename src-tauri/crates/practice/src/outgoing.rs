//! What was made and has not left: half a character waits for the rest, and text that may be the
//! start of a stop text waits until that is settled.

use std::collections::VecDeque;

use crate::stops::Stops;

/// Text with the number of tokens that it is made of.
#[derive(Debug, Clone)]
pub struct Said {
    pub text: String,
    pub tokens: usize,
    pub is_thought: bool,
}

/// Text on its way out, in the order in which it was made.
#[derive(Debug, Clone)]
pub struct Outgoing {
    stops: Stops,
    stopped_by: Option<String>,
    /// The beginning of a character.
    unfinished: Vec<u8>,
    unfinished_tokens: usize,
    /// What may be the beginning of a stop text.
    held: VecDeque<Said>,
    held_bytes: usize,
    ready: VecDeque<Said>,
}

impl Outgoing {
    /// Nothing yet, with these texts to stop at.
    pub fn new(stop: &[String]) -> Self {
        Self {
            stops: Stops::new(stop),
            stopped_by: None,
            unfinished: Vec::new(),
            unfinished_tokens: 0,
            held: VecDeque::new(),
            held_bytes: 0,
            ready: VecDeque::new(),
        }
    }

    /// The stop text that came.
    pub fn stopped_by(&self) -> Option<&str> {
        self.stopped_by.as_deref()
    }

    /// Whether nothing can leave.
    pub fn is_empty(&self) -> bool {
        self.ready.is_empty()
    }

    /// What leaves next.
    pub fn pop(&mut self) -> Option<Said> {
        self.ready.pop_front()
    }

    /// Adds what leaves as it is.
    pub fn push(&mut self, said: Said) {
        self.ready.push_back(said);
    }

    /// Adds the bytes of a token.
    pub fn say(&mut self, bytes: &[u8], is_thought: bool) {
        self.unfinished.extend(bytes);
        self.unfinished_tokens += 1;
        let end = complete(&self.unfinished);
        let waits = end < self.unfinished.len() && str::from_utf8(&self.unfinished[..end]).is_ok();
        if end == 0 || waits {
            return;
        }
        let rest = self.unfinished.split_off(end);
        let whole = std::mem::replace(&mut self.unfinished, rest);
        let text = String::from_utf8_lossy(&whole).into_owned();
        let tokens = std::mem::take(&mut self.unfinished_tokens);
        let said = Said { text, tokens, is_thought };
        if is_thought {
            self.push(said);
        } else {
            self.settle_stop(said);
        }
    }

    /// Ends a thought; where another follows, a blank line parts them.
    pub fn end_thought(&mut self, another_follows: bool) {
        self.unfinished.clear();
        self.unfinished_tokens = 0;
        if another_follows {
            self.push(Said { text: "\n\n".to_owned(), tokens: 0, is_thought: true });
        }
    }

    /// Lets all leave that is whole characters. Returns how many tokens were made of one that
    /// never became whole.
    pub fn end(&mut self) -> usize {
        self.ready.append(&mut self.held);
        std::mem::take(&mut self.unfinished_tokens)
    }

    /// Releases what can no longer be part of a stop text, or ends at one.
    fn settle_stop(&mut self, next: Said) {
        let found = self.stops.read(next.text.as_bytes());
        let before = self.held_bytes;
        self.held_bytes += next.text.len();
        self.held.push_back(next);
        let Some((stop, read)) = found else {
            self.release(self.held_bytes - self.stops.begun());
            return;
        };
        let at = before + read - stop.len();
        self.stopped_by = Some(stop);
        let released = self.release(at);
        let cut = self
            .held
            .pop_front()
            .map(|said| Said { text: said.text[..at - released].to_owned(), ..said });
        self.ready.extend(cut.filter(|said| !said.text.is_empty()));
        self.held.clear();
    }

    /// Moves held texts that end at or before this byte to those that are ready, and says how
    /// many bytes that were.
    fn release(&mut self, end: usize) -> usize {
        let mut released = 0;
        while let Some(said) = self.held.front() {
            if released + said.text.len() > end {
                break;
            }
            released += said.text.len();
            self.ready.extend(self.held.pop_front());
        }
        self.held_bytes -= released;
        released
    }
}

/// How many bytes there are before the beginning of a character that is not all there yet. What
/// can never become a character counts as one.
fn complete(bytes: &[u8]) -> usize {
    let mut end = 0;
    loop {
        match std::str::from_utf8(&bytes[end..]) {
            Ok(_) => return bytes.len(),
            Err(error) => match error.error_len() {
                Some(broken) => end += error.valid_up_to() + broken,
                None => return end + error.valid_up_to(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_different_characters_are_told_apart() {
        let dog = "🐕".as_bytes();
        let table = [
            (dog.to_vec(), 4),
            (dog[..3].to_vec(), 0),
            ([b"a", &dog[..2]].concat(), 1),
            ([&dog[..2], dog].concat(), 6),
            ([&dog[..2], &dog[..1]].concat(), 2),
            (vec![0x80, 0xc3], 1),
            (Vec::new(), 0),
        ];
        for (bytes, expected) in table {
            assert_eq!(complete(&bytes), expected, "{bytes:x?}");
        }
    }
}
