//! Numbers with a unit: sizes, durations, counts, and shares of a hundred.

use super::mistake::quoted;
use crate::value::Value;

/// `part / whole`, exactly.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Exact {
    part: u128,
    whole: u128,
}

impl Exact {
    /// A whole number.
    pub(super) fn whole(number: u64) -> Exact {
        Exact {
            part: u128::from(number),
            whole: 1,
        }
    }

    /// The largest whole number that is not greater.
    pub(super) fn floor(self) -> u64 {
        let floor = self.part / self.whole;
        u64::try_from(floor).expect("what was read fits")
    }

    /// The smallest whole number that is not less.
    pub(super) fn ceil(self) -> u64 {
        let ceil = self.part.div_ceil(self.whole);
        u64::try_from(ceil).expect("what was read fits")
    }

    /// Whether it is a whole number.
    pub(super) fn is_whole(self) -> bool {
        self.part.is_multiple_of(self.whole)
    }

    /// As the value of a metric.
    pub(super) fn value(self) -> Value {
        if self.is_whole() {
            return Value::Whole(self.part / self.whole);
        }
        Value::Ratio {
            part: self.part,
            whole: self.whole,
        }
    }
}

/// Reads a size in bytes. Its units are powers of two, whether or not they are
/// written with the `i` of the binary ones, as in ripgrep.
pub(super) fn size(text: &str) -> Result<Exact, String> {
    let unit = |name: &str| {
        let binary = name.strip_suffix("iB").filter(|name| !name.is_empty());
        match binary.or(name.strip_suffix('B')).unwrap_or(name) {
            "" => Some(1),
            "k" | "K" => Some(1 << 10),
            "M" => Some(1 << 20),
            "G" => Some(1 << 30),
            "T" => Some(1 << 40),
            _ => None,
        }
    };
    let expected = "a number of bytes, with k, M, G or T for powers of 1024: `512`, `1.5k`, `10M`";
    read(text, "size", expected, unit)
}

/// Reads a duration in nanoseconds; without a unit it is seconds.
pub(super) fn duration(text: &str) -> Result<Exact, String> {
    let unit = |name: &str| match name {
        "ns" => Some(1),
        "us" | "µs" | "μs" => Some(1_000),
        "ms" => Some(1_000_000),
        "" | "s" => Some(1_000_000_000),
        "m" => Some(60_000_000_000),
        "h" => Some(3_600_000_000_000),
        "d" => Some(86_400_000_000_000),
        _ => None,
    };
    let expected = "a number with ns, us, ms, s, m, h or d, or seconds without: `500ms`, `1.5`";
    read(text, "duration", expected, unit)
}

/// Reads a count. Its units are powers of ten: a thousand hits are a thousand.
pub(super) fn count(text: &str) -> Result<Exact, String> {
    let unit = |name: &str| match name {
        "" => Some(1),
        "k" | "K" => Some(1_000),
        "M" => Some(1_000_000),
        "G" => Some(1_000_000_000),
        _ => None,
    };
    let expected = "a number, with k, M or G for powers of 1000: `100`, `2.5k`";
    read(text, "count", expected, unit)
}

/// Reads a share in per cent; the value's 1 is 100 per cent.
pub(super) fn share(text: &str) -> Result<Value, String> {
    let unit = |name: &str| matches!(name, "" | "%").then_some(1);
    let expected = "a number of per cent: `5`, `12.5%`";
    let percent = read(text, "share", expected, unit)?;
    if percent.part > 100 * percent.whole {
        return Err(format!("{} is more than all: 100 %", quoted(text)));
    }
    Ok(Value::Ratio {
        part: percent.part,
        whole: 100 * percent.whole,
    })
}

/// Reads `digits[.digits]unit`, exactly, up to the largest number that a field
/// can hold.
fn read(
    text: &str,
    noun: &str,
    expected: &str,
    unit: impl Fn(&str) -> Option<u64>,
) -> Result<Exact, String> {
    let unreadable = || format!("{} is no {noun}; expected is {expected}", quoted(text));
    let (digits, decimals, name) = split(text).ok_or_else(unreadable)?;
    let unit = unit(name).ok_or_else(unreadable)?;
    let exact = exact(digits, decimals.trim_end_matches('0'), unit);
    exact.ok_or_else(|| format!("{} is more than can be counted", quoted(text)))
}

/// Splits into the digits before the point, those behind it, and the rest.
fn split(text: &str) -> Option<(&str, &str, &str)> {
    let (digits, rest) = leading_digits(text)?;
    match rest.strip_prefix('.') {
        None => Some((digits, "", rest)),
        Some(rest) => {
            let (decimals, rest) = leading_digits(rest)?;
            Some((digits, decimals, rest))
        }
    }
}

/// Splits behind the digits that a text begins with; `None` without any.
pub(super) fn leading_digits(text: &str) -> Option<(&str, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (digits > 0).then(|| text.split_at(digits))
}

fn exact(digits: &str, decimals: &str, unit: u64) -> Option<Exact> {
    let mut part: u128 = 0;
    for digit in digits.bytes().chain(decimals.bytes()) {
        part = part
            .checked_mul(10)?
            .checked_add(u128::from(digit - b'0'))?;
    }
    let part = part.checked_mul(u128::from(unit))?;
    // A denominator beyond this would leave no room to compare.
    let whole = 10_u128.checked_pow(u32::try_from(decimals.len()).ok()?)?;
    whole.checked_mul(100)?;
    (part.div_ceil(whole) <= u128::from(u64::MAX)).then_some(Exact { part, whole })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bounds(exact: Result<Exact, String>) -> Option<(u64, u64)> {
        exact.ok().map(|exact| (exact.floor(), exact.ceil()))
    }

    #[test]
    fn sizes_are_powers_of_two() {
        for (text, floor, ceil) in [
            ("0", 0, 0),
            ("512", 512, 512),
            ("512B", 512, 512),
            ("1.5k", 1536, 1536),
            ("1.50K", 1536, 1536),
            ("1kB", 1024, 1024),
            ("1KiB", 1024, 1024),
            ("10M", 10 << 20, 10 << 20),
            ("2GiB", 2 << 30, 2 << 30),
            ("1T", 1 << 40, 1 << 40),
            ("1.5", 1, 2),
            ("1.3k", 1331, 1332),
            ("18446744073709551615", u64::MAX, u64::MAX),
        ] {
            assert_eq!(bounds(size(text)), Some((floor, ceil)), "{text}");
        }
    }

    #[test]
    fn durations_are_nanoseconds() {
        for (text, nanoseconds) in [
            ("1ns", 1),
            ("2us", 2_000),
            ("2µs", 2_000),
            ("500ms", 500_000_000),
            ("1.5s", 1_500_000_000),
            ("0.25", 250_000_000),
            ("3", 3_000_000_000),
            ("2m", 120_000_000_000),
            ("1h", 3_600_000_000_000),
            ("1d", 86_400_000_000_000),
        ] {
            assert_eq!(bounds(duration(text)), Some((nanoseconds, nanoseconds)));
        }
        assert_eq!(bounds(duration("1.5ns")), Some((1, 2)));
    }

    #[test]
    fn counts_are_powers_of_ten_and_shares_of_a_hundred() {
        assert_eq!(bounds(count("2.5k")), Some((2500, 2500)));
        assert_eq!(count("3M").unwrap().value(), Value::Whole(3_000_000));
        let half = Value::Ratio { part: 5, whole: 10 };
        assert_eq!(count("0.50").unwrap().value(), half);
        for text in ["5", "5%", "5.0"] {
            let five = Value::Ratio {
                part: 5,
                whole: 100,
            };
            assert_eq!(share(text), Ok(five));
        }
        let eighth = Value::Ratio {
            part: 125,
            whole: 1000,
        };
        assert_eq!(share("12.5%"), Ok(eighth));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "", "k", "-1", "+1", ".5", "1.", "1.k", "1x", "1ki", "1iB", "1i", "1 k", "1,000", "1e3",
        ] {
            let error = size(text).unwrap_err();
            assert!(error.contains("is no size; expected is"), "{error}");
        }
        let error = size("10m").unwrap_err();
        assert_eq!(
            error,
            "`10m` is no size; expected is a number of bytes, \
             with k, M, G or T for powers of 1024: `512`, `1.5k`, `10M`"
        );
        for text in ["18446744073709551616", "99999999T", &"9".repeat(50)] {
            let error = size(text).unwrap_err();
            assert!(error.ends_with("is more than can be counted"), "{error}");
        }
        assert_eq!(share("101").unwrap_err(), "`101` is more than all: 100 %");
        assert!(
            duration("1y")
                .unwrap_err()
                .starts_with("`1y` is no duration;")
        );
        assert!(count("1T").unwrap_err().starts_with("`1T` is no count;"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text: String, digits in "[0-9]{0,45}", decimals in "[.]?[0-9]{0,45}[kM]?") {
            for text in [text, format!("{digits}{decimals}")] {
                let numbers = [size(&text), duration(&text), count(&text)];
                for number in numbers.into_iter().flatten() {
                    prop_assert!(number.ceil() - number.floor() <= 1);
                }
                let _ = share(&text);
            }
        }
    }
}
