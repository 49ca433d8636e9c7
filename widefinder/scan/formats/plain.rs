//! Numbers as programs write them, made plain: no exponent, no point without need.

use bumpalo::Bump;

/// More places than these has no number of a log.
const MOST_PLACES: i32 = 40;

/// Writes a number with an exponent, as `2.5e-06`, without one; anything else
/// stays as it is.
#[inline]
pub(super) fn plain<'c>(text: &'c [u8], arena: &'c Bump) -> &'c [u8] {
    let number = text
        .iter()
        .take_while(|byte| matches!(byte, b'0'..=b'9' | b'.'));
    let length = number.count();
    match text.get(length) {
        Some(b'e' | b'E') => without_exponent(&text[..length], &text[length + 1..], arena),
        _ => None,
    }
    .unwrap_or(text)
}

fn without_exponent<'c>(number: &[u8], exponent: &[u8], arena: &'c Bump) -> Option<&'c [u8]> {
    let mut parts = number.splitn(2, |byte| *byte == b'.');
    let (whole, places) = (parts.next()?, parts.next().unwrap_or_default());
    if whole.is_empty() || places.contains(&b'.') {
        return None;
    }
    let exponent = std::str::from_utf8(exponent).ok()?;
    let exponent: i32 = exponent.parse().ok()?;
    if exponent.abs() > MOST_PLACES || number.len() > MOST_PLACES as usize {
        return None;
    }
    let digits = || whole.iter().chain(places).copied();
    // Where the point stands among the digits; it may stand outside of them.
    let point = whole.len() as i32 + exponent;
    let count = (whole.len() + places.len()) as i32;
    let (first, end) = (point.min(1) - 1, count.max(point));
    let length = (end - first + i32::from(end > point)) as usize;
    let plain = arena.alloc_slice_fill_copy(length, b'0');
    let mut at = 0;
    for place in first..end {
        if place == point {
            plain[at] = b'.';
            at += 1;
        }
        if place >= 0
            && let Some(digit) = digits().nth(place as usize)
        {
            plain[at] = digit;
        }
        at += 1;
    }
    Some(plain)
}

/// Takes zeros behind a point off a number, and the point.
#[inline]
pub(super) fn whole(text: &[u8]) -> &[u8] {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match &text[digits..] {
        [b'.', zeros @ ..] if digits > 0 && zeros.iter().all(|byte| *byte == b'0') => {
            &text[..digits]
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn exponents_are_carried_out() {
        let arena = Bump::new();
        for (text, expected) in [
            ("2.701e-06", "0.000002701"),
            ("1e3", "1000"),
            ("1E+3", "1000"),
            ("1.7610198223152757e+09", "1761019822.3152757"),
            ("12.5e1", "125"),
            ("12.5e0", "12.5"),
            ("125e-1", "12.5"),
            ("125e-3", "0.125"),
            ("0e0", "0"),
            ("12", "12"),
            ("", ""),
            ("e5", "e5"),
            ("1.2.3e1", "1.2.3e1"),
            ("1e", "1e"),
            ("1e99", "1e99"),
            ("-1e3", "-1e3"),
            ("09/Dec/2013", "09/Dec/2013"),
        ] {
            let plain = plain(text.as_bytes(), &arena);
            assert_eq!(String::from_utf8_lossy(plain), expected, "{text}");
        }
    }

    #[test]
    fn zeros_behind_a_point_are_nothing() {
        for (text, expected) in [
            ("200.0", "200"),
            ("200.", "200"),
            ("2.5", "2.5"),
            (".0", ".0"),
        ] {
            assert_eq!(whole(text.as_bytes()), expected.as_bytes());
        }
    }

    proptest! {
        #[test]
        fn the_number_stays_the_same(text in "[0-9]{1,9}(\\.[0-9]{0,9})?[eE][+-]?[0-9]{1,2}") {
            let arena = Bump::new();
            let plain = plain(text.as_bytes(), &arena);
            let number: f64 = std::str::from_utf8(plain).unwrap().parse().unwrap();
            let expected: f64 = text.parse().unwrap();
            prop_assert!((number - expected).abs() <= expected * 1e-12, "{number} {expected}");
        }
    }
}
