//! Decimal numbers as JSON writes them, without the errors of floating point.

use serde_json::Value;

/// The most digits that a double stands for; more of them come from arithmetic on doubles.
const SURE_DIGITS: usize = 15;
/// More places than this are no amount of money.
const MOST_PLACES: i32 = 40;

/// `value` times ten to the power of `places`, as a whole number. None if it is no number, or has
/// more places than that; digits that only come from arithmetic on doubles are rounded away.
pub fn scaled(value: &Value, places: i32) -> Option<i128> {
    let (number, is_whole) = nearest(value, places)?;
    is_whole.then_some(number)
}

/// The same to the nearest whole number.
pub fn rounded(value: &Value, places: i32) -> Option<i128> {
    nearest(value, places).map(|(number, _)| number)
}

/// The nearest whole number, and whether it is the very number that was meant.
fn nearest(value: &Value, places: i32) -> Option<(i128, bool)> {
    let text = value.as_number()?.to_string();
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let exponent: i32 = exponent.parse().ok()?;
    let shift = exponent.checked_add(places)?.checked_sub(fraction.len() as i32)?;
    if digits == 0 {
        return Some((0, true));
    } else if shift >= 0 {
        let power = 10_i128.checked_pow(shift.unsigned_abs())?;
        return Some((digits.checked_mul(power)?, true));
    } else if shift < -MOST_PLACES {
        return Some((0, false));
    }
    let Some(power) = 10_i128.checked_pow(shift.unsigned_abs()) else { return Some((0, false)) };
    let near = (digits + power / 2).div_euclid(power);
    let off = (near * power - digits).unsigned_abs();
    let length = digits.unsigned_abs().to_string().len();
    // So far off as the last of a double's digits may be.
    let slack = 10_u128.pow(length.saturating_sub(SURE_DIGITS) as u32) * 5;
    Some((near, off == 0 || (length > SURE_DIGITS && off <= slack)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_price_for_one_token_is_read_exactly() {
        for (value, places, number) in [
            (json!(1.25e-6), 12, Some(1_250_000)),
            (json!(5e-7), 12, Some(500_000)),
            (json!(3), 6, Some(3_000_000)),
            (json!(0.075), 6, Some(75_000)),
            (json!(0.1 + 0.2), 6, Some(300_000)),
            (json!(0.000_000_3 * 0.1), 12, Some(30_000)),
            (json!(-2.5), 6, Some(-2_500_000)),
            (json!(0), 6, Some(0)),
            (json!(1.5e-13), 12, None),
            (json!(1e300), 6, None),
            (json!(1e-300), 6, None),
            (json!("1"), 6, None),
            (json!(null), 6, None),
        ] {
            assert_eq!(scaled(&value, places), number, "{value}");
        }
        assert_eq!(rounded(&json!(1.6e-12), 12), Some(2));
    }

    proptest! {
        #[test]
        fn no_number_is_a_panic_and_whole_ones_come_back(bits: u64, places in 0..20, whole: u32) {
            let value = json!(f64::from_bits(bits));
            let _ = (scaled(&value, places), rounded(&value, places));
            let micro = f64::from(whole) / 1e6;
            prop_assert_eq!(scaled(&json!(micro), 6), Some(i128::from(whole)));
        }
    }
}
