//! Dollars without floating point.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{fmt, iter::Sum, str::FromStr};
use ts_rs::TS;

/// An amount of money, exact to a pico-dollar (a millionth of a millionth of a dollar).
///
/// Written as a decimal in dollars: no exponent, no zeros at the end, no unit. `0.0000222`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, TS)]
#[ts(export, type = "string")]
pub struct Dollars(
    /// Pico-dollars.
    pub i128,
);

impl fmt::Display for Dollars {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DOLLAR: u128 = 1_000_000_000_000;
        let (sign, pico) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let decimals = format!("{:012}", pico % DOLLAR);
        match decimals.trim_end_matches('0') {
            "" => write!(formatter, "{sign}{}", pico / DOLLAR),
            decimals => write!(formatter, "{sign}{}.{decimals}", pico / DOLLAR),
        }
    }
}

impl Serialize for Dollars {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Dollars {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Dollars, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (dollars, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let whole = dollars.trim_start_matches('-');
        let is_plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_amount = !whole.is_empty() && is_plain(whole) && is_plain(decimals);
        // More digits than a number has, or than there are pico-dollars, are no amount of money.
        let pico = match is_amount && decimals.len() <= 12 {
            true => format!("{dollars}{decimals:0<12}").parse().ok(),
            false => None,
        };
        pico.map(Dollars).ok_or_else(|| D::Error::custom("an amount is a decimal in dollars"))
    }
}

impl Dollars {
    /// So many percent of it, to the nearest pico-dollar.
    pub fn percent(self, percent: u8) -> Dollars {
        let part = |amount: i128| (2 * amount * i128::from(percent) + 100).div_euclid(200);
        // Whole hundreds apart from the rest, so that a huge amount does not overflow.
        Dollars(self.0.div_euclid(100) * i128::from(percent) + part(self.0.rem_euclid(100)))
    }

    /// Both together, or the most that can be written.
    pub fn and(self, other: Dollars) -> Dollars {
        Dollars(self.0.saturating_add(other.0))
    }
}

impl Sum for Dollars {
    fn sum<I: Iterator<Item = Dollars>>(amounts: I) -> Dollars {
        Dollars(amounts.map(|amount| amount.0).sum())
    }
}

/// A price in dollars for a million tokens, which is a whole number of pico-dollars for one.
///
/// Written and read as a decimal of at most 6 places, such as `0.15`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, TS)]
#[ts(export, type = "string")]
pub struct PerMillion(u32);

impl PerMillion {
    /// A price in millionths of a dollar for a million tokens: in pico-dollars for one.
    pub(super) fn from_pico(pico: u32) -> PerMillion {
        PerMillion(pico)
    }

    /// Pico-dollars for one token.
    pub(super) fn pico(self) -> i128 {
        self.0.into()
    }

    /// What `tokens` cost. No count overflows: 2⁶⁴ tokens at the dearest price are 2⁹⁶.
    pub fn cost(self, tokens: u64) -> Dollars {
        Dollars(i128::from(self.0) * i128::from(tokens))
    }
}

/// A price that is not written as a decimal of at most 6 places below 4,294 dollars.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a price in dollars with at most 6 decimals")]
pub struct NotAPrice(String);

impl FromStr for PerMillion {
    type Err = NotAPrice;

    fn from_str(text: &str) -> Result<Self, NotAPrice> {
        let (dollars, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(dollars) || !digits(decimals) || decimals.len() > 6 {
            return Err(NotAPrice(text.into()));
        }
        let pico = format!("{dollars}{decimals:0<6}").parse();
        pico.map(PerMillion).map_err(|_| NotAPrice(text.into()))
    }
}

impl fmt::Display for PerMillion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cost(1_000_000).fmt(formatter)
    }
}

impl Serialize for PerMillion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PerMillion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_written_as_exact_decimals() {
        for (pico, text) in [
            (0, "0"),
            (1, "0.000000000001"),
            (22_200_000, "0.0000222"),
            (1_000_000_000_000, "1"),
            (-1_500_000_000_000, "-1.5"),
            (i128::MIN, "-170141183460469231731687303.715884105728"),
        ] {
            assert_eq!(Dollars(pico).to_string(), text);
            assert_eq!(serde_json::to_value(Dollars(pico)).unwrap(), text);
        }
    }

    #[test]
    fn a_price_keeps_its_decimals_or_is_refused() {
        for (text, pico) in [("0.15", 150_000), ("10", 10_000_000), ("0", 0), ("0.000001", 1)] {
            let price: PerMillion = text.parse().unwrap();
            assert_eq!((price.cost(1), price.to_string().as_str()), (Dollars(pico), text));
        }
        let wrong = ["", ".5", "5.", "-1", "+1", "1e-6", "0.0000001", "1.2.3", " 1", "4295", "٣"];
        for text in wrong {
            assert!(text.parse::<PerMillion>().is_err(), "{text:?} was taken for a price");
        }
    }

    proptest! {
        #[test]
        fn prices_survive_being_written(pico: u32, text in ".{0,12}") {
            prop_assert_eq!(PerMillion(pico).to_string().parse::<PerMillion>().unwrap(), PerMillion(pico));
            let _: Result<PerMillion, _> = text.parse();
        }
    }
}
