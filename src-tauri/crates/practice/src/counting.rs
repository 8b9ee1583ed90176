//! A skill that no corpus holds: counting aloud.
//!
//! "Count to 5000" gives a reply as long as anyone wants, for showing Stop, max tokens and a
//! full context window, and for measuring how fast a long reply reaches the screen.

use std::fmt::Write as _;

/// The largest number that is counted from or to.
const LIMIT: u64 = 1_000_000;

/// Words that may stand between "count" and its numbers.
const BETWEEN: &[&str] =
    &["up", "down", "back", "backwards", "from", "to", "till", "until", "for", "me", "slowly"];

/// What to count: from the first number to the last, in either direction, both said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    from: u64,
    to: u64,
}

impl Count {
    /// Finds "count to 300", "count from 5 to 1", "count down from ten" in a text.
    #[must_use]
    pub fn asked_in(text: &str) -> Option<Self> {
        let text = text.to_lowercase();
        let mut words = text.split_whitespace().map(bare);
        words.find(|word| matches!(*word, "count" | "counting"))?;
        let (mut from, mut to, mut down) = (None, None, false);
        let mut expected = "";
        for word in words {
            if let Some(number) = number(word) {
                match expected {
                    "from" if from.is_none() => from = Some(number),
                    "to" if to.is_none() => to = Some(number),
                    _ => break,
                }
                expected = "";
            } else if BETWEEN.contains(&word) {
                down |= matches!(word, "down" | "back" | "backwards");
                match word {
                    "from" => expected = "from",
                    "to" | "till" | "until" => expected = "to",
                    _ => {}
                }
            } else {
                break;
            }
        }
        match (from, to) {
            (None, None) => None,
            (Some(from), None) if down => Some(Self { from, to: u64::from(from > 0) }),
            (Some(_), None) => None,
            (from, Some(to)) => Some(Self { from: from.unwrap_or(u64::from(to > 0)), to }),
        }
    }

    /// `1, 2, 3, …`, or as much of it as fits in about so many bytes, cut between numbers.
    #[must_use]
    pub fn aloud(self, most_bytes: usize) -> String {
        let mut text = String::with_capacity(most_bytes.min(1 << 16));
        let mut number = self.from;
        loop {
            write!(text, "{number}").expect("a String takes all that is written to it");
            if number == self.to || text.len() >= most_bytes {
                return text;
            }
            text.push_str(", ");
            number = if self.to > self.from { number + 1 } else { number - 1 };
        }
    }
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn number(word: &str) -> Option<u64> {
    const WORDS: &[(&str, u64)] = &[
        ("one", 1),
        ("three", 3),
        ("five", 5),
        ("ten", 10),
        ("twelve", 12),
        ("twenty", 20),
        ("fifty", 50),
        ("hundred", 100),
        ("thousand", 1000),
    ];
    if let Some((_, number)) = WORDS.iter().find(|(name, _)| *name == word) {
        return Some(*number);
    }
    let digits = word.replace([',', '_', '\''], "");
    digits.parse().ok().filter(|number| *number <= LIMIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_is_asked_for_in_many_ways() {
        let table = [
            ("Count to 5", "1, 2, 3, 4, 5"),
            ("Please count from 3 to 6.", "3, 4, 5, 6"),
            ("Can you count down from 3?", "3, 2, 1"),
            ("count backwards from three to 0", "3, 2, 1, 0"),
            ("COUNT UP TO FIVE!", "1, 2, 3, 4, 5"),
            ("count from 1,000 to 1,002", "1000, 1001, 1002"),
            ("count to 1", "1"),
            ("count to 0", "0"),
            ("count down from 0", "0"),
        ];
        for (text, expected) in table {
            let count = Count::asked_in(text).expect(text);
            assert_eq!(count.aloud(1000), expected, "{text}");
        }
    }

    #[test]
    fn other_talk_of_counting_is_not_a_request_to_count() {
        for text in [
            "How do I count tokens?",
            "count the words up to 5",
            "What counts as a token?",
            "Does it count 5 times?",
            "count",
            "count to infinity",
            "count to 99999999999999999999999",
            "",
        ] {
            assert_eq!(Count::asked_in(text), None, "{text}");
        }
    }

    #[test]
    fn a_long_count_stops_between_numbers() {
        let text = Count { from: 1, to: LIMIT }.aloud(100);
        assert!(text.len() < 120 && text.ends_with(char::is_numeric), "{text}");
    }
}
