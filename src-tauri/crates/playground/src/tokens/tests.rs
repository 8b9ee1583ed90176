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

    /// The library can cut these texts, so it says whether the windows are right.
    #[test]
    fn blanks_cut_in_windows_are_cut_as_a_whole(
        encoding in any_encoding(),
        parts in prop::collection::vec((r"[a!/\r\n]{0,3}", r"[ \t\u{a0}]{1,6}", 1..1500usize), 1..4),
        end in r"[a!/\n]{0,2}",
    ) {
        let runs = parts.iter().map(|(word, blank, times)| word.clone() + &blank.repeat(*times));
        let text = runs.collect::<String>() + &end;
        let windows = blanks::encode(encoding, &text, 512);
        prop_assert_eq!(windows, Some(plain(encoding, &text).unwrap()));
    }

    /// Windows far too small: where they do not fit together it is noticed, and nothing is made up.
    #[test]
    fn windows_that_do_not_fit_together_are_never_joined(
        encoding in any_encoding(),
        text in r"[ \t\n\u{a0}\u{3000}]{100,300}",
        blank in r"[ \t\u{a0}\u{3000}]{1,6}",
        window in 4..200usize,
    ) {
        for text in [&text, &blank.repeat(100)] {
            let whole = plain(encoding, text).unwrap();
            let windows = blanks::encode(encoding, text, window).unwrap_or_else(|| whole.clone());
            prop_assert_eq!(windows, whole);
        }
    }
}

#[test]
fn known_texts_have_the_ids_that_tiktoken_gives() {
    let cases = [
        (Encoding::O200kBase, "hello world", vec![24912, 2375]),
        (Encoding::O200kHarmony, "hello world", vec![24912, 2375]),
        (Encoding::Cl100kBase, "hello world", vec![15339, 1917]),
        (Encoding::P50kBase, "hello world", vec![31373, 995]),
        (Encoding::R50kBase, "hello world", vec![31373, 995]),
        (Encoding::O200kBase, "", vec![]),
    ];
    for (encoding, text, ids) in cases {
        assert_eq!(encode(encoding, text).unwrap(), ids, "{text:?} in {encoding:?}");
        assert_eq!(count(encoding, text).unwrap() as usize, ids.len());
    }
}

#[test]
fn special_tokens_in_a_text_are_cut_like_words() {
    for encoding in Encoding::ALL {
        let ids = encode(encoding, "<|endoftext|>").unwrap();
        assert!(ids.len() > 1, "{encoding:?} read a special token out of a text");
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

/// `cl100k_base` and the older ones can be cut whole here, and so say what is right.
#[test]
fn a_million_blanks_are_cut_exactly() {
    for (encoding, tokens) in [
        (Encoding::O200kBase, 7_813),
        (Encoding::O200kHarmony, 7_813),
        (Encoding::Cl100kBase, 7_813),
        (Encoding::P50kBase, 62_500),
        (Encoding::R50kBase, MILLION),
    ] {
        let blanks = " ".repeat(MILLION);
        assert_eq!(count(encoding, &blanks).unwrap() as usize, tokens, "{encoding:?}");
        // The last blank goes with the word, and no word is cut differently.
        let ids = encode(encoding, &format!("hi!{blanks} hi")).unwrap();
        let ends = [encode(encoding, "hi!").unwrap(), encode(encoding, " hi").unwrap()];
        let whole = [&ends[0][..], &encode(encoding, &blanks).unwrap(), &ends[1]].concat();
        assert!(ids == whole, "{encoding:?} cut a million blanks between words otherwise");
    }
}

#[test]
fn hostile_texts_are_cut_or_refused_and_never_panic() {
    let pieces =
        ["\t", " \t", "\n", "\r\n", "\0", "a", "^", "👨‍👩‍👧‍👦", "\u{a0}", "\u{3000}", "\u{2003}"];
    for piece in pieces {
        let text = piece.repeat(MILLION / piece.len()) + "x";
        let ids = encode(Encoding::O200kBase, &text).unwrap();
        let bytes = Encoding::O200kBase.vocabulary().decode_bytes(&ids).unwrap();
        assert!(bytes == text.as_bytes(), "{piece:?} was changed");
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
