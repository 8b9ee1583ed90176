//! How much replies vary, in words.

/// A sentence for `count` replies of which `distinct` are different, and which begin with so many
/// tokens in common.
pub fn sentence(count: u32, distinct: u32, shared: u32) -> String {
    if count < 2 {
        return match count {
            0 => "There is no reply to compare yet.".to_owned(),
            _ => "There is one reply; it takes two to compare.".to_owned(),
        };
    }
    if distinct == 1 {
        return format!("All {count} replies are the same, to the last token.");
    }
    let how_many = match distinct == count {
        true => format!("All {count} replies are different."),
        false => format!("{count} replies, {distinct} of them different."),
    };
    let where_to = match shared {
        0 => "They part at the first token.".to_owned(),
        1 => "They part after the first token.".to_owned(),
        _ => format!("They begin with the same {shared} tokens, and then part."),
    };
    format!("{how_many} {where_to}")
}
