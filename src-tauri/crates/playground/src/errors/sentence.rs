//! Servers put numbers and names into sentences; here they are taken out again.

/// The numbers in `text` where it says `pattern`, such as `{prompt} tokens > {limit} maximum`.
/// `None` where it does not.
pub fn numbers<'a>(text: &str, pattern: &'a str) -> Option<Vec<(&'a str, u64)>> {
    let (start, _) = pattern.split_once('{')?;
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find(start) {
        if let Some(found) = numbers_at(&text[from + at..], pattern) {
            return Some(found);
        }
        from += at + start.len().max(1);
    }
    None
}

fn numbers_at<'a>(text: &str, pattern: &'a str) -> Option<Vec<(&'a str, u64)>> {
    let (mut text, mut pattern, mut found) = (text, pattern, Vec::new());
    while let Some((words, rest)) = pattern.split_once('{') {
        let (name, rest) = rest.split_once('}')?;
        text = text.strip_prefix(words)?;
        let end = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
        found.push((name, text[..end].parse().ok()?));
        (text, pattern) = (&text[end..], rest);
    }
    text.starts_with(pattern).then_some(found)
}

/// The words of `text` that could be the id of a model, or the path of a field.
pub fn ids(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |it: char| it.is_ascii_alphanumeric() || "-._:/".contains(it);
    text.split(move |it| !is_part(it)).filter_map(|word| {
        let word = word.trim_end_matches(['.', ':']);
        let word = word.strip_prefix("models/").unwrap_or(word);
        (!word.is_empty()).then_some(word)
    })
}

/// What stands between `before` and `after`.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(text.split_once(before)?.1.split_once(after)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_where_the_sentence_fits() {
        let both = || Some(vec![("a", 7), ("b", 5)]);
        for (text, found) in [
            ("7 tokens > 5", None),
            ("is 7 tokens > 5 most", both()),
            ("is 99999999999999999999 tokens > 5", None),
            ("is é tokens > 5, is 7 tokens > 5", both()),
            ("is ", None),
            ("", None),
        ] {
            assert_eq!(numbers(text, "is {a} tokens > {b}"), found, "{text}");
        }
        assert_eq!(numbers("7 tokens", "no place for one"), None);
    }

    #[test]
    fn ids_are_found_in_prose() {
        let found: Vec<_> = ids("The model `models/a-1.5:x` is gone. See b/c.").collect();
        assert_eq!(found, ["The", "model", "a-1.5:x", "is", "gone", "See", "b/c"]);
    }
}
