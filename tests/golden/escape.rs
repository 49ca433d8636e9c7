//! The notation of `escaped` sections.

use std::fmt::Write as _;

/// Decodes `\n \r \t \0 \\ \xHH` and drops real line ends.
///
/// # Errors
///
/// A backslash with anything else behind it.
pub(crate) fn decode(text: &[u8]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied();
    while let Some(byte) = rest.next() {
        match byte {
            b'\n' | b'\r' => {}
            b'\\' => bytes.push(decode_one(&mut rest)?),
            _ => bytes.push(byte),
        }
    }
    Ok(bytes)
}

/// Decodes what follows a backslash.
fn decode_one(rest: &mut impl Iterator<Item = u8>) -> Result<u8, String> {
    match rest.next() {
        Some(b'n') => Ok(b'\n'),
        Some(b'r') => Ok(b'\r'),
        Some(b't') => Ok(b'\t'),
        Some(b'0') => Ok(0),
        Some(b'\\') => Ok(b'\\'),
        Some(b'x') => match (hex_digit(rest.next()), hex_digit(rest.next())) {
            (Some(high), Some(low)) => Ok(high * 16 + low),
            _ => Err("two hexadecimal digits must follow \\x".to_owned()),
        },
        Some(b'\n' | b'\r') | None => Err("a line ends with a single backslash".to_owned()),
        Some(other) => Err(format!(
            "unknown escape \\{}, expected one of \\n \\r \\t \\0 \\\\ \\xHH",
            other.escape_ascii()
        )),
    }
}

fn hex_digit(byte: Option<u8>) -> Option<u8> {
    let digit = char::from(byte?).to_digit(16)?;
    u8::try_from(digit).ok()
}

/// Writes bytes so that [`decode`] gives them back: a line of text for each of their lines.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut at_line_start = true;
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\n' => text.push_str("\\n\n"),
                '\r' => text.push_str("\\r"),
                '\t' => text.push_str("\\t"),
                '\0' => text.push_str("\\0"),
                '\\' => text.push_str("\\\\"),
                // A raw one could make the line look like the start of a section.
                '-' if at_line_start => text.push_str("\\x2d"),
                _ if character.is_control() => {
                    for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                        push_hex(&mut text, byte);
                    }
                }
                _ => text.push(character),
            }
            at_line_start = character == '\n';
        }
        for &byte in chunk.invalid() {
            push_hex(&mut text, byte);
            at_line_start = false;
        }
    }
    if !at_line_start {
        text.push('\n');
    }
    text
}

fn push_hex(text: &mut String, byte: u8) {
    let _ = write!(text, "\\x{byte:02x}");
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn decodes_every_escape_and_drops_line_ends() {
        assert_eq!(
            decode(b"a\\n\n\\r\\t\\0\\\\\\x7F\\xff\r\nb\n"),
            Ok(b"a\n\r\t\0\\\x7f\xffb".to_vec())
        );
        assert_eq!(decode(b""), Ok(Vec::new()));
    }

    #[test]
    fn refuses_what_is_no_escape() {
        for text in [
            &b"\\q"[..],
            b"\\",
            b"\\\n",
            b"\\x",
            b"\\x1",
            b"\\x1g",
            b"\\X11",
        ] {
            assert!(decode(text).is_err(), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn decoding_undoes_encoding() {
        let every_byte: Vec<u8> = (0..=255).collect();
        for bytes in [
            &every_byte[..],
            b"",
            b"\n",
            b"--- stdout\n--- x",
            "é\u{85}\u{1f375}\n\\n".as_bytes(),
            b"\xff\n--- x\n",
        ] {
            let text = encode(bytes);
            assert_eq!(decode(text.as_bytes()).as_deref(), Ok(bytes));
            assert!(!text.lines().any(|line| line.starts_with("--- ")), "{text}");
        }
    }
}
