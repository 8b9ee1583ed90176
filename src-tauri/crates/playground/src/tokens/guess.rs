//! A guess at how a text is cut, and how far off it was.

use super::{Lane, sheet::Sheet};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;

/// What somebody guessed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum Guess {
    /// How many tokens there are.
    Count {
        /// That many.
        count: u32,
    },
    /// Where one ends and the next begins.
    Cut {
        /// There, inside the text, in UTF-16 code units.
        ends: Vec<u32>,
    },
}

/// How far off a guess was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Score {
    /// 0 to 100. Of a cut: right places among all that are right, missed or wrong. Of a count:
    /// what it is off by, against the larger of guess and truth.
    pub points: u32,
    /// How many tokens or borders there are.
    pub truth: u32,
    /// The guess less the truth.
    #[ts(type = "number")]
    pub off: i64,
    /// How many borders were found.
    pub right: u32,
    /// The borders that were not, in UTF-16 code units; at most [`MOST_PLACES`].
    pub missed: Vec<u32>,
    /// Where there is none.
    pub wrong: Vec<u32>,
    /// The same in a sentence.
    pub says: String,
}

/// How many places of a score are listed.
pub const MOST_PLACES: usize = 2_000;

impl Sheet {
    /// How far off a guess is; none for a lane that the sheet does not have.
    ///
    /// Borders are those that are shown: none of them is inside a character.
    pub fn score(&self, lane: Lane, guess: &Guess) -> Option<Score> {
        if !self.layout().lanes.contains(&lane) {
            return None;
        }
        Some(match guess {
            Guess::Count { count } => count_score(*count, self.count(lane)),
            Guess::Cut { ends } => cut_score(ends, &self.borders(lane)),
        })
    }
}

fn count_score(guess: u32, truth: u32) -> Score {
    let off = i64::from(guess) - i64::from(truth);
    let largest = u64::from(guess.max(truth)).max(1);
    let points = 100 * (largest - off.unsigned_abs()) / largest;
    let says = match off {
        0 => format!("Exactly right: {truth}."),
        1.. => format!("It is {truth}: your guess is {off} too many."),
        _ => format!("It is {truth}: your guess is {} too few.", -off),
    };
    let (missed, wrong) = (vec![], vec![]);
    Score { points: points as u32, truth, off, right: 0, missed, wrong, says }
}

fn cut_score(guess: &[u32], truth: &[u32]) -> Score {
    let truth: BTreeSet<u32> = truth.iter().copied().collect();
    let guess: BTreeSet<u32> = guess.iter().copied().collect();
    let right = truth.intersection(&guess).count();
    let all = truth.union(&guess).count();
    let (missed, wrong) = (truth.len() - right, guess.len() - right);
    let says = match (missed, wrong) {
        (0, 0) => format!("Exactly right: all {right} borders."),
        _ => format!("{right} of {} borders found, {wrong} where there is none.", truth.len()),
    };
    let listed = |places: Vec<&u32>| places.into_iter().take(MOST_PLACES).copied().collect();
    Score {
        points: (100 * right).checked_div(all).map_or(100, |points| points as u32),
        truth: truth.len() as u32,
        off: guess.len() as i64 - truth.len() as i64,
        right: right as u32,
        missed: listed(truth.difference(&guess).collect()),
        wrong: listed(guess.difference(&truth).collect()),
        says,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::sheet::SheetLayout;
    use proptest::prelude::*;

    fn sheet(text: &str) -> Sheet {
        let lanes = vec![Lane::O200kBase, Lane::Characters, Lane::Bytes];
        let layout = SheetLayout { lanes, columns: 20, specials: false, price_as: None };
        Sheet::new(text.into(), layout).unwrap()
    }

    #[test]
    fn a_count_is_scored_by_how_far_off_it_is() {
        // Two tokens.
        let sheet = sheet("hello world");
        for (guess, points, off, says) in [
            (2, 100, 0, "Exactly right: 2."),
            (1, 50, -1, "It is 2: your guess is 1 too few."),
            (4, 50, 2, "It is 2: your guess is 2 too many."),
            (0, 0, -2, "It is 2: your guess is 2 too few."),
            (u32::MAX, 0, 4_294_967_293, "It is 2: your guess is 4294967293 too many."),
        ] {
            let score = sheet.score(Lane::O200kBase, &Guess::Count { count: guess }).unwrap();
            let found = (score.points, score.off, score.truth, score.says.as_str());
            assert_eq!(found, (points, off, 2, says));
        }
        assert_eq!(sheet.score(Lane::Gpt2, &Guess::Count { count: 1 }), None, "no such lane");
    }

    #[test]
    fn a_cut_is_scored_by_its_borders() {
        // hello, world, and an astronaut of several tokens.
        let sheet = sheet("hello world 👩‍🚀!");
        let cut = |ends: &[u32]| {
            sheet.score(Lane::O200kBase, &Guess::Cut { ends: ends.to_vec() }).unwrap()
        };
        let none = cut(&[]);
        assert_eq!((none.points, none.right), (0, 0));
        let truth = none.missed;
        assert!(truth.starts_with(&[5, 11]), "{truth:?}");
        assert!(!truth.contains(&14), "a border is inside a character");
        let exact = cut(&truth);
        assert_eq!(
            (exact.points, exact.off, exact.missed.len(), exact.wrong.len()),
            (100, 0, 0, 0)
        );
        let one = cut(&[5, 7, 7, 99]);
        assert_eq!((one.right, one.wrong.as_slice()), (1, &[7, 99][..]));
        assert_eq!(one.points, 100 / (truth.len() as u32 + 2));
        assert_eq!(one.says, format!("1 of {} borders found, 2 where there is none.", truth.len()));
        assert_eq!(sheet.score(Lane::Characters, &Guess::Cut { ends: vec![] }).unwrap().truth, 13);
    }

    proptest! {
        #[test]
        fn points_are_between_0_and_100(text in "[a-z \n👩]{0,200}", ends in prop::collection::vec(any::<u32>(), 0..9), count: u32) {
            let sheet = sheet(&text);
            for guess in [Guess::Cut { ends }, Guess::Count { count }] {
                let score = sheet.score(Lane::O200kBase, &guess).unwrap();
                prop_assert!(score.points <= 100);
            }
        }
    }
}
