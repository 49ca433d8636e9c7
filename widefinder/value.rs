//! Values of metrics: exact until they are printed.

use std::cmp::Ordering;

use crate::time::Moment;

/// The value of a metric.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value {
    /// There is none: the mean of nothing.
    Absent,
    /// A whole number of the metric's unit.
    Whole(u128),
    /// `part / whole` of the metric's unit; `whole` is not 0.
    Ratio {
        /// The numerator.
        part: u128,
        /// The denominator.
        whole: u128,
    },
    /// A time.
    Time(Moment),
}

/// What a metric is measured in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Lines, entries, or distinct values.
    Count,
    /// Bytes.
    Bytes,
    /// Nanoseconds; people see seconds.
    Nanoseconds,
    /// A ratio whose 1 is 100 per cent.
    Share,
    /// A time.
    Time,
}

impl Value {
    /// Compares by size, exactly. An absent value is less than any other;
    /// numbers are less than times, with which they do not mix.
    ///
    /// ```
    /// use std::cmp::Ordering;
    /// use widefinder::value::Value;
    ///
    /// let third = Value::Ratio { part: 1, whole: 3 };
    /// assert_eq!(third.compare(&Value::Ratio { part: 2, whole: 6 }), Ordering::Equal);
    /// assert_eq!(third.compare(&Value::Whole(0)), Ordering::Greater);
    /// assert_eq!(Value::Absent.compare(&Value::Whole(0)), Ordering::Less);
    /// ```
    #[inline]
    pub fn compare(&self, other: &Value) -> Ordering {
        match (self, other) {
            // Most by far.
            (Value::Whole(a), Value::Whole(b)) => a.cmp(b),
            (Value::Time(a), Value::Time(b)) => a.cmp(b),
            _ => match (self.fraction(), other.fraction()) {
                (Some(a), Some(b)) => compare_ratios(a, b),
                _ => self.rank().cmp(&other.rank()),
            },
        }
    }

    /// A number as a numerator and a denominator, which is not 0; `None` for
    /// what is no number.
    pub fn fraction(&self) -> Option<(u128, u128)> {
        match *self {
            Value::Whole(number) => Some((number, 1)),
            Value::Ratio { part, whole } => Some((part, whole)),
            Value::Absent | Value::Time(_) => None,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Value::Absent => 0,
            Value::Whole(_) | Value::Ratio { .. } => 1,
            Value::Time(_) => 2,
        }
    }
}

/// Writes nanoseconds as seconds, exactly, without zeros at the end.
///
/// ```
/// assert_eq!(widefinder::value::seconds(1_500_000_000), "1.5");
/// assert_eq!(widefinder::value::seconds(2_000_000_000), "2");
/// ```
pub fn seconds(nanoseconds: u128) -> String {
    let (whole, rest) = (nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
    if rest == 0 {
        return whole.to_string();
    }
    let text = format!("{whole}.{rest:09}");
    text.trim_end_matches('0').to_owned()
}

/// Compares `a.0 / a.1` and `b.0 / b.1`, by their continued fractions, since
/// products of sums need not fit into 128 bits.
fn compare_ratios(mut a: (u128, u128), mut b: (u128, u128)) -> Ordering {
    let mut turned = false;
    loop {
        let whole = (a.0 / a.1).cmp(&(b.0 / b.1));
        let (rest_a, rest_b) = (a.0 % a.1, b.0 % b.1);
        let order = match (whole, rest_a, rest_b) {
            (Ordering::Equal, 0, 0) => Ordering::Equal,
            (Ordering::Equal, 0, _) => Ordering::Less,
            (Ordering::Equal, _, 0) => Ordering::Greater,
            (Ordering::Equal, _, _) => {
                // Of equal whole parts, that with the smaller inverse of the
                // rest is greater.
                (a, b) = ((a.1, rest_a), (b.1, rest_b));
                turned = !turned;
                continue;
            }
            (order, _, _) => order,
        };
        return if turned { order.reverse() } else { order };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ratios_compare_as_cross_products(
            (a, b, c, d) in (0u64.., 1u64.., 0u64.., 1u64..),
            small in (0u64..20, 1u64..20, 0u64..20, 1u64..20),
        ) {
            for (a, b, c, d) in [(a, b, c, d), small] {
                let [a, b, c, d] = [a, b, c, d].map(u128::from);
                prop_assert_eq!(compare_ratios((a, b), (c, d)), (a * d).cmp(&(c * b)));
            }
        }
    }

    #[test]
    fn ratios_may_be_as_large_as_they_like() {
        let (most, one) = (u128::MAX, 1);
        assert_eq!(
            compare_ratios((most, one), (most - 1, one)),
            Ordering::Greater
        );
        assert_eq!(
            compare_ratios((most, most - 1), (most - 1, most - 2)),
            Ordering::Less
        );
        assert_eq!(compare_ratios((most, most), (one, one)), Ordering::Equal);
    }
}
