//! Decimal numbers, rounded half up, by whole numbers alone.
//!
//! A sum may have 128 bits, of which a floating-point number keeps 53; and what
//! a script reads must be the same on every machine.

/// A decimal number of at least 0.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Decimal {
    /// All digits, without the point; more of them than `places`.
    digits: String,
    /// How many of them stand behind the point.
    places: usize,
}

impl Decimal {
    /// `part / whole`, times ten to the power of `shift`, with so many decimal
    /// places.
    ///
    /// # Panics
    ///
    /// When `whole` is 0.
    pub(super) fn ratio(part: u128, whole: u128, shift: i32, places: usize) -> Decimal {
        let quotient = part / whole;
        // Digits of the quotient behind its own point.
        let wanted = shift + i32::try_from(places).unwrap_or(i32::MAX);
        let digits = match u32::try_from(wanted) {
            Ok(wanted) => long_division(quotient, part % whole, whole, wanted),
            Err(_) => without_last(quotient, wanted.unsigned_abs()).to_string(),
        };
        Decimal {
            digits: format!("{digits:0>least$}", least = places + 1),
            places,
        }
    }

    /// The number with all its places.
    pub(super) fn fixed(&self) -> String {
        self.with_places(self.places)
    }

    /// The number without zeros at its end.
    pub(super) fn trimmed(&self) -> String {
        self.with_places(self.needed())
    }

    /// The places without zeros at the end.
    pub(super) fn needed(&self) -> usize {
        let zeros = self.digits.bytes().rev().take_while(|digit| *digit == b'0');
        self.places.saturating_sub(zeros.count())
    }

    /// The number with the first of its places.
    pub(super) fn with_places(&self, places: usize) -> String {
        let (whole, fraction) = self.digits.split_at(self.digits.len() - self.places);
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            whole => whole,
        };
        match places.min(self.places) {
            0 => whole.to_owned(),
            places => format!("{whole}.{}", &fraction[..places]),
        }
    }
}

/// The digits of `quotient + rest / whole`, `wanted` of them behind the point,
/// which is left out. `rest` is less than `whole`.
fn long_division(quotient: u128, mut rest: u128, whole: u128, wanted: u32) -> String {
    let mut digits = quotient.to_string().into_bytes();
    for _ in 0..wanted {
        // Ten times the rest need not fit into 128 bits, so it is added up.
        let (mut digit, mut sum) = (b'0', 0);
        for _ in 0..10 {
            if sum >= whole - rest {
                sum -= whole - rest;
                digit += 1;
            } else {
                sum += rest;
            }
        }
        digits.push(digit);
        rest = sum;
    }
    if rest >= whole - rest {
        count_up(&mut digits);
    }
    digits.into_iter().map(char::from).collect()
}

/// Adds 1 to a number that is written in digits.
fn count_up(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
}

/// `number` without its last `digits` digits, rounded half up. What stood
/// behind the point of `number` cannot change that.
fn without_last(number: u128, digits: u32) -> u128 {
    let Some(unit) = 10_u128.checked_pow(digits) else {
        return 0;
    };
    number / unit + u128::from(number % unit >= unit / 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ratio(part: u128, whole: u128, shift: i32, places: usize) -> String {
        Decimal::ratio(part, whole, shift, places).fixed()
    }

    #[test]
    fn halves_are_rounded_up() {
        assert_eq!(ratio(1, 8, 0, 2), "0.13");
        assert_eq!(ratio(1, 8, 0, 3), "0.125");
        assert_eq!(ratio(1, 2, 0, 0), "1");
        assert_eq!(ratio(49, 100, 0, 0), "0");
        assert_eq!(ratio(1, 3, 2, 2), "33.33");
        assert_eq!(ratio(2, 3, 2, 2), "66.67");
        assert_eq!(ratio(9_999, 10_000, 0, 3), "1.000");
        assert_eq!(ratio(1_500, 1, -9, 9), "0.000001500");
        assert_eq!(ratio(1_500, 1, -9, 6), "0.000002");
        assert_eq!(ratio(1_499, 1, -9, 6), "0.000001");
        assert_eq!(ratio(2_999, 2, -9, 6), "0.000001");
        assert_eq!(ratio(3, 2, -9, 9), "0.000000002");
    }

    #[test]
    fn nothing_is_too_large() {
        let most = u128::MAX;
        assert_eq!(ratio(most, 1, 0, 0), most.to_string());
        assert_eq!(ratio(most, 1, 2, 4), format!("{most}00.0000"));
        assert_eq!(ratio(most, most, 2, 4), "100.0000");
        assert_eq!(ratio(most - 1, most, 2, 4), "100.0000");
        assert_eq!(ratio(1, most, 2, 4), "0.0000");
        assert_eq!(ratio(most / 2, most, 0, 0), "0");
        assert_eq!(ratio(most / 2 + 1, most, 0, 0), "1");
        assert_eq!(
            ratio(most, 1, -9, 6),
            "340282366920938463463374607431.768211"
        );
        assert_eq!(ratio(most, 1, -60, 0), "0");
    }

    #[test]
    fn zeros_at_the_end_go_and_others_stay() {
        let trimmed = |part, whole| Decimal::ratio(part, whole, 0, 4).trimmed();
        assert_eq!(trimmed(100, 1), "100");
        assert_eq!(trimmed(0, 7), "0");
        assert_eq!(trimmed(201, 20), "10.05");
        assert_eq!(trimmed(1, 100_000), "0");
        assert_eq!(Decimal::ratio(5, 2, 0, 4).with_places(2), "2.50");
    }

    proptest! {
        #[test]
        fn digits_are_those_of_a_division(
            part in 0u64.., whole in 1u64.., places in 0usize..10, shift in -9i32..3,
        ) {
            // Twice the number, cut to a whole one, tells on which side of a
            // half it is.
            let wanted = shift + places as i32;
            let (mut above, mut below) = (2 * u128::from(part), u128::from(whole));
            match wanted {
                0.. => above *= 10_u128.pow(wanted as u32),
                _ => below *= 10_u128.pow(wanted.unsigned_abs()),
            }
            let rounded = (above / below).div_ceil(2);
            let unit = 10_u128.pow(places as u32);
            let expected = match places {
                0 => rounded.to_string(),
                _ => format!("{}.{:0places$}", rounded / unit, rounded % unit),
            };
            prop_assert_eq!(ratio(part.into(), whole.into(), shift, places), expected);
        }
    }
}
