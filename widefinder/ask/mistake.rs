//! A mistake in a question, with the place where it is.

use std::fmt;
use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::render::escape;

/// A mistake in a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// The text that holds it, as it was typed.
    pub text: String,
    /// The bytes of `text` that cannot be understood; at its end, if something
    /// is missing there. Both ends are character borders.
    pub place: Range<usize>,
    /// What is wrong, and what to try.
    pub message: String,
}

/// Columns of the text that are shown before the place.
const BEFORE: usize = 36;

/// Columns of the place, and of the text behind it, that are shown: with the
/// rest, and the dots where it is cut, a line of 80 columns.
const BEHIND: usize = 32;

/// Columns of a word that a message repeats.
const QUOTED: usize = 40;

/// Stands where a text is cut.
const DOTS: &str = "...";

/// The message, the text around the place, and a mark under it. Control
/// characters are escaped, so that it is one line whatever was typed.
impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = escape(&self.text.as_bytes()[..self.place.start]);
        let marked = escape(&self.text.as_bytes()[self.place.clone()]);
        let behind = escape(&self.text.as_bytes()[self.place.end..]);
        let before = last_columns(&before, BEFORE);
        let marked = first_columns(&marked, BEHIND);
        let behind = first_columns(&behind, BEHIND.saturating_sub(marked.width()));
        let gap = " ".repeat(before.width());
        let mark = "^".repeat(marked.width().max(1));
        writeln!(f, "{}", self.message)?;
        writeln!(f, "  {before}{marked}{behind}")?;
        write!(f, "  {gap}{mark}")
    }
}

impl std::error::Error for Mistake {}

/// Returns what was typed as a message repeats it: between backticks, without
/// control characters, and cut if it is long.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", first_columns(&escape(text.as_bytes()), QUOTED))
}

/// Returns the first columns of a text, with dots if there are more.
fn first_columns(text: &str, columns: usize) -> String {
    match cut(text.chars(), columns) {
        None => text.to_owned(),
        Some(bytes) => format!("{}{DOTS}", &text[..bytes]),
    }
}

/// Returns the last columns of a text, with dots if there are more.
fn last_columns(text: &str, columns: usize) -> String {
    match cut(text.chars().rev(), columns) {
        None => text.to_owned(),
        Some(bytes) => format!("{DOTS}{}", &text[text.len() - bytes..]),
    }
}

/// Returns the bytes of the characters that fit, or `None` if all do.
fn cut(characters: impl Iterator<Item = char>, columns: usize) -> Option<usize> {
    let (mut width, mut bytes) = (0, 0);
    for character in characters {
        width += character.width().unwrap_or(0);
        if width > columns {
            return Some(bytes);
        }
        bytes += character.len_utf8();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str, place: Range<usize>) -> String {
        let mistake = Mistake {
            text: text.to_owned(),
            place,
            message: "no".to_owned(),
        };
        mistake.to_string()
    }

    #[test]
    fn the_mark_is_under_the_place() {
        assert_eq!(shown("a pth b", 2..5), "no\n  a pth b\n    ^^^");
        assert_eq!(shown("ab", 2..2), "no\n  ab\n    ^");
        assert_eq!(shown("", 0..0), "no\n  \n  ^");
        assert_eq!(shown("日本 x", 7..8), "no\n  日本 x\n       ^");
    }

    #[test]
    fn control_characters_keep_their_columns() {
        assert_eq!(shown("a\tb\nc", 4..5), "no\n  a\\x09b\\x0ac\n            ^");
        assert_eq!(shown("\x1b[2J", 0..1), "no\n  \\x1b[2J\n  ^^^^");
    }

    #[test]
    fn a_long_text_is_cut_around_the_place() {
        let text = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let (before, behind) = ("a".repeat(BEFORE), "b".repeat(BEHIND - 1));
        let gap = " ".repeat(3 + BEFORE);
        let expected = format!("no\n  ...{before}X{behind}...\n  {gap}^");
        assert_eq!(shown(&text, 500..501), expected);
        let all = shown(&text, 0..1001);
        assert!(all.lines().all(|line| line.len() <= 80), "{all}");
    }

    proptest! {
        #[test]
        fn any_mistake_is_three_short_lines(text: String, at: prop::sample::Index) {
            let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let start = if borders.is_empty() { 0 } else { *at.get(&borders) };
            let shown = shown(&text, start..text.len());
            prop_assert_eq!(shown.split('\n').count(), 3);
            let width = |line: &str| line.chars().filter_map(|c| c.width()).sum::<usize>();
            prop_assert!(shown.lines().all(|line| width(line) <= 80), "{}", shown);
        }
    }
}
