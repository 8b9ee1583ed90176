//! Texts cut where a character ends.

/// The last place up to `end` at which a character of `text` begins, or the text ends.
pub fn whole(text: &str, end: usize) -> usize {
    let end = end.min(text.len());
    (0..=end).rev().find(|it| text.is_char_boundary(*it)).unwrap_or(0)
}
