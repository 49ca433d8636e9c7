//! From the lines of a chunk to batches of rows, with only the columns that the
//! question needs.
//!
//! A format is a way to make batches. What the rows are is up to the scanner:
//! entries of a log for [`Entries`], matches of a pattern for [`Matches`].

pub mod batch;
pub mod binding;
pub mod combined;
mod configured;
mod cursor;
mod cut;
pub mod detect;
mod directive;
pub mod entries;
pub mod format;
mod formats;
pub mod layout;
pub mod lines;
pub mod marked;
pub mod marks;
pub mod matches;
pub mod request;
mod sample;
pub mod scale;
mod usual;
pub mod wf2;

use std::collections::BTreeMap;
use std::ops::AddAssign;

pub use batch::Batch;
pub use entries::Entries;
pub use format::Format;
pub use matches::Matches;
pub use scale::Scale;

use crate::chunk::Span;

/// One way to make batches.
#[derive(Clone, Debug)]
pub enum Scanner {
    /// Entries of a log.
    Entries(Box<Entries>),
    /// Lines that a pattern matches.
    Matches(Box<Matches>),
    /// The lines that the second reference report counts.
    Wf2(Box<wf2::Requests>),
}

impl Scanner {
    /// Passes all rows of a chunk to `count`, in batches that are not empty.
    pub fn scan(
        &mut self,
        span: Span<'_>,
        balance: &mut Balance,
        bad: &mut BadLines,
        count: &mut dyn FnMut(&mut Batch<'_>),
    ) {
        match self {
            Scanner::Entries(entries) => entries.scan(span, balance, bad, count),
            Scanner::Matches(matches) => matches.scan(span, balance, count),
            Scanner::Wf2(requests) => requests.scan(span, count),
        }
    }
}

/// What the lines of a file are.
///
/// `lines = entries + other + bad + blank + comment` wherever all entries are read;
/// where lines may be passed over, nothing is told of what they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Balance {
    /// All lines.
    pub lines: u64,
    /// Requests.
    pub entries: u64,
    /// Those of them that the question selects.
    pub selected: u64,
    /// Well-formed records that are no requests.
    pub other: u64,
    /// Lines that do not fit the format.
    pub bad: u64,
    /// Lines of nothing but spaces and tabs.
    pub blank: u64,
    /// Lines that begin with `#`.
    pub comment: u64,
    /// Bad lines that hold what every line holds that can be selected, so that
    /// the question may have missed them. The same whether lines without that
    /// were passed over or not.
    pub missed: u64,
    /// Whether a line fits the format, be it one that was passed over; `None` if
    /// there is no line that could.
    pub fits: Option<bool>,
}

impl AddAssign for Balance {
    fn add_assign(&mut self, other: Balance) {
        self.lines += other.lines;
        self.entries += other.entries;
        self.selected += other.selected;
        self.other += other.other;
        self.bad += other.bad;
        self.blank += other.blank;
        self.comment += other.comment;
        self.missed += other.missed;
        self.fits = self.fits.max(other.fits);
    }
}

/// A line that does not fit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct BadLine {
    /// The number of the input, from 0.
    pub input: usize,
    /// The first byte of the line in its input, from 0.
    pub offset: u64,
    /// The byte of the line, from 0, at which it stopped fitting.
    pub at: usize,
    /// What should have stood there.
    pub expected: &'static str,
    /// The beginning of the line.
    pub text: Vec<u8>,
}

/// The first bad lines of each input, in the order of their offsets, whatever
/// thread met them first.
#[derive(Clone, Debug, Default)]
pub struct BadLines {
    inputs: BTreeMap<usize, Vec<BadLine>>,
    /// An input of which enough earlier lines are kept, and the last of them.
    full: Option<(usize, u64)>,
}

impl BadLines {
    /// How many are kept of an input: enough to see what is wrong.
    const KEPT: usize = 3;
    /// How much of a line is kept, in bytes.
    const TEXT: usize = 200;

    /// Notes the line at `offset` unless earlier ones fill the list.
    #[inline]
    pub fn note(&mut self, input: usize, offset: u64, line: &[u8], misfit: combined::Misfit) {
        if let Some((full, last)) = self.full
            && full == input
            && last < offset
        {
            return;
        }
        let kept = self.inputs.entry(input).or_default();
        if let Some(last) = kept.get(Self::KEPT - 1)
            && last.offset < offset
        {
            self.full = Some((input, last.offset));
            return;
        }
        self.insert(BadLine {
            input,
            offset,
            at: misfit.at,
            expected: misfit.expected,
            text: line[..line.len().min(Self::TEXT)].to_vec(),
        });
    }

    /// Keeps the first of both lists.
    pub fn merge(&mut self, others: BadLines) {
        for other in others.inputs.into_values().flatten() {
            self.insert(other);
        }
    }

    /// The lines, input by input, first to last.
    pub fn lines(&self) -> impl Iterator<Item = &BadLine> {
        self.inputs.values().flatten()
    }

    fn insert(&mut self, line: BadLine) {
        self.full = None;
        let kept = self.inputs.entry(line.input).or_default();
        let place = kept.partition_point(|kept| *kept < line);
        kept.insert(place, line);
        kept.truncate(Self::KEPT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bad_lines_are_first_in_the_input() {
        let misfit = combined::Misfit {
            at: 0,
            expected: "x",
        };
        let offsets =
            |bad: &BadLines| -> Vec<_> { bad.lines().map(|b| (b.input, b.offset)).collect() };
        let mut one = BadLines::default();
        for (input, offset) in [(1, 5), (0, 90), (0, 91), (0, 9), (1, 4), (0, 92)] {
            one.note(input, offset, b"line", misfit);
        }
        assert_eq!(offsets(&one), [(0, 9), (0, 90), (0, 91), (1, 4), (1, 5)]);
        let mut two = BadLines::default();
        two.note(0, 10, b"line", misfit);
        two.merge(one);
        assert_eq!(offsets(&two), [(0, 9), (0, 10), (0, 90), (1, 4), (1, 5)]);
    }
}
