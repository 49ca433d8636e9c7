//! What the overview says of all entries together.

use crate::scan::Batch;
use crate::time::{Clock, Moment};

/// The columns that a summary reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Columns {
    /// The text column of the time.
    pub time: usize,
    /// The text column of the status.
    pub status: usize,
    /// The number column of the bytes.
    pub bytes: usize,
    /// The mask of entries with a referrer.
    pub referred: usize,
}

/// Totals over entries.
#[derive(Clone, Debug)]
pub struct Summary {
    columns: Columns,
    clock: Clock,
    /// Totals so far.
    pub totals: Totals,
}

/// The figures of a summary.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Entries.
    pub entries: u64,
    /// Bytes served.
    pub bytes: u128,
    /// Entries that name no referrer.
    pub unreferred: u64,
    /// Entries by the class of their status: 1xx to 5xx, and all others.
    pub classes: [u64; 6],
    /// Entries whose time cannot be read.
    pub undated: u64,
    /// The earliest time; of equal ones that with the smallest offset.
    pub first: Option<Moment>,
    /// The latest time; of equal ones that with the largest offset.
    pub last: Option<Moment>,
}

impl Summary {
    /// Starts at 0.
    pub fn new(columns: Columns) -> Summary {
        Summary {
            columns,
            clock: Clock::default(),
            totals: Totals::default(),
        }
    }

    /// Adds the rows of a batch, all of which are entries.
    pub fn add(&mut self, batch: &Batch<'_>) {
        let totals = &mut self.totals;
        totals.entries += batch.len() as u64;
        totals.unreferred += batch.len() as u64;
        totals.unreferred -= u64::from(batch.mask(self.columns.referred).count_ones());
        for &bytes in batch.number(self.columns.bytes) {
            totals.bytes += u128::from(bytes);
        }
        for status in batch.text(self.columns.status) {
            totals.classes[class(status)] += 1;
        }
        for time in batch.text(self.columns.time) {
            match self.clock.read(time) {
                Some(moment) => totals.note(moment, moment),
                None => totals.undated += 1,
            }
        }
    }
}

impl Totals {
    /// Adds the figures of another worker.
    pub fn merge(&mut self, other: &Totals) {
        self.entries += other.entries;
        self.bytes += other.bytes;
        self.unreferred += other.unreferred;
        for (class, more) in self.classes.iter_mut().zip(other.classes) {
            *class += more;
        }
        self.undated += other.undated;
        if let (Some(first), Some(last)) = (other.first, other.last) {
            self.note(first, last);
        }
    }

    fn note(&mut self, first: Moment, last: Moment) {
        self.first = Some(self.first.map_or(first, |known| known.min(first)));
        self.last = Some(self.last.map_or(last, |known| known.max(last)));
    }
}

/// The index of a status's class; what is not three digits with 1 to 5 first
/// belongs to no class.
fn class(status: &[u8]) -> usize {
    match status {
        [first @ b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] => usize::from(first - b'1'),
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_needs_three_digits() {
        for (status, expected) in [("100", 0), ("204", 1), ("599", 4)] {
            assert_eq!(class(status.as_bytes()), expected);
        }
        for status in ["000", "0", "600", "20", "2000", "-", "2x0", ""] {
            assert_eq!(class(status.as_bytes()), 5, "{status}");
        }
    }
}
