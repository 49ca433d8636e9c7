//! Escapes, taken off.

use bumpalo::Bump;
use memchr::memchr;

/// Takes the escapes off a JSON string, quotes not included. What is none is left
/// as it is, and halves of surrogate pairs become U+FFFD.
pub(super) fn json<'c>(text: &[u8], arena: &'c Bump) -> &'c [u8] {
    // What an escape stands for is shorter than the escape.
    let room = arena.alloc_slice_fill_copy(text.len(), 0);
    let (mut at, mut length) = (0, 0);
    let mut put = |bytes: &[u8]| {
        room[length..length + bytes.len()].copy_from_slice(bytes);
        length += bytes.len();
    };
    while let Some(backslash) = memchr(b'\\', &text[at..]) {
        put(&text[at..at + backslash]);
        at += backslash + 1;
        let plain = match text.get(at) {
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(&byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'u') if let Some((character, taken)) = character(&text[at - 1..]) => {
                put(character.encode_utf8(&mut [0; 4]).as_bytes());
                at += taken - 1;
                continue;
            }
            _ => {
                put(b"\\");
                continue;
            }
        };
        put(&[plain]);
        at += 1;
    }
    put(&text[at..]);
    &room[..length]
}

/// The character that `\uXXXX`, or a pair of these, stands for, and its length.
fn character(text: &[u8]) -> Option<(char, usize)> {
    const LENGTH: usize = 6;
    let unit = |text: &[u8]| -> Option<u16> {
        let digits = text.strip_prefix(br"\u")?.get(..4)?;
        let digits = std::str::from_utf8(digits).ok()?;
        let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        hexadecimal.then(|| u16::from_str_radix(digits, 16).ok())?
    };
    let first = unit(text)?;
    if let Some(second) = unit(&text[LENGTH..]) {
        let mut pair = char::decode_utf16([first, second]);
        if let (Some(Ok(character)), None) = (pair.next(), pair.next()) {
            return Some((character, 2 * LENGTH));
        }
    }
    let character = char::decode_utf16([first]).next()?;
    Some((character.unwrap_or(char::REPLACEMENT_CHARACTER), LENGTH))
}

/// Takes `\"`, `\\` and `""` for one byte each; `None` if there are none.
pub(super) fn quotes<'c>(text: &[u8], arena: &'c Bump) -> Option<&'c [u8]> {
    let is_escape = |pair: &[u8]| matches!(pair, br#"\""# | br"\\" | br#""""#);
    if !text.windows(2).any(is_escape) {
        return None;
    }
    let room = arena.alloc_slice_fill_copy(text.len(), 0);
    let (mut at, mut length) = (0, 0);
    while at < text.len() {
        at += usize::from(text.get(at..at + 2).is_some_and(is_escape));
        room[length] = text[at];
        (at, length) = (at + 1, length + 1);
    }
    Some(&room[..length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_json_are_taken_off() {
        for (text, plain) in [
            ("", ""),
            ("abc", "abc"),
            (r#"a\"b\\c\/d\n\t"#, "a\"b\\c/d\n\t"),
            (r"\u00e9\u20ac", "é€"),
            (r"\ud83d\ude00!", "😀!"),
            (r"\ud83d!", "\u{fffd}!"),
            (r"\ude00\u0041", "\u{fffd}A"),
            (r"\x41\u12\u+123\", r"\x41\u12\u+123\"),
        ] {
            let arena = Bump::new();
            let unescaped = json(text.as_bytes(), &arena);
            assert_eq!(String::from_utf8_lossy(unescaped), plain, "{text}");
        }
    }

    #[test]
    fn quotes_are_doubled_or_behind_a_backslash() {
        for (text, plain) in [
            ("a\"b", None),
            (r#"\"a\\b\""#, Some(r#""a\b""#)),
            (r#"""a"""""#, Some(r#""a"""#)),
            (r#"\""#, Some("\"")),
        ] {
            let arena = Bump::new();
            let unescaped = quotes(text.as_bytes(), &arena);
            assert_eq!(unescaped, plain.map(str::as_bytes), "{text}");
        }
    }
}
