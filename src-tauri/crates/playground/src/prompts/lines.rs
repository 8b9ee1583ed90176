//! A prompt on each line.

use super::{Found, SetError, left_out, prompt};

/// Every line that is not empty.
pub fn read(text: &str) -> Result<Found, SetError> {
    let mut found = Found::default();
    let mut empty = 0;
    for (line, words) in (1..).zip(text.lines()) {
        match words.trim() {
            "" => empty += 1,
            words => found.push(prompt(None, found.prompts.len() + 1, line, words))?,
        }
    }
    found.left_out = left_out(empty, ["empty line", "empty lines"]);
    Ok(found)
}
