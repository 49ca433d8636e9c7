//! Columns of a format by their own names.

use super::mistake::quoted;
use super::piece::{Piece, braces};
use super::{Field, Mistake};

/// The column of a format that is asked for by its own name, if it is one.
pub(super) fn own(piece: Piece<'_>) -> Result<Option<Field>, Mistake> {
    let text = piece.text();
    let (good, expected) = if let Some(name) = text.strip_prefix('$') {
        (
            is_variable(name),
            "a variable or a column is written `$name`",
        )
    } else if let Some(name) = text.strip_prefix('%') {
        (
            is_directive(name),
            "an Apache column is written `%D` or `%{Name}i`",
        )
    } else if let Some(path) = text.strip_prefix("json:") {
        (is_path(path), "a JSON column is written `json:a.b`")
    } else {
        return Ok(None);
    };
    if good {
        return Ok(Some(Field::Own(text.to_owned())));
    }
    Err(piece.mistake(format!("{} is no column; {expected}", quoted(text))))
}

/// Whether this may stand behind the `$` of a variable, or of a column of W3C logs:
/// `upstream_addr`, `x-edge-location`, `cs(User-Agent)`.
fn is_variable(name: &str) -> bool {
    let is_word = |text: &str| {
        let is_letter = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        !text.is_empty() && text.bytes().all(is_letter)
    };
    match name.strip_suffix(')').and_then(|name| name.split_once('(')) {
        Some((prefix, header)) => is_word(prefix) && is_word(header),
        None => is_word(name),
    }
}

/// Returns the length of a `$cs(User-Agent)`, parentheses and all, or 0 if none
/// stands here.
pub(super) fn with_parentheses(text: &str) -> usize {
    let name = text.strip_prefix('$').and_then(|name| name.split_once(')'));
    let length = name.map_or(0, |(name, _)| "$)".len() + name.len());
    match text[..length].contains('(') && is_variable(&text[1..length]) {
        true => length,
        false => 0,
    }
}

/// Whether this may stand behind the `%` of a directive: `D`, `>s`, `{X-Id}i`,
/// `{X}^ti`.
fn is_directive(text: &str) -> bool {
    let text = text.strip_prefix(['<', '>']).unwrap_or(text);
    let name = braces(&format!("%{text}")).saturating_sub(1);
    let letters = &text[name..];
    let letters = letters.strip_prefix('^').unwrap_or(letters);
    name != "{}".len()
        && matches!(letters.len(), 1..=2)
        && letters.bytes().all(|b| b.is_ascii_alphabetic())
        && !text.contains(char::is_control)
}

fn is_path(path: &str) -> bool {
    let ends = |c: char| c.is_whitespace() || c.is_control() || ",=!<>~()'\"".contains(c);
    !path.is_empty() && path.split('.').all(|part| !part.is_empty()) && !path.contains(ends)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::Key;
    use crate::ask::check::assert_marks;

    #[test]
    fn columns_have_their_own_names() {
        for name in [
            "$upstream_addr",
            "$cs(User-Agent)",
            "$x-edge-location",
            "%{X-Id}i",
            "%{A,B c}i",
            "%D",
            "%>s",
            "%{X}^ti",
            "json:a.b-c",
        ] {
            let own = Key::of(Field::Own(name.to_owned()));
            assert_eq!(Key::parse(name), Ok(own.clone()));
            assert_eq!(Key::parse_list(name), Ok(vec![own]));
        }
    }

    #[test]
    fn parentheses_belong_to_a_name_only_with_a_word_in_them() {
        for (text, length) in [
            ("$cs(User-Agent)~x", 15),
            ("$cs(a)(b)", 6),
            ("$cs (a)", 0),
            ("$cs()", 0),
            ("$x) or (y)", 0),
            ("$x", 0),
            ("cs(a)", 0),
            ("$", 0),
            ("", 0),
        ] {
            assert_eq!(with_parentheses(text), length, "{text}");
        }
    }

    #[test]
    fn mistakes_point_at_their_place() {
        assert_marks(
            Key::parse,
            r"
$
^ `$` is no column; a variable or a column is written `$name`
%{}i
^^^^ `%{}i` is no column; an Apache column is written `%D` or `%{Name}i`
json:a.
^^^^^^^ `json:a.` is no column; a JSON column is written `json:a.b`
",
        );
    }
}
