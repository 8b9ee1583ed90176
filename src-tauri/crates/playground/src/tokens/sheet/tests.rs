use super::*;
use crate::tokens::Encoding;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

const ALL: RowRange = RowRange { first: 0, count: MOST_ROWS };

fn layout(lanes: &[Lane], columns: u32, specials: bool) -> SheetLayout {
    SheetLayout { lanes: lanes.to_vec(), columns, specials, price_as: None }
}

/// Every lane there is, in two layouts.
fn layouts(columns: u32, specials: bool) -> [SheetLayout; 2] {
    use Lane::*;
    [
        layout(&[O200kBase, O200kHarmony, Cl100kBase, Bytes, Characters, Words], columns, specials),
        layout(&[P50kBase, R50kBase, Gpt2], columns, specials),
    ]
}

/// What rows, characters and words are cut at, and what encodings treat differently.
fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z]{1,9}",
        2 => "[0-9.,:'’_-]{1,4}",
        3 => "[ \t\u{3000}]{1,3}",
        2 => "[\r\n]{1,2}",
        2 => "[語アきกำ\u{e31}\u{93e}क\u{94d}षאبéᄀ\u{1161}\u{11a8}]{1,6}",
        2 => "[a\u{301}\u{308}\u{20dd}]{1,6}",
        2 => "[👩🚀🏽❤👨\u{200d}\u{fe0f}🇺🇳🇩]{1,6}",
        1 => "[\u{0}\u{200b}\u{202e}\u{feff}\u{600}\u{10ffff}]",
        1 => "<\\|(endoftext|im_start|start)\\|>",
        1 => any::<char>().prop_map(String::from),
        1 => ("[a ]|語|👩|\u{301}|a\u{301}", 100..700usize).prop_map(|(it, n)| it.repeat(n)),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(fragment(), 0..14).prop_map(|parts| parts.concat())
}

fn utf16(text: &str) -> u32 {
    text.encode_utf16().count() as u32
}

/// A change somewhere in a text, between two of its code points.
fn edit(text: &str, (start, removed, inserted): (f64, usize, String)) -> SheetEdit {
    let letters: Vec<char> = text.chars().collect();
    let start = (start * letters.len() as f64) as usize;
    let end = (start + removed).min(letters.len());
    let length = |part: &[char]| part.iter().map(|it| it.len_utf16() as u32).sum();
    SheetEdit { at: length(&letters[..start]), removed: length(&letters[start..end]), inserted }
}

fn apply(text: &str, edit: &SheetEdit) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let (start, end) = (edit.at as usize, (edit.at + edit.removed) as usize);
    let inserted: Vec<u16> = edit.inserted.encode_utf16().collect();
    String::from_utf16(&[&units[..start], &inserted, &units[end..]].concat()).unwrap()
}

/// Every row, however many.
fn all_rows(sheet: &Sheet) -> Vec<Row> {
    let count = sheet.counts(RowRange { first: 0, count: 0 }, None).rows;
    let firsts = (0..count).step_by(MOST_ROWS as usize);
    firsts.flat_map(|first| sheet.rows(RowRange { first, ..ALL })).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn an_edited_sheet_is_what_it_would_be_if_it_were_new(
        start in text(),
        edits in prop::collection::vec(
            (0.0..=1.0, prop_oneof![Just(0), 0..3usize, 0..900usize],
             prop_oneof![Just(String::new()), fragment(), text()]), 1..5),
        columns in 20..60u32,
        specials in any::<bool>(),
    ) {
        for layout in layouts(columns, specials) {
            let mut text = start.clone();
            let mut sheet = Sheet::new(text.clone(), layout.clone()).unwrap();
            for (times, it) in edits.iter().enumerate() {
                let edit = edit(&text, it.clone());
                text = apply(&text, &edit);
                sheet.edit(&edit).unwrap();
                let new = Sheet::new(text.clone(), layout.clone()).unwrap();
                prop_assert_eq!(&sheet.text, &text);
                prop_assert_eq!(&sheet.rows, &new.rows, "{:?}", text);
                prop_assert_eq!(&sheet.lanes, &new.lanes, "{:?}", text);
                prop_assert_eq!(&sheet.look_alikes, &new.look_alikes);
                prop_assert_eq!(sheet.revision() as usize, times + 1);
                prop_assert_eq!(sheet.rows(ALL), new.rows(ALL));
            }
            if !specials {
                for lane in &layout.lanes {
                    let Some(encoding) = lane.encoding() else { continue };
                    let cutting = sheet.lanes.cutting(encoding).unwrap();
                    prop_assert_eq!(cutting.ids(), encoding.encode(&text));
                }
            }
        }
    }

    #[test]
    fn rows_tile_the_text_and_spans_tile_the_rows(
        text in text(), columns in 20..60u32, specials in any::<bool>(),
    ) {
        for layout in layouts(columns, specials) {
            let sheet = Sheet::new(text.clone(), layout.clone()).unwrap();
            let rows = all_rows(&sheet);
            prop_assert_eq!(rows.iter().map(|row| row.text.as_str()).collect::<String>(), text.as_str());
            let mut at = 0;
            for (index, row) in rows.iter().enumerate() {
                prop_assert_eq!((row.index as usize, row.at), (index, at));
                at += utf16(&row.text);
                let one = sheet.rows(RowRange { first: row.index, count: 1 });
                prop_assert_eq!(&one[0], row, "a row is the same whichever others are asked for");
                for spans in &row.lanes {
                    let (mut end, mut column) = (0, 0);
                    for span in spans {
                        prop_assert_eq!((span.from, span.column), (end, column));
                        prop_assert!(span.to > span.from && !span.tokens.is_empty());
                        (end, column) = (span.to, span.column + span.cells);
                    }
                    prop_assert_eq!((end, column), (utf16(&row.text), row.cells));
                }
            }
        }
    }

    #[test]
    fn spans_are_whole_characters_and_as_few_tokens_as_can_be(text in "[a-z語é\u{301}👩🚀\u{200d}🇺🇳 \n]{0,60}") {
        let borders: Vec<usize> =
            text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
        let [one, _] = layouts(500, false);
        let sheet = Sheet::new(text.clone(), one.clone()).unwrap();
        let rows = all_rows(&sheet);
        for (lane, number) in one.lanes.iter().zip(0..) {
            let Some(encoding) = lane.encoding() else { continue };
            let spans: Vec<_> = rows.iter().flat_map(|row| &row.lanes[number]).filter(|it| !it.from_before).collect();
            let ids: Vec<u32> = spans.iter().flat_map(|it| &it.tokens).map(|it| it.id.unwrap()).collect();
            prop_assert_eq!(&ids, &encoding.encode(&text), "{:?}", encoding);
            let (mut at, mut index) = (0, 0);
            for span in spans {
                prop_assert_eq!(span.index, index);
                prop_assert!(borders.contains(&at));
                for (number, token) in span.tokens.iter().enumerate() {
                    at += token.bytes.len() / 2;
                    let is_last = number + 1 == span.tokens.len();
                    prop_assert_eq!(borders.contains(&at), is_last, "{} {:?}", at, encoding);
                }
                index += span.tokens.len() as u32;
            }
        }
    }
}

fn row_texts(text: &str, columns: u32) -> Vec<String> {
    let sheet = Sheet::new(text.into(), layout(&[Lane::Characters], columns, false)).unwrap();
    all_rows(&sheet).into_iter().map(|row| row.text).collect()
}

#[test]
fn rows_break_at_line_ends_and_at_the_width() {
    let wide = "語".repeat(11);
    for (text, rows) in [
        ("", vec![""]),
        ("a", vec!["a"]),
        ("a\n", vec!["a\n", ""]),
        ("\r\n\ra\n\nb", vec!["\r\n", "\r", "a\n", "\n", "b"]),
        ("12345678901234567890", vec!["12345678901234567890"]),
        ("12345678901234567890é\n", vec!["12345678901234567890", "é\n", ""]),
        (&wide, vec![&wide[..30], "語"]),
        ("a word that is too long", vec!["a word that is too", " long"]),
        ("a word that fits well, not", vec!["a word that fits", " well, not"]),
        ("two  spaces before   one more", vec!["two  spaces before  ", " one more"]),
        ("naive incomprehensibilities", vec!["naive incomprehensib", "ilities"]),
        ("a word that's a\u{a0}fixed\u{a0}one", vec!["a word that's", " a\u{a0}fixed\u{a0}one"]),
        ("\t\t\t\t\tx", vec!["\t\t\t\t\t", "x"]),
    ] {
        assert_eq!(row_texts(text, 20), rows, "{text:?}");
    }
}

#[test]
fn marks_without_end_stay_in_bounds() {
    let zalgo = format!("a{}b", "\u{301}".repeat(300_000));
    let rows = row_texts(&zalgo, 20);
    assert!(rows.iter().all(|row| row.len() <= 4_096), "a row is too long");
    let sheet = Sheet::new(zalgo, layouts(20, false)[0].clone()).unwrap();
    let json = serde_json::to_string(&sheet.counts(RowRange { first: 0, count: 9 }, None)).unwrap();
    assert!(json.len() < 4_000_000, "{} bytes for nine rows", json.len());
}

#[test]
fn a_family_is_one_character_and_seven_code_points() {
    let text = "👨‍👩‍👧‍👦";
    let lanes = [Lane::Characters, Lane::Bytes, Lane::O200kBase, Lane::Words];
    let sheet = Sheet::new(text.into(), layout(&lanes, 20, false)).unwrap();
    let counts = sheet.counts(ALL, None);
    assert_eq!((counts.characters, counts.code_points, counts.utf16, counts.bytes), (1, 7, 11, 25));
    let of = |lane: usize| &counts.visible[0].lanes[lane];
    let counted: Vec<u32> = counts.lanes.iter().map(|lane| lane.count).collect();
    let tokens = Encoding::O200kBase.encode(text).len();
    assert_eq!(counted, [1, 25, tokens as u32, 0]);
    for (lane, parts) in [(0, 7), (1, 25), (2, tokens), (3, 1)] {
        assert_eq!((of(lane).len(), of(lane)[0].tokens.len()), (1, parts), "lane {lane}");
        assert_eq!(of(lane)[0].cells, 2);
    }
    let first = &of(0)[0].tokens[0];
    let expected = (Some(0x1f468), "f09f91a8", Some("👨"));
    assert_eq!((first.id, first.bytes.as_str(), first.text.as_deref()), expected);
    assert_eq!(of(1)[0].tokens[0].text, None, "a byte of it is no character");
    assert_eq!(of(3)[0].kind, SpanKind::Between);
}

#[test]
fn words_are_told_from_what_is_between_them() {
    let sheet = Sheet::new("Don't stop, 3.5!".into(), layout(&[Lane::Words], 20, false)).unwrap();
    let counts = sheet.counts(ALL, None);
    let row = &counts.visible[0];
    let shown: Vec<_> = row.lanes[0]
        .iter()
        .map(|it| (&row.text[it.from as usize..it.to as usize], it.kind, it.index))
        .collect();
    use SpanKind::{Between, Token};
    assert_eq!(
        shown,
        [
            ("Don't", Token, 0),
            (" ", Between, 1),
            ("stop", Token, 1),
            (",", Between, 2),
            (" ", Between, 2),
            ("3.5", Token, 2),
            ("!", Between, 3),
        ]
    );
    assert_eq!(counts.lanes[0].count, 3);
}

#[test]
fn a_token_that_crosses_rows_is_told_on_both() {
    let text = format!("{}{}x", "a".repeat(18), " ".repeat(8));
    let sheet = Sheet::new(text, layout(&[Lane::Cl100kBase], 20, false)).unwrap();
    let rows = all_rows(&sheet);
    let last = rows[0].lanes[0].last().unwrap();
    let first = &rows[1].lanes[0][0];
    assert!(last.goes_on && first.from_before && last.index == first.index, "{rows:#?}");
    assert_eq!((last.cells, first.cells, &last.tokens), (2, 5, &first.tokens));
    assert!(last.starts_with_space && first.starts_with_space);
}

#[test]
fn look_alikes_are_text_until_a_server_reads_them() {
    let text = "a<|endoftext|>b <|im_start|> <|endofprompt|>";
    let lanes = [Lane::O200kBase, Lane::O200kHarmony, Lane::Gpt2, Lane::Bytes];
    let read = |specials| {
        let sheet = Sheet::new(text.into(), layout(&lanes, 100, specials)).unwrap();
        sheet.counts(ALL, None)
    };
    let (plain, special) = (read(false), read(true));
    assert_eq!((plain.look_alikes, special.look_alikes), (3, 3));
    let alikes = &plain.visible[0].look_alikes;
    assert_eq!(alikes, &special.visible[0].look_alikes);
    let ids: Vec<_> = alikes.iter().map(|it| (it.text.as_str(), it.from, it.ids.clone())).collect();
    assert_eq!(
        ids,
        [
            ("<|endoftext|>", 1, vec![Some(199_999), Some(199_999), Some(50_256), None]),
            ("<|im_start|>", 16, vec![None; 4]),
            ("<|endofprompt|>", 29, vec![Some(200_018), None, None, None]),
        ]
    );
    let kinds = |counts: &SheetCounts, lane: usize| {
        let spans = counts.visible[0].lanes[lane].iter();
        spans
            .filter(|it| it.kind == SpanKind::Special)
            .map(|it| it.tokens[0].id)
            .collect::<Vec<_>>()
    };
    assert_eq!((kinds(&plain, 0), kinds(&plain, 2)), (vec![], vec![]));
    assert_eq!(kinds(&special, 0), [Some(199_999), Some(200_018)]);
    assert_eq!(kinds(&special, 1), [Some(199_999)]);
    assert_eq!(kinds(&special, 2), [Some(50_256)]);
    assert!(special.lanes[0].count < plain.lanes[0].count);
}

#[test]
fn a_million_calls_cost_a_million_times_as_much() {
    let sheet =
        Sheet::new("hello world".into(), layout(&[Lane::O200kBase, Lane::Bytes], 20, false));
    let book = crate::prices::Book::default();
    let price = book.price_of("gpt-4o-mini", "2026-11-20").unwrap();
    let counts = sheet.unwrap().counts(ALL, Some(price));
    // Two tokens at $0.15 a million.
    let per_million = |lane: usize| counts.lanes[lane].per_million_calls;
    assert_eq!(per_million(0).map(|it| it.to_string()).as_deref(), Some("0.3"));
    assert_eq!(per_million(1), None, "nobody sells bytes");
    assert_eq!(counts.lanes[0].chars_per_token, Some(5.5));
}

#[test]
fn another_layout_cuts_only_what_it_needs() {
    let mut sheet =
        Sheet::new("hello world".into(), layout(&[Lane::O200kBase], 20, false)).unwrap();
    let more = layout(&[Lane::Words, Lane::O200kHarmony, Lane::Gpt2], 40, false);
    sheet.lay(more.clone()).unwrap();
    let new = Sheet::new("hello world".into(), more).unwrap();
    assert_eq!((&sheet.rows, &sheet.lanes), (&new.rows, &new.lanes));
    let wrong = sheet.lay(layout(&[Lane::Words, Lane::Words], 40, false)).unwrap_err();
    assert_eq!(wrong.to_string(), "a text is shown in 1 to 6 lanes, each of them once");
    assert!(sheet.lay(layout(&[], 40, false)).is_err());
    assert!(sheet.lay(layout(&[Lane::Words], 19, false)).is_err());
    assert_eq!(sheet.layout().lanes[0], Lane::Words, "what is refused changes nothing");
}

#[test]
fn what_does_not_fit_the_text_changes_nothing() {
    let mut sheet = Sheet::new("a👩b".into(), layout(&[Lane::O200kBase], 20, false)).unwrap();
    for (at, removed) in [(5, 0), (0, 5), (2, 0), (1, 1), (2, 1), (u32::MAX, 1), (1, u32::MAX)] {
        let edit = SheetEdit { at, removed, inserted: "x".into() };
        assert!(matches!(sheet.edit(&edit), Err(SheetError::Place(4))), "{at}, {removed}");
    }
    let long = "x".repeat(crate::tokens::MAX_BYTES);
    let edit = SheetEdit { at: 0, removed: 0, inserted: long };
    assert!(matches!(sheet.edit(&edit), Err(SheetError::Text(_))));
    assert_eq!((sheet.text(), sheet.revision()), ("a👩b", 0));
    sheet.edit(&SheetEdit { at: 1, removed: 2, inserted: "é".into() }).unwrap();
    assert_eq!((sheet.text(), sheet.revision()), ("aéb", 1));
}

#[test]
fn rows_beyond_the_text_are_none() {
    let sheet = Sheet::new("a\nb".into(), layout(&[Lane::O200kBase], 20, false)).unwrap();
    let ask = |first, count| sheet.rows(RowRange { first, count }).len();
    assert_eq!(
        (ask(0, 9), ask(1, 9), ask(2, 9), ask(u32::MAX, u32::MAX), ask(0, 0)),
        (2, 1, 0, 0, 0)
    );
}
