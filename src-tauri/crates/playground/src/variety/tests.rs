use super::*;
use crate::models::encoding_for;
use proptest::prelude::*;
use std::collections::HashSet;

const CUT: Encoding = Encoding::O200kBase;

/// The replies, each under its place.
fn compare(replies: &[&str], limit: usize) -> Result<Variety, TokenError> {
    let ids: Vec<String> = (0..replies.len()).map(|it| it.to_string()).collect();
    let named: Vec<_> = ids.iter().map(String::as_str).zip(replies.iter().copied()).collect();
    variety(&encoding_for("gpt-4o"), &named, limit)
}

fn compared(replies: &[&str]) -> Variety {
    compare(replies, usize::MAX).expect("they are short")
}

#[test]
fn equal_replies_are_one_group_and_the_rest_part_somewhere() {
    let variety = compared(&["The sky is blue.", "The sky is red.", "The sky is blue.", "Air."]);
    assert_eq!((variety.count, variety.distinct), (4, 3));
    let groups: Vec<_> = variety.groups.iter().map(|it| it.runs.concat()).collect();
    assert_eq!(groups, ["02", "1", "3"]);
    assert_eq!(variety.equal_pairs_percent, 16.7);
    assert_eq!(variety.sentence, "4 replies, 3 of them different. They part at the first token.");
}

#[test]
fn what_all_begin_with_is_told() {
    let variety = compared(&["The sky is blue.", "The sky is red."]);
    assert_eq!((variety.shared_tokens, variety.shared_text.as_str()), (3, "The sky is "));
    let alone = compared(&["The sky", "The sky"]);
    assert_eq!((alone.distinct, alone.equal_pairs_percent, alone.shared_tokens), (1, 100.0, 2));
    let none = compared(&[]);
    assert_eq!((none.count, none.braid.len(), none.equal_pairs_percent), (0, 0, 100.0));
}

#[test]
fn one_may_be_the_beginning_of_another() {
    let variety = compared(&["The sky", "The sky is", ""]);
    let shape: Vec<_> =
        variety.braid.iter().map(|it| (it.parent, it.count, it.ends, it.spans.concat())).collect();
    let text = |it: &str| it.to_owned();
    assert_eq!(
        shape,
        [(None, 3, 1, text("")), (Some(0), 2, 1, text("The sky")), (Some(1), 1, 1, text(" is")),]
    );
}

#[test]
fn half_a_character_is_carried_to_where_it_is_completed() {
    // The two faces begin with the same bytes, and with the same tokens.
    let variety = compared(&["🫠", "🫡"]);
    let root = &variety.braid[0];
    assert!(root.tokens > 0, "they share half a character");
    assert_eq!(root.spans, Vec::<String>::new(), "which is no text yet");
    let mut ends: Vec<_> = variety.braid[1..].iter().map(|it| it.spans.concat()).collect();
    ends.sort();
    assert_eq!(ends, ["🫠", "🫡"]);
    assert_eq!(variety.shared_text, "");
}

#[test]
fn a_long_stretch_shows_its_beginning_and_where_it_parts() {
    let long = "word ".repeat(5_000);
    let (one, other) = (format!("{long}one"), format!("{long}two more words than shown at all"));
    let variety = compare(&[&one, &other], 6).expect("it is short enough");
    let root = &variety.braid[0];
    assert_eq!((root.spans.len(), root.last.len()), (3, 3));
    assert_eq!(root.hidden + 6, root.tokens, "each of its spans is one token");
    assert!(variety.braid[1..].iter().all(|it| it.spans.len() <= 6 && it.last.is_empty()));
    let json = serde_json::to_string(&variety.braid).expect("plain data");
    assert!(json.len() < 2_000, "{} bytes", json.len());
}

#[test]
fn too_much_is_refused_with_a_sentence() {
    let texts: Vec<String> = (0..5).map(|it| format!("{it}{}", "a".repeat(1 << 20))).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let error = compare(&texts, 10).expect_err("more than 4 MiB").to_string();
    assert!(error.contains("bytes long"), "{error}");
    assert!(compare(&[texts[0]; 9], 10).is_ok(), "equal ones are cut once");
}

/// The text along the way from the root to a node, and its tokens.
fn spelled(braid: &[BraidNode], node: &BraidNode) -> (String, u32) {
    let (before, tokens) = match node.parent {
        Some(parent) => spelled(braid, &braid[parent as usize]),
        None => (String::new(), 0),
    };
    assert_eq!(node.at, tokens, "it begins where its parent ends");
    (before + &node.spans.concat(), tokens + node.tokens)
}

fn replies() -> impl Strategy<Value = Vec<String>> {
    let word =
        prop::sample::select(vec!["The", " sky", "🫠", "🫡", "é", "\u{0}", " 数", "ab", "\n"]);
    let reply = prop::collection::vec(word, 0..7).prop_map(|words| words.concat());
    prop::collection::vec(prop_oneof![reply, any::<String>()], 0..12)
}

proptest! {
    #[test]
    fn the_ways_through_the_braid_spell_the_replies(texts in replies(), limit in 0_usize..9) {
        let replies: Vec<&str> = texts.iter().map(String::as_str).collect();
        let whole = compared(&replies);
        let mut spelled_out = Vec::new();
        for node in &whole.braid {
            let (text, _) = spelled(&whole.braid, node);
            spelled_out.extend(std::iter::repeat_n(text, node.ends as usize));
            prop_assert!(node.parent.is_none() || node.tokens > 0);
            prop_assert_eq!(node.hidden, 0);
        }
        spelled_out.sort();
        let mut said = texts.clone();
        said.sort();
        prop_assert_eq!(spelled_out, said);

        for (place, node) in whole.braid.iter().enumerate() {
            let children = || whole.braid.iter().filter(|it| it.parent == Some(place as u32));
            let going_on: u32 = children().map(|it| it.count).sum();
            prop_assert_eq!(node.count, node.ends + going_on, "counts add up");
            prop_assert!(node.ends > 0 || children().count() > 1 || node.parent.is_none());
            let members: u32 = node.groups.iter().map(|it| whole.groups[*it as usize].runs.len() as u32).sum();
            prop_assert_eq!(node.count, members);
        }
        prop_assert!(whole.braid.len() <= 2 * whole.distinct as usize + 1);

        let cut = compare(&replies, limit).expect("they are short");
        prop_assert_eq!(cut.braid.len(), whole.braid.len());
        for (cut, whole) in cut.braid.iter().zip(&whole.braid) {
            prop_assert!(cut.spans.len() + cut.last.len() <= limit);
            prop_assert!(whole.spans.starts_with(&cut.spans) && whole.spans.ends_with(&cut.last));
        }
    }

    #[test]
    fn what_is_shared_is_where_each_begins_and_no_longer(texts in replies()) {
        let replies: Vec<&str> = texts.iter().map(String::as_str).collect();
        let variety = compared(&replies);
        let (text, tokens) = (variety.shared_text, variety.shared_tokens as usize);
        prop_assert!(replies.iter().all(|it| it.starts_with(&text)));
        let ids: Vec<_> = replies.iter().map(|it| CUT.encode(it)).collect();
        prop_assert!(ids.iter().all(|it| it[..tokens] == ids[0][..tokens]));
        if variety.distinct > 1 {
            let next: HashSet<_> = replies.iter().map(|it| it[text.len()..].chars().next()).collect();
            prop_assert!(next.len() > 1, "the next character differs");
            let next: HashSet<_> = ids.iter().map(|it| it.get(tokens)).collect();
            prop_assert!(next.len() > 1, "the next token differs");
        }
    }
}
