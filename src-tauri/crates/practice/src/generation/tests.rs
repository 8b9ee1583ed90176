use proptest::prelude::*;

use super::*;
use crate::{
    model::{Model, Prompted, Role, Speaker, Turn},
    sampling::{Sampler, Sampling},
};

fn of(prompted: &Prompted, limits: Limits) -> Generation {
    let sampling = Sampling { seed: Some(1), ..Sampling::default() };
    Generation::new(prompted.reply(""), Sampler::new(sampling, 0), limits)
}

fn reply(question: &str, max_tokens: usize, stop: &[&str]) -> (Vec<String>, Generation) {
    let turn = Turn { role: Role::User, name: None, text: question.to_owned() };
    let prompted = Model::get().read(&[turn], Speaker::Answer, 8);
    let stop = stop.iter().map(|text| (*text).to_owned()).collect();
    let mut generation = of(&prompted, Limits { max_tokens, stop });
    (generation.by_ref().map(|piece| piece.text).collect(), generation)
}

#[test]
fn a_piece_is_one_token_where_tokens_are_whole_characters() {
    let (pieces, generation) = reply("count to 4", 100, &[]);
    assert_eq!(pieces, ["1", ",", " ", "2", ",", " ", "3", ",", " ", "4"]);
    assert_eq!((generation.finish(), generation.made()), (Some(Finish::Stop), 10));
}

#[test]
fn the_limit_of_tokens_ends_a_reply() {
    let (pieces, generation) = reply("count to 4", 4, &[]);
    assert_eq!(pieces, ["1", ",", " ", "2"]);
    assert_eq!((generation.finish(), generation.made()), (Some(Finish::Length), 4));
}

#[test]
fn a_limit_of_just_the_reply_counts_as_its_length() {
    let (_, generation) = reply("count to 4", 10, &[]);
    assert_eq!(generation.finish(), Some(Finish::Length));
}

#[test]
fn a_stop_text_is_found_across_tokens_and_never_said() {
    let table: [(&[&str], &str); 7] = [
        (&["3, 4"], "1, 2, "),
        (&[", 3"], "1, 2"),
        (&["2"], "1, "),
        (&["1"], ""),
        (&["9"], "1, 2, 3, 4, 5"),
        (&["5, 6", "4,"], "1, 2, 3, "),
        (&["2, 4", "3"], "1, 2, "),
    ];
    for (stop, expected) in table {
        let (pieces, generation) = reply("count to 5", 100, stop);
        assert_eq!(pieces.concat(), expected, "{stop:?}");
        assert_eq!(generation.finish(), Some(Finish::Stop));
        assert!(pieces.iter().all(|piece| !piece.is_empty()), "{stop:?}: {pieces:?}");
    }
}

#[test]
fn an_ending_names_the_stop_text_that_came_first() {
    let (_, generation) = reply("count to 5", 100, &["4", ", 3", "3"]);
    assert_eq!(generation.ending().stopped_by.as_deref(), Some(", 3"));
    let (_, generation) = reply("count to 5", 100, &["9"]);
    assert_eq!(generation.ending().stopped_by, None);
}

#[test]
fn the_chances_of_a_piece_are_those_of_its_tokens_and_only_come_when_asked_for() {
    let prompted = Prompted::saying("1 👩\u{200d}👧 2, 3, 4");
    for stop in [&[][..], &["3, 9".to_owned(), "4".to_owned()]] {
        let limits = Limits { max_tokens: 100, stop: stop.to_vec() };
        for piece in of(&prompted, limits).with_chances(3) {
            let ids = piece.chances.iter().map(|chance| tokens::bytes(chance.token));
            assert_eq!(ids.collect::<Vec<_>>().concat(), piece.text.as_bytes());
            for Chance { token, probability, candidates } in &piece.chances {
                assert_eq!(candidates, &[(*token, *probability)]);
            }
        }
    }
    let limits = Limits { max_tokens: 100, stop: Vec::new() };
    assert!(of(&prompted, limits).all(|piece| piece.chances.is_empty()));
}

#[test]
fn a_stop_text_within_a_token_cuts_the_token() {
    let (pieces, generation) = reply("count from 998 to 1001", 100, &["00"]);
    assert_eq!(pieces, ["998", ",", " ", "999", ",", " ", "1"]);
    assert_eq!(generation.made(), 7, "the token that held the stop text was made too");
}

#[test]
fn text_that_only_looks_like_a_stop_text_is_kept_token_by_token() {
    let (pieces, _) = reply("count to 4", 100, &["2, 3, 5", "4, "]);
    assert_eq!(pieces, ["1", ",", " ", "2", ",", " ", "3", ",", " ", "4"]);
}

#[test]
fn half_a_character_waits_for_the_other_half() {
    let family = "👩‍👩‍👧‍👦";
    let prompted = Prompted::saying(family);
    let limits = |max_tokens| Limits { max_tokens, stop: Vec::new() };
    let whole: Vec<Piece> = of(&prompted, limits(1000)).collect();
    assert_eq!(whole.iter().map(|piece| piece.text.as_str()).collect::<String>(), family);
    let made = whole.last().unwrap().made;
    assert!(whole.len() < made, "some piece must carry several tokens");
    for max_tokens in 0..made {
        let mut cut = of(&prompted, limits(max_tokens));
        let text: String = cut.by_ref().map(|piece| piece.text).collect();
        assert!(family.starts_with(&text), "{text:?}");
        assert_eq!(cut.made(), max_tokens);
    }
}

proptest! {
    #[test]
    fn text_ends_where_the_stop_text_begins_that_is_complete_first(
        text in "[ab é👩]{0,30}",
        stop in prop::collection::vec("[ab é👩]{1,4}", 1..4),
    ) {
        let prompted = Prompted::saying(&text);
        let ends = text.char_indices().map(|(at, letter)| &text[..at + letter.len_utf8()]);
        let expected = ends.into_iter().find_map(|so_far| {
            let before = stop.iter().filter_map(|stop| so_far.strip_suffix(stop.as_str()));
            before.min_by_key(|before| before.len()).map(str::to_owned)
        });
        let limits = Limits { max_tokens: 1000, stop };
        let pieces: Vec<Piece> = of(&prompted, limits).collect();
        let said: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        prop_assert_eq!(said, expected.unwrap_or(text));
        prop_assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
    }
}

#[test]
fn every_token_has_its_chance_though_the_end_cuts_a_character_in_half() {
    let prompted = Prompted::saying("👩\u{200d}👩\u{200d}👧");
    let all = of(&prompted, Limits { max_tokens: 100, stop: Vec::new() });
    let made = all.with_chances(1).map(|piece| piece.chances.len()).sum();
    for max_tokens in 0..made {
        let limits = Limits { max_tokens, stop: Vec::new() };
        let told: usize =
            of(&prompted, limits).with_chances(1).map(|piece| piece.chances.len()).sum();
        assert_eq!(told, max_tokens);
    }
}
