//! What differs between two outputs, for a person to read.

use std::fmt::Write as _;

/// How many equal lines are shown on either side of the difference.
const CONTEXT: usize = 2;

/// Shows one block: from the first line that differs to the last one. Expected lines begin with
/// `-`, actual ones with `+`, and bytes that a terminal would not show are escaped.
pub(crate) fn diff(expected: &[u8], actual: &[u8]) -> String {
    let expected = lines(expected);
    let actual = lines(actual);
    let start = equal(expected.iter().zip(&actual));
    let left = &expected[start..];
    let right = &actual[start..];
    let end = equal(left.iter().rev().zip(right.iter().rev()));

    let mut text = String::new();
    if start > CONTEXT {
        let _ = writeln!(text, "  ... {} equal lines", start - CONTEXT);
    }
    push(
        &mut text,
        ' ',
        &expected[start.saturating_sub(CONTEXT)..start],
    );
    push(&mut text, '-', &left[..left.len() - end]);
    push(&mut text, '+', &right[..right.len() - end]);
    let behind = &left[left.len() - end..];
    push(&mut text, ' ', &behind[..end.min(CONTEXT)]);
    if end > CONTEXT {
        let _ = writeln!(text, "  ... {} equal lines", end - CONTEXT);
    }
    text
}

fn equal<'a>(pairs: impl Iterator<Item = (&'a String, &'a String)>) -> usize {
    pairs.take_while(|(left, right)| left == right).count()
}

fn push(text: &mut String, mark: char, lines: &[String]) {
    for line in lines {
        let _ = writeln!(text, "  {mark}{line}");
    }
}

/// The lines without their newlines; a last line without one says so.
fn lines(bytes: &[u8]) -> Vec<String> {
    bytes
        .split_inclusive(|&byte| byte == b'\n')
        .map(|line| match line.strip_suffix(b"\n") {
            Some(line) => visible(line),
            None => format!("{} (no newline)", visible(line)),
        })
        .collect()
}

fn visible(line: &[u8]) -> String {
    let mut text = String::new();
    for chunk in line.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_control() {
                text.extend(character.escape_default());
            } else {
                text.push(character);
            }
        }
        let _ = write!(text, "{}", chunk.invalid().escape_ascii());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::diff;

    #[test]
    fn shows_what_differs_between_what_is_equal() {
        assert_eq!(
            diff(b"1\n2\n3\nold\n4\n5\n6\n", b"1\n2\n3\nnew\nmore\n4\n5\n6\n"),
            "  ... 1 equal lines\n   2\n   3\n  -old\n  +new\n  +more\n   4\n   5\n\
             \x20 ... 1 equal lines\n"
        );
    }

    #[test]
    fn shows_a_missing_newline_and_control_bytes() {
        assert_eq!(
            diff(b"a\n", b"a\x1b\xff"),
            "  -a\n  +a\\u{1b}\\xff (no newline)\n"
        );
    }

    #[test]
    fn counts_no_line_as_equal_on_both_sides() {
        assert_eq!(diff(b"a\n", b"a\na\n"), "   a\n  +a\n");
        assert_eq!(diff(b"", b"a\n"), "  +a\n");
        assert_eq!(diff(b"a\n", b""), "  -a\n");
    }
}
