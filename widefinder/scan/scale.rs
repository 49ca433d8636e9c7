//! Numbers as logs write them: digits, decimals, lists of decimals.

use memchr::memchr;

use crate::ask::Field;

/// How a number is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scale {
    /// Digits.
    Whole,
    /// Digits; `-` is 0.
    Bytes,
    /// Seconds, perhaps with decimals.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Microseconds.
    Microseconds,
    /// Nanoseconds.
    Nanoseconds,
    /// Seconds, or with the units that it names: `1m2.5s`, `12ms`.
    Spans,
}

impl Scale {
    /// How most formats write the numbers of a field, given how they write
    /// durations.
    pub(super) fn of(field: &Field, duration: Scale) -> Scale {
        match field {
            Field::Latency | Field::UpstreamLatency => duration,
            Field::Bytes | Field::BytesIn => Scale::Bytes,
            _ => Scale::Whole,
        }
    }

    /// Reads a number; a duration becomes nanoseconds, and one with several
    /// parts, as in `0.1, 0.2 : -`, their sum.
    ///
    /// ```
    /// use widefinder::scan::Scale;
    ///
    /// assert_eq!(Scale::Whole.read(b"12"), Some(12));
    /// assert_eq!(Scale::Seconds.read(b"0.25"), Some(250_000_000));
    /// assert_eq!(Scale::Seconds.read(b"0.1, - : 0.2"), Some(300_000_000));
    /// assert_eq!(Scale::Seconds.read(b"-"), None);
    /// ```
    #[inline]
    pub fn read(self, text: &[u8]) -> Option<u64> {
        let unit = match self {
            Scale::Bytes if text == b"-" => return Some(0),
            Scale::Whole | Scale::Bytes => return whole(text),
            Scale::Seconds | Scale::Spans => 1_000_000_000,
            Scale::Milliseconds => 1_000_000,
            Scale::Microseconds => 1000,
            Scale::Nanoseconds => 1,
        };
        let parts = text.split(|byte| matches!(byte, b',' | b':' | b' '));
        let parts = parts.filter(|part| !matches!(part, [] | [b'-']));
        let mut sum: Option<u64> = None;
        for part in parts {
            let part = match self {
                Scale::Spans => span(part)?,
                _ => decimal(part, unit)?,
            };
            sum = Some(sum.unwrap_or(0).saturating_add(part));
        }
        sum
    }
}

/// Reads digits; what is too large for 64 bits is the largest number of 64 bits.
#[inline]
fn whole(text: &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value.saturating_mul(10).saturating_add(u64::from(digit));
    }
    (!text.is_empty()).then_some(value)
}

/// Reads seconds, or numbers each with its unit, as Go writes durations.
fn span(text: &[u8]) -> Option<u64> {
    let mut rest = text;
    let mut sum = 0u64;
    while !rest.is_empty() {
        let is_number = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'.');
        let (number, behind) = rest.split_at(rest.iter().take_while(is_number).count());
        let symbol = behind.iter().position(|byte| byte.is_ascii_digit());
        let (symbol, behind) = behind.split_at(symbol.unwrap_or(behind.len()));
        let unit = match symbol {
            b"" if number.len() == text.len() => 1_000_000_000,
            b"h" => 3_600_000_000_000,
            b"m" => 60_000_000_000,
            b"s" => 1_000_000_000,
            b"ms" => 1_000_000,
            // Two letters look like a mu.
            b"us" | b"\xc2\xb5s" | b"\xce\xbcs" => 1000,
            b"ns" => 1,
            _ => return None,
        };
        sum = sum.saturating_add(decimal(number, unit)?);
        rest = behind;
    }
    Some(sum)
}

/// Reads digits with at most one point, times `unit`, rounded down.
fn decimal(text: &[u8], unit: u64) -> Option<u64> {
    let point = memchr(b'.', text).unwrap_or(text.len());
    let (whole, places) = (&text[..point], text.get(point + 1..).unwrap_or_default());
    let digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
    if whole.is_empty() && places.is_empty() || !digits(whole) || !digits(places) {
        return None;
    }
    let mut value = self::whole(whole).unwrap_or(0).saturating_mul(unit);
    let mut place = unit;
    for digit in places {
        place /= 10;
        value = value.saturating_add(u64::from(digit - b'0') * place);
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_their_scale() {
        let table: &[(Scale, &str, Option<u64>)] = &[
            (Scale::Microseconds, "1500", Some(1_500_000)),
            (Scale::Milliseconds, "1.5", Some(1_500_000)),
            (Scale::Nanoseconds, "357313", Some(357_313)),
            (Scale::Spans, "0.25", Some(250_000_000)),
            (Scale::Spans, "1.5ms", Some(1_500_000)),
            (Scale::Spans, "2.5\u{b5}s, 1us", Some(3500)),
            (Scale::Spans, "1h1m2.5s", Some(3_662_500_000_000)),
            (Scale::Spans, "7ns", Some(7)),
            (Scale::Spans, "1m2", None),
            (Scale::Spans, "1d", None),
            (Scale::Spans, "ms", None),
            (Scale::Spans, "-1", None),
            (Scale::Spans, "", None),
            (Scale::Seconds, ".5", Some(500_000_000)),
            (Scale::Seconds, "1.0000000019", Some(1_000_000_001)),
            (Scale::Seconds, "99999999999999999999", Some(u64::MAX)),
            (Scale::Seconds, "1.2.3", None),
            (Scale::Seconds, ".", None),
            (Scale::Seconds, "-1", None),
            (Scale::Whole, "", None),
            (Scale::Whole, "-", None),
            (Scale::Whole, "007", Some(7)),
            (Scale::Whole, "18446744073709551615", Some(u64::MAX)),
            (Scale::Whole, "18446744073709551616", Some(u64::MAX)),
            (Scale::Bytes, "9999999999999999999999999", Some(u64::MAX)),
            (Scale::Bytes, "-", Some(0)),
        ];
        for (scale, text, expected) in table {
            assert_eq!(scale.read(text.as_bytes()), *expected, "{text}");
        }
    }
}
