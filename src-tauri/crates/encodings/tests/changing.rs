//! A text that changes is cut as if it had always been what it has become.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use encodings::{Change, Cutting, Encoding};
use proptest::prelude::*;

/// What the patterns and the merges treat differently, and what a change can join or part.
fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c]{1,4}",
        "[A-Z][a-z]{0,3}",
        "[A-Zʰ語\u{301}]{1,5}[a-zé語]{0,3}",
        "[0-9]{1,5}",
        "[ \t\u{a0}\u{3000}]{1,4}",
        "[ \t]{0,2}[\r\n]{1,3}[ ]{0,2}",
        "['’](s|S|t|re|R|ll|l|L|ve|v|m|d)?",
        "[!?/<>|.]{1,4}",
        "[👩🚀🏽\u{200d}\u{fe0f}🇺🇳]{1,3}",
        "<\\|(endoftext|start|endofprompt|im_start)?(\\|>)?",
        Just("<|endoftext|>".to_owned()),
        any::<char>().prop_map(String::from),
        ("[a ]|ab|語|A|\n|a\u{301}|_", 400..900usize).prop_map(|(it, times)| it.repeat(times)),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(fragment(), 0..8).prop_map(|parts| parts.concat())
}

/// Where it begins, how much goes (both as parts of what there is), and what comes.
fn changes() -> impl Strategy<Value = Vec<(f64, f64, String)>> {
    let removed = prop_oneof![3 => Just(0.0), 3 => 0.0..0.05, 1 => 0.0..=1.0];
    let inserted = prop_oneof![Just(String::new()), fragment(), text()];
    prop::collection::vec((0.0..=1.0, removed, inserted), 1..6)
}

/// The border of characters at or before a place.
fn border(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn change(text: &mut String, (start, removed, inserted): (f64, f64, String)) -> Change {
    let start = border(text, (start * text.len() as f64) as usize);
    let removed = (removed * (text.len() - start) as f64).ceil() as usize;
    let end = border(text, start + removed);
    text.replace_range(start..end, &inserted);
    Change { start, removed: end - start, inserted: inserted.len() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn a_changed_text_is_cut_as_if_it_were_new(
        text in text(),
        changes in changes(),
        specials in any::<bool>(),
    ) {
        for encoding in Encoding::ALL {
            let (mut now, changes) = (text.clone(), changes.clone());
            let mut cutting = Cutting::of(encoding, specials, &now);
            for it in changes {
                let change = change(&mut now, it);
                cutting.change(&now, change);
                prop_assert_eq!(&cutting, &Cutting::of(encoding, specials, &now), "{:?}", now);
            }
            if !specials {
                prop_assert_eq!(cutting.ids(), encoding.encode(&now));
            }
        }
    }

    #[test]
    fn tokens_have_their_places(text in text(), specials in any::<bool>()) {
        for encoding in Encoding::ALL {
            let cutting = Cutting::of(encoding, specials, &text);
            let mut end = 0;
            for (index, token) in cutting.tokens_from(0).enumerate() {
                prop_assert_eq!((token.range.start, token.index), (end, index));
                let said = &text.as_bytes()[token.range.clone()];
                let bytes = encoding.bytes(token.id).unwrap_or(said);
                prop_assert_eq!(bytes, said);
                prop_assert_eq!(token.is_special, encoding.bytes(token.id).is_none());
                end = token.range.end;
            }
            prop_assert_eq!((end, cutting.count()), (text.len(), cutting.ids().len()));
        }
    }

    #[test]
    fn merging_step_by_step_comes_to_the_tokens(text in "[a-dA-Z '0-9é語👩\u{301}]{1,30}") {
        for encoding in Encoding::ALL {
            for piece in encoding.pieces(&text) {
                let steps = encoding.merge_steps(piece);
                let last = steps.last().unwrap();
                let ids: Vec<u32> = last.parts.iter()
                    .map(|part| encoding.id_of(&piece.as_bytes()[part.clone()]).unwrap()).collect();
                prop_assert!(last.merges.is_none() && last.ranks.iter().all(Option::is_none));
                prop_assert_eq!(steps[0].parts.len(), piece.len());
                // What is a token as a whole is taken so, whatever merging would make of it.
                if encoding.id_of(piece.as_bytes()).is_none() {
                    prop_assert_eq!(ids, encoding.encode(piece));
                }
            }
        }
    }
}

#[test]
fn every_piece_is_taken_by_the_alternative_that_says_so() {
    for (encoding, text, expected) in [
        (Encoding::O200kBase, "Hello", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"),
        (Encoding::O200kBase, "123", r"\p{N}{1,3}"),
        (Encoding::O200kBase, " \n x", r"\s*[\r\n]+"),
        (Encoding::O200kBase, "   x", r"\s+(?!\S)"),
        (Encoding::O200kBase, "  ", r"\s+(?!\S)"),
        (Encoding::O200kBase, " 1", r"\s+"),
        (Encoding::Cl100kBase, "'s", r"'(?i:[sdmt]|ll|ve|re)"),
        (Encoding::Cl100kBase, "  ", r"\s++$"),
        (Encoding::Cl100kBase, "  x", r"\s+(?!\S)"),
        (Encoding::Cl100kBase, " 1", r"\s"),
        (Encoding::R50kBase, " 1", r" ?\p{N}++"),
        (Encoding::Gpt2, "  ", r"\s++$"),
        (Encoding::Gpt2, "\nx", r"\s"),
    ] {
        let rule = encoding.alternative_of_first(text).unwrap();
        let pattern = encoding.alternatives()[rule].pattern;
        assert!(pattern.ends_with(expected), "{text:?} in {encoding:?} by {pattern}");
    }
    assert_eq!(Encoding::O200kBase.alternative_of_first(""), None);
}
