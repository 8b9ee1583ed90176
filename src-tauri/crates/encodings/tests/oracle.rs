//! The tables and the two cuts against tiktoken-rs, from whose vocabularies they are made.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use encodings::{Cutting, Encoding};
use proptest::prelude::*;
use std::{collections::HashSet, fs};
use tiktoken_rs::{CoreBPE, tokenizer::Tokenizer};

const MILLION: usize = 1_000_000;

fn oracle(encoding: Encoding) -> &'static CoreBPE {
    match encoding {
        Encoding::O200kBase => tiktoken_rs::o200k_base_singleton(),
        Encoding::O200kHarmony => tiktoken_rs::o200k_harmony_singleton(),
        Encoding::Cl100kBase => tiktoken_rs::cl100k_base_singleton(),
        Encoding::P50kBase => tiktoken_rs::p50k_base_singleton(),
        Encoding::R50kBase => tiktoken_rs::r50k_base_singleton(),
        // By its name, for it has no function of its own.
        Encoding::Gpt2 => tiktoken_rs::bpe_for_tokenizer(Tokenizer::Gpt2).unwrap(),
    }
}

/// Its cut; none where it gives up. `encode` with no special token allowed returns an error
/// where `encode_ordinary` panics: zurawiki/tiktoken-rs#117.
fn ids_of_the_oracle(encoding: Encoding, text: &str) -> Option<Vec<u32>> {
    oracle(encoding).encode(text, &HashSet::new()).ok().map(|(ids, _)| ids)
}

fn text_of(encoding: Encoding, ids: &[u32]) -> String {
    let bytes = ids.iter().flat_map(|id| encoding.bytes(*id).unwrap());
    String::from_utf8(bytes.copied().collect()).unwrap()
}

/// What the patterns and the merges treat differently, a few characters at a time.
fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,12}",
        "[A-Z]{1,4}[a-z]{0,8}",
        "[äßéøñÀÉŁſʰǅªⅷ]{1,5}",
        "[а-яΑ-Ωא-תء-ي]{1,6}",
        "[अ-ह\u{93e}\u{94d}ก-ฮ\u{e31}]{1,6}",
        "[가-각あ-んア-ン一-丅語]{1,5}",
        "[0-9]{1,7}",
        "[٠-٩²½Ⅷ〇]{1,4}",
        " {1,6}",
        r"[ \t\u{a0}\u{85}\u{b}\u{2003}\u{2028}\u{3000}]{1,5}",
        r"[ \t]{0,3}[\r\n]{1,3}",
        r"[!-/:-@\[-`{-~]{1,5}",
        r"[!?./]{1,3}[\r\n/]{1,3}",
        "[a-zA-Z]['’][sdmtSDMTſK][a-z]{0,4}",
        "[a-zA-Z]'(ll|LL|lL|ve|VE|re|Re|l|r)[a-z]{0,2}",
        "[👩🚀🏽\u{200d}\u{fe0f}]{1,5}|👨‍👩‍👧‍👦|🇺🇳",
        "[\u{300}\u{301}\u{20dd}]{1,3}",
        "\u{0}|\u{fffd}|\u{feff}|\u{10ffff}",
        Just("<|endoftext|>".to_owned()),
        any::<String>(),
    ]
}

fn text() -> impl Strategy<Value = String> {
    let repeated = (fragment(), 1..300usize).prop_map(|(fragment, times)| fragment.repeat(times));
    let part = prop_oneof![9 => fragment(), 1 => repeated];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

fn assert_same(encoding: Encoding, text: &str) {
    let expected = ids_of_the_oracle(encoding, text).expect("the oracle can cut this");
    let head: String = text.chars().take(200).collect();
    assert!(encoding.encode(text) == expected, "{encoding:?} cuts this otherwise: {head:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_text_is_cut_as_tiktoken_cuts_it(text in text()) {
        for encoding in Encoding::ALL {
            let (ids, expected) = (encoding.encode(&text), ids_of_the_oracle(encoding, &text));
            prop_assert_eq!(text_of(encoding, &ids), text.as_str());
            prop_assert_eq!(Some(ids), expected, "{:?}", encoding);
        }
    }

    #[test]
    fn special_tokens_are_read_out_as_tiktoken_reads_them(
        before in text(), name in "<\\|(endoftext|endofprompt|start|fim_prefix|im_end)\\|>", after in text(),
    ) {
        let text = format!("{before}{name}{after}");
        for encoding in Encoding::ALL {
            let expected = oracle(encoding).encode_with_special_tokens(&text);
            let cutting = Cutting::of(encoding, true, &text);
            prop_assert_eq!(cutting.ids(), expected, "{:?}", encoding);
        }
    }

    #[test]
    fn pieces_tile_the_text(text in text()) {
        for encoding in Encoding::ALL {
            let pieces: Vec<&str> = encoding.pieces(&text).collect();
            prop_assert_eq!(pieces.concat(), text.as_str());
            prop_assert!(pieces.iter().all(|piece| !piece.is_empty()));
        }
    }
}

#[test]
fn every_id_has_the_bytes_that_tiktoken_gives_it() {
    for encoding in Encoding::ALL {
        let special = oracle(encoding).special_tokens();
        let is_special = |bytes: &Vec<u8>| special.iter().any(|it| it.as_bytes() == bytes);
        for id in 0..1 << 19 {
            let expected = oracle(encoding).decode_bytes(&[id]).ok().filter(|it| !is_special(it));
            assert_eq!(encoding.bytes(id), expected.as_deref(), "{id} in {encoding:?}");
        }
    }
}

#[test]
fn what_practice_has_read_is_cut_as_tiktoken_cuts_it() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../practice/corpus");
    let files: Vec<_> = fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() > 5, "the corpus was not found");
    for text in files.iter().map(|path| fs::read_to_string(path).unwrap()) {
        Encoding::ALL.into_iter().for_each(|encoding| assert_same(encoding, &text));
    }
}

#[test]
fn long_runs_are_cut_as_tiktoken_cuts_them() {
    let pieces = [
        "a",
        "A",
        "aA",
        "é",
        "語",
        "1",
        "^",
        "^a",
        " ",
        "\t",
        " \t",
        "\n",
        "\r\n",
        " \n",
        "\0",
        "\u{a0}",
        "\u{3000}",
        " \u{2003}",
        "👨‍👩‍👧‍👦",
        "\u{301}",
        "'",
        "abracadabra",
        "ſ",
    ];
    for encoding in Encoding::ALL {
        for piece in pieces {
            let run = piece.repeat(20_000 / piece.len());
            assert_same(encoding, &run);
            assert_same(encoding, &format!("hi!{run} hi"));
        }
    }
}

/// Random letters merge in another order than runs do.
#[test]
fn a_long_word_is_cut_as_tiktoken_cuts_it() {
    let letter = |state: &mut u64| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        Some(char::from(b'a' + (*state >> 40) as u8 % 26))
    };
    let word: String = std::iter::repeat_n((), 50_000).scan(1, |state, ()| letter(state)).collect();
    Encoding::ALL.into_iter().for_each(|encoding| assert_same(encoding, &word));
}

/// The oracle cannot cut these runs before a word, but most of them alone.
#[test]
fn a_million_blanks_are_cut_exactly() {
    for (encoding, tokens) in [
        (Encoding::O200kBase, 7_813),
        (Encoding::O200kHarmony, 7_813),
        (Encoding::Cl100kBase, 7_813),
        (Encoding::P50kBase, 62_500),
        (Encoding::R50kBase, MILLION),
        (Encoding::Gpt2, MILLION),
    ] {
        let blanks = " ".repeat(MILLION);
        let alone = encoding.encode(&blanks);
        assert_eq!(alone.len(), tokens, "{encoding:?}");
        // The last blank goes with the word, and no word is cut differently.
        let ids = encoding.encode(&format!("hi!{blanks} hi"));
        let whole = [encoding.encode("hi!"), alone, encoding.encode(" hi")];
        assert!(ids == whole.concat(), "{encoding:?} cut a million blanks between words otherwise");
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
        (Encoding::Gpt2, "hello world", vec![31373, 995]),
        (Encoding::O200kBase, "", vec![]),
    ];
    for (encoding, text, ids) in cases {
        assert_eq!(encoding.encode(text), ids, "{text:?} in {encoding:?}");
    }
}

#[test]
fn special_tokens_in_a_text_are_cut_like_words() {
    for encoding in Encoding::ALL {
        let ids = encoding.encode("<|endoftext|>");
        assert!(ids.len() > 1, "{encoding:?} read a special token out of a text");
    }
}

#[test]
fn special_tokens_have_the_ids_that_tiktoken_gives() {
    for encoding in Encoding::ALL {
        let names = oracle(encoding).special_tokens();
        assert_eq!(encoding.specials().len(), names.len(), "{encoding:?}");
        for name in names {
            let id = oracle(encoding).encode_with_special_tokens(name);
            assert_eq!(encoding.special(name).map(|id| vec![id]), Some(id), "{name}");
        }
        assert_eq!(encoding.special("<|im_start|>"), None, "nobody publishes it");
    }
    assert_eq!(Encoding::Gpt2.special("<|endoftext|>"), Some(50256));
}
