//! Quotes around a line, and those inside of it: doubled, as in CSV, or behind a
//! backslash.

use bumpalo::Bump;

use crate::scan::combined::Misfit;

/// What stands between the quotes around a line.
pub(super) fn in_quotes(line: &[u8]) -> Result<&[u8], Misfit> {
    let misfit = |at, expected| Err(Misfit { at, expected });
    match line {
        [b'"', b'"'] => misfit(1, "something between the quotes"),
        [b'"', inner @ .., b'"'] => Ok(inner),
        [b'"', ..] => misfit(line.len(), "a closing quote"),
        _ => misfit(0, "a quote at both ends of the line"),
    }
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
