//! Which of a reply's calls a piece belongs to, where servers number them each in their own way.

/// More than any reply asks for.
const MOST: usize = 1_000;

/// The calls of one reply so far, in the order in which they began.
#[derive(Default)]
pub struct Calls(Vec<Call>);

struct Call {
    choice: u32,
    place: Option<u32>,
    id: Option<String>,
}

/// What a piece of a call says of where it belongs.
#[derive(Default)]
pub struct Piece<'a> {
    /// The choice that asks for the call.
    pub choice: u32,
    /// The server's number for it. Some count from one, some count all output, and some give
    /// calls that are made together the same.
    pub place: Option<u32>,
    /// The server's name for it, which may come with the first piece only.
    pub id: Option<&'a str>,
    /// Whether it names the tool: it then begins a call, or repeats that of one.
    pub has_name: bool,
}

impl Calls {
    /// The number of the call that `piece` belongs to: 0 for the first of the reply.
    pub fn number(&mut self, piece: &Piece) -> u32 {
        let calls = self.0.iter();
        let by_id = |call: &Call| piece.place.is_none() && piece.id.is_some() && call.is(piece);
        let known = calls.clone().rposition(by_id);
        let known = known.or_else(|| calls.clone().rposition(|call| call.takes(piece)));
        let at = known.unwrap_or_else(|| self.begin(piece));
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    fn begin(&mut self, piece: &Piece) -> usize {
        if self.0.len() < MOST {
            let (choice, place) = (piece.choice, piece.place);
            self.0.push(Call { choice, place, id: piece.id.map(str::to_owned) });
        }
        self.0.len() - 1
    }
}

impl Call {
    /// Whether the server has the same name for both.
    fn is(&self, piece: &Piece) -> bool {
        self.choice == piece.choice && self.id.as_deref() == piece.id
    }

    fn takes(&self, piece: &Piece) -> bool {
        let is_another = self.id.is_some() && piece.id.is_some() && !self.is(piece);
        let fits = match piece.place {
            Some(place) => self.place == Some(place) && !(piece.has_name && is_another),
            // Without a number, only a name tells where a call begins.
            None => !piece.has_name,
        };
        self.choice == piece.choice && fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(pieces: &[(u32, Option<u32>, Option<&'static str>, bool)]) -> Vec<u32> {
        let mut calls = Calls::default();
        let piece = |&(choice, place, id, has_name)| Piece { choice, place, id, has_name };
        pieces.iter().map(|it| calls.number(&piece(it))).collect()
    }

    #[test]
    fn pieces_find_their_call_however_a_server_numbers_them() {
        for (case, pieces, expected) in [
            (
                "by number, from one, interleaved",
                vec![
                    (0, Some(1), Some("a"), true),
                    (0, Some(2), Some("b"), true),
                    (0, Some(1), None, false),
                    (0, Some(2), None, false),
                ],
                vec![0, 1, 0, 1],
            ),
            (
                "the name and the id come with every piece",
                vec![(0, Some(0), Some("a"), true), (0, Some(0), Some("a"), true)],
                vec![0, 0],
            ),
            (
                "a new id with every piece, but no name",
                vec![(0, Some(0), Some("a"), true), (0, Some(0), Some("b"), false)],
                vec![0, 0],
            ),
            (
                "two calls under one number",
                vec![
                    (0, Some(0), Some("a"), true),
                    (0, Some(0), Some("b"), true),
                    (0, Some(0), None, false),
                ],
                vec![0, 1, 1],
            ),
            (
                "no numbers",
                vec![(0, None, None, true), (0, None, None, false), (0, None, None, true)],
                vec![0, 0, 1],
            ),
            (
                "no numbers, but ids",
                vec![
                    (0, None, Some("a"), true),
                    (0, None, Some("b"), true),
                    (0, None, Some("a"), false),
                    (0, None, Some("b"), true),
                ],
                vec![0, 1, 0, 1],
            ),
            (
                "the same number in two choices",
                vec![(0, Some(0), None, true), (1, Some(0), None, true), (0, Some(0), None, false)],
                vec![0, 1, 0],
            ),
            ("arguments before any name", vec![(0, None, None, false)], vec![0]),
        ] {
            assert_eq!(numbers(&pieces), expected, "{case}");
        }
    }

    #[test]
    fn calls_without_end_are_not_kept_without_end() {
        let pieces = vec![(0, None, None, true); MOST + 5];
        assert_eq!(numbers(&pieces)[MOST + 4] as usize, MOST - 1);
    }
}
