//! A mistake in a question, with the place where it is.

use std::fmt;
use std::ops::Range;

use unicode_width::UnicodeWidthStr;

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

/// The message, the text, and a mark under the place.
impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = self.text[..self.place.start].width();
        let marked = self.text[self.place.clone()].width().max(1);
        let (gap, mark) = (" ".repeat(before), "^".repeat(marked));
        write!(f, "{}\n  {}\n  {gap}{mark}", self.message, self.text)
    }
}

impl std::error::Error for Mistake {}
