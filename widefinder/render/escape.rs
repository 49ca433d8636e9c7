//! Bytes of a log, made harmless.
//!
//! Clients choose what a log holds, and a terminal obeys control sequences. So
//! no control character passes, and neither do those that turn the direction
//! of the text, with which a path can be made to look like another.

use std::borrow::Cow;
use std::fmt::Write;

/// Returns `bytes` as text; control characters and bytes that are not UTF-8 are
/// written as `\xhh`, or as `\u{hhhh}` beyond one byte.
///
/// ```
/// use widefinder::render::escape;
///
/// assert_eq!(escape("/caf\u{e9}".as_bytes()), "/caf\u{e9}");
/// assert_eq!(escape(b"a\x1b[2Jb\xff"), r"a\x1b[2Jb\xff");
/// ```
pub fn escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        let mut valid = chunk.valid();
        while let Some(character) = valid.chars().next() {
            // Most of any log is plain: a run of it is copied in one go.
            let plain = valid.bytes().take_while(|byte| matches!(byte, b' '..=b'~'));
            match plain.count() {
                0 => {
                    push(&mut text, character);
                    valid = &valid[character.len_utf8()..];
                }
                plain => {
                    text.push_str(&valid[..plain]);
                    valid = &valid[plain..];
                }
            }
        }
        for byte in chunk.invalid() {
            push_byte(&mut text, *byte);
        }
    }
    text
}

/// For forms that are otherwise raw: a terminal gets no control bytes; pipes and
/// files get what the log has.
pub(super) fn safe(bytes: &[u8], terminal: bool) -> Cow<'_, [u8]> {
    match terminal {
        true => escape(bytes).into_bytes().into(),
        false => bytes.into(),
    }
}

fn push(text: &mut String, character: char) {
    match character {
        _ if !is_unsafe(character) => text.push(character),
        '\0'..='\x7f' => push_byte(text, character as u8),
        _ => push_code(text, character),
    }
}

/// Whether a character could move a cursor, end a line, or turn the direction
/// of text.
pub(super) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}')
        || is_bidirectional_control(character)
}

fn push_byte(text: &mut String, byte: u8) {
    write!(text, "\\x{byte:02x}").expect("a string takes all");
}

fn push_code(text: &mut String, character: char) {
    write!(text, "\\u{{{:x}}}", u32::from(character)).expect("a string takes all");
}

/// Unicode's property `Bidi_Control`.
fn is_bidirectional_control(character: char) -> bool {
    matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_could_move_a_cursor_is_escaped() {
        let table: &[(&[u8], &str)] = &[
            (b"\t\r\n\0\x7f", r"\x09\x0d\x0a\x00\x7f"),
            ("\u{9b}31m".as_bytes(), r"\u{9b}31m"),
            (b"\x9b31m", r"\x9b31m"),
            ("a\u{202e}b\u{2069}".as_bytes(), r"a\u{202e}b\u{2069}"),
            (b"\xc3(", r"\xc3("),
            (br"\x16", r"\x16"),
        ];
        for (bytes, text) in table {
            assert_eq!(escape(bytes), *text);
        }
    }

    #[test]
    fn a_terminal_gets_no_control_bytes() {
        assert_eq!(safe(b"a\x1b[2J\xff", true).as_ref(), br"a\x1b[2J\xff");
        assert_eq!(safe(b"a\x1b[2J\xff", false).as_ref(), b"a\x1b[2J\xff");
    }

    proptest! {
        #[test]
        fn no_control_character_passes(bytes: Vec<u8>) {
            let text = escape(&bytes);
            prop_assert!(!text.chars().any(is_unsafe));
        }
    }
}
