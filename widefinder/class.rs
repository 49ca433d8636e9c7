//! The classes of statuses.

/// The names of the classes, in the order of [`of`].
pub const NAMES: [&str; 6] = ["1xx", "2xx", "3xx", "4xx", "5xx", "other"];

/// The index of a status's class; what is not three digits with 1 to 5 first
/// belongs to none, the last.
///
/// ```
/// use widefinder::class;
///
/// assert_eq!(class::NAMES[class::of(b"404")], "4xx");
/// assert_eq!(class::NAMES[class::of(b"999")], "other");
/// ```
#[inline]
pub fn of(status: &[u8]) -> usize {
    match status {
        [first @ b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] => usize::from(first - b'1'),
        _ => NAMES.len() - 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_needs_three_digits() {
        for (status, expected) in [("100", 0), ("204", 1), ("599", 4)] {
            assert_eq!(of(status.as_bytes()), expected);
        }
        for status in ["000", "0", "600", "20", "2000", "-", "2x0", ""] {
            assert_eq!(of(status.as_bytes()), 5, "{status}");
        }
    }
}
