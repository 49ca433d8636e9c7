//! From the lines of a chunk to batches of rows, with only the columns that the
//! question needs.
//!
//! A format is a way to make batches. What the rows are is up to the scanner:
//! entries of a log for [`Entries`], matches of a pattern for [`Matches`].

mod bad;
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
pub mod headers;
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

use std::ops::AddAssign;

pub use bad::{AllBad, BadLine, BadLines};
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
