//! How text looks: plain in a pipe, richer on a terminal.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How to write text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Style {
    /// Colour, bars, and separators between thousands.
    pub rich: bool,
    /// Columns of the terminal; longer lines are cut. `None` where nobody looks
    /// at columns.
    pub width: Option<usize>,
}

impl Style {
    /// Makes a title stand out.
    pub(super) fn title(&self, text: &str) -> String {
        self.paint(text, "1")
    }

    /// Makes a column's name step back.
    pub(super) fn faint(&self, text: &str) -> String {
        self.paint(text, "2")
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

    /// Cuts `text` to what is left of the line behind `used` columns.
    pub(super) fn fit<'t>(&self, text: &'t str, used: usize) -> Cow<'t, str> {
        /// What is shown of a key even on the narrowest terminal.
        const LEAST: usize = 8;
        let Some(width) = self.width else {
            return text.into();
        };
        let room = width.saturating_sub(used).max(LEAST);
        // A key may be as long as a log: look only as far as it matters.
        let (mut columns, mut end, mut whole) = (0, 0, true);
        for (index, character) in text.char_indices() {
            columns += character.width().unwrap_or(0);
            if columns > room {
                whole = false;
                break;
            }
            if columns < room {
                end = index + character.len_utf8();
            }
        }
        if whole {
            return text.into();
        }
        format!("{}…", &text[..end]).into()
    }

    fn paint(&self, text: &str, code: &str) -> String {
        if self.rich && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Pads `text` with spaces on its right.
pub(super) fn left(text: &str, columns: usize) -> String {
    format!("{text}{}", gap(text, columns))
}

/// Pads `text` with spaces on its left.
pub(super) fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", gap(text, columns))
}

fn gap(text: &str, columns: usize) -> String {
    " ".repeat(columns.saturating_sub(text.width()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_cut_to_the_terminal() {
        let style = Style {
            rich: false,
            width: Some(20),
        };
        assert_eq!(style.fit("0123456789", 10), "0123456789");
        assert_eq!(style.fit("0123456789a", 10), "012345678…");
        assert_eq!(style.fit("日本語日本語", 10), "日本語日…");
        assert_eq!(style.fit("0123456789", 100), "0123456…");
        assert_eq!(Style::default().fit("0123456789", 100), "0123456789");
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
}
