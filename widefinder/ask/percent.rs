//! Which percentile: `p50`, `p99.9`.

use std::fmt;

use super::number::leading_digits;

/// More than 0 and less than 100 per cent, in thousandths of a per cent, so
/// that `p99.9` is exact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Percent(pub u32);

impl Percent {
    /// The one in the middle.
    pub const MEDIAN: Percent = Percent(50_000);

    /// The percentile that is called so, if it is one; or why there is none.
    pub(super) fn read(name: &str) -> Option<Result<Percent, &'static str>> {
        let (whole, rest) = leading_digits(name.strip_prefix('p')?)?;
        let decimals = match rest.strip_prefix('.') {
            None if rest.is_empty() => "",
            None => return None,
            Some(decimals) => {
                leading_digits(decimals)
                    .filter(|(_, rest)| rest.is_empty())?
                    .0
            }
        };
        let decimals = decimals.trim_end_matches('0');
        if decimals.len() > 3 {
            return Some(Err(
                "a percentile has at most three decimals, as in `p99.999`",
            ));
        }
        let thousandths = format!("{whole}{decimals:0<3}").parse::<u32>();
        Some(match thousandths {
            Ok(thousandths @ 1..100_000) => Ok(Percent(thousandths)),
            _ => Err("a percentile is more than 0 and less than 100; the ends are `min` and `max`"),
        })
    }
}

/// The notation that a question uses.
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 1000, self.0 % 1000);
        if part == 0 {
            return write!(f, "p{whole}");
        }
        let part = format!("{part:03}");
        write!(f, "p{whole}.{}", part.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_have_up_to_three_decimals() {
        for (name, thousandths) in [
            ("p50", 50_000),
            ("p05", 5_000),
            ("p99.9", 99_900),
            ("p99.950", 99_950),
            ("p0.001", 1),
            ("p99.999000", 99_999),
        ] {
            assert_eq!(
                Percent::read(name),
                Some(Ok(Percent(thousandths))),
                "{name}"
            );
        }
    }

    #[test]
    fn what_is_no_percentile_is_told_from_what_is_none_of_them() {
        for name in [
            "path", "p", "50", "p.5", "p5.", "p5x", "p5.5x", "P50", "p-5", "p５",
        ] {
            assert_eq!(Percent::read(name), None, "{name}");
        }
        for name in ["p0", "p0.000", "p100", "p100.0", "p99999999999"] {
            let message = "a percentile is more than 0 and less than 100; \
                the ends are `min` and `max`";
            assert_eq!(Percent::read(name), Some(Err(message)), "{name}");
        }
        let message = "a percentile has at most three decimals, as in `p99.999`";
        assert_eq!(Percent::read("p99.9999"), Some(Err(message)));
    }
}
