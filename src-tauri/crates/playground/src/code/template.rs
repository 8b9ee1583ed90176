//! Templates of programs: lines that stand there or not, and places to fill in.

/// Keeps the lines whose flag holds, and puts the lines of `parts` where their names stand alone
/// on a line, as far in as the name is.
pub fn compose(template: &str, is_set: &dyn Fn(&str) -> bool, parts: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for line in template.lines() {
        let Some(line) = kept(line, is_set) else { continue };
        let name = line.trim_start();
        match parts.iter().find(|(part, _)| *part == name) {
            Some((_, part)) => {
                let indent = &line[..line.len() - name.len()];
                for line in compose(part, is_set, &[]).lines() {
                    text += &format!("{indent}{line}\n");
                }
            }
            None => text += &format!("{line}\n"),
        }
    }
    text
}

/// What stands behind `?flag `, if the flag holds; a line without one as it is.
fn kept<'a>(line: &'a str, is_set: &dyn Fn(&str) -> bool) -> Option<&'a str> {
    let Some(marked) = line.strip_prefix('?') else { return Some(line) };
    let (flag, rest) = marked.split_once(' ').unwrap_or((marked, ""));
    is_set(flag).then_some(rest)
}

/// Fills in each `%name%` that `value` knows, once: what is filled in is not looked at again, so
/// that no text of a person's can name a place. The error is that of a value that has none.
pub fn fill<E>(
    template: &str,
    value: &dyn Fn(&str) -> Option<Result<String, E>>,
) -> Result<String, E> {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('%') {
        text += before;
        match after.split_once('%').and_then(|(name, after)| Some((value(name)?, after))) {
            Some((value, after)) => {
                text += &value?;
                rest = after;
            }
            None => {
                text.push('%');
                rest = after;
            }
        }
    }
    Ok(text + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_parts_stand_where_they_belong() {
        let template = "?a one\n?b two\n?a\n  %part%\nend";
        let part = "if x:\n?b     never\n    y";
        let composed = compose(template, &|flag| flag == "a", &[("%part%", part)]);
        assert_eq!(composed, "one\n\n  if x:\n      y\nend\n");
    }

    #[test]
    fn what_is_filled_in_is_not_looked_at_again() {
        let value = |name: &str| match name {
            "a" => Some(Ok("%b%")),
            "b" => Some(Ok("never")),
            "c" => Some(Err("none")),
            _ => None,
        };
        let value = |name: &str| value(name).map(|it| it.map(str::to_owned));
        assert_eq!(fill("1 %a% '%s' %% %a%", &value), Ok("1 %b% '%s' %% %b%".into()));
        assert_eq!(fill("%c%", &value), Err("none"));
    }
}
