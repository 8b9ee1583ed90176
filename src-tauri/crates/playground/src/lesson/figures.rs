//! Figures that a lesson does not state but has computed: prices that move, counts of tokens.

use super::LessonError;
use crate::{
    Usage, models,
    prices::{self, Book, Dollars, PerMillion, Price},
    tokens::{self, Encoding},
};

/// What figures are computed from.
#[derive(Debug, Clone, Copy)]
pub struct Figures<'a> {
    /// Every price that holds.
    pub book: &'a Book,
    /// The day (YYYY-MM-DD, UTC) whose prices count.
    pub day: &'a str,
}

impl Figures<'_> {
    /// The text of a file with every `{{…}}` computed.
    pub(super) fn fill(&self, text: &str) -> Result<String, LessonError> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            filled.push_str(before);
            let line = 1 + filled.matches('\n').count();
            let wrong = |why: String| LessonError::new(line, why);
            let (figure, behind) =
                after.split_once("}}").ok_or_else(|| wrong("{{ has no }}".into()))?;
            let computed = self.compute(figure.trim());
            let computed = computed.ok_or_else(|| {
                wrong(format!("{{{{{figure}}}}} is no figure, or nothing is known of its model"))
            })?;
            filled.push_str(&computed);
            rest = behind;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn compute(&self, figure: &str) -> Option<String> {
        let (kind, of) = figure.split_once(' ')?;
        let words: Vec<&str> = of.split(' ').collect();
        match (kind, words.as_slice()) {
            ("price", [model, side]) => self.price(model, side),
            ("cost", [model, input, output]) => self.cost(model, input, output, "1"),
            ("cost", [model, input, output, "x", times]) => self.cost(model, input, output, times),
            ("window", [model]) => Some(grouped(models::find(model)?.context_window?.into())),
            ("tokens", _) => encode(of).map(|ids| grouped(ids.len() as u64)),
            ("ids", _) => {
                Some(encode(of)?.iter().map(u32::to_string).collect::<Vec<_>>().join(", "))
            }
            _ => None,
        }
    }

    fn price(&self, model: &str, side: &str) -> Option<String> {
        let price = self.price_of(model)?;
        let of: PerMillion = match side {
            "input" => price.input,
            "output" => price.output,
            "cached" => price.cache_read?,
            _ => return None,
        };
        Some(dollars(of.cost(1_000_000)))
    }

    /// The price of the day; of a model that has ended, the last one.
    fn price_of(&self, model: &str) -> Option<&Price> {
        let last = || self.book.rows(model).max_by_key(|row| &row.valid_from);
        self.book.price_of(model, self.day).or_else(last)
    }

    fn cost(&self, model: &str, input: &str, output: &str, times: &str) -> Option<String> {
        let price = self.price_of(model)?;
        let [input, output] = [input, output].map(|count| count.parse().ok());
        let usage =
            Usage { input_tokens: Some(input?), output_tokens: Some(output?), ..Usage::default() };
        let one = prices::bill(Some(price), &usage, false).total?;
        Some(dollars(Dollars(one.0.checked_mul(times.parse().ok()?)?)))
    }
}

/// The tokens of a text behind the name of an encoding.
fn encode(of: &str) -> Option<Vec<u32>> {
    let (encoding, text) = of.split_once(' ')?;
    tokens::encode(Encoding::from_id(encoding)?, text).ok()
}

/// An amount as people write it, with cents at least.
fn dollars(amount: Dollars) -> String {
    let text = amount.to_string();
    match text.split_once('.') {
        None => format!("${text}"),
        Some((_, decimals)) if decimals.len() == 1 => format!("${text}0"),
        Some(_) => format!("${text}"),
    }
}

/// A count with its thousands parted.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let parts: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|it| str::from_utf8(it).ok()).collect();
    parts.join(",")
}

/// The first line, counted from 1, with an amount in dollars that is not computed.
pub(super) fn stated_dollars(text: &str) -> Option<usize> {
    let is_amount = |line: &str| {
        line.split('$').skip(1).any(|after| after.starts_with(|it: char| it.is_ascii_digit()))
    };
    text.lines().position(is_amount).map(|index| index + 1)
}
