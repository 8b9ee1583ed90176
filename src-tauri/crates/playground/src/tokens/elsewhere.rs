//! How many tokens a text has for a model whose tokenizer is not public.

use super::{
    Encoding, TokenError, count,
    sheet::{Sheet, million_calls},
};
use crate::{
    models::{self, EncodingChoice, Tokenizer},
    prices::{Dollars, Price},
};
use encodings::Cutting;
use serde::Serialize;
use ts_rs::TS;

/// How many tokens a text has for one model, and how well that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ModelCount {
    /// The model's id.
    pub model: String,
    /// What people call it.
    pub name: String,
    /// The encoding that was counted with.
    pub encoding: Encoding,
    /// Whether that is the model's own, so that the count is right.
    pub exact: bool,
    /// Whether its pieces may be shown: where no tokenizer is public, nobody knows them.
    pub has_pieces: bool,
    /// What that encoding counts.
    pub tokens: u32,
    /// The least that it may be.
    pub low: u32,
    /// The most that it may be.
    pub high: u32,
    /// How the figure was made and how far off it may be, in a sentence.
    pub how: String,
    /// What a million calls cost with this text as prompt; none if the price is not known.
    pub per_million_calls: Option<Dollars>,
}

impl Sheet {
    /// How many tokens the text has for the model `id`, priced at `price`.
    pub fn count_for(&self, id: &str, price: Option<&Price>) -> Result<ModelCount, TokenError> {
        let choice = models::encoding_for(id);
        let specials = self.layout().specials;
        let tokens = match self.cutting(choice.encoding) {
            Some(cutting) => cutting.count(),
            None => Cutting::of(choice.encoding, specials, self.text()).count(),
        } as u32;
        let reads_specials = specials && tokens != count(choice.encoding, self.text())?;
        let row = models::find(id);
        let tokenizer = models::tokenizer_of(id);
        let (low, high) = tokenizer.range(tokens);
        Ok(ModelCount {
            model: id.into(),
            name: row.map_or(id, |model| &model.name).into(),
            encoding: choice.encoding,
            exact: choice.exact,
            has_pieces: choice.has_pieces,
            tokens,
            low,
            high,
            how: how(&choice, &tokenizer) + if reads_specials { SPECIALS } else { "" },
            per_million_calls: price.map(|price| million_calls(price, tokens)),
        })
    }
}

/// What is added where the text has special tokens in it.
const SPECIALS: &str = " Special tokens in the text are read as such here, as in the lanes; what a \
                        person sends is read as plain text.";

/// How a count by `choice` was made and how far off it may be, in sentences.
pub(super) fn how(choice: &EncodingChoice, tokenizer: &Tokenizer) -> String {
    let id = choice.encoding.id();
    if choice.exact {
        return format!("Counted with {id}, which is this model's own encoding.");
    }
    format!(
        "{} Counted with {id}: the true count is likely {} to {} % of that, and may be outside of it \
         for other scripts than Latin.",
        tokenizer.says, tokenizer.low_percent, tokenizer.high_percent
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::{Lane, sheet::SheetLayout};

    fn count(model: &str, lanes: &[Lane], specials: bool) -> ModelCount {
        let layout = SheetLayout { lanes: lanes.to_vec(), columns: 80, specials, price_as: None };
        let text = "hello <|endoftext|> world ".repeat(10);
        Sheet::new(text, layout).unwrap().count_for(model, None).unwrap()
    }

    #[test]
    fn only_an_estimate_has_a_range() {
        for (model, exact, has_pieces) in [
            ("gpt-4o-mini", true, true),
            ("gpt-4", true, true),
            ("gpt-6-luna", false, true),
            ("claude-opus-5-5", false, false),
            ("gemini-2.5-flash", false, false),
            ("no-such-model", false, false),
        ] {
            let found = count(model, &[Lane::O200kBase], false);
            assert_eq!((found.exact, found.has_pieces), (exact, has_pieces), "{model}");
            let is_range = found.low <= found.tokens && found.tokens < found.high;
            assert_eq!(is_range, !exact, "{found:?}");
            assert!(is_range || (found.low, found.high) == (found.tokens, found.tokens));
            assert_eq!(found.per_million_calls, None);
            assert!(found.how.ends_with('.') && found.how.contains(found.encoding.id()));
        }
    }

    #[test]
    fn the_count_does_not_depend_on_which_lanes_are_shown() {
        for specials in [false, true] {
            let expected = count("gpt-4o-mini", &[Lane::O200kBase], specials);
            assert_eq!(count("gpt-4o-mini", &[Lane::Words], specials), expected);
        }
    }

    #[test]
    fn the_count_is_that_of_the_lane_with_and_without_special_tokens() {
        let found =
            [false, true].map(|specials| count("gpt-4o-mini", &[Lane::O200kBase], specials));
        let [plain, read] = found;
        assert!(read.tokens < plain.tokens, "a special token is one");
        assert!(read.how.contains("Special tokens") && !plain.how.contains("Special tokens"));
        let none = SheetLayout {
            lanes: vec![Lane::O200kBase],
            columns: 80,
            specials: true,
            price_as: None,
        };
        let none = Sheet::new("hello".into(), none).unwrap().count_for("gpt-4o-mini", None);
        assert!(!none.unwrap().how.contains("Special"), "where there are none, nothing is said");
    }
}
