//! Texts as they were before a log had to write them without blanks and quotes.

use bumpalo::Bump;
use memchr::memchr;

/// A text in which `+` stands for a blank.
pub(super) fn with_blanks<'c>(text: &'c [u8], arena: &'c Bump) -> &'c [u8] {
    if memchr(b'+', text).is_none() {
        return text;
    }
    let copy = arena.alloc_slice_copy(text);
    for byte in copy.iter_mut().filter(|byte| **byte == b'+') {
        *byte = b' ';
    }
    copy
}

/// A text in quotes in which two of them stand for one.
pub(super) fn with_quotes<'c>(text: &'c [u8], arena: &'c Bump) -> &'c [u8] {
    let (copy, mut length, mut at) = (arena.alloc_slice_copy(text), 0, 0);
    while let Some(byte) = text.get(at) {
        copy[length] = *byte;
        length += 1;
        at += if text[at..].starts_with(b"\"\"") {
            2
        } else {
            1
        };
    }
    &copy[..length]
}

/// A text in which `%20` stands for a blank, and `%2520` as well: older logs of
/// CloudFront are encoded twice.
pub(super) fn decoded<'c>(text: &'c [u8], arena: &'c Bump) -> &'c [u8] {
    let Some(first) = memchr(b'%', text) else {
        return text;
    };
    let (copy, mut length, mut at) = (arena.alloc_slice_copy(text), first, first);
    while let Some(byte) = text.get(at) {
        let twice = text[at..].strip_prefix(b"%25").and_then(two_digits);
        let once = || text[at..].strip_prefix(b"%").and_then(two_digits);
        let (byte, taken) = match (twice, once()) {
            (Some(byte), _) => (byte, 5),
            (None, Some(byte)) => (byte, 3),
            (None, None) => (*byte, 1),
        };
        copy[length] = byte;
        length += 1;
        at += taken;
    }
    &copy[..length]
}

/// The byte that two hexadecimal digits stand for.
fn two_digits(digits: &[u8]) -> Option<u8> {
    let digit = |place: usize| char::from(*digits.get(place)?).to_digit(16);
    Some((16 * digit(0)? + digit(1)?) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_as_they_were() {
        let arena = Bump::new();
        for (text, expected) in [
            ("curl/8", "curl/8"),
            ("a%20b", "a b"),
            ("a%2520b%25", "a b%"),
            ("%2525", "%"),
            ("%", "%"),
            ("%2", "%2"),
            ("%zz%C3%bc", "%zzü"),
            ("%25zz", "%zz"),
            ("", ""),
        ] {
            assert_eq!(
                decoded(text.as_bytes(), &arena),
                expected.as_bytes(),
                "{text}"
            );
        }
        assert_eq!(with_blanks(b"a+b", &arena), b"a b");
        assert_eq!(with_blanks(b"ab", &arena), b"ab");
        assert_eq!(with_quotes(b"a \"\"b\"\"\"\"", &arena), b"a \"b\"\"");
    }
}
