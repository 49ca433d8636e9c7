//! Text with backslashes, as JSON writes it: `\n`, `\"`, `\/`, `\u00e9`, and two
//! code units for what is beyond 16 bits.
//!
//! nginx writes `\xHH` unless it is told to escape as JSON does; that is read as
//! well. An escape that nobody knows stays as it is, and half of a pair is
//! replaced by U+FFFD.
//!
//! Source: RFC 8259, section 7.

use bumpalo::Bump;
use memchr::{memchr, memchr2};

use super::values::Written;

/// Finds the quote that closes a text, and how the text before it is written, if
/// up to `from` it holds neither a quote nor a backslash.
pub(super) fn closing_quote(text: &[u8], mut from: usize) -> Option<(usize, Written)> {
    let mut written = Written::Plain;
    while let Some(found) = text.get(from..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        from += found;
        if text[from] == b'"' {
            return Some((from, written));
        }
        written = Written::Escaped;
        from += 2;
    }
    None
}

/// Undoes the escapes of a text.
pub(super) fn unescaped<'c>(text: &'c [u8], arena: &'c Bump) -> &'c [u8] {
    // No escape is shorter than what it stands for.
    let out = arena.alloc_slice_fill_copy(text.len(), 0);
    let (mut at, mut length) = (0, 0);
    let mut push = |bytes: &[u8]| {
        out[length..length + bytes.len()].copy_from_slice(bytes);
        length += bytes.len();
    };
    while let Some(found) = memchr(b'\\', &text[at..]) {
        push(&text[at..at + found]);
        at += found;
        at += unescape(&text[at..], &mut push);
    }
    push(&text[at..]);
    &out[..length]
}

/// Undoes the escape at the beginning of `text`, and returns its length.
fn unescape(text: &[u8], push: &mut impl FnMut(&[u8])) -> usize {
    let byte = match text.get(1) {
        Some(byte @ (b'"' | b'\\' | b'/')) => *byte,
        Some(b'n') => b'\n',
        Some(b't') => b'\t',
        Some(b'r') => b'\r',
        Some(b'b') => 0x08,
        Some(b'f') => 0x0c,
        Some(b'x') if let Some(byte) = hex(&text[2..], 2) => {
            push(&[byte as u8]);
            return 4;
        }
        Some(b'u') if let Some(unit) = hex(&text[2..], 4) => return code_point(text, unit, push),
        _ => {
            push(&text[..1]);
            return 1;
        }
    };
    push(&[byte]);
    2
}

/// The character that begins with a code unit of 16 bits.
fn code_point(text: &[u8], unit: u32, push: &mut impl FnMut(&[u8])) -> usize {
    let second = text[6..].strip_prefix(b"\\u");
    let second = second.and_then(|digits| hex(digits, 4));
    let (character, length) = match (unit, second) {
        (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
            let character = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            (char::from_u32(character), 12)
        }
        _ => (char::from_u32(unit), 6),
    };
    let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
    push(character.encode_utf8(&mut [0; 4]).as_bytes());
    length
}

/// Reads so many hexadecimal digits.
fn hex(text: &[u8], digits: usize) -> Option<u32> {
    let mut number = 0;
    for digit in text.get(..digits)? {
        number = number << 4 | char::from(*digit).to_digit(16)?;
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_are_undone() {
        let arena = Bump::new();
        for (text, expected) in [
            (r#"a\"b\\c\/d"#, "a\"b\\c/d"),
            (r"\b\f\n\r\t", "\x08\x0c\n\r\t"),
            (r"\u00e9\u20AC", "é€"),
            (r"\ud83d\ude00!", "😀!"),
            (r"\ud83d", "\u{fffd}"),
            (r"\ud83d\u0041", "\u{fffd}A"),
            (r"\ude00\ud83d", "\u{fffd}\u{fffd}"),
            (r"\x41\x2f", "A/"),
            (r"\q\u12\x4", r"\q\u12\x4"),
            ("\\", "\\"),
            ("", ""),
        ] {
            let text = unescaped(text.as_bytes(), &arena);
            assert_eq!(String::from_utf8_lossy(text), expected);
        }
        assert_eq!(unescaped(br"\xff", &arena), [0xff]);
    }

    #[test]
    fn an_escaped_quote_closes_nothing() {
        for (text, closing) in [
            (r#"a" b""#, Some((1, Written::Plain))),
            (r#"ab\"c" d"#, Some((5, Written::Escaped))),
            (r#"""#, Some((0, Written::Plain))),
            (r#"a\""#, None),
            (r"a", None),
            ("", None),
        ] {
            assert_eq!(closing_quote(text.as_bytes(), 0), closing, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_survives(text in any::<String>()) {
            let arena = Bump::new();
            let json = serde_json::to_string(&text).unwrap();
            let inner = &json.as_bytes()[1..json.len() - 1];
            prop_assert_eq!(unescaped(inner, &arena), text.as_bytes());
        }

        #[test]
        fn anything_may_come(text in "[\\\\udx0-9a-f]{0,40}") {
            unescaped(text.as_bytes(), &Bump::new());
        }
    }
}
