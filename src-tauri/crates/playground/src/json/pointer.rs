//! Where a value stands in another: JSON pointers, and patterns that many pointers fit.

use serde_json::Value;

/// Every value that holds no other, in order.
pub fn leaves(value: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    collect(value, &mut String::new(), &mut found);
    found
}

fn collect<'a>(value: &'a Value, at: &mut String, found: &mut Vec<(String, &'a Value)>) {
    let below = children(value);
    if below.is_empty() {
        found.push((at.clone(), value));
    }
    for (name, child) in below {
        let length = at.len();
        at.push('/');
        at.push_str(&name);
        collect(child, at, found);
        at.truncate(length);
    }
}

/// What lies directly in a value, by the step of a JSON pointer that leads there.
pub fn children(value: &Value) -> Vec<(String, &Value)> {
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(fields) => fields.iter().map(|(name, it)| (escaped(name), it)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, it)| (at.to_string(), it)).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a step of a pointer leads into a list.
pub fn is_index(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// `/a/0/b` as `a[].b`: the way that a glossary names places.
pub fn pattern(pointer: &str) -> String {
    let mut pattern = String::new();
    for step in pointer.split('/').skip(1) {
        if is_index(step) {
            pattern.push_str("[]");
            continue;
        }
        if !pattern.is_empty() {
            pattern.push('.');
        }
        pattern.push_str(&step.replace("~1", "/").replace("~0", "~"));
    }
    pattern
}

/// Whether what stands at `pattern` lies within `place`, which may end in `**`, or is that itself.
pub fn lies_in(pattern: &str, place: &str) -> bool {
    let whole = place.strip_suffix(".**").unwrap_or(place);
    let below = pattern.strip_prefix(whole);
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_pattern_names_every_item_of_a_list_alike() {
        let value = json!({ "a": [{ "b/c": 1 }, []], "d": {}, "e~": null });
        let leaves: Vec<_> = leaves(&value).into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(leaves, ["/a/0/b~1c", "/a/1", "/d", "/e~0"]);
        let patterns: Vec<_> = leaves.iter().map(|it| pattern(it)).collect();
        assert_eq!(patterns, ["a[].b/c", "a[]", "d", "e~"]);
    }

    #[test]
    fn a_place_holds_what_is_below_it() {
        for (pattern, place, lies) in [
            ("a.b", "a.b", true),
            ("a.b[].c", "a.b", true),
            ("a.bc", "a.b", false),
            ("a", "a.b", false),
            ("a.b.c", "a.**", true),
            ("a", "a.**", true),
            ("ab", "a.**", false),
        ] {
            assert_eq!(lies_in(pattern, place), lies, "{pattern} in {place}");
        }
    }
}
