//! Special tokens: those that stand for no text, such as the end of a document.
//!
//! Whoever serves a model writes them between the texts of a conversation. In a text they are
//! letters like any others, unless a server reads them out of it.

include!(concat!(env!("OUT_DIR"), "/specials.rs"));

/// Every name begins so.
const BEGIN: &str = "<|";
/// Every name ends so.
const END: &str = "|>";
/// No name is longer, in bytes.
pub const LONGEST: usize = 32;

/// The places in `text` that look like special tokens, in order: `<|`, small letters, digits and
/// underscores, `|>`. Every special token of these encodings looks so.
pub fn look_alikes(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + text[from..].find(BEGIN)?;
            from = at + BEGIN.len();
            if let Some(name) = name_at(&text[at..]) {
                from = at + name.len();
                return Some((at, name));
            }
        }
    })
}

/// The look-alike that `text` begins with.
fn name_at(text: &str) -> Option<&str> {
    let is_inner = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    let inner = text.as_bytes()[BEGIN.len()..].iter().take(LONGEST);
    let inner = inner.take_while(|byte| is_inner(byte)).count();
    let end = BEGIN.len() + inner + END.len();
    (inner > 0 && end <= LONGEST && text[BEGIN.len() + inner..].starts_with(END))
        .then(|| &text[..end])
}

/// The id of the special token `name` in a table.
pub fn id(table: &[(&str, u32)], name: &str) -> Option<u32> {
    let at = table.binary_search_by_key(&name, |(name, _)| name).ok()?;
    Some(table[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_token_is_a_look_alike() {
        for table in [O200K_BASE, O200K_HARMONY, CL100K_BASE, P50K_BASE, R50K_BASE] {
            assert!(!table.is_empty() && table.is_sorted());
            for (name, special) in table {
                let text = format!("é<|{name}<|");
                assert_eq!(look_alikes(&text).collect::<Vec<_>>(), [(4, *name)]);
                assert_eq!(id(table, name), Some(*special));
            }
        }
    }

    #[test]
    fn what_only_begins_like_one_is_none() {
        for text in ["<|", "<||>", "<|end", "<|end|", "<|end>", "<|END|>", "<|en d|>", "<|é|>"] {
            assert_eq!(look_alikes(text).count(), 0, "{text}");
        }
        let long = format!("<|{}|>", "a".repeat(LONGEST));
        assert_eq!(look_alikes(&long).count(), 0);
        assert_eq!(look_alikes("<|<|im_start|>|>").collect::<Vec<_>>(), [(2, "<|im_start|>")]);
        assert_eq!(id(O200K_BASE, "<|im_start|>"), None);
    }
}
