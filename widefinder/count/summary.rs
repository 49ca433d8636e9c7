//! What the overview says of all entries together.

use crate::class;
use crate::derive::{Derivation, bits};
use crate::scan::Batch;

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
            totals.classes[class::of(batch.text(status)[row])] += 1;
            totals.undated += u64::from(times.moment(row).is_none());
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
    }
}
