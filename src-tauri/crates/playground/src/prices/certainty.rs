//! How sure a count before the call is, and what that makes of its price.

use super::{Dollars, Price};
use crate::models::{encoding_for, tokenizer_of};
use crate::tokens::Overhead;
use serde::Serialize;
use ts_rs::TS;

/// How sure the count of a prompt is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Certainty {
    /// Whether the provider will count the same. If not, the range is what it likely counts.
    pub exact: bool,
    /// The fewest tokens that it likely counts.
    pub low_tokens: u64,
    /// The most.
    pub high_tokens: u64,
    /// What the fewest cost, none of them cached; null if the price is not known.
    pub low_cost: Option<Dollars>,
    /// What the most cost.
    pub high_cost: Option<Dollars>,
    /// Why, in a sentence.
    pub sentence: String,
}

/// How sure `tokens` are as the prompt of the model `id`: `overhead` of them are what the
/// provider adds to the text.
pub fn certainty(id: &str, tokens: u64, overhead: u64, price: Option<&Price>) -> Certainty {
    let tokenizer = tokenizer_of(id);
    let choice = encoding_for(id);
    let text = tokens.saturating_sub(overhead);
    let frame_known = choice.overhead != Overhead::Unknown;
    // A frame that is not known may be missing, or twice as large.
    let (least, most) = if frame_known { (overhead, overhead) } else { (0, 2 * overhead) };
    let part = |percent: u32| text.saturating_mul(percent.into());
    let low_tokens = part(tokenizer.low_percent) / 100 + least;
    let high_tokens = part(tokenizer.high_percent).div_ceil(100) + most;
    let cost = |tokens| price.map(|price| price.prompt_cost(tokens));
    let sentence = match (choice.exact, frame_known) {
        (true, true) => format!("Exact: {} is public.", tokenizer.id),
        (true, false) => {
            "± what stands around the messages: the text is counted exactly, the marks that the \
             provider adds are not known."
                .into()
        }
        (false, _) => {
            let (less, more) = (100 - tokenizer.low_percent, tokenizer.high_percent - 100);
            let less = if less == 0 { "0".into() } else { format!("−{less}") };
            format!("± ({less} to +{more} %): {}", tokenizer.says)
        }
    };
    Certainty {
        exact: choice.exact && frame_known,
        low_tokens,
        high_tokens,
        low_cost: cost(low_tokens),
        high_cost: cost(high_tokens),
        sentence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prices::Book;

    #[test]
    fn a_count_is_exact_or_has_a_range_and_a_reason() {
        for (id, exact, low, high, says) in [
            ("gpt-4o-mini", true, 1_007, 1_007, "Exact: o200k_base"),
            ("gpt-oss:20b", false, 1_000, 1_014, "marks"),
            ("gpt-6-luna", false, 907, 1_307, "−10 to +30 %"),
            ("claude-sonnet-5", false, 1_000, 1_714, "0 to +70 %): Claude from Opus 4.7"),
            ("claude-haiku-4-5", false, 800, 1_314, "−20 to +30 %"),
            ("nobody-knows-me", false, 700, 1_514, "not known"),
        ] {
            let price = Book::default();
            let price = price.price_of(id, "2026-11-20");
            let found = certainty(id, 1_007, 7, price);
            assert_eq!(
                (found.exact, found.low_tokens, found.high_tokens),
                (exact, low, high),
                "{id}"
            );
            assert!(found.sentence.contains(says), "{id}: {}", found.sentence);
            let cost = |tokens| price.map(|it| it.input.cost(tokens));
            assert_eq!((found.low_cost, found.high_cost), (cost(low), cost(high)), "{id}");
        }
        let huge = certainty("nobody-knows-me", u64::MAX, 0, None);
        assert!(huge.low_tokens <= huge.high_tokens);
    }
}
