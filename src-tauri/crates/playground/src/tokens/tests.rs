use super::*;
use proptest::prelude::*;

const MILLION: usize = 1_000_000;

fn any_encoding() -> impl Strategy<Value = Encoding> {
    prop::sample::select(Encoding::ALL.to_vec())
}

/// Characters of every kind that the encodings treat differently.
fn any_text() -> impl Strategy<Value = String> {
    let kinds = r"[a-zA-Z0-9 \t\r\n\u{0}'/<|>_é語\u{a0}\u{301}\u{200d}\u{1f469}\u{1f680}]{0,60}";
    prop_oneof![kinds.boxed(), any::<String>().boxed()]
}

proptest! {
    #[test]
    fn spans_tile_the_text_and_tokens_tile_the_spans(encoding in any_encoding(), text in any_text()) {
        let cut = cut(encoding, &text, usize::MAX).unwrap();
        let ids: Vec<u32> = cut.spans.iter().flat_map(|span| &span.tokens).map(|token| token.id).collect();
        prop_assert_eq!(cut.spans.iter().map(|span| span.text.as_str()).collect::<String>(), text.as_str());
        prop_assert_eq!(&ids, &encode(encoding, &text).unwrap());
        prop_assert_eq!((cut.count, cut.shown_tokens), (ids.len() as u32, ids.len() as u32));
        for span in cut.spans {
            let bytes: Vec<u8> = span.tokens.into_iter().flat_map(|token| token.bytes).collect();
            prop_assert_eq!(bytes, span.text.into_bytes());
        }
    }

    #[test]
    fn a_limit_shows_the_head_and_still_counts_all(text in any_text(), limit in 0..20usize) {
        let all = cut(Encoding::O200kBase, &text, usize::MAX).unwrap();
        let some = cut(Encoding::O200kBase, &text, limit).unwrap();
        let shown: usize = some.spans.iter().map(|span| span.tokens.len()).sum();
        prop_assert_eq!(&some.spans[..], &all.spans[..limit.min(all.spans.len())]);
        prop_assert_eq!((some.count, some.shown_tokens as usize), (all.count, shown));
    }
}

#[test]
fn a_character_cut_into_several_tokens_is_one_span() {
    let cut = cut(Encoding::O200kBase, "👩‍🚀", 9).unwrap();
    let tokens: Vec<usize> = cut.spans.iter().map(|span| span.tokens.len()).collect();
    let texts: Vec<&str> = cut.spans.iter().map(|span| span.text.as_str()).collect();
    assert_eq!(texts.concat(), "👩‍🚀");
    assert!(tokens.iter().any(|&count| count > 1), "{tokens:?}");
}

#[test]
fn hostile_texts_are_cut() {
    let pieces =
        [" ", "\t", " \t", "\n", "\r\n", "\0", "a", "^", "👨‍👩‍👧‍👦", "\u{a0}", "\u{3000}", "\u{2003}"];
    for piece in pieces {
        let text = piece.repeat(MILLION / piece.len()) + "x";
        let cut = cut(Encoding::O200kBase, &text, usize::MAX).unwrap();
        let shown: String = cut.spans.into_iter().map(|span| span.text).collect();
        assert!(shown == text, "{piece:?} was changed");
    }
}

#[test]
fn a_text_that_is_too_long_is_refused_in_words() {
    let error = encode(Encoding::O200kBase, &"a".repeat(MAX_BYTES + 1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the text is 4194305 bytes long, and at most 4194304 are cut into tokens at once: \
         shorten it or count it in parts"
    );
}
