//! Numbers as people read them.

use super::decimal::Decimal;

/// Writes a whole number, with a comma between thousands if wanted.
pub(crate) fn whole(number: u128, separators: bool) -> String {
    let digits = number.to_string();
    if !separators {
        return digits;
    }
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Writes a number of bytes to three places, in powers of 1024.
///
/// ```
/// assert_eq!(widefinder::render::size(1023), "1023 B");
/// assert_eq!(widefinder::render::size(1_234_567), "1.18 MiB");
/// ```
pub fn size(bytes: u128) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1024.0;
    let mut unit = 0;
    // What would be printed as 1024 is one of the next unit.
    while value >= 1023.5 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{} {}", three_places(value), UNITS[unit])
}

/// Writes nanoseconds to three places, in the unit that suits them.
///
/// ```
/// assert_eq!(widefinder::render::duration(123_456_789), "123 ms");
/// assert_eq!(widefinder::render::duration(1_500_000_000), "1.50 s");
/// ```
pub fn duration(nanoseconds: u128) -> String {
    const UNITS: [&str; 3] = ["µs", "ms", "s"];
    if nanoseconds < 1000 {
        return format!("{nanoseconds} ns");
    }
    let mut value = nanoseconds as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{} {}", three_places(value), UNITS[unit])
}

fn three_places(value: f64) -> String {
    let places = match value {
        v if v < 9.995 => 2,
        v if v < 99.95 => 1,
        _ => 0,
    };
    format!("{value:.places$}")
}

/// Writes `part / whole` in hundredths of a per cent.
pub(super) fn share(part: u128, whole: u128) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    format!("{}%", Decimal::ratio(part, whole, 2, 2).fixed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1234567, "1,234,567"),
        ] {
            assert_eq!(whole(number, true), text);
        }
        assert_eq!(whole(1_234_567, false), "1234567");
    }

    #[test]
    fn sizes_have_three_places() {
        let table: &[(u128, &str)] = &[
            (0, "0 B"),
            (1024, "1.00 KiB"),
            (10_230, "9.99 KiB"),
            (10_240, "10.0 KiB"),
            (102_400, "100 KiB"),
            (1024 * 1024 - 1, "1.00 MiB"),
            (1 << 60, "1.00 EiB"),
        ];
        for (bytes, text) in table {
            assert_eq!(size(*bytes), *text);
        }
    }

    #[test]
    fn durations_have_three_places() {
        let table: &[(u128, &str)] = &[
            (0, "0 ns"),
            (999, "999 ns"),
            (1000, "1.00 µs"),
            (999_499, "999 µs"),
            (999_500, "1.00 ms"),
            (12_345_678, "12.3 ms"),
            (999_999_999, "1.00 s"),
            (86_400_000_000_000, "86400 s"),
        ];
        for (nanoseconds, text) in table {
            assert_eq!(duration(*nanoseconds), *text);
        }
    }

    #[test]
    fn a_share_of_nothing_is_no_number() {
        assert_eq!(share(0, 0), "-");
        assert_eq!(share(1, 3), "33.33%");
        assert_eq!(share(3, 3), "100.00%");
        assert_eq!(share(1, 800), "0.13%");
        assert_eq!(share(u128::MAX, u128::MAX), "100.00%");
    }
}
