//! What the overview says of all entries together.

use crate::derive::{Derivation, bits};
use crate::scan::Batch;
use crate::time::Moment;

/// The columns that a summary reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Columns {
    /// The mask of the rows that count.
    pub set: usize,
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
            totals: Totals::default(),
        }
    }

    /// Adds the rows of a batch that the set holds.
    pub fn add(&mut self, batch: &Batch<'_>, derivation: &mut Derivation) {
        let Columns {
            set,
            status,
            bytes,
            referred,
        } = self.columns;
        let rows = batch.mask(set);
        let totals = &mut self.totals;
        totals.entries += u64::from(rows.count_ones());
        totals.unreferred += u64::from((rows & !batch.mask(referred)).count_ones());
        for row in bits(rows & batch.present(bytes)) {
            totals.bytes += u128::from(batch.number(bytes)[row]);
        }
        let times = derivation.times(batch, rows);
        for row in bits(rows) {
            totals.classes[class(batch.text(status)[row])] += 1;
            match times.moment(row) {
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
