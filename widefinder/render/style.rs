//! How text looks: plain in a pipe, richer on a terminal, and never wider than
//! it.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How to write text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Style {
    /// Colour.
    pub color: bool,
    /// Bars, units, and separators between thousands.
    pub rich: bool,
    /// Columns of the terminal; no line is longer. `None` where nobody looks at
    /// columns.
    pub width: Option<usize>,
}

impl Style {
    /// Makes a title stand out.
    pub(super) fn title(&self, text: &str) -> String {
        self.paint(text, "1")
    }

    /// Makes a column's name step back.
    pub(crate) fn faint(&self, text: &str) -> String {
        self.paint(text, "2")
    }

    /// Colours a status or a class that tells of an error: of a client yellow,
    /// of a server red.
    pub(super) fn status(&self, text: &str) -> String {
        match text.as_bytes() {
            [b'4', _, _] => self.paint(text, "33"),
            [b'5', _, _] => self.paint(text, "31"),
            _ => text.to_owned(),
        }
    }

    /// Draws a bar for a share from 0 to 1, so many columns wide.
    pub(super) fn bar(&self, share: f64, columns: usize) -> String {
        /// Eighths of a column, so that small differences show.
        const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
        let eighths = (share * (8 * columns) as f64).round() as usize;
        let eighths = eighths.min(8 * columns);
        let (full, rest) = (eighths / 8, eighths % 8);
        let bar = format!("{}{}", "█".repeat(full), EIGHTHS[rest]);
        let gap = columns - full - usize::from(rest > 0);
        format!("{}{}", self.paint(&bar, "32"), " ".repeat(gap))
    }

    /// Breaks `text` into lines that fit behind so many columns.
    pub(super) fn wrap(&self, text: &str, used: usize) -> Vec<String> {
        match self.width {
            Some(width) => wrap(text, width.saturating_sub(used)),
            None => vec![text.to_owned()],
        }
    }

    fn paint(&self, text: &str, code: &str) -> String {
        if self.color && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Cuts `text` to so many columns, and marks that it is cut.
pub(super) fn cut(text: &str, room: usize) -> Cow<'_, str> {
    if text.width() <= room {
        return text.into();
    }
    let (mut columns, mut end) = (0, 0);
    for (index, character) in text.char_indices() {
        columns += character.width().unwrap_or(0);
        if columns > room {
            break;
        }
        end = index;
    }
    // Characters may be wider together than one by one.
    loop {
        let shown = format!("{}…", &text[..end]);
        if shown.width() <= room {
            return shown.into();
        }
        match text[..end].char_indices().next_back() {
            Some((index, _)) => end = index,
            None => return "".into(),
        }
    }
}

/// Breaks `text` at spaces into lines of so many columns; rather between parts
/// (`a, b`, `a + b`, `a = b`, `a to b`) than within one, and there rather before
/// a bracket. A word that is longer is cut.
fn wrap(text: &str, room: usize) -> Vec<String> {
    let places: [fn(&str, &str) -> bool; 3] = [
        |before, after| before.ends_with(',') || opens(after, &[" + ", " = ", " to "]),
        |_, after| opens(after, &[" ("]),
        |_, _| true,
    ];
    let mut lines = Vec::new();
    let mut rest = text;
    while rest.width() > room {
        let spaces = rest.match_indices(' ').map(|(index, _)| index);
        let spaces: Vec<_> = spaces.filter(|&index| index > 0).collect();
        let fitting = spaces
            .iter()
            .take_while(|&&index| rest[..index].width() <= room)
            .count();
        let last = |is_place: &fn(&str, &str) -> bool| {
            let mut fitting = spaces[..fitting].iter().rev();
            fitting.find(|&&index| is_place(&rest[..index], &rest[index..]))
        };
        let Some(&end) = places.iter().find_map(last).or(spaces.first()) else {
            break;
        };
        lines.push(cut(&rest[..end], room).into_owned());
        rest = rest[end..].trim_start();
    }
    lines.push(cut(rest, room).into_owned());
    lines
}

fn opens(text: &str, signs: &[&str]) -> bool {
    signs.iter().any(|sign| text.starts_with(sign))
}

/// Pads `text` with spaces on its right.
pub(super) fn left(text: &str, columns: usize) -> String {
    format!("{text}{}", gap(text, columns))
}

/// Pads `text` with spaces on its left.
pub(crate) fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", gap(text, columns))
}

fn gap(text: &str, columns: usize) -> String {
    " ".repeat(columns.saturating_sub(text.width()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_cut_is_marked() {
        assert_eq!(cut("0123456789", 10), "0123456789");
        assert_eq!(cut("0123456789a", 10), "012345678…");
        assert_eq!(cut("日本語日本語", 10), "日本語日…");
        assert_eq!(cut("日本", 1), "…");
        assert_eq!(cut("ab", 0), "");
        assert_eq!(cut("", 0), "");
    }

    #[test]
    fn lines_are_broken_between_parts() {
        let lines = "1,000 = 990 entries + 10 other + 0 bad";
        let time = "2006-10-01T00:00:00-07:00 to 2006-10-01T00:07:00-07:00";
        let table: &[(&str, usize, &[&str])] = &[
            (lines, 40, &[lines]),
            (lines, 31, &["1,000 = 990 entries + 10 other", "+ 0 bad"]),
            (
                lines,
                11,
                &["1,000", "= 990", "entries", "+ 10 other", "+ 0 bad"],
            ),
            (time, 47, &[&time[..25], &time[26..]]),
            ("2xx 1 (1%), 3xx 2 (2%)", 20, &["2xx 1 (1%),", "3xx 2 (2%)"]),
            ("4 (8 a second)", 13, &["4", "(8 a second)"]),
            ("a-long-word b", 6, &["a-lon…", "b"]),
            ("word", 0, &[""]),
            ("", 10, &[""]),
        ];
        for (text, room, expected) in table {
            assert_eq!(wrap(text, *room), *expected);
        }
        assert_eq!(Style::default().wrap(lines, 13), [lines]);
    }

    #[test]
    fn bars_have_eighths() {
        let style = Style::default();
        assert_eq!(style.bar(0.0, 2), "  ");
        assert_eq!(style.bar(1.0 / 16.0, 2), "▏ ");
        assert_eq!(style.bar(9.0 / 16.0, 2), "█▏");
        assert_eq!(style.bar(1.0, 2), "██");
        assert_eq!(style.bar(f64::NAN, 2), "  ");
    }

    #[test]
    fn errors_are_coloured_if_anything_is() {
        let style = Style {
            color: true,
            ..Style::default()
        };
        assert_eq!(style.status("404"), "\x1b[33m404\x1b[0m");
        assert_eq!(style.status("5xx"), "\x1b[31m5xx\x1b[0m");
        assert_eq!(style.status("200"), "200");
        assert_eq!(Style::default().status("404"), "404");
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_its_room(text: String, emoji in "[☀#0-9a日]\u{fe0f}?.{0,9}", room in 0usize..40) {
            for text in [text, emoji.repeat(9), emoji] {
                prop_assert!(cut(&text, room).width() <= room);
                if text.width() <= room {
                    prop_assert_eq!(cut(&text, room), text.as_str());
                }
                prop_assert!(wrap(&text, room).iter().all(|line| line.width() <= room));
            }
        }
    }
}
